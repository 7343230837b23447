from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import EvaluationError
from qa.evaluation import (
    FIGURES,
    Comparison,
    Conditions,
    Evaluation,
    Latest,
    Results,
    compare,
    evaluate,
    kind_of_error,
    load_latest,
    load_results,
    outcomes,
    read_set,
    report,
    save_latest,
    save_results,
    threshold_for,
)
from qa.evaluation.squad import read_squad
from qa.types import Alternative, Answer, Article, Chunk, Citation, GoldQuestion, Hit, Span

TEXT = "The bridge was built in 1967 and fell on Sunday. Ada Crane saw it."
ARTICLES = [
    Article("a", "Bridge", TEXT, "/news/a.txt"),
    Article("x", "Other", "Ada Crane owns a boat of 1967.", "/news/x.txt"),
]
BY_ID = {article.id: article for article in ARTICLES}


def gold(
    name: str, *answers: str, articles: tuple[str, ...] = ("a.txt",), **more: object
) -> GoldQuestion:
    kind = "factoid" if answers else "none"
    return GoldQuestion(name, f"{name}?", answers, articles if answers else (), kind, **more)  # type: ignore[arg-type]


def cited(quote: str, article_id: str = "a") -> tuple[Citation, ...]:
    article = BY_ID[article_id]
    start = article.text.index(quote)
    span = Span(start, start + len(quote))
    whole = Span(0, len(article.text))
    return (Citation(article.id, article.title, article.source, "", None, span, quote, whole),)


def answered(
    *quotes: str,
    declined: bool = False,
    hits: str = "xaa",
    confidence: float = 0.5,
    article_id: str = "a",
    margin: float | None = None,
) -> Answer:
    """Answer with the first quote, the others being runners-up; or decline with all of those."""
    others = tuple(
        Alternative(one, confidence, cited(one, article_id))
        for one in quotes[0 if declined else 1 :]
    )
    chunks = {one.id: Chunk(one.id, Span(0, len(one.text)), one.text) for one in ARTICLES}
    return Answer(
        question="?",
        resolved="?",
        text=None if declined or not quotes else quotes[0],
        confidence=confidence,
        calibrated=True,
        citations=() if declined or not quotes else cited(quotes[0], article_id),
        alternatives=others,
        hits=tuple(Hit(chunks[name], 1.0, rank) for rank, name in enumerate(hits, start=1)),
        margin=margin,
    )


def run(answers: dict[GoldQuestion, Answer]) -> Evaluation:
    by_id = {one.id: answer for one, answer in answers.items()}
    return evaluate(list(answers), lambda one: by_id[one.id], articles=ARTICLES)


FOUR = {
    gold("when", "1967"): answered("1967", confidence=0.9),
    gold("day", "on Sunday"): answered("Sunday", confidence=0.6),
    gold("who", "Ada Crane"): answered("1967", declined=True, confidence=0.3),
    gold("no"): answered("Sunday", confidence=0.8),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exact_match", 1 / 3),
        ("f1", (1 + 2 / 3 + 0) / 3),
        ("f1_of_best", (1 + 2 / 3 + 0) / 3),
        ("wrongly_declined", 1 / 3),
        ("declined", 0.0),
        ("groups", None),
        ("recall@1", 0.0),
        ("recall@5", 1.0),
        ("recall@20", 1.0),
        ("mrr", 0.5),
        ("precision", 2 / 3),
        ("citation_precision", 1 / 3),
        ("exact_quotes", 1.0),
        # Of right {0.9, 0.6} against wrong {0.8, 0.3}, three of four pairs are in order.
        ("auroc", 0.75),
        ("coverage@80", 0.25),
        ("brier", (0.01 + 0.16 + 0.09 + 0.64) / 4),
        # The official totals, best threshold: above 0.8 the unanswerable one is declined with two
        # others: (1 + 0 + 0 + 1) / 4; down to 0.6 it would be (1 + 2/3 + 0 + 0) / 4.
        ("squad_f1", 0.5),
        ("squad_exact", 0.5),
    ],
)
def test_the_figures_of_four_questions_by_hand(name: str, value: float | None) -> None:
    found = run(FOUR).figure(name)
    assert found == (pytest.approx(value) if value is not None else None)


