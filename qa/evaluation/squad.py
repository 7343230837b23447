"""SQuAD 1.1 and 2.0 files: paragraphs become articles, questions become gold questions.

The format is that of Rajpurkar et al. 2016 and 2018:
``data[].paragraphs[].{context, qas[].{id, question, is_impossible, answers[].text}}``.
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
from qa.types import Article, GoldQuestion

__all__ = ["SquadFile", "read_squad"]


@dataclass(frozen=True, slots=True)
class SquadFile:
    """A question set that brings its own articles.

    Args:
        articles: One for each different paragraph; their file names are their ids.
        questions: In the file's order; their type is the file's name.
    """

    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


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
    kind = path.name.split(".")[0]
    articles: dict[str, Article] = {}
    questions: dict[str, GoldQuestion] = {}
    last = "the start"
    try:
        for entry in found["data"]:
            for paragraph in entry["paragraphs"]:
                article = _article(entry.get("title", ""), paragraph["context"])
                articles.setdefault(article.id, article)
                for one in paragraph["qas"]:
                    last = f"question {one['id']!r}"
                    question = _question(one, article, kind)
                    questions.setdefault(question.id, question)
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{path} is not in SQuAD's format: {error!r} at or after {last}"
        ) from error
    return SquadFile(tuple(articles.values()), tuple(questions.values()))


def _article(title: str, text: str) -> Article:
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Article(id=name, title=title.replace("_", " "), text=text, source=name)


def _question(found: dict[str, Any], article: Article, kind: str) -> GoldQuestion:
    unanswerable = found.get("is_impossible", False)
    answers = () if unanswerable else tuple(dict.fromkeys(one["text"] for one in found["answers"]))
    return GoldQuestion(
        id=str(found["id"]),
        question=found["question"],
        answers=answers,
        articles=(article.source,),
        type=kind,
    )
