"""Steps and checkpoints: the loss falls, and a run that was stopped ends as one that was not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tiny_models import bert_reader
from training_fakes import recipe, wall_examples
from transformers import AutoModelForQuestionAnswering

from embeddings import WindowLayout
from qa.errors import TrainingError
from qa.training import loop
from qa.training.checkpoint import Checkpoint, load_checkpoint
from qa.training.loop import Progress, fit

RECIPE = recipe(rate=0.01, seed=3)
STEPS = 9


class StoppedError(Exception):
    """Stand for whatever ends a process in the middle of a run."""


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of so small a model mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_reader(tmp_path_factory.mktemp("models") / "bert")


class Run:
    """A run of nine steps over twelve questions, with its own copy of the model."""

    def __init__(self, folder: Path, checkpoint: Path, plan: object = RECIPE) -> None:
        self.model = AutoModelForQuestionAnswering.from_pretrained(folder)
        self.layout = WindowLayout(folder)
        self.checkpoint = checkpoint
        self.plan = plan
        made = wall_examples(12)
        self.batches = [made[4 * (at % 3) : 4 * (at % 3) + 4] for at in range(STEPS)]

    def fit(self, **given: object) -> list[float]:
        return fit(
            self.model,
            self.layout,
            self.batches,
            self.plan,
            self.checkpoint,
            longest=64,
            **given,
        )

    def weights(self) -> dict[str, torch.Tensor]:
        return {name: value.clone() for name, value in self.model.state_dict().items()}


def stop_at(step: int) -> object:
    def on_step(now: Progress) -> None:
        if now.step == step:
            raise StoppedError

    return on_step


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every step."""
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", 0.0)


def test_the_loss_falls(tiny: Path, tmp_path: Path) -> None:
    run = Run(tiny, tmp_path / "checkpoint")
    run.batches = run.batches * 4
    told: list[Progress] = []
    losses = run.fit(on_step=told.append)
    assert len(losses) == 4 * STEPS
    assert sum(losses[-3:]) < 0.6 * sum(losses[:3])
    assert [now.step for now in told] == list(range(1, 4 * STEPS + 1))
    assert {now.steps for now in told} == {4 * STEPS}
    assert told[5].loss == pytest.approx(sum(losses[:6]) / 6)
    assert told[-1].left == 0
    assert all(now.speed > 0 for now in told)
    assert not run.model.training


def test_the_learning_rate_rises_in_a_line_and_falls_in_a_line() -> None:
    plan = recipe(rate=1.0, warmup=0.2)
    rates = [loop._rate(step, 10, plan) for step in range(10)]
    assert rates == pytest.approx([1 / 2, 1, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8])
    assert loop._rate(0, 1, plan) == 1.0


@pytest.mark.parametrize(
    "changed",
    [{"rate": 0.02}, {"joint": 0.0}, {"margin": 0.0}, {"seed": 4}, {"warmup": 1.0}, {"decay": 5.0}],
    ids=lambda changed: next(iter(changed)),
)
def test_what_the_recipe_says_of_a_step_is_done(
    tiny: Path, tmp_path: Path, changed: dict[str, float]
) -> None:
    plain, other = Run(tiny, tmp_path / "plain"), Run(tiny, tmp_path / "other")
    other.plan = recipe(**{"rate": 0.01, "seed": 3, **changed})
    for run in (plain, other):
        run.batches = run.batches[:2]
        run.fit()
    assert not torch.equal(plain.model.qa_outputs.weight, other.model.qa_outputs.weight)


@pytest.mark.parametrize("last", [1, 4, STEPS])
def test_a_run_that_was_stopped_goes_on_to_the_same_weights(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every_step: None, last: int
) -> None:
    """Stopped two steps after its last checkpoint, which have to be done again."""
    whole = Run(tiny, tmp_path / "whole")
    losses = whole.fit()

    def on_step(now: Progress) -> None:
        if now.step == last:
            monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", 1e9)
        if now.step == min(last + 2, STEPS):
            raise StoppedError

    stopped = Run(tiny, tmp_path / "stopped")
    with pytest.raises(StoppedError):
        stopped.fit(on_step=on_step)
    resumed = Run(tiny, tmp_path / "stopped")
    steps: list[int] = []
    assert resumed.fit(resume=True, on_step=lambda now: steps.append(now.step)) == losses
    assert steps == list(range(last + 1, STEPS + 1))
    assert same(resumed.weights(), whole.weights())
    assert not same(stopped.weights(), whole.weights()) or last == STEPS
    left = load_file(tmp_path / "stopped")
    assert same(left, load_file(tmp_path / "whole"))
    assert {name.partition(".")[0] for name in left} == {"model", "exp_avg", "exp_avg_sq"}


