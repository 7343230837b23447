"""Conversations on disk: nothing lost, nothing mixed up, every damage said."""

from __future__ import annotations

import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import BALLOT, CUT, REELECTED, SECOND_TERM, TRIP, WON, cite, hit

from qa.errors import CitespanError, TranscriptError
from qa.transcripts import FILE_NAME, Conversation, Summary, Transcripts
from qa.transcripts.codec import pack_reply, pack_text, unpack_reply, unpack_text
from qa.transcripts.conversation import name_of
from qa.transcripts.database import Database
from qa.types import Alternative, Answer, Article, Reply, Span, Timings

ROOT = Path(__file__).resolve().parent.parent
NASTY = (
    "",
    "👩‍👩‍👧‍👦 4️⃣ 👍🏽",
    "Zürich nöw e\u0301te\u0301 \u0323\u0307",
    "مرحبا \u202eflip\u202c \u200f٣",
    "NUL \x00 and \x1b[31m and \x7f",
    "' '' \" `; DROP TABLE turns; -- %_\\*?[a]",
    "<script>alert(1)</script> &amp; {{x}}",
    "one\r\ntwo\u2028three\x85four\tfive",
    "lone \ud800 and \udfff, swapped \udc00\ud800, paired \ud83d\ude00",
    "very long " * 20_000,
)


