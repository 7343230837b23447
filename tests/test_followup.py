"""Follow-up questions: each rule where it applies and where it does not, over four short stories.

The fake search scores a text by the share of the question's words that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from time import perf_counter

import pytest

from qa.followup import resolve
from qa.types import Chunk, Hit, Span

TEXTS = """
The fire at Ostrell was first seen by a walker, Lorenz Pavan, on 8 May. He rang from a farm.
Ingrid Sollberg, mayor of Ostrell since 2014, thanked the crews. She lost her own barn in the fire.
The airline Aurelle Air was grounded in March. Its chief, Petra Vancourt, resigned. She ran it long.
The Corran bridge, built in 1931 by the engineer Tomas Weld, will be closed until October.
The Lake Immer ferry sank off Port Hallow with 40 people aboard; 31 were rescued by Jonas Reed.
""".strip().split("\n")


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def search(question: str) -> list[Hit]:
    asked = words(question)
    scores = [len(asked & words(text)) / max(len(asked), 1) for text in TEXTS]
    best = sorted(range(len(TEXTS)), key=lambda at: (-scores[at], at))
    return [
        Hit(Chunk(str(at), Span(0, len(TEXTS[at])), TEXTS[at]), scores[at], rank)
        for rank, at in enumerate(best, start=1)
    ]


class Counting:
    """Searches, and remembers what for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, question: str) -> Sequence[Hit]:
        self.asked.append(question)
        return search(question)


SEEN = ("When was the Ostrell fire first seen?", "8 May")
WALKER = ("Who first saw the Ostrell fire?", "Lorenz Pavan")
MAYOR = ("Who is mayor of Ostrell?", "Ingrid Sollberg")
AIRLINE = ("Which airline was grounded in March?", "Aurelle Air")
CHIEF = ("Who was chief executive of Aurelle Air?", "Petra Vancourt")
BRIDGE = ("When was the Corran bridge built?", "1931")
ENGINEER = ("Who built the Corran bridge?", "the engineer Tomas Weld")
FERRY = ("How many people did Jonas Reed rescue from the Lake Immer ferry?", "31")
WHERE = ("Where did the Lake Immer ferry sink?", "Port Hallow")
HARBOUR = ("Where did the ferry sink?", "near a harbour in Hallow")

