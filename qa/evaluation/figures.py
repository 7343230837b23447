"""The one table of figures: what an evaluation prints, stores and compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.outcome import Outcome

__all__ = ["FIGURES", "Figure"]

# A question's share in a figure: its value, or None where the figure does not speak of it.
Share = Callable[[Outcome], float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Args:
        name: In results and on the command line.
        label: For people.
        whole: Computes it from all outcomes; None where there is nothing to compute it from.
        share: Where the figure is a mean over questions, each question's share in it.
        unit: "%" for shares in [0, 1], shown times 100; "ms" for seconds, shown times 1,000; "" for
            others.
        lower_is_better: Whether a smaller value is the better one.
        simulated: Whether it is drawn from the confidences alone, and so has no interval.
    """

    name: str
    label: str
    whole: Callable[[Sequence[Outcome]], float | None]
    share: Share | None = None
    unit: str = "%"
    lower_is_better: bool = False
    simulated: bool = False


def _mean(name: str, label: str, share: Share, *, lower_is_better: bool = False) -> Figure:
    def whole(outcomes: Sequence[Outcome]) -> float | None:
        shares = [share(one) for one in outcomes]
        return metrics.mean([one for one in shares if one is not None])

    return Figure(name, label, whole, share, lower_is_better=lower_is_better)


def _exact_match(one: Outcome) -> float | None:
    return one.scores(one.text)[0] if one.gold.answerable else None


def _f1(one: Outcome) -> float | None:
    return one.scores(one.text)[1] if one.gold.answerable else None


def _f1_of_best(one: Outcome) -> float | None:
    return one.scores(one.best)[1] if one.gold.answerable else None


def _declined_answerable(one: Outcome) -> float | None:
    return float(one.declined) if one.gold.answerable else None


def _declined_unanswerable(one: Outcome) -> float | None:
    return None if one.gold.answerable else float(one.declined)


def _groups(one: Outcome) -> float | None:
    if not one.gold.answer_sets:
        return None
    texts = [proposal.text for proposal in one.proposals]
    return metrics.groups_held(texts, one.gold.answer_sets) if not one.declined else 0.0


def _citation_precision(one: Outcome) -> float | None:
    return None if one.declined else float(one.cited_right)


def _quoted(one: Outcome) -> float | None:
    return None if one.declined else float(one.quoted)


def _answered_right(one: Outcome) -> float | None:
    return None if one.declined else float(one.right)


def _recall(rank: int) -> Share:
    def share(one: Outcome) -> float | None:
        if not one.gold.answerable:
            return None
        return float(one.found_at is not None and one.found_at <= rank)

    return share


def _reciprocal_rank(one: Outcome) -> float | None:
    if not one.gold.answerable:
        return None
    return 1 / one.found_at if one.found_at is not None else 0.0


def _squad(outcomes: Sequence[Outcome]) -> metrics.SquadTotals | None:
    if not outcomes:
        return None
    scores = np.array([one.scores(one.best) for one in outcomes])
    answerable = np.array([one.gold.answerable for one in outcomes])
    confidence = np.array([one.confidence for one in outcomes])
    return metrics.squad_best(scores[:, 0], scores[:, 1], answerable, confidence)


def _squad_exact(outcomes: Sequence[Outcome]) -> float | None:
    found = _squad(outcomes)
    return found.exact if found is not None else None


def _squad_f1(outcomes: Sequence[Outcome]) -> float | None:
    found = _squad(outcomes)
    return found.f1 if found is not None else None


def _sure_and_right(outcomes: Sequence[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    sure = np.array([one.confidence for one in outcomes], dtype=np.float64)
    return sure, np.array([one.right for one in outcomes], dtype=bool)


def _of_confidence(
    measure: Callable[[np.ndarray, np.ndarray], float | None],
) -> Callable[[Sequence[Outcome]], float | None]:
    def whole(outcomes: Sequence[Outcome]) -> float | None:
        return measure(*_sure_and_right(outcomes)) if outcomes else None

    return whole


def _coverage(precision: float) -> Callable[[np.ndarray, np.ndarray], float | None]:
    return lambda sure, right: metrics.coverage_at(sure, right, precision)[0]


def _seconds(name: str, label: str, of: Callable[[Outcome], float], percent: float) -> Figure:
    def whole(outcomes: Sequence[Outcome]) -> float | None:
        return metrics.percentile([of(one) for one in outcomes], percent)

    return Figure(name, label, whole, unit="ms", lower_is_better=True)


_STAGES: tuple[tuple[str, Callable[[Outcome], float]], ...] = (
    ("total", lambda one: one.seconds),
    ("retrieve", lambda one: one.timings.retrieve),
    ("read", lambda one: one.timings.read),
    ("decide", lambda one: one.timings.decide),
)

FIGURES: tuple[Figure, ...] = (
    _mean("exact_match", "EM, answerable", _exact_match),
    _mean("f1", "F1, answerable", _f1),
    _mean("f1_of_best", "F1, answerable, never declining", _f1_of_best),
    _mean("wrongly_declined", "answerable declined", _declined_answerable, lower_is_better=True),
    _mean("declined", "unanswerable declined", _declined_unanswerable),
    _mean("groups", "groups held, lists and conflicts", _groups),
    Figure("squad_exact", "SQuAD 2 EM, best threshold", _squad_exact),
    Figure("squad_f1", "SQuAD 2 F1, best threshold", _squad_f1),
    *(_mean(f"recall@{rank}", f"Recall@{rank}", _recall(rank)) for rank in (1, 5, 10, 20)),
    _mean("mrr", "MRR", _reciprocal_rank),
    _mean("precision", "answered right", _answered_right),
    _mean("citation_precision", "citation precision", _citation_precision),
    _mean("exact_quotes", "exact quotes", _quoted),
    Figure("auroc", "AUROC, right against wrong", _of_confidence(metrics.auroc)),
    Figure("coverage@80", "coverage at 80% precision", _of_confidence(_coverage(0.8))),
    Figure("coverage@90", "coverage at 90% precision", _of_confidence(_coverage(0.9))),
    Figure("ece", "ECE", _of_confidence(metrics.calibration_error), lower_is_better=True),
    Figure(
        "ece_perfect",
        "ECE of a perfect predictor",
        _of_confidence(lambda sure, _: metrics.perfect_calibration_error(sure)),
        lower_is_better=True,
        simulated=True,
    ),
    Figure("brier", "Brier", _of_confidence(metrics.brier), unit="", lower_is_better=True),
    *(
        _seconds(f"{stage}_p{percent}", f"{stage} p{percent}", of, percent)
        for stage, of in _STAGES
        for percent in (50, 95, 99)
    ),
)
