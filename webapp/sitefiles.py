"""Which file of a static site holds what lives at a site path?

A page is the `index.html` of a folder with the page's path, `/api/v1/entries/x` is
`api/v1/entries/x.json`, anything else is a file of its own name.  Folders are called as the segments of paths
are (see `urls.segment`), with two exceptions, which can be undone as well: names that are the same but for
case or for how accents are encoded are spelt out, for file systems take them for one; a long name goes on in
a folder within.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote

from webapp import forms, urls

INDEX = "index.html"
LONGEST = 120  # bytes of a folder's name; file systems end between 143 and 255
GOES_ON = "~"  # ends a name that goes on in the folder within
FILES = {form.ending for form in forms.FORMS}
_ODD = re.compile(r"[^a-z0-9_~.-]")


class Files:
    """The files of one site; `names` are those of all its facet values."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._alike = alike(names)
        self.of = lru_cache(maxsize=1 << 16)(self._of)
        self.link = lru_cache(maxsize=1 << 16)(self._link)
        self._written = lru_cache(maxsize=1 << 12)(lambda path: quote(self.of(path), safe="/~"))

    def _of(self, path: str) -> str:
        """The file, from the site's folder, that holds a site path (percent-encoded, without a query)."""
        if self._is_entry(path):
            return f"{path[1:]}/{INDEX}"
        *folders, last = (self._folder(unquote(part)) for part in path.strip("/").split("/"))
        if path.startswith(urls.API):
            return "/".join((*folders, last if last.endswith(".json") else f"{last}.json"))
        if path.startswith("/static/") or last in FILES or (not folders and "." in last):
            return "/".join((*folders, last))
        return "/".join(part for part in (*folders, last, INDEX) if part)

    def _is_entry(self, path: str) -> bool:
        """Is this the path of an entry's page, as most are, and are there no signs in its id?"""
        name = path[len(urls.ENTRIES) :]
        plain = path.startswith(urls.ENTRIES) and name.isascii() and name.isalnum()
        return plain and len(name) <= LONGEST and name not in self._alike

    def _folder(self, part: str) -> str:
        name = urls.name_of(part) if self._alike else ""
        return "/".join(pieces(_spelt(name) if name in self._alike else part))

    def _link(self, path: str) -> str:
        """Where a link to a site path leads, relative to the site's folder.

        A search for one value of a facet is that value's page: it needs no search in the browser.
        """
        if self._is_entry(path):
            return f"{path[1:]}/{INDEX}"
        path, mark, fragment = path.partition("#")
        path, _, query = path.partition("?")
        if path == urls.SEARCH and query and "&" not in query:
            pairs = parse_qsl(query, errors="replace")
            if len(pairs) == 1 and pairs[0][0] in urls.LISTINGS:
                path, query = urls.facet(*pairs[0]), ""
        file = self._written(path)
        return f"{file}?{query}{mark}{fragment}" if query else f"{file}{mark}{fragment}"


def address(file: str) -> str:
    """The path under which servers show a file: a folder for its index.html."""
    return "/" + quote(file.removesuffix(INDEX), safe="/~")


def alike(names: Iterable[str]) -> frozenset[str]:
    """The names that some file system takes for another of them."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[unicodedata.normalize("NFD", name).casefold()].add(name)
    return frozenset(name for group in groups.values() if len(group) > 1 for name in group)


def _spelt(name: str) -> str:
    """Everything but small letters, digits and harmless signs by its code point."""
    escaped = unquote(urls.segment(name))
    return "".join(urls.spelt_out(char) if _ODD.match(char) else char for char in escaped)


def pieces(part: str) -> list[str]:
    """The folders, one within the other, that hold one segment."""
    found = []
    while len(part.encode()) > LONGEST:
        head = part.encode()[:LONGEST].decode(errors="ignore")
        head = head[: head.rfind("~", -9)] if "~" in head[-9:] else head  # an escape stays whole
        head = head.rstrip(". ") or head
        found.append(head + GOES_ON)
        part = part[len(head) :]
    return [*found, part]
