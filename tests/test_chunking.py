"""Chunks: exact offsets, nothing lost, nothing longer than the embedder reads."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.chunking import chunk_article, embedded_text
from qa.sentences import sentence_spans
from qa.types import Article

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def count(text):
    """Count words and signs, as FakeEmbedder does."""
    return len(re.findall(r"\w+|[^\w\s]", text))


def article(text, title=""):
    return Article("a1", title, text, "/a1.txt")


def check(text, chunks, title="", limit=None, counter=count):
    """Assert what holds for every article."""
    covered = set()
    for chunk in chunks:
        assert chunk.article_id == "a1"
        assert chunk.span.of(text) == chunk.text
        covered |= set(range(chunk.span.start, chunk.span.end))
        if limit is not None:
            assert counter(embedded_text(title, chunk.text)) <= limit
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)
    assert [chunk.span for chunk in chunks] == sorted({chunk.span for chunk in chunks})


SIX = (
    "One two three. Four five six. Seven eight nine. "
    "Ten eleven twelve. Red green blue. Salt sea air."
)


@pytest.mark.parametrize(
    ("limit", "overlap", "texts"),
    [
        pytest.param(100, 1, [SIX], id="all fits"),
        pytest.param(
            8,
            0,
            [
                "One two three. Four five six.",
                "Seven eight nine. Ten eleven twelve.",
                "Red green blue. Salt sea air.",
            ],
            id="two at a time, none repeated",
        ),
        pytest.param(
            12,
            1,
            [
                "One two three. Four five six. Seven eight nine.",
                "Seven eight nine. Ten eleven twelve. Red green blue.",
                "Red green blue. Salt sea air.",
            ],
            id="three at a time, one repeated",
        ),
        pytest.param(
            12,
            2,
            [
                "One two three. Four five six. Seven eight nine.",
                "Four five six. Seven eight nine. Ten eleven twelve.",
                "Seven eight nine. Ten eleven twelve. Red green blue.",
                "Ten eleven twelve. Red green blue. Salt sea air.",
            ],
            id="three at a time, two repeated",
        ),
        pytest.param(
            8,
            5,
            [
                "One two three. Four five six.",
                "Four five six. Seven eight nine.",
                "Seven eight nine. Ten eleven twelve.",
                "Ten eleven twelve. Red green blue.",
                "Red green blue. Salt sea air.",
            ],
            id="more to repeat than a chunk holds: all but its first",
        ),
        pytest.param(
            4,
            1,
            re.findall(r"[^.]+\.", SIX.replace(". ", ".")),
            id="one at a time, no room to repeat",
        ),
    ],
)
def test_sentences_are_packed_and_repeated(limit, overlap, texts):
    chunks = chunk_article(article(SIX), count, limit, overlap)
    assert [chunk.text for chunk in chunks] == texts


def test_title_takes_its_room():
    title = "Numbers and words"
    plain = chunk_article(article(SIX), count, 12, 0)
    titled = chunk_article(article(SIX, title), count, 12, 0)
    assert [len(sentence_spans(chunk.text)) for chunk in plain] == [3, 3]
    assert [len(sentence_spans(chunk.text)) for chunk in titled] == [2, 2, 2]
    check(SIX, titled, title, 12)


def test_title_that_leaves_no_room_is_refused():
    with pytest.raises(ValueError, match="no room for text: 3 word pieces"):
        chunk_article(article(SIX, "One two three"), count, 3)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("", "text", id="none"),
        pytest.param("Wall opens", "Wall opens\ntext", id="short"),
        pytest.param("x" * 300, "x" * 200 + "\ntext", id="200 letters"),
        pytest.param("é" * 300, "é" * 100 + "\ntext", id="200 bytes"),
        pytest.param("한" * 300, "한" * 66 + "\ntext", id="no half characters"),
    ],
)
def test_embedded_title_has_200_bytes_at_most(title, shown):
    assert embedded_text(title, "text") == shown


def test_korean_headline_of_200_characters_leaves_room(real_embedder):
    title = ("한국어 제목은 " * 30)[:200]
    text = "다리가 무너졌다. 아무도 없었다."
    chunks = chunk_article(article(text, title), real_embedder.count_tokens, 254)
    assert [chunk.text for chunk in chunks] == [text]
    check(text, chunks, title, 254, real_embedder.count_tokens)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\u00a0\t\n", id="white space"),
    ],
)
def test_text_of_white_space_has_no_chunks(text):
    assert chunk_article(article(text), count, 10) == []


def test_sentence_that_is_too_long_is_cut_between_words_and_shared():
    text = " ".join(f"w{number}" for number in range(100))
    chunks = chunk_article(article(text), count, 20, 1)
    check(text, chunks, limit=20)
    words = [chunk.text.split() for chunk in chunks]
    assert {word for found in words for word in found} == set(text.split())
    for one, following in pairwise(words):
        shared = [word for word in one if word in following]
        assert shared == following[: len(shared)] == one[-len(shared) :]
        assert len(shared) == 5


def test_any_four_neighbouring_words_of_a_long_sentence_are_whole_in_a_chunk():
    words = [f"w{number}" for number in range(150)]
    chunks = chunk_article(article(" ".join(words)), count, 20, 1)
    for first in range(147):
        four = " ".join(words[first : first + 4])
        assert any(re.search(rf"\b{four}\b", chunk.text) for chunk in chunks), four


def test_no_overlap_means_no_character_twice():
    text = " ".join(f"w{number}" for number in range(100))
    chunks = chunk_article(article(text), count, 20, 0)
    check(text, chunks, limit=20)
    assert all(a.span.end <= b.span.start for a, b in pairwise(chunks))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("x" * 200_000, id="letters"),
        pytest.param("東" * 20_000, id="ideographs"),
        pytest.param("!" * 20_000, id="signs"),
        pytest.param("👩\u200d🚀" * 6_000, id="emoji sequences"),
        pytest.param("e\u0301" * 10_000, id="combining accents"),
    ],
)
def test_very_long_line_without_spaces(line):
    chunks = chunk_article(article(line), count, 254)
    check(line, chunks, limit=254)
    assert max(len(chunk.text) for chunk in chunks) <= 254 * 6


@pytest.mark.parametrize("place", [0, 90, 99, 100, 101, 250, 500])
def test_a_name_inside_a_long_word_of_other_script_is_not_cut(place):
    text = "東" * place + "Qzxvplanet4711" + "京" * (700 - place)
    chunks = chunk_article(article(text), count, 60)
    check(text, chunks, limit=60)
    assert any("Qzxvplanet4711" in chunk.text for chunk in chunks)


def test_word_of_many_signs_is_cut_to_what_the_embedder_reads():
    text = "-" * 90 + " end"
    chunks = chunk_article(article(text), count, 20)
    check(text, chunks, limit=20)


PARTS = st.sampled_from(
    [
        "word",
        "Qzxvplanet4711",
        ". ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\t",
        "\x00",
        "\u00a0",
        "\u00ad",
        "\u200b",
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "שָׁלוֹם",
        "مُحَمَّد",
        "東京",
        "<p>&amp;</p>",
        "{x}",
        "-" * 30,
        "x" * 130,
        "𝒜",
        "\ufeff",
    ]
)
NASTY = st.lists(PARTS, max_size=80).map("".join)


@settings(max_examples=150, deadline=None)
@given(NASTY | st.text(max_size=200), st.integers(4, 50), st.integers(0, 5))
@example("a" * 101 + "é" + "b" * 101, 4, 1)
def test_nasty_texts_are_covered_within_the_limit(text, limit, overlap):
    check(text, chunk_article(article(text, "A title"), count, limit, overlap), "A title", limit)


@settings(max_examples=40, deadline=None)
@given(text=NASTY)
def test_nasty_texts_within_the_limit_of_the_real_embedder(real_embedder, text):
    counter = real_embedder.count_tokens
    chunks = chunk_article(article(text, "A title"), counter, 60)
    check(text, chunks, "A title", 60, counter)


def test_the_real_embedder_reads_every_chunk_of_ordinary_prose_whole(real_embedder):
    paths = sorted(SEEDS.glob("*.txt"))
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in paths) * 3
    for title in ("", "Ship aground on Skarn bank", "A very long headline of a page " * 10):
        chunks = chunk_article(
            article(text, title), real_embedder.count_tokens, real_embedder.max_tokens
        )
        check(text, chunks, title, real_embedder.max_tokens, real_embedder.count_tokens)
        assert len(chunks) > 3
