"""Places in articles that the page can open: a button's, a link's, all that were cited."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from qa.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa import Answer, Citation
    from qa.transcripts import Turn

__all__ = ["Mark", "Place", "find_place", "link_to", "linked_place", "marks_of", "original_of"]

_LONGEST_FRAGMENT = 300
_CONTEXT = 40


class Place(NamedTuple):
    """A place in an article.

    Args:
        article_id: Which article.
        label: Why it is shown.
        span: The quote, into the article's text, or None.
        sentence: What surrounds it, or the passage where there is no quote, or None.
        page: The page that the quote is on, from 1, or None.
        quote: What stood there, or an empty string where that is not known.
        key: The id of the button that opens it, or an empty string.
    """

    article_id: str
    label: str
    span: Span | None
    sentence: Span | None
    page: int | None = None
    quote: str = ""
    key: str = ""


class Mark(NamedTuple):
    """A span that an answer of a conversation cites, and the id of the button that opens it."""

    span: Span
    key: str


def find_place(turns: Sequence[Turn], key: object) -> Place | None:
    """Find the place that a button's id stands for.

    Args:
        turns: Of the conversation.
        key: What the browser sent: ``TURN.ANSWER.KIND.N``, where the kind is "citation",
            "alternative" or "hit".

    Returns:
        None for anything that no button of this conversation has.
    """
    turn_id, answer_at, kind, at = _parsed(key)
    number = 1
    for turn in turns:
        for place, answer in enumerate(turn.answers):
            if (turn.id, place) == (turn_id, answer_at):
                return _place_in(answer, kind, at, number, str(key))
            number += len(answer.citations)
    return None


def _parsed(key: object) -> tuple[int, int, str, int]:
    parts = key.split(".") if isinstance(key, str) and len(key) < 40 and key.isascii() else []
    if len(parts) == 4 and all(parts[one].isdigit() for one in (0, 1, 3)):
        return int(parts[0]), int(parts[1]), parts[2], int(parts[3])
    return -1, 0, "", 0


def _place_in(answer: Answer, kind: str, at: int, first: int, key: str) -> Place | None:
    if kind == "hit":
        chunk = next((hit.chunk for hit in answer.hits if hit.rank == at + 1), None)
        if chunk is None:
            return None
        return Place(chunk.article_id, f"Passage {at + 1}", None, chunk.span, key=key)
    if kind == "citation" and at < len(answer.citations):
        return _cited(answer.citations[at], f"Citation {first + at}", key)
    if kind == "alternative" and at < len(answer.alternatives):
        return _cited(answer.alternatives[at].citations[0], "Another candidate", key)
    return None


def _cited(one: Citation, label: str, key: str) -> Place:
    return Place(one.article_id, label, one.span, one.sentence, one.page, one.quote, key)


def marks_of(turns: Sequence[Turn], article_id: str) -> list[Mark]:
    """List the spans of an article that the answers of a conversation cite.

    Returns:
        Each span once, in the article's order.
    """
    first: dict[Span, str] = {}
    for span, key in _citations(turns, article_id):
        first.setdefault(span, key)
    return [Mark(span, key) for span, key in sorted(first.items())]


def _citations(turns: Sequence[Turn], article_id: str) -> Iterator[tuple[Span, str]]:
    for turn in turns:
        for place, answer in enumerate(turn.answers):
            for at, one in enumerate(answer.citations):
                if one.article_id == article_id:
                    yield one.span, f"{turn.id}.{place}.citation.{at}"


def link_to(place: Place) -> str:
    """Write the part of an address that opens the page on a place; empty where nothing is quoted.

    >>> link_to(Place("a1", "", Span(4, 8), None, quote="2018"))
    '?article=a1&span=4-8&quote=152e69cf3c8e'
    """
    if place.span is None:
        return ""
    where = f"{place.span.start}-{place.span.end}"
    return "?" + urlencode(
        {"article": place.article_id, "span": where, "quote": _hash(place.quote)}
    )


def linked_place(query: Mapping[str, Any], text: str) -> Place:
    """Find the place that an address of :func:`link_to` names.

    Args:
        query: The parts of the address, which may be anything.
        text: Of the article that it names.

    Returns:
        A place without a span where the article does not hold the quote there any more.
    """
    span = _span(query.get("span"))
    whole = Place(str(query.get("article")), "The passage of this link has changed", None, None)
    if span is None or span.end > len(text):
        return whole
    found = span.of(text)
    if _hash(found) != query.get("quote"):
        return whole
    return whole._replace(label="Linked passage", span=span, quote=found)


def _span(text: object) -> Span | None:
    parts = text.split("-") if isinstance(text, str) and len(text) < 40 and text.isascii() else []
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        return None
    start, end = map(int, parts)
    return Span(start, end) if start < end else None


def _hash(quote: str) -> str:
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def original_of(source: str, text: str, span: Span | None) -> str:
    """Give the address of an article's original, which a browser opens at the quote.

    The quote goes into a text fragment (WICG, "URL Fragment Text Directives"), with the words
    around it, so that a number is found in its own sentence.

    Args:
        source: A URL or a path.
        text: The article's.
        span: The quote, into ``text``, or None.

    Returns:
        An empty string where the source is no http address.
    """
    if not source.startswith(("http://", "https://")):
        return ""
    base = source.partition("#")[0]
    if span is None or len(span) > _LONGEST_FRAGMENT or "\n" in span.of(text):
        return base
    before = _whole_words(text[max(0, span.start - _CONTEXT - 1) : span.start][::-1])[::-1]
    after = _whole_words(text[span.end : span.end + _CONTEXT + 1])
    parts = [f"{_fragment(before)}-,"] if before else []
    parts.append(_fragment(span.of(text)))
    parts += [f",-{_fragment(after)}"] if after else []
    return f"{base}#:~:text={''.join(parts)}"


def _whole_words(text: str) -> str:
    """Cut a text at its line's end, or before the last word, which may be half a one."""
    line = text.partition("\n")[0]
    whole = len(line) < len(text) or len(text) <= _CONTEXT
    return (line if whole else line.rpartition(" ")[0]).strip()


def _fragment(text: str) -> str:
    return percent_encoded(text, safe="").replace("-", "%2D")
