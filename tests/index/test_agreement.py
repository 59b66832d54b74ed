"""The array layer finds, scores and counts as Whoosh itself does, whatever the index went through."""

from __future__ import annotations

from collections import Counter

import plainwhoosh
import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build
from index.query import FACETS, SearchRequest
from index.querylang import parse
from index.schema import document
from index.search import Searcher
from index.store import Store
from ingest.model import EntryType

WORDS = [
    "lock",
    "locking",
    "domain",
    "domaine",
    "détail",
    "details",
    "order_id",
    "order",
    "id",
    "the",
    "API",
    "verrou",
]
texts = st.lists(st.sampled_from([*WORDS, ".", "\n"]), min_size=1, max_size=12).map(" ".join)
names = st.lists(st.sampled_from(["CIS", "SCEP", "List domains", "order_id"]), max_size=2, unique=True)


def made(key: str, text: str, lang: str, type: EntryType, tags: list[str], dated: str | None) -> Item:
    return item(
        f"{key} {text[:20]}", text, lang=lang, type=type, products=tags, parameters=tags[1:], dated=dated
    )


items = st.builds(
    made,
    st.sampled_from("pqrstuvw"),
    texts,
    st.sampled_from(["en", "fr", "xx"]),
    st.sampled_from(list(EntryType)[:3]),
    names,
    st.sampled_from([None, "2021-03-04", "2022-01-01", "2022-01-01/2022-12-31"]),
)
histories = st.lists(st.lists(items, max_size=8), min_size=1, max_size=4)
words = st.sampled_from(
    [
        *WORDS,
        "loc*",
        "d*",
        '"lock domain"',
        '"domain order_id"',
        "zzz",
        "type:feature",
        "list domains",
        "feature",
        "2022",
        "le",
        "of",
    ]
)
queries = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"-({part})"),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=120)
@given(histories, st.lists(queries, min_size=1, max_size=4))
def test_entries_scores_and_counts_agree(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[Item]], asked: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("data")
    with Store.open(folder) as store:
        for number, snapshot in enumerate(history, 1):
            store.ingest(doc(*snapshot), day(number), "vendor")
            build.update(store, folder / "index")
        searcher = Searcher(store, folder / "index")
        documents = {one.id: document(one) for one in store.all()}
        for text in asked:
            _agrees(text, searcher, documents)


def _agrees(text: str, searcher: Searcher, documents: dict[str, dict[str, object]]) -> None:
    view = searcher.view()
    plan = view.planner.plan(parse(text).root)
    if plan is None:
        return
    expected = plainwhoosh.evaluate(plan, searcher.index_dir)
    matches = view.evaluated(plan)
    found = dict(zip(view.ids(matches.docs), matches.scores.tolist(), strict=True))
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-4)
    query = parse(text)
    if expected:
        page = searcher.find(SearchRequest(text, limit=100))
        passing = [one for one in expected if _passes(documents[one], query.filters)]
        assert sorted(page.ids) == sorted(passing)
        assert page.total == len(passing)
        for facet in FACETS:
            others = {name: values for name, values in query.filters.items() if name != facet}
            counted = Counter(
                v
                for one in expected
                if _passes(documents[one], others)
                for v in _values(documents[one], facet)
            )
            assert {v.value: v.count for v in page.facets[facet] if v.count} == counted


def _passes(document: dict[str, object], filters: dict[str, tuple[str, ...]]) -> bool:
    return all(set(values) & set(_values(document, facet)) for facet, values in filters.items())


def _values(document: dict[str, object], facet: str) -> list[str]:
    values = document.get(facet, [])
    assert isinstance(values, list)
    return values
