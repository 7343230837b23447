"""The only wiring: settings, a library and models to answers. Safe to call from threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import pairwise

import numpy as np

from embeddings import EmbeddingsError
from qa.answering import Policy, decide
from qa.calibration import FILE_NAME as CALIBRATION
from qa.calibration import Calibration, Fitted
from qa.conversation import Facts, reply
from qa.errors import ArticleNotFoundError, ModelError, QuestionError
from qa.followup import resolve
from qa.library import Library, View
from qa.reading import MODELS, SPANS_PER_PASSAGE, Reader, load_reader, reader_folder
from qa.retrieval import retrieve
from qa.samples import EXAMPLES, SAMPLES_LABEL, open_samples
from qa.settings import Settings
from qa.types import Answer, Article, Hit, Reply, Timings

__all__ = ["Assistant", "answer"]

# Longer "questions" are texts; the reader would see only their first lines.
_LONGEST_QUESTION = 2_000

# Hits that an answer lists; the first of them are read.
_LISTED = 20


class Assistant:
    """Answers questions over a library.

    Args:
        library: The user's own.
        settings: Defaults for every question; gathered from file and environment when None.
        reader: A loaded reader to use instead of the one that the settings name.
        samples: A library to ask while ``library`` has no article.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings | None = None,
        *,
        reader: Reader | None = None,
        samples: Library | None = None,
    ) -> None:
        self.library = library
        self._settings = settings if settings is not None else Settings.load()
        self._reader = reader
        self._samples = samples
        self._models = threading.Lock()

    @classmethod
    def default(cls, settings: Settings | None = None) -> Assistant:
        """Answer over the user's library, and over the samples while that has no article.

        Args:
            settings: Where the library is and how to ask it; gathered when None.

        Raises:
            CitespanError: If a library cannot be opened.
        """
        chosen = settings if settings is not None else Settings.load()
        library = Library.open(chosen.library, settings=chosen)
        samples = None if len(library) else open_samples(chosen)
        return cls(library, chosen, samples=samples)

    @property
    def answering_from(self) -> Library:
        """Give the library that is asked now: the user's own, or the samples while it is empty."""
        return (
            self._samples if self._samples is not None and not len(self.library) else self.library
        )

    def article(self, article_id: str) -> Article:
        """Read an article that an answer cites: the user's own, or a sample.

        Raises:
            ArticleNotFoundError: If it is in neither, any more.
            LibraryDamagedError: If a library cannot be read.
        """
        if self._samples is None:
            return self.library.article(article_id)
        try:
            return self.library.article(article_id)
        except ArticleNotFoundError:
            return self._samples.article(article_id)

    @property
    def threshold(self) -> float:
        """Give the confidence, in [0, 1], below which a question is declined by default."""
        named = self._settings.confidence
        return named if named is not None else _curve(self._settings.reader).threshold

    @property
    def examples(self) -> tuple[str, ...]:
        """List questions to try; none where the articles are the user's own."""
        return EXAMPLES if self.answering_from is self._samples else ()

    @property
    def reader(self) -> Reader:
        """Give the reader, loaded at first use.

        Raises:
            ModelError: If it cannot be loaded.
        """
        with self._models:
            if self._reader is None:
                self._reader = load_reader(self._settings.reader)
            return self._reader

    def warm(self) -> None:
        """Load the models and the index now instead of at the first question."""
        self.ask("Is everything loaded?")

    def ask(
        self,
        question: str,
        history: Sequence[tuple[str, str | None]] = (),
        source: str | Sequence[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        confidence: float | None = None,
        *,
        on_stage: Callable[[str], None] | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: Any text.
            history: The turns before it, question and answer text (None for a decline), oldest
                first; a follow-up such as "And where?" is resolved against them.
            source: Ask only articles of this file, folder, URL or outlet, or of any of several.
            since: Ask only articles published on this day or later.
            until: Ask only articles published on this day or earlier.
            confidence: Answer only when at least so sure, in [0, 1]; 0 answers whenever something
                was found. The settings' when None, and the calibration's where they name none.
            on_stage: Called with "searching", "reading" and "deciding" as each begins.

        Returns:
            The answer; ``text`` is None where the articles do not say.

        Raises:
            QuestionError: If the question is empty or too long.
            LibraryDamagedError: If the library cannot be read.
            ModelError: If a model cannot be loaded or run.
            ValueError: If ``confidence`` is not in [0, 1].
        """
        asked = _checked(question)
        policy = self._policy(confidence)
        tell = on_stage if on_stage is not None else _ignore
        clock = [time.perf_counter()]
        tell("searching")
        library = self.answering_from
        with library.view() as view:
            allowed = view.allowed(source, since, until)

            def search(text: str) -> list[Hit]:
                return self._search(library, view, text, allowed)

            resolved = resolve(asked, history, search)
            hits = search(resolved)
            clock.append(time.perf_counter())
            tell("reading")
            passages = view.passages(hits[: self._settings.passages])
            candidates = self.reader.read(resolved, passages, SPANS_PER_PASSAGE)
            clock.append(time.perf_counter())
            tell("deciding")
            decided = decide(
                question,
                candidates,
                hits,
                view.article,
                policy,
                view.words.unknown(resolved),
            )
        clock.append(time.perf_counter())
        timings = Timings(*(after - before for before, after in pairwise(clock)))
        return replace(
            decided, resolved=question if resolved == asked else resolved, timings=timings
        )

    def reply(
        self,
        message: str,
        history: Sequence[tuple[str, str | None]] = (),
        source: str | Sequence[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        confidence: float | None = None,
        *,
        on_stage: Callable[[str], None] | None = None,
    ) -> Reply:
        """Reply to what somebody typed into a chat: small talk, a request, or questions.

        Args:
            message: Any text.
            history: See :meth:`ask`.
            source: Likewise.
            since: Likewise.
            until: Likewise.
            confidence: Likewise.
            on_stage: Likewise; the stages come again for each question that is asked, and not at
                all where none is.

        Returns:
            The reply. One of kind "question" holds one answer, the one that :meth:`ask` gives.

        Raises:
            QuestionError: If the message is empty or too long.
            CitespanError: What :meth:`ask` raises besides, where a question is asked.
            ValueError: Likewise.
        """
        _checked(message)
        library = self.answering_from

        def ask(question: str, turns: Sequence[tuple[str, str | None]]) -> Answer:
            return self.ask(question, turns, source, since, until, confidence, on_stage=on_stage)

        def articles() -> Iterator[Article]:
            with library.view() as view:
                yield from view.articles(source, since, until)

        def search(text: str) -> list[Hit]:
            with library.view() as view:
                return self._search(library, view, text, view.allowed(source, since, until))

        called = SAMPLES_LABEL if library is self._samples else "articles"
        today = datetime.now().astimezone().date()
        facts = Facts(articles, search, called, today, self.examples)
        return reply(message, history, ask, facts)

    def _search(
        self, library: Library, view: View, text: str, allowed: np.ndarray | None
    ) -> list[Hit]:
        count = max(_LISTED, self._settings.passages)
        return retrieve(text, _embed(library, text), view, count, allowed=allowed)

    def _policy(self, confidence: float | None) -> Policy:
        if confidence is not None and not 0 <= confidence <= 1:
            raise ValueError(f"confidence must be in [0, 1], got {confidence}")
        curve, reader = _curve(self._settings.reader), self.reader
        used = Fitted(reader.sha256, reader.precision, self._settings.passages)
        return Policy(
            calibration=curve,
            calibrated=curve.fitted_for == used,
            threshold=confidence if confidence is not None else self.threshold,
            alternatives=self._settings.alternatives,
        )


@cache
def _default_assistant(settings: Settings) -> Assistant:
    return Assistant.default(settings)


def answer(
    question: str,
    history: Sequence[tuple[str, str | None]] = (),
    source: str | Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    confidence: float | None = None,
) -> Answer:
    """Answer one question over the default library, or over the samples while it has no article.

    Args:
        question: Any text.
        history: See :meth:`Assistant.ask`.
        source: Likewise.
        since: Likewise.
        until: Likewise.
        confidence: Likewise.

    Raises:
        CitespanError: If the question, the library or a model cannot be used.
    """
    assistant = _default_assistant(Settings.load())
    return assistant.ask(question, history, source, since, until, confidence)


@cache
def _curve(reader: str) -> Calibration:
    """Read the curve beside a reader's weights, or the shipped one where it has none."""
    own = reader_folder(reader) / CALIBRATION
    path = own if own.exists() else MODELS / CALIBRATION
    try:
        return Calibration.load(path)
    except (OSError, ValueError, TypeError) as error:
        remedy = "install citespan again" if path != own else "`citespan train --calibrate-only`"
        raise ModelError(
            f"the calibration {path} cannot be read ({error}); {remedy} mends that"
        ) from error


def _checked(question: str) -> str:
    asked = question.strip()
    if not asked:
        raise QuestionError("the question is empty; ask for a who, what, when, where, why or how")
    if len(asked) > _LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(asked):,} characters, at most {_LONGEST_QUESTION:,} can be "
            "read; ask a shorter one, and add the text it is about as an article"
        )
    return asked


def _embed(library: Library, question: str) -> np.ndarray:
    try:
        vectors = library.embedder.encode([question])
    except EmbeddingsError as error:
        raise ModelError(f"the embedder failed: {error}") from error
    return np.asarray(vectors[0])


def _ignore(_: str) -> None:
    return None
