"""Questions without a verb, "Where?" or "What about the bridge?", completed from the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.followup.mentions import Mention, mentions
from qa.followup.words import (
    AUXILIARIES,
    DETERMINERS,
    FUNCTION,
    IRREGULAR,
    PREPOSITIONS,
    WH,
    capitalised,
    core,
    is_plural,
    split,
    verb_like,
)

__all__ = ["about", "completed", "fragment", "lead", "phrased"]

_AFTER_WH = frozenset("exactly precisely else then many much long often far old so not".split())
_OWNERS = frozenset("his her its their".split())
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozens hundreds".split()
)
_ORDINALS = frozenset("first second third fourth fifth other last next".split())
_YEAR = re.compile(r"\d{4}")
_LONGEST_ANSWER = 12


def fragment(question: str, opened: bool) -> str:
    """Tell which kind of verbless follow-up a question is.

    Args:
        question: Without an opening "And".
        opened: Whether it had one.

    Returns:
        "wh" for "By whom?", "phrase" for "In 2019?", "noun" for "The bridge?" and "owned" for
        "His name?"; empty where it is none of them.

    >>> fragment("At what cost?", False), fragment("Who owns it?", False)
    ('wh', '')
    """
    words = split(question)
    cores = [core(word) for word in words]
    if not words or len(words) > 9 or AUXILIARIES & set(cores):
        return ""
    asks = cores[0] in WH or (cores[0] in PREPOSITIONS and bool(WH & set(cores[1:3])))
    if asks:
        return "wh" if _asks_only(words, cores) else ""
    if cores[0] in PREPOSITIONS:
        # "Of the samples, what number failed?" is whole.
        asks_later = any(
            cores[at] in WH and words[at - 1].endswith(",") for at in range(1, len(words))
        )
        return "" if asks_later else "phrase"
    if cores[0] in _OWNERS:
        return "owned" if len(words) <= 6 else ""
    short = question.rstrip().endswith("?") and (cores[0] in DETERMINERS or capitalised(words[0]))
    return "noun" if opened or (short and len(words) <= 5 and cores[0] not in FUNCTION) else ""


def _asks_only(words: Sequence[str], cores: Sequence[str]) -> bool:
    """Tell "In how many trips" and "Where" from "Who owns the ferry"."""
    start = 1 if cores[0] in PREPOSITIONS else 0
    rest = cores[start + 1 :]
    while rest and rest[0] in _AFTER_WH:
        rest = rest[1:]
    if start:
        return len(rest) <= 4
    plain = not any(verb_like(word) or word in FUNCTION for word in rest)
    named = any(capitalised(word) for word in words[1:])
    countable = cores[0] in ("how", "which", "what") and len(rest) <= 1
    return not rest or (plain and not named and countable)


def lead(words: Sequence[str]) -> int:
    """Count the words of a question's wh-phrase: up to its auxiliary, or to its verb.

    >>> lead("How many people has the landslide killed".split()), lead("Who won it".split())
    (3, 1)
    """
    cores = [core(word) for word in words]
    if not cores or not WH & set(cores[:3]):
        return 0
    limit = min(len(words), 8)
    for at in range(1, limit):
        if cores[at] in AUXILIARIES:
            return at
    for at in range(1, limit):
        counted = cores[at] in _AFTER_WH or cores[at] in WH
        noun = at > 1 and cores[at - 1] not in _AFTER_WH and not is_plural(cores[at - 1])
        third = noun and cores[at].endswith("s")
        if not counted and (verb_like(cores[at]) or third or cores[0] in ("who", "whom")):
            return at
    return 0


def completed(asked: str, last: str, answer: str | None) -> str:
    """Put the wh-phrase of a fragment before the rest of the last question.

    Args:
        asked: A fragment of kind "wh".
        last: The last question; it stands alone.
        answer: What was answered, to stand where the wh-phrase stood.

    >>> completed("By whom?", "When was the Ostrell fire first seen?", "8 May")
    'By whom was the Ostrell fire first seen?'
    >>> completed("When?", "Who discovered comet Hadley-Moore?", None)
    'When was comet Hadley-Moore discovered?'
    """
    words = split(last)
    wanted = " ".join(split(asked))
    cut = lead(words)
    if not cut:
        rest = " ".join(words)
        return f"{wanted} {rest[:1].lower()}{rest[1:]}?" if _is_yes_no(words) else ""
    if core(words[cut]) in AUXILIARIES:
        return f"{wanted} {' '.join(_filled(words, cut, answer))}?"
    passive = _passive(words[cut:])
    if passive:
        return f"{wanted} {passive}?"
    return f"{' '.join(words)}, and {wanted[:1].lower()}{wanted[1:]}?"


def _is_yes_no(words: Sequence[str]) -> bool:
    return bool(words) and core(words[0]) in AUXILIARIES


def _filled(words: Sequence[str], cut: int, answer: str | None) -> list[str]:
    """Give the last question from its auxiliary on, with the answer in the wh-phrase's place."""
    rest = list(words[cut:])
    cores = [core(word) for word in words[:cut]]
    if cores[0] in ("when", "where", "why") or cores[0] in PREPOSITIONS or cores[:2] == ["how"]:
        return rest
    stands = _stand_in(words[:cut], answer)
    subject = next((found for found in mentions(" ".join(rest)) if found.start == 1), None)
    if not stands:
        return rest
    if subject is None:
        pronoun = len(rest) > 1 and core(rest[1]) in ("he", "she", "it", "they", "there")
        return [*rest, stands] if pronoun else [rest[0], stands, *rest[1:]]
    if subject.end == len(rest) and core(rest[0]) in ("is", "was", "are", "were"):
        return [rest[0], stands, *rest[1:]]
    place = subject.end + 1
    while place < len(rest) and core(rest[place - 1]) in FUNCTION - PREPOSITIONS:
        place += 1
    prepositional = place < len(rest) - 1 and core(rest[place]) in PREPOSITIONS
    return [*rest[:place], stands, *rest[place:]] if prepositional else [*rest, stands]


