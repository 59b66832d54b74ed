"""In which forms can a listing be had?  The end of its path, its name, its media type."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.catalogue import N_


@dataclass(frozen=True, slots=True)
class Form:
    """A form of every listing.  `feed` is False for what is not read entry by entry."""

    ending: str
    name: str
    media: str
    feed: bool = True


RSS = Form("feed.rss", "RSS", "application/rss+xml")
ATOM = Form("feed.atom", "Atom", "application/atom+xml")
JSON_FEED = Form("feed.json", "JSON Feed", "application/feed+json")
CALENDAR = Form("calendar.ics", N_("Calendar"), "text/calendar", feed=False)
FORMS = (RSS, ATOM, JSON_FEED, CALENDAR)
