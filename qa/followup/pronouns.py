"""The pronouns of a follow-up question, and the question with them replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from qa.followup.antecedents import FITS, Turn, antecedents
from qa.followup.ellipsis import lead
from qa.followup.mentions import Mention, mentions
from qa.followup.words import (
    AUXILIARIES,
    DETERMINERS,
    FUNCTION,
    PREPOSITIONS,
    WH,
    core,
    is_person_noun,
    is_plural,
    split,
    verb_like,
)

__all__ = [
    "HE",
    "SHE",
    "_HUMANS",
    "Reading",
    "Slot",
    "owning",
    "replaced",
    "slots_of",
    "substituted",
]

_HUMANS = ("he", "she")
HE = frozenset("he him his".split())
SHE = frozenset("she her hers".split())

_ROLES: dict[str, str] = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("it", "its"), "it"),
    **dict.fromkeys(("this", "that"), "that"),
    **dict.fromkeys(("they", "them", "their", "those", "these"), "they"),
    "there": "there",
}


_CLAUSES = frozenset("that when after once before if because and while until although".split())


@dataclass(frozen=True, slots=True)
class Slot:
    """A pronoun of a question: its place, what it can stand for, and whether it owns."""

    place: int
    role: str
    owns: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question.

    Args:
        text: The question that would stand alone.
        cost: How unlikely it is before the articles are looked at, in scores of the retriever.
        people: Names that stand for a "he" or a "she", each with that role.
    """

    text: str
    cost: float
    people: tuple[tuple[str, str], ...] = ()


def slots_of(words: Sequence[str]) -> list[Slot]:
    """List the pronouns that can stand for something said before."""
    cores = [core(word) for word in words]
    found = []
    for at, word in enumerate(cores):
        following = cores[at + 1] if at + 1 < len(cores) else ""
        before = cores[at - 1] if at else ""
        if word not in _ROLES or _idle(word, before, following, cores[at + 1 :]):
            continue
        owns = word in ("his", "its", "their") or (
            word == "her" and bool(following) and following not in FUNCTION | DETERMINERS
        )
        found.append(Slot(at, _ROLES[word], owns))
    return found


def _idle(word: str, before: str, following: str, rest: Sequence[str]) -> bool:
    """Tell whether a pronoun stands for nothing: "it takes", "that day", "is there a"."""
    if word == "there":
        return before in AUXILIARIES and following not in ("", "at", "now", "last", "then")
    if word in ("these", "those") and (
        following.endswith(("ed", "en")) or following in PREPOSITIONS
    ):
        return True  # "those driven from their homes", "those on a tight budget"
    if word in ("this", "that", "these", "those"):
        verb = verb_like(following) or following in AUXILIARIES
        alone = verb and before in AUXILIARIES | PREPOSITIONS | WH
        return not (alone or not following or following in PREPOSITIONS)
    if word == "it":
        if before in ("is", "was") and following in ("to", "that"):
            return True  # "Whose job is it to count?"
        return "to" in rest and any(verb in rest[:2] for verb in ("take", "cost", "takes", "cost"))
    return following == "own"


def _bound(slot: Slot, words: Sequence[str]) -> bool:
    """Tell whether a pronoun stands for something in its own question."""
    fits = FITS[slot.role]
    cut = lead(words)
    if 1 < cut <= slot.place and _later_clause(words, cut, slot.place):
        return True
    named = any(found.named for found in mentions(" ".join(words)))
    # "Who lost his life in the Ostrell fire?"
    if slot.owns and core(words[0]) == "who" and slot.place > 2 and named:
        return True
    if slot.owns and _asked_for(slot, words):
        return True
    return any(
        fits.get(found.kind, 3) < 3 and (slot.owns or _may_bind(slot, found, words))
        for found in mentions(" ".join(words))
        if found.end <= slot.place
    )


def _asked_for(slot: Slot, words: Sequence[str]) -> bool:
    """Tell whether an owner is what the question asks for: "Which mill lost its roof?"."""
    before = [core(word) for word in words[: slot.place]]
    if slot.role == "they":
        return any(map(is_plural, before))
    if slot.role in _HUMANS and any(map(is_person_noun, before)):
        return True
    cut = lead(words)
    if not 1 < cut < slot.place or core(words[cut]) in AUXILIARIES or core(words[0]) != "which":
        return False
    return is_person_noun(core(words[cut - 1])) == (slot.role in _HUMANS)


def _may_bind(slot: Slot, found: Mention, words: Sequence[str]) -> bool:
    """Leave out the subject of the clause: in "Who asked the mayor to sack him" he is another."""
    subject = core(words[slot.place]) in ("he", "she", "they")
    return subject or _later_clause(words, found.end, slot.place)


def _later_clause(words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether a clause begins between two places."""
    between = words[start:end]
    comma = any(word.endswith(",") for word in words[max(start - 1, 0) : end])
    return comma or any(core(word) in _CLAUSES for word in between)


def substituted(question: str, turns: Sequence[Turn]) -> list[Reading]:
    """Read a question with its pronouns replaced by what they may stand for.

    Args:
        question: Without an opening "And".
        turns: The history, oldest first.

    Returns:
        Every combination of the likeliest antecedents; none where no pronoun needs one, or the
        history has none.
    """
    words = split(question)
    slots = [slot for slot in slots_of(words) if not _bound(slot, words)]
    roles = list(dict.fromkeys(slot.role for slot in slots))
    choices = [antecedents(role, question, turns)[:4] for role in roles]
    if not roles or not any(choices):
        return []
    options = [choice if choice else [("", 0.0)] for choice in choices]
    readings = []
    for combination in product(*options):
        texts = dict(zip(roles, (text for text, _ in combination), strict=True))
        if len(set(texts.values())) < len(texts):
            continue
        chosen = [(slot, texts[slot.role]) for slot in slots if texts[slot.role]]
        people = tuple((texts[role], role) for role in roles if role in _HUMANS and texts[role])
        cost = sum(cost for _, cost in combination)
        readings.append(Reading(replaced(words, chosen), cost, people))
    return readings


def owning(text: str) -> str:
    """Give a noun phrase its possessive ending.

    >>> owning("Hesper Line"), owning("the baths")
    ("Hesper Line's", "the baths'")
    """
    return text + ("'" if text.endswith("s") else "'s")


def replaced(words: Sequence[str], chosen: Sequence[tuple[Slot, str]]) -> str:
    """Word a question with pronouns replaced.

    Args:
        words: The question's, as ``split`` gives them.
        chosen: For each pronoun what it stands for; "at the quay" for "there".
    """
    new = list(words)
    for slot, text in chosen:
        before = core(words[slot.place - 1]) if slot.place else ""
        full = _directed(text, before) if slot.role == "there" else text
        comma = "," if words[slot.place].endswith(",") else ""
        new[slot.place] = (owning(full) if slot.owns else full) + comma
    return f"{' '.join(new)}?"


def _directed(text: str, before: str) -> str:
    """Fit "at the college" to the word before it: "from the college", "get to the college"."""
    plain = text.partition(" ")[2]
    if before in ("get", "go", "travel", "come", "came", "went", "sent", "taken"):
        return f"to {plain}"
    return plain if before in PREPOSITIONS else text
