"""An article to chunks: whole sentences, packed up to what the embedder really reads.

Pure: how many word pieces a text has is asked of ``count_tokens``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qa.sentences import sentence_spans
from qa.types import Article, Chunk, Span

__all__ = ["chunk_article", "embedded_text"]

# A title takes at most this many bytes of a passage, so that a "title" of a whole page (a text
# without a headline) leaves room for the chunk. Bytes, because a syllable of Korean is three of
# them and may be three word pieces too.
_LONGEST_TITLE = 200

# A word of more than 100 characters is one unknown word piece to WordPiece, whatever its length,
# so that counting pieces alone would let a chunk grow without end. English runs at 4 to 5
# characters a piece; 1,000 characters were also the best size measured for retrieval.
_CHARACTERS_PER_TOKEN = 6

# A sentence that is too long for a chunk is cut into parts of this share of one, so that chunks can
# share a part as they share a sentence, and what stands at a cut is whole in one of them.
_PARTS = 4

_LONGEST_WORD = 100
_WORD = re.compile(r"\S+")
_RUN = re.compile(r"[0-9A-Za-z]{1,100}|[^\s0-9A-Za-z]{1,100}")


def embedded_text(title: str, text: str) -> str:
    r"""Join a title and a chunk to the text that is embedded.

    >>> embedded_text("Bridge falls", "It fell on Sunday.")
    'Bridge falls\nIt fell on Sunday.'
    """
    shown = title.encode(errors="replace")[:_LONGEST_TITLE].decode(errors="ignore")
    return f"{shown}\n{text}" if title else text


def chunk_article(
    article: Article, count_tokens: Callable[[str], int], max_tokens: int, overlap: int = 1
) -> list[Chunk]:
    """Cut an article into chunks.

    Args:
        article: What to cut.
        count_tokens: Counts the embedder's word pieces of a text.
        max_tokens: What the embedder reads, in word pieces, title included.
        overlap: How many sentences a chunk repeats of the one before it, where they fit.

    Returns:
        Chunks in order; their spans are into ``article.text`` and cover all but its white space.
        Sentences stay whole unless one alone is too long, which is cut between words, and a word
        of more than 100 characters between characters, best where plain letters meet others. None
        for a text of white space.

    Raises:
        ValueError: If ``max_tokens`` leaves no room for text beside the title.
    """
    room = max_tokens - count_tokens(embedded_text(article.title, ""))
    if room < 1:
        raise ValueError(f"no room for text: {max_tokens} word pieces, the title takes all")
    pieces = [
        (part, size)
        for sentence in sentence_spans(article.text)
        for part, size in _fit(article.text, sentence, count_tokens, room)
    ]
    return [Chunk(article.id, span, span.of(article.text)) for span in _pack(pieces, room, overlap)]


def _fit(
    text: str, sentence: Span, count_tokens: Callable[[str], int], room: int
) -> Iterator[tuple[Span, int]]:
    """Give a sentence with its size, or, where it is too long, its runs of words."""
    size = _size(sentence.of(text), count_tokens)
    if size <= room:
        yield sentence, size
        return
    part = max(1, room // _PARTS)
    start, end, total = sentence.start, sentence.start, 0
    for word, word_size in _words(text, sentence, count_tokens, room):
        if total and total + word_size > part:
            yield Span(start, end), total
            start, total = word.start, 0
        end, total = word.end, total + word_size
    yield Span(start, end), total


def _words(
    text: str, sentence: Span, count_tokens: Callable[[str], int], room: int
) -> Iterator[tuple[Span, int]]:
    """Give a sentence's words with their sizes; one that is too long in pieces."""
    for found in _WORD.finditer(text, sentence.start, sentence.end):
        word = Span(*found.span())
        size = _size(found.group(), count_tokens) if len(word) <= _LONGEST_WORD else room + 1
        if size <= room:
            yield word, size
            continue
        for run in _RUN.finditer(text, word.start, word.end):
            yield from _halves(text, Span(*run.span()), count_tokens, room)


def _halves(
    text: str, run: Span, count_tokens: Callable[[str], int], room: int
) -> Iterator[tuple[Span, int]]:
    size = _size(run.of(text), count_tokens)
    if size <= room or len(run) == 1:
        yield run, size
        return
    middle = (run.start + run.end) // 2
    yield from _halves(text, Span(run.start, middle), count_tokens, room)
    yield from _halves(text, Span(middle, run.end), count_tokens, room)


def _size(text: str, count_tokens: Callable[[str], int]) -> int:
    return max(count_tokens(text), -(-len(text) // _CHARACTERS_PER_TOKEN))


def _pack(pieces: list[tuple[Span, int]], room: int, overlap: int) -> Iterator[Span]:
    """Fill chunks greedily; each starts with the last pieces of the one before where they fit."""
    held: list[tuple[Span, int]] = []
    for piece, size in pieces:
        if held and _total(held) + size > room:
            yield Span(held[0][0].start, held[-1][0].end)
            held = held[len(held) - min(overlap, len(held) - 1) :]
            while held and _total(held) + size > room:
                held = held[1:]
        held.append((piece, size))
    if held:
        yield Span(held[0][0].start, held[-1][0].end)


def _total(held: list[tuple[Span, int]]) -> int:
    return sum(size for _, size in held)
