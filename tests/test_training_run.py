"""A whole run: question files in, a reader's folder out, and nothing lost on the way."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from fakes import FakeEmbedder
from safetensors import SafetensorError
from safetensors.torch import load_file
from tiny_models import bert_reader, roberta_reader
from training_fakes import asked, recipe, wall_set, write_squad

from qa.errors import TrainingError
from qa.library import Library
from qa.reading import load_reader
from qa.settings import Settings
from qa.training import loop
from qa.training.dev import measure
from qa.training.loop import Progress
from qa.training.recipe import Recipe
from qa.training.train import Trained, train
from qa.types import Chunk, Hit, Passage, Span


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of so small a model mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def embedders(monkeypatch: pytest.MonkeyPatch) -> list[FakeEmbedder]:
    """Load fakes where the bundled embedder is named, and keep them."""
    loaded: list[FakeEmbedder] = []

    def load(name: str) -> FakeEmbedder:
        loaded.append(FakeEmbedder(name))
        return loaded[-1]

    monkeypatch.setattr("qa.library.library.load_embedder", load)
    return loaded


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_reader(tmp_path_factory.mktemp("models") / "bert")


@pytest.fixture
def plan(tiny: Path, tmp_path: Path) -> Recipe:
    return recipe(wall_set(tmp_path / "walls.json"), start=str(tiny), rate=0.01)


class StoppedError(Exception):
    """Stand for whatever ends a process in the middle of a run."""


def stop(now: Progress) -> None:
    raise StoppedError


def run(plan: Recipe, out: Path, **given: object) -> Trained:
    return train(plan, out, **{"tell": lambda _: None, **given})


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_a_run_gives_a_reader_with_its_card(plan: Recipe, tmp_path: Path) -> None:
    out, told = tmp_path / "readers" / "walls", []
    dev = str(wall_set(tmp_path / "dev.set.json", 5))
    done = run(plan, out, dev=[dev], dev_limit=3, tell=told.append)
    assert (done.faults, done.stage.recipe) == ((), plan)
    assert (done.stage.examples, done.stage.steps) == (12, 3)
    assert [(one.name, one.questions) for one in done.stage.dev] == [("dev", 3)]
    assert "12 examples in 3 steps" in told
    assert {one.dtype for one in load_file(out / "model.safetensors").values()} == {torch.float16}

    reader = load_reader(str(out))
    assert measure(reader, [dev], 3) == list(done.stage.dev)
    text = "the wall opened in 1989"
    passage = Passage(Hit(Chunk("a", Span(0, len(text)), text), 0.0, 1), "the wall")
    (best,) = reader.read("when did it open", [passage], 1)
    assert best.text == best.span.of(text)

    (stage,) = json.loads((out / "training.json").read_text())
    assert stage == json.loads(json.dumps(asdict(done.stage)))
    digest = hashlib.sha256((tmp_path / "walls.json").read_bytes()).hexdigest()
    assert stage["recipe"]["sources"][0]["sha256"] == digest
    card = (out / "MODEL_CARD.md").read_text()
    (figures,) = done.stage.dev
    assert f"`{hashlib.sha256(weights(out)).hexdigest()}`" in card
    assert f"| walls.json | 1 | `{digest[:16]}` |" in card
    assert "12 examples in 3 steps of 4, 2 passages each, learning rate 0.01" in card
    assert f"| dev | 3 | {figures.exact_match:.1f} | {figures.f1:.1f} | - | - |" in card
    assert f"Macro-average F1: {figures.f1:.1f}" in card
    assert [one.name for one in out.parent.iterdir()] == ["walls"]


def test_a_second_stage_lists_both_and_keeps_the_notes(plan: Recipe, tmp_path: Path) -> None:
    out = tmp_path / "reader"
    first = run(plan, out)
    card = out / "MODEL_CARD.md"
    notes = "## Notes\n\nChecked by hand.\n\n### And so\n\nIt is fine."
    card.write_text(f"{card.read_text()}\n{notes}\n")
    before = weights(out)
    # Into the folder that it starts from.
    second = run(replace(plan, start=str(out), seed=7, passages=1), out)
    stages = json.loads((out / "training.json").read_text())
    assert stages == json.loads(json.dumps([asdict(first.stage), asdict(second.stage)]))
    assert weights(out) != before
    text = card.read_text()
    assert text.count("## Stage ") == 2
    assert text.index("## Stage 1") < text.index("seed 0.") < text.index("## Stage 2")
    assert text.index("## Stage 2") < text.index("seed 7.") < text.index("## Notes")
    assert text.endswith(f"\n{notes}\n")


@pytest.mark.parametrize("content", ["{", "[1]", '[{"recipe": {}}]', '"x"'])
def test_stages_that_training_did_not_write_are_refused(
    plan: Recipe, tiny: Path, tmp_path: Path, content: str
) -> None:
    start = shutil.copytree(tiny, tmp_path / "start")
    (start / "training.json").write_text(content)
    with pytest.raises(TrainingError, match=r"training\.json is not what training wrote"):
        run(replace(plan, start=str(start)), tmp_path / "out")


def test_an_unfinished_run_goes_on_only_when_told_to(
    plan: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedders: list[FakeEmbedder]
) -> None:
    monkeypatch.setattr(loop, "_CHECKPOINT_SECONDS", 0.0)
    whole, out, work = (tmp_path / name for name in ("whole", "out", "out.training"))
    run(plan, whole)
    with pytest.raises(StoppedError):
        run(plan, out, on_step=stop)
    before = contents(work)
    assert list(before) == ["checkpoint.safetensors", "examples.json"]
    with pytest.raises(TrainingError, match=r"out\.training holds a run that was not finished"):
        run(plan, out)
    with pytest.raises(TrainingError, match="belongs to another recipe"):
        run(replace(plan, rate=0.02), out, resume=True)
    assert contents(work) == before
    assert not out.exists()
    steps: list[int] = []
    loaded = len(embedders)
    done = run(plan, out, resume=True, on_step=lambda now: steps.append(now.step))
    assert steps == [2, 3]
    assert weights(out) == weights(whole)
    assert done.stage.examples == 12
    # The passages were found once.
    assert len(embedders) == loaded
    assert not work.exists()


def test_what_is_to_be_resumed_need_not_have_begun(plan: Recipe, tmp_path: Path) -> None:
    assert run(plan, tmp_path / "out", resume=True).stage.steps == 3


@pytest.mark.parametrize("content", ["", "[", "{}", '{"recipe": 1, "examples": []}', "[]"])
def test_damaged_examples_are_refused(plan: Recipe, tmp_path: Path, content: str) -> None:
    work = tmp_path / "out.training"
    work.mkdir()
    (work / "examples.json").write_text(content)
    with pytest.raises(TrainingError, match=r"examples\.json.*delete"):
        run(plan, tmp_path / "out", resume=True)


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        SafetensorError("I/O error: No space left on device (os error 28)"),
    ],
    ids=["system", "safetensors"],
)
def test_a_full_disk_leaves_the_former_model(
    plan: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    out = tmp_path / "out"
    run(plan, out)
    before = contents(out)

    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("transformers.modeling_utils.safe_save_file", full)
    other = replace(plan, seed=1)
    with pytest.raises(
        TrainingError, match=r"model cannot be written to .*No space left.*go on with --resume"
    ):
        run(other, out)
    assert contents(out) == before
    monkeypatch.undo()
    monkeypatch.setattr("qa.library.library.load_embedder", FakeEmbedder)
    steps: list[Progress] = []
    run(other, out, resume=True, on_step=steps.append)
    assert steps == []
    assert contents(out) != before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "walls.json"]


def test_a_model_that_cannot_take_its_place_leaves_the_former_one(
    plan: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, rename = tmp_path / "out", Path.rename
    run(plan, out)
    before = contents(out)

    def full(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(TrainingError, match="model cannot be written"):
        run(replace(plan, seed=1), out)
    assert contents(out) == before


def test_only_a_model_gives_way_to_a_model(
    plan: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else lies in a folder, or beside it, was put there by somebody."""
    letters, file, empty = (tmp_path / name for name in ("letters", "file", "empty"))
    for folder in (letters, empty, tmp_path / "empty.old", tmp_path / "empty.new"):
        folder.mkdir()
    for one in (letters / "a", file, tmp_path / "empty.old" / "b", tmp_path / "empty.new" / "c"):
        one.write_text("dear")
    monkeypatch.chdir(letters)
    for out in (letters, file, Path(), Path("/")):
        with pytest.raises(TrainingError, match="name a new folder"):
            run(plan, out)
    run(plan, empty)
    assert (empty / "config.json").exists()
    kept = [one.relative_to(tmp_path) for one in tmp_path.rglob("*") if one.is_file()]
    assert {Path("letters/a"), Path("file"), Path("empty.old/b"), Path("empty.new/c")} < set(kept)


