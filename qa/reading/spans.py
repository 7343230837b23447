"""Start and end logits with offsets to ranked spans. Pure numpy, no model.

The decoding of extractive question answering as BERT introduced it for SQuAD (Devlin et al. 2019,
section 4.2): the score of a span is its start logit plus its end logit. Scores are not normalised
within a passage, so that spans of different passages compare (Clark and Gardner 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.types import Span

__all__ = ["ScoredSpan", "WindowLogits", "best_spans", "merge_windows", "without_overlaps"]


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """What a model says of one window of a text.

    Args:
        start: float32 of shape (n,): each position's logit of starting the answer.
        end: float32 of shape (n,): each position's logit of ending it.
        offsets: int64 of shape (n, 2): where each position stands in the text, code points,
            half-open; (-1, -1) for positions outside it. Position 0 stands for "no answer".
    """

    start: np.ndarray
    end: np.ndarray
    offsets: np.ndarray

    @property
    def null_score(self) -> float:
        """Give the score of "no answer": both logits of position 0, added."""
        return float(self.start[0]) + float(self.end[0])


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span of a text with its score and the null score of the window that it was read in."""

    span: Span
    score: float
    null_score: float


def best_spans(window: WindowLogits, limit: int, count: int) -> list[ScoredSpan]:
    """Rank the spans of one window, start and end scored jointly.

    Args:
        window: Logits and offsets.
        limit: Positions in a span at most.
        count: How many spans to give; fewer come back where fewer exist.

    Returns:
        Spans into the window's text, best first, ties by their start and then their length. None
        where no position lies in the text.
    """
    readable = window.offsets[:, 1] > window.offsets[:, 0]
    inside = np.flatnonzero(readable)
    if not len(inside) or count < 1:
        return []
    starts, lengths = np.meshgrid(inside, np.arange(min(limit, len(window.end))), indexing="ij")
    ends = starts + lengths
    valid = ends < len(window.end)
    valid[valid] = readable[ends[valid]]
    starts, ends = starts[valid], ends[valid]
    scores = window.start[starts].astype(np.float64) + window.end[ends]
    if len(scores) > count:  # sorting all of the thousands of spans would take most of the time
        best = scores >= np.partition(scores, -count)[-count]
        starts, ends, scores = starts[best], ends[best], scores[best]
    order = np.lexsort((ends, starts, -scores))[:count]
    return [
        ScoredSpan(
            Span(int(window.offsets[starts[row], 0]), int(window.offsets[ends[row], 1])),
            float(scores[row]),
            window.null_score,
        )
        for row in order
    ]


def merge_windows(windows: Sequence[WindowLogits], limit: int, count: int) -> list[ScoredSpan]:
    """Rank the spans of one text that was read in overlapping windows.

    A span is scored where it is seen with the most context to its poorer side, so that an answer
    cut by a window's edge cannot beat the whole one that the neighbouring window sees.

    Args:
        windows: The text's windows, in order, overlapping by ``limit`` positions or more.
        limit: Positions in a span at most.
        count: Spans per window that are considered.

    Returns:
        Spans into the text, best first, ties by place; no span twice.
    """
    if len(windows) == 1:
        return best_spans(windows[0], limit, count)
    extents = [_extent(window) for window in windows]
    first = min((extent[0] for extent in extents), default=0)
    last = max((extent[1] for extent in extents), default=0)

    def context(span: Span, extent: tuple[int, int]) -> float:
        before = span.start - extent[0] if extent[0] > first else np.inf
        after = extent[1] - span.end if extent[1] < last else np.inf
        return float(min(before, after))

    kept: dict[Span, ScoredSpan] = {}
    for number, window in enumerate(windows):
        for found in best_spans(window, limit, count):
            contexts = [context(found.span, extent) for extent in extents]
            if contexts[number] == max(contexts):
                kept.setdefault(found.span, found)
    return sorted(kept.values(), key=lambda found: (-found.score, found.span))


def without_overlaps(spans: Iterable[ScoredSpan], count: int) -> list[ScoredSpan]:
    """Keep the best spans that share no code point with a better one.

    Args:
        spans: Best first.
        count: How many to keep at most.
    """
    kept: list[ScoredSpan] = []
    for found in spans:
        if len(kept) == count:
            break
        if not any(found.span.overlaps(better.span) for better in kept):
            kept.append(found)
    return kept


def _extent(window: WindowLogits) -> tuple[int, int]:
    shown = window.offsets[window.offsets[:, 1] > window.offsets[:, 0]]
    return (int(shown[:, 0].min()), int(shown[:, 1].max())) if len(shown) else (0, 0)
