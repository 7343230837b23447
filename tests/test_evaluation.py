from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import EvaluationError
from qa.evaluation import evaluate, table
from qa.evaluation.squad import read_squad
from qa.types import Answer, Chunk, Citation, GoldQuestion, Hit, Span

TEXT = "The bridge was built in 1967 and fell on Sunday."


def gold(name: str, answers: tuple[str, ...], articles: tuple[str, ...] = ("a.txt",)) -> GoldQuestion:
    return GoldQuestion(name, f"{name}?", answers, articles if answers else (), "factoid" if answers else "none")


def answered(quote: str | None, hits: tuple[str, ...] = ("x", "a", "a")) -> Answer:
    chunk = {name: Chunk(name, Span(0, len(TEXT)), TEXT) for name in ("a", "x")}
    citations = ()
    if quote is not None:
        start = TEXT.index(quote)
        span = Span(start, start + len(quote))
        citations = (Citation("a", "Bridge", "/a.txt", "", None, span, quote, Span(0, len(TEXT))),)
    return Answer(
        question="?",
        resolved="?",
        text=quote,
        confidence=0.5,
        calibrated=True,
        citations=citations,
        hits=tuple(Hit(chunk[name], 1.0, rank) for rank, name in enumerate(hits, start=1)),
    )


def test_the_figures_of_four_questions_by_hand() -> None:
    golds = [gold("when", ("1967",)), gold("day", ("on Sunday",)), gold("who", ("Ada",)), gold("no", ())]
    answers = {"when": "1967", "day": "Sunday", "who": None, "no": "Sunday"}
    evaluation = evaluate(
        golds, lambda one: answered(answers[one.id]), articles={"a": "a.txt", "x": "x.txt"}
    )
    figures = evaluation.figures()
    assert figures["questions"] == 4
    assert figures["unanswerable"] == 1
    assert figures["exact_match"] == pytest.approx(1 / 3)
    assert figures["f1"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert figures["wrongly_declined"] == pytest.approx(1 / 3)
    assert figures["declined"] == 0.0
    # The first hit is of another article; the second is gold and holds two of the three answers.
    assert figures["recall@1"] == 0.0
    assert figures["recall@5"] == pytest.approx(2 / 3)


def test_a_hit_counts_only_with_gold_article_and_gold_answer() -> None:
    found = evaluate(
        [gold("when", ("1967",), ("b.txt",))],
        lambda _: answered("1967"),
        articles={"a": "a.txt", "x": "x.txt", "b": "b.txt"},
    )
    assert found.figures()["recall@10"] == 0.0


def test_the_table_of_no_answerable_question_has_dashes() -> None:
    found = evaluate([gold("no", ())], lambda _: answered(None), articles={})
    assert table(found).splitlines()[-1].split()[:6] == ["all", "1", "-", "-", "-", "100.0"]


def squad(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(content))
    return path


def test_squad_paragraphs_become_articles(tmp_path: Path) -> None:
    qas = [
        {"id": "1", "question": "When?", "answers": [{"text": "1967"}, {"text": "1967"}]},
        {"id": "2", "question": "Who?", "is_impossible": True, "answers": []},
    ]
    paragraphs = [{"context": TEXT, "qas": qas[:1]}, {"context": TEXT, "qas": qas[1:]}]
    found = read_squad(squad(tmp_path, {"data": [{"title": "The_bridge", "paragraphs": paragraphs}]}))
    (article,) = found.articles
    assert (article.title, article.text) == ("The bridge", TEXT)
    assert [one.answers for one in found.questions] == [("1967",), ()]
    assert {one.articles for one in found.questions} == {(article.source,)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param([], "not in SQuAD's format", id="list"),
        pytest.param({"data": [{"paragraphs": [{}]}]}, "context", id="no-context"),
        pytest.param(
            {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "q7"}]}]}]}, "'q7'", id="question"
        ),
    ],
)
def test_other_formats_are_refused(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        read_squad(squad(tmp_path, content))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.json.gz"
    path.write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(EvaluationError, match=r"set\.json\.gz cannot be read"):
        read_squad(path)
