"""How do machines find their way?  OPML of the feeds, site map, robots.txt, OpenSearch description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from webapp import forms, urls
from webapp.catalogue import LANGUAGES
from webapp.labels import Labels
from webapp.text import line

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
XHTML = "http://www.w3.org/1999/xhtml"
VERSIONS = (*((code, f"/{code}") for code in LANGUAGES), ("x-default", ""))
_TERMS = "?q={searchTerms}"
SITEMAP_MOST = 50_000  # addresses that one site map may hold


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed in an OPML list: its title, the absolute addresses of the feed and of its page."""

    title: str
    feed: str
    page: str


def opml(title: str, groups: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """Feeds, grouped under their headings, as OPML 2.0."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for heading, outlines in groups:
        group = etree.SubElement(body, "outline", text=heading)
        for one in outlines:
            node = etree.SubElement(group, "outline", type="rss", text=one.title, title=one.title)
            node.set("xmlUrl", one.feed)
            node.set("htmlUrl", one.page)
    return _document(root)


def outlines(root: str, values: dict[str, list[str]], labels: Labels) -> list[tuple[str, list[Outline]]]:
    """The feeds of the change log and of every value of the given facets; `root` is the site's address."""
    found = [(labels.gettext("Everything"), [_outline(root, labels.gettext("Change log"), urls.HOME)])]
    for facet, names in values.items():
        feeds = [_outline(root, labels.value(facet, name), urls.facet(facet, name)) for name in names]
        found.append((labels.plural(facet), feeds))
    return found


def _outline(root: str, title: str, path: str) -> Outline:
    return Outline(line(title), root + urls.form(path, forms.RSS.ending), root + path)


def sitemap(
    root: str,
    addresses: Iterable[tuple[str, datetime | None]],
    versions: Iterable[tuple[str, str]] = VERSIONS,
) -> bytes:
    """Site paths and when they last changed, as a site map, each with its address in every language.

    `versions` are the languages, and what each puts before a path.
    """
    spaces: Any = {None: SITEMAP, "xhtml": XHTML}
    top = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=spaces)
    for path, changed in list(addresses)[:SITEMAP_MOST]:
        node = etree.SubElement(top, f"{{{SITEMAP}}}url")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = root + path
        if changed:
            etree.SubElement(node, f"{{{SITEMAP}}}lastmod").text = f"{changed:%Y-%m-%dT%H:%M:%SZ}"
        for language, prefix in versions:
            node.append(_alternate(language, root + prefix + path))
    return _document(top)


def _alternate(language: str, address: str) -> etree._Element:
    return etree.Element(f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=address)


def robots(root: str) -> str:
    """Searches are endless and need no crawling; everything else is welcome."""
    refused = "".join(f"Disallow: {urlsplit(root).path}{path}\n" for path in (urls.SEARCH, urls.API))
    return f"User-agent: *\n{refused}Sitemap: {root}{urls.SITEMAP}\n"


def searches(root: str) -> tuple[tuple[str, str], ...]:
    """The media types in which a search is answered, and their addresses, `{searchTerms}` for the words."""
    paths = (("text/html", urls.SEARCH), (forms.RSS.media, urls.form(urls.SEARCH, forms.RSS.ending)))
    return tuple((media, f"{root}{path}{_TERMS}") for media, path in paths)


def frozen_searches(page: str) -> tuple[tuple[str, str], ...]:
    """The same where only the page at this address answers, in the browser."""
    return (("text/html", f"{page}{_TERMS}"),)


def opensearch(title: str, answers: Iterable[tuple[str, str]], labels: Labels) -> bytes:
    """How a browser can search here from its address bar; `answers` are `searches`."""
    top = etree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription", nsmap={None: OPENSEARCH})  # type: ignore[dict-item]
    etree.SubElement(top, f"{{{OPENSEARCH}}}ShortName").text = title[:16]
    etree.SubElement(top, f"{{{OPENSEARCH}}}Description").text = labels.gettext(
        "Search in %(site)s", site=title
    )
    etree.SubElement(top, f"{{{OPENSEARCH}}}InputEncoding").text = "UTF-8"
    for media, template in answers:
        etree.SubElement(top, f"{{{OPENSEARCH}}}Url", type=media, template=template)
    return _document(top)


def _document(root: etree._Element) -> bytes:
    xml: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return xml
