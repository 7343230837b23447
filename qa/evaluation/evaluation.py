"""The outcomes of a question set, and the figures made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.figures import FIGURES, FIGURES_BY_NAME
from qa.evaluation.outcome import Outcome

__all__ = ["Evaluation", "kind_of_error", "sure_and_right", "threshold_for"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcomes of a question set. Shares are in [0, 1], times in seconds.

    Every figure of :data:`FIGURES` can be read with :meth:`figure`; those that tests ask for most
    are attributes too.

    Args:
        outcomes: In the order of asking.
        complete: Whether every question was asked; an interrupted run keeps what it has.
    """

    outcomes: tuple[Outcome, ...]
    complete: bool = True

    def __len__(self) -> int:
        return len(self.outcomes)

    def figure(self, name: str) -> float | None:
        """Compute one figure; None where there is nothing to compute it from.

        Raises:
            KeyError: If there is no such figure.
        """
        return FIGURES_BY_NAME[name].whole(self.outcomes)

    def interval(self, name: str, draws: int = 1000) -> metrics.Interval | None:
        """Compute a figure's bootstrap 95% interval, over questions; None for a simulated one.

        Raises:
            KeyError: If there is no such figure.
        """
        figure = FIGURES_BY_NAME[name]
        if figure.simulated:
            return None
        if figure.share is not None:
            shares = [figure.share(one) for one in self.outcomes]
            return metrics.bootstrap_mean([one for one in shares if one is not None], draws)
        table = figure.table(self.outcomes)
        return metrics.bootstrap(
            lambda drawn: figure.measure(*table[:, drawn]), len(self.outcomes), draws
        )

    def coverage_interval(self, precision: float, draws: int = 500) -> metrics.Interval | None:
        """Compute the bootstrap 95% interval of the coverage at a precision."""
        sure, right = sure_and_right(self.outcomes)
        return metrics.bootstrap(
            lambda rows: metrics.coverage_at(sure[rows], right[rows], precision)[0],
            len(self.outcomes),
            draws,
        )

    def figures(self) -> dict[str, float | None]:
        """Compute all figures, by name."""
        return {figure.name: figure.whole(self.outcomes) for figure in FIGURES}

    @property
    def exact_match(self) -> float:
        """Give the exact match on the answerable questions; NaN where there is none."""
        return self._number("exact_match")

    @property
    def f1(self) -> float:
        """Give F1 on the answerable questions, a declined one counting 0; NaN without any."""
        return self._number("f1")

    @property
    def declined(self) -> float:
        """Give the share of unanswerable questions that were declined; NaN without any."""
        return self._number("declined")

    def recall(self, rank: int) -> float:
        """Give Recall@rank for a rank of 1, 5, 10 or 20; NaN without answerable questions."""
        return self._number(f"recall@{rank}")

    def by_type(self) -> dict[str, Evaluation]:
        """Split the outcomes by type of question, sorted by name."""
        types = sorted({one.gold.type for one in self.outcomes})
        return {name: self.of_type(name) for name in types}

    def of_type(self, name: str) -> Evaluation:
        """Keep the outcomes of one type of question."""
        kept = tuple(one for one in self.outcomes if one.gold.type == name)
        return Evaluation(kept, self.complete)

    def mistakes(self) -> list[Outcome]:
        """List what went wrong, most confident first: see :func:`kind_of_error`."""
        wrong = [one for one in self.outcomes if kind_of_error(one)]
        return sorted(wrong, key=lambda one: (-one.confidence, one.gold.id))

    def _number(self, name: str) -> float:
        found = self.figure(name)
        return found if found is not None else float(np.nan)


def kind_of_error(outcome: Outcome) -> str:
    """Name what went wrong with a question.

    Returns:
        "wrongly answered" for an unanswerable question that was answered; for an answerable one
        whose best candidate is wrong, "retrieval missed" where no passage that was found holds the
        answer and "reader wrong" otherwise; "wrongly declined" where the best candidate is right
        but was not given; an empty string where nothing went wrong.
    """
    if not outcome.gold.answerable:
        return "" if outcome.declined else "wrongly answered"
    if outcome.right:
        return "wrongly declined" if outcome.declined else ""
    return "retrieval missed" if outcome.found_at is None else "reader wrong"


def threshold_for(outcomes: Sequence[Outcome], precision: float) -> tuple[float, float]:
    """Find the confidence to ask for so that answers are right as often as wanted.

    Args:
        outcomes: From a run over questions like the user's; declining does not matter.
        precision: The wanted share of right among the answered, in [0, 1].

    Returns:
        The threshold, and the share of all questions that it answers; (1.0, 0.0) where no
        threshold is precise enough.
    """
    coverage, threshold = metrics.coverage_at(*sure_and_right(outcomes), precision)
    return (threshold, coverage) if threshold is not None else (1.0, 0.0)


def sure_and_right(outcomes: Sequence[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    """List what the curves of confidence are drawn from.

    Returns:
        Of each question the confidence, float64, and whether the best candidate is right, bool;
        both of shape (questions,).
    """
    sure = np.array([one.confidence for one in outcomes], dtype=np.float64)
    return sure, np.array([one.right for one in outcomes], dtype=bool)
