"""Examples to tensors: word pieces laid out as the reader lays them out, with their targets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from embeddings import Window, WindowLayout
from qa.reading import STRIDE, WINDOW, shown_text
from qa.training.passages import Example, Shown
from qa.types import Span

__all__ = ["Batch", "in_batches", "make_batch"]

# So many batches' examples are sorted by length before they are cut into batches, so that inputs
# of a batch are of like length and little is padded.
_SORTED_TOGETHER = 40


@dataclass(frozen=True, slots=True)
class Batch:
    """The inputs of a step, one row for each passage.

    Args:
        names: The questions' ids, for messages.
        ids: int64 of shape (rows, length), word pieces.
        types: int64 of shape (rows, length), token types.
        mask: int64 of shape (rows, length), 1 where there is a word piece.
        inside: bool of shape (rows, length), where a position lies in the passage.
        starts: bool of shape (rows, length), where a right answer starts; position 0, "no answer",
            in a passage without one.
        ends: The same for its last word piece.
        known: int64 of shape (rows, 2), the start and end positions of one right or tempting span;
            (0, 0) in a passage without one.
        group: int64 of shape (rows,), which question of the batch a row belongs to.
    """

    names: tuple[str, ...]
    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    inside: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    known: torch.Tensor
    group: torch.Tensor


def in_batches(examples: Sequence[Example], size: int, seed: int) -> list[tuple[Example, ...]]:
    """Put every example into one batch, those of like length together, in an order of chance.

    Args:
        examples: What there is to learn.
        size: Examples in a batch; the last one may hold fewer.
        seed: The same seed gives the same batches.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    order = list(examples)
    draw.shuffle(order)
    batches: list[tuple[Example, ...]] = []
    for first in range(0, len(order), size * _SORTED_TOGETHER):
        part = order[first : first + size * _SORTED_TOGETHER]
        part.sort(key=lambda one: one.length)
        cut = [tuple(part[at : at + size]) for at in range(0, len(part), size)]
        draw.shuffle(cut)
        batches.extend(cut)
    return batches


def make_batch(examples: Sequence[Example], layout: WindowLayout, longest: int) -> Batch:
    """Lay out examples as inputs.

    Args:
        examples: At least one.
        layout: The model's.
        longest: Word pieces that the model reads at most.
    """
    windows: list[Window] = []
    targets: list[_Targets] = []
    group: list[int] = []
    for number, example in enumerate(examples):
        laid = _laid_out(example, layout, longest)
        windows.extend(window for window, _ in laid)
        targets.extend(target for _, target in laid)
        group.extend([number] * len(laid))
    ids, types, mask = layout.batch(windows)
    inside, starts, ends = (np.zeros(ids.shape, dtype=bool) for _ in range(3))
    known = np.zeros((len(windows), 2), dtype=np.int64)
    for row, target in enumerate(targets):
        inside[row, : len(target.inside)] = target.inside
        for start, end in target.answers or ((0, 0),):
            starts[row, start] = ends[row, end] = True
        for span in (*target.answers, *target.tempting)[:1]:
            known[row] = span
    return Batch(
        tuple(example.id for example in examples),
        *map(torch.from_numpy, (ids, types, mask, inside, starts, ends, known, np.array(group))),
    )


@dataclass(frozen=True, slots=True)
class _Targets:
    inside: np.ndarray
    answers: tuple[tuple[int, int], ...]
    tempting: tuple[tuple[int, int], ...]


def _laid_out(
    example: Example, layout: WindowLayout, longest: int
) -> list[tuple[Window, _Targets]]:
    """Lay out each passage of an example in one window, the one with the most known spans."""
    texts, heads = zip(
        *(shown_text(shown.title, shown.text) for shown in example.passages), strict=True
    )
    length = min(WINDOW, longest)
    by_text: list[list[Window]] = [[] for _ in texts]
    for window in layout.windows(example.question, texts, length, min(STRIDE, length // 4)):
        by_text[window.text].append(window)
    laid = []
    for windows, shown, head in zip(by_text, example.passages, heads, strict=True):
        found = [
            (one, _targets(one, shown, head, one is windows[0], one is windows[-1]))
            for one in windows
        ]
        laid.append(max(found, key=lambda pair: _worth(pair[1])))
    return laid


def _worth(targets: _Targets) -> tuple[int, int]:
    return len(targets.answers), len(targets.tempting)


def _targets(window: Window, shown: Shown, head: int, opens: bool, closes: bool) -> _Targets:
    """Place the known spans that a window, which may open or close its text, holds whole."""
    starts, ends = window.offsets[:, 0] - head, window.offsets[:, 1] - head
    inside = (window.offsets[:, 1] >= 0) & (ends > 0)
    held = np.flatnonzero(inside)

    def positions(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
        found: dict[tuple[int, int], None] = {}
        for span in spans:
            touched = held[(starts[held] < span.end) & (ends[held] > span.start)]
            if not len(touched):
                continue
            first, last = int(touched[0]), int(touched[-1])
            # No word piece covers white space, a lone accent or an invisible character at an
            # answer's end, so that only the window's own ends tell whether it cuts the answer.
            if (opens or first > held[0] or starts[first] <= span.start) and (
                closes or last < held[-1] or ends[last] >= span.end
            ):
                found[first, last] = None
        return tuple(found)

    return _Targets(inside, positions(shown.answers), positions(shown.tempting))
