"""Exported conversations, and whether their citations still stand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, write_articles
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import NASTY, NASTY_QUOTES, REELECTED, SECOND_TERM, TRIP, cite

from qa import cli
from qa.errors import TranscriptError
from qa.library import Library
from qa.transcripts import (
    Conversation,
    Exported,
    Rechecked,
    Turn,
    json_text,
    load_export,
    read_export,
    recheck,
    text_sha256,
    to_json,
)
from qa.types import Answer, Article, Citation, Reply, Span

BRIDGE = "Bridge falls\nMarch 3, 2024\n\nA bridge fell into the Corran. Four people died."
BOAT = "Boat found\n5 May 2022\n\nA girl found a boat. Four men carried it."
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ARTICLE = Article("a1", "A title", "one two one two one", "/news/a.txt")


def answer(*citations: Citation) -> Answer:
    text = citations[0].quote if citations else None
    return Answer("When?", "When?", text, 0.5, calibrated=True, citations=citations)


def conversation(*replies: Answer | Reply) -> Conversation:
    turns = (Turn(number, f"q{number}", reply, NOON) for number, reply in enumerate(replies, 1))
    return Conversation("c1", "When?", NOON, NOON, tuple(turns))


def exported(quote: str, start: int, sha256: str = "", article_id: str = "a1") -> Exported:
    span = Span(start, start + len(quote))
    citation = Citation(article_id, "A title", "/news/a.txt", "", None, span, quote, span)
    return Exported(1, "When?", citation, sha256)


# Exports


def test_an_export_holds_spans_quotes_and_hashes():
    two = Reply("several", "Two.", (answer(REELECTED), answer()))
    text = to_json(conversation(answer(REELECTED, SECOND_TERM), two), {"trip": "f00d"})
    found = json.loads(text)
    assert (found["citespan"], found["format"], found["name"]) == ("conversation", 1, "When?")
    assert found["created"] == found["updated"] == "2024-05-01T12:00:00+00:00"
    assert [(one["kind"], one["text"], len(one["answers"])) for one in found["turns"]] == [
        ("question", "", 1),
        ("several", "Two.", 2),
    ]
    first = found["turns"][0]
    assert (first["question"], first["asked"]) == ("q1", "2024-05-01T12:00:00+00:00")
    assert first["answers"][0] == {
        "question": "When?",
        "resolved": "When?",
        "text": "2018",
        "confidence": 0.5,
        "calibrated": True,
        "unknown_terms": [],
        "citations": [
            {
                "article_id": "trip",
                "title": TRIP.title,
                "source": TRIP.source,
                "outlet": "The Gazette",
                "published": "2022-03-06",
                "span": {"start": REELECTED.span.start, "end": REELECTED.span.end},
                "quote": "2018",
                "sentence": {"start": REELECTED.sentence.start, "end": REELECTED.sentence.end},
                "page": None,
                "sha256": "f00d",
            },
            first["answers"][0]["citations"][1],
        ],
    }
    assert first["answers"][0]["citations"][1]["sha256"] == ""
    assert found["turns"][1]["answers"][1]["citations"] == []


def test_an_export_is_read_back_in_order(tmp_path):
    two = Reply("several", "Two.", (replace(answer(SECOND_TERM), question="Who?"), answer()))
    path = tmp_path / "chat.json"
    path.write_text(to_json(conversation(answer(REELECTED), Reply("thanks", "."), two), {}))
    assert load_export(path) == (
        Exported(1, "When?", REELECTED, ""),
        Exported(3, "Who?", SECOND_TERM, ""),
    )


def test_an_empty_conversation_has_an_export():
    assert read_export(to_json(conversation(), {})) == ()


@pytest.mark.parametrize("quote", NASTY_QUOTES, ids=range(len(NASTY_QUOTES)))
def test_any_text_is_exported_and_stands(tmp_path, quote):
    nasty = cite(NASTY, quote)
    path = tmp_path / "chat.json"
    text = to_json(conversation(answer(nasty)), {"nasty": text_sha256(NASTY.text)})
    path.write_text(text, encoding="utf-8")
    (one,) = load_export(path)
    assert one.citation == nasty
    assert json.dumps(quote, ensure_ascii=False) in text
    assert recheck([one], {"nasty": NASTY}.get) == [
        Rechecked(one, "stands", nasty.span, same_text=True)
    ]


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_can_be_written_and_read(text):
    written = json_text({"text": text})
    written.encode()
    # JSON itself makes one character of the two halves of a pair.
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written)["text"] == paired


def damaged(change: Callable[[dict], object]) -> str:
    found = json.loads(to_json(conversation(answer(REELECTED)), {}))
    change(found)
    return json.dumps(found)


def of_citation(**fields: object) -> str:
    return damaged(lambda found: found["turns"][0]["answers"][0]["citations"][0].update(fields))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "is no JSON: Expecting value", id="empty"),
        pytest.param("# A chat\n", "is no JSON", id="Markdown"),
        pytest.param("[" * 100_000, "is no JSON", id="deep"),
        pytest.param("9" * 5_000, "is no JSON", id="a number without bound"),
        pytest.param("null", "is no exported conversation; export one as JSON", id="null"),
        pytest.param("[]", "is no exported conversation", id="list"),
        pytest.param('{"format": 1}', "is no exported conversation", id="results of eval"),
        pytest.param(damaged(lambda one: one.update(format=2)), "format 2, this .* 1", id="newer"),
        pytest.param(damaged(lambda one: one.pop("turns")), "damaged .*turns", id="no turns"),
        pytest.param(damaged(lambda one: one.update(turns=7)), "damaged", id="turns of a number"),
        pytest.param(damaged(lambda one: one.update(turns=["x"])), "damaged", id="turn of text"),
        pytest.param(of_citation(quote="2019!"), "not the length of its quote", id="length"),
        pytest.param(of_citation(quote=None), "damaged", id="no quote"),
        pytest.param(of_citation(span={"start": 3, "end": 3}), "0 <= start < end", id="span"),
        pytest.param(of_citation(span={"start": True, "end": 5}), "damaged", id="true"),
        pytest.param(of_citation(span=[1, 2]), "damaged", id="span of a list"),
        pytest.param(of_citation(article_id="\ud800"), "surrogates", id="id that is no text"),
        pytest.param(of_citation(sha256=None), "damaged", id="no hash"),
        pytest.param(of_citation(more=1), "Citation has no more", id="unknown field"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_an_error(text, message):
    with pytest.raises(TranscriptError, match=f"chat.*{message}"):
        read_export(text, "chat")


# The comparison


@pytest.mark.parametrize(
    ("now", "verdict", "place"),
    [
        pytest.param("one two one", "stands", 4, id="the same"),
        pytest.param("six two, it is", "stands", 4, id="changed around it"),
        pytest.param("one, two one", "changed", 5, id="moved on"),
        pytest.param("two one", "changed", 0, id="moved back"),
        pytest.param("two 89 two", "changed", 7, id="the nearer one after it"),
        pytest.param("0two 89012 two", "changed", 1, id="the nearer one before it"),
        pytest.param("0two  9two", "changed", 1, id="the nearest of two"),
        pytest.param("0two 56two", "changed", 1, id="the earlier of two as near"),
        pytest.param("one tw", "changed", None, id="cut"),
        pytest.param("one TWO", "changed", None, id="another case"),
        pytest.param("", "changed", None, id="empty"),
    ],
)
def test_a_citation_stands_where_its_quote_does(now, verdict, place):
    one = exported("two", 4, text_sha256("one two one"))
    article = replace(ARTICLE, text=now)
    there = Span(place, place + 3) if place is not None else None
    expected = Rechecked(one, verdict, there, same_text=now == "one two one")
    assert recheck([one], {"a1": article}.get) == [expected]


@given(st.text("ab", max_size=12), st.text("ab", min_size=1, max_size=3), st.integers(0, 14))
def test_the_nearest_place_is_found(text, quote, start):
    (found,) = recheck([exported(quote, start)], {"a1": replace(ARTICLE, text=text)}.get)
    places = [at for at in range(len(text)) if text.startswith(quote, at)]
    nearest = min(places, key=lambda at: (abs(at - start), at), default=None)
    assert (found.place.start if found.place else None) == nearest
    assert (found.verdict == "stands") == (nearest == start)


def test_the_hash_alone_does_not_make_a_citation_stand():
    """An export made after its article had changed has new hashes beside old spans."""
    one = exported("two", 0, text_sha256(ARTICLE.text))
    expected = Rechecked(one, "changed", Span(4, 7), same_text=True)
    assert recheck([one], {"a1": ARTICLE}.get) == [expected]


def test_an_article_that_is_not_there_is_gone():
    one = exported("two", 4)
    assert recheck([one], {}.get) == [Rechecked(one, "gone", None, same_text=False)]


def test_spans_beyond_any_text_are_no_trouble():
    one = exported("two", 10**100)
    assert recheck([one], {"a1": ARTICLE}.get)[0].place == Span(12, 15)


def test_no_citations_give_none_and_articles_are_looked_up_once():
    asked: list[str] = []

    def lookup(article_id: str) -> Article | None:
        asked.append(article_id)
        return ARTICLE if article_id == "a1" else None

    assert recheck([], lookup) == []
    many = [exported("one", 0), exported("x", 0, article_id="b"), exported("two", 4)]
    assert [one.verdict for one in recheck(many * 2, lookup)] == ["stands", "gone", "stands"] * 2
    assert asked == ["a1", "b"]


# The command


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.library.library.load_embedder", FakeEmbedder)
    monkeypatch.setenv("CITESPAN_EMBEDDER", "fake")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT)
    return tmp_path / "news"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def chat(tmp_path: Path, news: Path, path: Path) -> Path:
    """An export that cites both articles: "Four" and "Corran" of one, "girl" of the other."""
    with Library.open(path) as library:
        library.add([news])
        boat, bridge = library.articles()
    cited = Reply("several", "Two.", (answer(cite(bridge, "Corran")), answer(cite(boat, "girl"))))
    hashes = {one.id: text_sha256(one.text) for one in (boat, bridge)}
    file = tmp_path / "chat.json"
    file.write_text(to_json(conversation(answer(cite(bridge, "Four")), cited), hashes))
    return file


def add(path: Path, news: Path, **articles: str) -> None:
    write_articles(news, **articles)
    with Library.open(path) as library:
        library.add([news])


def test_recheck_of_what_stands(chat, path, capsys):
    assert cli.main(["recheck", str(chat), "--library", str(path)]) == cli.OK
    four, corran, girl = BRIDGE.index("Four"), BRIDGE.index("Corran"), BOAT.index("girl")
    assert capsys.readouterr().out == (
        f'stands   1. "Four" (Bridge falls, {four}:{four + 4})\n'
        f'stands   2. "Corran" (Bridge falls, {corran}:{corran + 6})\n'
        f'stands   2. "girl" (Boat found, {girl}:{girl + 4})\n'
        f"3 citations in {path}: 3 stands, 0 changed, 0 gone\n"
    )


def test_recheck_of_what_does_not(chat, path, news, capsys):
    add(path, news, bridge=BRIDGE.replace("Corran. Four", "Oriel. On Sunday Four"))
    with Library.open(path) as library:
        library.remove([news / "boat.txt"])
    assert cli.main(["recheck", str(chat), "--library", str(path)]) == cli.SOME_FAILED
    four, corran, girl = BRIDGE.index("Four"), BRIDGE.index("Corran"), BOAT.index("girl")
    assert capsys.readouterr().out == (
        f'changed  1. "Four" (Bridge falls, {four}:{four + 4}): '
        f"now at {four + 9}:{four + 13}\n"
        f'changed  2. "Corran" (Bridge falls, {corran}:{corran + 6}): no longer in the article\n'
        f'gone     2. "girl" (Boat found, {girl}:{girl + 4}): no such article\n'
        f"3 citations in {path}: 0 stands, 2 changed, 1 gone\n"
    )


def test_recheck_says_where_an_article_changed_around_a_quote(chat, path, news, capsys):
    add(path, news, bridge=BRIDGE.replace("died", "were hurt"))
    assert cli.main(["recheck", str(chat), "--library", str(path)]) == cli.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("), though the article has changed elsewhere")
    assert lines[2].endswith(")")


def test_recheck_as_json(chat, path, news, capsys):
    add(path, news, bridge=BRIDGE.replace("Corran. Four", "Oriel. On Sunday Four"))
    arguments = ["recheck", str(chat), "--library", str(path), "--json"]
    assert cli.main(arguments) == cli.SOME_FAILED
    found = json.loads(capsys.readouterr().out)
    assert found["library"] == str(path)
    assert (found["stands"], found["changed"], found["gone"]) == (1, 2, 0)
    first, second, third = found["citations"]
    four = BRIDGE.index("Four")
    assert first["place"] == {"start": four + 9, "end": four + 13}
    assert first["span"] == {"start": four, "end": four + 4}
    assert (first["turn"], first["question"], first["quote"]) == (1, "When?", "Four")
    assert (first["verdict"], first["same_text"]) == ("changed", False)
    assert (first["title"], first["published"]) == ("Bridge falls", "2024-03-03")
    assert (second["verdict"], second["place"]) == ("changed", None)
    assert (third["verdict"], third["same_text"], third["turn"]) == ("stands", True, 2)


def test_recheck_asks_the_library_that_the_chat_asks(
    chat, path, tmp_path, news, monkeypatch, capsys
):
    """The one of the settings; and the samples, while that one is empty."""
    monkeypatch.setattr("qa.samples.samples_folder", lambda: news)
    assert cli.main(["recheck", str(chat)]) == cli.OK
    assert capsys.readouterr().out.endswith("in sample articles: 3 stands, 0 changed, 0 gone\n")
    monkeypatch.setenv("CITESPAN_LIBRARY", str(path))
    assert cli.main(["recheck", str(chat)]) == cli.OK
    assert capsys.readouterr().out.endswith(f"in {path}: 3 stands, 0 changed, 0 gone\n")


def test_recheck_of_nothing_is_well(path, chat, tmp_path, capsys):
    chat.write_text(to_json(conversation(answer()), {}))
    assert cli.main(["recheck", str(chat), "--library", str(path)]) == cli.OK
    assert capsys.readouterr().out == f"0 citations in {path}: 0 stands, 0 changed, 0 gone\n"


def test_hostile_exports_do_not_steer_the_terminal(path, chat, capsys):
    quote = "a\nb \x1b[2J\ud800\u202e" + "long " * 40
    citation = exported(quote, 5).citation
    chat.write_text(to_json(conversation(answer(replace(citation, title="t\nu\x07"))), {}))
    assert cli.main(["recheck", str(chat), "--library", str(path)]) == cli.SOME_FAILED
    line = capsys.readouterr().out.splitlines()[0]
    shown = "a b [2J\ufffd" + "long " * 10 + "l…"
    assert line == f'gone     1. "{shown}" (t u, 5:{5 + len(quote)}): no such article'


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "cannot be read: .*No such file", id="missing"),
        pytest.param(Path.mkdir, "cannot be read", id="folder"),
        pytest.param(lambda one: one.write_bytes(b"\xff\xfe\xff"), "cannot be read", id="binary"),
        pytest.param(lambda one: one.write_text("{}"), "no exported conversation", id="JSON"),
        pytest.param(lambda one: one.write_text("# Hello"), "is no JSON", id="Markdown"),
    ],
)
def test_a_file_that_is_no_export_fails(path, chat, tmp_path, capsys, make, message):
    file = tmp_path / "other.json"
    make(file)
    assert cli.main(["recheck", str(file), "--library", str(path)]) == cli.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(file) in printed.err
    assert re.search(message, printed.err)


def test_a_library_that_is_not_there_fails(chat, tmp_path, capsys):
    arguments = ["recheck", str(chat), "--library", str(tmp_path / "nowhere")]
    assert cli.main(arguments) == cli.FAILED
    assert "there is no library at" in capsys.readouterr().err


def test_an_export_without_a_file_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as raised:
        cli.main(["recheck"])
    assert raised.value.code == cli.USAGE
    assert "FILE" in capsys.readouterr().err
