"""Which dates gave way to which?  "Was 25 April, now 31 May": over revisions and in an entry's own words.

And which window is still the same one, for calendars that know it by a number?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, pairwise

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
    if not states and tells_no_move(stored.entry):
        return ()
    states.append((stored.entry, life[-1].seen if life else stored.last_changed))
    found = (_chain(kind, holds, given_up, states) for kind, holds, given_up in _KINDS)
    return tuple(chain for chain in found if chain.former)


def tells_no_move(entry: Entry) -> bool:
    """Whether the entry itself calls no date a former one."""
    return not entry.given_up and not any(window.superseded for window in entry.windows)


def moves(life: Sequence[Revision]) -> int:
    """How often the publisher changed the entry's windows or their status; `life` are its revisions."""
    return sum(bool({"windows", "status"} & set(revision.changed)) for revision in life)


def window_numbers(stored: StoredEntry, life: Sequence[Revision]) -> dict[Moment, int]:
    """A number for each of the entry's current windows, from 1, that stays while the window holds.

    A window that moves takes its number along: those of a revision that the one before did not hold get the
    lowest numbers that are free, in their order.
    """
    numbers: dict[Moment, int] = {}
    for entry in (*(revision.entry for revision in life[:-1]), stored.entry):
        held = {window: numbers[window] for window in _windows(entry) if window in numbers}
        free = (number for number in count(1) if number not in held.values())
        numbers = {window: held.get(window) or next(free) for window in dict.fromkeys(_windows(entry))}
    return numbers


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
