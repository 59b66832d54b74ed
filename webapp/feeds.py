"""What does a feed reader get?  RSS 2.0, Atom 1.0 or JSON Feed 1.1: the same bytes for the same entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Any

import msgspec
from lxml import etree
from markupsafe import Markup

from index.chains import Chain
from index.store import StoredEntry
from ingest.model import DateBasis, Form
from webapp import urls
from webapp.excerpt import title_of
from webapp.labels import Labels
from webapp.markup import Renderer, parts, source_notes
from webapp.text import line, shown

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DATES = "tag:relnotes,2026:dates"  # the scheme of the category that says where a date comes from
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as feeds carry it.  `published` and `updated` are in UTC; `html` is safe markup.

    `published` is the entry's date, but never after it was first seen: a window is announced before it
    comes.  `updated` is the same until the entry changes materially.  `inferred` says, in words, that the
    date is not the source's; it says nothing of the range, which neighbours change.
    """

    guid: str
    url: str
    title: str
    lang: str
    html: str
    categories: tuple[str, ...]
    published: datetime
    updated: datetime
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed: the absolute addresses of its page, of itself, and of its other pages."""

    id: str
    title: str
    description: str
    author: str
    page: str
    address: str
    lang: str
    items: tuple[Item, ...]
    previous: str | None = None
    next: str | None = None
    first: str | None = None
    last: str | None = None

    @property
    def updated(self) -> datetime | None:
        """That of the newest entry; no clock is read."""
        return max((item.updated for item in self.items), default=None)


def item(
    stored: StoredEntry, form: Form, root: str, authority: str, labels: Labels, chains: Iterable[Chain] = ()
) -> Item:
    """The entry as a feed item; `root` is the site's absolute address without a trailing slash.

    `chains` are the dates that it gave up: they are said above its text.
    """
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
        html="".join((*(_was(chain, labels) for chain in chains), renderer.blocks(body))),
        categories=(labels.type(entry.type), *(line(product.name) for product in entry.products)),
        published=published,
        updated=stored.last_changed if changed else published,
        inferred=labels.gettext("date inferred") if entry.dated and entry.dated.inferred else None,
    )


def _was(chain: Chain, labels: Labels) -> Markup:
    return Markup("<p><em>{}.</em></p>\n").format(labels.chain(chain))


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
    _links(top, channel, "application/rss+xml")
    for each in channel.items:
        _rss_item(top, each)
    return _document(root)


def _rss_item(parent: etree._Element, entry: Item) -> None:
    node = etree.SubElement(parent, "item")
    node.set(XML_LANG, entry.lang)
    _text(node, "title", entry.title)
    _text(node, "link", entry.url)
    _text(node, "guid", entry.guid).set("isPermaLink", "false")
    _text(node, "pubDate", _gmt(entry.published))
    if entry.updated != entry.published:
        _text(node, f"{{{ATOM}}}updated", _iso(entry.updated))
    for category in entry.categories:
        _text(node, "category", category)
    if entry.inferred:
        _text(node, "category", entry.inferred).set("domain", DATES)
    _text(node, f"{{{CONTENT}}}encoded", entry.html)


def atom(channel: Channel) -> bytes:
    """The channel as Atom 1.0, UTF-8.  An empty one is dated to the beginning of time: Atom needs a date."""
    default: Any = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=default)
    root.set(XML_LANG, channel.lang)
    _text(root, f"{{{ATOM}}}id", channel.id)
    _text(root, f"{{{ATOM}}}title", channel.title)
    _text(root, f"{{{ATOM}}}subtitle", channel.description)
    _text(root, f"{{{ATOM}}}updated", _iso(channel.updated or datetime.fromtimestamp(0, UTC)))
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _text(author, f"{{{ATOM}}}name", channel.author)
    etree.SubElement(root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=channel.page)
    _links(root, channel, "application/atom+xml")
    for each in channel.items:
        _atom_entry(root, each)
    return _document(root)


def _atom_entry(parent: etree._Element, entry: Item) -> None:
    node = etree.SubElement(parent, f"{{{ATOM}}}entry")
    node.set(XML_LANG, entry.lang)
    _text(node, f"{{{ATOM}}}id", entry.guid)
    _text(node, f"{{{ATOM}}}title", entry.title)
    etree.SubElement(node, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=entry.url)
    _text(node, f"{{{ATOM}}}published", _iso(entry.published))
    _text(node, f"{{{ATOM}}}updated", _iso(entry.updated))
    for category in entry.categories:
        etree.SubElement(node, f"{{{ATOM}}}category", term=category)
    if entry.inferred:
        mark = {"term": DateBasis.INFERRED.value, "scheme": DATES, "label": entry.inferred}
        etree.SubElement(node, f"{{{ATOM}}}category", mark)
    _text(node, f"{{{ATOM}}}content", entry.html).set("type", "html")


def json_feed(channel: Channel) -> bytes:
    """The channel as JSON Feed 1.1, UTF-8."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.lang,
        **({"next_url": channel.next} if channel.next else {}),
        "authors": [{"name": channel.author}],
        "items": [_json_item(each) for each in channel.items],
    }
    return msgspec.json.format(msgspec.json.encode(feed), indent=1)


def _json_item(entry: Item) -> dict[str, object]:
    said = (*entry.categories, *([entry.inferred] if entry.inferred else []))
    return {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": _iso(entry.published),
        "date_modified": _iso(entry.updated),
        "tags": list(dict.fromkeys(said)),
        "language": entry.lang,
        **({"_relnotes": {"date": DateBasis.INFERRED.value}} if entry.inferred else {}),
    }


def _links(parent: etree._Element, channel: Channel, media: str) -> None:
    """The feed's own address, and those of its neighbours (RFC 5005)."""
    for relation, address in (
        ("self", channel.address),
        ("first", channel.first),
        ("last", channel.last),
        ("previous", channel.previous),
        ("next", channel.next),
    ):
        if address:
            etree.SubElement(parent, f"{{{ATOM}}}link", rel=relation, type=media, href=address)


def _document(root: etree._Element) -> bytes:
    xml: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return xml


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, tag)
    node.text = text
    return node


def _gmt(at: datetime) -> str:
    """RFC 822 as RSS wants it: `Sun, 05 Jun 2022 04:00:00 GMT`."""
    return format_datetime(at, usegmt=True)


def _iso(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
