"""How far confidence can be trusted, and what it buys: calibration, ranking, coverage. Pure.

A confidence of -inf marks a question that had nothing to answer: the curves never answer it. The
calibration metrics need probabilities. NaN is refused everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = [
    "auroc",
    "brier",
    "calibration_error",
    "coverage_at",
    "perfect_calibration_error",
    "reliability",
    "risk_coverage",
]


def reliability(
    confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Group questions by confidence into bins of equal mass, for a reliability diagram.

    Questions are sorted by confidence and cut into bins whose sizes differ by one at most. Equal
    confidences are never parted: they go where the first of them falls, so ties make bins uneven
    and can leave some out. The order of the questions does not matter.

    Args:
        confidence: One a question, in [0, 1].
        right: Whether each was right.
        bins: How many bins at most, at least 1.

    Returns:
        The mean confidence, the share right and the number of questions of each bin that has any,
        by rising confidence. Empty for no questions.

    Raises:
        ValueError: If the lengths differ, or a confidence is no probability, or there is no bin.

    >>> reliability([0.1, 0.3, 0.8, 0.8], [False, False, True, False], bins=2)
    [(0.2, 0.0, 2), (0.8, 0.5, 2)]
    """
    sure, outcome = _pair(confidence, right)
    return [
        (float(mean), float(share), int(count))
        for mean, share, count in zip(*_binned(sure, outcome, _bin_of(sure, bins)), strict=True)
    ]


def calibration_error(
    confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray, bins: int = 10
) -> float | None:
    """Measure the expected calibration error over bins of equal mass, in [0, 1]; lower is better.

    The mean over questions of the distance between their bin's mean confidence and its share right
    (Naeini et al. 2015, with the adaptive bins of Nguyen and O'Connor 2015). With few questions it
    is above zero even for a perfect predictor: see :func:`perfect_calibration_error`.

    Args:
        confidence: One a question, in [0, 1].
        right: Whether each was right.
        bins: As for :func:`reliability`, ties too.

    Returns:
        The error; None for no questions.

    Raises:
        ValueError: As :func:`reliability`.

    >>> calibration_error([0.25, 0.75], [False, True], bins=2), calibration_error([], [])
    (0.25, None)
    """
    sure, outcome = _pair(confidence, right)
    return _error(sure, outcome, _bin_of(sure, bins)) if len(sure) else None


def perfect_calibration_error(
    confidence: Sequence[float] | np.ndarray, bins: int = 10, draws: int = 200, seed: int = 0
) -> float | None:
    """Measure the calibration error that a perfect predictor would score with these confidences.

    The mean of :func:`calibration_error` over outcomes drawn from the confidences themselves
    (consistency resampling, Broecker and Smith 2007).

    Args:
        confidence: One a question, in [0, 1].
        bins: As for :func:`reliability`.
        draws: How many times outcomes are drawn, at least 1.
        seed: The same seed gives the same result.

    Returns:
        The mean error, in [0, 1]; 0.0 where every confidence is 0 or 1; None for no questions.

    Raises:
        ValueError: If a confidence is no probability, or there is no bin or draw.

    >>> perfect_calibration_error([0.0, 1.0, 1.0]), perfect_calibration_error([0.5])
    (0.0, 0.5)
    """
    sure = _checked(confidence)
    groups = _bin_of(sure, bins)
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws}")
    if not len(sure):
        return None
    chance = np.random.default_rng(seed)
    drawn = (chance.random(len(sure)) < sure for _ in range(draws))
    return float(np.mean([_error(sure, one.astype(np.float64), groups) for one in drawn]))


def brier(
    confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray
) -> float | None:
    """Average the squared distance of confidence from outcome (Brier 1950); lower is better.

    Args:
        confidence: One a question, in [0, 1].
        right: Whether each was right.

    Returns:
        The score, in [0, 1]; None for no questions.

    Raises:
        ValueError: If the lengths differ or a confidence is no probability.

    >>> brier([1.0, 0.5], [True, True]), brier([], [])
    (0.125, None)
    """
    sure, outcome = _pair(confidence, right)
    _check_probabilities(sure)
    return float(np.mean((sure - outcome) ** 2)) if len(sure) else None


