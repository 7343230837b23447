"""Markdown: front matter is taken off and used, the rest is kept with its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from qa.errors import IngestError
from qa.ingest.dates import parse_date
from qa.ingest.decoding import decode_text
from qa.ingest.layout import cut_title, head_lines, read_layout
from qa.ingest.parsed import Parsed

__all__ = ["parse", "plain", "split_front_matter"]

_FRONT = re.compile(
    r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(?P<atx>.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LONGEST_FRONT = 65_536
_KEYS = {
    "title": ("title", "headline"),
    "published": ("date", "published", "pubdate", "publish_date", "published_at", "datepublished"),
    "author": ("author", "authors", "byline", "by", "writer"),
    "outlet": (
        "outlet",
        "publication",
        "publisher",
        "newspaper",
        "paper",
        "site",
        "source",
        "agency",
    ),
}
_MARKUP = (
    (
        re.compile(
            r"^ {0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)|[ \t]+#+[ \t]*$|[ \t]*\{[#.:][^}]*\}$"
        ),
        "",
    ),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)|<!--.*?-->|</?[A-Za-z][^<>]*>"), ""),
    (re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(\*{1,3}|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def parse(data: bytes) -> Parsed:
    r"""Parse a Markdown file. Front matter goes before what the head of the text says.

    >>> found = parse(b"---\nauthor: Nell Harrow\n---\n# Library *saved*\n\nMay 19, 2022\n")
    >>> found.title, found.author, found.published, found.text[:9]
    ('Library saved', 'Nell Harrow', datetime.date(2022, 5, 19), '# Library')

    Raises:
        IngestError: If it is binary, in no known encoding, or empty but for its front matter.
    """
    fields, text = split_front_matter(decode_text(data))
    if not text.strip():
        raise IngestError("it is empty: there is no text under its front matter; add the text")
    known = {name: _first(fields, keys) for name, keys in _KEYS.items()}
    title = _heading(text) or cut_title(known["title"])
    # A sub-head is no byline, however much it looks like a name.
    head = [raw for raw in islice(head_lines(text), 24) if not _HEADING.match(raw)]
    lines = [line for raw in head if (line := plain(raw)).strip("-=*_ ")]
    layout = read_layout(lines[:16], title)
    return Parsed(
        text,
        layout.title,
        parse_date(known["published"]) or layout.published,
        known["author"] or layout.author,
        layout.outlet if "://" in known["outlet"] else known["outlet"] or layout.outlet,
    )


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    r"""Take the front matter off a text; what is no YAML mapping stays in the text.

    >>> split_front_matter("---\ntitle: Wall\n---\nIt opened.")
    ({'title': 'Wall'}, 'It opened.')
    >>> split_front_matter("---\n: [\n---\nIt opened.")
    ({}, '---\n: [\n---\nIt opened.')
    """
    found = _FRONT.match(text)
    if not found or len(found["yaml"]) > _LONGEST_FRONT:
        return {}, text
    from frontmatter.default_handlers import YAMLHandler
    from yaml import YAMLError

    try:
        # The handler's default is YAML's safe loader: plain values, no objects.
        fields = YAMLHandler().load(found["yaml"])
    except (YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(fields, dict):
        return {}, text
    return {str(key).lower(): value for key, value in fields.items()}, text[found.end() :]


def plain(line: str) -> str:
    """Take the inline markup off one line.

    >>> plain("## The *Ostrell* [fire](a.html), **contained** ##")
    'The Ostrell fire, contained'
    """
    for pattern, replacement in _MARKUP:
        line = pattern.sub(replacement, line)
    return line.strip()


def _first(fields: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Say the first of several fields that is set: names of a list joined by commas."""
    for key in keys:
        value = fields.get(key)
        values = value if isinstance(value, list) else [value]
        if said := ", ".join(text for one in values[:20] if (text := _scalar(one))):
            return said
    return ""


def _scalar(value: Any) -> str:
    """Say a plain value or an object's name; nested values, which YAML can blow up, say nothing."""
    if isinstance(value, dict):
        value = value.get("name")
    return str(value).strip() if isinstance(value, str | int | float | date) else ""


def _heading(text: str) -> str:
    """Find the headline among the headings: one that opens the text or is of level 1, else empty.

    A lesser heading further down is a sub-head of an article whose headline is elsewhere.
    """
    for level, heading, opens in _headings(text):
        if opens or level == 1:
            return cut_title(plain(heading))
    return ""


def _headings(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the headings outside fenced code: level, text, whether it opens the text."""
    fenced, above, seen = False, "", 0
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (atx := _HEADING.match(line)) and atx["atx"]:
            yield len(atx[1]), atx["atx"], seen == 0
        elif not fenced and above.strip() and (under := _UNDERLINE.match(line)):
            yield (1 if "=" in under[1] else 2), above, seen == 1
        above = line
        seen += bool(line.strip())
