"""What came of one gold question: all that metrics, reports and comparisons need, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa.evaluation import metrics
from qa.types import Answer, Article, Citation, GoldQuestion, Span, Timings

__all__ = ["Found", "Outcome", "Proposal", "outcome_from_json", "outcome_of", "outcome_to_json"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that was given or could have been: text, confidence, and where it stands."""

    text: str
    confidence: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class Found:
    """A hit: its article's id, its place in Article.text, its score, and whether it is right.

    A hit is right when it lies in a gold article and holds a gold answer.
    """

    article_id: str
    span: Span
    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked.

    Args:
        gold: The question with its accepted answers and the history that it was asked with.
        resolved: The question as it was searched.
        proposals: The best candidates, best first; the first was given unless ``declined``.
        declined: Whether no answer was given.
        cited_right: Whether the first proposal's span lies in a gold article and holds a gold
            answer.
        quoted: Whether every citation of the answer is its article's text at its span.
        hits: What was retrieved, best first.
        timings: Where the time went.
        seconds: How long the answer took in all.
        margin: How far the best candidate's score is above "no answer here"; see
            :class:`qa.types.Answer`.
    """

    gold: GoldQuestion
    resolved: str
    proposals: tuple[Proposal, ...]
    declined: bool
    cited_right: bool
    quoted: bool
    hits: tuple[Found, ...]
    timings: Timings
    seconds: float
    margin: float | None = None

    @property
    def text(self) -> str:
        """Give the answer's text; empty when declined."""
        return "" if self.declined else self.best

    @property
    def best(self) -> str:
        """Give the best candidate's text, declined or not; empty where there is none."""
        return self.proposals[0].text if self.proposals else ""

    @property
    def confidence(self) -> float:
        """Give the probability that the best candidate is right, in [0, 1]."""
        return self.proposals[0].confidence if self.proposals else 0.0

    @property
    def found_at(self) -> int | None:
        """Give the rank of the first right hit, from 1; None where there is none."""
        ranks = (rank for rank, hit in enumerate(self.hits, start=1) if hit.right)
        return next(ranks, None)

    @property
    def right(self) -> bool:
        """Tell whether the best candidate is right, declined or not; see :func:`metrics.right`."""
        golds = self.gold.accepted
        return bool(golds) and _judged(self.best, golds, self.gold.stale)[2]

    def scores(self, text: str) -> tuple[float, float]:
        """Give the exact match and F1 of a text as the answer to this question."""
        return _judged(text, self.gold.accepted, self.gold.stale)[:2]


@lru_cache(maxsize=200_000)
def _judged(text: str, golds: tuple[str, ...], stale: tuple[str, ...]) -> tuple[float, float, bool]:
    """Judge a text once: intervals ask for the same thousands of times."""
    return *metrics.scored(text, golds, stale), metrics.right(text, golds, stale)


def outcome_of(
    gold: GoldQuestion, answer: Answer, articles: Mapping[str, Article], seconds: float
) -> Outcome:
    """Keep of an answer what is measured.

    Args:
        gold: The question.
        answer: What was answered.
        articles: The library's articles by id.
        seconds: How long it took.
    """
    given = [(answer.text, answer.confidence, answer.citations)] if answer.text else []
    others = [(one.text, one.confidence, one.citations) for one in answer.alternatives]
    proposals = tuple(
        Proposal(text, confidence, citations[0]) for text, confidence, citations in given + others
    )
    return Outcome(
        gold=gold,
        resolved=answer.resolved,
        proposals=proposals,
        declined=answer.text is None,
        cited_right=bool(proposals) and _cited_right(gold, proposals[0].citation),
        quoted=all(_quoted(one, articles) for one in answer.citations),
        hits=tuple(
            Found(
                hit.chunk.article_id,
                hit.chunk.span,
                hit.score,
                _name(hit.chunk.article_id, articles) in gold.articles
                and metrics.holds(hit.chunk.text, gold.accepted),
            )
            for hit in answer.hits
        ),
        timings=answer.timings,
        seconds=seconds,
        margin=answer.margin,
    )


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Turn an outcome into what ``json`` can write; days become ISO dates."""
    found: dict[str, Any] = asdict(outcome)
    for proposal in found["proposals"]:
        day = proposal["citation"]["published"]
        proposal["citation"]["published"] = day.isoformat() if day is not None else None
    return found


def outcome_from_json(found: Mapping[str, Any]) -> Outcome:
    """Read what :func:`outcome_to_json` gave.

    Raises:
        KeyError: If a field is missing.
        TypeError: If one is of another kind.
    """
    gold = found["gold"]
    return Outcome(
        gold=GoldQuestion(**{one.name: _tuples(gold[one.name]) for one in fields(GoldQuestion)}),
        resolved=found["resolved"],
        proposals=tuple(_proposal(one) for one in found["proposals"]),
        declined=found["declined"],
        cited_right=found["cited_right"],
        quoted=found["quoted"],
        hits=tuple(
            Found(one["article_id"], Span(**one["span"]), one["score"], one["right"])
            for one in found["hits"]
        ),
        timings=Timings(**found["timings"]),
        seconds=found["seconds"],
        margin=found["margin"],
    )


def _proposal(found: Mapping[str, Any]) -> Proposal:
    citation = dict(found["citation"])
    day = citation["published"]
    citation["published"] = date.fromisoformat(day) if day is not None else None
    for name in ("span", "sentence"):
        citation[name] = Span(**citation[name])
    return Proposal(found["text"], found["confidence"], Citation(**citation))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _cited_right(gold: GoldQuestion, citation: Citation) -> bool:
    in_gold = Path(citation.source).name in gold.articles
    return in_gold and metrics.holds(citation.quote, gold.accepted)


def _quoted(citation: Citation, articles: Mapping[str, Article]) -> bool:
    article = articles.get(citation.article_id)
    return article is not None and citation.span.of(article.text) == citation.quote


def _name(article_id: str, articles: Mapping[str, Article]) -> str:
    article = articles.get(article_id)
    return Path(article.source).name if article is not None else ""
