"""What the HTML report says of each mistake, ready for its template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.evaluation.evaluation import kind_of_error
from qa.evaluation.excerpts import Excerpt, Shelf, excerpts
from qa.evaluation.outcome import Outcome

__all__ = ["KINDS", "mistake_facts"]

_RUNNERS_UP = 4
_MOST_GOLDS = 8
_LONG, _SHORT = 600, 160  # code points that are shown of a text

KINDS = {
    "wrongly answered": "no article says so, yet an answer was given",
    "reader wrong": "a passage with the answer was found, another span was chosen",
    "retrieval missed": "no passage that was found holds the answer",
    "wrongly declined": "the best candidate was right, but not sure enough to be given",
}


def mistake_facts(
    mistakes: Sequence[Outcome], shelf: Shelf, width: int
) -> Iterator[dict[str, Any]]:
    """Prepare mistakes for the page, one at a time.

    Args:
        mistakes: In the order of the page.
        shelf: The library.
        width: About how many code points an excerpt may have.

    Yields:
        What the template shows of a mistake. Texts are cut where they are too long, not escaped.
    """
    for one in mistakes:
        gold = one.gold
        groups = gold.answer_sets if gold.answer_sets else tuple((text,) for text in gold.answers)
        found = excerpts(one, shelf, width)
        yield {
            "id": _clip(gold.id, _SHORT),
            "type": gold.type,
            "kind": kind_of_error(one),
            "confidence": f"{100 * one.confidence:.0f}%",
            "question": _clip(gold.question, _LONG),
            "resolved": _clip(one.resolved, _LONG) if one.resolved != gold.question else "",
            "history": [
                (_clip(q, _SHORT), _clip(a or "declined", _SHORT)) for q, a in gold.history
            ],
            "golds": [" / ".join(_clip(text, _SHORT) for text in group) for group in groups][
                :_MOST_GOLDS
            ],
            "more_golds": max(0, len(groups) - _MOST_GOLDS),
            "sets": bool(gold.answer_sets),
            "stale": [_clip(text, _SHORT) for text in gold.stale[:_MOST_GOLDS]],
            "declined": one.declined,
            "best": _clip(one.best, _LONG),
            "runners_up": [
                (_clip(other.text, _SHORT), f"{100 * other.confidence:.0f}%", other.citation.title)
                for other in one.proposals[1 : 1 + _RUNNERS_UP]
            ],
            "found": _found(one),
            "excerpts": found,
            "missing": _missing(one, found),
        }


def _found(one: Outcome) -> str:
    if not one.gold.answerable:
        return "nothing to find: no article holds an answer"
    if one.found_at is None:
        return f"not among the {len(one.hits)} passages found"
    return f"passage {one.found_at} of {len(one.hits)}"


def _missing(one: Outcome, found: Sequence[Excerpt]) -> list[str]:
    """Say what should be marked in the excerpts and is not."""
    pieces = [piece for excerpt in found for piece in excerpt.pieces]
    missing = []
    if one.proposals and not any(piece.predicted for piece in pieces):
        missing.append("The article of the predicted span is gone or has changed.")
    if one.gold.answerable and not any(piece.gold for piece in pieces):
        missing.append("No gold article holds a gold answer word for word.")
    return missing


def _clip(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
