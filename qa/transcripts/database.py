"""The file `conversations.sqlite`: its tables, and connections to it whose failures are ours."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import TranscriptError

__all__ = ["FORMAT", "Database"]

# The version of the layout below. A newer one than this is refused.
FORMAT = 1

# "CITE": which program a SQLite file belongs to, in its header.
_APPLICATION = 0x43495445

# Texts are bytes (UTF-8), because SQLite's text holds no lone surrogate and browsers send them.
# AUTOINCREMENT: the number of a turn that was cut off must never name another one.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS conversations (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    name BLOB,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    deleted TEXT
);
CREATE INDEX IF NOT EXISTS conversations_by_owner ON conversations (owner);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (row) ON DELETE CASCADE,
    asked TEXT NOT NULL,
    question BLOB NOT NULL,
    words BLOB NOT NULL,
    reply BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_by_conversation ON turns (conversation);
"""

_WAIT_SECONDS = 30.0

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process is writing to it; try again",
    sqlite3.SQLITE_FULL: "make room on the disk and try again",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable",
    sqlite3.SQLITE_CANTOPEN: "make the file and its folder readable and writable",
}
_LAST_RESORT = (
    "restore it from a copy, or move it away, and a new one is made without the conversations"
)


class Database:
    """Access to a file of conversations.

    Every call opens a connection of its own, so threads may share it.

    Args:
        path: The file; made where there is none.

    Raises:
        TranscriptError: If it cannot be opened, is no database, belongs to another program or was
            made by a newer version of Citespan.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # Made here and not by SQLite, so that nobody else on the machine can read it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise TranscriptError(
                f"the conversations {path} cannot be opened: {error.strerror}; name a file in a "
                "folder that exists and can be written to"
            ) from error
        with self._connect() as database:
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                self._create(database)
            self._check(database)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Open one consistent view of the file; what others write meanwhile is not seen.

        Raises:
            TranscriptError: If the file cannot be read.
        """
        with self._connect() as database:
            database.execute("BEGIN")
            yield database
            database.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that is kept whole or not at all, and synced to the disk.

        Raises:
            TranscriptError: If the file cannot be written.
        """
        with self._connect() as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            # What is deleted for good must not stay readable in the file's free pages.
            database.execute("PRAGMA secure_delete = ON")
            database.execute("BEGIN IMMEDIATE")
            # An exception leaves without COMMIT, and closing the connection rolls back.
            yield database
            database.execute("COMMIT")

    @contextmanager
    def intact(self) -> Iterator[None]:
        """Read rows, and turn what a damaged one does to its reader into an error of ours.

        Raises:
            TranscriptError: If a row is not what was written.
        """
        try:
            yield
        except (AttributeError, TypeError, ValueError) as error:
            raise TranscriptError(
                f"the conversations {self.path} are damaged ({error}); {_LAST_RESORT}"
            ) from error

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        database = None
        try:
            database = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
            yield database
        except sqlite3.DatabaseError as error:
            # The low byte is the kind of failure, the rest says more of it.
            kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            raise TranscriptError(
                f"the conversations {self.path} failed: {error}; {_ADVICE.get(kind, _LAST_RESORT)}"
            ) from error
        finally:
            if database is not None:
                database.close()

    def _create(self, database: sqlite3.Connection) -> None:
        """Lay out an empty file; another process may be doing the same."""
        _write_ahead(database)
        database.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";"):
            database.execute(statement)
        if not database.execute("SELECT count(*) FROM secret").fetchone()[0]:
            database.execute("INSERT INTO secret VALUES (?)", (secrets.token_bytes(32),))
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("COMMIT")

    def _check(self, database: sqlite3.Connection) -> None:
        if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise TranscriptError(
                f"{self.path} is a database of something else than conversations; move it away, or "
                "name another file"
            )
        found = database.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            raise TranscriptError(
                f"the conversations {self.path} have format {found}, this version of citespan "
                f"reads up to {FORMAT}; update citespan (pip install --upgrade citespan)"
            )


def _write_ahead(database: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, for which SQLite itself does not wait its turn."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
