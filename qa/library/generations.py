"""The vectors of a library in memory, one generation at a time, and the snapshots behind them."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from embeddings import FaissIndex, VectorIndexError
from qa.errors import LibraryLockedError
from qa.library.lock import writer_lock
from qa.library.snapshot import Snapshot, discard_others, read_snapshot, strays, write_snapshot
from qa.library.store import Store
from qa.library.view import Generation

__all__ = ["Generations"]

# A snapshot is written again when so many chunks are newer than it or dead in it: a fifth of it,
# but no fewer than 256, which are searched in memory in well under a millisecond.
_STALE_SHARE = 0.2
_STALE_LEAST = 256


class Generations:
    """Loads the vectors of the state that is asked for, and keeps the last one.

    Args:
        folder: The library's folder.
        store: Its rows.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._lock = threading.Lock()
        self._current: Generation | None = None
        self._snapshot: tuple[Snapshot, FaissIndex] | None = None

    def current(self, database: sqlite3.Connection) -> Generation:
        """Give the vectors of the state that a connection sees.

        Raises:
            LibraryDamagedError: If a vector has the wrong length.
        """
        number = self._store.generation(database)
        with self._lock:
            if self._current is None or self._current.number != number:
                self._current = self._load(database, number)
            return self._current

    def forget(self) -> None:
        """Let go of what is held in memory."""
        with self._lock:
            self._current = None
            self._snapshot = None

    def repair(self) -> None:
        """Write a missing or damaged snapshot again and remove what a crash left behind.

        While a writer is at work nothing is done: it will do both.
        """
        with self._store.read() as database:
            made_with = self._store.manifest(database)
            snapshot = Snapshot.from_json(self._store.value(database, "snapshot"))
        if made_with is None:
            return
        sound = self._read_snapshot(snapshot, made_with.dimension) is not None
        if sound and not strays(self._folder):
            return
        with suppress(LibraryLockedError), writer_lock(self._folder, "repair"):
            if not sound or snapshot is None:
                self.compact()
            else:
                discard_others(self._folder, snapshot.file)

    def compact_if_stale(self) -> None:
        """Write a new snapshot when too much is newer than the current one, or dead in it."""
        with self._store.read() as database:
            current = self.current(database)
            snapshot = Snapshot.from_json(self._store.value(database, "snapshot"))
        held = sum(len(segment) for segment in current.segments)
        inside = int((current.live <= snapshot.last_row).sum()) if snapshot is not None else 0
        stale = held - inside
        if snapshot is None or stale > max(_STALE_LEAST, _STALE_SHARE * inside):
            self.compact()

    def compact(self) -> None:
        """Write a snapshot of all rows, make it the current one, and drop the others."""
        with self._store.read() as database:
            made_with = self._store.manifest(database)
            if made_with is None:
                return
            rows, vectors = self._store.vectors(database, 0, made_with.dimension)
            number = self._store.generation(database)
        index = FaissIndex.build(rows, vectors)
        last_row = int(rows[-1]) if len(rows) else 0
        snapshot = write_snapshot(self._folder, number, index, last_row)
        with self._store.write() as database:
            self._store.set_value(database, "snapshot", snapshot.to_json())
            self._store.changed(database)
        discard_others(self._folder, snapshot.file)

    def _load(self, database: sqlite3.Connection, number: int) -> Generation:
        """Read the vectors of one state: the snapshot, and the rows that are newer."""
        made_with = self._store.manifest(database)
        live = self._store.chunk_rows(database)
        if made_with is None or not len(live):
            return Generation(number, (), live, dead=False)
        snapshot = Snapshot.from_json(self._store.value(database, "snapshot"))
        index = self._read_snapshot(snapshot, made_with.dimension)
        last_row = snapshot.last_row if snapshot is not None and index is not None else 0
        rows, vectors = self._store.vectors(database, last_row, made_with.dimension)
        segments = [index] if index is not None else []
        if len(rows):
            segments.append(FaissIndex.build(rows, vectors))
        held = sum(len(segment) for segment in segments)
        return Generation(number, tuple(segments), live, dead=held > len(live))

    def _read_snapshot(self, snapshot: Snapshot | None, dimension: int) -> FaissIndex | None:
        """Read a snapshot, once; None where there is none or it is damaged."""
        if snapshot is None:
            return None
        if self._snapshot is None or self._snapshot[0] != snapshot:
            try:
                self._snapshot = (snapshot, read_snapshot(self._folder, snapshot, dimension))
            except VectorIndexError:
                return None
        return self._snapshot[1]
