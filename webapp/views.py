"""What does each page show?  One function a page, from the library to a template and its values.

No view knows Flask: the web app and the static export call the same ones.  A view raises MissingError where
there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from index.query import Changes, FacetValue, SearchPage, SearchRequest, Sort
from webapp import pages, querystring, structured, urls
from webapp.catalogue import N_
from webapp.forms import FORMS
from webapp.histogram import histogram
from webapp.labels import Labels
from webapp.library import Library
from webapp.schedule import Row, row
from webapp.story import story
from webapp.text import line, shown
from webapp.timeline import timeline
from webapp.view import MissingError, View


@dataclass(frozen=True, slots=True)
class Place:
    """A listing: its path, and its name in English or the facet value that its path stands for."""

    path: str
    name: str
    facet: str | None = None
    value: str | None = None

    def request(self, asked: SearchRequest) -> SearchRequest:
        """What is asked for here: the query string's filters and the place's own."""
        if self.facet is None or self.value is None:
            return asked
        return replace(asked, filters={**asked.filters, self.facet: (self.value,)})

    def title(self, labels: Labels) -> str:
        """What the listing is called."""
        if self.facet is None or self.value is None or self.name:
            return labels.gettext(self.name)
        return line(labels.value(self.facet, self.value))


LOG = Place(urls.HOME, N_("Change log"))
SEARCH = Place(urls.SEARCH, N_("Search"))
MAINTENANCE = Place(urls.MAINTENANCE, N_("Maintenance"), "type", "maintenance")


def place(facet: str, value: str) -> Place:
    """The listing of one facet value."""
    return Place(urls.facet(facet, value), "", facet, value)


def change_log(library: Library, asked: SearchRequest, now: datetime, labels: Labels) -> View:
    """Everything, newest first, by month, and the window that comes next."""
    view = listing(library, LOG, asked, labels)
    return replace(view, values={**view.values, "next_slots": coming(library, now, labels)[:1]})


def coming(library: Library, now: datetime, labels: Labels) -> tuple[Row, ...]:
    """The windows that run or come next and are not called off."""
    slots = library.digest.schedule.coming(now)
    return tuple(row(slot, labels, now) for slot in slots if not slot.off)


def listing(library: Library, where: Place, asked: SearchRequest, labels: Labels) -> View:
    """The entries of a place, by month where they come by date."""
    request = where.request(asked)
    found = library.search(request)
    if where.facet and not found.total and not _narrowed(asked):
        raise MissingError(_nothing_has(where.facet, where.title(labels), labels))
    where = as_spelt(where, found.facets)
    values = _listed(library, where, found, labels)
    if where.facet and where.value and not _narrowed(asked) and not request.offset:
        values["story"] = story(library, where.facet, where.value, found, labels)
    return View(
        "listing.html", values, querystring.at(where.path, request, where.facet), not _narrowed(asked)
    )


def _nothing_has(facet: str, value: str, labels: Labels) -> str:
    kind = labels.facet(facet).lower()
    return labels.gettext("No entry has the %(facet)s “%(value)s”", facet=kind, value=value)


def no_such_page(pager: pages.Pager, labels: Labels) -> MissingError:
    """There are fewer pages than the one that was asked for."""
    said = labels.ngettext(
        "There is %(num)s page here, not %(asked)s",
        "There are %(num)s pages here, not %(asked)s",
        pager.last,
        asked=pager.number,
    )
    return MissingError(said)


def as_spelt(where: Place, facets: Mapping[str, Sequence[FacetValue]]) -> Place:
    """The place under the name that the entries use: `/products/cis/` is that of CIS."""
    values = [value.value for value in facets.get(where.facet or "", ()) if value.selected]
    return place(where.facet, values[0]) if where.facet and len(values) == 1 else where


def _narrowed(asked: SearchRequest) -> bool:
    return bool(asked.text or asked.filters or asked.since or asked.until or asked.changes)


def _listed(library: Library, where: Place, found: SearchPage, labels: Labels) -> dict[str, Any]:
    """The values that every listing shows."""
    request = found.request
    pager = pages.pager(found, where.path, where.facet)
    if pager.number > pager.last:
        raise no_such_page(pager, labels)
    cards = [
        (pages.Listed(hit, library.form(hit.stored), labels), hit.stored.entry.dated) for hit in found.hits
    ]
    return {
        "place": where,
        "collection": structured.collection(where.title(labels), labels.language),
        "title": where.title(labels),
        "kind": labels.facet(where.facet) if where.facet else None,
        "asked": request,
        "total": found.total,
        "groups": pages.by_month(cards, labels) if request.sort is Sort.DATE and not request.changes else (),
        "cards": tuple(card for card, _ in cards),
        "facets": pages.facet_groups(found.facets, request, labels),
        "chips": pages.chips(request, labels),
        "pager": pager,
        "histogram": histogram(found.months, request, labels),
        "feeds": feeds(where, request, labels),
        "changed": _changed(request),
    }


def _changed(request: SearchRequest) -> str | None:
    """Where the same entries are narrowed down to those that changed materially."""
    return (
        None if request.changes else querystring.search(replace(request, changes=Changes.MATERIAL, offset=0))
    )


def feeds(where: Place, request: SearchRequest, labels: Labels) -> tuple[tuple[pages.Link, str], ...]:
    """The listing in its other forms, with the same query string, and their media types."""
    query = querystring.encode(querystring.first(request), where.facet)
    return tuple(
        (
            pages.Link(labels.gettext(f.name), querystring.asking(urls.form(where.path, f.ending), query)),
            f.media,
        )
        for f in FORMS
    )


def values(library: Library, facet: str, labels: Labels) -> View:
    """All values of one facet, with the number of entries each has."""
    choices = tuple(
        (line(labels.value(facet, each.value)), urls.facet(facet, each.value), each.count)
        for each in library.values(facet)
    )
    values = {"title": labels.plural(facet), "facet": facet, "choices": choices}
    return View("values.html", values, f"/{urls.LISTINGS[facet]}/")


def search(library: Library, asked: SearchRequest, labels: Labels) -> View:
    """The answer to a query, with what might have been meant."""
    found = library.search(asked)
    values = _listed(library, SEARCH, found, labels)
    values |= {
        "orders": pages.orders(asked, labels),
        "hints": tuple(shown(labels.say(hint)) for hint in found.hints),
        "suggestions": tuple(_suggestion(asked, text) for text in found.suggestions),
        "wider": _wider(asked),
    }
    return View("search.html", values, querystring.search(asked), lasting=False)


def _suggestion(asked: SearchRequest, text: str) -> pages.Link:
    return pages.Link(line(text), querystring.search(replace(asked, text=text, offset=0)))


def _wider(asked: SearchRequest) -> pages.Link | None:
    """The same words without any filter, where there are filters to leave out."""
    if not asked.text or asked == (bare := SearchRequest(asked.text, sort=asked.sort, limit=asked.limit)):
        return None
    return pages.Link(line(asked.text), querystring.search(bare))


def addresses(library: Library) -> Iterator[tuple[str, datetime | None]]:
    """Every page that is worth finding, and when it last changed: listings first, then entries."""
    for path in (urls.HOME, urls.MAINTENANCE, urls.SOURCES, urls.DIAGNOSTICS):
        yield path, library.digest.seen
    for facet, folder in urls.LISTINGS.items():
        yield f"/{folder}/", library.digest.seen
        for each in library.values(facet):
            yield urls.facet(facet, each.value), library.digest.seen
    for stored in library.store.all():
        yield urls.entry(stored.id), stored.last_revised


def maintenance(library: Library, asked: SearchRequest, now: datetime, labels: Labels) -> View:
    """Maintenance windows: running, coming, past; of the products that are asked for, or of all."""
    products = asked.filters.get("product", ())
    windows = library.digest.schedule.of(products)
    filters = {"product": products} if products else {}
    request = MAINTENANCE.request(SearchRequest(filters=filters, sort=Sort.DATE))
    values = {
        "next_slots": tuple(row(slot, labels, now) for slot in windows.coming(now) if not slot.off),
        "coming": tuple(row(slot, labels, now) for slot in windows.coming(now)),
        "past": tuple(
            (year, tuple(row(slot, labels, now) for slot in slots)) for year, slots in windows.past(now)
        ),
        "timeline": timeline(windows, now, labels),
        "products": tuple(map(line, products)),
        "now": labels.moment(now),
        "feeds": feeds(MAINTENANCE, request, labels),
    }
    return View("maintenance.html", values, querystring.at(urls.MAINTENANCE, request, "type"))


def problem(code: int, name: str, message: str, path: str) -> View:
    """What went wrong at `path`, in words of the reader's language."""
    return View("error.html", {"code": code, "name": name, "message": message}, path, lasting=False)
