"""What a reader finds: words and names in both languages, filters and counts, order, snippets, advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build
from index.query import FACETS, SearchPage, SearchRequest, Sort, Suggestion
from index.search import Searcher
from index.store import Store
from ingest.model import EntryType, Status

ALIASES = {"List domains": ("Lister les domaines",), "Order info": ("Informations sur la commande",)}
ITEMS = [
    item(
        "Services API: domain locking",
        "We added domain_locking_status to the List domains endpoint. Ask for filters[validation]=completed.",
        type=EntryType.API_CHANGE,
        products=["CertCentral", "CertCentral Services API"],
        endpoints=["List domains", "GET /v2/domain"],
        parameters=["domain_locking_status", "filters[validation]"],
        dated="2022-05-02",
    ),
    item(
        "API de services : verrouillage de domaine",
        "Nous avons ajouté un état au point de terminaison Lister les domaines. Voir les détails de l’API.",
        type=EntryType.API_CHANGE,
        lang="fr",
        products=["CertCentral", "CertCentral Services API"],
        endpoints=["Lister les domaines"],
        parameters=["domain_locking_status"],
        dated="2022-05-02",
    ),
    item(
        "Scheduled maintenance",
        "Certificate issuance for CIS may be delayed. Domains keep their validation.",
        type=EntryType.MAINTENANCE,
        products=["CIS"],
        windows=["2022-06-05T04:00"],
        dated="2022-06-05",
    ),
    item(
        "Maintenance planifiée annulée",
        "La maintenance du 6 février est annulée ; l'émission des certificats reste disponible.",
        type=EntryType.MAINTENANCE,
        lang="fr",
        products=["CIS"],
        status=Status.CANCELLED,
        dated="2021-02-07",
    ),
    item(
        "Order info endpoint fixed",
        "We fixed a bug where /order/certificate/{order_id} returned the wrong validity.",
        type=EntryType.BUGFIX,
        products=["CertCentral Services API"],
        endpoints=["Order info", "GET /order/certificate/{order_id}"],
        dated="2021-11-10",
    ),
    item("Nouvelles notifications", "Détails des notifications par courriel, sans date.", lang="fr"),
]
TITLES = [one.entry.title for one in ITEMS]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(ITEMS, tmp_path_factory.mktemp("data"))


def searcher_of(items: list[Item], folder: Path) -> Searcher:
    store = Store.open(folder)
    store.ingest(doc(*items), day(1), "vendor")
    build.update(store, folder / "index")
    return Searcher(store, folder / "index", ALIASES)


def ask(searcher: Searcher, text: str = "", sort: Sort = Sort.RELEVANCE, **filters: str) -> SearchPage:
    asked = {facet: tuple(values.split(",")) for facet, values in filters.items()}
    return searcher.search(SearchRequest(text, asked, sort=sort))


def found(searcher: Searcher, text: str = "", **filters: str) -> list[str]:
    return [hit.title.text for hit in ask(searcher, text, **filters).hits]


LOCKING, VERROU, NIGHT, ANNULEE, ORDER, NOTIFS = TITLES


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("locking domain", [LOCKING]),
        ("lock domains", [LOCKING]),
        ("locked", [LOCKING]),
        ("verrouillages", [VERROU]),
        ("details", [NOTIFS, VERROU]),
        ("Détail", [NOTIFS, VERROU]),
        ("De\u0301tails", [NOTIFS, VERROU]),
        ("fevrier", [ANNULEE]),
        ("l'émission", [ANNULEE]),
        ("l’emission", [ANNULEE]),
        ("maintenance", [NIGHT, ANNULEE]),
        ("domain_locking_status", [LOCKING, VERROU]),
        ("locking_status", [LOCKING]),
        ("filters[validation]", [LOCKING]),
        ("/order/certificate/{order_id}", [ORDER]),
        ("order/certificate", [ORDER]),
        ('"wrong validity"', [ORDER]),
        ('"validity wrong"', []),
        ("certif*", [NIGHT, ANNULEE, ORDER]),
        ("déta*", [VERROU, NOTIFS]),
        ("maintenance -cis", []),
        ("maintenance NOT annulée", [NIGHT]),
        ("locking OR wrong", [LOCKING, ORDER]),
        ("(locking OR wrong) -bug", [LOCKING]),
        ("product:cis", [NIGHT, ANNULEE]),
        ('product:"certcentral services api" lang:en', [LOCKING, ORDER]),
        ("type:bugfix,maintenance lang:en", [NIGHT, ORDER]),
        ("(type:bugfix OR lang:fr) validity", [ORDER]),
        ("status:cancelled", [ANNULEE]),
        ("year:2022 since:2022-06", [NIGHT]),
        ("maintenance 2022", [NIGHT]),
        ("2021", [ORDER, ANNULEE]),
        ("cancelled cis", [ANNULEE]),
        ("bugfix validity", [ORDER]),
        ("maintenance -cancelled", [NIGHT]),
        ("until:2021", [ORDER, ANNULEE]),
        ("since:2021-11-10 until:2022-05-02", [LOCKING, VERROU, ORDER]),
        ("the", TITLES[2:3] + TITLES[:2] + [ORDER, ANNULEE, NOTIFS]),
        ("", [NIGHT, LOCKING, VERROU, ORDER, ANNULEE, NOTIFS]),
    ],
)
def test_what_a_query_finds(searcher: Searcher, query: str, expected: list[str]) -> None:
    page = searcher.search(SearchRequest(query, sort=Sort.DATE))
    exact = not any("nothing matches" in hint or "no entry has all" in hint for hint in page.hints)
    titles = [hit.title.text for hit in page.hits] if exact else []
    assert sorted(titles) == sorted(expected)
    assert page.total == len(page.hits)


@pytest.mark.parametrize(
    "query", ["List domains", "lister les domaines", '"list domains"', "endpoint:'x' OR 1"]
)
def test_an_endpoint_is_found_by_its_name_in_either_language(searcher: Searcher, query: str) -> None:
    if query.startswith("endpoint"):
        assert found(searcher, 'endpoint:"Lister les domaines"') == found(searcher, 'endpoint:"list domains"')
    else:
        assert {LOCKING, VERROU} <= set(found(searcher, query)[:2])


def test_an_exact_name_comes_before_mere_words(tmp_path: Path) -> None:
    wordy = item("Orders: order info, order info", "Order info order info order info.", dated="2023-01-01")
    named = item("A small fix", "Something about an order, and some info too.", endpoints=["Order info"])
    assert found(searcher_of([wordy, named], tmp_path), "order info")[0] == "A small fix"


def test_a_word_in_the_title_weighs_more(tmp_path: Path) -> None:
    body = item("News", "Now with wildcard support for all of you and for others.", dated="2023-01-01")
    title = item("Wildcard", "Now with more support for all of you and for others.", dated="2022-01-01")
    assert found(searcher_of([body, title], tmp_path), "wildcard") == ["Wildcard", "News"]


def test_entries_in_the_language_of_the_query_go_first(tmp_path: Path) -> None:
    notes = [
        item("Notification", "A notification for administration.", dated="2022-02-01"),
        item("Notification", "Une notification pour administration.", lang="fr", dated="2022-01-01"),
    ]
    searcher = searcher_of(notes, tmp_path)
    for query, first in (
        ("notification pour une administration", "fr"),
        ("notification for an administration", "en"),
        ("une notification for", "en"),  # of both languages: the newest
    ):
        assert ask(searcher, query).hits[0].stored.entry.lang == first


def test_the_newest_goes_first_among_equals(tmp_path: Path) -> None:
    twins = [item("Same words", "here", dated=f"20{n}-01-01") for n in (20, 23, 21, 22)]
    searcher = searcher_of(twins, tmp_path)
    hits = ask(searcher, "words").hits
    years = [hit.stored.entry.dated.first.year for hit in hits if hit.stored.entry.dated]
    assert years == [2023, 2022, 2021, 2020]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in page.facets[facet]}


def test_facets_count_what_was_found(searcher: Searcher) -> None:
    page = ask(searcher, "domains")
    assert counts(page, "type") == {"api_change": 2, "maintenance": 1}
    assert counts(page, "product") == {"CertCentral": 2, "CertCentral Services API": 2, "CIS": 1}
    assert counts(page, "year") == {"2022": 3}
    assert set(page.facets) == set(FACETS)


def test_a_facets_counts_leave_out_its_own_filter(searcher: Searcher) -> None:
    page = ask(searcher, type="maintenance")
    assert page.total == 2
    assert counts(page, "type") == {"api_change": 2, "maintenance": 2, "bugfix": 1, "feature": 1}
    assert counts(page, "lang") == {"en": 1, "fr": 1}
    assert [one.value for one in page.facets["type"] if one.selected] == ["maintenance"]
    both = ask(searcher, type="maintenance", lang="fr")
    assert counts(both, "type") == {"maintenance": 1, "api_change": 1, "feature": 1}
    assert counts(both, "lang") == {"en": 1, "fr": 1}
    assert both.total == 1


def test_months_are_counted_over_what_passes_all_but_the_days_asked_for(searcher: Searcher) -> None:
    every = {"2021-02": 1, "2021-11": 1, "2022-05": 2, "2022-06": 1}
    assert ask(searcher).months == every
    assert list(ask(searcher).months) == sorted(every)
    may = SearchRequest(since=date(2022, 5, 1), until=date(2022, 5, 31))
    assert (searcher.search(may).total, searcher.search(may).months) == (2, every)
    assert searcher.search(replace(may, filters={"lang": ("fr",)})).months == {"2021-02": 1, "2022-05": 1}
    assert searcher.search(replace(may, text="since:2022")).months == {"2022-05": 2, "2022-06": 1}
    assert searcher.search(replace(may, text="xylophone")).months == {}


def test_values_of_one_facet_are_alternatives(searcher: Searcher) -> None:
    assert ask(searcher, type="maintenance,bugfix").total == 3
    assert ask(searcher, "type:bugfix", type="maintenance").total == 3


def test_a_selected_value_stays_listed_where_nothing_has_it(searcher: Searcher) -> None:
    page = ask(searcher, "locking", product="CIS", colour="red")
    assert (page.total, page.hits) == (0, ())
    assert counts(page, "product")["CIS"] == 0
    assert any("colour" in hint for hint in page.hints)
    assert any("Nonesuch" in hint for hint in ask(searcher, product="Nonesuch").hints)


def test_days_of_the_request_narrow_those_of_the_query(searcher: Searcher) -> None:
    request = SearchRequest("since:2021", since=date(2022, 1, 1), until=date(2022, 5, 31))
    assert [hit.title.text for hit in searcher.search(request).hits] == [LOCKING, VERROU]


def test_pages_are_slices_of_one_order(searcher: Searcher) -> None:
    for text in ("", "maintenance OR domain OR détails OR bug"):
        for sort in Sort:
            every = searcher.find(SearchRequest(text, sort=sort)).ids
            parts = [
                searcher.find(SearchRequest(text, sort=sort, limit=2, offset=n)).ids for n in range(0, 8, 2)
            ]
            assert tuple(one for part in parts for one in part) == every
    assert searcher.find(SearchRequest(limit=0)).ids == ()
    assert searcher.find(SearchRequest(limit=0)).total == 6


def marked(page: SearchPage) -> list[tuple[list[str], list[str]]]:
    return [
        ([m.of(h.title.text) for m in h.title.marks], [m.of(h.passage.text) for m in h.passage.marks])
        for h in page.hits
    ]


def test_matches_are_marked_in_title_and_passage(searcher: Searcher) -> None:
    assert marked(ask(searcher, "lock domains")) == [
        (["domain", "locking"], ["domain", "locking", "domains"])
    ]
    assert marked(ask(searcher, "domain_locking_status lang:en")) == [([], ["domain_locking_status"])]
    assert marked(ask(searcher, "fevrier")) == [([], ["février"])]
    assert marked(ask(searcher, "annul*")) == [(["annulée"], ["annulée"])]
    assert marked(ask(searcher, "l'api lang:fr")) == [(["API"], ["API"])]


def test_the_passage_is_where_the_words_are(tmp_path: Path) -> None:
    filler = "Nothing to see in this sentence at all. " * 20
    long = item("Long", f"{filler}Here the needle and the thread meet in one place. {filler}")
    (hit,) = ask(searcher_of([long], tmp_path), "thread needle").hits
    assert hit.passage.text.startswith("Here the needle") or "needle and the thread" in hit.passage.text
    assert [m.of(hit.passage.text) for m in hit.passage.marks] == ["needle", "thread"]
    assert len(hit.passage.text) < 300


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("domian lokcing", "domain locking"),
        ("validaton", "validation"),
        ("verouillage", "verrouillage"),
        ("détials", "détails"),
    ],
)
def test_misspelt_words_are_answered_with_what_was_meant(searcher: Searcher, query: str, meant: str) -> None:
    page = ask(searcher, query)
    assert page.suggestions[0] == meant
    assert [hit.title.text for hit in page.hits] == found(searcher, meant)
    assert page.hints


def test_where_not_all_words_match_some_do(searcher: Searcher) -> None:
    page = ask(searcher, "verrouillage maintenance notifications")
    assert {hit.title.text for hit in page.hits} >= {VERROU, NIGHT, NOTIFS}
    assert any("some of them" in hint for hint in page.hints)


def test_nothing_is_said_of_entries_that_a_filter_takes_away(searcher: Searcher) -> None:
    page = ask(searcher, "product:CIS locking zzzz")
    assert (page.total, page.hints) == (0, ())


def test_a_wide_prefix_stands_for_so_many_words_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = searcher_of([item(f"Wide{n}", "one word each") for n in range(9)], tmp_path)
    assert ask(searcher, "wide*").total == 9
    monkeypatch.setattr("index.postings.MAX_EXPANSIONS", 4)
    searcher = Searcher(searcher.store, searcher.index_dir)
    assert ask(searcher, "wide*").total == 4


def test_a_misspelt_word_has_so_many_corrections_at_most(tmp_path: Path) -> None:
    searcher = searcher_of([item(f"Wor{letter}s", "one") for letter in "abcdefghij"], tmp_path)
    near = searcher.view().speller.near("worzs")
    assert len(near) == 5
    assert len(ask(searcher, "worzs").suggestions) == 3


def test_nothing_at_all_is_an_answer_too(searcher: Searcher) -> None:
    page = ask(searcher, "xylophone")
    assert (page.total, page.hits, page.suggestions) == (0, (), ())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("scheduled maint", ["scheduled maintenance"]),
        ("deta", ["détails"]),
        ("wrong v", ["wrong validity"]),
        ("maintenance d", ["maintenance domains", "maintenance disponible", "maintenance delayed"]),
        ("ajouté domain_l", ["ajouté domain_locking_status"]),
        ("verrouillage de lister les", ["verrouillage de Lister les domaines"]),
        ("locking", ["domain_locking_status"]),
        ("trustlink", []),
        ("certcentral services ap", ["CertCentral Services API"]),
        ("/v2/d", ["GET /v2/domain"]),
        ("cis", ["CIS"]),
        ("maintenance ", []),
        ("", []),
        ("zzz", []),
    ],
)
def test_a_query_is_completed_as_it_is_typed(searcher: Searcher, typed: str, expected: list[str]) -> None:
    assert [one.text for one in searcher.suggest(typed)] == expected


def test_names_are_suggested_before_words(searcher: Searcher) -> None:
    found = searcher.suggest("certc")
    assert found == (
        Suggestion("CertCentral Services API", "product", 3),
        Suggestion("CertCentral", "product", 2),
    )


def test_every_value_of_a_facet_is_listed(searcher: Searcher) -> None:
    assert [(v.value, v.count) for v in searcher.values("lang")] == [("en", 3), ("fr", 3)]


@pytest.mark.parametrize("facet", FACETS)
def test_the_members_of_a_value_are_what_a_filter_by_it_finds(searcher: Searcher, facet: str) -> None:
    """By all of its names."""
    newest, ranks = searcher.view().newest, searcher.view().ranks(facet)
    assert list(ranks) == [each.value for each in searcher.values(facet)]
    for value, mine in ranks.items():
        request = SearchRequest(filters={facet: (value,)}, sort=Sort.DATE, limit=100)
        assert tuple(newest[at] for at in mine) == searcher.find(request).ids


def test_the_listing_of_all_is_the_store_s(searcher: Searcher) -> None:
    assert list(zip(searcher.view().newest, searcher.view().days, strict=True)) == searcher.store.order()


def test_an_empty_store_is_searched(tmp_path: Path) -> None:
    searcher = searcher_of([], tmp_path)
    page = ask(searcher, "anything goes")
    assert (page.total, page.hits) == (0, ())
    assert set(page.facets) == set(FACETS)


words_said = st.sampled_from(
    ["domain", "lock*", "OR", "NOT", "-", "(", ")", '"', "type:bugfix", "year:", "l’", "*"]
)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=30), st.lists(words_said, max_size=8).map(" ".join)))
def test_any_query_gets_an_answer(searcher: Searcher, text: str) -> None:
    page = searcher.search(SearchRequest(text))
    assert 0 <= len(page.hits) <= page.total <= 6
    for hit in page.hits:
        for snippet in (hit.title, hit.passage):
            assert all(0 <= mark.start < mark.end <= len(snippet.text) for mark in snippet.marks)


def test_many_threads_get_the_same_answers(searcher: Searcher) -> None:
    queries = ["domain", "maintenance", "certif*", '"wrong validity"', ""] * 20
    expected = [found(searcher, query) for query in queries]
    results: list[bool] = []

    def work() -> None:
        results.append([found(searcher, query) for query in queries] == expected)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4
