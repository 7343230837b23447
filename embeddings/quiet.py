"""Model libraries without their progress bars."""

from __future__ import annotations

__all__ = ["hide_progress_bars"]


def hide_progress_bars() -> None:
    """Turn off the bars that transformers and its hub draw on stderr, for this whole process.

    A command's own lines of progress are lost among them, and a log is filled with them.
    """
    from transformers.utils import logging

    logging.disable_progress_bar()
