"""Near misses made by machine: a question about somebody or some year that the passage leaves out.

A name, a number, a year, a month or a weekday of an answerable question is swapped for another of
its kind. What answered the question before is then wrong, and tempts: all but one word fits.
"""

from __future__ import annotations

import random
import re

__all__ = ["swapped"]

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_KINDS = (
    re.compile(r"\b(?:1[0-9]|20)[0-9]{2}\b"),
    re.compile(rf"\b(?:{_MONTHS.replace(' ', '|')})\b"),
    re.compile(rf"\b(?:{_DAYS.replace(' ', '|')})\b"),
    re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3})*(?![\w.,]*[0-9])"),
    # Names of one to four capitalised words; one that opens a sentence may be none.
    re.compile(r"(?<![.?!\"“] )(?<!^)(?<![\w.])[A-Z][a-z]{2,}(?:[ -][A-Z][a-z]+){0,3}\b"),
)


def swapped(
    question: str, passage: str, other: str, draw: random.Random, spare: tuple[str, ...] = ()
) -> str | None:
    """Ask for what the passage does not hold.

    Args:
        question: One that the passage answers.
        passage: The passage.
        other: Another text, of a like subject, to take the new name or number from.
        draw: Decides between several.
        spare: Texts that must stay, such as the answers: a question may name one of them.

    Returns:
        The question with one mention swapped, such that the passage held the old one and does not
        hold a word of the new one; None where there is nothing to swap.
    """
    held = passage.casefold()
    choices: list[tuple[int, int, str]] = []
    for kind in _KINDS:
        for found in kind.finditer(question):
            old = found.group()
            if old.casefold() not in held or any(old in text for text in spare):
                continue
            news = {one.group() for one in kind.finditer(other)}
            choices.extend(
                (found.start(), found.end(), new)
                for new in sorted(news)
                if not any(word.casefold() in held for word in re.findall(r"\w+", new))
            )
    if not choices:
        return None
    start, end, new = draw.choice(choices)
    return question[:start] + new + question[end:]
