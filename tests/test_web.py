"""What the page is given to show: segments, cards, ids, uploads. tests/browser shows it."""

from __future__ import annotations

import re
import socket
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import (
    BALLOT,
    BOTH,
    CUP,
    HELLO,
    HITS,
    NASTY,
    NASTY_QUOTES,
    REELECTED,
    SAMPLES,
    SMALL_TALK,
    TRIP,
    WHEN,
    WHO,
    WON,
    FakeAssistant,
    FakeLibrary,
    Report,
    cite,
    nasty_question,
    scripted,
    span_of,
)

from qa import CitespanError
from qa.evaluation import Latest, save_latest
from qa.transcripts import Transcripts, Turn
from qa.types import Answer, Reply, Span
from qa.web.cards import answer_card, pending, sureness, turn_card
from qa.web.chat import Shown
from qa.web.filters import Filters, filters_view, wanted_filters
from qa.web.opening import Opening
from qa.web.places import (
    Place,
    find_place,
    link_to,
    linked_place,
    marks_of,
    original_of,
)
from qa.web.reading_pane import article_view, missing_view, segments
from qa.web.running import Running, StoppedError
from qa.web.sidebar import sidebar_view
from qa.web.uploads import add_uploads, safe_name
from qa.web.visitors import COOKIE, VisitorCookie, owner_of

ANSWERS = scripted()


@pytest.fixture
def samples(tmp_path):
    return FakeLibrary(tmp_path, "sample articles", SAMPLES)


def find(article_id):
    return next((one for one in SAMPLES if one.id == article_id), None)


NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def turns():
    """Hold a conversation of two answers, a decline, and a message of two questions."""
    replies = [
        ANSWERS[WHEN],
        Reply("question", "", (ANSWERS[WHO],)),
        ANSWERS[CUP],
        SMALL_TALK[BOTH],
    ]
    asked = (WHEN, WHO, CUP, BOTH)
    return [Turn(7 + at, asked[at], one, NOON) for at, one in enumerate(replies)]


@pytest.fixture
def cards(turns):
    numbers = (1, 3, 4, 4)
    return [turn_card(turn, first, find) for turn, first in zip(turns, numbers, strict=True)]


def texts(parts, kind):
    return [part["text"] for part in parts if part["kind"] == kind]


# Segments


def test_segments_cut_the_span_out_of_its_sentence():
    text = "One. It was 2018. Two."
    assert segments(text, Span(12, 16), Span(5, 17)) == [
        {"text": "One. ", "kind": "plain"},
        {"text": "It was ", "kind": "sentence"},
        {"text": "2018", "kind": "span"},
        {"text": ".", "kind": "sentence"},
        {"text": " Two.", "kind": "plain"},
    ]


@pytest.mark.parametrize("quote", NASTY_QUOTES)
def test_segments_hold_nasty_quotes_exactly(quote):
    sentence = span_of(NASTY, f"this. {quote} And")
    parts = segments(NASTY.text, span_of(NASTY, quote), sentence)
    assert "".join(part["text"] for part in parts) == NASTY.text
    assert texts(parts, "span") == [quote]
    assert texts(parts, "sentence") == ["this. ", " And"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=2), st.data())
def test_segments_joined_are_the_text(text, data):
    ends = st.integers(0, len(text))
    marks = []
    for _ in range(4):
        first, last = sorted((data.draw(ends), data.draw(ends)))
        marks.append(Span(first, last) if first < last else None)
    span, sentence, *others = marks
    cited = [one for one in others if one]
    parts = segments(text, span, sentence, cited=cited)
    assert "".join(part["text"] for part in parts) == text
    assert all(part["text"] for part in parts)
    assert all(one["kind"] != next_["kind"] for one, next_ in pairwise(parts))
    assert texts(parts, "span") == ([span.of(text)] if span else [])
    hard, between, soft = (
        {at for one in group if one for at in range(one.start, one.end)}
        for group in ([span], cited, [sentence])
    )
    assert len("".join(texts(parts, "cited"))) == len(between - hard)
    assert len("".join(texts(parts, "sentence"))) == len(soft - between - hard)


def test_segments_of_nothing_and_of_everything():
    assert segments("") == []
    assert segments("all", Span(0, 3), Span(0, 3)) == [{"text": "all", "kind": "span"}]
    assert segments("all") == [{"text": "all", "kind": "plain"}]


