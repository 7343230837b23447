"""What a caller names to what it stands for: files behind folders, articles behind paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qa import ingest
from qa.errors import IngestError
from qa.library.reports import AddReport
from qa.library.store import StoredArticle
from qa.types import Article

__all__ = ["expand", "listed", "matching"]


def listed(sources: Any) -> list[Any]:
    """Take one source for a list of one."""
    return [sources] if isinstance(sources, str | Path | Article) else list(sources)


def expand(sources: Iterable[str | Path | Article], report: AddReport) -> list[Path | Article]:
    """List the files behind sources, each once, in order; what folders skip is reported."""
    found: dict[Path | Article, None] = {}
    for source in sources:
        if isinstance(source, Article):
            found[source] = None
            continue
        if "://" in str(source):
            report.failed.append((str(source), ingest.unsupported(str(source))))
            continue
        path = Path(source).expanduser().absolute()
        try:
            files, skipped = ingest.find_sources(path) if path.is_dir() else ([path], [])
        except IngestError as error:
            report.failed.append((str(source), str(error)))
            continue
        found.update(dict.fromkeys(files))
        report.skipped.extend(str(one) for one in skipped)
    return list(found)


def matching(stored: Sequence[StoredArticle], name: str | Path) -> list[StoredArticle]:
    """Find the stored articles that a path, a folder or an id stands for."""
    path = Path(name).expanduser().absolute()
    return [
        one
        for one in stored
        if str(name) in (one.id, one.source)
        or path in (Path(one.source), *Path(one.source).parents)
    ]
