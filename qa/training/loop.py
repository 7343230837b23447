"""Steps of gradient descent: the learning rate, the precision, checkpoints, and a way back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path

import torch

from embeddings import WindowLayout
from qa.errors import TrainingError
from qa.training.batches import Batch, make_batch
from qa.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from qa.training.loss import span_loss
from qa.training.passages import Example
from qa.training.recipe import Recipe

__all__ = ["Progress", "best_device", "fit"]

_CLIPPED_AT = 1.0
_CHECKPOINT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands.

    Args:
        step: Steps done.
        steps: Steps in all.
        loss: Mean of the last 100 steps.
        speed: Questions in a second, in this process.
        left: Seconds left at that speed.
    """

    step: int
    steps: int
    loss: float
    speed: float
    left: float


def fit(
    model: torch.nn.Module,
    layout: WindowLayout,
    batches: Sequence[Sequence[Example]],
    recipe: Recipe,
    checkpoint: Path,
    *,
    resume: bool = False,
    longest: int = 512,
    on_step: Callable[[Progress], None] | None = None,
) -> list[float]:
    """Train a model in place, one step a batch.

    A run that was resumed takes the same steps as one that was not: batches, learning rates and
    dropout depend on the recipe's seed and the step alone.

    Args:
        model: With a span head, on the device that it is to be trained on.
        layout: Its tokenizer's.
        batches: In the order of the steps.
        recipe: Rates and weights.
        checkpoint: Where the state is kept, every five minutes and at the end.
        resume: Go on from that file.
        longest: Word pieces that the model reads at most.
        on_step: Told after every step.

    Returns:
        The loss of each step.

    Raises:
        TrainingError: If the loss is not a number, or a checkpoint cannot be written or used.
    """
    optimizer = _optimizer(model, recipe)
    losses: list[float] = []
    if resume:
        losses = list(load_checkpoint(checkpoint, recipe.sha256, model, optimizer).losses)
    first = len(losses)
    device = next(model.parameters()).device
    began = saved = time.monotonic()
    model.train()
    for step in range(first, len(batches)):
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        rate = _rate(step, len(batches), recipe)
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = _on(make_batch(batches[step], layout, longest), device)
        losses.append(_step(model, optimizer, batch, recipe, step))
        now = time.monotonic()
        if now - saved >= _CHECKPOINT_SECONDS:
            state = Checkpoint(recipe.sha256, step + 1, tuple(losses))
            save_checkpoint(checkpoint, state, model, optimizer)
            saved = now
        if on_step is not None:
            on_step(_progress(losses, first, len(batches), recipe.batch, now - began))
    save_checkpoint(
        checkpoint, Checkpoint(recipe.sha256, len(batches), tuple(losses)), model, optimizer
    )
    model.eval()
    return losses


def best_device() -> torch.device:
    """Choose a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _step(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    recipe: Recipe,
    step: int,
) -> float:
    with _precision(batch.ids.device):
        output = model(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask)
    loss = span_loss(
        output.start_logits.float(), output.end_logits.float(), batch, recipe.joint, recipe.margin
    )
    value = float(loss.detach())
    if not math.isfinite(value):
        raise TrainingError(
            f"the loss is {value} at step {step + 1}, on the questions "
            f"{', '.join(batch.names)}; try a smaller learning rate, or leave these out"
        )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIPPED_AT)
    optimizer.step()
    return value


def _optimizer(model: torch.nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Make AdamW, without decay of biases and normalisation (Devlin et al. 2019, appendix A.2)."""
    decayed = [value for value in model.parameters() if value.ndim > 1]
    plain = [value for value in model.parameters() if value.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.rate)


def _rate(step: int, steps: int, recipe: Recipe) -> float:
    rising = max(1, round(recipe.warmup * steps))
    if step < rising:
        return recipe.rate * (step + 1) / rising
    return recipe.rate * (steps - step) / max(1, steps - rising)


def _precision(device: torch.device) -> AbstractContextManager[object]:
    """Compute in bfloat16 where the device does so in hardware."""
    if device.type == "cuda" or (device.type == "cpu" and _cpu_has_bfloat16()):
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()


def _cpu_has_bfloat16() -> bool:
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _on(batch: Batch, device: torch.device) -> Batch:
    if device.type == "cpu":
        return batch
    moved = (getattr(batch, one.name).to(device, non_blocking=True) for one in fields(Batch)[1:])
    return Batch(batch.names, *moved)


def _progress(
    losses: Sequence[float], first: int, steps: int, batch: int, seconds: float
) -> Progress:
    done = len(losses)
    recent = losses[-100:]
    per_step = seconds / (done - first)
    return Progress(
        done, steps, sum(recent) / len(recent), batch / per_step, (steps - done) * per_step
    )
