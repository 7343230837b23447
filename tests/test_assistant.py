from __future__ import annotations

import json
import re
import threading
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder, FakeReader, write_articles

import qa
from qa.assistant import Assistant
from qa.calibration import Calibration, Fitted
from qa.errors import ArticleNotFoundError, ModelError, QuestionError
from qa.library import Library
from qa.reading import MODELS, Reader
from qa.samples import samples_folder
from qa.settings import Settings
from qa.types import Span

NEWS = {
    "bridge": "Bridge falls\nMarch 3, 2024\n\nA bridge fell into the Corran. Four people died.",
    "boat": "Boat found\n5 May 2022\n\nA girl found a boat. Four men carried it.",
}


@pytest.fixture
def assistant(library: Library, fake_settings: Settings, tmp_path: Path) -> Assistant:
    library.add(write_articles(tmp_path / "news", **NEWS))
    return Assistant(library, fake_settings, reader=FakeReader("Four"))


def test_an_answer_quotes_its_article(assistant: Assistant) -> None:
    answer = assistant.ask("How many people died when the bridge fell?", confidence=0)
    assert answer.text == "Four"
    citation = answer.citations[0]
    article = assistant.library.article(citation.article_id)
    assert article.title == citation.title == "Bridge falls"
    assert citation.span.of(article.text) == citation.quote == "Four"
    assert citation.sentence.of(article.text) == "Four people died."
    assert citation.published == date(2024, 3, 3)
    assert (answer.question, answer.resolved) == ("How many people died when the bridge fell?",) * 2


def test_an_answer_is_plain_data(assistant: Assistant) -> None:
    answer = assistant.ask("How many people died?", confidence=0)
    found = json.loads(json.dumps(asdict(answer), default=str))
    assert set(found) == {
        "question",
        "resolved",
        "text",
        "confidence",
        "calibrated",
        "citations",
        "alternatives",
        "hits",
        "margin",
        "unknown_terms",
        "timings",
    }
    assert found["citations"][0]["span"] == asdict(answer.citations[0].span)
    assert set(found["timings"]) == {"retrieve", "read", "decide"}


def test_a_reader_without_its_own_curve_is_not_calibrated(assistant: Assistant) -> None:
    assert not assistant.ask("How many?", confidence=0).calibrated


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        pytest.param({}, {"Bridge falls", "Boat found"}, id="none"),
        pytest.param({"source": "boat.txt"}, {"Boat found"}, id="source"),
        pytest.param({"since": date(2023, 1, 1)}, {"Bridge falls"}, id="since"),
        pytest.param({"until": date(2023, 1, 1)}, {"Boat found"}, id="until"),
        pytest.param({"source": "nowhere"}, set(), id="nothing-passes"),
    ],
)
def test_filters_reach_every_part_of_the_answer(
    assistant: Assistant, filters: dict[str, object], titles: set[str]
) -> None:
    answer = assistant.ask("How many people?", confidence=0, **filters)  # type: ignore[arg-type]
    hits = {assistant.library.article(hit.chunk.article_id).title for hit in answer.hits}
    assert hits == titles
    assert {one.title for one in answer.citations} <= titles
    assert (answer.text is None) == (not titles)


def test_confidence_sets_when_to_answer(assistant: Assistant) -> None:
    sure = assistant.ask("How many people?", confidence=0).confidence
    assert 0 < sure < 1
    assert assistant.ask("How many people?", confidence=sure).text == "Four"
    assert assistant.ask("How many people?", confidence=sure + 1e-9).text is None


def test_the_settings_confidence_holds_where_the_caller_gives_none(
    library: Library, tmp_path: Path
) -> None:
    library.add(write_articles(tmp_path / "news", **NEWS))
    settings = Settings(embedder="fake", confidence=1.0)
    assistant = Assistant(library, settings, reader=FakeReader("Four"))
    assert assistant.ask("How many people?").text is None
    assert assistant.ask("How many people?", confidence=0.0).text == "Four"


def test_passages_sets_how_many_chunks_are_read(library: Library, tmp_path: Path) -> None:
    library.add(write_articles(tmp_path / "news", **NEWS))
    for count in (1, 2):
        reader = FakeReader("Four")
        settings = Settings(embedder="fake", passages=count)
        Assistant(library, settings, reader=reader).ask("How many people?")
        assert len(reader.read_passages) == count
        assert [one.hit.rank for one in reader.read_passages] == list(range(1, count + 1))


def test_stages_are_told_in_order(assistant: Assistant) -> None:
    stages: list[str] = []
    assistant.ask("How many people?", on_stage=stages.append)
    assert stages == ["searching", "reading", "deciding"]


