"""Span models: windows that show all of a text in its own offsets, and scores per word piece."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from tiny_models import bert_reader, roberta_reader

from embeddings import ModelLoadError, load_span_model

QUESTION = "When did the wall open?"
TEXT = "The wall opened in 1989. " * 12


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return load_span_model(bert_reader(tmp_path_factory.mktemp("readers") / "bert"), "tiny")


@pytest.fixture(scope="module")
def roberta(tmp_path_factory):
    return load_span_model(roberta_reader(tmp_path_factory.mktemp("readers") / "roberta"), "tiny")


@pytest.fixture(params=["bert", "roberta"])
def tiny(request):
    return request.getfixturevalue(request.param)


def shown(window):
    return window.offsets[window.offsets[:, 1] > window.offsets[:, 0]]


def test_model_loads_by_its_folder(bert):
    assert (bert.name, bert.max_length) == ("tiny", 64)


def test_model_is_named_by_its_folder(tmp_path):
    folder = bert_reader(tmp_path / "mine")
    assert load_span_model(folder).name == str(folder)


def test_windows_of_a_short_text_by_hand(bert):
    (window,) = bert.windows("When?", ["The wall, 1989"], 32, 4)
    # [CLS] when ? [SEP] the wall , 1989 [SEP]
    assert window.offsets.tolist() == [
        *[[-1, -1]] * 4,
        [0, 3],
        [4, 8],
        [8, 9],
        [10, 14],
        [-1, -1],
    ]
    assert window.types.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]
    assert window.text == 0


def test_windows_show_the_whole_text_and_share_the_stride(tiny):
    windows = tiny.windows(QUESTION, [TEXT], 32, 6)
    assert len(windows) > 3
    assert all(len(window.ids) <= 32 for window in windows)
    places = [[tuple(place) for place in shown(window).tolist()] for window in windows]
    for one, following in itertools.pairwise(places):
        # A word piece of a space alone has no width, and is shared but not listed.
        assert 4 <= len(set(one) & set(following)) <= 6
    words = {match.span() for match in re.finditer(r"\w+", TEXT)}
    ends = {end for each in places for _, end in each}
    starts = {start for each in places for start, _ in each}
    assert all(start in starts and end in ends for start, end in words)


def test_windows_come_by_text_and_then_by_place(tiny):
    windows = tiny.windows(QUESTION, [TEXT, "The wall.", "", TEXT], 32, 6)
    texts = [window.text for window in windows]
    assert texts == sorted(texts)
    assert set(texts) == {0, 1, 2, 3}
    for number in (0, 3):
        starts = [shown(window)[0, 0] for window in windows if window.text == number]
        assert starts == sorted(starts)
        assert len(starts) > 1


def test_text_without_words_has_a_window_that_shows_nothing(tiny):
    (window,) = tiny.windows(QUESTION, [""], 32, 6)
    assert len(shown(window)) == 0


def test_no_texts_have_no_windows(tiny):
    assert tiny.windows(QUESTION, [], 32, 6) == []
    assert tiny.scores([]) == []


def test_question_leaves_half_of_the_window_to_the_text(tiny):
    windows = tiny.windows("when did the wall open " * 50, [TEXT], 32, 4)
    assert all(len(window.ids) <= 32 for window in windows)
    assert len(shown(windows[0])) >= 8
    ends = [shown(window)[-1, 1] for window in windows]
    assert ends[-1] == len(TEXT.rstrip())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("🔥 the wall", id="emoji before"),
        pytest.param("e\u0301 the wall", id="combining accent before"),
        pytest.param("\x00\u200b the wall", id="what no word piece shows"),
        pytest.param("𝒜𝒷 the wall", id="astral letters"),
        pytest.param("the\u00a0wall", id="no-break space"),
        pytest.param("\n\n  the\twall\n", id="white space"),
    ],
)
def test_offsets_count_code_points(bert, text):
    (window,) = bert.windows(QUESTION, [text], 48, 4)
    pieces = [text[start:end] for start, end in shown(window)]
    assert pieces[-2:] == ["the", "wall"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("🔥wall🔥", "wall", id="emoji on both sides"),
        pytest.param("👩\u200d👩\u200d👧wall", "wall", id="emoji sequence"),
        pytest.param("4\ufe0f\u20e3wall", "wall", id="keycap"),
        pytest.param("𐌰𐌱wall", "wall", id="astral letters"),
        pytest.param("wallમાં", "wall", id="suffix in a script that the vocabulary lacks"),
    ],
)
def test_a_character_that_is_not_known_does_not_hide_the_word_beside_it(bert, text, word):
    (window,) = bert.windows(QUESTION, [text], 48, 4)
    assert word in [text[start:end] for start, end in shown(window)]


@pytest.mark.parametrize("text", ["🔥🔥", "wŧll", "ŧall"], ids=["emoji alone", "inside", "initial"])
def test_unknown_words_and_latin_letters_stay_whole(bert, text):
    (window,) = bert.windows(QUESTION, [text], 48, 4)
    assert [text[start:end] for start, end in shown(window)] == [text]


def test_scores_are_one_pair_per_word_piece(tiny):
    windows = tiny.windows(QUESTION, [TEXT, "The wall."], 32, 6)
    for window, (start, end) in zip(windows, tiny.scores(windows), strict=True):
        assert start.shape == end.shape == window.ids.shape
        assert start.dtype == end.dtype == np.float32
        assert np.isfinite(start).all()
        assert np.isfinite(end).all()


def test_padding_does_not_move_scores(tiny):
    windows = tiny.windows(QUESTION, ["The wall.", TEXT[:80], "Crane cut a ribbon."], 60, 6)
    together = tiny.scores(windows)
    for window, (start, end) in zip(windows, together, strict=True):
        ((alone_start, alone_end),) = tiny.scores([window])
        assert start == pytest.approx(alone_start, abs=1e-5)
        assert end == pytest.approx(alone_end, abs=1e-5)


def test_token_types_reach_the_model(bert):
    from dataclasses import replace

    (window,) = bert.windows(QUESTION, ["The wall."], 32, 6)
    ((start, _),) = bert.scores([window])
    ((other, _),) = bert.scores([replace(window, types=np.zeros_like(window.types))])
    assert start != pytest.approx(other, abs=1e-4)


def test_full_window_of_the_longest_length_is_scored(tiny):
    windows = tiny.windows(QUESTION, [TEXT], tiny.max_length, 6)
    assert len(windows[0].ids) == 64
    assert len(tiny.scores(windows[:1])[0][0]) == 64


def test_threads_share_a_model(bert):
    from concurrent.futures import ThreadPoolExecutor

    questions = ["When?", QUESTION, "when did the wall open " * 20] * 8

    def lay_out(question):
        return [w.offsets.tolist() for w in bert.windows(question, [TEXT], 32, 4)]

    alone = [lay_out(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lay_out, questions)) == alone


def test_model_without_a_span_head_is_refused(tmp_path):
    folder = bert_reader(tmp_path / "headless", head=False)
    with pytest.raises(ModelLoadError, match="is no reader: its weights lack the span head"):
        load_span_model(folder)


def test_missing_folder_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(
        ModelLoadError, match=r"none' cannot be loaded .*give the name or the folder"
    ):
        load_span_model(tmp_path / "none")


def test_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelLoadError, match="cannot be loaded"):
        load_span_model(tmp_path)


def test_pickled_weights_are_refused(tmp_path):
    folder = bert_reader(tmp_path / "pickle", safe=False)
    with pytest.raises(ModelLoadError, match="safetensors"):
        load_span_model(folder)


def test_damaged_weights_are_refused(tmp_path):
    folder = bert_reader(tmp_path / "damaged")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-50])
    with pytest.raises(ModelLoadError, match="cannot be loaded"):
        load_span_model(folder)
