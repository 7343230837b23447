"""The page as a reader meets it: answers, citations, declines, uploads, errors, phones, keys."""

from __future__ import annotations

import pytest
from page_steps import FITS, INPUT, IS_IN_PAPER, MARK, ask, opened, text
from web_fakes import (
    BALLOT,
    BROKEN,
    BUG,
    CUP,
    HITS,
    NASTY,
    NASTY_QUOTES,
    SLOW,
    TRIP,
    WHEN,
    WHO,
    nasty_question,
)

pytestmark = pytest.mark.browser


def test_the_first_question_is_answered_with_its_citation_open(page):
    card = ask(page, WHEN)
    assert card.locator(".span .words").text_content() == "2018"
    assert card.locator(".span sup").text_content() == "1 2"
    assert card.locator(".sentence mark").text_content() == "2018"
    assert card.locator(".sure").text_content() == "Very likely right, 93%"
    assert "The Gazette · 6 Mar 2022" in card.locator(".cite").first.inner_text()
    assert "0.52 s" in card.inner_text()
    opened(page, "Citation 1")
    assert text(page, MARK) == "2018"
    assert page.evaluate(IS_IN_PAPER, MARK)
    assert page.input_value(INPUT) == ""
    assert page.evaluate("document.activeElement.name") == "question"


def test_the_whole_article_stands_in_the_pane(page):
    ask(page, WHEN)
    assert text(page, ".paper .text") == TRIP.text
    assert text(page, ".paper h2") == TRIP.title
    assert text(page, ".paper .meta") == "The Gazette · 6 March 2022 · 000_ff87c16c13f63958.txt"


@pytest.mark.parametrize("at", range(len(NASTY_QUOTES)))
def test_nasty_texts_are_marked_exactly_and_stay_text(page, at):
    card = ask(page, nasty_question(at))
    quote = NASTY_QUOTES[at]
    assert page.locator(".question").text_content() == nasty_question(at)
    assert card.locator(".span .words").text_content() == quote
    assert card.locator(".sentence mark").text_content() == quote
    card.locator(".cite").click()
    opened(page, "Citation 1")
    assert page.locator(MARK).count() == 1
    assert text(page, MARK) == quote
    assert page.evaluate(IS_IN_PAPER, MARK)
    assert text(page, ".paper .text") == NASTY.text
    assert text(page, ".paper h2") == NASTY.title
    assert page.locator(".paper :is(script, img, i, b, u)").count() == 0


def test_another_citation_opens_without_losing_the_place(page):
    ask(page, WHEN)
    ask(page, WHO)
    ask(page, CUP)
    first = page.locator(".turn").first
    first.locator("summary", has_text="What I searched").click()
    first.locator(".cite").nth(1).scroll_into_view_if_needed()
    before = page.locator(".turns").evaluate("turns => turns.scrollTop")
    first.locator(".cite").nth(1).click()
    opened(page, "Citation 2")
    assert text(page, MARK) == "May 2018"
    assert text(page, ".paper .text") == BALLOT.text
    assert page.locator(".turns").evaluate("turns => turns.scrollTop") == before
    assert first.locator("details[open]").count() == 1
    pressed = page.locator("button[aria-pressed=true]")
    assert pressed.count() == 1
    assert (
        pressed.get_attribute("aria-label")
        == f"Open citation 2: {BALLOT.title}, Andean Review · 20 May 2022"
    )


def test_citations_are_numbered_through_the_conversation(page):
    ask(page, WHEN)
    card = ask(page, WHO)
    assert card.locator(".span sup").text_content() == "3"
    assert (
        card.locator(".understood").text_content()
        == "Understood as Who was recognised instead of Maduro? Edit"
    )
    opened(page, "Citation 3")
    assert text(page, MARK) == "Juan Guaido"


def test_runners_up_and_searched_passages_open_too(page):
    card = ask(page, WHEN)
    card.locator("summary", has_text="Other candidates (1)").click()
    card.locator(".other").click()
    opened(page, "Another candidate")
    assert text(page, MARK) == "Juan Guaido"
    card.locator("summary", has_text="What I searched").click()
    assert "score 0.789" in card.locator(".passage").first.inner_text()
    card.locator(".passage").nth(2).click()
    opened(page, "Passage 3")
    assert page.locator(MARK).count() == 0
    assert text(page, ".paper .around") == HITS[2].chunk.text
    assert page.evaluate(IS_IN_PAPER, ".paper .around")


