"""What a program reads: entries, one entry, facets, errors, and the description of all that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import build, log
from flask.testing import FlaskClient
from sitemaker import SEEN, announcement, fill

from index.build import update
from index.store import Store
from webapp import openapi
from webapp.app import create_app

ENTRIES = "/api/v1/entries"


KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def conforms(value: Any, schema: dict[str, Any]) -> None:
    """Just enough of JSON Schema for the description's own words."""
    if "$ref" in schema:
        return conforms(value, openapi.SCHEMAS[schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema:
        value is None or conforms(value, schema["anyOf"][0])
        return None
    if "enum" in schema:
        assert value in schema["enum"]
    if "type" in schema:
        assert isinstance(value, KINDS[schema["type"]]), (value, schema)
    for item in value if schema.get("type") == "array" else ():
        conforms(item, schema["items"])
    if schema.get("type") == "object":
        assert set(value) == set(schema["properties"])
        for name, inner in schema["properties"].items():
            conforms(value[name], inner)
    return None


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.get_json()


def test_entries_with_filters(client: FlaskClient) -> None:
    page = get(client, f"{ENTRIES}?type=maintenance&product=CIS")
    assert page["total"] == 1
    (entry,) = page["entries"]
    assert entry["title"] == "Maintenance in May"
    assert entry["windows"] == [{"start": "2022-05-08T04:00:00Z", "end": "2022-05-08T06:00:00Z"}]
    assert entry["status"] == "cancelled"
    assert entry["url"] == f"http://localhost/entries/{entry['id']}"
    assert page["next"] is None


def test_cursors_lead_through_everything_once(client: FlaskClient) -> None:
    seen: list[str] = []
    path = f"{ENTRIES}?limit=3&since=2000-01-01"
    while path:
        page = get(client, path)
        seen += [entry["title"] for entry in page["entries"]]
        path = page["next"] or ""
        assert not path or "since=2000-01-01" in urlsplit(path).query
    assert seen == [one.entry.title for one in log()]


@pytest.mark.parametrize("query", ["", "q=words&", "q=words&sort=date&"])
def test_cursors_hold_when_entries_come_meanwhile(tmp_path: Path, query: str) -> None:
    """Every entry that was there at the start comes once, whatever comes above it between two pages."""
    made = [announcement(f"Note {n}", "Some words.", dated=f"2022-01-{28 - n}") for n in range(9)]
    client = create_app(build(tmp_path, *made)).test_client()
    seen: list[str] = []
    path = f"{ENTRIES}?{query}limit=2"
    while path:
        page = get(client, path)
        seen += [entry["title"] for entry in page["entries"]]
        path = page["next"] or ""
        news = announcement(f"News {len(seen)}", "Some words.", dated=f"2022-02-{len(seen):02}")
        made.insert(0, news)
        fill(tmp_path, *made, seen=SEEN + timedelta(days=len(seen)))
        with Store.open(tmp_path) as store:
            update(store, tmp_path / "index")
    old = [title for title in seen if title.startswith("Note")]
    assert sorted(old) == sorted({f"Note {n}" for n in range(9)})


def test_an_export_has_every_entry_whole_and_the_same_filters(client: FlaskClient) -> None:
    answer = client.get("/api/v1/entries.jsonl?type=maintenance")
    assert answer.content_type == "application/jsonl; charset=utf-8"
    assert answer.data.endswith(b"\n")
    lines = [json.loads(line) for line in answer.data.splitlines()]
    assert [entry["title"] for entry in lines] == [
        one.entry.title for one in log() if one.entry.type == "maintenance"
    ]
    for entry in lines:
        assert entry == get(client, entry["api_url"])
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/v1/entries.jsonl?type=maintenance", headers=tag).status_code == 304


def test_an_export_is_written_bit_by_bit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.api.BATCH", 2)
    asked = counting(client, monkeypatch)
    answer = client.get("/api/v1/entries.jsonl", buffered=False)
    parts = iter(answer.response)
    next(parts)
    assert asked == [2]
    assert len(list(parts)) == len(log()) - 1
    assert asked == [2, 2, 2, 1]


def counting(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries were fetched from the store at a time, as they are."""
    library, asked = client.application.extensions["relnotes"].library, list[int]()
    assert (
        library.digest.schedule is not None
    )  # what every page tells of windows is read once, and not counted
    store = library.store
    fetch = store.get_many

    def counted(ids: Sequence[str]) -> Any:
        asked.append(len(ids))
        return fetch(ids)

    monkeypatch.setattr(store, "get_many", counted)
    return asked


def test_one_entry_with_its_evidence(client: FlaskClient) -> None:
    listed = get(client, f"{ENTRIES}?q=param:domain_locking_status")["entries"][0]
    entry = get(client, listed["api_url"])
    assert {key: entry[key] for key in listed} == listed
    said = {(e["field"], entry["text"][e["start"] : e["end"]]) for e in entry["evidence"]}
    assert ("parameters", "domain_locking_status") in said
    assert ("endpoints", "List domains") in said
    assert [r["number"] for r in entry["revisions"]] == [1]


def test_facets_count_what_a_filter_leaves(client: FlaskClient) -> None:
    found = get(client, "/api/v1/facets?type=maintenance")
    assert found["total"] == 3
    products = {each["value"]: each["count"] for each in found["facets"]["product"]}
    assert products == {"CertCentral": 1, "CIS": 1}
    types = {each["value"]: each["selected"] for each in found["facets"]["type"]}
    assert types["maintenance"]
    assert not types["bugfix"]


def test_a_query_is_completed(client: FlaskClient) -> None:
    found = get(client, "/api/v1/suggest?q=List%20d")
    assert found["query"] == "List d"
    assert found["suggestions"][0] == {"text": "List domains", "facet": "endpoint", "count": 1}
    assert get(client, "/api/v1/suggest?q=charges%20loc")["suggestions"] == []
    assert [one["text"] for one in get(client, "/api/v1/suggest?q=domain%20loc")["suggestions"]] == [
        "domain_locking_status",
        "domain locking",
    ]
    assert get(client, "/api/v1/suggest") == {"query": "", "suggestions": []}


def test_answers_are_as_described(client: FlaskClient) -> None:
    page = get(client, ENTRIES)
    conforms(page, openapi.SCHEMAS["Page"])
    for entry in page["entries"]:
        conforms(get(client, entry["api_url"]), openapi.SCHEMAS["Entry"])
    conforms(get(client, "/api/v1/facets"), openapi.SCHEMAS["Facets"])
    conforms(get(client, "/api/v1/suggest?q=do"), openapi.SCHEMAS["Suggestions"])
    conforms(client.get(f"{ENTRIES}/none").get_json(), openapi.SCHEMAS["Problem"])


def test_every_described_path_and_parameter_works(client: FlaskClient) -> None:
    described = get(client, "/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")
    an_id = get(client, ENTRIES)["entries"][0]["id"]
    given = {"q": "maintenance", "since": "2022-01-01", "until": "2022-12-31", "limit": "2", "sort": "date"}
    given["changes"] = "material"
    for path, methods in described["paths"].items():
        for parameter in methods["get"]["parameters"]:
            if parameter["in"] == "query" and parameter["name"] != "cursor":
                value = given.get(parameter["name"], "x")
                answer = client.get(f"{path}?{parameter['name']}={value}", buffered=True)
                assert answer.status_code == 200, answer.text
        assert client.get(path.replace("{id}", an_id), buffered=True).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{ENTRIES}/none", 404, "No entry has this id"),
        ("/api/v1/nothing", 404, "nothing at this address"),
        ("/api/v2/entries", 404, "nothing at this address"),
        (f"{ENTRIES}?limit=0", 400, "'limit' goes from 1 to 100"),
        (f"{ENTRIES}?limit=101", 400, "'limit' goes from 1 to 100"),
        (f"{ENTRIES}?cursor=x", 400, "'cursor' is none that was given out"),
        (f"{ENTRIES}?cursor=999999999~a", 400, "'cursor' is none"),
        (f"{ENTRIES}?cursor=%E9", 400, "'cursor' is none"),
        (f"{ENTRIES}?since=soon", 400, "not a date"),
        (f"{ENTRIES}?q=" + "x" * 5000, 414, "longer than 4096"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, path: str, status: int, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status
    assert said in problem["detail"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [ENTRIES, f"{ENTRIES}/x", "/api/v1/facets", "/api/v1/openapi.json"])
def test_nothing_can_be_written(client: FlaskClient, path: str) -> None:
    answer = client.post(path, json={})
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_unchanged_answers_are_304(client: FlaskClient) -> None:
    first = client.get(f"{ENTRIES}?q=domain")
    again = client.get(f"{ENTRIES}?q=domain", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
