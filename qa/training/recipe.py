"""What a training run is made of, down to the seed: the same recipe gives the same reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from qa.errors import TrainingError

__all__ = ["Recipe", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of questions, and how much of it is learnt from.

    Args:
        path: The file, as it was named.
        share: Questions drawn, as a share of the file's; 2.0 draws each twice.
        sha256: Of the file, in hex.
    """

    path: str
    share: float
    sha256: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``FILE`` or ``FILE=SHARE``.

        Raises:
            TrainingError: If the share is no positive number or the file cannot be read.
        """
        path, sign, share = text, "", ""
        if "=" in text and not Path(text).exists():
            path, sign, share = text.rpartition("=")
        try:
            drawn = float(share) if sign else 1.0
        except ValueError:
            drawn = 0.0
        if not 0 < drawn < float("inf"):
            raise TrainingError(
                f"{text!r}: expected FILE or FILE=SHARE with a share above 0, found {share!r}"
            )
        try:
            with Path(path).open("rb") as file:
                return cls(path, drawn, hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise TrainingError(
                f"the training file {path} cannot be read: {error.strerror}"
            ) from error


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what a run learns.

    Args:
        start: Name or folder of the model to go on from.
        sources: What is learnt from.
        questions: Drawn over all sources at most; all of their shares when None.
        passages: Shown with each question: the right one, and wrong ones that retrieval found.
        titles: Share of the questions whose passages are shown under their titles. The product
            shows them; not every article has one.
        crops: Share of the passages that are cut to a part, so that answers stand anywhere and
            more questions are read in an hour.
        swaps: Near misses made by machine, as a share of the answerable questions.
        batch: Questions in a step.
        rate: The greatest learning rate; it rises to it and then falls to 0 in a line.
        warmup: Share of the steps in which it rises.
        decay: AdamW's weight decay.
        joint: Weight of the loss over all passages of a question together.
        margin: Weight of the loss that sets a known span, right or tempting, against "no answer".
        seed: Of every draw.
    """

    start: str
    sources: tuple[Source, ...]
    questions: int | None = None
    passages: int = 2
    titles: float = 0.5
    crops: float = 0.5
    swaps: float = 0.08
    batch: int = 24
    rate: float = 1e-4
    warmup: float = 0.06
    decay: float = 0.01
    joint: float = 1.0
    margin: float = 0.5
    seed: int = 0

    @property
    def sha256(self) -> str:
        """Identify the recipe; where the files lie is not part of it."""
        found = asdict(self)
        for source in found["sources"]:
            source["path"] = Path(source["path"]).name
        found.pop("start")
        return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Make a recipe of what ``dataclasses.asdict`` gave.

        Raises:
            TypeError: If it is none.
        """
        sources = tuple(Source(**source) for source in found["sources"])
        return cls(**{**found, "sources": sources})
