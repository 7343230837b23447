"""A message to a reply: small talk, facts of the library, the newest, or answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.conversation.days import days_of
from qa.conversation.questions import is_yes_no
from qa.conversation.shelf import Entry, described, entries, listed, named, on_topic
from qa.conversation.smalltalk import is_farewell
from qa.conversation.understanding import Meaning, understand
from qa.types import Answer, Article, Citation, Hit, Reply, ReplyKind

__all__ = ["Facts", "reply"]

_History = Sequence[tuple[str, str | None]]
_Ask = Callable[[str, _History], Answer]

# Questions of one message that are answered; each takes as long as one alone.
_MOST = 5

_HELLO = "Hello. Ask who, what, when, where, why or how many, and I quote what your articles say."
_GOODBYE = "Goodbye."
_WELCOME = "You are welcome. Ask on whenever you like."
_HELP = """
I find passages in your articles and quote them word for word, with their source. I write nothing \
of my own.
Ask who, what, when, where, why or how many, best one fact at a time; "And where?" follows on.
The percentage is the chance that an answer is right. Where the articles do not say, I say so.
"Add articles" or `citespan add` brings in more; "What is in my library?" tells what is there.
""".strip()
_EMPTY = 'There is no article to ask yet. "Add articles" or `citespan add` brings some in.'
_NO_SUMMARY = (
    "I find passages and quote them; I do not write summaries or texts of my own. "
    "Ask who, what, when, where, why or how many."
)
_ENGLISH = (
    "The articles are asked in English and quoted as they are written: please ask in English. "
    "I do not translate."
)
_EVIDENCE = "This is what your articles say. I do not answer yes or no: judge by the passage."
_NO_EVIDENCE = "Your articles do not seem to say."


@dataclass(frozen=True, slots=True)
class Facts:
    """What replies tell of the library.

    Args:
        articles: Gives the articles that may be asked; called where a reply speaks of them.
        search: Finds passages of them, best first; called where a reply names a topic's articles.
        called: What to call them, in the plural.
        today: The day that "yesterday" counts from.
        examples: Questions to try.
    """

    articles: Callable[[], Iterable[Article]]
    search: Callable[[str], Sequence[Hit]]
    called: str
    today: date
    examples: tuple[str, ...] = ()


def reply(message: str, history: _History, ask: _Ask, facts: Facts) -> Reply:
    """Reply to what somebody typed into a chat.

    Args:
        message: Any text with something in it.
        history: The turns before it, question and answer text (None for a decline), oldest first.
        ask: Answers one question, given the turns before it.
        facts: Of the library.

    Returns:
        The reply; only its answers hold words of the articles, beside their titles.

    Raises:
        CitespanError: What ``ask`` raises.
    """
    meaning = understand(message)
    return _REPLIES[meaning.kind](_Turn(message, meaning, history, ask, facts))


@dataclass(frozen=True, slots=True)
class _Turn:
    message: str
    meaning: Meaning
    history: _History
    ask: _Ask
    facts: Facts

    def said(self, text: str, *answers: Answer) -> Reply:
        return Reply(self.meaning.kind, text, answers)


def _greeting(turn: _Turn) -> Reply:
    return turn.said(_GOODBYE if is_farewell(turn.message) else _HELLO)


def _thanks(turn: _Turn) -> Reply:
    return turn.said(_WELCOME)


def _help(turn: _Turn) -> Reply:
    examples = "".join(f"\n- {one}" for one in turn.facts.examples)
    return turn.said(_HELP + (f"\nFor example:{examples}" if examples else ""))


def _language(turn: _Turn) -> Reply:
    name = turn.meaning.topic
    return turn.said(f"This looks like {name}. {_ENGLISH}" if name else _ENGLISH)


def _library(turn: _Turn) -> Reply:
    shown = entries(turn.facts.articles())
    return turn.said(described(shown, turn.facts.called) if shown else _EMPTY)


def _summary(turn: _Turn) -> Reply:
    topic = turn.meaning.topic
    about = _about(turn, entries(turn.facts.articles())) if named(topic) else []
    return turn.said(_NO_SUMMARY + (f"\nOn {topic}:\n{listed(about)}" if about else ""))


def _latest(turn: _Turn) -> Reply:
    """List the newest articles; no span of them is "the latest"."""
    shown = entries(turn.facts.articles())
    if not shown:
        return turn.said(_EMPTY)
    topic = turn.meaning.topic if named(turn.meaning.topic) else ""
    about = _about(turn, shown) if topic else shown
    if not about:
        return turn.said(f"No article speaks of {topic}. The newest of all:\n{listed(shown)}")
    intro, chosen = _within(turn.meaning.period, turn.facts.today, about, topic)
    return turn.said(f"{intro}\n{listed(chosen)}")


def _within(period: str, today: date, about: list[Entry], topic: str) -> tuple[str, list[Entry]]:
    """Choose the articles of a period, and word what they are; all where it has none."""
    on = f" on {topic}" if topic else ""
    if not period:
        return f"The newest{on}:", about
    first, last = days_of(period, today)
    when = f"{period} ({first})" if first == last else f"{period} ({first} to {last})"
    within = [one for one in about if one.published and first <= one.published <= last]
    if within:
        return f"Published {when}{on}:", within
    return f"No article{on} was published {when}. The newest{on}:", about


def _about(turn: _Turn, shown: Sequence[Entry]) -> list[Entry]:
    """Find the articles on the topic that a message names."""
    return on_topic(turn.meaning.topic, turn.facts.search(turn.meaning.topic), shown)


def _yes_no(turn: _Turn) -> Reply:
    answer = _evidence(turn.ask(turn.meaning.questions[0], turn.history))
    return turn.said(_EVIDENCE if answer.citations else _NO_EVIDENCE, answer)


def _several(turn: _Turn) -> Reply:
    """Answer each question with those before it as its history."""
    asked = turn.meaning.questions
    turns = list(turn.history)
    answers = []
    for question in asked[:_MOST]:
        answer = turn.ask(question, turns)
        turns.append((question, answer.text))
        answers.append(_evidence(answer) if is_yes_no(question) else answer)
    if len(asked) > _MOST:
        return turn.said(f"The first {_MOST} of your {len(asked)} questions:", *answers)
    return turn.said(f"Your {len(asked)} questions, one by one:", *answers)


def _question(turn: _Turn) -> Reply:
    return turn.said("", turn.ask(turn.meaning.questions[0], turn.history))


def _evidence(answer: Answer) -> Answer:
    """Quote whole sentences: "Sunday" alone is no evidence for a yes or a no."""
    citations = tuple(_whole(one, answer.hits) for one in answer.citations)
    return replace(answer, text=citations[0].quote if citations else None, citations=citations)


def _whole(citation: Citation, hits: Sequence[Hit]) -> Citation:
    """Widen a citation to its sentence, where a passage that was found holds all of that."""
    for chunk in (hit.chunk for hit in hits):
        same = chunk.article_id == citation.article_id
        if same and chunk.span.contains(citation.sentence):
            quote = citation.sentence.shifted(-chunk.span.start).of(chunk.text)
            return replace(citation, span=citation.sentence, quote=quote)
    return citation


_REPLIES: dict[ReplyKind, Callable[[_Turn], Reply]] = {
    "greeting": _greeting,
    "thanks": _thanks,
    "help": _help,
    "library": _library,
    "summary": _summary,
    "yes_no": _yes_no,
    "several": _several,
    "language": _language,
    "latest": _latest,
    "question": _question,
}
