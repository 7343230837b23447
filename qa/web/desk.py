"""What the page's events do: greet, ask, open, upload. Gradio only carries them here and back.

Gradio resolves the annotations of its events when the page is built: their names are imported at
run time here, or it would not see which argument is the event.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa import Assistant, CitespanError
from qa.web.asking import watched
from qa.web.chat import (
    Turn,
    answer_card,
    conversation_view,
    find_target,
    next_number,
    notice_card,
    pending_card,
)
from qa.web.reading_pane import article_view
from qa.web.uploads import add_uploads

__all__ = ["Desk", "Turns"]

_log = logging.getLogger(__name__)

_BROKEN = "Something went wrong here. The details are in the terminal that Citespan runs in."

# A session's own list, changed in place: a question and an upload under way at the same time both
# keep their turn.
Turns = list[Turn]
# What an event gives the page: the conversation, the reading pane, the masthead.
Update = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Desk:
    """Answer the page's events. A conversation is held by its browser session, none by the desk.

    Args:
        assistant: Who is asked.
    """

    assistant: Assistant

    def masthead(self) -> dict[str, str]:
        """Say which articles are being asked."""
        library = self.assistant.answering_from
        count = len(library)
        if not count:
            return {"text": "No articles yet", "place": library.label}
        if self._is_own:
            return {"text": f"Asking your {_articles(count)}", "place": library.label}
        return {"text": f"Asking {count:,} {library.label}", "place": "Until you add your own"}

    @property
    def _is_own(self) -> bool:
        return self.assistant.answering_from is self.assistant.library

    def view(self, turns: Sequence[Turn], active: str = "") -> dict[str, Any]:
        """Describe the conversation as it stands.

        Args:
            turns: Oldest first.
            active: The id of the button whose place is open in the pane.
        """
        whose = "your articles" if self._is_own else f"the {self.assistant.answering_from.label}"
        return conversation_view(
            [turn.card for turn in turns],
            active=active,
            heading=f"Ask {whose}",
            examples=self.assistant.examples,
        )

    def greet(self, turns: Turns) -> Update:
        """Fill the page as somebody opens it."""
        return self.view(turns), gr.skip(), self.masthead()

    def ask(self, turns: Turns, event: gr.EventData) -> Iterator[Update]:
        """Answer a question, showing its stages meanwhile; its first citation opens by itself."""
        question = _sent(event, "question").strip()
        if not question:
            return
        at = len(turns)
        turns.append(Turn(question, pending_card(question, "searching")))
        yield self.view(turns), gr.skip(), gr.skip()
        turns[at] = yield from self._settled(question, self._answered(turns, at, question))
        first = f"{at}.citation.0"
        pane = self._opened(turns, first, by_itself=True)
        yield self.view(turns, first if pane else ""), pane or gr.skip(), self.masthead()

    def _answered(self, turns: Turns, at: int, question: str) -> Generator[Update, None, Turn]:
        def show(stage: str) -> Update:
            turns[at] = Turn(question, pending_card(question, stage))
            return self.view(turns), gr.skip(), gr.skip()

        library = self.assistant.answering_from
        history = [
            (turn.answer.resolved, turn.answer.text)
            for turn in turns[:at]
            if turn.answer is not None and turn.library is library
        ]
        answer = yield from watched(
            lambda tell: self.assistant.ask(question, history, on_stage=tell), show
        )
        card = answer_card(answer, library, at, next_number(turns))
        return Turn(question, card, answer, library)

    def _settled(
        self, question: str, work: Generator[Update, None, Turn]
    ) -> Generator[Update, None, Turn]:
        """Turn whatever goes wrong into a notice in the conversation."""
        try:
            return (yield from work)
        except CitespanError as error:
            return Turn(question, notice_card(question, str(error)))
        except Exception:  # noqa: BLE001 - a bug of ours must not end the conversation; it is logged
            _log.exception("the page could not do what it was asked to")
            return Turn(question, notice_card(question, _BROKEN))

    def open(self, turns: Turns, event: gr.EventData) -> Any:
        """Open the place that a clicked button stands for; an id of no button opens nothing."""
        return self._opened(turns, _sent(event, "key")) or gr.skip()

    def _opened(
        self, turns: Sequence[Turn], key: str, *, by_itself: bool = False
    ) -> dict[str, Any] | None:
        target = find_target(turns, key)
        if target is None:
            return None
        try:
            article = target.library.article(target.article_id)
        except CitespanError as error:
            return {"label": target.label, "notice": str(error), "by_itself": by_itself}
        return article_view(
            article,
            label=target.label,
            span=target.span,
            sentence=target.sentence,
            page=target.page,
            by_itself=by_itself,
        )

    def upload(self, turns: Turns, files: Sequence[str] | None) -> Iterator[Update]:
        """Add uploaded files to the user's own library, and ask that from now on."""
        if not files:
            return
        at = len(turns)
        doing = f"adding {len(files)} file{'s' if len(files) > 1 else ''}"
        turns.append(Turn("", pending_card("", doing, ())))
        yield self.view(turns), gr.skip(), gr.skip()
        turns[at] = yield from self._settled("", self._added(files))
        yield self.view(turns), gr.skip(), self.masthead()

    def _added(self, files: Sequence[str]) -> Generator[Update, None, Turn]:
        had_own = self._is_own
        card = add_uploads(self.assistant.library, files)
        if self._is_own and not had_own:
            card["note"] = "From now on your own articles are asked, not the samples."
        return Turn("", card)
        yield  # a generator, as _settled wants one: adding has no stages of its own


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _sent(event: gr.EventData, name: str) -> str:
    """Take a text out of what the browser sent, which may be anything."""
    data = getattr(event, "_data", None)
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""
