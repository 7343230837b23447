"""Plain text: kept to the last character, its head read for headline, date and names."""

from __future__ import annotations

from itertools import islice

from qa.ingest.decoding import decode_text
from qa.ingest.layout import head_lines, read_layout
from qa.ingest.parsed import Parsed

__all__ = ["parse"]


def parse(data: bytes) -> Parsed:
    r"""Parse a plain text file.

    >>> found = parse(b"Wall opens\nOriel Tribune\nJanuary 22, 2024\n\nCrane cut a ribbon.")
    >>> found.title, found.outlet, found.published
    ('Wall opens', 'Oriel Tribune', datetime.date(2024, 1, 22))

    Raises:
        IngestError: If it is binary, in no known encoding, or empty.
    """
    text = decode_text(data)
    layout = read_layout(list(islice(head_lines(text), 16)))
    return Parsed(text, layout.title, layout.published, layout.author, layout.outlet)
