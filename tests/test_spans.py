"""Span decoding against loops that try everything; other readers' bugs by name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.spans import ScoredSpan, WindowLogits, best_spans, merge_windows, without_overlaps
from qa.types import Span

OUTSIDE = (-1, -1)


def window(start, end, offsets):
    return WindowLogits(
        np.array(start, dtype=np.float32),
        np.array(end, dtype=np.float32),
        np.array(offsets, dtype=np.int64).reshape(-1, 2),
    )


def words(places, start=(), end=(), low=0.0):
    """Make a window: position 0 for "no answer", then words of four code points at places."""
    starts = [low] * (len(places) + 1)
    ends = [low] * (len(places) + 1)
    for place, value in dict(start).items():
        starts[1 + places.index(place)] = value
    for place, value in dict(end).items():
        ends[1 + places.index(place)] = value
    return window(starts, ends, [OUTSIDE, *((place, place + 4) for place in places)])


def every_span(one, limit):
    """Try all pairs of positions."""
    found = []
    for first in range(len(one.start)):
        for last in range(first, min(first + limit, len(one.end))):
            inside = [one.offsets[row][1] > one.offsets[row][0] for row in (first, last)]
            if all(inside):
                score = float(one.start[first]) + float(one.end[last])
                found.append((-score, first, last))
    return [
        (-score, int(one.offsets[first][0]), int(one.offsets[last][1]))
        for score, first, last in sorted(found)
    ]


# Few distinct values, so that ties are common.
LOGITS = st.integers(-8, 8).map(lambda value: value / 4)


@st.composite
def windows(draw):
    size = draw(st.integers(1, 14))
    shown = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    offsets = [(3 * row, 3 * row + 2) if one else OUTSIDE for row, one in enumerate(shown)]
    logits = st.lists(LOGITS, min_size=size, max_size=size)
    return window(draw(logits), draw(logits), offsets)


@settings(max_examples=300, deadline=None)
@given(windows(), st.integers(1, 16), st.integers(0, 60))
def test_best_spans_agree_with_trying_all(one, limit, count):
    found = best_spans(one, limit, count)
    assert [(each.score, each.span.start, each.span.end) for each in found] == every_span(
        one, limit
    )[:count]
    assert {each.null_score for each in found} <= {float(one.start[0]) + float(one.end[0])}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_best_spans_agree_with_trying_all_on_floats(seed, limit):
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 60))
    offsets = [(5 * row, 5 * row + 4) if random.random() < 0.8 else OUTSIDE for row in range(size)]
    one = window(random.normal(size=size), random.normal(size=size), offsets)
    found = [(each.score, each.span.start, each.span.end) for each in best_spans(one, limit, 20)]
    assert found == every_span(one, limit)[:20]


def test_ties_go_by_start_and_then_by_length():
    one = words([0, 5, 10])
    assert [each.span for each in best_spans(one, 3, 9)] == [
        Span(0, 4),
        Span(0, 9),
        Span(0, 14),
        Span(5, 9),
        Span(5, 14),
        Span(10, 14),
    ]


def test_end_before_start_is_no_span():
    # The best start stands behind the best end: taken apart they make nonsense.
    one = words([0, 5, 10], start={10: 9}, end={0: 9})
    spans = [each.span for each in best_spans(one, 3, 9)]
    assert all(span.start < span.end for span in spans)
    assert set(spans[:2]) == {Span(0, 4), Span(10, 14)}


def test_span_touching_the_question_is_no_span():
    # Positions 1 and 2 are the question, which the model likes best.
    one = window([0, 9, 9, 0, 1], [0, 9, 9, 1, 0], [OUTSIDE, OUTSIDE, OUTSIDE, (0, 4), (5, 9)])
    assert best_spans(one, 5, 1)[0] == ScoredSpan(Span(0, 4), 1.0, 0.0)
    assert {each.span for each in best_spans(one, 5, 9)} == {Span(0, 4), Span(0, 9), Span(5, 9)}


def test_span_longer_than_the_limit_is_no_span():
    one = words([0, 5, 10, 15], start={0: 9}, end={15: 9})
    assert best_spans(one, 4, 1)[0].span == Span(0, 19)
    found = best_spans(one, 3, 20)
    assert Span(0, 19) not in [each.span for each in found]
    assert found[0].score == 9.0


def test_fewer_spans_than_asked():
    assert len(best_spans(words([0]), 10, 50)) == 1


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(window([1], [1], [OUTSIDE]), id="no text"),
        pytest.param(window([1, 2], [1, 2], [OUTSIDE, OUTSIDE]), id="only a question"),
        pytest.param(window([1, 2], [1, 2], [OUTSIDE, (3, 3)]), id="word pieces of no width"),
    ],
)
def test_window_without_text_has_no_spans(one):
    assert best_spans(one, 10, 10) == []
    assert merge_windows([one], 10, 10) == []


def test_null_score_is_that_of_position_0():
    one = window([3, 0], [-1.5, 0], [OUTSIDE, (0, 4)])
    assert best_spans(one, 1, 1)[0].null_score == 1.5


def test_no_windows():
    assert merge_windows([], 10, 10) == []


def test_one_window_gives_its_best_spans():
    one = words([0, 5, 10], start={5: 2, 0: 1}, end={10: 2, 5: 1})
    merged = merge_windows([one], 3, 9)
    assert merged == sorted(best_spans(one, 3, 9), key=lambda each: (-each.score, each.span))


def test_answer_cut_by_a_window_edge_loses_to_the_whole_one():
    # The answer is 15:29, three words. The first window ends inside it and, as models do, likes the
    # stump 15:24 better than the second window likes the whole.
    first = words([0, 5, 10, 15, 20], start={15: 6}, end={20: 6})
    second = words([10, 15, 20, 25, 30, 35], start={15: 5}, end={25: 5})
    found = merge_windows([first, second], 3, 50)
    assert found[0].span == Span(15, 29)
    assert found[0].score == 10.0
    assert [each.score for each in found if each.span == Span(15, 24)] == [5.0]


def test_answer_that_begins_before_a_window_loses_to_the_whole_one():
    first = words([0, 5, 10, 15, 20], start={10: 5}, end={15: 5})
    second = words([15, 20, 25, 30], start={15: 9}, end={15: 9})
    assert merge_windows([first, second], 2, 50)[0].span == Span(10, 19)


def test_span_at_the_very_start_and_end_of_the_text_is_not_punished():
    first = words([0, 5, 10, 15], start={0: 7}, end={0: 7})
    second = words([10, 15, 20, 25], start={25: 8}, end={25: 8})
    found = merge_windows([first, second], 1, 50)
    assert [each.span for each in found[:2]] == [Span(25, 29), Span(0, 4)]


def test_null_score_belongs_to_the_window_that_the_span_was_read_in():
    first = window([1, 0, 0], [1, 0, 0], [OUTSIDE, (0, 4), (5, 9)])
    second = window([2, 0, 0], [2, 0, 0], [OUTSIDE, (5, 9), (10, 14)])
    nulls = {each.span: each.null_score for each in merge_windows([first, second], 1, 9)}
    assert nulls[Span(0, 4)] == 2.0
    assert nulls[Span(10, 14)] == 4.0


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_window_of_a_title_alone_changes_nothing(first):
    # A text may begin with characters that no word piece shows, so its first place is 3, not 0.
    title = window([0, 1], [0, 1], [OUTSIDE, OUTSIDE])
    rest = [
        words([3, 8, 13, 18], start={3: 9}, end={3: 9}),
        words([13, 18, 23, 28], start={28: 8}, end={28: 8}),
    ]
    alone = merge_windows(rest, 2, 50)
    assert merge_windows([title, *rest] if first else [*rest, title], 2, 50) == alone
    assert alone[0].span == Span(3, 7)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_merged_windows_against_trying_all(seed):
    random = np.random.default_rng(seed)
    size, width, limit = 30, 12, 4
    step = int(random.integers(1, width - limit + 1))
    starts = list(range(0, max(size - width, 0) + step, step))
    shown = [list(range(at, min(at + width, size))) for at in starts if at < size]
    read = [
        window(
            random.normal(size=len(rows) + 1),
            random.normal(size=len(rows) + 1),
            [OUTSIDE, *((5 * row, 5 * row + 4) for row in rows)],
        )
        for rows in shown
    ]
    wanted = {}
    for first in range(size):
        for last in range(first, min(first + limit, size)):
            views = []
            for number, rows in enumerate(shown):
                if first in rows and last in rows:
                    before = first - rows[0] if rows[0] else np.inf
                    after = rows[-1] - last if rows[-1] < size - 1 else np.inf
                    score = float(read[number].start[1 + rows.index(first)]) + float(
                        read[number].end[1 + rows.index(last)]
                    )
                    views.append((min(before, after), score))
            best = max(context for context, _ in views)
            wanted[Span(5 * first, 5 * last + 4)] = {
                score for context, score in views if context == best
            }
    found = merge_windows(read, limit, 10_000)
    assert len({each.span for each in found}) == len(found)
    assert {each.span for each in found} == set(wanted)
    assert all(each.score in wanted[each.span] for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=20), st.integers(0, 6))
def test_without_overlaps_keeps_each_span_that_no_better_one_touches(places, count):
    spans = [ScoredSpan(Span(at, at + long), -rank, 0.0) for rank, (at, long) in enumerate(places)]
    taken, wanted = set(), []
    for one in spans:
        points = set(range(one.span.start, one.span.end))
        if len(wanted) < count and not points & taken:
            wanted.append(one)
            taken |= points
    assert without_overlaps(spans, count) == wanted
