"""Questions in, a reader out: a folder that `--reader` takes, written when it is done."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForQuestionAnswering

from embeddings import WindowLayout
from qa.errors import TrainingError
from qa.library import Library
from qa.reading import MODELS, load_reader, note_reading
from qa.settings import BUNDLED_READER, Settings
from qa.training.batches import in_batches
from qa.training.card import Stage, earlier_stages, write_card
from qa.training.checkpoint import write_whole
from qa.training.dev import DevFigures, measure
from qa.training.loop import Progress, best_device, fit
from qa.training.passages import Example, Shown, draw_questions, examples
from qa.training.questions import TrainingSet, read_training
from qa.training.recipe import Recipe
from qa.types import Span

__all__ = ["Trained", "train"]

_CHECKPOINT = "checkpoint.safetensors"
_EXAMPLES = "examples.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run came to.

    Args:
        stage: What was done, with its figures.
        faults: One line for each answer that does not stand in its passage.
    """

    stage: Stage
    faults: tuple[str, ...]


def train(
    recipe: Recipe,
    out: Path,
    *,
    dev: Sequence[str] = (),
    dev_limit: int | None = None,
    library: Path | None = None,
    resume: bool = False,
    tell: Callable[[str], None] = print,
    on_step: Callable[[Progress], None] | None = None,
) -> Trained:
    """Train a reader.

    Args:
        recipe: What is learnt, and how.
        out: The folder of the new model. While it is made, what is needed to go on lies in a
            folder beside it with ``.training`` after its name.
        dev: SQuAD files to measure the result on.
        dev_limit: Questions of each at most.
        library: A folder that keeps the library of the articles that were asked of, for the next
            run; it is made anew, and thrown away, when None.
        resume: Go on where a run into the same ``out`` was stopped.
        tell: Told what happens.
        on_step: Told after every step.

    Raises:
        TrainingError: If something cannot be read, written or learnt. A model that was in ``out``
            before is still there.
        CitespanError: If the library or a model cannot be used.
    """
    started = time.monotonic()
    work = _work_folder(out, resume)
    start = MODELS if recipe.start == BUNDLED_READER else Path(recipe.start)
    before = earlier_stages(start)
    sets, faults = _read(recipe, tell)
    found = _prepared(sets, recipe, work, library, tell)
    batches = in_batches(found, recipe.batch, recipe.seed)
    tell(f"{len(found):,} examples in {len(batches):,} steps")
    model, layout, longest = _model(start, recipe.seed)
    checkpoint = work / _CHECKPOINT
    losses = fit(
        model,
        layout,
        batches,
        recipe,
        checkpoint,
        resume=resume and checkpoint.exists(),
        longest=longest,
        on_step=on_step,
    )
    recent = losses[-100:]
    with _new_folder(out, work) as made:
        _save(model, layout, made)
        note_reading(made, titles=recipe.titles > 0)
        stage = Stage(
            recipe=recipe,
            examples=len(found),
            steps=len(batches),
            loss=sum(recent) / len(recent),
            seconds=time.monotonic() - started,
            device=_device_name(),
            dev=_measured(made, dev, dev_limit, tell),
        )
        write_card(made, (*before, stage), start)
    shutil.rmtree(work, ignore_errors=True)
    return Trained(stage, faults)


def _work_folder(out: Path, resume: bool) -> Path:
    """Name the folder of a run into ``out``, unless that, or another run's, is in the way."""
    usable = not out.exists() or (
        out.is_dir() and ((out / "config.json").exists() or not any(out.iterdir()))
    )
    if not out.name or not usable:
        raise TrainingError(f"{out} is there and is no model; name a new folder, or a model's")
    work = out.with_name(f"{out.name}.training")
    if not resume and work.exists():
        raise TrainingError(
            f"{work} holds a run that was not finished; go on with --resume, or delete it"
        )
    return work


def _read(recipe: Recipe, tell: Callable[[str], None]) -> tuple[list[TrainingSet], tuple[str, ...]]:
    sets = [read_training(source.path) for source in recipe.sources]
    faults = tuple(f"{one.name}: {fault}" for one in sets for fault in one.faults)
    if faults:
        tell(f"{len(faults)} answers do not stand in their passages and are left out:")
        for fault in faults[:10]:
            tell(f"  {fault}")
    return sets, faults


