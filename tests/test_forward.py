"""The forward pass: torch and ONNX Runtime agree, and an exported graph is kept and checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_models import bert_reader, roberta_reader

from embeddings import runtime
from embeddings.runtime import Forward, load_forward


def inputs(rows: int = 3, length: int = 20) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    ids = random.integers(5, 20, (rows, length))
    types = np.zeros_like(ids)
    types[:, 7:] = 1
    mask = np.ones_like(ids)
    mask[1, 12:] = 0
    return ids, types, mask


def of_torch(folder: Path) -> Forward:
    return runtime._torch_forward(runtime._load_torch(folder, "tiny")[0])


@pytest.mark.parametrize("make", [bert_reader, roberta_reader], ids=["bert", "roberta"])
def test_the_exported_graph_agrees_with_torch(tmp_path: Path, make: object) -> None:
    folder = make(tmp_path / "model")  # type: ignore[operator]
    forward, positions = load_forward(folder, "tiny", tmp_path / "cache")
    assert positions >= 64
    assert len(list((tmp_path / "cache").glob("*.onnx"))) == 1
    ids, types, mask = inputs()
    for one, other in zip(
        forward(ids, types, mask), of_torch(folder)(ids, types, mask), strict=True
    ):
        assert one.dtype == np.float32
        assert np.abs(one - other)[mask == 1].max() < 1e-4


def test_a_kept_graph_is_used_without_loading_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bert_reader(tmp_path / "model")
    first, positions = load_forward(folder, "tiny", tmp_path / "cache")
    monkeypatch.setattr(runtime, "_load_torch", lambda *_: 1 / 0)
    again, same = load_forward(folder, "tiny", tmp_path / "cache")
    assert same == positions
    for one, other in zip(first(*inputs()), again(*inputs()), strict=True):
        assert (one == other).all()


def test_a_damaged_graph_is_exported_again(tmp_path: Path) -> None:
    folder = bert_reader(tmp_path / "model")
    first, _ = load_forward(folder, "tiny", tmp_path / "cache")
    (path,) = (tmp_path / "cache").glob("*.onnx")
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    again, _ = load_forward(folder, "tiny", tmp_path / "cache")
    assert path.read_bytes() == whole
    assert (first(*inputs())[0] == again(*inputs())[0]).all()


def test_other_weights_are_another_graph(tmp_path: Path) -> None:
    load_forward(bert_reader(tmp_path / "one"), "one", tmp_path / "cache")
    load_forward(roberta_reader(tmp_path / "two"), "two", tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("*.onnx"))) == 2


def test_a_graph_that_disagrees_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken export is measured against torch, and torch runs instead; nothing is kept."""
    folder = bert_reader(tmp_path / "model")
    right = runtime._onnx_forward

    def wrong(graph: bytes) -> Forward:
        forward = right(graph)
        return lambda *given: (forward(*given)[0] + 1, forward(*given)[1])

    monkeypatch.setattr(runtime, "_onnx_forward", wrong)
    forward, _ = load_forward(folder, "tiny", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
    assert (forward(*inputs())[0] == of_torch(folder)(*inputs())[0]).all()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    folder = bert_reader(tmp_path / "model")
    forward, _ = load_forward(folder, "tiny", tmp_path / "file" / "cache")
    assert forward(*inputs())[0].shape == (3, 20)
