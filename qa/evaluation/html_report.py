"""An evaluation as one HTML page for people: figures, plots, and every mistake in its article.

The page is one file that asks for nothing else, and says so to the browser (a
Content-Security-Policy that allows its own style sheet and script by their hashes). What articles
and questions say goes into it through Jinja's autoescaping and nowhere else; the SVG of the plots
is :mod:`qa.evaluation.svg`'s.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from qa.evaluation import plots
from qa.evaluation.evaluation import Evaluation, kind_of_error
from qa.evaluation.excerpts import Shelf
from qa.evaluation.figures import FIGURES_BY_NAME, Figure
from qa.evaluation.mistakes import KINDS, mistake_facts
from qa.evaluation.report import shown, shown_interval
from qa.types import Article

__all__ = ["html_report", "show"]

_LARGEST = 5_000_000  # bytes; beyond, excerpts get shorter
_WIDTHS = (400, 240, 120)  # code points of an excerpt, about

_KEY = ("f1", "precision", "declined", "recall@5", "coverage@90", "exact_quotes", "total_p50")
_GROUPS = {
    "Answers": ("exact_match", "f1", "f1_of_best", "squad_exact", "squad_f1", "groups"),
    "Declining": (
        "wrongly_declined",
        "declined",
        "precision",
        "answerable_auroc",
        "squad_best_f1",
    ),
    "Retrieval": ("recall@1", "recall@5", "recall@10", "recall@20", "mrr"),
    "Citations": ("citation_precision", "exact_quotes"),
    "Confidence": ("auroc", "coverage@80", "coverage@90", "ece", "ece_perfect", "brier"),
}
_STAGE = re.compile(r"\w+_p\d+")
_BY_TYPE = {
    "exact_match": "EM",
    "f1": "F1",
    "wrongly_declined": "answerable declined",
    "declined": "unanswerable declined",
    "precision": "answered right",
    "citation_precision": "citation precision",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@20": "R@20",
    "mrr": "MRR",
    "total_p50": "p50",
}
_CAPTIONS = {
    "Reliability": "Up to ten bins of equal size. On the dashed line, a confidence of 70% is right "
    "70% of the time. ECE {ece}; a perfect predictor shows {ece_perfect} with these questions.",
    "Risk and coverage": "Answering the surest questions first. {coverage@80} of all questions can "
    "be answered at 80% precision, {coverage@90} at 90% (dashed lines).",
    "Recall@k": "Answerable questions with the answer in one of the first k passages; 95% "
    "intervals. MRR {mrr}.",
    "Latency": "Time to answer: at most {total_p50} for half of the questions, at most {total_p95} "
    "for 95% of them.",
    "F1 by type": "Answerable questions only, a declined one counting 0; 95% intervals.",
}
_UNITS = {"%": "%", "ms": " ms", "": ""}

# HTML cannot hold these as they are; each becomes one replacement character.
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def html_report(
    evaluation: Evaluation,
    articles: Mapping[str, Article],
    *,
    title: str,
    about: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the report.

    Args:
        evaluation: What was measured.
        articles: The library's articles by id.
        title: The page's heading.
        about: What a reader needs to judge the figures, as (name, value): question file, library,
            models, settings, version, date.

    Returns:
        The whole file, to be written as UTF-8.
    """
    style, script = _asset("report.css"), _asset("report.js")
    facts = {
        "title": title,
        "about": about,
        "style": style,
        "script": script,
        "policy": _policy(style, script),
        **_facts(evaluation),
    }
    mistakes, shelf, page = evaluation.mistakes(), Shelf(articles), ""
    for width in _WIDTHS:
        page = _template().render(**facts, mistakes=mistake_facts(mistakes, shelf, width))
        page = _UNFIT.sub("\ufffd", page)
        if len(page.encode()) <= _LARGEST:
            break
    return page


def show(figure: Figure, value: float | None) -> str:
    """Write a figure's value as people read it; a dash for None.

    >>> show(FIGURES_BY_NAME["f1"], 0.71249), show(FIGURES_BY_NAME["total_p50"], 0.1234)
    ('71.2%', '123 ms')
    """
    return "–" if value is None else f"{shown(figure, value)}{_UNITS[figure.unit]}"


def _facts(evaluation: Evaluation) -> dict[str, Any]:
    """Gather all that the page says of the whole."""
    values = evaluation.figures()
    intervals = {
        name: evaluation.interval(name, plots.DRAWS)
        for name, value in values.items()
        if value is not None
    }
    rows = {
        name: {
            "name": name,
            "label": FIGURES_BY_NAME[name].label,
            "value": show(FIGURES_BY_NAME[name], value),
            "interval": shown_interval(FIGURES_BY_NAME[name], intervals.get(name)),
        }
        for name, value in values.items()
    }
    mistakes = evaluation.mistakes()
    types = Counter(one.gold.type for one in mistakes)
    kinds = Counter(map(kind_of_error, mistakes))
    return {
        "count": len(evaluation),
        "answerable": sum(one.gold.answerable for one in evaluation.outcomes),
        "complete": evaluation.complete,
        "key": [rows[name] for name in _KEY if values.get(name) is not None],
        "groups": _groups(rows),
        "stages": _stages(rows),
        "by_type": _by_type(evaluation),
        "columns": list(_BY_TYPE.values()),
        "plots": _plots(evaluation, values),
        "types": sorted(types.items()),
        "kinds": [(kind, meaning, kinds[kind]) for kind, meaning in KINDS.items()],
    }


def _groups(rows: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[Mapping[str, str]]]]:
    placed = {name for names in _GROUPS.values() for name in names}
    others = tuple(name for name in rows if name not in placed and not _STAGE.fullmatch(name))
    groups = {**_GROUPS, "Others": others}
    listed = [
        (group, [rows[one] for one in names if one in rows]) for group, names in groups.items()
    ]
    return [(group, found) for group, found in listed if found]


def _stages(
    rows: Mapping[str, Mapping[str, str]],
) -> dict[str, dict[str, Mapping[str, str]]]:
    """Arrange the times by stage and percentile."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for name, row in rows.items():
        if _STAGE.fullmatch(name):
            stage, _, percent = name.rpartition("_")
            found.setdefault(stage, {})[percent] = row
    return found


def _by_type(evaluation: Evaluation) -> list[dict[str, Any]]:
    parts = [*evaluation.by_type().items(), ("all", evaluation)]
    return [
        {
            "name": name,
            "count": len(part),
            "mistakes": len(part.mistakes()),
            "cells": [show(FIGURES_BY_NAME[one], part.figure(one)) for one in _BY_TYPE],
        }
        for name, part in parts
    ]


def _plots(
    evaluation: Evaluation, values: Mapping[str, float | None]
) -> list[tuple[str, str, str]]:
    """Draw the plots: (title, SVG or an empty text, what to see in it)."""
    said = {name: show(FIGURES_BY_NAME[name], value) for name, value in values.items()}
    drawn = {
        "Reliability": plots.reliability,
        "Risk and coverage": plots.risk_coverage,
        "Recall@k": plots.recall_at_k,
        "Latency": plots.latency,
        "F1 by type": plots.f1_by_type,
    }
    return [
        (name, draw(evaluation), _CAPTIONS[name].format(**said)) for name, draw in drawn.items()
    ]


@cache
def _template() -> Any:
    """Read the page's template once; parsing it takes longer than filling in a short report."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("report.html"))


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
