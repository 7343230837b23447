r"""A conversation as Markdown, and one answer with its citations, to be pasted elsewhere.

Titles, quotes and questions are text whatever they hold: they are shown as they are and make no
link, image, heading, list, table, HTML or mention of anybody. CommonMark's backslashes and entities
do that, but for "@", of which GitHub makes mail addresses after everything else: it stands in a
code span of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from qa.transcripts.conversation import Conversation, one_line, printable
from qa.types import Answer, Citation, Reply

__all__ = ["cited", "to_markdown"]

_DECLINED = "Not in your articles."

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# ":" before "//", "." in a name and after "www": of these renderers make links.
_SPECIAL = re.compile(
    r"[\\`*_{}\[\]#|~$]|:(?=//)|(?<=[^\W\d])\.(?=\w)|(?<=\w)\.(?=[^\W\d])|(?<=www)\.",
    re.IGNORECASE,
)
# What begins a list, a heading's underline, a rule or a definition, where a line begins with it.
_OPENING = re.compile(r"^(\d*)([-+=:.)])")
# What some renderer or editor takes for the end of a line.
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+", re.ASCII)


def cited(answer: Answer, style: Literal["plain", "markdown"] = "plain") -> str:
    """Give an answer with its citations, to be copied.

    Args:
        answer: Any answer.
        style: "plain" gives the quotes verbatim in quotation marks; "markdown" gives block quotes,
            in which nothing that an article holds is markup.

    Returns:
        For each citation, best first, its quote, its article's title, outlet, day and page as far
        as they are known, and its source; "Not in your articles." for a decline.

    Raises:
        ValueError: If there is no such style.
    """
    if style not in ("plain", "markdown"):
        raise ValueError(f'style must be "plain" or "markdown", got {style!r}')
    show = _plain if style == "plain" else _markdown
    return "\n\n".join(show(one) for one in answer.citations) or _DECLINED


def to_markdown(conversation: Conversation) -> str:
    """Write a conversation as Markdown: its name, and each question as a heading over its answers.

    Returns:
        CommonMark that ends with a line break; the name alone where nothing was asked.
    """
    blocks = [f"# {_escaped_line(conversation.name)}".rstrip()]
    for turn in conversation.turns:
        blocks.append(f"## {_escaped_line(turn.question)}".rstrip())
        blocks.extend(_reply_blocks(turn.reply))
    return "\n\n".join(blocks) + "\n"


def _reply_blocks(reply: Answer | Reply) -> Iterator[str]:
    if isinstance(reply, Answer):
        yield cited(reply, "markdown")
        return
    if reply.text.strip():
        yield "\n".join(_escaped_lines(reply.text))
    for answer in reply.answers:
        if len(reply.answers) > 1:
            yield f"**{_escaped_line(answer.question)}**"
        yield cited(answer, "markdown")


def _plain(citation: Citation) -> str:
    details = ", ".join(one for one in (one_line(citation.title), *_details(citation)) if one)
    lines = (f"“{citation.quote}”", details, one_line(citation.source))
    return "\n".join(line for line in lines if line)


def _markdown(citation: Citation) -> str:
    quote = _escaped_lines(citation.quote)
    title = _escaped_line(citation.title)
    details = [f"*{title}*"] if title else []
    details += [_escaped_line(one) for one in _details(citation)]
    place = ", ".join([*details, *_source(citation.source)])
    return "\n".join(f"> {line}".rstrip() for line in [*quote, "", f"— {place}"])


def _details(citation: Citation) -> list[str]:
    """List outlet, day and page, as far as they are known."""
    day = citation.published.isoformat() if citation.published is not None else ""
    page = f"page {citation.page}" if citation.page is not None else ""
    return [one for one in (one_line(citation.outlet), day, page) if one]


def _source(source: str) -> list[str]:
    """Link an address, which shows where it leads; show anything else letter by letter."""
    shown = one_line(source)
    if not shown or _ADDRESS.fullmatch(shown):
        return [f"<{shown}>"] if shown else []
    ticks = max((len(run) for run in re.findall("`+", shown)), default=0) + 1
    # The spaces part our backticks from the text's, and are not shown.
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return [f"{'`' * ticks}{space}{shown}{space}{'`' * ticks}"]


def _escaped_lines(text: str) -> list[str]:
    """Escape a text line by line; the white space around lines, which could indent, is left out."""
    lines = [_escaped(printable(line).strip()) for line in _LINE_END.split(text)]
    return [_OPENING.sub(r"\1\\\2", line) for line in lines]


def _escaped_line(text: str) -> str:
    return _escaped(one_line(text))


def _escaped(line: str) -> str:
    entities = re.sub("[&<>]", lambda found: _ENTITIES[found[0]], line)
    return re.sub("@+", r"`\g<0>`", _SPECIAL.sub(r"\\\g<0>", entities))
