"""The command ``citespan eval``: run, resume, report, compare, suggest a threshold."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import fields
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from qa.cli.opening import FAILED, OK, open_library, progress, settings_of
from qa.errors import EvaluationError
from qa.evaluation import (
    Conditions,
    Evaluation,
    Latest,
    Outcome,
    QuestionSet,
    Results,
    compare,
    load_results,
    merged_articles,
    outcomes,
    read_set,
    report,
    results_to_json,
    save_latest,
    save_results,
    threshold_for,
)
from qa.evaluation.metrics import holds
from qa.settings import Settings
from qa.types import Answer, Article, GoldQuestion

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.library import Library

__all__ = ["evaluate_files"]


def evaluate_files(options: argparse.Namespace) -> int:
    """Compare two runs, or ask the questions of files and print the figures."""
    if options.compare:
        return _compare(*options.files) if len(options.files) == 2 else _wrong_compare(options)
    from qa.assistant import Assistant

    sets = [
        read_set(path, resolved=options.resolved).drawn(options.limit, options.seed, options.type)
        for path in options.files
    ]
    settings = settings_of(options)
    with ExitStack() as cleanup:
        library = _library(options, sets, settings, cleanup)
        articles = {one.id: one for one in library.articles()}
        if not articles:
            raise EvaluationError(f"{library.path} has no articles; `citespan add` some")
        _warn_of_lost_answers(sets, articles)
        assistant = Assistant(library, settings)
        conditions = _conditions(options, sets, settings, articles, assistant)
        done = _done(options.resume, conditions)
        evaluation = _run(sets, _ask(assistant, options), articles, done)
    results = Results(
        evaluation,
        conditions,
        version("citespan"),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    _tell(options, results, articles)
    if evaluation.complete and evaluation.outcomes and not options.gold_passages:
        save_latest(settings.library, Latest.of(results))
    return OK if evaluation.complete else FAILED


def _wrong_compare(options: argparse.Namespace) -> int:
    raise EvaluationError(f"--compare takes two result files, found {len(options.files)}")


def _compare(first: Path, second: Path) -> int:
    comparison = compare(load_results(first).evaluation, load_results(second).evaluation)
    if not comparison.common:
        raise EvaluationError(f"{first} and {second} have no question in common")
    print(report.comparison_table(comparison))
    for line in report.change_lines(comparison.changes):
        print(line)
    return OK


def _library(
    options: argparse.Namespace,
    sets: list[QuestionSet],
    settings: Settings,
    cleanup: ExitStack,
) -> Library:
    """Open the library named, or make one of what the sets bring and of what lies beside them."""
    from qa.library import Library

    if options.library is not None:
        return open_library(options)
    folder = Path(cleanup.enter_context(TemporaryDirectory(prefix="citespan-")))
    names = ", ".join(path.name for path in options.files)
    library = Library.open(folder, settings=settings, label=f"the articles of {names}")
    folders = dict.fromkeys(one.folder for one in sets if one.folder is not None)
    library.add([*folders, *merged_articles(sets)], on_progress=_adding())
    return library


def _adding() -> Callable[[int, int], None]:
    """Say how many articles are being added, as soon as that is known, and how far it has come."""
    show = progress("articles")

    def tell(done: int, count: int) -> None:
        if done == 1:
            print(f"citespan: adding {count:,} articles", file=sys.stderr, flush=True)
        show(done, count)

    return tell


def _ask(assistant: Assistant, options: argparse.Namespace) -> Callable[[GoldQuestion], Answer]:
    def ask(gold: GoldQuestion) -> Answer:
        gold_only = options.gold_passages and gold.articles
        return assistant.ask(
            gold.question,
            gold.history,
            source=gold.articles if gold_only else options.source,
            since=options.since,
            until=options.until,
        )

    return ask


def _run(
    sets: list[QuestionSet],
    ask: Callable[[GoldQuestion], Answer],
    articles: Mapping[str, Article],
    done: Mapping[str, Outcome],
) -> Evaluation:
    """Ask everything; an interruption keeps what was asked before it."""
    threads = [thread for one in sets for thread in one.threads]
    found: list[Outcome] = []
    try:
        asked = outcomes(threads, ask, articles, done=done, on_progress=progress("questions"))
        for outcome in asked:
            found.append(outcome)  # noqa: PERF402 - one by one, for the interruption
    except KeyboardInterrupt:
        print("\ncitespan: interrupted; what was asked before is kept", file=sys.stderr)
        return Evaluation(tuple(found), complete=False)
    return Evaluation(tuple(found))


def _conditions(
    options: argparse.Namespace,
    sets: list[QuestionSet],
    settings: Settings,
    articles: Mapping[str, Article],
    assistant: Assistant,
) -> Conditions:
    texts = hashlib.sha256()
    for article_id in sorted(articles):
        text = articles[article_id].text.encode("utf-8", "surrogatepass")
        texts.update(f"{article_id} {hashlib.sha256(text).hexdigest()}\n".encode())
    asked = ("gold_passages", "resolved", "limit", "seed", "type", "source", "since", "until")
    found = {name: getattr(options, name) for name in asked}
    return Conditions(
        files=tuple(one.name for one in sets),
        options={
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in found.items()
        },
        settings={
            "passages": settings.passages,
            "confidence": settings.confidence,
            "overlap": settings.overlap,
        },
        library={"articles": len(articles), "sha256": texts.hexdigest()},
        models={
            "embedder": settings.embedder,
            "reader": settings.reader,
            "reader_sha256": assistant.reader.sha256,
        },
    )


def _done(resume: Path | None, conditions: Conditions) -> dict[str, Outcome]:
    """Read the outcomes of an earlier run, which must have asked the same of the same."""
    if resume is None:
        return {}
    earlier = load_results(resume)
    for field in fields(Conditions):
        was, now = getattr(earlier.conditions, field.name), getattr(conditions, field.name)
        if was != now:
            raise EvaluationError(
                f"{resume} cannot be resumed: its {field.name} are {was}, this run's are {now}; "
                "run with the same, or start anew without --resume"
            )
    return {one.gold.id: one for one in earlier.evaluation.outcomes}


def _tell(options: argparse.Namespace, results: Results, articles: Mapping[str, Article]) -> None:
    """Print the figures, and write the files that were asked for."""
    evaluation = results.evaluation
    if options.out is not None:
        save_results(options.out, results)
    if options.report is not None:
        _write_report(options.report, results, articles)
    if options.json:
        print(json.dumps(results_to_json(results), ensure_ascii=False))
    else:
        print(report.type_table(evaluation))
        if options.figures:
            print(f"\n{report.interval_table(evaluation)}")
            print(f"\n{report.figure_table(evaluation)}")
    if options.suggest_threshold:
        _suggest(evaluation, options.precision / 100)


def _write_report(path: Path, results: Results, articles: Mapping[str, Article]) -> None:
    from qa.evaluation.html_report import html_report

    conditions = results.conditions
    about = [
        ("Questions", ", ".join(conditions.files)),
        ("Library", f"{conditions.library['articles']} articles"),
        ("Embedder", conditions.models["embedder"]),
        ("Reader", f"{conditions.models['reader']} {conditions.models['reader_sha256'][:12]}"),
        *((name, str(value)) for name, value in conditions.settings.items() if value is not None),
        *((name, str(value)) for name, value in conditions.options.items() if value),
        ("citespan", results.version),
        ("Created", results.created),
    ]
    text = html_report(
        results.evaluation, articles, title=f"Citespan on {about[0][1]}", about=about
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def _suggest(evaluation: Evaluation, precision: float) -> None:
    """Print the confidence to set, what it answers, and the interval of that."""
    threshold, coverage = threshold_for(evaluation.outcomes, precision)
    if not coverage:
        print(f"\nNo threshold answers with {precision:.0%} precision on these questions.")
        return
    interval = evaluation.coverage_interval(precision)
    between = f" (95% interval {interval.low:.1%} to {interval.high:.1%})" if interval else ""
    print(
        f"\n--confidence {threshold:.3f} answers {coverage:.1%} of all questions{between}, "
        f"{precision:.0%} of them rightly."
    )


def _warn_of_lost_answers(sets: list[QuestionSet], articles: Mapping[str, Article]) -> None:
    """Count the gold answers that their articles do not hold; they can never be found."""
    texts: dict[str, str] = {}
    for article in articles.values():
        name = Path(article.source).name
        texts[name] = f"{texts.get(name, '')}\n{article.text}"
    lost = [
        question.id
        for one in sets
        for question in one.questions
        if question.answerable
        and not any(holds(texts.get(name, ""), question.accepted) for name in question.articles)
    ]
    if lost:
        print(
            f"citespan: {len(lost)} questions have an answer that none of their articles holds: "
            f"{', '.join(lost[:10])}{' …' if len(lost) > 10 else ''}",
            file=sys.stderr,
        )
