"""A file -> Article: one small module per format, one table of formats.

::

    load, parse, read   loading.py: a path, its bytes, an Article; find_sources for a folder
    FORMATS             formats.py: the table
    text, markdown      with layout.py, names.py and dates.py, which read the head of an article
    html                with furniture.py (what goes), story.py (what stays) and page_metadata.py
    decoding.py         bytes to text in the frame of Article.text
"""

from __future__ import annotations

from qa.ingest.formats import FORMATS, Format, supported
from qa.ingest.loading import article_id, find_sources, load, parse, read, unsupported
from qa.ingest.parsed import Parsed

__all__ = [
    "FORMATS",
    "Format",
    "Parsed",
    "article_id",
    "find_sources",
    "load",
    "parse",
    "read",
    "supported",
    "unsupported",
]
