"""What became of an endpoint, a parameter or a product?  Since when, how often."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from index.query import SearchPage, SearchRequest, Sort
from index.search import Found
from index.store import StoredEntry
from webapp import querystring, urls
from webapp.excerpt import title_of
from webapp.labels import Labels
from webapp.library import Library
from webapp.pages import Link
from webapp.text import line

TOLD = ("endpoint", "param", "product")  # the facets whose values have a story


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry that speaks of the thing: its title, where it is, its language, and when."""

    title: str
    href: str
    lang: str
    when: str


@dataclass(frozen=True, slots=True)
class Story:
    """The first and the latest dated entry, entries by type, and the thing's other names."""

    first: Mention | None
    latest: Mention | None
    types: tuple[tuple[Link, int], ...]
    names: tuple[str, ...]


Ends = tuple[StoredEntry | None, StoredEntry | None]  # the first and the latest dated entry


def ends(library: Library, found: SearchPage | Found) -> Ends:
    """Where a story begins and ends: the same in every language."""
    return _at(library, found.request, found.months, False), _at(library, found.request, found.months, True)


def story(
    library: Library,
    facet: str | None,
    name: str,
    found: SearchPage | Found,
    labels: Labels,
    between: Ends | None = None,
) -> Story | None:
    """The story of a facet value; `found` is the whole listing of it, `between` its ends if known."""
    if facet not in TOLD:
        return None
    first, latest = (_mention(one, labels) if one else None for one in between or ends(library, found))
    return Story(
        first=first if first != latest else None,
        latest=latest,
        types=tuple(_types(facet, name, found, labels)),
        names=_names(library, name),
    )


def _types(facet: str, name: str, found: SearchPage | Found, labels: Labels) -> list[tuple[Link, int]]:
    """Each type with its search, the most frequent first."""
    return [
        (Link(labels.value("type", each.value), _search(facet, name, each.value)), each.count)
        for each in found.facets.get("type", ())
        if each.count
    ]


def _search(facet: str, name: str, type: str) -> str:
    filters: Mapping[str, tuple[str, ...]] = {"type": (type,), facet: (name,)}
    return querystring.search(SearchRequest(filters=filters, sort=Sort.DATE))


def _at(
    library: Library, request: SearchRequest, months: Mapping[str, int], latest: bool
) -> StoredEntry | None:
    """The entry at one end of the months that hold dated entries."""
    dated = [month for month in months if month]
    if not dated:
        return None
    month = max(dated) if latest else min(dated)
    year, number = map(int, month.split("-"))
    since, until = date(year, number, 1), date(year, number, monthrange(year, number)[1])
    offset = 0 if latest else months[month] - 1
    asked = replace(
        request, since=since, until=until, sort=Sort.DATE, limit=1, offset=offset, after=None, changes=None
    )
    entries = library.store.get_many(library.find(asked).ids)
    return entries[0] if entries else None


def _mention(stored: StoredEntry, labels: Labels) -> Mention:
    when = labels.when(stored.entry.dated) if stored.entry.dated else ""
    return Mention(title_of(stored), urls.entry(stored.id), stored.entry.lang, when)


def _names(library: Library, name: str) -> tuple[str, ...]:
    """What else it is called: in another language, or by its path."""
    for one, others in library.aliases.items():
        group = (one, *others)
        if name in group:
            return tuple(line(other) for other in group if other != name)
    return ()
