"""How do the found entries spread over time?  Bars by month, or by year where months are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from index.query import SearchRequest
from webapp import querystring
from webapp.catalogue import N_
from webapp.labels import Labels
from webapp.querystring import Spans

HEIGHT, ROOM = 44, 12  # of the picture and of one bar's place, in pixels
MOST_MONTHS = 96


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A month (`2022-04`) or a year, what it is called, its first and its last day."""

    key: str
    label: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """One month or year: where its place begins, how high it stands, its days as addresses have them.

    Bars that are the same are the same object.
    """

    label: str
    count: int
    title: str
    x: int
    height: int
    selected: bool
    days: str
    room: int = ROOM


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars side by side, what they show in words, and the searches for their days."""

    bars: tuple[Bar, ...]
    summary: str
    ways: Spans
    height: int = HEIGHT

    @property
    def width(self) -> int:
        return ROOM * len(self.bars)

    def href(self, bar: Bar) -> str:
        """The path of the search for what a bar counts."""
        return self.ways(bar.days)


def histogram(months: Mapping[str, int], request: SearchRequest, labels: Labels) -> Histogram | None:
    """The counts of `2022-04` and the like as bars; nothing where there is but one bar to show."""
    if not months:
        return None
    stretches = _stretches(min(months), max(months), labels)
    if len(stretches) < 2:
        return None
    by_year = len(stretches[0].key) == 4
    counts = _yearly(months) if by_year else months
    top, limited = max(counts.values()), bool(request.since or request.until)
    bars = tuple(
        [
            _bar(stretch, number, count, _height(count, top), limited and _selected(stretch, request), labels)
            for number, stretch in enumerate(stretches)
            for count in (counts.get(stretch.key, 0),)
        ]
    )
    return Histogram(bars, _summary(bars, by_year, labels), querystring.spanning(request))


@lru_cache(maxsize=1 << 14)
def _bar(stretch: Stretch, number: int, count: int, height: int, selected: bool, labels: Labels) -> Bar:
    title = labels.gettext("%(label)s: %(count)s", label=stretch.label, count=labels.entries(count))
    days = querystring.days(stretch.since, stretch.until)
    return Bar(stretch.label, count, title, number * ROOM, height, selected, days)


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


def _selected(stretch: Stretch, request: SearchRequest) -> bool:
    return (request.since or stretch.since) <= stretch.since and stretch.until <= (
        request.until or stretch.until
    )


@lru_cache(maxsize=1024)
def _stretches(first: str, last: str, labels: Labels) -> tuple[Stretch, ...]:
    """From one month (`2022-04`) to another: each month, or each year where those are too many."""
    since, until = (date.fromisoformat(f"{month}-01") for month in (first, last))
    if 12 * (until.year - since.year) + until.month - since.month < MOST_MONTHS:
        return tuple(_months(since, until, labels))
    return tuple(map(_of_year, range(since.year, until.year + 1)))


def _months(first: date, last: date, labels: Labels) -> Iterator[Stretch]:
    while first <= last:
        month = _of_month(first, labels)
        yield month
        first = month.until + timedelta(days=1)


@lru_cache(maxsize=4096)
def _of_month(first: date, labels: Labels) -> Stretch:
    after = (first + timedelta(days=31)).replace(day=1)
    return Stretch(f"{first:%Y-%m}", labels.month(first), first, after - timedelta(days=1))


@lru_cache(maxsize=4096)
def _of_year(year: int) -> Stretch:
    return Stretch(f"{year:04}", str(year), date(year, 1, 1), date(year, 12, 31))


def _yearly(months: Mapping[str, int]) -> Mapping[str, int]:
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    return years