def test_segments_within_a_part_are_that_part():
    parts = segments("One. It was 2018. Two.", Span(12, 16), within=Span(5, 17))
    assert "".join(part["text"] for part in parts) == "It was 2018."
    assert texts(parts, "span") == ["2018"]


# The reading pane


def place_of(article, quote, **more):
    return Place(article.id, "Citation 1", span_of(article, quote), None, quote=quote, **more)


def test_the_pane_gets_the_article_with_what_is_known_of_it():
    view = article_view(BALLOT, place_of(BALLOT, "May 2018", page=2))
    assert view["title"] == BALLOT.title
    assert view["meta"] == ["Andean Review", "20 May 2022", "R. Ortega", "news.example", "page 2"]
    assert view["blank_lines"] is False
    assert view["label"] == "Citation 1"
    assert article_view(TRIP, Place("trip", "", None, None))["blank_lines"] is True


def test_each_opening_is_another_value():
    first, second = (article_view(TRIP, place_of(TRIP, "2018")) for _ in range(2))
    assert first != second
    assert {**first, "opening": 0} == {**second, "opening": 0}


def test_all_that_the_conversation_cites_is_marked_in_the_articles_order(turns):
    turns.reverse()
    marks = marks_of(turns, "trip")
    assert [mark.span.of(TRIP.text) for mark in marks] == ["2018", "Juan Guaido"]
    assert [mark.key for mark in marks] == ["10.0.citation.0", "10.1.citation.0"]
    view = article_view(TRIP, find_place(turns, "10.1.citation.0"), marks)
    assert texts(view["segments"], "span") == ["Juan Guaido"]
    assert texts(view["segments"], "cited") == ["2018"]
    assert view["marks"] == {"at": 1, "keys": ["10.0.citation.0", "10.1.citation.0"]}


def test_an_article_that_is_gone_still_gives_what_was_quoted():
    view = missing_view(place_of(TRIP, "2018"))
    assert view["notice"] == (
        "This article is no longer in the library. What was quoted of it: “2018”"
    )
    assert missing_view(Place("x", "", None, None))["notice"].endswith("in the library.")


# Links


def query_of(link):
    return {name: values[0] for name, values in parse_qs(link.removeprefix("?")).items()}


@pytest.mark.parametrize("quote", NASTY_QUOTES)
def test_a_link_leads_back_to_its_place(quote):
    place = place_of(NASTY, quote)
    found = linked_place(query_of(link_to(place)), NASTY.text)
    assert (found.article_id, found.span, found.quote) == ("nasty", place.span, quote)
    assert found.label == "Linked passage"


@pytest.mark.parametrize(
    "changed",
    [
        {"span": "1-5"}, {"span": "5-1"}, {"span": "x"}, {"span": "1-999999999"}, {"span": "²-5"},
        {"span": "-5"}, {"span": "1" * 99 + "-2"}, {"quote": "0"}, {"span": None}, {"quote": None},
    ],
)  # fmt: skip
def test_a_link_to_what_is_not_there_says_so(changed):
    query = {**query_of(link_to(place_of(TRIP, "2018"))), **changed}
    found = linked_place(query, TRIP.text)
    assert (found.span, found.label) == (None, "The passage of this link has changed")


def test_no_quote_has_no_link():
    assert link_to(Place("trip", "Passage 1", None, Span(0, 4))) == ""


def test_the_original_opens_at_the_quote():
    text = "Four years have passed.\nMaduro won a second term in May 2018, a result, they say."
    start = text.index("May 2018")
    assert original_of("https://news.example/a?b=1#top", text, Span(start, start + 8)) == (
        "https://news.example/a?b=1"
        "#:~:text=Maduro%20won%20a%20second%20term%20in-,May%202018,-%2C%20a%20result%2C%20they%20say."
    )
    assert original_of("https://x.example/", "all", Span(0, 3)) == "https://x.example/#:~:text=all"
    assert original_of("https://x.example/", "a-b", Span(0, 3)).endswith("text=a%2Db")
    assert original_of("https://x.example/#a", "a\nb", Span(0, 3)) == "https://x.example/"
    assert original_of("https://x.example/", "text", None) == "https://x.example/"
    for source in ("/articles/a.txt", "javascript:alert(1)", "file:///etc/passwd", ""):
        assert original_of(source, "all", Span(0, 3)) == ""


# Cards


