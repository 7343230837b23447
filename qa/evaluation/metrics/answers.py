"""SQuAD's metrics: a prediction against its golds, and the totals of a question set. Pure.

Exact match and F1 are those of the official script (Rajpurkar et al. 2016; for questions without an
answer, 2018): both sides are lowered, punctuation and the articles a, an, the are taken out, white
space is collapsed, and the best of several golds counts. As in the script, case is folded by
str.lower() and only the ASCII of string.punctuation is taken out: curly quotes and dashes stay,
accents count, composed and decomposed letters differ, other scripts' digits are other words.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation.metrics.averages import mean

__all__ = [
    "SquadTotals",
    "exact_match",
    "f1",
    "holds",
    "normalize",
    "squad_best",
    "squad_totals",
]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """Fold an answer as SQuAD's script does.

    >>> normalize("The  Ostrell fire, 2021.")
    'ostrell fire 2021'
    """
    kept = text.lower().translate(_NO_PUNCTUATION)
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


@dataclass(frozen=True, slots=True)
class SquadTotals:
    """The totals of SQuAD 2.0's script over answerable and unanswerable questions together.

    Args:
        exact: Mean exact match, in [0, 1] where the script prints per cent; None for no questions.
        f1: Mean F1, likewise.
        threshold: What has at least this confidence was answered.
    """

    exact: float | None
    f1: float | None
    threshold: float


def squad_totals(
    em: Sequence[float] | np.ndarray,
    f1: Sequence[float] | np.ndarray,
    answerable: Sequence[bool] | np.ndarray,
    confidence: Sequence[float] | np.ndarray,
    threshold: float,
) -> SquadTotals:
    """Total a question set at one threshold, as SQuAD 2.0's script does (Rajpurkar et al. 2018).

    An answered answerable question counts its score and an answered unanswerable one 0; a declined
    answerable question counts 0 and a declined unanswerable one 1.

    Args:
        em: Exact match of each question when answered, in [0, 1]; not used for unanswerable ones.
        f1: F1 likewise.
        answerable: Whether each question has an answer.
        confidence: Of each question, any numbers; -inf where there was nothing to answer, which is
            declined at every threshold.
        threshold: What has at least this confidence is answered.

    Returns:
        The totals; None for both means where there are no questions.

    Raises:
        ValueError: If the lengths differ or something is NaN.

    >>> squad_totals([1, 0, 0], [1, 0.5, 0], [True, True, False], [0.9, 0.6, 0.3], 0.5)
    SquadTotals(exact=0.6666666666666666, f1=0.8333333333333334, threshold=0.5)
    """
    table = _table(em, f1, answerable, confidence)
    has_answer, sure = table[2] > 0, table[3]
    answered = (sure >= threshold) & (sure > -np.inf)
    scores = np.where(answered, table[:2] * has_answer, ~has_answer)
    return SquadTotals(mean(scores[0]), mean(scores[1]), threshold)


def squad_best(
    em: Sequence[float] | np.ndarray,
    f1: Sequence[float] | np.ndarray,
    answerable: Sequence[bool] | np.ndarray,
    confidence: Sequence[float] | np.ndarray,
) -> SquadTotals:
    """Total a question set at the best thresholds, as SQuAD 2.0's script does.

    As there, exact match and F1 have each their own best threshold, and of equally good ones the
    one that answers fewest is taken. Unlike there, questions of equal confidence are answered
    together, since no threshold could part them.

    Args:
        em: As for :func:`squad_totals`.
        f1: As for :func:`squad_totals`.
        answerable: As for :func:`squad_totals`.
        confidence: As for :func:`squad_totals`.

    Returns:
        The best exact match and the best F1, and the threshold of the best F1: a confidence that
        occurs, or the next float above the highest where declining everything is best. For no
        questions both means are None; without a confidence above -inf the threshold is 0.0.

    Raises:
        ValueError: If the lengths differ or something is NaN.

    >>> squad_best([1, 0, 0], [1, 0.5, 0], [True, True, False], [0.9, 0.6, 0.3])
    SquadTotals(exact=0.6666666666666666, f1=0.8333333333333334, threshold=0.6)
    """
    table = _table(em, f1, answerable, confidence)
    has_answer, sure = table[2] > 0, table[3]
    levels, places = np.unique(-sure[sure > -np.inf], return_inverse=True)
    if not len(levels):
        return squad_totals(em, f1, answerable, confidence, 0.0)
    gains = np.where(has_answer, table[:2], -1.0)[:, sure > -np.inf]
    steps = [np.bincount(places, weights=gain) for gain in gains]
    # Row by row: the total when everything is declined, then after each lower level.
    totals = float((~has_answer).sum()) + np.hstack([np.zeros((2, 1)), np.cumsum(steps, axis=1)])
    thresholds = [float(np.nextafter(-levels[0], np.inf)), *(-levels).tolist()]
    best_exact, best_f1 = (
        squad_totals(em, f1, answerable, confidence, thresholds[int(at)])
        for at in totals.round(9).argmax(axis=1)
    )
    return SquadTotals(best_exact.exact, best_f1.f1, best_f1.threshold)


def _table(*columns: Sequence[float] | np.ndarray) -> np.ndarray:
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"lengths differ: {[len(column) for column in columns]}")
    found = np.array([np.asarray(column, dtype=np.float64) for column in columns])
    if np.isnan(found).any():
        raise ValueError(f"question {int(np.flatnonzero(np.isnan(found).any(axis=0))[0])} has NaN")
    return found
