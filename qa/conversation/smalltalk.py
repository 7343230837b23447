"""Small talk: messages that are nothing but a greeting or thanks, and such words around a question.

A message is small talk when its words are: phrases of a table, and words that only keep them
company. So "hi there, Citespan" is a greeting and "Who said hi to the mayor?" is not.
"""

from __future__ import annotations

import re

from qa.conversation.folding import folded
from qa.conversation.forms import either
from qa.followup.words import AUXILIARIES, PREPOSITIONS, WH
from qa.types import ReplyKind

__all__ = ["LONGEST", "is_farewell", "small_talk", "without_courtesies"]

# More words than this are no small talk and no request, whatever they are; it also bounds what the
# patterns have to try.
LONGEST = 24

_GREETINGS = """
    hello|hi|hey|hiya|yo|howdy|greetings|welcome|gday|sup|wassup|salutations
    good morning|afternoon|evening|day
    morning|evening
    what is up
    how are you doing|feeling?
    how is it|everything going?
    how do you do
    how have you been
    nice|pleased|good|great to meet|see you
    are you there|here|awake|online|ready
    is? anyone|anybody there|here|home
"""
_FAREWELLS = """
    bye|goodbye|good_bye|good_night|night|farewell|cya|cheerio|so_long|take_care
    see you later|soon|around|tomorrow|then|next_time?
    until next_time|tomorrow|later
    have|enjoy a? nice|good|great|lovely day|evening|night|weekend|one
"""
_THANKS = """
    thanks|thank_you|ta|cheers|appreciated|much_obliged
    i really|very_much? appreciate it|that|this
    @how* @good
    that|this|it is|was? all|enough|it|everything
    that|this|it really? helps|helped a_lot?
    that will do
    got_it|gotcha|i_see|understood|makes_sense|noted|okay|alright|all_right|right|sure|fair_enough
    yes|yeah|yep|yup|no|nope|never_mind|nevermind|no_problem|you_are_welcome
    well|good|great|nice done|job|work|one|bot
    you rock
    love|like it|this
    that|this|it|you is|was|are|were @how* @good|right|correct
"""
# Words that keep small talk company and mean nothing alone.
_COMPANY = """
    citespan|there|all|everyone|everybody|again|mate|friend|buddy|folks|team|guys|dear|sir|madam|bot
    and|but|then|now|so|oh|ah|wow|well|today|really|very|much|many|indeed|too|please|haha|lol
    a lot|million|bunch
    for|with that|this|it|everything|now
    for your|the|all* quick|great? help|answer|answers|info|information|time|support
    answer|answers|job|work|stuff
    to you
    you
"""

_EMOJI: dict[ReplyKind, str] = {"greeting": "👋🙋🤗", "thanks": "👍👌🙏👏❤🎉😀😃😄😁😊🙂😍🥰💯✅🙌"}

# What may open a question; the end of small talk that no mark divides from it.
_OPENERS = AUXILIARIES | WH | {"and", "but", "so", "also", "then", "please", "tell", "show", "list"}
_OPENERS |= {"give", "summarise", "summarize", "what's", "who's", "where's", "when's", "how's"}

_WORDS = re.compile(r"\S+")
_DIVIDED = re.compile(r"[^\w'’)\]\"”]\W*$")

# "Could you tell me who …" asks what "who …" asks.
_INDIRECT = re.compile(
    r"(?:(?:please[,\s]+)?(?:(?:can|could|would|will) you (?:please |kindly )?|please )?"
    r"(?:tell|show|remind) (?:me|us)"
    r"|do (?:you|we) (?:happen to )?know|does any(?:one|body) know|any idea"
    r"|(?:i (?:want|need|would like|['’]?d like)|i['’]d like) to know"
    r"|(?:may|can|could) i ask)"
    rf"[,:]?\s+(?=(?:(?:{'|'.join(sorted(PREPOSITIONS))})\s+)?(?:{'|'.join(sorted(WH))})\b)"
    r"|please[,\s]+",
    re.IGNORECASE,
)
_LAST_CLAUSE = re.compile(r"(?<=[?.!,])\s+([^?.!,]+)[.!\s]*$")


def _whole(*tables: str) -> re.Pattern[str]:
    return re.compile(f"{either(*tables, _COMPANY)}+")


def _said(*tables: str) -> re.Pattern[str]:
    return re.compile(f"(?:.* )?{either(*tables)}")


# A message of the first pattern that says one of the second. "Good morning" is no praise, so the
# greetings come first; "hi, thanks" is more than they say.
_KINDS: tuple[tuple[ReplyKind, re.Pattern[str], re.Pattern[str]], ...] = (
    ("greeting", _whole(_GREETINGS, _FAREWELLS), _said(_GREETINGS, _FAREWELLS)),
    ("thanks", _whole(_GREETINGS, _FAREWELLS, _THANKS), _said(_THANKS)),
)
_FAREWELL = _said(_FAREWELLS)


def small_talk(message: str) -> ReplyKind | None:
    """Tell which small talk a message is, if it is nothing else.

    Args:
        message: Any text.

    Returns:
        "greeting", "thanks", "help" for marks and pictures that say nothing, or None.

    >>> small_talk("Heyyy!"), small_talk("thx, that's all"), small_talk("Who said hello?")
    ('greeting', 'thanks', None)
    """
    words = folded(message)
    if not words:
        shown = (kind for kind, signs in _EMOJI.items() if set(signs) & set(message))
        return next(shown, "help")
    if words.count(" ") >= LONGEST:
        return None
    said = f"{words} "
    found = (kind for kind, whole, one in _KINDS if whole.fullmatch(said) and one.match(said))
    return next(found, None)


def is_farewell(message: str) -> bool:
    """Tell "bye" from the greetings that open a conversation."""
    return _FAREWELL.match(f"{folded(message)} ") is not None


def without_courtesies(message: str) -> str:
    """Take greetings, thanks and "could you tell me" off a message that asks for something.

    Args:
        message: Any text.

    Returns:
        What is asked for, to the letter; all of the message where it is nothing but small talk.

    >>> without_courtesies("Hi Citespan, who won the election? Thanks!")
    'who won the election?'
    >>> without_courtesies("Could you tell me when it opened?")
    'when it opened?'
    """
    text = message.strip()
    if small_talk(text):
        return text
    closing = _LAST_CLAUSE.search(text)
    if closing and small_talk(closing[1]) in ("thanks", "greeting"):
        text = text[: closing.start()].rstrip(" ,")
    ends = [found.end() for found in _WORDS.finditer(text)][: LONGEST // 2]
    for end in reversed(ends):
        rest = text[end:].lstrip()
        if _ends_small_talk(text[:end], rest) and small_talk(text[:end]) not in (None, "help"):
            text = rest
            break
    indirect = _INDIRECT.match(text)
    asked = text[indirect.end() :] if indirect else text
    return asked if asked and asked != message.strip() else message


def _ends_small_talk(said: str, rest: str) -> bool:
    """Tell "hi, who …" and "hi who …" from "Hello Kitty …"."""
    first = rest.split(maxsplit=1)[0].casefold() if rest else ""
    return bool(rest) and (bool(_DIVIDED.search(said)) or first in _OPENERS)
