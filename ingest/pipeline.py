"""Document in, entries out: language, boundaries, type, dates and mentions, in that one order.  Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest import effective, outages, status
from ingest.chronology import place_in_time
from ingest.classify import Statement, classify
from ingest.dates import Kind, Token, date_diagnostics, grammar
from ingest.endpoints import Endpoints
from ingest.grammar import PREFIX, SENTENCE_END
from ingest.language import detect, dominant
from ingest.lexicon import Lexicon, Marks, Zone
from ingest.mentions import products, speaks_of_api
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
    ParseResult,
    Published,
    Span,
    StatusMark,
    Window,
)
from ingest.outline import Part, Role, outline, published_day
from ingest.page import Page, plain
from ingest.parameters import Parameters
from ingest.segment import Segment, segment, span_of
from ingest.windows import Calendar, Found
from ingest.windows import find as find_windows

TITLE_LENGTH = 64  # characters of a first sentence that stand for a missing title
CLOSE = 1.0  # a boundary decided by less than this is a close call


def parse(document: Document, lexicon: Lexicon, vendor: str | None = None) -> ParseResult:
    """The entries of a document, tiling its text.

    `vendor` names the pack whose products and endpoints to look for; without it the text tells.  A
    vendor without a pack is no error: everything but its product names is found.
    """
    marks = lexicon.scan(document.text)
    page = _page(document, lexicon, marks)
    parts = outline(page)
    segments = segment(page, parts)
    named = vendor or lexicon.vendor_of(marks, len(document.text))
    reader = _Reader(page, parts, lexicon, named)
    entries = tuple(reader.entry(number, entry) for number, entry in enumerate(segments))
    return ParseResult(document, place_in_time(entries))


def _page(document: Document, lexicon: Lexicon, marks: Marks) -> Page:
    dates = grammar(lexicon)
    tokens = tuple(dates.tokens(document.text))
    return Page(document, dates, marks, document.blocks, tokens, tuple(t.span.start for t in tokens))


class Sentences:
    """The sentence around an offset, within the part that holds it."""

    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self.text = text
        self.parts = [p for p in parts if len(p.block.span)]
        self.starts = [p.block.span.start for p in self.parts]

    def part(self, offset: int) -> Part | None:
        at = bisect_right(self.starts, offset) - 1
        return self.parts[at] if at >= 0 else None

    def paragraph(self, offset: int) -> Span:
        part = self.part(offset)
        return part.block.span if part else Span(offset, offset)

    def __call__(self, offset: int) -> Span:
        part = self.part(offset)
        if part is None:
            return Span(offset, offset)
        start, end = part.start, part.end
        if part.role in (Role.ROW, Role.DATED_ROW, Role.HEAD_ROW):
            return Span(start, end)
        for match in SENTENCE_END.finditer(self.text, start, end):
            if match.end() > offset:
                return Span(start, match.end())
            start = match.end()
        return Span(start, end)


class _Reader:
    """Turns segments into entries; remembers what carries over from one to the next (heading dates, years)."""

    def __init__(self, page: Page, parts: Sequence[Part], lexicon: Lexicon, vendor: str | None) -> None:
        self.page, self.parts, self.lexicon, self.vendor = page, parts, lexicon, vendor
        self.text, self.marks = page.text, page.marks
        self.sentence = Sentences(page.text, parts)
        self.published: Published | None = None
        self.year = _page_year(page, parts)
        self.zone = _page_zone(page)
        self.lang = page.document.lang or dominant(lexicon, page.text)
        self.endpoints = Endpoints(lexicon, page.text, page.marks, vendor)
        self.parameters = Parameters(lexicon, page.text, page.marks)
        self.titled_feed = page.document.form is Form.FEED

    def entry(self, number: int, segment: Segment) -> Entry:
        parts = self.parts[segment.first : segment.last]
        span = span_of(self.page, self.parts, segment)
        heading = self.parts[segment.heading] if segment.heading is not None else None
        body = _body(parts, heading, span)
        self._carry(parts, heading, segment)
        title = self._title(heading, body, parts)
        lang = detect(self.lexicon, self.text, body if len(body) else span, self.lang)
        calendar = Calendar(self._anchor(), self._own_year(span) or self.year, self.zone)
        dates = self.page.tokens_in(span.start, span.end)
        tokens = [t for t in dates if not _is_date_heading(t, parts)]
        found = find_windows(self.page.grammar, self.text, tokens, calendar, self.sentence)
        names = self.endpoints.find(parts, title)
        values = self.parameters.find(parts, names, speaks_of_api(self.marks, span, names))
        sections = _sections(parts, heading)
        clock = [t.span for t in tokens if t.kind is Kind.TIME]
        breaks = outages.find(
            self.lexicon,
            self.text,
            self.marks,
            span,
            clock,
            self.sentence,
            lambda at: bisect_right(sections, at),
        )
        days = effective.find(
            self.lexicon,
            self.text,
            self.marks,
            tokens,
            calendar,
            self.sentence,
            lambda t: self._spoken_for(t, found, tokens),
        )
        statement = self._statement(number, segment, parts, heading, body, span, found, len(breaks), days)
        kind, cues, confidence = classify(replace(statement, endpoints=names, parameters=values), self.marks)
        maintenance = kind is EntryType.MAINTENANCE
        mark = self._status(span, lang, found, days, tokens, maintenance)
        windows = self._windows(found)
        if mark is not None and not maintenance:
            gone = status.superseded(self.text, self.marks, [d.span for d in days], self.sentence)
            days = tuple(d for at, d in enumerate(days) if at not in gone)
        downtime = self.marks.find("status.no_downtime", span.start, span.end) if maintenance else []
        return Entry(
            span=span,
            type=kind,
            lang=lang,
            title=title,
            has_heading=heading is not None,
            blocks=tuple(_block(p, p is heading) for p in parts if len(p.block.span)),
            windows=windows,
            effective=() if windows and maintenance else days,
            outages=breaks if maintenance else (),
            products=products(self.text, self.marks, self.vendor, span),
            endpoints=names,
            parameters=values,
            published=self.published,
            status=mark,
            no_downtime=Span(downtime[0].start, downtime[0].end) if downtime else None,
            diagnostics=(
                *found.diagnostics,
                *self._date_diagnostics(dates, calendar),
                *_close_call(segment, parts),
            ),
            cues=(*segment.cues, *cues),
            confidence=min(confidence, _sureness(segment)),
        )

    # -- dates -------------------------------------------------------------------------------------

    def _carry(self, parts: Sequence[Part], heading: Part | None, segment: Segment) -> None:
        """A date heading speaks for the entries below it, until the next heading of its kind."""
        del heading
        for part in parts:
            if part.role in (Role.DATE, Role.RELEASE):
                told = published_day(part.value, self.year)
                if told:
                    self.published = Published(told, part.block.span, f"{part.role.name.lower()} heading")
                elif part.role is Role.RELEASE:
                    self.published = None
        first = self.parts[segment.first]
        if self.titled_feed and first.role is Role.RULE and not any(p.role is Role.DATE for p in parts):
            self.published = None

    def _anchor(self) -> date | None:
        told = self.published.text if self.published else ""
        try:
            return date.fromisoformat(told if len(told) > 7 else f"{told}-15") if told else None
        except ValueError:
            return None

    def _own_year(self, span: Span) -> int | None:
        """The year of the entry's first date that prints one; remembered for entries that print none."""
        for token in self.page.tokens_in(span.start, span.end):
            if token.kind is Kind.DATE and token.year and token.day:
                if not self._title_year:
                    self.year = token.year
                return token.year
        return None

    @property
    def _title_year(self) -> bool:
        return any(p.role is Role.DATED_ROW for p in self.parts)

    def _spoken_for(self, token: Token, found: Found, tokens: Sequence[Token]) -> bool:
        return token in found.used or any(token.span.overlaps(w.span) for w in found.windows)

    def _appointments(self, found: Found, days: Sequence[object], tokens: Sequence[Token]) -> list[Span]:
        """Where the entry still names a window, or any date of its own."""
        if found.windows:
            return [w.span for w in found.windows]
        return [t.span for t in tokens if t.kind is Kind.DATE and t.day]

    def _windows(self, found: Found) -> tuple[Window, ...]:
        """The windows, those that were given up for another one marked so."""
        gone = status.superseded(self.text, self.marks, [w.span for w in found.windows], self.sentence)
        return tuple(replace(w, superseded=at in gone) for at, w in enumerate(found.windows))

    def _date_diagnostics(self, tokens: Sequence[Token], calendar: Calendar) -> list[Diagnostic]:
        dates = [t for t in tokens if t.kind is Kind.DATE]
        return [d for t in dates for d in date_diagnostics(t, calendar.year_of(t) if t.day else None)]

    def _status(
        self,
        span: Span,
        lang: str,
        found: Found,
        days: Sequence[EffectiveDate],
        tokens: Sequence[Token],
        maintenance: bool,
    ) -> StatusMark | None:
        told = self._appointments(found, days, tokens)
        dates = [(t.span, (t.month, t.day)) for t in tokens if t.kind is Kind.DATE]
        windows = [frozenset(day for at, day in dates if at.overlaps(w.span)) for w in found.windows]
        return status.find(
            self.text,
            self.marks,
            lang,
            span,
            told,
            windows,
            dates,
            maintenance,
            self.sentence,
            self.sentence.paragraph,
        )

    # -- title and type ----------------------------------------------------------------------------

    def _title(self, heading: Part | None, body: Span, parts: Sequence[Part]) -> str:
        if heading is not None:
            return self._heading_title(heading)
        texts = [p for p in parts if p.start >= body.start and p.role not in (Role.GROUP, Role.RULE)]
        first = texts[0] if texts else parts[0]
        return shortened(first.text)

    def _rows_follow(self, segment: Segment) -> bool:
        """Whether schedule rows come right after, so that this introduces them."""
        after = [p.role for p in self.parts[segment.last : segment.last + 8]]
        rows = [role for role in after if role not in (Role.HEAD_ROW, Role.RULE)]
        return bool(rows) and rows[0] is Role.DATED_ROW

    def _heading_title(self, heading: Part) -> str:
        text = " ".join(heading.text.split()).strip("#* ")
        for code in reversed(heading.block.code):
            inner = plain(code.of(self.text)).strip()
            if text.endswith(inner) and text != inner and self.marks.whole("labels", code.start, code.end):
                text = text[: -len(inner)].rstrip()
        return text

    def _statement(
        self,
        number: int,
        segment: Segment,
        parts: Sequence[Part],
        heading: Part | None,
        body: Span,
        span: Span,
        found: Found,
        breaks: int,
        days: Sequence[EffectiveDate],
    ) -> Statement:
        title = Span(heading.start, heading.end) if heading else None
        opening = self.sentence(body.start) if len(body) else body
        labels = [EntryType(p.value) for p in parts if p.role is Role.LABEL and p.value]
        if heading is not None:
            labels += [
                EntryType(m.value)
                for c in heading.block.code
                if (m := self.marks.whole("labels", c.start, c.end))
            ]
        prefix = PREFIX.match(self.text, title.start, title.end) if title else None
        named = self.marks.find(f"product.{self.vendor}", *prefix.span("prefix")) if prefix else []
        dated = any(p.role in (Role.DATE, Role.LABEL) for p in parts)
        return Statement(
            span=span,
            title=title,
            prefix=Span(*prefix.span("prefix")) if prefix else None,
            body=body,
            opening=opening,
            label=labels[-1] if labels else None,
            group=segment.group,
            windows=len(found.windows),
            outages=breaks,
            effective=len(days),
            deadlines=sum(day.rule == "deadline" for day in days),
            dates=sum(t.kind is Kind.DATE for t in self.page.tokens_in(span.start, span.end)),
            endpoints=(),
            parameters=(),
            title_product=named[0].value if named else None,
            api_product=bool(prefix and self.marks.any("api.api_nouns", *prefix.span("prefix"))),
            row=any(p.role is Role.DATED_ROW for p in parts),
            banner=number == 0 and not dated,
            prose=sum(len(p.text) for p in parts if p.role is Role.TEXT),
            before_rows=self._rows_follow(segment),
            form_notice=heading is not None and heading.role in (Role.TITLE, Role.RELEASE),
        )


