"""Commands that ask: one question, or the chat."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.cli.opening import OK, open_assistant, settings_of
from qa.types import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant

__all__ = ["ask", "chat"]

_NOT_CALIBRATED = (
    "citespan: the confidence is not calibrated for this reader and number of passages; "
    "`citespan train --calibrate-only` does that"
)


def ask(options: argparse.Namespace) -> int:
    """Answer one question, for people or as JSON."""
    assistant = open_assistant(options)
    answer = assistant.ask(
        options.question,
        source=options.source,
        since=options.since,
        until=options.until,
    )
    if options.json:
        shown = asdict(answer)
        del shown["margin"]  # a raw number for `citespan eval`; confidence is what it is worth
        print(json.dumps(shown, default=str, ensure_ascii=False))
        return OK
    _print_answer(answer, assistant)
    if not answer.calibrated:
        print(_NOT_CALIBRATED, file=sys.stderr)
    return OK


def _print_answer(answer: Answer, assistant: Assistant) -> None:
    library = assistant.answering_from
    if answer.text is None:
        print("Not in your articles.")
        if answer.unknown_terms:
            print(f"Nothing there mentions: {', '.join(answer.unknown_terms)}")
        for hit in answer.hits[:3]:
            title = library.article(hit.chunk.article_id).title
            print(f"  nearest: {title}: {_shortened(hit.chunk.text)}")
    else:
        print(f"{answer.text}  ({answer.confidence:.0%} sure)")
    for number, citation in enumerate(answer.citations, start=1):
        text = library.article(citation.article_id).text
        details = [citation.title, citation.outlet, str(citation.published or "")]
        print(f'[{number}] "{_shortened(citation.sentence.of(text), 400)}"')
        print(f"    {', '.join(part for part in details if part)}")
        print(f"    {citation.source}, {citation.span.start}:{citation.span.end}")
    print(f"({library.label}, {answer.timings.total:.2f} s)")


def chat(options: argparse.Namespace) -> int:
    """Serve the chat until it is interrupted."""
    from qa.assistant import Assistant
    from qa.web import serve

    settings = settings_of(options)
    serve(lambda: Assistant.default(settings), settings.host, settings.port)
    return OK


def _shortened(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
