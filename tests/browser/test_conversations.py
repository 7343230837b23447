"""Conversations on the page: kept, listed, renamed, deleted, asked anew, stopped, taken away."""

from __future__ import annotations

import json

import pytest
from page_steps import INPUT, MARK, answered, ask, opened, show_list, text
from web_fakes import BOTH, CUP, HELLO, SLOW, TRIP, WHEN, WHO

from qa.transcripts import read_export, text_sha256

pytestmark = pytest.mark.browser

LINES = ".talk-line .name"


def names(page):
    return page.locator(LINES).all_text_contents()


def questions(page):
    return page.locator(".question").all_text_contents()


def listed(page, *wanted):
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('.talk-line .name')]"
        ".map((one) => one.textContent)) === wanted",
        arg=json.dumps(wanted, ensure_ascii=False, separators=(",", ":")),
    )


def tool(page, name, what):
    show_list(page)
    line = page.locator(".talks li", has_text=name)
    line.hover()
    line.get_by_role("button", name=f"{what} {name}").click()


def test_a_conversation_is_there_after_a_reload_and_goes_on(page):
    ask(page, WHEN)
    ask(page, CUP)
    page.reload()
    page.wait_for_selector(".turn")
    assert questions(page) == [WHEN, CUP]
    card = ask(page, WHO)
    assert card.locator(".span sup").text_content() == "3"
    page.locator(".turn").first.locator(".cite").first.click()
    opened(page, "Citation 1")
    assert text(page, MARK) == "2018"


def test_small_talk_and_several_questions_are_shown_and_kept(page):
    assert ask(page, HELLO).text_content() == "Hello. Ask who, what, when, where, why or how many."
    ask(page, BOTH)
    page.reload()
    page.wait_for_selector(".card.answer")
    last = page.locator(".turn").last
    assert last.locator(".card").evaluate_all("all => all.map((card) => card.ariaLabel)") == [
        "Reply", "Answer", "Answer",
    ]  # fmt: skip
    assert last.locator(".asked").all_text_contents() == [WHEN, WHO]
    last.locator(".cite").last.click()
    opened(page, "Citation 3")
    assert text(page, MARK) == "Juan Guaido"


def test_conversations_are_listed_searched_renamed_and_opened(page):
    assert names(page) == []
    ask(page, WHEN)
    listed(page, WHEN)
    show_list(page)
    page.click(".new")
    page.wait_for_selector(".welcome")
    assert page.url.endswith("/")
    ask(page, CUP)
    listed(page, CUP, WHEN)
    assert page.locator(".talk-line[aria-current=page] .name").text_content() == CUP
    show_list(page)
    page.fill(".find", "guaido")
    listed(page)
    page.fill(".find", "PUTIN ally")
    listed(page)
    page.fill(".find", "reelected")
    listed(page, WHEN)
    page.fill(".find", "")
    listed(page, CUP, WHEN)
    tool(page, WHEN, "Rename")
    page.fill(".sidebar input.name", "<b>Maduro</b>")
    page.keyboard.press("Enter")
    listed(page, CUP, "<b>Maduro</b>")
    tool(page, CUP, "Rename")
    page.fill(".sidebar input.name", "never")
    page.keyboard.press("Escape")
    listed(page, CUP, "<b>Maduro</b>")
    page.locator(LINES, has_text="Maduro").click()
    answered(page, WHEN)
    assert questions(page) == [WHEN]


def test_a_deleted_conversation_can_be_brought_back(page):
    ask(page, WHEN)
    tool(page, WHEN, "Delete")
    page.wait_for_selector(".welcome")
    listed(page)
    assert page.locator(".undo").inner_text().startswith(f"Deleted “{WHEN}”.")
    page.locator(".undo button").click()
    listed(page, WHEN)
    page.locator(LINES).click()
    answered(page, WHEN)


def test_an_answer_that_comes_after_its_conversation_was_left_is_kept_and_not_drawn(
    page, assistant
):
    assistant.hold()
    page.fill(INPUT, SLOW)
    page.keyboard.press("Enter")
    page.locator(".stages [aria-current=step]", has_text="reading").wait_for()
    show_list(page)
    page.click(".new")
    page.wait_for_selector(".welcome")
    ask(page, WHEN)
    assistant.go_on()
    listed(page, SLOW, WHEN)
    assert questions(page) == [WHEN]
    show_list(page)
    page.locator(LINES, has_text=SLOW).click()
    answered(page, SLOW)


