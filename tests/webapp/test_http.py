"""What clients, caches and attackers meet: headers, conditional answers, limits, errors, feeds by address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup
from conftest import build, log
from flask.testing import FlaskClient
from serving import served
from sitemaker import SEEN, announcement, fill

from ingest.errors import SearchIndexError, StoreError
from webapp.app import create_app
from webapp.config import SiteConfig
from webapp.library import Library

PAGES = [
    "/",
    "/search?q=domain",
    "/types/bugfix/",
    "/maintenance/",
    "/diagnostics",
    "/feed.rss",
    "/products/",
]


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/healthz", "/static/site.css", "/search?page=x"])
def test_every_answer_is_armoured(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method, data={"q": "x"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@contextmanager
def unread(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While this lasts, whoever touches the index or an entry fails."""

    def fail(*_: object) -> None:
        raise AssertionError("a 304 was looked up")

    with monkeypatch.context() as patch:
        for name in ("search", "entry", "revisions"):
            patch.setattr(Library, name, fail)
        yield


@pytest.mark.parametrize("path", PAGES)
def test_what_is_unchanged_is_answered_without_looking(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(path)
    library = client.application.extensions["relnotes"].library
    with unread(library, monkeypatch):
        by_tag = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        by_time = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    for answer in (by_tag, by_time):
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == first.headers["ETag"]
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert other.data == first.data


def test_tags_differ_by_address(client: FlaskClient) -> None:
    tags = {client.get(path).headers["ETag"] for path in [*PAGES, "/search?q=locking"]}
    assert len(tags) == len(PAGES) + 1


def test_a_new_snapshot_changes_the_tag(tmp_path: Path) -> None:
    client = create_app(build(tmp_path, *log())).test_client()
    before = client.get("/").headers["ETag"]
    fill(tmp_path, *log()[1:], seen=SEEN + timedelta(days=1))
    after = client.get("/", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_the_tag_turns_when_a_window_begins(config: SiteConfig) -> None:
    def tag(moment: str) -> str:
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        return (
            create_app(replace(config, clock=lambda: now)).test_client().get("/maintenance/").headers["ETag"]
        )

    assert tag("2022-06-05T04:00") == tag("2022-06-05T04:59")
    assert tag("2022-06-05T05:00") != tag("2022-06-05T04:59")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/search?q=" + "x" * 500, 400, "longer than 400"),
        ("/search?" + "&".join(f"type=t{n}" for n in range(50)), 400, "More than 40 filters of one kind"),
        ("/search?product=" + "x" * 400, 400, "longer than 300"),
        ("/?page=0", 400, "goes from 1"),
        ("/?page=99999999", 400, "goes from 1"),
        ("/search?since=tomorrow", 400, "not a date"),
        ("/feed.rss?sort=up", 400, "not an order"),
        ("/search?q=" + "x" * 5000, 414, "longer than 4096"),
        ("/products/" + "x" * 5000 + "/", 414, "longer than 4096"),
        ("/products/none/", 404, "No entry has the product"),
        ("/entries/%00", 404, "No entry has the id"),
    ],
)
def test_too_much_is_refused_with_a_page(client: FlaskClient, path: str, status: int, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    soup = BeautifulSoup(answer.text, "lxml")
    assert said in soup.main.get_text()  # type: ignore[union-attr]
    assert soup.select_one("form.search") is not None


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "(",
        "AND",
        "-",
        "*",
        "type:",
        "type:nothing",
        "a" * 400,
        "\x00",
        "%",
        "\\",
        "q:(((",
        "[1 TO",
        "é" * 90,
    ],
)
def test_no_query_breaks_the_search(client: FlaskClient, query: str) -> None:
    assert client.get("/search", query_string={"q": query}).status_code in (200, 400)
    assert client.get("/search/feed.rss", query_string={"q": query}).status_code in (200, 400)


def test_only_known_hosts_are_answered(config: SiteConfig) -> None:
    client = create_app(replace(config, hosts=("changes.example",))).test_client()
    assert client.get("/", headers={"Host": "changes.example"}).status_code == 200
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "evil.example" not in refused.text


def test_absolute_addresses_take_the_configured_root(config: SiteConfig) -> None:
    client = create_app(replace(config, base_url="https://changes.example/log/")).test_client()
    feed = feedparser.parse(client.get("/feed.rss").data)
    assert feed.feed.link == "https://changes.example/log/"
    assert all(entry.link.startswith("https://changes.example/log/entries/") for entry in feed.entries)


