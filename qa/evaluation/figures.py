"""The one table of figures: what an evaluation prints, stores and compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.outcome import Outcome

__all__ = ["FIGURES", "FIGURES_BY_NAME", "Figure"]

# A question's share in a figure: its value, or None where the figure does not speak of it.
Share = Callable[[Outcome], float | None]

# What a figure is computed of: the same few numbers of each question. None becomes NaN.
Numbers = Callable[[Outcome], tuple[float | None, ...]]
Measure = Callable[..., float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Args:
        name: In results and on the command line.
        label: For people.
        numbers: What it needs to know of a question.
        measure: Computes it from one float64 array of shape (questions,) for each of those numbers;
            None where there is nothing to compute it from.
        share: Where the figure is a mean over questions, each question's share in it.
        unit: "%" for shares in [0, 1], shown times 100; "ms" for seconds, shown times 1,000; "" for
            others.
        lower_is_better: Whether a smaller value is the better one.
        simulated: Whether it is drawn from the confidences alone, and so has no interval.
    """

    name: str
    label: str
    numbers: Numbers
    measure: Measure
    share: Share | None = None
    unit: str = "%"
    lower_is_better: bool = False
    simulated: bool = False

    def whole(self, outcomes: Sequence[Outcome]) -> float | None:
        """Compute it from all outcomes; None where there is nothing to compute it from."""
        return self.measure(*self.table(outcomes)) if outcomes else None

    def table(self, outcomes: Sequence[Outcome]) -> np.ndarray:
        """Lay out what it is computed of, once for all draws of a bootstrap.

        Returns:
            float64 array of shape (numbers, questions); :attr:`measure` takes its rows.
        """
        return np.array([self.numbers(one) for one in outcomes], dtype=np.float64).T


def _mean(name: str, label: str, share: Share, *, lower_is_better: bool = False) -> Figure:
    def measure(shares: np.ndarray) -> float | None:
        return metrics.mean(shares[~np.isnan(shares)])

    return Figure(
        name, label, lambda one: (share(one),), measure, share, lower_is_better=lower_is_better
    )


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
    return lambda one: metrics.recall_at([one.found_at], rank) if one.gold.answerable else None


def _reciprocal_rank(one: Outcome) -> float | None:
    return metrics.mean_reciprocal_rank([one.found_at]) if one.gold.answerable else None


def _by_confidence(one: Outcome) -> tuple[float, ...]:
    return *one.scores(one.best), float(one.gold.answerable), one.confidence


def _by_margin(one: Outcome) -> tuple[float | None, ...]:
    return *one.scores(one.best), float(one.gold.answerable), one.margin


def _squad_exact(*columns: np.ndarray) -> float | None:
    return metrics.squad_best(*columns).exact


def _squad_f1(*columns: np.ndarray) -> float | None:
    return metrics.squad_best(*columns).f1


def _answerable_auroc(
    _em: np.ndarray, _f1: np.ndarray, answerable: np.ndarray, margin: np.ndarray
) -> float | None:
    return metrics.auroc(margin, answerable)


def _of_margin(measure: Measure) -> Measure:
    """Measure only where there are margins, and both kinds of question to part with them."""

    def guarded(
        em: np.ndarray, f1: np.ndarray, answerable: np.ndarray, margin: np.ndarray
    ) -> float | None:
        if np.isnan(margin).all() or answerable.min() == answerable.max():
            return None
        # Where nothing was retrieved, nothing can be answered at any threshold.
        return measure(em, f1, answerable, np.where(np.isnan(margin), -np.inf, margin))

    return guarded


def _of_confidence(
    name: str, label: str, measure: Measure, *, unit: str = "%", lower_is_better: bool = False
) -> Figure:
    return Figure(name, label, _sure_and_right, measure, unit=unit, lower_is_better=lower_is_better)


def _sure_and_right(one: Outcome) -> tuple[float, float]:
    return one.confidence, float(one.right)


def _coverage(precision: float) -> Measure:
    return lambda sure, right: metrics.coverage_at(sure, right, precision)[0]


def _seconds(name: str, label: str, of: Callable[[Outcome], float], percent: float) -> Figure:
    return Figure(
        name,
        label,
        lambda one: (of(one),),
        lambda times: metrics.percentile(times, percent),
        unit="ms",
        lower_is_better=True,
    )


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
    Figure("squad_exact", "SQuAD 2 EM, best threshold", _by_confidence, _squad_exact),
    Figure("squad_f1", "SQuAD 2 F1, best threshold", _by_confidence, _squad_f1),
    Figure("squad_best_f1", "SQuAD 2 F1, best margin", _by_margin, _of_margin(_squad_f1)),
    Figure(
        "answerable_auroc",
        "AUROC, answerable by margin",
        _by_margin,
        _of_margin(_answerable_auroc),
    ),
    *(_mean(f"recall@{rank}", f"Recall@{rank}", _recall(rank)) for rank in (1, 5, 10, 20)),
    _mean("mrr", "MRR", _reciprocal_rank),
    _mean("precision", "answered right", _answered_right),
    _mean("citation_precision", "citation precision", _citation_precision),
    _mean("exact_quotes", "exact quotes", _quoted),
    _of_confidence("auroc", "AUROC, right against wrong", metrics.auroc),
    _of_confidence("coverage@80", "coverage at 80% precision", _coverage(0.8)),
    _of_confidence("coverage@90", "coverage at 90% precision", _coverage(0.9)),
    _of_confidence("ece", "ECE", metrics.calibration_error, lower_is_better=True),
    Figure(
        "ece_perfect",
        "ECE of a perfect predictor",
        _sure_and_right,
        lambda sure, _: metrics.perfect_calibration_error(sure),
        lower_is_better=True,
        simulated=True,
    ),
    _of_confidence("brier", "Brier", metrics.brier, unit="", lower_is_better=True),
    *(
        _seconds(f"{stage}_p{percent}", f"{stage} p{percent}", of, percent)
        for stage, of in _STAGES
        for percent in (50, 95, 99)
    ),
)

FIGURES_BY_NAME = {figure.name: figure for figure in FIGURES}
