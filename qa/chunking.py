"""An article to chunks: whole sentences, packed up to what the embedder really reads.

Pure: how many word pieces a text has is asked of ``count_tokens``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qa.sentences import sentence_spans
from qa.types import Article, Chunk, Span

__all__ = ["chunk_article", "embedded_text"]

# A title takes at most this many characters of a passage, so that a "title" of a whole page
# (a text without a headline) leaves room for the chunk.
_LONGEST_TITLE = 200

# A word of more than 100 characters is one unknown word piece to WordPiece, whatever its length,
# so that counting pieces alone would let a chunk grow without end. English runs at 4 to 5
# characters a piece; 1,000 characters were also the best size measured for retrieval.
_CHARACTERS_PER_TOKEN = 6

_WORD = re.compile(r"\s*\S{1,100}")


def embedded_text(title: str, text: str) -> str:
    r"""Join a title and a chunk to the text that is embedded.

    >>> embedded_text("Bridge falls", "It fell on Sunday.")
    'Bridge falls\nIt fell on Sunday.'
    """
    return f"{title[:_LONGEST_TITLE]}\n{text}" if title else text


def chunk_article(
    article: Article, count_tokens: Callable[[str], int], max_tokens: int, overlap: int = 1
) -> list[Chunk]:
    """Cut an article into chunks.

    Args:
        article: What to cut.
        count_tokens: Counts the embedder's word pieces of a text.
        max_tokens: What the embedder reads, in word pieces, title included.
        overlap: How many sentences a chunk repeats of the one before it, where they fit.

    Returns:
        Chunks in order; their spans are into ``article.text`` and cover all but its white space.
        Sentences stay whole unless one alone is too long, which is cut between words, and a word
        of more than 100 characters between characters. None for a text of white space.

    Raises:
        ValueError: If ``max_tokens`` leaves no room for text beside the title.
    """
    room = max_tokens - count_tokens(embedded_text(article.title, ""))
    if room < 1:
        raise ValueError(f"no room for text: {max_tokens} word pieces, the title takes all")
    pieces = [
        (part, size)
        for sentence in sentence_spans(article.text)
        for part, size in _fit(article.text, sentence, count_tokens, room)
    ]
    return [Chunk(article.id, span, span.of(article.text)) for span in _pack(pieces, room, overlap)]


def _fit(
    text: str, sentence: Span, count_tokens: Callable[[str], int], room: int
) -> Iterator[tuple[Span, int]]:
    """Give a sentence with its size, or, where it is too long, its longest runs of words."""
    size = _size(sentence.of(text), count_tokens)
    if size <= room:
        yield sentence, size
        return
    start, end, total = sentence.start, sentence.start, 0
    for word in _WORD.finditer(text, sentence.start, sentence.end):
        word_size = _size(word.group().strip(), count_tokens)
        if total and total + word_size > room:
            yield Span(start, end), total
            start, total = word.end() - len(word.group().lstrip()), 0
        end, total = word.end(), total + word_size
    yield Span(start, end), total


def _size(text: str, count_tokens: Callable[[str], int]) -> int:
    return max(count_tokens(text), -(-len(text) // _CHARACTERS_PER_TOKEN))


def _pack(pieces: list[tuple[Span, int]], room: int, overlap: int) -> Iterator[Span]:
    """Fill chunks greedily; each starts with the last pieces of the one before where they fit."""
    held: list[tuple[Span, int]] = []
    for piece, size in pieces:
        if held and _total(held) + size > room:
            yield Span(held[0][0].start, held[-1][0].end)
            held = held[len(held) - overlap :] if 0 < overlap < len(held) else []
            while held and _total(held) + size > room:
                held = held[1:]
        held.append((piece, size))
    if held:
        yield Span(held[0][0].start, held[-1][0].end)


def _total(held: list[tuple[Span, int]]) -> int:
    return sum(size for _, size in held)
