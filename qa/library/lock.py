"""One writer at a time, known by name to whoever has to wait."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qa.errors import LibraryLockedError

__all__ = ["writer_lock"]

_LOCK = "writer.lock"
_OWNER = "writer.json"


@contextmanager
def writer_lock(folder: Path, purpose: str) -> Iterator[None]:
    """Hold the right to write to a library.

    The lock belongs to the process: the system drops it when the process ends, however it ends.

    Args:
        folder: The library's folder.
        purpose: What the lock is held for, told to others.

    Raises:
        LibraryLockedError: If somebody else holds it; names the process.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK, timeout=0, is_singleton=False, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryLockedError(
            f"the library {folder} is being written to by {_owner(folder)}; "
            "try again when it is done"
        ) from error
    try:
        owner = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "purpose": purpose,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (folder / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
        yield
    finally:
        (folder / _OWNER).unlink(missing_ok=True)
        lock.release()


def _owner(folder: Path) -> str:
    try:
        owner = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
        process = f"process {owner['pid']} on {owner['host']}"
        return f"{process} ({owner['purpose']}, since {owner['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"