def auroc(
    scores: Sequence[float] | np.ndarray, positive: Sequence[bool] | np.ndarray
) -> float | None:
    """Measure how well scores rank positives above negatives, in [0, 1]; 0.5 is chance.

    The share of pairs of a positive and a negative in which the positive has the higher score, ties
    counting half: the area under the ROC curve (Hanley and McNeil 1982).

    Args:
        scores: One an example; any numbers, infinite ones too.
        positive: Whether each is positive.

    Returns:
        The area; None where one kind is missing.

    Raises:
        ValueError: If the lengths differ.

    >>> auroc([0.9, 0.4, 0.4], [True, True, False]), auroc([0.9], [True])
    (0.75, None)
    """
    values, kind = _pair(scores, positive)
    _, places = np.unique(values, return_inverse=True)
    positives = np.bincount(places, weights=kind)
    negatives = np.bincount(places, weights=1 - kind)
    pairs = positives.sum() * negatives.sum()
    below = np.cumsum(negatives) - negatives / 2
    return float((positives * below).sum() / pairs) if pairs else None


def risk_coverage(
    confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the risk-coverage curve (El-Yaniv and Wiener 2010).

    Args:
        confidence: One for each question of the set; any numbers. Questions of equal confidence
            are answered together; -inf is never answered.
        right: Whether each would be right when answered; False for unanswerable questions.

    Returns:
        Coverage and risk, float64, one point for each distinct confidence as the threshold, from
        the highest down: the share of all questions that are answered, rising, in (0, 1], and the
        share of the answered that are wrong, in [0, 1]. Both empty where nothing is answered.

    Raises:
        ValueError: If the lengths differ.

    >>> coverage, risk = risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    >>> coverage.tolist(), risk.round(3).tolist()
    ([0.25, 0.75, 1.0], [0.0, 0.333, 0.5])
    """
    _, answered, hits = _steps(confidence, right)
    return answered / max(len(confidence), 1), (answered - hits) / answered


def coverage_at(
    confidence: Sequence[float] | np.ndarray,
    right: Sequence[bool] | np.ndarray,
    precision: float,
) -> tuple[float, float | None]:
    """Find how much can be answered at a precision.

    Args:
        confidence: As for :func:`risk_coverage`.
        right: As for :func:`risk_coverage`.
        precision: The least share of the answered that must be right, in [0, 1].

    Returns:
        The largest share of all questions that is answered at a threshold with that precision, and
        the threshold: what has at least this confidence is answered. 0.0 and None where no
        threshold has it, and for no questions.

    Raises:
        ValueError: If the lengths differ.

    >>> coverage_at([0.9, 0.5, 0.5, 0.1], [True, True, False, True], 0.75)
    (1.0, 0.1)
    >>> coverage_at([0.9, 0.5], [False, False], 0.8)
    (0.0, None)
    """
    thresholds, answered, hits = _steps(confidence, right)
    enough = np.flatnonzero(hits / answered >= precision)
    if not len(enough):
        return 0.0, None
    last = enough[-1]
    return float(answered[last] / len(confidence)), float(thresholds[last])


def _steps(
    confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the thresholds from the highest down, how many each answers and how many are right."""
    sure, outcome = _pair(confidence, right)
    sure, outcome = sure[sure > -np.inf], outcome[sure > -np.inf]
    thresholds, places = np.unique(-sure, return_inverse=True)
    answered = np.cumsum(np.bincount(places)).astype(np.float64)
    return -thresholds, answered, np.cumsum(np.bincount(places, weights=outcome))


def _bin_of(confidence: np.ndarray, bins: int) -> np.ndarray:
    _check_probabilities(confidence)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    first = np.searchsorted(np.sort(confidence), confidence)
    return first * bins // max(len(confidence), 1)


def _binned(
    confidence: np.ndarray, outcome: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    counts = np.bincount(groups)
    used = counts > 0
    sums = [np.bincount(groups, weights=values)[used] for values in (confidence, outcome)]
    return sums[0] / counts[used], sums[1] / counts[used], counts[used]


def _error(confidence: np.ndarray, outcome: np.ndarray, groups: np.ndarray) -> float:
    means, shares, counts = _binned(confidence, outcome, groups)
    return float((counts * np.abs(means - shares)).sum() / counts.sum())


def _pair(
    values: Sequence[float] | np.ndarray, outcomes: Sequence[bool] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    first, second = _checked(values), _checked(outcomes)
    if len(first) != len(second):
        raise ValueError(f"got {len(first)} values and {len(second)} outcomes")
    return first, second


def _checked(values: Sequence[float] | np.ndarray) -> np.ndarray:
    found = np.asarray(values, dtype=np.float64)
    if np.isnan(found).any():
        raise ValueError(f"value {int(np.flatnonzero(np.isnan(found))[0])} is NaN")
    return found


def _check_probabilities(confidence: np.ndarray) -> None:
    if len(confidence) and not 0 <= confidence.min() <= confidence.max() <= 1:
        outside = confidence[(confidence < 0) | (confidence > 1)][0]
        raise ValueError(f"confidence must lie in [0, 1], got {outside}")
