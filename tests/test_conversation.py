"""What people type into a chat: every kind with its exact reply, and what must pass as a question.

The messages of data/messages.jsonl were written before the rules; the half marked held out was not
looked at while they were made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from fakes import FakeEmbedder, FakeReader, write_articles

from qa.assistant import Assistant
from qa.conversation import Facts, reply, understand
from qa.conversation.days import days_of
from qa.conversation.languages import language_of
from qa.errors import QuestionError
from qa.library import Library
from qa.samples import samples_folder
from qa.settings import Settings
from qa.types import Answer, Article, Chunk, Citation, Hit, Reply, Span

MESSAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "messages.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
TODAY = date(2024, 3, 6)  # a Wednesday

STRIKE = "The tram strike ended on Friday. Nobody was hurt."
SHELF = [
    Article("a", "Bridge falls", "A bridge fell.", "/a.txt", date(2024, 3, 3), outlet="APS"),
    Article("b", "Tram strike ends", STRIKE, "/b.txt", date(2024, 3, 5), outlet="Courier"),
    Article("c", "Tram drivers walk out", "A strike.", "/c.txt", date(2024, 2, 27), outlet="APS"),
    Article("d", "Old letters", "Found in a loft.", "/d.txt"),
]
NEWEST = """- Tram strike ends (Courier, 2024-03-05)
- Bridge falls (APS, 2024-03-03)
- Tram drivers walk out (APS, 2024-02-27)
- Old letters"""


def hit(article: Article) -> Hit:
    return Hit(Chunk(article.id, Span(0, len(article.text)), article.text), 1.0, 1)


class Asked:
    """Answers every question with "Friday", or declines, and remembers what it was asked."""

    def __init__(self, text: str | None = "Friday") -> None:
        self.text = text
        self.calls: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def __call__(self, question: str, history: Sequence[tuple[str, str | None]]) -> Answer:
        self.calls.append((question, tuple(history)))
        if self.text is None:
            return Answer(question, question, None, 0.1, calibrated=True, hits=(hit(SHELF[1]),))
        start = STRIKE.index(self.text)
        span = Span(start, start + len(self.text))
        sentence = Span(0, STRIKE.index(" Nobody"))
        cited = Citation("b", "Tram strike ends", "/b.txt", "", None, span, self.text, sentence)
        return Answer(
            question,
            question,
            self.text,
            0.9,
            calibrated=True,
            citations=(cited,),
            hits=(hit(SHELF[1]),),
        )


def facts(articles: Sequence[Article] = SHELF, called: str = "articles") -> Facts:
    return Facts(
        articles=lambda: iter(articles),
        search=lambda _: [hit(article) for article in articles],
        called=called,
        today=TODAY,
        examples=("Who fell?",),
    )


def replied(message: str, ask: Asked | None = None) -> Reply:
    return reply(message, (), ask if ask is not None else Asked(), facts())


def share_right(*, held_out: bool) -> float:
    half = [one for one in MESSAGES if one.get("held_out", False) == held_out]
    assert len(half) == 150
    return sum(understand(one["message"]).kind == one["kind"] for one in half) / len(half)


def test_the_messages_are_told_apart() -> None:
    assert share_right(held_out=False) == 1.0


def test_messages_that_the_rules_were_not_made_on_are_told_apart() -> None:
    assert share_right(held_out=True) >= 0.95


def test_no_question_of_the_samples_is_taken_for_something_else() -> None:
    lines = (samples_folder() / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) == 110
    assert [one for one in questions if understand(one).kind != "question"] == []
    assert [one for one in questions if understand(one).questions != (one,)] == []


@pytest.mark.parametrize(
    "question",
    [
        "Who said hello to the mayor?",
        "Who thanked the firefighters?",
        "What helped the crews?",
        "What was the latest figure for the fire?",
        "Who wrote the summary of the report?",
        "Which newspapers did the mayor buy?",
        "How many sources are there?",
        "What is the name of the library that burned down?",
        "Was it the bridge or the tunnel?",
        "Did they say when it opens?",
        "Do you know the name of the captain?",
        "Should repairs drag on, who will pay?",
        "Was there a fine, and if so which?",
        "Who is Carlos de la Cruz?",
        "Hello Kitty was made by whom?",
        "Who is the man who robbed the bank and who fled?",
        "Who said what and to whom?",
        "What about the bridge, when was it built?",
        "When it was raised, what was found?",
        "Explain why the bridge fell",
        "May 2022 boat found",
        "Will Smith film",
        "ship oil leak",
        "And where?",
        "What did the mayor say yesterday?",
        "São Paulo fire",
        "What was in the will and the letters?",
    ],
)
def test_what_only_holds_such_words_is_a_question(question: str) -> None:
    assert understand(question).kind == "question"
    assert understand(question).questions == (question,)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("hi, who won the election?", "who won the election?"),
        ("Hi Citespan! Who won? Thanks!", "Who won?"),
        ("hello who won", "who won"),
        ("Thanks! And where?", "And where?"),
        ("Could you please tell me when it opened?", "when it opened?"),
        ("Do you know in which year it opened?", "in which year it opened?"),
        ("Hello, Dolly! opened when?", "Hello, Dolly! opened when?"),
    ],
)
def test_courtesies_around_a_question_are_not_asked(message: str, asked: str) -> None:
    ask = Asked()
    assert replied(message, ask).kind == "question"
    assert ask.calls == [(asked, ())]


def test_a_question_has_the_answer_that_ask_gives() -> None:
    history = (("Who went on strike?", "the drivers"),)
    ask = Asked()
    found = reply("When did it end?", history, ask, facts())
    assert found == Reply("question", "", (Asked()("When did it end?", history),))
    assert ask.calls == [("When did it end?", history)]


@pytest.mark.parametrize(
    "message", ["hello", "HELLO!!!", "helo", "Hi there 👋", "good morning", "👋"]
)
def test_a_greeting(message: str) -> None:
    text = "Hello. Ask who, what, when, where, why or how many, and I quote what your articles say."
    assert replied(message) == Reply("greeting", text)


def test_a_farewell() -> None:
    assert replied("bye, see you tomorrow!") == Reply("greeting", "Goodbye.")


@pytest.mark.parametrize(
    "message", ["thanks", "tahnks a lot", "thx!!", "ok, great", "👍", "Hi, thanks"]
)
def test_thanks(message: str) -> None:
    assert replied(message) == Reply("thanks", "You are welcome. Ask on whenever you like.")


@pytest.mark.parametrize("message", ["help", "What can you do?", "hlep me pls", "?", "🛶", "..."])
def test_help(message: str) -> None:
    found = replied(message)
    assert (found.kind, found.answers) == ("help", ())
    assert found.text.startswith(
        "I find passages in your articles and quote them word for word, with their source. I write "
        "nothing of my own.\nAsk who, what, when, where, why or how many"
    )
    assert found.text.endswith("\nFor example:\n- Who fell?")


def test_the_library() -> None:
    text = (
        "There are 4 articles to ask, published from 2024-02-27 to 2024-03-05; 1 without a date.\n"
        f"Outlets: APS (2), Courier (1).\nThe newest:\n{NEWEST}"
    )
    assert replied("What's in my library?") == Reply("library", text)


def test_the_library_of_one_sample() -> None:
    found = reply("list all articles", (), Asked(), facts(SHELF[3:], "sample articles"))
    text = "There is 1 sample article to ask; 1 without a date.\nThe newest:\n- Old letters"
    assert found == Reply("library", text)


@pytest.mark.parametrize(
    ("message", "kind"), [("my library?", "library"), ("what's new?", "latest")]
)
def test_an_empty_library(message: str, kind: str) -> None:
    found = reply(message, (), Asked(), facts(()))
    text = 'There is no article to ask yet. "Add articles" or `citespan add` brings some in.'
    assert (found.kind, found.text, found.answers) == (kind, text, ())


def test_long_lists_are_cut() -> None:
    many = [
        Article(f"{at}", f"Day {at}", "x", f"/{at}", date(2024, 1, at), outlet=f"Paper {at:02}")
        for at in range(1, 11)
    ]
    found = reply("what is in my library?", (), Asked(), facts(many)).text.split("\n")
    assert found[1].endswith("Paper 04 (1), Paper 03 (1) and 2 more.")
    assert found[3:] == [f"- Day {at} (Paper {at:02}, 2024-01-{at:02})" for at in (10, 9, 8, 7, 6)]


NO_SUMMARY = (
    "I find passages and quote them; I do not write summaries or texts of my own. "
    "Ask who, what, when, where, why or how many."
)


@pytest.mark.parametrize("message", ["Summarise this", "tl;dr", "What is this article about?"])
def test_a_summary_is_not_written(message: str) -> None:
    ask = Asked()
    assert replied(message, ask) == Reply("summary", NO_SUMMARY)
    assert ask.calls == []


def test_a_summary_of_something_names_the_articles_on_it() -> None:
    about = "\nOn the Tram-Strike:\n- Tram strike ends (Courier, 2024-03-05)\n"
    about += "- Tram drivers walk out (APS, 2024-02-27)"
    assert replied("Please summarize the Tram-Strike") == Reply("summary", NO_SUMMARY + about)
    assert replied("summarise the moon landing").text == NO_SUMMARY


def test_yes_or_no_is_answered_with_the_sentence() -> None:
    found = replied("Did the strike end?")
    [answer] = found.answers
    assert found.kind == "yes_no"
    assert found.text == (
        "This is what your articles say. I do not answer yes or no: judge by the passage."
    )
    assert answer.text == answer.citations[0].quote == "The tram strike ended on Friday."
    assert answer.citations[0].span == answer.citations[0].sentence == Span(0, 32)
    assert STRIKE[0:32] == answer.text
    assert (answer.question, answer.confidence) == ("Did the strike end?", 0.9)


def test_a_sentence_that_no_passage_holds_whole_is_not_quoted() -> None:
    def ask(question: str, history: Sequence[tuple[str, str | None]]) -> Answer:
        return replace(Asked()(question, history), hits=())

    assert reply("Did it end?", (), ask, facts()).answers[0].text == "Friday"


def test_yes_or_no_declines_as_usual() -> None:
    ask = Asked(None)
    found = replied("Did the strike end?", ask)
    assert found.text == "Your articles do not seem to say."
    assert found.answers == (Asked(None)("Did the strike end?", ()),)


@pytest.mark.parametrize(
    "message",
    [
        "Was anyone hurt when the roof fell?",
        "did police arrest anyone",
        "The mayor resigned, didn't he?",
        "Did he resign or not?",
        "Is it true that he resigned?",
        "Do you know whether he resigned?",
        "And isn't the bridge closed?",
        "hi, has the man who fell been found?",
    ],
)
def test_yes_or_no(message: str) -> None:
    assert understand(message).kind == "yes_no"


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("Who won and how many voted?", ["Who won?", "How many voted?"]),
        ("who won and when", ["Who won?", "When?"]),
        ("Who won? Who lost?", ["Who won?", "Who lost?"]),
        ("1) Who won\n2) Who lost", ["Who won?", "Who lost?"]),
        ("Hi! Who won; was it close?", ["Who won?", "Was it close?"]),
        ("When and where did it sink?", ["When did it sink?", "Where did it sink?"]),
        ("When was it built, where is it now?", ["When was it built?", "Where is it now?"]),
        ("Who is Mr. Smith? Also, how old is he?", ["Who is Mr. Smith?", "How old is he?"]),
        (
            "A boat sank. Who was in it? Were they saved?",
            ["A boat sank. Who was in it?", "Were they saved?"],
        ),
        (
            "Who wrote 'What Now?' and when did it open?",
            ["Who wrote 'What Now?'?", "When did it open?"],
        ),
    ],
)
def test_several_questions(message: str, questions: list[str]) -> None:
    found = understand(message)
    assert (found.kind, list(found.questions)) == ("several", questions)


def test_several_questions_are_answered_each_after_the_other() -> None:
    ask = Asked()
    earlier = (("Who struck?", "drivers"),)
    found = reply("When did it end and was anyone hurt?", earlier, ask, facts())
    assert (found.kind, found.text) == ("several", "Your 2 questions, one by one:")
    assert [one.text for one in found.answers] == ["Friday", "The tram strike ended on Friday."]
    first = "When did it end?"
    assert ask.calls == [
        (first, earlier),
        ("Was anyone hurt?", (*earlier, (first, "Friday"))),
    ]


def test_a_declined_question_is_history_too() -> None:
    ask = Asked(None)
    replied("Who won? Who lost?", ask)
    assert ask.calls[1] == ("Who lost?", (("Who won?", None),))


def test_more_questions_than_five_are_not_all_answered() -> None:
    found = replied(" ".join(f"Who won race {at}?" for at in range(7)))
    assert found.text == "The first 5 of your 7 questions:"
    assert [one.question for one in found.answers] == [f"Who won race {at}?" for at in range(5)]


ENGLISH = (
    "The articles are asked in English and quoted as they are written: please ask in English. "
    "I do not translate."
)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Wer hat gewonnen?", "German"),
        ("Où est le navire ?", "French"),
        ("¿Dónde está el barco?", "Spanish"),
        ("Chi ha vinto?", "Italian"),
        ("Qual o nome do capitão?", "Portuguese"),
        ("Waar is het schip gebleven?", "Dutch"),
        ("Gdzie jest statek?", "Polish"),
        ("Где корабль?", "Russian"),
        ("Де зараз її корабель?", "Ukrainian"),
        ("Πού είναι το πλοίο;", "Greek"),
        ("أين السفينة؟", "Arabic"),
        ("船在哪里？", "Chinese"),
        ("船はどこですか", "Japanese"),
        ("배는 어디에 있습니까?", "Korean"),
        ("ጤና ይስጥልኝ", "another language"),
    ],
)
def test_another_language(message: str, language: str) -> None:
    assert replied(message) == Reply("language", f"This looks like {language}. {ENGLISH}")


@pytest.mark.parametrize("message", ["Do you speak German?", "translate this into French"])
def test_a_language_that_is_asked_for(message: str) -> None:
    assert replied(message) == Reply("language", ENGLISH)


@pytest.mark.parametrize(
    "text", ["Who is Владимир Путин?", "Le Pen", "Ho Chi Minh City fire", "Van der Berg", "", "42"]
)
def test_names_are_no_language(text: str) -> None:
    assert language_of(text) == ""


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("What's new?", f"The newest:\n{NEWEST}"),
        ("newest article", f"The newest:\n{NEWEST}"),
        (
            "latest on the Tram strike",
            (
                "The newest on the Tram strike:\n- Tram strike ends (Courier, 2024-03-05)\n"
                "- Tram drivers walk out (APS, 2024-02-27)"
            ),
        ),
        (
            "What happened yesterday?",
            "Published yesterday (2024-03-05):\n- Tram strike ends (Courier, 2024-03-05)",
        ),
        (
            "articles from last week",
            (
                "Published last week (2024-02-26 to 2024-03-03):\n"
                "- Bridge falls (APS, 2024-03-03)\n- Tram drivers walk out (APS, 2024-02-27)"
            ),
        ),
        (
            "any news today?",
            f"No article was published today (2024-03-06). The newest:\n{NEWEST}",
        ),
        (
            "news about the bridge from yesterday",
            (
                "No article on the bridge was published yesterday (2024-03-05). "
                "The newest on the bridge:\n- Bridge falls (APS, 2024-03-03)"
            ),
        ),
        (
            "Any updates on the moon?",
            f"No article speaks of the moon. The newest of all:\n{NEWEST}",
        ),
    ],
)
def test_the_newest_come_first(message: str, text: str) -> None:
    ask = Asked()
    assert replied(message, ask) == Reply("latest", text)
    assert ask.calls == []


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", TODAY, TODAY),
        ("yesterday", date(2024, 3, 5), date(2024, 3, 5)),
        ("the day before yesterday", date(2024, 3, 4), date(2024, 3, 4)),
        ("this week", date(2024, 3, 4), TODAY),
        ("last week", date(2024, 2, 26), date(2024, 3, 3)),
        ("this month", date(2024, 3, 1), TODAY),
        ("last month", date(2024, 2, 1), date(2024, 2, 29)),
        ("this year", date(2024, 1, 1), TODAY),
    ],
)
def test_periods(period: str, first: date, last: date) -> None:
    assert days_of(period, TODAY) == (first, last)


@pytest.mark.parametrize(
    "message",
    [
        "\x00",
        "' OR 1=1; --",
        "<script>alert(1)</script>",
        "(((((",
        "e\u0301\u200d\ud7ff",
        "\u202eolleh",
        "and " * 500,
        "who and " * 250,
        "thank you " * 200 + "x",
        "please " * 285,
        "what is the latest " * 100,
        "?" * 2000,
        "a, " * 666,
        "1) " * 666,
        "\n" * 1999 + "x",
        " " * 1999 + "x",
        "hi " * 22 + "x",
        "the latest news on of about from today " * 3,
    ],
)
def test_any_text_gets_a_reply_at_once(message: str) -> None:
    begun = process_time()
    found = replied(message)
    assert isinstance(found, Reply)
    assert process_time() - begun < 1


NEWS = {
    "bridge": "Bridge falls\nMarch 3, 2024\n\nA bridge fell into the Corran. Four people died.",
    "boat": "Boat found\n5 May 2022\n\nA girl found a boat. Four men carried it.",
}


@pytest.fixture
def assistant(library: Library, fake_settings: Settings, tmp_path: Path) -> Assistant:
    library.add(write_articles(tmp_path / "news", **NEWS))
    return Assistant(library, fake_settings, reader=FakeReader("Four"))


@pytest.mark.parametrize("message", ["", "   ", "\n\t"])
def test_an_empty_message_is_refused_as_an_empty_question_is(
    assistant: Assistant, message: str
) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        assistant.reply(message)


def test_a_message_that_is_too_long_is_refused(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"2,001 characters, at most 2,000"):
        assistant.reply("x" * 2001)


def test_the_assistant_replies_to_a_question_as_it_answers(assistant: Assistant) -> None:
    stages: list[str] = []
    question = " How many people died? "
    found = assistant.reply(question, confidence=0, on_stage=stages.append)
    assert found == Reply("question", "", (assistant.ask(question, confidence=0),))
    assert stages == ["searching", "reading", "deciding"]


def test_the_assistant_resolves_the_second_question_against_the_first(assistant: Assistant) -> None:
    found = assistant.reply(
        "When did the Corran Bridge fall and how many died on it?", confidence=0
    )
    assert found.kind == "several"
    assert [one.question for one in found.answers] == [
        "When did the Corran Bridge fall?",
        "How many died on it?",
    ]
    assert "Corran Bridge" in found.answers[1].resolved


def test_the_assistant_quotes_the_sentence_for_a_yes_or_no(assistant: Assistant) -> None:
    [answer] = assistant.reply("Did people die on the bridge?", confidence=0).answers
    for citation in answer.citations:
        article = assistant.library.article(citation.article_id)
        assert citation.quote == citation.span.of(article.text)
        assert citation.span == citation.sentence
    assert answer.text == "Four people died."


def test_small_talk_loads_no_model(library: Library, fake_settings: Settings) -> None:
    stages: list[str] = []
    found = Assistant(library, fake_settings).reply("hello", on_stage=stages.append)
    assert (found.kind, stages) == ("greeting", [])


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({}, "The newest:\n- Bridge falls (2024-03-03)\n- Boat found (2022-05-05)"),
        ({"source": "boat.txt"}, "The newest:\n- Boat found (2022-05-05)"),
        ({"since": date(2023, 1, 1)}, "The newest:\n- Bridge falls (2024-03-03)"),
        ({"until": date(2023, 1, 1)}, "The newest:\n- Boat found (2022-05-05)"),
        (
            {"source": "nowhere"},
            'There is no article to ask yet. "Add articles" or `citespan add` brings some in.',
        ),
    ],
)
def test_filters_hold_for_the_newest(
    assistant: Assistant, filters: dict[str, object], text: str
) -> None:
    found = assistant.reply("what's new?", **filters)  # type: ignore[arg-type]
    assert found == Reply("latest", text)


def test_filters_hold_for_a_topic(assistant: Assistant) -> None:
    assert "Boat found" in assistant.reply("latest on the boat").text
    found = assistant.reply("latest on the boat", source="bridge.txt").text
    assert found == "No article speaks of the boat. The newest of all:\n- Bridge falls (2024-03-03)"


def test_today_is_the_day_of_the_message(assistant: Assistant, library: Library) -> None:
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    library.add([Article("y", "Lamp lit", "A lamp was lit.", "/y.txt", yesterday)])
    found = assistant.reply("what happened yesterday?").text
    assert found == f"Published yesterday ({yesterday}):\n- Lamp lit ({yesterday})"


def test_samples_are_called_so(
    library: Library, embedder: FakeEmbedder, fake_settings: Settings, tmp_path: Path
) -> None:
    samples = Library.open(tmp_path / "samples", settings=fake_settings, embedder=embedder)
    samples.add(write_articles(tmp_path / "seeds", boat=NEWS["boat"]))
    assistant = Assistant(library, fake_settings, reader=FakeReader("Four"), samples=samples)
    first = assistant.reply("what is in my library?").text.split("\n")[0]
    assert first == "There is 1 sample article to ask, published from 2022-05-05 to 2022-05-05."
    assert "\n- When was Maduro reelected?" in assistant.reply("help").text