RESOLVED = [
    pytest.param("Where?", [SEEN], "Where was the Ostrell fire first seen?", id="where"),
    pytest.param("By whom?", [SEEN], "By whom was the Ostrell fire first seen?", id="by-whom"),
    pytest.param("When?", [WALKER], "Who first saw the Ostrell fire, and when?", id="when"),
    pytest.param(
        "When exactly?", [SEEN], "When exactly was the Ostrell fire first seen?", id="when-exactly"
    ),
    pytest.param(
        "Why?", [FERRY], "Why did Jonas Reed rescue 31 people from the Lake Immer ferry?", id="why"
    ),
    pytest.param(
        "In how many trips?",
        [FERRY],
        "In how many trips did Jonas Reed rescue 31 people from the Lake Immer ferry?",
        id="in-how-many-trips",
    ),
    pytest.param(
        "How many?",
        [("Were people rescued from the Lake Immer ferry?", "31")],
        "How many were people rescued from the Lake Immer ferry?",
        id="how-many",
    ),
    pytest.param(
        "Since when?", [MAYOR], "Since when is Ingrid Sollberg mayor of Ostrell?", id="since-when"
    ),
    pytest.param(
        "At what time?", [WHERE], "At what time did the Lake Immer ferry sink?", id="at-what-time"
    ),
    pytest.param("And why?", [BRIDGE], "Why was the Corran bridge built?", id="and-why"),
    pytest.param("But where?", [BRIDGE], "Where was the Corran bridge built?", id="but-where"),
    pytest.param(
        "Where?",
        [("Who died in the fire?", None)],
        "Who died in the fire, and where?",
        id="where-2",
    ),
    pytest.param(
        "By whom?",
        [("What was searched in Ostrell?", "the office")],
        "By whom was the office searched in Ostrell?",
        id="by-whom-2",
    ),
    pytest.param(
        "Until when?",
        [("What will close the Corran bridge?", "the storm")],
        "Until when will the storm close the Corran bridge?",
        id="until-when",
    ),
    pytest.param(
        "And in 2019?",
        [("Who was mayor of Ostrell in 2014?", "Ingrid Sollberg")],
        "Who was mayor of Ostrell in 2019?",
        id="and-in-2019",
    ),
    pytest.param("And in 2019?", [MAYOR], "Who is mayor of Ostrell in 2019?", id="and-in-2019-2"),
    pytest.param(
        "In Port Hallow?",
        [("How many people live in Ostrell?", "900")],
        "How many people live in Port Hallow?",
        id="in-port-hallow",
    ),
    pytest.param(
        "And in the second?",
        [("How many fell ill in the first group?", "19")],
        "How many fell ill in the second group?",
        id="and-in-the-second",
    ),
    pytest.param(
        "And in October?",
        [BRIDGE],
        "When was the Corran bridge built in October?",
        id="and-in-october",
    ),
    pytest.param(
        "What about the bridge?",
        [SEEN],
        "When was the bridge first seen?",
        id="what-about-the-bridge",
    ),
    pytest.param(
        "How about Tomas Weld?",
        [("How old is Lorenz Pavan?", "40")],
        "How old is Tomas Weld?",
        id="how-about-tomas-weld",
    ),
    pytest.param("And the ferry?", [BRIDGE], "When was the ferry built?", id="and-the-ferry"),
    pytest.param("The ferry?", [BRIDGE], "When was the ferry built?", id="the-ferry"),
    pytest.param(
        "What about the bridge, when was it built?",
        [SEEN],
        "When was the bridge built?",
        id="what-about-the-bridge-when-was-it-built",
    ),
    pytest.param(
        "What about the children, how many were hurt?",
        [FERRY],
        "How many of the children were hurt?",
        id="what-about-the-children-how-many-were-hu",
    ),
    pytest.param(
        "What about those who swam?",
        [("How many people sank with the ferry?", "9")],
        "How many people swam?",
        id="what-about-those-who-swam",
    ),
    pytest.param(
        "And Ingrid Sollberg?",
        [("How old is Lorenz Pavan?", "40")],
        "How old is Ingrid Sollberg?",
        id="and-ingrid-sollberg",
    ),
    pytest.param("How old is he?", [WALKER], "How old is Lorenz Pavan?", id="how-old-is-he"),
    pytest.param("How old is she?", [MAYOR], "How old is Ingrid Sollberg?", id="how-old-is-she"),
    pytest.param("What is his job?", [WALKER], "What is Lorenz Pavan's job?", id="what-is-his-job"),
    pytest.param(
        "Who gave her the idea?",
        [MAYOR],
        "Who gave Ingrid Sollberg the idea?",
        id="who-gave-her-the-idea",
    ),
    pytest.param("Who thanked him?", [WALKER], "Who thanked Lorenz Pavan?", id="who-thanked-him"),
    pytest.param(
        "Is that his farm?", [WALKER], "Is that Lorenz Pavan's farm?", id="is-that-his-farm"
    ),
    pytest.param(
        "And who held the post before her?",
        [MAYOR],
        "Who held the post before Ingrid Sollberg?",
        id="and-who-held-the-post-before-her",
    ),
    pytest.param(
        "How old is he?", [WALKER, MAYOR], "How old is Lorenz Pavan?", id="how-old-is-he-2"
    ),
    pytest.param(
        "How old is she?", [MAYOR, WALKER], "How old is Ingrid Sollberg?", id="how-old-is-she-2"
    ),
    pytest.param(
        "How old is she?", [CHIEF, AIRLINE], "How old is Petra Vancourt?", id="how-old-is-she-3"
    ),
    pytest.param(
        "Why did she resign?", [CHIEF], "Why did Petra Vancourt resign?", id="why-did-she-resign"
    ),
    pytest.param(
        "Why did he leave?",
        [ENGINEER],
        "Why did the engineer Tomas Weld leave?",
        id="why-did-he-leave",
    ),
    pytest.param(
        "What does she do now?",
        [("How did Lorenz Pavan get help?", "his daughter Leni ran home")],
        "What does Lorenz Pavan's daughter Leni do now?",
        id="what-does-she-do-now",
    ),
    pytest.param(
        "Who is its chief executive?",
        [AIRLINE],
        "Who is Aurelle Air's chief executive?",
        id="who-is-its-chief-executive",
    ),
    pytest.param("Who built it?", [BRIDGE], "Who built the Corran bridge?", id="who-built-it"),
    pytest.param(
        "How long is it?", [BRIDGE], "How long is the Corran bridge?", id="how-long-is-it"
    ),
    pytest.param(
        "How many staff does that have?",
        [AIRLINE],
        "How many staff does Aurelle Air have?",
        id="how-many-staff-does-that-have",
    ),
    pytest.param(
        "Why was that closed?",
        [BRIDGE],
        "Why was the Corran bridge closed?",
        id="why-was-that-closed",
    ),
    pytest.param("Who lives there?", [WHERE], "Who lives in Port Hallow?", id="who-lives-there"),
    pytest.param(
        "How long does it take to get there?",
        [WHERE],
        "How long does it take to get to Port Hallow?",
        id="how-long-does-it-take-to-get-there",
    ),
    pytest.param(
        "Who works there?", [HARBOUR], "Who works near the harbour in Hallow?", id="who-works-there"
    ),
    pytest.param(
        "Who came from there?", [WHERE], "Who came from Port Hallow?", id="who-came-from-there"
    ),
    pytest.param(
        "How many of them died?",
        [FERRY],
        "How many of the people of the Lake Immer ferry died?",
        id="how-many-of-them-died",
    ),
    pytest.param(
        "Where did they meet?",
        [("Who is the husband of Petra Vancourt?", "Jonas Reed")],
        "Where did Jonas Reed meet?",
        id="where-did-they-meet",
    ),
    pytest.param(
        "What will it cost to repair them?",
        [("When were the Ostrell barns burned?", "8 May")],
        "What will it cost to repair the Ostrell barns?",
        id="what-will-it-cost-to-repair-them",
    ),
    pytest.param(
        "What was built then?", [BRIDGE], "What was built in 1931?", id="what-was-built-then"
    ),
    pytest.param(
        "How many are still missing?",
        [("How many people has the Kapune landslide killed?", "31")],
        "How many people are still missing in the Kapune landslide?",
        id="how-many-are-still-missing",
    ),
    pytest.param(
        "How many died in the one of 1931?",
        [("How many people has the Kapune landslide killed?", "31")],
        "How many people died in the Kapune landslide of 1931?",
        id="how-many-died-in-the-one-of-1931",
    ),
    pytest.param("And his name?", [WALKER], "What is Lorenz Pavan's name?", id="and-his-name"),
    pytest.param("Her husband?", [MAYOR], "Who is Ingrid Sollberg's husband?", id="her-husband"),
    pytest.param("Its length?", [BRIDGE], "What is the Corran bridge's length?", id="its-length"),
    pytest.param(
        "How old is she?",
        [("Who was elected mayor of Ostrell?", None)],
        "How old is the person who was elected mayor of Ostrell?",
        id="how-old-is-she-4",
    ),
    pytest.param(
        "Who runs it?",
        [("Which company makes Otosyl?", None)],
        "Who runs the company that makes Otosyl?",
        id="who-runs-it",
    ),
    pytest.param(
        "Where was he born?",
        [WALKER, ("How old is he?", "41")],
        "Where was Lorenz Pavan born?",
        id="where-was-he-born",
    ),
    pytest.param(
        "And why?",
        [WALKER, ("When did he ring the fire service?", "8 May")],
        "Why did Lorenz Pavan ring the fire service?",
        id="and-why-2",
    ),
    pytest.param(
        "By whom?",
        [AIRLINE, ("When was it grounded?", "March")],
        "By whom was Aurelle Air grounded?",
        id="by-whom-3",
    ),
    pytest.param(
        "And who owns the airline?",
        [AIRLINE],
        "Who owns the airline Aurelle Air?",
        id="and-who-owns-the-airline",
    ),
    pytest.param(
        "And how did the airline's chief react?",
        [AIRLINE],
        "How did Aurelle Air's chief react?",
        id="and-how-did-the-airline-s-chief-react",
    ),
    pytest.param(
        "And who came third?",
        [("Who won the race at Lake Immer?", "Jonas Reed")],
        "Who came third at Lake Immer?",
        id="and-who-came-third",
    ),
]


