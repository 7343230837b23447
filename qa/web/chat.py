"""The conversation on the page: what is drawn of it, and the components that show and feed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.web.component import component

if TYPE_CHECKING:
    from collections.abc import Sequence

    import gradio as gr

    from qa.web.cards import Card

__all__ = ["Shown", "composer", "conversation", "conversation_view"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of conversations when it sends something, as the page says.

    Args:
        visit: Counts the conversations that were opened in this page: what belongs to an earlier
            one is not drawn.
        conversation: The id of the one shown; empty for a new one.
        last: The id of its last turn on the page, 0 where there is none.
    """

    visit: int = 0
    conversation: str = ""
    last: int = 0

    @classmethod
    def of(cls, sent: dict[str, Any]) -> Shown:
        """Read what a browser sent, which may be anything."""
        visit, one, last = (sent.get(name) for name in ("visit", "conversation", "last"))
        return cls(
            visit if type(visit) is int else 0,
            one if isinstance(one, str) and len(one) < 100 else "",
            last if type(last) is int else 0,
        )


def conversation_view(
    shown: Shown,
    cards: Sequence[Card],
    *,
    keep: int = 0,
    active: str = "",
    heading: str = "",
    examples: Sequence[str] = (),
) -> dict[str, Any]:
    """Describe what is to be drawn.

    Args:
        shown: Which conversation, and which page it is for.
        cards: Oldest first.
        keep: How many cards stay as they are, before these.
        active: The id of the button whose place is open in the pane.
        heading: What an empty conversation says.
        examples: Questions that an empty conversation offers.
    """
    return {
        "visit": shown.visit,
        "conversation": shown.conversation,
        "keep": keep,
        "cards": list(cards),
        "active": active,
        "heading": heading,
        "examples": list(examples),
    }


def conversation() -> gr.HTML:
    """Make the conversation's component."""
    return component("conversation", {})


def composer() -> gr.HTML:
    """Make the line that questions are typed into."""
    return component("composer", {})