def test_a_checkpoint_of_another_recipe_is_refused(tiny: Path, tmp_path: Path) -> None:
    run = Run(tiny, tmp_path / "checkpoint")
    run.batches = run.batches[:1]
    run.fit()
    other = Run(tiny, tmp_path / "checkpoint", recipe(rate=0.02, seed=3))
    before = other.weights()
    with pytest.raises(
        TrainingError,
        match=rf"of another recipe \({RECIPE.sha256[:12]}, expected {other.plan.sha256[:12]}\)",
    ):
        other.fit(resume=True)
    assert same(other.weights(), before)


def rewritten(path: Path, drop: str = "", **about: str) -> None:
    tensors = {name: value for name, value in load_file(path).items() if name != drop}
    state = {"recipe": RECIPE.sha256, "step": "1", "losses": "[1.0]"} | about
    save_file(tensors, path, metadata=state)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-9]), id="cut-short"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(b"\xff" * 999), id="other-bytes"),
        pytest.param(Path.unlink, id="gone"),
        pytest.param(lambda path: rewritten(path, "model.qa_outputs.bias"), id="a-weight-less"),
        pytest.param(
            lambda path: rewritten(path, "exp_avg_sq.qa_outputs.bias"), id="a-moment-less"
        ),
        pytest.param(lambda path: rewritten(path, step="one"), id="no-step"),
        pytest.param(lambda path: rewritten(path, losses="["), id="no-losses"),
        pytest.param(lambda path: rewritten(path, losses="1"), id="one-loss"),
    ],
)
def test_a_damaged_checkpoint_is_refused(tiny: Path, tmp_path: Path, damage: object) -> None:
    run = Run(tiny, tmp_path / "checkpoint")
    run.batches = run.batches[:1]
    run.fit()
    damage(run.checkpoint)  # type: ignore[operator]
    with pytest.raises(
        TrainingError, match=r"(?s)checkpoint cannot be used .*train without --resume"
    ):
        Run(tiny, tmp_path / "checkpoint").fit(resume=True)


def test_a_checkpoint_gives_back_what_was_saved(tiny: Path, tmp_path: Path) -> None:
    run = Run(tiny, tmp_path / "folder" / "checkpoint")
    losses = run.fit()
    other = Run(tiny, run.checkpoint)
    optimizer = torch.optim.AdamW(other.model.parameters())
    state = load_checkpoint(run.checkpoint, RECIPE.sha256, other.model, optimizer)
    assert state == Checkpoint(RECIPE.sha256, STEPS, tuple(losses))
    assert same(other.weights(), run.weights())
    assert {int(one["step"]) for one in optimizer.state.values()} == {STEPS}


def test_a_loss_that_is_no_number_stops_the_run_and_names_the_questions(
    tiny: Path, tmp_path: Path, every_step: None
) -> None:
    run = Run(tiny, tmp_path / "checkpoint")

    def spoil(now: Progress) -> None:
        if now.step == 2:
            with torch.no_grad():
                run.model.qa_outputs.bias.fill_(float("nan"))

    with pytest.raises(
        TrainingError, match=r"the loss is nan at step 3, on the questions q18, q19, q20, q21; try"
    ):
        run.fit(on_step=spoil)
    assert not any(bool(value.isnan().any()) for value in load_file(run.checkpoint).values())


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        SafetensorError("I/O error: No space left on device (os error 28)"),
    ],
    ids=["system", "safetensors"],
)
def test_a_full_disk_leaves_the_former_checkpoint(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every_step: None, error: Exception
) -> None:
    whole = Run(tiny, tmp_path / "whole")
    losses = whole.fit()
    run = Run(tiny, tmp_path / "folder" / "checkpoint")
    with pytest.raises(StoppedError):
        run.fit(on_step=stop_at(3))
    before = run.checkpoint.read_bytes()

    def full(tensors: object, path: Path, metadata: object) -> None:
        path.write_bytes(before[:100])
        raise error

    monkeypatch.setattr("qa.training.checkpoint.save_file", full)
    with pytest.raises(
        TrainingError, match=r"checkpoint cannot be written .*No space left.*free some space"
    ):
        Run(tiny, run.checkpoint).fit(resume=True)
    assert run.checkpoint.read_bytes() == before
    assert list(run.checkpoint.parent.iterdir()) == [run.checkpoint]
    monkeypatch.undo()
    again = Run(tiny, run.checkpoint)
    assert again.fit(resume=True) == losses
    assert same(again.weights(), whole.weights())


def test_a_folder_that_cannot_be_made_is_named(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    run = Run(tiny, tmp_path / "file" / "checkpoint")
    run.batches = run.batches[:1]
    with pytest.raises(TrainingError, match="checkpoint cannot be written"):
        run.fit()
