"""Passages to candidate spans: tokenise, window, batch, run, decode."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from embeddings import EmbeddingsError, SpanModel, Window, check_weights, load_span_model
from qa.errors import ModelError
from qa.reading.spans import ScoredSpan, WindowLogits, merge_windows, without_overlaps
from qa.settings import BUNDLED_READER, cache_folder
from qa.types import Candidate, Passage, Span

__all__ = [
    "MODELS",
    "SPANS_PER_PASSAGE",
    "STRIDE",
    "WINDOW",
    "ExtractiveReader",
    "Reader",
    "load_reader",
    "note_reading",
    "reader_folder",
    "shown_text",
]

MODELS = Path(__file__).resolve().parent.parent / "models"

# The shipped weights; see MODEL_CARD.md beside them.
_BUNDLED_SHA256 = "a62aea55739af9ff5167d3e40ff037123c2342291a6bbf98d137ebff11a596bd"

# Beside a reader's weights; says how it was trained to read.
_READING = "reading.json"

# Best spans of a passage that the policy gets to compare; what calibrates it compares as many.
SPANS_PER_PASSAGE = 5

# A chunk, its title and a question of ordinary length fit into one window of 384 word pieces.
WINDOW = 384
STRIDE = 128
_SPAN_LIMIT = 40
_SPANS_PER_WINDOW = 50
_BATCH = 8

# Page breaks, rare line ends and invisible characters between words. Tokenizers drop them, which
# would make one word of two; one for one, a space keeps the offsets.
_SEPARATORS = str.maketrans(
    dict.fromkeys(
        "\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u200b\ufeff\u200e\u200f"
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        " ",
    )
)


class Reader(Protocol):
    """What finds candidate answers in passages.

    Attributes:
        name: Identifies the reader, for people.
        sha256: The hash of its weights, in hex; empty where that is not known.
        precision: The arithmetic that it runs in, such as "float32".
    """

    name: str
    sha256: str
    precision: str

    def read(self, question: str, passages: Sequence[Passage], count: int) -> list[Candidate]:
        """Propose answers.

        Args:
            question: One that stands alone.
            passages: What to read.
            count: Candidates per passage at most; they share no code point.

        Returns:
            Candidates by passage, best first within one; scores compare across passages. None for
            no passages.

        Raises:
            ModelError: If the model cannot be run.
        """
        ...


class ExtractiveReader:
    """A transformer with a span head.

    Args:
        model: Lays out windows and scores their word pieces.
        titles: Whether to show a passage under its article's title. Not to a reader that was
            trained without: it takes the title's words for the passage's, and is sure of less.
    """

    def __init__(self, model: SpanModel, *, titles: bool = True) -> None:
        self.name, self.sha256, self.precision = model.name, model.sha256, model.precision
        self._titles = titles
        self._model = model
        self._window = min(WINDOW, model.max_length)

    def read(self, question: str, passages: Sequence[Passage], count: int) -> list[Candidate]:
        """Propose answers; see :class:`Reader`."""
        shown = [
            shown_text(passage.title if self._titles else "", passage.hit.chunk.text)
            for passage in passages
        ]
        texts, heads = [text for text, _ in shown], [head for _, head in shown]
        try:
            windows = self._model.windows(
                question, texts, self._window, min(STRIDE, self._window // 4)
            )
            logits = self._run(windows)
        except (EmbeddingsError, RuntimeError, ValueError) as error:
            raise ModelError(f"the reader {self.name!r} failed: {error}") from error
        by_passage: list[list[WindowLogits]] = [[] for _ in passages]
        for window, scored in zip(windows, logits, strict=True):
            by_passage[window.text].append(scored)
        return [
            candidate
            for passage, head, read in zip(passages, heads, by_passage, strict=True)
            for found in without_overlaps(_spans(passage, head, read), count)
            if (candidate := _candidate(passage, found)) is not None
        ]

    def _run(self, windows: Sequence[Window]) -> list[WindowLogits]:
        """Score the windows in batches of like length, and give them back in their own order."""
        order = sorted(range(len(windows)), key=lambda row: -len(windows[row].ids))
        scored: dict[int, WindowLogits] = {}
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            found = self._model.scores([windows[row] for row in rows])
            for row, (start, end) in zip(rows, found, strict=True):
                scored[row] = WindowLogits(start, end, windows[row].offsets)
        return [scored[row] for row in range(len(windows))]


def load_reader(name: str) -> Reader:
    """Load a reader by name or folder.

    Args:
        name: ``citespan`` for the shipped one, else any extractive QA model that transformers can
            load, by name or folder.

    Raises:
        ModelError: If it cannot be loaded, or the shipped weights are damaged.
    """
    folder = reader_folder(name)
    try:
        if folder == MODELS:
            check_weights(MODELS / "model.safetensors", _BUNDLED_SHA256, "install citespan again")
            model = load_span_model(MODELS, BUNDLED_READER, cache_folder())
        else:
            model = load_span_model(name, cache=cache_folder())
    except EmbeddingsError as error:
        raise ModelError(str(error)) from error
    return ExtractiveReader(model, titles=_reads_titles(folder / _READING))


def reader_folder(name: str) -> Path:
    """Name the folder of a reader; one that does not exist where it is only known by name.

    Args:
        name: As :func:`load_reader` takes it.
    """
    return MODELS if name == BUNDLED_READER else Path(name).resolve()


def note_reading(folder: Path, *, titles: bool) -> None:
    """Write beside a reader's weights how it was trained to read.

    Args:
        folder: The reader's.
        titles: Whether it was shown passages under their titles.
    """
    (folder / _READING).write_text(json.dumps({"titles": titles}) + "\n", encoding="utf-8")


def _reads_titles(path: Path) -> bool:
    """Tell whether a reader is shown titles: it is, unless a file beside its weights says no."""
    try:
        return bool(json.loads(path.read_text(encoding="utf-8"))["titles"])
    except FileNotFoundError:
        return True
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} cannot be used ({error!r}); delete it, or train anew") from error


def shown_text(title: str, text: str) -> tuple[str, int]:
    """Lay out a passage as the reader is shown it, here and in training.

    Args:
        title: Of its article; not shown where it is empty or the passage starts with it.
        text: The passage.

    Returns:
        The text, and how many code points of it stand before the passage's own.
    """
    known = not title or title in text[: 2 * len(title)]
    head = "" if known else f"{title}\n"
    return head + text.translate(_SEPARATORS), len(head)


def _spans(passage: Passage, head: int, windows: Sequence[WindowLogits]) -> list[ScoredSpan]:
    """Rank the spans of a passage; one that runs on over a blank line is no answer."""
    shown = [_below(window, head) for window in windows]
    return [
        found
        for found in merge_windows(shown, _SPAN_LIMIT, _SPANS_PER_WINDOW)
        if "\n\n" not in found.span.of(passage.hit.chunk.text).strip()
    ]


def _below(window: WindowLogits, head: int) -> WindowLogits:
    """Count a window's offsets from the chunk's start; the title above it holds no answer."""
    offsets = window.offsets - head
    offsets[offsets[:, 1] <= 0] = -1
    # A word piece may begin with the white space before it, and so with the title's line end.
    starts = offsets[:, 0]
    starts[(starts < 0) & (offsets[:, 1] > 0)] = 0
    return WindowLogits(window.start, window.end, offsets)


def _candidate(passage: Passage, found: ScoredSpan) -> Candidate | None:
    """Place a span in its article, without white space at its ends; None where that is all."""
    chunk = passage.hit.chunk
    text = found.span.of(chunk.text)
    words = text.strip()
    if not words:
        return None
    start = found.span.start + len(text) - len(text.lstrip())
    return Candidate(
        hit=passage.hit,
        span=Span(start, start + len(words)).shifted(chunk.span.start),
        text=words,
        score=found.score,
        null_score=found.null_score,
    )
