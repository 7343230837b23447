"""From a path to an article."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from qa.errors import IngestError
from qa.ingest.formats import FORMATS, Format, supported
from qa.ingest.layout import cut_title
from qa.types import Article

__all__ = ["article_id", "find_sources", "load", "parse", "read", "unsupported"]

_ADVICE = {
    ".pdf": "PDF is not supported yet: convert it to text, for instance with pdftotext",
    ".docx": "Word files are not supported yet: save the document as plain text",
    ".doc": "Word files are not supported yet: save the document as plain text",
}
_URL = re.compile(r"^https?:/", re.IGNORECASE)


def load(path: Path) -> Article:
    """Read the article of a file.

    Args:
        path: The file, of one of the formats in ``FORMATS``.

    Returns:
        The article; its source is the absolute path, its title at least the file's name.

    Raises:
        IngestError: If the file cannot be read, is too large, of no known format, or holds no
            article.
    """
    return parse(read(path), path)


def read(path: Path) -> bytes:
    """Read the bytes of a file that an article can be made of.

    Raises:
        IngestError: If the file cannot be read, is too large or of no known format.
    """
    path = Path(path)
    form = _format(path)
    try:
        if path.exists() and not path.is_file():
            kind = "folder" if path.is_dir() else "device or pipe"
            raise IngestError(f"{path} is a {kind}, not a file; name the files in it")
        with path.open("rb") as file:
            _check_size(path, os.fstat(file.fileno()).st_size, form)
            # One byte more than allowed, so that a file which grows meanwhile is noticed too.
            data = file.read(form.max_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise IngestError(
            f"{path} cannot be read: {reason}; check its name and permissions"
        ) from error
    except ValueError as error:
        raise IngestError(f"{str(path)!r} cannot be the name of a file: {error}") from error
    _check_size(path, len(data), form)
    return data


def parse(data: bytes, path: Path) -> Article:
    """Make an article of bytes that have been read already.

    Args:
        data: All bytes of the file.
        path: Where they were read from; its suffix chooses the format. It is not read again.

    Raises:
        IngestError: If they are too many, of no known format, or hold no article.
    """
    path = Path(path)
    form = _format(path)
    _check_size(path, len(data), form)
    source = _source(path)
    try:
        found = form.parse(data)
    except IngestError as error:
        raise IngestError(f"{path}: {error}") from error
    return Article(
        id=article_id(source),
        title=found.title or cut_title(path.stem),
        text=found.text,
        source=source,
        published=found.published,
        author=found.author,
        outlet=found.outlet,
        pages=found.pages,
    )


def article_id(source: str) -> str:
    """Name an article by its source: 16 hexadecimal digits, the same on every machine.

    >>> article_id("/news/fire.txt")
    '87f8ee9ebc2a1ca3'
    """
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def find_sources(folder: Path) -> tuple[list[Path], list[Path]]:
    """Find the articles of a folder and of the folders in it.

    What is hidden (a name that starts with a dot) is left out; a linked folder is followed, but
    none is walked twice.

    Args:
        folder: The folder to search.

    Returns:
        The files of known formats, and what was skipped: files of other kinds and folders that
        cannot be read. Both sorted by path; empty for an empty folder.

    Raises:
        IngestError: If there is no such folder, or it cannot be read.
    """
    folder = Path(folder)
    sources: list[Path] = []
    skipped: list[Path] = []

    def refuse(error: OSError) -> None:
        at = Path(error.filename)
        if at == folder:
            raise IngestError(
                f"the folder {folder} cannot be read: {error.strerror}; check its name"
            ) from error
        skipped.append(at)

    seen: set[str] = set()
    for where, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(where)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(where, name) for name in names if not name.startswith(".")):
            (sources if supported(path) else skipped).append(path)
    return sorted(sources), sorted(skipped)


def unsupported(source: str) -> str:
    """Say why a source has no known format, and what to do.

    >>> unsupported("fire.pdf").endswith("convert it to text, for instance with pdftotext")
    True
    """
    if _URL.match(source):
        return (
            f"{source} is an address, which is not supported yet: "
            "save the page from the browser as .html and add that file"
        )
    known = ", ".join(suffix for one in FORMATS for suffix in one.suffixes)
    suffix = Path(source).suffix.lower()
    found = f"the suffix {suffix}" if suffix else "no suffix"
    advice = _ADVICE.get(suffix, "convert it to one of these")
    return f"{source} has {found}; what works today is {known}. {advice}"


def _format(path: Path) -> Format:
    form = supported(path)
    if form is None or _URL.match(str(path)):
        raise IngestError(unsupported(str(path)))
    return form


def _check_size(path: Path, size: int, form: Format) -> None:
    if size > form.max_bytes:
        raise IngestError(
            f"{path} is too large: {size:,} bytes, and {form.name} may have {form.max_bytes:,}; "
            "split it"
        )


def _source(path: Path) -> str:
    # Not resolve(): a linked file is known by the name that its owner gave it.
    source = os.path.abspath(path)  # noqa: PTH100
    try:
        source.encode()
    except UnicodeEncodeError as error:
        raise IngestError(f"{source!r} is not a name in Unicode; rename the file") from error
    return source
