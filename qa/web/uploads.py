"""Uploads: a durable copy of each file in the library's folder, added from there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa import Library

__all__ = ["ACCEPTED", "LARGEST", "add_uploads", "is_accepted", "safe_name"]

ACCEPTED = (".txt", ".md", ".html")
LARGEST = "20mb"  # a long book as text is about 2 MB

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_LONGEST_NAME = 150  # bytes; file systems stop at 255
_OUTCOMES = ("added", "updated", "unchanged", "skipped")


def safe_name(name: str) -> str:
    """Make a file name that can only lie in the folder that it is put into.

    Args:
        name: What the browser called the file; may be hostile.

    Returns:
        Its last part without control and reserved characters and leading dots, cut to 150 bytes
        before the suffix.

    >>> safe_name("../../etc/pass<wd>.txt"), safe_name("...md")
    ('passwd.txt', 'article.md')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = _UNSAFE.sub("", last).strip().rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    cut = stem.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return (cut.strip(". ") or "article") + dot + suffix


def is_accepted(name: str, accepted: Sequence[str] = ACCEPTED) -> bool:
    """Tell whether a file's name has one of the suffixes, in any case.

    >>> is_accepted("a.TXT"), is_accepted("a.pdf"), is_accepted("txt")
    (True, False, False)
    """
    return Path(name).suffix.lower() in accepted


def add_uploads(
    library: Library, files: Iterable[str | Path], accepted: Sequence[str] = ACCEPTED
) -> dict[str, Any]:
    """Copy uploaded files into the library's folder and add them.

    The same name again replaces the file, and the library says "updated". One bad file does not
    stop the rest.

    Args:
        library: The user's own.
        files: Where the server has put the uploads, for a while.
        accepted: The suffixes that are taken, lower case.

    Returns:
        The card that tells what became of each file.

    Raises:
        CitespanError: If the library cannot be written to.
    """
    folder = Path(library.path) / "uploads"
    kept: list[Path] = []
    new: set[Path] = set()
    refused: list[dict[str, str]] = []
    for file in map(Path, files):
        place = folder / safe_name(file.name)
        is_new = not place.exists()
        reason = _keep(file, place, accepted)
        if reason:
            refused.append({"what": "failed", "name": place.name, "reason": reason})
            continue
        kept.append(place)
        new.update({place} if is_new else ())
    return report_card((_added(library, kept, new) if kept else []) + refused)


def _added(library: Library, kept: Sequence[Path], new: Iterable[Path]) -> list[dict[str, str]]:
    """Add the copies; a new one that the library does not hold in the end is removed."""
    useless = set(new)
    try:
        report = library.add(kept)
        failed = {Path(source).resolve() for source, _ in report.failed}
        useless = {place for place in useless if place.resolve() in failed}
        return _lines(report)
    finally:
        for place in useless:
            place.unlink(missing_ok=True)


def _keep(file: Path, place: Path, accepted: Sequence[str]) -> str:
    """Copy an upload, or say why not."""
    if not is_accepted(place.name, accepted):
        return f"only {', '.join(accepted)} files can be added here"
    try:
        _copy(file, place)
    except OSError as error:
        return f"it could not be stored: {error.strerror}"
    return ""


def _copy(file: Path, place: Path) -> None:
    """Copy a file so that its place holds either the old or the new one, whole, at any moment."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{uuid4().hex}.part")
    try:
        shutil.copyfile(file, partial)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def _lines(report: Any) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = []
    for what in _OUTCOMES:
        lines += [
            {"what": what, "name": Path(source).name, "reason": ""}
            for source in getattr(report, what)
        ]
    lines += [
        {"what": "failed", "name": Path(source).name, "reason": reason}
        for source, reason in report.failed
    ]
    return lines


def report_card(lines: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Describe for the conversation what became of the files."""
    counts = {what: sum(line["what"] == what for line in lines) for what in (*_OUTCOMES, "failed")}
    told = [f"{count} {what}" for what, count in counts.items() if count]
    summary = f"{', '.join(told).capitalize() or 'Nothing to add'}."
    return {"kind": "report", "question": "", "summary": summary, "lines": list(lines), "note": ""}
