"""A saved web page: its article as text, without the furniture. Nothing is executed or fetched."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from qa.errors import IngestError
from qa.ingest.dates import find_date
from qa.ingest.decoding import decode_page, normalise
from qa.ingest.furniture import HEADINGS, drop_furniture
from qa.ingest.furniture_words import is_furniture_text
from qa.ingest.layout import cut_title, head_lines, read_layout
from qa.ingest.page_metadata import PageMetadata, read_metadata, split_site
from qa.ingest.parsed import Parsed
from qa.ingest.story import Block, find_headline, find_story, read_blocks

__all__ = ["parse"]

# Shorter than any sentence of news: such a page is an empty shell that a script would fill.
_LEAST_TEXT = 30
_SENTENCE = re.compile(r"[.!?…][\"'”\u2019»)]*$")
# libxml2 drops, without an error, what is nested deeper than 2,048 elements (256 unless it is told
# that trees may be huge).
_TOO_DEEP = 2000
_WRAPPERS = re.compile(
    r"</?(?:div|span|section|font|center|b|i|em|strong|u|small|big)\b[^<>]*>", re.IGNORECASE
)


def parse(data: bytes) -> Parsed:
    r"""Parse an HTML page.

    >>> page = b"<title>Wall opens | Oriel Tribune</title><nav>Home</nav><h1>Wall opens</h1>"
    >>> found = parse(page + b"<p>The wall is 2.8&nbsp;kilometres long,<br>and 1.6 high.</p>")
    >>> found.text, found.outlet
    ('Wall opens\n\nThe wall is 2.8 kilometres long,\nand 1.6 high.', 'Oriel Tribune')

    Raises:
        IngestError: If it is in no known encoding, empty, or holds no article.
    """
    page = decode_page(data)
    if not page.strip():
        raise IngestError("it is empty: there is no page in it; save the page again")
    root = _tree(page)
    metadata = read_metadata(root)
    body = next(root.iter("body"), root)
    drop_furniture(body)
    story = find_story(body)
    site_title = split_site(metadata.site_title, outlet=metadata.outlet)[0]
    headline = find_headline(body, story, (*metadata.titles, site_title))
    blocks = _titled(read_blocks(story, headline), metadata)
    if sum(len(block.text) for block in blocks if block.tag != "h1") < _LEAST_TEXT:
        blocks = _titled(_fallback(page), metadata)
    return _parsed(blocks, metadata, _day_of(body, headline))


def _tree(page: str) -> Any:
    """Parse to a tree; wrappers go where they are nested so deep that text would be lost."""
    root = _parse_tree(page)
    if _depth(root) < _TOO_DEEP:
        return root
    root = _parse_tree(_WRAPPERS.sub("<br><br>", page))
    if _depth(root) >= _TOO_DEEP:
        raise IngestError(
            f"its elements are nested more than {_TOO_DEEP} deep; "
            "save the page again or as plain text"
        )
    return root


def _parse_tree(page: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(page.replace("\x00", "\ufffd").encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise IngestError(f"it cannot be read as HTML: {error}; save the page again") from error


def _depth(root: Any) -> int:
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _day_of(story: Any, headline: Any | None) -> date | None:
    """Read the first machine-readable date between the headline and the fourth paragraph."""
    paragraphs = 0
    for element in story.iter("h1", "p", "time"):
        paragraphs = 0 if element is headline else paragraphs + (element.tag == "p")
        if paragraphs > 3:
            return None
        dated = find_date(element.get("datetime", "")) if element.tag == "time" else None
        if dated:
            return dated.day
    return None


def _titled(blocks: list[Block], metadata: PageMetadata) -> list[Block]:
    """Put the headline first where the page says it in its head only."""
    title = _title(metadata)
    if not blocks or not title or blocks[0].tag == "h1" or _same(blocks[0].text, title):
        return blocks
    return [Block(title, "h1", linked=False), *blocks]


def _fallback(page: str) -> list[Block]:
    """Ask trafilatura, which knows odder pages than these rules do.

    Raises:
        IngestError: If it finds no article either.
    """
    import trafilatura

    text = trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    lines = [line for line in head_lines(text, len(text)) if not is_furniture_text(line)]
    if not any(len(line) >= _LEAST_TEXT and _SENTENCE.search(line) for line in lines):
        raise IngestError(
            "it holds no readable article text; if a script shows the article, save the page from "
            "the browser once it is shown, or copy the text into a .txt file"
        )
    return [Block(line, "p", linked=False) for line in lines]


def _parsed(blocks: list[Block], metadata: PageMetadata, day: date | None) -> Parsed:
    headline = blocks[0].text if blocks[0].tag in HEADINGS else ""
    title = cut_title(headline or _title(metadata))
    layout = read_layout([line for block in blocks[:8] for line in head_lines(block.text)], title)
    site = split_site(metadata.site_title, title, metadata.outlet)[1]
    days = (metadata.published, day, layout.published)
    return Parsed(
        text=normalise("\n\n".join(block.text for block in blocks)),
        title=layout.title,
        published=next((one for one in days if one is not None), None),
        author=metadata.author or layout.author,
        outlet=metadata.outlet or site or layout.outlet,
    )


def _title(metadata: PageMetadata) -> str:
    said = next(iter(metadata.titles), metadata.site_title)
    return split_site(said, outlet=metadata.outlet)[0]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
