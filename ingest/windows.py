"""Which maintenance windows does a text announce?  Chains of dates, hours and zones → windows in UTC."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC as UTC_ZONE
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from ingest.dates import (
    UNKNOWN_ZONE,
    UTC,
    Grammar,
    Kind,
    Token,
    calendar_day,
    chains,
    in_season,
    offset_at,
    year_near,
)
from ingest.grammar import FIELD
from ingest.model import Diagnostic, DiagnosticCode, Span, Window
from ingest.packfile import Zone

DAY = timedelta(days=1)
REMARK = 40  # characters of a remark in brackets
SAME_DAY = 80  # characters before hours in which "the same day" stands
NEAR_BRACKET = 12  # characters before hours in which their bracket opens
LONGEST_NAME = 40  # characters of a cell between a day and its hours
BLANK_CELL = " \u00a0|"
NEAREST = 8  # dates looked back at for hours without one
Sentence = Callable[[int], Span]


class Hours(Struct, frozen=True, gc=False):
    """A printed range of hours: where it begins and ends, and the date and zone printed with it."""

    start: Token
    end: Token
    span: Span
    day: Token | None = None
    end_day: Token | None = None
    zone: Zone | None = None
    end_zone: Zone | None = None
    aside: Hours | None = None  # the same, told in brackets behind start and end

    @property
    def universal(self) -> bool:
        return self.zone is not None and self.zone.offset == 0


class Calendar(Struct, frozen=True, gc=False):
    """What a date without a year is read against: the day of the heading above it, or a year."""

    anchor: date | None = None
    year: int | None = None
    zone: Zone | None = None

    def year_of(self, token: Token) -> int | None:
        if token.year:
            return token.year
        return year_near(token, self.anchor) if self.anchor else self.year


class Found(Struct, frozen=True, gc=False):
    """The windows of a text, what is wrong with them, and the dates that went into them."""

    windows: tuple[Window, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    used: frozenset[Token] = frozenset()


def find(
    grammar: Grammar, text: str, tokens: Sequence[Token], calendar: Calendar, sentence: Sentence
) -> Found:
    """Every dated from-to range of hours among `tokens`, in order."""
    windows: list[Window] = []
    diagnostics: list[Diagnostic] = []
    used: set[Token] = set()
    told: set[tuple[datetime, datetime]] = set()
    dates = [token for token in tokens if token.kind is Kind.DATE and token.day]
    for chain in chains(grammar, text, tokens):
        ranges = list(_ranges(grammar, text, chain))
        ranges[:1] = [_dated(grammar, hours, dates, text, sentence, used) for hours in ranges[:1]]
        for local, universal in _pairs(grammar, text, ranges):
            window, wrong = _window(local, universal, calendar)
            used |= {
                day for hours in (local, universal) if hours for day in (hours.day, hours.end_day) if day
            }
            if window is None:
                diagnostics += wrong
            elif (window.start, window.end) not in told:
                told.add((window.start, window.end))
                windows.append(_closed(text, window))
                diagnostics += wrong
    return Found(tuple(windows), tuple(diagnostics), frozenset(used))


def _closed(text: str, window: Window) -> Window:
    """The window with the bracket behind it, where one stands open in its span."""
    said, end = window.span.of(text), window.span.end
    if said.count("(") <= said.count(")") or text[end : end + 1] != ")":
        return window
    return replace(window, span=Span(window.span.start, end + 1))


def _ranges(grammar: Grammar, text: str, chain: list[Token]) -> Iterator[Hours]:
    """The ranges of hours of a chain, each with the date that stands before it, else after it."""
    day: Token | None = None
    zone: Zone | None = None
    at = 0
    while at < len(chain):
        token = chain[at]
        if token.kind is Kind.ZONE:
            zone = token.zone if _heads_hours(text, chain, at) else None
        elif token.kind is Kind.DATE:
            if not _remarked(text, token):
                day = token if token.day else None
        elif token.kind is Kind.TIME:
            hours, after = _range(grammar, text, chain, at)
            if hours:
                bracketed = _ends_bracket(text, hours, chain, after)
                if (day is None and _lone_date(grammar, text, chain, after)) or bracketed:
                    day = chain[after]
                    after += 1
                if hours.zone is None and zone is not None:
                    hours = replace(hours, zone=zone, end_zone=zone)
                yield replace(hours, day=hours.day or day)
                if hours.end_day:
                    day = None
                at = after
                # the date speaks for the ranges that follow too, unless one of their own stands before them
                continue
        at += 1


def _heads_hours(text: str, chain: list[Token], at: int) -> bool:
    """Whether a zone names a cell or field of hours, "UTC: 22:00 – 24:00", or stands in brackets behind its
    name, "Time (MDT) | 22:00 – 24:00"."""
    start, before = chain[at].span.start, chain[at - 1].span.end if at else 0
    if at + 1 == len(chain):
        return False
    above = text[max(before, start - REMARK) : start]
    behind = text[chain[at].span.end : chain[at + 1].span.start].strip(" \u00a0")
    if "\n" in above and not above.strip(" \u00a0|\n*•-"):
        return behind in ("|", ":")
    named = above.endswith("(") and any(map(str.isalpha, above))
    return named and behind.startswith(")") and behind[1:].strip(" \u00a0") in ("|", ":")


def _remarked(text: str, date: Token) -> bool:
    """Whether a date ends a remark in brackets behind another one: "June 9 (was June 2), 22:00 – 24:00"."""
    start, end = date.span.start, date.span.end
    opened = text.rfind("(", max(0, start - REMARK), start) if text.startswith(")", end) else -1
    words = text[opened + 1 : start] if opened >= 0 else ""
    return ")" not in words and "\n" not in words and any(map(str.isalpha, words))


def _ends_bracket(text: str, hours: Hours, chain: list[Token], at: int) -> bool:
    """Whether a date stands behind hours in the same bracket: "(05:00 – 07:00 UTC on November 10, 2019)"."""
    if hours.day or at >= len(chain) or chain[at].kind is not Kind.DATE or not chain[at].day:
        return False
    opened = text[max(0, hours.span.start - NEAR_BRACKET) : hours.span.start].rfind("(")
    inside = opened >= 0 and "(" not in text[hours.span.start : chain[at].span.start]
    return inside and text.startswith(")", chain[at].span.end)


def _lone_date(grammar: Grammar, text: str, chain: list[Token], at: int) -> bool:
    """Whether a date stands at `at` that no hours of its own follow (hours in brackets are not)."""
    if at >= len(chain) or chain[at].kind is not Kind.DATE or not chain[at].day:
        return False
    if at + 1 >= len(chain) or chain[at + 1].kind is not Kind.TIME:
        return True
    return bool(grammar.also.search(text[chain[at].span.end : chain[at + 1].span.start]))


class Instant(Struct, frozen=True, gc=False):
    """[date] hour [zone] [(the same in another zone)]: one end of a range; `after` is the token behind it."""

    hour: Token
    day: Token | None
    zone: Zone | None
    aside: Instant | None
    after: int


def _instant(text: str, chain: list[Token], at: int, inside: bool = False) -> Instant | None:
    """The instant that begins at `at` of the chain, if one does; `inside` the brackets of another one."""
    day = None
    if at < len(chain) and chain[at].kind is Kind.DATE and chain[at].day:
        day, at = chain[at], at + 1
    if at >= len(chain) or chain[at].kind is not Kind.TIME:
        return None
    hour, zone, at = chain[at], chain[at].zone, at + 1
    if at < len(chain) and chain[at].kind is Kind.ZONE and not _heads_hours(text, chain, at):
        zone, at = chain[at].zone, at + 1
    aside = None
    if not inside and at < len(chain) and "(" in text[chain[at - 1].span.end : chain[at].span.start]:
        aside = _instant(text, chain, at, inside=True)
        if aside and text[chain[aside.after - 1].span.end : chain[aside.after - 1].span.end + 1] == ")":
            at = aside.after
        else:
            aside = None
    return Instant(hour, day, zone, aside, at)


def _day_behind(text: str, chain: list[Token], at: int) -> Instant | None:
    """The instant that begins with an hour whose day stands behind it: "23:30 UTC on December 9, 2025"."""
    instant = _instant(text, chain, at) if at < len(chain) and chain[at].kind is Kind.TIME else None
    if instant is None or instant.aside or instant.after >= len(chain):
        return None
    day, after = chain[instant.after], instant.after + 1
    if day.kind is not Kind.DATE or not day.day or "(" in text[instant.hour.span.end : day.span.start]:
        return None
    zone = instant.zone
    if zone is None and after < len(chain) and chain[after].kind is Kind.ZONE:
        zone, after = chain[after].zone, after + 1
    return Instant(instant.hour, day, zone, None, after)


def _says_until(text: str, left: Token, right: Token) -> bool:
    """Whether a word leads from one token to the other on its line; a dash may be a list's."""
    between = text[left.span.end : right.span.start]
    return "\n" not in between and any(map(str.isalpha, between))


