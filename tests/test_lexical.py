"""BM25 against a brute force written from the formula."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.lexical import SCHEMA, Bm25Index, LexicalScore, content_words, terms


def open_index(texts=()):
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    index = Bm25Index(database)
    index.add(enumerate(texts))
    return index


def brute_force(texts, question):
    """Score by the formula of Robertson and Zaragoza, with Lucene's idf, k1 = 1.2 and b = 0.75."""
    held = [Counter(terms(text)) for text in texts]
    lengths = [sum(one.values()) for one in held]
    average = max(sum(lengths) / len(lengths), 1.0) if lengths else 1.0
    asked = {term for _, term in content_words(question)}
    idf = {}
    for term in asked:
        df = sum(term in one for one in held)
        idf[term] = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
    scores = {}
    for row, one in enumerate(held):
        if not asked & one.keys():
            continue
        bm25 = sum(
            idf[term]
            * (one[term] * 2.2)
            / (one[term] + 1.2 * (0.25 + 0.75 * lengths[row] / average))
            for term in asked & one.keys()
        )
        share = sum(idf[term] for term in asked & one.keys()) / sum(idf.values())
        scores[row] = (bm25, share)
    return scores


def check(texts, question, index=None):
    found = (index or open_index(texts)).search(question)
    wanted = brute_force(texts, question)
    assert found.keys() == wanted.keys()
    for row, score in found.items():
        assert (score.bm25, score.share) == pytest.approx(wanted[row])
        assert score.bm25 > 0
        assert 0 < score.share <= 1
    return found


NEWS = [
    "The Ostrell fire burned 14,350 hectares near Łaska in August 2021.",
    "Ingrid Łaska, mayor of Ostrell, said the fire was out. The fire, she said, was set.",
    "A ship ran aground at 8:25 on Skarn bank; its oil burned.",
    "The fire brigade of Ostrell.",
]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("How many hectares burned in the Ostrell fire?", id="ordinary"),
        pytest.param("fire", id="in three of four texts"),
        pytest.param("fire fire FIRE fires", id="repeated in the question"),
        pytest.param("When did 14350 hectares burn?", id="number without its comma"),
        pytest.param("Laska", id="without its stroke"),
        pytest.param("8:25", id="time"),
        pytest.param("Who were they?", id="nothing but stop words"),
        pytest.param("the", id="a stop word alone"),
        pytest.param("zebra quagga", id="no word of the library"),
        pytest.param("zebra fire", id="one word of two"),
    ],
)
def test_bm25_agrees_with_the_formula(question):
    check(NEWS, question)


def test_word_of_most_texts_of_a_small_library_has_weight():
    found = check(NEWS, "fire")
    assert set(found) == {0, 1, 3}
    assert found[1].bm25 > found[0].bm25 > 0


def test_word_of_every_text_has_weight():
    assert all(score.bm25 > 0 for score in check(["fire"] * 3, "fire").values())


def test_single_text():
    assert open_index(["fire"]).search("fire")[0].bm25 == pytest.approx(math.log(4 / 3))


WORD = st.sampled_from(
    "fire fires Ostrell ostrell's 2021 14,350 Łaska the of burned 🔥 - é e\u0301".split()
)
TEXT = st.lists(WORD, max_size=12).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, max_size=8), TEXT)
def test_bm25_agrees_with_the_formula_for_random_libraries(texts, question):
    check(texts, question)


NASTY = [
    pytest.param('"fire', id="open quote"),
    pytest.param('fire" OR "ship', id="quotes and OR"),
    pytest.param("NEAR(fire ship, 2)", id="NEAR"),
    pytest.param("fire NOT ship AND", id="operators"),
    pytest.param("terms:fire*", id="column and prefix"),
    pytest.param("^fire -ship +oil", id="signs"),
    pytest.param("50% fire@ostrell", id="percent and at"),
    pytest.param("fire'; DROP TABLE lexical; --", id="SQL"),
    pytest.param("fire\x00ship", id="NUL"),
    pytest.param("fire\x1f\x7fship\r\n", id="control characters"),
    pytest.param("🔥 fire 👩\u200d🚒", id="emoji"),
    pytest.param("\ud800 fire", id="lone surrogate"),
    pytest.param("(((fire)))", id="brackets"),
    pytest.param("fire " * 3_000, id="long"),
]


