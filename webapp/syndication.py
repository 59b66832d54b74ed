"""Which entries go into a feed?  Listings and searches as feed channels."""

from __future__ import annotations

from dataclasses import replace

from index.query import SearchRequest, Sort
from webapp import feeds, pages, querystring, urls
from webapp.context import Site
from webapp.views import MissingError, Place


def rss(site: Site, where: Place, asked: SearchRequest) -> bytes:
    return feeds.rss(channel(site, where, asked, "feed.rss"))


def channel(site: Site, where: Place, asked: SearchRequest, ending: str) -> feeds.Channel:
    """The entries of a place that the query string leaves, newest first, as a feed at `ending`."""
    library, request = site.library, where.request(asked)
    found = library.search(replace(request, sort=Sort.DATE))
    pager = pages.pager(replace(found, request=request), urls.form(where.path, ending), where.facet)
    if pager.number > pager.last:
        raise MissingError(f"There are {pager.last} pages here, not {pager.number}")
    root, authority = site.root, site.config.authority
    stored = [entry for entry in library.entries(found) if entry]
    page = querystring.at(where.path, replace(request, offset=0), where.facet)
    return feeds.Channel(
        title=f"{site.config.title}: {_about(where, request)}",
        description=f"{found.total} entries, newest first",
        page=site.absolute(page),
        address=site.absolute(querystring.at(urls.form(where.path, ending), request, where.facet)),
        lang="en",
        items=tuple(feeds.item(entry, library.form(entry), root, authority) for entry in stored),
        previous=site.absolute(pager.previous) if pager.previous else None,
        next=site.absolute(pager.next) if pager.next else None,
    )


def _about(where: Place, request: SearchRequest) -> str:
    """The place and what narrows it down, for the feed's title."""
    words = [f"“{request.text}”"] if request.text else []
    words += [chip.label for chip in pages.chips(request)]
    return ", ".join(words) or where.title
