"""What on a page is not the article: navigation, banners, related stories, what is hidden.

A page is hostile and untidy, so an element is judged by what its markup says of it (tag, role, the
words of its class and id) and seldom removed where it holds most of the page's own words.
"""

from __future__ import annotations

import re
from typing import Any

from qa.ingest.furniture_words import FACTS, MARKUP, NEVER_STORY, is_furniture_label

__all__ = ["HEADINGS", "drop_furniture", "weigh"]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNREAD = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas",
    "video", "audio", "map", "select", "textarea", "button", "input", "label", "datalist",
    "progress", "meter", "head", "link", "meta", "title", "base",
)  # fmt: skip
_TAGS = {
    "nav", "aside", "footer", "form", "dialog", "menu", "search", "amp-sidebar", "amp-ad",
    "amp-embed", "amp-consent", "amp-user-notification", "amp-social-share",
}  # fmt: skip
_ROLES = {
    "navigation", "banner", "complementary", "contentinfo", "dialog", "alertdialog", "alert",
    "search", "menu", "menubar", "toolbar", "tablist", "form", "status", "tooltip", "button",
}  # fmt: skip
_NEVER_STORY = {"nav", "footer", "menu", "dialog", "search"}
_CARD = {"p", "div", "section", "article", "li", *HEADINGS[1:]}
# Whole classes: a word such as "hidden" is also part of "overflow-hidden" and "label-hidden".
_HIDDEN = {
    "hidden", "is-hidden", "d-none", "sr-only", "visually-hidden", "screen-reader-text",
}  # fmt: skip
_SHOWN_WHEN_WIDE = re.compile(r"\b(?:sm|md|lg|xl):(?:block|flex|grid|inline\S*|table)\b")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def weigh(root: Any) -> dict[Any, int]:
    """Count, for every element under ``root``, the characters of its text outside links.

    Bottom up and without recursion, since a page may be nested two thousand deep.
    """
    weights: dict[Any, int] = {}
    for element in reversed(list(root.iter())):
        tails = sum(_length(child.tail) for child in element)
        inside = _length(element.text) + sum(weights[child] for child in element) + tails
        weights[element] = 0 if element.tag == "a" else inside
    return weights


def drop_furniture(body: Any) -> None:
    """Remove what is not the article from the tree of a page, in place; an empty one stays so."""
    for element in list(body.iter(*_UNREAD)):
        _drop(element)
    weights = weigh(body)
    heads = {one for h1 in body.iter("h1") for one in (h1, *h1.iterancestors())}
    for element in list(body.iter()):
        if element is body or not _is_furniture(element, heads):
            continue
        if weights[element] * 2 <= weights[body] or _is_never_story(element, heads):
            _drop(element)
    _drop_labelled(body)


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_furniture(element: Any, heads: set[Any]) -> bool:
    """Judge an element; ``heads`` are the h1 elements of the page and all that is around them."""
    if _is_hidden(element):
        return True
    said, tag = _words(element), element.tag
    if tag in _TAGS:
        return not (tag == "aside" and FACTS.search(said) and not MARKUP.search(said))
    # What else holds an h1 is likely to be the head of the article, whatever it is called.
    if tag in {"html", "main"} or element in heads:
        return False
    if tag == "a":
        return any(child.tag in _CARD for child in element.iter())
    if tag == "header" and next(element.iterancestors("article", "main"), None) is None:
        return True
    return element.get("role", "").lower() in _ROLES or _is_called_furniture(element, said)


def _is_called_furniture(element: Any, said: str) -> bool:
    # A teaser is a card that leads elsewhere, or what some papers call their standfirst.
    return bool(MARKUP.search(said)) or ("teaser" in said and _has_link(element))


def _is_hidden(element: Any) -> bool:
    classes = element.get("class", "")
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style", "")))
        or bool(_HIDDEN & set(classes.split()) and not _SHOWN_WHEN_WIDE.search(classes))
    )


def _is_never_story(element: Any, heads: set[Any]) -> bool:
    """Tell whether an element is no story though most of the words of the page are in it.

    That is so where readers wrote more than the paper did, or where a script shows the article.
    """
    if element.tag == "article" or element in heads:
        return False
    if element.tag in _NEVER_STORY:
        return True
    marked = element.xpath("boolean(descendant-or-self::*[@itemprop='articleBody'])")
    return not marked and bool(NEVER_STORY.search(_words(element)))


def _words(element: Any) -> str:
    """Spell out class, id and label: ``relatedStories_2`` gives "related stories"."""
    names = "\n".join(element.get(name, "") for name in ("class", "id", "aria-label"))
    spelt = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return re.sub(r"[^\w\n]+|[\d_]+", " ", spelt).lower()


def _has_link(element: Any) -> bool:
    return next(element.iter("a"), None) is not None


def _drop_labelled(body: Any) -> None:
    """Remove boxes without a telling class that a heading such as "Most read" names."""
    weights = weigh(body)
    for heading in list(body.iter(*HEADINGS[1:], "p", "div")):
        if heading.getparent() is None or len(heading) > 2:
            continue
        text = " ".join("".join(heading.itertext()).split())
        if len(text) > 80 or not is_furniture_label(text):
            continue
        box = _box(heading, weights, weights[body])
        if box is heading:
            _drop_lists_after(heading)
        _drop(box)


def _drop_lists_after(heading: Any) -> None:
    while (sibling := heading.getnext()) is not None:
        if sibling.tag not in {"ul", "ol", "div", "section", "figure"}:
            return
        _drop(sibling)


def _box(heading: Any, weights: dict[Any, int], total: int) -> Any:
    """Climb to what the heading is the first thing of, while that holds little of the page."""
    box = heading
    while True:
        parent = box.getparent()
        if parent is None or parent.tag in {"body", "main", "article"}:
            return box
        first = box.getprevious() is None and not (parent.text or "").strip()
        if not first or weights.get(parent, total) * 5 > total * 2:
            return box
        box = parent
