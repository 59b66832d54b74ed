"""Where in time does an entry belong?  Stated, told by a window or a day, or inferred from its neighbours."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from ingest.model import DateBasis, Dated, Entry


def place_in_time(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with `dated`: an entry without a date lies between its dated neighbours.

    The order of the log is checked, not assumed: neighbours bound an entry only where the log runs
    newest first or oldest first for at least two dated steps out of three.
    """
    own = [_own(entry) for entry in entries]
    if not _direction([dated.middle for dated in own if dated]):
        return tuple(replace(entry, dated=dated) for entry, dated in zip(entries, own, strict=True))
    above, below = _last(own), reversed(_last(reversed(own)))
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


def _between(above: Dated | None, below: Dated | None) -> Dated | None:
    days = [dated.middle for dated in (above, below) if dated]
    return Dated(min(days), max(days), DateBasis.INFERRED) if days else None


def _last(own: Iterable[Dated | None]) -> list[Dated | None]:
    """For each entry the last dated one up to it."""
    found: list[Dated | None] = []
    for dated in own:
        found.append(dated or (found[-1] if found else None))
    return found
