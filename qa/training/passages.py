"""Questions to examples: the right passage, and wrong ones that the product's retriever finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.library import Library, View
from qa.retrieval import retrieve
from qa.sentences import sentence_spans
from qa.training.questions import TrainingQuestion, TrainingSet
from qa.training.recipe import Recipe
from qa.training.swaps import swapped
from qa.types import Chunk, Hit, Span

__all__ = ["Example", "Shown", "draw_questions", "examples"]

# A wrong passage is drawn from the best of those that retrieval found.
_HARDEST = 4
_RETRIEVED = 16

# Questions embedded at once.
_BATCH = 64

# A passage is cut to this many characters at least.
_SHORTEST = 350


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as the reader will see it.

    Args:
        title: Of its article; empty where it is shown without.
        text: A chunk, or a part of one.
        answers: Spans into ``text`` that are right; none where it does not answer.
        tempting: Spans into ``text`` that are wrong and look right.
    """

    title: str
    text: str
    answers: tuple[Span, ...] = ()
    tempting: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its passages, the one that it is asked of first.

    Args:
        id: Of the question; names it in messages.
        question: As asked.
        passages: As many as the recipe says, fewer where the library holds fewer.
    """

    id: str
    question: str
    passages: tuple[Shown, ...]

    @property
    def length(self) -> int:
        """Give a measure of how long its longest input is, in characters."""
        return len(self.question) + max(len(one.title) + len(one.text) for one in self.passages)


def draw_questions(sets: Sequence[TrainingSet], recipe: Recipe) -> list[TrainingQuestion]:
    """Draw the questions of a run, in the order of a shuffle.

    Args:
        sets: One for each of the recipe's sources, in their order.
        recipe: How many of each.
    """
    draw = random.Random(recipe.seed)  # noqa: S311 - a draw that can be repeated
    drawn: list[TrainingQuestion] = []
    for one, source in zip(sets, recipe.sources, strict=True):
        whole, part = divmod(source.share, 1.0)
        drawn.extend(one.questions * int(whole))
        drawn.extend(draw.sample(one.questions, round(part * len(one.questions))))
    draw.shuffle(drawn)
    return drawn[: recipe.questions]


def examples(
    questions: Sequence[TrainingQuestion],
    library: Library,
    recipe: Recipe,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[Example]:
    """Find passages for questions.

    Args:
        questions: What is asked.
        library: The articles of all of them.
        recipe: How many passages, how many titles, cuts and swaps; the same recipe gives the same
            examples.
        on_progress: Called with how many questions are done and how many there are.

    Yields:
        One example for each question whose answer stands in one chunk, and near misses made of
        some of the answerable ones.
    """
    draw = random.Random(recipe.seed + 1)  # noqa: S311 - a draw that can be repeated
    with library.view() as view:
        for first in range(0, len(questions), _BATCH):
            asked = questions[first : first + _BATCH]
            vectors = library.embedder.encode([one.question for one in asked])
            for question, vector in zip(asked, vectors, strict=True):
                yield from _examples(question, vector, view, recipe, draw)
            if on_progress is not None:
                on_progress(first + len(asked), len(questions))


def _examples(
    question: TrainingQuestion, vector: np.ndarray, view: View, recipe: Recipe, draw: random.Random
) -> Iterator[Example]:
    hits = retrieve(question.question, vector, view, _RETRIEVED)
    right = _asked_of(question, hits, view, draw)
    if question.answers and right is None:
        return  # its answer is cut by every chunk
    wrong = [hit.chunk for hit in hits if _is_wrong(hit.chunk, question, right)]
    chosen = _drawn(wrong[:_HARDEST], recipe.passages - (right is not None), draw)
    titled = draw.random() < recipe.titles

    def shown(chunk: Chunk, answers: Iterable[Span] = (), tempting: Iterable[Span] = ()) -> Shown:
        title = view.article(chunk.article_id).title if titled else ""
        whole = Shown(title, chunk.text, _within(answers, chunk), _within(tempting, chunk))
        return _cut(whole, draw) if draw.random() < recipe.crops else whole

    others = tuple(shown(chunk) for chunk in chosen)
    if right is None:
        if others:
            yield Example(question.id, question.question, others)
        return
    own = shown(right, question.answers, question.tempting)
    yield Example(question.id, question.question, (own, *others))
    if question.answers and others and draw.random() < recipe.swaps:
        text = f"{own.title}\n{own.text}"
        asked = swapped(question.question, text, wrong[0].text, draw, question.texts)
        if asked is not None:
            tempted = replace(own, answers=(), tempting=own.answers)
            unlike = [chunk for chunk in wrong[1:] if chunk.article_id != wrong[0].article_id]
            more = tuple(shown(chunk) for chunk in unlike[: recipe.passages - 1])
            yield Example(f"{question.id} swapped", asked, (tempted, *more))


def _asked_of(
    question: TrainingQuestion, hits: Sequence[Hit], view: View, draw: random.Random
) -> Chunk | None:
    """Choose the chunk that a question is asked of: with its span, else the one found first."""
    if question.article is None:
        return None
    chunks = view.chunks_of(question.article)
    spans = question.answers or question.tempting
    holding = [chunk for chunk in chunks if any(chunk.span.contains(span) for span in spans)]
    if holding:
        return draw.choice(holding)
    if question.answers:
        return None
    found = [hit.chunk for hit in hits if hit.chunk.article_id == question.article]
    if found:
        return found[0]
    return draw.choice(chunks) if chunks else None  # an article of white space has none


def _is_wrong(chunk: Chunk, question: TrainingQuestion, right: Chunk | None) -> bool:
    """Tell whether a chunk surely does not answer: it holds no wording and no span of an answer."""
    if right is not None and chunk.article_id == right.article_id:
        apart = question.answers and not chunk.span.overlaps(right.span)
        if not apart:
            return False
    held = chunk.text.casefold()
    return not any(text.casefold() in held for text in question.texts)


def _drawn(chunks: Sequence[Chunk], count: int, draw: random.Random) -> list[Chunk]:
    return draw.sample(chunks, min(count, len(chunks)))


def _within(spans: Iterable[Span], chunk: Chunk) -> tuple[Span, ...]:
    return tuple(span.shifted(-chunk.span.start) for span in spans if chunk.span.contains(span))


def _cut(shown: Shown, draw: random.Random) -> Shown:
    """Cut a passage to a run of its sentences that keeps a known span, at a drawn place."""
    size = draw.randint(_SHORTEST, max(_SHORTEST, len(shown.text)))
    known = shown.answers or shown.tempting
    kept = draw.choice(known) if known else Span(at := draw.randrange(len(shown.text)), at + 1)
    bounds = [span.start for span in sentence_spans(shown.text)] + [len(shown.text)]
    first = max(at for at in (0, *bounds) if at <= kept.start)
    last = min(at for at in bounds if at >= kept.end)
    while last - first < size and (first > 0 or last < len(shown.text)):
        before = [at for at in (0, *bounds) if at < first]
        after = [at for at in bounds if at > last]
        if before and (not after or draw.random() < 0.5):
            first = max(before)
        else:
            last = min(after)
    end = first + len(shown.text[first:last].rstrip())
    # An answer may have been marked with the white space behind it.
    part = Span(first, max(end, kept.end) if known else end)
    return Shown(
        shown.title,
        part.of(shown.text),
        tuple(span.shifted(-first) for span in shown.answers if part.contains(span)),
        tuple(span.shifted(-first) for span in shown.tempting if part.contains(span)),
    )
