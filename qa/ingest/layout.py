"""The head of a news article: headline, standfirst, caption, date line, byline, outlet, dateline.

Everything here works on lines without markup and reads only the head, so that no date or name is
ever taken out of running prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.ingest.dates import find_date
from qa.ingest.names import Names, is_outlet, read_names

__all__ = ["Layout", "cut_title", "head_lines", "read_layout"]

_HEAD_LINES = 12
_LABELLED = re.compile(
    r"^(title|headline|date|published|author|byline|outlet|source|publication|publisher|newspaper)"
    r"\s*:\s*(\S.*)$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\s/\s[A-Z][\w .&-]{0,40}$|\((?:photo|picture|image|credit)\b[^)]*\)$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”\u2019»)]*$")
_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-ÞĀ-Ž][^()—\u2013]{0,60}?)?\s*"
    r"\((?P<agency>[A-Z][\w .&\u2019'-]{1,40})\)\s*(?:—|\u2013|--?)\s*\S"
)
_DATELINE_WITHOUT_AGENCY = re.compile(
    r"^(?P<place>[A-ZÀ-ÞĀ-Ž]{3}[^()—\u2013.]{0,60}?)\s*(?:—|\u2013|--)\s+\S"
)


@dataclass(slots=True)
class Layout:
    """What the head of an article says about it: empty strings and None where it does not say."""

    title: str = ""
    published: date | None = None
    author: str = ""
    outlet: str = ""
    updated: date | None = None
    agency: str = ""
    unsure: list[str] = field(default_factory=list)


def head_lines(text: str, limit: int = 2000) -> Iterator[str]:
    r"""Yield the lines that are not blank, stripped; of each its first ``limit`` characters.

    >>> list(head_lines("\nOne\n\n  Two \n"))
    ['One', 'Two']
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        if line := text[start : min(end, start + limit)].strip():
            yield line
        start = end + 1


def cut_title(line: str, limit: int = 200) -> str:
    """Shorten a title to at most ``limit`` characters, at a word's end where there is one.

    >>> cut_title("A fire on the mountain", 11)
    'A fire on…'
    """
    line = re.sub(r"\s+", " ", line).strip()
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    whole = line[limit - 1] == " " or " " not in head
    return (head if whole else head.rsplit(" ", 1)[0]).rstrip(" ,;:") + "…"


def read_layout(lines: Sequence[str], title: str = "") -> Layout:
    """Read the head of an article.

    Args:
        lines: Its first lines, without markup and blank lines.
        title: The headline where it is known; else it is the first line that is no date or label.

    >>> read_layout(["Wall opens", "Oriel Tribune", "January 22, 2024"]).outlet
    'Oriel Tribune'
    """
    layout = Layout(title=title)
    prose = 0
    for line in lines[: _HEAD_LINES + 1]:
        if _labelled(line, layout) or (not layout.title and _date_line(line, layout)):
            continue
        layout.title = layout.title or cut_title(line)
        if cut_title(line) == layout.title:
            # A first line that is a sentence heads no article: the body has begun.
            prose += _is_prose(line)
            continue
        if _dateline(line, layout):
            break
        if _is_prose(line):
            prose += 1
            if prose == 2:
                break
            continue
        if not _date_line(line, layout):
            _name_line(line, layout)
    return _settled(layout)


def _labelled(line: str, layout: Layout) -> bool:
    """Read a line such as "Source: Oriel Tribune"."""
    found = _LABELLED.match(line)
    if not found:
        return False
    label, value = found[1].lower(), found[2].strip().strip("\"'")
    if label in {"title", "headline"}:
        layout.title = layout.title or cut_title(value)
    elif label in {"date", "published"}:
        _date_line(value, layout)
    elif label in {"author", "byline"}:
        layout.author = re.sub(r"^by\s+", "", value, flags=re.IGNORECASE)
    elif "://" not in value:
        layout.outlet = value
    return True


def _date_line(line: str, layout: Layout) -> bool:
    """Read a line with a date and nothing else than names around it."""
    dated = find_date(line)
    if not dated:
        return False
    names = read_names(dated.rest)
    if dated.rest and not names:
        return False
    if names:
        _note(names, layout, beside_date=True)
    if dated.updated:
        layout.updated = layout.updated if layout.updated is not None else dated.day
    elif layout.published is None:
        layout.published = dated.day
    return True


def _name_line(line: str, layout: Layout) -> None:
    """Read a byline or an outlet; a name that could be either is kept for later."""
    if names := read_names(line):
        _note(names, layout, beside_date=False)


def _note(names: Names, layout: Layout, *, beside_date: bool) -> None:
    if names.sure or (beside_date and names.author):
        layout.author = layout.author or names.author
        layout.outlet = layout.outlet or names.outlet
    elif names.author and not names.outlet:
        layout.unsure.append(names.author)


def _dateline(line: str, layout: Layout) -> bool:
    """Read "HAVERLEY, Cantreva (APN) — ...", which opens the body."""
    found = _DATELINE.match(line)
    if found and not _is_place(found["place"] or ""):
        return False
    if found and find_date(found["agency"]) is None:
        layout.agency = found["agency"].strip()
    else:
        found = _DATELINE_WITHOUT_AGENCY.match(line)
    dated = find_date(found["place"]) if found and found["place"] else None
    if dated and layout.published is None:
        layout.published = dated.day
    return found is not None


def _is_place(place: str) -> bool:
    """Tell a place from the start of a sentence: in capitals, or a short name, or left out."""
    words = place.split(",", maxsplit=1)[0].split()
    return len(words) <= 2 or words[0].isupper()


def _is_prose(line: str) -> bool:
    if _CREDIT.search(line):
        return False
    return len(line) >= 150 or (len(line) >= 60 and bool(_SENTENCE_END.search(line)))


def _settled(layout: Layout) -> Layout:
    """Give a lone name its role: what is not known yet of author and outlet."""
    dated = layout.published is not None or layout.updated is not None
    for name in layout.unsure:
        if layout.author and not layout.outlet:
            layout.outlet = name
        elif layout.outlet and not layout.author:
            layout.author = name
        elif dated and not layout.outlet and not layout.author:
            layout.outlet = name
    layout.outlet = layout.outlet or layout.agency
    layout.published = layout.published if layout.published is not None else layout.updated
    if is_outlet(layout.author) and not layout.outlet:
        layout.outlet = layout.author
    return layout
