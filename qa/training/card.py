"""MODEL_CARD.md: what a reader was trained on, stage by stage, and what it gives."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.errors import TrainingError
from qa.training.dev import DevFigures, macro_f1
from qa.training.recipe import Recipe

__all__ = ["NOTES", "Stage", "earlier_stages", "write_card"]

_STAGES = "training.json"
_CARD = "MODEL_CARD.md"

# What people wrote below this line of a card is carried on to the next stage's.
NOTES = "## Notes"


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of training.

    Args:
        recipe: What was learnt, and how.
        examples: Questions with their passages, near misses made by machine among them.
        steps: Batches.
        loss: Mean of the last 100 steps.
        seconds: From start to end, of the last process where it was resumed.
        device: What it ran on.
        dev: What the reader gave at its end; empty where nothing was measured.
    """

    recipe: Recipe
    examples: int
    steps: int
    loss: float
    seconds: float
    device: str
    dev: tuple[DevFigures, ...]


def earlier_stages(folder: Path) -> tuple[Stage, ...]:
    """Read the stages of the model in a folder; none where training.json is not there.

    Raises:
        TrainingError: If it cannot be used.
    """
    path = folder / _STAGES
    if not path.exists():
        return ()
    try:
        return tuple(
            Stage(
                **{
                    **one,
                    "recipe": Recipe.from_dict(one["recipe"]),
                    "dev": tuple(DevFigures(**figures) for figures in one["dev"]),
                }
            )
            for one in json.loads(path.read_text(encoding="utf-8"))
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} is not what training wrote: {error!r}") from error


def write_card(folder: Path, stages: Sequence[Stage], start: Path) -> None:
    """Write training.json and MODEL_CARD.md into a model's folder.

    Args:
        folder: With its weights.
        stages: All of them, the last one last.
        start: The folder of the model that the last stage went on from; its notes are kept.
    """
    (folder / _STAGES).write_text(
        json.dumps([asdict(one) for one in stages], indent=2) + "\n", encoding="utf-8"
    )
    weights = (folder / "model.safetensors").read_bytes()
    lines = [
        "# An extractive reader",
        "",
        "Given a question and a passage, it scores every word piece as the start and as the end of",
        'the answer; position 0 stands for "no answer here". This card was written by the command',
        "that trained it.",
        "",
        f"- Weights: `model.safetensors`, {len(weights) / 1e6:.1f} MB, half precision, sha256",
        f"  `{hashlib.sha256(weights).hexdigest()}`",
        *_stages(stages),
        *_dev(stages[-1].dev),
        "",
        *_notes(start),
    ]
    (folder / _CARD).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _stages(stages: Sequence[Stage]) -> list[str]:
    lines = []
    for number, one in enumerate(stages, start=1):
        recipe = one.recipe
        told = (
            f"{one.examples:,} examples in {one.steps:,} steps of {recipe.batch}, "
            f"{recipe.passages} passages each, learning rate {recipe.rate:g} falling to 0, "
            f"last loss {one.loss:.3f}; {one.seconds / 60:.0f} minutes on {one.device}. "
            f"Shown with titles {recipe.titles:.0%}, cut {recipe.crops:.0%}, near misses made by "
            f"machine {recipe.swaps:.0%}, joint loss {recipe.joint:g}, margin loss "
            f"{recipe.margin:g}, seed {recipe.seed}."
        )
        lines += ["", f"## Stage {number}", "", *textwrap.wrap(told, 100), ""]
        lines += ["| file | share | sha256 |", "| --- | --- | --- |"]
        lines += [
            f"| {Path(source.path).name} | {source.share:g} | `{source.sha256[:16]}` |"
            for source in recipe.sources
        ]
    return lines


def _dev(figures: Sequence[DevFigures]) -> list[str]:
    if not figures:
        return []
    return [
        "",
        "## Development figures",
        "",
        "Each question with its own passage, always answering; in percent. AUROC tells answerable",
        "from unanswerable by the margin of the best span over no answer; the last column is F1",
        "over all questions at the best threshold of that margin.",
        "",
        "| file | questions | EM | F1 | AUROC | best F1 |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.name} | {one.questions} | {one.exact_match:.1f} | {one.f1:.1f} "
            f"| {_shown(one.auroc)} | {_shown(one.best_f1)} |"
            for one in figures
        ),
        "",
        f"Macro-average F1: {macro_f1(figures):.1f}",
    ]


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _notes(start: Path) -> list[str]:
    path = start / _CARD
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [NOTES + text.partition(NOTES)[2]] if NOTES in text else []
