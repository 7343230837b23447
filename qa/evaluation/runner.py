"""Gold questions asked one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa import ingest
from qa.errors import EvaluationError, QuestionError
from qa.evaluation.evaluation import Evaluation
from qa.evaluation.outcome import Outcome, outcome_of
from qa.evaluation.questions import Thread, check_articles
from qa.evaluation.sets import QuestionSet, read_set
from qa.types import Answer, Article, GoldQuestion

__all__ = ["articles_beside", "evaluate", "outcomes"]

Ask = Callable[[GoldQuestion], Answer]


def evaluate(
    questions: str | Path | QuestionSet | Sequence[GoldQuestion],
    ask: Ask,
    *,
    articles: Iterable[Article] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask every question of a set and compare the answers with the gold ones.

    ::

        evaluation = evaluate("questions.jsonl", lambda gold: assistant.ask(gold.question))
        assert evaluation.f1 > 0.6

    Args:
        questions: A file (our JSONL, dialogues or SQuAD's JSON), a set read from one, or questions.
        ask: Answers one question; ``gold.history`` holds the turns before it.
        articles: What is asked; when None, the articles that the set brings or that lie beside its
            file.
        on_progress: Called with how many questions are done and how many there are.

    Returns:
        The outcomes and their figures.

    Raises:
        EvaluationError: If the set cannot be read, names an unknown article, or a question cannot
            be asked.
        ValueError: If ``questions`` are a bare sequence and ``articles`` is None.
    """
    asked = _as_set(questions)
    if articles is None:
        if not asked.articles and asked.folder is None:
            raise ValueError("name the articles that these questions are asked of")
        articles = asked.articles or articles_beside(asked.folder)
    by_id = {article.id: article for article in articles}
    return Evaluation(tuple(outcomes(asked.threads, ask, by_id, on_progress=on_progress)))


def outcomes(
    threads: Sequence[Thread],
    ask: Ask,
    articles: Mapping[str, Article],
    *,
    done: Mapping[str, Outcome] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[Outcome]:
    """Ask the questions of threads, each turn with the answers given to the turns before it.

    Args:
        threads: What to ask, in order.
        ask: Answers one question.
        articles: What is asked, by id.
        done: Outcomes of an earlier run, by question id; those are not asked again.
        on_progress: Called with how many questions are done and how many there are.

    Yields:
        The outcomes, in the order of asking, each as soon as it is there.

    Raises:
        EvaluationError: If a question names an unknown article or cannot be asked.
    """
    questions = [question for thread in threads for question in thread]
    check_articles(questions, {Path(one.source).name for one in articles.values()})
    known = done if done is not None else {}
    count = 0
    for thread in threads:
        history: list[tuple[str, str | None]] = []
        for question in thread:
            gold = replace(question, history=(*question.history, *history))
            outcome = known.get(gold.id) or _outcome(gold, ask, articles)
            history.append((gold.question, outcome.text or None))
            yield outcome
            count += 1
            if on_progress is not None:
                on_progress(count, len(questions))


def articles_beside(folder: Path | None) -> list[Article]:
    """Read the articles of a folder, as a library that is made of it holds them."""
    if folder is None:
        return []
    return [ingest.load(path) for path in ingest.find_sources(folder)[0]]


def _outcome(gold: GoldQuestion, ask: Ask, articles: Mapping[str, Article]) -> Outcome:
    started = time.perf_counter()
    try:
        answer = ask(gold)
    except QuestionError as error:
        raise EvaluationError(f"question {gold.id!r} cannot be asked: {error}") from error
    return outcome_of(gold, answer, articles, time.perf_counter() - started)


def _as_set(questions: str | Path | QuestionSet | Sequence[GoldQuestion]) -> QuestionSet:
    if isinstance(questions, QuestionSet):
        return questions
    if isinstance(questions, str | Path):
        return read_set(questions)
    return QuestionSet("questions", tuple((one,) for one in questions))
