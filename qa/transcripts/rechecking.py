"""Whether citations that were given once still stand, in the articles as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from qa.transcripts.exporting import Exported, text_sha256
from qa.types import Article, Span

__all__ = ["Rechecked", "Verdict", "recheck"]

Verdict = Literal["stands", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What has become of a citation.

    Args:
        exported: The citation.
        verdict: "stands" where the article's text at the span is the quote, "changed" where it is
            not, "gone" where there is no such article.
        place: Where the quote stands now, into Article.text; when changed, the place nearest to
            where it stood. None where it stands nowhere.
        same_text: Whether the article is the one that was exported, letter by letter.
    """

    exported: Exported
    verdict: Verdict
    place: Span | None
    same_text: bool


def recheck(
    citations: Iterable[Exported], lookup: Callable[[str], Article | None]
) -> list[Rechecked]:
    """Compare citations with the articles of today.

    The text decides and not the hash: an export made after its article had changed names the new
    text's hash beside the old one's spans.

    Args:
        citations: In any order.
        lookup: Finds an article by its id; asked once for each.

    Returns:
        One for each citation, in their order.
    """
    known = cache(lookup)
    sha256 = cache(text_sha256)

    def compared(one: Exported) -> Rechecked:
        article = known(one.citation.article_id)
        if article is None:
            return Rechecked(one, "gone", None, same_text=False)
        same_text = sha256(article.text) == one.sha256
        span = one.citation.span
        if span.of(article.text) == one.citation.quote:
            return Rechecked(one, "stands", span, same_text)
        place = _nearest(article.text, one.citation.quote, span.start)
        return Rechecked(one, "changed", place, same_text)

    return [compared(one) for one in citations]


def _nearest(text: str, quote: str, start: int) -> Span | None:
    """Find the place of a quote that begins nearest to ``start``, the earlier one of two."""
    # Beyond the text there is nothing to search, and find() takes no number without bound.
    start = min(start, len(text))
    before = text.rfind(quote, 0, start + len(quote) - 1)
    after = text.find(quote, start)
    places = [at for at in (before, after) if at >= 0]
    if not places:
        return None
    nearest = min(places, key=lambda at: (abs(at - start), at))
    return Span(nearest, nearest + len(quote))
