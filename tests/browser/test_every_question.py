"""Every question of a set asked on the real page: what is marked is what is cited, everywhere.

Long, so it is part of ``make soak``. ``CITESPAN_QUESTIONS`` names other sets than the one of the
seeds, parted as in PATH; each lies in its folder of articles.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from page_steps import MARK, ask, text

from qa import Library, cli
from qa.evaluation import read_questions
from qa.transcripts import FILE_NAME, Transcripts
from qa.web.visitors import COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.soak]

ROOT = Path(__file__).resolve().parents[2]
SETS = os.environ.get("CITESPAN_QUESTIONS", str(ROOT / "seeds/questions.jsonl")).split(os.pathsep)


@pytest.fixture
def chatting(tmp_path):
    """Serve the real chat over a library; give its address."""
    command = [sys.executable, "-c", "from qa.cli import main; main()", "chat", "--port", "7940"]
    command += ["--library", str(tmp_path / "library")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    servers = []

    def serve(folder):
        assert cli.main(["add", str(folder), "--library", str(tmp_path / "library")]) == cli.OK
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        servers.append(server)
        lines = iter(server.stdout.readline, "")
        return next(found[0] for line in lines if (found := re.findall(r"http://[\d.:]+", line)))

    yield serve
    for server in servers:
        server.terminate()
        server.communicate()


@pytest.mark.parametrize("questions", SETS)
def test_what_is_marked_is_what_is_cited(chromium, chatting, tmp_path, questions):
    asked = [one.question for one in read_questions(Path(questions))]
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.goto(chatting(Path(questions).parent))
    page.wait_for_selector(".welcome")
    shown = []
    for at, question in enumerate(asked):
        if at % 20 == 0:
            page.click(".new")
            page.wait_for_selector(".welcome")
        ask(page, question)
        for button in page.locator(".turn").last.locator(".cite").all():
            number = button.locator("b").text_content()
            button.click()
            page.wait_for_function(
                "n => document.querySelector('.pane-label').textContent === `Citation ${n}`",
                arg=number,
            )
            shown.append((question, text(page, MARK), text(page, ".paper .text")))
    (visitor,) = (one["value"] for one in page.context.cookies() if one["name"] == COOKIE)
    page.context.close()
    assert shown == cited_in(tmp_path / "library", visitor)
    assert len(shown) >= len(asked) / 2


def cited_in(folder, visitor):
    """List what the stored conversations cite, in the order of asking, with the articles' texts."""
    with Library.open(folder, create=False) as library:
        texts = {one.id: one.text for one in library.articles()}
    found = []
    transcripts = Transcripts.open(folder / FILE_NAME)
    owner = transcripts.owner_of(f"browser {visitor}")
    for one in reversed(transcripts.conversations(owner)):
        for turn in transcripts.conversation(owner, one.id).turns:
            for citation in (cited for answer in turn.answers for cited in answer.citations):
                article = texts[citation.article_id]
                assert citation.span.of(article) == citation.quote
                found.append((turn.question, citation.quote, article))
    return found
