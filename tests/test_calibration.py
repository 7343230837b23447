"""The logistic curve: fitted as a slow, simple method fits it, and read back as written."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import FEATURES, Calibration, Fitted, features, fit
from qa.reading import MODELS
from qa.types import Candidate, Chunk, Hit, Span

FITTED = Fitted("f00d", "float32", 8)
CURVE = Calibration(FITTED, (0.5, -0.25), -1.5, 0.4, "a test")


def candidate(score=3.0, null_score=1.0, retrieval=0.75):
    return Candidate(
        Hit(Chunk("a1", Span(0, 10), "Wall opens"), retrieval, 1),
        Span(0, 4),
        "Wall",
        score,
        null_score,
    )


def sample(weights, intercept, count=20_000, seed=0):
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, len(weights)))
    odds = rows @ np.array(weights) + intercept
    return rows, random.random(count) < 1 / (1 + np.exp(-odds))


def gradient_ascent(rows, right, ridge=1e-3, steps=20_000):
    """Climb the same penalised likelihood in small steps."""
    inputs = np.hstack([rows, np.ones((len(rows), 1))])
    penalty = np.array([ridge] * rows.shape[1] + [0.0])
    beta = np.zeros(inputs.shape[1])
    rate = 4 / np.linalg.norm(inputs, 2) ** 2
    for _ in range(steps):
        beta += rate * (inputs.T @ (right - 1 / (1 + np.exp(-inputs @ beta))) - penalty * beta)
    return beta


def test_features_are_in_the_order_of_their_names():
    found = dict(zip(FEATURES, features(candidate()), strict=True))
    assert found == {"span_score": 3.0, "null_margin": 2.0}


def test_confidence_is_the_logistic_function_of_the_weighted_sum():
    odds = -1.5 + 0.5 * 3.0 - 0.25 * 2.0
    assert CURVE.confidence(candidate()) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_confidence_of_even_odds_is_a_half():
    assert Calibration(FITTED, (0.0, 0.0), 0.0, 0.5, "").confidence(candidate()) == 0.5


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_confidence_rises_with_the_score_and_stays_in_its_range(one, other):
    curve = Calibration("r", (0.1, 0.1), -3.0, 0.3, "")
    low, high = (curve.confidence(candidate(score)) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("field", "rises"),
    [
        pytest.param("score", True, id="score"),
        pytest.param("null_score", False, id="null score"),
    ],
)
def test_confidence_moves_the_right_way_with_each_feature(field, rises):
    curve = Calibration("r", (0.1, 0.1), -1.0, 0.3, "")
    less, more = (curve.confidence(candidate(**{field: value})) for value in (0.2, 0.8))
    assert (less < more) is rises


@pytest.mark.parametrize(
    ("odds", "confidence"),
    [pytest.param(5_000.0, 1.0, id="high"), pytest.param(-5_000.0, 0.0, id="low")],
)
def test_extreme_odds_do_not_overflow(odds, confidence):
    curve = Calibration("r", (0.0, 0.0), odds, 0.5, "")
    assert curve.confidence(candidate()) == confidence


def test_fit_recovers_known_weights():
    weights, intercept = fit(*sample((1.5, -2.0, 0.5), -0.75))
    assert weights == pytest.approx((1.5, -2.0, 0.5), abs=0.1)
    assert intercept == pytest.approx(-0.75, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_fit_agrees_with_gradient_ascent(seed):
    rows, right = sample((1.0, -0.5), 0.3, count=150, seed=seed)
    weights, intercept = fit(rows, right)
    assert [*weights, intercept] == pytest.approx(gradient_ascent(rows, right), abs=1e-6)


@pytest.mark.parametrize("scale", [0.01, 1.0, 30.0], ids=["small", "unit", "large"])
def test_fit_does_not_depend_on_the_unit_of_a_feature(scale):
    rows, right = sample((1.0, -0.5), 0.3, count=2_000)
    weights, intercept = fit(rows, right)
    scaled, same = fit(rows * [scale, 1.0], right)
    assert scaled[0] * scale == pytest.approx(weights[0], rel=0.05)
    assert same == pytest.approx(intercept, rel=0.05)


def test_fit_stays_finite_where_a_feature_separates_the_two_kinds():
    rows = np.linspace(-1, 1, 40)[:, None]
    (weight,), intercept = fit(rows, rows[:, 0] > 0)
    assert math.isfinite(weight)
    assert weight > 5
    assert intercept == pytest.approx(0.0, abs=0.01)


def test_fit_of_a_feature_given_twice_shares_its_weight():
    rows, right = sample((1.0,), 0.0, count=2_000)
    (once,), _ = fit(rows, right)
    (one, other), _ = fit(np.hstack([rows, rows]), right)
    assert one == pytest.approx(other)
    assert one + other == pytest.approx(once, rel=1e-3)


def test_fit_matches_the_base_rate():
    rows, right = sample((1.0, -0.5), -1.0, count=500)
    weights, intercept = fit(rows, right)
    guesses = 1 / (1 + np.exp(-(rows @ weights + intercept)))
    assert guesses.mean() == pytest.approx(right.mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("right", "message"),
    [
        pytest.param([True, True], "2 of 2", id="all right"),
        pytest.param([False, False], "0 of 2", id="none right"),
        pytest.param([], "0 of 0", id="none at all"),
    ],
)
def test_fit_needs_both_kinds(right, message):
    with pytest.raises(ValueError, match=message):
        fit(np.zeros((len(right), 3)), right)


def test_curve_is_read_back_as_it_was_written(tmp_path):
    CURVE.save(tmp_path / "curve.json")
    assert Calibration.load(tmp_path / "curve.json") == CURVE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"weights": [1.0]}, "has 1 weights, expected 2", id="too few weights"),
        pytest.param({"weights": None}, "holds no curve", id="no weights"),
        pytest.param({"weights": ["a", "b"]}, "could not convert", id="words for weights"),
        pytest.param({"intercept": []}, "holds no curve", id="list for intercept"),
        pytest.param({"threshold": "high"}, "could not convert", id="word for threshold"),
    ],
)
def test_file_with_wrong_values_is_refused(tmp_path, changes, reason):
    path = tmp_path / "curve.json"
    CURVE.save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(ValueError, match=reason):
        Calibration.load(path)


@pytest.mark.parametrize("name", ["fitted_for", "weights", "intercept", "threshold", "source"])
def test_file_that_lacks_a_value_is_refused_by_its_name(tmp_path, name):
    path = tmp_path / "curve.json"
    CURVE.save(path)
    values = json.loads(path.read_text())
    del values[name]
    path.write_text(json.dumps(values))
    with pytest.raises(ValueError, match=f"holds no curve: KeyError.'{name}'"):
        Calibration.load(path)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "7"], ids=["empty", "list", "cut off", "number"]
)
def test_file_that_is_no_curve_is_refused(tmp_path, content):
    path = tmp_path / "curve.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"holds no curve|Expecting"):
        Calibration.load(path)


def test_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Calibration.load(tmp_path / "none.json")


def test_shipped_curve_is_the_shipped_readers_and_rises():
    curve = Calibration.load(MODELS / "calibration.json")
    assert curve.fitted_for.passages == 8
    assert 0 < curve.threshold < 1
    better = candidate(score=12.0, retrieval=1.0)
    assert curve.confidence(better) > curve.confidence(candidate(score=-12.0, retrieval=0.0))
