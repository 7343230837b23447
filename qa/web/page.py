"""The page: its layout, and which event goes where."""

from __future__ import annotations

from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from qa import Assistant
from qa.web.archive import Archive
from qa.web.asking import Asking
from qa.web.chat import composer, conversation
from qa.web.component import component, read_asset
from qa.web.desk import Desk
from qa.web.filters import filters
from qa.web.opening import Opening
from qa.web.reading_pane import reading_pane
from qa.web.sidebar import sidebar
from qa.web.uploads import ACCEPTED, LARGEST
from qa.web.visitors import VisitorCookie

__all__ = ["build_page", "launch_options"]

_AT_ONCE = 4  # questions worked on at the same time: they share one CPU
_WAITING = 64
_CACHE_CHECK, _CACHE_AGE = 3600, 24 * 3600  # seconds; an upload is copied, so Gradio's own can go

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_IDLE = "() => document.dispatchEvent(new CustomEvent('citespan:idle'))"

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "monospace")


def build_page(opening: Opening | None = None) -> gr.Blocks:
    """Build the chat page; it can be served before anything is loaded.

    Args:
        opening: Gives who is asked; None takes the default assistant, opened at the first visit.
    """
    opening = opening if opening is not None else Opening(Assistant.default)
    desk = Desk(opening)
    asking = Asking(opening, desk)
    archive = Archive(opening, desk)
    with gr.Blocks(
        title="Citespan",
        analytics_enabled=False,
        fill_height=True,
        fill_width=True,
        delete_cache=(_CACHE_CHECK, _CACHE_AGE),
    ) as page:
        with gr.Column(elem_id="citespan", min_width=0):
            aside = sidebar()
            with gr.Column(elem_id="talk", min_width=0):
                with gr.Row(elem_id="top"):
                    masthead = component("masthead", {})
                    add = gr.UploadButton(
                        "Add articles",
                        file_count="multiple",
                        file_types=list(ACCEPTED),
                        elem_id="add",
                        size="sm",
                    )
                narrowed = filters()
                talk = conversation()
                line = composer()
            pane = reading_pane()
            courier = component("courier", {})
        everything = [talk, pane, masthead, narrowed, aside, courier]
        page.load(desk.greet, None, everything, **_QUIET)
        asked = line.submit(asking.ask, None, everything, trigger_mode="multiple", **_QUIET)
        # Also after a lost connection: the line must not stay shut.
        asked.then(None, None, None, js=_IDLE, **_QUIET)
        line.stop(asking.stop, None, None, queue=False, **_QUIET)
        for part in (talk, pane):
            part.select(desk.open, None, everything, trigger_mode="multiple", **_QUIET)
        aside.select(archive.act, None, everything, trigger_mode="multiple", **_QUIET)
        add.upload(desk.upload, [add], everything, **_QUIET)
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def launch_options() -> dict[str, Any]:
    """List what ``launch()`` of the page needs: its look, and nothing that leaves this machine."""
    return {
        "theme": gr.themes.Base(
            font=[gr.themes.Font(name) for name in _SANS],
            font_mono=[gr.themes.Font(name) for name in _MONO],
        ),
        "head": f"<style>{read_asset('page.css')}</style>",
        "app_kwargs": {"middleware": [Middleware(VisitorCookie)]},
        "max_file_size": LARGEST,
        "footer_links": [],
        "share": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "run_history": False,  # would keep questions and answers in the browser's own database
        "enable_monitoring": False,
        "quiet": True,
    }
