"""Run one question beside the page, hand on the stages that it goes through, and stop it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["Running", "StoppedError"]

Outcome = TypeVar("Outcome")
Shown = TypeVar("Shown")


class StoppedError(Exception):
    """Say that a question was stopped by who asked it."""


class Running:
    """One question under way."""

    def __init__(self) -> None:
        self._news: SimpleQueue[str | None] = SimpleQueue()
        self._stopped = False

    def stop(self) -> None:
        """Stop waiting for it; what it still finds is dropped."""
        self._stopped = True
        self._news.put(None)

    def watched(
        self, work: Callable[[Callable[[str], None]], Outcome], show: Callable[[str], Shown]
    ) -> Generator[Shown, None, Outcome]:
        """Yield what to show for each stage of some work, which runs in a thread of its own.

        Args:
            work: Called with a function that it tells each stage to.
            show: Turns a stage into what is yielded.

        Returns:
            What ``work`` returned, as the generator's value; what it raised is raised here, after
            its stages.

        Raises:
            StoppedError: If it was stopped before its end.

        >>> list(Running().watched(lambda tell: tell("reading"), str.title))
        ['Reading']
        """
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            future = pool.submit(work, self._news.put)
            future.add_done_callback(lambda _: self._news.put(None))
            while (stage := self._news.get()) is not None:
                yield show(stage)
        finally:
            pool.shutdown(wait=False)
        if self._stopped:
            raise StoppedError
        return future.result()