class Clock:
    """Tells a time that is one second later whenever it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2024, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def transcripts(path: Path, clock: Clock) -> Transcripts:
    return Transcripts.open(path, clock=clock)


@pytest.fixture
def owner(transcripts: Transcripts) -> str:
    return transcripts.owner_of(secrets.token_hex())


@pytest.fixture
def started(transcripts: Transcripts, owner: str) -> str:
    """The id of a conversation with the turns one, two and three."""
    conversation = transcripts.create(owner).id
    for question in ("one?", "two?", "three?"):
        transcripts.append(owner, conversation, question, declined(question))
    return conversation


def declined(question: str) -> Answer:
    return Answer(question, question, None, 0.0, calibrated=True)


def answered(question: str, quote: str) -> Answer:
    article = Article("a1", "A title", f"It says {quote}.", "/news/a1.txt")
    return Answer(
        question, question, quote, 0.5, calibrated=True, citations=(cite(article, quote),)
    )


def questions(conversation: Conversation) -> list[str]:
    return [turn.question for turn in conversation.turns]


FULL = Answer(
    question="And when?",
    resolved="When was Maduro reelected?",
    text="2018",
    confidence=0.1 + 0.2,
    calibrated=False,
    citations=(replace(REELECTED, page=3), replace(SECOND_TERM, published=None)),
    alternatives=(Alternative("May 2018", 1e-9, (SECOND_TERM,)),),
    hits=(hit(TRIP, CUT, 1), hit(BALLOT, WON, 2)),
    unknown_terms=("Zebulon", "1807"),
    timings=Timings(0.1, 0.2, 0.3),
    margin=-3.25,
)


# What is stored and read


def test_a_new_conversation_has_no_name_and_no_turns(transcripts, owner):
    made = transcripts.create(owner)
    day = datetime(2024, 5, 1, 12, 0, 2, tzinfo=UTC)
    assert made == Summary(made.id, "", day, day, 0)
    assert transcripts.conversations(owner) == [made]
    assert transcripts.conversation(owner, made.id) == Conversation(made.id, "", day, day)


def test_a_list_has_the_last_used_first(transcripts, owner):
    first, second, third = (transcripts.create(owner).id for _ in range(3))
    assert [one.id for one in transcripts.conversations(owner)] == [third, second, first]
    turn = transcripts.append(owner, first, "When?", FULL)
    one = transcripts.conversations(owner)[0]
    assert (one.id, one.name, one.turns, one.updated) == (first, "When?", 1, turn.asked)
    transcripts.rename(owner, second, "Renaming is no use")
    assert [one.id for one in transcripts.conversations(owner)] == [first, third, second]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(FULL, id="everything"),
        pytest.param(declined("Who?"), id="decline"),
        pytest.param(replace(declined("Who?"), alternatives=FULL.alternatives), id="runner-up"),
        pytest.param(Reply("greeting", "Hello."), id="small talk"),
        pytest.param(Reply("several", "Two.", (FULL, declined("And?"))), id="several"),
    ],
)
def test_replies_come_back_equal_in_another_session(path, transcripts, owner, reply):
    conversation = transcripts.create(owner).id
    turn = transcripts.append(owner, conversation, "And when?", reply)
    (found,) = Transcripts.open(path).conversation(owner, conversation).turns
    assert found == turn
    assert found.reply == reply
    assert type(found.reply) is type(reply)
    # Equality leaves the timings out.
    assert [one.timings for one in found.answers] == [one.timings for one in turn.answers]
    assert hash(found.reply) == hash(reply)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_comes_back(path, transcripts, owner, text):
    quote = text or "x"
    nasty = Article(text, text, f"a {quote} b", text, outlet=text)
    citation = replace(cite(nasty, quote), sentence=Span(0, 1))
    reply = replace(
        FULL, question=text, resolved=text, text=quote, citations=(citation,), unknown_terms=(text,)
    )
    conversation = transcripts.create(owner).id
    transcripts.append(owner, conversation, text, Reply("several", text, (reply,)))
    transcripts.rename(owner, conversation, text)
    (found,) = Transcripts.open(path).conversation(owner, conversation).turns
    assert found.question == text
    assert found.reply == Reply("several", text, (reply,))
    assert Transcripts.open(path).conversations(owner)[0].name == name_of(text)
    assert transcripts.search(owner, text)[0].id == conversation


@given(st.text(st.characters(exclude_categories=())))
def test_packing_keeps_every_text(text):
    assert unpack_text(pack_text(text)) == text
    reply = Reply("help", text, (replace(declined(text), unknown_terms=(text,)),))
    assert unpack_reply(pack_reply(reply)) == reply


def test_fields_that_were_not_stored_yet_get_their_default():
    older = pack_reply(replace(FULL, margin=None)).replace(b', "margin": null', b"")
    assert b"margin" not in older
    assert unpack_reply(older) == replace(FULL, margin=None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'{"answer"', b'{"other"', id="unknown kind of value"),
        pytest.param(b'"start": 1403', b'"start": -1', id="span"),
        pytest.param(b'"start": 1403', b'"start": true', id="truth for a number"),
        pytest.param(b'"start": 1403', b'"start": 1403.0', id="fraction for a number"),
        pytest.param(b'"2022-03-06"', b'"today"', id="no day"),
        pytest.param(b'"2022-03-06"', b"20220306", id="number for a day"),
        pytest.param(b'"calibrated"', b'"callous"', id="unknown field"),
        pytest.param(b'"text": "2018"', b'"text": "2019"', id="text that is no quote"),
        pytest.param(b'["Zebulon", "1807"]', b'"Zebulon"', id="text for a list"),
        pytest.param(b'["Zebulon", "1807"]', b'["Zebulon", null]', id="nothing for a text"),
        pytest.param(b'"hits": [{', b'"hits": [[], {', id="list for an object"),
        pytest.param(b"}", b"", id="no JSON"),
    ],
)
def test_what_is_no_answer_is_refused(old, new):
    packed = pack_reply(FULL)
    assert old in packed
    with pytest.raises((TypeError, ValueError)):
        unpack_reply(packed.replace(old, new, 1))


# Names


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("When was Maduro reelected?", "When was Maduro reelected?", id="short"),
        pytest.param("  one\n two\x00three\t", "one two three", id="one line"),
        pytest.param("", "", id="empty"),
        pytest.param(" \n ", "", id="blank"),
        pytest.param("x" * 60, "x" * 60, id="exactly as long as it may be"),
        pytest.param("x" * 61, "x" * 59 + "…", id="one long word"),
        pytest.param("abc " * 15 + "d", "abc " * 14 + "abc…", id="at a word"),
        pytest.param("a" * 59 + " b", "a" * 59 + "…", id="at the last place"),
        pytest.param("a" * 40 + ", " + "b" * 40, "a" * 40 + "…", id="without the comma"),
        pytest.param("a " + "b" * 80, "a " + "b" * 57 + "…", id="no word's end near"),
        pytest.param(
            "x" * 58 + "e\u0301" + "y" * 9, "x" * 58 + "…", id="before an accent's letter"
        ),
        pytest.param("x" * 56 + "👩‍👩‍👧‍👦" + "y" * 9, "x" * 56 + "…", id="before a family"),
        pytest.param("x" * 58 + "👍🏽" + "y" * 9, "x" * 58 + "…", id="before a skin tone's thumb"),
        pytest.param("e" + "\u0301" * 90, "e" + "\u0301" * 58 + "…", id="accents only"),
        pytest.param("a\u202eb\u2066c \ud800", "abc \ufffd", id="direction and surrogate"),
    ],
)
def test_a_name_is_one_short_line(question, name):
    assert name_of(question) == name
    assert len(name) <= 60


def test_a_conversation_is_called_after_its_first_question_until_it_is_renamed(
    transcripts, owner, started
):
    def name() -> str:
        (one,) = transcripts.conversations(owner)
        assert transcripts.conversation(owner, started).name == one.name
        return one.name

    assert name() == "one?"
    transcripts.rename(owner, started, "  My\nchat  ")
    assert name() == "My chat"
    first, *_, last = transcripts.conversation(owner, started).turns
    transcripts.edit(owner, started, first.id, "other?", declined("other?"), last=last.id)
    assert name() == "My chat"
    transcripts.rename(owner, started, " ")
    assert name() == "other?"


# History


def test_history_is_what_ask_takes(transcripts, owner):
    conversation = transcripts.create(owner).id
    for question, reply in [
        ("Hello!", Reply("greeting", "Hello.")),
        ("And when?", FULL),
        ("Who?", declined("Who?")),
        ("A? B?", Reply("several", "", (answered("A?", "yes"), declined("B?")))),
    ]:
        transcripts.append(owner, conversation, question, reply)
    found = transcripts.conversation(owner, conversation)
    assert found.history() == (
        ("When was Maduro reelected?", "2018"),
        ("Who?", None),
        ("A?", "yes"),
        ("B?", None),
    )
    assert found.history(before=found.turns[2].id) == (("When was Maduro reelected?", "2018"),)
    assert found.history(before=found.turns[0].id) == ()


# Retry and edit


def test_retry_replaces_the_last_reply(transcripts, owner, started):
    *_, last = transcripts.conversation(owner, started).turns
    turn = transcripts.retry(owner, started, last.id, answered("three?", "yes"))
    found = transcripts.conversation(owner, started)
    assert questions(found) == ["one?", "two?", "three?"]
    assert found.turns[-1] == turn
    assert found.history()[-1] == ("three?", "yes")
    assert turn.id > last.id


def test_edit_cuts_the_turns_after_it(transcripts, owner, started):
    _, second, last = transcripts.conversation(owner, started).turns
    turn = transcripts.edit(owner, started, second.id, "2?", declined("2?"), last=last.id)
    found = transcripts.conversation(owner, started)
    assert questions(found) == ["one?", "2?"]
    assert found.turns[-1] == turn
    assert found.updated == turn.asked
    assert transcripts.search(owner, "three") == []


def test_a_tab_that_has_not_seen_the_last_turn_cuts_nothing(transcripts, owner, started):
    first, _, last = transcripts.conversation(owner, started).turns
    transcripts.append(owner, started, "four?", declined("four?"))
    reply = declined("new?")
    with pytest.raises(TranscriptError, match="in another tab or window; load it again"):
        transcripts.retry(owner, started, last.id, reply)
    with pytest.raises(TranscriptError, match="load it again"):
        transcripts.edit(owner, started, first.id, "new?", reply, last=last.id)
    assert questions(transcripts.conversation(owner, started)) == [
        "one?",
        "two?",
        "three?",
        "four?",
    ]


def test_two_tabs_that_retry_the_same_turn_do_not_hide_each_other(transcripts, owner, started):
    *_, last = transcripts.conversation(owner, started).turns
    transcripts.retry(owner, started, last.id, answered("three?", "first"))
    with pytest.raises(TranscriptError, match="load it again"):
        transcripts.retry(owner, started, last.id, answered("three?", "second"))
    assert transcripts.conversation(owner, started).history()[-1] == ("three?", "first")


def test_the_number_of_a_turn_is_never_used_again(transcripts, owner, started):
    first, *_, last = transcripts.conversation(owner, started).turns
    turn = transcripts.edit(owner, started, first.id, "1?", declined("1?"), last=last.id)
    assert turn.id == last.id + 1


@pytest.mark.parametrize("turn", [-1, 0, 99, 2**63, 10**100])
def test_turns_that_do_not_exist_are_refused(transcripts, owner, started, turn):
    *_, last = transcripts.conversation(owner, started).turns
    with pytest.raises(TranscriptError, match="load it again"):
        transcripts.retry(owner, started, turn, declined("?"))
    with pytest.raises(TranscriptError, match="load it again"):
        transcripts.edit(owner, started, turn, "?", declined("?"), last=last.id)
    with pytest.raises(TranscriptError, match="load it again"):
        transcripts.edit(owner, started, last.id, "?", declined("?"), last=turn)


def test_an_edit_that_fails_halfway_leaves_everything(path, transcripts, owner, started):
    before = transcripts.conversation(owner, started)
    first, last = before.turns[0].id, before.turns[-1].id
    full = "CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT raise(ABORT, 'no room'); END"
    changed(path, full)
    with pytest.raises(TranscriptError, match="failed: no room"):
        transcripts.edit(owner, started, first, "?", declined("?"), last=last)
    assert transcripts.conversation(owner, started) == before


# Deleting


def test_deleting_can_be_undone(transcripts, owner, started):
    before = transcripts.conversation(owner, started)
    transcripts.delete(owner, started)
    transcripts.delete(owner, started)
    assert transcripts.conversations(owner) == []
    assert transcripts.search(owner, "") == []
    transcripts.restore(owner, started)
    transcripts.restore(owner, started)
    assert transcripts.conversation(owner, started) == before


def test_a_deleted_conversation_is_left_alone(transcripts, owner, started):
    *_, last = transcripts.conversation(owner, started).turns
    transcripts.delete(owner, started)
    reply = declined("?")
    for use in (
        lambda: transcripts.conversation(owner, started),
        lambda: transcripts.rename(owner, started, "name"),
        lambda: transcripts.retry(owner, started, last.id, reply),
        lambda: transcripts.edit(owner, started, last.id, "?", reply, last=last.id),
    ):
        with pytest.raises(TranscriptError, match="is deleted; undo that to go on"):
            use()


def test_an_answer_under_way_while_another_tab_deletes_is_not_lost(transcripts, owner, started):
    transcripts.delete(owner, started)
    transcripts.append(owner, started, "four?", declined("four?"))
    assert transcripts.conversations(owner) == []
    transcripts.restore(owner, started)
    assert questions(transcripts.conversation(owner, started))[-1] == "four?"


def test_what_was_deleted_more_than_a_day_ago_is_gone_for_good(path, transcripts, clock, owner):
    def deleted(question: str) -> str:
        conversation = transcripts.create(owner).id
        transcripts.append(owner, conversation, question, answered(question, f"{question} said"))
        transcripts.delete(owner, conversation)
        return conversation

    old = deleted("pelican")
    clock.now += timedelta(hours=23)
    new = deleted("walrus")
    again = Transcripts.open(path, clock=clock)
    again.restore(owner, old)
    again.delete(owner, old)
    clock.now += timedelta(hours=23)
    Transcripts.open(path, clock=clock).restore(owner, old)
    again.delete(owner, old)
    clock.now += timedelta(hours=24)
    assert b"pelican" in path.read_bytes()
    last = Transcripts.open(path, clock=clock)
    for one in (old, new):
        with pytest.raises(TranscriptError, match=f"no conversation '{one}' here"):
            last.restore(owner, one)
    assert not [word for word in (b"pelican", b"walrus") if word in path.read_bytes()]


def test_deleting_twice_does_not_put_off_the_end(path, transcripts, clock, owner, started):
    transcripts.delete(owner, started)
    clock.now += timedelta(hours=23)
    transcripts.delete(owner, started)
    clock.now += timedelta(hours=2)
    with pytest.raises(TranscriptError, match="there is no conversation"):
        Transcripts.open(path, clock=clock).restore(owner, started)


# Search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("MADURO", ["sign"], id="case of a question"),
        pytest.param("100%_SURE", ["sign"], id="signs of SQL"),
        pytest.param("100%sure", [], id="a sign stands for itself"),
        pytest.param("_", ["sign"], id="underscore"),
        pytest.param("%", ["sign"], id="percent"),
        pytest.param("it's \"", ["sign"], id="quotation marks"),
        pytest.param("\\", ["sign"], id="backslash"),
        pytest.param("*", [], id="star"),
        pytest.param("a.b", [], id="dot"),
        pytest.param("\x00b", ["nul"], id="NUL"),
        pytest.param("a\x00c", [], id="beyond NUL"),
        pytest.param("STRASSE", ["word"], id="sharp s"),
        pytest.param("ÉTÉ", ["word"], id="accents composed"),
        pytest.param("e\u0301te\u0301", ["word"], id="accents apart"),
        pytest.param("ete", [], id="without accents"),
        pytest.param("ςίσυφος", ["word"], id="final sigma"),
        pytest.param("👩‍👧", ["word"], id="emoji"),
        pytest.param("עולם", ["word"], id="right to left"),
        pytest.param("\ud800", ["nul"], id="lone surrogate"),
        pytest.param("May 2018", ["answer"], id="a second citation"),
        pytest.param("hello there", ["answer"], id="our words"),
        pytest.param("fourscore", ["answer"], id="a name"),
        pytest.param("high-level", [], id="a passage"),
        pytest.param("when?hello", [], id="across two texts"),
        pytest.param(" ", ["answer", "word", "sign"], id="a space is a space"),
        pytest.param("", ["answer", "word", "nul", "sign"], id="nothing"),
    ],
)
def test_search_takes_every_character_as_it_is(transcripts, owner, query, found):
    stranger = transcripts.owner_of(secrets.token_hex())
    named = {}
    for name, question, reply in [
        ("sign", 'Was Maduro 100%_sure? It\'s "\\n"', declined("?")),
        ("nul", "a\x00b\ud800", declined("?")),
        ("word", "Straße été Σίσυφος 👩‍👧 עולם", declined("?")),
        ("answer", "When?", Reply("several", "Hello there.", (FULL,))),
    ]:
        for whose in (stranger, owner):
            conversation = transcripts.create(whose).id
            transcripts.append(whose, conversation, question, reply)
            named[conversation] = name
    transcripts.rename(owner, conversation, "FourScore")
    assert [named[one.id] for one in transcripts.search(owner, query)] == found


# Owners


def test_owners_see_their_own_conversations_only(transcripts, owner, started):
    other = transcripts.owner_of(secrets.token_hex())
    assert transcripts.conversations(other) == []
    assert transcripts.search(other, "one") == []
    reply = declined("?")
    for use in (
        lambda: transcripts.conversation(other, started),
        lambda: transcripts.rename(other, started, "mine"),
        lambda: transcripts.delete(other, started),
        lambda: transcripts.restore(other, started),
        lambda: transcripts.append(other, started, "?", reply),
        lambda: transcripts.retry(other, started, 3, reply),
        lambda: transcripts.edit(other, started, 1, "?", reply, last=3),
    ):
        with pytest.raises(TranscriptError, match=f"no conversation '{started}' here"):
            use()
    assert questions(transcripts.conversation(owner, started)) == ["one?", "two?", "three?"]


@pytest.mark.parametrize("unknown", ["", "x", "é", "\ud800", "\x00", "' OR 1=1 --", "x" * 99_999])
def test_unknown_conversations_are_an_error(transcripts, owner, unknown):
    with pytest.raises(TranscriptError, match="there is no conversation"):
        transcripts.conversation(owner, unknown)


def test_a_visitor_has_one_owner_in_a_file(path, tmp_path, transcripts, started):
    owner = transcripts.owner_of("ada@example.org")
    assert re.fullmatch(r"[0-9a-f]{64}\.[0-9a-f]{64}", owner, re.ASCII)
    again = Transcripts.open(path)
    assert again.owner_of("ada@example.org") == owner
    assert again.is_owner(owner)
    others = (transcripts.owner_of("Ada@example.org"), transcripts.owner_of("\ud800"))
    assert owner not in others
    assert Transcripts.open(tmp_path / "other.sqlite").owner_of("ada@example.org") != owner


def test_nobody_can_put_an_owner_together(transcripts):
    one, other = (transcripts.owner_of(name) for name in ("ada", "bob"))
    assert not transcripts.is_owner(f"{one.partition('.')[0]}.{other.partition('.')[2]}")


def test_owners_of_another_library_are_an_error(tmp_path, transcripts):
    other = Transcripts.open(tmp_path / "other.sqlite")
    foreign = other.owner_of(secrets.token_hex())
    assert other.is_owner(foreign)
    assert not transcripts.is_owner(foreign)
    reply = declined("?")
    for use in (
        lambda: transcripts.conversations(foreign),
        lambda: transcripts.search(foreign, ""),
        lambda: transcripts.create(foreign),
        lambda: transcripts.conversation(foreign, "x"),
        lambda: transcripts.append(foreign, "x", "?", reply),
    ):
        with pytest.raises(TranscriptError, match="is none of"):
            use()


@pytest.mark.parametrize("foreign", ["", ".", "x", "é.é", "a.b", "\ud800", "\x00", "x" * 99_999])
def test_made_up_owners_are_none(transcripts, owner, foreign):
    assert not transcripts.is_owner(foreign)
    assert not transcripts.is_owner(owner + foreign[:1]) or foreign == ""
    with pytest.raises(TranscriptError, match="is none of"):
        transcripts.conversations(foreign)


# Files


def test_the_file_is_private_and_synced(path, transcripts):
    assert path.stat().st_mode & 0o777 == 0o600
    with Database(path).write() as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert {one.stat().st_mode & 0o777 for one in path.parent.glob(f"{FILE_NAME}*")} == {0o600}


def test_a_file_that_was_never_filled_is_filled(path):
    path.touch()
    transcripts = Transcripts.open(path)
    assert transcripts.conversations(transcripts.owner_of(secrets.token_hex())) == []


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE turns (id)")
    database.close()


def changed(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement)
    database.close()


def truncated(path: Path) -> None:
    Transcripts.open(path)
    with path.open("r+b") as file:
        file.truncate(6000)


def from_the_future(path: Path) -> None:
    Transcripts.open(path)
    changed(path, "PRAGMA user_version = 7")


def robbed(path: Path) -> None:
    Transcripts.open(path)
    changed(path, "DELETE FROM secret")


def without_tables(path: Path) -> None:
    Transcripts.open(path)
    changed(path, "DROP TABLE turns")
    changed(path, "DROP TABLE secret")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(Path.mkdir, "cannot be opened: Is a directory", id="folder"),
        pytest.param(lambda one: one.write_text("text " * 99), "file is not a database", id="text"),
        pytest.param(foreign, "is a database of something else", id="of another program"),
        pytest.param(truncated, "failed: database disk image is malformed; rest", id="truncated"),
        pytest.param(from_the_future, "have format 7, this version .* up to 1;", id="newer"),
        pytest.param(robbed, "are damaged", id="without a secret"),
        pytest.param(without_tables, "failed: no such table", id="without tables"),
    ],
)  # fmt: skip
def test_files_that_are_no_conversations_are_an_error_and_stay_as_they_are(path, make, message):
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(TranscriptError, match=message) as raised:
        Transcripts.open(path)
    assert isinstance(raised.value, CitespanError)
    assert str(path) in str(raised.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(TranscriptError, match="cannot be opened: No such file or directory"):
        Transcripts.open(tmp_path / "missing" / FILE_NAME)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE turns SET reply = x'7b7d' WHERE id = 2", id="reply"),
        pytest.param("UPDATE turns SET reply = x'ff' WHERE id = 2", id="reply of other bytes"),
        pytest.param("UPDATE turns SET question = 'text' WHERE id = 2", id="question"),
        pytest.param("UPDATE turns SET asked = 'noon' WHERE id = 2", id="time"),
        pytest.param("UPDATE conversations SET name = x'ff'", id="name"),
    ],
)
def test_a_damaged_row_is_an_error_that_names_the_file(path, transcripts, owner, started, damage):
    changed(path, damage)
    with pytest.raises(TranscriptError, match=re.escape(f"{path} are damaged (")):
        transcripts.conversation(owner, started)
    # What can be read of it can still be deleted.
    transcripts.delete(owner, started)


def test_waiting_for_another_writer_has_an_end(path, transcripts, owner, monkeypatch):
    monkeypatch.setattr("qa.transcripts.database._WAIT_SECONDS", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(TranscriptError, match="is locked; another process is writing to it"):
        transcripts.create(owner)
    assert transcripts.conversations(owner) == []
    holder.close()
    assert transcripts.create(owner).turns == 0


def test_a_view_that_another_writer_has_overtaken_can_be_tried_again(path, transcripts, owner):
    """SQLite's number for this is not that of a busy file, but one that contains it."""

    def overtaken() -> None:
        with Database(path).read() as view:
            view.execute("SELECT * FROM turns").fetchall()
            transcripts.create(owner)
            view.execute("DELETE FROM turns")

    with pytest.raises(TranscriptError, match="is locked; another process is writing"):
        overtaken()