@pytest.mark.parametrize(("question", "history", "expected"), RESOLVED)
def test_follow_up_stands_alone(question, history, expected):
    assert resolve(question, history, search) == expected


STORIES = [SEEN, WALKER, MAYOR, AIRLINE, CHIEF, BRIDGE, ENGINEER, FERRY, WHERE]

ALONE = [
    "Who is mayor of Ostrell?",
    "When was the Corran bridge built?",
    "Which airline was grounded in March?",
    "  Who built the Corran bridge?  ",
    "What did Ingrid Sollberg lose in her barn?",
    "What did Petra Vancourt say when she resigned?",
    "Which ferry sank after it left Port Hallow?",
    "Which villagers say that they saw the Ostrell fire?",
    "What illness in his own family drew Tomas Weld to medicine?",
    "How did the engineer Tomas Weld earn his living?",
    "What did the mayor of Quellmar say before she left?",
    "What did Aurelle Air do once it was grounded?",
    "Where did the Lake Immer ferry take its passengers?",
    "Is there a hospital in Port Hallow?",
    "How many people were there aboard?",
    "How many barns are there in Ostrell?",
    "What share of juvenile bats flew to Heron Bay?",
    "How heavy is a greater salt bat?",
    "How long can a whale live?",
    "Why do cats purr?",
    "Who said that the fire at Ostrell was arson?",
    "What became of the boat that was raised from Lake Immer?",
    "What happened in Ostrell that day?",
    "How much does it cost to cross the Corran bridge?",
    "corran bridge toll price",
    "lake immer ferry passengers number",
    "otosyl price per month",
    "Tell me about the Corran bridge.",
    "Quellmar",
    "mayor",
    "In which building does the mayor of Quellmar take her oath?",
    "Whose barn in Ostrell burned?",
    "And in the Corran case, until when will the bridge stay shut?",
    "Of the barns, what number burned?",
    "By the last count, how many villagers are missing?",
    "Which singer paid for the roof out of her savings?",
    "How many farms will have their meters read in May?",
    "By how much did older pupils raise their marks?",
    "Which ferry line kept to its timetable?",
    "What words did the deputy harbour master choose for her refusal?",
    "Whose task is it to count the ballots of Ostrell?",
    "How is it that nobody came?",
    "Where were those evacuated from the valley given beds?",
    "Which hotel suits those on low wages?",
    "How much did the hotelier offer for the bankrupt airline?",
    "Should the repairs fail, who will pay for the tolls?",
    "What about",
    "¿Quién es el alcalde de Quellmar?",
    "Wer ist der Direktor von Brunnsee?",
]


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("story", range(len(STORIES)), ids=[one[0] for one in STORIES])
def test_question_that_stands_alone_is_untouched(question, story):
    assert resolve(question, [STORIES[story - 1], STORIES[story]], search) == question


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Where?", id="ellipsis"),
        pytest.param("How old is he?", id="pronoun"),
        pytest.param("And the bridge?", id="topic"),
        pytest.param("", id="empty"),
    ],
)
def test_without_history_nothing_changes(question):
    counting = Counting()
    assert resolve(question, [], counting) == question
    assert counting.asked == []


