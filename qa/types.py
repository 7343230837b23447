"""The frozen values that travel between the rooms of Citespan.

One word per idea: an *article* is whole, a *chunk* is a stored piece of it, a *passage* is a chunk
as text given to the reader, a *hit* is a retrieved chunk, a *candidate* is a span that the reader
proposes, a *citation* is a span that stands behind an answer, and a *quote* is its text.

All offsets are code points into ``Article.text``, half-open, unless a docstring says otherwise. A
``score`` is a raw number, higher is better; a ``confidence`` is a calibrated probability in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

__all__ = [
    "Alternative",
    "Answer",
    "Article",
    "Candidate",
    "Chunk",
    "Citation",
    "GoldQuestion",
    "Hit",
    "Passage",
    "Reply",
    "ReplyKind",
    "Span",
    "Timings",
]

ReplyKind = Literal[
    "greeting",
    "thanks",
    "help",
    "library",
    "summary",
    "yes_no",
    "several",
    "language",
    "latest",
    "question",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points.

    Args:
        start: The first code point of the span, counted from 0.
        end: One past its last code point.

    Raises:
        ValueError: Unless ``0 <= start < end``.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share a code point.

        >>> Span(0, 4).overlaps(Span(3, 5)), Span(0, 4).overlaps(Span(4, 5))
        (True, False)
        """
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Tell whether all of the other span lies in this one.

        >>> Span(0, 4).contains(Span(2, 4)), Span(0, 4).contains(Span(2, 5))
        (True, False)
        """
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Span:
        """Move both ends by the same number of code points.

        >>> Span(0, 4).shifted(10)
        Span(start=10, end=14)
        """
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Cut the span out of the text that it counts in.

        >>> Span(4, 8).of("was 2018.")
        '2018'
        """
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """A whole article: its text, fixed at load, and what is known of it.

    ``text`` is the decoded source without a byte-order mark, with CRLF and CR turned into LF and
    lone surrogates into U+FFFD; every offset in the project counts code points of it.

    Args:
        id: Stable for the same source.
        title: The headline.
        text: The text that spans are cut from.
        source: The absolute path or the URL that it was read from.
        published: The day of publication, or None where the source does not say.
        author: The byline, or an empty string.
        outlet: The paper, site or agency, or an empty string.
        pages: Where each page starts, into ``text``; empty for sources without pages.
    """

    id: str
    title: str
    text: str
    source: str
    published: date | None = None
    author: str = ""
    outlet: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored piece of an article: ``article.text[span.start:span.end] == text``."""

    article_id: str
    span: Span
    text: str

    @property
    def id(self) -> str:
        """Name the chunk: ``article_id:start-end``.

        >>> Chunk("a1", Span(10, 14), "2018").id
        'a1:10-14'
        """
        return f"{self.article_id}:{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk.

    Higher ``score`` is better; ``rank`` counts from 1; ties are in the order of chunk ids.
    """

    chunk: Chunk
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What the reader gets: a hit, and the title of the article that it comes from."""

    hit: Hit
    title: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that the reader proposes as an answer.

    Args:
        hit: Where the reader found it.
        span: Into ``Article.text`` (not into the chunk), inside ``hit.chunk.span``.
        text: The article's text at ``span``.
        score: Start logit plus end logit, not normalised per passage, so that spans of different
            passages compare.
        null_score: The same sum for "no answer here", of the window that the span was read in.
    """

    hit: Hit
    span: Span
    text: str
    score: float
    null_score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A span that stands behind an answer: ``article.text[span.start:span.end] == quote``.

    Args:
        article_id: The article that holds it.
        title: That article's headline.
        source: The path or URL that the article was read from.
        outlet: Its paper, site or agency, or an empty string.
        published: Its day of publication, or None.
        span: The quote, into ``Article.text``.
        quote: The article's text at ``span``, verbatim.
        sentence: The sentence or sentences around ``span``, into ``Article.text``.
        page: The page that the quote starts on, from 1, or None for sources without pages.
    """

    article_id: str
    title: str
    source: str
    outlet: str
    published: date | None
    span: Span
    quote: str
    sentence: Span
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A runner-up answer; its text is the quote of its first citation, as an answer's is."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Where an answer's time went, in seconds."""

    retrieve: float = 0.0
    read: float = 0.0
    decide: float = 0.0

    @property
    def total(self) -> float:
        """Add up the stages, in seconds.

        >>> Timings(retrieve=0.25, read=0.5, decide=0.25).total
        1.0
        """
        return self.retrieve + self.read + self.decide


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. Declining is an answer too.

    ``text`` is the quote of the first citation; it is None exactly when there are no citations,
    which is how Citespan says "not in your articles".

    Args:
        question: As it was asked.
        resolved: As it was searched; equal to ``question`` where nothing had to be resolved.
        text: The quoted answer, or None when declining.
        confidence: The probability that the best candidate is right. When declining, that candidate
            is ``alternatives[0]``; where nothing was retrieved there is none and the confidence is
            0.0.
        calibrated: Whether ``confidence`` comes from a curve that was fitted for this reader.
        citations: Every place that says so, best first.
        alternatives: The runners-up, best first.
        hits: What was found, best first; the first ones were read, as many as the settings say.
        unknown_terms: Names, numbers and rare words of the question that no article holds, in the
            question's order.
        timings: Where the time went.
        margin: The best span's score minus its passage's null score, of the best candidate, a raw
            number; None where nothing was retrieved.
    """

    question: str
    resolved: str
    text: str | None
    confidence: float
    calibrated: bool
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    hits: tuple[Hit, ...] = ()
    unknown_terms: tuple[str, ...] = ()
    timings: Timings = field(default=Timings(), compare=False)
    margin: float | None = None

    def __post_init__(self) -> None:
        quoted = self.citations[0].quote if self.citations else None
        if self.text != quoted:
            raise ValueError(
                f"an answer's text is its first quote, got {self.text!r} for {quoted!r}"
            )

    def __str__(self) -> str:
        if self.text is None:
            return "Not in your articles."
        first = self.citations[0]
        place = ", ".join(
            part for part in (first.title, first.outlet, f"{first.published or ''}") if part
        )
        return f"{self.text} ({place})"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the chat shows for a message.

    ``text`` is ours and never shown as a quote; "question" has one answer.
    """

    kind: ReplyKind
    text: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its accepted answers.

    Args:
        id: Unique in its set.
        question: As asked.
        answers: Alternatives, any one will do; empty, with no ``answer_sets``, for an unanswerable
            question.
        articles: File names of the articles that support the answers.
        type: The kind of question, for tables by type.
        answer_sets: For lists and conflicts, one group of alternatives per expected item.
        stale: Values that are wrong as *the* answer.
        history: Earlier turns, (question, answer text) oldest first.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    type: str
    answer_sets: tuple[tuple[str, ...], ...] = ()
    stale: tuple[str, ...] = ()
    history: tuple[tuple[str, str | None], ...] = ()

    @property
    def answerable(self) -> bool:
        """Tell whether an answer is expected."""
        return bool(self.accepted)

    @property
    def accepted(self) -> tuple[str, ...]:
        """List the texts that are right as an answer: the answers, else those of all groups."""
        if self.answers:
            return self.answers
        return tuple(dict.fromkeys(text for group in self.answer_sets for text in group))
