"""Words to chunks: the LexicalIndex protocol and its BM25 implementation.

The postings are an FTS5 table inside the library's own database, so they change in the same
transaction as the chunks and cannot disagree with them. Only the postings are FTS5's: words are
made here, so no syntax of FTS5 ever sees a question, and the scoring is ours, because FTS5's own
bm25() gives a word of more than half the chunks no weight at all, which is most words of a small
library.

BM25 follows Robertson and Zaragoza 2009, with the inverse document frequency as Lucene has it:
ln(1 + (N - df + 0.5) / (df + 0.5)), which is positive for every word.
"""

from __future__ import annotations

import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

__all__ = ["Bm25Index", "LexicalIndex", "LexicalScore", "content_words", "terms"]

_K1 = 1.2  # how fast a word's repetitions stop to count
_B = 0.75  # how much a long chunk is held against it

# Accents written apart from their letter, vowel points, soft hyphens and joiners: they stand inside
# a word, and fold away with the rest.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200c\u200d\u2060"
)
_LETTERS_RUN = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|{_LETTERS_RUN}(?:['’]{_LETTERS_RUN})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_LETTERS = str.maketrans("łøđħŧıæœßþð", "lodhtiaosbd")

_STOP_WORDS = frozenset(
    """a about above according after again all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each few for from
    further had has have having he her here hers herself him himself his how i if in into is it its
    itself just me more most much many my myself no nor not now of off on once only or other our
    ours out over own same she should so some such than that the their theirs them themselves then
    there these they this those through to too under until up upon us very was we were what when
    where which while who whom whose why will with would you your yours""".split()
)

SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5 (terms, tokenize = "ascii tokenchars '.'");
CREATE VIRTUAL TABLE IF NOT EXISTS lexical_terms USING fts5vocab (lexical, instance);
CREATE TABLE IF NOT EXISTS lexical_lengths (row INTEGER PRIMARY KEY, terms INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class LexicalScore:
    """How well one chunk matches a question's words.

    Args:
        bm25: Higher is better, 0 or more.
        share: The part of the question's weight of words (by inverse document frequency) that the
            chunk holds, in [0, 1].
    """

    bm25: float
    share: float


class LexicalIndex(Protocol):
    """What finds chunks by the words of a question."""

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index texts under whole numbers of the caller's, in the caller's transaction."""
        ...

    def remove(self, rows: Iterable[int]) -> None:
        """Forget texts, in the caller's transaction; unknown ones are ignored."""
        ...

    def search(self, question: str) -> dict[int, LexicalScore]:
        """Score every text that holds a word of the question; empty where none does."""
        ...

    def unknown(self, question: str) -> tuple[str, ...]:
        """List the question's content words that no text holds, as written, in order."""
        ...


class Bm25Index:
    """BM25 over postings in SQLite.

    Args:
        database: A connection whose transactions are the caller's; ``SCHEMA`` was run on it.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index texts; see :class:`LexicalIndex`."""
        for row, text in rows:
            found = terms(text)
            self._database.execute(
                "INSERT INTO lexical (rowid, terms) VALUES (?, ?)", (row, " ".join(found))
            )
            self._database.execute("INSERT INTO lexical_lengths VALUES (?, ?)", (row, len(found)))

    def remove(self, rows: Iterable[int]) -> None:
        """Forget texts; see :class:`LexicalIndex`."""
        for row in rows:
            self._database.execute("DELETE FROM lexical WHERE rowid = ?", (row,))
            self._database.execute("DELETE FROM lexical_lengths WHERE row = ?", (row,))

    def search(self, question: str) -> dict[int, LexicalScore]:
        """Score texts; see :class:`LexicalIndex`."""
        count, average = self._size()
        asked = list(dict.fromkeys(term for _, term in content_words(question)))
        bm25: dict[int, float] = {}
        held: dict[int, float] = {}
        total = 0.0
        for term in asked:
            postings = self._postings(term)
            weight = _idf(count, len(postings))
            total += weight
            for row, times, length in postings:
                saturation = times + _K1 * (1 - _B + _B * length / average)
                bm25[row] = bm25.get(row, 0.0) + weight * times * (_K1 + 1) / saturation
                held[row] = held.get(row, 0.0) + weight
        return {row: LexicalScore(score, held[row] / total) for row, score in bm25.items()}

    def unknown(self, question: str) -> tuple[str, ...]:
        """List words that no text holds; see :class:`LexicalIndex`."""
        return tuple(
            dict.fromkeys(
                word for word, term in content_words(question) if not self._postings(term)
            )
        )

    def _size(self) -> tuple[int, float]:
        query = "SELECT count(*), coalesce(avg(terms), 0) FROM lexical_lengths"
        count, average = self._database.execute(query).fetchone()
        return int(count), max(float(average), 1.0)

    def _postings(self, term: str) -> list[tuple[int, int, int]]:
        """List (row, times, length) of the texts that hold a term."""
        query = """
            SELECT doc, count(*), lexical_lengths.terms
            FROM lexical_terms JOIN lexical_lengths ON lexical_lengths.row = doc
            WHERE term = ? GROUP BY doc
        """
        return self._database.execute(query, (term,)).fetchall()


def terms(text: str) -> list[str]:
    """Turn a text into the words that are indexed: folded, without marks, stemmed, in order.

    >>> terms("Łaska's 14,350 hectares burned at 8:25")
    ['laska', '14350', 'hectar', 'burn', 'at', '8.25']
    """
    return [term for _, term in _words(text)]


def content_words(question: str) -> list[tuple[str, str]]:
    """List a question's words that say what it is about, as written and as indexed.

    Stop words are left out, unless there is nothing else; "US" and "WHO" are names.

    >>> content_words("Who was Ingrid Łaska?")
    [('Ingrid', 'ingrid'), ('Łaska', 'laska')]
    >>> content_words("Did the US tell us?")
    [('US', 'us'), ('tell', 'tell')]
    >>> content_words("Who are you?")
    [('Who', 'who'), ('are', 'are'), ('you', 'you')]
    """
    words = _words(question)
    kept = [
        (word, term)
        for word, term in words
        if word.casefold() not in _STOP_WORDS or (len(word) > 1 and word.isupper())
    ]
    return kept if kept else words


def _words(text: str) -> list[tuple[str, str]]:
    return [
        (word, term)
        for word in (_POSSESSIVE.sub("", found) for found in _TOKEN.findall(text))
        if (term := _term(word))
    ]


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    if word[0].isdecimal():
        return word.replace(",", "").replace(":", ".")
    plain = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(one for one in plain if one.isalnum()).translate(_LETTERS)
    return str(_stemmer().stemWord(letters))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def _idf(count: int, holding: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
