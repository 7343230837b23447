"""Averages over questions: of scores, and of the ranks that retrieval gave. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["mean", "mean_reciprocal_rank", "percentile", "recall_at"]


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


def recall_at(ranks: Sequence[int | None], k: int) -> float | None:
    """Measure Recall@k: the share of questions with a right hit among the first k, in [0, 1].

    Args:
        ranks: Of each question the rank of its first right hit, from 1; None where there is none,
            however many hits there were.
        k: How many hits are looked at, at least 1; may be more than there were.

    Returns:
        The share; None for no questions.

    Raises:
        ValueError: If k or a rank is below 1.

    >>> recall_at([1, 3, None, 7], 5), recall_at([1, 3, None, 7], 100), recall_at([], 5)
    (0.5, 0.75, None)
    """
    _check_ranks([*ranks, k])
    return mean([float(rank is not None and rank <= k) for rank in ranks])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """Average one over the rank of the first right hit (Voorhees 1999), in [0, 1].

    Args:
        ranks: As for :func:`recall_at`; None counts 0.

    Returns:
        The average; None for no questions.

    Raises:
        ValueError: If a rank is below 1.

    >>> mean_reciprocal_rank([1, 4, None, None]), mean_reciprocal_rank([])
    (0.3125, None)
    """
    _check_ranks(ranks)
    return mean([1 / rank if rank is not None else 0.0 for rank in ranks])


def _check_ranks(ranks: Sequence[int | None]) -> None:
    wrong = [rank for rank in ranks if rank is not None and rank < 1]
    if wrong:
        raise ValueError(f"ranks start at 1, got {wrong[0]}")
