"""From training files to questions: every target is a place where an answer stands."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import write_articles
from training_fakes import BRIDGE, HALL, asked, squad_text, unanswerable, write_squad

from qa.errors import TrainingError
from qa.training.questions import read_training
from qa.training.recipe import Recipe, Source
from qa.types import Span


def test_a_source_is_a_file_with_a_share(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(b"abc")
    odd = tmp_path / "a=2.json"
    odd.write_bytes(b"abc")
    # The published SHA-256 of "abc" (FIPS 180-2, appendix B.1).
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert Source.parse(f"{path}") == Source(str(path), 1.0, digest)
    assert Source.parse(f"{path}=0.25") == Source(str(path), 0.25, digest)
    assert Source.parse(f"{path}=3") == Source(str(path), 3.0, digest)
    assert Source.parse(f"{odd}") == Source(str(odd), 1.0, digest)
    assert Source.parse(f"{odd}=0.5") == Source(str(odd), 0.5, digest)


@pytest.mark.parametrize("share", ["0", "-1", "nan", "inf", "many", "", "0.5="])
def test_a_share_that_is_no_positive_number_is_refused(tmp_path: Path, share: str) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(b"abc")
    with pytest.raises(TrainingError, match="expected FILE or FILE=SHARE with a share above 0"):
        Source.parse(f"{path}={share}")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"gone\.json cannot be read: No such file"):
        Source.parse(str(tmp_path / "gone.json"))
    with pytest.raises(TrainingError, match="cannot be read: Is a directory"):
        Source.parse(str(tmp_path))


def test_a_recipe_is_known_by_all_that_decides_and_not_by_places() -> None:
    base = Recipe("citespan", (Source("/a/set.json", 1.0, "00"),))
    same = Recipe("/elsewhere/citespan", (Source("/b/set.json", 1.0, "00"),))
    assert base.sha256 == same.sha256
    others = [
        replace(base, sources=(Source("/a/other.json", 1.0, "00"),)),
        replace(base, sources=(Source("/a/set.json", 0.5, "00"),)),
        replace(base, sources=(Source("/a/set.json", 1.0, "11"),)),
        replace(base, sources=base.sources * 2),
        replace(base, questions=10),
        replace(base, passages=3),
        replace(base, titles=0.25),
        replace(base, crops=0.25),
        replace(base, swaps=0.25),
        replace(base, batch=8),
        replace(base, rate=2e-4),
        replace(base, warmup=0.5),
        replace(base, decay=0.5),
        replace(base, joint=0.5),
        replace(base, margin=0.25),
        replace(base, seed=1),
    ]
    assert len({base.sha256, *(one.sha256 for one in others)}) == len(others) + 1


def test_squad_is_read_gzipped_or_not(tmp_path: Path) -> None:
    text = squad_text(
        (
            HALL,
            [
                asked("one", "Who cut the ribbon?", HALL, "Ada Holm", "Ada Holm", "Holm"),
                unanswerable("two", "Who paid for it?", HALL, "Ada Holm"),
            ],
        )
    )
    (tmp_path / "set.json").write_text(text, encoding="utf-8")
    (tmp_path / "set.json.gz").write_bytes(gzip.compress(text.encode()))
    plain, packed = (read_training(tmp_path / name) for name in ("set.json", "set.json.gz"))
    assert plain.questions == packed.questions
    assert (plain.name, packed.name) == ("set.json", "set.json.gz")
    (article,) = plain.articles.values()
    assert (article.title, article.text) == ("The news", HALL)
    one, two = plain.questions
    at = HALL.index("Ada Holm")
    assert (one.id, one.article, one.texts) == ("one", article.id, ("Ada Holm", "Holm"))
    assert one.answers == (Span(at, at + 8), Span(at + 4, at + 8))
    assert (one.tempting, two.answers, two.texts) == ((), (), ())
    assert two.tempting == (Span(at, at + 8),)


def test_an_answer_that_is_not_in_its_context_is_named_and_its_question_dropped(
    tmp_path: Path,
) -> None:
    path = write_squad(
        tmp_path / "set.json",
        (
            HALL,
            [
                asked("gone", "Who?", HALL, "Napoleon", "Caesar"),
                asked("half", "Who?", HALL, "Napoleon", "Ada Holm"),
            ],
        ),
    )
    found = read_training(path)
    assert [one.id for one in found.questions] == ["half"]
    assert found.questions[0].texts == ("Napoleon", "Ada Holm")
    assert found.faults == (
        "question 'gone': 'Napoleon' does not stand in its passage",
        "question 'gone': 'Caesar' does not stand in its passage",
        "question 'half': 'Napoleon' does not stand in its passage",
    )


def write_lines(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps({"type": "factoid"} | one) + "\n" for one in lines))
    return path


def test_our_lines_are_looked_up_in_their_articles(tmp_path: Path) -> None:
    hall = f"Hall opens\n\n{HALL} In 19890 there was nothing, and in 1989 all."
    write_articles(tmp_path, hall=hall, bridge=f"Bridge opens\n\n{BRIDGE}")
    path = write_lines(
        tmp_path,
        {"id": "when", "question": "When?", "answers": ["1989"], "articles": ["hall.txt"]},
        {
            "id": "both",
            "question": "What is it?",
            "answers": ["opened in"],
            "articles": ["hall.txt", "bridge.txt"],
        },
        {"id": "no", "question": "Why?", "answers": [], "articles": ["bridge.txt"]},
        {"id": "nowhere", "question": "Why not?", "answers": [], "articles": []},
        {"id": "bad", "question": "Who?", "answers": ["Caesar"], "articles": ["hall.txt"]},
    )
    found = read_training(path)
    by_id = {one.id: one for one in found.questions}
    hall_id, bridge_id = (
        next(key for key, one in found.articles.items() if one.source.endswith(f"{name}.txt"))
        for name in ("hall", "bridge")
    )
    # Every occurrence as a whole word is a target; 19890 is another number.
    places = [one.start() for one in re.finditer(r"1989(?!0)", hall)]
    assert len(places) == 2
    when = by_id[f"when {hall_id}"]
    assert when.answers == tuple(Span(at, at + 4) for at in places)
    assert {f"both {hall_id}", f"both {bridge_id}"} < set(by_id)
    assert (by_id["no"].article, by_id["no"].answers) == (bridge_id, ())
    assert by_id["nowhere"].article is None
    assert found.faults == ("question 'bad': no answer of it stands in hall.txt",)
    assert len(found.questions) == 5


def test_a_question_for_a_list_is_answered_by_every_item(tmp_path: Path) -> None:
    write_articles(tmp_path, bridge=f"Bridge opens\n\n{BRIDGE}")
    sets = [["Eve Marsh"], ["4,500 crowns", "4,500"]]
    (one,) = read_training(
        write_lines(
            tmp_path,
            {
                "id": "list",
                "question": "Who paid how much?",
                "answers": [],
                "answer_sets": sets,
                "articles": ["bridge.txt"],
            },
        )
    ).questions
    text = f"Bridge opens\n\n{BRIDGE}"
    assert {span.of(text) for span in one.answers} == {"Eve Marsh", "4,500 crowns", "4,500"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"{", "cannot be read", id="no-json"),
        pytest.param(b"\x1f\x8b\x08broken", "cannot be read", id="no-gzip"),
        pytest.param(b"[]", "not in SQuAD's format", id="no-object"),
        pytest.param(b'{"data": []}', "holds no question to learn from", id="empty"),
        pytest.param(b"", "cannot be read", id="no-bytes"),
        pytest.param(
            squad_text((HALL, [{"id": "q7", "question": "Who?"}])).encode(), "q7", id="no-answers"
        ),
        pytest.param(
            squad_text((HALL, [{"id": "q7", "question": None, "answers": []}])).encode(),
            "question 'q7'",
            id="no-question",
        ),
        pytest.param(
            squad_text(
                (HALL, [{"id": "q7", "question": "Who?", "answers": [{"text": 5}]}])
            ).encode(),
            "question 'q7'",
            id="answer-of-another-kind",
        ),
        pytest.param(
            squad_text(
                (
                    HALL,
                    [
                        {
                            "id": "q7",
                            "question": "Who?",
                            "answers": [{"text": "Ada", "answer_start": "9"}],
                        }
                    ],
                )
            ).encode(),
            "question 'q7'",
            id="start-of-another-kind",
        ),
        pytest.param(
            squad_text((HALL, [asked("q7", "Who?", HALL, "Napoleon")])).encode(),
            r"holds no question to learn from: question 'q7': 'Napoleon'.*\(1 in all\)",
            id="no-answer-stands-there",
        ),
    ],
)
def test_a_file_that_teaches_nothing_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match=message):
        read_training(path)


@pytest.mark.parametrize("content", ["", "\n \n", "{}", "no json", '{"id": "x"}'])
def test_lines_that_are_no_questions_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(TrainingError, match=r"bad\.jsonl"):
        read_training(path)


def test_half_a_character_keeps_its_place_and_spoils_nothing(tmp_path: Path) -> None:
    """A lone surrogate can be written in JSON, and neither stored nor tokenised."""
    context = "Half \ud83d a sign. Ada \ud83d Holm saw it."
    path = write_squad(
        tmp_path / "set.json",
        (context, [asked("q", "Who \ud83d?", context, "Ada \ud83d Holm")]),
        title="Half \ud83d",
    )
    found = read_training(path)
    (article,) = found.articles.values()
    (one,) = found.questions
    at = context.index("Ada")
    assert article.text == "Half \ufffd a sign. Ada \ufffd Holm saw it."
    assert (article.title, one.question) == ("Half \ufffd", "Who \ufffd?")
    assert (one.answers, one.texts) == ((Span(at, at + 10),), ("Ada \ufffd Holm",))
