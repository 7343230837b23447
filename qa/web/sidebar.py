"""The list of conversations beside the page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from qa.web.component import component
from qa.web.reading_pane import date_text

if TYPE_CHECKING:
    import gradio as gr

    from qa.transcripts import Summary, Transcripts

__all__ = ["sidebar", "sidebar_view"]

_UNNAMED = "New conversation"


def sidebar_view(
    transcripts: Transcripts, owner: str, *, query: str = "", deleted: str = ""
) -> dict[str, Any]:
    """Describe an owner's conversations, the last used first.

    Args:
        transcripts: Where they are.
        owner: Whose; an empty string has none.
        query: Only those that hold this text.
        deleted: The id of one that was just deleted, to be offered back.

    Raises:
        TranscriptError: If they cannot be read.
    """
    found = transcripts.search(owner, query) if owner else []
    return {
        "conversations": [_line(one) for one in found if one.turns],
        "query": query,
        "deleted": deleted,
    }


def _line(one: Summary) -> dict[str, Any]:
    used, now = one.updated.astimezone(), datetime.now().astimezone()
    when = f"{used:%H:%M}" if used.date() == now.date() else date_text(used.date())
    return {"id": one.id, "name": one.name or _UNNAMED, "when": when, "turns": one.turns}


def sidebar() -> gr.HTML:
    """Make the component, empty until the conversations are read."""
    return component("sidebar", {})
