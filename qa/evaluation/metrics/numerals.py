"""The numbers that a text gives, in digits or in words. Pure.

English is read; digits of every script are. What is meant is told from how it stands: "36 million"
is one number, "8:25" is neither 8 nor 25, "1967 and 1971" are two.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

__all__ = ["Number", "numbers"]

# A plain value, or the parts of a time, a score, a ratio: "8:25" is (8, 25).
Number = Fraction | tuple[Fraction, ...]

_UNITS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine".split(), start=1)
}
_SMALL = {"zero": 0} | _UNITS
_SMALL |= {
    word: value
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        start=10,
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
# Only behind digits; m and k only with a currency sign, else they are metres and kilometres.
_SHORT = {"mn": 10**6, "bn": 10**9, "tn": 10**12, "trn": 10**12}
_MONEY = {"k": 10**3, "m": 10**6, "b": 10**9}

_ORDINALS = {
    "first": "one",
    "second": "two",
    "third": "three",
    "fifth": "five",
    "eighth": "eight",
    "ninth": "nine",
    "twelfth": "twelve",
}
_ORDINALS |= {
    re.sub("y$", "ie", word) + "th": word
    for word in (*_SMALL, *_TENS, *_SCALES)
    if word not in {*_ORDINALS.values(), "zero", "dozen"}
}
# "two thirds" names 2 and 3; "seconds" are a unit.
_ORDINALS |= {f"{name}s": word for name, word in _ORDINALS.items() if name != "second"}

# A run of digits is read in pieces of 300: int() refuses some thousand, and nobody means one.
_WHOLE = r"(?:\d{1,3}(?:[,٬'’\u00a0\u2009\u202f]\d{3}){1,99}(?!\d)|\d{1,300})"
_TOKEN = re.compile(
    rf"""
    (?P<clock> \d{{1,9}}(?: :\d{{1,9}})+(?:\.\d{{1,9}})? (?!\d)
             | (?<![\d.])\d{{1,2}}\.\d{{2}}(?=\s?[ap]\.?m\b) )
    | (?: (?P<sign>[$£€¥])\s? )?
      (?P<digits> (?:\d{{1,9}}\s?)?[¼½¾⅐-⅞]
                | (?<!\d[.٫]){_WHOLE}[.٫]\d{{1,300}}(?![.٫]?\d)
                | (?<![\w.])\.\d{{1,300}}
                | {_WHOLE} )
      (?(sign)(?: \s?(?P<money>[kmb])\b )?)
    | (?P<word> [^\W\d_]+ )
    | (?P<stop> [^\s\w\-‐‑] )
    """,
    re.VERBOSE,
)


def numbers(text: str) -> frozenset[Number]:
    """List the numbers that a text gives, each value once.

    - Digits of any script, grouped by commas, apostrophes or no-break spaces, with decimals after
      a full stop, vulgar fractions: "14,350", "1,200.50", "2½", "٢٠١٨". Years, ordinals ("21st")
      and digits inside of words ("MH370") count.
    - English number words, ordinals too: "thirty-one", "two hundred and six", "nineteen
      sixty-seven", "twenty-first". "one" and "second" count even as a pronoun and a unit. A
      fraction in words is its parts: "two thirds" gives 2 and 3.
    - Scale words behind either and alone, "half a" and "and a half" with them: "36 million",
      "1.3bn", "£36m", "a hundred", "two dozen", "two and a half thousand". "millions" is none.
    - Parts joined by colons are one value, equal to no plain number: "8:25", "3:0", and British
      "8.25 am" is "8:25". Only full hours are the hour: "8:00" gives 8.
    - A comma parts numbers in words; digits are carried on by scale words and "and a half" only.
    - Signs, per cent, units and roman numerals are not read.

    Args:
        text: Any text.

    Returns:
        The values; none for a text without numbers.

    >>> sorted(int(value) for value in numbers("36 million marks for thirty-one masks in 2021"))
    [31, 2021, 36000000]
    >>> numbers("8:25") & numbers("8 to 25"), numbers("dozens of rooks")
    (frozenset(), frozenset())
    """
    words: list[str] = []
    literals: dict[int, Fraction] = {}
    found: set[Number] = set()
    for token in _TOKEN.finditer(text.lower()):
        if token["clock"]:
            found.add(_clock(token["clock"]))
        if token["digits"]:
            literals[len(words)] = _value(token["digits"]) * _MONEY.get(token["money"], 1)
        word = token["word"] or ""
        # An ordinal ends its number, so a stop follows it.
        words += [_ORDINALS[word], ""] if word in _ORDINALS else [word]
    words += ["", "", ""]  # to look ahead
    at = 0
    while at < len(words) - 3:
        value, at = _number(words, literals, at) or (None, at + 1)
        if value is not None:
            found.add(value)
    return frozenset(found)


def _clock(text: str) -> Number:
    parts = [_value(part) for part in (text if ":" in text else text.replace(".", ":")).split(":")]
    full_hour = len(parts) == 2 and parts[1] == 0 and text.endswith("00")
    return parts[0] if full_hour else tuple(parts)


def _value(digits: str) -> Fraction:
    if not digits[-1].isdecimal():
        part = Fraction(unicodedata.numeric(digits[-1])).limit_denominator(10)
        return part + int(digits[:-1].strip() or 0)
    whole, _, decimals = digits.replace("٫", ".").partition(".")
    whole = "".join(one for one in whole if one.isdecimal())
    return int(whole or 0) + Fraction(int(decimals or 0), 10 ** len(decimals))


def _number(
    words: list[str], literals: dict[int, Fraction], at: int
) -> tuple[Fraction, int] | None:
    """Read the number that begins at a word, and say where the next word is."""
    begun = _scaled(words, literals, at)
    if begun is None:
        return None
    total, after, scale = begun
    while scale >= 1000 and at not in literals:
        more = _scaled(words, {}, after + (words[after] == "and"))
        if more is None or more[0] >= scale:
            break
        total, after, scale = total + more[0], more[1], more[2]
    return total, after


def _scaled(
    words: list[str], literals: dict[int, Fraction], at: int
) -> tuple[Fraction, int, int] | None:
    """Read one value and the scale words behind it: the product, where it ends, the scale."""
    begun = (literals[at], at + 1) if at in literals else _begin(words, at)
    if begun is None:
        return None
    value, after = begun
    if words[after : after + 3] == ["and", "a", "half"]:
        value, after = value + Fraction(1, 2), after + 3
    scale = _SHORT.get(words[after], 1) if at in literals else 1
    after += scale > 1
    while words[after] in _SCALES:
        scale, after = scale * _SCALES[words[after]], after + 1
    return value * scale, after, scale


def _begin(words: list[str], at: int) -> tuple[Fraction, int] | None:
    """Read what stands before scale words: a value in words, half a, or nothing, which is one."""
    below = _below_thousand(words, at)
    if below is not None:
        return Fraction(below[0]), below[1]
    half = words[at] == "half"
    after = at + half + (half and words[at + 1] == "a")
    return (Fraction(1, 1 + half), after) if words[after] in _SCALES else None


def _below_thousand(words: list[str], at: int) -> tuple[int, int] | None:
    """Read hundreds and what is below them; also a year in two halves, "nineteen sixty"."""
    begun = _below_hundred(words, at)
    value, after = begun or (1, at)
    hundred = words[after] == "hundred"
    if begun is None and not hundred:
        return None
    if hundred:
        value, after = value * 100, after + 1
    tail = _below_hundred(words, after + (hundred and words[after] == "and"))
    if tail is None or words[tail[1]] == "hundred":
        return value, after
    if hundred:
        return value + tail[0], tail[1]
    if 11 <= value <= 20 and tail[0] >= 10 and words[tail[1]] not in _SCALES:
        return value * 100 + tail[0], tail[1]
    return value, after


def _below_hundred(words: list[str], at: int) -> tuple[int, int] | None:
    if words[at] in _TENS:
        unit = _UNITS.get(words[at + 1], 0)
        return _TENS[words[at]] + unit, at + 1 + (unit > 0)
    return (_SMALL[words[at]], at + 1) if words[at] in _SMALL else None