def _prepared(
    sets: Sequence[TrainingSet],
    recipe: Recipe,
    work: Path,
    kept: Path | None,
    tell: Callable[[str], None],
) -> list[Example]:
    """Find the passages of all questions, once for a run and its resumption."""
    path = work / _EXAMPLES
    if path.exists():
        return _read_examples(path, recipe)
    questions = draw_questions(sets, recipe)
    asked = {one.article for one in questions}
    articles = {name: one for part in sets for name, one in part.articles.items() if name in asked}
    with TemporaryDirectory(prefix="citespan-") as folder:
        library = Library.open(kept if kept is not None else folder, settings=Settings())
        tell(f"{len(articles):,} passages go into {kept or 'a temporary library'}")
        report = library.add(articles.values(), on_progress=_every(2000, tell, "passages"))
        if report.failed:
            raise TrainingError(f"{report.failed[0][1]} ({len(report.failed)} in all)")
        tell(f"{len(questions):,} questions look for wrong passages")
        found = list(examples(questions, library, recipe, _every(2000, tell, "questions")))
        library.close()
    if not found:
        raise TrainingError("no question has an answer that stands whole in one passage")
    kept_examples = {
        "recipe": recipe.sha256,
        "examples": [asdict(one) for one in found],
    }
    write_whole(
        path, lambda partial: partial.write_text(json.dumps(kept_examples), encoding="utf-8")
    )
    return found


def _read_examples(path: Path, recipe: Recipe) -> list[Example]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["recipe"] == recipe.sha256:
            return [_example(one) for one in found["examples"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{path} cannot be used ({error!r}); delete {path.parent} and train anew"
        ) from error
    raise TrainingError(
        f"{path} belongs to another recipe; give the options and files that it was made with, "
        f"or delete {path.parent}"
    )


def _example(found: dict[str, Any]) -> Example:
    passages = tuple(
        Shown(
            shown["title"],
            shown["text"],
            tuple(Span(**span) for span in shown["answers"]),
            tuple(Span(**span) for span in shown["tempting"]),
        )
        for shown in found["passages"]
    )
    return Example(found["id"], found["question"], passages)


def _every(count: int, tell: Callable[[str], None], what: str) -> Callable[[int, int], None]:
    last = 0

    def on_progress(done: int, total: int) -> None:
        nonlocal last
        if done // count > last // count:
            tell(f"  {done:,} of {total:,} {what}")
        last = done

    return on_progress


def _model(start: Path, seed: int) -> tuple[torch.nn.Module, WindowLayout, int]:
    """Load what is trained, its tokenizer, and how many word pieces both let in."""
    torch.manual_seed(seed)  # a span head that is not there yet is made of chance
    try:
        # Dropout of attention would keep torch from its fast kernels, and was seen to do no good.
        model = AutoModelForQuestionAnswering.from_pretrained(
            str(start),
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            attention_probs_dropout_prob=0.0,
        )
        layout = WindowLayout(start)
    except Exception as error:
        raise TrainingError(
            f"the model {start} to start from cannot be loaded ({error}); give a folder with "
            "safetensors weights"
        ) from error
    positions = int(getattr(model.config, "max_position_embeddings", 512))
    return model.to(best_device()), layout, min(positions, layout.max_length)


def _save(model: torch.nn.Module, layout: WindowLayout, folder: Path) -> None:
    half = AutoModelForQuestionAnswering.from_config(model.config, dtype=torch.float16)
    half.load_state_dict(model.state_dict())
    half.save_pretrained(folder)
    layout.save(folder)


def _measured(
    made: Path, dev: Sequence[str], limit: int | None, tell: Callable[[str], None]
) -> tuple[DevFigures, ...]:
    if not dev:
        tell("no dev file was given; nothing is measured")
        return ()
    tell("measuring on the dev files")
    return tuple(measure(load_reader(str(made)), dev, limit))


def _device_name() -> str:
    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    return f"CPU, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}"


@contextmanager
def _new_folder(out: Path, work: Path) -> Iterator[Path]:
    """Give a folder to fill, which takes the place of ``out`` when all has gone well."""
    made, old = work / "new", work / "old"
    shutil.rmtree(made, ignore_errors=True)
    try:
        made.mkdir(parents=True)
        yield made
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
            out.rename(old)
        made.rename(out)
    except (OSError, SafetensorError) as error:
        if old.exists() and not out.exists():
            old.rename(out)
        raise TrainingError(
            f"the model cannot be written to {out} ({error}); free some space, or name another "
            "folder, and go on with --resume"
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
