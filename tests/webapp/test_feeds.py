"""RSS, Atom and JSON Feed as feed readers read them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import feedparser
from lxml import etree
from sitemaker import ENGLISH, SEEN, announcement, stored

from ingest.model import Block, BlockKind, EntryType, Form, Span
from webapp.feeds import Channel, Item, atom, item, json_feed, rss
from webapp.labels import Labels, labels_in

ROOT = "https://changes.example/log"


def channel(*items: Item) -> Channel:
    return Channel("tag:relnotes,2026:/", "Changes", "All", "Us", f"{ROOT}/", f"{ROOT}/feed.rss", "en", items)


def bug() -> Item:
    text = "Bug fix: List domains\nShown twice.\n• once\n• now"
    blocks = [
        Block(Span(0, 21), BlockKind.HEADING),
        Block(Span(22, 34), BlockKind.PARAGRAPH),
        Block(Span(35, 41), BlockKind.ITEM, level=1, lead=2),
        Block(Span(42, 47), BlockKind.ITEM, level=1, lead=2),
    ]
    title, body = text.split("\n", 1)
    made = announcement(
        title, body, type=EntryType.BUGFIX, dated="2022-03-04", endpoints=["List domains"], blocks=blocks
    )
    return item(stored(made, id="bug"), Form.TEXT, ROOT, "relnotes", ENGLISH)


def french() -> Item:
    made = announcement(
        "Nouveauté <b>CIS</b> & l’été", "Détails", lang="fr", dated="2022-02-01", products=["CIS"]
    )
    return item(stored(made, id="neuf"), Form.TEXT, ROOT, "relnotes", ENGLISH)


def test_a_reader_sees_every_entry() -> None:
    feed = feedparser.parse(rss(channel(bug(), french())))
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.title == "Changes"
    assert feed.feed.link == f"{ROOT}/"
    assert feed.feed.links[-1] == {"rel": "self", "type": "application/rss+xml", "href": f"{ROOT}/feed.rss"}
    assert feed.feed.updated == "Fri, 04 Mar 2022 00:00:00 GMT"
    first, second = feed.entries
    assert first.id == "tag:relnotes,2026:bug"
    assert not first.guidislink
    assert first.link == f"{ROOT}/entries/bug"
    assert first.published == "Fri, 04 Mar 2022 00:00:00 GMT"
    assert first.content[0].value == "<p>Shown twice.</p>\n<ul><li>once</li><li>now</li></ul>"
    assert [tag.term for tag in first.tags] == ["Bug fix"]
    assert [tag.term for tag in second.tags] == ["Feature", "CIS"]


def undated(between: str, labels: Labels = ENGLISH) -> Item:
    made = announcement("Fix", "A fix.", type=EntryType.BUGFIX, dated=between)
    return item(stored(made, id="fix"), Form.TEXT, ROOT, "relnotes", labels)


def test_a_date_that_was_only_inferred_is_marked_in_every_form() -> None:
    scheme = "tag:relnotes,2026:dates"
    for labels, words in ((ENGLISH, "date inferred"), (labels_in("fr"), "date déduite")):
        items = channel(undated("2022-02-01/2022-02-09", labels), bug())
        marks = [tag for tag in feedparser.parse(atom(items)).entries[0].tags if tag.scheme]
        assert marks == [{"term": "inferred", "scheme": scheme, "label": words}]
        marks = [tag for tag in feedparser.parse(rss(items)).entries[0].tags if tag.scheme]
        assert marks == [{"term": words, "scheme": scheme, "label": None}]
        first, second = json.loads(json_feed(items))["items"]
        assert first["tags"][1:] == [words]
        assert first["_relnotes"] == {"date": "inferred"}
        assert "_relnotes" not in second
        assert all(made(items).count(b"tag:relnotes,2026:dates") == 1 for made in (rss, atom))


def test_the_mark_stays_as_it_is_when_neighbours_narrow_the_range() -> None:
    before, after = undated("2022-02-01/2022-02-09"), undated("2022-02-03/2022-02-04")
    assert replace(before, published=after.published, updated=after.updated) == after


def test_each_item_says_its_language_and_its_title_is_text() -> None:
    node = etree.fromstring(rss(channel(french()))).find("channel/item")
    assert node is not None
    assert node.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert node.findtext("title") == "Nouveauté <b>CIS</b> & l’été"


def test_the_same_entries_make_the_same_bytes() -> None:
    assert rss(channel(bug(), french())) == rss(channel(bug(), french()))


def test_what_was_seen_before_its_date_counts_from_when_it_was_seen() -> None:
    """A window lies in the future when it is announced; readers hide items from the future."""
    ahead = item(stored(announcement("Work", dated="2024-06-01")), Form.TEXT, ROOT, "relnotes", ENGLISH)
    assert ahead.published == SEEN
    undated = item(stored(announcement("Note")), Form.TEXT, ROOT, "relnotes", ENGLISH)
    assert undated.published == SEEN


def test_a_material_change_shows_as_an_update() -> None:
    later = SEEN + timedelta(days=30)
    changed = replace(stored(announcement("Work", dated="2022-06-01")), last_changed=later, revision=2)
    made = item(changed, Form.TEXT, ROOT, "relnotes", ENGLISH)
    assert made.updated == later
    feed = feedparser.parse(rss(channel(made, bug())))
    assert feed.feed.updated == "Sun, 31 Mar 2024 12:00:00 GMT"
    assert feed.entries[0].updated == "2024-03-31T12:00:00Z"
    assert "updated" not in etree.tostring(etree.fromstring(rss(channel(bug())))).decode()


def test_an_empty_feed_is_a_feed() -> None:
    feed = feedparser.parse(rss(channel()))
    assert not feed.bozo
    assert feed.entries == []
    assert "updated" not in feed.feed


def test_atom_carries_the_same_entries() -> None:
    data = atom(replace(channel(bug(), french()), next=f"{ROOT}/feed.atom?page=2"))
    feed = feedparser.parse(data)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.id == "tag:relnotes,2026:/"
    assert feed.feed.updated == "2022-03-04T00:00:00Z"
    assert feed.feed.author == "Us"
    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": f"{ROOT}/",
        "self": f"{ROOT}/feed.rss",
        "next": f"{ROOT}/feed.atom?page=2",
    }
    as_rss = feedparser.parse(rss(channel(bug(), french())))
    for one, other in zip(feed.entries, as_rss.entries, strict=True):
        for name in ("id", "link", "title", "tags", "content"):
            if name == "content":
                assert one.content[0].value == other.content[0].value
            else:
                assert one[name] == other[name]
    assert feed.entries[1].content[0].language == "fr"


def test_an_empty_atom_feed_has_the_date_that_atom_asks_for() -> None:
    feed = feedparser.parse(atom(channel()))
    assert not feed.bozo
    assert feed.feed.updated == "1970-01-01T00:00:00Z"


def test_json_feed_carries_the_same_entries() -> None:
    feed = json.loads(json_feed(channel(bug(), french())))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (f"{ROOT}/", f"{ROOT}/feed.rss")
    assert "next_url" not in feed
    first, second = feed["items"]
    assert first == {
        "id": "tag:relnotes,2026:bug",
        "url": f"{ROOT}/entries/bug",
        "title": "Bug fix: List domains",
        "content_html": "<p>Shown twice.</p>\n<ul><li>once</li><li>now</li></ul>",
        "date_published": "2022-03-04T00:00:00Z",
        "date_modified": "2022-03-04T00:00:00Z",
        "tags": ["Bug fix"],
        "language": "en",
    }
    assert second["title"] == "Nouveauté <b>CIS</b> & l’été"
    assert second["language"] == "fr"
