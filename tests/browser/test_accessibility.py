"""What axe-core finds on the page, in each of its states, widths and themes: nothing serious."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_steps import ask, opened
from web_fakes import BOTH, BROKEN, CUP, HELLO, WHEN, WHO

pytestmark = pytest.mark.browser


def violations(page):
    found = Axe().run(page).response["violations"]
    return {
        one["id"]: [node["html"] for node in one["nodes"]]
        for one in found
        if one["impact"] in ("serious", "critical")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_is_found(open_page, width, scheme):
    page = open_page(width, 900, scheme)
    assert violations(page) == {}
    for question in (HELLO, WHEN, WHO, BOTH, CUP, BROKEN):
        ask(page, question)
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == {}
    ask(page, WHEN).locator(".cite").first.click()
    opened(page, "Citation")
    page.locator(".turn").last.locator(".turn-tools button", has_text="Edit").click(force=True)
    assert violations(page) == {}
    if width == 390:
        page.locator(".pane .close").click()
        page.locator(".drawer").click()
        page.locator(".new").wait_for(state="visible")
    page.locator(".talks li").last.hover()
    page.locator(".talks .tool").last.click()
    page.locator(".undo").wait_for()
    assert violations(page) == {}
