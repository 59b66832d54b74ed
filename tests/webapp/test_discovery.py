"""Feed lists, site map, robots and browser search lead to pages that exist."""

from __future__ import annotations

import feedparser
from bs4 import BeautifulSoup
from conftest import log
from flask.testing import FlaskClient
from lxml import etree


def test_every_feed_in_the_list_is_one(client: FlaskClient) -> None:
    answer = client.get("/feeds.opml")
    assert answer.mimetype == "text/x-opml"
    tree = etree.fromstring(answer.data)
    assert tree.findtext("head/title") == "Release notes"
    headings = [group.get("text") for group in tree.findall("body/outline")]
    assert headings == ["Everything", "Types", "Products", "Endpoints", "Parameters", "Years"]
    feeds = tree.findall("body/outline/outline")
    titles = [feed.get("text") for feed in feeds]
    assert titles[0] == "Change log"
    assert {"API change", "CIS", "GET /v1/charges", "domain_locking_status", "2022"} <= set(titles)
    for feed in feeds:
        found = feedparser.parse(client.get(str(feed.get("xmlUrl"))).data)
        assert not found.bozo
        assert found.entries
        assert found.feed.link == feed.get("htmlUrl")
        assert client.get(str(feed.get("htmlUrl"))).status_code == 200


def test_the_site_map_holds_every_entry_and_only_pages_that_exist(client: FlaskClient) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    tree = etree.fromstring(client.get("/sitemap.xml").data)
    addresses = [str(node.text) for node in tree.findall("s:url/s:loc", space)]
    assert len(addresses) == len(set(addresses))
    assert sum("/entries/" in address for address in addresses) == len(log())
    assert [node.text for node in tree.findall("s:url/s:lastmod", space)][-1] == "2024-03-01T12:00:00Z"
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        canonical = BeautifulSoup(answer.text, "lxml").select_one('link[rel="canonical"]')
        assert canonical is not None
        assert canonical["href"] == address


def test_robots_are_told_what_to_leave_alone(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines == [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /api/",
        "Sitemap: http://localhost/sitemap.xml",
    ]


def test_a_browser_can_add_the_search(client: FlaskClient) -> None:
    link = BeautifulSoup(client.get("/").text, "lxml").select_one('link[rel="search"]')
    assert link is not None
    answer = client.get(str(link["href"]))
    assert answer.mimetype == link["type"]
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    tree = etree.fromstring(answer.data)
    assert len(str(tree.findtext("o:ShortName", namespaces=space))) <= 16
    for url in tree.findall("o:Url", space):
        address = str(url.get("template")).replace("{searchTerms}", "domain")
        found = client.get(address)
        assert found.status_code == 200
        assert found.mimetype == url.get("type")
