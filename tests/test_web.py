"""What the page is given to show: segments, cards, ids, uploads. tests/browser shows it."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import (
    BALLOT,
    CUP,
    HITS,
    NASTY,
    NASTY_QUOTES,
    REELECTED,
    SAMPLES,
    TRIP,
    WHEN,
    WHO,
    FakeLibrary,
    Report,
    cite,
    nasty_question,
    scripted,
    span_of,
)

from qa import CitespanError
from qa.types import Answer, Span
from qa.web.asking import watched
from qa.web.chat import Turn, answer_card, find_target, next_number, pending_card, sureness
from qa.web.reading_pane import article_view, segments
from qa.web.uploads import add_uploads, safe_name

ANSWERS = scripted()


@pytest.fixture
def samples(tmp_path):
    return FakeLibrary(tmp_path, "sample articles", SAMPLES)


@pytest.fixture
def turns(samples):
    """Hold a conversation of two answers and a decline."""
    made: list[Turn] = []
    for question in (WHEN, WHO, CUP):
        answer = ANSWERS[question]
        card = answer_card(answer, samples, len(made), next_number(made))
        made.append(Turn(question, card, answer, samples))
    return made


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
    for _ in range(2):
        first, last = sorted((data.draw(ends), data.draw(ends)))
        marks.append(Span(first, last) if first < last else None)
    span, sentence = marks
    parts = segments(text, span, sentence)
    assert "".join(part["text"] for part in parts) == text
    assert all(part["text"] for part in parts)
    assert "".join(texts(parts, "span")) == (span.of(text) if span else "")
    soft = set(range(sentence.start, sentence.end)) if sentence else set()
    hard = set(range(span.start, span.end)) if span else set()
    assert len("".join(texts(parts, "sentence"))) == len(soft - hard)


def test_segments_of_nothing_and_of_everything():
    assert segments("") == []
    assert segments("all", Span(0, 3), Span(0, 3)) == [{"text": "all", "kind": "span"}]
    assert segments("all") == [{"text": "all", "kind": "plain"}]


def test_segments_within_a_part_are_that_part():
    parts = segments("One. It was 2018. Two.", Span(12, 16), within=Span(5, 17))
    assert "".join(part["text"] for part in parts) == "It was 2018."
    assert texts(parts, "span") == ["2018"]


# The reading pane


def test_the_pane_gets_the_article_with_what_is_known_of_it():
    view = article_view(BALLOT, label="Citation 1", span=span_of(BALLOT, "May 2018"), page=2)
    assert view["title"] == BALLOT.title
    assert view["meta"] == ["Andean Review", "20 May 2022", "R. Ortega", "news.example", "page 2"]
    assert view["blank_lines"] is False
    assert article_view(TRIP, label="")["blank_lines"] is True


def test_each_opening_is_another_value():
    first, second = (article_view(TRIP, label="Citation 1") for _ in range(2))
    assert first != second
    assert {**first, "opening": 0} == {**second, "opening": 0}


# Cards


def test_an_answer_becomes_a_card(turns):
    card = turns[0].card
    assert (card["kind"], card["span"], card["numbers"]) == ("answer", "2018", [1, 2])
    assert texts(card["sentence"], "span") == ["2018"]
    assert "".join(part["text"] for part in card["sentence"]) == REELECTED.sentence.of(TRIP.text)
    assert (card["sure"], card["level"], card["took"]) == (
        "Very likely right, 93%",
        "high",
        "0.52 s",
    )
    assert [one["key"] for one in card["citations"]] == ["0.citation.0", "0.citation.1"]
    assert card["citations"][1]["details"] == "Andean Review · 20 May 2022"
    assert [one["score"] for one in card["searched"]] == ["0.789", "0.678", "0.567"]
    assert card["understood"] == ""
    assert turns[1].card["understood"] == "Who was recognised instead of Maduro?"


def test_a_decline_becomes_a_card(turns):
    card = turns[2].card
    assert card["kind"] == "decline"
    assert card["unknown"] == ["Ostrell", "World Cup"]
    assert [one["key"] for one in card["nearest"]] == ["2.hit.0", "2.hit.1", "2.hit.2"]
    assert card["guess"] == "Closest guess, 12% sure"
    assert card["others"][0]["text"] == "May 2018"


def test_texts_reach_the_cards_unchanged(samples):
    for at, quote in enumerate(NASTY_QUOTES):
        card = answer_card(ANSWERS[nasty_question(at)], samples, 0, 1)
        assert card["span"] == quote
        assert texts(card["sentence"], "span") == [quote]
        assert card["citations"][0]["title"] == NASTY.title


def test_a_sentence_that_opens_with_a_quotation_mark_gets_no_second(tmp_path):
    article = replace(TRIP, text="“No,” she said. It was so.")
    library = FakeLibrary(tmp_path, "", (article,))
    for sentence, quoted in (("“No,” she said.", False), ("It was so.", True)):
        cited = cite(article, sentence)
        answer = Answer("Q", "Q", sentence, 0.9, calibrated=True, citations=(cited,))
        assert answer_card(answer, library, 0, 1)["quoted"] is quoted


def test_an_uncalibrated_confidence_says_so(samples):
    answer = replace(ANSWERS[WHEN], calibrated=False)
    assert answer_card(answer, samples, 0, 1)["sure"] == "Very likely right, 93% (not calibrated)"


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
    states = [stage["state"] for stage in pending_card("Q", "reading")["stages"]]
    assert states == ["done", "now", "next"]
    names = [stage["name"] for stage in pending_card("Q", "loading")["stages"]]
    assert names == ["loading", "searching", "reading", "deciding"]


# Ids that the browser sends back


def test_ids_lead_to_their_places(turns):
    cited = find_target(turns, "1.citation.0")
    assert (cited.article_id, cited.label) == ("trip", "Citation 3")
    assert cited.span.of(TRIP.text) == "Juan Guaido"
    other = find_target(turns, "2.alternative.0")
    assert other.span.of(BALLOT.text) == "May 2018"
    passage = find_target(turns, "2.hit.1")
    assert (passage.span, passage.sentence) == (None, HITS[1].chunk.span)


@pytest.mark.parametrize(
    "key",
    [
        *(None, 3, {}, [], "", "0", "0.citation", "0.citation.2", "-1.citation.0", "9.citation.0"),
        *("0.hit.3", "0.hit.-1", "0.nothing.0", "0.citation.0.0", "٠.citation.٠", "2.citation.0"),
        "1" * 5000 + ".hit.0",
    ],
)
def test_other_ids_lead_nowhere(turns, key):
    assert find_target(turns, key) is None


def test_turns_without_an_answer_open_nothing(turns):
    turns.append(Turn("Q", pending_card("Q", "searching")))
    assert find_target(turns, "3.citation.0") is None


# Running beside the page


def test_stages_come_before_what_was_found():
    def work(tell):
        tell("one")
        tell("two")
        return "found"

    def gather():
        return (yield from watched(work, str.upper))

    running = gather()
    assert [next(running), next(running)] == ["ONE", "TWO"]
    with pytest.raises(StopIteration) as end:
        next(running)
    assert end.value.value == "found"


def test_what_goes_wrong_comes_after_the_stages():
    def work(tell):
        tell("one")
        raise CitespanError("broken")

    running = watched(work, str)
    assert next(running) == "one"
    with pytest.raises(CitespanError, match="broken"):
        next(running)


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
        server.serve(object(), "127.0.0.1", port, on_ready=stop)
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
        server.serve(object(), "not a host", 7860)


def test_dates_are_read_as_written():
    view = article_view(replace(TRIP, published=date(1999, 12, 31)), label="")
    assert "31 December 1999" in view["meta"]
