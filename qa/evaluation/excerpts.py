"""Where a mistake happened: pieces of articles with the predicted and the gold spans marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, starmap
from pathlib import Path

from qa.evaluation.outcome import Outcome
from qa.types import Article, GoldQuestion, Span

__all__ = ["Excerpt", "Piece", "Shelf", "excerpts", "occurrences"]

_MOST_PLACES = 200  # of one answer in one article; "a" stands everywhere
_MOST_GROUPS = 4
_NEAR = 400  # code points in which a place shares words with the question
_LEAD = 40  # code points before a span that is too long to show whole

# Gold articles, each with the places of every expected answer in it.
_Answers = Sequence[tuple[Article, tuple[list[Span], ...]]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is all predicted or not, all gold or not."""

    text: str
    predicted: bool
    gold: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of an article; joined, the pieces are its text at ``span``."""

    article: Article
    span: Span
    pieces: tuple[Piece, ...]

    @property
    def cut_before(self) -> bool:
        """Tell whether the article begins before the excerpt."""
        return bool(self.article.text[: self.span.start].strip())

    @property
    def cut_after(self) -> bool:
        """Tell whether the article goes on after the excerpt."""
        return bool(self.article.text[self.span.end :].strip())


class Shelf:
    """Articles by id, and by the file name that question sets know them by."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self.by_id = articles
        self._answers: dict[GoldQuestion, _Answers] = {}
        self._by_name: dict[str, list[Article]] = {}
        for article in articles.values():
            self._by_name.setdefault(Path(article.source).name, []).append(article)

    def gold(self, gold: GoldQuestion) -> list[Article]:
        """List the articles that support a question's answers, in the question's order."""
        return [one for name in gold.articles for one in self._by_name.get(name, [])]

    def answers(self, gold: GoldQuestion) -> _Answers:
        """Give each gold article with the places of every expected answer in it.

        They are looked for once: a page that comes out too long is written again.
        """
        if gold not in self._answers:
            groups = gold.answer_sets if gold.answer_sets else (gold.answers,)
            self._answers[gold] = [
                (article, tuple(occurrences(article.text, group) for group in groups))
                for article in self.gold(gold)
            ]
        return self._answers[gold]


@dataclass(frozen=True, slots=True)
class _Place:
    article: Article
    span: Span


def excerpts(outcome: Outcome, shelf: Shelf, width: int) -> list[Excerpt]:
    """Cut out what one has to see of a mistake.

    Args:
        outcome: The question, asked.
        shelf: The library.
        width: About how many code points an excerpt may have.

    Returns:
        First the excerpt with the best candidate, where there is one and its article still says
        so; then one for each expected answer, at the place that shares most words with the
        question. What stands in one paragraph is one excerpt. Gold answers are marked wherever
        they stand in the excerpts of gold articles.
    """
    predicted = _predicted(outcome, shelf)
    golds = shelf.answers(outcome.gold)
    wanted = [predicted] if predicted is not None else []
    cores: list[_Place] = []
    for place in [*wanted, *_best_places(outcome.gold.question, golds)]:
        _add(cores, place, width)
    return [_excerpt(core, predicted, golds, width) for core in cores]


def occurrences(text: str, answers: Iterable[str]) -> list[Span]:
    """Find where answers stand: as whole words if they do, in their own case if they do.

    Args:
        text: An article's text.
        answers: What to look for; white space of any kind and length is a space's equal.

    Returns:
        Spans into ``text`` in order, which may overlap; at most 200 of each answer.

    >>> occurrences("The bridge", ["Bridge"])
    [Span(start=4, end=10)]
    >>> occurrences("In 1936, 36 died.", ["36"])
    [Span(start=9, end=11)]
    """
    found = {span for answer in answers for span in _occurrences(text, answer)}
    return sorted(found)


def _occurrences(text: str, answer: str) -> list[Span]:
    pattern = r"\s+".join(re.escape(word) for word in answer.split())
    if not pattern:
        return []
    anywhere: list[Span] = []
    for flags in (re.NOFLAG, re.IGNORECASE):
        spans = [Span(*match.span()) for match in re.finditer(pattern, text, flags)]
        whole = list(islice((one for one in spans if _whole(text, one)), _MOST_PLACES))
        if whole:
            return whole
        anywhere = anywhere or spans[:_MOST_PLACES]
    return anywhere