def test_an_answer_becomes_a_card(cards):
    (card,) = cards[0]["parts"]
    assert (cards[0]["id"], cards[0]["question"]) == (7, WHEN)
    assert (card["kind"], card["span"], card["numbers"]) == ("answer", "2018", [1, 2])
    assert texts(card["sentence"], "span") == ["2018"]
    assert "".join(part["text"] for part in card["sentence"]) == REELECTED.sentence.of(TRIP.text)
    assert (card["sure"], card["level"], card["took"]) == (
        "Very likely right, 93%",
        "high",
        "0.52 s",
    )
    assert [one["key"] for one in card["citations"]] == ["7.0.citation.0", "7.0.citation.1"]
    assert [one["elsewhere"] for one in card["citations"]] == [False, True]
    assert [one["preview"] for one in card["citations"]] == ["", WON]
    assert card["citations"][1]["details"] == "Andean Review · 20 May 2022"
    assert [one["score"] for one in card["searched"]] == ["0.789", "0.678", "0.567"]
    assert card["copies"]["plain"].startswith("“2018”\nUS officials travel")
    assert card["copies"]["markdown"].startswith("> 2018\n>\n> — *US officials travel")
    assert card["understood"] == ""
    assert cards[1]["parts"][0]["understood"] == "Who was recognised instead of Maduro?"


def test_a_decline_becomes_a_card(cards):
    (card,) = cards[2]["parts"]
    assert card["kind"] == "decline"
    assert card["unknown"] == ["Ostrell World Cup"]
    assert card["known"] == ["2018"]
    assert [one["key"] for one in card["nearest"]] == ["9.0.hit.0", "9.0.hit.1", "9.0.hit.2"]
    assert card["guess"] == "Closest guess, 12% sure"
    assert card["others"][0]["text"] == "May 2018"


@pytest.mark.parametrize(
    ("question", "missing", "unknown", "known"),
    [
        ("Who is Ana Lund?", ["Lund"], ["Ana Lund"], []),
        (
            "Did Ana Lund meet Bo Ek in Skarn in 1998?",
            ["meet", "Ek"],
            ["Bo Ek"],
            ["Ana Lund", "Skarn", "1998"],
        ),
        ("Ostrell won what?", ["Ostrell", "won"], ["Ostrell"], []),
        ("who won the cup in the 3.5 million city?", ["cup"], ["cup"], ["3.5"]),
        ("Who won the 2018 World Cup?", [], [], []),
    ],
)
def test_a_decline_parts_the_names_that_are_known(question, missing, unknown, known):
    answer = Answer(question, question, None, 0.0, calibrated=True, unknown_terms=tuple(missing))
    card = answer_card(answer, find, "1.0", 1)
    assert (card["unknown"], card["known"]) == (unknown, known)


def test_several_answers_are_parts_of_one_card(cards):
    said, first, second = cards[3]["parts"]
    assert said == {"kind": "said", "text": "Your 2 questions, one by one:"}
    assert (first["asked"], second["asked"]) == (WHEN, WHO)
    assert (first["numbers"], second["numbers"]) == ([4, 5], [6])
    assert second["citations"][0]["key"] == "10.1.citation.0"


def test_small_talk_is_a_card_without_an_answer():
    card = turn_card(Turn(3, HELLO, SMALL_TALK[HELLO], NOON), 1, find)
    assert card["parts"] == [{"kind": "said", "text": SMALL_TALK[HELLO].text}]


def test_texts_reach_the_cards_unchanged():
    for at, quote in enumerate(NASTY_QUOTES):
        card = answer_card(ANSWERS[nasty_question(at)], find, "1.0", 1)
        assert card["span"] == quote
        assert texts(card["sentence"], "span") == [quote]
        assert card["citations"][0]["title"] == NASTY.title


@pytest.mark.parametrize("text", [None, "Another text.", ""])
def test_an_answer_stays_readable_when_its_article_is_gone_or_changed(text):
    def found(article_id):
        return None if text is None else replace(find(article_id), text=text)

    card = answer_card(ANSWERS[WHEN], found, "7.0", 1)
    assert (card["span"], card["sentence"]) == ("2018", [{"text": "2018", "kind": "span"}])
    assert card["citations"][1]["preview"] == "May 2018"
    gone = "an article that is no longer there"
    assert card["searched"][0]["title"] == (gone if text is None else TRIP.title)


def test_a_sentence_that_opens_with_a_quotation_mark_gets_no_second():
    article = replace(TRIP, text="“No,” she said. It was so.")
    for sentence, quoted in (("“No,” she said.", False), ("It was so.", True)):
        cited = cite(article, sentence)
        answer = Answer("Q", "Q", sentence, 0.9, calibrated=True, citations=(cited,))
        assert answer_card(answer, lambda _: article, "1.0", 1)["quoted"] is quoted


