"""What does a feed reader get?  Entries as RSS 2.0: the same bytes for the same entries, whenever asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime

from lxml import etree

from index.store import StoredEntry
from ingest.model import Form
from webapp import labels, urls
from webapp.markup import Renderer, parts, source_notes
from webapp.pages import title_of
from webapp.text import line, shown

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as feeds carry it.  `published` and `updated` are in UTC; `html` is safe markup.

    `published` is the entry's date, but never after it was first seen: a window is announced before it
    comes.  `updated` is the same until the entry changes materially.
    """

    guid: str
    url: str
    title: str
    lang: str
    html: str
    categories: tuple[str, ...]
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed: the absolute addresses of its page, of itself, and of the pages before and after."""

    title: str
    description: str
    page: str
    address: str
    lang: str
    items: tuple[Item, ...]
    previous: str | None = None
    next: str | None = None

    @property
    def updated(self) -> datetime | None:
        """That of the newest entry; no clock is read."""
        return max((item.updated for item in self.items), default=None)


def item(stored: StoredEntry, form: Form, root: str, authority: str) -> Item:
    """The entry as a feed item; `root` is the site's absolute address without a trailing slash."""
    entry, text = stored.entry, shown(stored.text)
    body = parts(entry, text).body
    renderer = Renderer(text, tuple(source_notes(body, text, form)), top=3)
    dated = datetime.combine(entry.dated.middle, time(), UTC) if entry.dated else stored.first_seen
    published = min(dated, stored.first_seen)
    changed = stored.last_changed > stored.first_seen
    return Item(
        guid=f"tag:{authority},2026:{stored.id}",
        url=root + urls.entry(stored.id),
        title=title_of(stored),
        lang=entry.lang,
        html=str(renderer.blocks(body)),
        categories=(labels.TYPES[entry.type], *(line(product.name) for product in entry.products)),
        published=published,
        updated=stored.last_changed if changed else published,
    )


def rss(channel: Channel) -> bytes:
    """The channel as RSS 2.0, UTF-8."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "content": CONTENT})
    top = etree.SubElement(root, "channel")
    _text(top, "title", channel.title)
    _text(top, "link", channel.page)
    _text(top, "description", channel.description)
    _text(top, "language", channel.lang)
    if channel.updated:
        _text(top, "lastBuildDate", _gmt(channel.updated))
    for relation, address in _links(channel):
        etree.SubElement(top, f"{{{ATOM}}}link", rel=relation, type="application/rss+xml", href=address)
    for each in channel.items:
        _rss_item(top, each)
    xml: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return xml


def _links(channel: Channel) -> Sequence[tuple[str, str]]:
    """The feed's own address, and those of its neighbours (RFC 5005)."""
    links = [("self", channel.address), ("previous", channel.previous), ("next", channel.next)]
    return [(relation, address) for relation, address in links if address]


def _rss_item(parent: etree._Element, entry: Item) -> None:
    node = etree.SubElement(parent, "item")
    node.set(XML_LANG, entry.lang)
    _text(node, "title", entry.title)
    _text(node, "link", entry.url)
    _text(node, "guid", entry.guid).set("isPermaLink", "false")
    _text(node, "pubDate", _gmt(entry.published))
    if entry.updated != entry.published:
        _text(node, f"{{{ATOM}}}updated", f"{entry.updated:%Y-%m-%dT%H:%M:%SZ}")
    for category in entry.categories:
        _text(node, "category", category)
    _text(node, f"{{{CONTENT}}}encoded", entry.html)


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, tag)
    node.text = text
    return node


def _gmt(at: datetime) -> str:
    """RFC 822 as RSS wants it: `Sun, 05 Jun 2022 04:00:00 GMT`."""
    return format_datetime(at, usegmt=True)
