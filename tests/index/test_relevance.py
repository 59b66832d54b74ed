"""Do the entries that answer come first?  Judged queries, pinned, and better than plain BM25."""

from __future__ import annotations

from collections import Counter

import pytest
from relevance import SEED, Figures, Library, figures, floors, judged, mean

NO_SEED = pytest.mark.skipif(not SEED.exists(), reason="the real change log is not there to be read")


@pytest.fixture(scope="module", params=["corpus", pytest.param("seed", marks=NO_SEED)])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp(request.param), request.param == "seed")


def pinned(library: Library) -> Figures:
    return Figures(**floors()["seed" if len(library.queries) == len(judged(seed=True)) else "corpus"])


def test_the_queries_are_many_and_of_every_kind() -> None:
    for seed in (False, True):
        queries = judged(seed)
        assert len(queries) >= 60
        assert min(Counter(query.kind for query in queries).values()) >= 5
        assert len({query.text for query in queries}) == len(queries)


def test_what_answers_comes_first_and_ever_more_so(library: Library) -> None:
    now, floor = mean(library.scores(library.ours)), pinned(library)
    assert (now.ndcg >= floor.ndcg, now.mrr >= floor.mrr) == (True, True), (now, floor)


@pytest.mark.parametrize("joined", ["OR", "AND"])
def test_plain_bm25_is_beaten(library: Library, joined: str) -> None:
    ours, plain = mean(library.scores(library.ours)), mean(library.scores(library.plain_bm25(joined)))
    assert ours.ndcg > plain.ndcg
    assert ours.mrr > plain.mrr


@pytest.mark.parametrize(
    ("ranked", "gains", "expected"),
    [
        (["a", "b"], {"a": 3, "b": 1}, (1.0, 1.0)),
        (["b", "a"], {"a": 3, "b": 1}, (0.7967, 0.5)),
        (["x", "a"], {"a": 3}, (0.6309, 0.5)),
        (["x", "b"], {"a": 3, "b": 1}, (0.1738, 0.0)),
        ([], {"a": 3}, (0.0, 0.0)),
        ([*"0123456789", "a"], {"a": 3}, (0.0, 1 / 11)),
    ],
)
def test_figures(ranked: list[str], gains: dict[str, int], expected: tuple[float, float]) -> None:
    found = figures(ranked, gains)
    assert (found.ndcg, found.mrr) == pytest.approx(expected, abs=1e-4)
