"""What was said, turned into the data of the cards that show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qa import Answer, Article
from qa.transcripts import cited
from qa.web.reading_pane import date_text, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Citation
    from qa.transcripts import Turn
    from qa.types import Alternative, Hit

__all__ = [
    "Card",
    "Find",
    "answer_card",
    "notice",
    "passing_card",
    "pending",
    "sureness",
    "turn_card",
]

Card = dict[str, Any]
# Finds an article by its id; None where it is not there any more.
Find = Callable[[str], Article | None]

_STAGES = ("searching", "reading", "deciding")
_EXCERPT = 220
_NEAREST = 3
_OPENING_QUOTES = "\"'“‘«„‹「『"
_NAMES = re.compile(r"[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*)*|\d[\d.,]*\d|\d")
_GONE = "an article that is no longer there"


def sureness(confidence: float) -> tuple[str, int, str]:
    """Put a confidence into words.

    Args:
        confidence: A probability in [0, 1].

    Returns:
        Words, whole percent from 1 to 99 (nothing here is certain), and "high", "middle" or "low".

    >>> sureness(0.93), sureness(0.71)
    (('Very likely right', 93, 'high'), ('Probably right', 71, 'middle'))
    >>> sureness(1.0)
    ('Very likely right', 99, 'high')
    """
    percent = min(99, max(1, round(100 * confidence)))
    if percent >= 90:
        return "Very likely right", percent, "high"
    if percent >= 65:
        return "Probably right", percent, "middle"
    return ("Perhaps right", percent, "middle") if percent >= 40 else ("Doubtful", percent, "low")


def turn_card(turn: Turn, first_number: int, find: Find) -> Card:
    """Describe a turn of a conversation: the question, and a part for each thing said to it.

    Args:
        turn: As it is stored.
        first_number: The number of its first citation; the rest count on.
        find: Finds the articles.
    """
    text = "" if isinstance(turn.reply, Answer) else turn.reply.text
    parts: list[Card] = [{"kind": "said", "text": text}] if text else []
    number = first_number
    for at, answer in enumerate(turn.answers):
        card = answer_card(answer, find, f"{turn.id}.{at}", number)
        parts.append(card | {"asked": answer.question if len(turn.answers) > 1 else ""})
        number += len(answer.citations)
    return {"id": turn.id, "question": turn.question, "parts": parts}


def answer_card(answer: Answer, find: Find, place: str, first_number: int) -> Card:
    """Describe an answer, or a decline.

    Args:
        answer: What the assistant said.
        find: Finds its articles.
        place: Where it stands; the ids of the card's buttons begin with it.
        first_number: The number of its first citation; the rest count on.
    """
    common: Card = {
        "understood": answer.resolved if answer.resolved != answer.question else "",
        "searched": [_passage(hit, find, place) for hit in answer.hits],
        "others": [
            _runner_up(one, f"{place}.alternative.{at}")
            for at, one in enumerate(answer.alternatives)
        ],
        "took": f"{answer.timings.total:.2f} s",
    }
    if not answer.citations:
        return common | _decline(answer, common)
    words, percent, level = sureness(answer.confidence)
    first = answer.citations[0]
    return common | {
        "kind": "answer",
        "span": first.quote,
        "numbers": list(range(first_number, first_number + len(answer.citations))),
        **_sentence(first, find),
        "sure": f"{words}, {percent}%" + ("" if answer.calibrated else " (not calibrated)"),
        "level": level,
        "citations": [
            {
                "key": f"{place}.citation.{at}",
                "number": first_number + at,
                "preview": _preview(one, find) if at else "",  # the first one's is shown anyway
                "elsewhere": one.article_id != first.article_id,
                **_reference(one),
            }
            for at, one in enumerate(answer.citations)
        ],
        "copies": {"plain": cited(answer), "markdown": cited(answer, "markdown")},
    }


def _decline(answer: Answer, common: Card) -> Card:
    unknown, known = _mentioned(answer.resolved, answer.unknown_terms)
    guess = f"Closest guess, {sureness(answer.confidence)[1]}% sure"
    return {
        "kind": "decline",
        "unknown": unknown,
        "known": known if unknown else [],
        "nearest": common["searched"][:_NEAREST],
        "guess": guess if answer.alternatives else "",
    }


def _mentioned(question: str, missing: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the names and numbers of a question by whether an article holds all of their words.

    Args:
        question: As it was searched.
        missing: Its words that no article holds.

    Returns:
        What is not held, or the missing words where no name or number is; and what is.

    >>> _mentioned("Who won the 2018 World Cup?", ("won", "Cup"))
    (['World Cup'], ['2018'])
    """
    words = {word for term in missing for word in term.casefold().split()}
    # The first word has its capital by its place.
    first, _, rest = question.strip().partition(" ")
    named = [first] if first.casefold().strip("?,") in words else []
    named += dict.fromkeys(match[0] for match in _NAMES.finditer(rest))
    unknown = [one for one in named if words & set(one.casefold().split())]
    return unknown or list(missing), [one for one in named if one not in unknown]