def test_a_decline_says_so_and_shows_the_nearest_passages(page):
    card = ask(page, CUP)
    assert card.get_attribute("aria-label") == "No answer"
    told = (
        "Not in your articles. Nothing here mentions “Ostrell World Cup”. "
        "Your articles do mention “2018”."
    )
    assert card.locator(".no").text_content() == told
    assert "which are not answers" in card.inner_text()
    assert card.locator(".near .passage").count() == 3
    assert page.locator("#citespan").get_attribute("data-pane") == "closed"
    card.locator(".near .passage").nth(1).click()
    opened(page, "Passage 2")
    assert text(page, ".paper .around") == HITS[1].chunk.text
    card.locator("summary", has_text="Closest guess, 12% sure").click()
    assert card.locator(".other .words").text_content() == "May 2018"


def test_a_decline_without_anything_near_is_one_line(page):
    card = ask(page, "Is nothing known?")
    assert card.locator(".no").text_content() == "Not in your articles."
    assert card.locator("ol, details").count() == 0


def test_an_error_is_a_notice_in_the_conversation(page):
    card = ask(page, BROKEN)
    assert card.get_attribute("aria-label") == "Notice"
    assert (
        card.locator("p").first.text_content()
        == "The library is being written to by <b>another</b> process: try again"
    )
    assert ask(page, WHEN).locator(".span .words").text_content() == "2018"


def test_a_bug_shows_no_traceback(page):
    card = ask(page, BUG)
    assert card.text_content().startswith("Something went wrong here.")
    assert "secret" not in page.content()


@pytest.mark.parametrize("nothing", ["", "   "])
def test_an_empty_question_does_nothing(page, assistant, nothing):
    page.fill(INPUT, nothing)
    page.keyboard.press("Enter")
    page.click(".composer .go")
    assert ask(page, WHEN).locator(".span").count() == 1
    assert assistant.asked == [WHEN]


def test_stages_are_shown_and_the_next_question_waits_in_the_line(page, assistant):
    assistant.hold()
    page.fill(INPUT, SLOW)
    page.keyboard.press("Enter")
    page.locator(".stages [aria-current=step]", has_text="reading").wait_for()
    assert page.locator(".stages li").all_text_contents() == ["searching", "reading", "deciding"]
    assert page.locator(".question").text_content() == SLOW
    page.wait_for_function("document.querySelector('input[name=question]').value === ''")
    page.keyboard.type(WHEN)
    page.keyboard.press("Enter")
    assert page.input_value(INPUT) == WHEN
    assistant.go_on()
    page.locator(".card.answer").wait_for()
    assert page.locator(".sure").text_content() == "Perhaps right, 50% (not calibrated)"
    page.wait_for_selector(".composer .go[aria-disabled=false]")
    page.keyboard.press("Enter")
    page.locator(".turn").nth(1).locator(".card.answer").wait_for()
    assert assistant.asked == [SLOW, WHEN]


def test_examples_are_offered_until_the_first_question(page):
    assert page.locator(".chip").all_text_contents() == [WHEN, CUP]
    page.locator(".chip").first.click()
    page.locator(".card.answer").wait_for()
    assert page.locator(".question").text_content() == WHEN
    assert page.locator(".chip").count() == 0


