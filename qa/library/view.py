"""The read side of a library: one generation of it, searched and looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from embeddings import VectorIndex
from qa.errors import ArticleNotFoundError
from qa.lexical import Bm25Index, LexicalIndex
from qa.library.store import Store
from qa.types import Article, Chunk, Hit, Passage

__all__ = ["Generation", "View"]


@dataclass(frozen=True, slots=True)
class Generation:
    """The vectors of one state of a library, in memory, shared by threads.

    Args:
        number: Which state.
        segments: Indexes that hold every live vector once: the snapshot, and what is newer.
        live: int64 numbers of the chunks that exist, ascending.
        dead: Whether the segments hold vectors that no longer exist.
    """

    number: int
    segments: tuple[VectorIndex, ...]
    live: np.ndarray
    dead: bool


class View:
    """One consistent state of a library, as long as its connection's transaction lasts."""

    def __init__(self, store: Store, database: sqlite3.Connection, generation: Generation) -> None:
        self._store = store
        self._database = database
        self._generation = generation
        self._articles: dict[str, Article] = {}

    @property
    def words(self) -> LexicalIndex:
        """Give the index by words."""
        return Bm25Index(self._database)

    def allowed(
        self,
        source: str | Sequence[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> np.ndarray | None:
        """List the chunks that pass a filter.

        Args:
            source: A file's or a folder's path, a URL, a file's name, or an outlet; or several of
                these, any of which will do.
            since: First day of publication, included; articles without a date do not pass.
            until: Last day of publication, included; likewise.

        Returns:
            int64 numbers, ascending; None where nothing is filtered.
        """
        if source is None and since is None and until is None:
            return None
        query = "SELECT row, source, outlet, published FROM articles"
        passing = {
            row
            for row, found, outlet, published in self._database.execute(query)
            if _from_sources(found, outlet, source) and _in_range(published, since, until)
        }
        query = "SELECT row, article FROM chunks ORDER BY row"
        rows = [row for row, article in self._database.execute(query) if article in passing]
        return np.array(rows, dtype=np.int64)

    def articles(
        self,
        source: str | Sequence[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Article]:
        """Read the articles that pass a filter, by source.

        Args:
            source: See :meth:`allowed`.
            since: Likewise.
            until: Likewise.
        """
        for article in self._store.articles(self._database):
            published = article.published.isoformat() if article.published else None
            passes = _from_sources(article.source, article.outlet, source)
            if passes and _in_range(published, since, until):
                yield article

    def nearest(
        self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> dict[int, float]:
        """Find the chunks nearest to a vector.

        Args:
            vector: float32 of shape (dimension,), length 1.
            k: How many.
            allowed: int64 numbers of the chunks that may be found; all when None.

        Returns:
            Cosines in [-1, 1] by chunk number, best first, ties by number.
        """
        keep = allowed
        if keep is None and self._generation.dead:
            keep = self._generation.live
        found = [segment.search(vector, k, keep) for segment in self._generation.segments]
        pairs = [
            (float(score), int(row))
            for rows, scores in found
            for row, score in zip(rows, scores, strict=True)
        ]
        best = sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[:k]
        return {row: score for score, row in best}

    def chunks(self, rows: Sequence[int]) -> dict[int, Chunk]:
        """Look up chunks by number."""
        return {
            row: Chunk(article_id, span, span.of(self.article(article_id).text))
            for row, article_id, span in self._store.chunks(self._database, rows)
        }

    def chunks_of(self, article_id: str) -> list[Chunk]:
        """List the chunks of an article, in its order."""
        text = self.article(article_id).text
        spans = self._store.spans(self._database, article_id)
        return [Chunk(article_id, span, span.of(text)) for span in spans]

    def passages(self, hits: Sequence[Hit]) -> list[Passage]:
        """Give hits as they are read, each with its article's title, in their order."""
        return [Passage(hit, self.article(hit.chunk.article_id).title) for hit in hits]

    def article(self, article_id: str) -> Article:
        """Look up an article.

        Raises:
            ArticleNotFoundError: If there is none with this id.
        """
        if article_id not in self._articles:
            found = self._store.article(self._database, article_id)
            if found is None:
                raise ArticleNotFoundError(f"no article has the id {article_id!r}")
            self._articles[article_id] = found
        return self._articles[article_id]


def _from_sources(found: str, outlet: str, wanted: str | Sequence[str] | None) -> bool:
    if wanted is None:
        return True
    any_of = (wanted,) if isinstance(wanted, str) else wanted
    return any(_from_source(found, outlet, one) for one in any_of)


def _from_source(found: str, outlet: str, wanted: str) -> bool:
    outlets = [outlet, *outlet.split("/")]  # "Oriel Tribune / APN" is both
    if wanted.strip().casefold() in (one.strip().casefold() for one in outlets if one.strip()):
        return True
    if wanted in (found, Path(found).name):
        return True
    if "://" in wanted:
        return False
    path = Path(wanted).expanduser().absolute()
    return path == Path(found) or path in Path(found).parents


def _in_range(published: str | None, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    if published is None:
        return False
    day = date.fromisoformat(published)
    return (since is None or since <= day) and (until is None or day <= until)
