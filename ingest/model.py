"""The types that travel through the house: Document, Block, Span, Entry and what an entry states.

Everything is frozen.  What a parse makes by the thousand is a struct: made faster than a dataclass, and
nothing that the collector of cycles looks at.  Positions are half-open character offsets; in a Document they
point into `Document.text`, in an Entry that was taken out of its document (`rebased`) into its own text.
Every extracted value carries the span it was read from and the name of the rule that read it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, TypeVar

from msgspec import Struct


class EntryType(StrEnum):
    """What kind of announcement an entry is."""

    MAINTENANCE = "maintenance"
    API_CHANGE = "api_change"
    FEATURE = "feature"
    BUGFIX = "bugfix"
    DEPRECATION = "deprecation"
    POLICY = "policy"
    NOTICE = "notice"


class Status(StrEnum):
    """What the text says became of an announced date."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    POSTPONED = "postponed"


class Form(StrEnum):
    """The form in which a document was published."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    FEED = "feed"


class BlockKind(StrEnum):
    """The part that a block plays on the page."""

    NAVIGATION = "navigation"
    PAGE_TITLE = "page_title"
    SECTION = "section"
    DATE = "date"
    LABEL = "label"
    HEADING = "heading"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CODE = "code"
    ROW = "row"
    RULE = "rule"


PSEUDO_HEADING = 7  # the level of lines that are headings by their looks alone, such as bold ones


class DiagnosticCode(StrEnum):
    """What can be wrong with what a text states, or with the way it was read."""

    UTC_MISMATCH = "utc_mismatch"
    ZONE_SEASON = "zone_season"
    YEAR_MISMATCH = "year_mismatch"
    WEEKDAY_MISMATCH = "weekday_mismatch"
    INVALID_DATE = "invalid_date"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_YEAR = "unknown_year"
    PARTLY_CANCELLED = "partly_cancelled"
    CLOSE_CALL = "close_call"
    TWIN_WINDOW = "twin_window"
    TWIN_OUTAGE = "twin_outage"
    TWIN_EFFECTIVE = "twin_effective"
    TWIN_STATUS = "twin_status"


class DateBasis(StrEnum):
    """Where an entry's place in time comes from."""

    STATED = "stated"
    WINDOW = "window"
    EFFECTIVE = "effective"
    INFERRED = "inferred"


class Span(Struct, frozen=True, gc=False, order=True):
    """Half-open range of characters."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    @property
    def ends(self) -> tuple[int, int]:
        """Both ends, for what takes them apart."""
        return self.start, self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class Spans:
    """Spans that are asked often whether another one touches them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        ends = [span.end for span in self._spans]
        self._starts = [span.start for span in self._spans]
        self._reach = list(accumulate(ends, max))  # how far the spans up to each one reach

    def overlap(self, span: Span) -> bool:
        at = bisect_left(self._starts, span.end)
        return at > 0 and self._reach[at - 1] > span.start


class Position(Struct, frozen=True, gc=False):
    """1-based line and column, columns counted in characters."""

    line: int
    column: int


class Block(Struct, frozen=True, gc=False):
    """A line, paragraph, list item, heading, table row or code block of a document.

    `level` is the heading's level or the item's depth, from 1.  `lead` counts the characters of
    indentation and markers (bullet, `##`) before the content.  `element` is the path of the HTML
    element the text was taken from.  `links` are (span, target) pairs, `code` the spans set as code, `marked`
    those in bold or italics.
    """

    span: Span
    kind: BlockKind
    level: int = 0
    lead: int = 0
    element: str | None = None
    links: tuple[tuple[Span, str], ...] = ()
    code: tuple[Span, ...] = ()
    marked: tuple[Span, ...] = ()

    @property
    def content(self) -> Span:
        return Span(self.span.start + self.lead, self.span.end)


@dataclass(frozen=True)
class Document:
    """A change log as read: its text, and the blocks that its form made evident.

    `flat` is the text of wrapped lines with blanks for the line breaks inside of paragraphs, as long as
    `text`; None where no lines were wrapped.
    """

    source: str
    text: str
    form: Form = Form.TEXT
    blocks: tuple[Block, ...] = ()
    lang: str | None = None
    title: str | None = None
    flat: str | None = None

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of the character at `offset`."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)


