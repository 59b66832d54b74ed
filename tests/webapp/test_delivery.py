"""How answers travel: packed where the client takes it, dated, the same for HEAD, and for no other method."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sitemaker import announcement

from webapp.app import create_app
from webapp.config import SiteConfig

LONG = tuple(announcement(f"Note {n}", "Words. " * 30, dated="2022-01-01") for n in range(9))
PACKED = {"Accept-Encoding": "br;q=1, gzip;q=0.8"}
FORMS = [
    "/",
    "/fr/",
    "/search?q=words",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/feeds.opml",
    "/sitemap.xml",
    "/api/v1/entries",
    "/api/v1/openapi.json",
    "/api/v1/entries.jsonl",
    "/static/site.css",
    "/static/icon.svg",
]
EVERYTHING = [*FORMS, "/calendar.ics", "/maintenance/", "/diagnostics", "/robots.txt", "/opensearch.xml"]


@pytest.mark.parametrize("path", FORMS)
def test_text_travels_packed_to_who_takes_it(site_with: Callable[..., FlaskClient], path: str) -> None:
    client = site_with(LONG)
    plain = client.get(path, buffered=True)
    for _ in range(2):  # made, and kept
        packed = client.get(path, headers=PACKED, buffered=True)
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert "Content-Encoding" not in plain.headers
        if len(plain.data) < 1000:
            assert packed.data == plain.data
            continue
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2
        assert packed.headers["ETag"] == plain.headers["ETag"]
        if path != "/api/v1/entries.jsonl":  # its length is known when it ends
            assert int(packed.headers["Content-Length"]) == len(packed.data)
    again = client.get(path, headers={**PACKED, "If-None-Match": plain.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("said", ["", "identity", "gzip;q=0", "br", "deflate, *;q=0"])
def test_nobody_else_gets_it_packed(client: FlaskClient, said: str) -> None:
    answer = client.get("/", headers={"Accept-Encoding": said})
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_errors_and_short_answers(client: FlaskClient) -> None:
    error = client.get("/nothing", headers=PACKED)
    assert (error.status_code, error.headers["Content-Encoding"]) == (404, "gzip")
    assert b"<!doctype html>" in gzip.decompress(error.data)
    assert "Content-Encoding" not in client.get("/healthz", headers=PACKED).headers


def test_a_packed_export_is_written_bit_by_bit(site_with: Callable[..., FlaskClient]) -> None:
    client = site_with(LONG)
    answer = client.get("/api/v1/entries.jsonl", headers=PACKED)
    assert "Content-Length" not in answer.headers
    assert gzip.decompress(answer.data).count(b"\n") == len(LONG)
    answer.close()


@pytest.mark.parametrize("path", EVERYTHING)
def test_everything_is_dated_and_asked_for_anew(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    assert answer.last_modified is not None
    assert answer.last_modified <= datetime.now(UTC)
    assert answer.headers["ETag"].startswith('W/"')
    since = client.get(path, headers={"If-Modified-Since": answer.headers["Last-Modified"]}, buffered=True)
    assert since.status_code == 304
    assert not since.data
    expected = "max-age" if path.startswith("/static/") else "no-cache"
    assert expected in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", [*EVERYTHING, "/nothing", "/search?since=x"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path, buffered=True), client.head(path, buffered=True)
    assert head.data == b""
    assert head.status_code == got.status_code
    differing = {"Date"} | ({"Content-Length"} if got.is_streamed else set())
    for name, value in got.headers.items():
        assert name in differing or head.headers.get(name) == value, name


@pytest.mark.parametrize("path", EVERYTHING)
def test_other_methods_are_told_what_there_is(client: FlaskClient, path: str) -> None:
    options = client.options(path, buffered=True)
    assert options.status_code == 200
    assert set(options.allow) == {"GET", "HEAD", "OPTIONS"}
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "MKCOL", "QUERY"):
        refused = client.open(path, method=method, buffered=True)
        assert refused.status_code == 405, method
        assert "GET" in refused.headers["Allow"]
        assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_the_clock_stands_in_no_answer(config: SiteConfig) -> None:
    """Two moments between the same windows give the same bytes."""

    def at(moment: datetime) -> FlaskClient:
        return create_app(replace(config, clock=lambda: moment)).test_client()

    early, late = at(datetime(2022, 5, 9, tzinfo=UTC)), at(datetime(2022, 5, 30, tzinfo=UTC))
    for path in ("/feed.rss", "/calendar.ics", "/api/v1/entries", "/sitemap.xml"):
        assert early.get(path).data == late.get(path).data
