"""Run one question beside the page, and hand on the stages that it goes through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["watched"]

Outcome = TypeVar("Outcome")
Shown = TypeVar("Shown")


def watched(
    work: Callable[[Callable[[str], None]], Outcome], show: Callable[[str], Shown]
) -> Generator[Shown, None, Outcome]:
    """Yield what to show for each stage of some work, which runs in a thread of its own.

    Args:
        work: Called with a function that it tells each stage to.
        show: Turns a stage into what is yielded.

    Returns:
        What ``work`` returned, as the generator's value; what it raised is raised here, after its
        stages.

    >>> list(watched(lambda tell: tell("reading"), str.title))
    ['Reading']
    """
    news: SimpleQueue[str | None] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(work, news.put)
        future.add_done_callback(lambda _: news.put(None))
        while (stage := news.get()) is not None:
            yield show(stage)
    return future.result()
