"""Training files to questions with their right and their tempting spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import CitespanError, TrainingError
from qa.evaluation import articles_beside, read_set
from qa.evaluation.squad import SquadAnswer, SquadQuestion, read_squad
from qa.types import Article, Span

__all__ = ["TrainingQuestion", "TrainingSet", "read_training"]

# JSON can write half of a character, which no database stores and no tokenizer reads.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question, and what of an article answers it.

    Args:
        id: Unique within its set.
        question: As asked.
        article: Id of the article that it is asked of; None where no article answers it.
        answers: Every acceptable span of that article; none for an unanswerable question.
        tempting: Spans that a careless reader gives although they are wrong.
        texts: Every acceptable wording; a passage that holds one is not used as a wrong one.
    """

    id: str
    question: str
    article: str | None
    answers: tuple[Span, ...] = ()
    tempting: tuple[Span, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The questions of a file.

    Args:
        name: The file's name.
        articles: What they are asked of, by id.
        questions: In the file's order.
        faults: One line for each answer that does not stand in its article; such a question is
            left out where no other answer remains.
    """

    name: str
    articles: dict[str, Article]
    questions: tuple[TrainingQuestion, ...]
    faults: tuple[str, ...]


def read_training(path: str | Path) -> TrainingSet:
    """Read a training file: SQuAD's JSON, gzipped or not, or our JSONL beside its articles.

    Raises:
        TrainingError: If it cannot be read, has another format, or holds no question to learn from.
    """
    path = Path(path)
    try:
        found = _squad(path) if path.suffix.lower() in {".json", ".gz"} else _jsonl(path)
    except CitespanError as error:
        raise TrainingError(str(error)) from error
    if not found.questions:
        reason = f": {found.faults[0]} ({len(found.faults)} in all)" if found.faults else ""
        raise TrainingError(f"{path} holds no question to learn from{reason}")
    return found


def _squad(path: Path) -> TrainingSet:
    found = read_squad(path)
    questions: list[TrainingQuestion] = []
    faults: list[str] = []
    for one in found.asked:
        try:
            question = _learnt(one, faults)
        except (AttributeError, TypeError, ValueError) as error:
            raise TrainingError(
                f"{path} is not in SQuAD's format: {error} in question {one.id!r}"
            ) from error
        if question is not None:
            questions.append(question)
    articles = {
        one.id: replace(one, title=_whole(one.title), text=_whole(one.text))
        for one in found.articles
    }
    return TrainingSet(path.name, articles, tuple(questions), tuple(faults))


def _learnt(one: SquadQuestion, faults: list[str]) -> TrainingQuestion | None:
    """Place what a question is answered by; None where none of its answers stands there."""
    answers = _placed(one, one.answers, faults)
    if one.answers and not answers:
        return None
    return TrainingQuestion(
        id=one.id,
        question=_whole(one.question),
        article=one.article.id,
        answers=answers,
        tempting=_placed(one, one.tempting, faults),
        texts=tuple(dict.fromkeys(_whole(answer.text) for answer in one.answers)),
    )


def _placed(
    one: SquadQuestion, answers: Sequence[SquadAnswer], faults: list[str]
) -> tuple[Span, ...]:
    """Place the answers of a question; one that does not stand in its passage is a fault."""
    spans: dict[Span, None] = {}
    for answer in answers:
        span = answer.place(one.article.text)
        if span is None:
            faults.append(f"question {one.id!r}: {answer.text!r} does not stand in its passage")
        else:
            spans[span] = None
    return tuple(spans)


def _jsonl(path: Path) -> TrainingSet:
    found = read_set(path, resolved=True)
    articles = {article.id: article for article in articles_beside(found.folder)}
    by_name: dict[str, list[Article]] = {}
    for article in articles.values():
        by_name.setdefault(Path(article.source).name, []).append(article)
    questions: list[TrainingQuestion] = []
    faults: list[str] = []
    for one in found.questions:
        named = [article for name in one.articles for article in by_name.get(name, [])]
        asked = _whole(one.question)
        given = (*one.answers, *(text for group in one.answer_sets for text in group))
        texts = tuple(_whole(text) for text in given)
        if not texts:
            place = named[0].id if named else None
            questions.append(TrainingQuestion(one.id, asked, place))
            continue
        spans = {article.id: tuple(_occurrences(texts, article.text)) for article in named}
        if not any(spans.values()):
            faults.append(
                f"question {one.id!r}: no answer of it stands in {', '.join(one.articles) or '-'}"
            )
        questions.extend(
            TrainingQuestion(f"{one.id} {key}", asked, key, held, texts=texts)
            for key, held in spans.items()
            if held
        )
    return TrainingSet(path.name, articles, tuple(questions), tuple(faults))


def _occurrences(texts: Sequence[str], text: str) -> Iterator[Span]:
    """Find every place where one of some wordings stands as whole words."""
    for wanted in dict.fromkeys(texts):
        start = text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            before, after = text[start - 1 : start], text[end : end + 1]
            if not (before.isalnum() and wanted[0].isalnum()) and not (
                after.isalnum() and wanted[-1].isalnum()
            ):
                yield Span(start, end)
            start = text.find(wanted, start + 1)


def _whole(text: str) -> str:
    r"""Put U+FFFD for halves of characters, one for one, so that offsets stay.

    >>> _whole("a \ud83d b")
    'a \ufffd b'
    """
    return _HALF.sub("\ufffd", text)
