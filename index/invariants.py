"""What does an entry say that no translation changes?  Windows, days, names, parameters, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from index.revisions import announcement
from ingest.lexicon import Lexicon
from ingest.model import DateBasis, Entry, EntryType, Status

Hours = tuple[datetime, datetime]
# order_id · filters[x] · dns-txt-token · 398: what is printed alike in every language, but not hours or years
_LITERAL = re.compile(r"(?<![\w:.,/-])(?:[a-z]+(?:[_.\[][\w.\]]+)+|[a-z]+(?:-[a-z]+){2,}|\d{3,})(?![\w:])")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Invariants:
    """What is compared of an entry across languages; `vendor` is None where it is not known.

    `windows` are hours in UTC, `effective` days; of both also those that were given up.  `endpoints` are
    the names by which a vendor's pack lists them first, or calls; names that no pack knows are left out.
    `days` is where the entry lies by a date heading or its neighbours, None where only its own window or
    effective day says so.
    """

    vendor: str | None
    lang: str
    type: EntryType
    windows: frozenset[Hours] = frozenset()
    effective: frozenset[date] = frozenset()
    outages: tuple[int, ...] = ()
    endpoints: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    literals: frozenset[str] = frozenset()
    status: Status | None = None
    days: tuple[date, date] | None = None


def invariants(entry: Entry, text: str, vendor: str | None, lexicon: Lexicon) -> Invariants:
    """The invariants of an entry of a vendor, whose own characters are `text`."""
    parameters = frozenset(m.name for m in entry.parameters)
    return Invariants(
        vendor=vendor,
        lang=entry.lang,
        type=entry.type,
        windows=frozenset((w.start, w.end) for w in entry.windows),
        effective=frozenset(e.day for e in (*entry.effective, *entry.given_up)),
        outages=tuple(sorted(o.minutes for o in entry.outages)),
        endpoints=frozenset(name for m in entry.endpoints if (name := _endpoint(m.name, lexicon))),
        parameters=parameters,
        products=frozenset(m.name for m in entry.products),
        literals=frozenset(_literals(announcement(entry, text))) - parameters,
        status=entry.status.status if entry.status else None,
        days=_days(entry),
    )


def marks(of: Invariants) -> Iterator[str]:
    """Short strings of which twins share at least one: where to look for candidates."""
    vendor = of.vendor or ""
    yield from (f"w {vendor} {start:%Y-%m-%d}" for start, _ in of.windows)
    yield from (f"e {vendor} {day}" for day in of.effective)
    yield from (f"n {vendor} {name}" for name in of.endpoints)
    yield from (f"p {vendor} {name}" for name in of.parameters)


def _endpoint(name: str, lexicon: Lexicon) -> str | None:
    return name if "/" in name else lexicon.endpoint(name)


def _literals(text: str) -> Iterator[str]:
    return (found for found in _LITERAL.findall(text) if not _YEAR.fullmatch(found))


def _days(entry: Entry) -> tuple[date, date] | None:
    dated = entry.dated
    if dated is None or dated.basis in (DateBasis.WINDOW, DateBasis.EFFECTIVE):
        return None
    return dated.first, dated.last