def test_an_uncalibrated_confidence_says_so():
    answer = replace(ANSWERS[WHEN], calibrated=False)
    assert answer_card(answer, find, "1.0", 1)["sure"] == "Very likely right, 93% (not calibrated)"


@pytest.mark.parametrize(
    ("confidence", "words", "percent"),
    [
        (1.0, "Very likely right", 99),
        (0.895, "Very likely right", 90),
        (0.89, "Probably right", 89),
        (0.65, "Probably right", 65),
        (0.4, "Perhaps right", 40),
        (0.39, "Doubtful", 39),
        (0.0, "Doubtful", 1),
    ],
)
def test_confidence_in_words_agrees_with_its_number(confidence, words, percent):
    assert sureness(confidence)[:2] == (words, percent)


def test_stages_before_and_after_the_present_one():
    states = [stage["state"] for stage in pending("reading")["stages"]]
    assert states == ["done", "now", "next"]
    names = [stage["name"] for stage in pending("loading")["stages"]]
    assert names == ["loading", "searching", "reading", "deciding"]


# Ids that the browser sends back


def test_ids_lead_to_their_places(turns):
    cited = find_place(turns, "8.0.citation.0")
    assert (cited.article_id, cited.label) == ("trip", "Citation 3")
    assert cited.span.of(TRIP.text) == cited.quote == "Juan Guaido"
    other = find_place(turns, "9.0.alternative.0")
    assert other.span.of(BALLOT.text) == "May 2018"
    passage = find_place(turns, "9.0.hit.1")
    assert (passage.span, passage.sentence) == (None, HITS[1].chunk.span)
    assert find_place(turns, "10.1.citation.0").label == "Citation 6"


@pytest.mark.parametrize(
    "key",
    [
        *(None, 3, {}, [], "", "7", "7.0", "7.0.citation", "7.0.citation.2", "-7.0.citation.0"),
        *("6.0.citation.0", "7.1.citation.0", "7.0.hit.3", "7.0.hit.-1", "7.0.nothing.0"),
        *("7.0.citation.0.0", "٧.0.citation.٠", "9.0.citation.0", "7.-1.citation.0"),
        "1" * 5000 + ".0.hit.0",
    ],
)
def test_other_ids_lead_nowhere(turns, key):
    assert find_place(turns, key) is None


# What browsers send


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ({}, Filters()),
        (None, Filters()),
        ({"source": "", "since": "", "until": "", "percent": None}, Filters()),
        ({"percent": 0}, Filters(confidence=0.0)),
        ({"percent": 95, "until": "2024-02-29"}, Filters(None, None, date(2024, 2, 29), 0.95)),
        ({"percent": True, "since": "2023-02-29", "source": 3}, Filters()),
        ({"percent": 101}, Filters()),
        ({"percent": "60", "source": "x" * 301}, Filters()),
    ],
)
def test_filters_are_what_they_seem_or_nothing(sent, wanted):
    assert wanted_filters(sent) == wanted


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({}, Shown()),
        ({"visit": 2, "conversation": "abc", "last": 9}, Shown(2, "abc", 9)),
        ({"visit": "2", "conversation": 3, "last": None}, Shown()),
        ({"visit": True, "conversation": "x" * 100, "last": 1.5}, Shown()),
    ],
)
def test_what_a_page_shows_is_what_it_says_or_nothing(sent, shown):
    assert Shown.of(sent) == shown


def test_the_filters_offer_what_the_library_has(tmp_path):
    assistant = FakeAssistant(steered(tmp_path))
    view = filters_view(assistant)
    assert [(one["name"], one["count"]) for one in view["outlets"]] == [
        ("Andean Review", 1), ("The Gazette", 1), (NASTY.outlet, 1),
    ]  # fmt: skip
    assert view["days"] == ["2022-03-06", "2022-05-20"]
    assert (view["percent"], view["measured"]) == (24, None)
    shares = tuple(1 - at / 100 for at in range(100))
    latest = Latest("a.jsonl", "2024-03-06T12:00:00+00:00", 110, shares, (None,) * 100)
    save_latest(assistant.library.path, latest)
    measured = filters_view(assistant)["measured"]
    assert measured["on"] == "110 questions of a.jsonl, 6 Mar 2024"
    assert (measured["coverage"][60], measured["precision"][60]) == (40, None)


# Visitors