MARGINS = {
    gold("when", "1967"): answered("1967", margin=3.0),
    gold("day", "on Sunday"): answered("Sunday", margin=1.0),
    gold("who", "Ada Crane"): answered(declined=True, hits=""),
    gold("no"): answered("Sunday", margin=2.0),
    gold("nobody"): answered("1967", declined=True, margin=-1.0),
}


def test_how_well_the_margin_parts_answerable_from_unanswerable_by_hand() -> None:
    evaluation = run(MARGINS)
    # Of answerable {3, 1, nothing} against unanswerable {2, -1}, three of six pairs are in order.
    assert evaluation.figure("answerable_auroc") == 0.5
    # From 3 up one is answered, with F1 1, and both unanswerable ones are declined: 3 of 5. Down
    # to 2 it is 1 + 1, down to 1 it is 1 + 2/3 + 1, down to -1 it is 1 + 2/3.
    assert evaluation.figure("squad_best_f1") == pytest.approx(3 / 5)
    # All are as confident, so by confidence nothing is better than to decline everything.
    assert evaluation.figure("squad_f1") == pytest.approx(2 / 5)
    for name in ("answerable_auroc", "squad_best_f1"):
        interval = evaluation.interval(name)
        assert interval is not None
        assert interval.low < (evaluation.figure(name) or 0) < interval.high
    table = report.figure_table(evaluation)
    assert re.search(r"AUROC, answerable by margin \(%\) +50\.0 +\d+\.\d to \d+\.\d", table)
    assert re.search(r"SQuAD 2 F1, best margin \(%\) +60\.0 +\d+\.\d to \d+\.\d", table)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({one: MARGINS[one] for one in MARGINS if one.answers}, id="all-answerable"),
        pytest.param({one: MARGINS[one] for one in MARGINS if not one.answers}, id="none-answer"),
        pytest.param(FOUR, id="no-margins"),
        pytest.param({}, id="no-questions"),
    ],
)
def test_without_both_kinds_or_margins_there_is_nothing_to_part(
    answers: dict[GoldQuestion, Answer],
) -> None:
    figures = run(answers).figures()
    assert figures["answerable_auroc"] is figures["squad_best_f1"] is None


def test_every_figure_is_a_number_in_its_range() -> None:
    for name, value in run(MARGINS).figures().items():
        assert value is None or value >= 0, name
        if not name.endswith(("p50", "p95", "p99")):
            assert value is None or value <= 1, name


def test_attributes_are_the_figures_and_nan_where_there_is_none() -> None:
    evaluation = run(FOUR)
    assert evaluation.f1 == evaluation.figure("f1")
    assert evaluation.recall(5) == 1.0
    nothing = run({gold("no"): answered(declined=True, hits="")})
    assert nothing.f1 != nothing.f1
    assert nothing.declined == 1.0


def test_a_hit_counts_only_in_a_gold_article_with_a_gold_answer() -> None:
    """The boat's article holds the name too, but it is not gold."""
    found = run({gold("who", "Ada Crane"): answered("Ada Crane", hits="x")})
    assert found.recall(20) == 0.0


def test_a_citation_is_right_only_in_a_gold_article() -> None:
    found = run({gold("who", "Ada Crane"): answered("Ada Crane", article_id="x")})
    assert (found.exact_match, found.figure("citation_precision")) == (1.0, 0.0)


def test_a_quote_that_is_not_its_article_s_text_is_found() -> None:
    answer = answered("1967")
    (citation,) = answer.citations
    moved = replace(answer, citations=(replace(citation, span=citation.span.shifted(1)),))
    assert run({gold("when", "1967"): moved}).figure("exact_quotes") == 0.0


def test_numbers_must_agree_for_an_answer_to_be_right() -> None:
    sure = answered("built in 1967 and fell on Sunday", confidence=0.9)
    evaluation = run({gold("when", "built in 1968 and fell on Sunday"): sure})
    assert evaluation.outcomes[0].right is False
    assert evaluation.f1 > 0.5


