"""A question to hits: the nearest chunks by meaning and by words, fused.

Names, numbers and dates come from the words, paraphrases from the vectors; each alone loses. The
score of a chunk is a sum, not a rank: the cosine of question and chunk, plus the share of the
question's weight of words that the chunk holds. Both are absolute, so the score also tells the
answering policy how good the best chunk is, which ranks alone do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.types import Hit

if TYPE_CHECKING:
    from qa.library import View

__all__ = ["retrieve"]

# How many chunks each side proposes. Beyond them neither side's score can win.
_PROPOSED = 50

# Weight of the words beside the meaning.
_WORDS = 0.5


def retrieve(
    question: str,
    vector: np.ndarray,
    view: View,
    count: int,
    *,
    allowed: np.ndarray | None = None,
) -> list[Hit]:
    """Find the chunks that most likely answer a question.

    Args:
        question: One that stands alone.
        vector: Its embedding, float32 of shape (dimension,), length 1.
        view: The state of the library to search.
        count: How many hits to give; fewer come back where fewer chunks pass the filters.
        allowed: int64 numbers of the chunks that may be found, from :meth:`View.allowed`; all of
            them when None. Filters apply before ranking.

    Returns:
        Hits, best first, ties by chunk id; scores in [-1, 1.5]. None for an empty library.
    """
    cosines = view.nearest(vector, max(_PROPOSED, count), allowed)
    words = view.words.search(question)
    if allowed is not None:
        passing = set(allowed.tolist())
        words = {row: score for row, score in words.items() if row in passing}
    by_words = sorted(words, key=lambda row: (-words[row].bm25, row))[:_PROPOSED]
    missing = np.array([row for row in by_words if row not in cosines], dtype=np.int64)
    if len(missing):
        cosines.update(view.nearest(vector, len(missing), missing))
    scores = {
        row: cosine + _WORDS * (words[row].share if row in words else 0.0)
        for row, cosine in cosines.items()
    }
    chunks = view.chunks(list(scores))
    best = sorted(chunks, key=lambda row: (-scores[row], chunks[row].id))[:count]
    return [Hit(chunks[row], scores[row], rank) for rank, row in enumerate(best, start=1)]
