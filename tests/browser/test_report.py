"""The HTML report opened from disk, with the network off, in a real Chromium."""

from __future__ import annotations

import pytest
from report_fakes import ARTICLES, HOSTILE, HOSTILE_TEXTS, HOSTILE_TITLE, SMALL, hostile, many

from qa.evaluation.evaluation import Evaluation
from qa.evaluation.html_report import html_report

pytestmark = pytest.mark.browser

COUNT = "document.querySelector('#shown').value"
SHOWN = "[...document.querySelectorAll('.mistake:not([hidden]) .id')].map(one => one.textContent)"
FITS = "document.documentElement.scrollWidth <= innerWidth"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def open_report(chromium, tmp_path):
    """Open a report; it may fetch nothing, say no error and run nothing of its texts."""
    contexts, requests, errors, opened = [], [], [], set()

    def _open(evaluation, articles=ARTICLES, title="Seven questions", width=1440, scheme="light"):
        path = tmp_path / "report.html"
        path.write_text(html_report(evaluation, articles, title=title), encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda said: errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.add(path.as_uri())
        page.goto(path.as_uri())
        return page

    yield _open
    hacked = [context.pages[0].evaluate("window.hacked ?? null") for context in contexts]
    for context in contexts:
        context.close()
    assert hacked == [None] * len(contexts)
    assert errors == []
    assert set(requests) == opened


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(Evaluation, "interval", lambda self, name, draws=0: None)


def test_the_report_opens_from_disk_with_the_network_off(open_report):
    page = open_report(SMALL)
    assert page.title() == "Seven questions"
    assert page.evaluate(COUNT) == "5 mistakes"
    assert page.evaluate(SHOWN) == ["cup", "fell", "size", "seen", "mayor"]
    assert page.locator("svg.plot").count() == 5
    for plot in page.locator("svg.plot").all():
        box = plot.bounding_box()
        assert box["width"] > 300
        assert box["height"] > 100
    # The style sheet's hash is right, and it reaches the plots: classes are colours.
    colours = page.evaluate(
        "[...document.querySelectorAll('.stroke-blue, .fill-blue')].map(one => {"
        " const style = getComputedStyle(one);"
        " return one.matches('.stroke-blue') ? style.stroke : style.fill; })"
    )
    assert set(colours) == {"rgb(28, 90, 134)"}


def test_filters_change_the_list_and_the_count(open_report, quick):
    page = open_report(SMALL)
    page.get_by_label("reader wrong").check()
    assert page.evaluate(SHOWN) == ["fell", "size"]
    assert page.evaluate(COUNT) == "2 of 5 mistakes"
    page.select_option("#type", label="update (1)")
    assert page.evaluate(SHOWN) == ["size"]
    assert page.evaluate(COUNT) == "1 of 5 mistakes"
    page.fill("#words", "SUNDAY")
    assert page.evaluate(COUNT) == "0 of 5 mistakes"
    assert page.get_by_text("No mistake is like that.").is_visible()
    page.click("#clear")
    assert page.evaluate(COUNT) == "5 mistakes"
    assert not page.get_by_text("No mistake is like that.").is_visible()
    page.fill("#words", "  hectares   SIZE")
    assert page.evaluate(SHOWN) == ["size"]


def test_filters_work_with_the_keyboard(open_report, quick):
    page = open_report(SMALL)
    page.keyboard.press("/")
    page.keyboard.type("mayor")
    assert page.input_value("#words") == "mayor"
    assert "mayor" in page.evaluate(SHOWN)
    page.fill("#words", "")
    page.get_by_label("all", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SHOWN) == ["cup"]
    page.locator("summary").last.focus()
    assert page.locator("details[open]").count() == 0
    page.click("#clear")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_hostile_texts_are_text(open_report, quick):
    page = open_report(hostile(), {HOSTILE.id: HOSTILE}, HOSTILE_TITLE)
    assert page.text_content("h1") == HOSTILE_TITLE
    marks = page.evaluate(
        "[...document.querySelectorAll('.mistake')].map(one => ({"
        " said: one.querySelector('.best').textContent,"
        " marked: [...one.querySelectorAll('mark.predicted')].map(one => one.textContent).join('')"
        "}))"
    )
    assert {one["marked"] for one in marks} == set(HOSTILE_TEXTS)
    assert all(one["said"] == one["marked"] for one in marks)
    for text in HOSTILE_TEXTS:
        page.select_option("#type", value=f"=type {text}")
        assert page.evaluate(SHOWN) == [f"id {text}"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("texts", ["small", "hostile"])
def test_nothing_is_wider_than_a_phone(open_report, quick, scheme, texts):
    if texts == "small":
        page = open_report(SMALL, width=390, scheme=scheme)
    else:
        page = open_report(hostile(), {HOSTILE.id: HOSTILE}, HOSTILE_TITLE, 390, scheme)
    assert page.evaluate(FITS)
    heights = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 9


def test_night_is_dark_and_paper_is_not(open_report, quick):
    light = open_report(SMALL).evaluate(BACKGROUND)
    page = open_report(SMALL, scheme="dark")
    dark = page.evaluate(BACKGROUND)
    assert (light, dark) == ("rgb(250, 248, 243)", "rgb(20, 22, 26)")
    ink = "getComputedStyle(document.querySelector('svg .fill-ink')).fill"
    assert page.evaluate(ink) == "rgb(232, 229, 222)"
    page.emulate_media(media="print")
    assert page.evaluate(ink) == "rgb(27, 29, 34)"
    assert not page.locator(".filters").is_visible()
    page.set_viewport_size({"width": 690, "height": 900})
    assert page.evaluate(FITS)


def test_1500_mistakes_are_filtered_at_once(open_report, quick):
    evaluation, articles = many(1500)
    page = open_report(evaluation, articles, "Many")
    total = len(evaluation.mistakes())
    assert page.evaluate(COUNT) == f"{total:,} mistakes"
    wanted = evaluation.mistakes()[-1]
    page.fill("#words", wanted.gold.question)
    assert wanted.gold.id in page.evaluate(SHOWN)
    took = page.evaluate(
        "() => { const words = document.querySelector('#words'); const start = performance.now();"
        " words.value = 'a'; words.dispatchEvent(new Event('input', {bubbles: true}));"
        " document.body.offsetHeight; return performance.now() - start; }"
    )
    assert took < 1500  # milliseconds; 40 on an idle machine
