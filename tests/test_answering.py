from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering import Policy, cite, decide, rank
from qa.calibration import FEATURES, Calibration, Fitted
from qa.types import Answer, Article, Candidate, Chunk, Hit, Span

TEXTS = {
    "a": "Bridge\n\nIt was built in 1967. Four people died. Reuters said so.",
    "b": "Signs\n\nThe bridge was opened in 1971. A bridge of 1967 was older.",
    "c": "Other\n\nIn 1967 a boat sank.",
}
ARTICLES = {
    name: Article(name, text.split("\n")[0], text, f"/{name}.txt") for name, text in TEXTS.items()
}
# The confidence is the logistic of the span's score: 0 is 0.5, 2 is 0.88.
CURVE = Calibration(
    Fitted("f00d", "float32", 8), (1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0, 0.5, "a test"
)


def candidate(
    article: str, text: str, score: float, *, hit_score: float = 0.0, rank: int = 1
) -> Candidate:
    whole = TEXTS[article]
    start = whole.index(text)
    hit = Hit(Chunk(article, Span(0, len(whole)), whole), hit_score, rank)
    return Candidate(hit, Span(start, start + len(text)), text, score, 0.0)


def decided(*candidates: Candidate, threshold: float = 0.5, alternatives: int = 5) -> Answer:
    policy = Policy(CURVE, calibrated=True, threshold=threshold, alternatives=alternatives)
    hits = [one.hit for one in candidates]
    return decide("When?", candidates, hits, ARTICLES.__getitem__, policy, ("when",))


def test_no_candidates_is_a_decline_without_alternatives() -> None:
    answer = decided(threshold=0.0)
    assert (answer.text, answer.confidence, answer.citations, answer.alternatives) == (
        None,
        0,
        (),
        (),
    )
    assert answer.unknown_terms == ("when",)


def test_the_best_candidate_is_answered_and_cited() -> None:
    answer = decided(candidate("a", "1967", 2.0), candidate("b", "1971", 1.0))
    assert answer.text == "1967"
    assert answer.confidence == pytest.approx(0.8808, abs=1e-4)
    (citation,) = answer.citations
    assert (citation.article_id, citation.title, citation.source) == ("a", "Bridge", "/a.txt")
    assert citation.span.of(TEXTS["a"]) == citation.quote == "1967"
    assert citation.sentence.of(TEXTS["a"]) == "It was built in 1967."
    assert [one.text for one in answer.alternatives] == ["1971"]


def test_below_the_threshold_the_best_candidate_is_the_first_alternative() -> None:
    answer = decided(candidate("a", "1967", -1.0), candidate("b", "1971", -2.0))
    assert answer.text is None
    assert answer.citations == ()
    assert [one.text for one in answer.alternatives] == ["1967", "1971"]
    assert answer.confidence == answer.alternatives[0].confidence == pytest.approx(0.2689, abs=1e-4)


def test_the_margin_is_of_the_best_candidate_over_its_own_null_score() -> None:
    """The best candidate is the one that is answered, not the one with the widest margin."""
    best = replace(candidate("a", "1967", 2.0), null_score=3.5)
    other = replace(candidate("b", "1971", 1.0), null_score=-9.0)
    assert decided(best, other).margin == decided(best, other, threshold=1.0).margin == -1.5
    assert decided(other).margin == 10.0
    assert decided().margin is None


def test_a_threshold_of_zero_answers_always() -> None:
    assert decided(candidate("a", "1967", -50.0), threshold=0.0).text == "1967"


def test_a_threshold_of_one_never_answers() -> None:
    assert decided(candidate("a", "1967", 30.0), threshold=1.0).text is None


def test_the_same_answer_in_several_articles_counts_once_and_is_cited_in_each() -> None:
    answer = decided(
        candidate("a", "1967", 2.0), candidate("b", "1967", 1.5), candidate("b", "1971", 1.0)
    )
    assert [one.article_id for one in answer.citations] == ["a", "b"]
    assert [one.text for one in answer.alternatives] == ["1971"]


def test_what_only_reads_the_same_is_no_support() -> None:
    """The year of a boat that sank does not confirm when the bridge was built."""
    answer = decided(candidate("a", "1967", 2.0), candidate("c", "1967", -4.0))
    assert [one.article_id for one in answer.citations] == ["a"]


def test_overlapping_spans_collapse_into_the_best() -> None:
    answer = decided(candidate("a", "Four people", 2.0), candidate("a", "Four people died", 1.0))
    assert answer.text == "Four people"
    assert answer.alternatives == ()


def test_spans_of_different_articles_do_not_overlap() -> None:
    answer = decided(candidate("a", "1967", 2.0), candidate("b", "The bridge", 1.0))
    assert [one.text for one in answer.alternatives] == ["The bridge"]


def test_retrieval_decides_between_passages() -> None:
    better = candidate("b", "1971", 1.0, hit_score=1.0)
    assert decided(candidate("a", "1967", 2.0, hit_score=0.5), better).text == "1971"
    assert decided(candidate("a", "1967", 2.0, hit_score=0.95), better).text == "1967"


def test_the_answer_does_not_depend_on_the_order_of_candidates() -> None:
    candidates = [
        candidate("a", "1967", 2.0),
        candidate("b", "1971", 2.0),
        candidate("c", "1967", 2.0),
    ]
    assert decided(*candidates).text == decided(*reversed(candidates)).text
    assert decided(*candidates).citations == decided(*reversed(candidates)).citations


@pytest.mark.parametrize("count", [0, 1, 5])
def test_no_more_alternatives_than_asked_for(count: int) -> None:
    answer = decided(
        candidate("a", "1967", 2.0),
        candidate("b", "1971", 1.0),
        candidate("a", "Reuters", 1.0),
        alternatives=count,
    )
    assert len(answer.alternatives) == min(count, 2)


def test_rank_folds_case_articles_and_punctuation() -> None:
    groups = rank([candidate("a", "Bridge", 2.0), candidate("b", "The bridge", 1.0)])
    assert [[one.text for one in group] for group in groups] == [["Bridge", "The bridge"]]


@pytest.mark.parametrize(
    ("pages", "page"), [((), None), ((0,), 1), ((0, 8), 2), ((0, 8, 40), 2), ((0, 8, 20), 3)]
)
def test_the_page_of_a_citation(pages: tuple[int, ...], page: int | None) -> None:
    article = Article("a", "Bridge", TEXTS["a"], "/a.pdf", pages=pages)
    assert cite(candidate("a", "1967", 1.0), article).page == page
