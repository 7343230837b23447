"""What the line that questions are typed into does: ask, ask anew, stop.

As in ``desk.py``, Gradio needs the names of annotations at run time.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from qa import CitespanError, Reply
from qa.transcripts import Conversation, Turn
from qa.web.cards import Card, notice, passing_card, pending
from qa.web.chat import Shown, conversation_view
from qa.web.desk import BROKEN, NO_COOKIE, Desk, Update, sent_by, update
from qa.web.filters import Filters, wanted_filters
from qa.web.opening import Opening
from qa.web.places import find_place
from qa.web.running import Running, StoppedError
from qa.web.sidebar import sidebar_view
from qa.web.visitors import owner_of

__all__ = ["Asking"]

_log = logging.getLogger(__name__)

_OPENING = "opening the library"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what it was asked in.

    Args:
        owner: Who asked.
        shown: What their page shows.
        question: What they typed, without the space around it.
        filters: What may be asked, and how sure an answer must be.
        ticket: What their page calls it, to stop it.
        conversation: As it is stored; None for a new one.
        kept: How many of its turns come before the question.
    """

    owner: str
    shown: Shown
    question: str
    filters: Filters
    ticket: str
    conversation: Conversation | None
    kept: int

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.conversation.turns if self.conversation else ()

    @property
    def replaces(self) -> Turn | None:
        """Give the turn that is asked anew, where it is one."""
        return self.turns[self.kept] if self.kept < len(self.turns) else None

    @property
    def history(self) -> tuple[tuple[str, str | None], ...]:
        again = self.replaces
        return self.conversation.history(again.id if again else None) if self.conversation else ()


class Asking:
    """Answer the events of the line.

    Args:
        opening: Gives who is asked, and the conversations.
        desk: Shows what is stored.
    """

    def __init__(self, opening: Opening, desk: Desk) -> None:
        self._opening = opening
        self._desk = desk
        self._running: dict[tuple[str, str], Running] = {}

    def ask(self, request: gr.Request, event: gr.EventData) -> Iterator[Update]:
        """Answer a question, showing its stages meanwhile; its first citation opens by itself."""
        sent = sent_by(event)
        question, shown = str(sent.get("question") or "").strip(), Shown.of(sent)
        if not question:
            return
        if not self._opening.is_open:
            yield update(talk=conversation_view(shown, [passing_card(question, pending(_OPENING))]))
        try:
            asked = self._asked(request, sent, shown, question)
        except CitespanError as error:
            yield update(talk=self._desk.notice_view(shown, question, str(error)))
            return
        try:
            yield self._pending(asked, "searching")
            reply = yield from self._replied(asked)
            yield self._stored(asked, reply)
        except StoppedError:
            yield update(talk=self._desk.stored_view(shown, asked.turns))
        except CitespanError as error:
            yield self._in_place(asked, notice(str(error)))
        except Exception:  # noqa: BLE001 - a bug of ours must not end the conversation; it is logged
            _log.exception("the page could not do what it was asked to")
            yield self._in_place(asked, notice(BROKEN))

    def _asked(
        self, request: gr.Request, sent: Mapping[str, Any], shown: Shown, question: str
    ) -> _Asked:
        owner = owner_of(request, self._opening.transcripts())
        if not owner:
            raise CitespanError(NO_COOKIE)
        found = self._desk.conversation(owner, shown.conversation)
        kept = _kept(sent.get("edited"), found.turns if found else ())
        ticket, wanted = str(sent.get("ticket")), wanted_filters(sent.get("filters"))
        return _Asked(owner, shown, question, wanted, ticket, found, kept)

    def _pending(self, asked: _Asked, stage: str) -> Update:
        return self._in_place(asked, pending(stage))

    def _in_place(self, asked: _Asked, part: Card) -> Update:
        """Show something in a question's place; what comes before only where the page lacks it."""
        last = asked.turns[-1].id if asked.turns else 0
        keep = asked.kept if asked.shown.last == last else 0
        cards = [
            *self._desk.cards(asked.turns)[keep : asked.kept],
            passing_card(asked.question, part),
        ]
        return update(talk=conversation_view(asked.shown, cards, keep=keep))

    def _replied(self, asked: _Asked) -> Generator[Update, None, Reply]:
        running = self._running[asked.owner, asked.ticket] = Running()
        try:
            return (
                yield from running.watched(
                    lambda tell: self._desk.assistant.reply(
                        asked.question, asked.history, *asked.filters, on_stage=tell
                    ),
                    lambda stage: self._pending(asked, stage),
                )
            )
        finally:
            self._running.pop((asked.owner, asked.ticket), None)

    def _stored(self, asked: _Asked, reply: Reply) -> Update:
        """Store a reply, and show it with its first citation open."""
        transcripts, owner, shown = self._opening.transcripts(), asked.owner, asked.shown
        place = (owner, shown.conversation or transcripts.create(owner).id)
        again = asked.replaces
        if again is None:
            turn = transcripts.append(*place, asked.question, reply)
        else:
            turn = transcripts.edit(*place, again.id, asked.question, reply, last=shown.last)
        turns = self._desk.turns(*place)
        first = f"{turn.id}.0.citation.0"
        pane = self._desk.opened(find_place(turns, first), turns, by_itself=True)
        now = replace(shown, conversation=place[1])
        return update(
            talk=self._desk.stored_view(now, turns, first if pane else ""),
            pane=pane or gr.skip(),
            masthead=self._desk.masthead(),
            sidebar=sidebar_view(transcripts, owner),
        )

    def stop(self, request: gr.Request, event: gr.EventData) -> None:
        """Stop a question that is being worked on; one that is answered already stays."""
        owner = owner_of(request, self._opening.transcripts())
        running = self._running.get((owner, str(sent_by(event).get("ticket"))))
        if running is not None:
            running.stop()


def _kept(edited: object, turns: Sequence[Turn]) -> int:
    """Count the turns before the one that is asked anew; all of them where none is.

    Raises:
        CitespanError: If the conversation has no such turn, any more.
    """
    if edited is None:
        return len(turns)
    for at, turn in enumerate(turns):
        if turn.id == edited:
            return at
    raise CitespanError(
        "that question is no longer in this conversation; it was changed in another tab: load the "
        "page again"
    )
