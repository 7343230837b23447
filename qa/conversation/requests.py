"""What else people ask a chat for: help, facts of the library, summaries, the newest articles.

Each is told by the whole form of the message, so that a question that only holds such a word passes
as a question: "Who wrote the summary?", "What was the latest figure?".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.conversation.folding import folded
from qa.conversation.forms import PERIODS, compiled
from qa.conversation.languages import LANGUAGES
from qa.conversation.smalltalk import LONGEST
from qa.followup.words import DETERMINERS, FUNCTION, WH
from qa.types import ReplyKind

__all__ = ["Request", "request"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a message asks for that is no question to the articles.

    Args:
        kind: Which reply fits.
        topic: What it is to be about; empty for everything.
        period: The days that it names, as :func:`qa.conversation.days.days_of` takes them; empty
            for any.
    """

    kind: ReplyKind
    topic: str = ""
    period: str = ""


_HELP = """
    help|assist me|us? out?
    some|more|any|your help
    help page|menu|text
    what can|do|could|should|may|would you|i|we do|ask|type|say|try|write @aside?
    what else can you|i do|ask
    how can|do|could|should|does i|we|you|one|someone @use @tool*
    how does it|this|that|citespan|the|your @tool? work|function
    what is this|citespan app|tool|page|site|chat|program|thing|place? for?
    who|what are you exactly?
    what is your name|purpose|job|function
    who made|built|created|wrote|programmed you|this|citespan
    are you a|an|the? real? @ai about? that|this|it?
    what|which @kinds? question|questions can|could|do|should|may you|i|we answer|ask|take @aside?
    an|some|the|a_few|any|another? sample|samples|example|examples question|questions|query|queries?
    some|a? question|questions to ask|try
    the|some|any? @manual
    start|begin|get_started|getting_started|about
    i still? do|can|did not understand|get|follow it|this|that|anything|you?
    i still? do not know what|how to do|ask|type|start|use @tool*
    i am lost|confused|stuck|new here?
    what do|should|can i do now|next|here|first*
    what now|next
    where do|does your|the|these|this @answers come from
    where do|did you get|find|take it|this|that|these|your|the @answers? from
    how do you know that|this|it|the_answer?
    can|should|do|may i trust|rely_on|believe you|this|that|it|them|your|the|these @answers?
    what does|is|do the|your|this|these? @confidence score|value? mean|means?
    how accurate|reliable|good|sure|certain|correct are|is you|this|it|your|the @answers?
    why can|do|did|could not? you not? answer|find|know|say|decline it|that|this|me|my|question*
"""

_LIBRARY = """
    what do|have|can|did|could you|i|we @holding+
"""

_SUMMARY = """
    @summarise for_me|for_us? ...
    @summarise
    brief|fill_in|update|fill me|us on|in_on|about ...
    explain|describe to_me|to_us? ...
    sum it|this|that|all|everything|them up
    tell_me|tell_us|talk more|something? about ...
    a|an|the|your|some|any|me? @short* @digest @of
    a|an|the|your|some|any? @short* @main+ @points @of
    in a_nutshell|short|brief|summary|a_few_words|one_sentence|other_words
    long story short
    what is|are|was|were the|its|their|your @short* @main* @digest|@points @of
    what is|are|was|were @this+ all? about
    what do|does|did @this+ say|tell_us|tell_me|mean
    compose|create|generate|invent me|us? a|an|the|some|another @short* @composed @of
    a|an|another @short* essay|poem|report|letter|email|speech|blog_post|post|song|joke @of
"""

_LATEST = """
    what|which? is|are|was|were? there? the|any|all|some|my* very? @new @news? @lately* @of @when*
    what? is|are? the? @new ... @newses
    what else? is there? new|fresh @lately* @of @when*
    @any* anything|something? new @news? @lately* @of @when*
    @any+ @new? @headlines @lately* @of @when*
    the|all? @headlines @of @when*
    @any* the|all* @newses @dated* @day
    what|anything|something else|all|has|did|was|is|have* @printed @lately+ @of @when*
    what is going_on|happening @lately* @of @when*
    what? is|are? the? @day @news
    @day and|or? @day?
    catch|bring me up to_date|to_speed? @of
"""

