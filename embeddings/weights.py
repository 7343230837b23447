"""Tell model weights apart, and refuse those that are not the published ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

from embeddings.errors import ModelLoadError

__all__ = ["check_weights", "sha256_of"]


def sha256_of(path: Path) -> str:
    """Hash a file, in hex.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_weights(path: Path, sha256: str, remedy: str) -> None:
    """Refuse a weights file that is not the published one.

    Args:
        path: The file.
        sha256: What it must hash to, in hex.
        remedy: What to do otherwise, for the message.

    Raises:
        ModelLoadError: If the file is missing or hashes to something else.
    """
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ModelLoadError(
            f"the weights {path} cannot be read ({error.strerror}); {remedy}"
        ) from error
    if found != sha256:
        raise ModelLoadError(
            f"the weights {path} are damaged: expected sha256 {sha256}, found {found}; {remedy}"
        )
