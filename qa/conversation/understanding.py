"""What kind of message a message is, by its form alone: nothing is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from qa.conversation.languages import language_of
from qa.conversation.questions import asks, is_yes_no, separate
from qa.conversation.requests import request
from qa.conversation.smalltalk import small_talk, without_courtesies
from qa.types import ReplyKind

__all__ = ["Meaning", "understand"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a message was understood.

    Args:
        kind: Which reply fits.
        questions: What to ask the articles: several for "several", one for "yes_no" and "question".
        topic: For "summary" and "latest", what it is to be about; for "language", the language of
            the message; empty for everything and where that is not known.
        period: For "latest", the days that the message names, or empty.
    """

    kind: ReplyKind
    questions: tuple[str, ...] = ()
    topic: str = ""
    period: str = ""


def understand(message: str) -> Meaning:
    """Tell what a message wants.

    Args:
        message: Any text.

    >>> understand("Hi, who won and how many voted?").questions
    ('Who won?', 'How many voted?')
    >>> understand("Good morning!").kind, understand("Was anyone hurt?").kind
    ('greeting', 'yes_no')
    """
    talk = small_talk(message)
    if talk:
        return Meaning(talk)
    asked = without_courtesies(message)
    language = language_of(asked)
    if language:
        return Meaning("language", topic=language)
    wanted = request(asked)
    if wanted:
        topic = "" if wanted.kind == "language" else wanted.topic
        return Meaning(wanted.kind, topic=topic, period=wanted.period)
    questions = tuple(one for one in separate(asked) if not request(one))
    if len(questions) > 1:
        return Meaning("several", questions)
    if is_yes_no(asked):
        return Meaning("yes_no", (asked,))
    # "Hello, Dolly! opened when?" begins with a name.
    return Meaning("question", (asked if asks(asked) else message,))
