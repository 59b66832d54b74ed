"""What is one entry made of, before it is read?  Its parts, heading, body, and the dates printed in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence

from msgspec import Struct

from ingest.context import PRELUDE
from ingest.dates import Kind, Token
from ingest.grammar import SENTENCE_END
from ingest.model import Published, Span, Spans
from ingest.roles import Part, Role
from ingest.segment import Segment
from ingest.windows import Calendar

BELOW_TITLE = frozenset({Role.RULE, Role.DATE, Role.LABEL, Role.NAVIGATION})  # no text of the entry
ABOVE_TEXT = PRELUDE | {Role.GROUP, Role.HEADING}  # of an entry without a title: names of what it stands in
HEADINGS = frozenset({Role.DATE, Role.RELEASE, Role.NAVIGATION})


class Draft(Struct, frozen=True, gc=False):
    """One entry's material.

    `body` is the span without preludes and heading; `dates` are all date tokens in the span, `tokens`
    those outside of date headings; `calendar` says how to read dates without a year; `words` are those of
    all its parts; `published` is the date heading above it, `roles` what parts it has.
    """

    number: int
    segment: Segment
    parts: Sequence[Part]
    heading: Part | None
    span: Span
    body: Span
    title: str
    lang: str
    calendar: Calendar
    dates: Sequence[Token]
    tokens: Sequence[Token]
    words: int
    published: Published | None
    roles: Collection[Role]

    @property
    def titled(self) -> Span | None:
        """Where its title stands; None for an entry that has none of its own."""
        return Span(self.heading.start, self.heading.end) if self.heading else None

    @property
    def days(self) -> list[Token]:
        return [token for token in self.tokens if token.kind is Kind.DATE]

    def section(self, offset: int) -> int:
        """The number of the sub-heading that an offset stands under, 0 above the first."""
        headings = (Role.HEADING, Role.SUBHEADING)
        starts = [
            part.start
            for part in self.parts
            if part.role in headings and part is not self.heading and not part.text.rstrip().endswith("?")
        ]
        return bisect_right(starts, offset)


def running(tokens: Sequence[Token], parts: Sequence[Part], roles: Collection[Role]) -> Sequence[Token]:
    """The tokens that stand outside of date headings."""
    if not tokens or HEADINGS.isdisjoint(roles):
        return tokens
    spans = Spans(part.block.span for part in parts if part.role in HEADINGS)
    return [token for token in tokens if not spans.overlap(token.span)]


def body_of(parts: Sequence[Part], heading: Part | None, span: Span) -> Span:
    """The entry without its preludes and its heading."""
    if heading is not None:
        own = (p for p in parts if p.start >= heading.end and p.role not in BELOW_TITLE)
    else:
        own = (p for p in parts if p.role not in ABOVE_TEXT)
    first = next(own, None)
    if heading is None and first is None:
        return span
    return Span(first.start if first else span.end, span.end)


class Sentences:
    """The sentence around an offset, within the part that holds it."""

    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self.text = text
        self.parts = [p for p in parts if len(p.block.span)]
        self.starts = [p.block.span.start for p in self.parts]
        self._ends: dict[int, list[int]] = {}

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
        if part.role in (Role.ROW, Role.DATED_ROW, Role.HEAD_ROW):
            return Span(part.start, part.end)
        ends = self._sentence_ends(part)
        at = bisect_right(ends, offset)
        return Span(ends[at - 1] if at else part.start, ends[at] if at < len(ends) else part.end)

    def _sentence_ends(self, part: Part) -> list[int]:
        """Where the sentences of a part end, found once."""
        if part.start not in self._ends:
            matches = SENTENCE_END.finditer(self.text, part.start, part.end)
            self._ends[part.start] = [match.end() for match in matches]
        return self._ends[part.start]
