"""Document in, entries out: language, boundaries, type, dates and mentions, in that one order.  Pure."""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import reduce
from itertools import chain, islice, pairwise
from operator import or_

from msgspec.structs import replace

from ingest import effective, outages, sights, status
from ingest.around import Words
from ingest.chronology import place_in_time
from ingest.classify import Statement, Vocabulary, classify
from ingest.cuts import fused_labels
from ingest.dates import Kind, Token, date_diagnostics, grammar, in_one_order, on_weekday, published_day
from ingest.draft import Draft, Sentences, body_of, running
from ingest.endpoints import Endpoints
from ingest.grammar import METHOD_PATH, PREFIX
from ingest.histories import MOMENT
from ingest.language import CommonWords, detect, dominant
from ingest.lexicon import EVERYWHERE, Lexicon, Marks
from ingest.likely_calls import LikelyCalls
from ingest.likely_parameters import NOTHING, LikelyParameters
from ingest.mentions import API_WORDS, products, speaks_of_api
from ingest.model import (
    Block,
    BlockKind,
    Diagnostic,
    DiagnosticCode,
    Document,
    EffectiveDate,
    Entry,
    EntryType,
    Form,
    Mention,
    Outage,
    ParseResult,
    Published,
    Span,
    Spans,
    Status,
    Window,
)
from ingest.outline import outline
from ingest.packfile import Zone
from ingest.page import Page
from ingest.parameters import Parameters
from ingest.roles import HEADED, Part, Role, is_example
from ingest.segment import Segment, segment, span_of
from ingest.series import cells, dated_titles, dates_below, own_days
from ingest.titles import Titles
from ingest.windows import Calendar, Found
from ingest.windows import find as find_windows
from ingest.wording import Said, Wording

API = re.compile(r"\bAPIs?\b")
TOP, SHORT, DAYS = 12, 80, 24  # parts at the top of a page, characters, dates that tell its year
TITLING = (Role.HEADING, Role.TITLE, Role.NAVIGATION, Role.SECTION)
PAGE_TITLES = (Role.TITLE, Role.SECTION)
YEAR = re.compile(r"(?<![\d.,-])(20\d\d|19\d\d)(?![\d.-])")
MINUTE = timedelta(minutes=1)
OFTEN = 3  # calls that a page names, or times that it says "API", before all of its entries may name some
BATCH = 256  # entries that are read at once
CLOSE = 1.0  # a boundary decided by less than this is a close call


