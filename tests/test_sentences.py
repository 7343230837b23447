"""Sentence spans: what people would call sentences, and spans that hold for any text."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.sentences import sentence_around, sentence_spans
from qa.types import Span

WRAPPED = (
    "The bridge over the Skarn, which had stood for a hundred and\n"
    "ten years, fell on Sunday. Nobody was on it. The mayor, who\n"
    "had crossed it an hour before, said that it would be rebuilt\n"
    "by spring.\n"
)

CASES = [
    pytest.param("", [], id="empty"),
    pytest.param(" \n\t\u00a0\n", [], id="white space"),
    pytest.param("One.", ["One."], id="one"),
    pytest.param("It fell. Nobody saw it.", ["It fell.", "Nobody saw it."], id="two"),
    pytest.param("Who fell? Nobody! So.", ["Who fell?", "Nobody!", "So."], id="other marks"),
    pytest.param("Dr. Crane met Mr. Orr.", ["Dr. Crane met Mr. Orr."], id="titles"),
    pytest.param(
        "The U.S. Senate met at 8 a.m. on Sunday.",
        ["The U.S. Senate met at 8 a.m. on Sunday."],
        id="abbreviations",
    ),
    pytest.param(
        "It rose 3.5 percent. Then it fell.",
        ["It rose 3.5 percent.", "Then it fell."],
        id="decimal",
    ),
    pytest.param(
        '"It fell." She wept.',
        ['"It fell."', "She wept."],
        id="quotation",
    ),
    pytest.param("Bridge falls\nIt fell.", ["Bridge falls", "It fell."], id="headline"),
    pytest.param("Bridge falls\n\nIt fell.", ["Bridge falls", "It fell."], id="blank line"),
    pytest.param(
        "Bridge falls\n \t \nIt fell.", ["Bridge falls", "It fell."], id="blank line of spaces"
    ),
    pytest.param("  It fell.  ", ["It fell."], id="space around"),
    pytest.param("- milk\n- bread\n- salt", ["- milk", "- bread", "- salt"], id="list"),
    pytest.param(
        WRAPPED,
        [
            (
                "The bridge over the Skarn, which had stood for a hundred and\n"
                "ten years, fell on Sunday."
            ),
            "Nobody was on it.",
            (
                "The mayor, who\nhad crossed it an hour before, said that it would be rebuilt\n"
                "by spring."
            ),
        ],
        id="wrapped by hand",
    ),
    pytest.param(
        textwrap.fill(" ".join(WRAPPED.split()), 60, initial_indent="    "),
        [
            (
                "The bridge over the Skarn, which had stood for a hundred\n"
                "and ten years, fell on Sunday."
            ),
            "Nobody was on it.",
            (
                "The mayor,\nwho had crossed it an hour before, said that it would be\n"
                "rebuilt by spring."
            ),
        ],
        id="wrapped and indented",
    ),
]


@pytest.mark.parametrize(("text", "sentences"), CASES)
def test_sentences_of_known_texts(text, sentences):
    assert [span.of(text) for span in sentence_spans(text)] == sentences


def test_indentation_counts_for_the_width_of_a_first_line():
    # Only with its indentation does the first line have no room for the "a" that follows.
    first = "    The bridge that had stood for a hundred and ten years is"
    second = "a ruin now, and the mayor said on Sunday, from a boat, that"
    assert (len(first), len(second)) == (60, 59)
    text = f"{first}\n{second}\nit would be rebuilt by spring."
    assert [span.of(text) for span in sentence_spans(text)] == [text.strip()]


def test_long_lines_are_not_taken_for_wrapped_ones():
    line = "A caption without a full stop that goes on " * 5
    text = f"{line.strip()}\n{line.strip()}"
    assert [span.of(text) for span in sentence_spans(text)] == text.split("\n")


NASTY = st.text(
    alphabet=st.sampled_from(
        list(
            "ab. .!?\"'\n\n  \t\r()-“”…\x00\u00a0\u00ad\u200b\u200d\u0301\u2028\x85\x0b\x1cאب東🔥👩"
        )
    ),
    max_size=120,
)


@settings(max_examples=200, deadline=None)
@given(NASTY | st.text(max_size=60))
@example("\n \n a.\r\n b")
@example("He ran.He ran. ")
def test_spans_are_disjoint_and_cover_all_but_white_space(text):
    spans = sentence_spans(text)
    covered: list[int] = []
    for span in spans:
        assert not span.of(text)[0].isspace()
        assert not span.of(text)[-1].isspace()
        covered.extend(range(span.start, span.end))
    assert covered == sorted(set(covered))
    missing = set(range(len(text))) - set(covered)
    assert all(text[place].isspace() for place in missing)


@settings(max_examples=200, deadline=None)
@given(NASTY.filter(bool), st.data())
def test_sentence_around_contains_the_span(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = sentence_around(text, span)
    assert found.start <= span.start < span.end <= found.end <= len(text)


@pytest.mark.parametrize(
    ("quote", "around"),
    [
        pytest.param("begin", "Nobody saw it begin.", id="inside one"),
        pytest.param("Nobody", "Nobody saw it begin.", id="at its start"),
        pytest.param("Divers came.", "Divers came.", id="a whole one"),
        pytest.param("begin. Divers", "Nobody saw it begin. Divers came.", id="across two"),
        pytest.param("Bridge", "Bridge falls", id="headline"),
        pytest.param("later", "Much later.", id="behind a blank line"),
    ],
)
def test_sentence_around_a_quote(quote, around):
    text = "Bridge falls\n\nIt fell. Nobody saw it begin. Divers came.\n\nMuch later."
    start = text.index(quote)
    assert sentence_around(text, Span(start, start + len(quote))).of(text) == around


def test_sentence_around_white_space_is_the_white_space():
    text = "It fell.   Divers came."
    assert sentence_around(text, Span(9, 10)) == Span(9, 10)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        pytest.param(" " * 200_000, 0, id="spaces"),
        pytest.param("\t\n" * 100_000, 0, id="blank lines"),
        pytest.param("a\n" + " " * 200_000 + "\nb", 2, id="spaces between lines"),
        pytest.param("x" * 200_000, 10, id="one word"),
    ],
)
def test_200_000_characters_without_prose_end_soon(line, count):
    # A pattern that backtracks takes minutes for these.
    assert len(sentence_spans(line)) == count


@pytest.mark.parametrize("shift", range(0, 24, 5))
def test_the_end_of_a_very_long_paragraph_cuts_no_word(shift):
    text = "x" * shift + " " + "needle hay " * 6_000
    assert {word for span in sentence_spans(text) for word in span.of(text).split()} <= {
        "x" * shift,
        "needle",
        "hay",
    }


def test_the_end_of_a_very_long_paragraph_cuts_no_sentence():
    text = "The old bridge fell on Sunday. " * 3_000
    assert {span.of(text) for span in sentence_spans(text)} == {"The old bridge fell on Sunday."}
