"""An evaluation on disk: every outcome, and all that must be known to compare it with another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.evaluation.evaluation import Evaluation
from qa.evaluation.outcome import outcome_from_json, outcome_to_json

__all__ = ["FORMAT", "Conditions", "Results", "load_results", "results_to_json", "save_results"]

# The version of the file. Another one is refused.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an evaluation was run with. Two runs with the same conditions ask the same.

    Args:
        files: Names of the question files.
        options: Which of their questions, and how they were asked.
        settings: The settings that bear on an answer.
        library: The hash of the library's articles, with their number.
        models: Name and hash of embedder and reader.
    """

    files: tuple[str, ...]
    options: dict[str, Any]
    settings: dict[str, Any]
    library: dict[str, Any]
    models: dict[str, str]


@dataclass(frozen=True, slots=True)
class Results:
    """An evaluation with what it was run with.

    Args:
        evaluation: The outcomes.
        conditions: What they were made with.
        version: Of citespan.
        created: When, in ISO format.
    """

    evaluation: Evaluation
    conditions: Conditions
    version: str
    created: str
    format: int = field(default=FORMAT)


def results_to_json(results: Results) -> dict[str, Any]:
    """Turn results into what ``json`` can write: figures in all and by type, and every outcome."""
    evaluation = results.evaluation
    return {
        "format": results.format,
        "version": results.version,
        "created": results.created,
        "complete": evaluation.complete,
        "conditions": asdict(results.conditions),
        "figures": evaluation.figures(),
        "by_type": {name: part.figures() for name, part in evaluation.by_type().items()},
        "questions": [outcome_to_json(one) for one in evaluation.outcomes],
    }


def save_results(path: Path, results: Results) -> None:
    """Write results whole or not at all.

    Raises:
        EvaluationError: If the file cannot be written.
    """
    content = results_to_json(results)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def load_results(path: Path) -> Results:
    """Read results.

    Raises:
        EvaluationError: If the file cannot be read, is of another kind or of another version.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"the results {path} cannot be read: {error}") from error
    version = found.get("format") if isinstance(found, dict) else None
    if version != FORMAT:
        raise EvaluationError(
            f"{path} is no result file of format {FORMAT} (found {version!r}); run "
            "`citespan eval FILE --out RESULTS` again with this version"
        )
    try:
        conditions = {**found["conditions"], "files": tuple(found["conditions"]["files"])}
        evaluation = Evaluation(
            tuple(outcome_from_json(one) for one in found["questions"]), found["complete"]
        )
        return Results(evaluation, Conditions(**conditions), found["version"], found["created"])
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"the results {path} are damaged: {error!r}") from error
