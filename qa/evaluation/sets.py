"""A file to a question set, whatever its format; and a part of it, drawn with a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from qa.evaluation.questions import Thread, read_threads
from qa.evaluation.squad import read_squad
from qa.types import Article, GoldQuestion

__all__ = ["QuestionSet", "merged_articles", "read_set"]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Gold questions, and what they are asked of.

    Args:
        name: The file's name.
        threads: In the order of asking; the turns of a thread are asked with the history of it.
        articles: Those that the file brings itself; none where they lie beside it.
        folder: Where its articles lie; None if it brings its own.
    """

    name: str
    threads: tuple[Thread, ...]
    articles: tuple[Article, ...] = ()
    folder: Path | None = None

    @property
    def questions(self) -> tuple[GoldQuestion, ...]:
        """List the questions of all threads."""
        return tuple(question for thread in self.threads for question in thread)

    def drawn(self, limit: int | None, seed: int = 0, kind: str | None = None) -> QuestionSet:
        """Keep a part of the threads, in their order.

        Args:
            limit: Questions at most; a thread that is begun is kept to its end. All when None.
            seed: The same seed draws the same threads.
            kind: Keep only threads with a question of this type.
        """
        threads = [
            thread
            for thread in self.threads
            if kind is None or any(question.type == kind for question in thread)
        ]
        order = list(range(len(threads)))
        random.Random(seed).shuffle(order)  # noqa: S311 - a draw, not a secret
        kept: list[int] = []
        count = 0
        for number in order:
            if limit is not None and count >= limit:
                break
            kept.append(number)
            count += len(threads[number])
        return replace(self, threads=tuple(threads[number] for number in sorted(kept)))


def read_set(path: str | Path, *, resolved: bool = False) -> QuestionSet:
    """Read a question set: our JSONL, dialogues, or SQuAD's JSON, gzipped or not.

    Args:
        path: The file; a name that ends in .json or .gz is taken for SQuAD's.
        resolved: Ask the turns of dialogues in their stand-alone wording, each alone.

    Raises:
        EvaluationError: If it cannot be read or has another format; names the line or the id.
    """
    path = Path(path)
    if path.suffix.lower() in {".json", ".gz"}:
        squad = read_squad(path)
        return QuestionSet(path.name, tuple((one,) for one in squad.questions), squad.articles)
    threads = read_threads(path, resolved=resolved)
    return QuestionSet(path.name, tuple(threads), folder=path.absolute().parent)


def merged_articles(sets: Iterable[QuestionSet]) -> tuple[Article, ...]:
    """Gather the articles that sets bring, equal ones once."""
    return tuple({one.id: one for found in sets for one in found.articles}.values())
