"""Where does each thing live?  Site paths, from the site's root, percent-encoded."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

HOME = "/"
SEARCH = "/search"
MAINTENANCE = "/maintenance/"
DIAGNOSTICS = "/diagnostics"
OPML = "/feeds.opml"
SITEMAP = "/sitemap.xml"
ROBOTS = "/robots.txt"
OPENSEARCH = "/opensearch.xml"
API = "/api/"
API_ENTRIES = "/api/v1/entries"
API_EXPORT = "/api/v1/entries.jsonl"
API_FACETS = "/api/v1/facets"
API_SUGGEST = "/api/v1/suggest"
OPENAPI = "/api/v1/openapi.json"

LISTINGS = {
    "type": "types",
    "product": "products",
    "endpoint": "endpoints",
    "param": "params",
    "year": "years",
}
"""The facets whose values have a page of their own, and the folder it lies in."""


def segment(name: str) -> str:
    """One path segment for any name: `GET /v1/charges` becomes `GET%20~1v1~1charges`.

    `~` and `/` are escaped as JSON Pointer does (RFC 6901: `~0`, `~1`), for servers and proxies disagree
    about `%2F`; a leading dot as `~2`, for browsers fold `..` away even when it is percent-encoded.
    """
    escaped = name.replace("~", "~0").replace("/", "~1")
    if escaped.startswith("."):
        escaped = f"~2{escaped[1:]}"
    return quote(escaped, safe="~", errors="replace")


def name_of(decoded: str) -> str:
    """The name that `segment` escaped, from the segment with its percent-encoding already undone."""
    if decoded.startswith("~2"):
        decoded = f".{decoded[2:]}"
    return decoded.replace("~1", "/").replace("~0", "~")


def entry(entry_id: str) -> str:
    return f"/entries/{quote(entry_id, safe='')}"


def api_entry(entry_id: str) -> str:
    return f"{API_ENTRIES}/{quote(entry_id, safe='')}"


@lru_cache(maxsize=4096)
def facet(name: str, value: str) -> str:
    """The page of one facet value; facets without pages of their own are searches."""
    if name in LISTINGS:
        return f"/{LISTINGS[name]}/{segment(value)}/"
    return f"{SEARCH}?{name}={quote(value, safe='', errors='replace')}"


def form(path: str, ending: str) -> str:
    """The same listing in another form: `/types/bugfix/` and `feed.rss` make `/types/bugfix/feed.rss`."""
    return f"{path}{ending}" if path.endswith("/") else f"{path}/{ending}"
