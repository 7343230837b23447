"""What a page says about itself in its head: JSON-LD, Open Graph and meta elements, title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from qa.ingest.dates import parse_date
from qa.ingest.names import read_names

__all__ = ["PageMetadata", "read_metadata", "split_site"]

_TITLES = ("og:title", "twitter:title", "dc.title", "headline", "parsely-title", "sailthru.title")
_AUTHORS = (
    *("author", "byl", "article:author", "dc.creator", "dcterms.creator", "parsely-author"),
    *("sailthru.author", "article.author", "citation_author", "og:article:author"),
)
_OUTLETS = (
    *("application-name", "dc.publisher", "dcterms.publisher", "publisher"),
    *("article:publisher", "cre", "citation_journal_title", "copyright"),
)
_DATES = (
    *(
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
    ),
    *(
        "publish-date",
        "publish_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.issued",
    ),
    *(
        "dcterms.created",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
        "published",
        "pub_date",
    ),
    *(
        "release_date",
        "og:published_time",
        "citation_publication_date",
        "dc.date.created",
        "created",
    ),
)
# Longer than any headline; a hostile page may have a title of megabytes.
_LONGEST = 1000
_SITE = re.compile(r"\s+[|\u2013—·•»-]\s+|\s*[|»]\s*")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about its article: empty strings and None where it does not say.

    ``titles`` are all the headlines that it gives, the most trusted first; ``site_title`` is its
    ``<title>``.
    """

    titles: tuple[str, ...] = ()
    site_title: str = ""
    author: str = ""
    outlet: str = ""
    published: date | None = None


def read_metadata(root: Any) -> PageMetadata:
    """Read the metadata of a parsed page; JSON-LD that is no JSON does not matter."""
    linked = _article_of(_json_ld(root))
    metas = _metas(root)

    def said(key: str, *names: str) -> list[str]:
        return [_text(linked.get(key)), *(metas.get(name, "") for name in names)]

    title = " ".join("".join(root.xpath("(//head/title | //title)[1]//text()")).split())
    titles = (metas.get("og:title", ""), *said("headline", *_TITLES))
    return PageMetadata(
        titles=tuple(dict.fromkeys(one[:_LONGEST] for one in titles if one)),
        site_title=title[:_LONGEST],
        author=_author(said("author", *_AUTHORS)),
        outlet=_name([metas.get("og:site_name", ""), *said("publisher", *_OUTLETS)]),
        published=_published(said("datePublished", *_DATES)),
    )


def split_site(title: str, headline: str = "", outlet: str = "") -> tuple[str, str]:
    """Part a page's ``<title>`` into headline and site; the site is empty where there is none.

    >>> split_site("Bridge falls - two dead | Cantreva Standard", outlet="Cantreva Standard")
    ('Bridge falls - two dead', 'Cantreva Standard')
    >>> split_site("Bridge falls - two dead")
    ('Bridge falls - two dead', '')
    """
    if headline and _key(title) == _key(headline):
        return title, ""
    for mark in reversed(list(_SITE.finditer(title))):
        left, right = title[: mark.start()].strip(), title[mark.end() :].strip()
        if _key(left) in {_key(headline), _key(outlet)} - {""}:
            return (left, right) if _key(left) == _key(headline) else (right, left)
        if outlet and _key(right) == _key(outlet):
            return left, right
    # A hyphen may belong to the headline: only what is written like a name is a site then.
    left, right = _last_part(title)
    return (left, right) if len(right.split()) <= 5 and read_names(right) else (title, "")


def _last_part(title: str) -> tuple[str, str]:
    marks = list(_SITE.finditer(title))
    return (title[: marks[-1].start()], title[marks[-1].end() :].strip()) if marks else (title, "")


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text)).casefold()


def _metas(root: Any) -> dict[str, str]:
    """Gather the meta elements by property, name or microdata; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = " ".join(meta.get("content", "").split())
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _json_ld(root: Any) -> Iterator[Any]:
    """Yield the objects of all JSON-LD scripts, breadth first."""
    for script in root.iter("script"):
        if "ld+json" not in script.get("type", "").lower():
            continue
        source = re.sub(
            r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$", "", script.text or ""
        )
        try:
            waiting = [json.loads(source, strict=False)]
        except (ValueError, RecursionError):
            continue
        for one in waiting:
            if isinstance(one, list):
                waiting.extend(one)
            elif isinstance(one, dict):
                yield one
                waiting.extend(
                    one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one
                )


def _article_of(objects: Iterable[Any]) -> dict[str, Any]:
    """Choose the first object that is an article of some kind."""
    for one in objects:
        kinds = one.get("@type", "")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if str(kind).endswith(("Article", "Posting", "Report")):
                return dict(one)
    return {}


def _text(value: Any) -> str:
    """Say a JSON-LD value in words: names of objects, lists joined by commas."""
    if isinstance(value, list):
        return ", ".join(
            text for one in value[:20] if not isinstance(one, list) and (text := _text(one))
        )
    if isinstance(value, dict):
        value = value.get("name") if isinstance(value.get("name"), str) else ""
    return " ".join(unescape(value).split()) if isinstance(value, str) else ""


def _name(values: Iterable[str]) -> str:
    """Take the first that is not empty and no address."""
    return next((one for one in values if one and "://" not in one and one[0] != "@"), "")


def _author(values: Iterable[str]) -> str:
    said = _name(values)
    names = read_names(said) if re.match(r"by\s", said, re.IGNORECASE) else None
    return names.author if names else said


def _published(values: Iterable[str]) -> date | None:
    return next((day for one in values if (day := parse_date(one)) is not None), None)
