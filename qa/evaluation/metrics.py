"""The field's metrics for extractive question answering. Pure.

Exact match and F1 are those of SQuAD's official script (Rajpurkar et al. 2016; for questions
without an answer, 2018): both sides are lowered, punctuation and the articles a, an, the are taken
out, white space is collapsed, and the best of several golds counts.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

__all__ = ["exact_match", "f1", "holds", "mean", "normalize", "percentile"]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation)


def normalize(text: str) -> str:
    """Fold an answer as SQuAD's script does.

    >>> normalize("The  Ostrell fire, 2021.")
    'ostrell fire 2021'
    """
    kept = "".join(one for one in text.lower() if one not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", kept).split())


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """Tell whether a prediction equals a gold after folding: 1.0 or 0.0.

    Args:
        prediction: The answer; empty when declined.
        golds: Accepted answers; none for an unanswerable question, which only declining matches.

    >>> exact_match("the 2018", ["2018", "in 2018"]), exact_match("", []), exact_match("2018", [])
    (1.0, 1.0, 0.0)
    """
    if not golds:
        return float(not prediction)
    return max(float(normalize(prediction) == normalize(gold)) for gold in golds)


def f1(prediction: str, golds: Sequence[str]) -> float:
    """Measure the overlap of words with the best gold, in [0, 1].

    Args:
        prediction: The answer; empty when declined.
        golds: Accepted answers; none for an unanswerable question, which only declining matches.

    >>> round(f1("opposition leader Juan Guaido", ["Juan Guaido"]), 3)
    0.667
    """
    if not golds:
        return float(not prediction)
    return max(_f1(normalize(prediction).split(), normalize(gold).split()) for gold in golds)


def _f1(prediction: Sequence[str], gold: Sequence[str]) -> float:
    if not prediction or not gold:
        return float(prediction == gold)
    common = sum((Counter(prediction) & Counter(gold)).values())
    if not common:
        return 0.0
    precision, recall = common / len(prediction), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def holds(text: str, golds: Sequence[str]) -> bool:
    """Tell whether a text holds a gold as a run of whole words, after folding.

    >>> holds("It was built in 1967, they said.", ["1967"]), holds("19670", ["1967"])
    (True, False)
    """
    inside = f" {normalize(text)} "
    return any(f" {normalize(gold)} " in inside for gold in golds if normalize(gold))


def mean(values: Sequence[float]) -> float | None:
    """Average; None for no values.

    >>> mean([1.0, 0.0]), mean([])
    (0.5, None)
    """
    return float(np.mean(values)) if len(values) else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Interpolate a percentile; None for no values.

    >>> percentile([1.0, 2.0, 3.0], 50), percentile([], 50)
    (2.0, None)
    """
    return float(np.percentile(values, percent)) if len(values) else None
