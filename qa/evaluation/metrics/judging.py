"""What counts as right: Citespan's own judgement of an answer, above EM and F1. Pure.

An answer that shares its words with a gold can still give another figure, and an answer that stood
in yesterday's article can be out of date. Neither is right.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation.metrics.answers import exact_match, f1
from qa.evaluation.metrics.numerals import numbers

__all__ = ["groups_held", "is_stale", "right", "scored"]

_OVERLAP = 0.5


def right(prediction: str, golds: Sequence[str], stale: Sequence[str] = ()) -> bool:
    """Tell whether a prediction is right.

    It is when some gold has an F1 of at least 0.5 with it and every number of that same gold, in
    digits or words, stands in it, and it is not stale.

    Args:
        prediction: The answer; empty when declined.
        golds: Accepted answers; none for an unanswerable question.
        stale: Values that are out of date.

    Returns:
        Whether it is right. Without golds only declining is; with golds declining never is.

    >>> right("36 million", ["36 million marks"]), right("41 million marks", ["36 million marks"])
    (True, False)
    >>> right("thirty-one masks", ["31 masks"]), right("", []), right("", ["31"])
    (True, True, False)
    """
    if not golds:
        return not prediction
    return _gives(prediction, golds) and not is_stale(prediction, golds, stale)


def is_stale(prediction: str, golds: Sequence[str], stale: Sequence[str]) -> bool:
    """Tell whether a prediction gives a value that is out of date.

    Args:
        prediction: The answer; empty when declined, which is never stale.
        golds: Accepted answers; a prediction that is an exact match of one is never stale.
        stale: Values that are out of date; none make nothing stale.

    Returns:
        Whether it is right against a stale value. One that names both an old and the new value is.

    >>> is_stale("9,700 hectares", ["14,350 hectares"], ["9,700 hectares"])
    True
    >>> is_stale("14,350 hectares", ["14,350 hectares"], ["9,700 hectares"])
    False
    """
    return _gives(prediction, stale) and not (golds and exact_match(prediction, golds))


def scored(prediction: str, golds: Sequence[str], stale: Sequence[str] = ()) -> tuple[float, float]:
    """Give EM and F1, both in [0, 1] and both 0.0 where the prediction is stale.

    Args:
        prediction: The answer; empty when declined.
        golds: Accepted answers; none for an unanswerable question, which only declining matches.
        stale: Values that are out of date.

    >>> scored("87 houses", ["163", "163 houses"], ["87"]), scored("87 houses", ["163 houses"])
    ((0.0, 0.0), (0.0, 0.5))
    """
    if is_stale(prediction, golds, stale):
        return 0.0, 0.0
    return exact_match(prediction, golds), f1(prediction, golds)


def groups_held(texts: Sequence[str], groups: Sequence[Sequence[str]]) -> float:
    """Measure the share of expected items that the leading answers give, in [0, 1].

    Of n groups only the first n texts are looked at, so naming more never helps. A text may hold
    several groups, and one that holds none uses up its place.

    Args:
        texts: The answer and its alternatives, best first; empty ones hold nothing.
        groups: The accepted answers of each expected item; a group without any is never held.

    Returns:
        The share of the groups for which one of the first n texts is right. 0.0 without texts,
        and 0.0 without groups.

    >>> groups_held(["in 1967", "1971", "1980"], [["1967"], ["1971", "in 1971"]])
    1.0
    >>> groups_held(["1980", "1967", "1971"], [["1967"], ["1971"]])
    0.5
    """
    if not groups:
        return 0.0
    leading = texts[: len(groups)]
    held = sum(any(_gives(text, group) for text in leading) for group in groups)
    return held / len(groups)


def _gives(prediction: str, values: Sequence[str]) -> bool:
    """Tell whether a prediction that says something gives one of the values."""
    if not prediction.strip():
        return False
    told = numbers(prediction)
    return any(f1(prediction, [one]) >= _OVERLAP and numbers(one) <= told for one in values)
