"""A question and hits to candidate spans."""

from __future__ import annotations

from qa.reading.reader import MODELS, ExtractiveReader, Reader, load_reader

__all__ = ["MODELS", "ExtractiveReader", "Reader", "load_reader"]