# Threads and processes


def test_a_new_file_waits_for_the_one_who_is_laying_it_out(path):
    path.touch()
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, holder.close)
    release.start()
    transcripts = Transcripts.open(path)
    release.join()
    assert transcripts.conversations(transcripts.owner_of(secrets.token_hex())) == []


def test_many_open_a_new_file_at_once(path):
    start = threading.Barrier(8)

    def opened(_: int) -> str:
        start.wait()
        return Transcripts.open(path).owner_of(secrets.token_hex())

    with ThreadPoolExecutor(8) as pool:
        owners = list(pool.map(opened, range(8)))
    assert all(Transcripts.open(path).is_owner(owner) for owner in owners)


def test_threads_append_to_one_conversation(path, transcripts, owner):
    conversation = transcripts.create(owner).id
    sessions = [transcripts, Transcripts.open(path)]

    def write(writer: int) -> None:
        for number in range(10):
            question = f"{writer}.{number}"
            sessions[writer % 2].append(owner, conversation, question, declined(question))
            assert question in questions(sessions[writer % 2].conversation(owner, conversation))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    found = questions(transcripts.conversation(owner, conversation))
    assert sorted(found) == sorted(
        f"{writer}.{number}" for writer in range(4) for number in range(10)
    )
    for writer in range(4):
        mine = [one for one in found if one.startswith(f"{writer}.")]
        assert mine == [f"{writer}.{number}" for number in range(10)]


