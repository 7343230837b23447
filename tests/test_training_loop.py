"""From examples to a loss: what a step is shown, and what it lessens."""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_models import WORDS, bert_reader, roberta_reader
from training_fakes import shown
from transformers import AutoTokenizer

from embeddings import WindowLayout
from qa.training.batches import Batch, in_batches, make_batch
from qa.training.loss import span_loss
from qa.training.passages import Example


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_reader(tmp_path_factory.mktemp("models") / "bert")


@pytest.fixture(scope="module")
def tiny_roberta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return roberta_reader(tmp_path_factory.mktemp("models") / "roberta")


def test_every_example_lands_in_one_batch() -> None:
    draw = random.Random(0)
    made = [Example(f"q{at}", "q", (shown("x" * draw.randint(1, 900)),)) for at in range(1003)]
    batches = in_batches(made, 8, 3)
    assert Counter(one.id for part in batches for one in part) == Counter(one.id for one in made)
    assert Counter(len(part) for part in batches) == {8: 125, 3: 1}
    assert in_batches(made, 8, 3) == batches
    assert in_batches(made, 8, 4) != batches
    # Forty batches are sorted together, so that in each forty none overlaps another in length.
    for first in (0, 40, 80):
        lengths = sorted(
            (min(one.length for one in part), max(one.length for one in part))
            for part in batches[first : first + 40]
        )
        assert all(before[1] <= after[0] for before, after in pairwise(lengths))
    assert in_batches([], 8, 0) == []


def words_and_answer(draw: random.Random, size: int) -> tuple[str, str]:
    """Make a text of words, one run of which occurs once, and that run."""
    words = [draw.choice(WORDS) for _ in range(size)]
    at = draw.randrange(size)
    answer = ["crane", *words[at : at + draw.randint(1, 3)], "crane"]
    plain = [word for word in words if word != "crane"]
    at = min(at, len(plain))
    return " ".join([*plain[:at], *answer, *plain[at:]]), " ".join(answer)


