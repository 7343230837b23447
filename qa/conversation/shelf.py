"""The articles as a list: which there are, which are newest, which are about something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from qa.conversation.folding import folded
from qa.followup.words import DETERMINERS, FUNCTION
from qa.types import Article, Hit

__all__ = ["Entry", "counted", "described", "entries", "listed", "named", "on_topic"]

# Titles that a list shows, and outlets that a line counts.
_TITLES = 5
_OUTLETS = 8

# Words of a topic that name no topic: "the story of the fire" is about the fire.
_NO_TOPIC = (
    FUNCTION
    | DETERMINERS
    | frozenset(
        """article articles story stories news text texts report reports piece document file page
        matter issue topic subject case event events situation affair thing things everything
        whole please""".split()
    )
)

# A passage that holds less of a topic's words is about something else.
_LEAST_SHARE = 0.5


class Entry(NamedTuple):
    """An article without its text."""

    id: str
    title: str
    outlet: str
    published: date | None


def entries(articles: Iterable[Article]) -> list[Entry]:
    """List articles, the newest first, those without a date last."""
    found = [Entry(one.id, one.title, one.outlet, one.published) for one in articles]
    return sorted(found, key=lambda one: one.published or date.min, reverse=True)


def listed(shown: Sequence[Entry]) -> str:
    """Word the first few of a list, a line each."""
    lines = []
    for one in shown[:_TITLES]:
        known = [part for part in (one.outlet, f"{one.published or ''}") if part]
        lines.append(f"- {one.title}" + (f" ({', '.join(known)})" if known else ""))
    return "\n".join(lines)


def described(shown: Sequence[Entry], called: str) -> str:
    """Word what a library holds: how many articles, of which days and outlets, the newest.

    Args:
        shown: Its articles, the newest first; at least one.
        called: What to call them, in the plural.
    """
    dated = [one.published for one in shown if one.published]
    said = f"There {'is' if len(shown) == 1 else 'are'} {counted(len(shown), called)} to ask"
    if dated:
        said += f", published from {dated[-1]} to {dated[0]}"
    undated = len(shown) - len(dated)
    said += f"; {undated} without a date." if undated else "."
    outlets = Counter(one.outlet for one in shown if one.outlet).most_common()
    if outlets:
        first = ", ".join(f"{name} ({count})" for name, count in outlets[:_OUTLETS])
        more = f" and {len(outlets) - _OUTLETS} more" if len(outlets) > _OUTLETS else ""
        said += f"\nOutlets: {first}{more}."
    return f"{said}\nThe newest:\n{listed(shown)}"


def counted(count: int, called: str) -> str:
    """Word a number of articles.

    >>> counted(1, "sample articles"), counted(2000, "articles")
    ('1 sample article', '2,000 articles')
    """
    return f"{count:,} {called if count != 1 else called.removesuffix('s')}"


def named(topic: str) -> frozenset[str]:
    """Give the words that a topic is told by; none for "it" and "the article".

    >>> sorted(named("the story of the tram strikes"))
    ['strike', 'tram']
    """
    return _stems(topic) - _NO_TOPIC


def on_topic(topic: str, hits: Sequence[Hit], shown: Sequence[Entry]) -> list[Entry]:
    """Find the articles that a topic's words stand in.

    Args:
        topic: As the message has it; one that :func:`named` gives words for.
        hits: What was found for it.
        shown: The articles that may be given, the newest first.

    Returns:
        Those whose title and passage hold the most of its words, and at least half of them, in
        the order of ``shown``.
    """
    wanted = named(topic)
    titles = {one.id: one.title for one in shown}
    shares: dict[str, float] = {}
    for hit in hits:
        about = hit.chunk.article_id
        if about in titles:
            share = len(wanted & _stems(f"{titles[about]} {hit.chunk.text}")) / len(wanted)
            shares[about] = max(share, shares.get(about, 0.0))
    best = max(shares.values(), default=0.0)
    return [one for one in shown if best >= _LEAST_SHARE and shares.get(one.id) == best]


def _stems(text: str) -> frozenset[str]:
    """Fold words and take the ending of plurals off."""
    return frozenset(word.removesuffix("s") for word in folded(text).split())
