"""Does a library hold together? Everything that can be checked without embedding anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings import FaissIndex, VectorIndexError
from qa.library.manifest import Manifest
from qa.library.snapshot import Snapshot, read_snapshot
from qa.library.store import Store

__all__ = ["VerifyReport", "verify"]

_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of a library found.

    Args:
        articles: How many articles it holds.
        chunks: How many chunks.
        problems: A line for each thing that is wrong; empty for a sound library.
    """

    articles: int
    chunks: int
    problems: tuple[str, ...]


def verify(store: Store, folder: Path) -> VerifyReport:
    """Check a library: database, offsets, vectors, words and snapshot.

    Args:
        store: Its rows.
        folder: Its folder.

    Raises:
        LibraryDamagedError: If the database cannot be read at all.
    """
    with store.read() as database:
        articles = len(store.stored(database))
        chunks = len(store.chunk_rows(database))
        problems = [
            *_database(database),
            *_spans(database),
            *_words(database),
            *_vectors(store, database, folder),
        ]
    return VerifyReport(articles, chunks, tuple(problems))


def _database(database: sqlite3.Connection) -> Iterator[str]:
    for (line,) in database.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"database: {line}"


def _spans(database: sqlite3.Connection) -> Iterator[str]:
    lengths = {row: len(text) for row, text in database.execute("SELECT row, text FROM articles")}
    query = "SELECT row, article, start, end FROM chunks"
    for row, article, start, end in database.execute(query):
        if article not in lengths:
            yield f"chunk {row}: its article does not exist"
        elif not 0 <= start < end <= lengths[article]:
            yield f"chunk {row}: {start}:{end} is not inside its article"


def _words(database: sqlite3.Connection) -> Iterator[str]:
    query = "SELECT row FROM {} EXCEPT SELECT row FROM {}"
    for first, second in (("chunks", "lexical_lengths"), ("lexical_lengths", "chunks")):
        for (row,) in database.execute(query.format(first, second)):
            yield f"chunk {row}: in {first}, not in {second}"
    try:
        database.execute("INSERT INTO lexical (lexical) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield f"index by words: {error}"


def _vectors(store: Store, database: sqlite3.Connection, folder: Path) -> Iterator[str]:
    made_with = store.manifest(database)
    if made_with is None:
        return
    rows, vectors = store.vectors(database, 0, made_with.dimension)
    norms = np.linalg.norm(vectors, axis=1)
    for row in rows[~(np.abs(norms - 1) < _NORM_TOLERANCE)]:
        yield f"chunk {row}: its vector does not have length 1"
    snapshot = Snapshot.from_json(store.value(database, "snapshot"))
    if snapshot is not None:
        yield from _snapshot(folder, snapshot, made_with, rows, vectors)


def _snapshot(
    folder: Path, snapshot: Snapshot, made_with: Manifest, rows: np.ndarray, vectors: np.ndarray
) -> Iterator[str]:
    try:
        index = read_snapshot(folder, snapshot, made_with.dimension)
    except VectorIndexError as error:
        yield f"snapshot: {error}; it is rebuilt when the library is opened"
        return
    missing = np.setdiff1d(rows[rows <= snapshot.last_row], index.ids)
    for row in missing:
        yield f"snapshot: chunk {row} is not in it"
    for row, vector in zip(rows, vectors, strict=True):
        if row <= snapshot.last_row and row not in missing:
            yield from _stored_vector(index, int(row), vector)


def _stored_vector(index: FaissIndex, row: int, vector: np.ndarray) -> Iterator[str]:
    _, scores = index.search(vector, 1, np.array([row], dtype=np.int64))
    if abs(float(scores[0]) - 1) > _NORM_TOLERANCE:
        yield f"snapshot: chunk {row} has another vector there"
