from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEmbedder, FakeReader, write_articles

from qa import cli
from qa.cli.opening import progress
from qa.evaluation import load_latest
from qa.library import Library
from qa.settings import Settings
from qa.types import Candidate, Passage

BRIDGE = "Bridge falls\nMarch 3, 2024\n\nA bridge fell into the Corran. Four people died."
BOAT = "Boat found\n5 May 2022\n\nA girl found a boat. Four men carried it."


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load fakes where the names of models are looked up: "fake" and "other" exist."""
    monkeypatch.setattr("qa.library.library.load_embedder", FakeEmbedder)
    monkeypatch.setattr("qa.assistant.load_reader", FakeReader)
    monkeypatch.setenv("CITESPAN_EMBEDDER", "fake")
    monkeypatch.setenv("CITESPAN_READER", "Four")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "library")


@pytest.fixture
def filled(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT)
    assert cli.main(["add", str(tmp_path / "news"), "--library", path]) == 0
    capsys.readouterr()
    return path


def test_add_prints_what_it_did(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_articles(tmp_path / "news", bridge=BRIDGE)
    (tmp_path / "news" / "x.pdf").write_bytes(b"%PDF")
    assert cli.main(["add", str(tmp_path / "news"), "--library", path]) == 0
    printed = capsys.readouterr().out
    assert printed == f"1 added, 0 updated, 0 unchanged, 1 skipped, 0 failed in {path}\n"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda _: "missing.txt", "No such file", id="missing"),
        pytest.param(lambda p: p.joinpath("e.txt").write_text("") or "e.txt", "empty", id="empty"),
        pytest.param(
            lambda p: p.joinpath("b.txt").write_bytes(bytes(range(256)) * 9) and "b.txt",
            "no text in any known encoding",
            id="binary",
        ),
        pytest.param(lambda _: "report.pdf", "works today", id="pdf"),
        pytest.param(lambda _: "letter.docx", "works today", id="docx"),
        pytest.param(lambda _: "https://example.org/a", "save the page", id="address"),
    ],
)
def test_one_bad_source_is_a_line_and_stops_nothing(
    path: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    make: object,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (good,) = write_articles(tmp_path / "news", bridge=BRIDGE)
    bad = make(tmp_path)  # type: ignore[operator]
    assert cli.main(["add", str(bad), str(good), "--library", path]) == cli.SOME_FAILED
    printed = capsys.readouterr()
    assert "1 added" in printed.out
    assert reason in printed.err
    assert str(bad) in printed.err


def test_ask_prints_answer_and_place(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ask", "How many people died?", "--library", filled, "--confidence", "0"]
    assert cli.main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Four  (")
    assert '[1] "Four people died."' in printed
    assert "Bridge falls, 2024-03-03" in printed
    start = BRIDGE.index("Four")
    assert f"bridge.txt, {start}:{start + 4}" in printed


def test_ask_as_json(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ask", "How many died?", "--library", filled, "--confidence", "0", "--json"]
    assert cli.main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == found["citations"][0]["quote"] == "Four"
    assert found["citations"][0]["published"] == "2024-03-03"
    span = found["citations"][0]["span"]
    assert BRIDGE[span["start"] : span["end"]] == "Four"


def test_declining_is_an_answer(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ask", "Who is Zebulon?", "--library", filled, "--confidence", "1"]
    assert cli.main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Not in your articles.\nNothing there mentions: Zebulon\n")
    assert "nearest: " in printed


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        pytest.param("--source", "boat.txt", "Boat found", id="source"),
        pytest.param("--since", "2023-01-01", "Bridge falls", id="since"),
        pytest.param("--until", "2023-01-01", "Boat found", id="until"),
    ],
)
def test_filters_change_the_answer(
    filled: str, capsys: pytest.CaptureFixture[str], option: str, value: str, expected: str
) -> None:
    common = ["ask", "How many?", "--library", filled, "--confidence", "0", "--json"]
    assert cli.main([*common, option, value]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["title"] for one in found["citations"]] == [expected]


def test_passages_and_reader_change_the_answer(
    filled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["ask", "How many people?", "--library", filled, "--confidence", "0", "--json"]
    assert cli.main([*common, "--passages", "1", "--reader", "people"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == "people"
    assert len(found["citations"]) == 1


def test_another_embedder_is_refused_with_a_command_that_mends_it(
    filled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "Who?", "--library", filled, "--embedder", "other"]) == cli.FAILED
    printed = capsys.readouterr().err
    assert "'fake'" in printed
    assert "'other'" in printed
    assert f"citespan reindex --library {filled}" in printed
    assert cli.main(["reindex", "--library", filled, "--embedder", "other"]) == 0
    assert capsys.readouterr().out == f"2 articles indexed anew in {filled}\n"
    assert cli.main(["ask", "Who?", "--library", filled, "--embedder", "other"]) == 0


def test_list(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "--library", filled]) == 0
    printed = capsys.readouterr().out
    assert "2022-05-05  Boat found" in printed
    assert printed.endswith(f"2 articles in {filled}\n")
    assert cli.main(["list", "--library", filled, "--json"]) == 0
    assert [one["title"] for one in json.loads(capsys.readouterr().out)] == [
        "Boat found",
        "Bridge falls",
    ]


def test_remove(filled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boat = tmp_path / "news" / "boat.txt"
    assert cli.main(["remove", str(boat), "--library", filled]) == 0
    assert capsys.readouterr().out == f"removed {boat}\n"
    assert cli.main(["remove", str(boat), "--library", filled]) == cli.SOME_FAILED
    assert "citespan list" in capsys.readouterr().err


def test_verify(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--library", filled]) == 0
    assert capsys.readouterr().out == f"{filled}: 2 articles, 2 chunks, sound\n"
    next(Path(filled, "snapshots").iterdir()).write_bytes(b"x")
    # Opening rebuilds the snapshot, so what verify reports is sound again.
    assert cli.main(["verify", "--library", filled]) == 0


@pytest.mark.parametrize("command", [["ask", "Who?"], ["list"], ["verify"], ["remove", "x"]])
def test_a_library_that_is_not_there(
    path: str, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert cli.main([*command, "--library", path]) == cli.FAILED
    assert "citespan add" in capsys.readouterr().err
    assert not Path(path).exists()


def test_an_empty_library_says_what_to_do(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Library.open(path, settings=Settings(embedder="fake")).close()
    assert cli.main(["ask", "Who?", "--library", path]) == cli.FAILED
    assert f"citespan add FOLDER --library {path}" in capsys.readouterr().err
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id":"1","question":"Who?","answers":[],"articles":[],"type":"x"}')
    assert cli.main(["eval", str(questions), "--library", path]) == cli.FAILED
    assert "no articles" in capsys.readouterr().err


def test_an_empty_question(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "  ", "--library", filled]) == cli.FAILED
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["ask"],
        ["ask", "Who?", "--confidence", "2"],
        ["ask", "Who?", "--since", "yesterday"],
        ["ask", "Who?", "--passages", "0"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == cli.USAGE


def gold(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


QUESTIONS = (
    {"id": "q1", "question": "How many people died at the bridge?",
     "answers": ["Four", "Four people"], "articles": ["bridge.txt"], "type": "factoid"},
    {"id": "q2", "question": "Who found the boat?", "answers": ["A girl"],
     "articles": ["boat.txt"], "type": "factoid"},
    {"id": "q3", "question": "Who built the bridge?", "answers": [], "articles": [],
     "type": "unanswerable"},
)  # fmt: skip


@pytest.fixture
def news(tmp_path: Path) -> Path:
    write_articles(tmp_path / "news", bridge=BRIDGE, boat=BOAT)
    return gold(tmp_path / "news", *QUESTIONS)


def test_eval_over_the_articles_beside_the_questions(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["eval", str(news), "--confidence", "0", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    figures = found["figures"]
    assert (figures["exact_match"], figures["f1"]) == (0.5, 0.5)
    assert (figures["declined"], figures["wrongly_declined"]) == (0.0, 0.0)
    assert (figures["recall@1"], figures["exact_quotes"]) == (1.0, 1.0)
    assert [one["proposals"][0]["text"] for one in found["questions"]] == ["Four"] * 3
    assert set(found["by_type"]) == {"factoid", "unanswerable"}
    assert found["conditions"]["library"]["articles"] == 2


def test_eval_says_how_well_the_margin_parts_the_questions(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Doubtful(FakeReader):
        """Sees that no passage says who built the bridge, though it proposes a span."""

        def read(self, question: str, passages: Sequence[Passage], count: int) -> list[Candidate]:
            self.null_score = 12.0 if "built" in question else 1.0
            return super().read(question, passages, count)

    monkeypatch.setattr("qa.assistant.load_reader", Doubtful)
    out, page = tmp_path / "results.json", tmp_path / "page.html"
    arguments = ["eval", str(news), "--confidence", "0", "--figures", "--out", str(out)]
    assert cli.main([*arguments, "--report", str(page)]) == 0
    printed = capsys.readouterr().out
    found = json.loads(out.read_text())
    assert [one["margin"] for one in found["questions"]] == [9.0, 9.0, -2.0]
    # One of two is answered rightly, and the third can be declined: (1 + 0 + 1) / 3.
    assert found["figures"]["answerable_auroc"] == 1.0
    assert found["figures"]["squad_best_f1"] == pytest.approx(2 / 3)
    assert re.search(r"AUROC, answerable by margin \(%\) +100\.0 +100\.0 to 100\.0", printed)
    assert 'data-figure="squad_best_f1"' in page.read_text()
    assert cli.main(["eval", "--compare", str(out), str(out)]) == 0
    compared = capsys.readouterr().out
    assert "SQuAD 2 F1, best margin (%)" in compared
    assert "95% interval by article" in compared


def test_eval_says_that_it_adds_articles(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", str(news)]) == 0
    assert capsys.readouterr().err == "citespan: adding 2 articles\n"


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("qa.cli.opening.time", made)
    return made


def test_progress_in_a_log_is_a_line_every_30_seconds(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress("questions")
    for done in range(1, 121):  # one each second
        clock.now += 1
        show(done, 3000)
    assert capsys.readouterr().err.splitlines() == [
        "30/3,000 questions, 1.0/s, 0:49:30 left",
        "60/3,000 questions, 1.0/s, 0:49:00 left",
        "90/3,000 questions, 1.0/s, 0:48:30 left",
        "120/3,000 questions, 1.0/s, 0:48:00 left",
    ]


def test_progress_on_a_terminal_is_one_line_that_changes(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    show = progress("articles")
    for done in (1, 2):
        clock.now += 0.5
        show(done, 2)
    lines = sys.stderr.getvalue().split("\r")
    assert [line.rstrip(" ") for line in lines] == [
        "",
        "1/2 articles, 2.0/s, 0:00:00 left",
        f"{'2/2 articles, 2.0/s, 0:00:00 left':<70}\n",
    ]


def test_eval_prints_a_table(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", str(news), "--confidence", "1", "--figures"]) == 0
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["type", "factoid", "unanswerable", "all"]
    assert lines[3].split()[:7] == ["all", "3", "0.0", "0.0", "50.0", "100.0", "100.0"]
    assert "Recall@20 (%)" in printed
    assert "(" in lines[6], "the intervals by type"


def test_eval_keeps_what_the_page_says_of_thresholds(news: Path, tmp_path: Path) -> None:
    kept = Settings.load().library
    assert cli.main(["eval", str(news), "--gold-passages"]) == 0
    assert load_latest(kept) is None
    assert cli.main(["eval", str(news), "--confidence", "1"]) == 0
    latest = load_latest(kept)
    assert latest is not None
    assert (latest.name, latest.questions, latest.coverage[0]) == (news.name, 3, 1.0)


def test_eval_with_gold_passages_reads_only_those(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["eval", str(news), "--confidence", "0", "--gold-passages", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["questions"]
    cited = [row["proposals"][0]["citation"]["source"] for row in found[:2]]
    assert [Path(source).name for source in cited] == ["bridge.txt", "boat.txt"]


def test_eval_asks_a_part(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", str(news), "--type", "unanswerable", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["questions"]
    assert [one["gold"]["id"] for one in found] == ["q3"]
    assert cli.main(["eval", str(news), "--limit", "2", "--seed", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["questions"]) == 2


def test_eval_over_squad_files_makes_one_pool(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("one", BRIDGE), ("two", BOAT)):
        qas = [{"id": name, "question": "How many?", "answers": [{"text": "Four"}]}]
        content = {"data": [{"title": name, "paragraphs": [{"context": text, "qas": qas}]}]}
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    files = [str(tmp_path / "one.json"), str(tmp_path / "two.json")]
    assert cli.main(["eval", *files, "--confidence", "0", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["conditions"]["library"]["articles"] == 2
    assert found["figures"]["exact_match"] == 1.0
    assert set(found["by_type"]) == {"one", "two"}


def test_eval_results_can_be_resumed_and_compared(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert cli.main(["eval", str(news), "--confidence", "0", "--out", str(first)]) == 0
    assert cli.main(["eval", str(news), "--confidence", "1", "--out", str(second)]) == 0
    capsys.readouterr()
    assert cli.main(["eval", "--compare", str(first), str(second)]) == 0
    printed = capsys.readouterr().out
    assert "turned right: q3 'Who built the bridge?': 'Four' -> declined" in printed
    assert "turned wrong: q1" in printed
    again = ["eval", str(news), "--confidence", "0", "--resume", str(first), "--out", str(second)]
    assert cli.main(again) == 0
    assert json.loads(second.read_text())["questions"] == json.loads(first.read_text())["questions"]
    other = ["eval", str(news), "--confidence", "0.5", "--resume", str(first)]
    assert cli.main(other) == cli.FAILED
    assert "cannot be resumed: its settings" in capsys.readouterr().err


def test_eval_that_is_interrupted_keeps_what_was_asked(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from qa.assistant import Assistant

    ask, asked = Assistant.ask, []

    def interrupted(self: Assistant, question: str, *more: object, **options: object) -> object:
        asked.append(question)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return ask(self, question, *more, **options)  # type: ignore[arg-type]

    out = tmp_path / "results.json"
    monkeypatch.setattr(Assistant, "ask", interrupted)
    assert cli.main(["eval", str(news), "--out", str(out)]) == cli.FAILED
    assert "what was asked before is kept" in capsys.readouterr().err
    found = json.loads(out.read_text())
    assert (found["complete"], len(found["questions"])) == (False, 2)
    monkeypatch.setattr(Assistant, "ask", ask)
    assert cli.main(["eval", str(news), "--resume", str(out), "--out", str(out)]) == 0
    found = json.loads(out.read_text())
    assert (found["complete"], len(found["questions"])) == (True, 3)


def test_eval_suggests_a_threshold(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", str(news), "--suggest-threshold", "--precision", "30"]) == 0
    assert "--confidence 0." in capsys.readouterr().out
    assert cli.main(["eval", str(news), "--suggest-threshold", "--precision", "99"]) == 0
    assert "No threshold answers with 99% precision" in capsys.readouterr().out


def test_eval_names_the_question_with_an_unknown_article(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_articles(tmp_path / "news", bridge=BRIDGE)
    path = gold(tmp_path / "news", {**QUESTIONS[0], "articles": ["wall.txt"]})
    assert cli.main(["eval", str(path)]) == cli.FAILED
    printed = capsys.readouterr().err
    assert "'q1'" in printed
    assert "'wall.txt'" in printed


def test_eval_counts_answers_that_their_articles_lack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_articles(tmp_path / "news", bridge=BRIDGE)
    path = gold(tmp_path / "news", {**QUESTIONS[0], "answers": ["Seventeen"]})
    assert cli.main(["eval", str(path)]) == 0
    assert "1 questions have an answer that none of their articles holds: q1" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.json.gz"])
def test_eval_of_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert cli.main(["eval", str(tmp_path / name)]) == cli.FAILED
    assert name in capsys.readouterr().err


def test_the_chat_s_library_sees_what_another_process_adds_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes over one library: one asks, the other adds and removes."""
    from qa.assistant import Assistant

    settings = Settings(library=tmp_path / "library", embedder="fake", reader="Four")
    library = Library.open(settings.library, settings=settings)
    library.add(write_articles(tmp_path / "one", boat=BOAT))
    assistant = Assistant(library, settings)
    assert assistant.ask("How many?", confidence=0).citations[0].title == "Boat found"
    write_articles(tmp_path / "two", bridge=BRIDGE)

    def other_process(*arguments: str) -> None:
        script = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "from fakes import FakeEmbedder\nfrom qa import cli\n"
            "from qa.library import library\n"
            "library.load_embedder = FakeEmbedder\n"
            f"sys.exit(cli.main({[*arguments, '--library', str(settings.library)]!r}))"
        )
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    other_process("add", str(tmp_path / "two"))
    titles = {one.title for one in assistant.ask("How many?", confidence=0).citations}
    assert titles == {"Boat found", "Bridge falls"}
    other_process("remove", str(tmp_path / "one"))
    after = assistant.ask("How many?", confidence=0)
    assert {one.title for one in after.citations} == {"Bridge falls"}
    assert len(after.hits) == 1
