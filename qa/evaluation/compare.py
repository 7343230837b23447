"""Two runs over the same questions: what is better, by how much, and is it more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.evaluation import Evaluation
from qa.evaluation.figures import FIGURES, Figure, Share
from qa.evaluation.outcome import Outcome

__all__ = ["Change", "Comparison", "Difference", "compare"]

# A figure that is no mean is computed anew for every draw.
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs, and the paired bootstrap 95% interval of second minus first."""

    figure: Figure
    first: float
    second: float
    interval: metrics.Interval | None


@dataclass(frozen=True, slots=True)
class Change:
    """A question that the runs answer differently.

    Args:
        first: Its outcome in the first run.
        second: Its outcome in the second.
        verdict: "turned right", "turned wrong" or "changed".
    """

    first: Outcome
    second: Outcome
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs have in common and where they differ.

    Args:
        common: How many questions both asked.
        only_first: How many only the first asked.
        only_second: How many only the second asked.
        differences: By figure, over the common questions.
        changes: By question.
    """

    common: int
    only_first: int
    only_second: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """Compare two runs on the questions that both asked.

    Questions are the same when id, wording and gold answers are. The interval draws questions, the
    same ones for both runs, so what a question adds to both cancels out.
    """
    others = {_identity(one): one for one in second.outcomes}
    pairs = [(one, others[_identity(one)]) for one in first.outcomes if _identity(one) in others]
    differences = (_difference(figure, pairs) for figure in FIGURES)
    return Comparison(
        common=len(pairs),
        only_first=len(first) - len(pairs),
        only_second=len(second) - len(pairs),
        differences=tuple(one for one in differences if one is not None),
        changes=tuple(
            Change(one, other, _verdict(one, other))
            for one, other in pairs
            if one.text != other.text
        ),
    )


def _difference(figure: Figure, pairs: Sequence[tuple[Outcome, Outcome]]) -> Difference | None:
    first = figure.whole([one for one, _ in pairs])
    second = figure.whole([other for _, other in pairs])
    if first is None or second is None:
        return None
    if figure.simulated:
        return Difference(figure, first, second, None)
    interval = _mean_interval(figure.share, pairs) if figure.share else _interval(figure, pairs)
    return Difference(figure, first, second, interval)


def _mean_interval(
    share: Share, pairs: Sequence[tuple[Outcome, Outcome]]
) -> metrics.Interval | None:
    """Draw the shares of questions that have one in both runs."""
    shares = [(share(one), share(other)) for one, other in pairs]
    both = [(one, other) for one, other in shares if one is not None and other is not None]
    if not both:
        return None
    ones, others = zip(*both, strict=True)
    return metrics.paired_bootstrap(ones, others)


def _interval(figure: Figure, pairs: Sequence[tuple[Outcome, Outcome]]) -> metrics.Interval | None:
    def difference(rows: np.ndarray) -> float | None:
        one = figure.whole([pairs[row][0] for row in rows])
        other = figure.whole([pairs[row][1] for row in rows])
        return other - one if one is not None and other is not None else None

    return metrics.bootstrap(difference, len(pairs), _DRAWS)


def _identity(outcome: Outcome) -> tuple[object, ...]:
    gold = outcome.gold
    return gold.id, gold.question, gold.answers, gold.answer_sets


def _verdict(first: Outcome, second: Outcome) -> str:
    was, became = _satisfied(first), _satisfied(second)
    if was == became:
        return "changed"
    return "turned right" if became else "turned wrong"


def _satisfied(outcome: Outcome) -> bool:
    """Tell whether the user got what the gold says: a right answer, or a decline."""
    if outcome.declined:
        return not outcome.gold.answerable
    return outcome.right
