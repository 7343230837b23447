"""What a pronoun may stand for: the names and phrases of the history, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.followup.ellipsis import lead
from qa.followup.mentions import Kind, Mention, mentions
from qa.followup.words import (
    DETERMINERS,
    FUNCTION,
    PLURAL_PEOPLE,
    PREPOSITIONS,
    WH_PEOPLE,
    capitalised,
    core,
    is_person_noun,
    is_plural,
    split,
)

__all__ = ["AGE", "FITS", "Turn", "antecedents"]

# Costs, in scores of the retriever: for each turn that lies between; for what a question names
# beside its answer, and much more where the answer is of the same kind, since the talk is then of
# the answer, or where a later answer is; for a phrase that only its story explains; for each step
# of a worse fit.
AGE = 0.06
_QUESTION = 0.02
_ANSWERED = 0.3
_FOCUS = 0.15
_VAGUE = 0.1
_ODD = 0.2
_FIT = 0.05

# How well each kind of mention fits a role; kinds left out do not fit.
_HUMAN: dict[Kind, int] = {"person": 0, "name": 1}
FITS: dict[str, dict[Kind, int]] = {
    "he": _HUMAN,
    "she": _HUMAN,
    "it": {"thing": 0, "place": 2, "name": 1, "many": 2},
    "that": {"thing": 0, "place": 0, "name": 1},
    "they": {"many": 0, "thing": 2, "name": 3, "person": 3},
    "there": {"place": 0, "thing": 1, "many": 1, "name": 3},
}
_OWN_MANY = ("thing", "many", "place")


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, which stands alone, and its answer; empty where there was none."""

    question: str
    answer: str


def antecedents(role: str, question: str, turns: Sequence[Turn]) -> list[tuple[str, float]]:
    """List what a pronoun may stand for.

    Args:
        role: A key of ``FITS``.
        question: The one that holds the pronoun; what it names itself is left out.
        turns: The history, oldest first.

    Returns:
        Texts with their costs, cheapest first; for "there" with a preposition.
    """
    known = {core(word) for word in split(question)} - FUNCTION
    kinds = _kinds(turns)
    focus = _answered_kinds(turns[-1])
    found: dict[str, tuple[str, float]] = {}
    for age, turn in enumerate(reversed(turns)):
        for mention, cost in _said(turn):
            head = _head(mention)
            kind = kinds.get(head, "name") if mention.kind == "name" else mention.kind
            fit = FITS[role].get(kind)
            nowhere = role == "there" and _is_no_place(mention, kind)
            if fit is None or head in known or nowhere:
                continue
            talk = _FOCUS if age and kind in focus and not fit else 0.0
            talk += _ANSWERED if role == "there" and "place" in focus and fit else 0.0
            # "Ostrell" in "mayor of Ostrell" is hardly a person.
            odd = _ODD if kind == "name" and fit and mention.before in PREPOSITIONS else 0.0
            total = age * AGE + cost + fit * _FIT + talk + odd
            text = f"{_at(mention)} {mention.text}" if role == "there" else mention.text
            if head not in found or total < found[head][1]:
                longer = max(text, found.get(head, ("", 0))[0], key=len)
                found[head] = (longer, total)
    ranked = sorted(found.values(), key=lambda pair: pair[1])
    return _pairs(turns) + ranked if role == "they" else ranked


def _answered_kinds(turn: Turn) -> set[Kind]:
    told = mentions(turn.answer, is_answer=True)
    cores = [core(word) for word in split(turn.question)]
    first = [_told(one, cores[: lead(cores)]) for one in told[:1]]
    return {one.kind for one in first if one.named or one.kind == "place"} - {"name"}


def _head(mention: Mention) -> str:
    """Give what tells two mentions apart: the last word, or all of a description."""
    described = " who " in mention.text or " that " in mention.text
    return mention.text if described else core(mention.text.split()[-1])


def _is_no_place(mention: Mention, kind: Kind) -> bool:
    """Tell people from "the baths", where somebody can be, and "Ingrid Sollberg" from "Ostrell"."""
    said = mention.text.split()
    people = PLURAL_PEOPLE & {core(word) for word in said}
    if kind == "name":
        return len(said) > 1 and mention.before not in PREPOSITIONS
    return kind == "many" and (mention.start == 0 or bool(people))


def _at(mention: Mention) -> str:
    if mention.before in ("in", "at", "on", "near", "inside", "outside"):
        return mention.before
    return "at" if mention.text.startswith("the ") else "in"


