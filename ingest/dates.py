"""When?  Finds dates, hours and zones in a text, as tokens, and chains of them that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import IntEnum, auto
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import replace

from ingest.grammar import DIGIT, FUSE
from ingest.lexicon import Lexicon, either, key
from ingest.model import Diagnostic, DiagnosticCode, Span
from ingest.packfile import Zone

SHORTEST_FUSED = 3  # letters of a zone that ran into what stands beside it
LONGEST_WORD = 40  # characters
MONTH_FIRST = "en"  # the language in which 11/04 is November 4, in America
AROUND = timedelta(days=16)  # to each side of a month's middle: a day within is meant in that year
_WORD_BEFORE = re.compile(r"(?P<word>[^\W\d_]+)[.,]?[ \u00a0]$")


class Kind(IntEnum):
    DATE = auto()
    TIME = auto()
    ZONE = auto()


class Token(Struct, frozen=True, gc=False):
    """A date, a time of day or a zone label as printed.

    DATE: `year` may be None; `day` is None for a month alone; `weekday` 1 is Monday; `first_day` is the
    5 of "du 5 au 6 juin".
    TIME: `minutes` since midnight, up to 1440; `half` is am or pm as printed.
    """

    kind: Kind
    span: Span
    year: int | None = None
    month: int = 0
    day: int | None = None
    weekday: int | None = None
    minutes: int = 0
    half: str | None = None
    first_day: int | None = None
    slashed: bool = False
    word: str | None = None
    zone: Zone | None = None


SEAM = re.compile(r"[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]{2}")  # a word that ran into capitals, "UTCEnrollment"
UNKNOWN_ZONE = re.compile(r"[ \u00a0][A-Z]{2,5}[ \u00a0]\(")  # "16:00 HLV (14:00 UTC)"
NEXT_SENTENCE = re.compile(r"[.!?]\s+\w")
UTC = Zone("UTC", 0, None)


# the last group of a match -> what the match is, and which of the alternatives it came by
_TOLD_BY = {
    **{f"{part}{n}": (Kind.DATE, n) for n in "12345" for part in ("day", "month", "year")},
    **{f"{part}6": (Kind.TIME, "6") for part in ("minute", "half", "mark")},
    "zulu": (Kind.TIME, "6"),
    "half7": (Kind.TIME, "7"),
    **{f"{part}{n}": (Kind.TIME, n) for n in ("8", "9", "10") for part in ("hour", "minute")},
    "noon": (Kind.TIME, "word"),
    "zone": (Kind.ZONE, "label"),
    "zh": (Kind.ZONE, "hours"),
    "zm": (Kind.ZONE, "minutes"),
    "om": (Kind.ZONE, "instant"),
}
_OFFSETS = {
    "hours": ("sign", "zh", "zm"),
    "minutes": ("sign2", "zh2", "zm"),
    "instant": ("osign", "oh", "om"),
}
_DATE_GROUPS = {
    "1": ("day1", "month1", "year1", "day1", "day1"),
    "2": ("day2", "month2", "year2", "weekday2", "from2"),
    "3": ("day3", "month3", "year3", "weekday3", "day3"),
    "4": ("month4", "month4", "year4", "month4", "month4"),
    "5": ("day5", "month5", "year5", "day5", "day5"),
}


class Grammar:
    """The date grammar of a lexicon: one pattern for all its languages, built once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        # "first of" September, "premier" septembre: days in words, in order
        languages = lexicon.languages.values()
        told = (enumerate(one.words.get("calendar.day_words", ()), 1) for one in languages)
        self.day_words = {word: day for words in told for day, word in words}
        # no token begins behind a letter, but for the T of 2025-09-21T03:00
        # nor but for hours that ran into a month: "March 2622:00", "26 mars20 h"
        begins = r"\b|(?<=[\d_])|(?<=\dt)|(?<=[a-zà-ÿ])(?=\d\d?(?::\d\d|[ \u00a0]?h\b))"
        self.token = re.compile(rf"(?:{begins})(?={self._openings()})(?:{self._pattern()})")
        self.zone = {label.lower(): zone for label, zone in lexicon.zones.items()}
        words = {
            w
            for key in ("glue", "range", "range_end", "also", "hour_marks")
            for w in lexicon.words(f"clock.{key}")
        } | set(lexicon.weekdays)  # "Jan 11 (Sat), 22:00"
        self.glue = re.compile(rf"(?:[\s,;:|()\[\]/*_`~.=–—−•<>→-]|(?<!\w)(?:{either(words)})(?!\w))*", re.I)
        self.range = re.compile(
            rf"[–—−-]|\b(?:{either(lexicon.words('clock.range'))})\b|->|→|\.\.\.?|…", re.I
        )
        marks = either(lexicon.words("clock.hour_marks")) or "(?!)"
        between = either(lexicon.words("clock.range"))
        self.dotted = re.compile(
            rf"\s*(?:[–—-]|(?:{between})(?!\w))\s*\d{{1,2}}\.\d\d\s?(?:{marks})(?!\w)", re.I
        )
        self.same_day = re.compile(rf"\b(?:{either(lexicon.words('dates.same_day')) or '(?!)'})\b", re.I)
        self.range_end = re.compile(rf"\b(?:{either(lexicon.words('clock.range_end'))})\b\s*:?", re.I)
        self.also = re.compile(rf"[(\[/=]|\b(?:{either(lexicon.words('clock.also'))})\b", re.I)

    def _openings(self) -> str:
        """How tokens begin: where nothing of it stands, nothing else is tried."""
        lexicon = self.lexicon
        times = ("utc", "gmt", *_small(lexicon.words("clock.noon")), *_small(lexicon.words("clock.midnight")))
        words = either((*lexicon.months, *lexicon.weekdays, *_small(lexicon.zones), *times, *self.day_words))
        marks = either(_small(lexicon.words("clock.hour_marks"))) or "(?!)"
        return rf"(?<!\d)\d|\d{{1,2}}(?:[:.][0-5]|[ \u00a0\u202f]?(?:{marks}))|[+-]\d|{words}"

    def _pattern(self) -> str:
        """The pattern of all tokens, for text in small letters (`key`): faster than to ignore their case."""
        lexicon = self.lexicon

        def words(*categories: str) -> str:
            return either(_small(word for category in categories for word in lexicon.words(category)))

        space = r"[ \t\u00a0\u202f\u2009]"
        month = either(lexicon.months)
        article = rf"(?:(?:{words('calendar.articles') or '(?!)'}){space}+)?"
        spelt = either(self.day_words) or "(?!)"
        weekday = rf"(?P<weekday{{0}}>{either(lexicon.weekdays)})\.?,?{space}+{article}"
        ordinal = rf"(?:{words('calendar.ordinals')})?"
        of = rf"(?:(?:{words('calendar.of')}){space}+)?"
        halves = words("clock.am", "clock.pm")
        marks = words("clock.hour_marks") or r"(?!)"
        between = words("clock.range")
        zones = either(_small(lexicon.zones))
        # hours that ran into what stands before
        fused = rf"(?=\d\d?(?::\d\d|{space}?(?:{marks})(?!\w*[a-zà-ÿ])))"
        year = rf"(?P<year{{0}}>(?:19|20)\d\d)(?:{fused}|(?!\d))"
        return "|".join(
            (
                r"(?<!\d)(?P<year1>(?:19|20)\d\d)-(?P<month1>\d\d)-(?P<day1>\d\d)"
                r"(?:[t ]?(?=\d\d:\d\d)|(?!\d))",
                rf"(?:(?:(?:{either(lexicon.weekdays)})\.?,?{space}+)?(?<![\d:.,/])(?P<from2>\d{{1,2}}){ordinal}(?:{space}*[–-]{space}*|{space}+(?:{between}){space}+{article}))?(?:{weekday.format(2)})?(?<!\d)(?<!\d\.)(?P<day2>\d{{1,2}}|(?:{spelt})(?={space})){ordinal}\.?{space}*{of}(?P<month2>{month})(?:\b|(?=\d{{1,2}}(?::\d\d|{space}?(?:{marks})\b)))\.?(?:,?{space}+{of}{year.format(2)})?",
                rf"(?:{weekday.format(3)})?\b(?P<month3>{month})\b\.?{space}*{article}(?P<day3>\d{{1,2}}(?=\d\d:\d\d)|\d{{1,2}}(?!\d|:\d|{space}?(?:{halves})\b)){ordinal}(?:\s*,?{space}*{year.format(3)})?",
                rf"\b(?P<month4>{month})\b\.?,?{space}+{of}{year.format(4)}",
                r"(?<![\d./])(?P<day5>\d{1,2})(?P<sep5>[./])(?P<month5>\d{1,2})(?P=sep5)(?P<year5>(?:19|20)\d\d)(?!\d)",
                rf"(?P<hour6>\d{{1,2}})(?P<colon6>[:.])(?P<minute6>[0-5]\d)(?::[0-5]\d)?(?!\d|[.:]\d)(?:{space}?(?P<half6>{halves})(?!\w)|(?<=\.\d\d){space}?(?P<mark6>{marks})(?!\w))?(?P<zulu>z\b)?",
                rf"(?<![\d.,:])(?P<hour7>\d{{1,2}}){space}?(?P<half7>{halves})(?!\w)",
                rf"(?:(?<![\d.,:])|(?<={space}20\d\d))(?P<hour8>\d{{1,2}}){space}?(?:{marks})(?!\w*[a-zà-ÿ])(?:{space}?(?P<minute8>[0-5]\d)(?!\d))?|(?<![\d.,:])(?P<hour10>\d{{1,2}})h(?P<minute10>[0-5]\d)(?!\d)",
                rf"\b(?P<noon>{words('clock.noon')}|{words('clock.midnight')})\b",
                rf"\b(?:utc|gmt)(?:{space}?(?P<sign>[+–−-])(?P<zh>\d{{1,2}})|(?:{space}?(?=\+))?(?P<sign2>[+–−-])(?P<zh2>\d{{1,2}}):?(?P<zm>[0-5]\d))(?![\d:])",
                rf"(?<![^\W\d])(?<!/)(?P<zone>{zones})(?:(?![\w/])|{fused}|(?=[a-zà-ÿ][a-zà-ÿ]))(?:{space}*\({space}*(?:utc|gmt){space}*[+–−-]{space}*\d{{1,2}}(?::?\d\d)?{space}*\))?",
                r"(?:(?<=t\d\d:\d\d)|(?<=t\d\d:\d\d:\d\d))(?P<osign>[+-])(?P<oh>0\d|1[0-4]):?(?P<om>[0-5]\d)(?!\d)",
                rf"(?<![\d.,:/])(?P<hour9>\d{{1,2}})(?={space}*(?:[–—-]|(?:{between})(?!\w)){space}*\d{{1,2}}(?:[:.]\d\d)?{space}?(?:{halves}|{marks})(?!\w))",
            )
        )

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
        """The tokens of text[start:end], in order; what is no real hour is passed over.

        Only lines with a digit are looked at: a month or a zone alone dates nothing.
        """
        stop, small = len(text) if end is None else end, key(text)
        while (digit := DIGIT.search(text, start, stop)) is not None:
            first = max(start, text.rfind("\n", start, digit.start()) + 1)
            last = text.find("\n", digit.end(), stop)
            last = stop if last < 0 else last
            for match in self.token.finditer(small, first, last):
                token = self._token(match, text)
                if token is not None:
                    yield token
            start = last

    def zone_in(self, text: str) -> Zone | None:
        """The first zone that a text names, hours or not."""
        found = (self._token(match, text) for match in self.token.finditer(key(text)))
        return next((token.zone for token in found if token and token.kind is Kind.ZONE), None)

    def _token(self, match: re.Match[str], text: str) -> Token | None:
        """The token of a match in small letters, printed in `text`."""
        kind, number = _TOLD_BY[match.lastgroup or ""]
        span = Span(match.start(), match.end())
        if kind is Kind.DATE:
            return self._date(match, number, self._with_fused_weekday(text, span))
        if kind is Kind.TIME:
            return self._time(match, number, span)
        if number == "label":
            return self._zone(text, Span(*match.span("zone")), span)
        sign, hours, minutes = match.group(*_OFFSETS[number])
        return Token(Kind.ZONE, span, zone=_offset(sign, hours, minutes))

    def _date(self, match: re.Match[str], number: str, span: Span) -> Token | None:
        day, month, year, weekday, first = match.group(*_DATE_GROUPS[number])
        slashed = number == "5" and match["sep5"] == "/"
        if number in "15":
            month_number, day_number = int(month), int(day)
            if slashed and month_number > 12 >= day_number:
                month_number, day_number = day_number, month_number  # 12/16/2023: the month stands first
        else:
            month_number = self.lexicon.months[key(month)]
            day_number = self.day_words.get(key(day), 0) or int(day) if day and number != "4" else 0
        if not 1 <= month_number <= 12 or day_number > 31 or (number != "4" and not day_number):
            return None
        return Token(
            Kind.DATE,
            span,
            year=int(year) if year else None,
            month=month_number,
            day=day_number or None,
            weekday=self.lexicon.weekdays[key(weekday)] if weekday and number in "23" else None,
            slashed=slashed,
            first_day=int(first) if first and number == "2" else None,
        )

    def _with_fused_weekday(self, text: str, span: Span) -> Span:
        """The span with the weekday before it that ran into a word, "… no downtimeSaturday, June 4"."""
        if text[span.start - 1 : span.start] not in (" ", "\u00a0"):
            return span
        word = _WORD_BEFORE.search(text, max(0, span.start - LONGEST_WORD), span.start)
        seams = (seam.start() for seam in FUSE.finditer(word["word"])) if word else ()
        days = (seam for seam in seams if word and key(word["word"][seam:]) in self.lexicon.weekdays)
        return next((Span(word.start() + seam, span.end) for seam in days if word), span)

    def _dotted(self, text: str, span: Span) -> bool:
        """Whether hours written with a dot run to hours that say so: "22.00 bis 24.00 Uhr"."""
        return self.dotted.match(text, span.end) is not None

    def _time(self, match: re.Match[str], number: str, span: Span) -> Token | None:
        if number == "word":
            noon = match["noon"].lower() in self.lexicon.lower("clock.noon")
            return Token(Kind.TIME, span, minutes=720 if noon else 1440, word="noon" if noon else "midnight")
        hour = int(match[f"hour{number}"])
        half = match[f"half{number}"] if number in "67" else None
        dotted = number == "6" and match["colon6"] == "." and not (half or match["mark6"])
        if dotted and not self._dotted(match.string, span):
            return None
        minutes = hour * 60 + int((match[f"minute{number}"] if number in ("6", "8", "10") else None) or 0)
        if half:
            half = "pm" if half.lower() in self.lexicon.lower("clock.pm") else "am"
            if not 1 <= hour <= 12:
                return None
            minutes = minutes % 720 + (720 if half == "pm" else 0)
        if minutes > 1440:
            return None
        zone = UTC if number == "6" and match["zulu"] else None
        return Token(Kind.TIME, span, minutes=minutes, half=half, zone=zone)

    def _zone(self, text: str, printed: Span, span: Span) -> Token | None:
        label = " ".join(printed.of(text).replace("’", "'").split())
        zone = self.zone.get(label.lower())
        # an abbreviation counts in capitals only: "est" is a French verb
        if zone is None or (" " not in label and label != zone.label):
            return None
        before, behind = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
        if (before.isdigit() or behind.isalnum()) and len(label) < SHORTEST_FUSED:
            return None  # "12PT", "MTProto"
        if behind.isalpha() and not SEAM.match(text, span.end):
            return None
        return Token(Kind.ZONE, span, zone=zone)