def _stand_in(asked: Sequence[str], answer: str | None) -> str:
    """Word the answer so that it can stand in a question: "four" becomes "four people"."""
    counted = " ".join(asked[2:]) if [core(word) for word in asked[:2]] == ["how", "many"] else ""
    told = split(answer) if answer else []
    if not told or len(told) > _LONGEST_ANSWER:
        return counted
    number = told[0][:1].isdigit() or core(told[0]) in _NUMBER_WORDS
    if len(told) == 1 and number and counted:
        return f"{told[0]} {counted}"
    return " ".join(told) if number or not counted else counted


def _passive(words: Sequence[str]) -> str:
    """Turn "discovered comet Hadley-Moore in 1971" into "was comet ... discovered in 1971"."""
    verb = core(words[0])
    regular = verb.endswith("ed") or verb in IRREGULAR
    if not regular or len(words) < 2 or core(words[1]) in FUNCTION - DETERMINERS:
        return ""
    end = 2
    while end < len(words) and core(words[end]) not in PREPOSITIONS - {"of"}:
        end += 1
    plural = core(words[end - 1]).endswith("s") and not capitalised(words[end - 1])
    return " ".join(["were" if plural else "was", *words[1:end], words[0], *words[end:]])


def phrased(asked: str, last: str) -> str:
    """Put a prepositional phrase into the last question, in the place of one like it.

    >>> phrased("in the second?", "How many fell ill in the first group of the trial?")
    'How many fell ill in the second group of the trial?'
    >>> phrased("in 2019?", "Who was mayor of Quellmar in 2018?")
    'Who was mayor of Quellmar in 2019?'
    """
    words, new = split(last), split(asked)
    new[0] = new[0].lower()
    start, end = _like(words, new)
    return f"{' '.join([*words[:start], *new, *words[end:]])}?"


def _like(words: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Find the phrase that another takes the place of; the end where there is none."""
    for at in range(1, len(words)):
        dated = _YEAR.fullmatch(words[at]) and _YEAR.fullmatch(new[-1])
        if dated and core(words[at - 1]) == core(new[0]):
            return at - 1, at + 1
    named = any(capitalised(word) for word in new[1:])
    for found in reversed(mentions(" ".join(words))):
        before = found.start - 1
        alike = found.named == named and found.kind != "time" and not new[-1].isdigit()
        if before < 0 or found.before != core(new[0]) or not alike:
            continue
        ordered = (at for at in range(found.start, found.end) if core(words[at]) in _ORDINALS)
        kept = next(ordered, found.end - 1) if core(new[-1]) in _ORDINALS else found.end - 1
        return before, kept + 1
    return len(words), len(words)


def about(topic: str, last: str) -> list[str]:
    """Put a new topic into the last question, in the place of each of its phrases in turn.

    Phrases that share a word with the topic come first, then names.

    >>> about("the bridge", "When was the Ostrell fire first seen?")
    ['When was the bridge first seen?']
    """
    words = split(last)
    new = {core(word) for word in split(topic)} - FUNCTION

    if topic.casefold().startswith("those who ") and lead(words) > 2:
        return [f"{' '.join(words[: lead(words)])} {topic[len('those who ') :]}?"]
    bare_name = capitalised(topic)
    beside = PREPOSITIONS if bare_name else frozenset[str]()

    def unlike(found: Mention) -> tuple[int, bool, bool, int]:
        shared = new & {core(word) for word in split(found.text)}
        return (
            -len(shared),
            capitalised(found.text) != bare_name,
            found.before in beside,
            -found.start,
        )

    places = [found for found in mentions(last) if found.start > 0 or found.named]
    ranked = sorted(places, key=unlike)
    if not ranked:
        return []
    alike = [found for found in ranked if unlike(found)[:2] == unlike(ranked[0])[:2]]
    readings = []
    for found in alike:
        ending = "'s" if words[found.end - 1].endswith(("'s", "’s")) else ""
        replaced = [*words[: found.start], topic + ending, *words[found.end :]]
        readings.append(f"{' '.join(replaced)}?")
    return readings
