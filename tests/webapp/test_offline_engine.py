"""The search in the browser and the server's say the same: parsing, texts, counts, order, highlights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import build, log
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from offlinesearch import NO_NODE, as_json, data_files, data_script, node, offline_counts, served
from sitemaker import SEEN, announcement, fill
from test_hostile_text import HOSTILE, hostile

from index.build import update
from index.query import SearchRequest, Sort
from index.querylang import And, Node, Not, Or, Query, Tag, parse
from index.store import Store
from webapp import offline, offlinepage
from webapp.labels import labels_in
from webapp.library import Library
from webapp.text import pieces, shown

NEEDS_NODE = pytest.mark.skipif(bool(NO_NODE), reason=NO_NODE)
ONCE = settings(  # a run of Node for each list of queries: a failure is told at once, not made smaller
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)

PARTS = st.sampled_from(
    [
        *(
            "domain",
            "locking",
            "valid*",
            "*",
            "a*b",
            "?*",
            "l'été",
            "/v2/order/{id}",
            "OR",
            "|",
            "AND",
            "NOT",
        ),
        *("-", "(", ")", '"', '"domain control"', '"" ', "“x”", "«y z»", "type:", "type:bugfix", "TYPE:a,b"),
        *('endpoint:"List domains"', "lang:fr", "language:fr", "parameter:x,,y", "colour:red", "-type:x"),
        *("https://host/a", "Note: text", "since:2022", "until:2022-02", "since:2022-02-30", "until:0000"),
        *("since:2022-0-5", "until:2024-02-29", "until:9999", "-since:2021", "year:2022", "status:gone"),
        *("\u00a0", "\u2028", "\u0085", "\x1c", "e\u0301", "\ufeff", "constructor:x", "__proto__:y"),
    ]
)
QUERIES = st.lists(st.one_of(PARTS, PARTS, st.just(" "), st.text(max_size=4))).map(" ".join) | st.text(
    max_size=30
)


def tree(node: Node | None) -> Any:
    """A tree as the scripts have it."""
    match node:
        case None:
            return None
        case And(nodes) | Or(nodes):
            return {"kind": type(node).__name__.lower(), "nodes": [tree(one) for one in nodes]}
        case Not(inner):
            return {"kind": "not", "node": tree(inner)}
        case Tag(facet, value):
            return {"kind": "tag", "facet": facet, "value": value}
    return {"kind": type(node).__name__.lower(), "text": node.text}


def as_told(query: Query) -> dict[str, Any]:
    days = [day.isoformat() if day else None for day in (query.since, query.until)]
    filters = {facet: list(values) for facet, values in query.filters.items()}
    return {"root": tree(query.root), "filters": filters, "since": days[0], "until": days[1]}


def hints(found: dict[str, Any]) -> list[str]:
    said = offlinepage.words([], labels_in("en"))["hints"]
    return [said[one["code"]] % one["values"] for one in found]  # type: ignore[index]


@NEEDS_NODE
@ONCE
@given(st.lists(QUERIES, min_size=150, max_size=250))
def test_both_parsers_read_every_query_alike(queries: list[str]) -> None:
    queries = [*queries, "a" * 1001, "(" * 30 + "x", "w " * 70]
    for query, found in zip(queries, node("parse", queries), strict=True):
        expected = parse(query)
        assert {name: found[name] for name in as_told(expected)} == as_told(expected), repr(query)
        assert tuple(hints(found["hints"])) == expected.hints, repr(query)


@pytest.fixture(scope="module", params=["one part", "two parts"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Entries whose titles stand everywhere, code, elisions, many cases and gaps, hostile text."""
    french = {"lang": "fr", "dated": "2021-03-01"}
    order = "POST /v2/order/{id}"
    odd = (
        announcement("L'annulation d’une commande", "Jusqu'à présent L'ORDRE l’emportait.", **french),
        announcement("Été œuvre", "ÉTÉ été Été, straße. Le détail", **french),
        announcement(order, "filters[validation] and a_b-c. S/MIME", endpoints=[order]),
        *(hostile(words.replace("\ud83d", "\ufffd")) for words in HOSTILE),  # no store takes half a character
    )
    made = Library(build(tmp_path_factory.mktemp("offline"), *log(), *odd).data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offline, "STEP", 256 if request.param == "one part" else 20)
        yield made