def _range(grammar: Grammar, text: str, chain: list[Token], at: int) -> tuple[Hours | None, int]:
    """The range that begins with the hour at `at`: an instant, "to", an instant."""
    for instant in (_instant, _day_behind):
        first = instant(text, chain, at)
        last = instant(text, chain, first.after) or _instant(text, chain, first.after) if first else None
        if not first or not last:
            continue
        ends = chain[first.after - 1], chain[first.after]
        if _parts(grammar, text, *ends) and (instant is _instant or _says_until(text, *ends)):
            break
    else:
        return None, at + 1
    aside = None
    if first.aside and last.aside:
        aside = _hours(first.aside, last.aside, Span(first.aside.hour.span.start, last.aside.hour.span.end))
    span = Span(first.hour.span.start, chain[last.after - 1].span.end)
    return replace(_hours(first, last, span), aside=aside), last.after


def _hours(first: Instant, last: Instant, span: Span) -> Hours:
    zone = first.zone or last.zone
    return Hours(first.hour, last.hour, span, first.day, last.day, zone, last.zone or zone)


def _parts(grammar: Grammar, text: str, left: Token, right: Token) -> bool:
    gap = text[left.span.end : right.span.start]
    if gap.strip() == "|" or (right.kind is Kind.DATE and gap.strip() == "/"):
        return True  # columns "from | to"; 2025-09-21T03:00Z/2025-09-21T04:00Z
    return bool(grammar.range.search(gap) or grammar.range_end.search(gap))


