from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, write_articles

from qa.errors import (
    ArticleNotFoundError,
    LibraryDamagedError,
    LibraryError,
    LibraryLockedError,
    LibraryMismatchError,
)
from qa.library import Library
from qa.library.lock import writer_lock
from qa.library.store import Store
from qa.settings import Settings
from qa.types import Article

BRIDGE = "Bridge falls\nMarch 3, 2024\n\nA bridge fell into the river Corran on Sunday."
BOAT = "Boat found\n5 May 2022\n\nA girl found a boat in the lake. She was looking for her shoe."


def texts_found(library: Library, question: str) -> list[str]:
    """List the chunks' texts, nearest first."""
    with library.view() as view:
        found = view.nearest(library.embedder.encode([question])[0], 100)
        chunks = view.chunks(list(found))
        return [chunks[row].text for row in found]


def snapshots(library: Library) -> list[Path]:
    return sorted((library.path / "snapshots").glob("*"))


def test_add_reports_each_source(library: Library, tmp_path: Path) -> None:
    bridge, boat = write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT)[::-1]
    (tmp_path / "news" / "table.xlsx").write_bytes(b"PK")
    (tmp_path / "news" / "empty.txt").write_text("")
    report = library.add([tmp_path / "news"])
    assert report.added == [str(boat), str(bridge)]
    assert report.skipped == [str(tmp_path / "news" / "table.xlsx")]
    assert [source for source, _ in report.failed] == [str(tmp_path / "news" / "empty.txt")]
    assert "empty" in report.failed[0][1]
    assert [article.title for article in library.articles()] == ["Boat found", "Bridge falls"]
    assert [article.published for article in library.articles()] == [
        date(2022, 5, 5),
        date(2024, 3, 3),
    ]


def test_outlets_are_counted_and_days_are_found(library: Library) -> None:
    assert (library.outlets(), library.days()) == ({}, None)
    days = [date(2024, 3, 6), None, date(2023, 1, 2), None]
    outlets = ["APS", "", "Courier", "APS"]
    library.add(
        Article(f"a{at}", "T", "A text.", f"/{at}.txt", day, outlet=outlet)
        for at, (day, outlet) in enumerate(zip(days, outlets, strict=True))
    )
    assert list(library.outlets().items()) == [("APS", 2), ("Courier", 1)]
    assert library.days() == (date(2023, 1, 2), date(2024, 3, 6))


def test_unchanged_sources_are_not_embedded_again(
    library: Library, embedder: FakeEmbedder, tmp_path: Path
) -> None:
    paths = write_articles(tmp_path / "news", bridge=BRIDGE)
    library.add(paths)
    before = list(embedder.encoded)
    report = library.add(paths)
    assert (report.added, report.updated, report.unchanged) == ([], [], [str(paths[0])])
    assert embedder.encoded == before


def test_a_changed_source_replaces_its_article(library: Library, tmp_path: Path) -> None:
    paths = write_articles(tmp_path / "news", bridge=BRIDGE)
    library.add(paths)
    first = next(library.articles())
    write_articles(tmp_path / "news", bridge=BRIDGE.replace("Sunday", "Monday"))
    report = library.add(paths)
    assert report.updated == [str(paths[0])]
    assert [article.id for article in library.articles()] == [first.id]
    assert any("Monday" in text for text in texts_found(library, "bridge"))
    assert not any("Sunday" in text for text in texts_found(library, "bridge"))
    assert library.verify().problems == ()


@pytest.mark.parametrize("by", ["path", "id", "folder"])
def test_a_removed_article_is_found_no_more(library: Library, tmp_path: Path, by: str) -> None:
    paths = write_articles(tmp_path / "news", bridge=BRIDGE)
    other = write_articles(tmp_path / "other", boat=BOAT)
    library.add([*paths, *other])
    article = next(one for one in library.articles() if one.title == "Bridge falls")
    name = {"path": paths[0], "id": article.id, "folder": tmp_path / "news"}[by]
    report = library.remove([name])
    assert report.removed == (str(paths[0]),)
    assert report.missing == ()
    assert not any("Corran" in text for text in texts_found(library, "bridge river Corran"))
    with library.view() as view:
        assert view.words.search("Corran") == {}
    assert library.verify().problems == ()
    with pytest.raises(ArticleNotFoundError, match=article.id):
        library.article(article.id)


def test_removing_what_is_not_there_is_reported(library: Library) -> None:
    assert library.remove(["nothing.txt"]).missing == ("nothing.txt",)


def test_reopening_gives_back_everything(
    library: Library, embedder: FakeEmbedder, fake_settings: Settings, tmp_path: Path
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT))
    before, found = list(library.articles()), texts_found(library, "a boat in the lake")
    embedded = len(embedder.encoded)
    with Library.open(library.path, settings=fake_settings, embedder=embedder) as again:
        assert list(again.articles()) == before
        assert texts_found(again, "a boat in the lake") == found
    assert len(embedder.encoded) == embedded + 1  # the question of the second search alone


