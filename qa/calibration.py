"""Features of a candidate to the probability that it is right: a logistic curve, fitted once.

The curve belongs to a reader, its precision, and how many passages it reads: its numbers travel
beside the reader's weights (calibration.json) and say what they were fitted for and on. Where one
of these differs, an answer's confidence is computed all the same, marked as not calibrated.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from qa.types import Candidate

__all__ = ["FEATURES", "FILE_NAME", "Calibration", "Fitted", "features", "fit"]

# What a curve is called, in the reader's folder.
FILE_NAME = "calibration.json"

FEATURES = ("span_score", "null_margin")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a curve was fitted for.

    Args:
        reader_sha256: The hash of the reader's weights, in hex.
        precision: The arithmetic that it ran in.
        passages: How many it read for a question.
    """

    reader_sha256: str
    precision: str
    passages: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the features of a candidate.

    Args:
        fitted_for: The reader and how it read.
        weights: One for each of ``FEATURES``.
        intercept: Added to the weighted sum; the log odds of a candidate of all zeros.
        threshold: The confidence below which declining is the better choice, as the fit found it.
        source: What it was fitted on, for people.
    """

    fitted_for: Fitted
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    source: str

    def confidence(self, candidate: Candidate) -> float:
        """Give the probability that a candidate is right, in [0, 1]."""
        return self.probability(features(candidate))

    def probability(self, values: Sequence[float]) -> float:
        """Give the probability for the features of a candidate, in the order of ``FEATURES``."""
        weighted = zip(self.weights, values, strict=True)
        return _logistic(self.intercept + sum(weight * value for weight, value in weighted))

    def save(self, path: Path) -> None:
        """Write the curve as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a curve.

        Raises:
            OSError: If there is no such file.
            ValueError: If it holds no curve over these features.
        """
        found = json.loads(path.read_text(encoding="utf-8"))
        try:
            curve = cls(
                fitted_for=Fitted(**found["fitted_for"]),
                weights=tuple(float(weight) for weight in found["weights"]),
                intercept=float(found["intercept"]),
                threshold=float(found["threshold"]),
                source=str(found["source"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} holds no curve: {error!r}") from error
        if len(curve.weights) != len(FEATURES):
            raise ValueError(f"{path} has {len(curve.weights)} weights, expected {len(FEATURES)}")
        return curve


def features(candidate: Candidate) -> tuple[float, ...]:
    """List a candidate's features, in the order of ``FEATURES``."""
    return (candidate.score, candidate.score - candidate.null_score)


def fit(
    rows: np.ndarray, right: Sequence[bool], steps: int = 50
) -> tuple[tuple[float, ...], float]:
    """Fit a logistic regression by Newton's method (Hastie et al. 2009, section 4.4.1).

    Args:
        rows: float64 of shape (n, features).
        right: Whether each was right; both kinds must occur.
        steps: Newton steps at most.

    Returns:
        The weights and the intercept of greatest likelihood, under a ridge of 1e-3 that keeps them
        finite where a feature separates the two kinds.

    Raises:
        ValueError: If all are right or none is.
    """
    target = np.asarray(right, dtype=np.float64)
    if not 0 < target.sum() < len(target):
        raise ValueError(f"need right and wrong examples, got {int(target.sum())} of {len(target)}")
    inputs = np.hstack([np.asarray(rows, dtype=np.float64), np.ones((len(target), 1))])
    ridge = np.diag([1e-3] * (inputs.shape[1] - 1) + [0.0])
    beta = np.zeros(inputs.shape[1])
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ beta, -50, 50)))
        slope = inputs.T @ (target - guess) - ridge @ beta
        curvature = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(curvature, slope)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return tuple(float(value) for value in beta[:-1]), float(beta[-1])


def _logistic(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