def _dated(
    grammar: Grammar,
    hours: Hours,
    dates: list[Token],
    text: str,
    sentence: Sentence,
    used: set[Token],
) -> Hours:
    """The hours with the date of their sentence, where their own chain has none; "the same day" is the one
    that the entry names first, remarks in brackets aside."""
    if hours.day is not None:
        return hours
    around = sentence(hours.span.start)
    at = bisect_left(dates, hours.span.start, key=lambda token: token.span.start)
    for token in reversed(dates[max(0, at - NEAREST) : at]):
        if token.span.start in around and token not in used and not _remarked(text, token):
            return replace(hours, day=token)
        if token.span.end < around.start and _leads_in(text, token, around.start):
            return replace(hours, day=token)
        if _over_name(text, token, hours.span.start):
            return replace(hours, day=token)
    reach = max(around.start, hours.span.start - SAME_DAY)
    if at and grammar.same_day.search(text, reach, hours.span.start):
        told = (day for day in dates[:NEAREST] if not _remarked(text, day))
        return replace(hours, day=next(told, dates[0]))
    return hours


def _leads_in(text: str, day: Token, start: int) -> bool:
    """Whether a date ends a line with a colon, above lines of hours ("… on Thursday, May 16, 2024:"), or is
    the value of a field right above one of hours."""
    after = text[day.span.end : day.span.end + 3].lstrip()
    field = FIELD.match(text, start) is not None and text[day.span.end : start].strip(" \u00a0.") == "\n"
    return start - day.span.end < 400 and (after.startswith(":") or field)


def _over_name(text: str, day: Token, start: int) -> bool:
    """Whether a date alone on its line stands over a name, and that over the hours at `start`: cells of a
    row with a cell a line."""
    if start - day.span.end > 2 * LONGEST_NAME:
        return False
    between = [line.strip(BLANK_CELL) for line in text[day.span.end : start].split("\n")]
    above = text[text.rfind("\n", 0, day.span.start) + 1 : day.span.start].strip(BLANK_CELL)
    if len(between) != 3 or above or between[0] or between[2]:
        return False
    return 0 < len(between[1]) <= LONGEST_NAME


