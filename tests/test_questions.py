"""Question sets: what is wrong in one is named by line or id."""

from __future__ import annotations

import json

import pytest

from qa.errors import EvaluationError
from qa.evaluation.questions import check_articles, read_questions
from qa.evaluation.squad import SquadAnswer
from qa.types import GoldQuestion, Span

GOOD = {
    "id": "q1",
    "question": "When did the wall open?",
    "answers": ["1989", "in 1989"],
    "articles": ["wall.txt"],
    "type": "date",
}


def write(tmp_path, *lines, encoding="utf-8", end="\n"):
    path = tmp_path / "questions.jsonl"
    texts = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    path.write_bytes(end.join(texts).encode(encoding))
    return path


def test_questions_come_in_the_files_order_with_all_their_fields(tmp_path):
    rich = GOOD | {
        "id": "q0",
        "answers": [],
        "answer_sets": [["Peru"], ["Chile", "Republic of Chile"]],
        "stale": ["Bolivia"],
        "note": "a field of others",
    }
    assert read_questions(write(tmp_path, GOOD, rich)) == [
        GoldQuestion("q1", GOOD["question"], ("1989", "in 1989"), ("wall.txt",), "date"),
        GoldQuestion(
            "q0",
            GOOD["question"],
            (),
            ("wall.txt",),
            "date",
            answer_sets=(("Peru",), ("Chile", "Republic of Chile")),
            stale=("Bolivia",),
        ),
    ]


def test_unanswerable_question_has_no_answers(tmp_path):
    (found,) = read_questions(write(tmp_path, GOOD | {"answers": [], "articles": []}))
    assert not found.answerable


@pytest.mark.parametrize(
    ("encoding", "end"),
    [
        pytest.param("utf-8-sig", "\n", id="BOM"),
        pytest.param("utf-8", "\r\n", id="CRLF"),
        pytest.param("utf-8", "\n\n   \n", id="blank lines"),
    ],
)
def test_files_as_other_systems_write_them(tmp_path, encoding, end):
    path = write(tmp_path, GOOD, GOOD | {"id": "q2"}, "", encoding=encoding, end=end)
    assert [found.id for found in read_questions(path)] == ["q1", "q2"]


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("\u2028", id="line separator"),
        pytest.param("\u0085", id="next line"),
        pytest.param("\u2029", id="paragraph separator"),
    ],
)
def test_other_line_ends_inside_a_text_end_no_line(tmp_path, mark):
    path = write(tmp_path, GOOD | {"question": f"When{mark}exactly?"})
    assert read_questions(path)[0].question == f"When{mark}exactly?"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"id": "q2",', "not JSON", id="cut off"),
        pytest.param("id: q2", "not JSON", id="no JSON"),
        pytest.param('{"id": ' + "9" * 5000 + "}", "not JSON", id="a number of 5,000 digits"),
        pytest.param("[" * 100_000, "not JSON", id="nested without end"),
        pytest.param("[]", "expected an object, found list", id="list"),
        pytest.param("null", "expected an object, found NoneType", id="null"),
        pytest.param({"id": "q2"}, "lacks question, answers, articles, type", id="fields missing"),
        pytest.param(GOOD | {"id": 7}, "id must be a text that is not empty, found 7", id="id"),
        pytest.param(GOOD | {"id": " "}, "id must be a text", id="blank id"),
        pytest.param(GOOD | {"question": ""}, "question must be a text", id="empty question"),
        pytest.param(GOOD | {"answers": "1989"}, "answers must be a list", id="text for answers"),
        pytest.param(GOOD | {"answers": None}, "answers must be a list", id="null answers"),
        pytest.param(GOOD | {"answers": [1989]}, "answers must be a text", id="number in answers"),
        pytest.param(GOOD | {"answers": [""]}, "answers must be a text", id="empty answer"),
        pytest.param(GOOD | {"articles": {}}, "articles must be a list", id="articles"),
        pytest.param(GOOD | {"type": []}, "type must be a text", id="type"),
        pytest.param(GOOD | {"answer_sets": 5}, "answer_sets must be a list", id="number of sets"),
        pytest.param(GOOD | {"answer_sets": None}, "answer_sets must be a list", id="null sets"),
        pytest.param(
            GOOD | {"answer_sets": ["Peru"]}, "answer_sets must be a list", id="flat sets"
        ),
        pytest.param(GOOD | {"answer_sets": [[]]}, "answer_sets must be a list", id="empty set"),
        pytest.param(GOOD | {"stale": "2018"}, "stale must be a list", id="stale"),
    ],
)
def test_bad_line_is_named(tmp_path, line, reason):
    path = write(tmp_path, GOOD, "", line)
    with pytest.raises(EvaluationError, match=reason) as caught:
        read_questions(path)
    assert str(caught.value).startswith(f"{path}, line 3: ")


def test_id_that_occurs_twice_is_named_with_its_line(tmp_path):
    path = write(tmp_path, GOOD, GOOD | {"question": "Another?"})
    with pytest.raises(EvaluationError, match="line 2: the id 'q1' occurs twice"):
        read_questions(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n  \n", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", id="only a BOM"),
    ],
)
def test_empty_set_is_refused_with_what_to_write(tmp_path, content):
    path = tmp_path / "none.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match=r'is empty; write one JSON object a line: \{"id"'):
        read_questions(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(json.dumps(GOOD).encode("utf-16"), id="UTF-16"),
    ],
)
def test_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "odd.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvaluationError, match=r"odd\.jsonl cannot be read"):
        read_questions(path)


def test_folder_is_no_question_set(tmp_path):
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_questions(tmp_path)


def test_question_on_an_article_that_does_not_exist_is_named():
    golds = [
        GoldQuestion("q1", "When?", ("1989",), ("wall.txt",), "date"),
        GoldQuestion("q2", "Who?", ("Crane",), ("wall.txt", "gone.txt"), "person"),
    ]
    check_articles(golds, {"wall.txt", "gone.txt"})
    with pytest.raises(EvaluationError, match=r"'q2' names the article 'gone.txt'.*\(1 articles\)"):
        check_articles(golds, {"wall.txt"})


@pytest.mark.parametrize(
    ("start", "found"),
    [
        pytest.param(9, Span(9, 13), id="where-the-file-says"),
        pytest.param(3, Span(0, 4), id="not-there"),
        pytest.param(None, Span(0, 4), id="not-said"),
        pytest.param(-4, Span(0, 4), id="counted-from-the-end"),
    ],
)
def test_a_squad_answer_stands_where_its_file_says_or_first(start: int | None, found: Span) -> None:
    assert SquadAnswer("Four", start).place("Four and Four") == found
    assert SquadAnswer("Five", start).place("Four and Four") is None
