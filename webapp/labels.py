"""What is each thing called, and how is a date written, on our pages?"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from ingest.model import DateBasis, Dated, DiagnosticCode, EntryType, Status, Window

TYPES = {
    EntryType.MAINTENANCE: "Maintenance",
    EntryType.API_CHANGE: "API change",
    EntryType.FEATURE: "Feature",
    EntryType.BUGFIX: "Bug fix",
    EntryType.DEPRECATION: "Deprecation",
    EntryType.POLICY: "Policy",
    EntryType.NOTICE: "Notice",
}
STATUSES = {Status.CANCELLED: "Cancelled", Status.MOVED: "Moved", Status.POSTPONED: "Postponed"}
_VALUES: dict[str, dict[str, str]] = {
    "type": {str(key): word for key, word in TYPES.items()},
    "status": {str(key): word for key, word in STATUSES.items()},
    "lang": {str(code): str(name) for code, name in Locale("en").languages.items()},
}
FACETS = {
    "type": "Type",
    "product": "Product",
    "endpoint": "Endpoint",
    "param": "Parameter",
    "lang": "Language",
    "year": "Year",
    "status": "Status",
}
PLURALS = {
    "type": "Types",
    "product": "Products",
    "endpoint": "Endpoints",
    "param": "Parameters",
    "year": "Years",
}
BASES = {
    DateBasis.STATED: "stated by the heading above it",
    DateBasis.WINDOW: "the day of its maintenance window",
    DateBasis.EFFECTIVE: "the day it takes effect",
    DateBasis.INFERRED: "inferred from the dated entries around it",
}
DIAGNOSTICS = {
    DiagnosticCode.UTC_MISMATCH: "Local and UTC hours disagree",
    DiagnosticCode.ZONE_SEASON: "Zone name out of season",
    DiagnosticCode.YEAR_MISMATCH: "Years disagree",
    DiagnosticCode.WEEKDAY_MISMATCH: "Weekday does not fit the date",
    DiagnosticCode.INVALID_DATE: "No such date",
    DiagnosticCode.UNKNOWN_ZONE: "Unknown time zone",
    DiagnosticCode.UNKNOWN_YEAR: "Unknown year",
    DiagnosticCode.CLOSE_CALL: "Close call",
    DiagnosticCode.TWIN_WINDOW: "Windows differ between languages",
    DiagnosticCode.TWIN_OUTAGE: "Outages differ between languages",
    DiagnosticCode.TWIN_EFFECTIVE: "Days differ between languages",
    DiagnosticCode.TWIN_STATUS: "Status differs between languages",
}


def value(facet: str, name: str) -> str:
    """A facet's value in words: `api_change` is API change; names of products are left as they are."""
    return _VALUES.get(facet, {}).get(name, name)


@lru_cache(maxsize=4096)
def day(of: date) -> str:
    return str(format_date(of, "d MMM y", locale="en"))


@lru_cache(maxsize=4096)
def month(of: date) -> str:
    return str(format_date(of, "MMMM y", locale="en"))


def when(dated: Dated) -> str:
    """An entry's place in time, as short as it is honest: a day, a month, or "about" one."""
    if dated.first == dated.last:
        return day(dated.first)
    if dated.basis is DateBasis.INFERRED:
        return f"about {month(dated.middle)}"
    if (dated.first.year, dated.first.month) == (dated.last.year, dated.last.month):
        return month(dated.first)
    return f"{day(dated.first)} – {day(dated.last)}"


def moment(at: datetime) -> str:
    """A moment in UTC."""
    return f"{day(at.date())}, {at:%H:%M} UTC"


def window(of: Window) -> str:
    """A window in UTC: `5 Jun 2022, 04:00–06:00 UTC`."""
    return f"{day(of.start.date())}, {hours(of.start, of.end)}"


def hours(start: datetime, end: datetime) -> str:
    """The hours of a window, the last day only where it is not the first."""
    if start.date() == end.date():
        return f"{start:%H:%M}–{end:%H:%M} UTC"
    return f"{start:%H:%M} – {moment(end)}"


def minutes(of: int) -> str:
    """60 is "1 hour", 90 "1 hour 30 minutes"."""
    hours, rest = divmod(of, 60)
    parts = [_plural(hours, "hour")] if hours else []
    parts += [_plural(rest, "minute")] if rest or not hours else []
    return " ".join(parts)


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_FIELDS = {
    "lang": "language",
    "windows": "maintenance windows",
    "effective": "effective dates",
    "outages": "outages",
    "published": "date heading",
    "no_downtime": "downtime",
    "gone": "no longer in the source",
    "back": "back in the source",
}


def changes(fields: tuple[str, ...]) -> str:
    """The names of what changed, as a sentence: `("title", "windows")` is "Title, maintenance windows"."""
    words = ", ".join(_FIELDS.get(name, name) for name in fields)
    return words[:1].upper() + words[1:]
