"""`citespan train`: every option counts, and a killed run goes on; and what dev files tell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import FakeEmbedder, FakeReader
from safetensors import safe_open
from tiny_models import bert_reader
from training_fakes import asked, recipe, unanswerable, wall_set, write_squad

from qa import cli
from qa.errors import EvaluationError
from qa.settings import BUNDLED_READER
from qa.training.card import Stage
from qa.training.dev import DevFigures, macro_f1, measure
from qa.training.recipe import Recipe, Source
from qa.training.train import Trained

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Four people died in 1989. Five people saw it."


class Recorded:
    """Stands where train() does, and keeps what it is called with."""

    def __init__(self) -> None:
        self.recipe = recipe()
        self.out = Path()
        self.given: dict[str, object] = {}

    def __call__(self, plan: Recipe, out: Path, **given: object) -> Trained:
        self.recipe, self.out, self.given = plan, out, given
        figures = DevFigures("set", 7, 40.0, 62.345, None, None)
        return Trained(Stage(plan, 1, 1, 0.5, 1.0, "CPU", (figures,)), ())


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    fake = Recorded()
    monkeypatch.setattr("qa.training.train.train", fake)
    return fake


@pytest.fixture
def walls(tmp_path: Path) -> str:
    return str(wall_set(tmp_path / "walls.json"))


@pytest.mark.parametrize(
    ("option", "value", "name", "expected"),
    [
        ("--start", "some/model", "start", "some/model"),
        ("--questions", "500", "questions", 500),
        ("--batch", "3", "batch", 3),
        ("--rate", "3e-5", "rate", 3e-5),
        ("--passages", "5", "passages", 5),
        ("--titles", "0", "titles", 0.0),
        ("--crops", "1", "crops", 1.0),
        ("--swaps", "0.25", "swaps", 0.25),
        ("--joint", "0", "joint", 0.0),
        ("--margin", "2.5", "margin", 2.5),
        ("--seed", "-4", "seed", -4),
    ],
)
def test_an_option_is_a_field_of_the_recipe(
    recorded: Recorded, walls: str, option: str, value: str, name: str, expected: object
) -> None:
    plain = Recipe(BUNDLED_READER, (Source.parse(walls),))
    assert cli.main(["train", walls, "--out", "x"]) == 0
    assert recorded.recipe == plain
    assert cli.main(["train", walls, "--out", "x", option, value]) == 0
    changed = {
        field: getattr(recorded.recipe, field)
        for field in Recipe.__dataclass_fields__
        if getattr(recorded.recipe, field) != getattr(plain, field)
    }
    assert changed == {name: expected}


def test_files_folders_and_dev_sets_are_handed_on(
    recorded: Recorded, walls: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", f"{walls}=0.5", walls, "--out", "new"]) == 0
    assert recorded.recipe.sources == (Source.parse(f"{walls}=0.5"), Source.parse(walls))
    assert recorded.out == Path("new")
    given = {name: recorded.given[name] for name in ("dev", "dev_limit", "library", "resume")}
    assert given == {"dev": (), "dev_limit": None, "library": None, "resume": False}
    more = ["--dev", "a", "--dev", "b", "--dev-limit", "9", "--library", "kept", "--resume"]
    assert cli.main(["train", walls, "--out", "new", *more]) == 0
    given = {name: recorded.given[name] for name in given}
    assert given == {"dev": ["a", "b"], "dev_limit": 9, "library": Path("kept"), "resume": True}
    printed = capsys.readouterr().out
    assert "set: F1 62.3 of 7 questions\n" in printed
    assert "ask it with --reader new" in printed


@pytest.mark.parametrize(
    "wrong",
    [
        ["--batch", "0"],
        ["--questions", "-1"],
        ["--passages", "x"],
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--titles", "1.1"],
        ["--joint", "-1"],
        ["--margin", "inf"],
        ["--seed", "x"],
    ],
    ids=" ".join,
)
def test_a_value_out_of_range_is_wrong_usage(
    recorded: Recorded, walls: str, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["train", walls, "--out", "x", *wrong])
    assert stopped.value.code == cli.USAGE
    assert f"argument {wrong[0]}" in capsys.readouterr().err
    assert recorded.out == Path()


def test_what_fails_is_one_line(walls: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", f"{walls}=none", "--out", "x"]) == cli.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("citespan: ")
    assert printed.err.count("\n") == 1


def test_the_command_trains_a_reader(
    walls: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("qa.library.library.load_embedder", FakeEmbedder)
    start, out = bert_reader(tmp_path / "start"), tmp_path / "out"
    arguments = ["train", walls, "--out", str(out), "--start", str(start), "--batch", "5"]
    assert cli.main([*arguments, "--swaps", "0"]) == 0
    printed = capsys.readouterr()
    assert "12 examples in 3 steps" in printed.err
    assert "step 3 of 3, loss " in printed.err
    assert f"the reader is in {out}; ask it with --reader {out}\n" in printed.out
    assert (out / "model.safetensors").exists()


def dev_file(path: Path, *qas: dict[str, object]) -> str:
    return str(write_squad(path, (TEXT, qas)))


def test_dev_figures_are_those_of_the_best_span(tmp_path: Path) -> None:
    """The fake reader says "Four" where it stands, five points above "no answer"."""
    path = dev_file(
        tmp_path / "dev.json",
        asked("exact", "How many died?", TEXT, "Four"),
        asked("half", "Who died?", TEXT, "Four people"),
        asked("wrong", "Who saw it?", TEXT, "Five people"),
        asked("best", "How many?", TEXT, "people", "Four"),
    )
    (found,) = measure(FakeReader("Four", 7.0, 2.0), [path], None)
    # SQuAD's F1 of "Four" against "Four people": precision 1, recall 1/2.
    f1 = 100 * (1 + 2 / 3 + 0 + 1) / 4
    assert found == DevFigures("dev", 4, 50.0, pytest.approx(f1), None, None)
    limited = [measure(FakeReader("Four"), [path], 2) for _ in range(2)]
    assert limited[0] == limited[1]
    assert limited[0][0].questions == 2
    assert macro_f1([found, DevFigures("x", 900, 0, 0, 0, 0)]) == pytest.approx(f1 / 2)


def test_dev_figures_of_unanswerable_questions(tmp_path: Path) -> None:
    class Told(FakeReader):
        """Is told by a question how to score its span and "no answer"; no span for none."""

        def read(self, question, passages, count):
            if not question:
                return []
            self.score, self.null_score = map(float, question.split())
            return super().read(question, passages, count)

    path = dev_file(
        tmp_path / "dev.json",
        asked("a", "19 10", TEXT, "Four"),
        asked("b", "5 0", TEXT, "Four"),
        asked("c", "13 10", TEXT, "Five"),
        unanswerable("d", "14 10", TEXT),
        unanswerable("e", "", TEXT),
    )
    (found,) = measure(Told("Four"), [path], None)
    # Of the six pairs of an answerable and an unanswerable question, one is the wrong way round.
    # At the best threshold, between 4 and 5, two answers and both refusals are right.
    assert found == DevFigures(
        "dev",
        5,
        pytest.approx(200 / 3),
        pytest.approx(200 / 3),
        pytest.approx(500 / 6),
        pytest.approx(80.0),
    )


def test_a_dev_file_without_an_answerable_question_is_refused(tmp_path: Path) -> None:
    path = dev_file(tmp_path / "dev.json", unanswerable("a", "Who?", TEXT))
    with pytest.raises(EvaluationError, match=r"dev.* no answerable question"):
        measure(FakeReader("Four"), [path], None)


RUN = """
import sys, time
from fakes import FakeEmbedder
from qa import cli
from qa.training import loop
import qa.library.library, qa.training.train
qa.library.library.load_embedder = FakeEmbedder
loop._CHECKPOINT_SECONDS = 0.0
fit = qa.training.train.fit
def told(*given, on_step, **more):
    def step(now):
        print(now.step, now.loss, flush=True)
        time.sleep(0.02)
    return fit(*given, on_step=step, **more)
