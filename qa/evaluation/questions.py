"""Our JSONL to gold questions: one question, or one dialogue, a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.types import GoldQuestion

__all__ = ["Thread", "check_articles", "read_questions", "read_threads"]

_REQUIRED = ("id", "question", "answers", "articles", "type")
_REQUIRED_OF_TURN = ("question", "answers", "articles")

# Questions that are asked one after the other: one alone, or the turns of a dialogue.
Thread = tuple[GoldQuestion, ...]


def read_questions(path: str | Path) -> list[GoldQuestion]:
    """Read a question set as questions; see :func:`read_threads`."""
    return [question for thread in read_threads(path) for question in thread]


def read_threads(path: str | Path, *, resolved: bool = False) -> list[Thread]:
    """Read a question set.

    Args:
        path: A file of JSON lines, each with id, question, answers, articles and type, answer_sets
            and stale where they apply; or with id and turns, each with question, answers and
            articles, and resolved where it depends on the turns before.
        resolved: Ask turns in their stand-alone wording, each alone.

    Returns:
        The threads, in the file's order. A turn's id is its dialogue's, a slash and its number; its
        type is "opening", "follow-up" or, for the last turn of a dialogue with topic_switch,
        "topic switch".

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
    threads: list[Thread] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        added = _thread(line, f"{path}, line {number}", resolved)
        for question in (one for thread in added for one in thread):
            if question.id in seen:
                raise EvaluationError(f"{path}, line {number}: the id {question.id!r} occurs twice")
            seen.add(question.id)
        threads.extend(added)
    if not threads:
        raise EvaluationError(
            f"the question set {path} is empty; write one JSON object a line: "
            '{"id", "question", "answers", "articles", "type"}'
        )
    return threads


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


def _thread(line: str, place: str, resolved: bool) -> list[Thread]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{place}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise EvaluationError(f"{place}: expected an object, found {type(found).__name__}")
    if "turns" not in found:
        return [(_question(found, place),)]
    turns = _turns(found, place)
    if not resolved:
        return [tuple(question for question, _ in turns)]
    return [(replace(question, question=alone),) for question, alone in turns]


def _turns(dialogue: dict[str, Any], place: str) -> list[tuple[GoldQuestion, str]]:
    """List a dialogue's turns as they are asked, each with its stand-alone wording."""
    name, turns = dialogue.get("id"), dialogue["turns"]
    if not isinstance(name, str) or not isinstance(turns, list) or not turns:
        raise EvaluationError(f"{place}: a dialogue needs an id and a list of turns")
    found = []
    for number, turn in enumerate(turns, start=1):
        here = f"{place}, turn {number}"
        if not isinstance(turn, dict):
            raise EvaluationError(f"{here}: expected an object, found {type(turn).__name__}")
        switches = bool(dialogue.get("topic_switch")) and number == len(turns)
        follows = "topic switch" if switches else "follow-up"
        kind = follows if number > 1 else "opening"
        _require(turn, _REQUIRED_OF_TURN, here)
        question = _question({"stale": [], **turn, "id": f"{name}/{number}", "type": kind}, here)
        alone = _text(turn.get("resolved", question.question), "resolved", here)
        found.append((question, alone))
    return found


def _require(found: dict[str, Any], names: Iterable[str], place: str) -> None:
    missing = [name for name in names if name not in found]
    if missing:
        raise EvaluationError(f"{place}: lacks {', '.join(missing)}")


def _question(found: dict[str, Any], place: str) -> GoldQuestion:
    _require(found, _REQUIRED, place)
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
