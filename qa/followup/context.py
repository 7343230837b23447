"""What a question leaves out beside its pronouns, said from the history."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.followup.antecedents import AGE, Turn, antecedents
from qa.followup.ellipsis import lead
from qa.followup.mentions import Mention, mentions
from qa.followup.pronouns import Reading, owning, slots_of
from qa.followup.words import (
    AUXILIARIES,
    FUNCTION,
    PREPOSITIONS,
    capitalised,
    core,
    is_plural,
    split,
    verb_like,
)

__all__ = ["filled_in", "placed"]

# What it costs to say where a question is set when a name can explain a noun of it instead.
_BESIDE_FIRST = 0.1

_WHOLE = frozenset("whole entire full".split())
_CONTRAST = frozenset("first second third fourth same other others else also still".split())


def filled_in(question: str, turns: Sequence[Turn]) -> str:
    """Say what "the one of 1968", "How many are missing?" and "then" leave to the history.

    Args:
        question: Without an opening "And".
        turns: The history, oldest first, not empty.

    Returns:
        The question, unchanged where it leaves out none of them.
    """
    return _dated(_counted(_one(question, turns), turns), turns)


def _one(question: str, turns: Sequence[Turn]) -> str:
    """Say what "the one of 1968" is one of."""
    words = split(question)
    cores = [core(word) for word in words]
    at = next((at for at in range(1, len(words)) if cores[at - 1 : at + 1] == ["the", "one"]), 0)
    said = [one.text for turn in reversed(turns) for one in reversed(mentions(turn.question))]
    kind = next((text for text in said if text.startswith("the ") and text[-1].isalpha()), "")
    if not at or not kind or any(found.named for found in mentions(question)):
        return question
    return f"{' '.join([*words[: at - 1], kind, *words[at + 1 :]])}?"


def _counted(question: str, turns: Sequence[Turn]) -> str:
    """Say of what "How many are missing?" asks the number."""
    words = split(question)
    if [core(word) for word in words[:2]] != ["how", "many"] or len(words) < 3:
        return question
    if core(words[2]) not in AUXILIARIES and not verb_like(core(words[2])):
        return question
    for turn in reversed(turns):
        asked = split(turn.question)
        cut = lead(asked)
        if cut > 2 and [core(word) for word in asked[:2]] == ["how", "many"]:
            return f"{' '.join([*words[:2], *asked[2:cut], *words[2:]])}?"
    return question


def _dated(question: str, turns: Sequence[Turn]) -> str:
    """Say when "then" was, where the last turn names a year."""
    words = split(question)
    years = re.findall(r"\b[12]\d{3}\b", f"{turns[-1].question} {turns[-1].answer}")
    if core(words[-1]) != "then" or len(words) < 3 or not years:
        return question
    return f"{' '.join([*words[:-1], 'in', years[-1]])}?"


def placed(question: str, turns: Sequence[Turn], opened: bool) -> list[Reading]:
    """Read a question that names nothing of its own with a name of the history put beside.

    Args:
        question: Without an opening "And"; it holds no pronoun to replace.
        turns: The history, oldest first.
        opened: Whether the question began with "And".

    Returns:
        Readings such as "Who owns the ferry Marigold Castle?" and "Who came third at Lake
        Varsell?"; none where the question names something itself, or says nothing that needs a
        context, as "the company" and "the third" do.
    """
    words = split(question)
    own = mentions(question)
    definite = [found for found in own if core(words[found.start]) == "the"]
    contrast = _CONTRAST & {core(word) for word in words}
    named = any(found.named or found.kind == "time" for found in own)
    asks = (lead(words) > 0 or core(words[0]) in AUXILIARIES) and not slots_of(words)
    bare = bool(definite) and not _describes_itself(words, definite)
    if named or not asks or not (opened or bare or contrast or len(words) <= 3):
        return []
    known = {core(word) for word in words} - FUNCTION
    beside = [*_beside(words, definite, turns), *_owners(words, turns)]
    readings = list(beside)
    for age, turn in enumerate(reversed(turns)):
        where = _where(turn.question)
        if where and not known & {core(word) for word in where.split()}:
            later = _BESIDE_FIRST if beside else 0.0
            readings.append(Reading(f"{' '.join(words)} {where}?", age * AGE + later))
    return readings


def _describes_itself(words: Sequence[str], definite: Sequence[Mention]) -> bool:
    """Tell "the bankrupt carrier", or a clause before the question, from "the carrier"."""
    clause = any(word.endswith(",") for word in words[:-1])
    described = (
        found.end - found.start > 2 and core(words[found.start + 1]) not in _WHOLE
        for found in definite
    )
    return clause or any(described)


def _names(role: str, words: Sequence[str], turns: Sequence[Turn]) -> list[tuple[str, float]]:
    """List names of the history without "the", each with its cost."""
    found = antecedents(role, " ".join(words), turns)
    bare = [(text.removeprefix("the "), cost) for text, cost in found]
    return [one for one in bare if all(capitalised(word) for word in one[0].split())][:3]


def _beside(
    words: Sequence[str], definite: Sequence[Mention], turns: Sequence[Turn]
) -> list[Reading]:
    """Put a name beside the noun that it explains: "the ferry Marigold Castle"."""
    return [
        Reading(f"{' '.join([*words[: found.end], name, *words[found.end :]])}?", cost)
        for found in definite
        if found.end - found.start == 2
        and not words[found.end - 1].endswith(("'s", "’s"))
        and not is_plural(core(words[found.end - 1]))
        for name, cost in _names("he" if found.kind == "person" else "it", words, turns)
    ]


def _owners(words: Sequence[str], turns: Sequence[Turn]) -> list[Reading]:
    """Put a name in the place of "the firm's"."""
    return [
        Reading(f"{' '.join([*words[: at - 1], owning(name), *words[at + 1 :]])}?", cost)
        for at in range(1, len(words))
        if core(words[at - 1]) == "the" and words[at].endswith(("'s", "’s"))
        for name, cost in _names("it", words, turns)
    ]


def _where(question: str) -> str:
    """Find the phrase that says where a question is set: "in the final round"."""
    for found in reversed(mentions(question)):
        set_by = found.before in PREPOSITIONS - {"by", "to", "as"}
        person = found.kind == "person" or (found.kind == "name" and " " in found.text)
        if found.named and found.kind != "time" and (set_by or not person):
            plain = "in" if found.text.startswith("the ") else "for"
            return f"{found.before if set_by else plain} {found.text}"
    return ""