@NEEDS_NODE
def test_texts_come_whole(library: Library) -> None:
    stored = library.store.get_many(one for one, _ in library.store.order())
    told = node("texts", [], data_script(library))
    for one, found in zip(stored, told, strict=True):
        title, _, text = found["text"].partition("\n") if found.get("apart") else ("", "", found["text"])
        assert text == shown(one.text)
        start, end = found["title"]
        said = found["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
        assert said == (title if found.get("apart") else shown(one.entry.title))


REQUESTS = [
    *map(
        SearchRequest,
        ["", "domain", "domain locking", '"domain locking"', "verrouillage", "détails", "detail"],
    ),
    *map(
        SearchRequest,
        ["List domains", "domain_locking_status", "domain_lock*", "filters[validation]", "valid*"],
    ),
    *map(
        SearchRequest,
        ["/v2/order/{id}", "order", "S/MIME", "annulation", "l'annulation", "ordre", "the", "le la"],
    ),
    *map(
        SearchRequest, ["maintenance -CIS", "CIS OR charges", "NOT maintenance", "(domain OR portal) closes"]
    ),
    *map(
        SearchRequest,
        [
            "domian",
            "verouillage domaine",
            "mainteance wrong",
            "product:CIS locking charges",
            '"locking domain"',
            "zzzz",
            "2022",
        ],
    ),
    *map(
        SearchRequest,
        ["type:maintenance", "type:bugfix,feature domain", "status:cancelled", "since:2022-04", "x:y"],
    ),
    *map(
        SearchRequest,
        ["year:2021 until:2021", "product:certcentral", 'endpoint:"GET /v1/charges"', "type:none"],
    ),
    SearchRequest("maintenance", sort=Sort.DATE),
    SearchRequest("domain", {"lang": ("fr",)}),
    SearchRequest("", {"type": ("maintenance", "bugfix"), "product": ("CIS", "nobody")}, sort=Sort.DATE),
    SearchRequest("", since=date(2022, 4, 1), until=date(2022, 5, 31), sort=Sort.DATE),
]


@pytest.fixture(scope="module")
def answers(library: Library) -> list[tuple[SearchRequest, dict[str, Any]]]:
    found = node("search", [as_json(request) for request in REQUESTS], data_script(library))
    return list(zip(REQUESTS, found, strict=True))


@NEEDS_NODE
def test_counts_are_the_servers(
    library: Library, answers: list[tuple[SearchRequest, dict[str, Any]]]
) -> None:
    for request, found in answers:
        assert offline_counts(found) == served(library.search(request)), request


@NEEDS_NODE
def test_entries_come_in_the_servers_order(
    library: Library, answers: list[tuple[SearchRequest, dict[str, Any]]]
) -> None:
    for request, found in answers:
        page = library.search(request)
        assert [hit["id"] for hit in found["hits"]] == [hit.id for hit in page.hits], request
        assert [hit["score"] for hit in found["hits"]] == pytest.approx(
            [hit.score for hit in page.hits], rel=0.02
        )
        assert found["suggestions"] == list(page.suggestions), request
        assert hints(found["hints"]) == list(page.hints), request


@NEEDS_NODE
def test_the_same_is_marked(library: Library, answers: list[tuple[SearchRequest, dict[str, Any]]]) -> None:
    marks = 0
    for request, found in answers:
        for told, hit in zip(found["hits"], library.search(request).hits, strict=True):
            if hit.title.marks:
                expected = [piece.text for piece in pieces(hit.title) if piece.marked]
                assert [piece["text"] for piece in told["title"] if piece["marked"]] == expected, request
            if hit.passage.marks:
                expected = [piece.text for piece in pieces(hit.passage) if piece.marked]
                assert [piece["text"] for piece in told["passage"] if piece["marked"]] == expected, request
                marks += len(expected)
    assert marks > 50


@NEEDS_NODE
def test_the_beginning_of_a_word_is_enough(library: Library) -> None:
    """While one types, where the server would find nothing."""
    (found,) = node("search", [as_json(SearchRequest("domain lockin"))], data_script(library))
    page = library.search(SearchRequest("domain lockin*"))
    assert [hit["id"] for hit in found["hits"]] == [hit.id for hit in page.hits] != []
    assert hints(found["hints"]) == ["nothing matches “lockin”; these entries have words that begin so"]


def test_the_data_are_the_same_for_the_same_store(library: Library) -> None:
    assert data_files(library) == data_files(Library(library.store.path.parent))


def test_the_data_are_scripts_that_no_text_can_leave(library: Library) -> None:
    for path, script in data_files(library).items():
        text = script.decode("utf-8")
        assert text.startswith(
            (
                "globalThis.relnotesEntries={",
                "(globalThis.relnotesParts??={}).",
                "(globalThis.relnotesTexts??={})[",
            )
        )
        assert text.endswith("};\n")
        assert text.count("\n") == 1
        for sign in ("<", "\u2028", "\u2029", "\u202e", "\u2066", "\x00", "\ufeff", "\ufffe"):
            assert sign not in text, path
        assert json.loads(re.split(r'(?:Entries|base|recent|"\])=', text, maxsplit=1)[1][:-2])


def test_new_entries_leave_the_base_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "STEP", 4)
    data = build(tmp_path, *log()).data_dir
    before = data_files(Library(data))
    fill(data, announcement("Newer", dated="2022-07-01"), seen=SEEN + timedelta(days=1), source="second")
    with Store.open(data) as store:
        update(store, data / "index")
    assert len(log()) == 7
    after = data_files(Library(data))
    (newer,) = new_ids(before, after)
    assert changed(before, after) == {
        "search/base.js",
        "search/recent.js",
        "search/entries.js",
        f"search/texts/{newer[0]}.js",
    }  # the eighth entry completes a second step
    fill(data, announcement("Newest", dated="2022-08-01"), seen=SEEN + timedelta(days=2), source="third")
    with Store.open(data) as store:
        update(store, data / "index")
    last = data_files(Library(data))
    (newest,) = new_ids(after, last)
    assert changed(after, last) == {
        "search/recent.js",
        "search/entries.js",
        f"search/texts/{newest[0]}.js",
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in after if after[path] != before.get(path)}