def test_a_stale_value_is_never_right_and_scores_nothing() -> None:
    question = gold("when", "1971", "1967", stale=("1967",))
    assert run({gold("when", "on Sunday", stale=("Sunday",)): answered("Sunday")}).f1 == 0.0
    assert run({question: answered("1967")}).f1 == 1.0  # an exact gold answer cannot be stale


def test_groups_are_held_by_the_answer_and_as_many_runners_up_as_there_are_groups() -> None:
    question = gold("both", answer_sets=(("1967",), ("Sunday",)))
    assert question.answerable
    assert run({question: answered("1967", "Sunday")}).figure("groups") == 1.0
    assert run({question: answered("1967", "Ada Crane", "Sunday")}).figure("groups") == 0.5
    assert run({question: answered("1967", "Sunday", declined=True)}).figure("groups") == 0.0


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        pytest.param(gold("q", "1967"), answered("1967"), "", id="right"),
        pytest.param(gold("q"), answered("1967", declined=True), "", id="rightly-declined"),
        pytest.param(gold("q"), answered("1967"), "wrongly answered", id="wrongly-answered"),
        pytest.param(
            gold("q", "1967"), answered("1967", declined=True), "wrongly declined", id="declined"
        ),
        pytest.param(gold("q", "1967"), answered("Sunday"), "reader wrong", id="reader"),
        pytest.param(
            gold("q", "1967"), answered("Sunday", hits="x"), "retrieval missed", id="hits"
        ),
    ],
)
def test_the_kind_of_an_error(question: GoldQuestion, answer: Answer, kind: str) -> None:
    evaluation = run({question: answer})
    assert kind_of_error(evaluation.outcomes[0]) == kind
    assert len(evaluation.mistakes()) == bool(kind)


def test_mistakes_come_most_confident_first() -> None:
    assert [one.gold.id for one in run(FOUR).mistakes()] == ["no", "who"]


def test_the_threshold_that_data_suggests() -> None:
    assert threshold_for(run(FOUR).outcomes, 0.9) == (0.9, 0.25)
    # Down to 0.6, two of three are right.
    assert threshold_for(run(FOUR).outcomes, 0.6) == (0.6, 0.75)
    wrong = run({gold("no"): answered("1967")})
    assert threshold_for(wrong.outcomes, 0.9) == (1.0, 0.0)


def test_intervals_hold_the_figure() -> None:
    evaluation = run(FOUR)
    for name in ("f1", "auroc", "squad_f1"):
        interval = evaluation.interval(name)
        assert interval is not None
        assert interval.low <= (evaluation.figure(name) or 0) <= interval.high


def test_tables() -> None:
    lines = report.type_table(run(FOUR)).splitlines()
    assert [line.split()[0] for line in lines] == ["type", "factoid", "none", "all"]
    assert lines[1].split()[1:4] == ["3", "33.3", "55.6"]
    assert lines[2].split()[1:4] == ["1", "-", "-"]
    assert "AUROC, right against wrong (%)" in report.figure_table(run(FOUR))


def test_the_table_of_intervals_gives_for_each_type_what_bootstrap_gives() -> None:
    evaluation = run(FOUR)
    lines = report.interval_table(evaluation).splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["factoid", "3"],
        ["none", "1"],
        ["all", "4"],
    ]
    factoid = evaluation.of_type("factoid")
    interval = factoid.interval("f1", 200)
    assert interval is not None
    expected = f"{100 * factoid.f1:.1f} ({100 * interval.low:.1f} to {100 * interval.high:.1f})"
    assert expected in lines[1]
    assert lines[2].split()[2] == "-"


