"""Whatever a change log says, it stays text: on pages, in attributes, in feeds."""

from __future__ import annotations

import json
from collections.abc import Callable

import feedparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree
from sitemaker import Announcement, announcement

from ingest.model import Block, BlockKind, Span

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt; &#x3c;b&#x3e;",
    "<!--", "]]>", "<![CDATA[", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
    "user\u202efdp.exe", "\u2066isolate", "bell\x07 null\x00 escape\x1b[31m", "half \ud83d pair",
    "\ufffe\uffff", "=HYPERLINK(\"http://evil\")", "line\rfeed", "Z͑ͫ̓a̴l̡g̢o", "مرحبا hello שלום",
    "apart\u2028by\u2029lines\x85", "a\r\nSet-Cookie: a=b\r\n\r\n<b>", "x" * 3000,
]  # fmt: skip


def hostile(words: str) -> Announcement:
    """The words as title, body, product, endpoint, parameter, link target and code."""
    text = f"{words}\nBody: {words}"
    start = len(words) + 1
    body = Block(
        Span(start, len(text)),
        BlockKind.PARAGRAPH,
        links=(
            (Span(start, start + 4), f"javascript:{words}"),
            (Span(start, start + 5), f"https://x/{words}"),
        ),
        code=(Span(start + 6, len(text)),),
    )
    blocks = [Block(Span(0, len(words)), BlockKind.HEADING), body]
    names = [words]
    return announcement(
        words,
        f"Body: {words}",
        products=names,
        endpoints=names,
        parameters=names,
        dated="2022-01-01",
        blocks=blocks,
        cue=words,
    )


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_it_stays_text(site_with: Callable[..., FlaskClient], words: str) -> None:
    storable = words.replace("\ud83d", "\ufffd")  # the store itself holds only what UTF-8 can say
    client = site_with((hostile(storable),))
    log = BeautifulSoup(client.get("/").text, "html.parser")
    entry = str(log.select_one("article.card h3 a")["href"])  # type: ignore[index]
    tag_paths = [str(a["href"]) for a in log.select("a.tag")]
    for path in ["/", entry, "/search", "/products/", "/endpoints/", "/params/", *tag_paths]:
        answer = client.get(path)
        if answer.status_code in (400, 414):
            assert len(path) > 3000  # such a name is too long for an address
            continue
        assert answer.status_code == 200
        soup = BeautifulSoup(answer.text, "html.parser")
        data = soup.select('script[type="application/ld+json"]')
        assert not [one for one in data if set(str(one.string)) & set("<>&\u2028\u2029")]
        assert not soup.select('script:not([src^="/static/"], [type="application/ld+json"])')
        assert not soup.select("img, style, iframe, object")
        assert not [a for e in soup.find_all(True) for a in e.attrs if a.startswith("on")]
        for link in soup.select("a[href]"):
            assert str(link["href"]).startswith(("/", "#", "https://x/")), link
        for hidden in soup.select('input[type="hidden"]'):
            hidden.decompose()  # a name must go back as it is
        assert not set(str(soup)) & set("\x00\x07\x08\x1b\u202e\u2066")
    check_feed(client.get("/feed.rss").data)
    check_programs(client)


def check_programs(client: FlaskClient) -> None:
    """What programs read has the words as they are, and stays in its own form and on its own line."""
    (listed,) = client.get("/api/v1/entries").get_json()["entries"]
    (line,) = client.get("/api/v1/entries.jsonl", buffered=True).text.splitlines()
    entry = json.loads(line)
    assert entry["title"] == listed["title"]
    assert entry["products"] == listed["products"]
    assert client.get(listed["api_url"]).get_json() == entry
    for path in ("/feeds.opml", "/sitemap.xml", "/feed.atom"):
        etree.fromstring(client.get(path).data)
    (item,) = client.get("/feed.json").get_json(force=True)["items"]
    assert not set(item["title"]) & set("\x00\x07\x1b\u202e\u2066\r\n")


def check_feed(data: bytes) -> None:
    etree.fromstring(data)
    feed = feedparser.parse(data)
    assert not feed.bozo
    content = BeautifulSoup(feed.entries[0].content[0].value, "html.parser")
    assert not content.select("script, img")
    assert "Body:" in content.get_text()


def test_a_hostile_query_stays_text(client: FlaskClient) -> None:
    for words in HOSTILE[:-1]:
        answer = client.get("/search", query_string={"q": words.encode("utf-8", "replace").decode()})
        soup = BeautifulSoup(answer.text, "html.parser")
        assert not soup.select('script:not([src^="/static/"]), img'), words
        assert not set(answer.text) & set("\x00\x07\x1b\u202e\u2066"), words
