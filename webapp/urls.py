"""Where does each thing live?  Site paths, from the site's root, percent-encoded."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from urllib.parse import quote

HOME = "/"
ENTRIES = "/entries/"
SEARCH = "/search"
MAINTENANCE = "/maintenance/"
DIAGNOSTICS = "/diagnostics"
SOURCES = "/sources/"
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

_WORDLESS = (API, "/static/", "/healthz", SITEMAP, ROBOTS)

LISTINGS = {
    "type": "types",
    "product": "products",
    "endpoint": "endpoints",
    "param": "params",
    "year": "years",
}
"""The facets whose values have a page of their own, and the folder it lies in."""

_REFUSED = re.compile(  # by a file system: characters, blanks and dots at an end, names of devices
    r"""[\x00-\x1f\x7f-\x9f\\:*?"<>|%\ud800-\udfff]|\A[ ]|[. ]\Z"""
    r"""|\A(?=(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z))."""
)
_ESCAPE = re.compile(r"~(?:(?P<short>[012])|u(?P<code>[0-9a-f]{1,6})-)")
_SHORT = {"0": "~", "1": "/", "2": "."}


def wordless(path: str) -> bool:
    """Is there nothing to translate where a path leads?  Such paths have no prefix of a language."""
    return path.startswith(_WORDLESS)


def segment(name: str) -> str:
    """One path segment for any name: `GET /v1/charges` becomes `GET%20~1v1~1charges`.

    `~` and `/` are escaped as JSON Pointer does (RFC 6901: `~0`, `~1`), for servers and proxies disagree
    about `%2F`; a leading dot as `~2`, for browsers fold `..` away even when it is percent-encoded.
    What some file system refuses is written by its code point (`:` as `~u3a-`), for the static site
    keeps each segment as the name of a folder.
    """
    escaped = name.replace("~", "~0").replace("/", "~1")
    escaped = _REFUSED.sub(lambda found: spelt_out(found[0]), escaped)
    if escaped.startswith("."):
        escaped = f"~2{escaped[1:]}"
    return quote(escaped, safe="~", errors="replace")


def spelt_out(text: str) -> str:
    """Each character by its code point: `CIS` is `~u43-~u49-~u53-`."""
    return "".join(f"~u{ord(char):x}-" for char in text)


def name_of(decoded: str) -> str:
    """The name that `segment` escaped, from the segment with its percent-encoding already undone."""
    return _ESCAPE.sub(_unescaped, decoded)


def _unescaped(found: re.Match[str]) -> str:
    if found["short"]:
        return _SHORT[found["short"]]
    code = int(found["code"], 16)
    return chr(code) if code <= sys.maxunicode else found[0]


def entry(entry_id: str) -> str:
    return f"{ENTRIES}{_quoted(entry_id)}"


def api_entry(entry_id: str) -> str:
    return f"{API_ENTRIES}/{_quoted(entry_id)}"


def _quoted(entry_id: str) -> str:
    """Ids that are made here have nothing to quote."""
    return entry_id if entry_id.isascii() and entry_id.isalnum() else quote(entry_id, safe="")


@lru_cache(maxsize=1 << 14)
def facet(name: str, value: str) -> str:
    """The page of one facet value; facets without pages of their own are searches."""
    if name in LISTINGS:
        return f"/{LISTINGS[name]}/{segment(value)}/"
    return f"{SEARCH}?{name}={quote(value, safe='', errors='replace')}"


def maintenance(product: str) -> str:
    """The maintenance windows of one product."""
    return f"{MAINTENANCE}?product={quote(product, safe='', errors='replace')}"


def form(path: str, ending: str) -> str:
    """The same listing in another form: `/types/bugfix/` and `feed.rss` make `/types/bugfix/feed.rss`."""
    return f"{path}{ending}" if path.endswith("/") else f"{path}/{ending}"
