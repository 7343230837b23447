"""The page in a real Chromium, served to it with a scripted assistant and no models."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import web_fakes

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def _find_chromium() -> str | None:
    named = os.environ.get("CITESPAN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _BROWSERS)), None)


def pytest_runtest_setup() -> None:
    # Here and not in the fixture, so that all skipped tests are one line of the summary.
    if _find_chromium() is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine: the browser tests are skipped")


@pytest.fixture(scope="session")
def chromium():
    path = _find_chromium()
    if path is None:
        pytest.fail("no Chromium on this machine: the browser tests cannot run")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(chromium, tmp_path_factory):
    """Serve one scripted assistant for all tests.

    From a process of its own: Gradio leaves sockets and event loops open.
    """
    folder = tmp_path_factory.mktemp("served")
    (folder / "library").write_text(str(folder / "none"), encoding="utf-8")
    command = [sys.executable, web_fakes.__file__, str(folder), "7930"]
    root = Path(__file__).resolve().parents[2]
    places = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(root))))
    environment = {**os.environ, "PYTHONPATH": places, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        said = iter(server.stdout.readline, "")
        address = next(
            (found[0] for line in said if (found := re.findall(r"http://\S+", line))), None
        )
        assert address, "the page was not served"
        yield folder, address
        server.terminate()


class Steering:
    """What a test does to the assistant in the server's process."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._folder = folder
        self.library = library
        self.go_on()
        (folder / "asked").write_text("", encoding="utf-8")
        (folder / "library").write_text(str(library), encoding="utf-8")

    @property
    def asked(self) -> list[str]:
        return (self._folder / "asked").read_text(encoding="utf-8").splitlines()

    def hold(self) -> None:
        (self._folder / "held").touch()

    def go_on(self) -> None:
        (self._folder / "held").unlink(missing_ok=True)


@pytest.fixture
def assistant(served, tmp_path):
    steering = Steering(served[0], tmp_path / "library")
    yield steering
    steering.go_on()


@pytest.fixture
def open_page(chromium, served, assistant):
    """Open the page as often as needed; nothing may leave this machine or go wrong meanwhile."""
    contexts, requests, errors = [], [], []

    def _open(width: int = 1440, height: int = 900, scheme: str = "light"):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served[1])
        page.wait_for_selector(".welcome")
        return page

    yield _open
    hacked = [context.pages[0].evaluate("window.hacked ?? null") for context in contexts]
    for context in contexts:
        context.close()
    assert hacked == [None] * len(contexts)
    assert errors == []
    remote = {url for url in requests if not url.startswith(("data:", "blob:"))}
    assert {urlsplit(url).hostname for url in remote} == {"127.0.0.1"}


@pytest.fixture
def page(open_page):
    return open_page()