def test_articles_made_elsewhere_can_be_added(library: Library) -> None:
    article = Article("a1", "Wall opens", "A wall was opened in Eastmoor.", "db://row/1")
    assert library.add([article]).added == ["db://row/1"]
    assert library.add([article]).unchanged == ["db://row/1"]
    assert library.article("a1") == article
    longer = replace(article, text="A wall was opened in Eastmoor on Monday.")
    assert library.add([longer]).updated == ["db://row/1"]
    assert library.article("a1") == longer


def test_every_stored_chunk_is_its_article_s_text(library: Library, tmp_path: Path) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE * 20, boat=BOAT * 20))
    with library.view() as view:
        chunks = view.chunks(view.allowed(until=date.max).tolist())
        assert len(chunks) > 4
        for chunk in chunks.values():
            assert chunk.span.of(view.article(chunk.article_id).text) == chunk.text


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-7]), id="cut"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x55"), id="flipped"),
    ],
)
def test_a_damaged_snapshot_is_rebuilt_without_embedding(
    library: Library,
    embedder: FakeEmbedder,
    fake_settings: Settings,
    tmp_path: Path,
    damage: object,
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT))
    found, embedded = texts_found(library, "boat"), len(embedder.encoded)
    (path,) = snapshots(library)
    damage(path)  # type: ignore[operator]
    assert any("snapshot" in problem for problem in library.verify().problems)
    with Library.open(library.path, settings=fake_settings, embedder=embedder) as again:
        assert again.verify().problems == ()
        assert len(embedder.encoded) == embedded
        assert texts_found(again, "boat") == found


