"""The rows of a library: articles, chunks, vectors and the manifest, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from qa import lexical
from qa.errors import LibraryDamagedError, LibraryError, LibraryMismatchError
from qa.library.manifest import Manifest
from qa.types import Article, Chunk, Span

__all__ = ["FORMAT", "Store", "StoredArticle"]

# The version of the layout below. A newer one than this is refused.
FORMAT = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published TEXT,
    author TEXT NOT NULL,
    outlet TEXT NOT NULL,
    pages TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    added TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS chunks (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS chunks_by_article ON chunks (article);
"""

_ARTICLE = "id, title, text, source, published, author, outlet, pages"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article's place in the database and the hash of the bytes that it was read from."""

    row: int
    id: str
    source: str
    sha256: str


class Store:
    """Access to a library's database.

    Every call opens a connection of its own, so threads may share a store.

    Args:
        path: The database file.

    Raises:
        LibraryMismatchError: If a newer version of Citespan made it.
        LibraryDamagedError: If it is no database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connect() as database:
            query = "SELECT count(*) FROM sqlite_master WHERE name = 'manifest'"
            if not database.execute(query).fetchone()[0]:
                self._create(database)
            found = int(self.value(database, "format"))
        if found > FORMAT:
            raise LibraryMismatchError(
                f"the library {path.parent} has format {found}, this version of citespan reads up "
                f"to {FORMAT}; update citespan (pip install --upgrade citespan)"
            )

    def _create(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} {lexical.SCHEMA}"
            f"INSERT OR IGNORE INTO manifest VALUES ('format', '{FORMAT}'), ('generation', '0');"
            "COMMIT;"
        )

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Open one consistent view of the database; what others write meanwhile is not seen.

        Raises:
            LibraryDamagedError: If the database cannot be read.
        """
        with self._connect() as database:
            database.execute("BEGIN")
            yield database
            database.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that is kept whole or not at all, and synced to the disk.

        Raises:
            LibraryDamagedError: If the database cannot be written.
        """
        with self._connect() as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            if database.in_transaction:
                database.execute("COMMIT")

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            database = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        except sqlite3.Error as error:
            raise LibraryError(f"the library {self._path} cannot be opened: {error}") from error
        try:
            yield database
        except sqlite3.DatabaseError as error:
            raise LibraryDamagedError(
                f"the library's database {self._path} failed: {error}; restore it from a copy, or "
                "move it away and add the articles again"
            ) from error
        finally:
            database.close()

    @staticmethod
    def value(database: sqlite3.Connection, name: str) -> str:
        """Read one value of the manifest; an empty string where it has none."""
        query = "SELECT value FROM manifest WHERE name = ?"
        found = database.execute(query, (name,)).fetchone()
        return str(found[0]) if found else ""

    @staticmethod
    def set_value(database: sqlite3.Connection, name: str, value: str) -> None:
        """Write one value of the manifest."""
        database.execute("INSERT OR REPLACE INTO manifest VALUES (?, ?)", (name, value))

    def generation(self, database: sqlite3.Connection) -> int:
        """Count the changes that the library has seen."""
        return int(self.value(database, "generation"))

    def manifest(self, database: sqlite3.Connection) -> Manifest | None:
        """Read what the vectors were made with; None while there are none."""
        text = self.value(database, "vectors")
        return Manifest(**json.loads(text)) if text else None

    def set_manifest(self, database: sqlite3.Connection, manifest: Manifest) -> None:
        """Write what the vectors are made with."""
        self.set_value(database, "vectors", json.dumps(asdict(manifest)))

    def stored(self, database: sqlite3.Connection) -> list[StoredArticle]:
        """List the articles without their texts, by source."""
        rows = database.execute("SELECT row, id, source, sha256 FROM articles ORDER BY source")
        return [StoredArticle(*row) for row in rows]

    def article(self, database: sqlite3.Connection, article_id: str) -> Article | None:
        """Read one article."""
        query = f"SELECT {_ARTICLE} FROM articles WHERE id = ?"
        found = database.execute(query, (article_id,)).fetchone()
        return _article(found) if found else None

    def articles(self, database: sqlite3.Connection) -> Iterator[Article]:
        """Read all articles, by source."""
        query = f"SELECT {_ARTICLE} FROM articles ORDER BY source"
        for row in database.execute(query):
            yield _article(row)

    def outlets(self, database: sqlite3.Connection) -> dict[str, int]:
        """Count the articles of each outlet, the largest first."""
        query = "SELECT outlet, count(*) FROM articles WHERE outlet != '' GROUP BY outlet"
        return dict(sorted(database.execute(query), key=lambda row: (-row[1], row[0])))

    def days(self, database: sqlite3.Connection) -> tuple[date, date] | None:
        """Read the first and the last day of publication."""
        first, last = database.execute(
            "SELECT min(published), max(published) FROM articles"
        ).fetchone()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def put(
        self,
        database: sqlite3.Connection,
        article: Article,
        sha256: str,
        chunks: Sequence[Chunk],
        vectors: np.ndarray,
    ) -> None:
        """Store an article with its chunks, in the place of an older version of it.

        Args:
            database: A connection from :meth:`write`.
            article: The article.
            sha256: The hash of the bytes that it was read from.
            chunks: Its chunks.
            vectors: float32 of shape (len(chunks), dimension).
        """
        older = "SELECT id FROM articles WHERE id = ? OR source = ?"
        found = database.execute(older, (article.id, article.source))
        self.delete(database, [article_id for (article_id,) in found.fetchall()])
        day = article.published.isoformat() if article.published else None
        row = database.execute(
            "INSERT INTO articles (id, source, title, text, published, author, outlet, pages, "
            "sha256, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.source,
                article.title,
                article.text,
                day,
                article.author,
                article.outlet,
                json.dumps(article.pages),
                sha256,
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        ).lastrowid
        words = lexical.Bm25Index(database)
        for chunk, vector in zip(chunks, vectors, strict=True):
            number = database.execute(
                "INSERT INTO chunks (article, start, end, vector) VALUES (?, ?, ?, ?)",
                (row, chunk.span.start, chunk.span.end, vector.astype("<f4").tobytes()),
            ).lastrowid
            words.add([(int(number or 0), lexical_text(article.title, chunk.text))])
        self.changed(database)

    def delete(self, database: sqlite3.Connection, article_ids: Sequence[str]) -> None:
        """Delete articles with their chunks; unknown ids are ignored."""
        for article_id in article_ids:
            query = (
                "SELECT chunks.row FROM chunks JOIN articles ON articles.row = article WHERE id = ?"
            )
            rows = [row for (row,) in database.execute(query, (article_id,))]
            lexical.Bm25Index(database).remove(rows)
            database.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self.changed(database)

    def changed(self, database: sqlite3.Connection) -> None:
        """Count a change, so that readers load the new state."""
        self.set_value(database, "generation", str(self.generation(database) + 1))

    def chunk_rows(self, database: sqlite3.Connection) -> np.ndarray:
        """List the numbers of all chunks, int64, ascending."""
        found = database.execute("SELECT row FROM chunks ORDER BY row").fetchall()
        return np.array([row for (row,) in found], dtype=np.int64)

    def vectors(
        self, database: sqlite3.Connection, above: int, dimension: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Read the vectors of the chunks numbered above ``above``.

        Returns:
            int64 numbers of shape (n,), ascending, and float32 vectors of shape (n, dimension).

        Raises:
            LibraryDamagedError: If a vector has another length.
        """
        query = "SELECT row, vector FROM chunks WHERE row > ? ORDER BY row"
        found = database.execute(query, (above,)).fetchall()
        wrong = [row for row, blob in found if len(blob) != 4 * dimension]
        if wrong:
            raise LibraryDamagedError(
                f"chunk {wrong[0]} of {self._path} has a vector of the wrong length; run "
                "`citespan reindex`"
            )
        rows = np.array([row for row, _ in found], dtype=np.int64)
        joined = b"".join(blob for _, blob in found)
        return rows, np.frombuffer(joined, dtype="<f4").reshape(-1, dimension).astype(np.float32)

    def chunks(
        self, database: sqlite3.Connection, rows: Sequence[int]
    ) -> list[tuple[int, str, Span]]:
        """Look up chunks: their numbers, their article's id and their span in it, in any order."""
        marks = ",".join("?" * len(rows))
        query = (
            "SELECT chunks.row, id, start, end FROM chunks JOIN articles ON articles.row = article"
            f" WHERE chunks.row IN ({marks})"
        )
        found = database.execute(query, [int(row) for row in rows])
        return [(row, article_id, Span(start, end)) for row, article_id, start, end in found]

    def spans(self, database: sqlite3.Connection, article_id: str) -> list[Span]:
        """List the spans of an article's chunks, in order."""
        query = (
            "SELECT start, end FROM chunks JOIN articles ON articles.row = article"
            " WHERE id = ? ORDER BY start, end"
        )
        return [Span(start, end) for start, end in database.execute(query, (article_id,))]


def lexical_text(title: str, text: str) -> str:
    """Join a title and a chunk to the text whose words are indexed.

    >>> lexical_text("Bridge falls", "It fell.")
    'Bridge falls It fell.'
    """
    return f"{title} {text}"


def _article(row: tuple[str, str, str, str, str | None, str, str, str]) -> Article:
    article_id, title, text, source, published, author, outlet, pages = row
    return Article(
        id=article_id,
        title=title,
        text=text,
        source=source,
        published=date.fromisoformat(published) if published else None,
        author=author,
        outlet=outlet,
        pages=tuple(json.loads(pages)),
    )