def test_the_latest_evaluation_says_what_each_threshold_answers(tmp_path: Path) -> None:
    asked = {
        gold("a", "1967"): answered("1967", confidence=0.9),
        gold("b", "1967"): answered("Sunday", confidence=0.5),
        gold("c"): answered("1967", confidence=0.2),
    }
    latest = Latest.of(results(run(asked)))
    assert (latest.name, latest.questions) == ("q.jsonl", 3)
    assert [round(3 * latest.coverage[at]) for at in (0, 20, 21, 50, 51, 90, 91)] == [
        3, 3, 2, 2, 1, 1, 0,
    ]  # fmt: skip
    assert [latest.precision[at] for at in (0, 21, 51, 91)] == [1 / 3, 1 / 2, 1, None]
    assert load_latest(tmp_path / "none") is None
    save_latest(tmp_path / "library", latest)
    assert load_latest(tmp_path / "library") == latest


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"coverage": 1}', "\x00"])
def test_a_latest_evaluation_that_is_damaged_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "evaluation.json").write_text(content)
    assert load_latest(tmp_path) is None


# Broken parts move exactly the figures that they should.

GOOD = {
    gold("when", "1967"): answered("1967", hits="a"),
    gold("day", "Sunday"): answered("Sunday", hits="a"),
    gold("no"): answered("Sunday", declined=True, hits="a"),
}
RETRIEVAL = {"recall@1", "recall@5", "recall@10", "recall@20", "mrr"}
READING = {"exact_match", "f1", "f1_of_best", "squad_exact", "squad_f1", "precision"}
CONFIDENCE = {"auroc", "coverage@80", "coverage@90", "ece", "ece_perfect", "brier"}
TIMES = {figure.name for figure in FIGURES if figure.unit == "ms"}


def moved(answers: dict[GoldQuestion, Answer]) -> set[str]:
    before, after = run(GOOD).figures(), run(answers).figures()
    return {name for name, value in before.items() if after[name] != value} - TIMES - CONFIDENCE


def test_a_broken_retriever_moves_recall_alone_while_the_reader_sees_the_gold_passages() -> None:
    broken = {one: replace(answer, hits=answered(hits="x").hits) for one, answer in GOOD.items()}
    assert moved(broken) == RETRIEVAL


def test_a_broken_reader_moves_answers_and_citations_but_not_recall() -> None:
    broken = {one: answered("Ada Crane", hits="a") if one.answers else GOOD[one] for one in GOOD}
    assert moved(broken) == READING | {"citation_precision"}


def test_a_broken_decoder_that_cuts_one_word_too_many_keeps_citations_right() -> None:
    """Spans that are too long lower EM, F1 and nothing else: they still hold the gold answer."""
    broken = dict(GOOD)
    broken[gold("when", "1967")] = answered("built in 1967", hits="a")
    broken[gold("day", "Sunday")] = answered("on Sunday", hits="a")
    assert moved(broken) == {"exact_match", "f1", "f1_of_best", "squad_exact", "squad_f1"}


def test_broken_offsets_move_exact_quotes() -> None:
    broken = dict(GOOD)
    answer = broken[gold("when", "1967")]
    (citation,) = answer.citations
    shifted = replace(citation, span=citation.span.shifted(3))
    broken[gold("when", "1967")] = replace(answer, citations=(shifted,))
    assert moved(broken) == {"exact_quotes"}


# Sets, threads, results on disk.


def test_turns_are_asked_with_the_answers_given_before_them(tmp_path: Path) -> None:
    turn = {"answers": ["1967"], "articles": ["a.txt"]}
    dialogue = {
        "id": "d1",
        "turns": [
            {"question": "When was it built?", **turn},
            {"question": "And when did it fall?", "resolved": "When did the bridge fall?", **turn},
            {"question": "Who owns the boat?", **turn},
        ],
        "topic_switch": True,
    }
    path = tmp_path / "dialogues.jsonl"
    path.write_text(json.dumps(dialogue))
    asked: list[GoldQuestion] = []

    def ask(one: GoldQuestion) -> Answer:
        asked.append(one)
        return answered("1967") if len(asked) == 1 else answered("1967", declined=True)

    found = list(outcomes(read_set(path).threads, ask, BY_ID))
    assert [one.id for one in asked] == ["d1/1", "d1/2", "d1/3"]
    assert [one.type for one in asked] == ["opening", "follow-up", "topic switch"]
    assert asked[1].history == (("When was it built?", "1967"),)
    assert asked[2].history == (("When was it built?", "1967"), ("And when did it fall?", None))
    assert [one.gold.history for one in found] == [one.history for one in asked]

    asked.clear()
    list(outcomes(read_set(path, resolved=True).threads, ask, BY_ID))
    assert [one.question for one in asked][1] == "When did the bridge fall?"
    assert all(one.history == () for one in asked)