def test_stray_temporary_files_go_when_a_snapshot_is_written(
    library: Library, tmp_path: Path
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    stray = library.path / "snapshots" / "vectors-00000099.tmp"
    stray.write_bytes(b"half")
    with Library.open(library.path, settings=Settings(embedder="fake"), embedder=FakeEmbedder()):
        assert stray not in snapshots(library)


def test_rows_newer_than_the_snapshot_and_dead_ones_are_searched_right(
    library: Library, tmp_path: Path
) -> None:
    """Whatever was added and removed, the neighbours are those of a brute force over the rows."""
    random = np.random.default_rng(0)
    names = [f"n{number}" for number in range(12)]
    for step in range(10):
        chosen = random.choice(names, 4, replace=False)
        news = {
            name: f"Story {name}\n\nWord{random.integers(5)} of step {step}." for name in chosen
        }
        library.add(write_articles(tmp_path / "news", **news))
        library.remove([tmp_path / "news" / f"{random.choice(names)}.txt"])
        expected = sorted(article.text for article in library.articles())
        assert sorted(texts_found(library, "word of step")) == expected
    assert len(snapshots(library)) == 1


def test_many_new_rows_are_compacted(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.generations._STALE_LEAST", 3)
    library.add(write_articles(tmp_path / "one", bridge=BRIDGE))
    first = snapshots(library)
    library.add(write_articles(tmp_path / "two", boat=BOAT))
    assert snapshots(library) == first
    library.add(write_articles(tmp_path / "three", a=BOAT * 2, b=BRIDGE * 2, c=BOAT * 3))
    assert snapshots(library) != first
    assert len(snapshots(library)) == 1


def test_a_second_writer_is_told_who_holds_the_lock(library: Library, tmp_path: Path) -> None:
    with writer_lock(library.path, "add"):
        with pytest.raises(LibraryLockedError, match=r"process \d+ on .*add, since 20"):
            library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
        with pytest.raises(LibraryLockedError, match="try again"):
            library.remove(["x"])
    assert library.add([tmp_path / "news"]).added


@pytest.mark.parametrize(
    ("settings", "other", "values"),
    [
        pytest.param(Settings(embedder="other"), FakeEmbedder("other"), "'other'", id="embedder"),
        pytest.param(Settings(embedder="fake", overlap=2), FakeEmbedder(), "2", id="overlap"),
    ],
)
def test_a_library_made_with_other_settings_is_refused_and_can_be_mended(
    library: Library, tmp_path: Path, settings: Settings, other: FakeEmbedder, values: str
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    with pytest.raises(LibraryMismatchError, match="citespan reindex") as refused:
        Library.open(library.path, settings=settings, embedder=other)
    assert values in str(refused.value)
    opened = Library.open(library.path, settings=settings, embedder=other, matching=False)
    assert opened.reindex() == 1
    assert opened.verify().problems == ()
    Library.open(library.path, settings=settings, embedder=other)


def test_another_precision_is_refused(library: Library, tmp_path: Path) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    other = FakeEmbedder()
    other.precision = "int8"  # type: ignore[misc]
    with pytest.raises(LibraryMismatchError, match=r"'float32'.*'int8'"):
        Library.open(library.path, settings=Settings(embedder="fake"), embedder=other)


def test_a_newer_format_is_refused(library: Library, fake_settings: Settings) -> None:
    store = Store(library.path / "library.sqlite")
    with store.write() as database:
        store.set_value(database, "format", "99")
    with pytest.raises(LibraryMismatchError, match=r"format 99.*up to 1.*pip install --upgrade"):
        Library.open(library.path, settings=fake_settings, embedder=FakeEmbedder())


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, fake_settings: Settings) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "library.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(LibraryDamagedError, match="restore it from a copy"):
        Library.open(folder, settings=fake_settings, embedder=FakeEmbedder())
    assert (folder / "library.sqlite").read_bytes().startswith(b"this is no database")


def test_no_library_and_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="citespan add"):
        Library.open(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="no library can be made"):
        Library.open(tmp_path / "file" / "library")


def test_an_interrupted_addition_keeps_what_was_done(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.library._BATCH", 1)
    paths = write_articles(tmp_path / "news", a=BRIDGE, b=BOAT, c=BOAT)

    def stop(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(paths, on_progress=stop)
    assert len(library) == 2
    assert library.verify().problems == ()
    assert library.add(paths).added == [str(paths[2])]


def test_a_failing_embedder_changes_nothing(
    library: Library, embedder: FakeEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    before = list(library.articles())
    write_articles(tmp_path / "news", bridge=BOAT)
    monkeypatch.setattr(embedder, "encode", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        library.add([tmp_path / "news"])
    assert list(library.articles()) == before


def test_filters(library: Library, tmp_path: Path) -> None:
    news = tmp_path / "news"
    library.add(write_articles(news, bridge=BRIDGE, boat=BOAT, wall="Wall\n\nNo date."))

    def passing(**filters: object) -> set[str]:
        with library.view() as view:
            rows = view.allowed(**filters)  # type: ignore[arg-type]
            assert rows is not None
            chunks = view.chunks(rows.tolist()).values()
            return {view.article(chunk.article_id).title for chunk in chunks}

    assert passing(source=str(news / "boat.txt")) == {"Boat found"}
    assert passing(source="boat.txt") == {"Boat found"}
    assert passing(source=str(news)) == {"Boat found", "Bridge falls", "Wall"}
    assert passing(source=("boat.txt", "bridge.txt")) == {"Boat found", "Bridge falls"}
    assert passing(source="nowhere") == set()
    assert passing(since=date(2022, 5, 5)) == {"Boat found", "Bridge falls"}
    assert passing(since=date(2022, 5, 6)) == {"Bridge falls"}
    assert passing(until=date(2024, 3, 2)) == {"Boat found"}
    assert passing(source="boat.txt", since=date(2023, 1, 1)) == set()


def test_outlets_filter_by_each_of_their_names(library: Library) -> None:
    library.add([Article("a", "T", "Text.", "s", outlet="Oriel Tribune / APN")])
    with library.view() as view:
        for outlet in ("oriel tribune", "APN", "Oriel Tribune / APN"):
            assert len(view.allowed(source=outlet)) == 1
        assert len(view.allowed(source="Oriel")) == 0


def test_a_view_keeps_its_state_while_others_write(library: Library, tmp_path: Path) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    article = next(library.articles())
    with library.view() as view:
        found = view.nearest(library.embedder.encode(["bridge"])[0], 5)
        library.remove([article.id])
        assert view.article(article.id) == article
        assert set(view.chunks(list(found))) == set(found)
        assert view.words.search("Corran")
    with library.view() as view:
        assert view.nearest(library.embedder.encode(["bridge"])[0], 5) == {}


def test_searching_while_adding_and_removing(library: Library, tmp_path: Path) -> None:
    """Readers in threads see whole articles only, and nothing fails."""
    library.add(write_articles(tmp_path / "kept", boat=BOAT))
    failures: list[Exception] = []
    stop = threading.Event()

    def search() -> None:
        try:
            while not stop.is_set():
                assert any("girl" in text for text in texts_found(library, "girl boat lake"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has failed
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(15):
        library.add(write_articles(tmp_path / "news", **{f"n{step}": f"Story {step}\n\n{BRIDGE}"}))
        library.remove([tmp_path / "news" / f"n{step - 1}.txt"])
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert library.verify().problems == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        pytest.param("UPDATE chunks SET end = 99999", "not inside its article", id="span"),
        pytest.param(
            "DELETE FROM lexical_lengths", "in chunks, not in lexical_lengths", id="words"
        ),
        pytest.param("UPDATE chunks SET vector = zeroblob(256)", "length 1", id="vector"),
    ],
)
def test_verify_finds_what_is_wrong(
    library: Library, tmp_path: Path, statement: str, problem: str
) -> None:
    library.add(write_articles(tmp_path / "news", bridge=BRIDGE))
    with sqlite3.connect(library.path / "library.sqlite") as database:
        database.execute(statement)
    database.close()
    assert any(problem in line for line in library.verify().problems)
