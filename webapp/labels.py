"""What is each thing called, and how is a date written, in the language of the page?"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from index.chains import Chain, Moment
from ingest.model import DateBasis, Dated, DiagnosticCode, EntryType, Status, Window
from webapp import sayings
from webapp.catalogue import DEFAULT, N_, catalogue

_TYPES = {
    EntryType.MAINTENANCE: N_("Maintenance"),
    EntryType.API_CHANGE: N_("API change"),
    EntryType.FEATURE: N_("Feature"),
    EntryType.BUGFIX: N_("Bug fix"),
    EntryType.DEPRECATION: N_("Deprecation"),
    EntryType.POLICY: N_("Policy"),
    EntryType.NOTICE: N_("Notice"),
}
_STATUSES = {Status.CANCELLED: N_("Cancelled"), Status.MOVED: N_("Moved"), Status.POSTPONED: N_("Postponed")}
_GONE = N_("No longer in the source")
_FACETS = {
    "type": N_("Type"),
    "product": N_("Product"),
    "endpoint": N_("Endpoint"),
    "param": N_("Parameter"),
    "lang": N_("Language"),
    "year": N_("Year"),
    "status": N_("Status"),
}
_PLURALS = {
    "type": N_("Types"),
    "product": N_("Products"),
    "endpoint": N_("Endpoints"),
    "param": N_("Parameters"),
    "year": N_("Years"),
}
_BASES = {
    DateBasis.STATED: N_("stated by the heading above it"),
    DateBasis.WINDOW: N_("the day of its maintenance window"),
    DateBasis.EFFECTIVE: N_("the day it takes effect"),
    DateBasis.INFERRED: N_("inferred from the dated entries around it"),
}
_DIAGNOSTICS = {
    DiagnosticCode.UTC_MISMATCH: N_("Local and UTC hours disagree"),
    DiagnosticCode.ZONE_SEASON: N_("Zone name out of season"),
    DiagnosticCode.YEAR_MISMATCH: N_("Years disagree"),
    DiagnosticCode.WEEKDAY_MISMATCH: N_("Weekday does not fit the date"),
    DiagnosticCode.PARTLY_CANCELLED: N_("Only one window is cancelled"),
    DiagnosticCode.INVALID_DATE: N_("No such date"),
    DiagnosticCode.UNKNOWN_ZONE: N_("Unknown time zone"),
    DiagnosticCode.UNKNOWN_YEAR: N_("Unknown year"),
    DiagnosticCode.CLOSE_CALL: N_("Close call"),
    DiagnosticCode.TWIN_WINDOW: N_("Windows differ between languages"),
    DiagnosticCode.TWIN_OUTAGE: N_("Outages differ between languages"),
    DiagnosticCode.TWIN_EFFECTIVE: N_("Days differ between languages"),
    DiagnosticCode.TWIN_STATUS: N_("Status differs between languages"),
}
_FIELDS = {
    "title": N_("title"),
    "text": N_("text"),
    "type": N_("type"),
    "status": N_("status"),
    "products": N_("products"),
    "endpoints": N_("endpoints"),
    "parameters": N_("parameters"),
    "lang": N_("language"),
    "windows": N_("maintenance windows"),
    "effective": N_("effective dates"),
    "outages": N_("outages"),
    "published": N_("date heading"),
    "no_downtime": N_("downtime"),
    "gone": N_("no longer in the source"),
    "back": N_("back in the source"),
}
_WEEKDAYS = {name: number for number, name in get_day_names(locale=DEFAULT).items()}


class Labels:
    """The interface's words in one language; `labels_in` hands them out."""

    def __init__(self, language: str) -> None:
        self.language, self.locale = language, Locale(language)
        self._catalogue = catalogue(language)
        self._said: dict[str, str] = {}  # messages are few, and asked for thousands of times
        self._languages = {str(code): str(name) for code, name in self.locale.languages.items()}

    def gettext(self, message: str, **values: object) -> str:
        """The message in this language, with its `%(name)s` filled in."""
        said = self._said.get(message)
        if said is None:
            said = self._said[message] = str(self._catalogue.gettext(message))
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """One of two messages, by number; `%(num)s` is the number as this language writes it."""
        said = str(self._catalogue.ngettext(one, many, number))
        return said % {"num": self.number(number), **values}

    def say(self, sentence: str) -> str:
        """A sentence that a room below made in English, or as it is where it is not known."""
        found = sayings.recognised(sentence)
        if found is None or self.language == DEFAULT:
            return sentence
        saying, values = found
        return self.gettext(saying) % {name: self._word(value) for name, value in values.items()}

    def _word(self, value: str) -> str:
        """A value inside a sentence; weekdays have a name in every language."""
        return str(get_day_names(locale=self.locale)[_WEEKDAYS[value]]) if value in _WEEKDAYS else value

    def number(self, of: int) -> str:
        return _decimal(of, self.language)

    def counted(self, number: int) -> tuple[str, str]:
        """A number as this language writes it, and so many entries."""
        return _counted(number, self.language)

    def entries(self, number: int) -> str:
        """1 is "1 entry", 2 "2 entries"."""
        return _entries(number, self.language)

    def _entries(self, number: int) -> str:
        return self.ngettext("%(num)s entry", "%(num)s entries", number)

    def newest_first(self, number: int) -> str:
        """What a listing holds."""
        entries = self.entries(number)
        return entries if number == 1 else self.gettext("%(entries)s, newest first", entries=entries)

    def type(self, of: EntryType) -> str:
        return self.gettext(_TYPES[of])

    def status(self, of: Status) -> str:
        return self.gettext(_STATUSES[of])

    def facet(self, name: str) -> str:
        """What one value of a facet is: Type, Product, Endpoint …"""
        return self.gettext(_FACETS[name])

    def plural(self, facet: str) -> str:
        """What the values of a facet are: Types, Products, Endpoints …"""
        return self.gettext(_PLURALS[facet])

    def basis(self, of: DateBasis) -> str:
        return self.gettext(_BASES[of])

    def diagnostic(self, code: DiagnosticCode) -> str:
        return self.gettext(_DIAGNOSTICS[code])

    def value(self, facet: str, name: str) -> str:
        """A facet's value in words: `api_change` is API change; names of products are left as they are."""
        if facet == "lang":
            return self._languages.get(name, name)
        if facet == "type" and name in _TYPES:
            return self.type(EntryType(name))
        if facet == "status" and name in (*_STATUSES, "gone"):
            return self.status(Status(name)) if name in _STATUSES else self.gettext(_GONE)
        return name

    def written(self, of: date, pattern: str) -> str:
        """A date by a pattern of CLDR: `MMM y` is `Mar 2022`."""
        return _date(of, pattern, self.language)

    def day(self, of: date) -> str:
        return self.written(of, "d MMM y")

    def month(self, of: date) -> str:
        return self.written(of, "MMMM y")

    def months(self, first: date, last: date) -> str:
        """One month, or the first and the last of several: `March 2022`, `Mar – May 2022`."""
        if _same_month(first, last):
            return self.month(first)
        begins, ends = self.span_patterns(same_year=first.year == last.year)
        return self.written(first, begins) + self.written(last, ends)

    def span_patterns(self, *, same_year: bool) -> tuple[str, str]:
        """How this language writes the first and the last of several months, as patterns of CLDR."""
        begins, ends = self.locale.interval_formats["yMMM"]["M" if same_year else "y"]
        return begins, ends

    def when(self, dated: Dated) -> str:
        """An entry's place in time, as short as it is honest: a day, a month, or "about" some."""
        return _when(dated.first, dated.last, dated.inferred, self.language)

    def _when(self, first: date, last: date, inferred: bool) -> str:
        if inferred:
            return self.gettext("about %(month)s", month=self.months(first, last))
        if first == last:
            return self.day(first)
        if _same_month(first, last):
            return self.month(first)
        return f"{self.day(first)} – {self.day(last)}"

    def moment(self, at: datetime) -> str:
        """A moment in UTC."""
        return _moment(at, self.language)

    def _moment(self, at: datetime) -> str:
        return f"{self.day(at.date())}, {at:%H:%M} UTC"

    def window(self, of: Window) -> str:
        """A window in UTC: `5 Jun 2022, 04:00–06:00 UTC`."""
        return f"{self.day(of.start.date())}, {self.hours(of.start, of.end)}"

    def chain(self, of: Chain) -> str:
        """What a date was, and what it is now: `Was 25 Apr 2022, now 31 May 2022`."""
        former = ", ".join(self.date_or_window(each.moment) for each in of.former)
        if not of.now:
            return self.gettext("Was %(former)s; there is no new date yet", former=former)
        now = ", ".join(map(self.date_or_window, of.now))
        return self.gettext("Was %(former)s, now %(now)s", former=former, now=now)

    def date_or_window(self, of: Moment) -> str:
        if isinstance(of, date):
            return self.day(of)
        return f"{self.day(of[0].date())}, {self.hours(*of)}"

    def hours(self, start: datetime, end: datetime) -> str:
        """The hours of a window, the last day only where it is not the first."""
        if start.date() == end.date():
            return f"{start:%H:%M}–{end:%H:%M} UTC"
        return f"{start:%H:%M} – {self.moment(end)}"

    def minutes(self, of: int) -> str:
        """60 is "1 hour", 90 "1 hour 30 minutes"."""
        hours, rest = divmod(of, 60)
        parts = [self.ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
        parts += [self.ngettext("%(num)s minute", "%(num)s minutes", rest)] if rest or not hours else []
        return " ".join(parts)

    def changes(self, fields: tuple[str, ...]) -> str:
        """What changed, as a sentence: `("title", "windows")` is "Title, maintenance windows"."""
        words = ", ".join(self.gettext(_FIELDS[name]) if name in _FIELDS else name for name in fields)
        return words[:1].upper() + words[1:]


def own_name(language: str) -> str:
    """What a language calls itself: English, Français."""
    name = labels_in(language).value("lang", language)
    return name[:1].upper() + name[1:]


@lru_cache
def labels_in(language: str) -> Labels:
    """The words of one of `catalogue.LANGUAGES`."""
    return Labels(language)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


@lru_cache(maxsize=8192)
def _decimal(of: int, language: str) -> str:
    return str(format_decimal(of, locale=labels_in(language).locale))


@lru_cache(maxsize=1 << 15)
def _date(of: date, pattern: str, language: str) -> str:
    return str(format_date(of, pattern, locale=labels_in(language).locale))


@lru_cache(maxsize=1 << 15)
def _when(first: date, last: date, inferred: bool, language: str) -> str:
    return labels_in(language)._when(first, last, inferred)


@lru_cache(maxsize=8192)
def _moment(at: datetime, language: str) -> str:
    return labels_in(language)._moment(at)


@lru_cache(maxsize=8192)
def _counted(number: int, language: str) -> tuple[str, str]:
    return _decimal(number, language), _entries(number, language)


@lru_cache(maxsize=8192)
def _entries(number: int, language: str) -> str:
    return labels_in(language)._entries(number)
