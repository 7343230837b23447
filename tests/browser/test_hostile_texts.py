"""Texts that try to run: in titles, authors, addresses, file names, articles and questions."""

from __future__ import annotations

import pytest
from page_steps import MARK, ask, opened, text
from web_fakes import HOSTILE, HOSTILE_TEXTS, hostile_question

pytestmark = pytest.mark.browser


def test_sixty_hostile_texts_stay_text(page):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    assert len(HOSTILE_TEXTS) == 60
    for first in range(0, 60, 20):
        ask(page, hostile_question(first))
        cards = page.locator(".turn").last.locator(".card.answer")
        assert cards.count() == 20
        for at in range(20):
            hostile, article = HOSTILE_TEXTS[first + at], HOSTILE[first + at]
            assert cards.nth(at).locator(".span .words").text_content() == hostile
            assert cards.nth(at).locator(".cite .title").text_content() == article.title
            cards.nth(at).locator(".cite").click()
            opened(page, f"Citation {first + at + 1}")
            assert text(page, MARK) == hostile
            assert text(page, ".paper h2") == article.title
            assert article.author in text(page, ".paper .meta")
    links = page.locator("#citespan a").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:"}
    made = (
        "#citespan :is(script, iframe, object, embed, svg svg, math, form[action], base, link, img)"
    )
    assert page.locator(made).count() == 0
    page.reload()
    page.wait_for_selector(".turn")
    name = page.locator(".talk-line .name").text_content()
    assert name.startswith("Who wrote <img src=x onerror=alert(1)>?")
    assert dialogs == []


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>.txt", "${alert(1)}.md", "'-alert(1)-'.html", "../../x.txt"],
)
def test_hostile_file_names_stay_text(page, name):
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    upload = {"name": name, "mimeType": "text/plain", "buffer": b"A note."}
    page.set_input_files("input[type=file]", [upload])
    page.locator(".card.report li.added").wait_for()
    shown = page.locator(".card.report .name").text_content()
    assert shown.rpartition(".")[2] == name.rpartition(".")[2]
    assert page.locator(".card.report :is(img, script, a)").count() == 0
