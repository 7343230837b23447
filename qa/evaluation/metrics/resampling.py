"""How far a figure could have come out otherwise: bootstrap intervals over the questions. Pure.

Questions are drawn with replacement, the figure is taken of each draw, and the middle of what
came out is the interval (percentile bootstrap, Efron and Tibshirani 1993, chapter 13). Where
questions hang together, such as those of one article, whole clusters of them are drawn instead
(Davison and Hinkley 1997, section 3.8): what is right of one is likelier right of the next, so
that they tell less than as many questions of their own would.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
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
    clusters: Sequence[Hashable] | None = None,
) -> Interval | None:
    """Draw a figure's interval, for any figure.

    Args:
        statistic: Takes the figure of the questions at some indices: int64 of shape (n,), with
            repetitions; of another length where clusters are drawn. None where a draw has none;
            such draws are left out.
        n: How many questions there are.
        draws: How many times n questions, or as many clusters as there are, are drawn, at least 1.
        seed: The same seed draws the same questions.
        level: The share of draws inside of the interval, in (0, 1).
        clusters: Of each question what it belongs to, such as its article; these are drawn, each
            with all of its questions. Questions are drawn when None.

    Returns:
        The interval. None for no questions, or where no draw has the figure. One question gives an
        interval without width, which says nothing: it takes several to see them vary.

    Raises:
        ValueError: If draws or level is out of its range, there is not one cluster for each
            question, or the figure of a draw is NaN.

    >>> bootstrap(lambda drawn: float(len(drawn)), 5)
    Interval(low=5.0, high=5.0)
    >>> bootstrap(lambda drawn: float(len(drawn)), 5, clusters="aaaab")
    Interval(low=2.0, high=8.0)
    >>> bootstrap(lambda drawn: None, 5) is None
    True
    """
    taken = [statistic(rows) for rows in _drawn_rows(n, draws, seed, clusters)]
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
    first: Sequence[float | None] | np.ndarray,
    second: Sequence[float | None] | np.ndarray,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Interval | None:
    """Draw the interval of how much a second run is above a first over the same questions.

    Both runs are seen on the same draws. With ``clusters`` it is clusters of questions that are
    drawn, gold articles for example: questions of one article are not independent, and drawing
    them one by one would give an interval that is too narrow.

    Args:
        first: The first run's values, one a question; None where it has none.
        second: The second run's, of the same questions in the same order.
        draws: As for :func:`bootstrap`.
        seed: As for :func:`bootstrap`.
        level: As for :func:`bootstrap`.
        clusters: As for :func:`bootstrap`.

    Returns:
        The interval of the second run's mean minus the first's, each over the questions of which
        that run has a value. Draws without one in either are left out; None where all are, and
        for no questions.

    Raises:
        ValueError: If the lengths differ, draws or level is out of its range, or a value is NaN.

    >>> paired_bootstrap([0.0, 0.5], [0.25, 0.75])
    Interval(low=0.25, high=0.25)
    >>> paired_bootstrap([0.0, 0.0, 1.0], [1.0, 1.0, 1.0], clusters=["a", "a", "b"])
    Interval(low=0.0, high=1.0)
    """
    if len(first) != len(second):
        raise ValueError(f"got {len(first)} values and {len(second)} to compare them with")
    members = _members(len(first), clusters if clusters is not None else range(len(first)))
    runs = [_by_cluster(values, members) for values in (first, second)]
    taken = []
    for block in _resamples(len(members), draws, seed):
        (one, ones), (other, others) = (run[:, block].sum(axis=2) for run in runs)
        there = (ones > 0) & (others > 0)
        taken.append(other[there] / others[there] - one[there] / ones[there])
    return _middle(np.concatenate(taken) if taken else [], level)


def _by_cluster(
    values: Sequence[float | None] | np.ndarray, members: Sequence[np.ndarray]
) -> np.ndarray:
    """Add up each cluster's values and count them: shape (2, clusters)."""
    known = np.array([one is not None for one in values])
    each = np.array([one if one is not None else 0.0 for one in values])
    return np.array([(each[rows].sum(), known[rows].sum()) for rows in members]).T


def _drawn_rows(
    n: int, draws: int, seed: int, clusters: Sequence[Hashable] | None
) -> Iterator[np.ndarray]:
    """Draw the questions of each resample."""
    if clusters is None:
        yield from (drawn for block in _resamples(n, draws, seed) for drawn in block)
        return
    members = _members(n, clusters)
    for block in _resamples(len(members), draws, seed):
        for drawn in block:
            yield np.concatenate([members[one] for one in drawn])


def _members(n: int, clusters: Sequence[Hashable]) -> list[np.ndarray]:
    """List the questions of each cluster, in the order in which the clusters come."""
    if len(clusters) != n:
        raise ValueError(f"got {n} questions and {len(clusters)} clusters of them")
    found: dict[Hashable, list[int]] = {}
    for row, cluster in enumerate(clusters):
        found.setdefault(cluster, []).append(row)
    return [np.array(rows, dtype=np.int64) for rows in found.values()]


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
