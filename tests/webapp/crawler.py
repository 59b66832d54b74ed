"""Which addresses does a site lead to?  Everything that its pages, feeds, lists and API answers name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from lxml import etree, html

ATTRIBUTES = (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"), ("form", "action"))
COMBINED = 2  # a search with so many parameters is asked for, but what it leads to is not followed


@dataclass(frozen=True)
class Named:
    """An address as it stands somewhere, and the media type that is promised for it."""

    address: str
    media: str | None
    where: str


@dataclass(frozen=True)
class Visit:
    """What was found at an address."""

    named: Named
    status: int
    media: str
    text: str

    @property
    def dead(self) -> set[str]:
        """The fragments of this page that the page names and does not have."""
        if self.media != "text/html":
            return set()
        page = html.document_fromstring(self.text)
        split = (urldefrag(urljoin(self.named.address, to)) for to in page.xpath("//a/@href") if "#" in to)
        own = {to.fragment for to in split if to.url == urldefrag(self.named.address).url and to.fragment}
        return own - {str(found) for found in page.xpath("//@id")}


ENTRANCES = ("", "sitemap.xml", "robots.txt", "api/v1/openapi.json", "api/v1/entries?limit=3")
ENTRANCES += ("api/v1/entries.jsonl", "api/v1/facets", "healthz")


def crawl(root: str, at: Callable[[str], str]) -> Iterator[Visit]:
    """What is at the entrances and wherever they lead to, each address once.

    `root` ends in a slash; `at` says where to ask for an address.
    """
    todo = [Named(root + entrance, None, "the start") for entrance in ENTRANCES]
    seen = {named.address for named in todo}
    with httpx.Client(trust_env=False, timeout=60) as client:
        while todo:
            named = todo.pop(0)
            answer = client.get(at(named.address))
            media = answer.headers.get("Content-Type", "").split(";")[0]
            yield Visit(named, answer.status_code, media, answer.text)
            if urlsplit(named.address).query.count("&") + 1 >= COMBINED and media == "text/html":
                continue
            for found in links(answer.text, media, named.address):
                if found.address not in seen:
                    seen.add(found.address)
                    todo.append(found)


def links(text: str, media: str, address: str) -> Iterator[Named]:
    """Every address that a document names, made absolute, without fragments."""
    for found, promised in _links(text, media):
        absolute = urldefrag(urljoin(address, found)).url
        if absolute.startswith("http"):
            yield Named(absolute, promised, address)


def _links(text: str, media: str) -> Iterator[tuple[str, str | None]]:
    if media == "text/html":
        page = html.document_fromstring(text)
        for tag, attribute in ATTRIBUTES:
            for node in page.xpath(f"//{tag}[@{attribute}]"):
                yield node.get(attribute), node.get("type") or None
        for script in page.xpath('//script[@type="application/ld+json"]'):
            yield from _addresses(json.loads(script.text))
    elif media.endswith("json"):
        yield from _addresses(json.loads(text))
    elif media == "application/jsonl":
        for line in text.splitlines():
            yield from _addresses(json.loads(line))
    elif media == "text/calendar":
        for line in text.replace("\r\n ", "").splitlines():
            if line.startswith(("URL:", "SOURCE;")):
                yield line.partition("URI:" if line.startswith("SOURCE") else "URL:")[2], None
    elif media.endswith(("xml", "x-opml")):
        yield from _xml(text)


def _addresses(value: object) -> Iterator[tuple[str, str | None]]:
    """Strings of a JSON document that are addresses of their own."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("content_html", "text", "servers", "@context"):
                yield from _addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)
    elif isinstance(value, str) and value.startswith(("http://", "https://")) and "jsonfeed.org" not in value:
        yield value, None


def _xml(text: str) -> Iterator[tuple[str, str | None]]:
    for node in etree.fromstring(text.encode()).iter(etree.Element):
        name = etree.QName(node).localname
        if name in ("link", "loc") and node.text and node.text.strip():
            yield node.text.strip(), None
        if name == "Url":
            yield str(node.get("template")).replace("{searchTerms}", "domain"), node.get("type")
        for attribute in ("href", "xmlUrl", "htmlUrl"):
            if node.get(attribute):
                yield str(node.get(attribute)), node.get("type") if name == "link" else None