def _pairs(grammar: Grammar, text: str, ranges: list[Hours]) -> Iterator[tuple[Hours, Hours | None]]:
    """(hours, the same hours in UTC): two renditions of one window beside each other count as one."""
    at = 0
    while at < len(ranges):
        hours = ranges[at]
        if hours.aside is not None and hours.aside.universal:
            alone = hours.zone is None
            aside = replace(hours.aside, day=hours.aside.day or hours.day)
            yield (aside, None) if alone else (hours, hours.aside)
            at += 1
            continue
        other = ranges[at + 1] if at + 1 < len(ranges) else None
        if other is not None and _universal_column(text, hours, other):
            other = replace(other, zone=UTC)
        if other is not None and _in_unknown_zone(text, hours, other):
            yield replace(other, day=other.day or hours.day), None
            at += 2
        elif other is not None and _same_window(grammar, text, hours, other):
            at += 2
            while at < len(ranges) and _same_window(grammar, text, hours, ranges[at]) and not ranges[at].day:
                at += 1
            if hours.universal and not other.universal:
                hours, other = (replace(other, day=None) if other.day is hours.day else other), hours
            elif other.day is hours.day:
                other = replace(other, day=None)
            yield (hours, other) if other.universal else (hours, None)
        else:
            at += 1
            yield hours, None


def _in_unknown_zone(text: str, hours: Hours, other: Hours) -> bool:
    """Whether hours in a zone that no pack knows are told again in UTC, in brackets right behind."""
    between = text[hours.span.end : _begins_behind(hours, other)]
    return hours.zone is None and other.universal and UNKNOWN_ZONE.fullmatch(between) is not None


def _universal_column(text: str, hours: Hours, other: Hours) -> bool:
    """Whether the next cell says the hours again, without a zone: such columns are in UTC."""
    if hours.zone is None or hours.universal or other.zone is not None:
        return False
    gap = text[hours.span.end : other.span.start]
    return "|" in gap or "\t" in gap or ("\n" in gap and _an_offset_apart(hours, other))


def _an_offset_apart(hours: Hours, other: Hours) -> bool:
    """Whether `other` reads as `hours` in UTC, but for an hour of summer time."""
    if hours.zone is None or hours.zone.offset is None:
        return False
    apart = [
        o.minutes - h.minutes + hours.zone.offset
        for h, o in ((hours.start, other.start), (hours.end, other.end))
    ]
    return all((minutes + 60) % 1440 <= 120 for minutes in apart) and apart[0] % 1440 == apart[1] % 1440


def _begins_behind(left: Hours, right: Hours) -> int:
    """Where `right` begins: with its day, or with its hours where it has that of `left`."""
    own = right.day is not None and right.day.span.start >= left.span.end
    return right.day.span.start if own and right.day else right.span.start


def _same_window(grammar: Grammar, text: str, left: Hours, right: Hours) -> bool:
    """Whether `right` says `left` again for another zone: in brackets, after a slash, or in UTC."""
    if left.zone is None or right.zone is None or left.zone.offset == right.zone.offset:
        return False
    gap = text[left.span.end : _begins_behind(left, right)]
    told_again = bool(grammar.also.search(gap))
    if left.day and right.day and left.day is not right.day and left.day.month == right.day.month:
        near = abs((left.day.day or 0) - (right.day.day or 0)) <= 1
        return near and (told_again or left.universal != right.universal)
    return told_again or left.universal != right.universal


def _window(
    hours: Hours, universal: Hours | None, calendar: Calendar
) -> tuple[Window | None, list[Diagnostic]]:
    """The window in UTC: as printed in UTC where it is, else computed from the local hours."""
    wrong: list[Diagnostic] = []
    scheduled = calendar.anchor is None and calendar.year is not None  # by the page's title
    if (
        universal
        and universal.day
        and universal.day.year
        and hours.day
        and not hours.day.year
        and not (scheduled and calendar.year != universal.day.year)
    ):
        calendar = Calendar(anchor=calendar_day(universal.day, None))
    zone = hours.zone or (UTC if universal is None else None) or UTC
    if hours.zone is None and universal is None:
        zone = calendar.zone or UTC
    expected = _instants(hours, zone, calendar)
    span = Span(
        min(
            h.span.start if h.day is None else min(h.day.span.start, h.span.start)
            for h in (hours, universal)
            if h
        ),
        max(h.span.end for h in (hours, universal) if h),
    )
    if hours.zone is None and universal is None and calendar.zone is None and expected:
        wrong.append(
            Diagnostic(DiagnosticCode.UNKNOWN_ZONE, "no time zone is printed; read as UTC", hours.span)
        )
    if expected and hours.day:
        local = calendar_day(hours.day, calendar.year_of(hours.day))
        if local and not in_season(zone, local, hours.start.minutes % 1440):
            wrong.append(
                Diagnostic(DiagnosticCode.ZONE_SEASON, f"{zone.label} is not in force on {local}", hours.span)
            )
    if universal is None:
        return (
            (Window(*expected, span, "local hours"), wrong) if expected else (None, _undated(hours, calendar))
        )
    printed, odd = _printed(universal, expected, calendar)
    if printed is None:
        return (Window(*expected, span, "local hours"), wrong) if expected else (None, [])
    return Window(*printed, span, "printed UTC"), wrong + odd


