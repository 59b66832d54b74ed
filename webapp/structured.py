"""What do search engines read?  An entry and the site in schema.org's terms, to be written as JSON-LD.

Addresses are left to the template: they differ between a served and a static site.
"""

from __future__ import annotations

from typing import Any

import msgspec
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from index.store import StoredEntry
from webapp.excerpt import title_of
from webapp.text import instant, line, safe

Json = dict[str, Any]
CONTEXT = "https://schema.org"


def article(stored: StoredEntry) -> Json:
    """An entry as a TechArticle; days are ISO days, moments UTC."""
    entry = stored.entry
    about = [{"@type": "Thing", "name": line(product.name)} for product in entry.products]
    names = [line(mention.name) for mention in (*entry.endpoints, *entry.parameters)]
    windows = [f"{w.start:%Y-%m-%dT%H:%MZ}/{w.end:%Y-%m-%dT%H:%MZ}" for w in entry.current_windows]
    found: Json = {
        "@context": CONTEXT,
        "@type": "TechArticle",
        "headline": title_of(stored)[:110],
        "inLanguage": entry.lang,
        "dateModified": instant(stored.last_revised),
        "articleSection": entry.type.value,
        "about": about,
        "keywords": names,
        "temporalCoverage": windows,
    }
    if entry.dated and entry.dated.exact:
        found["datePublished"] = entry.dated.first.isoformat()
    return {key: value for key, value in found.items() if value}


def collection(title: str, language: str) -> Json:
    """A listing."""
    return {"@context": CONTEXT, "@type": "CollectionPage", "name": title, "inLanguage": language}


def written(thing: Json) -> Markup:
    """A thing as JSON-LD, safe in a script: the same in every language."""
    return _safe(thing)


def linked(thing: Markup, url: str) -> Markup:
    """A written thing with its address, which no other key comes after."""
    return safe(f"{thing[:-1]},{_safe({'url': url})[1:]}")


def _safe(thing: Json) -> Markup:
    return htmlsafe_json_dumps(thing, dumps=lambda thing: _encode(thing).decode())


_encode = msgspec.json.Encoder(order="sorted").encode
