"""A library of articles: add, update, remove, list, check, and the view that is searched."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np

from embeddings import Embedder, EmbeddingsError, load_embedder
from qa import ingest
from qa.chunking import chunk_article, embedded_text
from qa.errors import (
    ArticleNotFoundError,
    IngestError,
    LibraryError,
    ModelError,
)
from qa.library.generations import Generations
from qa.library.lock import writer_lock
from qa.library.manifest import Manifest, check_manifest
from qa.library.reports import AddReport, RemoveReport
from qa.library.sources import expand, listed, matching
from qa.library.store import Store, StoredArticle
from qa.library.verify import VerifyReport, verify
from qa.library.view import View
from qa.settings import Settings
from qa.types import Article, Chunk

__all__ = ["AddReport", "Library", "RemoveReport"]

_DATABASE = "library.sqlite"

# Articles are embedded and committed in batches of about so many chunks: enough to keep the
# embedder busy, few enough that little is lost when an addition is interrupted.
_BATCH = 128


@dataclass(frozen=True, slots=True)
class _Read:
    """An article just read, with what the database has to know of it."""

    article: Article
    sha256: str
    chunks: list[Chunk]


class Library:
    """Articles on disk. Safe to use from threads; one process at a time may write.

    Open it with :meth:`open`.

    Attributes:
        path: Its folder.
        label: How to call it in a sentence: the folder, or "sample articles".
    """

    def __init__(
        self, path: Path, settings: Settings, embedder: Embedder | None, label: str
    ) -> None:
        self.path = path
        self.label = label
        self._settings = settings
        self._embedder = embedder
        self._models = threading.Lock()
        self._store = Store(path / _DATABASE)
        self._generations = Generations(path, self._store)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        create: bool = True,
        matching: bool = True,
        label: str | None = None,
    ) -> Library:
        """Open a library, or make an empty one.

        Args:
            path: Its folder.
            settings: Which embedder and chunks; gathered from file and environment when None.
            embedder: A loaded embedder to use instead of the one that the settings name.
            create: Whether to make the folder where there is none.
            matching: Whether to insist that it was made with these settings; only who is about
                to call :meth:`reindex` does not.
            label: How to call the library; its folder when None.

        Raises:
            LibraryError: If there is no library and none may be made, or the folder cannot be used.
            LibraryMismatchError: If it was made with another embedder or a newer format.
            LibraryDamagedError: If its database cannot be read.
        """
        folder = Path(path).expanduser().absolute()
        if not create and not (folder / _DATABASE).exists():
            raise LibraryError(f"there is no library at {folder}; `citespan add` makes one")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"no library can be made at {folder}: {error.strerror}") from error
        chosen = settings if settings is not None else Settings.load()
        library = cls(folder, chosen, embedder, label if label is not None else str(folder))
        if matching:
            library._check_manifest()
        library._generations.repair()
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is held in memory; the library can be used again all the same."""
        self._generations.forget()

    def __len__(self) -> int:
        with self._store.read() as database:
            return int(database.execute("SELECT count(*) FROM articles").fetchone()[0])

    def articles(self) -> Iterator[Article]:
        """Read all articles, by source."""
        with self._store.read() as database:
            yield from self._store.articles(database)

    def article(self, article_id: str) -> Article:
        """Read one article.

        Raises:
            ArticleNotFoundError: If there is none with this id.
        """
        with self._store.read() as database:
            found = self._store.article(database, article_id)
        if found is None:
            raise ArticleNotFoundError(f"no article of {self.label} has the id {article_id!r}")
        return found

    def outlets(self) -> dict[str, int]:
        """Count the articles of each outlet, the largest first; those without one are left out."""
        with self._store.read() as database:
            return self._store.outlets(database)

    def days(self) -> tuple[date, date] | None:
        """Give the first and the last day of publication; None where no article has one."""
        with self._store.read() as database:
            return self._store.days(database)

    def add(
        self,
        sources: Iterable[str | Path | Article],
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> AddReport:
        """Add articles, and update those whose source has changed.

        What cannot be added is a line in the report and stops nothing.

        Args:
            sources: Files, folders, and articles made elsewhere, whose text must be in the frame
                of Article.text. In folders, files of other formats are skipped.
            on_progress: Called with how many files are done and how many there are.

        Raises:
            LibraryLockedError: If another process is writing.
            ModelError: If the embedder cannot be loaded or run.
        """
        with writer_lock(self.path, "add"):
            report = AddReport()
            found = expand(listed(sources), report)
            with self._store.read() as database:
                known = {one.source: one for one in self._store.stored(database)}
            batch: list[_Read] = []
            for done, source in enumerate(found, start=1):
                read = self._read(source, known, report)
                if read is not None:
                    batch.append(read)
                if sum(len(one.chunks) for one in batch) >= _BATCH:
                    self._put(batch, known, report)
                    batch = []
                if on_progress is not None:
                    on_progress(done, len(found))
            self._put(batch, known, report)
            self._generations.compact_if_stale()
        return report

    def remove(self, sources: Iterable[str | Path]) -> RemoveReport:
        """Remove articles.

        Args:
            sources: Ids, files, or folders; a folder stands for all articles from inside it.

        Raises:
            LibraryLockedError: If another process is writing.
        """
        named = listed(sources)
        with writer_lock(self.path, "remove"):
            with self._store.write() as database:
                stored = self._store.stored(database)
                matches = {str(name): matching(stored, name) for name in named}
                doomed = {one.id: one.source for found in matches.values() for one in found}
                self._store.delete(database, list(doomed))
            self._generations.compact_if_stale()
        missing = tuple(name for name, found in matches.items() if not found)
        return RemoveReport(tuple(sorted(doomed.values())), missing)

    def reindex(self, *, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Chunk and embed every article again, with the embedder and settings of today.

        Args:
            on_progress: Called with how many articles are done and how many there are.

        Returns:
            How many articles there are.

        Raises:
            LibraryLockedError: If another process is writing.
            ModelError: If the embedder cannot be loaded or run.
        """
        with writer_lock(self.path, "reindex"):
            with self._store.read() as database:
                stored = self._store.stored(database)
            embedder = self.embedder
            with self._store.write() as database:
                for done, one in enumerate(stored):
                    article = self._store.article(database, one.id)
                    if article is None:
                        continue
                    chunks = self._chunk(article)
                    vectors = self._embed([(article, chunk) for chunk in chunks])
                    self._store.put(database, article, one.sha256, chunks, vectors)
                    if on_progress is not None:
                        on_progress(done + 1, len(stored))
                self._store.set_manifest(database, self._made_with(embedder))
                self._store.set_value(database, "snapshot", "")
            self._generations.compact()
        return len(stored)

    def verify(self) -> VerifyReport:
        """Check that database, offsets, vectors, words and snapshot hold together.

        Raises:
            LibraryDamagedError: If the database cannot be read at all.
        """
        return verify(self._store, self.path)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Hold one consistent state of the library, to search it.

        Raises:
            LibraryDamagedError: If the database cannot be read.
        """
        with self._store.read() as database:
            yield View(self._store, database, self._generations.current(database))

    @property
    def embedder(self) -> Embedder:
        """Give the embedder, loaded at first use.

        Raises:
            ModelError: If it cannot be loaded.
        """
        with self._models:
            if self._embedder is None:
                try:
                    self._embedder = load_embedder(self._settings.embedder)
                except EmbeddingsError as error:
                    raise ModelError(str(error)) from error
            return self._embedder

    def _check_manifest(self) -> None:
        with self._store.read() as database:
            found = self._store.manifest(database)
        loaded = self._embedder
        if found is not None:
            wanted = replace(found, overlap=self._settings.overlap)
            name = loaded.name if loaded is not None else self._settings.embedder
            precision = loaded.precision if loaded is not None else found.precision
            check_manifest(found, replace(wanted, embedder=name, precision=precision), self.path)

    def _made_with(self, embedder: Embedder) -> Manifest:
        return Manifest(
            embedder.name, embedder.precision, embedder.dimension, self._settings.overlap
        )

    def _read(
        self, source: Path | Article, known: dict[str, StoredArticle], report: AddReport
    ) -> _Read | None:
        """Read one source, unless it is known unchanged; what fails goes into the report."""
        name = source.source if isinstance(source, Article) else str(source)
        try:
            data = repr(source).encode() if isinstance(source, Article) else ingest.read(source)
            sha256 = hashlib.sha256(data).hexdigest()
            if name in known and known[name].sha256 == sha256:
                report.unchanged.append(name)
                return None
            article = source if isinstance(source, Article) else ingest.parse(data, source)
            return _Read(article, sha256, self._chunk(article))
        except IngestError as error:
            report.failed.append((name, str(error)))
            return None

    def _chunk(self, article: Article) -> list[Chunk]:
        embedder = self.embedder
        try:
            return chunk_article(
                article, embedder.count_tokens, embedder.max_tokens, self._settings.overlap
            )
        except ValueError as error:
            raise IngestError(f"{article.source} cannot be cut into chunks: {error}") from error

    def _embed(self, pairs: list[tuple[Article, Chunk]]) -> np.ndarray:
        try:
            return self.embedder.encode(
                [embedded_text(article.title, chunk.text) for article, chunk in pairs]
            )
        except EmbeddingsError as error:
            raise ModelError(f"the embedder failed: {error}") from error

    def _put(self, batch: list[_Read], known: dict[str, StoredArticle], report: AddReport) -> None:
        """Embed a batch and commit it whole."""
        if not batch:
            return
        vectors = self._embed([(read.article, chunk) for read in batch for chunk in read.chunks])
        with self._store.write() as database:
            if self._store.manifest(database) is None:
                self._store.set_manifest(database, self._made_with(self.embedder))
            first = 0
            for read in batch:
                last = first + len(read.chunks)
                self._store.put(
                    database, read.article, read.sha256, read.chunks, vectors[first:last]
                )
                first = last
        for read in batch:
            source = read.article.source
            (report.updated if source in known else report.added).append(source)