@pytest.mark.parametrize(
    ("question", "history"),
    [
        pytest.param("How old is she?", [("How many fires were there?", "9")], id="nobody-named"),
        pytest.param("Who lives there?", [("How old is Ingrid Sollberg?", "47")], id="no-place"),
        pytest.param("Where?", [("hello", None)], id="nothing-asked"),
        pytest.param("What about the bridge?", [("Why?", None)], id="no-topic-to-replace"),
        pytest.param("What was built then?", [SEEN], id="then-without-a-year"),
    ],
)
def test_follow_up_without_anything_that_fits_is_untouched(question, history):
    assert resolve(question, history, search) == question


def test_searches_only_to_choose():
    counting = Counting()
    assert resolve("Where?", [SEEN], counting) == "Where was the Ostrell fire first seen?"
    assert resolve("Who is mayor of Ostrell?", [SEEN, WALKER], counting) != ""
    assert counting.asked == []


def test_few_readings_are_searched_whatever_the_history():
    counting = Counting()
    names = [("Who met Ada Fell, Bea Gore, Cy Hale, Di Ives and Ed Jarl?", "Flo Kerr")] * 20
    resolve("Where did he and she see it and them there?", names, counting)
    assert len(counting.asked) <= 7


def test_earlier_follow_ups_are_resolved_in_order():
    history = [WALKER, ("Where was he born?", "Port Hallow"), ("Who runs it?", None)]
    assert resolve("And when?", history[:2], search) == "When was Lorenz Pavan born?"
    assert resolve("How old is he?", history, search) == "How old is Lorenz Pavan?"


