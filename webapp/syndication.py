"""Which entries go into a feed?  Listings and searches as feed channels."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from index.query import SearchPage, SearchRequest, Sort
from webapp import calendar, feeds, forms, pages, querystring, urls
from webapp.forms import Form
from webapp.labels import Labels
from webapp.views import Place, no_such_page

if TYPE_CHECKING:
    from webapp.context import Site

FEEDS = {forms.RSS: feeds.rss, forms.ATOM: feeds.atom, forms.JSON_FEED: feeds.json_feed}


def write(site: Site, form: Form, where: Place, asked: SearchRequest) -> bytes:
    """The entries of a place that the query string leaves, in the given form."""
    if form is forms.CALENDAR:
        return _calendar(site, where, asked)
    return FEEDS[form](channel(site, where, asked, form.ending))


def _calendar(site: Site, where: Place, asked: SearchRequest) -> bytes:
    """All windows of the listing, those of the newest entries where there are too many; calendars know no
    pages."""
    library, request = site.library, querystring.first(where.request(asked))
    found = library.find(replace(request, sort=Sort.DATE, limit=sys.maxsize))
    windowed = [one for one in found.ids if one in library.digest.windowed][: site.config.calendar_size]
    root, authority, labels = site.root, site.config.authority, site.labels
    events = [
        event
        for stored in library.store.get_many(windowed)
        for event in calendar.appointments(stored, library.life(stored), root, authority, labels)
    ]
    return calendar.ics(
        _title(site, where, request), _address(site, where, request, forms.CALENDAR.ending), events
    )


def _title(site: Site, where: Place, request: SearchRequest) -> str:
    listing = about(where, request, site.labels)
    return site.labels.gettext("%(site)s: %(listing)s", site=site.config.title, listing=listing)


def _address(site: Site, where: Place, request: SearchRequest, ending: str) -> str:
    return site.absolute(querystring.at(urls.form(where.path, ending), request, where.facet))


def channel(site: Site, where: Place, asked: SearchRequest, ending: str) -> feeds.Channel:
    """The entries of a place that the query string leaves, newest first, as a feed at `ending`."""
    library, request = site.library, where.request(asked)
    found = library.find(replace(request, sort=Sort.DATE))
    pager = pages.pager(SearchPage(request, (), found.total, {}), urls.form(where.path, ending), where.facet)
    if pager.number > pager.last:
        raise no_such_page(pager, site.labels)
    root, authority, labels = site.root, site.config.authority, site.labels
    page = querystring.at(where.path, querystring.first(request), where.facet)

    def at_page(number: int) -> str:
        return _address(site, where, querystring.at_page(request, number), ending)

    return feeds.Channel(
        id=identity(authority, page),
        title=_title(site, where, request),
        description=labels.newest_first(found.total),
        author=site.config.title,
        page=site.absolute(page),
        address=_address(site, where, request, ending),
        lang=labels.language,
        items=tuple(
            feeds.item(stored, library.form(stored), root, authority, labels, library.chains(stored))
            for stored in library.store.get_many(found.ids)
        ),
        previous=site.absolute(pager.previous) if pager.previous else None,
        next=site.absolute(pager.next) if pager.next else None,
        first=at_page(1),
        last=at_page(pager.last),
    )


def identity(authority: str, page: str) -> str:
    """A tag: URI for a listing, from its site path: it stays when the site moves."""
    return f"tag:{authority},2026:{page}"


def about(where: Place, request: SearchRequest, labels: Labels) -> str:
    """The place and what narrows it down, for the feed's title."""
    words = [f"“{request.text}”"] if request.text else []
    words += [chip.label for chip in pages.chips(request, labels)]
    return ", ".join(words) or where.title(labels)
