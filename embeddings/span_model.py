"""A question and texts to start and end scores of word pieces: layout and forward pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from embeddings.runtime import load_forward
from embeddings.weights import sha256_of
from embeddings.windows import Window, WindowLayout

__all__ = ["SpanModel", "TransformersSpanModel", "load_span_model"]

# Attention grows with the square of the length; a model that could read more is shown more
# windows instead.
_LONGEST = 512


class SpanModel(Protocol):
    """A model that scores word pieces of a text as start and end of an answer.

    Attributes:
        name: Identifies the model.
        sha256: The hash of its weights' file, in hex; empty where that is not known.
        precision: The arithmetic that it runs in, such as "float32".
        max_length: Word pieces that fit into one input, special ones included.
    """

    name: str
    sha256: str
    precision: str
    max_length: int

    def windows(
        self, question: str, texts: Sequence[str], length: int, stride: int
    ) -> list[Window]:
        """Lay out a question with each text, in as many overlapping windows as the text needs.

        Args:
            question: Cut where it would leave less than half of the window to the text.
            texts: Any number of them.
            length: Word pieces in a window at most, special ones included.
            stride: Word pieces that neighbouring windows share.

        Returns:
            The windows, by text and then by place; none for no texts.
        """
        ...

    def scores(self, windows: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Score the word pieces of windows that fit into one batch.

        Returns:
            For each window its float32 start and end logits, both of shape (n,); position 0 stands
            for "no answer".
        """
        ...


class TransformersSpanModel:
    """Any extractive question-answering model of transformers, in float32 on the CPU.

    Args:
        folder_or_name: A model's folder, or its name on the hub.
        name: How to identify it; ``folder_or_name`` when None.
        cache: A folder to keep the exported graph in; none when None.

    Raises:
        ModelLoadError: If there is no such model, or it has no span head.
    """

    precision = "float32"

    def __init__(
        self, folder_or_name: str | Path, name: str | None = None, cache: Path | None = None
    ) -> None:
        self.name = name if name is not None else str(folder_or_name)
        self._layout = WindowLayout(folder_or_name, self.name)
        self._forward, positions = load_forward(folder_or_name, self.name, cache)
        weights = Path(folder_or_name) / "model.safetensors"
        self.sha256 = sha256_of(weights) if weights.is_file() else ""
        self.max_length = min(self._layout.max_length, positions, _LONGEST)

    def windows(
        self, question: str, texts: Sequence[str], length: int, stride: int
    ) -> list[Window]:
        """Lay out a question with each text; see :class:`SpanModel`."""
        return self._layout.windows(question, texts, length, stride)

    def scores(self, windows: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Score the word pieces of windows; see :class:`SpanModel`."""
        if not windows:
            return []
        start, end = self._forward(*self._layout.batch(windows))
        return [
            (start[row, : len(window.ids)], end[row, : len(window.ids)])
            for row, window in enumerate(windows)
        ]


def load_span_model(
    folder_or_name: str | Path, name: str | None = None, cache: Path | None = None
) -> SpanModel:
    """Load a reader's model by folder or name.

    Args:
        folder_or_name: A model's folder, or its name on the hub.
        name: How to identify it; ``folder_or_name`` when None.
        cache: A folder to keep the exported graph in, for a faster start; none when None.

    Raises:
        ModelLoadError: If there is no such model, or it has no span head.
    """
    return TransformersSpanModel(folder_or_name, name, cache)