_LANGUAGE = """
    translate ...
    speak|answer|reply|respond|write|talk to_me|me? in ...
    do|can|could you|i|we speak|understand|know|read|ask|talk|write|answer in? ...
"""

_FORMS: tuple[tuple[ReplyKind, list[re.Pattern[str]]], ...] = (
    ("help", compiled(_HELP, polite=True)),
    ("library", compiled(_LIBRARY, polite=True)),
    ("latest", compiled(_LATEST, polite=True)),
    ("summary", compiled(_SUMMARY, polite=True)),
    ("language", compiled(_LANGUAGE)),
)

# A message of these words alone that holds one of the first and one of the second is about the
# library: "Which newspapers do you have?", not "Which newspapers did the mayor buy?".
_SHELVES = frozenset(
    """articles files documents docs texts stories sources outlets newspapers papers publications
    titles topics subjects themes library collection archive corpus database news""".split()
)
_MINE = frozenset(
    """i you we my your our me us here library collection archive corpus database list show
    display name number count size cover covered covers include included includes loaded added
    uploaded imported indexed stored saved available oldest earliest far dates range period all
    contain contains browse""".split()
)
_COMPANY = (_SHELVES | _MINE | FUNCTION | DETERMINERS) | frozenset(
    """give tell see read total amount big large full empty article file document span time date
    year years days got search searchable add upload import load please let complete different kinds
    kind types inside currently need like want back go reach last can ask look content contents
    okay what which""".split()
)
_OTHERS = frozenset("who whom whose where why was were he she they his her him".split())
# "How many articles are there?" asks for ours, "How many sources are there?" for some story's.
_PLAIN = frozenset("articles documents files docs texts newspapers outlets publications".split())
_OLDEST = frozenset("oldest earliest".split())
_ALONE = frozenset("library collection archive articles sources outlets titles topics".split())

_PERIOD = re.compile(rf"\b(?:{PERIODS}|tonight|last_night|this_morning)\b".replace("_", " "))
_SAME_DAY = {"tonight": "today", "this morning": "today", "last night": "yesterday"}


def request(message: str) -> Request | None:
    """Tell what a message asks for, if that is no question to the articles.

    Args:
        message: Any text, without greetings around it.

    Returns:
        A request of kind "help", "library", "summary", "latest" or "language", or None.

    >>> request("latest on the tram strike")
    Request(kind='latest', topic='the tram strike', period='')
    >>> request("What was the latest figure for the fire?")
    """
    text = folded(message)
    if not text or text.count(" ") >= LONGEST:
        return None
    for kind, forms in _FORMS:
        if kind == "library" and _about_library(text.split()):
            return Request(kind)
        for form in forms:
            found = form.fullmatch(f"{text} ")
            if found and _fits(kind, found):
                return Request(kind, _to_the_letter(_topic(found), message), _period(text))
    return None


def _to_the_letter(topic: str, message: str) -> str:
    """Find a folded topic in its message: "Petrel-2" for "petrel 2"."""
    words = (re.escape(word) for word in topic.split())
    found = re.search(r"[\W_]+".join(words), message, re.IGNORECASE)
    return found[0] if found else topic


def _about_library(words: list[str]) -> bool:
    said = set(words)
    if len(words) == 1:
        return bool(said & _ALONE)
    named = said & _SHELVES or (said & _OLDEST and said & {"article", "document", "file"})
    dated = _PERIOD.search(" ".join(words))
    ours = said & _MINE or ("there" in said and said & _PLAIN)
    return bool(named and ours) and said <= _COMPANY and not (said & _OTHERS or dated)


def _fits(kind: ReplyKind, found: re.Match[str]) -> bool:
    """Refuse "explain why …" as a summary, and "do you know him?" as a question of languages."""
    topic = set(_topic(found).split())
    if kind == "language":
        return found[0].startswith("translate ") or bool(topic & LANGUAGES)
    return not (kind == "summary" and topic & WH)


def _topic(found: re.Match[str]) -> str:
    return (found.groupdict().get("topic") or "").strip()


def _period(text: str) -> str:
    found = _PERIOD.search(text)
    return _SAME_DAY.get(found[0], found[0]) if found else ""
