"""A library to use the fakes with, the real models where a test asks for them, and a home of
its own for every test, away from the user's settings and articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from qa.library import Library
from qa.reading import Reader
from qa.settings import Settings


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