def new_ids(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Whose texts are told that were not before."""
    told = [
        {
            one
            for path, script in files.items()
            if path.startswith("search/texts/")
            for one in json.loads(script.partition(b"=")[2].partition(b"=")[2][:-2])
        }
        for files in (before, after)
    ]
    return told[1] - told[0]


@pytest.mark.parametrize(
    ("arrivals", "listing", "runs"),
    [
        ("", "", (0,)),
        ("ab", "ba", (2,)),
        ("abc", "cab", (0, 1, 2)),
        ("abcd", "dbca", (4,)),
        ("abcde", "decab", (1, 1, 3)),
    ],
)
def test_runs_tell_how_the_parts_make_one_listing(
    monkeypatch: pytest.MonkeyPatch, arrivals: str, listing: str, runs: tuple[int, ...]
) -> None:
    monkeypatch.setattr(offline, "STEP", 2)
    latest = arrivals[len(arrivals) - offline.unsettled(len(arrivals)) :]
    parting = offline.parted(latest, listing)
    assert parting.runs == runs
    parts = [list(parting.base), list(parting.recent)]
    assert "".join(parts[n % 2].pop(0) for n, run in enumerate(runs) for _ in range(run)) == listing


def test_an_empty_site_has_data_too(tmp_path: Path) -> None:
    script = data_script(Library(build(tmp_path).data_dir))
    if not NO_NODE:
        (found,) = node("search", [as_json(SearchRequest("domain"))], script)
        assert found["total"] == 0
