"""SQuAD 1.1 and 2.0 files: paragraphs become articles, questions become gold questions.

The format is that of Rajpurkar et al. 2016 and 2018:
``data[].paragraphs[].{context, qas[].{id, question, is_impossible, answers[].{text,
answer_start}}}``; ``plausible_answers`` of an unanswerable question are wrong spans that tempt.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.types import Article, GoldQuestion, Span

__all__ = ["SquadAnswer", "SquadFile", "SquadQuestion", "read_squad"]


@dataclass(frozen=True, slots=True)
class SquadAnswer:
    """An answer as an annotator gave it.

    Args:
        text: Its words.
        start: Where the file says that it starts in its paragraph, in code points; None where it
            does not say.
    """

    text: str
    start: int | None

    def place(self, text: str) -> Span | None:
        """Place it in its paragraph: where the file says, else where its words first stand."""
        if not self.text.strip():
            return None
        if self.start is not None and self.start >= 0 and text.startswith(self.text, self.start):
            return Span(self.start, self.start + len(self.text))
        found = text.find(self.text)
        return Span(found, found + len(self.text)) if found >= 0 else None


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question with the paragraph that it is asked of.

    Args:
        id: Unique within its file.
        question: As asked.
        article: Its paragraph.
        answers: None for an unanswerable question.
        tempting: Wrong answers that a careless reader gives.
    """

    id: str
    question: str
    article: Article
    answers: tuple[SquadAnswer, ...]
    tempting: tuple[SquadAnswer, ...]


@dataclass(frozen=True, slots=True)
class SquadFile:
    """A question set that brings its own articles.

    Args:
        kind: The file's name without its endings.
        articles: One for each different paragraph; their file names are their ids.
        asked: In the file's order.
    """

    kind: str
    articles: tuple[Article, ...]
    asked: tuple[SquadQuestion, ...]

    @property
    def questions(self) -> tuple[GoldQuestion, ...]:
        """List the gold questions; their type is the file's kind."""
        return tuple(
            GoldQuestion(
                id=one.id,
                question=one.question,
                answers=tuple(dict.fromkeys(answer.text for answer in one.answers)),
                articles=(one.article.source,),
                type=self.kind,
            )
            for one in self.asked
        )


def read_squad(path: str | Path) -> SquadFile:
    """Read a SQuAD file, gzipped or not.

    Equal paragraphs become one article, within a file and between files, since an article's id is
    made from its text.

    Raises:
        EvaluationError: If the file cannot be read or has another format; names the question.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        found = json.loads(text)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise EvaluationError(f"the question set {path} cannot be read: {error}") from error
    articles: dict[str, Article] = {}
    questions: dict[str, SquadQuestion] = {}
    last = "the start"
    try:
        for entry in found["data"]:
            for paragraph in entry["paragraphs"]:
                article = _article(entry.get("title", ""), paragraph["context"])
                articles.setdefault(article.id, article)
                for one in paragraph["qas"]:
                    last = f"question {one['id']!r}"
                    question = _question(one, article)
                    questions.setdefault(question.id, question)
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{path} is not in SQuAD's format: {error!r} at or after {last}"
        ) from error
    return SquadFile(path.name.split(".")[0], tuple(articles.values()), tuple(questions.values()))


def _article(title: str, text: str) -> Article:
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Article(id=name, title=title.replace("_", " "), text=text, source=name)


def _question(found: dict[str, Any], article: Article) -> SquadQuestion:
    given = [] if found.get("is_impossible", False) else found["answers"]
    return SquadQuestion(
        id=str(found["id"]),
        question=found["question"],
        article=article,
        answers=tuple(SquadAnswer(one["text"], one.get("answer_start")) for one in given),
        tempting=tuple(
            SquadAnswer(one["text"], one.get("answer_start"))
            for one in found.get("plausible_answers") or ()
        ),
    )
