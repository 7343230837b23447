"""The state of a run on disk, without pickle: kill it at any moment and go on from the last one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from qa.errors import TrainingError

__all__ = ["Checkpoint", "load_checkpoint", "save_checkpoint", "write_whole"]

_MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run stands.

    Args:
        recipe: The hash of its recipe.
        step: Steps done.
        losses: The loss of each.
    """

    recipe: str
    step: int
    losses: tuple[float, ...]


def save_checkpoint(
    path: Path, state: Checkpoint, model: torch.nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write weights, AdamW's moments and the losses so far, as one file that is whole or not there.

    Raises:
        TrainingError: If it cannot be written; the one before it stays.
    """
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    for name, parameter in model.named_parameters():
        for moment in _MOMENTS:
            if parameter in optimizer.state:
                tensors[f"{moment}.{name}"] = optimizer.state[parameter][moment]
    about = {"recipe": state.recipe, "step": str(state.step), "losses": json.dumps(state.losses)}
    plain = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    write_whole(path, lambda partial: save_file(plain, partial, metadata=about))


def load_checkpoint(
    path: Path, recipe: str, model: torch.nn.Module, optimizer: torch.optim.Optimizer
) -> Checkpoint:
    """Bring a model and its optimizer to where a checkpoint stands.

    Raises:
        TrainingError: If it cannot be read, or is of another recipe.
    """
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata() or {}
            if about.get("recipe") != recipe:
                raise TrainingError(
                    f"the checkpoint {path} is of another recipe ({about.get('recipe', '')[:12]}, "
                    f"expected {recipe[:12]}); give the options and files that it was made with, "
                    "or train without --resume"
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            state = Checkpoint(recipe, int(about["step"]), tuple(json.loads(about["losses"])))
            _put(tensors, state.step, model, optimizer)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise TrainingError(
            f"the checkpoint {path} cannot be used ({error}); train without --resume"
        ) from error
    return state


def _put(
    tensors: dict[str, torch.Tensor],
    step: int,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
) -> None:
    weights = {
        name.removeprefix("model."): value
        for name, value in tensors.items()
        if name.startswith("model.")
    }
    model.load_state_dict(weights)
    for name, parameter in model.named_parameters():
        if f"{_MOMENTS[0]}.{name}" in tensors:
            optimizer.state[parameter] = {
                "step": torch.tensor(float(step)),
                **{moment: tensors[f"{moment}.{name}"].to(parameter.device) for moment in _MOMENTS},
            }


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there once it is on the disk.

    Args:
        path: Where it belongs.
        write: Writes it to the path that it is given.

    Raises:
        TrainingError: If it cannot be written; nothing half-written is left.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, SafetensorError) as error:
        with suppress(OSError):  # it is not there, or its folder is none
            partial.unlink()
        raise TrainingError(
            f"{path} cannot be written ({error}); free some space, or name another folder"
        ) from error
