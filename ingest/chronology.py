"""Where in time does an entry belong?  Stated, told by a window or a day, or inferred from its neighbours."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from ingest.model import DateBasis, Dated, Entry


def place_in_time(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with `dated`: an entry without a date lies between its dated neighbours.

    The order of the log is checked, not assumed: neighbours bound an entry only where the log runs
    newest first or oldest first for at least two dated steps out of three, and only those that keep to
    that order.  At either end of a log there is a neighbour on one side only: its days are all that is known.
    """
    own = [_own(entry) for entry in entries]
    direction = _direction([dated.middle for dated in own if dated])
    bounds = _in_order(own, direction) if direction else [None] * len(own)
    above, below = _last(bounds), _last(bounds[::-1])[::-1]
    return tuple(
        replace(entry, dated=dated or _between(before, after))
        for entry, dated, before, after in zip(entries, own, above, below, strict=True)
    )


def _own(entry: Entry) -> Dated | None:
    if entry.published:
        return _stated(entry.published.text)
    for window in entry.current_windows:
        day = window.start.date()
        return Dated(day, day, DateBasis.WINDOW)
    for effective in entry.effective:
        return Dated(effective.day, effective.day, DateBasis.EFFECTIVE)
    return None


def _stated(text: str) -> Dated:
    if len(text) > 7:
        day = date.fromisoformat(text)
        return Dated(day, day, DateBasis.STATED)
    year, month = int(text[:4]), int(text[5:7])
    return Dated(date(year, month, 1), date(year, month, monthrange(year, month)[1]), DateBasis.STATED)


def _direction(days: Sequence[date]) -> int:
    """-1 where the log runs newest first, 1 oldest first, 0 where it keeps no order."""
    steps = [(b > a) - (b < a) for a, b in pairwise(days) if a != b]
    for direction in (-1, 1):
        if steps and 3 * steps.count(direction) >= 2 * len(steps):
            return direction
    return -1 if len(set(days)) <= 1 else 0


RELIABLE = (DateBasis.STATED, DateBasis.WINDOW, DateBasis.EFFECTIVE)  # which tells best when it was written


def _in_order(own: Sequence[Dated | None], direction: int) -> list[Dated | None]:
    """Only the dated ones that keep to the log's order, as many as there can be, reliable ones first: a day
    of a change that comes into effect next year says nothing of when its neighbours were written."""
    kept: list[Dated | None] = [None] * len(own)
    for basis in RELIABLE:
        above, below = _last(kept), _last(kept[::-1])[::-1]
        joined = [
            held
            or (dated if dated and dated.basis is basis and _fits(before, dated, after, direction) else None)
            for dated, held, before, after in zip(own, kept, above, below, strict=True)
        ]
        kept = _longest_run(joined, direction)
    return kept


def _fits(above: Dated | None, dated: Dated, below: Dated | None, direction: int) -> bool:
    days = [direction * one.middle.toordinal() for one in (above, dated, below) if one]
    return days == sorted(days)


def _longest_run(own: Sequence[Dated | None], direction: int) -> list[Dated | None]:
    """The most that can be kept so that each day lies in `direction` of the one before."""
    tails: list[int] = []  # the days that end the best runs of each length
    ends: list[int] = []  # the places of these
    before: dict[int, int] = {}
    for at, dated in enumerate(own):
        if dated is None:
            continue
        day = direction * dated.middle.toordinal()
        length = bisect_right(tails, day)
        tails[length : length + 1], ends[length : length + 1] = [day], [at]
        if length:
            before[at] = ends[length - 1]
    kept, place = set[int](), ends[-1] if ends else None
    while place is not None:
        kept.add(place)
        place = before.get(place)
    return [dated if at in kept else None for at, dated in enumerate(own)]


def _between(above: Dated | None, below: Dated | None) -> Dated | None:
    days = [day for dated in (above, below) if dated for day in (dated.first, dated.last)]
    return Dated(min(days), max(days), DateBasis.INFERRED) if days else None


def _last(own: Iterable[Dated | None]) -> list[Dated | None]:
    """For each entry the last dated one up to it."""
    found: list[Dated | None] = []
    for dated in own:
        found.append(dated or (found[-1] if found else None))
    return found