qa.training.train.fit = told
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_run_goes_on_to_the_same_losses(tmp_path: Path, attempt: int) -> None:
    start = bert_reader(tmp_path / "start")
    walls = str(wall_set(tmp_path / "walls.json", 80))
    words = [walls, "--start", str(start), "--batch", "2", "--rate", "0.01"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = os.environ | {"PYTHONPATH": paths, "HF_HUB_OFFLINE": "1"}

    def begin(out: Path, *more: str) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-c", RUN, "train", *words, "--out", str(out), *more]
        return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)

    def means(printed: str) -> dict[int, float]:
        lines = [line.split() for line in printed.splitlines() if line[:1].isdigit()]
        return {int(step): float(loss) for step, loss in lines}

    with begin(tmp_path / "whole") as running:
        whole = means(running.communicate()[0])
    assert running.returncode == 0
    assert len(whole) == max(whole) >= 40

    out, checkpoint = tmp_path / "out", tmp_path / "out.training" / "checkpoint.safetensors"
    with begin(out) as running:
        while not checkpoint.exists():
            assert running.poll() is None
            time.sleep(0.01)
        time.sleep(0.15 * attempt)  # so that the kill meets another moment of a step each time
        running.send_signal(signal.SIGKILL)
        first = means(running.communicate()[0])
    assert running.returncode == -signal.SIGKILL
    assert not out.exists()
    with safe_open(checkpoint, "pt") as file:
        done = int(file.metadata()["step"])
    assert 1 <= done < max(whole)
    with begin(out, "--resume") as running:
        second = means(running.communicate()[0])
    assert running.returncode == 0
    assert list(second) == list(range(done + 1, max(whole) + 1))
    for step, loss in (*first.items(), *second.items()):
        assert loss == pytest.approx(whole[step], abs=0.01)
    stages = [
        json.loads((one / "training.json").read_text())[0] for one in (out, tmp_path / "whole")
    ]
    assert stages[0]["loss"] == pytest.approx(stages[1]["loss"], abs=0.01)
    assert not checkpoint.parent.exists()


def test_training_without_questions_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", "--out", str(tmp_path / "made")]) == cli.FAILED
    assert "name files of questions" in capsys.readouterr().err
