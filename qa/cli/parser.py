"""The words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qa.cli import articles, asking, evaluating, rechecking, training

__all__ = ["build_parser"]


def build_parser() -> argparse.ArgumentParser:
    """Describe every command with its options."""
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

    add = command("add", articles.add, "Add files and folders, and update what has changed.")
    add.add_argument("sources", nargs="+", metavar="SOURCE")
    _embedder(add)
    ask = command("ask", asking.ask, "Answer one question.")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    _asking(ask)
    _filters(ask)
    chat = command("chat", asking.chat, "Serve the chat page.")
    chat.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    chat.add_argument("--port", type=int, help="first port to try (default: 7860)")
    _asking(chat)
    listing = command("list", articles.list_articles, "List the articles.")
    listing.add_argument("--json", action="store_true", help="print a JSON array")
    remove = command("remove", articles.remove, "Remove articles, or all articles of a folder.")
    remove.add_argument("sources", nargs="+", metavar="SOURCE", help="a path or an id")
    command("verify", articles.verify, "Check that the library holds together.")
    _embedder(command("reindex", articles.reindex, "Chunk and embed all articles anew."))
    check = command("recheck", rechecking.recheck_file, "Check the citations of an exported chat.")
    check.add_argument("file", type=Path, metavar="FILE", help="a conversation exported as JSON")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    _evaluation(command("eval", evaluating.evaluate_files, "Ask gold questions, print figures."))
    _training(command("train", training.train_reader, "Train a reader on question files."))
    return parser


def _training(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        nargs="*",
        metavar="FILE[=SHARE]",
        help="questions: SQuAD's JSON, gzipped or not, or our JSONL; and how much of them",
    )
    command.add_argument(
        "--calibrate-only",
        action="store_true",
        help="fit the confidence of the reader in --out: each FILE is a closed pool of questions",
    )
    command.add_argument(
        "--own",
        action="append",
        metavar="FILE",
        help="for --calibrate-only: questions asked of their own paragraphs; may be repeated",
    )
    command.add_argument("--out", required=True, metavar="FOLDER", help="where the model goes")
    command.add_argument("--start", metavar="NAME", help="the model to go on from")
    command.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
    command.add_argument(
        "--dev", action="append", metavar="FILE", help="SQuAD file to measure on; may be repeated"
    )
    command.add_argument(
        "--dev-limit", type=_count, metavar="N", help="questions of each dev file at most"
    )
    command.add_argument("--questions", type=_count, metavar="N", help="questions at most, of all")
    command.add_argument("--batch", type=_count, metavar="N", help="questions in a step")
    command.add_argument("--rate", type=_positive, metavar="R", help="greatest learning rate")
    command.add_argument("--passages", type=_count, metavar="N", help="passages of a question")
    command.add_argument(
        "--titles", type=_share, metavar="P", help="share shown under their titles"
    )
    command.add_argument("--crops", type=_share, metavar="P", help="share of passages cut short")
    command.add_argument("--swaps", type=_share, metavar="P", help="near misses made by machine")
    command.add_argument("--joint", type=_weight, metavar="W", help="weight of the joint loss")
    command.add_argument("--margin", type=_weight, metavar="W", help="weight of the margin loss")
    command.add_argument("--seed", type=int, metavar="N", help="of every draw")


def _evaluation(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="questions: our JSONL, dialogues, or SQuAD's JSON, gzipped or not",
    )
    command.add_argument(
        "--gold-passages", action="store_true", help="read only the gold articles of each question"
    )
    command.add_argument(
        "--resolved", action="store_true", help="ask turns of dialogues in stand-alone wording"
    )
    command.add_argument("--limit", type=_count, metavar="N", help="questions of each file at most")
    command.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the draw (default: 0)"
    )
    command.add_argument("--type", metavar="TYPE", help="only questions of this type")
    command.add_argument("--figures", action="store_true", help="print all figures, with intervals")
    command.add_argument("--json", action="store_true", help="print figures and answers as JSON")
    command.add_argument("--out", type=Path, metavar="PATH", help="write results, for --compare")
    command.add_argument("--resume", type=Path, metavar="PATH", help="go on from earlier results")
    command.add_argument(
        "--report", type=Path, metavar="PATH", help="write a page with all mistakes"
    )
    command.add_argument(
        "--compare", action="store_true", help="compare two result files instead of asking"
    )
    command.add_argument(
        "--suggest-threshold", action="store_true", help="print the --confidence to set"
    )
    command.add_argument(
        "--precision",
        type=_percent,
        default=90.0,
        metavar="P",
        help="how often answers should be right, in percent (default: 90)",
    )
    _asking(command)
    _filters(command)


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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a day like 2024-03-31, found {text!r}"
        ) from error


def _number(text: str, fits: Callable[[float], bool], wanted: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")  # fits nowhere
    if not fits(value):
        raise argparse.ArgumentTypeError(f"expected {wanted}, found {text!r}")
    return value


def _weight(text: str) -> float:
    return _number(text, lambda value: 0 <= value < float("inf"), "a number from 0")


def _positive(text: str) -> float:
    value = _weight(text)
    if value == 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, found {text!r}")
    return value


def _share(text: str) -> float:
    return _number(text, lambda value: 0 <= value <= 1, "a number from 0 to 1")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def _percent(text: str) -> float:
    return _number(text, lambda value: 0 < value <= 100, "a percentage up to 100")
