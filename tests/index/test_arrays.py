"""Arrays hold what Whoosh's postings hold; caches keep to their limit; counts are the same either way."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from entrymaker import day, doc, item
from hypothesis import given
from hypothesis import strategies as st
from whoosh.index import open_dir

from index import arrays, build, manifest
from index.analysis import spoken, terms
from index.cache import OVERHEAD, ByteCache
from index.facets import Column, Counter
from index.highlight import Highlighter
from index.plan import Wanted
from index.postings import Postings
from index.schema import schema
from index.store import Store
from index.words import folded
from ingest.model import Span


@pytest.fixture
def segment(tmp_path: Path) -> arrays.Segment:
    with Store.open(tmp_path) as store:
        store.ingest(
            doc(item("Domain lock", "lock the domain, lock it"), item("Order", "")), day(1), "vendor"
        )
        build.update(store, tmp_path / "index")
    found = manifest.read(tmp_path / "index")
    assert found
    (name,) = found.segments
    return arrays.load(tmp_path / "index" / "arrays", name)


def test_a_segment_knows_its_terms(segment: arrays.Segment) -> None:
    row = segment.row("text", b"lock")
    assert row is not None
    assert segment.term(row) == b"lock"
    assert len(segment.documents(row)) == 1
    assert segment.row("text", b"loc") is None
    assert segment.row("text", b"zzz") is None
    assert segment.row("nonesuch", b"lock") is None


def test_weights_count_titles_more_and_places_count_every_word(segment: arrays.Segment) -> None:
    row = segment.row("text", b"lock")
    assert row is not None
    at = segment.post_at[row]
    assert segment.weights[at] == 2.0 + 3  # twice for the title, then each of the three in the text
    assert segment.place_at[at + 1] - segment.place_at[at] == 4


def test_what_threads_share_cannot_be_changed(segment: arrays.Segment) -> None:
    assert not any(getattr(segment, name).flags.writeable for name in arrays._ARRAYS)


def test_saved_arrays_are_loaded_as_they_were(segment: arrays.Segment, tmp_path: Path) -> None:
    arrays.save(segment, tmp_path / "copy")
    loaded = arrays.load(tmp_path / "copy", segment.name)
    for name in arrays._ARRAYS:
        assert np.array_equal(getattr(loaded, name), getattr(segment, name))
    assert (loaded.field_rows, loaded.total) == (segment.field_rows, segment.total)


def test_whoosh_stores_no_documents(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(item("Domain lock", "text")), day(1), "vendor")
        build.update(store, tmp_path / "index")
    found = manifest.read(tmp_path / "index")
    assert found
    index = open_dir(str(tmp_path / "index" / found.folder), schema=schema())
    with index.searcher() as searcher:
        assert [hit.fields() for hit in searcher.search(_everything(), limit=None)] == [{}]


def _everything() -> object:
    from whoosh.query import Every

    return Every()


def test_terms_are_cached_within_the_limit(segment: arrays.Segment) -> None:
    live = np.ones(len(segment), bool)
    small = Postings([segment], live, cache_bytes=4 * (OVERHEAD + 8))
    for _ in range(2):
        for term in ("lock", "domain", "order", "it"):
            assert len(small.term(term)) == len(Postings([segment], live).term(term))


class Value:
    def __init__(self, nbytes: int) -> None:
        self.nbytes = nbytes


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3000)), max_size=60))
def test_a_cache_never_holds_more_than_its_limit(asked: list[tuple[int, int]]) -> None:
    cache = ByteCache(8000)
    for key, size in asked:
        assert cache.get((key, size), lambda size=size: Value(size)).nbytes == size  # type: ignore[misc]
        assert 0 <= cache.used <= 8000
        assert len(cache) <= 8000 // OVERHEAD


def test_a_cache_gives_back_what_it_kept_and_forgets_the_oldest() -> None:
    cache = ByteCache(4 * OVERHEAD)
    first = cache.get("first", lambda: Value(0))
    assert cache.get("first", lambda: Value(1)) is first
    for key in "abcd":
        cache.get(key, lambda: Value(0))
    assert cache.get("first", lambda: Value(1)) is not first


def test_a_cache_is_shared_by_threads() -> None:
    cache = ByteCache(20 * OVERHEAD)
    wrong: list[int] = []

    def work() -> None:
        for n in range(3000):
            if cache.get(n % 37, lambda n=n: Value(n % 37)).nbytes != n % 37:  # type: ignore[misc]
                wrong.append(n)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, cache.used <= cache.limit) == ([], True)


def column(values: list[list[int]]) -> Column:
    """A column in which document n has values[n], of values named by number."""
    pairs = [(n, code) for n, codes in enumerate(values) for code in sorted(set(codes))]
    owners, codes = (np.array([pair[at] for pair in pairs], np.int32) for at in (0, 1))
    return Column(tuple(map(str, range(10))), owners, codes, len(values))


several = st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=90)


@given(several, st.data())
def test_facets_count_the_same_by_sets_and_by_lists(values: list[list[int]], data: st.DataObject) -> None:
    columns = {"several": column(values), "single": column([codes[:1] for codes in values])}
    docs = data.draw(st.lists(st.integers(0, len(values) - 1), unique=True).map(sorted))
    chosen, counter = np.array(docs, np.int32), Counter(columns)
    by_sets, by_lists = counter._many(chosen), counter._few(chosen)
    assert by_sets.tolist() == by_lists.tolist()
    for facet in columns:
        had = [values[n] if facet == "several" else values[n][:1] for n in docs]
        expected = [sum(code in codes for codes in had) for code in range(10)]
        assert by_lists[counter.part(facet)].tolist() == expected
        assert counter.count(facet, chosen).tolist() == expected


@given(
    st.text(alphabet="aeés'’_/[]{}.- \u0301STdqul", max_size=40),
    st.sampled_from(["en", "fr", "xx"]),
)
def test_the_quick_analysis_and_the_one_with_places_agree(text: str, lang: str) -> None:
    assert list(spoken(text, lang)) == [(term.text, term.position) for term in terms(text, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "wanted", "expected"),
    [
        ("Locks, locking; unlocked", "en", Wanted(frozenset({"lock"})), ["Locks", "locking"]),
        ("état des états, l'ÉTAT", "fr", Wanted(frozenset({"etat"})), ["état", "états", "ÉTAT"]),
        ("e\u0301tat", "fr", Wanted(frozenset({"etat"})), ["e\u0301tat"]),
        ("order_id, /v2/order/{id}", "en", Wanted(frozenset({"order_id"})), ["order_id"]),
        ("/v2/order/{id}.", "en", Wanted(frozenset({"v2/order/{id}"})), ["/v2/order/{id}"]),
        ("Détails, detail", "fr", Wanted(prefixes=frozenset({"det"})), ["Détails", "detail"]),
        ("catalog cat scat", "en", Wanted(frozenset({"cat"})), ["cat"]),
        ("anything", "en", Wanted(), []),
    ],
)
def test_marks(text: str, lang: str, wanted: Wanted, expected: list[str]) -> None:
    found = Highlighter(wanted).marks(folded(text), lang)
    assert [mark.of(text) for mark in found] == expected
    assert found == sorted(found)
    assert all(isinstance(mark, Span) for mark in found)
