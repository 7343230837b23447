"""The vector index as a file: derived from the rows, immutable, numbered, never half written."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings import FaissIndex, VectorIndexError

__all__ = ["Snapshot", "discard_others", "read_snapshot", "strays", "write_snapshot"]

_FOLDER = "snapshots"
_TEMPORARY = ".tmp"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the manifest says of the current snapshot.

    Args:
        file: Its name.
        size: Its length in bytes.
        sha256: Its hash, in hex.
        last_row: The highest number of a chunk in it; higher ones are searched beside it.
    """

    file: str
    size: int
    sha256: str
    last_row: int

    def to_json(self) -> str:
        """Give the manifest's entry."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Snapshot | None:
        """Read the manifest's entry; None for an empty one."""
        return cls(**json.loads(text)) if text else None


def write_snapshot(library: Path, number: int, index: FaissIndex, last_row: int) -> Snapshot:
    """Write an index to a new file of the library's folder.

    The bytes are on the disk under their final name when this returns: written to a temporary
    file, synced, renamed, and the folder synced.
    """
    folder = library / _FOLDER
    folder.mkdir(exist_ok=True)
    data = index.to_bytes()
    target = folder / f"vectors-{number:08d}.faiss"
    temporary = target.with_suffix(_TEMPORARY)
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
    _sync_folder(folder)
    return Snapshot(target.name, len(data), hashlib.sha256(data).hexdigest(), last_row)


def read_snapshot(library: Path, snapshot: Snapshot, dimension: int) -> FaissIndex:
    """Read a snapshot back.

    FAISS notices no flipped bit and crashes on a crafted file, so the hash is checked before it
    sees a byte.

    Raises:
        VectorIndexError: If the file is missing, has another size or hash, or is of another
            dimension.
    """
    path = library / _FOLDER / snapshot.file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VectorIndexError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) != snapshot.size or hashlib.sha256(data).hexdigest() != snapshot.sha256:
        raise VectorIndexError(f"{path} is not what was written")
    index = FaissIndex.from_bytes(data)
    if index.dimension != dimension:
        raise VectorIndexError(f"{path} has dimension {index.dimension}, expected {dimension}")
    return index


def strays(library: Path) -> list[Path]:
    """List the temporary files that a crash left behind, or that a writer is writing."""
    return list((library / _FOLDER).glob(f"*{_TEMPORARY}"))


def discard_others(library: Path, kept: str) -> None:
    """Delete old snapshots and stray temporary files; only a writer may."""
    for path in (library / _FOLDER).glob("vectors-*"):
        if path.name != kept:
            path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows syncs no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