def test_proxies_are_believed_only_where_configured(config: SiteConfig) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "changes.example", "X-Forwarded-Prefix": "/log"}
    for proxies, root in ((0, "http://localhost"), (1, "https://changes.example/log")):
        client = create_app(replace(config, proxies=proxies)).test_client()
        soup = BeautifulSoup(client.get("/", headers=said).text, "lxml")
        assert soup.select_one('link[rel="canonical"]')["href"] == f"{root}/"  # type: ignore[index]
        assert soup.select_one("a.brand")["href"] == ("/log/" if proxies else "/")  # type: ignore[index]


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json()["entries"] == len(log())


def test_a_broken_store_is_an_error_page_that_names_no_file(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SearchIndexError("torn", "/secret/place")

    monkeypatch.setattr(Library, "search", fail)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert "ETag" not in answer.headers


def test_no_store_no_app(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ingest a change log first"):
        create_app(SiteConfig(tmp_path))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=maintenance",
        "/search?type=bugfix&type=maintenance&since=2022-04-01",
        "/types/maintenance/",
        "/products/CertCentral/",
        "/endpoints/GET%20~1v1~1charges/",
        "/years/2022/",
        "/maintenance/",
    ],
)
def test_a_page_links_the_feed_of_exactly_what_it_shows(client: FlaskClient, path: str) -> None:
    soup = BeautifulSoup(client.get(path).text, "lxml")
    link = soup.select_one('link[rel="alternate"][type="application/rss+xml"]')
    assert link is not None
    answer = client.get(str(link["href"]))
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    shown = {str(a["href"]) for a in soup.select("article.card h2 a, article.card h3 a, .announcement p > a")}
    assert {entry.link.removeprefix("http://localhost") for entry in feed.entries} == shown
    assert feed.feed.links[-1].href == str(link["href"])


@pytest.mark.parametrize("path", ["/", "/search?q=maintenance&type=maintenance", "/products/CertCentral/"])
def test_every_form_of_a_listing_has_its_link_and_media_type(client: FlaskClient, path: str) -> None:
    soup = BeautifulSoup(client.get(path).text, "lxml")
    links = soup.select('link[rel="alternate"][type]')
    assert [link["type"] for link in links] == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "text/calendar",
    ]
    for link in links:
        answer = client.get(str(link["href"]))
        assert answer.status_code == 200
        assert answer.mimetype == link["type"]
        again = client.get(str(link["href"]), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_atom_and_json_feed_have_the_entries_of_rss(client: FlaskClient) -> None:
    query = "?q=maintenance&type=maintenance"
    as_rss = [entry.id for entry in feedparser.parse(client.get(f"/search/feed.rss{query}").data).entries]
    as_atom = [entry.id for entry in feedparser.parse(client.get(f"/search/feed.atom{query}").data).entries]
    as_json = [item["id"] for item in client.get(f"/search/feed.json{query}").get_json(force=True)["items"]]
    assert as_rss == as_atom == as_json
    assert len(as_rss) == 3


def test_a_feed_comes_newest_first_in_pages(config: SiteConfig) -> None:
    client = create_app(replace(config, feed_size=3)).test_client()
    seen, address = [], "http://localhost/search/feed.rss?q="
    while address:
        feed = feedparser.parse(client.get(address).data)
        seen += [entry.title for entry in feed.entries]
        address = next((link.href for link in feed.feed.links if link.rel == "next"), "")
    assert seen == [one.entry.title for one in log()]


def test_a_feed_is_the_same_bytes_from_two_applications(config: SiteConfig) -> None:
    first, second = (create_app(config).test_client().get("/feed.rss").data for _ in range(2))
    assert first == second


def test_one_entry_with_a_broken_address_does_not_break_the_feed(
    site_with: Callable[..., FlaskClient],
) -> None:
    client = site_with((announcement("One", "Text", dated="2022-01-01"),))
    assert client.get("/feed.rss?page=2").status_code == 404


@pytest.mark.parametrize(
    "path", ["/types/x%0d%0aSet-Cookie:a=b", "//evil.example/types/bugfix", "/types/%2f%2fevil", "/%5cevil"]
)
def test_no_address_leads_away_or_into_headers(client: FlaskClient, path: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": unquote(path)})
    assert "Set-Cookie" not in answer.headers
    assert answer.status_code in (404, 308)
    if answer.status_code == 308:
        assert answer.headers["Location"].startswith("/types/")


@pytest.mark.parametrize("path", ["/endpoints", "/types/bugfix?lang=en", "/fr/products"])
def test_redirects_name_no_host_that_the_reader_may_not_know(config: SiteConfig, path: str) -> None:
    app = create_app(replace(config, base_url="https://changes.example/log"))
    with served(app, prefix="/log") as address:
        answer = httpx.get(f"{address}/log{path}", trust_env=False)
        before, _, query = path.partition("?")
        assert answer.status_code == 308
        assert answer.headers["Location"] == f"/log{before}/" + (f"?{query}" if query else "")
        assert httpx.get(address + answer.headers["Location"], trust_env=False).status_code == 200