class Diagnostic(Struct, frozen=True, gc=False):
    """Something the reader of the source should know about, with the characters that raised it."""

    code: DiagnosticCode
    message: str
    span: Span


class Cue(Struct, frozen=True, gc=False):
    """One piece of evidence for (positive weight) or against (negative) a decision."""

    decision: str
    rule: str
    weight: float
    span: Span


class Mention(Struct, frozen=True, gc=False):
    """A product, endpoint or parameter: its name, and where the text first says it."""

    name: str
    span: Span
    rule: str


class Window(Struct, frozen=True, gc=False):
    """A dated maintenance window, in UTC, minutes exact; `end` after `start`.

    A superseded window (the old one of a moved maintenance) is kept here for the record only:
    readers that ask for an entry's windows leave it out.
    """

    start: datetime
    end: datetime
    span: Span
    rule: str
    superseded: bool = False


class EffectiveDate(Struct, frozen=True, gc=False):
    """A day on which a change takes effect, or a deadline that it sets."""

    day: date
    span: Span
    rule: str


class Outage(Struct, frozen=True, gc=False):
    """Stated length of an outage or slow-down, in minutes."""

    minutes: int
    span: Span
    rule: str


class Published(Struct, frozen=True, gc=False):
    """The date heading over an entry; `text` is an ISO day (2024-09-03) or month (2024-09)."""

    text: str
    span: Span
    rule: str


class StatusMark(Struct, frozen=True, gc=False):
    """The words that cancel, move or postpone."""

    status: Status
    span: Span
    rule: str


class Dated(Struct, frozen=True, gc=False):
    """An entry's place in time: the days between which it belongs, and where they come from."""

    first: date
    last: date
    basis: DateBasis

    @property
    def middle(self) -> date:
        return self.first + (self.last - self.first) / 2

    @property
    def inferred(self) -> bool:
        return self.basis is DateBasis.INFERRED

    @property
    def exact(self) -> bool:
        """Whether it is one day, and not only inferred."""
        return self.first == self.last and not self.inferred


T = TypeVar("T")


class Entry(Struct, frozen=True, gc=False):
    """One announcement of a change log."""

    span: Span
    type: EntryType
    lang: str
    title: str
    has_heading: bool
    blocks: tuple[Block, ...] = ()
    windows: tuple[Window, ...] = ()
    effective: tuple[EffectiveDate, ...] = ()
    outages: tuple[Outage, ...] = ()
    products: tuple[Mention, ...] = ()
    endpoints: tuple[Mention, ...] = ()
    parameters: tuple[Mention, ...] = ()
    published: Published | None = None
    status: StatusMark | None = None
    no_downtime: Span | None = None
    given_up: tuple[EffectiveDate, ...] = ()  # days that were postponed or moved to those in `effective`
    dated: Dated | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    cues: tuple[Cue, ...] = ()
    confidence: float = 1.0

    @property
    def current_windows(self) -> tuple[Window, ...]:
        return tuple(w for w in self.windows if not w.superseded)

    def rebased(self) -> Entry:
        """The same entry with every span counted from its own start."""
        moved: Entry = _shift(self, -self.span.start)
        return moved


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a source beforehand; what is None is found out from the text."""

    vendor: str | None = None
    lang: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The bytes that a document was read from, and with which hints: enough to read it again."""

    data: bytes
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What a document holds: its entries in order, and what was not understood.

    `vendor` is the pack whose names were looked for, None where none was known.
    """

    document: Document
    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...] = field(default=())
    vendor: str | None = None
    origin: Origin | None = None


def _shift(value: Any, by: int) -> Any:
    """A copy of a frozen value in which every Span is shifted by `by` characters."""
    if isinstance(value, Span):
        return value.shifted(by)
    if isinstance(value, tuple):
        return tuple([_shift(item, by) for item in value]) if value else value
    kind: Any = type(value)
    names = _names(kind)
    return kind(*[_shift(getattr(value, name), by) for name in names]) if names else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a struct, in order; none for any other type."""
    return kind.__struct_fields__ if issubclass(kind, Struct) else ()


def distinct(mentions: Iterable[T], key: Any) -> Iterator[T]:
    """The first of each, by `key`, in order."""
    seen: set[Any] = set()
    for mention in mentions:
        name = key(mention)
        if name not in seen:
            seen.add(name)
            yield mention
