"""A question and texts to start and end scores of word pieces: windows, padding, offsets."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from embeddings.errors import ModelLoadError
from embeddings.runtime import load_forward

__all__ = ["SpanModel", "TransformersSpanModel", "Window", "load_span_model"]

# Attention grows with the square of the length; a model that could read more is shown more
# windows instead.
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Window:
    """A question and as much of a text as one input holds.

    Args:
        text: Which of the texts it shows, counted from 0.
        ids: int64 of shape (n,), word pieces and special ones.
        types: int64 of shape (n,), the token types.
        offsets: int64 of shape (n, 2): where each word piece stands in its text, code points,
            half-open; (-1, -1) for all that is not the text: the question and special ones.
    """

    text: int
    ids: np.ndarray
    types: np.ndarray
    offsets: np.ndarray


class SpanModel(Protocol):
    """A model that scores word pieces of a text as start and end of an answer.

    Attributes:
        name: Identifies the model.
        max_length: Word pieces that fit into one input, special ones included.
    """

    name: str
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

    def __init__(
        self, folder_or_name: str | Path, name: str | None = None, cache: Path | None = None
    ) -> None:
        from transformers import AutoTokenizer

        self.name = name if name is not None else str(folder_or_name)
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder_or_name), trust_remote_code=False)
        except Exception as error:
            raise ModelLoadError(
                f"the reader {self.name!r} cannot be loaded (its tokenizer: {error}); "
                "give the name or the folder of an extractive question-answering model"
            ) from error
        self._forward, positions = load_forward(folder_or_name, self.name, cache)
        self._tokenizer: Any = tokenizer
        self._foreign: dict[str, bool] = {}
        self._lock = threading.Lock()  # truncation is state of the tokenizer, which threads share
        self.max_length = min(int(tokenizer.model_max_length), positions, _LONGEST)

    def windows(
        self, question: str, texts: Sequence[str], length: int, stride: int
    ) -> list[Window]:
        """Lay out a question with each text; see :class:`SpanModel`."""
        if not texts:
            return []
        with self._lock:
            asked = self._cut(self._legible(question), length // 2)
            found = self._tokenizer(
                [asked] * len(texts),
                [self._legible(text) for text in texts],
                max_length=length,
                stride=stride,
                truncation="only_second",
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                return_token_type_ids=True,
            )
        windows = []
        for row, text in enumerate(found["overflow_to_sample_mapping"]):
            shown = np.array([part == 1 for part in found.sequence_ids(row)])
            offsets = np.asarray(found["offset_mapping"][row], dtype=np.int64)
            offsets[~shown] = -1
            ids = np.asarray(found["input_ids"][row], dtype=np.int64)
            types = np.asarray(found["token_type_ids"][row], dtype=np.int64)
            windows.append(Window(int(text), ids, types, offsets))
        return windows

    def _legible(self, text: str) -> str:
        """Blank out what a tokenizer of word pieces gives up on a whole word for.

        One character that it does not know, such as an emoji beside a name, makes the word
        "unknown". Spaces replace code points one for one, so that offsets stay. Words of nothing
        but such characters are left alone.
        """
        unknown = self._tokenizer.unk_token_id
        if text.isascii() or unknown is None:
            return text
        found = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        legible = list(text)
        pieces = zip(found["input_ids"], found["offset_mapping"], strict=True)
        for start, end in (place for piece, place in pieces if piece == unknown):
            blanked = [" " if self._is_foreign(one) else one for one in text[start:end]]
            if any(one.isalnum() for one in blanked):
                legible[start:end] = blanked
        return "".join(legible)

    def _is_foreign(self, character: str) -> bool:
        """Tell whether the tokenizer does not know a character; Latin letters are never foreign."""
        if character not in self._foreign:
            pieces = self._tokenizer(f"a{character}a", add_special_tokens=False)["input_ids"]
            self._foreign[character] = (
                self._tokenizer.unk_token_id in pieces
                and not unicodedata.name(character, "").startswith("LATIN ")
            )
        return self._foreign[character]

    def _cut(self, question: str, most: int) -> str:
        pieces = self._tokenizer(
            question, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        return question if len(pieces) <= most else question[: pieces[most - 1][1]]

    def scores(self, windows: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Score the word pieces of windows; see :class:`SpanModel`."""
        if not windows:
            return []
        shape = (len(windows), max(len(window.ids) for window in windows))
        ids = np.full(shape, self._tokenizer.pad_token_id, dtype=np.int64)
        types, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            types[row, : len(window.ids)] = window.types
            mask[row, : len(window.ids)] = 1
        start, end = self._forward(ids, types, mask)
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
