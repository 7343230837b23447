"""The command ``citespan``. Every heavy import happens inside the command that needs it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from qa.errors import CitespanError, EvaluationError, LibraryError
from qa.settings import Settings
from qa.types import Answer, GoldQuestion

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.library import Library

__all__ = ["main"]

OK, FAILED, USAGE, SOME_FAILED = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What stands after ``citespan``; the process's own when None.

    Returns:
        0 when it worked (declining is an answer), 1 when it failed, 2 for wrong usage, 3 when some
        sources failed.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CitespanError as error:
        print(f"citespan: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("citespan: interrupted; what was done before is kept", file=sys.stderr)
        return FAILED


def _add(options: argparse.Namespace) -> int:
    from qa.library import Library

    settings = _settings(options)
    with Library.open(settings.library, settings=settings) as library:
        report = library.add(options.sources, on_progress=_progress("files"))
    counts = ", ".join(
        f"{len(getattr(report, name))} {name}"
        for name in ("added", "updated", "unchanged", "skipped", "failed")
    )
    print(f"{counts} in {settings.library}")
    for source, reason in report.failed:
        print(f"failed: {reason if source in reason else f'{source}: {reason}'}", file=sys.stderr)
    return SOME_FAILED if report.failed else OK


def _ask(options: argparse.Namespace) -> int:
    assistant = _assistant(options)
    answer = assistant.ask(
        options.question,
        source=options.source,
        since=options.since,
        until=options.until,
    )
    if options.json:
        print(json.dumps(asdict(answer), default=str, ensure_ascii=False))
        return OK
    _print_answer(answer, assistant)
    return OK


def _print_answer(answer: Answer, assistant: Assistant) -> None:
    library = assistant.answering_from
    if answer.text is None:
        print("Not in your articles.")
        if answer.unknown_terms:
            print(f"Nothing there mentions: {', '.join(answer.unknown_terms)}")
        for hit in answer.hits[:3]:
            title = library.article(hit.chunk.article_id).title
            print(f"  nearest: {title}: {_shortened(hit.chunk.text)}")
    else:
        print(f"{answer.text}  ({answer.confidence:.0%} sure)")
    for number, citation in enumerate(answer.citations, start=1):
        text = library.article(citation.article_id).text
        details = [citation.title, citation.outlet, str(citation.published or "")]
        print(f'[{number}] "{_shortened(citation.sentence.of(text), 400)}"')
        print(f"    {', '.join(part for part in details if part)}")
        print(f"    {citation.source}, {citation.span.start}:{citation.span.end}")
    print(f"({library.label}, {answer.timings.total:.2f} s)")


def _chat(options: argparse.Namespace) -> int:
    from qa.assistant import Assistant
    from qa.web import serve

    settings = _settings(options)
    serve(Assistant.default(settings), settings.host, settings.port)
    return OK


def _list(options: argparse.Namespace) -> int:
    with _library(options) as library:
        articles = [
            {
                "id": article.id,
                "title": article.title,
                "outlet": article.outlet,
                "published": article.published,
                "author": article.author,
                "source": article.source,
                "characters": len(article.text),
            }
            for article in library.articles()
        ]
    if options.json:
        print(json.dumps(articles, default=str, ensure_ascii=False))
        return OK
    for one in articles:
        print(f"{one['id']}  {one['published'] or '----------'}  {one['title']}  ({one['source']})")
    print(f"{len(articles)} articles in {library.label}")
    return OK


def _remove(options: argparse.Namespace) -> int:
    with _library(options) as library:
        report = library.remove(options.sources)
    for source in report.removed:
        print(f"removed {source}")
    for name in report.missing:
        print(f"citespan: no article is called {name}; see `citespan list`", file=sys.stderr)
    return SOME_FAILED if report.missing else OK


def _verify(options: argparse.Namespace) -> int:
    with _library(options) as library:
        report = library.verify()
    for problem in report.problems:
        print(problem)
    found = f"{len(report.problems)} problems" if report.problems else "sound"
    print(f"{library.path}: {report.articles} articles, {report.chunks} chunks, {found}")
    return FAILED if report.problems else OK


def _reindex(options: argparse.Namespace) -> int:
    from qa.library import Library

    settings = _settings(options)
    path = settings.library
    with Library.open(path, settings=settings, create=False, matching=False) as library:
        count = library.reindex(on_progress=_progress("articles"))
    print(f"{count} articles indexed anew in {path}")
    return OK


def _eval(options: argparse.Namespace) -> int:
    from qa.assistant import Assistant
    from qa.evaluation import evaluate, table, to_json

    with ExitStack() as cleanup:
        library = _eval_library(options, cleanup)
        if not len(library):
            raise EvaluationError(
                f"the library {library.path} has no articles; `citespan add` some"
            )
        articles = {one.id: one for one in library.articles()}
        assistant = Assistant(library, _settings(options))
        evaluation = evaluate(
            options.file,
            _eval_ask(assistant, options),
            articles={key: Path(one.source).name for key, one in articles.items()},
            on_progress=_progress("questions"),
        )
    if options.json:
        print(json.dumps(to_json(evaluation), default=str, ensure_ascii=False))
    else:
        print(table(evaluation))
    return OK


def _eval_library(options: argparse.Namespace, cleanup: ExitStack) -> Library:
    """Open the library named, or make one of the articles beside the questions."""
    from qa.library import Library

    settings = _settings(options)
    if options.library is not None:
        return _library(options)
    if not options.file.is_file():
        raise EvaluationError(f"there is no question set {options.file}; give a file of JSON lines")
    folder = Path(cleanup.enter_context(TemporaryDirectory(prefix="citespan-")))
    library = Library.open(folder, settings=settings, label=str(options.file.parent))
    library.add([options.file.parent], on_progress=_progress("files"))
    return library


def _eval_ask(
    assistant: Assistant, options: argparse.Namespace
) -> Callable[[GoldQuestion], Answer]:
    def ask(gold: GoldQuestion) -> Answer:
        source = gold.articles if options.gold_passages and gold.articles else options.source
        return assistant.ask(gold.question, source=source, since=options.since, until=options.until)

    return ask


def _settings(options: argparse.Namespace) -> Settings:
    names = ("library", "embedder", "reader", "passages", "confidence", "host", "port")
    return Settings.load(**{name: getattr(options, name, None) for name in names})


def _library(options: argparse.Namespace) -> Library:
    from qa.library import Library

    settings = _settings(options)
    return Library.open(settings.library, settings=settings, create=False)


def _assistant(options: argparse.Namespace) -> Assistant:
    """Ask the library named; the default one may be empty, and then the samples answer."""
    from qa.assistant import Assistant

    settings = _settings(options)
    if options.library is None:
        return Assistant.default(settings)
    library = _library(options)
    if not len(library):
        raise LibraryError(
            f"the library {library.path} has no articles; add some with "
            f"`citespan add FOLDER --library {library.path}`"
        )
    return Assistant(library, settings)


def _progress(what: str) -> Callable[[int, int], None] | None:
    """Show progress on one line of a terminal; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, count: int) -> None:
        print(f"\r{done}/{count} {what}", end="\n" if done == count else "", file=sys.stderr)

    return show


