"""What every command needs first: settings, a library, somebody to ask, a line of progress."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from qa.errors import LibraryError
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.library import Library

__all__ = [
    "FAILED",
    "OK",
    "SOME_FAILED",
    "USAGE",
    "open_assistant",
    "open_library",
    "progress",
    "settings_of",
]

OK, FAILED, USAGE, SOME_FAILED = 0, 1, 2, 3

_PAUSE = 30.0  # seconds between two lines of progress in a log


def settings_of(options: argparse.Namespace) -> Settings:
    """Gather the settings, what the command line names first."""
    names = ("library", "embedder", "reader", "passages", "confidence", "host", "port")
    return Settings.load(**{name: getattr(options, name, None) for name in names})


def open_library(options: argparse.Namespace) -> Library:
    """Open the library named; there must be one."""
    from qa.library import Library

    settings = settings_of(options)
    return Library.open(settings.library, settings=settings, create=False)


def open_assistant(options: argparse.Namespace) -> Assistant:
    """Ask the library named; the default one may be empty, and then the samples answer."""
    from qa.assistant import Assistant

    settings = settings_of(options)
    if options.library is None:
        return Assistant.default(settings)
    library = open_library(options)
    if not len(library):
        raise LibraryError(
            f"the library {library.path} has no articles; add some with "
            f"`citespan add FOLDER --library {library.path}`"
        )
    return Assistant(library, settings)


def progress(what: str) -> Callable[[int, int], None]:
    """Show progress, rate and time left: on one line of a terminal, else a line every 30 seconds.

    Args:
        what: The things that are counted.

    Returns:
        To be called with how many are done, from 1, and how many there are.
    """
    watched = sys.stderr.isatty()
    started = told = time.monotonic()

    def show(done: int, count: int) -> None:
        nonlocal told
        now = time.monotonic()
        if not watched and now - told < _PAUSE:
            return
        told = now
        seconds = max(now - started, 1e-3)
        left = timedelta(seconds=round(seconds / done * (count - done)))
        line = f"{done:,}/{count:,} {what}, {done / seconds:.1f}/s, {left} left"
        if watched:
            print(f"\r{line:<70}", end="\n" if done == count else "", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    return show
