"""Feeds keep the rules of RSS 2.0, Atom (RFC 4287), RFC 5005, JSON Feed 1.1 and their readers' habits.

The same rules hold for feeds of ordinary, French and hostile entries, and of the real change log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import jsonschema_rs
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import log
from flask.testing import FlaskClient
from lxml import etree
from nodetools import JSON_FEED, needs_json_feed
from test_hostile_text import HOSTILE, hostile

from webapp.app import create_app
from webapp.cli import relnotes
from webapp.config import SiteConfig

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "digicert-change-log.txt"
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GMT = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LANGUAGE = re.compile(r"[a-z]{2}")
Get = Callable[[str], bytes]


@pytest.fixture(params=["log", "hostile", "real"])
def get(request: pytest.FixtureRequest, site_with: Callable[..., FlaskClient], tmp_path: Path) -> Get:
    """`get("/feed.rss")` is what stands there, on three sites in turn."""
    if request.param == "log":
        client = site_with(log(), feed_size=3)
    elif request.param == "hostile":
        client = site_with(tuple(hostile(words.replace("\ud83d", "\ufffd")) for words in HOSTILE))
    elif SEED.is_file():
        assert CliRunner().invoke(relnotes, ["--data", str(tmp_path), "ingest", str(SEED)]).exit_code == 0
        client = create_app(SiteConfig(tmp_path, feed_size=20)).test_client()
    else:
        pytest.skip("the real change log is not beside this repository")
    return lambda address: client.get(address).data


def in_pages(get: Get, address: str, following: Callable[[bytes], str | None]) -> list[bytes]:
    """The feed's pages, from the first to the last."""
    found, last = [], address
    while last:
        found.append(get(last))
        last = following(found[-1]) or ""
    return found


def rss_next(data: bytes) -> str | None:
    return _linked(etree.fromstring(data), "next")


def _linked(tree: etree._Element, relation: str) -> str | None:
    found = [
        link.get("href") for link in tree.iter(f"{{{SPACES['atom']}}}link") if link.get("rel") == relation
    ]
    assert len(found) <= 1
    return found[0] if found else None


def text(node: etree._Element, path: str) -> str:
    found = node.findall(path, SPACES)
    assert len(found) == 1, path
    said = found[0].text or ""
    assert said, path
    assert said == said.strip(), path
    return said


def plain(title: str) -> None:
    """A title is text on one line, without what could turn it round."""
    assert not set(title) & set("\x00\x07\x1b\u202e\u2066\r\n\t")


def harmless(html: str) -> None:
    """The content holds no scripts, and addresses that lead somewhere from any place."""
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("script, style, iframe, img, object, form")
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert all(str(link["href"]).startswith(("http://", "https://", "mailto:")) for link in soup.select("a"))


@pytest.mark.parametrize("address", ["/feed.rss", "/fr/feed.rss", "/search/feed.rss?since=2021-01-01"])
def test_rss(get: Get, address: str) -> None:
    guids = []
    pages = in_pages(get, address, rss_next)
    for number, data in enumerate(pages):
        tree = etree.fromstring(data)
        assert tree.tag == "rss"
        assert tree.get("version") == "2.0"
        (channel,) = tree
        for name in ("title", "link", "description"):
            assert text(channel, name)
        assert LANGUAGE.fullmatch(text(channel, "language"))
        assert GMT.fullmatch(text(channel, "lastBuildDate"))
        assert get(str(_linked(channel, "self"))) == data
        assert bool(_linked(channel, "previous")) == (number > 0)
        assert get(str(_linked(channel, "first"))) == pages[0]
        assert get(str(_linked(channel, "last"))) == pages[-1]
        for item in channel.findall("item"):
            plain(text(item, "title"))
            assert text(item, "link").startswith("http://localhost/")
            guid = item.find("guid")
            assert guid is not None
            assert guid.get("isPermaLink") == "false"
            guids.append(str(guid.text))
            assert GMT.fullmatch(text(item, "pubDate"))
            assert parsedate_to_datetime(text(item, "pubDate")).utcoffset() is not None
            assert item.findall("category")
            assert LANGUAGE.fullmatch(str(item.get(LANG)))
            harmless("".join(node.text or "" for node in item.findall("content:encoded", SPACES)))
        assert not feedparser.parse(data).bozo
    assert len(set(guids)) == len(guids)
    assert all(re.fullmatch(r"tag:relnotes,2026:[a-z0-9]+", guid) for guid in guids)


@pytest.mark.parametrize("address", ["/feed.atom", "/fr/feed.atom", "/search/feed.atom?since=2021-01-01"])
def test_atom(get: Get, address: str) -> None:
    ids = []
    for data in in_pages(get, address, rss_next):
        feed = etree.fromstring(data)
        assert feed.tag == f"{{{SPACES['atom']}}}feed"
        assert text(feed, "atom:id").startswith("tag:")
        plain(text(feed, "atom:title"))
        assert text(feed, "atom:author/atom:name")
        assert get(str(_linked_here(feed, "self"))) == data
        entries = feed.findall("atom:entry", SPACES)
        updated = [text(entry, "atom:updated") for entry in entries]
        assert text(feed, "atom:updated") == max(updated)
        for entry in entries:
            ids.append(text(entry, "atom:id"))
            plain(text(entry, "atom:title"))
            assert str(_linked_here(entry, "alternate")).startswith("http://localhost/")
            for name in ("published", "updated"):
                assert UTC.fullmatch(text(entry, f"atom:{name}"))
            assert text(entry, "atom:published") <= text(entry, "atom:updated")
            assert LANGUAGE.fullmatch(str(entry.get(LANG)))
            assert all(category.get("term") for category in entry.findall("atom:category", SPACES))
            content = entry.find("atom:content", SPACES)
            assert content is not None
            assert content.get("type") == "html"
            harmless(content.text or "")
        assert not feedparser.parse(data).bozo
    assert len(set(ids)) == len(ids)


def _linked_here(node: etree._Element, relation: str) -> str | None:
    """The one link of this relation among a node's own children."""
    found = [
        str(link.get("href")) for link in node.findall("atom:link", SPACES) if link.get("rel") == relation
    ]
    assert len(found) <= 1
    return found[0] if found else None


@needs_json_feed
@pytest.mark.parametrize("address", ["/feed.json", "/fr/feed.json", "/search/feed.json?since=2021-01-01"])
def test_json_feed(get: Get, address: str) -> None:
    schema = jsonschema_rs.validator_for(json.loads(JSON_FEED.read_text(encoding="utf-8")))
    ids: list[str] = []
    for data in in_pages(get, address, lambda page: json.loads(page).get("next_url")):
        feed: dict[str, Any] = json.loads(data)
        assert list(schema.iter_errors(feed)) == []
        assert get(feed["feed_url"]) == data
        for item in feed["items"]:
            ids.append(item["id"])
            plain(item["title"])
            harmless(item["content_html"])
            published, modified = (item[f"date_{name}"] for name in ("published", "modified"))
            assert datetime.fromisoformat(published) <= datetime.fromisoformat(modified)
            assert LANGUAGE.fullmatch(item["language"])
            assert item["tags"]
    assert len(set(ids)) == len(ids)