def _whole(text: str, span: Span) -> bool:
    """Tell whether no word goes on over an end of the span."""
    return not any(
        0 < end < len(text) and _wordly(text[end - 1]) and _wordly(text[end])
        for end in (span.start, span.end)
    )


def _wordly(one: str) -> bool:
    return one.isalnum() or one == "_"


def _predicted(outcome: Outcome, shelf: Shelf) -> _Place | None:
    if not outcome.proposals:
        return None
    citation = outcome.proposals[0].citation
    article = shelf.by_id.get(citation.article_id)
    if article is None or citation.span.of(article.text) != citation.quote:
        return None
    return _Place(article, citation.span)


def _best_places(question: str, golds: _Answers) -> Iterator[_Place]:
    asked = _words(question)
    for group in range(min(_MOST_GROUPS, len(golds[0][1]) if golds else 0)):
        places = [_Place(article, span) for article, spans in golds for span in spans[group]]
        if places:
            yield max(places, key=lambda place: len(asked & _words(_around(place))))


def _around(place: _Place) -> str:
    return _window(place.article.text, place.span, _NEAR).of(place.article.text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _add(cores: list[_Place], place: _Place, width: int) -> None:
    """Add a place, to one of the same paragraph where both fit into one excerpt."""
    for at, core in enumerate(cores):
        if core.article.id != place.article.id:
            continue
        joined = Span(min(core.span.start, place.span.start), max(core.span.end, place.span.end))
        together = _paragraph(place.article.text, place.span).overlaps(core.span)
        if joined == core.span or (together and len(joined) <= 2 * width):
            cores[at] = _Place(core.article, joined)
            return
    cores.append(place)


def _excerpt(
    core: _Place,
    predicted: _Place | None,
    golds: _Answers,
    width: int,
) -> Excerpt:
    article = core.article
    window = _window(article.text, core.span, width)
    given = predicted is not None and predicted.article.id == article.id
    right = [
        span for one, groups in golds if one.id == article.id for spans in groups for span in spans
    ]
    spans = [predicted.span] if predicted is not None and given else []
    return Excerpt(article, window, tuple(_pieces(article.text, window, spans, right)))


def _pieces(
    text: str, window: Span, predicted: Sequence[Span], gold: Sequence[Span]
) -> Iterator[Piece]:
    predicted = [span for span in predicted if span.overlaps(window)]
    gold = [span for span in gold if span.overlaps(window)]
    ends = {end for span in (*predicted, *gold) for end in (span.start, span.end)}
    ends = {window.start, window.end} | {end for end in ends if window.start < end < window.end}
    for kind, run in groupby(
        starmap(Span, pairwise(sorted(ends))),
        key=lambda here: (
            any(span.overlaps(here) for span in predicted),
            any(span.overlaps(here) for span in gold),
        ),
    ):
        parts = list(run)
        yield Piece(Span(parts[0].start, parts[-1].end).of(text), *kind)


def _window(text: str, core: Span, width: int) -> Span:
    """Give the core's paragraph, or so much of it around the core as is allowed."""
    paragraph = _paragraph(text, core)
    if len(paragraph) <= width:
        return paragraph
    if len(core) > 2 * width:
        return Span(max(paragraph.start, core.start - _LEAD), core.start + width)
    room = max(0, width - len(core))
    start = max(paragraph.start, core.start - room // 2)
    end = min(paragraph.end, max(core.end, start + width))
    start = min(core.start, max(paragraph.start, min(start, end - width)))
    if start > paragraph.start:
        start = _next_word(text, start, core.start)
    if end < paragraph.end:
        end = max(core.end, text.rfind(" ", core.end, end))
    return Span(start, end)


def _next_word(text: str, start: int, latest: int) -> int:
    """Go to the next sentence if it begins soon, else to the next word."""
    sentence = re.compile(r"[.!?]\S?\s+(?=\S)").search(text, start, latest)
    if sentence is not None and sentence.end() - start <= (latest - start) // 2:
        return sentence.end()
    space = text.find(" ", start, latest)
    return space + 1 if space >= 0 else start


def _paragraph(text: str, span: Span) -> Span:
    """Give the paragraphs that a span touches, without white space at the ends."""
    start = text.rfind("\n\n", 0, span.start)
    end = text.find("\n\n", span.end)
    start, end = start + 2 if start >= 0 else 0, end if end >= 0 else len(text)
    while start < span.start and text[start].isspace():
        start += 1
    while end > span.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
