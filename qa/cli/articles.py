"""Commands on the articles: add, list, remove, verify, reindex."""

from __future__ import annotations

import argparse
import json
import sys

from qa.cli.opening import FAILED, OK, SOME_FAILED, open_library, progress, settings_of

__all__ = ["add", "list_articles", "reindex", "remove", "verify"]


def add(options: argparse.Namespace) -> int:
    """Add files and folders; print what was done and what failed."""
    from qa.library import Library

    settings = settings_of(options)
    with Library.open(settings.library, settings=settings) as library:
        report = library.add(options.sources, on_progress=progress("files"))
    counts = ", ".join(
        f"{len(getattr(report, name))} {name}"
        for name in ("added", "updated", "unchanged", "skipped", "failed")
    )
    print(f"{counts} in {settings.library}")
    for source, reason in report.failed:
        print(f"failed: {reason if source in reason else f'{source}: {reason}'}", file=sys.stderr)
    return SOME_FAILED if report.failed else OK


def list_articles(options: argparse.Namespace) -> int:
    """List the articles, one a line or as JSON."""
    with open_library(options) as library:
        articles = [
            {
                "id": article.id,
                "title": article.title,
                "outlet": article.outlet,
                "published": article.published,
                "author": article.author,
                "source": article.source,
                "characters": len(article.text),
            }
            for article in library.articles()
        ]
    if options.json:
        print(json.dumps(articles, default=str, ensure_ascii=False))
        return OK
    for one in articles:
        print(f"{one['id']}  {one['published'] or '----------'}  {one['title']}  ({one['source']})")
    print(f"{len(articles)} articles in {library.label}")
    return OK


def remove(options: argparse.Namespace) -> int:
    """Remove articles; say what named none."""
    with open_library(options) as library:
        report = library.remove(options.sources)
    for source in report.removed:
        print(f"removed {source}")
    for name in report.missing:
        print(f"citespan: no article is called {name}; see `citespan list`", file=sys.stderr)
    return SOME_FAILED if report.missing else OK


def verify(options: argparse.Namespace) -> int:
    """Check the library; print what is wrong."""
    with open_library(options) as library:
        report = library.verify()
    for problem in report.problems:
        print(problem)
    found = f"{len(report.problems)} problems" if report.problems else "sound"
    print(f"{library.path}: {report.articles} articles, {report.chunks} chunks, {found}")
    return FAILED if report.problems else OK


def reindex(options: argparse.Namespace) -> int:
    """Chunk and embed every article anew."""
    from qa.library import Library

    settings = settings_of(options)
    path = settings.library
    with Library.open(path, settings=settings, create=False, matching=False) as library:
        count = library.reindex(on_progress=progress("articles"))
    print(f"{count} articles indexed anew in {path}")
    return OK
