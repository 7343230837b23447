"""The reader: spans in article offsets, whatever the windows; other readers' bugs by name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import numpy as np
import pytest
from tiny_models import bert_reader, roberta_reader

from embeddings import EmbeddingsError, Window
from qa.errors import ModelError
from qa.reading import ExtractiveReader, load_reader, note_reading, reader
from qa.types import Chunk, Hit, Passage, Span


class WordModel:
    """A span model that reads white-space words and likes those it is told to like."""

    def __init__(self, start, end=None, max_length=64, leading_space=False):
        self.name, self.sha256, self.precision = "words", "f00d", "float32"
        self.max_length = max_length
        self.start = start
        self.end = end if end is not None else start
        self.leading_space = leading_space
        self.words = []
        self.batches = []

    def windows(self, question, texts, length, stride):
        head = [-1] * (len(question.split()) + 2)
        room = length - len(head) - 1
        found = []
        for number, text in enumerate(texts):
            pattern = r"\s*\S+" if self.leading_space else r"\S+"
            places = [match.span() for match in re.finditer(pattern, text)]
            at = 0
            while True:
                part = places[at : at + room]
                ids = [self._id(text[slice(*place)].strip()) for place in part]
                offsets = [(-1, -1)] * len(head) + part + [(-1, -1)]
                found.append(
                    Window(
                        number,
                        np.array([*head, *ids, -1]),
                        np.zeros(len(offsets), dtype=np.int64),
                        np.array(offsets, dtype=np.int64),
                    )
                )
                if at + room >= len(places):
                    break
                at += room - stride
        return found

    def _id(self, word):
        self.words.append(word)
        return len(self.words) - 1

    def scores(self, windows):
        self.batches.append([len(window.ids) for window in windows])
        return [
            tuple(
                np.array(
                    [liked.get(self.words[one], 0.0) if one >= 0 else -1.0 for one in window.ids],
                    dtype=np.float32,
                )
                for liked in (self.start, self.end)
            )
            for window in windows
        ]


def passage(text, start=0, title="", article_id="a1"):
    chunk = Chunk(article_id, Span(start, start + len(text)), text)
    return Passage(Hit(chunk, 0.5, 1), title)


def read(model, *passages, count=1, question="When was it?"):
    return ExtractiveReader(model).read(question, passages, count)


def check(candidates):
    """Assert what holds for every candidate."""
    for one in candidates:
        chunk = one.hit.chunk
        assert chunk.span.start <= one.span.start < one.span.end <= chunk.span.end
        inside = Span(one.span.start - chunk.span.start, one.span.end - chunk.span.start)
        assert one.text == inside.of(chunk.text) == one.text.strip()


def test_span_score_and_null_score_by_hand():
    model = WordModel({"in": 5.0}, {"1989.": 4.0})
    (found,) = read(model, passage("The wall opened in 1989. Crane spoke."))
    assert (found.text, found.span) == ("in 1989.", Span(16, 24))
    assert (found.score, found.null_score) == (9.0, -2.0)


def test_no_hits():
    model = WordModel({})
    assert read(model) == []
    assert model.batches == []


def test_fewer_spans_than_asked():
    found = read(WordModel({}), passage("One two."), count=50)
    assert {one.text for one in found} <= {"One", "two.", "One two."}
    check(found)


def test_passage_not_starting_at_0():
    text = "The wall opened in 1989."
    (found,) = read(WordModel({"1989.": 9.0}), passage(text, start=1_000))
    assert found.span == Span(1_019, 1_024)
    check([found])


def test_end_before_start():
    found = read(
        WordModel({"spoke.": 9.0}, {"The": 9.0}), passage("The wall. Crane spoke."), count=9
    )
    check(found)
    assert found[0].text in {"The", "spoke."}


def test_span_touching_the_question():
    # The words of the question and of the title are what the model likes best.
    liked = {"wall": 9.0, "opened": 1.0}
    found = read(
        WordModel(liked), passage("It opened then.", title="The wall"), question="wall?", count=9
    )
    assert found[0].text == "opened"
    check(found)


def test_title_is_read_but_never_quoted():
    model = WordModel({"Wall": 9.0, "Monday.": 1.0})
    found = read(model, passage("It opened on Monday.", title="Wall opens"), count=9)
    assert model.words[:2] == ["Wall", "opens"]
    assert found[0].text == "Monday."
    check(found)


def test_title_that_the_passage_begins_with_is_not_read_twice():
    model = WordModel({"Wall": 9.0})
    (found,) = read(model, passage("Wall opens\nIt opened on Monday.", title="Wall opens"))
    assert model.words.count("opens") == 1
    assert (found.text, found.span) == ("Wall", Span(0, 4))


def test_span_longer_than_the_limit():
    words = [f"w{number}" for number in range(60)]
    model = WordModel({"w0": 9.0}, {"w50": 9.0}, max_length=384)
    found = read(model, passage(" ".join(words)), count=5)
    assert all(len(one.text.split()) <= 40 for one in found)
    assert found[0].score == 9.0


def test_answer_cut_by_a_window_edge():
    words = [f"w{number}" for number in range(200)]
    for first in range(195):
        text = " ".join([*words[:first], "Anna", "von", "Berg", *words[first:]])
        # Like a real model, this one also likes the stump "Anna von" where Berg is not seen.
        model = WordModel({"Anna": 5.0}, {"Berg": 5.0, "von": 4.5}, max_length=48)
        (found,) = read(model, passage(text))
        assert found.text == "Anna von Berg", first


def test_scores_do_not_move_when_other_passages_are_added():
    model = WordModel({"1989.": 3.0})
    one = passage("The wall opened in 1989.")
    others = [passage("Oil fell. " * 30, article_id=f"b{row}") for row in range(20)]
    alone = read(model, one)
    assert read(model, one, *others)[:1] == alone
    assert [
        each for each in read(model, *others, one) if each.hit.chunk.article_id == "a1"
    ] == alone


def test_candidates_come_by_passage_and_best_first():
    model = WordModel({"two": 2.0, "three": 3.0})
    found = read(model, passage("one two three"), passage("two", article_id="b1"), count=3)
    assert [(one.hit.chunk.article_id, one.text) for one in found] == [
        ("a1", "three"),
        ("a1", "two"),
        ("a1", "one"),
        ("b1", "two"),
    ]


def test_candidates_of_a_passage_share_no_code_point():
    random = np.random.default_rng(0)
    words = [f"w{number}" for number in range(150)]
    liked = {word: float(value) for word, value in zip(words, random.normal(size=150), strict=True)}
    found = read(WordModel(liked), passage(" ".join(words)), count=20)
    taken = [place for one in found for place in range(one.span.start, one.span.end)]
    assert len(taken) == len(set(taken))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_windows_are_batched_by_length_and_given_back_in_order():
    model = WordModel({"x": 1.0})
    passages = [passage("word " * size + "x", article_id=f"p{size:02}") for size in range(20)]
    found = read(model, *passages)
    assert [one.hit.chunk.article_id for one in found] == [f"p{size:02}" for size in range(20)]
    assert {one.text for one in found} == {"x"}
    sizes = [size for batch in model.batches for size in batch]
    assert sizes == sorted(sizes, reverse=True)
    assert [len(batch) for batch in model.batches] == [8, 8, 4]


@pytest.mark.parametrize("title", ["", "The title"])
def test_white_space_that_a_word_piece_carries_is_not_quoted(title):
    model = WordModel({"1989.": 9.0}, leading_space=True)
    text = "In \n 1989.  Then it opened."
    (found,) = read(model, passage(text, start=10, title=title))
    assert (found.text, found.span) == ("1989.", Span(15, 20))


def test_first_word_can_be_quoted_where_it_carries_the_titles_line_end():
    model = WordModel({"1989": 9.0}, leading_space=True)
    (found,) = read(model, passage("1989 it was.", title="A wall"))
    assert (found.text, found.span) == ("1989", Span(0, 4))


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200f\u202a", "\ufeff"], ids=["space", "marks", "BOM"]
)
def test_passage_that_shows_no_word_has_no_candidates(text):
    assert read(WordModel({}), passage(text), count=5) == []


@pytest.mark.parametrize(
    "error", [EmbeddingsError("broken"), RuntimeError("broken"), ValueError("broken")]
)
def test_failing_model_is_a_model_error(error):
    class Failing(WordModel):
        def scores(self, windows):
            raise error

    with pytest.raises(ModelError, match="the reader 'words' failed: broken") as caught:
        read(Failing({}), passage("The wall."))
    assert caught.value.__cause__ is error


def test_missing_reader_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reader(str(tmp_path / "none"))


@pytest.mark.parametrize("make", [bert_reader, roberta_reader])
def test_any_reader_loads_by_its_folder_and_quotes_exactly(tmp_path, make):
    reader = load_reader(str(make(tmp_path / "reader")))
    texts = [
        "The wall opened in 1989.  " * 20,
        "👩\u200d👩crane",
        " cut\u00a0a e\u0301 ribbon ",
        "\x00",
    ]
    passages = [passage(text, start=7, title="On Monday") for text in texts]
    found = reader.read("When did the wall open?", passages, 5)
    assert len(found) >= 10
    check(found)


def test_damaged_shipped_weights_are_refused(tmp_path, monkeypatch):
    from qa.reading import reader

    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(reader, "MODELS", tmp_path)
    with pytest.raises(ModelError, match=r"are damaged: .*install citespan again"):
        load_reader("citespan")


STORY = (
    "Crews refloated the cargo ship Mirela on Tuesday, nine days after it ran aground on Skarn "
    "bank. The port captain, Ingrid Solheim, said that 40 tonnes of oil had leaked."
)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        pytest.param("Who is the port captain?", "Ingrid Solheim", id="person"),
        pytest.param("When was the ship refloated?", "Tuesday", id="day"),
        pytest.param("How much oil leaked?", "40 tonnes", id="amount"),
    ],
)
def test_shipped_reader_finds_and_quotes(real_reader, question, text):
    found = real_reader.read(question, [passage(STORY, start=50, title="Ship refloated")], 5)
    check(found)
    assert text in found[0].text
    assert found[0].score > found[0].null_score


def test_shipped_readers_scores_do_not_move_when_passages_are_added(real_reader):
    question = "Who is the port captain?"
    one = passage(STORY, title="Ship refloated")
    others = [passage("Oil prices fell on Monday. " * size, article_id="b") for size in (1, 9, 40)]
    alone = real_reader.read(question, [one], 3)
    among = real_reader.read(question, [*others, one], 3)[-len(alone) :]
    for first, second in zip(alone, among, strict=True):
        assert second.score == pytest.approx(first.score, abs=1e-3)
        assert second.null_score == pytest.approx(first.null_score, abs=1e-3)
        assert replace(first, score=0, null_score=0) == replace(second, score=0, null_score=0)


def test_shipped_reader_reads_past_its_window(real_reader):
    text = "The weather was fine and the sea calm that week. " * 60 + STORY
    found = real_reader.read("Who is the port captain?", [passage(text, title="Ship")], 1)
    check(found)
    assert "Ingrid Solheim" in found[0].text


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("\x0c", id="page break"),
        pytest.param("\x0b", id="vertical tab"),
        pytest.param("\x85", id="next line"),
        pytest.param("\u2028", id="line separator"),
        pytest.param("\u200b", id="zero-width space"),
        pytest.param("\u202c", id="end of direction"),
    ],
)
def test_words_on_both_sides_of_an_invisible_separator_are_two(real_reader, between):
    # Tokenizers drop these characters; "Monday" must not become part of "Mondayoil".
    text = f"Crews refloated the ship Mirela on Monday{between}Oil had leaked for days."
    found = real_reader.read("When was the ship refloated?", [passage(text)], 3)
    check(found)
    assert found[0].text in {"Monday", "on Monday"}


@pytest.mark.parametrize(
    ("titles", "shown"), [(True, "Wall opens\nIt is long."), (False, "It is long.")]
)
def test_titles_are_shown_to_readers_that_know_them(titles, shown):
    class Recorder:
        name, sha256, precision, max_length = "recorder", "", "float32", 512

        def windows(self, question, texts, length, stride):
            self.texts = texts
            return []

        def scores(self, windows):
            return []

    model = Recorder()
    hit = Hit(Chunk("a", Span(20, 31), "It is long."), 1.0, 1)
    assert (
        ExtractiveReader(model, titles=titles).read("How long?", [Passage(hit, "Wall opens")], 3)
        == []
    )
    assert model.texts == [shown]


@pytest.fixture
def tiny_reader(tmp_path):
    return bert_reader(tmp_path / "tiny")


@pytest.mark.parametrize("titles", [None, True, False])
def test_a_reader_is_shown_titles_unless_its_folder_says_no(tiny_reader, monkeypatch, titles):
    told = []
    monkeypatch.setattr(
        reader, "ExtractiveReader", lambda model, *, titles: told.append((model, titles))
    )
    if titles is not None:
        note_reading(tiny_reader, titles=titles)
    load_reader(str(tiny_reader))
    ((model, shown),) = told
    assert shown is (titles is not False)
    weights = (tiny_reader / "model.safetensors").read_bytes()
    assert (model.sha256, model.precision) == (hashlib.sha256(weights).hexdigest(), "float32")


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_a_damaged_note_on_reading_says_what_to_do(tiny_reader, content):
    (tiny_reader / "reading.json").write_text(content)
    with pytest.raises(ModelError, match="delete it, or train anew"):
        load_reader(str(tiny_reader))
