"""Metrics against SQuAD's official script, and against cases worked out by hand."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.metrics import exact_match, f1, holds, mean, normalize, percentile

CASES = [
    # prediction, golds, exact match, F1
    pytest.param("2018", ["2018"], 1, 1, id="equal"),
    pytest.param("2018", ["2019"], 0, 0, id="different"),
    pytest.param("", [], 1, 1, id="declined, unanswerable"),
    pytest.param("2018", [], 0, 0, id="answered, unanswerable"),
    pytest.param("", ["2018"], 0, 0, id="declined, answerable"),
    pytest.param("the 2018", ["2018"], 1, 1, id="article before"),
    pytest.param("The United States", ["United States"], 1, 1, id="capital article"),
    pytest.param("a dog", ["an dog"], 1, 1, id="two articles"),
    pytest.param("dog the", ["dog"], 1, 1, id="article behind"),
    pytest.param("theatre", ["atre"], 0, 0, id="article inside a word stays"),
    pytest.param("Athens", ["thens"], 0, 0, id="a inside a word stays"),
    pytest.param("another", ["other"], 0, 0, id="an inside a word stays"),
    pytest.param("U.S.", ["US"], 1, 1, id="full stops"),
    pytest.param("$1.5 million", ["15 million"], 1, 1, id="punctuation joins digits"),
    pytest.param("1,000", ["1000"], 1, 1, id="thousands"),
    pytest.param("well-known", ["wellknown"], 1, 1, id="hyphen joins words"),
    pytest.param("well-known", ["well known"], 0, 0, id="hyphen is no space"),
    pytest.param("O'Brien", ["OBrien"], 1, 1, id="straight apostrophe"),
    pytest.param("O’Brien", ["OBrien"], 0, 0, id="curly apostrophe stays"),
    pytest.param("“Crane”", ["Crane"], 0, 0, id="curly quotes stay"),
    pytest.param('"Crane"', ["Crane"], 1, 1, id="straight quotes"),
    pytest.param("(Crane)", ["Crane"], 1, 1, id="brackets"),
    pytest.param("CRANE", ["crane"], 1, 1, id="case"),
    pytest.param("ÉCOLE", ["école"], 1, 1, id="case of an accent"),
    pytest.param("école", ["ecole"], 0, 0, id="accents count"),
    pytest.param("e\u0301cole", ["\u00e9cole"], 0, 0, id="composed and decomposed differ"),
    pytest.param("Añasco", ["ñasco"], 0, 0, id="a before an accented letter is no article"),
    pytest.param("Thé", ["é"], 0, 0, id="the before an accent is no article"),
    pytest.param("naïve a", ["naïve"], 1, 1, id="article beside an accented word"),
    pytest.param("٢٠١٨", ["2018"], 0, 0, id="other digits are other digits"),
    pytest.param("٢٠١٨", ["٢٠١٨"], 1, 1, id="arabic digits"),
    pytest.param("２０１８", ["2018"], 0, 0, id="fullwidth digits"),
    pytest.param("  two \n words\t", ["two words"], 1, 1, id="white space"),
    pytest.param("two\u00a0words", ["two words"], 1, 1, id="no-break space"),
    pytest.param("the", ["a"], 1, 1, id="both are nothing but articles"),
    pytest.param("the", ["2018"], 0, 0, id="only an article"),
    pytest.param("...", [""], 1, 1, id="only punctuation"),
    pytest.param("Juan Guaido", ["Guaido"], 0, 2 / 3, id="one word too many"),
    pytest.param("Guaido", ["Juan Guaido"], 0, 2 / 3, id="one word too few"),
    pytest.param("opposition leader Juan Guaido", ["Juan Guaido"], 0, 2 / 3, id="two too many"),
    pytest.param("Guaido Juan", ["Juan Guaido"], 0, 1, id="order does not count for F1"),
    pytest.param("to be or not to be", ["to be"], 0, 0.5, id="repeated words count once each"),
    pytest.param("be be", ["be"], 0, 2 / 3, id="a repetition is a word too many"),
    pytest.param("a b c d", ["c d e f"], 0, 4 / 7, id="a is an article here as well"),
    pytest.param("b c", ["c d"], 0, 0.5, id="half and half"),
    pytest.param("2018", ["2019", "2018"], 1, 1, id="second gold"),
    pytest.param("in May 2018", ["2019", "May 2018", "2018"], 0, 0.8, id="best gold"),
    pytest.param("", ["", "2018"], 1, 1, id="an empty gold accepts declining"),
    pytest.param("東京", ["東京"], 1, 1, id="no spaces"),
    pytest.param("東京都", ["東京"], 0, 0, id="no words to share without spaces"),
    pytest.param("👍 yes", ["yes"], 0, 2 / 3, id="emoji is a word"),
]


@pytest.mark.parametrize(("prediction", "golds", "exact", "overlap"), CASES)
def test_metrics_by_hand(prediction, golds, exact, overlap):
    assert exact_match(prediction, golds) == exact
    assert f1(prediction, golds) == pytest.approx(overlap)


# The functions below are SQuAD's evaluate-v2.0.py, as published.
def official_normalize_answer(s):
    def remove_articles(text):
        regex = re.compile(r"\b(a|an|the)\b", re.UNICODE)
        return re.sub(regex, " ", text)

    def white_space_fix(text):
        return " ".join(text.split())

    def remove_punc(text):
        exclude = set(string.punctuation)
        return "".join(ch for ch in text if ch not in exclude)

    return white_space_fix(remove_articles(remove_punc(s.lower())))


def official_compute_f1(a_gold, a_pred):
    gold_toks = official_normalize_answer(a_gold).split() if a_gold else []
    pred_toks = official_normalize_answer(a_pred).split() if a_pred else []
    common = Counter(gold_toks) & Counter(pred_toks)
    num_same = sum(common.values())
    if len(gold_toks) == 0 or len(pred_toks) == 0:
        return int(gold_toks == pred_toks)
    if num_same == 0:
        return 0
    precision = 1.0 * num_same / len(pred_toks)
    recall = 1.0 * num_same / len(gold_toks)
    return (2 * precision * recall) / (precision + recall)


WORDS = st.lists(
    st.sampled_from(
        "the a an The Crane crane, 2018 U.S. é Añasco thé ' “x” \u00a0 e\u0301".split()
    ),
    max_size=6,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(WORDS | st.text(max_size=20), st.lists(WORDS | st.text(max_size=20), min_size=1, max_size=3))
def test_metrics_agree_with_the_official_script(prediction, golds):
    assert normalize(prediction) == official_normalize_answer(prediction)
    assert f1(prediction, golds) == max(official_compute_f1(gold, prediction) for gold in golds)
    same = [
        official_normalize_answer(gold) == official_normalize_answer(prediction) for gold in golds
    ]
    assert exact_match(prediction, golds) == float(any(same))


@pytest.mark.parametrize(
    ("text", "golds", "found"),
    [
        pytest.param("It was built in 1967, they said.", ["1967"], True, id="inside"),
        pytest.param("19670", ["1967"], False, id="not inside a word"),
        pytest.param("Juan Guaido spoke", ["the Juan Guaido"], True, id="articles do not count"),
        pytest.param("Juan spoke to Guaido", ["Juan Guaido"], False, id="a run of words"),
        pytest.param("one two", ["three", "two"], True, id="any gold"),
        pytest.param("anything", ["the", "..."], False, id="a gold of nothing is nowhere"),
        pytest.param("", ["two"], False, id="empty text"),
        pytest.param("one two", [], False, id="no golds"),
    ],
)
def test_holds(text, golds, found):
    assert holds(text, golds) is found


def test_mean_and_percentile_of_known_values():
    assert mean([0.0, 1.0, 0.5, 1.0]) == 0.625
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([1.0, 2.0, 3.0, 4.0, 5.0], 95) == pytest.approx(4.8)
    assert percentile([7.0], 95) == 7.0


def test_mean_and_percentile_of_nothing_are_not_zero():
    assert mean([]) is None
    assert percentile([], 95) is None
