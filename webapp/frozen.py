"""What do listings show in a static site?  The same values as served ones, cut as `webapp.archive` says.

Cards come as markup: a card stands on many pages and is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from index.query import SearchRequest, Sort
from index.search import Found
from ingest.model import DateBasis, Dated
from webapp import archive, pages, structured
from webapp.histogram import histogram
from webapp.labels import Labels
from webapp.library import Library
from webapp.pages import Group, Pager
from webapp.story import TOLD, Ends, ends, story
from webapp.view import View
from webapp.views import Place, feeds

Cards = Iterable[tuple[Markup, str | None]]  # newest first, with the entry's ISO day


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole listing is told from, in every language."""

    found: Found
    ends: Ends | None


def whole(library: Library, where: Place) -> Whole:
    """Everything that is found at a place."""
    found = library.find(where.request(SearchRequest(sort=Sort.DATE, limit=1)))
    return Whole(found, ends(library, found) if where.facet in TOLD else None)


def front(library: Library, where: Place, listed: Whole, cards: Cards, behind: int, labels: Labels) -> View:
    """The newest entries of a place; its own facet has nothing to choose from here."""
    found, request = listed.found, listed.found.request
    others = {name: values for name, values in found.facets.items() if name != where.facet}
    values = {
        **_named(where, labels),
        "asked": request,
        "total": found.total,
        "groups": groups(cards, labels),
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


def behind(where: Place, number: int, cards: Cards, behind: int, labels: Labels) -> View:
    """One of the pages behind the front."""
    values = {
        **_named(where, labels),
        "groups": groups(cards, labels),
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


def groups(cards: Cards, labels: Labels) -> tuple[Group, ...]:
    """By month."""
    return pages.by_month(((card, _dated(day)) for card, day in cards), labels)


def _dated(day: str | None) -> Dated | None:
    return Dated(date.fromisoformat(day), date.fromisoformat(day), DateBasis.STATED) if day else None
