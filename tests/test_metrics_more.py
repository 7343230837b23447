"""What is right, SQuAD's totals, retrieval, calibration, coverage and intervals: by hand, by brute
force, and against torchmetrics, ir_measures and SQuAD's official script."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.metrics import (
    Interval,
    SquadTotals,
    auroc,
    bootstrap,
    bootstrap_mean,
    brier,
    calibration_error,
    coverage_at,
    exact_match,
    f1,
    groups_held,
    is_stale,
    mean,
    mean_reciprocal_rank,
    normalize,
    numbers,
    paired_bootstrap,
    perfect_calibration_error,
    recall_at,
    reliability,
    right,
    risk_coverage,
    scored,
    squad_best,
    squad_totals,
)

NAN = math.nan
INF = math.inf


def clock(*parts: float) -> tuple[Fraction, ...]:
    return tuple(Fraction(part).limit_denominator(100) for part in parts)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("no numbers here", [], id="none"),
        pytest.param("2018", [2018], id="year"),
        pytest.param("007", [7], id="leading zeros"),
        pytest.param("0", [0], id="zero in digits"),
        pytest.param("zero", [0], id="zero in words"),
        pytest.param("14,350", [14350], id="grouped"),
        pytest.param("1,000,000,000", [10**9], id="grouped thrice"),
        pytest.param("1,200.50", [1200.5], id="grouped, decimals"),
        pytest.param("5.3", [Fraction(53, 10)], id="decimals are exact"),
        pytest.param("5.30", [Fraction(53, 10)], id="zeros behind do not count"),
        pytest.param("5.0", [5], id="a whole number with decimals"),
        pytest.param("costs .5 marks", [0.5], id="no digit before the decimals"),
        pytest.param("he left.5 stayed", [5], id="a full stop before a digit"),
        pytest.param("In 2018.", [2018], id="a full stop behind a digit"),
        pytest.param("1967,1971", [1967, 1971], id="a comma that groups nothing"),
        pytest.param("12,3456", [12, 3456], id="a group of four is none"),
        pytest.param("1, 2, 3", [1, 2, 3], id="a list"),
        pytest.param("14\u00a0350", [14350], id="grouped by a no-break space"),
        pytest.param("14\u202f350", [14350], id="grouped by a narrow no-break space"),
        pytest.param("14'350", [14350], id="grouped by an apostrophe"),
        pytest.param("14 350", [14, 350], id="a plain space parts"),
        pytest.param("6.5.2023", [6, 5, 2023], id="a date is no decimal"),
        pytest.param("2023-05-06", [2023, 5, 6], id="an ISO date"),
        pytest.param("10-20", [10, 20], id="a range"),
        pytest.param("2019–2021", [2019, 2021], id="a range by an en dash"),
        pytest.param("1990s", [1990], id="a decade"),
        pytest.param("50%", [50], id="per cent"),
        pytest.param("21st", [21], id="ordinal in digits"),
        pytest.param("twenty-first", [21], id="ordinal in words"),
        pytest.param("the third and twelfth", [3, 12], id="short ordinals"),
        pytest.param("fortieth", [40], id="ordinal of tens"),
        pytest.param("one hundredth", [100], id="ordinal of a hundred"),
        pytest.param("two thirds", [2, 3], id="a fraction is its parts"),
        pytest.param("60 seconds", [60], id="seconds are a unit"),
        pytest.param("MH370", [370], id="inside of a word"),
        pytest.param("26kg", [26], id="unit joined"),
        pytest.param("60 m²", [60], id="a superscript is no number"),
        pytest.param("World War II", [], id="roman numerals are not read"),
        pytest.param("٢٠١٨", [2018], id="arabic digits"),
        pytest.param("٣٫١٤", [Fraction(314, 100)], id="arabic decimals"),
        pytest.param("２０１８", [2018], id="fullwidth digits"),
        pytest.param("२०१८", [2018], id="devanagari digits"),
        pytest.param("½", [0.5], id="vulgar fraction"),
        pytest.param("2½", [2.5], id="vulgar fraction joined"),
        pytest.param("⅓", [Fraction(1, 3)], id="a third is exact"),
        pytest.param("Eleven", [11], id="capital word"),
        pytest.param("THIRTY-ONE", [31], id="capitals"),
        pytest.param("thirty-one", [31], id="hyphen"),
        pytest.param("thirty one", [31], id="space"),
        pytest.param("thirty‑one", [31], id="no-break hyphen"),
        pytest.param("thirty, one", [30, 1], id="a comma parts"),
        pytest.param("one two three", [1, 2, 3], id="units are apart"),
        pytest.param("someone phoned often", [], id="inside of words"),
        pytest.param("two hundred", [200], id="hundreds"),
        pytest.param("two hundred and six", [206], id="hundreds and units"),
        pytest.param("two hundred six", [206], id="without and"),
        pytest.param("two hundred and thirty-one", [231], id="hundreds, tens, units"),
        pytest.param("a hundred", [100], id="a hundred"),
        pytest.param("a hundred and two hundred", [100, 200], id="and between two numbers"),
        pytest.param("fifteen hundred", [1500], id="teens of hundreds"),
        pytest.param("four thousand", [4000], id="thousands"),
        pytest.param("a thousand and one", [1001], id="thousand and one"),
        pytest.param("two thousand and six", [2006], id="a year after 2000"),
        pytest.param("nineteen sixty-seven", [1967], id="a year in halves"),
        pytest.param("twenty twenty-one", [2021], id="a year of this century"),
        pytest.param("two hundred and six thousand", [206000], id="hundreds of thousands"),
        pytest.param("four million two hundred thousand and six", [4200006], id="all scales"),
        pytest.param("36 million", [36000000], id="digits and a scale"),
        pytest.param("36,000,000", [36000000], id="the same in digits"),
        pytest.param("thirty-six million", [36000000], id="the same in words"),
        pytest.param("36-million-mark deal", [36000000], id="the same as an adjective"),
        pytest.param("36\nmillion", [36000000], id="across a line"),
        pytest.param("5.3 million", [5300000], id="decimals and a scale"),
        pytest.param("36 million and two", [36000000, 2], id="words do not carry digits on"),
        pytest.param("300 thousand million", [3 * 10**11], id="scales multiply"),
        pytest.param("1.3bn", [13 * 10**8], id="billions, short"),
        pytest.param("£36m", [36000000], id="millions of money, short"),
        pytest.param("$10k", [10000], id="thousands of money, short"),
        pytest.param("100m", [100], id="metres"),
        pytest.param("millions of marks", [], id="millions, vague"),
        pytest.param("a dozen", [12], id="dozen"),
        pytest.param("two dozen rooks", [24], id="dozens counted"),
        pytest.param("dozens", [], id="dozens, vague"),
        pytest.param("half a million", [500000], id="half a million"),
        pytest.param("half of them", [], id="half is not read alone"),
        pytest.param("two and a half million", [2500000], id="and a half, scale"),
        pytest.param("one-and-a-half", [1.5], id="and a half, hyphens"),
        pytest.param("8:25", [clock(8, 25)], id="time"),
        pytest.param("08:25", [clock(8, 25)], id="time with a zero"),
        pytest.param("8.25 a.m.", [clock(8, 25)], id="time, British"),
        pytest.param("8.25", [8.25], id="the same without a.m."),
        pytest.param("8:00", [8], id="full hour"),
        pytest.param("8.00 pm", [8], id="full hour, British"),
        pytest.param("3:0", [clock(3, 0)], id="score"),
        pytest.param("8:25:00", [clock(8, 25, 0)], id="time with seconds"),
        pytest.param("1:23.45", [clock(1, 23.45)], id="race time"),
        pytest.param("60 and 60 and sixty", [60], id="each once"),
    ],
)
def test_numbers(text, values):
    assert numbers(text) == {
        one if isinstance(one, tuple) else Fraction(one).limit_denominator(100) for one in values
    }


WORDS = "one two ten eleven twenty ninety hundred thousand million and a half second , -".split()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_numbers_read_any_text(text):
    assert all(one >= 0 for one in numbers(text) if isinstance(one, Fraction))


def in_words(value: int) -> str:
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ).split()
    tens = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value < 20:
        return small[value]
    if value < 100:
        return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= scale:
            rest = value % scale
            joint = " and " if rest < 100 else " "
            return f"{in_words(value // scale)} {name}" + (joint + in_words(rest) if rest else "")
    raise AssertionError


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9 - 1) | st.integers(0, 10**4))
def test_numbers_agree_in_words_and_in_digits(value):
    assert numbers(in_words(value)) == numbers(str(value)) == numbers(f"{value:,}") == {value}


def test_numbers_of_a_very_long_line():
    assert len(numbers("9" * 20_000)) == 2  # 66 equal pieces of 300 digits and a last one
    assert numbers("1" + ",000" * 99) == {10**297}
    assert numbers("1" + ",000" * 5000) == {10**297, 0}
    assert numbers("million " * 3) == {10**18}


@pytest.mark.parametrize(
    ("prediction", "golds", "stale", "expected"),
    [
        pytest.param("", [], [], True, id="declined, unanswerable"),
        pytest.param("2018", [], [], False, id="answered, unanswerable"),
        pytest.param("", ["2018"], [], False, id="declined, answerable"),
        pytest.param("", [""], [], False, id="declined, empty gold"),
        pytest.param(" ", ["the"], [], False, id="white space is no answer"),
        pytest.param("the", ["a"], [], True, id="only articles on both sides"),
        pytest.param("Anton Lisle", ["Anton Lisle"], [], True, id="equal"),
        pytest.param("Lisle", ["Anton Lisle"], [], True, id="two thirds"),
        pytest.param("b c", ["c d"], [], True, id="F1 of exactly one half"),
        pytest.param("b c x", ["c d"], [], False, id="F1 of 0.4"),
        pytest.param("Pellan", ["Upper Cove"], [], False, id="no word shared"),
        pytest.param("41 million marks", ["36 million marks"], [], False, id="another figure"),
        pytest.param("36 million", ["36 million marks"], [], True, id="without the unit"),
        pytest.param("million marks", ["36 million marks"], [], False, id="without the number"),
        pytest.param("thirty-one masks", ["31 masks"], [], True, id="in words"),
        pytest.param("31 wooden masks", ["Thirty-one wooden masks"], [], True, id="in digits"),
        pytest.param("thirty wooden masks", ["Thirty-one wooden masks"], [], False, id="30, 31"),
        pytest.param("8:35 a.m.", ["8:25 a.m."], [], False, id="another minute"),
        pytest.param("8 a.m.", ["8:25 a.m."], [], False, id="only the hour"),
        pytest.param("at 8:25 a.m.", ["8:25 a.m."], [], True, id="the time"),
        pytest.param("6 May 2023", ["6 May 2024"], [], False, id="another year"),
        pytest.param("May 2023", ["6 May 2023"], [], False, id="no day"),
        pytest.param("Saturday 6 May 2023", ["6 May 2023"], [], True, id="more than asked"),
        pytest.param("Eleven", ["Eleven of the forty"], [], False, id="all numbers of the gold"),
        pytest.param("Eleven", ["Eleven of the forty", "11 rooks", "eleven"], [], True, id="golds"),
        pytest.param("2017 rooks", ["2018 rooks", "2017 men"], [], True, id="that gold's numbers"),
        pytest.param("2017 b", ["2018 b", "2017 x y z"], [], False, id="not another gold's"),
        pytest.param("Zoë Karlsen", ["Zoë Karlsen"], [], True, id="accents"),
        pytest.param("Zoe", ["Zoë"], [], False, id="accents count"),
        pytest.param("٢٠١٨ rooks", ["2018 rooks"], [], True, id="other digits, shared word"),
        pytest.param("٢٠١٨", ["2018"], [], False, id="other digits, no shared word"),
        pytest.param("$1.5 million", ["15 million"], [], False, id="equal to SQuAD, not to us"),
        pytest.param("87 houses", ["163 houses"], ["87"], False, id="stale"),
        pytest.param("163 houses", ["163", "163 houses"], ["87"], True, id="not stale"),
        pytest.param("163, not 87", ["163"], ["87"], False, id="names both"),
        pytest.param("87", ["87"], ["87"], True, id="gold and stale at once"),
        pytest.param("", [], ["87"], True, id="declined, stale given"),
    ],
)
def test_right(prediction, golds, stale, expected):
    assert right(prediction, golds, stale) is expected


@pytest.mark.parametrize(
    ("prediction", "golds", "stale", "expected", "scores"),
    [
        pytest.param("", ["163"], ["87"], False, (0, 0), id="declined"),
        pytest.param("87", ["163"], [], False, (0, 0), id="nothing is stale"),
        pytest.param("87", ["163"], ["87"], True, (0, 0), id="stale"),
        pytest.param("87 houses", ["163 houses"], ["87"], True, (0, 0), id="stale, would score"),
        pytest.param("87 houses", ["163 houses"], [], False, (0, 0.5), id="the same, not stale"),
        pytest.param("163 houses", ["163 houses"], ["87 houses"], False, (1, 1), id="new value"),
        pytest.param("163 homes", ["163"], ["87 homes"], False, (0, 2 / 3), id="unit of the old"),
        pytest.param("163 of 87", ["163"], ["87"], True, (0, 0), id="both"),
        pytest.param("the 163", ["163"], ["163 the"], False, (1, 1), id="exact match wins"),
        pytest.param("from 9,700 hectares", ["9,701"], ["9,700 hectares"], True, (0, 0), id="part"),
        pytest.param("in 530 days", ["548"], ["410 days", "530 days"], True, (0, 0), id="second"),
        pytest.param("87", [], ["87"], True, (0, 0), id="unanswerable"),
        pytest.param("", [], ["87"], False, (1, 1), id="unanswerable, declined"),
        pytest.param("", ["163"], [""], False, (0, 0), id="empty stale value"),
        pytest.param("eighty-seven", ["163"], ["87"], False, (0, 0), id="no word shared"),
    ],
)
def test_stale(prediction, golds, stale, expected, scores):
    assert is_stale(prediction, golds, stale) is expected
    assert scored(prediction, golds, stale) == pytest.approx(scores)
    assert not (expected and right(prediction, golds, stale))


@pytest.mark.parametrize(
    ("texts", "groups", "share"),
    [
        pytest.param([], [], 0, id="nothing"),
        pytest.param(["2013"], [], 0, id="no groups"),
        pytest.param([], [["2013"]], 0, id="no texts"),
        pytest.param([""], [["2013"]], 0, id="declined"),
        pytest.param([""], [[]], 0, id="an empty group is not held"),
        pytest.param(["2013"], [["2013"]], 1, id="one of one"),
        pytest.param(["2014", "2013"], [["2013"]], 0, id="second of one is not looked at"),
        pytest.param(["2013", "2017"], [["2017"], ["2013"]], 1, id="any order"),
        pytest.param(["2014", "2013", "2017"], [["2013"], ["2017"]], 0.5, id="third of two"),
        pytest.param(["2013"], [["2013"], ["2017"]], 0.5, id="fewer texts than groups"),
        pytest.param(["2013", "2013"], [["2013"], ["2017"]], 0.5, id="twice the same"),
        pytest.param(["2013 2017"], [["2013"], ["2017"]], 1, id="one text holds both"),
        pytest.param(["in 1967", "x"], [["1967", "in 1967"], ["1971"]], 0.5, id="alternatives"),
        pytest.param(["", "2017"], [["2013"], ["2017"]], 0.5, id="an empty text takes a place"),
        pytest.param(["45 copper ingots"], [["46 copper ingots"]], 0, id="numbers count"),
        pytest.param(["x", "y", "2020"], [["2013"], ["2017"], ["2020"]], 1 / 3, id="one of three"),
    ],
)
def test_groups_held(texts, groups, share):
    assert groups_held(texts, groups) == pytest.approx(share)


def test_groups_held_looks_at_no_text_more():
    class Watched(list):
        def __getitem__(self, key):
            assert key == slice(None, 2)
            return super().__getitem__(key)

    assert groups_held(Watched(["1", "2", "3"]), [["3"], ["2"]]) == 0.5


TOTALS = [
    # em, f1, answerable, confidence; threshold; exact, F1 there; best exact, best F1, threshold
    pytest.param([1], [1], [1], [0.9], 0.5, (1, 1), (1, 1, 0.9), id="one, right"),
    pytest.param([1], [1], [1], [0.4], 0.5, (0, 0), (1, 1, 0.4), id="one, declined"),
    pytest.param([0], [0], [1], [0.9], 0.5, (0, 0), (0, 0, None), id="one, wrong"),
    pytest.param([0], [0], [0], [0.4], 0.5, (1, 1), (1, 1, None), id="one, rightly declined"),
    pytest.param([1], [1], [0], [0.9], 0.5, (0, 0), (1, 1, None), id="unanswerable has no score"),
    pytest.param([1], [1], [1], [0.5], 0.5, (1, 1), (1, 1, 0.5), id="the threshold itself answers"),
    pytest.param([1], [1], [1], [-INF], -INF, (0, 0), (0, 0, 0.0), id="nothing to answer"),
    pytest.param(
        [0], [0], [0], [-INF], -INF, (1, 1), (1, 1, 0.0), id="nothing to answer, none asked"
    ),
    pytest.param([1, 1], [1, 1], [1, 1], [2, -3], 0, (0.5, 0.5), (1, 1, -3), id="any scale"),
    pytest.param(
        [0, 0], [0.5, 0], [1, 0], [0.9, 0.1], 0, (0, 0.25), (0.5, 0.75, 0.9), id="F1 only"
    ),
    pytest.param([1, 0], [1, 0], [1, 0], [0.5, 0.5], 0, (0.5, 0.5), (0.5, 0.5, None), id="a tie"),
    pytest.param(
        [0, 0], [0, 0.4], [0, 1], [0.9, 0.1], 0, (0, 0.2), (0.5, 0.5, None), id="not worth"
    ),
    pytest.param(
        [0, 1, 1],
        [0, 1, 1],
        [0, 1, 1],
        [0.9, 0.5, 0.1],
        0.3,
        (1 / 3, 1 / 3),
        (2 / 3, 2 / 3, 0.1),
        id="down to the last",
    ),
    pytest.param(
        [1, 0, 1],
        [1, 0, 1],
        [1, 0, 1],
        [0.9, 0.5, 0.1],
        0.3,
        (1 / 3, 1 / 3),
        (2 / 3, 2 / 3, 0.9),
        id="of equals the one that answers fewest",
    ),
    pytest.param(
        [1, 0, 0],
        [1, 0, 0.5],
        [1, 0, 1],
        [0.9, 0.5, 0.1],
        0.9,
        (2 / 3, 2 / 3),
        (2 / 3, 2 / 3, 0.9),
        id="the best is above the unanswerable",
    ),
]


@pytest.mark.parametrize(
    ("em", "overlap", "answerable", "confidence", "threshold", "there", "best"), TOTALS
)
def test_squad_totals(em, overlap, answerable, confidence, threshold, there, best):
    found = squad_totals(em, overlap, answerable, confidence, threshold)
    assert (found.exact, found.f1) == pytest.approx(there)
    found = squad_best(em, overlap, answerable, confidence)
    assert (found.exact, found.f1) == pytest.approx(best[:2])
    # None: declining everything is best, just above the highest confidence.
    above = np.nextafter(max(confidence), INF)
    assert found.threshold == (above if best[2] is None else best[2])


def test_squad_totals_of_nothing():
    assert squad_totals([], [], [], [], 0.5) == SquadTotals(None, None, 0.5)
    assert squad_best([], [], [], []) == SquadTotals(None, None, 0.0)


# SQuAD's evaluate-v2.0.py, as published, without its printing.
def official_find_best_thresh(preds, scores, na_probs, qid_to_has_ans):
    num_no_ans = sum(1 for k in qid_to_has_ans if not qid_to_has_ans[k])
    cur_score = num_no_ans
    best_score = cur_score
    best_thresh = 0.0
    qid_list = sorted(na_probs, key=lambda k: na_probs[k])
    for qid in qid_list:
        if qid not in scores:
            continue
        if qid_to_has_ans[qid]:  # noqa: SIM108 (as published)
            diff = scores[qid]
        else:
            diff = -1 if preds[qid] else 0
        cur_score += diff
        if cur_score > best_score:
            best_score = cur_score
            best_thresh = na_probs[qid]
    return 100.0 * best_score / len(scores), best_thresh


QUESTIONS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        st.booleans(),
        st.sampled_from([-INF, 0.0, 0.2, 0.5, 0.5000001, 1.0]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(QUESTIONS)
def test_squad_best_is_the_best_of_all_thresholds(questions):
    overlap, answerable, confidence = map(list, zip(*questions, strict=True))
    em = [float(one == 1) for one in overlap]
    best = squad_best(em, overlap, answerable, confidence)
    tried = [
        squad_totals(em, overlap, answerable, confidence, threshold)
        for threshold in [-1.0, *confidence, 2.0]
    ]
    assert best.exact == max(one.exact for one in tried)
    assert best.f1 == max(one.f1 for one in tried)
    assert squad_totals(em, overlap, answerable, confidence, best.threshold).f1 == best.f1


@pytest.mark.parametrize("seed", range(5))
def test_squad_best_is_that_of_the_official_script(seed):
    chance = random.Random(seed)
    n = 200
    overlap = [chance.choice([0, 0.3, 0.8, 1]) for _ in range(n)]
    answerable = [chance.random() < 0.6 for _ in range(n)]
    confidence = [  # all different: the script would part ties
        round(chance.random() * (0.5 + answerable[at] / 2), 6) + at * 1e-9 for at in range(n)
    ]
    best = squad_best([float(one == 1) for one in overlap], overlap, answerable, confidence)
    expected, threshold = official_find_best_thresh(
        dict.fromkeys(range(n), "something"),
        dict(enumerate(overlap)),
        {at: 1 - one for at, one in enumerate(confidence)},
        dict(enumerate(answerable)),
    )
    assert 100 * best.f1 == pytest.approx(expected)
    assert best.threshold == pytest.approx(1 - threshold)


@pytest.mark.parametrize(
    ("ranks", "k", "recall", "reciprocal"),
    [
        pytest.param([], 5, None, None, id="no questions"),
        pytest.param([1], 1, 1, 1, id="one question, found"),
        pytest.param([None], 1, 0, 0, id="one question, not found"),
        pytest.param([2], 1, 0, 0.5, id="just missed"),
        pytest.param([5], 5, 1, 0.2, id="the last that counts"),
        pytest.param([6], 5, 0, 1 / 6, id="the first that does not"),
        pytest.param([3], 1000, 1, 1 / 3, id="k larger than the hits"),
        pytest.param([None, None], 1000, 0, 0, id="k larger than the hits, not found"),
        pytest.param([1, 1, 1], 1, 1, 1, id="all right"),
        pytest.param([1, None], 10, 0.5, 0.5, id="half"),
        pytest.param([1, 2, 4, None], 2, 0.5, 0.4375, id="mixed"),
        pytest.param([10, 20], 10, 0.5, 0.075, id="deep"),
    ],
)
def test_recall_and_reciprocal_rank(ranks, k, recall, reciprocal):
    assert recall_at(ranks, k) == (None if recall is None else pytest.approx(recall))
    found = mean_reciprocal_rank(ranks)
    assert found == (None if reciprocal is None else pytest.approx(reciprocal))


@pytest.mark.parametrize(
    ("confidence", "outcomes", "bins", "error", "brier_score"),
    [
        pytest.param([], [], 10, None, None, id="no questions"),
        pytest.param([1], [1], 10, 0, 0, id="one, sure and right"),
        pytest.param([1], [0], 10, 1, 1, id="one, sure and wrong"),
        pytest.param([0], [1], 10, 1, 1, id="one, unsure and right"),
        pytest.param([0], [0], 10, 0, 0, id="one, unsure and wrong"),
        pytest.param([0.75], [1], 1, 0.25, 0.0625, id="one, nearly"),
        pytest.param([0.5, 0.5], [1, 0], 10, 0, 0.25, id="a tie stays together"),
        pytest.param([0.5, 0.5], [0, 1], 10, 0, 0.25, id="in any order"),
        pytest.param([0.5] * 4, [1] * 4, 2, 0.5, 0.25, id="all tied, all right"),
        pytest.param([0.5] * 4, [0] * 4, 2, 0.5, 0.25, id="all tied, all wrong"),
        pytest.param([0.25, 0.75], [0, 1], 2, 0.25, 0.0625, id="two bins"),
        pytest.param([0.25, 0.75], [0, 1], 1, 0, 0.0625, id="one bin hides it"),
        pytest.param([0.75, 0.25], [1, 0], 2, 0.25, 0.0625, id="not sorted"),
        pytest.param([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1], 2, 0.2, 0.2, id="0.3, 0.7 against halves"),
        pytest.param([0, 1], [1, 0], 2, 1, 1, id="always opposite"),
        pytest.param([0, 0, 1, 1], [0, 0, 1, 1], 3, 0, 0, id="perfect"),
        pytest.param([0.1] * 3 + [0.9], [0, 0, 0, 1], 2, 0.1, 0.01, id="ties make bins uneven"),
    ],
)
def test_calibration(confidence, outcomes, bins, error, brier_score):
    expected = None if error is None else pytest.approx(error)
    assert calibration_error(confidence, outcomes, bins) == expected
    expected = None if brier_score is None else pytest.approx(brier_score)
    assert brier(confidence, outcomes) == expected


@pytest.mark.parametrize(
    ("confidence", "outcomes", "bins", "expected"),
    [
        pytest.param([], [], 3, [], id="no questions"),
        pytest.param([0.5], [1], 3, [(0.5, 1, 1)], id="one question"),
        pytest.param([0.5, 0.25], [1, 0], 2, [(0.25, 0, 1), (0.5, 1, 1)], id="sorted"),
        pytest.param([0.25] * 3, [1, 0, 0], 3, [(0.25, 1 / 3, 3)], id="all tied"),
        pytest.param([0.25, 0.75], [0, 1], 1, [(0.5, 0.5, 2)], id="one bin"),
        pytest.param([0, 0.25, 0.25, 1], [0, 0, 1, 1], 2, [(1 / 6, 1 / 3, 3), (1, 1, 1)], id="tie"),
        pytest.param([0, 0.5, 1], [0, 1, 1], 2, [(0.25, 0.5, 2), (1, 1, 1)], id="an odd number"),
    ],
)
def test_reliability(confidence, outcomes, bins, expected):
    found = reliability(confidence, outcomes, bins)
    assert [one[2] for one in found] == [one[2] for one in expected]
    assert np.array(found) == pytest.approx(np.array(expected))


def test_bins_have_equal_mass_without_ties():
    found = reliability(np.linspace(0, 1, 103), np.zeros(103), 10)
    assert [count for _, _, count in found] == [11, 10, 10, 11, 10, 10, 11, 10, 10, 10]


@pytest.mark.parametrize(
    ("confidence", "bins", "error"),
    [
        pytest.param([], 10, None, id="no questions"),
        pytest.param([0.0, 1.0], 10, 0, id="sure of everything"),
        pytest.param([0.5], 10, 0.5, id="one coin"),
        pytest.param([0.25, 0.75], 2, 0.375, id="two bins: 2 x 1/4 x 3/4 each"),
        pytest.param([0.5, 0.5], 1, 0.25, id="two coins: apart half of the time"),
    ],
)
def test_perfect_calibration_error(confidence, bins, error):
    found = perfect_calibration_error(confidence, bins, draws=4000)
    assert found == (None if error is None else pytest.approx(error, abs=0.015))


def test_perfect_calibration_error_is_what_a_perfect_predictor_scores():
    chance = np.random.default_rng(3)
    sure = chance.random(300)
    scores = [calibration_error(sure, chance.random(300) < sure) for _ in range(200)]
    assert perfect_calibration_error(sure) == pytest.approx(np.mean(scores), abs=0.004)
    assert perfect_calibration_error(sure) == perfect_calibration_error(sure)
    assert perfect_calibration_error(sure, seed=1) != perfect_calibration_error(sure)
    more = perfect_calibration_error(chance.random(10_000))
    assert more < perfect_calibration_error(sure) / 4


@pytest.mark.parametrize(
    ("scores", "positive", "area"),
    [
        pytest.param([], [], None, id="nothing"),
        pytest.param([0.5], [1], None, id="one positive"),
        pytest.param([0.5], [0], None, id="one negative"),
        pytest.param([0.1, 0.9], [1, 1], None, id="all right"),
        pytest.param([0.1, 0.9], [0, 0], None, id="all wrong"),
        pytest.param([0.1, 0.9], [0, 1], 1, id="in order"),
        pytest.param([0.1, 0.9], [1, 0], 0, id="in reverse"),
        pytest.param([0.5, 0.5], [1, 0], 0.5, id="tied"),
        pytest.param([0.9, 0.4, 0.4], [1, 1, 0], 0.75, id="half tied"),
        pytest.param([1, 2, 3, 4], [0, 1, 0, 1], 0.75, id="one pair of four"),
        pytest.param([3, 3, 3, 3], [0, 1, 0, 1], 0.5, id="all tied"),
        pytest.param([-INF, INF], [0, 1], 1, id="infinite scores"),
        pytest.param([1, 2, 2, 3], [1, 0, 1, 0], 0.125, id="only a tie counts"),
    ],
)
def test_auroc(scores, positive, area):
    assert auroc(scores, positive) == area


PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.booleans()), max_size=15)


@settings(max_examples=200, deadline=None)
@given(PAIRS)
def test_auroc_counts_pairs(pairs):
    above = [score for score, positive in pairs if positive]
    below = [score for score, positive in pairs if not positive]
    won = [float(one > other) + (one == other) / 2 for one in above for other in below]
    found = auroc([score for score, _ in pairs], [positive for _, positive in pairs])
    assert found == (pytest.approx(sum(won) / len(won)) if won else None)


@pytest.mark.parametrize(
    ("confidence", "outcomes", "coverage", "risk"),
    [
        pytest.param([], [], [], [], id="no questions"),
        pytest.param([0.5], [1], [1], [0], id="one, right"),
        pytest.param([0.5], [0], [1], [1], id="one, wrong"),
        pytest.param([-INF], [0], [], [], id="nothing to answer"),
        pytest.param([0.9, -INF], [1, 0], [0.5], [0], id="coverage is of all"),
        pytest.param([0.1, 0.9], [0, 1], [0.5, 1], [0, 0.5], id="highest first"),
        pytest.param([0.5] * 4, [1, 0, 1, 1], [1], [0.25], id="ties together"),
        pytest.param(
            [0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], [0.25, 0.75, 1], [0, 1 / 3, 0.5], id="mix"
        ),
        pytest.param([3, 2, 1], [1, 1, 1], [1 / 3, 2 / 3, 1], [0, 0, 0], id="all right"),
        pytest.param([3, 2, 1], [0, 0, 0], [1 / 3, 2 / 3, 1], [1, 1, 1], id="all wrong"),
    ],
)
def test_risk_coverage(confidence, outcomes, coverage, risk):
    found = risk_coverage(confidence, outcomes)
    assert found[0].tolist() == pytest.approx(coverage)
    assert found[1].tolist() == pytest.approx(risk)


@pytest.mark.parametrize(
    ("confidence", "outcomes", "precision", "expected"),
    [
        pytest.param([], [], 0.8, (0, None), id="no questions"),
        pytest.param([0.5], [1], 0.9, (1, 0.5), id="one, right"),
        pytest.param([0.5], [0], 0.9, (0, None), id="one, wrong"),
        pytest.param([0.5], [0], 0, (1, 0.5), id="no precision asked"),
        pytest.param([-INF], [1], 0, (0, None), id="nothing to answer"),
        pytest.param([0.9, 0.1], [1, 0], 1, (0.5, 0.9), id="the first half"),
        pytest.param([0.9, 0.1], [0, 1], 0.5, (1, 0.1), id="a bad start made up for"),
        pytest.param([0.9, 0.1], [0, 1], 0.6, (0, None), id="not made up for"),
        pytest.param([0.5, 0.5], [1, 0], 0.6, (0, None), id="a tie is not parted"),
        pytest.param([0.5] * 10, [1] * 9 + [0], 0.9, (1, 0.5), id="exactly nine tenths"),
        pytest.param([0.5] * 5, [1] * 4 + [0], 0.8, (1, 0.5), id="exactly four fifths"),
        pytest.param([0.5] * 10, [1] * 7 + [0] * 3, 0.7, (1, 0.5), id="exactly seven tenths"),
        pytest.param([4, 3, 2, 1], [1, 0, 1, 1], 0.75, (1, 1), id="dips and recovers"),
        pytest.param([4, 3, 2, 1], [1, 1, 0, 0], 0.6, (0.75, 2), id="two of three"),
        pytest.param([0.9, 0.8, -INF, -INF], [1, 1, 0, 0], 0.9, (0.5, 0.8), id="of all questions"),
    ],
)
def test_coverage_at(confidence, outcomes, precision, expected):
    assert coverage_at(confidence, outcomes, precision) == expected


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.sampled_from([0.0, 0.5, 0.6, 0.8, 0.9, 1.0]))
def test_coverage_at_is_the_best_of_all_thresholds(pairs, precision):
    options = [(0.0, None)]
    for threshold in {score for score, _ in pairs}:
        answered = [positive for score, positive in pairs if score >= threshold]
        if sum(answered) / len(answered) >= precision:
            options.append((len(answered) / len(pairs), threshold))
    confidence, outcomes = [score for score, _ in pairs], [positive for _, positive in pairs]
    assert coverage_at(confidence, outcomes, precision) == max(options, key=lambda one: one[0])


@settings(max_examples=100, deadline=None)
@given(PAIRS.filter(bool), st.integers(1, 12), st.randoms())
def test_confidence_metrics_do_not_depend_on_order_and_are_never_nan(pairs, bins, chance):
    def taken(some):
        sure, outcomes = zip(*some, strict=True)
        curve = risk_coverage(sure, outcomes)
        found = [
            *itertools.chain(*reliability(sure, outcomes, bins)),
            calibration_error(sure, outcomes, bins),
            brier(sure, outcomes),
            auroc(sure, outcomes),
            *curve[0],
            *curve[1],
        ]
        return [one for one in found if one is not None]

    shuffled = chance.sample(pairs, len(pairs))
    assert taken(shuffled) == pytest.approx(taken(pairs))
    assert np.isfinite(taken(pairs)).all()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([], None, id="no questions"),
        pytest.param([0.25], Interval(0.25, 0.25), id="one question"),
        pytest.param([1.0] * 5, Interval(1, 1), id="all right"),
        pytest.param([0.0] * 5, Interval(0, 0), id="all wrong"),
        pytest.param([0.0, 1.0], Interval(0, 1), id="two questions"),
    ],
)
def test_bootstrap_mean(values, expected):
    assert bootstrap_mean(values) == expected
    each = np.array(values)
    assert bootstrap(lambda drawn: float(each[drawn].mean()), len(values)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([], [], None, id="no questions"),
        pytest.param([0.5], [1.0], Interval(0.5, 0.5), id="one question"),
        pytest.param([0.0, 0.5, 1.0], [0.0, 0.5, 1.0], Interval(0, 0), id="no change"),
        pytest.param([0.25, 0.5], [0.5, 0.75], Interval(0.25, 0.25), id="each better alike"),
        pytest.param([0.5, 0.75], [0.25, 0.5], Interval(-0.25, -0.25), id="each worse alike"),
        pytest.param([0.0, 1.0], [1.0, 0.0], Interval(-1, 1), id="swapped"),
    ],
)
def test_paired_bootstrap(first, second, expected):
    assert paired_bootstrap(first, second) == expected


def every_draw(clusters, statistic):
    """Compute a figure of every draw of as many clusters as there are; all are as likely."""
    names = list(dict.fromkeys(clusters))
    rows = {name: [row for row, one in enumerate(clusters) if one == name] for name in names}
    return [
        statistic([row for name in drawn for row in rows[name]])
        for drawn in itertools.product(names, repeat=len(names))
    ]


CLUSTERS = ["a", "b", "a", "c", "a", "b"]
BEFORE = [0.0, 1.0, 0.5, 1.0, 0.0, None]
AFTER = [1.0, 0.5, 1.0, 0.25, None, 0.75]


def test_clusters_are_drawn_whole_as_every_draw_of_them_shows():
    def difference(rows):
        means = [
            mean([run[row] for row in rows if run[row] is not None]) for run in (BEFORE, AFTER)
        ]
        return means[1] - means[0]

    taken = np.array(every_draw(CLUSTERS, difference))
    assert len(taken) == 27
    slow = bootstrap(difference, 6, draws=20_000, level=0.8, clusters=CLUSTERS)
    fast = paired_bootstrap(BEFORE, AFTER, draws=20_000, level=0.8, clusters=CLUSTERS)
    ends = np.quantile(taken, [0.1, 0.9], method="inverted_cdf")
    assert (slow.low, slow.high) == pytest.approx(ends)
    assert (fast.low, fast.high) == pytest.approx(ends)
    # All draws of one cluster, of which each is 1 in 27, are the ends of a 95% interval.
    wide = paired_bootstrap(BEFORE, AFTER, clusters=CLUSTERS)
    assert (wide.low, wide.high) == pytest.approx((taken.min(), taken.max()))


def test_a_cluster_of_each_question_draws_questions():
    first, second = np.random.default_rng(3).random((2, 40))
    assert paired_bootstrap(first, second, clusters=range(40)) == paired_bootstrap(first, second)
    assert bootstrap(lambda rows: float(first[rows].mean()), 40, clusters=range(40)) == bootstrap(
        lambda rows: float(first[rows].mean()), 40
    )


def test_the_interval_of_clustered_questions_is_the_wider_one():
    """Ten questions an article that all go the same way tell as much as one: sqrt(10) as wide."""
    chance = np.random.default_rng(4)
    change = np.repeat(chance.choice([-0.5, 0.0, 0.5], 100), 10)
    articles = np.repeat(np.arange(100), 10).tolist()
    before = np.full(1000, 0.5)
    by_question = paired_bootstrap(before, before + change, draws=4000)
    by_article = paired_bootstrap(before, before + change, draws=4000, clusters=articles)
    widths = [one.high - one.low for one in (by_question, by_article)]
    assert widths[1] / widths[0] == pytest.approx(math.sqrt(10), rel=0.06)
    assert by_article.low < by_question.low < by_question.high < by_article.high


def test_draws_in_which_a_run_has_no_value_are_left_out():
    found = paired_bootstrap([None, 0.25], [1.0, 0.75], clusters=["a", "b"])
    # "a" twice has no first value; once each: 0.875 - 0.25; "b" twice: 0.75 - 0.25.
    assert found == Interval(0.5, 0.625)
    assert paired_bootstrap([None], [1.0]) is None


@pytest.mark.parametrize("n", [3, 1500, 3000])  # the last is drawn in several blocks
def test_bootstrap_of_the_mean_is_the_fast_path(n):
    values = np.random.default_rng(1).random(n)
    slow = bootstrap(lambda drawn: float(values[drawn].mean()), n, seed=5, level=0.9)
    fast = bootstrap_mean(values, seed=5, level=0.9)
    assert (fast.low, fast.high) == pytest.approx((slow.low, slow.high))
    assert fast == bootstrap_mean(values, seed=5, level=0.9)
    assert n == 3 or fast != bootstrap_mean(values, seed=6, level=0.9)


def test_bootstrap_is_as_wide_as_theory_says():
    values = (np.arange(1000) < 300).astype(float)
    found = bootstrap_mean(values, draws=4000)
    half = 1.96 * math.sqrt(0.3 * 0.7 / 1000)
    assert (found.low, found.high) == pytest.approx((0.3 - half, 0.3 + half), abs=0.003)
    narrow = bootstrap_mean(values, draws=4000, level=0.5)
    assert found.low < narrow.low < narrow.high < found.high


def test_bootstrap_leaves_out_draws_without_the_figure():
    kind = np.array([True, False, False])
    scores = np.array([0.9, 0.1, 0.2])
    assert bootstrap(lambda drawn: auroc(scores[drawn], kind[drawn]), 3) == Interval(1, 1)
    assert bootstrap(lambda drawn: None, 3) is None


def test_bootstrap_draws_indices():
    seen = []
    bootstrap(seen.append, 4, draws=7)
    assert len(seen) == 7
    assert all(one.shape == (4,) and one.dtype == np.int64 for one in seen)
    assert set(np.concatenate(seen)) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: recall_at([1], 0), "got 0", id="k of zero"),
        pytest.param(lambda: recall_at([0], 1), "start at 1", id="rank of zero, recall"),
        pytest.param(lambda: mean_reciprocal_rank([0]), "start at 1", id="rank of zero, MRR"),
        pytest.param(lambda: brier([0.5], []), "1 values and 0", id="lengths, brier"),
        pytest.param(lambda: auroc([0.5], []), "1 values and 0", id="lengths, auroc"),
        pytest.param(lambda: risk_coverage([], [True]), "0 values and 1", id="lengths, curve"),
        pytest.param(
            lambda: squad_totals([1], [], [1], [1], 0), "lengths differ", id="lengths, em"
        ),
        pytest.param(lambda: squad_best([1], [NAN], [1], [1]), "question 0 has NaN", id="NaN, F1"),
        pytest.param(lambda: auroc([1, NAN], [1, 0]), "value 1 is NaN", id="NaN, auroc"),
        pytest.param(lambda: coverage_at([NAN], [1], 0.9), "is NaN", id="NaN, coverage"),
        pytest.param(lambda: brier([1.5], [1]), "got 1.5", id="no probability, brier"),
        pytest.param(lambda: calibration_error([-0.5], [1]), "got -0.5", id="no probability, ECE"),
        pytest.param(lambda: calibration_error([0.5], [1], 0), "bins", id="no bins"),
        pytest.param(
            lambda: perfect_calibration_error([0.5], draws=0), "draws", id="no draws, ECE"
        ),
        pytest.param(lambda: bootstrap_mean([1.0], draws=0), "draws", id="no draws"),
        pytest.param(lambda: bootstrap_mean([1.0], level=1.0), "level", id="level of one"),
        pytest.param(lambda: bootstrap_mean([NAN]), "NaN", id="NaN, bootstrap"),
        pytest.param(lambda: bootstrap(lambda _: NAN, 2), "NaN", id="NaN of a figure"),
        pytest.param(lambda: paired_bootstrap([1.0], []), "got 1 values and 0", id="lengths, pair"),
        pytest.param(
            lambda: paired_bootstrap([1.0], [1.0], clusters="ab"),
            "1 questions and 2 clusters",
            id="lengths, clusters",
        ),
        pytest.param(lambda: paired_bootstrap([NAN], [1.0]), "NaN", id="NaN, pair"),
    ],
)
def test_wrong_use_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


VOCABULARY = (
    "the The a an An Crane crane, Crane's U.S. US $1.5 15 1,000 1000 2018 ٢٠١٨ é É "
    "e\u0301 Añasco thé theatre well-known wellknown ‘x’ “Crane” "
    "O’Brien O'Brien ß SS İ … ... - – 東京 👍 ½ ²"
).split()


def generated_pairs(count: int) -> list[tuple[str, list[str]]]:
    chance = random.Random(7)

    def some(low: int) -> str:
        words = chance.choices(VOCABULARY, k=chance.randint(low, 6))
        return chance.choice([" ", "  ", "\n", "\u00a0"]).join(words)

    found = []
    for _ in range(count):
        golds = [some(1) for _ in range(chance.randint(1, 3))]
        near = chance.random() < 0.5
        found.append((f"{some(0)} {chance.choice(golds)}" if near else some(0), golds))
    return found


def test_exact_match_and_f1_equal_torchmetrics():
    from torchmetrics.functional.text import squad

    pairs = generated_pairs(1000)
    for prediction, golds in pairs:
        answers = {"answer_start": [0] * len(golds), "text": golds}
        theirs = squad(
            [{"prediction_text": prediction, "id": "1"}], [{"answers": answers, "id": "1"}]
        )
        assert 100 * exact_match(prediction, golds) == float(theirs["exact_match"])
        assert 100 * f1(prediction, golds) == pytest.approx(float(theirs["f1"]), rel=1e-6)
    found = [f1(prediction, golds) for prediction, golds in pairs]
    assert 0.2 < mean(found) < 0.8  # neither trivially equal nor trivially different
    assert sum(one == 1 for one in found) > 50
    assert any(not normalize(prediction) for prediction, _ in pairs)


@pytest.mark.parametrize("seed", range(3))
def test_recall_and_reciprocal_rank_equal_ir_measures(seed):
    import ir_measures
    from ir_measures import RR, Success

    chance = random.Random(seed)
    ranks, judgements, run = [], [], []
    for at in range(100):
        hits = chance.randint(1, 25)
        relevant = set(chance.sample(range(1, 31), chance.choice([1, 1, 2, 3])))
        ranks.append(min((rank for rank in relevant if rank <= hits), default=None))
        judgements += [ir_measures.Qrel(f"q{at}", f"d{rank}", 1) for rank in relevant]
        run += [ir_measures.ScoredDoc(f"q{at}", f"d{rank}", -rank) for rank in range(1, hits + 1)]
    cuts = (1, 5, 10, 20)
    theirs = ir_measures.calc_aggregate([RR, *(Success @ k for k in cuts)], judgements, run)
    assert mean_reciprocal_rank(ranks) == pytest.approx(theirs[RR])
    for k in cuts:
        assert recall_at(ranks, k) == pytest.approx(theirs[Success @ k])