def test_a_draw_is_repeatable_and_keeps_dialogues_whole(tmp_path: Path) -> None:
    turn = {"question": "When?", "answers": [], "articles": []}
    path = tmp_path / "dialogues.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": f"d{n}", "turns": [turn, turn, turn]}) for n in range(9))
    )
    whole = read_set(path)
    drawn = whole.drawn(6, seed=1)
    assert [len(thread) for thread in drawn.threads] == [3, 3]
    assert drawn == whole.drawn(6, seed=1)
    assert {tuple(whole.drawn(6, seed=seed).threads) for seed in range(9)} != {drawn.threads}
    assert [one.id for one in drawn.questions] == sorted(one.id for one in drawn.questions)


def results(evaluation: Evaluation) -> Results:
    conditions = Conditions(("q.jsonl",), {"limit": None}, {"passages": 8}, {"articles": 2}, {})
    return Results(evaluation, conditions, "0.1.0", "2026-01-01T00:00:00+00:00")


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    saved = results(
        run({**MARGINS, gold("sets", answer_sets=(("1967",), ("Sunday",))): answered("1967")})
    )
    save_results(tmp_path / "r.json", saved)
    assert load_results(tmp_path / "r.json") == saved
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "cannot be read", id="empty"),
        pytest.param("[]", "no result file", id="list"),
        pytest.param('{"format": 99}', r"format 2 \(found 99\).*citespan eval", id="other-version"),
        pytest.param('{"format": 1}', r"format 2 \(found 1\)", id="without-margins"),
        pytest.param('{"format": 2}', "damaged", id="nothing-in-it"),
    ],
)
def test_other_files_are_no_results(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "r.json").write_text(content)
    with pytest.raises(EvaluationError, match=message):
        load_results(tmp_path / "r.json")


def test_a_run_is_resumed_without_asking_again() -> None:
    questions = list(FOUR)
    first = run(FOUR)
    done = {one.gold.id: one for one in first.outcomes[:3]}
    asked: list[str] = []

    def ask(one: GoldQuestion) -> Answer:
        asked.append(one.id)
        return FOUR[questions[3]]

    again = list(outcomes([(one,) for one in questions], ask, BY_ID, done=done))
    assert asked == ["no"]
    assert again[:3] == list(first.outcomes[:3])


def test_a_comparison_is_paired_and_over_common_questions() -> None:
    better = dict(FOUR)
    better[gold("who", "Ada Crane")] = answered("Ada Crane", confidence=0.7)
    better[gold("when", "1967")] = answered("1967", declined=True, confidence=0.1)
    better[gold("new", "1967")] = answered("1967")
    del better[gold("day", "on Sunday")]
    comparison = compare(run(FOUR), run(better))
    assert (comparison.common, comparison.only_first, comparison.only_second) == (3, 1, 1)
    assert {(one.first.gold.id, one.verdict) for one in comparison.changes} == {
        ("who", "turned right"),
        ("when", "turned wrong"),
    }
    lines = report.change_lines(comparison.changes)
    assert lines == [
        "turned right: who 'who?': declined -> 'Ada Crane'",
        "turned wrong: when 'when?': '1967' -> declined",
    ]
    f1 = next(one for one in comparison.differences if one.figure.name == "f1")
    assert (f1.first, f1.second) == (0.5, 0.5)
    assert f1.interval is not None
    assert f1.interval.low <= 0 <= f1.interval.high
    assert "left out: 1 asked only in the first, 1 only in the second" in report.comparison_table(
        comparison
    )


def test_a_run_compared_with_itself_differs_in_nothing() -> None:
    comparison = compare(run(FOUR), run(FOUR))
    assert comparison.changes == ()
    for one in comparison.differences:
        if one.figure.unit != "ms":
            assert one.first == one.second, one.figure.name
            assert one.interval is None or (one.interval.low, one.interval.high) == (0, 0)


