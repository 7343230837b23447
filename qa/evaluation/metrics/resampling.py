"""How far a figure could have come out otherwise: bootstrap intervals over the questions. Pure.

Questions are drawn with replacement, the figure is taken of each draw, and the middle of what
came out is the interval (percentile bootstrap, Efron and Tibshirani 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Interval", "bootstrap", "bootstrap_mean", "paired_bootstrap"]

_BLOCK = 2**20  # indices drawn at once, which bounds the memory


@dataclass(frozen=True, slots=True)
class Interval:
    """A range that a figure lies in, ends included.

    Args:
        low: The lower end.
        high: The upper end.
    """

    low: float
    high: float


def bootstrap(
    statistic: Callable[[np.ndarray], float | None],
    n: int,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval | None:
    """Draw a figure's interval, for any figure.

    Args:
        statistic: Takes the figure of the questions at some indices: int64 of shape (n,), with
            repetitions. None where a draw has none; such draws are left out.
        n: How many questions there are.
        draws: How many times n questions are drawn, at least 1.
        seed: The same seed draws the same questions.
        level: The share of draws inside of the interval, in (0, 1).

    Returns:
        The interval. None for no questions, or where no draw has the figure. One question gives an
        interval without width, which says nothing: it takes several to see them vary.

    Raises:
        ValueError: If draws or level is out of its range, or the figure of a draw is NaN.

    >>> bootstrap(lambda drawn: float(len(drawn)), 5)
    Interval(low=5.0, high=5.0)
    >>> bootstrap(lambda drawn: None, 5) is None
    True
    """
    taken = [statistic(drawn) for block in _resamples(n, draws, seed) for drawn in block]
    return _middle([one for one in taken if one is not None], level)


def bootstrap_mean(
    values: Sequence[float] | np.ndarray, draws: int = 1000, seed: int = 0, level: float = 0.95
) -> Interval | None:
    """Draw the interval of an average: :func:`bootstrap` of the mean, computed in blocks.

    Args:
        values: One a question.
        draws: As for :func:`bootstrap`.
        seed: As for :func:`bootstrap`; the same seed draws the same questions there and here.
        level: As for :func:`bootstrap`.

    Returns:
        The interval; None for no values.

    Raises:
        ValueError: If draws or level is out of its range, or a value is NaN.

    >>> bootstrap_mean([1.0, 1.0, 1.0]), bootstrap_mean([])
    (Interval(low=1.0, high=1.0), None)
    """
    each = np.asarray(values, dtype=np.float64)
    means = [each[block].mean(axis=1) for block in _resamples(len(each), draws, seed)]
    return _middle(np.concatenate(means) if means else [], level)


def paired_bootstrap(
    first: Sequence[float] | np.ndarray,
    second: Sequence[float] | np.ndarray,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval | None:
    """Draw the interval of how much a second run is above a first over the same questions.

    Args:
        first: The first run's values, one a question.
        second: The second run's, of the same questions in the same order.
        draws: As for :func:`bootstrap`.
        seed: As for :func:`bootstrap`.
        level: As for :func:`bootstrap`.

    Returns:
        The interval of mean(second - first); None for no questions.

    Raises:
        ValueError: If the lengths differ, draws or level is out of its range, or a value is NaN.

    >>> paired_bootstrap([0.0, 0.5], [0.25, 0.75])
    Interval(low=0.25, high=0.25)
    """
    if len(first) != len(second):
        raise ValueError(f"got {len(first)} values and {len(second)} to compare them with")
    difference = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    return bootstrap_mean(difference, draws, seed, level)


def _resamples(n: int, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Draw the indices of each resample: blocks of shape (some, n), draws rows in all."""
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws}")
    chance = np.random.default_rng(seed)
    rows = max(1, _BLOCK // max(n, 1))
    for done in range(0, draws if n else 0, rows):
        yield chance.integers(0, n, size=(min(rows, draws - done), n))


def _middle(taken: Sequence[float] | np.ndarray, level: float) -> Interval | None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    if np.isnan(taken).any():
        raise ValueError("a figure is NaN; where there is none it is None")
    if not len(taken):
        return None
    low, high = np.percentile(taken, [50 * (1 - level), 50 * (1 + level)])
    return Interval(float(low), float(high))
