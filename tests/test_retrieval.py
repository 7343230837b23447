from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import write_articles

from qa.library import Library
from qa.retrieval import retrieve

NEWS = {
    "bridge": "Bridge falls\n\nA bridge fell into the Corran. Four people died.",
    "boat": "Boat found\n\nA boat of oak lay in Lake Immer. A girl found it.",
    "wall": "Wall opens\n\nA wall of 2.8 kilometres was opened in Eastmoor.",
    "chess": "Champion at 13\n\nIngrid Laska won the title of chess champion.",
}


@pytest.fixture
def news(library: Library, tmp_path: Path) -> Library:
    library.add(write_articles(tmp_path / "news", **NEWS))
    return library


def titles(library: Library, question: str, count: int = 10, **filters: object) -> list[str]:
    vector = library.embedder.encode([question])[0]
    with library.view() as view:
        allowed = view.allowed(**filters)  # type: ignore[arg-type]
        hits = retrieve(question, vector, view, count, allowed=allowed)
        return [view.article(hit.chunk.article_id).title for hit in hits]


def test_scores_are_cosine_plus_half_the_share_of_words(news: Library) -> None:
    """Against a brute force over all chunks."""
    question = "Who found the boat in Lake Immer?"
    vector = news.embedder.encode([question])[0]
    with news.view() as view:
        hits = retrieve(question, vector, view, 10)
        words = view.words.search(question)
        rows = view.allowed(source=[article.source for article in news.articles()])
        chunks = view.chunks(rows.tolist())
        expected = {}
        for row, chunk in chunks.items():
            title = view.article(chunk.article_id).title
            cosine = float(np.dot(vector, news.embedder.encode([f"{title}\n{chunk.text}"])[0]))
            expected[chunk.id] = cosine + 0.5 * (words[row].share if row in words else 0.0)
    assert len(hits) == len(chunks) == 4
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    for hit in hits:
        assert hit.score == pytest.approx(expected[hit.chunk.id], abs=1e-6)
    assert [hit.chunk.id for hit in hits] == sorted(expected, key=lambda one: (-expected[one], one))


def test_a_name_is_found_by_its_word(news: Library) -> None:
    assert titles(news, "Eastmoor?")[0] == "Wall opens"


def test_fewer_chunks_than_asked_for(news: Library) -> None:
    assert len(titles(news, "bridge", 100)) == 4
    assert len(titles(news, "bridge", 2)) == 2


def test_an_empty_library_has_no_hits(library: Library) -> None:
    assert titles(library, "bridge") == []


def test_filters_apply_before_ranking(news: Library) -> None:
    assert titles(news, "Who found the boat?", 1, source="chess.txt") == ["Champion at 13"]
    assert titles(news, "Who found the boat?", 1, source="nowhere.txt") == []


def test_ties_are_in_the_order_of_chunk_ids(library: Library, tmp_path: Path) -> None:
    twins = dict.fromkeys(("a", "b", "c"), "Same title\n\nThe very same text.")
    library.add(write_articles(tmp_path / "twins", **twins))
    vector = library.embedder.encode(["same"])[0]
    with library.view() as view:
        ids = [hit.chunk.id for hit in retrieve("same", vector, view, 10)]
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    "question",
    [
        '" OR 1=1 --',
        "NEAR(boat, 2)",
        "boat*",
        "terms:boat",
        "'; DROP TABLE chunks;--",
        "\x00\x07",
        "🛶",
    ],
)
def test_syntax_is_only_text(news: Library, question: str) -> None:
    assert len(titles(news, question)) == 4
    assert news.verify().problems == ()
