"""The page before the library is open, and after its server was started again."""

from __future__ import annotations

import pytest
from page_steps import INPUT, answered, ask, text
from web_fakes import WHEN, WHO

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "library").write_text(str(tmp_path / "own"), encoding="utf-8")
    (tmp_path / "own").mkdir()
    for name in ("asked", "filters"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def new_page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_a_question_asked_before_the_library_is_open_waits_and_is_answered(serve, folder, new_page):
    (folder / "closed").touch()
    with serve(folder, 7950) as address:
        new_page.goto(address)
        new_page.locator(".asking", has_text="Opening the library").wait_for()
        new_page.fill(INPUT, WHEN)
        new_page.keyboard.press("Enter")
        new_page.locator(".stages [aria-current=step]", has_text="opening the library").wait_for()
        (folder / "closed").unlink()
        assert answered(new_page, WHEN).locator(".span .words").text_content() == "2018"
        new_page.locator(".asking", has_text="Asking 3 sample articles").wait_for()
        assert new_page.locator(".turn").count() == 1


def test_a_page_goes_on_with_a_server_that_was_started_again(serve, folder, new_page):
    with serve(folder, 7960) as address:
        new_page.goto(address)
        new_page.wait_for_selector(".welcome")
        ask(new_page, WHEN)
    new_page.fill(INPUT, WHO)
    new_page.keyboard.press("Enter")
    new_page.get_by_text("Connection to the server was lost").wait_for()
    with serve(folder, 7960) as again:
        assert again == address
        new_page.get_by_text("Connection to the server was lost").wait_for(state="detached")
        new_page.wait_for_selector(".turn")
        assert text(new_page, ".span .words") == "2018"
        assert new_page.input_value(INPUT) == WHO, "the question was lost"
        new_page.keyboard.press("Enter")
        answered(new_page, WHO)
        assert new_page.locator(".question").all_text_contents() == [WHEN, WHO]
