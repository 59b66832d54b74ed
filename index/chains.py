"""Which dates gave way to which?  "Was 25 April, now 31 May": over revisions and in an entry's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from index.records import Revision, StoredEntry
from ingest.model import Entry

Moment = tuple[datetime, datetime] | date  # a window's hours in UTC, or a day


@dataclass(frozen=True, slots=True)
class Former:
    """A date that no longer holds.  `until` is when that was first seen, in UTC; None where it was never
    seen to hold: the announcement itself says what it was before."""

    moment: Moment
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Dates of one kind, `windows` or `effective`: the former ones in the order in which they were given up,
    and those that hold, by time; none where an entry was put off without a new date."""

    kind: str
    former: tuple[Former, ...]
    now: tuple[Moment, ...]


def chains(stored: StoredEntry, life: Sequence[Revision]) -> tuple[Chain, ...]:
    """The chain of each kind of date that was ever replaced; `life` are the entry's revisions."""
    states = [(revision.entry, revision.seen) for revision in life[:-1]]
    states.append((stored.entry, life[-1].seen if life else stored.last_changed))
    found = (_chain(kind, holds, given_up, states) for kind, holds, given_up in _KINDS)
    return tuple(chain for chain in found if chain.former)


def _windows(entry: Entry) -> Iterable[Moment]:
    return ((window.start, window.end) for window in entry.current_windows)


def _old_windows(entry: Entry) -> Iterable[Moment]:
    return ((window.start, window.end) for window in entry.windows if window.superseded)


def _days(entry: Entry) -> Iterable[Moment]:
    return (effective.day for effective in entry.effective)


def _old_days(entry: Entry) -> Iterable[Moment]:
    return (effective.day for effective in entry.given_up)


Dates = Callable[[Entry], Iterable[Moment]]
_KINDS: tuple[tuple[str, Dates, Dates], ...] = (
    ("windows", _windows, _old_windows),
    ("effective", _days, _old_days),
)


def _chain(kind: str, holds: Dates, given_up: Dates, states: Sequence[tuple[Entry, datetime]]) -> Chain:
    now = sorted(set(holds(states[-1][0])), key=_order)
    former: dict[Moment, Former] = {}
    for each in (*_told(given_up, states), *_replaced(holds, states)):
        former.pop(each.moment, None)
        former[each.moment] = each
    return Chain(kind, tuple(f for f in former.values() if f.moment not in now), tuple(now))


def _told(given_up: Dates, states: Sequence[tuple[Entry, datetime]]) -> Iterator[Former]:
    """Dates that the announcement itself calls former."""
    for entry, _ in states:
        yield from (Former(moment, None) for moment in sorted(set(given_up(entry)), key=_order))


def _replaced(holds: Dates, states: Sequence[tuple[Entry, datetime]]) -> Iterator[Former]:
    """Dates that one revision holds and the next one does not."""
    for (before, _), (after, seen) in pairwise(states):
        left = set(holds(before)) - set(holds(after))
        yield from (Former(moment, seen) for moment in sorted(left, key=_order))


def _order(moment: Moment) -> tuple[str, str]:
    """By time; a kind holds either hours or days."""
    if isinstance(moment, date):
        return moment.isoformat(), ""
    start, end = moment
    return start.isoformat(), end.isoformat()
