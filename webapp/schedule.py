"""When is the service worked on?  Maintenance windows, coming and past, as seen from a given moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby

from index.store import StoredEntry
from ingest.model import Status, Window
from webapp import urls
from webapp.excerpt import title_of
from webapp.labels import Labels
from webapp.pages import Tag, tags
from webapp.text import line


@dataclass(frozen=True)
class Slot:
    """A stretch of time in UTC, and the entries that announce it, each with its window."""

    start: datetime
    end: datetime
    announced: tuple[tuple[StoredEntry, Window], ...]

    @cached_property
    def off(self) -> bool:
        """Called off by all."""
        return all(_called_off(stored) for stored, _ in self.announced)

    @cached_property
    def products(self) -> tuple[str, ...]:
        """What all announcements name, in their order."""
        named = (product.name for stored, _ in self.announced for product in stored.entry.products)
        return tuple(dict.fromkeys(named))

    def about(self, products: tuple[str, ...]) -> bool:
        """Does it concern one of these products, or are none asked for?"""
        wanted = {name.casefold() for name in products}
        return not wanted or any(name.casefold() in wanted for name in self.products)


def _called_off(stored: StoredEntry) -> bool:
    status = stored.entry.status
    return status is not None and status.status in (Status.CANCELLED, Status.POSTPONED)


@dataclass(frozen=True)
class Schedule:
    """Every slot in order of time, and the moments at which what is coming changes."""

    slots: tuple[Slot, ...]

    @cached_property
    def boundaries(self) -> list[datetime]:
        return sorted({slot.start for slot in self.slots} | {slot.end for slot in self.slots})

    def phase(self, now: datetime) -> int:
        """A number that stays the same for as long as `coming`, `running` and `past` do."""
        return bisect_right(self.boundaries, now)

    def turned(self, now: datetime) -> datetime:
        """The last moment at which what is coming changed; the beginning of time where there was none."""
        phase = self.phase(now)
        return self.boundaries[phase - 1] if phase else datetime.fromtimestamp(0, UTC)

    def of(self, products: tuple[str, ...]) -> Schedule:
        """The windows of these products; of all, if none are named."""
        return Schedule(tuple(slot for slot in self.slots if slot.about(products))) if products else self

    def running(self, now: datetime) -> tuple[Slot, ...]:
        return tuple(s for s in self.slots if s.start <= now < s.end and not s.off)

    def coming(self, now: datetime) -> tuple[Slot, ...]:
        """Running or ahead, the next one first; cancelled ones too."""
        return tuple(s for s in self.slots if now < s.end)

    def past(self, now: datetime) -> tuple[tuple[int, tuple[Slot, ...]], ...]:
        """What is over, the latest first, by year."""
        over = [s for s in reversed(self.slots) if s.end <= now]
        return tuple((year, tuple(slots)) for year, slots in groupby(over, key=lambda s: s.start.year))

    def next(self, now: datetime) -> Slot | None:
        """The slot that is running or comes next and has not been called off."""
        return next((s for s in self.coming(now) if not s.off), None)


def schedule(entries: Iterable[StoredEntry]) -> Schedule:
    """The windows of all entries; those with the same hours share a slot."""
    found: dict[tuple[datetime, datetime], list[tuple[StoredEntry, Window]]] = {}
    for stored in entries:
        for window in stored.entry.current_windows:
            found.setdefault((window.start, window.end), []).append((stored, window))
    return Schedule(tuple(Slot(*hours, tuple(found[hours])) for hours in sorted(found)))


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one entry says about a window; `stated` are the source's own words."""

    title: str
    href: str
    lang: str
    language: str
    stated: str
    status: str | None
    notes: tuple[str, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A slot as a page shows it: its day and hours in UTC, and who announced it."""

    start: datetime
    end: datetime
    day: str
    hours: str
    off: bool
    running: bool
    announcements: tuple[Announcement, ...]


def row(slot: Slot, labels: Labels, now: datetime) -> Row:
    return Row(
        start=slot.start,
        end=slot.end,
        day=labels.day(slot.start.date()),
        hours=labels.hours(slot.start, slot.end),
        off=slot.off,
        running=slot.start <= now < slot.end and not slot.off,
        announcements=tuple(_announcement(stored, window, labels) for stored, window in slot.announced),
    )


def _announcement(stored: StoredEntry, window: Window, labels: Labels) -> Announcement:
    entry = stored.entry
    return Announcement(
        title=title_of(stored),
        href=urls.entry(stored.id),
        lang=entry.lang,
        language=labels.value("lang", entry.lang),
        stated=line(window.span.of(stored.text)),
        status=labels.status(entry.status.status) if entry.status else None,
        notes=outage_notes(stored, labels),
        tags=tuple(tag for tag in tags(stored) if tag.facet == "product"),
    )


def outage_notes(stored: StoredEntry, labels: Labels) -> tuple[str, ...]:
    """No downtime, or how long the outages last."""
    entry = stored.entry
    if entry.no_downtime:
        return (labels.gettext("No downtime planned"),)
    return tuple(
        labels.gettext("Down for %(time)s", time=labels.minutes(outage.minutes)) for outage in entry.outages
    )
