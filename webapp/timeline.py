"""How do the windows of each product lie in time?  Lanes of marks over months, around a given moment."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel.dates import format_date

from webapp import urls
from webapp.labels import Labels
from webapp.schedule import Schedule, Slot
from webapp.text import line

WIDTH, MARK = 1200, 10  # of the picture and of one mark, which is no measure of how long a window lasts
REACH = 12  # months that are shown on either side of the moment


@dataclass(frozen=True, slots=True)
class Mark:
    """One window: where it lies, what it is (`coming running past off`), in words, and where it leads.

    `end` is when it is over, in UTC.
    """

    x: int
    end: str
    kind: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The windows of one product; `upcoming` is the next one that has not been called off.

    `page` is the product's own page, `windows` the list of its windows.
    """

    name: str
    product: str | None
    marks: tuple[Mark, ...]
    upcoming: Slot | None
    when: str
    page: str = ""
    windows: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes over the same months; `now` is where the moment lies, None where it is beyond them."""

    months: tuple[str, ...]
    lanes: tuple[Lane, ...]
    now: int | None
    first: str
    last: str
    width: int = WIDTH
    mark: int = MARK


def timeline(schedule: Schedule, now: datetime, labels: Labels) -> Timeline | None:
    """Twelve months before and after `now` at most, or the last twelve that hold windows."""
    if not schedule.slots:
        return None
    months = _months([slot.start for slot in schedule.slots], now)
    inside = [slot for slot in schedule.slots if months[0] <= _month(slot.start) <= months[-1]]
    lanes = [_lane(name, slots, months, now, labels) for name, slots in _by_product(inside).items()]
    lanes.sort(key=lambda lane: (lane.upcoming is None, lane.upcoming and lane.upcoming.start, lane.name))
    return Timeline(
        months=tuple(_short(month, labels) for month in months),
        lanes=tuple(lanes),
        now=_x(now, months) if months[0] <= _month(now) <= months[-1] else None,
        first=labels.month(months[0]),
        last=labels.month(months[-1]),
    )


def _months(starts: list[datetime], now: datetime) -> list[date]:
    """The first days of the months to show."""
    first, last, here = _month(min(starts)), _month(max(starts)), _month(now)
    if _shifted(last, REACH) < here:
        return list(_between(max(first, _shifted(last, -REACH)), last))
    return list(
        _between(max(min(first, here), _shifted(here, -REACH)), min(max(last, here), _shifted(here, REACH)))
    )


def _month(of: datetime) -> date:
    return of.astimezone(UTC).date().replace(day=1)


def _shifted(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def _between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = _shifted(first, 1)


def _by_product(slots: Iterable[Slot]) -> dict[str | None, list[Slot]]:
    found: dict[str | None, list[Slot]] = {}
    for slot in slots:
        for product in slot.products or (None,):
            found.setdefault(product, []).append(slot)
    return found


def _lane(product: str | None, slots: list[Slot], months: list[date], now: datetime, labels: Labels) -> Lane:
    upcoming = next((slot for slot in slots if now < slot.end and not slot.off), None)
    return Lane(
        name=line(product) if product else labels.gettext("No product named"),
        product=product,
        marks=tuple(_mark(slot, months, now, labels) for slot in slots),
        upcoming=upcoming,
        when=_when(upcoming, labels) if upcoming else "",
        page=urls.facet("product", product) if product else "",
        windows=urls.maintenance(product) if product else "",
    )


def _when(slot: Slot, labels: Labels) -> str:
    return f"{labels.day(slot.start.date())}, {labels.hours(slot.start, slot.end)}"


def _mark(slot: Slot, months: list[date], now: datetime, labels: Labels) -> Mark:
    kind = _kind(slot, now)
    label = _when(slot, labels)
    if slot.off:
        label = labels.gettext("%(window)s, called off", window=label)
    end = f"{slot.end:%Y-%m-%dT%H:%MZ}"
    return Mark(_x(slot.start, months), end, kind, label, urls.entry(slot.announced[0][0].id))


def _kind(slot: Slot, now: datetime) -> str:
    if slot.off:
        return "off"
    if slot.end <= now:
        return "past"
    return "running" if slot.start <= now else "coming"


def _x(at: datetime, months: list[date]) -> int:
    """Months are of equal width."""
    day = at.astimezone(UTC)
    here = (day.year - months[0].year) * 12 + day.month - months[0].month
    inside = (day.day - 1 + day.hour / 24) / monthrange(day.year, day.month)[1]
    return round((here + inside) * WIDTH / len(months))


def _short(month: date, labels: Labels) -> str:
    """`Apr`; January is called by its year."""
    return str(format_date(month, "y" if month.month == 1 else "MMM", locale=labels.language))
