"""From questions to examples: nothing is taught that the passage does not say."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_fakes import (
    BRIDGE,
    HALL,
    NASTY,
    asked,
    library_of,
    nasty_text,
    recipe,
    unanswerable,
    write_squad,
)

from qa.library import Library
from qa.training.passages import Example, draw_questions, examples
from qa.training.questions import TrainingSet, read_training
from qa.training.swaps import swapped
from qa.types import Span

# Long enough to be cut, in sentences without a word of the ones around them.
FILLER = " ".join(f"Nothing of note was said by witness number {at}." for at in range(20))
LONG = f"{HALL} {FILLER}"


def a_set(folder: Path, name: str = "set", count: int = 8) -> TrainingSet:
    """Ask when halls opened and, of every other one, what the text does not tell."""
    paragraphs = []
    for at in range(count):
        text = LONG.replace("1989", f"19{at + 10}").replace("Crane", f"Crane{at}")
        paragraphs.append(
            (
                text,
                [
                    asked(f"{name}{at}", f"Who opened Hall {at} in 19{at + 10}?", text, "Ada Holm"),
                    unanswerable(f"no{name}{at}", "Who paid for it?", text, "1,200 guests"),
                ][: 1 + at % 2],
            )
        )
    return read_training(write_squad(folder / f"{name}.json", *paragraphs, title="Hall_news"))


def test_draws_follow_the_shares_and_the_seed(tmp_path: Path) -> None:
    sets = [a_set(tmp_path, "one", 8), a_set(tmp_path, "two", 4)]
    files = [f"{tmp_path / 'one.json'}=2.25", f"{tmp_path / 'two.json'}=0.5"]
    drawn = draw_questions(sets, recipe(*files))
    counts = Counter(one.id for one in drawn)
    # Twelve questions twice, three of them once more; and three of the six of the other file.
    assert sorted(counts[one.id] for one in sets[0].questions) == [2] * 9 + [3] * 3
    assert sorted(counts[one.id] for one in sets[1].questions) == [0] * 3 + [1] * 3
    assert draw_questions(sets, recipe(*files)) == drawn
    assert draw_questions(sets, recipe(*files, seed=1)) != drawn
    assert draw_questions(sets, recipe(*files, questions=5)) == drawn[:5]
    assert draw_questions(sets, recipe(*files, questions=500)) == drawn


@pytest.fixture
def learnt(tmp_path: Path) -> tuple[TrainingSet, Library]:
    found = a_set(tmp_path)
    return found, library_of(tmp_path / "library", [found], max_tokens=400)


def made(learnt: tuple[TrainingSet, Library], **given: float) -> list[Example]:
    found, library = learnt
    return list(examples(found.questions, library, recipe(**given)))


def test_every_question_has_its_own_passage_first_and_wrong_ones_after_it(
    learnt: tuple[TrainingSet, Library],
) -> None:
    found, _ = learnt
    for count in (1, 2, 4):
        got = made(learnt, passages=count)
        assert [one.id for one in got] == [one.id for one in found.questions]
        for one, question in zip(got, found.questions, strict=True):
            text = found.articles[question.article].text
            assert one.passages[0].text == text
            assert one.passages[0].answers == question.answers
            assert one.passages[0].tempting == question.tempting
            others = one.passages[1:]
            # Every other article names Ada Holm, so an answerable question has no wrong passage.
            assert len(others) == (0 if question.answers else count - 1)
            assert all(text != other.text for other in others)
            assert {(other.answers, other.tempting) for other in others} <= {((), ())}


def test_the_same_recipe_gives_the_same_examples(learnt: tuple[TrainingSet, Library]) -> None:
    mixed = {"titles": 0.5, "crops": 0.5, "swaps": 0.5, "passages": 3}
    assert made(learnt, **mixed) == made(learnt, **mixed)
    assert made(learnt, **mixed) != made(learnt, **mixed, seed=1)


def test_progress_is_told_to_its_end(learnt: tuple[TrainingSet, Library]) -> None:
    found, library = learnt
    many = [*found.questions] * 6
    told: list[tuple[int, int]] = []
    list(examples(many, library, recipe(), lambda *now: told.append(now)))
    assert told == [(64, 72), (72, 72)]


def test_titles_and_cuts_are_for_all_or_none_at_the_ends(
    learnt: tuple[TrainingSet, Library],
) -> None:
    found, _ = learnt
    whole = {article.text for article in found.articles.values()}
    for share, title in ((0.0, ""), (1.0, "Hall news")):
        got = [one for example in made(learnt, titles=share) for one in example.passages]
        assert {one.title for one in got} == {title}
        assert {one.text for one in got} <= whole
    cut = []
    for seed in range(4):
        got = made(learnt, crops=1.0, seed=seed)
        cut += [one for example in got for one in example.passages]
        # What is known of the passage that a question is asked of is never cut off.
        for example in got:
            own = example.passages[0]
            known = {one.of(own.text) for one in own.answers or own.tempting}
            assert known == {"1,200 guests" if example.id.startswith("no") else "Ada Holm"}
    assert all(any(one.text in text for text in whole) for one in cut)
    shorter = [one for one in cut if one.text not in whole]
    # The drawn size is anything from 350 characters to the whole, so a few are hardly cut.
    assert len(shorter) > len(cut) / 2
    assert min(len(one.text) for one in shorter) >= 350


def test_near_misses_are_made_of_all_answerable_questions_or_none(
    tmp_path: Path, learnt: tuple[TrainingSet, Library]
) -> None:
    assert not [one for one in made(learnt, swaps=0.0) if one.id.endswith("swapped")]
    question = "Who cut the ribbon of Crane Hall in 1989?"
    both = read_training(
        write_squad(
            tmp_path / "swaps.json",
            (HALL, [asked("hall", question, HALL, "Ada Holm")]),
            (BRIDGE, [unanswerable("bridge", "Who built the bridge in 1967?", BRIDGE, "Oslo")]),
        )
    )
    library = library_of(tmp_path / "both", [both])
    got = {one.id: one for one in examples(both.questions, library, recipe(swaps=1.0))}
    assert set(got) == {"hall", "hall swapped", "bridge"}
    near = got["hall swapped"]
    (own,) = near.passages
    places = [one.start() for one in re.finditer("Ada Holm", HALL)][:1]
    assert (own.text, own.answers) == (HALL, ())
    assert (
        own.tempting == tuple(Span(at, at + 8) for at in places) == got["hall"].passages[0].answers
    )
    assert near.question in {
        question.replace(old, new)
        for old, new in (("1989", "1967"), ("Crane Hall", "Lund Bridge"), ("Crane Hall", "Oslo"))
    } | {question.replace("Crane Hall", new) for new in ("Friday", "June", "Eve Marsh", "Marsh")}


def test_an_article_without_a_word_is_no_passage(tmp_path: Path) -> None:
    found = read_training(
        write_squad(
            tmp_path / "set.json",
            (" \n ", [unanswerable("blank", "Who?", " \n ")]),
            (HALL, [asked("hall", "Who cut the ribbon?", HALL, "Ada Holm")]),
        )
    )
    got = list(examples(found.questions, library_of(tmp_path / "library", [found]), recipe()))
    assert [one.id for one in got] == ["blank", "hall"]
    assert [one.text for one in got[0].passages] == [HALL]
    assert got[0].passages[0].answers == ()


def nasty_set(folder: Path, seed: int) -> TrainingSet:
    """Ask for pieces of hostile texts: of any length, with white space at their ends too."""
    draw = random.Random(seed)
    paragraphs = []
    for number in range(8):
        text = nasty_text(draw, draw.choice([1, 3, 25, 40]))
        wanted = []
        for _ in range(6):
            at = draw.randrange(len(text))
            ends = (at + draw.choice([1, 4, 12]), text.find(". ", at) + 2)
            piece = text[at : draw.choice(ends)]
            if piece.strip():
                wanted.append(piece)
        qas = [
            asked(f"q{number}.{at}", "Who and when?", text, one) for at, one in enumerate(wanted)
        ]
        qas.append(unanswerable(f"no{number}", "Who?", text, *wanted[:1]))
        paragraphs.append((text, qas))
    if not seed:
        line = "word " * 40_000
        paragraphs.append((line, [asked("long", "Who?", line, "word word")]))
    path = folder / f"nasty{seed}.json"
    return read_training(write_squad(path, *paragraphs, title="Nasty"))


def check(example: Example, asked_for: dict[str, TrainingSet], found: TrainingSet) -> None:
    question = asked_for[example.id.removesuffix(" swapped")]
    article = found.articles[question.article]
    own, *others = example.passages
    # A passage without a word has no chunk; what is not asked of it is shown instead.
    assert own.text in article.text or not article.text.strip()
    known = own.tempting if example.id.endswith("swapped") else own.answers
    assert {one.of(own.text) for one in known} <= set(question.texts)
    assert bool(known) == bool(question.answers)
    if not question.answers and own.tempting:
        wrong = {one.of(article.text) for one in question.tempting}
        assert {one.of(own.text) for one in own.tempting} <= wrong
    for other in others:
        held = other.text.casefold()
        assert not [text for text in question.texts if text.casefold() in held]
        assert (other.answers, other.tempting) == ((), ())


@pytest.mark.parametrize("seed", range(4))
def test_passages_hold_what_they_are_said_to_hold_whatever_the_text(
    tmp_path: Path, seed: int
) -> None:
    found = nasty_set(tmp_path, seed)
    by_id = {one.id: one for one in found.questions}
    library = library_of(tmp_path / "library", [found], max_tokens=(400, 30)[seed % 2])
    counts: Counter[str] = Counter()
    for again in range(3):
        plan = recipe(crops=1.0, titles=0.5, swaps=0.5, passages=2, seed=again)
        for one in examples(found.questions, library, plan):
            check(one, by_id, found)
            counts["wrong"] += len(one.passages) - 1
            counts["answers"] += bool(one.passages[0].answers)
            counts["tempting"] += bool(one.passages[0].tempting)
    # So that an empty loop proves nothing.
    assert counts["answers"] > 60
    assert counts["tempting"] > 10
    assert counts["wrong"] > 60


@pytest.mark.parametrize(
    ("question", "other", "expected"),
    [
        pytest.param("Who came in 1989?", "In 2004 it rained.", "Who came in 2004?", id="year"),
        pytest.param("Who came in May?", "On a June day.", "Who came in June?", id="month"),
        pytest.param("Who came on Monday?", "A Friday.", "Who came on Friday?", id="weekday"),
        pytest.param(
            "Who saw 1,200 guests?", "There were 340 cows.", "Who saw 340 guests?", id="number"
        ),
        pytest.param(
            "When did Ada Holm come?", "Then Eve Marsh left.", "When did Eve Marsh come?", id="name"
        ),
        pytest.param("Who came in 1989?", "In 1989 it rained.", None, id="the-same"),
        pytest.param("Who came in 1989?", "In May it rained.", None, id="another-kind"),
        pytest.param("Who came in 1975?", "In 2004 it rained.", None, id="not-in-the-passage"),
        pytest.param("When did Ada Holm come?", "Then Eve Holm left.", None, id="half-known"),
        pytest.param("", "", None, id="empty"),
    ],
)
def test_a_mention_is_swapped_for_one_of_its_kind(
    question: str, other: str, expected: str | None
) -> None:
    assert swapped(question, HALL, other, random.Random(0)) == expected


def test_an_answer_that_the_question_names_is_not_swapped() -> None:
    question, other = "Was it 1989 or 1990?", "In 2004 it rained."
    assert swapped(question, HALL, other, random.Random(0)) == "Was it 2004 or 1990?"
    assert swapped(question, HALL, other, random.Random(0), ("in 1989",)) is None


WORDS = st.lists(
    st.sampled_from(
        [*HALL.split(), *BRIDGE.split(), *NASTY, "In", "1931", "77", "Tuesday,", "May", "Bo Ek"]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS, WORDS, st.integers(0, 9))
def test_a_swap_never_brings_in_a_word_of_the_passage(
    question: str, passage: str, other: str, seed: int
) -> None:
    found = swapped(question, passage, other, random.Random(seed))
    if found is None:
        return
    brought = Counter(re.findall(r"\w+", found)) - Counter(re.findall(r"\w+", question))
    taken = Counter(re.findall(r"\w+", question)) - Counter(re.findall(r"\w+", found))
    assert brought
    assert taken
    assert not [word for word in brought if word.casefold() in passage.casefold()]
    assert all(word in other for word in brought)
    assert all(word.casefold() in passage.casefold() for word in taken)


def test_a_cut_keeps_the_white_space_at_an_answers_end(tmp_path: Path) -> None:
    """Annotators mark it now and then; without its answer the passage would be taught as none."""
    said = " ".join(["nothing of note"] * 12)
    text = " ".join(f"Witness number {at} said {said}." for at in range(8))
    wanted = [f"{part}. " for part in text.split(". ")[:-1]]
    found = read_training(
        write_squad(
            tmp_path / "set.json",
            (text, [asked(one, "Who said nothing?", text, one) for one in wanted]),
        )
    )
    library = library_of(tmp_path / "library", [found], max_tokens=400)
    for seed in range(8):
        for one in examples(found.questions, library, recipe(crops=1.0, seed=seed)):
            (own,) = one.passages
            assert [span.of(own.text) for span in own.answers] == [one.id]
