"""Which articles are asked, and how sure an answer must be: what the page offers and gets back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qa.evaluation import load_latest
from qa.web.component import component
from qa.web.reading_pane import date_text

if TYPE_CHECKING:
    import gradio as gr

    from qa import Assistant

__all__ = ["Filters", "filters", "filters_view", "wanted_filters"]

_LONGEST = 300


class Filters(NamedTuple):
    """The arguments of ``Assistant.reply`` that the page sets."""

    source: str | None = None
    since: date | None = None
    until: date | None = None
    confidence: float | None = None


def wanted_filters(sent: object) -> Filters:
    """Read what the browser sent, which may be anything; what is no filter filters nothing.

    >>> wanted_filters({"source": "APS", "since": "2022-03-06", "until": "soon", "percent": 60})
    Filters(source='APS', since=datetime.date(2022, 3, 6), until=None, confidence=0.6)
    """
    if not isinstance(sent, dict):
        return Filters()
    source, percent = sent.get("source"), sent.get("percent")
    return Filters(
        source if isinstance(source, str) and 0 < len(source) <= _LONGEST else None,
        _day(sent.get("since")),
        _day(sent.get("until")),
        percent / 100 if type(percent) is int and 0 <= percent <= 100 else None,
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def filters_view(assistant: Assistant) -> dict[str, Any]:
    """Describe what can be set: outlets with their counts, days, and what each percentage costs."""
    library = assistant.answering_from
    days = library.days()
    latest = load_latest(Path(assistant.library.path))
    measured = None
    if latest is not None:
        day = date_text(datetime.fromisoformat(latest.created).date())
        measured = {
            "on": f"{latest.questions:,} questions of {latest.name}, {day}",
            "coverage": [round(100 * one) for one in latest.coverage],
            "precision": [None if one is None else round(100 * one) for one in latest.precision],
        }
    return {
        "outlets": [{"name": name, "count": count} for name, count in library.outlets().items()],
        "days": [one.isoformat() for one in days] if days else [],
        "percent": round(100 * assistant.threshold),
        "measured": measured,
    }


def filters() -> gr.HTML:
    """Make the component, empty until the library is open."""
    return component("filters", {})