def interval_of(name: str, comparison: Comparison) -> tuple[float, float] | None:
    found = next(one for one in comparison.differences if one.figure.name == name)
    return (found.interval.low, found.interval.high) if found.interval is not None else None


def test_intervals_of_a_comparison_draw_whole_articles() -> None:
    """One question of the bridge's turned right, the other stayed; the boat's turned wrong.

    Three clusters are drawn: the bridge, the boat, and the question without an article. The
    difference of EM is 0.5 at most, in 7 of 27 draws, and -1 at least, in as many. Question by
    question the one that turned right would be drawn alone in some and give 1.
    """
    boat = gold("owner", "Ada Crane", articles=("x.txt", "a.txt"))
    right = answered("Ada Crane", article_id="x")
    wrong = answered("1967", article_id="x")
    stays = {gold("day", "Sunday"): answered("Sunday"), gold("no"): answered("1967")}
    before = {gold("when", "1967"): answered("Sunday"), boat: right, **stays}
    after = {gold("when", "1967"): answered("1967"), boat: wrong, **stays}
    comparison = compare(run(before), run(after))
    assert comparison.articles == 3
    assert interval_of("exact_match", comparison) == (-1.0, 0.5)
    table = report.comparison_table(comparison)
    assert "95% interval by article" in table
    assert "drawn by gold article: 3" in table


def test_questions_of_one_article_are_one_draw_whatever_the_figure() -> None:
    """Every draw is the whole, so every interval is the difference itself, without width."""
    day, who = gold("day", "on Sunday"), gold("who", "Ada Crane")
    kept = {one: answer for one, answer in FOUR.items() if one.answers}
    before = {**kept, who: answered("1967", confidence=0.3)}
    after = {
        **kept,
        day: answered("on Sunday", confidence=0.6),
        who: answered("1967", declined=True, confidence=0.95),
    }
    comparison = compare(run(before), run(after))
    assert comparison.articles == 1
    moved_figures = set()
    for one in comparison.differences:
        if one.figure.simulated:
            continue
        assert interval_of(one.figure.name, comparison) == pytest.approx(
            (one.second - one.first,) * 2
        )
        moved_figures |= {one.figure.name} if one.first != one.second else set()
    # "precision" is over what each run answered, which are not the same questions.
    assert moved_figures >= {"exact_match", "wrongly_declined", "precision", "auroc", "brier"}


def test_an_unknown_gold_article_is_named_with_its_question() -> None:
    with pytest.raises(EvaluationError, match=r"'when'.*'wall\.txt'"):
        run({gold("when", "1967", articles=("wall.txt",)): answered("1967")})


def test_evaluate_reads_a_file_and_the_articles_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Bridge\n\n{TEXT}")
    line = {"id": "1", "question": "When?", "answers": ["1967"], "articles": ["a.txt"], "type": "x"}
    (tmp_path / "questions.jsonl").write_text(json.dumps(line))
    evaluation = evaluate(tmp_path / "questions.jsonl", lambda _: answered("1967"))
    assert evaluation.exact_match == 1.0


def test_bare_questions_need_articles() -> None:
    with pytest.raises(ValueError, match="articles"):
        evaluate([gold("when", "1967")], lambda _: answered("1967"))


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
    content = {"data": [{"title": "The_bridge", "paragraphs": paragraphs}]}
    found = read_squad(squad(tmp_path, content))
    (article,) = found.articles
    assert (article.title, article.text) == ("The bridge", TEXT)
    assert [one.answers for one in found.questions] == [("1967",), ()]
    assert {one.articles for one in found.questions} == {(article.source,)}
    assert read_set(tmp_path / "set.json").articles == found.articles


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param([], "not in SQuAD's format", id="list"),
        pytest.param({"data": [{"paragraphs": [{}]}]}, "context", id="no-context"),
        pytest.param(
            {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "q7"}]}]}]},
            "'q7'",
            id="question",
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
