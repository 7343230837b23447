"""The words by which furniture gives itself away: in class names, as a heading, as a line."""

from __future__ import annotations

import re

__all__ = ["FACTS", "MARKUP", "NEVER_STORY", "is_furniture_label", "is_furniture_text"]


def _any_of(words: str, *phrases: str) -> str:
    return "|".join((*words.split(), *phrases))


# Of class, id and aria-label, spelt out in small letters.
MARKUP = re.compile(
    r"\b(?:"
    + _any_of(
        r"ads? adbox adslot adunit advert\w* sponsor\w* promos? promotions? promoted cookies? "
        r"consent gdpr privacy nav navbar navigation menu breadcrumbs? topbar related recirc\w* "
        r"recommend\w* trending popular mostread newsletters? subscribe subscriptions? signup "
        r"optin share sharing sharebar social follow comments? disqus footer sidebar rail popup "
        r"modal overlay toast lightbox login pagination pager toolbar tags taglist outbrain "
        r"taboola ticker weather poll quiz bio donate donation copyright masthead cta",
        r"(?<!elementor )widgets?",
        r"most (?:read|viewed|shared|popular)",
        r"read (?:more|next|also)",
        r"also (?:read|see|in|on)",
        r"see also",
        r"more (?:from|on|stories|news|like)",
        r"sign up",
        r"you (?:may|might)",
        r"(?:up )?next (?:article|story|up)",
        r"skip link",
        r"author (?:box|card|info)",
        r"about (?:the )?author",
        r"(?:site|page) header",
        r"(?:print only|no print)",
        r"app (?:banner|promo)",
        r"editors? picks?",
        r"latest (?:news|stories)",
    )
    + r")\b"
)
# An aside with one of these belongs to the article.
FACTS = re.compile(
    r"\b(?:fact ?box|facts|info ?box|key ?points?|glance|timeline|summary|highlights)\b"
)
# These are furniture even where they hold most of a page's words.
NEVER_STORY = re.compile(
    r"\b(?:comments?|disqus|related|recommend\w*|recirc\w*|cookies?|consent|gdpr)\b"
)

_LABEL = re.compile(
    "(?:"
    + _any_of(
        "advertisement sponsored trending tags topics",
        r"sponsored content",
        r"related(?: (?:stories|articles|content|news|links|topics|coverage))?",
        r"most (?:read|popular|viewed|shared)",
        r"trending now",
        r"read (?:more|next|also)",
        r"see also",
        r"also (?:in|on) [\w ]+",
        r"more (?:from|on|in) .{2,40}",
        r"more (?:stories|news)",
        r"you (?:may|might) (?:also )?(?:like|be interested in)",
        r"recommended(?: for you)?",
        r"(?:latest|top) (?:news|stories|headlines)",
        r"comments?(?: \(\d+\)|: \d+)?",
        r"\d+ comments?",
        r"(?:leave a|add new|post a) (?:comment|reply)",
        r"join the (?:conversation|discussion)",
        r"share(?: (?:this|on|via)\b.{0,40})?",
        r"(?:our |the )?newsletters?",
        r"sign up (?:for|to) .{2,60}",
        r"subscribe\b.{0,60}",
        r"follow us\b.{0,60}",
        r"about the author",
        r"filed under",
        r"editor[s\u2019']*s? picks?",
        r"up next",
    )
    + r")\s*[:.!…»>]*"
)
_LINE = re.compile(
    _any_of(
        r"accept print tweet e-?mail save share reply report",
        r"copy link",
        r"(?:related|read more|see also|also (?:in|on) [\w ]{2,30}|read also|also read|most read"
        r"|more on this(?: story)?|watch|listen|tags|topics|filed under|trending)\s*[:»>|].{0,300}",
        r"(?:©|\(c\)|copyright (?:©|\(c\)|\d)).{0,200}",
        r".{0,60}all rights reserved\.?",
        r"(?:sign up|subscribe) (?:for|to|now|today)\b.{0,150}",
        r"(?:follow us|click here)\b.{0,100}",
        r"share (?:this|on)\b.{0,40}",
        r"\d+ ?min(?:ute)?s?(?: read)?",
        r"we use cookies\b.{0,200}",
        r".{0,40}javascript (?:is|to|must)\b.{0,200}",
    )
)


def is_furniture_label(text: str) -> bool:
    """Tell whether a text is what pages write above their furniture; an empty one is not.

    >>> is_furniture_label("Most read"), is_furniture_label("Most of them read")
    (True, False)
    """
    return bool(_LABEL.fullmatch(text.strip().lower()))


def is_furniture_text(text: str) -> bool:
    """Tell whether a block of text calls itself furniture; an empty one is not.

    >>> is_furniture_text("Read more: Fire burns 9 hectares"), is_furniture_text("Read on.")
    (True, False)
    """
    words = text.strip().lower()
    return bool(_LABEL.fullmatch(words) or _LINE.fullmatch(words))
