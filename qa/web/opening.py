"""The assistant and its conversations, opened behind the page, which is up before them."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from qa import CitespanError
from qa.transcripts import FILE_NAME, Transcripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa import Assistant

__all__ = ["Opening"]

_log = logging.getLogger(__name__)


class Opening:
    """Opens the library and loads the models in a thread, at the first call of any method.

    Args:
        open_assistant: Gives who is asked; may take seconds, and raise CitespanError.
    """

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        self._open = open_assistant
        self._begun = threading.Lock()
        self._assistant: Future[tuple[Assistant, Transcripts]] = Future()
        self._warm = threading.Event()

    def start(self) -> None:
        """Begin, unless that was done."""
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()

    def assistant(self) -> Assistant:
        """Wait for who is asked.

        Raises:
            CitespanError: If the library cannot be opened.
        """
        self.start()
        return self._assistant.result()[0]

    def transcripts(self) -> Transcripts:
        """Wait for the conversations, which are kept in the library's folder.

        Raises:
            CitespanError: If the library or the conversations cannot be opened.
        """
        self.start()
        return self._assistant.result()[1]

    @property
    def is_open(self) -> bool:
        """Tell whether the library is open, or cannot be."""
        return self._assistant.done()

    @property
    def is_warm(self) -> bool:
        """Tell whether the models are loaded, or cannot be."""
        return self._warm.is_set()

    def wait_until_warm(self) -> None:
        """Wait until the models are loaded, or cannot be: then the first question says why."""
        self.start()
        self._warm.wait()

    def _work(self) -> None:
        try:
            self._assistant.set_result(self._opened())
            self._assistant.result()[0].warm()
        except CitespanError as error:  # the page says so to whoever asks
            _log.warning("not ready to answer: %s", error)
            self._fail(error)
        except Exception:  # noqa: BLE001 - a bug of ours must not leave the page waiting; it is logged
            _log.exception("the library could not be opened")
            self._fail(CitespanError("the library could not be opened; the terminal says why"))
        self._warm.set()

    def _fail(self, error: CitespanError) -> None:
        if not self._assistant.done():
            self._assistant.set_exception(error)

    def _opened(self) -> tuple[Assistant, Transcripts]:
        assistant = self._open()
        return assistant, Transcripts.open(Path(assistant.library.path) / FILE_NAME)