def test_words_that_no_article_holds_are_named(assistant: Assistant) -> None:
    answer = assistant.ask("Did Zebulon see 4711 bridges?", confidence=1)
    assert answer.unknown_terms == ("Zebulon", "see", "4711")


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.ask(question)


def test_a_megabyte_of_question_is_refused(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"1,000,000 characters, at most 2,000"):
        assistant.ask("x" * 1_000_000)


@pytest.mark.parametrize(
    "question", ['"', "' OR 1=1; --", "NEAR(a b)", "a AND OR NOT", "\x00\x01", "50% @ -", "?", "🛶"]
)
def test_any_text_is_only_a_question(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, confidence=0).question == question
    assert assistant.library.verify().problems == ()


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_outside_its_range_is_the_caller_s_mistake(
    assistant: Assistant, confidence: float
) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        assistant.ask("How many?", confidence=confidence)


def test_an_empty_library_declines(library: Library, fake_settings: Settings) -> None:
    answer = Assistant(library, fake_settings, reader=FakeReader("Four")).ask("How many?")
    assert (answer.text, answer.confidence, answer.alternatives, answer.hits) == (None, 0.0, (), ())


def test_a_removed_article_answers_nothing_at_once(assistant: Assistant) -> None:
    first = assistant.ask("How many people died?", confidence=0)
    assistant.library.remove([first.citations[0].article_id])
    after = assistant.ask("How many people died?", confidence=0)
    assert {one.title for one in after.citations} == {"Boat found"}
    assert all(hit.chunk.article_id != first.citations[0].article_id for hit in after.hits)


def test_samples_are_asked_until_the_library_has_an_article(
    library: Library, embedder: FakeEmbedder, fake_settings: Settings, tmp_path: Path
) -> None:
    samples = Library.open(
        tmp_path / "samples", settings=fake_settings, embedder=embedder, label="sample articles"
    )
    samples.add(write_articles(tmp_path / "seeds", boat=NEWS["boat"]))
    assistant = Assistant(library, fake_settings, reader=FakeReader("Four"), samples=samples)
    assert assistant.answering_from is samples
    assert assistant.examples
    assert assistant.ask("How many?", confidence=0).citations[0].title == "Boat found"
    library.add(write_articles(tmp_path / "news", bridge=NEWS["bridge"]))
    assert assistant.answering_from is library
    assert assistant.examples == ()
    found = assistant.ask("How many?", confidence=0)
    assert {one.title for one in found.citations} == {"Bridge falls"}


def test_articles_are_found_in_the_library_and_in_the_samples(
    library: Library, embedder: FakeEmbedder, fake_settings: Settings, tmp_path: Path
) -> None:
    samples = Library.open(tmp_path / "samples", settings=fake_settings, embedder=embedder)
    samples.add(write_articles(tmp_path / "seeds", boat=NEWS["boat"]))
    library.add(write_articles(tmp_path / "news", bridge=NEWS["bridge"]))
    assistant = Assistant(library, fake_settings, samples=samples)
    (own,), (sample,) = library.articles(), samples.articles()
    assert assistant.article(own.id) == own
    assert assistant.article(sample.id) == sample
    for searched in (assistant, Assistant(library, fake_settings)):
        with pytest.raises(ArticleNotFoundError):
            searched.article("nothing")


def test_confidence_is_calibrated_for_one_reader_and_number_of_passages(
    library: Library, fake_settings: Settings, tmp_path: Path
) -> None:
    library.add(write_articles(tmp_path / "news", **NEWS))
    fitted = Fitted("f00d", "float32", 8)
    Calibration(fitted, (1.0, 0.0), 0.0, 0.5, "a test").save(tmp_path / "calibration.json")
    own = replace(fake_settings, reader=str(tmp_path))

    def calibrated(settings: Settings, reader: FakeReader) -> bool:
        asked = Assistant(library, settings, reader=reader).ask("How many people died?")
        return asked.calibrated

    assert calibrated(own, FakeReader("Four"))
    assert not calibrated(replace(own, passages=7), FakeReader("Four"))
    assert not calibrated(fake_settings, FakeReader("Four")), "the shipped one is another reader's"
    for name in ("sha256", "precision"):
        another = FakeReader("Four")
        setattr(another, name, "another")
        assert not calibrated(own, another)
    assert Assistant(library, own).threshold == 0.5


def test_a_damaged_calibration_says_how_to_mend_it(
    library: Library, fake_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "calibration.json").write_text('{"weights": [1]}')
    with pytest.raises(ModelError, match="--calibrate-only"):
        _ = Assistant(library, replace(fake_settings, reader=str(tmp_path))).threshold


