"""The article beside the conversation: every quote marked, steps between them, links to one."""

from __future__ import annotations

import pytest
from page_steps import IS_IN_PAPER, MARK, ask, opened, text
from web_fakes import BALLOT, CUP, NASTY, NASTY_QUOTES, TRIP, WHEN, WHO, nasty_question

pytestmark = pytest.mark.browser

ALSO = ".paper mark.also"


def link_of(page):
    """Give the address that "Copy link" copies."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".links button").click()
    page.locator(".links button", has_text="Copied").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_every_quote_of_the_conversation_is_marked_and_stepped_through(page):
    ask(page, WHEN)
    opened(page, "Citation 1")
    assert not page.locator(".marks").is_visible()
    ask(page, WHO)
    opened(page, "Citation 3")
    assert (text(page, MARK), text(page, ALSO)) == ("Juan Guaido", "2018")
    assert page.locator(".count").text_content() == "2 of 2"
    assert page.locator(".after").is_disabled()
    page.locator(".before").click()
    opened(page, "Citation 1")
    assert (text(page, MARK), text(page, ALSO)) == ("2018", "Juan Guaido")
    assert page.evaluate(IS_IN_PAPER, MARK)
    assert text(page, ".paper .text") == TRIP.text
    pressed = page.locator("button[aria-pressed=true]")
    assert pressed.get_attribute("aria-label").startswith("Open citation 1")
    page.locator(".after").click()
    opened(page, "Citation 3")


def test_a_passage_says_how_many_quotes_its_article_has(page):
    ask(page, WHEN)
    card = ask(page, CUP)
    card.locator(".near .passage").first.click()
    opened(page, "Passage 1")
    assert page.locator(".count").text_content() == "1 quoted"
    page.locator(".after").click()
    opened(page, "Citation 1")
    assert text(page, MARK) == "2018"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("at", range(len(NASTY_QUOTES)))
def test_a_link_opens_the_page_on_the_very_span(open_page, at, width):
    page = open_page(width)
    card = ask(page, nasty_question(at))
    card.locator(".cite").click()
    opened(page, "Citation 1")
    page.goto(link_of(page))
    opened(page, "Linked passage")
    page.wait_for_function(f"({IS_IN_PAPER})('{MARK}')")
    assert text(page, MARK) == NASTY_QUOTES[at]
    assert text(page, ".paper .text") == NASTY.text
    page.reload()
    opened(page, "Linked passage")


def test_a_link_to_a_span_that_changed_shows_the_article_without_a_mark(page):
    ask(page, WHEN)
    opened(page, "Citation 1")
    page.goto(link_of(page).replace("span=", "span=1"))
    opened(page, "The passage of this link has changed")
    assert page.locator(MARK).count() == 0
    assert text(page, ".paper .text") == TRIP.text


@pytest.mark.parametrize(
    "link", ["?article=gone&span=1-5&quote=0", "?article=%00&span=x", "?article="]
)
def test_a_link_to_an_article_that_is_gone_says_so(page, link):
    page.goto(page.url + link)
    opened(page, "Linked passage")
    assert text(page, ".nothing") == "This article is no longer in the library."


def test_an_article_that_is_removed_while_it_is_open_says_so(page, assistant, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("The bridge opened in Zaventhem.", encoding="utf-8")
    page.set_input_files("input[type=file]", [note])
    page.locator(".card.report").wait_for()
    card = ask(page, "Where did the bridge open, in Zaventhem.?")
    opened(page, "Citation 1")
    assistant.forget_articles()
    card.locator(".cite").click()
    page.locator(".paper .nothing").wait_for()
    assert text(page, ".paper .nothing") == (
        "This article is no longer in the library. What was quoted of it: “Zaventhem.”"
    )


def test_the_original_opens_elsewhere_at_the_quote(page):
    card = ask(page, WHEN)
    assert page.locator(".links a").count() == 0, "a file has no address"
    card.locator(".cite").nth(1).click()
    opened(page, "Citation 2")
    original = page.locator(".links a")
    assert original.get_attribute("href").startswith(f"{BALLOT.source}#:~:text=")
    assert original.get_attribute("rel") == "noopener noreferrer"
    assert original.get_attribute("target") == "_blank"


def test_a_citation_previews_its_sentence(page):
    card = ask(page, WHEN)
    preview = card.locator(".also-in .preview")
    assert not preview.is_visible()
    card.locator(".also-in .cite").hover()
    preview.wait_for(state="visible")
    assert preview.text_content() == BALLOT.text.split("\n")[1]
