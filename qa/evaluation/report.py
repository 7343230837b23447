"""Evaluations and comparisons as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation.compare import Change, Comparison, Difference
from qa.evaluation.evaluation import Evaluation
from qa.evaluation.figures import FIGURES, FIGURES_BY_NAME, Figure
from qa.evaluation.metrics import Interval

__all__ = [
    "change_lines",
    "comparison_table",
    "figure_table",
    "interval_table",
    "shown",
    "shown_interval",
    "type_table",
]

_TYPE_COLUMNS = (
    ("exact_match", "EM"),
    ("f1", "F1"),
    ("f1_of_best", "F1 best"),
    ("wrongly_declined", "declined"),
    ("declined", "unans. declined"),
    ("groups", "groups"),
    ("recall@1", "R@1"),
    ("recall@5", "R@5"),
    ("recall@10", "R@10"),
    ("citation_precision", "cited right"),
    ("total_p50", "p50 ms"),
    ("total_p95", "p95 ms"),
)
_INTERVAL_COLUMNS = ("f1", "f1_of_best", "declined", "recall@5", "citation_precision")
_DRAWS = 200
_SCALES = {"%": (100, 1), "ms": (1000, 0), "": (1, 3)}


def type_table(evaluation: Evaluation) -> str:
    """Lay out the main figures by type of question and in all.

    Shares are in percent. EM, F1, declined and R@k speak of the answerable questions, "F1 best" of
    the best candidate whether it was given or not, "unans. declined" of the unanswerable ones; a
    dash stands where there is nothing to average.
    """
    parts = [*evaluation.by_type().items(), ("all", evaluation)]
    head = ["type", "n", *(label for _, label in _TYPE_COLUMNS)]
    rows = [
        [
            name,
            str(len(part)),
            *(shown(FIGURES_BY_NAME[key], part.figure(key)) for key, _ in _TYPE_COLUMNS),
        ]
        for name, part in parts
    ]
    return _aligned([head, *rows])


def figure_table(evaluation: Evaluation) -> str:
    """Lay out every figure with its bootstrap 95% interval."""
    rows = [["figure", "value", "95% interval"]]
    for figure in FIGURES:
        value = figure.whole(evaluation.outcomes)
        if value is None:
            continue
        interval = evaluation.interval(figure.name, _DRAWS)
        rows.append([_label(figure), shown(figure, value), shown_interval(figure, interval)])
    return _aligned(rows)


def interval_table(evaluation: Evaluation) -> str:
    """Lay out the shares that matter most by type of question, with bootstrap 95% intervals."""
    labels = dict(_TYPE_COLUMNS)
    rows = [["type", "n", *(labels[name] for name in _INTERVAL_COLUMNS)]]
    for name, part in [*evaluation.by_type().items(), ("all", evaluation)]:
        rows.append(
            [name, str(len(part)), *(_with_interval(part, one) for one in _INTERVAL_COLUMNS)]
        )
    return _aligned(rows)


def _with_interval(part: Evaluation, name: str) -> str:
    figure, value = FIGURES_BY_NAME[name], part.figure(name)
    interval = part.interval(name, _DRAWS) if value is not None else None
    between = f" ({shown_interval(figure, interval)})" if interval is not None else ""
    return shown(figure, value) + between


def comparison_table(comparison: Comparison) -> str:
    """Lay out the figures of two runs and the paired interval, by article, of their difference."""
    rows = [["figure", "first", "second", "difference", "95% interval by article"]]
    rows.extend(_difference_row(one) for one in comparison.differences)
    notes = [
        f"{comparison.common} questions asked in both",
        f"intervals drawn by gold article: {comparison.articles}, each question without one too",
    ]
    if comparison.only_first or comparison.only_second:
        notes.append(
            f"left out: {comparison.only_first} asked only in the first, "
            f"{comparison.only_second} only in the second"
        )
    return "\n".join([_aligned(rows), *notes])


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Say of each question that changed how, one line each: what turned right first."""
    order = {"turned right": 0, "turned wrong": 1, "changed": 2}
    ranked = sorted(changes, key=lambda one: (order[one.verdict], one.first.gold.id))
    return [
        f"{one.verdict}: {one.first.gold.id} {one.first.gold.question!r}: "
        f"{_given(one.first.text)} -> {_given(one.second.text)}"
        for one in ranked
    ]


def shown(figure: Figure, value: float | None) -> str:
    """Write a figure's value as people read it; a dash for none."""
    if value is None:
        return "-"
    scale, digits = _SCALES[figure.unit]
    return f"{value * scale:.{digits}f}"


def shown_interval(figure: Figure, interval: Interval | None) -> str:
    """Write a figure's interval as people read it; an empty text for none."""
    if interval is None:
        return ""
    return f"{shown(figure, interval.low)} to {shown(figure, interval.high)}"


def _difference_row(one: Difference) -> list[str]:
    figure = one.figure
    return [
        _label(figure),
        shown(figure, one.first),
        shown(figure, one.second),
        shown(figure, one.second - one.first),
        shown_interval(figure, one.interval),
    ]


def _label(figure: Figure) -> str:
    unit = f" ({figure.unit})" if figure.unit else ""
    return f"{figure.label}{unit}"


def _given(text: str) -> str:
    return repr(text) if text else "declined"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