def test_the_shipped_calibration_is_that_of_the_shipped_reader(real_reader: Reader) -> None:
    shipped = Calibration.load(MODELS / "calibration.json").fitted_for
    assert shipped == Fitted(real_reader.sha256, real_reader.precision, Settings().passages)


def test_the_threshold_is_the_settings_or_the_calibrations(
    library: Library, fake_settings: Settings
) -> None:
    assert Assistant(library, replace(fake_settings, confidence=0.0)).threshold == 0.0
    fitted = json.loads((MODELS / "calibration.json").read_text())["threshold"]
    assert Assistant(library, fake_settings).threshold == fitted


def test_asking_from_threads_gives_the_same_answers(assistant: Assistant) -> None:
    questions = ["How many people died?", "Who found the boat?"] * 8
    expected = {one: assistant.ask(one, confidence=0) for one in questions}
    found: list[tuple[str, qa.Answer]] = []

    def ask(question: str) -> None:
        found.append((question, assistant.ask(question, confidence=0)))

    threads = [threading.Thread(target=ask, args=(one,)) for one in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(questions)
    assert all(answer == expected[question] for question, answer in found)


def test_damaged_reader_weights_are_refused_by_hash(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.reading import reader

    damaged = tmp_path / "models"
    damaged.mkdir()
    for path in reader.MODELS.iterdir():
        if path.is_file():
            (damaged / path.name).write_bytes(path.read_bytes())
    weights = bytearray((damaged / "model.safetensors").read_bytes())
    weights[1_000_000] ^= 1
    (damaged / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr(reader, "MODELS", damaged)
    library.add(write_articles(tmp_path / "news", **NEWS))
    with pytest.raises(ModelError, match=r"damaged: expected sha256 \w{64}, found \w{64}"):
        Assistant(library, Settings(embedder="fake")).ask("How many?")


def test_a_reader_that_is_not_there_is_named(library: Library, tmp_path: Path) -> None:
    library.add(write_articles(tmp_path / "news", **NEWS))
    settings = Settings(embedder="fake", reader=str(tmp_path / "nothing"))
    with pytest.raises(ModelError, match="nothing"):
        Assistant(library, settings).ask("How many?")


def test_the_samples_are_where_the_package_says() -> None:
    names = {path.name for path in samples_folder().iterdir()}
    assert "us-officials-travel-to-venezuela.txt" in names
    assert "questions.jsonl" in names


SEED = "us-officials-travel-to-venezuela.txt"
ANSWERED = [
    ("When was Maduro reelected?", "reelected in ", "2018"),
    ("Who did Washington recognise as acting president?", "leader ", "Juan Guaido"),
    ("How many other countries recognise Guaido?", "At least ", "50"),
    ("What share of Venezuela's revenues came from crude oil?", "accounted for ", "96 percent"),
    ("When were the oil sanctions put in place?", "implemented in ", "April 2019"),
    ("Who attended the talks on Saturday?", "", "US State Department and White House officials"),
]
DECLINED = [
    "Who won the 2018 World Cup?",
    "How many people live in Caracas?",
    "What is the price of a barrel of oil?",
    "Who is the president of Brazil?",
]


@pytest.fixture(scope="session")
def seed_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    library = Library.open(tmp_path_factory.mktemp("seed") / "library", settings=Settings())
    library.add([samples_folder() / SEED])
    return Assistant(library, Settings())


@pytest.mark.parametrize(("question", "before", "quote"), ANSWERED)
def test_the_seed_article_answers(
    seed_assistant: Assistant, question: str, before: str, quote: str
) -> None:
    """The real models, the whole path: the span in the right place of the article."""
    answer = seed_assistant.ask(question, confidence=0)
    assert answer.calibrated
    citation = answer.citations[0]
    text = next(seed_assistant.library.articles()).text
    places = [found.start() for found in re.finditer(re.escape(before + quote), text)]
    wanted = [Span(place, place + len(quote)).shifted(len(before)) for place in places]
    assert any(citation.span.overlaps(one) for one in wanted)
    assert quote in citation.quote or citation.quote in quote


@pytest.mark.parametrize("question", DECLINED)
def test_the_seed_article_does_not_answer(seed_assistant: Assistant, question: str) -> None:
    assert seed_assistant.ask(question).text is None


def test_a_follow_up_is_resolved_against_the_history(assistant: Assistant) -> None:
    history = (("When did the Corran Bridge fall?", "Sunday"),)
    answer = assistant.ask("How many people died on it?", history, confidence=0)
    assert answer.question == "How many people died on it?"
    assert "Corran Bridge" in answer.resolved
    alone = "Who found the boat in May 2022?"
    assert assistant.ask(alone, history, confidence=0).resolved == alone
