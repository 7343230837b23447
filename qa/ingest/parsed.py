"""What a format makes of the bytes of one source, before it is known where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Parsed"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article without its address.

    Args:
        text: The whole text, in the frame of ``Article.text``.
        title: The headline, or an empty string where there is none.
        published: The day of publication, or None where the source does not say.
        author: The byline, or an empty string.
        outlet: The paper, site or agency, or an empty string.
        pages: Where each page starts, into ``text``; empty for sources without pages.
    """

    text: str
    title: str = ""
    published: date | None = None
    author: str = ""
    outlet: str = ""
    pages: tuple[int, ...] = ()