def in_one_order(text: str, tokens: list[Token]) -> list[Token]:
    """Dates with slashes read month first, where one of them can only be read so, or an American zone has
    its English label.

    11/04/2023 is 4 November beside 12/16/2023 or MDT, else 11 April, as beside HAR, which is MDT in French.
    """
    slashed = [token for token in tokens if token.slashed]
    first = [int(token.span.of(text).split("/")[0]) for token in slashed]
    second = [int(token.span.of(text).split("/")[1]) for token in slashed]
    zones = [token.zone for token in tokens if token.zone and token.zone.lang == MONTH_FIRST]
    american = any((zone.place or "").startswith("America/") for zone in zones)
    if not slashed or any(n > 12 for n in first) or not (american or any(n > 12 for n in second)):
        return tokens
    return [
        replace(token, month=int(month), day=int(day))
        if token.slashed
        and (month := token.span.of(text).split("/")[0])
        and (day := token.span.of(text).split("/")[1])
        else token
        for token in tokens
    ]


def _small(words: Iterable[str]) -> list[str]:
    """Words in small letters, the longest first."""
    return sorted({word.lower() for word in words}, key=lambda word: (-len(word), word))


@lru_cache(maxsize=8)
def grammar(lexicon: Lexicon) -> Grammar:
    return Grammar(lexicon)


