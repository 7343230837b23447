"""The reading pane: a whole article with the cited spans marked.

The text is cut at the marks here, in code points, so that no offset meets JavaScript's UTF-16.
"""

from __future__ import annotations

import itertools
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import urlsplit

from qa.web.component import component, stamp
from qa.web.places import link_to, original_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import gradio as gr

    from qa import Article
    from qa.types import Span
    from qa.web.places import Mark, Place

__all__ = ["Segment", "article_view", "date_text", "missing_view", "reading_pane", "segments"]

Kind = Literal["plain", "sentence", "cited", "span"]

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Segment(TypedDict):
    """A stretch of text that is shown in one way."""

    text: str
    kind: Kind


def segments(
    text: str,
    span: Span | None = None,
    sentence: Span | None = None,
    *,
    cited: Sequence[Span] = (),
    within: Span | None = None,
) -> list[Segment]:
    """Cut a text where its marks begin and end; joined again, the segments are the text.

    Args:
        text: An article's text.
        span: What to mark strongly, into ``text``, or None; always one segment.
        sentence: What to mark softly, into ``text``, or None. The span wins where both hold.
        cited: What else was quoted, into ``text``; between the two in strength.
        within: The part of ``text`` to cut, or None for all of it.

    Returns:
        Segments in reading order, none of them empty and no two neighbours of one kind; an empty
        text has none.

    >>> from qa.types import Span
    >>> [part["kind"] for part in segments("It was 2018. Then", Span(7, 11), Span(0, 12))]
    ['sentence', 'span', 'sentence', 'plain']
    """
    first, last = (within.start, min(within.end, len(text))) if within else (0, len(text))
    marks: list[tuple[Kind, Span]] = [("span", span)] if span else []
    marks += [("cited", one) for one in cited]
    marks += [("sentence", sentence)] if sentence else []
    ends = {end for _, mark in marks for end in (mark.start, mark.end)}
    cuts = [first, *sorted(end for end in ends if first < end < last), last]
    pieces = [(_kind(start, marks), start, end) for start, end in itertools.pairwise(cuts)]
    joined = itertools.groupby(
        (piece for piece in pieces if piece[1] < piece[2]), key=lambda piece: piece[0]
    )
    return [Segment(text="".join(text[a:b] for _, a, b in run), kind=kind) for kind, run in joined]


def _kind(at: int, marks: Sequence[tuple[Kind, Span]]) -> Kind:
    return next((kind for kind, mark in marks if mark.start <= at < mark.end), "plain")


def article_view(
    article: Article, place: Place, marks: Sequence[Mark] = (), *, by_itself: bool = False
) -> dict[str, Any]:
    """Describe an article for the pane.

    Args:
        article: What to show.
        place: Where to open it.
        marks: What the conversation cites of it, in the article's order.
        by_itself: Whether the pane opens without having been asked to: a reader who closed it is
            not disturbed.
    """
    spans = [mark.span for mark in marks]
    return {
        "label": place.label,
        "key": place.key,
        "title": article.title,
        "meta": _meta(article, place.page),
        "segments": segments(article.text, place.span, place.sentence, cited=spans),
        "blank_lines": bool(_BLANK_LINE.search(article.text)),
        "marks": {
            "at": spans.index(place.span) if place.span in spans else -1,
            "keys": [mark.key for mark in marks],
        },
        "link": link_to(place),
        "original": original_of(article.source, article.text, place.span),
        "by_itself": by_itself,
        "opening": stamp(),  # the same citation again opens a closed sheet
    }


def missing_view(place: Place, *, by_itself: bool = False) -> dict[str, Any]:
    """Describe a place whose article is not there any more."""
    notice = "This article is no longer in the library."
    if place.quote:
        notice += f" What was quoted of it: “{place.quote}”"
    return {
        "label": place.label,
        "key": place.key,
        "notice": notice,
        "by_itself": by_itself,
        "opening": stamp(),
    }


def _meta(article: Article, page: int | None) -> list[str]:
    parts = (
        article.outlet,
        date_text(article.published, "%B"),
        article.author,
        _place(article.source),
        f"page {page}" if page else "",
    )
    return list(dict.fromkeys(part for part in parts if part))


def _place(source: str) -> str:
    """Name a source briefly: a URL's host, a path's last part."""
    if source.startswith(("http://", "https://")):
        return urlsplit(source).netloc
    return PurePath(source).name


def date_text(day: date | None, month: str = "%b") -> str:
    """Write a date as one reads it; None gives an empty string.

    >>> from datetime import date
    >>> date_text(date(2022, 3, 6)), date_text(None)
    ('6 Mar 2022', '')
    """
    return f"{day.day} {day.strftime(month)} {day.year}" if day else ""


def reading_pane() -> gr.HTML:
    """Make the pane, empty until a citation opens an article in it."""
    return component("pane", {})