def _pairs(turns: Sequence[Turn]) -> list[tuple[str, float]]:
    """Give the two people of the last turn, whom "they" may stand for."""
    said = [one.text for one, _ in _said(turns[-1]) if one.kind == "person" and one.named]
    people = {core(text.split()[-1]): text for text in reversed(said) if "'s " not in text}
    return [(" and ".join(people.values()), 0.0)] if len(people) == 2 else []


def _kinds(turns: Sequence[Turn]) -> dict[str, Kind]:
    """Gather what is known of the kinds of names."""
    return {
        core(mention.text.split()[-1]): mention.kind
        for turn in turns
        for mention, _ in _said(turn)
        if mention.kind in ("person", "thing", "place")
        and capitalised(mention.text.split()[-1])
        and " of " not in mention.text
    }


def _said(turn: Turn) -> list[tuple[Mention, float]]:
    """List what a turn speaks of, with costs: its answer first, then what it asks about."""
    words = split(turn.question)
    cut = lead(words)
    cores = [core(word) for word in words[:cut]]
    answered = mentions(turn.answer, is_answer=True)
    owners = [one for one, after in pairwise(answered) if one.start == after.start]
    told = [one if one in owners else _told(one, cores) for one in answered]
    sure = {one.kind for one in told[:1]} - {"name"}
    # "Who is its head of research?" asks for the very person that it describes.
    same = bool(told) and cores == ["who"] and core(words[1]) in ("is", "was")
    said = [(one, _unsaid(one)) for one in told]
    for one in mentions(turn.question):
        if not (same and one.kind == "person"):
            rival = one.kind in sure or (one.kind == "name" and bool(sure & {"person", "thing"}))
            said.append((one, (_ANSWERED if rival else _QUESTION) + _vague(one)))
    if not turn.answer and cut and core(words[cut]) not in ("do", "does", "did"):
        said += [(one, 0.0) for one in _described(words, cut)]
    return said + [(one, 0.0) for one in _numbered(turn.question, words, cut)]


def _numbered(question: str, words: Sequence[str], cut: int) -> list[Mention]:
    """Give "the members of the club" after "How many members does the club have?"."""
    cores = [core(word) for word in words[:cut]]
    if cut < 3 or cores[:2] != ["how", "many"] or not is_plural(cores[-1]):
        return []
    named = (one for one in mentions(question) if one.named and one.kind in _OWN_MANY)
    owner = next((one.text for one in named), "")
    text = f"the {' '.join(words[2:cut])}" + (f" of {owner}" if owner else "")
    return [Mention(text, "many", 0, cut)]


def _described(words: Sequence[str], cut: int) -> list[Mention]:
    """Stand in for an answer that was not found: "the company that makes Otosyl"."""
    cores = [core(word) for word in words]
    rest = " ".join(words[cut:])
    names_one = cores[cut] in ("is", "was") and cores[cut + 1 : cut + 2] in (["the"], ["a"])
    if cores[:cut] == ["who"] and not names_one:
        return [Mention(f"the person who {rest}", "person", 0, cut)]
    if cores[0] == "which" and cut > 1:
        person = is_person_noun(cores[cut - 1])
        text = f"the {' '.join(words[1:cut])} {'who' if person else 'that'} {rest}"
        return [Mention(text, "person" if person else "thing", 0, cut)]
    return []


def _unsaid(mention: Mention) -> float:
    """Give the cost of an answer; "a sound engineer" says what somebody is, not who."""
    if mention.kind == "person" and not mention.named:
        return _ANSWERED
    return _vague(mention) / 2


def _vague(mention: Mention) -> float:
    """Hold it against "the winner" that only its story tells who that is."""
    said = [word for word in mention.text.split() if core(word) not in FUNCTION | DETERMINERS]
    return 0.0 if mention.named else _VAGUE / len(said) if said else _VAGUE


def _told(mention: Mention, asked: Sequence[str]) -> Mention:
    """Learn from the question what kind its answer is of."""
    if asked and asked[0] == "where" and mention.kind not in ("person", "time"):
        return replace(mention, kind="place")
    if mention.kind != "name" or not asked:
        return mention
    if WH_PEOPLE & set(asked[:2]) or is_person_noun(asked[-1]):
        return replace(mention, kind="person")
    thing = {"which", "what"} & set(asked[:3])
    return replace(mention, kind="thing") if thing else mention