def test_uploads_are_reported_and_asked_from_then_on(page, assistant, tmp_path):
    assert text(page, ".asking") == "Asking 3 sample articles"
    ask(page, WHEN)
    files = {
        "brücke.txt": "The bridge opened in Zaventhem.",
        "note.md": "Nothing of note.",
        "empty.txt": "",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    page.set_input_files("input[type=file]", [tmp_path / name for name in files])
    report = page.locator(".card.report")
    report.wait_for()
    assert report.locator("strong").text_content() == "2 added, 1 failed."
    assert report.locator("li").all_inner_texts() != []
    assert "it holds no text" in report.locator("li.failed").inner_text()
    assert "your own articles are asked" in report.inner_text()
    assert text(page, ".asking") == "Asking your 2 articles"
    kept = assistant.library / "uploads"
    assert sorted(one.name for one in kept.iterdir()) == ["brücke.txt", "note.md"]
    card = ask(page, "Where did the bridge open, in Zaventhem.?")
    assert card.locator(".span .words").text_content() == "Zaventhem."
    page.locator(".turn").first.locator(".cite").first.click()
    opened(page, "Citation 1")
    assert text(page, MARK) == "2018"


def test_an_upload_beside_a_question_keeps_both(page, assistant, tmp_path):
    assistant.hold()
    page.fill(INPUT, SLOW)
    page.keyboard.press("Enter")
    page.locator(".stages [aria-current=step]", has_text="reading").wait_for()
    (tmp_path / "note.txt").write_text("A note.", encoding="utf-8")
    page.set_input_files("input[type=file]", [tmp_path / "note.txt"])
    page.locator(".card.report").wait_for()
    assert page.get_attribute(".composer .go", "aria-disabled") == "true"
    assistant.go_on()
    page.wait_for_selector(".composer .go[aria-disabled=false]")
    labels = page.locator(".card").evaluate_all("all => all.map((card) => card.ariaLabel)")
    assert labels == ["Answer", "Upload"]


def test_the_same_file_again_is_updated(page, tmp_path):
    file = tmp_path / "note.txt"
    for content, outcome in (
        ("One.", "1 added."),
        ("Two.", "1 updated."),
        ("Two.", "1 unchanged."),
    ):
        file.write_text(content, encoding="utf-8")
        page.set_input_files("input[type=file]", [])
        page.set_input_files("input[type=file]", [file])
        page.locator(".card.report strong", has_text=outcome).wait_for()


def test_conversations_do_not_mix(open_page):
    one, other = open_page(), open_page()
    ask(one, WHEN)
    card = ask(other, WHO)
    assert card.locator(".span sup").text_content() == "1"
    assert one.locator(".turn").count() == other.locator(".turn").count() == 1


def test_a_phone_shows_the_article_as_a_sheet(open_page):
    page = open_page(390, 844)
    assert page.evaluate(FITS)
    assert not page.locator(".pane").is_visible()
    ask(page, WHEN)
    opened(page, "Citation 1")
    assert page.evaluate(FITS)
    assert page.evaluate(IS_IN_PAPER, MARK)
    sheet = page.locator(".pane").bounding_box()
    assert sheet["width"] == 390
    assert 0.4 * 844 < sheet["height"] < 0.5 * 844
    assert abs(sheet["y"] + sheet["height"] - 844) < 2
    page.locator(".pane .grip").click()
    page.locator(".grip[aria-expanded=true]").wait_for()
    assert page.locator(".pane").bounding_box()["height"] > 0.7 * 844
    page.locator(".pane .close").click()
    page.locator(".pane").wait_for(state="hidden")
    assert page.locator("button[aria-pressed=true]").count() == 0
    ask(page, WHO)
    assert not page.locator(".pane").is_visible(), "a sheet that the reader closed opened by itself"
    page.locator(".turn").last.locator(".cite").click()
    opened(page, "Citation 3")
    assert page.locator(".pane").is_visible()
    page.keyboard.press("Escape")
    page.locator(".pane").wait_for(state="hidden")
    page.locator(".turn").last.locator(".cite").click()
    page.locator(".pane").wait_for(state="visible")


@pytest.mark.parametrize("question", [CUP, BROKEN, nasty_question(3), nasty_question(6)])
def test_nothing_is_wider_than_a_phone(open_page, question):
    page = open_page(390, 844)
    ask(page, question)
    for summary in page.locator(".card summary").all():
        summary.click()
    assert page.evaluate(FITS)
    assert page.locator(".turns").evaluate("turns => turns.scrollWidth <= turns.clientWidth")


def test_dark_and_light_follow_the_system(open_page):
    brightness = """() => ['backgroundColor', 'color'].map((name) =>
      getComputedStyle(document.querySelector('#citespan'))[name].match(/\\d+/g).slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0) / 3)"""
    paper, ink = open_page(scheme="light").evaluate(brightness)
    night, chalk = open_page(scheme="dark").evaluate(brightness)
    assert paper > 240
    assert ink < 60
    assert night < 40
    assert chalk > 200


def test_everything_works_from_the_keyboard(page):
    page.locator(".chip").first.focus()
    page.keyboard.press("Enter")
    page.locator(".card.answer").wait_for()
    page.locator(".cite").nth(1).focus()
    page.keyboard.press("Enter")
    opened(page, "Citation 2")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.locator(".card summary").first.focus()
    page.keyboard.press("Space")
    page.locator("details[open] .other").wait_for()


def test_regions_have_names(page):
    assert page.locator("[role=log]").get_attribute("aria-label") == "Conversation"
    assert page.locator("[role=log]").get_attribute("aria-live") == "polite"
    assert page.locator("aside").get_attribute("aria-label") == "Article"
    assert page.locator(INPUT).get_attribute("aria-label") == "Your question"


def test_the_way_back_to_the_passage_is_offered_when_it_is_out_of_sight(page):
    ask(page, WHEN)
    opened(page, "Citation 1")
    back = page.locator(".to-mark")
    assert not back.is_visible()
    page.locator(".paper").evaluate("paper => { paper.scrollTop = 0; }")
    back.wait_for(state="visible")
    back.click()
    page.wait_for_function(f"({IS_IN_PAPER})('{MARK}')")
    back.wait_for(state="hidden")
