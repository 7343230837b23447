"""The latest evaluation, in brief: what each threshold answers, and how much of that is right."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from qa.errors import EvaluationError
from qa.evaluation.evaluation import sure_and_right
from qa.evaluation.results import Results

__all__ = ["FILE_NAME", "Latest", "load_latest", "save_latest"]

# What the file is called, in the library's folder.
FILE_NAME = "evaluation.json"


@dataclass(frozen=True, slots=True)
class Latest:
    """What an evaluation says of thresholds.

    Args:
        name: The question files.
        created: When it was made, in ISO format.
        questions: How many were asked.
        coverage: For thresholds of 0 to 99 percent the share of all questions that is answered.
        precision: Likewise the share of right ones among those; None where none is answered.
    """

    name: str
    created: str
    questions: int
    coverage: tuple[float, ...]
    precision: tuple[float | None, ...]

    @classmethod
    def of(cls, results: Results) -> Latest:
        """Compute it from the results of a run."""
        sure, right = sure_and_right(results.evaluation.outcomes)
        answered = [sure >= percent / 100 for percent in range(100)]
        return cls(
            ", ".join(results.conditions.files),
            results.created,
            len(sure),
            tuple(float(np.mean(one)) for one in answered),
            tuple(float(np.mean(right[one])) if one.any() else None for one in answered),
        )


def save_latest(folder: Path, latest: Latest) -> None:
    """Keep it in a library's folder, which is made where there is none.

    Raises:
        EvaluationError: If it cannot be written.
    """
    path = folder / FILE_NAME
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(asdict(latest)), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def load_latest(folder: Path) -> Latest | None:
    """Read what was kept; None where nothing is, or nothing of use."""
    try:
        found = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        shares = {name: tuple(found[name]) for name in ("coverage", "precision")}
        latest = Latest(found["name"], found["created"], found["questions"], **shares)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return latest if len(latest.coverage) == len(latest.precision) == 100 else None
