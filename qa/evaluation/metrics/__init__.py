"""The field's metrics for extractive question answering, numpy only. Pure.

answers is SQuAD's official script, judging is what Citespan calls right, numerals reads numbers,
averages has retrieval's, calibration is about confidence, and resampling gives intervals.
"""

from __future__ import annotations

from qa.evaluation.metrics.answers import (
    SquadTotals,
    exact_match,
    f1,
    holds,
    normalize,
    squad_best,
    squad_totals,
)
from qa.evaluation.metrics.averages import mean, mean_reciprocal_rank, percentile, recall_at
from qa.evaluation.metrics.calibration import (
    auroc,
    brier,
    calibration_error,
    coverage_at,
    perfect_calibration_error,
    reliability,
    risk_coverage,
)
from qa.evaluation.metrics.judging import groups_held, is_stale, right, scored
from qa.evaluation.metrics.numerals import Number, numbers
from qa.evaluation.metrics.resampling import (
    Interval,
    bootstrap,
    bootstrap_mean,
    paired_bootstrap,
)

__all__ = [
    "Interval",
    "Number",
    "SquadTotals",
    "auroc",
    "bootstrap",
    "bootstrap_mean",
    "brier",
    "calibration_error",
    "coverage_at",
    "exact_match",
    "f1",
    "groups_held",
    "holds",
    "is_stale",
    "mean",
    "mean_reciprocal_rank",
    "normalize",
    "numbers",
    "paired_bootstrap",
    "percentile",
    "perfect_calibration_error",
    "recall_at",
    "reliability",
    "right",
    "risk_coverage",
    "scored",
    "squad_best",
    "squad_totals",
]
