from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, FakeReader

from qa.calibration import FEATURES, Calibration
from qa.evaluation.squad import read_squad
from qa.settings import Settings
from qa.training import calibrate as training
from qa.training.calibrate import Example, best_threshold, calibrate, examples

TEXT = "A bridge fell into the Corran. Four people died."


def example(value: float, f1: float, answerable: bool = True) -> Example:
    return Example((value,) + (0.0,) * (len(FEATURES) - 1), f1, answerable)


def squad(tmp_path: Path) -> Path:
    qas = [
        {"id": f"q{number}", "question": "How many people died?", "answers": [{"text": text}]}
        for number, text in enumerate(["Four", "Four people", "a bridge", "the Corran"])
    ]
    qas.append({"id": "no", "question": "Who built it?", "is_impossible": True, "answers": []})
    path = tmp_path / "set.json"
    paragraph = {"context": TEXT, "qas": qas}
    path.write_text(json.dumps({"data": [{"title": "Bridge", "paragraphs": [paragraph]}]}))
    return path


def test_examples_are_the_candidates_that_would_be_answered(tmp_path: Path) -> None:
    reader = FakeReader("Four", score=7.0, null_score=2.0)
    found = list(
        examples(read_squad(squad(tmp_path)), 99, FakeEmbedder(), reader, Settings(embedder="fake"))
    )
    assert sorted(one.f1 for one in found) == [0.0, 0.0, 0.0, pytest.approx(2 / 3), 1.0]
    assert [one.answerable for one in found].count(False) == 1
    assert FEATURES == ("span_score", "null_margin")
    assert found[0].features == (7.0, 5.0)


def test_a_curve_is_fitted_to_right_and_wrong() -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=4000)
    right = random.random(4000) < 1 / (1 + np.exp(-(2 * values - 1)))
    found = [example(value, float(one)) for value, one in zip(values, right, strict=True)]
    curve = calibrate(found, found[:100], "fake", "a test")
    assert curve.weights[0] == pytest.approx(2, abs=0.2)
    assert curve.intercept == pytest.approx(-1, abs=0.15)
    assert (curve.reader, curve.source) == ("fake", "a test")


@pytest.mark.parametrize(
    ("unanswerable", "threshold"),
    [
        pytest.param([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95], 0.601, id="six-of-ten"),
        pytest.param([0.25], 0.251, id="one"),
        pytest.param([], 0.0, id="none"),
        pytest.param([1.0, 1.0], 1.001, id="all-certain"),
    ],
)
def test_the_threshold_declines_six_tenths_of_the_unanswerable(
    unanswerable: list[float], threshold: float
) -> None:
    found = [example(0, 1.0), *(example(0, 0.0, answerable=False) for _ in unanswerable)]
    assert best_threshold([0.99, *unanswerable], found) == threshold


def test_the_command_writes_a_curve_that_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "load_embedder", FakeEmbedder)
    monkeypatch.setattr(training, "load_reader", lambda _: FakeReader("Four"))
    out = tmp_path / "calibration.json"
    assert training.main([str(squad(tmp_path)), "--out", str(out)]) == 0
    curve = Calibration.load(out)
    assert curve.reader == "fake"
    assert curve.source.startswith("5 questions of set.json; threshold on set.json; 20")
    assert "threshold" in capsys.readouterr().out
