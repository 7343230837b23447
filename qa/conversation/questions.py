"""Yes/no questions, and several questions in one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.followup.words import (
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    WH,
    WH_PEOPLE,
    capitalised,
    core,
    verb_like,
)

__all__ = ["asks", "is_yes_no", "separate"]

_AUXILIARIES = AUXILIARIES | frozenset(
    """can't couldn't wouldn't shouldn't mustn't ain't isnt arent wasnt werent hasnt havent doesnt
    dont didnt wont cant couldnt wouldnt shouldnt""".split()
)
# These open hardly anything but questions; the others also begin names, orders and dates.
_ASKING = _AUXILIARIES - frozenset(
    "do have had can may might will must need shall be am been been cant".split()
)
_SUBJECTS = (
    DETERMINERS
    | PRONOUNS
    | frozenset(
        """any anyone anybody anything some someone somebody something everyone everybody everything
        all both each every no nobody none many most several people u""".split()
    )
)
# "Do it again" and "have a look" are orders; "have they" is not.
_ORDERS = frozenset("do have".split())
_ASKED = frozenset("they we you u i he she the these those any anyone anybody people".split())
_NO_SUBJECTS = (
    PREPOSITIONS | _AUXILIARIES | WH | frozenset("not now still also only and or".split())
)

# Verbs and nouns that a question in a question follows: "Did they say when it opens?".
_TELLING = frozenset(
    """say says said tell tells told know knows known explain explains explained clear reveal
    reveals revealed ask asked asking wonder remember show shows shown find out see describe
    described disclose disclosed announce announced decide decided learn learned state stated
    mention me us idea sure understand specify specified about of to""".split()
)
# "Can you give me …" asks for what it names.
_REQUESTED = frozenset("tell give show find name list remind explain get look recall".split())

_OPENING = re.compile(
    r"(?:(?:and|but|so|also|then|plus|okay|ok|well|now|or)\b[,\s]+)+", re.IGNORECASE
)
_TAG = re.compile(
    r",\s*(?:right|correct|true|yes|no|(?:is|was|are|were|did|do|does|has|have|had|will|would|can|"
    r"could)(?:n['’]?t)? (?:it|he|she|they|there|not))\s*\?",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"\bor\b(?! (?:not|no|so)\b)", re.IGNORECASE)

# "Should it rain, who pays?" and "Is there a fine, and if so which?" ask more than yes or no.
_BESIDES = re.compile(
    rf"(?:should|had|were)\b[^,]*,\s+(?:{'|'.join(sorted(WH))})\b"
    rf"|.*\bif (?:so|not|yes),?\s+(?:{'|'.join(sorted(WH))})\b",
    re.IGNORECASE,
)

# Where a message of several questions is cut: behind marks, before list numbers and line ends.
_SENTENCES = re.compile(r"\?[?!\s]*(?=[\w¿\"“‘])|\n+|(?<=\s)(?=\d[.)]\s)")
_NUMBER = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s+")
_JOINED = re.compile(
    r",?\s+(?P<and>(?:and|&|plus|then)\s+(?:also\s+|then\s+)?)|(?P<semicolon>;\s+)|,\s+",
    re.IGNORECASE,
)
_COUNTED = frozenset(
    "many much long far old often big large tall heavy high fast deep wide".split()
)
_WH_PHRASE = rf"(?:(?:{'|'.join(sorted(PREPOSITIONS))}) )?(?:{'|'.join(sorted(WH))})"
_SHARED = re.compile(
    rf"(?P<one>{_WH_PHRASE})(?:,? (?:and|&) )(?P<other>{_WH_PHRASE}) (?P<rest>\S+ .+)",
    re.IGNORECASE,
)
_FRAGMENT = 3


def asks(text: str) -> bool:
    """Tell whether a text begins like a question, with or without a question mark.

    >>> asks("by whom was it built"), asks("is it open"), asks("the captain of the ship")
    (True, True, False)
    """
    words = _words(text)
    return _wh_at(words) >= 0 or _opens_yes_no(words, text)


def is_yes_no(text: str) -> bool:
    """Tell whether yes or no would answer a question.

    A question that offers an alternative, or that holds another question, is not of them: "Was it
    he or she?", "Did they say when it opens?".

    >>> is_yes_no("Was anyone hurt when the roof fell?"), is_yes_no("Do you know who fell?")
    (True, False)
    """
    words = _words(text)
    if _TAG.search(text):
        return _wh_at(words) < 0
    more = _ALTERNATIVE.search(text) or _BESIDES.match(text)
    if not _opens_yes_no(words, text) or more:
        return False
    cores = [core(word) for word in words]
    if cores[1] in ("you", "u") and not {"if", "whether", "that"} & set(cores[2:5]):
        return cores[2] not in _REQUESTED | {"know", "remember"}
    indirect = (word in WH and before in _TELLING for before, word in pairwise(cores))
    return not any(indirect)


def separate(message: str) -> list[str]:
    """Cut a message into its questions.

    Args:
        message: Any text.

    Returns:
        Questions that end with a question mark, in their order; a single one, the message to the
        letter, unless it holds at least two.

    >>> separate("Who won and how many voted?")
    ['Who won?', 'How many voted?']
    >>> separate("When and where did it sink?")
    ['When did it sink?', 'Where did it sink?']
    >>> separate("Who won the War and Peace prize?")
    ['Who won the War and Peace prize?']
    """
    sentences = [_NUMBER.sub("", one).strip() for one in _SENTENCES.split(message)]
    found = [part for one in sentences if _asks_at_last(one) for part in _parts(one)]
    return [_ended(one) for one in found] if len(found) > 1 else [message]


def _words(text: str) -> list[str]:
    bare = _OPENING.sub("", text.strip(), count=1) if _OPENING.match(text.strip()) else text
    return bare.strip().rstrip("?!. ").split()


def _wh_at(words: Sequence[str]) -> int:
    """Find the wh-word that a question begins with, behind a preposition perhaps; -1 for none."""
    cores = [_bare(word) for word in words[:2]]
    if cores and cores[0] in WH:
        return 0
    return 1 if len(cores) == 2 and cores[0] in PREPOSITIONS and cores[1] in WH else -1


def _bare(word: str) -> str:
    """Fold a word: "what's" and "whats" ask what "what" does."""
    folded = core(word).replace("’", "'")
    for ending in ("'s", "'re", "'d", "'ll", "s"):
        if folded.removesuffix(ending) in WH:
            return folded.removesuffix(ending)
    return folded


def _opens_yes_no(words: Sequence[str], text: str) -> bool:
    if len(words) < 3 and not (len(words) == 2 and core(words[1]) in _SUBJECTS):
        return False
    first, second = core(words[0]).replace("’", "'"), core(words[1])
    if first not in _AUXILIARIES or not words[1][:1].isalpha() or second in _NO_SUBJECTS:
        return False
    certain = first in _ASKING or second in (_SUBJECTS if first not in _ORDERS else _ASKED)
    return certain or text.rstrip(" !.").endswith("?")


def _asks_at_last(text: str) -> bool:
    """Tell whether a question stands at the end; sentences before it say what it is about."""
    return asks(text) or asks(re.split(r"(?<=[.!])\s+", text)[-1])


def _parts(sentence: str) -> list[str]:
    """Cut one sentence where a question is joined to another."""
    shared = _SHARED.fullmatch(sentence.strip())
    if shared and core(shared["rest"].split()[0]) in _AUXILIARIES:
        return [f"{shared[name]} {shared['rest']}" for name in ("one", "other")]
    for found in _JOINED.finditer(sentence):
        left, right = sentence[: found.start()], sentence[found.end() :]
        joins = _joins if found["and"] or found["semicolon"] else _follows
        if _is_whole(left) and joins(_words(left), _words(right)):
            return [left, *_parts(right)]
    return [sentence]


def _is_whole(left: str) -> bool:
    """Tell "Who won" from "How many" and from "What about the bridge"."""
    words = [core(word) for word in _words(left)]
    said = [word for word in words if word not in WH | _COUNTED]
    topic = words[:2] in (["what", "about"], ["how", "about"])
    return bool(said) and not topic and _asks_at_last(left)


def _follows(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell "When was it built, where is it?" from "When it is built, where is it?"."""
    begun = all(
        _wh_at(words) == 0 and len(words) > 2 and core(words[1]) in _AUXILIARIES
        for words in (left, right)
    )
    aside = [core(word) for word in left[-2:]] == ["that", "is"]
    return begun and not aside and _bare(right[0]) != "which"


