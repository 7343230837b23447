"""Candidates to an answer: combine, accept or decline, cite. The policy, alone.

Candidates of different passages are compared by their span score and by how well the passage fits
the question; what was seen to choose best on questions nobody had tuned on is a plain sum of the
two (see docs/decisions.md).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa.calibration import Calibration
from qa.sentences import sentence_around
from qa.types import Alternative, Answer, Article, Candidate, Citation, Hit

__all__ = ["Policy", "cite", "decide", "rank"]

# What one point of a hit's score (see qa.retrieval) is worth in logits of a span's score.
_RETRIEVAL_WEIGHT = 12.0

# A passage that says the same is cited beside the best one when its own confidence is at least
# this part of the best one's: the same year in a passage on something else is no support.
_SUPPORT = 0.5

_ARTICLES = re.compile(r"^(?:the|an?)\s+")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Policy:
    """How to decide.

    Args:
        calibration: Turns a candidate into a probability.
        calibrated: Whether that curve was fitted for the reader in use.
        threshold: Answer only when at least so sure, in [0, 1]; 0 answers whenever there is a
            candidate.
        alternatives: Runners-up to give at most.
    """

    calibration: Calibration
    calibrated: bool
    threshold: float
    alternatives: int


def decide(
    question: str,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    article: Callable[[str], Article],
    policy: Policy,
    unknown_terms: Sequence[str] = (),
) -> Answer:
    """Turn candidates into an answer.

    Args:
        question: As it was asked.
        candidates: What the reader proposes, in any order.
        hits: The passages that were read, best first.
        article: Looks up an article by id.
        policy: How sure to be, and how to tell.
        unknown_terms: Words of the question that no article holds.

    Returns:
        The answer; it declines where no candidate is sure enough or there is none.
    """
    groups = [_supported(group, policy.calibration) for group in rank(candidates)]
    sure = [policy.calibration.confidence(group[0]) for group in groups]
    confidence = sure[0] if sure else 0.0
    accepted = bool(groups) and confidence >= policy.threshold
    first = 1 if accepted else 0
    runners_up = tuple(
        Alternative(group[0].text, value, _citations(group, article))
        for group, value in zip(groups[first:], sure[first:], strict=True)
    )[: policy.alternatives]
    return Answer(
        question=question,
        resolved=question,
        text=groups[0][0].text if accepted else None,
        confidence=confidence,
        calibrated=policy.calibrated,
        citations=_citations(groups[0], article) if accepted else (),
        alternatives=runners_up,
        hits=tuple(hits),
        unknown_terms=tuple(unknown_terms),
        margin=groups[0][0].score - groups[0][0].null_score if groups else None,
    )


def rank(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Group candidates that give the same answer.

    A candidate that overlaps a better one of its article is another cut of the same answer and is
    left out.

    Returns:
        The groups, best first; in each the candidates, best first. None for no candidates.
    """
    groups: dict[str, list[Candidate]] = {}
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=_order):
        if any(_overlap(candidate, better) for better in kept):
            continue
        kept.append(candidate)
        groups.setdefault(_key(candidate.text), []).append(candidate)
    return list(groups.values())


def cite(candidate: Candidate, article: Article) -> Citation:
    """Quote a candidate from its article, with the sentence around it and its page."""
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        outlet=article.outlet,
        published=article.published,
        span=candidate.span,
        quote=candidate.span.of(article.text),
        sentence=sentence_around(article.text, candidate.span),
        page=bisect_right(article.pages, candidate.span.start) if article.pages else None,
    )


def _supported(group: Sequence[Candidate], calibration: Calibration) -> list[Candidate]:
    """Leave out of a group what only happens to read the same."""
    least = _SUPPORT * calibration.confidence(group[0])
    return [one for one in group if calibration.confidence(one) >= least]


def _order(candidate: Candidate) -> tuple[float, str, int]:
    worth = candidate.score + _RETRIEVAL_WEIGHT * candidate.hit.score
    return -worth, candidate.hit.chunk.id, candidate.span.start


def _overlap(one: Candidate, other: Candidate) -> bool:
    same_article = one.hit.chunk.article_id == other.hit.chunk.article_id
    return same_article and one.span.overlaps(other.span)


def _key(text: str) -> str:
    """Fold an answer's text to what makes it the same answer.

    >>> _key("The Reuters agency,"), _key("reuters agency")
    ('reuters agency', 'reuters agency')
    """
    folded = _ARTICLES.sub("", text.casefold())
    words = _WORDS.findall(folded)
    return " ".join(words) if words else folded


def _citations(
    group: Sequence[Candidate], article: Callable[[str], Article]
) -> tuple[Citation, ...]:
    """Cite each article of a group once, at its best span."""
    best: dict[str, Candidate] = {}
    for candidate in group:
        best.setdefault(candidate.hit.chunk.article_id, candidate)
    return tuple(cite(one, article(article_id)) for article_id, one in best.items())
