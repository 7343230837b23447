"""Every error that embeddings raises.

::

    EmbeddingsError             the root: catch this
    ├── ModelLoadError          a model's files are missing, damaged or of another kind
    └── VectorIndexError        vectors cannot be indexed, or a stored index cannot be read

qa wraps them in its own tree (``raise ... from``).
"""

from __future__ import annotations

__all__ = ["EmbeddingsError", "ModelLoadError", "VectorIndexError"]


class EmbeddingsError(Exception):
    """Stand for anything that went wrong with models or vectors."""


class ModelLoadError(EmbeddingsError):
    """Report model files that are missing, damaged or of another kind."""


class VectorIndexError(EmbeddingsError):
    """Report vectors that cannot be indexed, or a stored index that cannot be read."""
