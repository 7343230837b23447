"""The conversations of everybody who asks a library, kept in one file beside it."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from qa.errors import TranscriptError
from qa.transcripts.codec import pack_reply, pack_text, unpack_text
from qa.transcripts.conversation import Conversation, Summary, Turn, name_of
from qa.transcripts.database import Database
from qa.transcripts.owners import Owners
from qa.transcripts.rows import SUMMARY, TURN, folded, summary_of, turn_of, words_of
from qa.types import Answer, Reply

__all__ = ["FILE_NAME", "Transcripts"]

# What the file is called, in the library's folder.
FILE_NAME = "conversations.sqlite"

_UNDO_FOR = timedelta(days=1)


def _now() -> datetime:
    return datetime.now(UTC)


class Transcripts:
    """Stored conversations. Safe to use from threads and from several processes.

    Each belongs to an owner: the opaque id that :meth:`owner_of` gives for a visitor. Every method
    that takes an owner raises TranscriptError for an id that this file did not give. Nobody but its
    owner learns that a conversation exists.

    Two tabs in one conversation lose nothing: turns are added, never written over, and a turn can
    be asked again only by who has seen the last one.

    Open it with :meth:`open`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        with database.write() as connection, database.intact():
            (secret,) = connection.execute("SELECT value FROM secret").fetchone()
            self._owners = Owners(secret)
            connection.execute(
                "DELETE FROM conversations WHERE deleted < ?", (self._time(-_UNDO_FOR),)
            )

    @classmethod
    def open(cls, path: str | Path, *, clock: Callable[[], datetime] = _now) -> Self:
        """Open a file of conversations, or make an empty one that only its user can read.

        What was deleted more than a day ago is removed for good.

        Args:
            path: The file; :data:`FILE_NAME` in the library's folder.
            clock: Tells the time, with its zone.

        Raises:
            TranscriptError: If the file cannot be opened, is damaged, belongs to another program
                or was made by a newer version.
        """
        return cls(Database(Path(path).expanduser().absolute()), clock)

    def owner_of(self, visitor: str) -> str:
        """Give the owner that stands for a visitor, always the same one in this file.

        Nothing is stored for it until it owns a conversation.

        Args:
            visitor: What tells visitors apart: a login, or what a browser's cookie holds. Who may
                choose it freely can read that visitor's conversations.
        """
        return self._owners.of(visitor)

    def is_owner(self, owner: str) -> bool:
        """Tell whether an id is one that this file gave; never raises."""
        return self._owners.knows(owner)

    def conversations(self, owner: str) -> list[Summary]:
        """List an owner's conversations, the last used first; those deleted are left out."""
        return self._summaries(owner, lambda *_: True)

    def search(self, owner: str, query: str) -> list[Summary]:
        """List the conversations that hold a text in a question, an answer or their name.

        Upper and lower case are the same, and so are an accented letter and its parts; otherwise
        every character counts as it is.

        Returns:
            The last used first; all for an empty query.
        """
        wanted = folded(query)

        def matches(database: sqlite3.Connection, row: int, name: bytes | None) -> bool:
            if name is not None and wanted in folded(unpack_text(name)):
                return True
            query = "SELECT 1 FROM turns WHERE conversation = ? AND instr(words, ?) LIMIT 1"
            return database.execute(query, (row, wanted)).fetchone() is not None

        return self._summaries(owner, matches if wanted else lambda *_: True)

    def create(self, owner: str) -> Summary:
        """Begin a conversation, without a name until its first turn."""
        self._check(owner)
        conversation_id, now = secrets.token_hex(16), self._time()
        with self._database.write() as database:
            database.execute(
                "INSERT INTO conversations (id, owner, created, updated) VALUES (?, ?, ?, ?)",
                (conversation_id, owner, now, now),
            )
        created = datetime.fromisoformat(now)
        return Summary(conversation_id, "", created, created, 0)

    def conversation(self, owner: str, conversation_id: str) -> Conversation:
        """Read a conversation with its turns, oldest first.

        Raises:
            TranscriptError: If the owner has none with this id, it is deleted, or it is damaged.
        """
        with self._database.read() as database, self._database.intact():
            row = self._row(database, owner, conversation_id)
            one = summary_of(database.execute(f"{SUMMARY} WHERE row = ?", (row,)).fetchone())
            turns = database.execute(f"{TURN} WHERE conversation = ? ORDER BY id", (row,))
            return Conversation(
                one.id, one.name, one.created, one.updated, tuple(turn_of(turn) for turn in turns)
            )

    def rename(self, owner: str, conversation_id: str, name: str) -> None:
        """Name a conversation, in one line of at most 60 characters; a blank name takes it back.

        Raises:
            TranscriptError: If the owner has none with this id, or it is deleted.
        """
        given = name_of(name)
        with self._database.write() as database:
            row = self._row(database, owner, conversation_id)
            database.execute(
                "UPDATE conversations SET name = ? WHERE row = ?",
                (pack_text(given) if given else None, row),
            )

    def delete(self, owner: str, conversation_id: str) -> None:
        """Delete a conversation; :meth:`restore` undoes it for at least a day.

        Deleting it twice is no mistake.

        Raises:
            TranscriptError: If the owner has none with this id.
        """
        with self._database.write() as database:
            row = self._row(database, owner, conversation_id, deleted=True)
            query = "UPDATE conversations SET deleted = ? WHERE row = ? AND deleted IS NULL"
            database.execute(query, (self._time(), row))

    def restore(self, owner: str, conversation_id: str) -> None:
        """Undo a deletion; nothing happens where there was none.

        Raises:
            TranscriptError: If the owner has none with this id, or it is gone for good.
        """
        with self._database.write() as database:
            row = self._row(database, owner, conversation_id, deleted=True)
            database.execute("UPDATE conversations SET deleted = NULL WHERE row = ?", (row,))

    def append(
        self, owner: str, conversation_id: str, question: str, reply: Answer | Reply
    ) -> Turn:
        """Add a turn at the end; on the disk when this returns.

        An answer is kept even where another tab has deleted the conversation meanwhile: it stays
        deleted, and the turn comes back with it.

        Raises:
            TranscriptError: If the owner has no conversation with this id.
        """
        with self._database.write() as database:
            row = self._row(database, owner, conversation_id, deleted=True)
            return self._put(database, row, question, reply)

    def retry(self, owner: str, conversation_id: str, turn: int, reply: Answer | Reply) -> Turn:
        """Put another reply in the place of the last turn's, whose id is ``turn``.

        Returns:
            The turn, under a new id.

        Raises:
            TranscriptError: As :meth:`edit` does.
        """
        turns = self.conversation(owner, conversation_id).turns
        question = next((one.question for one in turns if one.id == turn), "")
        return self.edit(owner, conversation_id, turn, question, reply, last=turn)

    def edit(
        self,
        owner: str,
        conversation_id: str,
        turn: int,
        question: str,
        reply: Answer | Reply,
        *,
        last: int,
    ) -> Turn:
        """Put another question in the place of a turn, and cut off the turns after it.

        All in one step, so that nothing is cut off before the new answer is there.

        Args:
            owner: Whose conversation it is.
            conversation_id: Which one.
            turn: The id of the turn to replace.
            question: The new question.
            reply: What was said to it.
            last: The id of the last turn that who edits has seen.

        Returns:
            The turn, under a new id.

        Raises:
            TranscriptError: If the owner has no conversation with this id, it is deleted, it has no
                such turn, or another turn is the last one by now.
        """
        with self._database.write() as database:
            row = self._row(database, owner, conversation_id)
            query = "SELECT id FROM turns WHERE conversation = ?"
            # Compared here: a number from a browser may be larger than SQLite can take.
            known = {one for (one,) in database.execute(query, (row,))}
            if turn not in known or last != max(known):
                raise TranscriptError(
                    "the conversation was changed meanwhile, in another tab or window; load it "
                    "again, so that no turn is lost"
                )
            delete = "DELETE FROM turns WHERE conversation = ? AND id >= ?"
            database.execute(delete, (row, turn))
            return self._put(database, row, question, reply)

    def _put(
        self, database: sqlite3.Connection, row: int, question: str, reply: Answer | Reply
    ) -> Turn:
        now = self._time()
        packed = (row, now, pack_text(question), words_of(question, reply), pack_reply(reply))
        turn = database.execute(
            "INSERT INTO turns (conversation, asked, question, words, reply) VALUES"
            " (?, ?, ?, ?, ?)",
            packed,
        ).lastrowid
        database.execute("UPDATE conversations SET updated = ? WHERE row = ?", (now, row))
        return Turn(int(turn or 0), question, reply, datetime.fromisoformat(now))

    def _row(
        self,
        database: sqlite3.Connection,
        owner: str,
        conversation_id: str,
        *,
        deleted: bool = False,
    ) -> int:
        self._check(owner)
        query = "SELECT row, deleted FROM conversations WHERE id = ? AND owner = ?"
        known = conversation_id.isascii()
        found = database.execute(query, (conversation_id, owner)).fetchone() if known else None
        if found is None:
            raise TranscriptError(
                f"there is no conversation {conversation_id!r} here; it may have been deleted, or "
                "belong to another browser or login"
            )
        if found[1] is not None and not deleted:
            raise TranscriptError("the conversation is deleted; undo that to go on with it")
        return int(found[0])

    def _check(self, owner: str) -> None:
        if not self.is_owner(owner):
            raise TranscriptError(
                f"the owner that was given is none of {self._database.path}; ask that for the "
                "visitor's owner"
            )

    def _summaries(
        self, owner: str, wanted: Callable[[sqlite3.Connection, int, bytes | None], bool]
    ) -> list[Summary]:
        self._check(owner)
        query = f"{SUMMARY} WHERE owner = ? AND deleted IS NULL ORDER BY updated DESC, row DESC"
        with self._database.read() as database, self._database.intact():
            rows = database.execute(query, (owner,)).fetchall()
            return [summary_of(row) for row in rows if wanted(database, row[0], row[2])]

    def _time(self, offset: timedelta = timedelta()) -> str:
        """Write the time so that sorting the texts sorts the times."""
        return (self._clock() + offset).astimezone(UTC).isoformat(timespec="microseconds")
