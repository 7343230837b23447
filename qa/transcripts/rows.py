"""Rows of the file of conversations as values, and what a turn is found by."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from qa.transcripts.codec import pack_text, unpack_reply, unpack_text
from qa.transcripts.conversation import Summary, Turn, name_of
from qa.types import Answer, Reply

__all__ = ["SUMMARY", "TURN", "folded", "summary_of", "turn_of", "words_of"]

SUMMARY = (
    "SELECT row, id, name, created, updated,"
    " (SELECT count(*) FROM turns WHERE conversation = conversations.row),"
    " (SELECT question FROM turns WHERE conversation = conversations.row ORDER BY id LIMIT 1)"
    " FROM conversations"
)
TURN = "SELECT id, question, reply, asked FROM turns"

# Parts the texts of a turn that are searched: no byte of UTF-8, so nothing matches across it.
_BETWEEN = b"\xff"


def summary_of(row: tuple[int, str, bytes | None, str, str, int, bytes | None]) -> Summary:
    """Read a row of :data:`SUMMARY`.

    Raises:
        ValueError: If it is damaged.
    """
    _, conversation_id, name, created, updated, turns, question = row
    shown = unpack_text(name) if name is not None else name_of(unpack_text(question or b""))
    return Summary(
        id=conversation_id,
        name=shown,
        created=datetime.fromisoformat(created),
        updated=datetime.fromisoformat(updated),
        turns=turns,
    )


def turn_of(row: tuple[int, bytes, bytes, str]) -> Turn:
    """Read a row of :data:`TURN`.

    Raises:
        ValueError: If it is damaged; names the turn.
    """
    turn, question, reply, asked = row
    try:
        found = unpack_reply(reply)
    except (TypeError, ValueError) as error:
        raise ValueError(f"turn {turn}: {error}") from error
    return Turn(turn, unpack_text(question), found, datetime.fromisoformat(asked))


def folded(text: str) -> bytes:
    r"""Put a text into the form that is searched: case and the way of writing accents are gone.

    >>> folded("E\u0301TAT") == folded("\u00e9tat")
    True
    """
    composed = unicodedata.normalize("NFC", text).casefold()
    return pack_text(unicodedata.normalize("NFC", composed))


def words_of(question: str, reply: Answer | Reply) -> bytes:
    """Put together what a turn is found by: the question and what was answered, not the passages.

    Every text stands by itself: nothing is found that begins in one and ends in the next.
    """
    answers = (reply,) if isinstance(reply, Answer) else reply.answers
    ours = () if isinstance(reply, Answer) else (reply.text,)
    quotes = (cited.quote for one in answers for cited in one.citations)
    return _BETWEEN.join(folded(text) for text in (question, *ours, *quotes))
