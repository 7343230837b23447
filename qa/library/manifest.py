"""What a library's vectors were made with, and whether that fits what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from qa.errors import LibraryMismatchError

__all__ = ["Manifest", "check_manifest"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a library's vectors were made with; all must fit before they may be searched.

    Args:
        embedder: The embedder's name.
        precision: The arithmetic that made the vectors.
        dimension: Length of a vector.
        overlap: Sentences that neighbouring chunks share.
    """

    embedder: str
    precision: str
    dimension: int
    overlap: int


def check_manifest(found: Manifest, wanted: Manifest, library: Path) -> None:
    """Refuse a library that was made with something else than what is asked for.

    Args:
        found: What it was made with.
        wanted: What is asked for.
        library: Its folder, for the message.

    Raises:
        LibraryMismatchError: If they differ; names both values and the command that mends it.
    """
    for field in fields(Manifest):
        made, asked = getattr(found, field.name), getattr(wanted, field.name)
        if made != asked:
            raise LibraryMismatchError(
                f"the library {library} was made with {field.name} {made!r}, asked for is "
                f"{asked!r}; ask for {made!r} again, or run `citespan reindex --library {library}` "
                "with the new setting to make its index anew"
            )
