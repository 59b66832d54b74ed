"""What does a calendar get?  One event for each maintenance window, as iCalendar (RFC 5545, RFC 7986).

Times are UTC.  A window keeps its UID when it moves, and its SEQUENCE goes up; what was called off stays as
CANCELLED, so that calendars take it away.  No METHOD: this is a published calendar, not an invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from icalendar.prop import vDuration

from index.chains import chains, moves, window_numbers
from index.store import Revision, StoredEntry
from ingest.model import Status, Window
from webapp import urls
from webapp.excerpt import title_of
from webapp.labels import Labels
from webapp.schedule import outage_notes
from webapp.text import line

PRODUCT = "-//relnotes//relnotes//EN"
REFRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A window on its way into a calendar; `sequence` counts how often it was moved or called off."""

    uid: str
    start: datetime
    end: datetime
    stamp: datetime
    sequence: int
    status: str
    summary: str
    description: str
    lang: str
    url: str
    categories: tuple[str, ...]


def appointments(
    stored: StoredEntry, life: Sequence[Revision], root: str, authority: str, labels: Labels
) -> tuple[Appointment, ...]:
    """The entry's windows that hold; `life` are its revisions, `root` is the site's absolute address without
    a trailing slash."""
    entry = stored.entry
    former = [labels.chain(chain) for chain in chains(stored, life) if chain.kind == "windows"]
    windows = {(window.start, window.end): window for window in entry.current_windows}
    numbers = window_numbers(stored, life)
    return tuple(
        Appointment(
            uid=f"{stored.id}-{numbers[moment]}@{authority}",
            start=window.start,
            end=window.end,
            stamp=stored.last_revised if stored.gone else stored.last_changed,
            sequence=moves(life),
            status=_status(stored),
            summary=_summary(stored, labels),
            description=_description(stored, window, root, labels, former),
            lang=entry.lang,
            url=root + urls.entry(stored.id),
            categories=(labels.type(entry.type), *(line(product.name) for product in entry.products)),
        )
        for moment, window in windows.items()
    )


def _status(stored: StoredEntry) -> str:
    """Postponed without a new day is off too; what merely left the source may still hold."""
    status = stored.entry.status.status if stored.entry.status else None
    if status in (Status.CANCELLED, Status.POSTPONED):
        return "CANCELLED"
    return "TENTATIVE" if stored.gone else "CONFIRMED"


def _summary(stored: StoredEntry, labels: Labels) -> str:
    status = stored.entry.status
    if status is None:
        return title_of(stored)
    return labels.gettext(
        "%(status)s: %(title)s", status=labels.status(status.status), title=title_of(stored)
    )


def _description(
    stored: StoredEntry, window: Window, root: str, labels: Labels, former: Iterable[str]
) -> str:
    """What the window was before, the services, what happens to them, the source's own words, the address."""
    parts = [
        *former,
        ", ".join(line(product.name) for product in stored.entry.products),
        *outage_notes(stored, labels),
        line(window.span.of(stored.text)),
        root + urls.entry(stored.id),
    ]
    return "\n".join(part for part in parts if part)


def ics(name: str, address: str, found: Iterable[Appointment]) -> bytes:
    """The appointments in order of time as a calendar that is published at `address`."""
    calendar = Calendar()
    for key, value in (("version", "2.0"), ("prodid", PRODUCT), ("name", name), ("x-wr-calname", name)):
        calendar.add(key, value)
    calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for each in sorted(found, key=lambda a: (a.start, a.uid)):
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical(sorted=False))


def _event(each: Appointment) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.stamp)
    event.add("dtstart", each.start)
    event.add("dtend", each.end)
    event.add("sequence", each.sequence)
    event.add("status", each.status)
    event.add("transp", "TRANSPARENT")
    event.add("summary", each.summary, parameters={"LANGUAGE": each.lang})
    event.add("description", each.description, parameters={"LANGUAGE": each.lang})
    event.add("categories", list(each.categories))
    event.add("url", each.url)
    event.add("last-modified", each.stamp)
    return event
