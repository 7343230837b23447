"""An evaluation for people, as a table, and for programs, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa.evaluation.runner import Evaluation, Outcome

__all__ = ["table", "to_json"]

_COLUMNS = (
    ("questions", "n", "{:.0f}", 1),
    ("exact_match", "EM", "{:.1f}", 100),
    ("f1", "F1", "{:.1f}", 100),
    ("wrongly_declined", "declined", "{:.1f}", 100),
    ("declined", "unansw. declined", "{:.1f}", 100),
    ("recall@1", "R@1", "{:.1f}", 100),
    ("recall@5", "R@5", "{:.1f}", 100),
    ("recall@10", "R@10", "{:.1f}", 100),
    ("seconds_p50", "p50 ms", "{:.0f}", 1000),
    ("seconds_p95", "p95 ms", "{:.0f}", 1000),
)


def table(evaluation: Evaluation) -> str:
    """Lay out the figures by type of question and in all; shares in percent.

    EM, F1, declined and R@k speak of the answerable questions, "unansw. declined" of the others; a
    dash stands where there is nothing to average.
    """
    rows = [*evaluation.by_type().items(), ("all", evaluation)]
    cells = [["type", *(head for _, head, _, _ in _COLUMNS)]]
    for name, part in rows:
        figures = part.figures()
        cells.append([name, *(_cell(figures[key], form, by) for key, _, form, by in _COLUMNS)])
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Give the figures, in all and by type, and every question's outcome, ready for ``json``."""
    return {
        "figures": evaluation.figures(),
        "by_type": {name: part.figures() for name, part in evaluation.by_type().items()},
        "questions": [_outcome(one) for one in evaluation.outcomes],
    }


def _cell(value: float | None, form: str, by: float) -> str:
    return "-" if value is None else form.format(value * by)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    answer = outcome.answer
    return {
        "id": outcome.gold.id,
        "type": outcome.gold.type,
        "question": outcome.gold.question,
        "answers": list(outcome.gold.answers),
        "prediction": answer.text,
        "best_guess": answer.text
        if answer.text is not None
        else next((one.text for one in answer.alternatives), None),
        "confidence": answer.confidence,
        "exact_match": outcome.exact_match,
        "f1": outcome.f1,
        "found_at": outcome.found_at,
        "citations": [asdict(one) for one in answer.citations],
        "seconds": outcome.seconds,
        "timings": asdict(answer.timings),
    }
