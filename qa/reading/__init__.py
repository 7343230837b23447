"""A question and hits to candidate spans."""

from __future__ import annotations

from qa.reading.reader import (
    MODELS,
    SPANS_PER_PASSAGE,
    STRIDE,
    WINDOW,
    ExtractiveReader,
    Reader,
    load_reader,
    note_reading,
    reader_folder,
    shown_text,
)

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