def _joins(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether what stands behind "and" is a question of its own."""
    at = _wh_at(right)
    if at < 0:
        return _inverted(right)
    wh, after = _bare(right[at]), right[at + 1 :]
    inner = WH & {core(word) for word in left[1:]}
    # "The man who robbed the bank and who fled" is one man; "who sat where and when" one question.
    finite = any(core(word) in _AUXILIARIES or verb_like(core(word)) for word in after)
    return wh not in inner and (finite or not inner) and _free(right[at], wh, after)


def _free(word: str, wh: str, after: Sequence[str]) -> bool:
    """Tell "where was it held" and "why" from the "where it was held" of a longer question."""
    if not after or (wh == "how" and core(after[0]) in _COUNTED) or core(word) != wh:
        return True
    first = core(after[0])
    if first in _AUXILIARIES or wh in ("which", "whose"):
        return True
    if wh in WH_PEOPLE | {"what"}:
        plain = first not in PRONOUNS | DETERMINERS
        return plain and (verb_like(first) or not capitalised(after[0]) or wh == "what")
    return len(after) < _FRAGMENT and first not in PRONOUNS | DETERMINERS


def _inverted(words: Sequence[str]) -> bool:
    """Tell "is it dangerous" from "is now in port"."""
    if len(words) < 3 or core(words[0]).replace("’", "'") not in _AUXILIARIES:
        return False
    return core(words[1]) in _SUBJECTS or capitalised(words[1])


def _ended(question: str) -> str:
    bare = question.strip().rstrip("?!.,; ")
    bare = _OPENING.sub("", bare, count=1) if _OPENING.match(bare) else bare
    return f"{bare[:1].upper()}{bare[1:]}?"
