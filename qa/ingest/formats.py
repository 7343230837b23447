"""The one table of formats.

A new one is a module with ``parse(data) -> Parsed`` and its line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.ingest import html, markdown, text
from qa.ingest.parsed import Parsed

__all__ = ["FORMATS", "Format", "supported"]

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of source.

    Args:
        name: As said in messages.
        suffixes: Of its files, in small letters, with the dot.
        media_type: Its IANA name.
        parse: Turns the bytes of a source into an article; raises IngestError where that cannot
            be done.
        max_bytes: The largest source that is read.
    """

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    parse: Callable[[bytes], Parsed]
    max_bytes: int


FORMATS: tuple[Format, ...] = (
    Format("plain text", (".txt", ".text"), "text/plain", text.parse, 20 * _MB),
    Format("Markdown", (".md", ".markdown"), "text/markdown", markdown.parse, 20 * _MB),
    Format("HTML", (".html", ".htm", ".xhtml"), "text/html", html.parse, 10 * _MB),
)


def supported(path: Path) -> Format | None:
    """Find the format of a file by its suffix, in capitals or not; None where there is none.

    >>> supported(Path("News/FIRE.HTM")).name, supported(Path("fire.pdf"))
    ('HTML', None)
    """
    suffix = path.suffix.lower()
    return next((one for one in FORMATS if suffix in one.suffixes), None)