def _sentence(citation: Citation, find: Find) -> Card:
    """Cut the sentence around a quote, and tell whether it still wants quotation marks."""
    text = _text_around(citation, find)
    if text is None:
        return {"sentence": [{"text": citation.quote, "kind": "span"}], "quoted": True}
    parts = segments(text, citation.span, within=citation.sentence)
    opens = citation.sentence.of(text).lstrip()[:1]
    return {"sentence": parts, "quoted": opens not in _OPENING_QUOTES}


def _preview(citation: Citation, find: Find) -> str:
    text = _text_around(citation, find)
    return _excerpt(citation.sentence.of(text) if text is not None else citation.quote)


def _text_around(citation: Citation, find: Find) -> str | None:
    """Give the text of a citation's article, while that still holds the quote in its place."""
    article = find(citation.article_id)
    if article is None or citation.span.of(article.text) != citation.quote:
        return None
    return article.text


def _reference(citation: Citation) -> Card:
    page = f"page {citation.page}" if citation.page else ""
    details = (citation.outlet, date_text(citation.published), page)
    return {"title": citation.title, "details": " · ".join(one for one in details if one)}


def _runner_up(alternative: Alternative, key: str) -> Card:
    first = alternative.citations[0]
    percent = sureness(alternative.confidence)[1]
    return {"key": key, "text": alternative.text, "percent": percent, **_reference(first)}


def _passage(hit: Hit, find: Find, place: str) -> Card:
    article = find(hit.chunk.article_id)
    known = (article.outlet, date_text(article.published)) if article is not None else ()
    return {
        "key": f"{place}.hit.{hit.rank - 1}",
        "rank": hit.rank,
        "score": f"{hit.score:.3f}",
        "excerpt": _excerpt(hit.chunk.text),
        "title": article.title if article is not None else _GONE,
        "details": " · ".join(one for one in known if one),
    }


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…"


def pending(stage: str, stages: Sequence[str] = _STAGES) -> Card:
    """Describe work under way, as a part of a card.

    Args:
        stage: What is being done now.
        stages: All that will be done, in order. Another ``stage`` is shown before them.
    """
    order = list(stages) if stage in stages else [stage, *stages]
    now = order.index(stage)
    states = [
        {"name": name, "state": "done" if at < now else "now" if at == now else "next"}
        for at, name in enumerate(order)
    ]
    return {"kind": "pending", "stages": states}


def notice(text: str) -> Card:
    """Describe something that went wrong, in plain words, as a part of a card."""
    return {"kind": "notice", "text": text[:1].upper() + text[1:]}


def passing_card(question: str, part: Card) -> Card:
    """Describe what stands in the place of a turn that is not stored."""
    return {"id": 0, "question": question, "parts": [part]}
