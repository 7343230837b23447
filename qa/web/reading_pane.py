"""The reading pane: a whole article with the cited span marked.

The text is cut at the marks here, in code points, so that no offset meets JavaScript's UTF-16.
"""

from __future__ import annotations

import itertools
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import urlsplit

from qa.web.component import component

if TYPE_CHECKING:
    from datetime import date

    import gradio as gr

    from qa import Article
    from qa.types import Span

__all__ = ["Segment", "article_view", "date_text", "reading_pane", "segments"]

Kind = Literal["plain", "sentence", "span"]

# A number for each opening: the same citation clicked again must reach the page as a new value, or
# a closed sheet would stay closed.
_openings = itertools.count(1)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Segment(TypedDict):
    """A stretch of text that is shown in one way."""

    text: str
    kind: Kind


def segments(
    text: str, span: Span | None = None, sentence: Span | None = None, within: Span | None = None
) -> list[Segment]:
    """Cut a text where its marks begin and end; joined again, the segments are the text.

    Args:
        text: An article's text.
        span: What to mark strongly, into ``text``, or None.
        sentence: What to mark softly, into ``text``, or None. The span wins where both hold.
        within: The part of ``text`` to cut, or None for all of it.

    Returns:
        Segments in reading order, none of them empty; an empty text has none.

    >>> from qa.types import Span
    >>> [part["kind"] for part in segments("It was 2018. Then", Span(7, 11), Span(0, 12))]
    ['sentence', 'span', 'sentence', 'plain']
    """
    first, last = (within.start, min(within.end, len(text))) if within else (0, len(text))
    ends = {one for mark in (span, sentence) if mark for one in (mark.start, mark.end)}
    cuts = [first, *sorted(one for one in ends if first < one < last), last]
    return [
        Segment(text=text[start:end], kind=_kind(start, span, sentence))
        for start, end in itertools.pairwise(cuts)
        if start < end
    ]


def _kind(start: int, span: Span | None, sentence: Span | None) -> Kind:
    if span and span.start <= start < span.end:
        return "span"
    if sentence and sentence.start <= start < sentence.end:
        return "sentence"
    return "plain"


def article_view(
    article: Article,
    *,
    label: str,
    span: Span | None = None,
    sentence: Span | None = None,
    page: int | None = None,
    by_itself: bool = False,
) -> dict[str, Any]:
    """Describe an article for the pane.

    Args:
        article: What to show.
        label: Why it is shown, such as "Citation 2".
        span: The quote, into ``article.text``, or None.
        sentence: What surrounds it, or the passage where there is no quote; into ``article.text``.
        page: The page that the quote is on, from 1, or None.
        by_itself: Whether the pane opens without having been asked to: a reader who closed it is
            not disturbed.
    """
    return {
        "label": label,
        "title": article.title,
        "meta": _meta(article, page),
        "segments": segments(article.text, span, sentence),
        "blank_lines": bool(_BLANK_LINE.search(article.text)),
        "by_itself": by_itself,
        "opening": next(_openings),
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
