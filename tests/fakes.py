"""Fakes that fulfil the protocols, and articles to use them on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.types import Candidate, Passage, Span


class FakeEmbedder:
    """A bag of hashed words: texts that share words are near."""

    precision = "float32"

    def __init__(self, name: str = "fake", dimension: int = 64, max_tokens: int = 40) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded.extend(texts)
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                place = int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension
                vectors[row, place] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))


class FakeReader:
    """Proposes every place where a given text stands in a passage."""

    def __init__(self, wanted: str, score: float = 10.0, null_score: float = 0.0) -> None:
        self.name, self.sha256, self.precision = "fake", "f00d", "float32"
        self.wanted = wanted
        self.score = score
        self.null_score = null_score
        self.read_passages: list[Passage] = []

    def read(self, question: str, passages: Sequence[Passage], count: int) -> list[Candidate]:
        self.read_passages = list(passages)
        found = []
        for passage in passages:
            chunk = passage.hit.chunk
            for match in list(re.finditer(re.escape(self.wanted), chunk.text))[:count]:
                span = Span(*match.span()).shifted(chunk.span.start)
                found.append(
                    Candidate(passage.hit, span, match.group(), self.score, self.null_score)
                )
        return found


def write_articles(folder: Path, **articles: str) -> list[Path]:
    """Write articles to <name>.txt files and list their paths, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in sorted(articles.items()):
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
