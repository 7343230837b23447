"""Sentence spans of a text, for chunking and for citing.

Blank lines end a sentence, and so does a line end, unless the paragraph was wrapped by hand at a
column: headlines, captions and list items have no full stop. Within a paragraph nupunkt decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.types import Span

__all__ = ["sentence_around", "sentence_spans"]

# Blocks wider or narrower than this were not wrapped by hand: lines of prose, or a headline above a
# short line, a list.
_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120

# nupunkt is linear, but a "paragraph" of megabytes without a line end is no prose.
_LONGEST_PARAGRAPH = 20_000

# Neighbouring lines with text in them. White space and text never compete for a character here, so
# that a line of 200,000 spaces takes no time.
_BLOCK = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_WORDS = re.compile(r"\S(?:.*\S)?", re.DOTALL)


def sentence_spans(text: str) -> list[Span]:
    r"""Find the sentences of a text.

    Args:
        text: Any text.

    Returns:
        Spans into ``text``, in order, not overlapping, without white space at their ends; every
        other code point lies in exactly one. None for a text of white space.

    >>> text = "Bridge falls\nIt fell at 8:25 a.m. on Sunday. Nobody saw it."
    >>> [span.of(text) for span in sentence_spans(text)]
    ['Bridge falls', 'It fell at 8:25 a.m. on Sunday.', 'Nobody saw it.']
    """
    return [
        sentence
        for block in _BLOCK.finditer(text)
        for paragraph in _paragraphs(text, _from_line_start(text, block.span()))
        for sentence in _split(text, paragraph)
    ]


def sentence_around(text: str, span: Span) -> Span:
    """Find the sentence that holds a span; where the span crosses sentences, all that it touches.

    Args:
        text: The text that ``span`` counts in.
        span: A span of it.

    Returns:
        A span into ``text`` that contains ``span``.

    >>> text = "It fell. Nobody saw it begin. Divers came."
    >>> sentence_around(text, Span(16, 19)).of(text)
    'Nobody saw it begin.'
    """
    start = text.rfind("\n\n", 0, span.start) + 1
    end = text.find("\n\n", span.end)
    near = text[start : end if end >= 0 else len(text)]
    touched = [
        sentence
        for sentence in (one.shifted(start) for one in sentence_spans(near))
        if sentence.overlaps(span)
    ]
    if not touched:
        return span
    return Span(min(touched[0].start, span.start), max(touched[-1].end, span.end))


def _from_line_start(text: str, place: tuple[int, int]) -> Span:
    """Give a block with its first line's indentation, which counts when widths are compared."""
    start, end = place
    return Span(text.rfind("\n", 0, start) + 1, end)


def _paragraphs(text: str, block: Span) -> Iterator[Span]:
    """Cut a block between blank lines at its line ends, but not where it was wrapped by hand."""
    lines = block.of(text).split("\n")
    widest = max(len(line) for line in lines)
    start = end = block.start
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        end += len(line)
        first_word = following.split(maxsplit=1)[:1]
        wrapped = (
            bool(first_word)
            and _NARROWEST_WRAP <= widest <= _WIDEST_WRAP
            and len(line.rstrip()) + 1 + len(first_word[0]) > widest
        )
        if not wrapped:
            yield Span(start, end)
            start = end + 1
        end += 1


def _split(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    while start < paragraph.end:
        part = text[start : min(start + _LONGEST_PARAGRAPH, paragraph.end)]
        found = _sentences(part)
        if start + len(part) < paragraph.end:
            part, found = _without_cut(part, found)
        yield from (sentence.shifted(start) for sentence in found)
        start += len(part)


def _sentences(part: str) -> list[Span]:
    from nupunkt import sent_spans

    words = (_WORDS.search(part, first, last) for first, last in sent_spans(part))
    return [Span(*found.span()) for found in words if found is not None]


def _without_cut(part: str, found: list[Span]) -> tuple[str, list[Span]]:
    """Leave what a part's end cuts in two to the next part: its last sentence, else its last word.

    A single word is as long as the part, and cut.
    """
    if len(found) > 1:
        return part[: found[-1].start], found[:-1]
    words = part.rsplit(maxsplit=1)
    if len(words) < 2 or part[-1].isspace():
        return part, found
    return part[: -len(words[1])], [Span(found[0].start, found[0].start + len(words[0].strip()))]