def shortened(text: str) -> str:
    """The first sentence, cut at a word to TITLE_LENGTH characters."""
    text = " ".join(text.split())
    match = SENTENCE_END.search(text)
    sentence = text[: match.start()] if match else text
    if len(sentence) <= TITLE_LENGTH:
        return sentence.rstrip(" :;,")
    cut = sentence[: TITLE_LENGTH + 1].rsplit(" ", 1)[0]
    return cut.rstrip(" :;,")


def _body(parts: Sequence[Part], heading: Part | None, span: Span) -> Span:
    """The entry without its preludes and its heading."""
    if heading is not None:
        below = [p for p in parts if p.start >= heading.end and p.role is not Role.RULE]
        return Span(below[0].start if below else span.end, span.end)
    own = [
        p
        for p in parts
        if p.role
        not in (
            Role.NAVIGATION,
            Role.SECTION,
            Role.DATE,
            Role.LABEL,
            Role.RELEASE,
            Role.TITLE,
            Role.HEAD_ROW,
            Role.RULE,
            Role.GROUP,
        )
    ]
    return Span(own[0].start if own else span.start, span.end)


def _sections(parts: Sequence[Part], heading: Part | None) -> list[int]:
    """Where the sub-headings of an entry stand."""
    subs = (Role.HEADING, Role.SUBHEADING)
    return [
        p.start for p in parts if p.role in subs and p is not heading and not p.text.rstrip().endswith("?")
    ]


