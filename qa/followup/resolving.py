"""A follow-up question and the history to a question that stands alone.

No language model: rules of English propose a few readings, and the retriever judges which of them
the articles fit. The score of a hit holds the share of the question's words that its passage
holds, so a longer reading does not win by its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from qa.followup.antecedents import FITS, Turn
from qa.followup.context import filled_in, placed
from qa.followup.ellipsis import about, completed, fragment, lead, phrased
from qa.followup.mentions import mentions
from qa.followup.pronouns import HE, SHE, Reading, replaced, slots_of, substituted
from qa.followup.words import DETERMINERS, WH, core, is_person_noun, split
from qa.types import Hit

__all__ = ["resolve"]

Search = Callable[[str], Sequence[Hit]]

# How far back an antecedent may lie, and how many characters of each turn are read.
_TURNS = 8
_READ = 400

# A longer question says itself what it is about.
_LONGEST = 40

# Each costs a search.
_READINGS = 6

# Weight of the best hit's score against the costs. A name of which the articles are full finds well
# whatever is asked of it, so what the talk is about counts for more.
_JUDGE = 0.5

# What it counts, in scores of the retriever, that the articles call a name "he" or "she".
_GENDER = 0.3

# How many characters behind a name its pronoun is looked for.
_NEAR = 200
_TIMES_NAMED = 5

# By how much a reading must beat the question as it was asked: where that names something itself;
# where it begins with "And"; where it only says "the company". None: it cannot stand alone.
_OWN = 0.12
_OPENED = 0.0
_BARE = 0.08

# So many hits of the question as it was asked are where it leads to.
_LED = 3

# What a less likely place for the new topic costs.
_PLACE = 0.03

_OPENING = re.compile(r"(?:and|but|so|ok|okay|well)\b,?\s+", re.IGNORECASE)
_NEXT_NAME = re.compile(r"[^\W\dA-Z][,;]? (?=[A-Z])")
_ABOUT = re.compile(r"(?:what|how)\s+about\s+", re.IGNORECASE)


def resolve(question: str, history: Sequence[tuple[str, str | None]], search: Search) -> str:
    """Word a follow-up question so that it stands alone.

    Args:
        question: Any text.
        history: (question as it was asked or resolved, answer or None), oldest first.
        search: Finds hits for a question, best first. Called for a few readings at most, and not
            at all where there is nothing to choose.

    Returns:
        A question that stands alone; ``question`` itself, to the letter, where it stands alone
        already and where nothing in the history fits.
    """
    turns: list[Turn] = []
    for asked, answer in history[-_TURNS:]:
        # The retriever judges the new question only: earlier ones are read by recency alone.
        earlier = _read(asked[:_READ], turns, None)
        told = answer[:_READ] if answer is not None else ""
        turns.append(Turn(earlier, _owned(told, earlier, turns)))
    return _read(question, turns, search)


def _owned(answer: str, question: str, turns: Sequence[Turn]) -> str:
    """Say whose "his office" is."""
    words = split(answer)
    if not words or core(words[0]) not in ("his", "her", "its", "their"):
        return answer
    readings = substituted(answer, [*turns, Turn(question, "")])
    return min(readings, key=lambda one: one.cost).text.rstrip("?") if readings else answer


def _read(question: str, turns: Sequence[Turn], search: Search | None) -> str:
    """Resolve one question; without a search by what is likeliest before looking."""
    wordy = len(question) > _READ or len(question.split()) > _LONGEST
    if not turns or wordy or not any(letter.isalpha() for letter in question):
        return question
    readings, margin = _proposed(question, turns)
    few = sorted(readings, key=lambda reading: reading.cost)[:_READINGS]
    if not few or (search is None and margin is not None):
        return question
    if search is None or (len(few) == 1 and margin is None):
        return few[0].text
    found = [search(reading.text) for reading in few]
    scores = [_score(reading, hits) for reading, hits in zip(few, found, strict=True)]
    best = max(range(len(few)), key=lambda at: scores[at])
    if margin is None or _gains(few[best], found[best], search(question), margin):
        return few[best].text
    return question


def _gains(reading: Reading, found: Sequence[Hit], plain: Sequence[Hit], margin: float) -> bool:
    """Tell whether a reading finds clearly better than the question as it was asked.

    Any name finds its own passage; one that belongs to the question finds a passage to which the
    question leads by itself, only less clearly.
    """
    if not found or _top(found) - reading.cost < _top(plain) + margin:
        return False
    led = {hit.chunk.id for hit in plain[:_LED]}
    return margin <= _OPENED or found[0].chunk.id in led


def _proposed(question: str, turns: Sequence[Turn]) -> tuple[list[Reading], float | None]:
    """List the readings of a question, and by how much the best must beat the question."""
    asked = question.strip()
    opening = _OPENING.match(asked)
    bare = _capital(asked[opening.end() :]) if opening else asked
    topic = _ABOUT.match(bare)
    if topic:
        return _about(bare[topic.end() :], turns[-1].question), None
    kind = fragment(bare, bool(opening))
    if kind:
        return _completed(bare, kind, turns), None
    whole = filled_in(bare, turns)
    readings = substituted(whole, turns)
    if readings:
        return readings, _margin(whole)
    beside = placed(whole, turns, bool(opening))
    if whole != bare:
        return [Reading(whole, 0.0), *beside], None
    return beside, _OPENED if opening else _BARE


def _margin(question: str) -> float | None:
    """Give what a reading must gain: None where nothing in the question can be the antecedent."""
    words = split(question)
    # "What share of their cash did the passengers lose?" may name the owner later.
    if any(slot.owns and slot.place < lead(words) for slot in slots_of(words)):
        return _OWN
    roles = {slot.role for slot in slots_of(words)}
    for found in mentions(question):
        if found.named and any(FITS[role].get(found.kind, 9) < 2 for role in roles):
            return _OWN
    return None


def _about(topic: str, last: str) -> list[Reading]:
    """Read "What about the bridge?" and "What about the bridge, when was it built?"."""
    subject, _, asked = topic.partition(", ")
    words = split(asked)
    if WH & {core(word) for word in words[:3]}:
        if [core(word) for word in words[:2]] == ["how", "many"] and not slots_of(words):
            words[2:2] = ["of", subject]
        chosen = [(slot, subject) for slot in slots_of(words)]
        return [Reading(_capital(replaced(words, chosen)), 0.0)]
    return _ranked(about(" ".join(split(topic)), last))


def _completed(bare: str, kind: str, turns: Sequence[Turn]) -> list[Reading]:
    """Complete a question without a verb."""
    last = turns[-1]
    words = split(bare)
    if kind == "owned":
        asks = "Who" if is_person_noun(core(words[-1])) else "What"
        return substituted(f"{asks} is {' '.join([words[0].lower(), *words[1:]])}?", turns)
    if kind == "wh":
        return _ranked([completed(bare, last.question, last.answer)])
    if kind == "phrase":
        return _ranked([phrased(bare, last.question)])
    if core(words[0]) in DETERMINERS:
        words[0] = words[0].lower()
    return _ranked(about(" ".join(words), last.question))


def _ranked(texts: Sequence[str]) -> list[Reading]:
    return [Reading(text, _PLACE * at) for at, text in enumerate(texts) if text]


def _score(reading: Reading, hits: Sequence[Hit]) -> float:
    agrees = sum(_agrees(name, role, hits) for name, role in reading.people)
    return _JUDGE * _top(hits) - reading.cost + _GENDER * agrees


def _top(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def _agrees(name: str, role: str, hits: Sequence[Hit]) -> int:
    """Tell by the pronouns that follow a name in the articles whether it is a he or a she.

    Returns:
        1 where it is, -1 where it is the other, 0 where the best hits do not say.
    """
    last = re.compile(rf"(?<![\w-]){re.escape(name.rsplit(maxsplit=1)[-1])}(?![\w-])")
    votes = 0
    for hit in hits[:3]:
        for found in islice(last.finditer(hit.chunk.text), _TIMES_NAMED):
            near = hit.chunk.text[found.end() : found.end() + _NEAR]
            # Behind the next name a pronoun is likely that one's.
            own = _NEXT_NAME.split(near, maxsplit=1)[0].casefold()
            said = [word for word in re.findall(r"\w+", own) if word in HE or word in SHE]
            votes += 0 if not said else (1 if (said[0] in HE) == (role == "he") else -1)
    return (votes > 0) - (votes < 0)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