# Says each turn that is finished. SQLite keeps 2 MB of a transaction in memory and writes what is
# more before its end, so a large filler lets a kill hit a write in the middle.
LARGE = 700_000
WRITER = """
import os, signal, sys
from qa.transcripts import Transcripts
from qa.types import Answer

class Killed(Transcripts):
    def _put(self, *turn):
        super()._put(*turn)
        os.kill(os.getpid(), signal.SIGKILL)

path, owner, conversation, name, count, size, large = sys.argv[1:]

def reply(question, size):
    return Answer(question, "filler " * int(size), None, 0.0, True)

transcripts = Transcripts.open(path)
for number in range(int(count)):
    question = f"{name}.{number}"
    transcripts.append(owner, conversation, question, reply(question, size))
    print(question, flush=True)
turns = transcripts.conversation(owner, conversation).turns
lost, killed = reply("lost", large), Killed.open(path)
if name == "append":
    killed.append(owner, conversation, "lost", lost)
if name == "edit":
    killed.edit(owner, conversation, turns[0].id, "lost", lost, last=turns[-1].id)
"""


def writer(
    path: Path, owner: str, conversation: str, name: str, count: int, size: int
) -> subprocess.Popen[str]:
    words = [str(path), owner, conversation, name, str(count), str(size), str(LARGE)]
    command = [sys.executable, "-c", WRITER, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_processes_append_to_one_conversation(path, transcripts, owner):
    conversation = transcripts.create(owner).id
    writers = [writer(path, owner, conversation, name, 5, 1_000) for name in "ab"]
    said = [process.communicate(timeout=120)[0].split() for process in writers]
    assert [process.returncode for process in writers] == [0, 0]
    found = questions(transcripts.conversation(owner, conversation))
    assert sorted(found) == sorted(said[0] + said[1])
    for name, mine in zip("ab", said, strict=True):
        assert [one for one in found if one.startswith(name)] == mine
        assert len(mine) == 5


@pytest.mark.parametrize("write", ["append", "edit"])
def test_a_kill_between_write_and_commit_leaves_what_was(path, transcripts, owner, write):
    conversation = transcripts.create(owner).id
    with writer(path, owner, conversation, write, 2, 1) as process:
        said = process.communicate(timeout=120)[0].split()
    assert process.returncode == -signal.SIGKILL
    # The half of the transaction is on the disk.
    assert path.with_name(f"{FILE_NAME}-wal").stat().st_size > 1_000_000
    found = Transcripts.open(path).conversation(owner, conversation)
    assert questions(found) == said == [f"{write}.0", f"{write}.1"]
    assert [turn.reply.resolved for turn in found.turns] == ["filler "] * 2


@pytest.mark.soak
@pytest.mark.parametrize("wait", [number / 60 for number in range(20)])
def test_a_kill_at_any_time_loses_no_finished_turn(path, transcripts, owner, wait):
    conversation = transcripts.create(owner).id
    with writer(path, owner, conversation, "a", 100_000, LARGE) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(3)]
        time.sleep(wait)
        process.kill()
        said += process.stdout.read().split()
    again = Transcripts.open(path)
    found = again.conversation(owner, conversation)
    # A turn that was on the disk but not said yet may be there too; none that is half.
    assert questions(found)[: len(said)] == said
    assert len(found.turns) - len(said) in (0, 1)
    assert all(turn.reply.resolved == "filler " * LARGE for turn in found.turns)
    turn = again.append(owner, conversation, "and on?", declined("and on?"))
    assert again.conversation(owner, conversation).turns[-1] == turn
