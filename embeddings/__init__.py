"""Text to unit vectors to neighbours. Has never heard of an article or a question."""

from __future__ import annotations

from embeddings.embedder import Embedder, SentenceTransformersEmbedder, load_embedder
from embeddings.errors import EmbeddingsError, ModelLoadError, VectorIndexError
from embeddings.index import FaissIndex, VectorIndex
from embeddings.span_model import SpanModel, TransformersSpanModel, load_span_model
from embeddings.weights import check_weights
from embeddings.windows import Window, WindowLayout

__all__ = [
    "Embedder",
    "EmbeddingsError",
    "FaissIndex",
    "ModelLoadError",
    "SentenceTransformersEmbedder",
    "SpanModel",
    "TransformersSpanModel",
    "VectorIndex",
    "VectorIndexError",
    "Window",
    "WindowLayout",
    "check_weights",
    "load_embedder",
    "load_span_model",
]
