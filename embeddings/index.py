"""Unit vectors to neighbours: the VectorIndex protocol and its exact FAISS implementation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from embeddings.errors import VectorIndexError

__all__ = ["FaissIndex", "VectorIndex"]


class VectorIndex(Protocol):
    """An immutable set of vectors, each under a number of the caller's."""

    dimension: int

    def __len__(self) -> int: ...

    def search(
        self, query: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Find the nearest vectors.

        Args:
            query: float32 of shape (dimension,), length 1.
            k: How many to give; fewer come back where fewer are allowed.
            allowed: int64 ids that may be returned; all of them when None.

        Returns:
            int64 ids and float32 cosines in [-1, 1], both of shape (found,), best first, ties by
            id.

        Raises:
            VectorIndexError: If the query has another dimension or is not finite.
        """
        ...

    def to_bytes(self) -> bytes:
        """Serialize the index, for a file that its owner writes, hashes and syncs."""
        ...


class FaissIndex:
    """An exact inner-product index of FAISS, which is never written to once it is built.

    Threads may share it. FAISS itself accepts float64, duplicate ids and rows that are not finite
    without a word, pads short results with -1 and raises an empty AssertionError for a wrong
    dimension; all of that is checked here.
    """

    def __init__(self, index: Any) -> None:
        self._index = index
        self.dimension = int(index.d)

    @classmethod
    def build(cls, ids: Iterable[int], vectors: np.ndarray) -> FaissIndex:
        """Index vectors under the caller's ids.

        Args:
            ids: As many distinct whole numbers >= 0 as there are vectors.
            vectors: float32 of shape (n, dimension), rows of length 1.

        Raises:
            VectorIndexError: If shapes, ids or values do not fit.
        """
        import faiss

        keys = np.asarray(list(ids), dtype=np.int64)
        if vectors.ndim != 2 or vectors.dtype != np.float32 or len(keys) != len(vectors):
            raise VectorIndexError(
                f"expected {len(keys)} float32 rows, found {vectors.dtype} of shape {vectors.shape}"
            )
        if len(np.unique(keys)) != len(keys) or (len(keys) and keys.min() < 0):
            raise VectorIndexError("ids must be distinct and not negative")
        if not np.isfinite(vectors).all():
            raise VectorIndexError("vectors must be finite")
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors), keys)
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes) -> FaissIndex:
        """Read what :meth:`to_bytes` gave.

        Raises:
            VectorIndexError: If the bytes are not such an index.
        """
        import faiss

        try:
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except (RuntimeError, AssertionError, MemoryError) as error:
            raise VectorIndexError(f"not a stored index: {error}") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise VectorIndexError(f"expected an IndexIDMap2, found {type(index).__name__}")
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> np.ndarray:
        """List the ids, int64 of shape (n,), in the order of building."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map))

    def search(
        self, query: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Find the nearest vectors; see :class:`VectorIndex`."""
        import faiss

        if query.shape != (self.dimension,) or not np.isfinite(query).all():
            raise VectorIndexError(
                f"expected a finite query of shape ({self.dimension},), found {query.shape}"
            )
        size = len(self) if allowed is None else min(len(self), len(allowed))
        if size == 0 or k <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        row = np.ascontiguousarray(query, dtype=np.float32)[np.newaxis]
        wanted = min(k, size)
        # FAISS cuts a tie at the k-th place anywhere, so we look past it until the tie ends.
        asked = min(wanted + 1, size)
        while True:
            scores, ids = self._index.search(row, asked, params=parameters)
            if asked == size or ids[0, -1] < 0 or scores[0, -1] < scores[0, wanted - 1]:
                break
            asked = min(2 * asked, size)
        found = ids[0] >= 0
        order = np.lexsort((ids[0][found], -scores[0][found]))[:wanted]
        return ids[0][found][order], scores[0][found][order]

    def to_bytes(self) -> bytes:
        """Serialize the index; see :class:`VectorIndex`."""
        import faiss

        return bytes(faiss.serialize_index(self._index).tobytes())