def test_a_model_that_cannot_be_loaded_is_named(plan: Recipe, tiny: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(tiny, tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(weights(damaged)[:-99])
    pickled = bert_reader(tmp_path / "pickled", safe=False)
    for start in (damaged, pickled, tmp_path / "gone"):
        with pytest.raises(TrainingError, match=f"the model {start} to start from cannot be"):
            run(replace(plan, start=str(start)), tmp_path / f"out-{start.name}")


def test_the_same_recipe_gives_the_same_reader_from_a_bare_encoder(
    plan: Recipe, tmp_path: Path
) -> None:
    """Its span head is made of chance, which the seed decides too."""
    bare = replace(plan, start=str(bert_reader(tmp_path / "bare", head=False)))
    for number, (name, seed) in enumerate((("one", 0), ("two", 0), ("three", 1))):
        torch.manual_seed(number)
        run(replace(bare, seed=seed), tmp_path / name)
    assert weights(tmp_path / "one") == weights(tmp_path / "two") != weights(tmp_path / "three")


def test_a_model_is_shown_no_more_than_its_tokenizer_lets_in(plan: Recipe, tmp_path: Path) -> None:
    """RoBERTa's positions start at 2, so that it has two more than it can use."""
    context = "crane cut a ribbon " * 8
    long = write_squad(
        tmp_path / "long.json",
        (context, [asked("q", "when did the wall open in berlin " * 9, context, "ribbon")]),
    )
    start = roberta_reader(tmp_path / "roberta")
    done = run(recipe(long, start=str(start)), tmp_path / "out")
    assert done.stage.steps == 1


def test_a_library_that_is_kept_is_not_embedded_again(
    plan: Recipe, tmp_path: Path, embedders: list[FakeEmbedder]
) -> None:
    kept = tmp_path / "library"
    run(plan, tmp_path / "one", library=kept)
    run(plan, tmp_path / "two", library=kept)
    first, second = (
        [sum(text.startswith(start) for text in one.encoded) for start in ("The news", "when")]
        for one in embedders
    )
    assert (first, second) == ([12, 12], [0, 12])
    assert len(Library.open(kept, settings=Settings())) == 12
    assert weights(tmp_path / "one") == weights(tmp_path / "two")


def test_what_cannot_be_learnt_is_said(plan: Recipe, tiny: Path, tmp_path: Path) -> None:
    context = "crane cut a ribbon. " * 40
    file = write_squad(
        tmp_path / "cut.json",
        (
            context,
            [asked("whole", "what", context, context.strip()), asked("x", "who", context, "ada")],
        ),
    )
    told: list[str] = []
    with pytest.raises(TrainingError, match="no question has an answer that stands whole"):
        run(recipe(file, start=str(tiny)), tmp_path / "out", tell=told.append)
    assert told[:2] == [
        "1 answers do not stand in their passages and are left out:",
        "  cut.json: question 'x': 'ada' does not stand in its passage",
    ]
    titled = write_squad(
        tmp_path / "title.json",
        ("crane cut", [asked("q", "who", "crane cut", "crane")]),
        title="wall " * 60,
    )
    with pytest.raises(TrainingError, match="cannot be cut into chunks"):
        run(recipe(titled, start=str(tiny)), tmp_path / "out")