def _shortened(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a day like 2024-03-31, found {text!r}"
        ) from error


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, found {text!r}")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to 100, found {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="citespan",
        description="Ask your articles a question and get the exact span, cited, or an honest no.",
    )
    parser.add_argument("--version", action="version", version=f"citespan {version('citespan')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_text: str) -> Any:
        one = commands.add_parser(name, help=help_text, description=help_text)
        one.set_defaults(run=run)
        one.add_argument(
            "--library",
            type=Path,
            metavar="PATH",
            help="the library's folder (default: $CITESPAN_LIBRARY, else the user's data folder)",
        )
        return one

    add = command("add", _add, "Add files and folders, and update what has changed.")
    add.add_argument("sources", nargs="+", metavar="SOURCE")
    _embedder(add)
    ask = command("ask", _ask, "Answer one question.")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    _asking(ask)
    _filters(ask)
    chat = command("chat", _chat, "Serve the chat page.")
    chat.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    chat.add_argument("--port", type=int, help="first port to try (default: 7860)")
    _asking(chat)
    listing = command("list", _list, "List the articles.")
    listing.add_argument("--json", action="store_true", help="print a JSON array")
    remove = command("remove", _remove, "Remove articles, or all articles of a folder.")
    remove.add_argument("sources", nargs="+", metavar="SOURCE", help="a path or an id")
    command("verify", _verify, "Check that the library holds together.")
    _embedder(command("reindex", _reindex, "Chunk and embed all articles anew."))
    evaluation = command("eval", _eval, "Ask a set of gold questions and print the figures.")
    evaluation.add_argument("file", type=Path, metavar="FILE", help="questions, one JSON a line")
    evaluation.add_argument(
        "--gold-passages", action="store_true", help="read only the gold articles of each question"
    )
    evaluation.add_argument("--json", action="store_true", help="print figures and answers as JSON")
    _asking(evaluation)
    _filters(evaluation)
    return parser


def _embedder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--embedder", metavar="NAME", help="sentence-transformers name or folder")


def _asking(command: argparse.ArgumentParser) -> None:
    _embedder(command)
    command.add_argument("--reader", metavar="NAME", help="extractive QA model's name or folder")
    command.add_argument("--passages", type=_count, metavar="N", help="chunks read per question")
    command.add_argument(
        "--confidence", type=_share, metavar="P", help="answer only when so sure, 0 to 1"
    )


def _filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--source", metavar="S", help="only this file, folder, URL or outlet")
    command.add_argument("--since", type=_day, metavar="DAY", help="published on DAY or later")
    command.add_argument("--until", type=_day, metavar="DAY", help="published on DAY or earlier")
