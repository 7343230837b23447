"""Two runs over the same questions: what is better, by how much, and is it more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.evaluation import Evaluation
from qa.evaluation.figures import FIGURES, Figure
from qa.evaluation.outcome import Outcome

__all__ = ["Change", "Comparison", "Difference", "compare"]

# A figure that is no mean is computed anew for every draw.
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs, and the paired bootstrap 95% interval of second minus first.

    The interval is drawn by gold article; see :func:`compare`.
    """

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
        articles: How many clusters of common questions the intervals were drawn from.
    """

    common: int
    only_first: int
    only_second: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    articles: int


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """Compare two runs on the questions that both asked.

    Questions are the same when id, wording and gold answers are. The interval draws the same
    questions for both runs, so what a question adds to both cancels out. It draws them by article,
    since questions of one article are not independent: a question's cluster is its first gold
    article, and a question without one is a cluster of its own.
    """
    others = {_identity(one): one for one in second.outcomes}
    pairs = [(one, others[_identity(one)]) for one in first.outcomes if _identity(one) in others]
    clusters = [_cluster(one) for one, _ in pairs]
    differences = (_difference(figure, pairs, clusters) for figure in FIGURES)
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
        articles=len(set(clusters)),
    )


def _difference(
    figure: Figure, pairs: Sequence[tuple[Outcome, Outcome]], clusters: Sequence[str]
) -> Difference | None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    first, second = figure.whole(ones), figure.whole(others)
    if first is None or second is None:
        return None
    interval = None if figure.simulated else _interval(figure, ones, others, clusters)
    return Difference(figure, first, second, interval)


def _interval(
    figure: Figure, ones: Sequence[Outcome], others: Sequence[Outcome], clusters: Sequence[str]
) -> metrics.Interval | None:
    if figure.share is not None:
        shares = [[figure.share(one) for one in run] for run in (ones, others)]
        return metrics.paired_bootstrap(shares[0], shares[1], clusters=clusters)
    first, second = figure.table(ones), figure.table(others)

    def difference(rows: np.ndarray) -> float | None:
        one, other = figure.measure(*first[:, rows]), figure.measure(*second[:, rows])
        return other - one if one is not None and other is not None else None

    return metrics.bootstrap(difference, len(ones), _DRAWS, clusters=clusters)


def _cluster(outcome: Outcome) -> str:
    gold = outcome.gold
    return gold.articles[0] if gold.articles else gold.id


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