def parse(document: Document, lexicon: Lexicon, vendor: str | None = None) -> ParseResult:
    """The entries of a document, tiling its text.

    `vendor` names the pack whose products and endpoints to look for; without it the text tells.  A
    vendor without a pack is no error: everything but its product names is found.
    """
    with _no_search_for_cycles():
        return _parse(document, lexicon, vendor)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """The collector would look at ever more objects again and again; a parse makes no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _parse(document: Document, lexicon: Lexicon, vendor: str | None) -> ParseResult:
    text = document.flat or document.text
    fused = fused_labels(lexicon, text) if document.form is Form.TEXT else ()
    marks = lexicon.scan(text, [label.end for label in fused])
    named = vendor or lexicon.vendor_of(marks, len(text))
    page = _page(document, lexicon, marks, named, fused)
    parts = outline(page)
    segments = segment(page, parts)
    reader = _Reader(page, parts, lexicon, named)
    return ParseResult(document, place_in_time(list(reader.entries(segments))), vendor=named)


def _page(
    document: Document, lexicon: Lexicon, marks: Marks, vendor: str | None, fused: Sequence[Span]
) -> Page:
    dates = grammar(lexicon)
    text = document.flat or document.text
    tokens = in_one_order(text, list(dates.tokens(text)))
    starts = tuple(token.span.start for token in tokens)
    common = CommonWords(lexicon, text)
    return Page(document, text, dates, marks, common, document.blocks, tokens, starts, vendor, fused)


class _Reader:
    """Turns segments into entries; remembers what carries over to the next (heading dates, years)."""

    def __init__(self, page: Page, parts: Sequence[Part], lexicon: Lexicon, vendor: str | None) -> None:
        self.page, self.parts, self.lexicon, self.vendor = page, parts, lexicon, vendor
        self.text, self.marks = page.text, page.marks
        self.sentence = Sentences(page.text, parts)
        self.published: Published | None = None
        self.year = _page_year(page, parts)
        self.zone = _page_zone(page)
        self.lang = page.document.lang or dominant(page.common)
        links = [link for part in parts for link, _ in part.block.links]
        self.endpoints = Endpoints(lexicon, page.text, page.marks, vendor, links)
        self.parameters = Parameters(lexicon, page.text, page.marks)
        self.likely_calls = LikelyCalls(page.text)
        self.likely_parameters = LikelyParameters(page.text)
        self.feed = page.document.form is Form.FEED
        self.titles = Titles(page, parts)
        self.vocabulary = Vocabulary(page.marks)
        self.dated_titles = dated_titles(page, parts)
        self.own_days = own_days(page, parts)
        self.dates_below = dates_below(page, parts)
        self.wording = Wording(page.text)
        self.units = page.marks.bits(*(f"units.{unit}" for unit in outages.UNITS))
        self.states = page.marks.bits(*(f"status.{state}" for state in Status), "status.former")
        self.products = page.marks.bits(f"product.{vendor}", EVERYWHERE)
        self.api = page.marks.bits(*API_WORDS)
        self.of_api = _is_of_api(page, parts)
        self.names_calls = _names_calls(page)
        self.hints = page.marks.bits("api.action_verbs", *API_WORDS, sights.ODD, sights.SLASH)
        self.dates_over_releases = _first(parts, Role.DATE) < _first(parts, Role.RELEASE)
        self.scheduled = any(part.role is Role.DATED_ROW for part in parts)

    def entries(self, segments: Sequence[Segment]) -> Iterator[Entry]:
        """The entries in order, a batch at a time: what their words say is told of all of it at once."""
        for first in range(0, len(segments), BATCH):
            batch = enumerate(segments[first : first + BATCH], first)
            drafts = [self._draft(number, segment) for number, segment in batch]
            said = self.wording.says([(draft.titled, draft.body) for draft in drafts])
            yield from map(self._entry, drafts, said)

    def _entry(self, draft: Draft, said: Sequence[Said]) -> Entry:
        segment = draft.segment
        found = self._found(draft)
        api = self.of_api or API.search(draft.title) is not None
        api = api or (draft.words & self.api != 0 and speaks_of_api(self.marks, draft.span))
        hinted = self.names_calls and draft.words & self.hints
        words = self._words(draft) if api or hinted else None
        calls = self.likely_calls.find(draft.parts, words, api) if words else []
        endpoints = self.endpoints.find(draft.parts, draft.title, draft.words, calls)
        api = api or bool(endpoints)
        weighed = self.likely_parameters.find(draft.parts, words, api) if words else NOTHING
        parameters = self.parameters.find(draft.parts, endpoints, draft.lang, api, weighed)
        breaks = self._outages(draft, found)
        days = self._effective(draft, found)
        statement = self._statement(draft, found, breaks, days, endpoints, parameters, said)
        kind, cues, confidence = classify(statement, self.marks)
        maintenance = kind is EntryType.MAINTENANCE
        told = self._told(draft, found)
        windows = self._windows(found)
        mark = told.status(maintenance) if told else None
        if mark is None and maintenance:
            mark = status.moved(windows)
        in_part = _in_part(told) if told and maintenance else []
        given_up: tuple[EffectiveDate, ...] = ()
        if mark is not None and not maintenance:
            gone = status.superseded(
                self.lexicon, self.text, self.marks, [d.span for d in days], self.sentence
            )
            given_up = tuple(d for at, d in enumerate(days) if at in gone)
            days = tuple(d for at, d in enumerate(days) if at not in gone)
            update = self.sentence.paragraph(mark.span.start)
            dropped = effective.given_up(self.text, draft.dates, draft.calendar, update, days)
            given_up += tuple(d for d in dropped if d.day not in {old.day for old in given_up})
        return Entry(
            span=draft.span,
            type=kind,
            lang=draft.lang,
            title=draft.title,
            has_heading=draft.heading is not None,
            blocks=tuple(
                _block(p, p is draft.heading) for p in draft.parts if p.block.span.end > p.block.span.start
            ),
            windows=windows,
            effective=() if found.windows and maintenance else days,
            outages=breaks if maintenance else (),
            products=self._products(draft),
            endpoints=endpoints,
            parameters=parameters,
            published=draft.published,
            status=mark,
            given_up=given_up,
            no_downtime=self._no_downtime(draft) if maintenance else None,
            diagnostics=(
                *found.diagnostics,
                *_date_diagnostics(draft),
                *in_part,
                *_close_call(draft),
            ),
            cues=(*segment.cues, *cues),
            confidence=min(confidence, _sureness(segment)),
        )

    def _words(self, draft: Draft) -> Words:
        return Words(
            self.text, draft.parts[0].block.span.start, draft.parts[-1].end, self.lexicon.kinds(draft.lang)
        )

    def _found(self, draft: Draft) -> Found:
        if sum(token.kind is Kind.TIME for token in draft.tokens) < 2:
            return Found()
        return find_windows(self.page.grammar, self.text, draft.tokens, draft.calendar, self.sentence)

    def _products(self, draft: Draft) -> tuple[Mention, ...]:
        named = draft.words & self.products
        return products(self.text, self.marks, self.vendor, draft.span) if named else ()

    def _draft(self, number: int, segment: Segment) -> Draft:
        parts = self.parts[segment.first : segment.last]
        span = span_of(self.page, self.parts, segment)
        heading = self.parts[segment.heading] if segment.heading is not None else None
        body = body_of(parts, heading, span)
        roles = {part.role for part in parts}
        self._carry(parts, segment, roles)
        ending = self.dated_titles.get(heading.start) if heading else None
        told = ending or self._own_day(segment)
        dates = self.page.tokens_in(span.start, span.end)
        return Draft(
            number=number,
            segment=segment,
            parts=parts,
            heading=heading,
            span=span,
            body=body,
            title=self.titles.of(segment, body, parts),
            lang=detect(self.page.common, body if len(body) else span, self.lang),
            calendar=Calendar(self._anchor(), self._year_of(dates), self._column_zone(segment)),
            dates=dates,
            tokens=[token for token in running(dates, parts, roles) if token is not ending],
            words=reduce(or_, (part.words for part in parts)),
            published=_published(told, "date of its own") if told else self.published,
            roles=roles,
        )

    def _own_day(self, segment: Segment) -> Token | None:
        """The day in front of the entry's text or in a cell of it, where the page's entries are dated so.

        In a status page's history without days it is that of the latest update.
        """
        own = range(segment.first, segment.last) if self.own_days else ()
        told = next((self.own_days[at] for at in own if at in self.own_days), None)
        if told is None and self.published is None:
            moments = (part for part in self.parts[segment.first : segment.last] if part.rule == MOMENT)
            tokens = (self.page.tokens_in(part.start, part.end) for part in moments)
            return next((token for found in tokens for token in found if token.kind is Kind.DATE), None)
        return told

    # -- dates -------------------------------------------------------------------------------------

    def _carry(self, parts: Sequence[Part], segment: Segment, roles: Collection[Role]) -> None:
        """A date heading speaks for the entries below it, until the next heading of its kind; a date that
        closes an entry for that one alone."""
        for part in parts if not HEADED.isdisjoint(roles) else ():
            if part.role is Role.SECTION and YEAR.fullmatch(part.text.strip()):
                self.year = int(part.text)
            if part.role in (Role.DATE, Role.RELEASE):
                told = published_day(part.value, self.year)
                if told:
                    self.published = Published(told, part.block.span, f"{part.role.name.lower()} heading")
                elif part.role is Role.RELEASE and not (self.feed or self.dates_over_releases):
                    self.published = None
        item = self.feed and self.parts[segment.first].role is Role.RULE
        if (item or self.dates_below) and Role.DATE not in roles:
            self.published = None

    def _anchor(self) -> date | None:
        told = self.published.text if self.published else ""
        try:
            return date.fromisoformat(told if len(told) > 7 else f"{told}-15") if told else None
        except ValueError:
            return None

    def _year_of(self, dates: Sequence[Token]) -> int | None:
        """The year of an entry's dates that print none: a schedule's is the page's."""
        first = next((token for token in dates if token.kind is Kind.DATE and token.day), None)
        own = self._own_year(dates)
        if self.scheduled and self.year and first and first.year is None:
            return self.year
        return own or self.year

    def _own_year(self, dates: Sequence[Token]) -> int | None:
        """The year of the entry's first date that prints one; remembered for entries that print none."""
        for token in dates:
            if token.kind is Kind.DATE and token.year and token.day:
                if not self.scheduled and self.published is None:
                    self.year = token.year
                return token.year
        return None

    def _column_zone(self, segment: Segment) -> Zone | None:
        """The zone in the head of the table that the entry's row belongs to, else the page's."""
        for at in range(segment.last - 1, max(-1, segment.last - 61), -1):
            part = self.parts[at]
            if part.role is Role.HEAD_ROW and (zone := self.page.grammar.zone_in(part.text)):
                return zone
            if part.role not in (Role.HEAD_ROW, Role.DATED_ROW, Role.ROW, Role.RULE):
                break
        return self.zone

    def _outages(self, draft: Draft, found: Found) -> tuple[Outage, ...]:
        if not draft.words & self.units:
            return ()
        clock = [token.span for token in draft.tokens if token.kind is Kind.TIME]
        zoned = {hour.span.end for hour, zone in pairwise(draft.tokens) if zone.kind is Kind.ZONE}
        row = Role.DATED_ROW in draft.roles
        lengths = {(w.end - w.start) // MINUTE for w in found.windows}
        return outages.find(
            self.lexicon,
            self.text,
            self.marks,
            draft.parts,
            clock,
            zoned,
            self.sentence,
            draft.section,
            lengths,
            row,
        )

    def _effective(self, draft: Draft, found: Found) -> tuple[EffectiveDate, ...]:
        if not draft.tokens:
            return ()
        spans = [w.span for w in found.windows]
        starts = [span.start for span in spans]

        def window(token: Token) -> bool:
            at = bisect_right(starts, token.span.start)
            near = spans[max(0, at - 1) : at + 1]
            return token in found.used or any(token.span.overlaps(span) for span in near)

        told = draft.published.span if draft.published else None
        shown = Spans(Span(p.start, p.end) for p in draft.parts if p.role is Role.CODE or is_example(p.text))
        tokens = [t for t in draft.tokens if t.span != told and not shown.overlap(t.span)]
        return effective.find(
            self.lexicon,
            self.text,
            self.marks,
            tokens,
            draft.calendar,
            self.sentence,
            self.sentence.paragraph,
            window,
            draft.span,
        )

    def _windows(self, found: Found) -> tuple[Window, ...]:
        """The windows, those that were given up for another one marked so."""
        if not found.windows:
            return ()
        gone = status.superseded(
            self.lexicon, self.text, self.marks, [w.span for w in found.windows], self.sentence
        )
        return tuple(replace(w, superseded=at in gone) for at, w in enumerate(found.windows))

    def _told(self, draft: Draft, found: Found) -> status.Told | None:
        """What the entry says as far as its status goes; None where it says nothing of it."""
        if not draft.words & self.states:
            return None
        days = [
            (token.span, (token.month, day))
            for token in draft.days
            for day in dict.fromkeys((token.first_day or token.day, token.day))
        ]
        windows = [frozenset(day for _, day in status.within(days, w.span)) for w in found.windows]
        told = sorted(w.span for w in found.windows) or [token.span for token in draft.days if token.day]
        return status.Told(
            lexicon=self.lexicon,
            text=self.text,
            marks=self.marks,
            lang=draft.lang,
            span=draft.span,
            dates=told,
            windows=windows,
            days=days,
            sentence=self.sentence,
            paragraph=self.sentence.paragraph,
        )

    def _no_downtime(self, draft: Draft) -> Span | None:
        marks = self.marks.find("status.no_downtime", draft.span.start, draft.span.end)
        return Span(marks[0].start, marks[0].end) if marks else None

    # -- type ----------------------------------------------------------------------------

    def _rows_follow(self, segment: Segment) -> bool:
        """Whether schedule rows come right after, so that this introduces them."""
        after = self.parts[segment.last : segment.last + 8]
        first = next((part for part in after if part.role not in (Role.HEAD_ROW, Role.RULE)), None)
        return first is not None and (first.role is Role.DATED_ROW or self._has_hours(first))

    def _heads_groups(self, heading: Part | None, segment: Segment) -> bool:
        """Whether a release's first entry only introduces the groups of changes that come right after."""
        if heading is None or heading.role is not Role.RELEASE or segment.last == len(self.parts):
            return False
        return self.parts[segment.last].role in (Role.GROUP, Role.LABEL)

    def _has_hours(self, row: Part) -> bool:
        """Whether a row of a table names hours."""
        tokens = self.page.tokens_in(row.start, row.end) if row.role is Role.ROW else ()
        return sum(token.kind is Kind.TIME for token in tokens) >= 2

    def _statement(
        self,
        draft: Draft,
        found: Found,
        breaks: Sequence[Outage],
        days: Sequence[EffectiveDate],
        endpoints: Sequence[Mention],
        parameters: Sequence[Mention],
        said: Sequence[Said],
    ) -> Statement:
        heading, body, title = draft.heading, draft.body, draft.titled
        prefix = PREFIX.match(self.text, title.start, title.end) if title else None
        before_colon = Span(*prefix.span("prefix")) if prefix else None
        dated = Role.DATE in draft.roles or Role.LABEL in draft.roles
        return Statement(
            span=draft.span,
            title=title,
            prefix=before_colon,
            body=body,
            opening=self.sentence(body.start) if len(body) else body,
            label=self._label(draft),
            group=draft.segment.group,
            windows=len(found.windows),
            outages=len(breaks),
            effective=len(days),
            deadlines=sum(day.rule == "deadline" for day in days),
            dates=sum(token.kind is Kind.DATE for token in draft.dates),
            endpoints=endpoints,
            parameters=parameters,
            product=bool(
                before_colon
                and self.marks.any(f"product.{self.vendor}", before_colon.start, before_colon.end)
            ),
            api=bool(before_colon and self.marks.any("api.api_nouns", before_colon.start, before_colon.end)),
            row=Role.DATED_ROW in draft.roles,
            banner=draft.number == 0 and not dated and draft.segment.last < len(self.parts),
            before_rows=self._rows_follow(draft.segment),
            page_title=heading is not None and heading.role in (Role.TITLE, Role.RELEASE),
            heads_groups=self._heads_groups(heading, draft.segment),
            pages_own=heading is not None and heading.role is Role.TITLE,
            spoken=self.vocabulary.spoken(draft.words),
            said=said,
        )

    def _label(self, draft: Draft) -> EntryType | None:
        """What a label over the entry, or set as code in its heading, calls it."""
        if self.own_days and draft.parts[-1].role is Role.ROW:
            kinds = (self.marks.whole("labels", c.start, c.end) for c in cells(self.page, draft.parts[-1]))
            return next((EntryType(kind.value) for kind in kinds if kind), None)
        codes = draft.heading.block.code if draft.heading else ()
        if not codes and Role.LABEL not in draft.roles:
            return None
        labels = [EntryType(p.value) for p in draft.parts if p.role is Role.LABEL and p.value]
        labels += [
            EntryType(mark.value) for c in codes if (mark := self.marks.whole("labels", c.start, c.end))
        ]
        telling = [kind for kind in labels if kind is not EntryType.FEATURE]  # "fix, enhancement" is a fix
        return (telling or labels)[-1] if labels else None


def _first(parts: Sequence[Part], role: Role) -> int:
    """Where the first part of a role stands; behind all parts where there is none."""
    return next((at for at, part in enumerate(parts) if part.role is role), len(parts))


def _published(token: Token, rule: str) -> Published | None:
    told = published_day(token, None)
    return Published(told, token.span, rule) if told else None


def _page_year(page: Page, parts: Sequence[Part]) -> int | None:
    """The year in the titles at the top of the page ("2024 maintenance schedule"), or in the texts there;
    of several the one in which the weekdays are right that dates without a year print."""
    top = parts[:TOP]
    short = [p for p in top if p.role in TITLING or len(p.text) <= SHORT]
    said = [*(part.text for part in short), page.document.title or ""]
    years = [int(year) for text in said for year in YEAR.findall(text)]
    days = [token for token in page.tokens if token.weekday and not token.year]
    if days:
        years += [int(year) for part in top if part not in short for year in YEAR.findall(part.text)]

    def right(year: int) -> int:
        return sum(on_weekday(token, year) for token in days[:DAYS])

    return max(dict.fromkeys(years), key=right, default=None)


def _is_of_api(page: Page, parts: Sequence[Part]) -> bool:
    """Whether the titles at the top of the page say that all of it is about an API."""
    said = [page.document.title or "", *(part.text for part in parts[:TOP] if part.role in PAGE_TITLES)]
    return any(API.search(text) for text in said)


def _names_calls(page: Page) -> bool:
    """Whether a page speaks of APIs again and again, by calls or by the word; then all of its entries may."""
    found = chain(METHOD_PATH.finditer(page.text), API.finditer(page.text))
    return next(islice(found, OFTEN - 1, None), None) is not None


def _page_zone(page: Page) -> Zone | None:
    """The zone that the page says all its hours are in."""
    for mark in page.marks.find("clock.all_times", 0, len(page.text)):
        for token in page.tokens_in(mark.end, mark.end + 40):
            if token.kind is Kind.ZONE:
                return token.zone
    return None


_KINDS = {
    Role.NAVIGATION: BlockKind.NAVIGATION,
    Role.TITLE: BlockKind.PAGE_TITLE,
    Role.SECTION: BlockKind.SECTION,
    Role.DATE: BlockKind.DATE,
    Role.RELEASE: BlockKind.SECTION,
    Role.LABEL: BlockKind.LABEL,
    Role.GROUP: BlockKind.SUBHEADING,
    Role.MARKER: BlockKind.SUBHEADING,
    Role.SUBHEADING: BlockKind.SUBHEADING,
    Role.HEADING: BlockKind.SUBHEADING,
    Role.HEAD_ROW: BlockKind.ROW,
    Role.DATED_ROW: BlockKind.ROW,
    Role.ROW: BlockKind.ROW,
    Role.ITEM: BlockKind.ITEM,
    Role.CODE: BlockKind.CODE,
    Role.RULE: BlockKind.RULE,
}


def _block(part: Part, heading: bool) -> Block:
    kind = BlockKind.HEADING if heading else _KINDS.get(part.role, BlockKind.PARAGRAPH)
    block = part.block
    level = max(block.level, int(part.role is Role.HEAD_ROW))
    return Block(block.span, kind, level, block.lead, block.element, block.links, block.code, block.marked)


def _date_diagnostics(draft: Draft) -> list[Diagnostic]:
    if not draft.dates:
        return []
    dates = [token for token in draft.dates if token.kind is Kind.DATE]
    year_of = draft.calendar.year_of
    return [d for token in dates for d in date_diagnostics(token, year_of(token) if token.day else None)]


def _in_part(told: status.Told) -> list[Diagnostic]:
    message = "only one of the windows is cancelled; all of them are shown"
    spans = [Span(mark.start, mark.end) for mark in told.cancelled_in_part()[:1]]
    return [Diagnostic(DiagnosticCode.PARTLY_CANCELLED, message, span) for span in spans]


def _close_call(draft: Draft) -> list[Diagnostic]:
    segment = draft.segment
    if segment.score - 3.0 >= CLOSE:
        return []
    message = f"that an entry begins here was decided by {segment.score - 3.0:.1f} points"
    return [Diagnostic(DiagnosticCode.CLOSE_CALL, message, draft.parts[0].block.span)]


def _sureness(segment: Segment) -> float:
    return round(min(1.0, 0.5 + 0.125 * max(0.0, segment.score - 3.0)), 2)
