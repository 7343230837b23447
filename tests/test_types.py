"""The values that travel between the rooms."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import (
    Alternative,
    Answer,
    Chunk,
    Citation,
    GoldQuestion,
    Span,
    Timings,
)

CITATION = Citation(
    article_id="a1",
    title="Wall opens",
    source="/news/wall.txt",
    outlet="Oriel Tribune",
    published=date(2024, 1, 22),
    span=Span(3, 8),
    quote="Crane",
    sentence=Span(0, 20),
)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(-1, 3, id="negative start"),
        pytest.param(3, 3, id="empty"),
        pytest.param(4, 3, id="end before start"),
        pytest.param(-3, -1, id="both negative"),
    ],
)
def test_span_refuses_what_is_no_range(start, end):
    with pytest.raises(ValueError, match=rf"0 <= start < end, got {start}:{end}"):
        Span(start, end)


@given(st.integers(0, 30), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9))
def test_spans_overlap_exactly_where_they_share_a_code_point(a, long, b, wide):
    shared = set(range(a, a + long)) & set(range(b, b + wide))
    assert Span(a, a + long).overlaps(Span(b, b + wide)) == bool(shared)
    assert Span(b, b + wide).overlaps(Span(a, a + long)) == bool(shared)


@given(st.text(min_size=1), st.data())
def test_span_of_a_text_counts_code_points(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Span(start, end)
    assert span.of(text) == text[start:end]
    assert len(span) == len(span.of(text))
    assert span.shifted(7).of("1234567" + text) == text[start:end]


def test_spans_sort_by_place():
    assert sorted([Span(4, 5), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(4, 5)]


def test_shifting_a_span_before_the_start_is_refused():
    with pytest.raises(ValueError, match="-1:2"):
        Span(0, 3).shifted(-1)


def test_values_are_frozen():
    with pytest.raises(FrozenInstanceError):
        CITATION.quote = "another"


def test_chunk_is_named_by_article_and_span():
    assert Chunk("f00d", Span(0, 12), "Wall opens\nO").id == "f00d:0-12"


def test_answer_whose_text_is_its_first_quote():
    found = Answer("Who?", "Who?", "Crane", 0.9, calibrated=True, citations=(CITATION,))
    assert str(found) == "Crane (Wall opens, Oriel Tribune, 2024-01-22)"


def test_answer_without_date_and_outlet_still_reads_well():
    bare = replace(CITATION, outlet="", published=None)
    assert (
        str(Answer("Who?", "Who?", "Crane", 0.9, calibrated=True, citations=(bare,)))
        == "Crane (Wall opens)"
    )


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        pytest.param("Crane", (), id="text without citation"),
        pytest.param(None, (CITATION,), id="citation without text"),
        pytest.param("crane", (CITATION,), id="not verbatim"),
        pytest.param("", (), id="an empty text is not a decline"),
    ],
)
def test_answer_that_is_not_its_quote_is_refused(text, citations):
    with pytest.raises(ValueError, match="an answer's text is its first quote"):
        Answer("Who?", "Who?", text, 0.5, calibrated=True, citations=citations)


def test_declining_is_an_answer_and_keeps_the_runner_up():
    best = Alternative("Crane", 0.2, (CITATION,))
    found = Answer("Who?", "Who?", None, 0.2, calibrated=True, alternatives=(best,))
    assert str(found) == "Not in your articles."
    assert found.alternatives[0].text == found.alternatives[0].citations[0].quote == "Crane"


def test_answers_are_equal_whatever_time_they_took():
    slow = Answer("Who?", "Who?", None, 0.0, calibrated=True, timings=Timings(1, 2, 3))
    assert slow == Answer("Who?", "Who?", None, 0.0, calibrated=True)
    assert slow.timings.total == 6


@pytest.mark.parametrize(
    ("answers", "groups", "answerable"),
    [
        pytest.param((), (), False, id="unanswerable"),
        pytest.param(("2018",), (), True, id="answers"),
        pytest.param((), (("Peru",), ("Chile",)), True, id="a list"),
    ],
)
def test_gold_question_tells_whether_an_answer_is_expected(answers, groups, answerable):
    gold = GoldQuestion("q1", "When?", answers, (), "date", answer_sets=groups)
    assert gold.answerable is answerable
