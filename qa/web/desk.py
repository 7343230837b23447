"""What the page's events do: greet, open, upload; ``asking.py`` and ``archive.py`` do the others.

Nothing is held for a page here: each event says which conversation it is about, and conversations
are read from where they are stored. So a page goes on after a restart, and two tabs may share one.

Gradio resolves the annotations of its events when the page is built: their names are imported at
run time here, or it would not see which argument is the event.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from qa import Article, Assistant, CitespanError
from qa.transcripts import Conversation, Turn
from qa.web.cards import Card, notice, passing_card, pending, turn_card
from qa.web.chat import Shown, conversation_view
from qa.web.component import stamp
from qa.web.filters import filters_view
from qa.web.opening import Opening
from qa.web.places import Place, find_place, linked_place, marks_of
from qa.web.reading_pane import article_view, missing_view
from qa.web.sidebar import sidebar_view
from qa.web.uploads import add_uploads
from qa.web.visitors import owner_of

__all__ = ["BROKEN", "NO_COOKIE", "Desk", "Update", "sent_by", "update"]

_log = logging.getLogger(__name__)

BROKEN = "Something went wrong here. The details are in the terminal that Citespan runs in."
NO_COOKIE = (
    "Your browser sent no cookie, by which your conversations are told from others'. Allow cookies "
    "for this page and load it again."
)
_CHANGED = "The article has changed since it was quoted"
_MOST_DRAWN = 2_000  # cards that are kept to be shown again

# What an event gives the page, in the order of its parts.
_PARTS = ("talk", "pane", "masthead", "filters", "sidebar", "courier")
Update = tuple[Any, ...]


def update(**parts: Any) -> Update:
    """Give the page new values for some of its parts; the others stay as they are."""
    return tuple(parts.get(name, gr.skip()) for name in _PARTS)


class Desk:
    """Answer the page's events.

    Args:
        opening: Gives who is asked, and the conversations.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._drawn: dict[tuple[int, int], Card] = {}

    # The page

    def greet(self, request: gr.Request) -> Iterator[Update]:
        """Fill the page as somebody opens it, and say when the models are loaded."""
        if not self._opening.is_open:
            yield update(masthead={"text": "Opening the library…", "place": ""})
        try:
            assistant = self._opening.assistant()
            yield self._greeting(assistant, request)
        except CitespanError as error:
            yield update(talk=self.notice_view(Shown(), "", str(error)))
            return
        if not self._opening.is_warm:
            self._opening.wait_until_warm()
            yield update(masthead=self.masthead())

    def _greeting(self, assistant: Assistant, request: gr.Request) -> Update:
        query = dict(request.query_params)
        owner = owner_of(request, self._opening.transcripts())
        return update(
            talk=self.view(owner, Shown.of({"conversation": query.get("conversation")})),
            pane=self._linked(query) if "article" in query else gr.skip(),
            masthead=self.masthead(),
            filters=filters_view(assistant),
            sidebar=sidebar_view(self._opening.transcripts(), owner),
        )

    def masthead(self) -> dict[str, str]:
        """Say which articles are being asked, and whether the models are still loading."""
        library = self.assistant.answering_from
        count = len(library)
        loading = "" if self._opening.is_warm else " · loading the models"
        if not count:
            return {"text": "No articles yet", "place": library.label}
        if self._is_own:
            counted = f"{count:,} article{'' if count == 1 else 's'}"
            return {"text": f"Asking your {counted}{loading}", "place": library.label}
        text = f"Asking {count:,} {library.label}{loading}"
        return {"text": text, "place": "Until you add your own"}

    @property
    def assistant(self) -> Assistant:
        """Give who is asked, as soon as the library is open."""
        return self._opening.assistant()

    @property
    def _is_own(self) -> bool:
        return self.assistant.answering_from is self.assistant.library

    # The conversation

    def view(self, owner: str, shown: Shown) -> dict[str, Any]:
        """Describe a conversation as it is stored; a notice where there is none of this id."""
        try:
            return self.stored_view(shown, self.turns(owner, shown.conversation))
        except CitespanError as error:
            return self.notice_view(replace(shown, conversation=""), "", str(error))

    def stored_view(self, shown: Shown, turns: Sequence[Turn], active: str = "") -> dict[str, Any]:
        """Describe all of a conversation for its component.

        Args:
            shown: Which one, and the page that it is for.
            turns: Of it, as they are stored.
            active: The id of the button whose place is open in the pane.
        """
        label = self.assistant.answering_from.label
        return conversation_view(
            shown,
            self.cards(turns),
            active=active,
            heading=f"Ask {'your articles' if self._is_own else f'the {label}'}",
            examples=self.assistant.examples,
        )

    def turns(self, owner: str, conversation_id: str) -> tuple[Turn, ...]:
        """Read the turns of a conversation; see :meth:`conversation`."""
        found = self.conversation(owner, conversation_id)
        return found.turns if found else ()

    def conversation(self, owner: str, conversation_id: str) -> Conversation | None:
        """Read a conversation; None for an empty id, which stands for a new one.

        Raises:
            CitespanError: If the owner has none with this id, or the browser sent no cookie.
        """
        if not conversation_id:
            return None
        if not owner:
            raise CitespanError(NO_COOKIE)
        return self._opening.transcripts().conversation(owner, conversation_id)

    def cards(self, turns: Sequence[Turn]) -> list[Card]:
        """Describe turns; each is described once, since what is stored does not change."""
        cards = []
        number = 1
        for turn in turns:
            place = (turn.id, number)
            if place not in self._drawn:
                if len(self._drawn) >= _MOST_DRAWN:
                    self._drawn.clear()
                self._drawn[place] = turn_card(turn, number, self.find)
            cards.append(self._drawn[place])
            number += sum(len(answer.citations) for answer in turn.answers)
        return cards

    def find(self, article_id: str) -> Article | None:
        """Find an article, of the user's own or of the samples; None where it is not there."""
        try:
            return self.assistant.article(article_id)
        except CitespanError:
            return None

    def notice_view(self, shown: Shown, question: str, text: str) -> dict[str, Any]:
        """Describe a conversation of which only what went wrong is shown."""
        return conversation_view(shown, [passing_card(question, notice(text))])

    # The reading pane

    def open(self, request: gr.Request, event: gr.EventData) -> Update:
        """Open the place that a clicked button stands for; an id of no button opens nothing."""
        sent = sent_by(event)
        try:
            owner = owner_of(request, self._opening.transcripts())
            turns = self.turns(owner, Shown.of(sent).conversation)
        except CitespanError as error:
            return update(pane={"label": "", "notice": str(error), "by_itself": False})
        pane = self.opened(find_place(turns, sent.get("key")), turns)
        return update(pane=pane | {"click": sent.get("click")}) if pane else update()

    def opened(
        self, place: Place | None, turns: Sequence[Turn], *, by_itself: bool = False
    ) -> dict[str, Any] | None:
        """Describe a place for the reading pane, with all that the conversation cites around it."""
        if place is None:
            return None
        article = self.find(place.article_id)
        if article is None:
            return missing_view(place, by_itself=by_itself)
        if place.quote and place.span is not None and place.span.of(article.text) != place.quote:
            place = place._replace(label=_CHANGED, span=None, sentence=None)
        return article_view(article, place, marks_of(turns, article.id), by_itself=by_itself)

    def _linked(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Open what a permalink names."""
        named = str(query["article"])
        article = self.find(named)
        if article is None:
            return missing_view(Place(named, "Linked passage", None, None))
        return article_view(article, linked_place(query, article.text))

    # Uploads

    def upload(self, files: Sequence[str] | None) -> Iterator[Update]:
        """Add uploaded files to the user's own library, and ask that from now on."""
        if not files:
            return
        doing = f"adding {len(files)} file{'s' if len(files) > 1 else ''}"
        yield update(courier={"report": pending(doing, ()), "stamp": stamp()})
        report = {"report": self._added(files), "stamp": stamp()}
        yield update(courier=report, **self._about_library())

    def _added(self, files: Sequence[str]) -> Card:
        """Add files, and describe what became of them; whatever goes wrong is a notice."""
        try:
            had_own = self._is_own
            card = add_uploads(self.assistant.library, files)
            if self._is_own and not had_own:
                card["note"] = "From now on your own articles are asked, not the samples."
        except CitespanError as error:
            return notice(str(error))
        except Exception:  # noqa: BLE001 - as for questions
            _log.exception("the page could not add what was uploaded")
            return notice(BROKEN)
        return card

    def _about_library(self) -> dict[str, Any]:
        try:
            return {"masthead": self.masthead(), "filters": filters_view(self.assistant)}
        except CitespanError:
            return {}


def sent_by(event: gr.EventData) -> dict[str, Any]:
    """Take out of an event what the browser sent, which may be anything."""
    data = getattr(event, "_data", None)
    return data if isinstance(data, dict) else {}
