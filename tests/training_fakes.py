"""Small training files, recipes and examples, and a model of a few kilobytes to train."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fakes import FakeEmbedder

from qa.library import Library
from qa.settings import Settings
from qa.training.passages import Example, Shown
from qa.training.questions import TrainingSet
from qa.training.recipe import Recipe, Source
from qa.types import Span

HALL = (
    "Crane Hall opened in 1989. Ada Holm cut the ribbon on a Monday in May, before 1,200 guests. "
    "The hall was built by Ada Holm herself."
)
BRIDGE = "The Lund Bridge opened in 1967. Eve Marsh of Oslo paid 4,500 crowns on a Friday in June."

# What texts of strangers are made of. Every part can stand beside every other one.
NASTY = (
    "Crane Hall opened in 1989 on Monday. ",
    "Ana Lund cut 1,200 ribbons in May.\n",
    "👩‍👩‍👧‍👦 and 🇩🇪 waved.\r\n",
    "Cafe\u0301 A\u030angstro\u0308m was full! ",
    "שלום עולם، مرحبا. ",
    "\ufeff\u200bzero\u200bwidth ",
    "NUL \x00 and \x1c and \u2028 and \x85.\n\n",
    "東京は1989年。",
    "\ud83d half a pair ",
    "    \t  ",
    "x" * 150 + " ",
    "“Quoted,” she said. ",
)


def nasty_text(draw: random.Random, parts: int) -> str:
    return "".join(draw.choice(NASTY) for _ in range(parts))


def asked(name: str, question: str, context: str, *answers: str) -> dict[str, Any]:
    """Ask a SQuAD question; an answer that does not stand in the context has no start either."""
    places = [(text, context.find(text)) for text in answers]
    found = [
        {"text": text} | ({"answer_start": place} if place >= 0 else {}) for text, place in places
    ]
    return {"id": name, "question": question, "answers": found}


def unanswerable(name: str, question: str, context: str, *tempting: str) -> dict[str, Any]:
    plausible = asked(name, question, context, *tempting)["answers"]
    return {
        "id": name,
        "question": question,
        "is_impossible": True,
        "answers": [],
        "plausible_answers": plausible,
    }


def squad_text(*paragraphs: tuple[str, Sequence[dict[str, Any]]], title: str = "The_news") -> str:
    found = [{"context": context, "qas": list(qas)} for context, qas in paragraphs]
    return json.dumps({"version": "v2.0", "data": [{"title": title, "paragraphs": found}]})


def write_squad(
    path: Path, *paragraphs: tuple[str, Sequence[dict[str, Any]]], title: str = "The_news"
) -> Path:
    path.write_text(squad_text(*paragraphs, title=title), encoding="utf-8")
    return path


def wall_set(path: Path, count: int = 12) -> Path:
    """Write questions of walls, in words that the tiny tokenizers know."""
    contexts = [f"the wall opened in 19{at} on monday in berlin." for at in range(10, 10 + count)]
    return write_squad(
        path,
        *(
            (context, [asked(f"q{at}", "when did the wall open", context, context[19:23])])
            for at, context in enumerate(contexts)
        ),
    )


def recipe(*files: Path | str, **given: Any) -> Recipe:
    """Make a recipe that changes no passage but where it is told to."""
    plain = {"titles": 0.0, "crops": 0.0, "swaps": 0.0, "batch": 4, "start": "citespan"}
    return Recipe(**{**plain, "sources": tuple(Source.parse(str(one)) for one in files), **given})


def library_of(folder: Path, sets: Iterable[TrainingSet], max_tokens: int = 60) -> Library:
    """Fill a library with the articles of sets, in chunks of about so many words."""
    library = Library.open(
        folder,
        settings=Settings(embedder="fake"),
        embedder=FakeEmbedder(max_tokens=max_tokens),
    )
    report = library.add({key: one for part in sets for key, one in part.articles.items()}.values())
    assert report.failed == []
    return library


def shown(text: str, *answers: str, title: str = "", tempting: Sequence[str] = ()) -> Shown:
    """Make a passage with the first place of each answer."""

    def places(wanted: Sequence[str]) -> tuple[Span, ...]:
        return tuple(Span(text.index(one), text.index(one) + len(one)) for one in wanted)

    return Shown(title, text, places(answers), places(tempting))


def wall_examples(count: int) -> list[Example]:
    """Make questions, each with a passage that answers and one that does not."""
    return [
        Example(
            f"q{at}",
            "when did it open",
            (
                shown(f"the wall opened in 19{at} on monday", f"19{at}"),
                shown(f"crane cut a ribbon in berlin {at}"),
            ),
        )
        for at in range(10, 10 + count)
    ]
