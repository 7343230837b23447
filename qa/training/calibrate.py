"""Fits a reader's calibration: ``citespan train --calibrate-only``.

Every question set becomes a closed pool of its own: its paragraphs are the library, its questions
are asked of all of them, as a user's are. Questions that presuppose their article ("Who reviewed
the film?") have no single right passage in a pool; a set of such is asked of their own articles
(``own``). What is fitted is whether the candidate that would be answered is right, so wrong
passages, wrong spans and unanswerable questions all teach it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from embeddings import Embedder, load_embedder
from qa.answering import rank
from qa.calibration import FILE_NAME, Calibration, Fitted, features, fit
from qa.errors import TrainingError
from qa.evaluation import metrics
from qa.evaluation.squad import SquadFile, read_squad
from qa.library import Library
from qa.reading import SPANS_PER_PASSAGE, Reader, load_reader
from qa.retrieval import retrieve
from qa.settings import Settings
from qa.types import Candidate, GoldQuestion

__all__ = ["Example", "best_threshold", "calibrate", "calibrate_reader", "examples"]

# Thresholds whose F1 over all questions comes so near to the best one's are as good as it.
_AS_GOOD = 0.005

# The lowest of those moves with the draw of the questions; the median over this many bootstrap
# draws is steady.
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Example:
    """The candidate that a question would be answered with, and its worth.

    Args:
        features: See :func:`qa.calibration.features`.
        f1: Against the gold answers; 0 for an unanswerable question.
        answerable: Whether the question has an answer.
    """

    features: tuple[float, ...]
    f1: float
    answerable: bool


def examples(
    one: SquadFile,
    count: int,
    embedder: Embedder,
    reader: Reader,
    settings: Settings,
    *,
    own: bool = False,
) -> Iterator[Example]:
    """Ask the questions of a set over its own paragraphs.

    Args:
        one: The question set.
        count: Its questions at most, drawn with a fixed seed.
        embedder: Embeds paragraphs and questions.
        reader: Proposes the candidates.
        settings: How many passages to read.
        own: Ask each question of its own paragraph alone.
    """
    with TemporaryDirectory(prefix="citespan-") as folder:
        library = Library.open(folder, settings=settings, embedder=embedder)
        library.add(one.articles)
        draw = random.Random(0)  # noqa: S311 - a draw that can be repeated
        questions = one.questions
        for question in draw.sample(questions, min(count, len(questions))):
            source = question.articles[0] if own else None
            best = _best(question, library, reader, settings.passages, source)
            if best is not None:
                yield Example(features(best), _worth(question, best), bool(question.answers))


def calibrate(
    found: Sequence[Example], like_use: Sequence[Example], fitted_for: Fitted, source: str
) -> Calibration:
    """Fit a curve to examples, right meaning an F1 of one half or more.

    Args:
        found: What the curve is fitted to.
        like_use: What the threshold is chosen on: questions as users ask them, on texts like
            theirs. How many of them have no answer moves it.
        fitted_for: The reader that found them, and how it read.
        source: What the examples are, for people.

    Raises:
        ValueError: If all of ``found`` are right or none is.
    """
    rows = np.array([one.features for one in found])
    weights, intercept = fit(rows, [one.f1 >= 0.5 for one in found])
    curve = Calibration(fitted_for, weights, intercept, 0.0, source)
    sure = [curve.probability(one.features) for one in like_use]
    return replace(curve, threshold=best_threshold(sure, like_use))


def best_threshold(sure: Sequence[float], found: Sequence[Example]) -> float:
    """Find the confidence to ask for: the lowest with about the best F1 over all questions.

    A declined question counts 1 where it is unanswerable and 0 where it is not (Rajpurkar et al.
    2018). That F1 is flat around its best, where right answers are lost as fast as wrong ones; of
    thresholds that are as good the lowest shows the most answers.

    Args:
        sure: The confidence of each example.
        found: The examples.

    Returns:
        The lowest threshold, in steps of 0.001, within half a point of the best, as the median over
        bootstrap draws of the examples; 0.0 for no examples.
    """
    if not found:
        return 0.0
    confidence = np.asarray(sure, dtype=np.float64)
    f1 = np.array([one.f1 for one in found])
    unanswerable = np.array([not one.answerable for one in found], dtype=np.float64)
    thresholds = np.arange(1001) / 1000
    answered = confidence >= thresholds[:, None]
    worth = np.where(answered, f1, unanswerable)
    random = np.random.default_rng(0)
    drawn = random.multinomial(len(found), np.full(len(found), 1 / len(found)), size=_DRAWS)
    totals = drawn @ worth.T / len(found)
    as_good = totals >= totals.max(axis=1, keepdims=True) - _AS_GOOD
    return float(np.median(thresholds[as_good.argmax(axis=1)]))


def calibrate_reader(
    folder: Path,
    pools: Sequence[Path],
    own: Sequence[Path] = (),
    *,
    per_pool: int = 300,
    settings: Settings | None = None,
    tell: Callable[[str], None] = print,
) -> Calibration:
    """Fit a curve for a reader to question sets, and write it beside the reader's weights.

    Args:
        folder: The reader's.
        pools: SQuAD files, each asked as a closed pool.
        own: SQuAD files whose questions are asked of their own paragraphs. The threshold is chosen
            on the first of them, or on the first pool where there is none.
        per_pool: Questions of each pool at most; of ``own`` all are asked.
        settings: Which embedder, and how many passages are read; the defaults when None.
        tell: Told what happens.

    Raises:
        TrainingError: If nothing can be learnt from the sets, or the curve cannot be written.
        EvaluationError: If a set cannot be read.
        ModelError: If a model cannot be loaded or run.
    """
    chosen = settings if settings is not None else Settings()
    paths = [*own, *pools]
    if not paths:
        raise TrainingError("a calibration needs question files that training never saw")
    sets = [read_squad(path) for path in paths]
    reader, embedder = load_reader(str(folder)), load_embedder(chosen.embedder)
    by_set: list[list[Example]] = []
    for number, (path, one) in enumerate(zip(paths, sets, strict=True)):
        tell(f"asking {path.name}")
        alone = number < len(own)
        count = len(one.asked) if alone else per_pool
        by_set.append(list(examples(one, count, embedder, reader, chosen, own=alone)))
    found = [example for part in by_set for example in part]
    names = [f"{path.name} (own paragraphs)" for path in own]
    names += [f"{path.name} (pool)" for path in pools]
    day = datetime.now(UTC).date().isoformat()
    source = f"{len(found)} questions of {', '.join(names)}; threshold on {paths[0].name}; {day}"
    fitted_for = Fitted(reader.sha256, reader.precision, chosen.passages)
    try:
        curve = calibrate(found, by_set[0], fitted_for, source)
        curve.save(folder / FILE_NAME)
    except (ValueError, OSError) as error:
        raise TrainingError(f"no calibration can be made for {folder}: {error}") from error
    return curve


def _best(
    question: GoldQuestion, library: Library, reader: Reader, passages: int, source: str | None
) -> Candidate | None:
    vector = library.embedder.encode([question.question])[0]
    with library.view() as view:
        allowed = view.allowed(source)
        hits = retrieve(question.question, vector, view, passages, allowed=allowed)
        shown = view.passages(hits)
    ranked = rank(reader.read(question.question, shown, SPANS_PER_PASSAGE))
    return ranked[0][0] if ranked else None


def _worth(question: GoldQuestion, best: Candidate) -> float:
    return metrics.f1(best.text, question.answers) if question.answers else 0.0
