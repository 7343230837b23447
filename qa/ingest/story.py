"""The article of a page as blocks: headline, paragraphs, sub-heads, list items, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qa.ingest.furniture import HEADINGS, weigh
from qa.ingest.furniture_words import is_furniture_text

__all__ = ["Block", "find_headline", "find_story", "read_blocks"]

_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hgroup",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_LEAVES = {"p", "li", "td", "tr", "blockquote", *HEADINGS}
_IN_CELL = ("p", "div", "ul", "ol", "table", "section", "article", *HEADINGS)
# The parser has replaced every NUL of the page, so that one can stand for <br> here.
_BREAK = "\x00"
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”\u2019»)]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the page.

    Args:
        text: Its text, white space collapsed; a single ``<br>`` is a line feed.
        tag: The element that it stood in.
        linked: Whether all of it is a link to another page.
    """

    text: str
    tag: str
    linked: bool


@dataclass(slots=True)
class _Pen:
    """Collects the text between two block borders."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0

    def write(self, text: str | None) -> None:
        if text:
            self.parts.append(text.replace(_BREAK, "\ufffd"))
            self.linked += _letters(text) if self.links else 0

    def lift(self, tag: str) -> Iterator[Block]:
        joined = re.sub(r"\s+", " ", _INVISIBLE.sub("", "".join(self.parts)))
        # Strokes and dots between links are no words of their own.
        whole = self.linked >= _letters(joined)
        self.parts, self.linked = [], 0
        # Two breaks in a row are how old pages part their paragraphs.
        for block in re.split(rf"\s*{_BREAK}\s*{_BREAK}[\s{_BREAK}]*", joined):
            text = re.sub(rf" ?{_BREAK} ?", "\n", block).strip()
            if text:
                yield Block(text, tag, whole)


def _letters(text: str) -> int:
    return len(re.findall(r"\w", text))


def find_story(body: Any) -> Any:
    """Find the element that holds the article of a page without furniture.

    That is what the page marks as such, if it holds at least half of the page's words; else the
    innermost element with at least four fifths of them.
    """
    weights = weigh(body)
    total = weights[body]
    for marks in (
        ".//*[@itemprop='articleBody']",
        ".//article | .//*[@role='article']",
        ".//main | .//*[@role='main']",
    ):
        marked = body.xpath(marks)
        best = max(marked, key=weights.__getitem__, default=None)
        if best is not None and weights[best] * 2 >= total:
            return best
    node = body
    while node.tag not in _LEAVES:
        child = max(node, key=weights.__getitem__, default=None)
        if child is None or weights[child] * 5 < total * 4:
            break
        node = child
    return node


def find_headline(body: Any, story: Any, titles: tuple[str, ...]) -> Any | None:
    """Find the headline's element; None where there is none.

    That is the h1 that the page's metadata agree with, else a lesser heading that does, else an h1
    in the story, else, where metadata give no title, any h1.
    """
    said = {_key(title) for title in titles if title}
    for tags in (("h1",), HEADINGS[1:]):
        for heading in body.iter(*tags):
            if _key("".join(heading.itertext())) in said:
                return heading
    headings = [
        one for one in (*story.iter("h1"), *body.iter("h1")) if _key("".join(one.itertext()))
    ]
    # An h1 outside the story that metadata contradict is the name of the site.
    return next((one for one in headings if not said or story in {one, *one.iterancestors()}), None)


def read_blocks(story: Any, headline: Any | None) -> list[Block]:
    """Read the blocks from the headline to the end of the story; none where there is no text."""
    root = story
    if headline is not None:
        around = set(headline.iterancestors())
        root = next((one for one in (story, *story.iterancestors()) if one in around), story)
    begins = headline if headline is not None and _precedes(headline, story, root) else story
    blocks = list(_walk(_rows_joined(root), begins, story))
    return [block for block in blocks if block.tag == "h1" or not _is_noise(block)]


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text)).casefold()


def _precedes(headline: Any, story: Any, root: Any) -> bool:
    """Tell whether the headline stands before the end of the story."""
    if story in set(headline.iterancestors()):
        return True
    for element in root.iter():
        if element is headline:
            return True
        if element is story:
            return False
    return False


def _rows_joined(root: Any) -> Any:
    """Write each row of a table of data into one line; one that lays out a page stays as it is."""
    for row in list(root.iter("tr")):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if not cells or any(_lays_out(cell) for cell in cells):
            continue
        texts = [" ".join("".join(cell.itertext()).split()) for cell in cells]
        for child in list(row):
            row.remove(child)
        row.text = " | ".join(text for text in texts if text)
    return root


def _lays_out(cell: Any) -> bool:
    inner = list(cell.iter(*_IN_CELL))
    return len(inner) > 1 or any(one.tag not in {"p", "div"} for one in inner)


def _walk(root: Any, begins: Any, ends: Any) -> Iterator[Block]:
    from lxml import etree

    pen, open_ = _Pen(), begins is root
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and element is begins:
            open_ = True
        border = tag in _BLOCK_TAGS
        if open_ and border:
            yield from pen.lift(_tag_of(element, event))
        if open_:
            _write(pen, element, tag, event, root)
        if event == "end" and element is ends:
            break
    yield from pen.lift(_tag_of(root, "end"))


def _write(pen: _Pen, element: Any, tag: str, event: str, root: Any) -> None:
    """Write the text before or after a border of an element, and keep count of open links."""
    away = tag == "a" and not element.get("href", "#").startswith("#")
    if event == "start":
        pen.links += away
        if tag == "br":
            pen.parts.append(_BREAK)
        elif tag:
            pen.write(element.text)
        return
    pen.links = max(0, pen.links - away)
    if element is not root:
        pen.write(element.tail)


def _tag_of(element: Any, event: str) -> str:
    """Name the block that ends here: at its own end, or where a block opens inside it."""
    owner = element if event == "end" else element.getparent()
    while owner is not None and owner.tag not in _BLOCK_TAGS:
        owner = owner.getparent()
    return owner.tag if owner is not None else "body"


def _is_noise(block: Block) -> bool:
    """Tell whether a block is a mere link to elsewhere, or calls itself furniture."""
    if (
        block.linked
        and block.tag != "tr"
        and not (block.tag == "p" and _SENTENCE_END.search(block.text))
    ):
        return True
    return is_furniture_text(block.text)
