"""How well a reader reads the passage that it is asked of, and tells when that does not answer."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import EvaluationError
from qa.evaluation import metrics
from qa.evaluation.squad import SquadQuestion, read_squad
from qa.reading import Reader
from qa.types import Chunk, Hit, Passage, Span

__all__ = ["DevFigures", "macro_f1", "measure"]


@dataclass(frozen=True, slots=True)
class DevFigures:
    """What a reader gives on the questions of one file, each with its own passage. In percent.

    Args:
        name: The file's name without its endings.
        questions: How many were asked.
        exact_match: On the answerable ones, always answering.
        f1: Likewise.
        auroc: Of answerable against unanswerable by the margin of the best span over "no answer";
            None where the file has but one of them.
        best_f1: SQuAD 2.0's F1 over all questions at the best threshold of that margin; None where
            ``auroc`` is.
    """

    name: str
    questions: int
    exact_match: float
    f1: float
    auroc: float | None
    best_f1: float | None


def measure(reader: Reader, paths: Iterable[str | Path], limit: int | None) -> list[DevFigures]:
    """Ask the questions of SQuAD files, each of its own passage.

    Args:
        reader: What is measured.
        paths: The files.
        limit: Questions of each at most, the same for every reader; all when None.

    Raises:
        EvaluationError: If a file cannot be read or holds no answerable question.
        ModelError: If the reader cannot be run.
    """
    found = []
    for path in paths:
        one = read_squad(path)
        draw = random.Random(0)  # noqa: S311 - a draw that can be repeated
        asked = one.asked
        if limit is not None and limit < len(asked):
            asked = tuple(draw.sample(asked, limit))
        if not any(question.answers for question in asked):
            raise EvaluationError(
                f"the dev file {path} has no answerable question among the {len(asked)} asked; "
                "name another file, or a greater limit"
            )
        found.append(_measured(one.kind, asked, reader))
    return found


def macro_f1(figures: Sequence[DevFigures]) -> float:
    """Average F1 over the files, whatever their sizes."""
    return sum(one.f1 for one in figures) / len(figures)


def _measured(kind: str, asked: Sequence[SquadQuestion], reader: Reader) -> DevFigures:
    em, f1, margin = [], [], []
    answerable = [bool(one.answers) for one in asked]
    for one in asked:
        text, sure = _read(one, reader)
        golds = [answer.text for answer in one.answers]
        em.append(metrics.exact_match(text, golds) if golds else 0.0)
        f1.append(metrics.f1(text, golds) if golds else 0.0)
        margin.append(sure)
    count = sum(answerable)
    both = count < len(asked)
    area = metrics.auroc(margin, answerable) if both else None
    best = metrics.squad_best(em, f1, answerable, margin).f1 if both else None
    return DevFigures(
        kind,
        len(asked),
        100 * sum(em) / count,
        100 * sum(f1) / count,
        None if area is None else 100 * area,
        None if best is None else 100 * best,
    )


def _read(one: SquadQuestion, reader: Reader) -> tuple[str, float]:
    """Give the best span's words and its margin over "no answer"."""
    article = one.article
    chunk = Chunk(article.id, Span(0, len(article.text)), article.text)
    passage = Passage(Hit(chunk, 0.0, 1), article.title)
    candidates = reader.read(one.question, [passage], 1)
    if not candidates:
        return "", float("-inf")
    best = candidates[0]
    return best.text, best.score - best.null_score
