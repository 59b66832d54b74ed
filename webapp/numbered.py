"""What does a listing show whose pages are paths?  `/types/bugfix/page/3/`, cut as in a static site.

Pages are numbered from the oldest entry (`webapp.archive`), so that an address keeps what it showed.  That
holds for a listing as it is: what a query string narrows down or orders otherwise has `?page=`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.query import SearchRequest, Sort
from webapp import archive, frozen, pages, querystring, views
from webapp.labels import Labels
from webapp.library import Library
from webapp.pages import Pager
from webapp.view import View
from webapp.views import Place


def is_numbered(asked: SearchRequest) -> bool:
    """Whether a query string asks for a listing as it is, at most for one of its pages."""
    return not querystring.encode(querystring.first(asked))


def front(
    library: Library, where: Place, asked: SearchRequest, view: Callable[[SearchRequest], View]
) -> View:
    """The newest entries of a place, between one and two pages full; `view` shows what a request asks for."""
    total = _total(library, where)
    behind = archive.archived(total, asked.limit)
    made = view(replace(asked, limit=max(asked.limit, total - behind * asked.limit)))
    pager = frozen.pager(made.values["place"], archive.FRONT, behind)
    return replace(made, values={**made.values, "pager": pager})


def behind(library: Library, where: Place, number: int, size: int, labels: Labels) -> View:
    """One of the pages behind the front.  Raises MissingError where there is no such page."""
    request = where.request(SearchRequest(sort=Sort.DATE, limit=size))
    found = library.find(replace(request, limit=1))
    where, count = views.as_spelt(where, found.facets), archive.archived(found.total, size)
    if number > count:
        raise views.no_such_page(_only(number, count + 1), labels)
    part = archive.part(found.total, size, number)
    ids = library.find(replace(request, offset=part.first)).ids
    cards = [
        (pages.unsearched(stored, library.form(stored), labels), stored.entry.dated)
        for stored in library.store.get_many(ids)
    ]
    view = frozen.behind(where, number, (), count, labels)
    own = {
        "groups": pages.by_month(cards, labels),
        "facets": pages.facet_groups(found.facets, request, labels),
        "asked": request,
    }
    return replace(view, values={**view.values, **own})


def path_at(library: Library, where: Place, asked: SearchRequest, labels: Labels) -> str:
    """The path of the page that holds what `?page=` used to count to.

    Raises MissingError where there is less.
    """
    total, size = _total(library, where), asked.limit
    if asked.offset >= total:
        raise views.no_such_page(_only(querystring.page_of(asked), archive.archived(total, size) + 1), labels)
    return frozen.path_of(where, archive.holding(total, size, asked.offset))


def _total(library: Library, where: Place) -> int:
    return library.find(where.request(SearchRequest(sort=Sort.DATE, limit=1))).total


def _only(number: int, last: int) -> Pager:
    return Pager(number, last, None, None, ())
