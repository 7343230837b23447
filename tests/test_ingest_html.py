"""Web pages: metadata, encodings, hostile and broken markup.

Precision and recall are in test_ingest_pages.py.
"""

# ruff: noqa: E501 - pages and tables of cases have long lines

from __future__ import annotations

import contextlib
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from qa.errors import IngestError
from qa.ingest import parse

BODY = "<p>The wall of Marl was opened on Monday.</p><p>It is 2.8 kilometres long.</p>"
TEXT = "The wall of Marl was opened on Monday.\n\nIt is 2.8 kilometres long."


def _page(page: str | bytes):
    return parse(page if isinstance(page, bytes) else page.encode(), Path("a.html"))


def _known(head: str, body: str = "<h1>Wall opens</h1>"):
    found = _page(f"<html><head>{head}</head><body><article>{body}{BODY}</article></body></html>")
    return found.title, found.published, found.author, found.outlet


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("head", "known"),
    [
        pytest.param("<title>Wall opens | Marl Standard</title>", (None, "", "Marl Standard"), id="title suffix"),
        pytest.param("<title>Wall is open - Marl Standard</title>", (None, "", "Marl Standard"), id="other title"),
        pytest.param("<title>Marl Standard: Wall opens</title>", (None, "", ""), id="no suffix"),
        pytest.param('<meta name="author" content="By Ada Pohl"><meta name="date" content="2023-02-24">', (date(2023, 2, 24), "Ada Pohl", ""), id="meta"),
        pytest.param(
            '<meta property="og:site_name" content="Marl Echo"><meta property="article:published_time" content="2023-11-14T23:50:00-05:00">'
            '<meta property="article:author" content="https://social.example/ada">',
            (date(2023, 11, 14), "", "Marl Echo"), id="open graph",
        ),
        pytest.param(
            LD % '{"@type":"NewsArticle","datePublished":"2024-05-07T09:00:00+02:00","author":{"name":"Ada Pohl"},"publisher":{"name":"Marl &amp; Sele"}}',
            (date(2024, 5, 7), "Ada Pohl", "Marl & Sele"), id="json-ld",
        ),
        pytest.param(
            LD % '[{"@type":"WebSite","name":"x"},{"@graph":[{"@type":["Thing","ReportageNewsArticle"],"author":["Ada Pohl",{"name":"Jo Beck"}]}]}]',
            (None, "Ada Pohl, Jo Beck", ""), id="json-ld graph",
        ),
        pytest.param(LD % '{"@type":"NewsArticle", broken' + '<meta name="author" content="Ada Pohl">', (None, "Ada Pohl", ""), id="broken json-ld"),
        pytest.param(LD % ("[" * 100_000), (None, "", ""), id="deep json-ld"),
        pytest.param(LD % '{"@type":"NewsArticle","author":5,"datePublished":null,"publisher":[[]]}', (None, "", ""), id="odd json-ld"),
        pytest.param('<meta name="date" content="03/04/2024">', (None, "", ""), id="ambiguous date"),
        pytest.param("", (None, "", ""), id="nothing"),
    ],
)  # fmt: skip
def test_metadata_of_the_head(head, known):
    assert _known(head) == ("Wall opens", *known)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        pytest.param("<p>Ada Pohl, <time datetime='2023-02-24'>24 February</time></p>", (date(2023, 2, 24), "", ""), id="time"),
        pytest.param("<p class='by'>By Ada Pohl, Marl Echo</p><p>Feb. 10, 2023</p>", (date(2023, 2, 10), "Ada Pohl", "Marl Echo"), id="lines"),
        pytest.param("<p>Ada Pohl &middot; Thursday, 23 January 2025</p>", (date(2025, 1, 23), "Ada Pohl", ""), id="one line"),
    ],
)  # fmt: skip
def test_metadata_of_the_body(line, known):
    assert _known("", f"<h1>Wall opens</h1>{line}") == ("Wall opens", *known)


def test_a_date_beside_the_article_is_not_its_date():
    page = f"<article><h1>Wall opens</h1>{BODY}</article><aside><time datetime='2020-01-01'>1 January 2020</time></aside>"
    assert _page(page + "<footer>© 3 May 2019</footer>").published is None


def test_a_headline_of_the_head_is_put_first():
    assert (
        _page(f"<title>Wall opens | Marl Echo</title><body>{BODY}").text == f"Wall opens\n\n{TEXT}"
    )
    found = _page(f'<meta property="og:title" content="Wall opens"><body><h2>Wall opens</h2>{BODY}')
    assert (found.title, found.text) == ("Wall opens", f"Wall opens\n\n{TEXT}")


