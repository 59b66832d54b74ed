"""Do two entries in two languages announce the same?  Evidence, its sum, and the pairs that are safe.

A pair is made where the evidence suffices and no other pairing of the same entries would explain it nearly
as well: rather none than a wrong one.  Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from index.assignment import Pair, best, components
from index.invariants import Invariants

ENOUGH = 3.0  # points of evidence that make a pair
LEAD = 1.0  # points by which it must beat the best pairing without it
RIVAL = ENOUGH - LEAD  # points from which on a pair competes with others
WIDEST = 60  # pairs that compete with each other; more are too alike to tell apart
NEAR = timedelta(days=45)  # logs in two languages are not brought up on the same day
IMPOSSIBLE = -100.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much speaks for a pair, in points, and the kinds of evidence that do."""

    points: float
    evidence: tuple[str, ...]


def likeness(a: Invariants, b: Invariants, extra: Mapping[str, float] | None = None) -> Likeness:
    """All evidence for and against `a` and `b` being one announcement; `extra` comes from outside them."""
    found = {name: rule(a, b) for name, rule in _RULES.items()} | dict(extra or {})
    evidence = tuple(name for name, points in found.items() if points > 0)
    return Likeness(IMPOSSIBLE if a.lang == b.lang else sum(found.values()), evidence)


def _type(a: Invariants, b: Invariants) -> float:
    return 0.5 if a.type is b.type else -1.5


def _windows(a: Invariants, b: Invariants) -> float:
    """The same hours, or the same day; a window that one side has given up counts as well."""
    ours, theirs = a.windows, b.windows
    if not ours or not theirs:
        return 0.0
    if ours & theirs:
        return 2.5
    same_day = {start.date() for start, _ in ours} & {start.date() for start, _ in theirs}
    return 1.5 if same_day else -2.0


def _effective(a: Invariants, b: Invariants) -> float:
    if not a.effective or not b.effective:
        return 0.0
    if a.effective == b.effective:
        return 2.0
    return 1.0 if a.effective & b.effective else -1.5


def _names(each: float, most: float) -> Callable[[Collection[str], Collection[str]], float]:
    def points(ours: Collection[str], theirs: Collection[str]) -> float:
        if not ours or not theirs:
            return 0.0
        common = set(ours) & set(theirs)
        apart = max(len(ours), len(theirs)) - len(common)
        return max(-2.0, min(most, each * len(common)) - 0.5 * apart)

    return points


_ENDPOINTS, _PARAMETERS, _LITERALS = _names(1.25, 3.0), _names(1.25, 4.0), _names(0.75, 1.5)


def _products(a: Invariants, b: Invariants) -> float:
    if a.products == b.products:
        return 1.0 if a.products else 0.0
    if not a.products or not b.products:
        return -0.75
    common = len(a.products & b.products)
    return 0.5 if 2 * common >= len(a.products | b.products) else 0.0 if common else -3.0


def _outages(a: Invariants, b: Invariants) -> float:
    if not a.outages or not b.outages:
        return 0.0
    return 0.5 if a.outages == b.outages else -0.25


def _status(a: Invariants, b: Invariants) -> float:
    return 0.25 if a.status and a.status is b.status else 0.0


def _days(a: Invariants, b: Invariants) -> float:
    """Where both lie in time by headings or neighbours: near each other, or too far apart to be one."""
    if not a.days or not b.days:
        return 0.0
    if _gap(a.days, b.days) > NEAR:
        return -3.0
    narrow = all(last - first <= NEAR for first, last in (a.days, b.days))
    return 1.0 if narrow and not _gap(a.days, b.days) else 0.0


def _gap(a: tuple[date, date], b: tuple[date, date]) -> timedelta:
    return max(a[0] - b[1], b[0] - a[1], timedelta(0))


# Each kind of evidence, in points for (+) or against (−).
_RULES: dict[str, Callable[[Invariants, Invariants], float]] = {
    "type": _type,
    "windows": _windows,
    "effective": _effective,
    "endpoints": lambda a, b: _ENDPOINTS(a.endpoints, b.endpoints),
    "parameters": lambda a, b: _PARAMETERS(a.parameters, b.parameters),
    "products": _products,
    "outages": _outages,
    "literals": lambda a, b: _LITERALS(a.literals, b.literals),
    "status": _status,
    "days": _days,
}


@dataclass(frozen=True, slots=True)
class Match:
    """A pair that was chosen, and how sure it is, from 0 to 1."""

    pair: Pair
    confidence: float


def safe_pairs(points: Mapping[Pair, float]) -> Iterator[Match]:
    """Of candidates with their points, the pairs of the best assignment that nothing rivals."""
    rivals = {pair: found for pair, found in points.items() if found >= RIVAL}
    for group in components(rivals):
        if len(group) <= WIDEST:
            yield from _safe(group, rivals)


def _safe(group: list[Pair], points: Mapping[Pair, float]) -> Iterator[Match]:
    chosen = best(group, points)
    total = _total(chosen, points)
    for pair in chosen:
        lead = total - _without(pair, group, points)
        if points[pair] >= ENOUGH and lead >= LEAD:
            yield Match(pair, round(1 - 2 ** -((points[pair] + min(lead, points[pair])) / 2), 3))


def _without(pair: Pair, group: list[Pair], points: Mapping[Pair, float]) -> float:
    """The sum of the best pairing of a group that does not hold `pair`."""
    others = {one: points[one] for one in group if one != pair}
    return sum(_total(best(part, others), others) for part in components(others))


def _total(pairs: Iterable[Pair], points: Mapping[Pair, Any]) -> float:
    return float(sum(points[pair] for pair in pairs))
