"""Which articles are asked and how sure an answer must be, set on the page."""

from __future__ import annotations

import pytest
from page_steps import FITS, ask, text
from web_fakes import CUP, WHEN

from qa.evaluation import Latest, save_latest

pytestmark = pytest.mark.browser

DEFAULT = {"source": None, "since": None, "until": None, "confidence": None}


def pills(page):
    return page.locator(".pill").all_text_contents()


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_set_is_what_is_asked(open_page, assistant, width):
    page = open_page(width)
    assert pills(page) == ["All sources", "Any date", "At least 24% sure"]
    ask(page, WHEN)
    page.locator(".filters summary").click()
    page.select_option(".source", "The Gazette")
    page.fill(".since", "2022-03-01")
    page.fill(".until", "2022-04-30")
    page.fill(".percent", "60")
    assert pills(page) == ["The Gazette", "2022-03-01 to 2022-04-30", "At least 60% sure"]
    assert page.evaluate(FITS)
    ask(page, CUP)
    page.locator(".reset").click()
    ask(page, WHEN)
    narrowed = {
        "source": "The Gazette", "since": "2022-03-01", "until": "2022-04-30", "confidence": 0.6,
    }  # fmt: skip
    assert assistant.filters == [DEFAULT, narrowed, DEFAULT]


def test_a_decline_under_filters_offers_to_ask_without_them(page, assistant):
    page.locator(".filters summary").click()
    page.select_option(".source", "The Gazette")
    card = ask(page, CUP)
    card.locator(".widen").click()
    page.wait_for_function("!document.querySelector('.widen')?.checkVisibility()")
    page.wait_for_selector(".composer .go[aria-disabled=false]")
    assert [one["source"] for one in assistant.filters] == ["The Gazette", None]
    assert page.locator(".question").all_text_contents() == [CUP]


def test_the_dial_tells_what_the_last_evaluation_says_of_it(page, assistant):
    page.locator(".filters summary").click()
    assert text(page, ".cost") == "What that costs is known after `citespan eval FILE`."
    coverage = tuple(1 - at / 100 for at in range(100))
    precision = tuple(None if at > 90 else at / 100 for at in range(100))
    save_latest(
        assistant.library,
        Latest("mine.jsonl", "2024-03-06T12:00:00+00:00", 110, coverage, precision),
    )
    page.reload()
    page.wait_for_selector(".welcome")
    page.wait_for_function("document.querySelectorAll('.pill')[2]?.textContent.includes('answers')")
    assert pills(page)[2] == "At least 24% sure · answers 76%"
    page.locator(".filters summary").click()
    page.fill(".percent", "60")
    assert pills(page)[2] == "At least 60% sure · answers 40%"
    assert text(page, ".cost") == (
        "Answers 40% of questions, 60% of them rightly (110 questions of mine.jsonl, 6 Mar 2024)."
    )
    page.fill(".percent", "95")
    assert text(page, ".cost").startswith("Answers 5% of questions (110")