def test_the_name_of_the_site_is_no_headline():
    page = f'<meta property="og:title" content="Wall opens"><div><h1>Marl Echo</h1></div><article><h2>Wall opens</h2>{BODY}</article>'
    assert _page(page).text == f"Wall opens\n\n{TEXT}"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        pytest.param('<meta charset="iso-8859-2">', "iso-8859-2", id="meta charset"),
        pytest.param('<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">', "cp1250", id="http-equiv"),
        pytest.param("<?xml version='1.0' encoding='iso-8859-2'?>", "iso-8859-2", id="xml"),
        pytest.param("", "utf-8", id="nothing"),
        pytest.param('<meta charset="iso-8859-1">', "utf-8", id="wrong"),
        pytest.param('<meta charset="utf-8">', "cp1250", id="not utf-8"),
        pytest.param('<meta charset="klingon">', "utf-8", id="unknown"),
        pytest.param('<meta charset="utf-16">', "utf-8", id="not utf-16"),
        pytest.param('<meta charset="zlib">', "utf-8", id="no text encoding"),
        pytest.param("", "utf-16", id="mark"),
        pytest.param('<meta charset="iso-8859-1">', "utf-8-sig", id="mark before meta"),
    ],
)  # fmt: skip
def test_encodings(declared, encoding):
    word = "Zażółć gęślą jaźń, powiedziała Łaska. " * 4
    page = f"{declared}<h1>Łaska</h1><p>{word}</p>".encode(encoding)
    assert _page(page).text == f"Łaska\n\n{word.strip()}"


def test_latin1_is_read_as_browsers_read_it():
    page = '<meta charset="iso-8859-1"><h1>Wall</h1><p>“It is a wall,” said Zoë, and it was.</p>'
    assert "“It is a wall,” said Zoë" in _page(page.encode("cp1252")).text


@pytest.mark.parametrize("depth", [100, 300, 1500, 3000, 20_000])
def test_deeply_nested_text_is_not_lost(depth):
    page = f"<body><h1>Wall opens</h1>{'<div>' * depth}{BODY}{'</div>' * depth}<p>After it came the band.</p>"
    assert _page(page).text == f"Wall opens\n\n{TEXT}\n\nAfter it came the band."


def test_depth_that_cannot_be_undone_is_an_error():
    with pytest.raises(IngestError, match="nested more than 2000 deep"):
        _page("<blockquote>" * 3000 + BODY)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<html></html>", id="empty"),
        pytest.param("<title>Shell</title><div id=root></div><noscript>Please enable JavaScript to read the paper.</noscript>", id="shell"),
        pytest.param("<nav><ul><li>Home and all the other pages that there are</li></ul></nav><script>var a = 'words, words, words, words';</script>", id="furniture"),
        pytest.param("<div class='consent'><p>We value your privacy, and so do our 212 vendors.</p></div>", id="consent"),
        pytest.param("<h1>Only a headline and nothing under it at all</h1>", id="headline"),
    ],
)  # fmt: skip
def test_page_without_an_article_is_refused(page):
    with pytest.raises(IngestError, match=r"^a\.html: it holds no readable article text"):
        _page(page)


def test_trafilatura_is_asked_where_class_names_mislead():
    body = "<p>The wall of Marl was opened on Monday, after twenty-two months of work.</p><p>It is 2.8 kilometres long, and 1.6 metres high.</p>"
    found = _page(
        f"<html><head><title>Wall opens | Marl Echo</title></head><body><div id='related-article'>{body}</div></body></html>"
    )
    assert found.text == (
        "Wall opens\n\nThe wall of Marl was opened on Monday, after twenty-two months of work.\n\n"
        "It is 2.8 kilometres long, and 1.6 metres high."
    )
    assert (found.title, found.outlet) == ("Wall opens", "Marl Echo")


def test_broken_markup_is_read_as_well_as_it_can_be():
    page = f"<h1>Wall opens</h2><article><b>{BODY[:-4]}<p>Unclosed <i>words<p>& more < than > that &nosuch; &#xD800;x\x00y"
    assert _page(page).text.startswith(f"Wall opens\n\n{TEXT}\n\nUnclosed words\n\n& more <")
    assert _page(page).text.endswith("x\ufffdy")


def test_entities_of_a_doctype_are_not_expanded():
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "boom">]><h1>Wall</h1>{BODY}<p>Said &x; and &y; of it.</p>'
    assert "boom of" not in _page(page).text
    assert "Said &x; and &y; of it." in _page(page).text


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<div " * 400_000, id="open tags"),
        pytest.param("<p>a</p>" * 50_000, id="many blocks"),
        pytest.param("<a href=x>" * 20_000 + BODY, id="open links"),
        pytest.param("<title>" + " - a" * 200_000 + "</title>" + BODY, id="title"),
        pytest.param("<div class='" + "ad-" * 300_000 + "'>x</div>" + BODY, id="class"),
        pytest.param("<h1>" + "<span>x" * 1900 + "</h1>" + BODY, id="headline"),
        pytest.param("<h3>Related</h3>" * 5_000 + BODY, id="labels"),
        pytest.param("<p>" + "!— , " * 300_000, id="one block"),
    ],
)
def test_hostile_pages_take_seconds_at_most(page):
    began = time.perf_counter()
    with contextlib.suppress(IngestError):
        _page(page)
    assert time.perf_counter() - began < 10


def test_recursion_limit_is_left_alone():
    before = sys.getrecursionlimit()
    _page(f"<h1>Wall</h1>{'<div>' * 1900}{BODY}")
    assert sys.getrecursionlimit() == before
