"""A conversation as the rest of the program sees it: its turns, its name, its history."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from qa.types import Answer, Reply

__all__ = ["Conversation", "Summary", "Turn", "name_of", "one_line", "printable"]

_LONGEST_NAME = 60

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# They turn the direction of whatever stands behind them, beyond the text that they came in.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, and what was said to it.

    Args:
        id: Grows with every turn of the file and is never used again.
        question: As it was asked.
        reply: What was said to it.
        asked: When it was stored, in UTC.
    """

    id: int
    question: str
    reply: Answer | Reply
    asked: datetime

    @property
    def answers(self) -> tuple[Answer, ...]:
        """List the answers of the turn; none where the reply was small talk."""
        return (self.reply,) if isinstance(self.reply, Answer) else self.reply.answers


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list of conversations.

    Args:
        id: Opaque.
        name: What its owner called it, else its first question, cut; empty while it has neither.
        created: When, in UTC.
        updated: When its last turn was stored, in UTC.
        turns: How many it has.
    """

    id: str
    name: str
    created: datetime
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation; the fields of :class:`Summary`, with the turns, oldest first."""

    id: str
    name: str
    created: datetime
    updated: datetime
    turns: tuple[Turn, ...] = ()

    def history(self, before: int | None = None) -> tuple[tuple[str, str | None], ...]:
        """Give what was asked and answered, as ``Assistant.ask`` takes it.

        Questions stand as they were searched, so that a follow-up to a follow-up is understood.

        Args:
            before: Stop before the turn with this id, which is about to be asked again; all turns
                when None.

        Returns:
            (question, answer text or None for a decline), oldest first; nothing for small talk.
        """
        return tuple(
            (answer.resolved, answer.text)
            for turn in self.turns
            if before is None or turn.id < before
            for answer in turn.answers
        )


def printable(text: str) -> str:
    r"""Put a space for every control character but the line feed, U+FFFD for lone surrogates.

    >>> printable("a\x1bb\tc\n\ud800")
    'a b c\n�'
    """
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))


def one_line(text: str) -> str:
    r"""Put a text on one line that can neither steer a terminal nor turn what stands behind it.

    White space and control characters become single spaces, and embedded changes of direction are
    left out. Empty text stays empty.

    >>> one_line("Bridge \x1b[2J\n falls")
    'Bridge [2J falls'
    """
    return " ".join(_DIRECTION.sub("", printable(text)).split())


def name_of(question: str) -> str:
    """Name a conversation by a question: one line of at most 60 characters, cut at a word.

    A text without a word's end in the second half of that is cut between two letters, but not
    between a letter and its accent or inside a joined emoji. A blank one gives an empty name.

    >>> name_of("When was Maduro reelected, and who recognised the other president?")
    'When was Maduro reelected, and who recognised the other…'
    """
    line = one_line(question)
    if len(line) <= _LONGEST_NAME:
        return line
    # Anything below leaves room for the ellipsis.
    at = line.rfind(" ", _LONGEST_NAME // 2, _LONGEST_NAME)
    if at < 0:
        at = _between_letters(line, _LONGEST_NAME - 1)
    return line[:at].rstrip(" ,;:") + "…"


def _between_letters(line: str, most: int) -> int:
    """Find the last place up to ``most`` that parts no letter; ``most`` where all would."""
    places = (at for at in range(most, most // 2, -1) if not _joined(line[at - 1], line[at]))
    return next(places, most)


def _joined(before: str, after: str) -> bool:
    return (
        _JOINER in (before, after)
        or unicodedata.category(after).startswith("M")
        or ord(after) in _SKIN_TONES
    )
