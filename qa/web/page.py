"""The page: its layout, and which event goes where."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa import Assistant
from qa.web.chat import composer, conversation
from qa.web.component import component, read_asset
from qa.web.desk import Desk
from qa.web.reading_pane import reading_pane
from qa.web.uploads import ACCEPTED, LARGEST

__all__ = ["build_page", "launch_options"]

_AT_ONCE = 4  # questions worked on at the same time: they share one CPU
_WAITING = 64
_CACHE_CHECK, _CACHE_AGE = 3600, 24 * 3600  # seconds; an upload is copied, so Gradio's own can go

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "monospace")


def build_page(assistant: Assistant | None = None) -> gr.Blocks:
    """Build the chat page.

    Args:
        assistant: Who is asked; None takes the default one.
    """
    desk = Desk(assistant if assistant is not None else Assistant.default())
    with gr.Blocks(
        title="Citespan",
        analytics_enabled=False,
        fill_height=True,
        fill_width=True,
        delete_cache=(_CACHE_CHECK, _CACHE_AGE),
    ) as page:
        turns = gr.State([])
        with gr.Column(elem_id="citespan", min_width=0):
            with gr.Column(elem_id="talk", min_width=0):
                with gr.Row(elem_id="top"):
                    masthead = component("masthead", desk.masthead())
                    add = gr.UploadButton(
                        "Add articles",
                        file_count="multiple",
                        file_types=list(ACCEPTED),
                        elem_id="add",
                        size="sm",
                    )
                talk = conversation(desk.view([]))
                line = composer()
            pane = reading_pane()
        _wire(
            desk,
            page,
            turns,
            {"talk": talk, "pane": pane, "masthead": masthead, "line": line, "add": add},
        )
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def _wire(desk: Desk, page: gr.Blocks, turns: gr.State, parts: dict[str, Any]) -> None:
    everything = [parts["talk"], parts["pane"], parts["masthead"]]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(desk.greet, [turns], everything, **quiet)
    asked = parts["line"].submit(desk.ask, [turns], everything, **quiet)
    # Also after a lost connection: the line must not stay shut.
    asked.then(
        None,
        None,
        None,
        js="() => document.dispatchEvent(new CustomEvent('citespan:idle'))",
        **quiet,
    )
    parts["talk"].select(desk.open, [turns], [parts["pane"]], trigger_mode="always_last", **quiet)
    parts["add"].upload(desk.upload, [turns, parts["add"]], everything, **quiet)


def launch_options() -> dict[str, Any]:
    """List what ``launch()`` of the page needs: its look, and nothing that leaves this machine."""
    return {
        "theme": gr.themes.Base(
            font=[gr.themes.Font(name) for name in _SANS],
            font_mono=[gr.themes.Font(name) for name in _MONO],
        ),
        "head": f"<style>{read_asset('page.css')}</style>",
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
