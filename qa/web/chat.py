"""The conversation: answers turned into the data of cards, and the component that shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from qa.web.component import component
from qa.web.reading_pane import date_text, segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import gradio as gr

    from qa import Answer, Citation, Library
    from qa.types import Alternative, Hit, Span

__all__ = [
    "Target",
    "Turn",
    "answer_card",
    "composer",
    "conversation",
    "conversation_view",
    "find_target",
    "next_number",
    "notice_card",
    "pending_card",
    "sureness",
]

Card = dict[str, Any]

_STAGES = ("searching", "reading", "deciding")
_EXCERPT = 220
_NEAREST = 3
_OPENING_QUOTES = "\"'“‘«„‹「『"


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said once, and what the page shows for it.

    Args:
        question: As it was asked; empty where the page speaks of itself, as after an upload.
        card: What the conversation shows.
        answer: The answer, where there is one.
        library: Where the answer's articles are. Kept with it, because the library being asked can
            change.
    """

    question: str
    card: Card = field(compare=False)
    answer: Answer | None = None
    library: Library | None = field(default=None, compare=False)


class Target(NamedTuple):
    """A place that a button of a card opens in the reading pane."""

    library: Library
    article_id: str
    label: str
    span: Span | None
    sentence: Span
    page: int | None


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


def answer_card(answer: Answer, library: Library, turn: int, first_number: int) -> Card:
    """Describe an answer, or a decline, for the conversation.

    Args:
        answer: What the assistant said.
        library: Where its articles are.
        turn: The position in the conversation, from 0; the ids of the card's buttons begin with it.
        first_number: The number of its first citation; the rest count on.
    """
    common: Card = {
        "question": answer.question,
        "understood": answer.resolved if answer.resolved != answer.question else "",
        "searched": [_passage(hit, library, turn) for hit in answer.hits],
        "others": [
            _runner_up(one, f"{turn}.alternative.{at}")
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
        **_sentence(first, library),
        "sure": f"{words}, {percent}%" + ("" if answer.calibrated else " (not calibrated)"),
        "level": level,
        "citations": [
            {"key": f"{turn}.citation.{at}", "number": first_number + at, **_reference(one)}
            for at, one in enumerate(answer.citations)
        ],
    }


def _decline(answer: Answer, common: Card) -> Card:
    guess = answer.alternatives[0].confidence if answer.alternatives else 0.0
    return {
        "kind": "decline",
        "unknown": list(answer.unknown_terms),
        "nearest": common["searched"][:_NEAREST],
        "guess": f"Closest guess, {sureness(guess)[1]}% sure" if answer.alternatives else "",
    }


def _sentence(citation: Citation, library: Library) -> Card:
    """Cut the sentence around a quote, and tell whether it still wants quotation marks."""
    text = library.article(citation.article_id).text
    parts = segments(text, citation.span, within=citation.sentence)
    opens = text[citation.sentence.start : citation.sentence.end].lstrip()[:1]
    return {"sentence": parts, "quoted": opens not in _OPENING_QUOTES}


def _reference(citation: Citation) -> Card:
    page = f"page {citation.page}" if citation.page else ""
    details = (citation.outlet, date_text(citation.published), page)
    return {"title": citation.title, "details": " · ".join(one for one in details if one)}


def _runner_up(alternative: Alternative, key: str) -> Card:
    first = alternative.citations[0]
    percent = sureness(alternative.confidence)[1]
    return {"key": key, "text": alternative.text, "percent": percent, **_reference(first)}


def _passage(hit: Hit, library: Library, turn: int) -> Card:
    article = library.article(hit.chunk.article_id)
    words = " ".join(hit.chunk.text.split())
    return {
        "key": f"{turn}.hit.{hit.rank - 1}",
        "rank": hit.rank,
        "score": f"{hit.score:.3f}",
        "excerpt": words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…",
        "title": article.title,
        "details": " · ".join(one for one in (article.outlet, date_text(article.published)) if one),
    }


def pending_card(question: str, stage: str, stages: Sequence[str] = _STAGES) -> Card:
    """Describe a question that is being worked on.

    Args:
        question: As it was asked.
        stage: What is being done now.
        stages: All that will be done, in order. Another ``stage`` is shown before them.
    """
    order = list(stages) if stage in stages else [stage, *stages]
    now = order.index(stage)
    return {
        "kind": "pending",
        "question": question,
        "stage": stage,
        "stages": [
            {"name": name, "state": "done" if at < now else "now" if at == now else "next"}
            for at, name in enumerate(order)
        ],
    }


def notice_card(question: str, text: str) -> Card:
    """Describe something that went wrong, in plain words."""
    return {"kind": "notice", "question": question, "text": text[:1].upper() + text[1:]}


def find_target(turns: Sequence[Turn], key: object) -> Target | None:
    """Find the place that a button's id stands for.

    Args:
        turns: The conversation so far.
        key: What the browser sent: ``TURN.citation.N``, ``TURN.alternative.N`` or ``TURN.hit.N``.

    Returns:
        None for anything that no button of this conversation has.
    """
    turn, part, at = _parse(key)
    if not 0 <= turn < len(turns):
        return None
    answer, library = turns[turn].answer, turns[turn].library
    if answer is None or library is None:
        return None
    first = turns[turn].card["numbers"][0] if answer.citations else 0
    if part == "hit":
        return _hit_target(library, answer.hits, at)
    if part == "citation" and at < len(answer.citations):
        return _citation_target(library, answer.citations[at], f"Citation {first + at}")
    if part == "alternative" and at < len(answer.alternatives):
        return _citation_target(library, answer.alternatives[at].citations[0], "Another candidate")
    return None


def _parse(key: object) -> tuple[int, str, int]:
    parts = key.split(".") if isinstance(key, str) and len(key) < 40 and key.isascii() else []
    if len(parts) == 3 and parts[0].isdigit() and parts[2].isdigit():
        return int(parts[0]), parts[1], int(parts[2])
    return -1, "", 0


def _citation_target(library: Library, cited: Citation, label: str) -> Target:
    return Target(library, cited.article_id, label, cited.span, cited.sentence, cited.page)


def _hit_target(library: Library, hits: Sequence[Hit], at: int) -> Target | None:
    chunk = next((hit.chunk for hit in hits if hit.rank == at + 1), None)
    if chunk is None:
        return None
    return Target(library, chunk.article_id, f"Passage {at + 1}", None, chunk.span, None)


def next_number(turns: Iterable[Turn]) -> int:
    """Number the next citation: they count through the whole conversation."""
    return 1 + sum(len(turn.answer.citations) for turn in turns if turn.answer)


def conversation_view(
    cards: Sequence[Card], *, active: str = "", heading: str = "", examples: Sequence[str] = ()
) -> Card:
    """Describe the conversation for its component.

    Args:
        cards: Oldest first.
        active: The id of the button whose place is open in the pane.
        heading: What an empty conversation says.
        examples: Questions that an empty conversation offers.
    """
    return {
        "cards": list(cards),
        "active": active,
        "heading": heading,
        "examples": list(examples),
    }


def conversation(value: Card) -> gr.HTML:
    """Make the conversation's component."""
    return component("conversation", value)


def composer() -> gr.HTML:
    """Make the line that questions are typed into."""
    return component("composer", {})
