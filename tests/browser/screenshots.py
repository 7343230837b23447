"""Take the README's pictures: ``python screenshots.py FOLDER``, or ``make screenshots``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_QUESTIONS = (
    "When was Maduro reelected?",
    "And who was recognised as president instead?",
    "Who won the 2018 World Cup?",
)


def _ask(page: Page, question: str) -> None:
    page.fill("input[name=question]", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "asked => [...document.querySelectorAll('.question')].at(-1)?.textContent === asked"
        " && !document.querySelector('.pending')",
        arg=question,
        timeout=120_000,
    )


def _open(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".welcome", timeout=120_000)
    return page


def _shoot(page: Page, path: Path) -> None:
    page.wait_for_timeout(600)  # what moves has come to rest
    page.screenshot(path=path)
    page.context.close()


def take(address: str, folder: Path) -> None:
    """Take three pictures of the page at an address."""
    executable = next(filter(None, map(shutil.which, _BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_SWITCHES)
        page = _open(browser, address, 1440, 900, "light")
        for question in _QUESTIONS[:2]:
            _ask(page, question)
        _shoot(page, folder / "answer.png")
        page = _open(browser, address, 1440, 900, "dark")
        for question in (_QUESTIONS[0], _QUESTIONS[2]):
            _ask(page, question)
        _shoot(page, folder / "decline.png")
        page = _open(browser, address, 390, 844, "light")
        _ask(page, _QUESTIONS[0])
        _shoot(page, folder / "phone.png")
        browser.close()


def main() -> None:
    """Serve the samples to a browser, and take the pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_DATA_HOME": home, "PYTHONUNBUFFERED": "1"}
        command = [
            sys.executable,
            "-c",
            "from qa.cli import main; main()",
            "chat",
            "--port",
            "7980",
        ]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                lines = iter(server.stdout.readline, "") if server.stdout else iter(())
                found = (re.search(r"http://[\d.:]+", line) for line in lines)
                take(next(filter(None, found))[0], folder)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
