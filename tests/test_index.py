"""FaissIndex against numpy, and everything that FAISS accepts without a word."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import FaissIndex, VectorIndexError


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def random_vectors(count, dimension, seed=0):
    return unit(np.random.default_rng(seed).normal(size=(count, dimension)))


def brute_force(ids, vectors, query, k, allowed=None):
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    keep = set(ids) if allowed is None else set(np.asarray(allowed).tolist())
    pairs = sorted((-score, key) for score, key in zip(scores, ids, strict=True) if key in keep)
    return [key for _, key in pairs[:k]], [-score for score, _ in pairs[:k]]


def check(index, ids, vectors, query, k, allowed=None):
    found, scores = index.search(query, k, allowed)
    wanted, cosines = brute_force(ids, vectors, query, k, allowed)
    assert found.tolist() == wanted
    assert scores == pytest.approx(cosines, abs=1e-6)
    assert (found.dtype, scores.dtype) == (np.int64, np.float32)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [1, 5, 50, 500], ids=["one", "few", "most", "above the count"])
def test_neighbours_agree_with_numpy(seed, k):
    random = np.random.default_rng(seed)
    ids = random.permutation(10_000)[:80].tolist()
    vectors = random_vectors(80, 24, seed)
    index = FaissIndex.build(ids, vectors)
    query = random_vectors(1, 24, seed + 100)[0]
    check(index, ids, vectors, query, k)
    check(index, ids, vectors, query, k, np.array(ids[::3]))


@pytest.mark.parametrize("seed", range(40))
def test_ties_go_by_id_even_at_the_cut(seed):
    # Halves and wholes, whose products are exact, so that a tie is a tie.
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 60))
    ids = random.permutation(1_000)[:count].tolist()
    vectors = random.integers(-1, 2, (count, 6)).astype(np.float32) / 2
    query = random.integers(-1, 2, 6).astype(np.float32)
    allowed = random.permutation(1_000)[:600] if seed % 2 else None
    k = int(random.integers(1, count + 4))
    check(FaissIndex.build(ids, vectors), ids, vectors, query, k, allowed)


def test_the_same_text_many_times_gives_the_lowest_ids():
    vectors = np.repeat(random_vectors(1, 8), 100, axis=0)
    index = FaissIndex.build(range(199, 99, -1), vectors)
    assert index.search(vectors[0], 3)[0].tolist() == [100, 101, 102]


def test_allowed_ids_that_do_not_exist_are_ignored():
    index = FaissIndex.build([7, 9], np.eye(2, dtype=np.float32))
    found, scores = index.search(np.array([1, 0], np.float32), 5, np.array([9, 8, 10**12]))
    assert (found.tolist(), scores.tolist()) == ([9], [0.0])


@pytest.mark.parametrize(
    ("k", "allowed"),
    [
        pytest.param(0, None, id="k of 0"),
        pytest.param(-1, None, id="negative k"),
        pytest.param(5, np.array([], dtype=np.int64), id="none allowed"),
        pytest.param(5, np.array([]), id="none allowed, as floats"),
        pytest.param(5, np.array([3, 4]), id="none of the allowed exists"),
    ],
)
def test_nothing_to_find(k, allowed):
    index = FaissIndex.build([0, 1], np.eye(2, dtype=np.float32))
    found, scores = index.search(np.array([1, 0], np.float32), k, allowed)
    assert (found.tolist(), scores.tolist()) == ([], [])
    assert (found.dtype, scores.dtype) == (np.int64, np.float32)


def test_empty_index():
    index = FaissIndex.build([], np.zeros((0, 4), np.float32))
    assert (len(index), index.dimension, index.ids.tolist()) == (0, 4, [])
    assert index.search(np.ones(4, np.float32), 3)[0].tolist() == []
    assert len(FaissIndex.from_bytes(index.to_bytes())) == 0


def test_k_above_the_count_is_not_padded():
    index = FaissIndex.build([5], np.array([[0.0, 1.0]], np.float32))
    found, scores = index.search(np.array([0, -1], np.float32), 10)
    assert (found.tolist(), scores.tolist()) == ([5], [-1.0])


@pytest.mark.parametrize(
    ("ids", "vectors", "message"),
    [
        pytest.param([0], np.zeros((1, 4)), "found float64", id="float64"),
        pytest.param([0], np.zeros(4, np.float32), r"shape \(4,\)", id="one dimension"),
        pytest.param([0, 1], np.zeros((1, 4), np.float32), "expected 2", id="too few rows"),
        pytest.param([0], np.zeros((2, 4), np.float32), "expected 1", id="too many rows"),
        pytest.param([3, 3], np.zeros((2, 4), np.float32), "distinct", id="duplicate ids"),
        pytest.param([-1], np.zeros((1, 4), np.float32), "not negative", id="negative id"),
        pytest.param([0], np.full((1, 4), np.nan, np.float32), "finite", id="NaN"),
        pytest.param([0], np.full((1, 4), np.inf, np.float32), "finite", id="infinity"),
    ],
)
def test_vectors_that_faiss_would_take_are_refused(ids, vectors, message):
    with pytest.raises(VectorIndexError, match=message):
        FaissIndex.build(ids, vectors)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(np.ones(3, np.float32), id="too short"),
        pytest.param(np.ones(5, np.float32), id="too long"),
        pytest.param(np.ones((1, 4), np.float32), id="two dimensions"),
        pytest.param(np.array([1, 0, 0, np.nan], np.float32), id="NaN"),
        pytest.param(np.array([1, 0, 0, np.inf], np.float32), id="infinity"),
    ],
)
def test_query_that_does_not_fit_is_refused(query):
    index = FaissIndex.build([0], np.eye(1, 4, dtype=np.float32))
    with pytest.raises(VectorIndexError, match=r"expected a finite query of shape \(4,\)"):
        index.search(query, 1)


def test_query_of_float64_finds_the_same():
    vectors = random_vectors(30, 8)
    index = FaissIndex.build(range(30), vectors)
    query = random_vectors(1, 8, 1)[0]
    assert (
        index.search(query.astype(np.float64), 9)[0].tolist() == index.search(query, 9)[0].tolist()
    )


def test_columns_that_lie_apart_in_memory_are_read_right():
    wide = random_vectors(20, 16)
    vectors, query = wide[:, ::2], wide[3, ::2]
    check(FaissIndex.build(range(20), vectors), list(range(20)), vectors, query, 5)


def test_index_does_not_change_with_the_array_it_was_built_from():
    vectors = np.eye(2, dtype=np.float32)
    index = FaissIndex.build([0, 1], vectors)
    vectors[:] = 0
    assert index.search(np.array([0, 1], np.float32), 1)[1].tolist() == [1.0]


def test_round_trip_of_bytes():
    ids = [40, 2, 300]
    vectors = random_vectors(3, 8)
    index = FaissIndex.from_bytes(FaissIndex.build(ids, vectors).to_bytes())
    assert (len(index), index.dimension, index.ids.tolist()) == (3, 8, ids)
    check(index, ids, vectors, random_vectors(1, 8, 7)[0], 3)
    assert index.to_bytes() == FaissIndex.build(ids, vectors).to_bytes()


def test_bytes_cut_anywhere_are_refused():
    data = FaissIndex.build(range(3), np.eye(3, dtype=np.float32)).to_bytes()
    for size in range(len(data)):
        with pytest.raises(VectorIndexError, match="not a stored index"):
            FaissIndex.from_bytes(data[:size])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"SQLite format 3\x00" * 20, id="another file"),
        pytest.param(b"\x00" * 500, id="zeros"),
    ],
)
def test_bytes_of_something_else_are_refused(data):
    with pytest.raises(VectorIndexError, match="not a stored index"):
        FaissIndex.from_bytes(data)


def test_index_of_another_kind_is_refused():
    import faiss

    data = faiss.serialize_index(faiss.IndexFlatIP(4)).tobytes()
    with pytest.raises(VectorIndexError, match="expected an IndexIDMap2, found IndexFlat"):
        FaissIndex.from_bytes(data)


def test_threads_share_an_index():
    from concurrent.futures import ThreadPoolExecutor

    vectors = random_vectors(200, 16)
    index = FaissIndex.build(range(200), vectors)
    queries = random_vectors(64, 16, 3)
    alone = [index.search(query, 10)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: index.search(query, 10)[0].tolist(), queries)) == alone