def test_a_question_can_be_stopped(page, assistant):
    ask(page, WHEN)
    assistant.hold()
    page.fill(INPUT, SLOW)
    page.keyboard.press("Enter")
    page.locator(".stages [aria-current=step]", has_text="reading").wait_for()
    page.click(".halt")
    page.locator(".pending").wait_for(state="detached")
    assert questions(page) == [WHEN]
    assistant.go_on()
    ask(page, WHO)
    page.reload()
    page.wait_for_selector(".turn")
    assert questions(page) == [WHEN, WHO]


def test_a_question_is_asked_anew_in_its_place(page):
    for question in (WHEN, WHO, CUP):
        ask(page, question)
    second = page.locator(".turn").nth(1)
    second.hover()
    second.locator(".turn-tools button", has_text="Edit").click()
    assert page.input_value(INPUT) == WHO
    assert page.locator(".editing").is_visible()
    ask(page, HELLO)
    assert questions(page) == [WHEN, HELLO]
    assert not page.locator(".editing").is_visible()
    last = page.locator(".turn").last
    last.hover()
    last.locator(".turn-tools button", has_text="Ask again").click()
    answered(page, HELLO)
    page.reload()
    page.wait_for_selector(".turn")
    assert questions(page) == [WHEN, HELLO]


def test_giving_up_an_edit_changes_nothing(page):
    ask(page, WHEN)
    page.locator(".turn").hover()
    page.locator(".turn-tools button", has_text="Edit").click()
    page.click(".give-up")
    assert page.input_value(INPUT) == ""
    ask(page, WHO)
    assert questions(page) == [WHEN, WHO]


def test_how_a_follow_up_was_understood_can_be_mended(page):
    ask(page, WHEN)
    card = ask(page, WHO)
    card.locator(".edit-understood").click()
    assert page.input_value(INPUT) == "Who was recognised instead of Maduro?"
    page.fill(INPUT, WHEN)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.turn').length === 2")
    answered(page, WHEN)
    assert questions(page) == [WHEN, WHEN]


def test_two_tabs_in_one_conversation_lose_nothing(page):
    ask(page, WHEN)
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector(".turn")
    ask(other, CUP)
    ask(page, WHO)
    assert questions(page) == [WHEN, CUP, WHO]
    last = other.locator(".turn").last
    last.hover()
    last.locator(".turn-tools button", has_text="Ask again").click()
    other.locator(".card.notice").wait_for()
    assert "in another tab" in other.locator(".card.notice").inner_text()
    other.reload()
    other.wait_for_selector(".turn")
    assert questions(other) == [WHEN, CUP, WHO]


@pytest.mark.parametrize("conversation", ["0" * 32, "nonsense", "<script>window.hacked=1</script>"])
def test_a_conversation_of_somebody_else_is_not_here(page, conversation):
    page.goto(page.url + f"?conversation={conversation}")
    page.locator(".card.notice").wait_for()
    assert "There is no conversation" in page.locator(".card.notice").inner_text()
    ask(page, WHEN)
    assert questions(page) == [WHEN]


def test_without_cookies_the_page_says_what_is_missing(page):
    page.context.clear_cookies()
    card = ask(page, WHEN)
    assert "sent no cookie" in card.text_content()


def test_a_question_that_is_too_long_is_told_so(page):
    card = ask(page, "Why " * 600)
    assert "2,000" in card.inner_text()
    assert questions(page) == [("Why " * 600).strip()]


def test_answers_are_copied_with_their_citations(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = ask(page, WHEN)
    card.locator("button", has_text="Copy Markdown").click()
    card.locator("button", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        f"> 2018\n>\n> — *{TRIP.title}*, The Gazette, 2022-03-06"
    )
    card.get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_function(
        "navigator.clipboard.readText().then((text) => text.startsWith('“2018”'))"
    )


def test_a_conversation_is_taken_away_as_a_file(page):
    ask(page, WHEN)
    ask(page, CUP)
    files = {}
    show_list(page)
    for kind in ("Markdown", "JSON"):
        with page.expect_download() as download:
            page.locator(".exports button", has_text=kind).click()
        files[download.value.suggested_filename] = download.value.path().read_text("utf-8")
    assert list(files) == ["When-was-Maduro-reelected.md", "When-was-Maduro-reelected.json"]
    markdown, exported = files.values()
    assert markdown.startswith(f"# {WHEN}\n\n## {WHEN}\n\n> 2018\n")
    first, second = read_export(exported)
    assert (first.citation.quote, first.sha256) == ("2018", text_sha256(TRIP.text))
    assert second.citation.quote == "May 2018"