@pytest.mark.parametrize("question", NASTY)
def test_questions_are_never_syntax(question):
    index = open_index(NEWS)
    found = check(NEWS, question, index)
    assert {0, 1, 3} <= set(found)
    assert index.search("fire").keys() == {0, 1, 3}


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n", id="white space"),
        pytest.param("🔥👩\u200d🚒", id="emoji"),
        pytest.param("?!-_%\"'", id="signs"),
        pytest.param("\x00", id="NUL"),
    ],
)
def test_question_without_words_finds_nothing(question):
    index = open_index(NEWS)
    assert index.search(question) == {}
    assert index.unknown(question) == ()


@pytest.mark.parametrize(
    "text", [*NASTY, pytest.param("🔥", id="nothing"), pytest.param("", id="empty")]
)
def test_texts_are_never_syntax(text):
    texts = [*NEWS, text]
    check(texts, "Ostrell fire")


def test_empty_index_finds_nothing_and_knows_no_word():
    index = open_index()
    assert index.search("Ostrell fire") == {}
    assert index.unknown("Where is Ostrell?") == ("Ostrell",)


def test_removed_texts_are_as_if_they_had_never_been():
    index = open_index([*NEWS, "Another fire in Ostrell, zebra."])
    index.remove([4, 99])
    check(NEWS, "Ostrell fire zebra", index)
    assert index.unknown("zebra fire") == ("zebra",)
    index.remove(range(4))
    assert index.search("fire") == {}


def test_text_can_be_replaced_under_its_number():
    index = open_index(NEWS)
    index.remove([3])
    index.add([(3, "A quiet day")])
    check([*NEWS[:3], "A quiet day"], "quiet fire", index)


def test_text_rolled_back_is_not_found():
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    index = Bm25Index(database)
    index.add([(0, "fire")])
    database.execute("BEGIN")
    index.add([(1, "fire fire")])
    index.remove([0])
    database.execute("ROLLBACK")
    assert index.search("fire").keys() == {0}


def test_share_is_the_part_of_the_questions_weight_that_a_text_holds():
    # Two words of the same weight, of which the second text holds one.
    found = open_index(["apple pear", "apple plum", "pear fig"]).search("apple pear")
    assert found[0].share == 1.0
    assert found[1].share == found[2].share == pytest.approx(0.5)


def test_word_that_no_text_holds_lowers_the_share():
    idf_known, idf_unknown = math.log(1 + 0.5 / 1.5), math.log(1 + 1.5 / 0.5)
    assert open_index(["apple"]).search("apple zebra")[0].share == pytest.approx(
        idf_known / (idf_known + idf_unknown)
    )


def test_scores_are_plain_values():
    assert LexicalScore(1.0, 0.5) == LexicalScore(1.0, 0.5)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        pytest.param("Who is Maduro?", ("Maduro",), id="name"),
        pytest.param("Did Maduro's car burn in 1998?", ("Maduro", "car", "1998"), id="in order"),
        pytest.param("Maduro or maduro or Maduro?", ("Maduro", "maduro"), id="once as written"),
        pytest.param("Did the fires burn?", (), id="inflected words are known"),
        pytest.param("Was it 14350 hectares?", (), id="number written otherwise"),
        pytest.param("Who were you?", ("Who", "were", "you"), id="nothing but stop words"),
    ],
)
def test_unknown_words_as_written(question, unknown):
    assert open_index(NEWS[:1] + NEWS[2:]).unknown(question) == unknown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("résumé", "re\u0301sume\u0301", id="composed and decomposed"),
        pytest.param("Łaska", "laska", id="stroke"),
        pytest.param("hydroelectric", "hydro\u00adelectric", id="soft hyphen"),
        pytest.param("O’Brien’s", "O'Brien", id="apostrophes"),
        pytest.param("شدة", "شَدّة", id="vowel points"),
        pytest.param("1,000,000", "1000000", id="thousands"),
        pytest.param("8:25", "8.25", id="time"),
        pytest.param("STRASSE", "straße", id="sharp s"),
        pytest.param("burning", "burned", id="inflection"),
        pytest.param("ﬁre", "fire", id="ligature"),
    ],
)
def test_words_that_are_the_same_term(one, other):
    assert len(terms(one)) == 1
    assert terms(one) == terms(other)


def test_unknown_word_with_accents_is_given_as_written():
    assert open_index(NEWS).unknown("Where is Cafe\u0301?") == ("Cafe\u0301",)
