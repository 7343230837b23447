"""A question and texts to windows of word pieces: tokenising, overlap, offsets, padding."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.errors import ModelLoadError
from embeddings.quiet import hide_progress_bars

__all__ = ["Window", "WindowLayout"]


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


class WindowLayout:
    """Lays out questions with texts as a model's tokenizer cuts them. Safe to use from threads.

    Args:
        folder_or_name: The model's folder, or its name on the hub.
        name: How messages call it; ``folder_or_name`` when None.

    Attributes:
        max_length: Word pieces that the tokenizer lets into one input.

    Raises:
        ModelLoadError: If there is no such tokenizer.
    """

    def __init__(self, folder_or_name: str | Path, name: str | None = None) -> None:
        from transformers import AutoTokenizer

        called = name if name is not None else str(folder_or_name)
        hide_progress_bars()
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder_or_name), trust_remote_code=False)
        except Exception as error:
            raise ModelLoadError(
                f"the reader {called!r} cannot be loaded (its tokenizer: {error}); "
                "give the name or the folder of an extractive question-answering model"
            ) from error
        self._tokenizer: Any = tokenizer
        self._foreign: dict[str, bool] = {}
        self._lock = threading.Lock()  # truncation is state of the tokenizer, which threads share
        self.max_length = int(tokenizer.model_max_length)

    def windows(
        self, question: str, texts: Sequence[str], length: int, stride: int
    ) -> list[Window]:
        """Lay out a question with each text; see :meth:`SpanModel.windows`."""
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

    def batch(self, windows: Sequence[Window]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pad windows to one shape.

        Returns:
            int64 ids, token types and mask, all of shape (windows, longest).
        """
        shape = (len(windows), max(len(window.ids) for window in windows))
        ids = np.full(shape, self._tokenizer.pad_token_id, dtype=np.int64)
        types, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            types[row, : len(window.ids)] = window.types
            mask[row, : len(window.ids)] = 1
        return ids, types, mask

    def save(self, folder: Path) -> None:
        """Write the tokenizer's files into a model's folder."""
        self._tokenizer.save_pretrained(folder)
