"""Question sets: a file to gold questions. Today our JSONL, one question a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.types import GoldQuestion

__all__ = ["check_articles", "read_questions"]

_REQUIRED = ("id", "question", "answers", "articles", "type")


def read_questions(path: str | Path) -> list[GoldQuestion]:
    """Read a question set.

    Args:
        path: A file of JSON lines, each with id, question, answers, articles and type; answer_sets
            and stale where they apply.

    Returns:
        The questions, in the file's order.

    Raises:
        EvaluationError: If the file cannot be read, has no question, or a line is not one; names
            the line.
    """
    path = Path(path)
    try:
        # Not splitlines(): a text in JSON may hold U+2028 and other line ends than this one.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"the question set {path} cannot be read: {error}") from error
    questions: dict[str, GoldQuestion] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _question(line, f"{path}, line {number}")
        if question.id in questions:
            raise EvaluationError(f"{path}, line {number}: the id {question.id!r} occurs twice")
        questions[question.id] = question
    if not questions:
        raise EvaluationError(
            f"the question set {path} is empty; write one JSON object a line: "
            '{"id", "question", "answers", "articles", "type"}'
        )
    return list(questions.values())


def check_articles(questions: Iterable[GoldQuestion], known: Collection[str]) -> None:
    """Refuse questions that name an article which does not exist.

    Args:
        questions: The set.
        known: File names of the library's articles.

    Raises:
        EvaluationError: If there is one; names the question's id.
    """
    for question in questions:
        for name in question.articles:
            if name not in known:
                raise EvaluationError(
                    f"question {question.id!r} names the article {name!r}, which the library does "
                    f"not hold ({len(known)} articles); add it, or correct the name"
                )


def _question(line: str, place: str) -> GoldQuestion:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{place}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise EvaluationError(f"{place}: expected an object, found {type(found).__name__}")
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        raise EvaluationError(f"{place}: lacks {', '.join(missing)}")
    return GoldQuestion(
        id=_text(found["id"], "id", place),
        question=_text(found["question"], "question", place),
        answers=_texts(found["answers"], "answers", place),
        articles=_texts(found["articles"], "articles", place),
        type=_text(found["type"], "type", place),
        answer_sets=_groups(found.get("answer_sets", []), "answer_sets", place),
        stale=_texts(found.get("stale", []), "stale", place),
    )


def _text(value: Any, name: str, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise EvaluationError(f"{place}: {name} must be a text that is not empty, found {value!r}")
    return value


def _texts(value: Any, name: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise EvaluationError(f"{place}: {name} must be a list of texts, found {value!r}")
    return tuple(_text(one, name, place) for one in value)


def _groups(value: Any, name: str, place: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(group, list) and group for group in value):
        raise EvaluationError(f"{place}: {name} must be a list of lists of texts, found {value!r}")
    return tuple(_texts(group, name, place) for group in value)
