"""What a question or an answer speaks of: its names and noun phrases, by rules of English alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.followup.words import (
    AUXILIARIES,
    BODIES,
    CLOSED,
    DETERMINERS,
    FUNCTION,
    PARTICLES,
    PLACE_BEFORE,
    PLURAL_PEOPLE,
    PREPOSITIONS,
    TIMES,
    TITLES,
    capitalised,
    core,
    is_person_noun,
    is_plural,
    split,
    verb_like,
)

__all__ = ["Kind", "Mention", "mentions"]

Kind = Literal["person", "name", "thing", "place", "many", "time"]

_LONGEST_PHRASE = 10


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a noun phrase in a text.

    Args:
        text: As it goes into a question, without a possessive ending.
        kind: What it seems to be; "name" where nothing but capitals is known.
        start: Its first word, counted from 0 in ``split(text)``.
        end: One past its last word.
        before: The word in front of it, in lower case.
    """

    text: str
    kind: Kind
    start: int
    end: int
    before: str = ""

    @property
    def named(self) -> bool:
        """Tell whether it holds a word with a capital."""
        return any(capitalised(word) for word in self.text.split())


def mentions(text: str, *, is_answer: bool = False) -> list[Mention]:
    """List the names and noun phrases of a text, in order.

    A phrase of several words is one mention; "Wagtail's mother ship" is two, "Wagtail" and the
    whole.

    Args:
        text: A question or an answer.
        is_answer: Whether a capital at the very beginning says nothing.

    >>> [found.text for found in mentions("Who won the women's race at the Lake Varsell Marathon?")]
    ["the women's race", 'the Lake Varsell Marathon']
    """
    words = split(text)
    found: list[Mention] = []
    at = 0
    while at < len(words):
        end = _end(words, at) if _begins(words, at) else at
        if end > at:
            owner = _owner_end(words, at, end)
            if owner:
                found.append(_mention(words, at, owner, is_answer))
            end = _widened(words, at, end, is_answer)
            found.append(_mention(words, at, end, is_answer))
        at = max(end, at + 1)
    return [one for one in found if one.text]


def _begins(words: Sequence[str], at: int) -> bool:
    word = core(words[at])
    if word in DETERMINERS:
        following = core(words[at + 1]) if at + 1 < len(words) else ""
        return bool(following) and following not in (FUNCTION - {"first", "last", "next"})
    return capitalised(words[at]) and not (word in FUNCTION and (at == 0 or len(word) < 6))


def _end(words: Sequence[str], at: int) -> int:
    """Find where the noun phrase that begins at a word ends."""
    owned = core(words[at]) in DETERMINERS
    end, nouns = at + 1, 0 if owned else 1
    owned = owned or _possessive(words[at])
    while end < len(words) and end - at < _LONGEST_PHRASE and not _stops(words[end - 1]):
        step = _step(words, end, owned, nouns)
        if not step:
            break
        owned = owned or _possessive(words[end]) or core(words[end + step - 1]) in DETERMINERS
        nouns = 0 if core(words[end + step - 1]) in DETERMINERS else nouns + 1
        end += step
    return _without_verb(words, at, end)


def _step(words: Sequence[str], end: int, owned: bool, nouns: int) -> int:
    """Tell how many words the phrase takes in next: 0 where it ends."""
    word = core(words[end])
    following = words[end + 1] if end + 1 < len(words) else ""
    if capitalised(words[end]) or (word[:1].isdigit() and owned):
        return 1
    if nouns and word in PARTICLES and capitalised(following):
        return 2
    if nouns and word == "of" and (capitalised(following) or core(following) in DETERMINERS):
        return 2
    if not owned or (word in FUNCTION and not (nouns == 0 and word in ("first", "last", "next"))):
        return 0
    before = core(words[end - 1])
    gerund = word.endswith("ing") and following[:1].islower() and core(following) not in CLOSED
    full = nouns and (
        (verb_like(word) and not gerund) or (is_plural(before) and not _possessive(words[end - 1]))
    )
    return 0 if full or nouns > 4 else 1


def _without_verb(words: Sequence[str], at: int, end: int) -> int:
    """Leave the verb of "did the Kapune landslide occur (in 1968)" out of the phrase."""
    asks = at > 0 and core(words[at - 1]) in AUXILIARIES - {"is", "was", "are", "were"}
    last = end == len(words) or core(words[end]) in PREPOSITIONS
    plain = not capitalised(words[end - 1]) and end - at > 2
    return end - 1 if asks and last and plain and core(words[end - 2]) not in DETERMINERS else end


def _widened(words: Sequence[str], at: int, end: int, is_answer: bool) -> int:
    """Take in what tells which: "the college in Osterhelm", "is the boy who raised the alarm"."""
    if core(words[at]) not in DETERMINERS or _stops(words[end - 1]):
        return end
    rest = [core(word) for word in words[end:]]
    placed = is_answer and len(rest) > 1 and rest[0] in PLACE_BEFORE
    if placed and _begins(words, end + 1):
        return _end(words, end + 1)
    copula = at > 0 and core(words[at - 1]) in ("is", "was", "are", "were")
    return len(words) if copula and rest[:1] == ["who"] and len(rest) <= 6 else end


def _owner_end(words: Sequence[str], at: int, end: int) -> int:
    """Find the end of the owner in "Wagtail's mother ship"; 0 where nobody owns."""
    for place in range(at, end - 1):
        if _possessive(words[place]) and any(capitalised(word) for word in words[at : place + 1]):
            return place + 1
    return 0


def _possessive(word: str) -> bool:
    return word.endswith(("'s", "’s", "s'", "s’"))


def _stops(word: str) -> bool:
    return word.endswith((",", ";", ":", ".", "?", "!", ")")) and len(word) > 3


def _mention(words: Sequence[str], at: int, end: int, is_answer: bool) -> Mention:
    text = " ".join(words[at:end]).strip('"“”,;:()')
    text = text[:-2] if text.endswith(("'s", "’s")) else text.rstrip("'’")
    article, _, rest = text.partition(" ")
    if is_answer and article.casefold() in {"a", "an"} and rest:
        text = f"the {rest}"
    before = core(words[at - 1]) if at else ""
    return Mention(text, _kind(words, at, end), at, end, before)


def _kind(words: Sequence[str], at: int, end: int) -> Kind:
    cores = [core(word) for word in words[at:end]]
    head = cores[cores.index("of", 1) - 1] if "of" in cores[1:] else cores[-1]
    before = core(words[at - 1]) if at else ""
    names = [word for word in words[at:end] if capitalised(word) and core(word) != "the"]
    if head in TIMES or (head.isdigit() and len(head) == 4):
        return "time"
    if names and (cores[0] in TITLES or is_person_noun(before)):
        return "person"
    if before in PLACE_BEFORE and head not in PLURAL_PEOPLE:
        return "place"
    if len(names) == len(cores) and head not in PLURAL_PEOPLE:
        return "thing" if BODIES & set(cores) else "name"
    return _common_kind(words, at, end, head)


def _common_kind(words: Sequence[str], at: int, end: int, head: str) -> Kind:
    """Tell the kind of a phrase by its nouns."""
    plain = [core(word) for word in words[at:end] if not capitalised(word)]
    if head in PLURAL_PEOPLE:
        return "many"
    if is_person_noun(head) or any(is_person_noun(word) for word in plain[-1:]):
        return "person"
    return "many" if is_plural(head) and not capitalised(words[end - 1]) else "thing"