def _offset(sign: str, hours: str, minutes: str | None) -> Zone:
    value = int(hours) * 60 + int(minutes or 0)
    value = value if sign == "+" else -value
    return Zone(f"UTC{sign}{hours}", value, None)


def chains(grammar: Grammar, text: str, tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Tokens that stand together: only glue (small words, punctuation) lies between them."""
    chain: list[Token] = []
    for token in tokens:
        if chain and not joined(grammar, text, chain[-1], token):
            yield chain
            chain = []
        chain.append(token)
    if chain:
        yield chain


def joined(grammar: Grammar, text: str, left: Token, right: Token) -> bool:
    """Whether only glue lies between two tokens, and not the end of a sentence or paragraph."""
    start, end = left.span.end, right.span.start
    if end - start > 60:
        return False
    gap = text[start:end]
    if right.kind in (Kind.TIME, Kind.DATE) and UNKNOWN_ZONE.fullmatch(gap):
        return True
    if NEXT_SENTENCE.search(gap) or "\n\n\n" in gap:
        return False
    match = grammar.glue.match(text, start, end)
    return match is not None and match.end() == end


def same_or_next(day: Token, other: Token) -> bool:
    """Whether `other` is the same day, or the next one; a year that is not said does not count."""
    if not (day.month and day.day and other.month and other.day):
        return False
    if (other.month, other.day) == (day.month, day.day) or (other.month, other.day) == (
        day.month,
        day.day + 1,
    ):
        return True
    return other.day == 1 and day.day >= 28 and other.month == day.month % 12 + 1


def calendar_day(token: Token, year: int | None) -> date | None:
    """The day of a DATE token, with `year` where it prints none; None for a month alone or no real day."""
    chosen = token.year or year
    if chosen is None or token.day is None:
        return None
    try:
        return date(chosen, token.month, token.day)
    except ValueError:
        return None


def published_day(token: Token | None, year: int | None) -> str | None:
    """An ISO day or month for a date heading."""
    if token is None:
        return None
    day = calendar_day(token, year)
    if day:
        return day.isoformat()
    chosen = token.year or year
    return f"{chosen:04}-{token.month:02}" if chosen and token.month and not token.day else None


def year_near(token: Token, anchor: date) -> int:
    """The year that puts a DATE token without one closest to `anchor`; a printed weekday decides, but for
    a day in the very month around the anchor, whose weekday must be wrong."""
    years = [anchor.year - 1, anchor.year, anchor.year + 1]
    days = {year: day for year in years if (day := calendar_day(token, year))}
    if token.weekday and not any(abs(day - anchor) <= AROUND for day in days.values()):
        days = {y: d for y, d in days.items() if d.isoweekday() == token.weekday} or days
    return min(days, key=lambda y: abs(days[y] - anchor), default=anchor.year)


def on_weekday(token: Token, year: int) -> bool:
    """Whether a DATE token's day is in that year the weekday that is printed."""
    day = calendar_day(token, year)
    return day is not None and day.isoweekday() == token.weekday


def date_diagnostics(token: Token, year: int | None) -> list[Diagnostic]:
    """What is wrong with a date by itself: no such day, or another weekday than printed."""
    chosen = token.year or year
    if chosen is None or token.day is None:
        return []
    day = calendar_day(token, chosen)
    if day is None:
        message = f"there is no day {token.day} in month {token.month} of {chosen}"
        return [Diagnostic(DiagnosticCode.INVALID_DATE, message, token.span)]
    if token.weekday and day.isoweekday() != token.weekday:
        message = f"{day.isoformat()} is a {day:%A}, not the weekday that is printed"
        return [Diagnostic(DiagnosticCode.WEEKDAY_MISMATCH, message, token.span)]
    return []


def offset_at(zone: Zone, day: date, minutes: int) -> int:
    """Minutes east of UTC that the zone means at a local day and time; a generic label asks its place."""
    if zone.offset is not None:
        return zone.offset
    return min(_place_offsets(zone.place, day, minutes), default=0)


def in_season(zone: Zone, day: date, minutes: int) -> bool:
    """Whether the zone's label is in force at its place on that local day and time."""
    offsets = _place_offsets(zone.place, day, minutes)
    return zone.offset is None or not offsets or zone.offset in offsets


@lru_cache(maxsize=4096)
def _place_offsets(name: str | None, day: date, minutes: int) -> frozenset[int]:
    """The offsets in force at a place at a local time: two in the hour that a clock change repeats."""
    if name is None:
        return frozenset()
    try:
        place = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return frozenset()
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    offsets = (local.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1))
    return frozenset(int(offset.total_seconds()) // 60 for offset in offsets if offset is not None)
