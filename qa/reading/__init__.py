"""A question and hits to candidate spans."""

from __future__ import annotations

from qa.reading.reader import MODELS, SPANS_PER_PASSAGE, ExtractiveReader, Reader, load_reader

__all__ = ["MODELS", "SPANS_PER_PASSAGE", "ExtractiveReader", "Reader", "load_reader"]
