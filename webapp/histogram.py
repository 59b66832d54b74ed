"""How do the found entries spread over time?  Bars by month, or by year where months are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from index.query import SearchRequest
from webapp import querystring
from webapp.catalogue import N_
from webapp.labels import Labels

HEIGHT, ROOM = 44, 12  # of the picture and of one bar's place, in pixels
MOST_MONTHS = 96
Days = tuple[date, date]  # first and last
Stretch = tuple[str, str, Days, tuple[str, str]]  # key, label, its days, the same as they are written


class Bar(NamedTuple):
    """One month or year: where its place begins, how high it stands, and the search for it."""

    label: str
    count: int  # type: ignore[assignment]  # no tuple's method here
    href: str
    x: int
    height: int
    selected: bool
    room: int = ROOM
    title: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars side by side, and in words what they show."""

    bars: tuple[Bar, ...]
    summary: str
    height: int = HEIGHT

    @property
    def width(self) -> int:
        return ROOM * len(self.bars)


def histogram(months: Mapping[str, int], request: SearchRequest, labels: Labels) -> Histogram | None:
    """The counts of `2022-04` and the like as bars; nothing where there is but one bar to show."""
    if not months:
        return None
    first, last = _month(min(months)), _month(max(months))
    by_year = _distance(first, last) >= MOST_MONTHS
    stretches = _stretches(first, last, by_year, labels)
    counts = Counter(months) if not by_year else _yearly(months)
    if len(stretches) < 2:
        return None
    top = max(counts.values())
    href, limited = querystring.spanning(request), bool(request.since or request.until)
    bars = tuple(
        Bar(
            label,
            count := counts[key],
            href(*days),
            number * ROOM,
            _height(count, top),
            limited and _selected(stretch, request),
            ROOM,
            _told(label, count, labels),
        )
        for number, (key, label, stretch, days) in enumerate(stretches)
    )
    return Histogram(bars, _summary(bars, by_year, labels))


@lru_cache(maxsize=1 << 14)
def _told(label: str, count: int, labels: Labels) -> str:
    return labels.gettext("%(label)s: %(count)s", label=label, count=labels.entries(count))


def _summary(bars: tuple[Bar, ...], by_year: bool, labels: Labels) -> str:
    busiest = max(bars, key=lambda bar: bar.count)
    said = {"first": bars[0].label, "last": bars[-1].label, "busiest": busiest.label}
    message = (
        N_("Entries by year, %(first)s to %(last)s; most in %(busiest)s (%(count)s)")
        if by_year
        else N_("Entries by month, %(first)s to %(last)s; most in %(busiest)s (%(count)s)")
    )
    return labels.gettext(message, count=busiest.count, **said)


def _height(count: int, top: int) -> int:
    """What is there at all is at least two pixels high."""
    return max(2, round((HEIGHT - 2) * count / top)) if count else 0


def _selected(stretch: Days, request: SearchRequest) -> bool:
    since, until = stretch
    return (request.since or since) <= since and until <= (request.until or until)


@lru_cache
def _stretches(first: date, last: date, by_year: bool, labels: Labels) -> tuple[Stretch, ...]:
    return tuple(_years(first.year, last.year) if by_year else _months(first, last, labels))


def _months(first: date, last: date, labels: Labels) -> Iterator[Stretch]:
    """Each month."""
    while first <= last:
        stretch = _of_month(first, labels)
        yield stretch
        first = stretch[2][1] + timedelta(days=1)


@lru_cache(maxsize=4096)
def _of_month(first: date, labels: Labels) -> Stretch:
    after = (first + timedelta(days=31)).replace(day=1)
    return _stretch(f"{first:%Y-%m}", labels.month(first), (first, after - timedelta(days=1)))


def _years(first: int, last: int) -> Iterator[Stretch]:
    for year in range(first, last + 1):
        yield _stretch(f"{year:04}", str(year), (date(year, 1, 1), date(year, 12, 31)))


def _stretch(key: str, label: str, days: Days) -> Stretch:
    return key, label, days, (days[0].isoformat(), days[1].isoformat())


def _yearly(months: Mapping[str, int]) -> Counter[str]:
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    return years


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _distance(first: date, last: date) -> int:
    """In months."""
    return 12 * (last.year - first.year) + last.month - first.month