def _is_date_heading(token: Token, parts: Sequence[Part]) -> bool:
    return any(
        p.role in (Role.DATE, Role.RELEASE, Role.NAVIGATION) and token.span.start in p.block.span
        for p in parts
    )


def _page_year(page: Page, parts: Sequence[Part]) -> int | None:
    """The year in the titles at the top of the page ("2024 maintenance schedule")."""
    for part in parts[:12]:
        if part.role in (Role.HEADING, Role.TITLE, Role.NAVIGATION, Role.SECTION) or len(part.text) <= 80:
            match = re.search(r"(?<![\d.,-])(20\d\d|19\d\d)(?![\d.-])", part.text)
            if match:
                return int(match[1])
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", page.document.title or "")
    return int(match[1]) if match else None


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
    return replace(part.block, kind=kind, level=max(part.block.level, int(part.role is Role.HEAD_ROW)))


def _close_call(segment: Segment, parts: Sequence[Part]) -> list[Diagnostic]:
    if segment.score - 3.0 >= CLOSE:
        return []
    message = f"that an entry begins here was decided by {segment.score - 3.0:.1f} points"
    return [Diagnostic(DiagnosticCode.CLOSE_CALL, message, parts[0].block.span)]


def _sureness(segment: Segment) -> float:
    return round(min(1.0, 0.5 + 0.125 * max(0.0, segment.score - 3.0)), 2)
