"""The sample articles: a library of their own, asked while the user's own is empty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qa.library import Library
from qa.settings import Settings

__all__ = ["EXAMPLES", "SAMPLES_LABEL", "open_samples", "samples_folder"]

SAMPLES_LABEL = "sample articles"

# Questions to try; no article answers the last one.
EXAMPLES = (
    "When was Maduro reelected?",
    "Who did Washington recognise as acting president?",
    "What share of Venezuela's revenues came from crude oil?",
    "Who won the 2018 World Cup?",
)


def samples_folder() -> Path:
    """Find the sample articles: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "seeds"
    return installed if installed.is_dir() else package.parent / "seeds"


def open_samples(settings: Settings) -> Library:
    """Open the library of the samples, which lies beside the default one and is kept up to date.

    Args:
        settings: Of the default library.

    Raises:
        LibraryError: If it cannot be opened or written to.
        ModelError: If the embedder cannot be loaded or run.
    """
    chosen = replace(settings, library=settings.library.parent / "samples")
    library = Library.open(chosen.library, settings=chosen, label=SAMPLES_LABEL)
    library.add([samples_folder()])
    return library
