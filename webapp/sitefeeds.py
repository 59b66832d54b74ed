"""Which feeds and calendars does a static site have, in one language?

An entry's items and events are written once, each as if it stood alone, and set into the feeds and calendars
of every listing that names the entry (`webapp/splice.py`).  Only a site whose address is known has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from index.query import SearchRequest
from index.store import StoredEntry
from webapp import calendar, feeds, forms, splice, syndication, urls
from webapp.edition import Edition, File
from webapp.forms import FORMS, Form
from webapp.views import LOG, Place

Item = tuple[str, bytes]  # the moment of a feed's item, its bytes
Event = tuple[str, str, bytes]  # when a calendar's event begins, its UID, its bytes

_LONG_AGO = datetime.fromtimestamp(0, UTC)
_EVENT = calendar.Appointment("", _LONG_AGO, _LONG_AGO, _LONG_AGO, 0, "", "", "", "en", "", ())


class Feeds:
    """The feeds and calendars of one language of a site."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.labels = edition, edition.labels
        self.library, self.config = edition.library, edition.config

    def items(self, stored: StoredEntry) -> dict[str, Item]:
        """The entry as it stands in each feed, by the feed's ending."""
        form, authority = self.library.form(stored), self.config.authority
        chains = self.library.chains(stored)
        item = feeds.item(stored, form, self.edition.base, authority, self.labels, chains)
        channel = self._channel(LOG, (item,), forms.RSS, 1)
        return {
            each.ending: (item.updated.isoformat(), splice.cut(each, syndication.FEEDS[each](channel)))
            for each in FORMS
            if each.feed
        }

    def events(self, stored: StoredEntry) -> list[Event]:
        life, authority = self.library.life(stored), self.config.authority
        found = calendar.appointments(stored, life, self.edition.base, authority, self.labels)
        return [
            (each.start.isoformat(), each.uid, splice.cut(forms.CALENDAR, calendar.ics("", "", [each])))
            for each in found
        ]

    def feed(self, where: Place, form: Form, total: int, items: list[Item]) -> File:
        file, write = self.edition.file(urls.form(where.path, form.ending)), syndication.FEEDS[form]
        if not items:
            return file, write(self._channel(where, (), form, total))
        newest = datetime.fromisoformat(max(moment for moment, _ in items))
        stand_in = feeds.Item("", "", "", "en", "", (), newest, newest)
        body = write(self._channel(where, (stand_in,), form, total))
        return file, splice.splice(form, body, (item for _, item in items))

    def calendar(self, where: Place, events: Iterable[Event]) -> File:
        path, found = urls.form(where.path, forms.CALENDAR.ending), sorted(events)
        body = calendar.ics(self._title(where), self.edition.absolute(path), [_EVENT] if found else [])
        if found:
            body = splice.splice(forms.CALENDAR, body, (event for _, _, event in found))
        return self.edition.file(path), body

    def _channel(self, where: Place, items: tuple[feeds.Item, ...], form: Form, total: int) -> feeds.Channel:
        """A feed of one page: the newest entries."""
        address = self.edition.absolute(urls.form(where.path, form.ending))
        return feeds.Channel(
            id=syndication.identity(self.config.authority, where.path),
            title=self._title(where),
            description=self.labels.newest_first(total),
            author=self.config.title,
            page=self.edition.absolute(where.path),
            address=address,
            lang=self.labels.language,
            items=items,
            first=address,
            last=address,
        )

    def _title(self, where: Place) -> str:
        listing = syndication.about(where, where.request(SearchRequest()), self.labels)
        return self.labels.gettext("%(site)s: %(listing)s", site=self.config.title, listing=listing)
