"""A conversation as JSON that can be checked later: quotes, their spans, hashes of the articles."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.errors import TranscriptError
from qa.transcripts.codec import from_plain, plain_day
from qa.transcripts.conversation import Conversation, Turn
from qa.types import Answer, Citation

__all__ = [
    "FORMAT",
    "Exported",
    "json_text",
    "load_export",
    "read_export",
    "text_sha256",
    "to_json",
]

# The version of the file. Another one is refused.
FORMAT = 1

_KIND = "conversation"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Exported:
    """A citation of an export.

    Args:
        turn: Its place in the conversation, from 1.
        question: The question that it answers.
        citation: As it was given.
        sha256: The hash of the article's text when it was exported, or an empty string where the
            library no longer held it.
    """

    turn: int
    question: str
    citation: Citation
    sha256: str


def text_sha256(text: str) -> str:
    """Hash an article's text, as exports and ``citespan recheck`` do: SHA-256 of its UTF-8.

    >>> text_sha256("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def json_text(value: Any, *, indent: int | None = None) -> str:
    r"""Write JSON that people can read and every file can take.

    All letters stand as they are, but for lone surrogates, which UTF-8 does not have.

    >>> print(json_text({"é": "\ud800"}))
    {"é": "\ud800"}
    """
    text = json.dumps(value, default=plain_day, ensure_ascii=False, indent=indent)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def to_json(conversation: Conversation, sha256: Mapping[str, str]) -> str:
    """Write a conversation as JSON, for ``citespan recheck``.

    Runners-up and passages that were only read are left out.

    Args:
        conversation: Any conversation.
        sha256: The hash of each cited article's text (:func:`text_sha256`) by its id; an article
            that is missing gets an empty one.
    """
    return json_text(
        {
            "citespan": _KIND,
            "format": FORMAT,
            "name": conversation.name,
            "created": conversation.created.isoformat(),
            "updated": conversation.updated.isoformat(),
            "turns": [_turn(one, sha256) for one in conversation.turns],
        },
        indent=1,
    )


def _turn(turn: Turn, sha256: Mapping[str, str]) -> dict[str, Any]:
    reply = turn.reply
    kind, text = ("question", "") if isinstance(reply, Answer) else (reply.kind, reply.text)
    return {
        "question": turn.question,
        "asked": turn.asked.isoformat(),
        "kind": kind,
        "text": text,
        "answers": [_answer(one, sha256) for one in turn.answers],
    }


def _answer(answer: Answer, sha256: Mapping[str, str]) -> dict[str, Any]:
    return {
        "question": answer.question,
        "resolved": answer.resolved,
        "text": answer.text,
        "confidence": answer.confidence,
        "calibrated": answer.calibrated,
        "unknown_terms": answer.unknown_terms,
        "citations": [
            {**asdict(one), "sha256": sha256.get(one.article_id, "")} for one in answer.citations
        ],
    }


def load_export(path: Path) -> tuple[Exported, ...]:
    """Read the citations of an exported file; see :func:`read_export`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptError(f"the export {path} cannot be read: {error}") from error
    return read_export(text, str(path))


def read_export(text: str, name: str = "the text") -> tuple[Exported, ...]:
    """Read the citations of what :func:`to_json` wrote.

    Args:
        text: Anything.
        name: How to call it in an error.

    Returns:
        The citations in the order of the conversation; none where none was given.

    Raises:
        TranscriptError: If it is no export, of another version, or damaged.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"{name} is no JSON: {error}") from error
    kind = found.get("citespan") if isinstance(found, dict) else None
    if kind != _KIND:
        raise TranscriptError(f"{name} is no exported conversation; export one as JSON in the chat")
    if found.get("format") != FORMAT:
        raise TranscriptError(
            f"{name} is an export of format {found.get('format')!r}, this version of citespan "
            f"reads {FORMAT}; update citespan, or export the conversation again"
        )
    try:
        return tuple(_citations(found["turns"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TranscriptError(
            f"the export {name} is damaged ({error!r}); export the conversation again"
        ) from error


def _citations(turns: Any) -> Iterator[Exported]:
    for number, turn in enumerate(turns, start=1):
        for answer in turn["answers"]:
            question = from_plain(str, answer["question"])
            for one in answer["citations"]:
                sha256 = from_plain(str, one["sha256"])
                fields = {name: value for name, value in one.items() if name != "sha256"}
                citation: Citation = from_plain(Citation, fields)
                if citation.span.end - citation.span.start != len(citation.quote):
                    raise ValueError(f"{citation.span} is not the length of its quote")
                citation.article_id.encode()  # no id holds a lone surrogate, and no database can
                yield Exported(number, question, citation, sha256)
