"""Gold questions asked one by one, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qa.evaluation import metrics
from qa.evaluation.questions import check_articles, read_questions
from qa.types import Answer, GoldQuestion

__all__ = ["Evaluation", "Outcome", "evaluate"]

_RANKS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked.

    Args:
        gold: The question with its accepted answers.
        answer: What was answered.
        found_at: Rank of the first hit in a gold article that holds a gold answer; None where
            there is none.
        seconds: How long the answer took.
    """

    gold: GoldQuestion
    answer: Answer
    found_at: int | None
    seconds: float

    @property
    def prediction(self) -> str:
        """Give the answer's text; empty when declined."""
        return self.answer.text or ""

    @property
    def exact_match(self) -> float:
        """Give the exact match, 0.0 or 1.0."""
        return metrics.exact_match(self.prediction, self.gold.answers)

    @property
    def f1(self) -> float:
        """Give the F1, in [0, 1]."""
        return metrics.f1(self.prediction, self.gold.answers)


@dataclass(frozen=True)
class Evaluation:
    """The outcomes of a question set, and the figures made of them. Shares are in [0, 1].

    Args:
        outcomes: In the order of asking.
    """

    outcomes: tuple[Outcome, ...]

    @cached_property
    def answerable(self) -> tuple[Outcome, ...]:
        """Give the outcomes of questions that have an answer."""
        return tuple(one for one in self.outcomes if one.gold.answerable)

    @cached_property
    def unanswerable(self) -> tuple[Outcome, ...]:
        """Give the outcomes of questions that have none."""
        return tuple(one for one in self.outcomes if not one.gold.answerable)

    @property
    def exact_match(self) -> float | None:
        """Average the exact match over the answerable questions."""
        return metrics.mean([one.exact_match for one in self.answerable])

    @property
    def f1(self) -> float | None:
        """Average F1 over the answerable questions; a declined one counts 0."""
        return metrics.mean([one.f1 for one in self.answerable])

    @property
    def declined(self) -> float | None:
        """Give the share of the unanswerable questions that were declined."""
        return metrics.mean([float(one.answer.text is None) for one in self.unanswerable])

    @property
    def wrongly_declined(self) -> float | None:
        """Give the share of the answerable questions that were declined."""
        return metrics.mean([float(one.answer.text is None) for one in self.answerable])

    def recall(self, rank: int) -> float | None:
        """Give Recall@rank: the share of answerable questions with a right hit up to that rank."""
        found = [one.found_at for one in self.answerable]
        return metrics.mean([float(at is not None and at <= rank) for at in found])

    def seconds(self, percent: float) -> float | None:
        """Give a percentile of the time per answer, in seconds."""
        return metrics.percentile([one.seconds for one in self.outcomes], percent)

    def by_type(self) -> dict[str, Evaluation]:
        """Split the outcomes by type of question, sorted by name."""
        types = sorted({one.gold.type for one in self.outcomes})
        return {
            name: Evaluation(tuple(one for one in self.outcomes if one.gold.type == name))
            for name in types
        }

    def figures(self) -> dict[str, float | int | None]:
        """List the figures by name."""
        return {
            "questions": len(self.outcomes),
            "exact_match": self.exact_match,
            "f1": self.f1,
            "wrongly_declined": self.wrongly_declined,
            "unanswerable": len(self.unanswerable),
            "declined": self.declined,
            **{f"recall@{rank}": self.recall(rank) for rank in _RANKS},
            "seconds_p50": self.seconds(50),
            "seconds_p95": self.seconds(95),
        }


def evaluate(
    questions: str | Path | Sequence[GoldQuestion],
    ask: Callable[[GoldQuestion], Answer],
    *,
    articles: Mapping[str, str],
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask every question of a set and compare the answers with the gold ones.

    Args:
        questions: A file for :func:`read_questions`, or the questions themselves.
        ask: Answers one question.
        articles: File names of the library's articles by their ids.
        on_progress: Called with how many questions are done and how many there are.

    Returns:
        The outcomes and their figures.

    Raises:
        EvaluationError: If the set cannot be read or names an unknown article.
    """
    golds = read_questions(questions) if isinstance(questions, str | Path) else list(questions)
    check_articles(golds, set(articles.values()))
    outcomes = []
    for done, gold in enumerate(golds, start=1):
        started = time.perf_counter()
        answer = ask(gold)
        seconds = time.perf_counter() - started
        outcomes.append(Outcome(gold, answer, _found_at(gold, answer, articles), seconds))
        if on_progress is not None:
            on_progress(done, len(golds))
    return Evaluation(tuple(outcomes))


def _found_at(gold: GoldQuestion, answer: Answer, articles: Mapping[str, str]) -> int | None:
    ranks: Iterable[int] = (
        hit.rank
        for hit in answer.hits
        if articles.get(hit.chunk.article_id) in gold.articles
        and metrics.holds(hit.chunk.text, gold.answers)
    )
    return min(ranks, default=None)
