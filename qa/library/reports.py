"""What additions and removals did."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["AddReport", "RemoveReport"]


@dataclass(slots=True)
class AddReport:
    """What an addition did, by source.

    Args:
        added: New articles.
        updated: Articles whose source had changed.
        unchanged: Articles whose source had not.
        skipped: Files of other formats found in folders.
        failed: (source, reason) of what could not be added.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RemoveReport:
    """What a removal did: the sources removed, and what named no article."""

    removed: tuple[str, ...]
    missing: tuple[str, ...]
