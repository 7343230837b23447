"""A message's words as the patterns see them: small letters, no marks, common typos mended."""

from __future__ import annotations

import re

__all__ = ["folded"]

# How people write in chats, and typos of words too short to guess at.
_WRITTEN = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "im": "i am",
    "dont": "do not",
    "doesnt": "does not",
    "isnt": "is not",
    "cant": "can not",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "tnx": "thanks",
    "thnx": "thanks",
    "thks": "thanks",
    "ty": "thank you",
    "tysm": "thank you",
    "thankyou": "thank you",
    "thanx": "thanks",
    "helo": "hello",
    "hullo": "hello",
    "halo": "hello",
    "hlep": "help",
    "hepl": "help",
    "halp": "help",
    "whats": "what is",
    "wats": "what is",
    "wat": "what",
    "whos": "who is",
    "hows": "how is",
    "theres": "there is",
    "thats": "that is",
    "todays": "today",
    "yesterdays": "yesterday",
    "weeks": "week",
    "lets": "let us",
    "ok": "okay",
    "k": "okay",
}

# Words that decide what a message is; one wrong, missing, doubled or swapped letter is forgiven.
_MENDED = (
    "hello thanks thank welcome library articles article sources documents summarise "
    "summarize summary overview latest newest recent yesterday today happened headlines updates "
    "examples instructions understand"
).split()
_NOT_TYPOS = frozenset("think thinks tanks hells articled sourced updated resent".split())
_SHORTEST_TYPO = 5

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’`´]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def folded(message: str) -> str:
    """Give a message's words in small letters, with single spaces between them.

    Args:
        message: Any text.

    Returns:
        The words; an empty string where there are none.

    >>> folded("Heyyy,  what's the LATSET?!")
    'hey what is the latest'
    """
    bare = _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", message.casefold()))
    text = " ".join(_mended(word) for word in _WORD.findall(bare))
    return text.replace("tl dr", "tldr")


def _mended(word: str) -> str:
    if word in _WRITTEN:
        return _WRITTEN[word]
    if len(word) < _SHORTEST_TYPO or word in _NOT_TYPOS or word in _MENDED:
        return word
    return next((known for known in _MENDED if _one_slip(word, known)), word)


def _one_slip(word: str, known: str) -> bool:
    """Tell whether one letter too many, too few, wrong or swapped is between two words.

    >>> _one_slip("tahnks", "thanks"), _one_slip("libary", "library"), _one_slip("later", "latest")
    (True, True, False)
    """
    if word[0] != known[0] or word in (known + "s", known[:-1]):
        return False  # "source" is no typo of "sources"
    same = next(
        (at for at, (a, b) in enumerate(zip(word, known, strict=False)) if a != b),
        min(len(word), len(known)),
    )
    one, other = word[same:], known[same:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other or one == other[1:] or one[1:] == other[1:]
