"""Fakes that fulfil the protocols, and a library to use them with. The default run loads no model
unless a test asks for the real one by its fixture."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.library import Library
from qa.reading import Reader
from qa.settings import Settings
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
        self.name = "fake"
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


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's settings and library."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LIBRARY", "EMBEDDER", "READER", "PASSAGES", "CONFIDENCE", "SETTINGS"):
        monkeypatch.delenv(f"CITESPAN_{name}", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Export models into a folder of the run's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def fake_settings() -> Settings:
    return Settings(embedder="fake", reader="fake")


@pytest.fixture
def library(tmp_path: Path, embedder: FakeEmbedder, fake_settings: Settings) -> Iterator[Library]:
    with Library.open(tmp_path / "library", settings=fake_settings, embedder=embedder) as opened:
        yield opened


@pytest.fixture(scope="session")
def real_reader() -> Reader:
    """The shipped reader, loaded once."""
    from qa.reading import load_reader

    return load_reader("citespan")


@pytest.fixture(scope="session")
def real_embedder() -> object:
    """The bundled embedder, loaded once."""
    from embeddings import load_embedder

    return load_embedder("all-MiniLM-L6-v2")


def write_articles(folder: Path, **articles: str) -> list[Path]:
    """Write articles to <name>.txt files and list their paths, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in sorted(articles.items()):
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
