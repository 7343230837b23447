from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, FakeReader

from qa import cli
from qa.calibration import FEATURES, FILE_NAME, Calibration, Fitted
from qa.errors import TrainingError
from qa.evaluation.squad import read_squad
from qa.settings import Settings
from qa.training import calibrate as training
from qa.training.calibrate import (
    Example,
    best_threshold,
    calibrate,
    calibrate_reader,
    examples,
)

FITTED = Fitted("f00d", "float32", 8)
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
    curve = calibrate(found, found[:100], FITTED, "a test")
    assert curve.weights[0] == pytest.approx(2, abs=0.2)
    assert curve.intercept == pytest.approx(-1, abs=0.15)
    assert (curve.fitted_for, curve.source) == (FITTED, "a test")


@pytest.mark.parametrize(
    ("sure", "f1", "answerable", "threshold"),
    [
        # Everything from just above 0.2 to 0.6 parts right from unanswerable without a loss.
        pytest.param([0.2, 0.6], [0.0, 1.0], [False, True], 0.201, id="lowest-of-the-best"),
        pytest.param([0.2, 0.6], [1.0, 1.0], [True, True], 0.0, id="nothing-to-decline"),
        pytest.param([0.6, 0.6], [0.0, 0.0], [False, False], 0.601, id="nothing-to-answer"),
        # Declining the third costs 0.5 and gains nothing, declining the first gains 1.
        pytest.param([0.1, 0.9, 0.5], [0, 1, 0.5], [False, True, True], 0.101, id="part-right"),
    ],
)
def test_the_threshold_is_the_lowest_with_the_best_f1_over_all_questions(
    sure: list[float], f1: list[float], answerable: list[bool], threshold: float
) -> None:
    found = [example(0, *one) for one in zip(f1, answerable, strict=True)] * 20
    assert best_threshold(sure * 20, found) == threshold


def test_without_examples_everything_is_answered() -> None:
    assert best_threshold([], []) == 0.0


@pytest.mark.parametrize(("unanswerable", "threshold"), [(1, 0.0), (20, 0.302)])
def test_thresholds_within_half_a_point_of_the_best_count_as_good(
    unanswerable: int, threshold: float
) -> None:
    # Of 1,000 questions, declining the unanswerable ones at 0.301 gains 0.1 points each.
    found = [example(0, 1.0) for _ in range(1000 - unanswerable)]
    found += [example(0, 0.0, answerable=False) for _ in range(unanswerable)]
    sure = [0.9] * (1000 - unanswerable) + [0.301] * unanswerable
    assert best_threshold(sure, found) == threshold


def test_the_threshold_is_the_median_over_bootstrap_draws() -> None:
    random = np.random.default_rng(1)
    sure = random.random(120)
    answerable = random.random(120) < 0.7
    f1 = np.where(answerable, random.random(120) < sure, 0.0)
    found = [example(0, float(one), bool(two)) for one, two in zip(f1, answerable, strict=True)]
    draw, lowest = np.random.default_rng(2), []
    for _ in range(150):
        rows = draw.integers(0, 120, 120)
        steps = [number / 1000 for number in range(1001)]
        totals = [np.where(sure[rows] >= one, f1[rows], ~answerable[rows]).mean() for one in steps]
        lowest.append(
            next(t for t, v in zip(steps, totals, strict=True) if v >= max(totals) - 0.005)
        )
    assert best_threshold(sure.tolist(), found) == pytest.approx(np.median(lowest), abs=0.03)


def test_questions_that_presuppose_their_article_are_asked_of_it_alone(tmp_path: Path) -> None:
    paragraphs = [
        {
            "context": f"The bridge number {number} fell. {word} people died.",
            "qas": [{"id": word, "question": "How many people died?", "answers": [{"text": word}]}],
        }
        for number, word in enumerate(["Four", "Five", "Nine"])
    ]
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"title": "", "paragraphs": paragraphs}]}))

    def f1_of_those_answered(own: bool) -> list[float]:
        embedder, settings = FakeEmbedder(), Settings(embedder="fake")
        found = examples(read_squad(path), 9, embedder, FakeReader("Four"), settings, own=own)
        return sorted(one.f1 for one in found)

    assert f1_of_those_answered(own=True) == [1.0]
    assert f1_of_those_answered(own=False) == [0.0, 0.0, 1.0]


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "load_embedder", FakeEmbedder)
    monkeypatch.setattr(training, "load_reader", lambda _: FakeReader("Four"))


@pytest.mark.usefixtures("fakes")
def test_the_command_writes_a_curve_beside_the_reader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reader").mkdir()
    arguments = ["train", str(squad(tmp_path)), "--calibrate-only", "--passages", "5"]
    assert cli.main([*arguments, "--out", str(tmp_path / "reader")]) == cli.OK
    curve = Calibration.load(tmp_path / "reader" / FILE_NAME)
    assert curve.fitted_for == Fitted("f00d", "float32", 5)
    assert curve.source.startswith("5 questions of set.json (pool); threshold on set.json; 20")
    assert f"declines below {curve.threshold:.3f}" in capsys.readouterr().out


@pytest.mark.usefixtures("fakes")
def test_sets_asked_of_their_own_paragraphs_come_first(tmp_path: Path) -> None:
    one, other = squad(tmp_path), squad(tmp_path).rename(tmp_path / "own.json")
    squad(tmp_path)
    curve = calibrate_reader(tmp_path, [one], [other], per_pool=3, tell=lambda _: None)
    assert curve.source.startswith(
        "8 questions of own.json (own paragraphs), set.json (pool); threshold on own.json; "
    )


def test_without_questions_there_is_no_calibration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrainingError, match="question files that training never saw"):
        calibrate_reader(tmp_path, [])
    monkeypatch.setattr(training, "load_embedder", FakeEmbedder)
    monkeypatch.setattr(training, "load_reader", lambda _: FakeReader("nowhere to be found"))
    with pytest.raises(TrainingError, match=r"no calibration can be made.*0 of 0"):
        calibrate_reader(tmp_path, [squad(tmp_path)], tell=lambda _: None)
    assert not (tmp_path / FILE_NAME).exists()
