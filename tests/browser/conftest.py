"""The page in a real Chromium, served to it with a scripted assistant and no models."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import web_fakes

# What Gradio says in a page that is left while it still listens for news.
_LEFT = ("AbortError: signal is aborted without reason", "Unexpected error Connection errored out")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Width, height and theme. CI runs the first, ``make soak`` the others.
LOOKS = [
    pytest.param(look, id=f"{look[0]}-{look[2]}", marks=[pytest.mark.soak] if at else [])
    for at, look in enumerate(
        [(1440, 900, "light"), (390, 844, "dark"), (1440, 900, "dark"), (390, 844, "light")]
    )
]


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


@contextmanager
def serving(folder, port):
    """Serve a scripted assistant, from a process of its own: Gradio leaves sockets open.

    What steers it lies in ``folder``. Gives the address of the page.
    """
    command = [sys.executable, web_fakes.__file__, str(folder), str(port)]
    root = Path(__file__).resolve().parents[2]
    places = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(root))))
    environment = {**os.environ, "PYTHONPATH": places, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            said = iter(server.stdout.readline, "")
            address = next(
                (found[0] for line in said if (found := re.findall(r"http://\S+", line))), None
            )
            assert address, "the page was not served"
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def served(chromium, tmp_path_factory):
    """Serve one scripted assistant for all tests."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "none").mkdir()
    (folder / "library").write_text(str(folder / "none"), encoding="utf-8")
    with serving(folder, 7930) as address:
        yield folder, address


class Steering:
    """What a test does to the assistant in the server's process."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._folder = folder
        self.library = library
        library.mkdir()
        self.go_on()
        (folder / "asked").write_text("", encoding="utf-8")
        (folder / "filters").write_text("", encoding="utf-8")
        (folder / "library").write_text(str(library), encoding="utf-8")

    @property
    def asked(self) -> list[str]:
        return (self._folder / "asked").read_text(encoding="utf-8").splitlines()

    @property
    def filters(self) -> list[dict[str, object]]:
        lines = (self._folder / "filters").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def hold(self) -> None:
        (self._folder / "held").touch()

    def forget_articles(self) -> None:
        """Let the library begin anew, without its articles."""
        (self._folder / "library").write_text(str(self.library / "anew"), encoding="utf-8")

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
    assert [one for one in errors if not one.startswith(_LEFT)] == []
    remote = {url for url in requests if not url.startswith(("data:", "blob:"))}
    assert {urlsplit(url).hostname for url in remote} == {"127.0.0.1"}


@pytest.fixture
def serve():
    """Serve a page of a test's own: give its folder and the port to begin at."""
    return serving


@pytest.fixture(params=LOOKS)
def page(open_page, request):
    return open_page(*request.param)
