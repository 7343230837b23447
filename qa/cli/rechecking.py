"""The command ``citespan recheck``."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.cli.opening import OK, SOME_FAILED, open_library, settings_of
from qa.errors import ArticleNotFoundError
from qa.transcripts import Rechecked, json_text, load_export, one_line, recheck
from qa.types import Article

if TYPE_CHECKING:
    from qa.library import Library

__all__ = ["recheck_file"]

_VERDICTS = ("stands", "changed", "gone")
_LONGEST_QUOTE = 60


def recheck_file(options: argparse.Namespace) -> int:
    """Say for each citation of an exported conversation whether it stands, changed or is gone."""
    citations = load_export(options.file)
    with _library(options) as library:

        def lookup(article_id: str) -> Article | None:
            try:
                return library.article(article_id)
            except ArticleNotFoundError:
                return None

        found = recheck(citations, lookup)
        label = library.label
    counts = Counter[str](one.verdict for one in found)
    if options.json:
        print(json_text(_as_json(found, label, counts)))
    else:
        for one in found:
            print(_line(one))
        said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS)
        print(f"{len(found)} citations in {label}: {said}")
    return OK if counts["stands"] == len(found) else SOME_FAILED


def _library(options: argparse.Namespace) -> Library:
    """Open the library named, else the one that the chat asks: the samples where there is none."""
    if options.library is not None:
        return open_library(options)
    from qa.assistant import Assistant

    return Assistant.default(settings_of(options)).answering_from


def _as_json(found: list[Rechecked], label: str, counts: Counter[str]) -> dict[str, object]:
    return {
        "library": label,
        **{verdict: counts[verdict] for verdict in _VERDICTS},
        "citations": [
            {
                "turn": one.exported.turn,
                "question": one.exported.question,
                **asdict(one.exported.citation),
                "verdict": one.verdict,
                "place": asdict(one.place) if one.place is not None else None,
                "same_text": one.same_text,
            }
            for one in found
        ],
    }


def _line(one: Rechecked) -> str:
    citation = one.exported.citation
    quote = one_line(citation.quote)
    if len(quote) > _LONGEST_QUOTE:
        quote = f"{quote[: _LONGEST_QUOTE - 1].rstrip()}…"
    place = f"{one_line(citation.title)}, {citation.span.start}:{citation.span.end}"
    return f'{one.verdict:<7}  {one.exported.turn}. "{quote}" ({place}){_remark(one)}'


def _remark(one: Rechecked) -> str:
    if one.verdict == "gone":
        return ": no such article"
    if one.verdict == "stands":
        return "" if one.same_text else ", though the article has changed elsewhere"
    if one.place is None:
        return ": no longer in the article"
    return f": now at {one.place.start}:{one.place.end}"