def visited(path="/", cookie=b"", kind="http", scheme="http"):
    """Send a request through the middleware, and give the headers of the answer."""
    answered = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        answered.extend(message.get("headers", ()))

    headers = [(b"cookie", cookie)] if cookie else []
    scope = {"type": kind, "path": path, "headers": headers, "scheme": scheme}
    with pytest.raises(StopIteration):  # nothing here waits, so one step is all
        VisitorCookie(app)(scope, None, send).send(None)
    return dict(answered)


def test_a_new_browser_gets_an_id_that_no_script_can_read():
    first, second = (visited()[b"set-cookie"].decode() for _ in range(2))
    shape = rf"{COOKIE}=[\w-]{{32}}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"
    assert re.fullmatch(shape, first)
    assert first != second
    assert visited(scheme="https")[b"set-cookie"].endswith(b"; Secure")


def test_a_known_browser_keeps_its_id():
    known = f"a=b; {COOKIE}={'x' * 32}; c=d".encode()
    assert visited(cookie=known) == {b"x": b"y"}
    assert visited("/gradio_api/queue/join") == {b"x": b"y"}


@pytest.mark.parametrize("value", ["", "short", "x" * 33, "x" * 31 + "!", "x" * 31 + "é"])
def test_an_id_that_is_none_is_replaced(value):
    assert b"set-cookie" in visited(cookie=f"{COOKIE}={value}".encode())
    assert b"set-cookie" in visited(cookie=b'=;"\xff')


class Request:
    def __init__(self, token=None, username=None):
        self.cookies = {COOKIE: token} if token else {}
        self.username = username


def test_a_login_owns_its_conversations_and_a_browser_its_own(tmp_path):
    transcripts = Transcripts.open(tmp_path / "conversations.sqlite")
    browser = owner_of(Request("x" * 32), transcripts)
    assert browser == owner_of(Request("x" * 32), transcripts)
    others = [Request("y" * 32), Request("x" * 32, "ann"), Request(None, "x" * 32)]
    owners = {owner_of(one, transcripts) for one in others}
    assert len(owners | {browser}) == 4
    assert all(transcripts.is_owner(one) for one in owners)
    assert owner_of(Request("a name"), transcripts) == owner_of(Request(), transcripts) == ""


def test_the_list_names_what_was_asked(tmp_path):
    transcripts = Transcripts.open(tmp_path / "conversations.sqlite", clock=lambda: NOON)
    owner = transcripts.owner_of("ann")
    assert sidebar_view(transcripts, "")["conversations"] == []
    transcripts.create(owner)
    one = transcripts.create(owner)
    transcripts.append(owner, one.id, WHEN, ANSWERS[WHEN])
    view = sidebar_view(transcripts, owner, query="maduro", deleted="gone")
    assert view["conversations"] == [{"id": one.id, "name": WHEN, "when": "6 Mar 2024", "turns": 1}]
    assert (view["query"], view["deleted"]) == ("maduro", "gone")
    assert sidebar_view(transcripts, owner, query="bridge")["conversations"] == []


# Opening


def steered(folder):
    (folder / "own").mkdir()
    (folder / "library").write_text(str(folder / "own"), encoding="utf-8")
    return folder


def test_the_library_is_opened_behind_the_page_and_then_warmed(tmp_path):
    held, warmed = threading.Event(), threading.Event()
    assistant = FakeAssistant(steered(tmp_path))
    assistant.warm = warmed.set

    def slowly():
        held.wait(30)
        return assistant

    opening = Opening(slowly)
    opening.start()
    assert (opening.is_open, opening.is_warm) == (False, False)
    held.set()
    opening.wait_until_warm()
    assert warmed.is_set()
    assert opening.assistant() is assistant
    assert (tmp_path / "own/conversations.sqlite").exists()
    opening.start()
    assert opening.transcripts() is opening.transcripts()


def test_a_library_that_cannot_be_opened_says_so_to_everybody():
    def damaged():
        raise CitespanError("the library is damaged")

    opening = Opening(damaged)
    opening.wait_until_warm()
    assert opening.is_open
    for ask in (opening.assistant, opening.transcripts):
        with pytest.raises(CitespanError, match="damaged"):
            ask()


def test_models_that_cannot_be_loaded_leave_the_library_open(tmp_path):
    opening = Opening(lambda: FakeAssistant(steered(tmp_path)))  # its warm() raises
    opening.wait_until_warm()
    assert len(opening.assistant().answering_from) == len(SAMPLES)


