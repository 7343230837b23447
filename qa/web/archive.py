"""What the list of conversations does: open another, rename, delete, bring back, search, export.

As in ``desk.py``, Gradio needs the names of annotations at run time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from qa import CitespanError
from qa.transcripts import Conversation, text_sha256, to_json, to_markdown
from qa.web.chat import Shown
from qa.web.component import stamp
from qa.web.desk import Desk, Update, sent_by, update
from qa.web.opening import Opening
from qa.web.sidebar import sidebar_view
from qa.web.visitors import owner_of

__all__ = ["Archive"]

_NO_NAME = re.compile(r"[^\w-]+")
_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class _Wish:
    """Something to be done with a conversation."""

    owner: str
    shown: Shown
    id: str
    text: str


class Archive:
    """Answer the events of the list of conversations.

    Args:
        opening: Gives the conversations.
        desk: Shows one.
    """

    def __init__(self, opening: Opening, desk: Desk) -> None:
        self._opening = opening
        self._desk = desk
        self._wishes: dict[str, Callable[[_Wish], Update]] = {
            "open": self._open,
            "rename": self._rename,
            "delete": self._delete,
            "restore": self._restore,
            "search": self._listed,
            "markdown": self._export,
            "json": self._export_json,
        }

    def act(self, request: gr.Request, event: gr.EventData) -> Update:
        """Do what a button of the list stands for; anything else does nothing."""
        sent = sent_by(event)
        act = self._wishes.get(str(sent.get("do")))
        if act is None:
            return update()
        try:
            owner = owner_of(request, self._opening.transcripts())
            text = str(sent.get("text") or "")[:_LONGEST_QUERY]
            return act(_Wish(owner, Shown.of(sent), str(sent.get("id") or ""), text))
        except CitespanError as error:
            notice = {"kind": "notice", "text": str(error)}
            return update(courier={"report": notice, "stamp": stamp()})

    def _open(self, wish: _Wish) -> Update:
        view = self._desk.view(wish.owner, replace(wish.shown, conversation=wish.id))
        return update(talk=view, pane={})

    def _rename(self, wish: _Wish) -> Update:
        self._opening.transcripts().rename(wish.owner, wish.id, wish.text)
        return self._listed(replace(wish, text=""))

    def _delete(self, wish: _Wish) -> Update:
        """Delete one, and offer it back; where it is the one shown, a new one takes its place."""
        self._opening.transcripts().delete(wish.owner, wish.id)
        return self._listed(replace(wish, text=""), deleted=wish.id)

    def _restore(self, wish: _Wish) -> Update:
        self._opening.transcripts().restore(wish.owner, wish.id)
        return self._listed(replace(wish, text=""))

    def _listed(self, wish: _Wish, deleted: str = "") -> Update:
        transcripts = self._opening.transcripts()
        view = sidebar_view(transcripts, wish.owner, query=wish.text, deleted=deleted)
        return update(sidebar=view)

    def _export(self, wish: _Wish) -> Update:
        found = self._opening.transcripts().conversation(wish.owner, wish.id)
        return _download(found, "md", "text/markdown", to_markdown(found))

    def _export_json(self, wish: _Wish) -> Update:
        """Export with a hash of each cited article, for ``citespan recheck``."""
        found = self._opening.transcripts().conversation(wish.owner, wish.id)
        cited = {
            citation.article_id
            for turn in found.turns
            for answer in turn.answers
            for citation in answer.citations
        }
        articles = [self._desk.find(one) for one in cited]
        hashes = {one.id: text_sha256(one.text) for one in articles if one is not None}
        return _download(found, "json", "application/json", to_json(found, hashes))


def _download(conversation: Conversation, suffix: str, media_type: str, text: str) -> Update:
    name = _NO_NAME.sub("-", conversation.name).strip("-")[:60] or "conversation"
    download: dict[str, Any] = {"name": f"{name}.{suffix}", "type": media_type, "text": text}
    return update(courier={"download": download, "stamp": stamp()})
