"""A small notation for the forms of messages, so that their tables read like examples.

A line is one form. ``a|b`` is either word, ``_`` a space within one of them; ``?`` may be left out,
``*`` and ``+`` may be repeated; ``@name`` stands for a list of words in ``_NAMED``; ``...`` is
whatever is asked about, and ``@of`` the same behind "of" or "about", where there is any.
"""

from __future__ import annotations

import re

__all__ = ["PERIODS", "compiled", "either"]

PERIODS = (
    "the_day_before_yesterday|today|yesterday|this_week|last_week|this_month|last_month|this_year"
)

_NAMED = {
    # What surrounds a request without changing it.
    "polite": """please|kindly|just|so|okay|and|now|then|also|maybe|can_you|could_you|will_you|
        would_you|can_i_have|could_i_have|can_i_get|may_i_have|can_i_see|i_want|i_need|i_would_like|
        id_like|i_want_you|i_need_you|to|to_see|to_read|to_have|to_know|to_get|let_us|
        i_am_looking_for|give|give_me|give_us|show_me|show|tell_me|get_me|send_me|find_me|bring_me|make|
        make_me|write|write_me|draft|prepare|do|provide|list|read_me""",
    "end": "please|now|here|for_me|for_us|again|thanks|thank_you|then|in_english|quickly",
    "of": "of|on|about|for|regarding|concerning|from|in|into|with|around",
    # Small talk.
    "good": """great|perfect|cool|awesome|excellent|nice|good|brilliant|wonderful|fantastic|amazing|
        lovely|super|helpful|useful|fine|interesting|impressive|neat|sweet""",
    "how": "really|very|so|super|most|quite|just|all",
    # Help.
    "tool": """app|tool|page|site|chat|program|programme|thing|place|search|library|it|this|that|
        you|here|a|an|the|my|new|answer|answers|article|articles|file|files|question|questions|now|all|
        with|started|things|it_all""",
    "ai": """ai|bot|robot|chatbot|chatgpt|gpt|human|person|machine|computer|llm|language_model|
        assistant|real|sure|certain|serious|alive""",
    "aside": "you|me|here|next|first|about|with_this|with_it|with_you|this_for",
    "use": """use|ask|add|upload|import|remove|delete|start|begin|get|search|filter|work|answer|
        know""",
    "kinds": "kind_of|kinds_of|sort_of|sorts_of|type_of|types_of",
    "manual": """instruction|instructions|manual|guide|tutorial|commands|options|menu|faq|
        documentation|usage|introduction""",
    "answers": "answer|answers|fact|facts|quote|quotes|results|data|information",
    "confidence": "confidence|score|percentage|percent|number|numbers|probability",
    # The library.
    "holding": """have|got|know|hold|store|read|see|search|add|added|upload|uploaded|import|
        imported|load|loaded|about|here|in_here|now|already|so_far""",
    # Summaries.
    "summarise": """summarise|summarize|sum_up|recap|outline|paraphrase|condense|shorten|rephrase|
        simplify""",
    "this": """this|that|the|these|those|my|all|it|them|everything|whole|full|entire|current|
        article|articles|text|texts|story|stories|news|piece|document|documents|page|file|files""",
    "short": "short|brief|quick|long|nice|good|full|detailed|concise|simple|little|small|one_page",
    "digest": """summary|summaries|synopsis|overview|gist|tldr|recap|digest|abstract|outline|
        highlight|highlights|bullet_point|bullet_points|takeaway|takeaways|key_point|key_points|
        bottom_line|main_idea""",
    "main": "main|key|most|important|central|essential|major|biggest",
    "points": "point|points|fact|facts|idea|ideas|findings|message|things|takeaways|details|topics",
    "composed": """essay|report|text|poem|story|article|post|blog_post|email|letter|song|tweet|
        speech|paragraph|haiku|joke""",
    # The newest.
    "day": f"{PERIODS}|tonight|this_morning|this_afternoon|this_evening|last_night",
    "lately": "@day|lately|recently|these_days|right_now|just_now|now|currently|so_far",
    "when": "from|of|in|@lately",
    "new": "latest|newest|recent|most_recent|freshest",
    "news": """news|article|articles|story|stories|headline|headlines|updates|update|reports|
        report|developments|development|pieces|information|info|one|ones|thing|things""",
    "newses": "articles|stories|news|headlines|reports|updates|developments|things",
    "dated": "is|are|was|were|that|which|published|dated|came|out|from|of|since|for|in",
    "headlines": "news|updates|update|headlines|developments",
    "any": "is_there|are_there|was_there|do_you_have|have_you_got|have_you|what|which|any|some",
    "printed": """happened|happen|happend|reported|published|printed|written|come_out|came_out|
        added|been_reported|been_published|new""",
}


def compiled(table: str, *, polite: bool = False) -> list[re.Pattern[str]]:
    """Turn a table of forms into patterns.

    Args:
        table: One form a line.
        polite: Whether "could you", "please" and the like may stand around each.

    Returns:
        Patterns that match folded messages (see :func:`qa.conversation.folding.folded`) with a
        space behind them; a group "topic" where the form has one.

    >>> [form] = compiled("latest|newest news|article? @of")
    >>> form.fullmatch("newest article on the strike ")["topic"]
    'the strike '
    """
    around = "@polite* {} @end*" if polite else "{}"
    return [re.compile(_form(around.format(line))) for line in _lines(table)]


def either(*tables: str) -> str:
    """Turn tables of forms into one pattern's text, which matches any one of their forms.

    >>> either("hi|hello there?", "bye")
    '(?:(?:(?:hi|hello) )(?:(?:there) )?|(?:(?:bye) ))'
    """
    return f"(?:{'|'.join(_form(line) for table in tables for line in _lines(table))})"


def _lines(table: str) -> list[str]:
    return [line.strip() for line in table.splitlines() if line.strip()]


def _form(line: str) -> str:
    return "".join(_token(token) for token in line.split())


def _token(token: str) -> str:
    if token == "...":  # noqa: S105
        return "(?P<topic>.+? )"
    if token == "@of":  # noqa: S105
        return f"(?:{_token('@of+')}(?P<topic>.+? ))?"
    bare = token.rstrip("?*+")
    return f"(?:(?:{_words(bare)}) ){token[len(bare) :]}"


def _words(listed: str) -> str:
    names = (word.strip() for word in listed.split("|"))
    return "|".join(
        _words(_NAMED[name[1:]]) if name.startswith("@") else name.replace("_", " ")
        for name in names
    )