def test_the_articles_say_who_is_a_he_and_who_a_she():
    for history in ([WALKER, MAYOR], [MAYOR, WALKER]):
        assert resolve("How old is he?", history, search) == "How old is Lorenz Pavan?"
        assert resolve("How old is she?", history, search) == "How old is Ingrid Sollberg?"


def test_a_name_that_only_finds_its_own_passage_is_not_put_in():
    question = "What did the walker say about the bridge?"
    assert resolve(question, [AIRLINE], search) == question
    assert resolve("And who owns the airline?", [AIRLINE], search).endswith("Aurelle Air?")


def test_who_lost_his_life_needs_nobody_from_the_history():
    question = "Who was the first to lose his life in the Ostrell fire?"
    assert resolve(question, [ENGINEER, FERRY], search) == question
    assert resolve("Who saved his life?", [ENGINEER], search) == (
        "Who saved the engineer Tomas Weld's life?"
    )


def test_what_was_counted_can_be_meant():
    history = [("How many masks stay with the museum on loan?", "six")]
    assert resolve("How old are they?", history, search) == "How old are the masks?"


def test_no_hits_leave_recency_to_choose():
    assert resolve("How old is he?", [MAYOR, WALKER], lambda _: []) == "How old is Lorenz Pavan?"


NASTY = [
    pytest.param("", id="empty"),
    pytest.param("   ", id="spaces"),
    pytest.param("?", id="mark"),
    pytest.param("👩‍👩‍👧‍👦🔥?", id="emoji"),
    pytest.param("12 + 30 = ?", id="no-letters"),
    pytest.param("And " * 500, id="and-2000"),
    pytest.param("his " * 500, id="his-2000"),
    pytest.param("the " * 500, id="the-2000"),
    pytest.param("A" * 2_000, id="one-word-2000"),
    pytest.param("X's " * 500, id="possessives-2000"),
    pytest.param("where " * 333, id="where-2000"),
    pytest.param("it,it,it " * 222, id="commas-2000"),
    pytest.param("\x00\u202e\u200d his", id="controls"),
    pytest.param("من هو رئيس بلدية أوستريل؟", id="arabic"),
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("(((((((((.*)+)+)+)+)+", id="pattern"),
    pytest.param("'s", id="ending"),
    pytest.param("The ()", id="article-and-marks"),
    pytest.param("of of of of", id="prepositions"),
    pytest.param("What about , ?", id="no-topic"),
    pytest.param("What about , what?", id="no-topic-but-a-question"),
    pytest.param("And", id="opening-alone"),
]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_question(text):
    started = perf_counter()
    resolved = resolve(text, [WALKER, BRIDGE], search)
    assert isinstance(resolved, str)
    assert perf_counter() - started < 2
    if len(text) > 400 or not re.search(r"[^\W\d_]", text):
        assert resolved == text


@pytest.mark.parametrize("text", NASTY)
def test_nasty_history(text):
    started = perf_counter()
    history = [(text, text), (text, None), ("", "")] * 3
    for question in ("Where?", "How old is he?", "What about the bridge?", "And in 2019?", "Whom?"):
        assert isinstance(resolve(question, history, search), str)
        assert isinstance(resolve(question, [*history, (text, text)], search), str)
    assert resolve(MAYOR[0], history, search) == MAYOR[0]
    assert perf_counter() - started < 10