def _printed(
    universal: Hours, expected: tuple[datetime, datetime] | None, calendar: Calendar
) -> tuple[tuple[datetime, datetime] | None, list[Diagnostic]]:
    """The printed UTC hours on their day, and how they disagree with the local ones."""
    if expected is None:
        return _instants(universal, UTC, calendar), []
    near = Calendar(anchor=expected[0].date())
    day = calendar_day(universal.day, near.year_of(universal.day)) if universal.day else None
    wrong: list[Diagnostic] = []
    if day and universal.day and abs(day - expected[0].date()) > 300 * DAY:
        closest = year_near(replace(universal.day, year=None, weekday=None), expected[0].date())
        message = f"the UTC date says {day.year}, the local date {closest}"
        wrong.append(Diagnostic(DiagnosticCode.YEAR_MISMATCH, message, universal.day.span))
        day = calendar_day(replace(universal.day, year=closest), None)
    if day is None or universal.day is None or universal.day.span.start > universal.span.end:
        options = [_between(universal, UTC, expected[0].date() + shift * DAY, None) for shift in (-1, 0, 1)]
        printed = min(options, key=lambda pair: abs(pair[0] - expected[0]))
    else:
        end_day = universal.end_day
        printed = _between(
            universal, UTC, day, calendar_day(end_day, year_near(end_day, day)) if end_day else None
        )
    if printed != expected:
        message = f"local hours make {_clock(expected)} UTC, printed are {_clock(printed)} UTC"
        wrong.append(Diagnostic(DiagnosticCode.UTC_MISMATCH, message, universal.span))
    return printed, wrong


def _undated(hours: Hours, calendar: Calendar) -> list[Diagnostic]:
    """Why hours with a date make no window: the year is printed nowhere."""
    if hours.day is None or calendar.year_of(hours.day) is not None:
        return []
    return [
        Diagnostic(DiagnosticCode.UNKNOWN_YEAR, "no year is printed; the window is left out", hours.day.span)
    ]


def _clock(pair: tuple[datetime, datetime]) -> str:
    return f"{pair[0]:%Y-%m-%d %H:%M} to {pair[1]:%H:%M}"


def _instants(hours: Hours, zone: Zone, calendar: Calendar) -> tuple[datetime, datetime] | None:
    """Start and end in UTC; None without a real date."""
    if hours.day is None:
        return None
    day = calendar_day(hours.day, calendar.year_of(hours.day))
    if day is None:
        return None
    if hours.day.first_day == (day - DAY).day and hours.end_day is None:
        day -= DAY  # "in the night of 5 to 6 June, from 22:00 …" begins on the 5th
    end_day = calendar_day(hours.end_day, year_near(hours.end_day, day)) if hours.end_day else None
    return _between(hours, zone, day, end_day)


def _between(hours: Hours, zone: Zone, day: date, end_day: date | None) -> tuple[datetime, datetime]:
    first, last = _minutes(hours)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC_ZONE)
    start = midnight + timedelta(minutes=first - offset_at(zone, day, first))
    end_zone = hours.end_zone if hours.end_zone and hours.zone else zone
    if end_day:
        midnight = datetime(end_day.year, end_day.month, end_day.day, tzinfo=UTC_ZONE)
        last = hours.end.minutes % 1440 if hours.end.word == "midnight" else hours.end.minutes
    end = midnight + timedelta(minutes=last - offset_at(end_zone, end_day or day, last))
    while end <= start:
        end += DAY
    return start, end


def _minutes(hours: Hours) -> tuple[int, int]:
    """Minutes of day of start and end; "9-11 pm" lends its half of the day, midnight begins or ends a day."""
    first, last = hours.start.minutes, hours.end.minutes
    if hours.start.word == "midnight":
        first = 0
    if (
        hours.end.half == "pm"
        and hours.start.half is None
        and hours.start.word is None
        and first + 720 < last
    ):
        first += 720
    return first, last
