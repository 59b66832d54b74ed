"""What do listings show in a static site?  The same values as served ones, cut as `webapp.archive` says.

A card stands on many pages and is written once: here it has a stand-in, whose place it takes in the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from index.query import SearchRequest, Sort
from index.search import Found
from webapp import archive, pages, structured
from webapp.histogram import histogram
from webapp.labels import Labels
from webapp.library import Library
from webapp.pages import Group, Pager, StandIns
from webapp.story import TOLD, Ends, story
from webapp.view import View
from webapp.views import Place, feeds

Days = Iterable[str | None]  # of the entries that are listed, newest first: ISO


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole listing is told from, in every language."""

    found: Found
    ends: Ends | None


def whole(library: Library, where: Place, first: str | None, latest: str | None) -> Whole:
    """Everything that is found at a place; `first` and `latest` of its entries have a date, as is known."""
    found = library.find(where.request(SearchRequest(sort=Sort.DATE, limit=1)))
    ends = tuple(library.entry(one) if one else None for one in (first, latest))
    return Whole(found, (ends[0], ends[1]) if where.facet in TOLD else None)


def front(library: Library, where: Place, listed: Whole, days: Days, behind: int, labels: Labels) -> View:
    """The newest entries of a place; its own facet has nothing to choose from here."""
    found, request = listed.found, listed.found.request
    others = {name: values for name, values in found.facets.items() if name != where.facet}
    values = {
        **_named(where, labels),
        "asked": request,
        "total": found.total,
        "groups": groups(days, labels),
        "cards": (),
        "facets": pages.facet_groups(others, request, labels),
        "chips": (),
        "pager": pager(where, archive.FRONT, behind),
        "histogram": histogram(found.months, request, labels),
        "story": story(library, where.facet, where.value, found, labels, listed.ends)
        if where.value
        else None,
        "feeds": feeds(where, request, labels),
    }
    return View("listing.html", values, where.path)


def _named(where: Place, labels: Labels) -> dict[str, object]:
    kind = labels.facet(where.facet) if where.facet else None
    title = where.title(labels)
    collection = structured.collection(title, labels.language)
    return {"place": where, "title": title, "kind": kind, "collection": collection}


def behind(where: Place, number: int, days: Days, behind: int, labels: Labels) -> View:
    """One of the pages behind the front."""
    values = {
        **_named(where, labels),
        "groups": groups(days, labels),
        "pager": pager(where, number, behind),
        "feeds": feeds(where, where.request(SearchRequest(sort=Sort.DATE)), labels),
    }
    return View("archive.html", values, path_of(where, number))


def path_of(where: Place, number: int) -> str:
    """`/types/bugfix/page/3/`; the front is the place itself."""
    return f"{where.path}page/{number}/" if number else where.path


def pager(where: Place, number: int, behind: int) -> Pager:
    ways = archive.neighbours(number, behind)
    return Pager(
        number=number,
        last=behind + 1,
        previous=None if ways.newer is None else path_of(where, ways.newer),
        next=None if ways.older is None else path_of(where, ways.older),
        pages=tuple(None if n is None else (n, path_of(where, n)) for n in ways.shown),
    )


def groups(days: Days, labels: Labels) -> tuple[Group, ...]:
    """Stand-ins for the cards, by month."""
    made, at = list[Group](), 0
    for month, group in groupby(day and day[:7] for day in days):
        last = at + len(list(group))
        first_day = date.fromisoformat(f"{month}-01") if month else None
        made.append(Group(*pages.month_of(first_day, labels), StandIns(range(at, last))))
        at = last
    return tuple(made)