@pytest.mark.parametrize("model", ["tiny", "tiny_roberta"])
def test_positions_give_back_the_answers_words(model: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(model)
    tokenizer, layout = AutoTokenizer.from_pretrained(folder), WindowLayout(folder)
    draw = random.Random(0)
    for size in [1, 2, 5, 20, 60, 150] * 5:
        text, answer = words_and_answer(draw, size)
        none, tempting = words_and_answer(draw, size)
        title = draw.choice(["", "the ribbon", "monday " * 9])
        question = "when did it open " * draw.choice([1, 30])
        example = Example(
            "q", question, (shown(text, answer, title=title), shown(none, tempting=[tempting]))
        )
        batch = make_batch([example, Example("r", "who", (shown(none),))], layout, 64)
        assert batch.names == ("q", "r")
        assert batch.group.tolist() == [0, 0, 1]
        ((first,), (last,)) = (
            one[0].nonzero()[:, 0].tolist() for one in (batch.starts, batch.ends)
        )
        assert tokenizer.decode(batch.ids[0, first : last + 1]).strip() == answer
        assert batch.known[0].tolist() == [first, last]
        first, last = batch.known[1].tolist()
        assert tokenizer.decode(batch.ids[1, first : last + 1]).strip() == tempting
        assert batch.known[2].tolist() == [0, 0]
        for row in (1, 2):
            assert batch.starts[row].nonzero().tolist() == [[0]]
            assert batch.ends[row].nonzero().tolist() == [[0]]
        # What lies inside is a run of the passage's words, without question and title.
        inside = tokenizer.decode(batch.ids[0][batch.inside[0]]).strip()
        assert re.sub(r"\s", "", inside) in re.sub(r"\s", "", text)
        assert answer in inside
        if size < 3:
            assert inside == text
        assert batch.ids.shape[1] <= 64
        assert batch.mask.sum(dim=1).tolist() == [
            int((row != tokenizer.pad_token_id).sum()) for row in batch.ids
        ]
        assert not (batch.inside & (batch.mask == 0)).any()


@pytest.mark.parametrize(
    "answer", ["1989 ", " 1989", "cafe\u0301", "\u200bberlin\ufeff", "1989\x00"]
)
def test_an_answer_with_an_end_that_no_word_piece_covers_is_a_target(
    tiny: Path, answer: str
) -> None:
    """White space, accents on their own and invisible characters are dropped by tokenizers."""
    tokenizer, layout = AutoTokenizer.from_pretrained(tiny), WindowLayout(tiny)
    for before, behind in (
        ("in ", " crane"),
        ("", " crane"),
        ("in ", ""),
        ("in " * 90, " in" * 90),
    ):
        text = f"{before}{answer}{behind}"
        batch = make_batch([Example("q", "who", (shown(text, answer),))], layout, 64)
        first, last = batch.known[0].tolist()
        assert tokenizer.decode(batch.ids[0, first : last + 1]) == re.sub(r"[^a-z0-9]", "", answer)


def test_an_answer_is_no_target_where_the_window_cuts_it(tiny: Path) -> None:
    """It is longer than what two windows share, so neither holds it whole."""
    answer = " ".join(["crane"] * 70)
    batch = make_batch(
        [Example("q", "who", (shown(f"in {answer} berlin", answer),))], WindowLayout(tiny), 64
    )
    assert batch.starts[0].nonzero().tolist() == [[0]]
    assert batch.known[0].tolist() == [0, 0]


def random_batch(draw: np.random.Generator) -> Batch:
    """Make rows of any kind: several right spans, tempting ones, and none; some without text."""
    length, groups = int(draw.integers(4, 12)), []
    for question in range(int(draw.integers(1, 5))):
        groups += [question] * int(draw.integers(1, 4))
    rows = len(groups)
    inside, starts, ends = (np.zeros((rows, length), dtype=bool) for _ in range(3))
    known = np.zeros((rows, 2), dtype=np.int64)
    for row in range(rows):
        first = int(draw.integers(1, length))
        inside[row, first : int(draw.integers(first, length + 1))] = True
        places = np.flatnonzero(inside[row])
        kind = draw.choice(["right", "tempting", "none"]) if len(places) else "none"
        if kind == "right":
            for _ in range(int(draw.integers(1, 4))):
                known[row] = np.sort(draw.choice(places, 2))
                starts[row, known[row][0]] = ends[row, known[row][1]] = True
        else:
            starts[row, 0] = ends[row, 0] = True
            if kind == "tempting":
                known[row] = np.sort(draw.choice(places, 2))
    empty = torch.zeros((rows, length), dtype=torch.int64)
    made = map(torch.from_numpy, (inside, starts, ends, known, np.array(groups)))
    return Batch(("q",), empty, empty, empty, *made)


def slow_loss(
    start: np.ndarray, end: np.ndarray, batch: Batch, joint: float, margin: float
) -> float:
    """Do what the docstring of span_loss says, one number at a time."""
    rows, length = start.shape
    group = batch.group.tolist()
    total = 0.0
    for question in range(max(group) + 1):
        mine = [row for row in range(rows) if group[row] == question]
        answered = [row for row in mine if not batch.starts[row, 0]]
        for logits, targets in ((start, batch.starts), (end, batch.ends)):
            weights = np.exp(logits)
            for row in mine:
                kept = [at for at in range(length) if at == 0 or batch.inside[row, at]]
                right = [at for at in range(length) if targets[row, at]]
                share = sum(weights[row, at] for at in right)
                share /= sum(weights[row, at] for at in kept)
                total -= np.log(share) / 2 / len(mine)
            if answered:
                spots = [(row, at) for row in mine for at in range(length) if batch.inside[row, at]]
                right = [(row, at) for row, at in spots if row in answered and targets[row, at]]
                share = sum(weights[spot] for spot in right) / sum(weights[spot] for spot in spots)
                total -= joint * np.log(share) / 2
        for row in mine:
            first, last = batch.known[row].tolist()
            if first > 0:
                above = start[row, first] + end[row, last] - start[row, 0] - end[row, 0]
                wrong = -above if row in answered else above
                total += margin * np.log1p(np.exp(wrong))
    return total / (max(group) + 1)


@pytest.mark.parametrize(("joint", "margin"), [(0, 0), (1, 0), (0, 1), (0.7, 0.3)])
def test_the_loss_is_that_of_a_slow_loop(joint: float, margin: float) -> None:
    draw = np.random.default_rng(1)
    for _ in range(40):
        batch = random_batch(draw)
        start, end = draw.normal(size=(2, *batch.inside.shape)) * 3
        found = span_loss(*map(torch.from_numpy, (start, end)), batch, joint, margin)
        assert float(found) == pytest.approx(slow_loss(start, end, batch, joint, margin), rel=1e-9)
        single = span_loss(
            torch.tensor(start, dtype=torch.float32),
            torch.tensor(end, dtype=torch.float32),
            batch,
            joint,
            margin,
        )
        assert float(single) == pytest.approx(float(found), rel=1e-4)


def test_the_gradient_is_that_of_small_differences_and_finite_everywhere() -> None:
    draw = np.random.default_rng(2)
    for _ in range(4):
        batch = random_batch(draw)
        given = torch.tensor(draw.normal(size=(2, *batch.inside.shape)), requires_grad=True)
        assert torch.autograd.gradcheck(
            lambda one, batch=batch: span_loss(one[0], one[1], batch, 1.0, 0.5), (given,)
        )
        extreme = (given.detach().float() * 1e4).requires_grad_()
        span_loss(extreme[0], extreme[1], batch, 1.0, 0.5).backward()
        assert bool(torch.isfinite(extreme.grad).all())
        # What is neither in the passage nor "no answer" is not taught.
        outside = ~batch.inside
        outside[:, 0] = False
        assert not extreme.grad[:, outside].any()