# Running beside the page


def test_stages_come_before_what_was_found():
    def work(tell):
        tell("one")
        tell("two")
        return "found"

    def gather():
        return (yield from Running().watched(work, str.upper))

    running = gather()
    assert [next(running), next(running)] == ["ONE", "TWO"]
    with pytest.raises(StopIteration) as end:
        next(running)
    assert end.value.value == "found"


def test_what_goes_wrong_comes_after_the_stages():
    def work(tell):
        tell("one")
        raise CitespanError("broken")

    running = Running().watched(work, str)
    assert next(running) == "one"
    with pytest.raises(CitespanError, match="broken"):
        next(running)


def test_what_is_stopped_ends_at_once():
    held = threading.Event()

    def work(tell):
        tell("one")
        held.wait(30)
        return "found too late"

    running = Running()
    stages = running.watched(work, str)
    assert next(stages) == "one"
    running.stop()
    with pytest.raises(StoppedError):
        next(stages)
    held.set()


# Uploads


def uploaded(folder, **contents):
    folder.mkdir(exist_ok=True)
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_text(content, encoding="utf-8")
        paths.append(str(path))
    return paths


def test_uploads_are_kept_in_the_library_and_reported(tmp_path):
    library = FakeLibrary(tmp_path / "own", "own")
    files = uploaded(tmp_path / "temporary", a_txt="A.", b_MD="B.", c_pdf="C.", d_html="")
    card = add_uploads(library, files)
    assert card["summary"] == "2 added, 2 failed."
    assert [(line["what"], line["name"]) for line in card["lines"]] == [
        ("added", "a.txt"), ("added", "b.MD"), ("failed", "d.html"), ("failed", "c.pdf"),
    ]  # fmt: skip
    assert card["lines"][2]["reason"] == "it holds no text"
    assert card["lines"][3]["reason"] == "only .txt, .md, .html files can be added here"
    assert sorted(path.name for path in (tmp_path / "own/uploads").iterdir()) == ["a.txt", "b.MD"]
    assert add_uploads(library, files[:1])["summary"] == "1 unchanged."


def test_an_upload_that_cannot_be_added_leaves_nothing_behind(tmp_path):
    class Locked(FakeLibrary):
        def add(self, sources) -> Report:
            raise CitespanError("another process is writing")

    files = uploaded(tmp_path / "temporary", a_txt="A.")
    with pytest.raises(CitespanError, match="another process"):
        add_uploads(Locked(tmp_path / "own", "own"), files)
    assert list((tmp_path / "own/uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../a.txt", "a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("/etc/passwd", "passwd"),
        ("..", "article."),
        ("a\x00b\n.md", "ab.md"),
        ("con<>:|?*.md", "con.md"),
        ("x" * 300 + ".html", "x" * 150 + ".html"),
        ("👩" * 300 + ".md", "👩" * 37 + ".md"),
        ("Überblick 2022 👩‍👩‍👧.md", "Überblick 2022 👩‍👩‍👧.md"),
    ],
)
def test_names_of_uploads_cannot_leave_the_folder(name, safe):
    assert safe_name(name) == safe


# Serving


def test_a_taken_port_is_said_and_the_next_one_taken(monkeypatch, capsys):
    from qa.web import server

    launched = []

    class Page:
        def launch(self, **options):
            launched.append((options["server_name"], options["server_port"], options["share"]))

        def close(self, **_):
            launched.append("closed")

    def stop(url):
        launched.append(url)
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "build_page", lambda _: Page())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server.serve(lambda: None, "127.0.0.1", port, on_ready=stop)
    host, chosen, share = launched[0]
    assert (host, share) == ("127.0.0.1", False)
    assert port < chosen < port + 20
    assert launched[1:] == [f"http://127.0.0.1:{chosen}", "closed"]
    said = capsys.readouterr().out
    assert f"Port {port} is taken" in said
    assert f"http://127.0.0.1:{chosen}" in said


def test_a_host_that_is_nowhere_is_an_error_of_ours(monkeypatch):
    from qa.web import server

    monkeypatch.setattr(
        server, "build_page", lambda _: type("Page", (), {"close": lambda *_, **__: None})()
    )
    with pytest.raises(CitespanError, match="cannot listen on"):
        server.serve(lambda: None, "not a host", 7860)


def test_dates_are_read_as_written():
    view = article_view(replace(TRIP, published=date(1999, 12, 31)), place_of(TRIP, "2018"))
    assert "31 December 1999" in view["meta"]
