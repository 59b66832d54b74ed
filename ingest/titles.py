"""What is an entry called?  Its title, or what stands for one: its product and label, its first words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise, takewhile

from ingest.grammar import SENTENCE_END, WORD
from ingest.model import BlockKind, Form, Span, Status
from ingest.page import Page, plain, product_in
from ingest.roles import HEADED, Part, Role
from ingest.segment import Segment
from ingest.series import cells

PERMALINK = "\u00b6\u200b\u200c\ufeff "  # what stands at a heading's end for a link to it
FAR_ABOVE = 200  # parts between a heading and the last label below it
TITLE_LENGTH = 64  # characters of a first sentence that stand for a missing title
FEWEST = 3  # labels over texts that tell that a page has such


class Titles:
    """Tells the titles of one document's entries."""

    def __init__(self, page: Page, parts: Sequence[Part]) -> None:
        self.page, self.parts = page, parts
        self.text, self.marks = page.text, page.marks
        self.feed = page.document.form is Form.FEED
        self.states = page.marks.bits(*(f"status.{state}" for state in Status))

    def of(self, segment: Segment, body: Span, parts: Sequence[Part]) -> str:
        """The title of an entry, given its text and its parts: at most TITLE_LENGTH characters of that text,
        behind the name of what it is about, where it has none of its own."""
        at = segment.heading
        if at is not None and not self._only_labels(at):
            return self._heading_title(self.parts[at])
        said = self._opening(body, parts)
        over = self._heading_over(at) if at is not None else None
        return f"{self._heading_title(over)}: {said}" if over else said

    def _only_labels(self, at: int) -> bool:
        """Whether a title is but the kind of a change ("Feature"), as several below days or releases are."""
        if self.feed or at not in self.labels or len(self.labels) < FEWEST:
            return False
        return any(part.role in HEADED for part in self._near_above(at))

    @cached_property
    def labels(self) -> frozenset[int]:
        """The headings that name the kind of a change, right over texts that tell which."""
        return frozenset(
            at
            for at, (part, below) in enumerate(pairwise(self.parts))
            if part.role is Role.GROUP and part.block.kind is BlockKind.HEADING and below.role is Role.TEXT
        )

    def _near_above(self, at: int) -> Iterator[Part]:
        return reversed(self.parts[max(0, at - FAR_ABOVE) : at])

    def _heading_over(self, at: int) -> Part | None:
        """The heading of what several labels stand below: a product's name, on a page of several."""
        level = self.parts[at].block.level
        above = takewhile(lambda part: part.role not in HEADED, self._near_above(at))
        return next((p for p in above if p.role is Role.HEADING and p.block.level < level), None)

    def _opening(self, body: Span, parts: Sequence[Part]) -> str:
        texts = (p for p in parts if p.start >= body.start and p.role not in (Role.GROUP, Role.RULE))
        text = next(texts, parts[0])
        return self._first_cell(text) or shortened(text.text)

    def _first_cell(self, row: Part) -> str | None:
        """The words in the first cell of a schedule's row, where they name what is done, and no product."""
        if row.role not in (Role.DATED_ROW, Role.ROW) or row.block.kind is not BlockKind.ROW:
            return None
        cell = cells(self.page, row)[0]
        dated, said = self.page.tokens_in(cell.start, cell.end), cell.of(self.text)
        named = product_in(self.page, cell.start, cell.end)
        return None if dated or named or len(WORD.findall(said)) < 2 else plain(said)

    def _heading_title(self, heading: Part) -> str:
        text = " ".join(heading.text.split()).strip("#* =~").rstrip(PERMALINK)
        for code in reversed(heading.block.code):
            inner = plain(code.of(self.text)).strip()
            if text.endswith(inner) and text != inner and self.marks.whole("labels", code.start, code.end):
                text = text[: -len(inner)].rstrip()
        tag = self._status_tag(heading) if heading.words & self.states else ""
        return text.removesuffix(tag).rstrip(" :–—-") or text if tag else text

    def _status_tag(self, heading: Part) -> str:
        """The capitals behind a title that is in none: "CANCELLED" is what became of it, not its name."""
        text = self.text[heading.start : heading.end].rstrip()
        end = heading.start + len(text)
        marks = (mark for s in Status for mark in self.marks.find(f"status.{s}", heading.start, end))
        tags = (
            Span(mark.start, mark.end) for mark in marks if mark.end == end and mark.start > heading.start
        )
        found = (tag.of(self.text) for tag in tags if not self.text[heading.start : tag.start].isupper())
        return next((tag for tag in found if tag.isupper()), "")


def shortened(text: str) -> str:
    """The first sentence, cut at a word to TITLE_LENGTH characters."""
    text = " ".join(text.split())
    match = SENTENCE_END.search(text)
    sentence = text[: match.start()] if match else text
    if len(sentence) <= TITLE_LENGTH:
        return sentence.rstrip(" :;,")
    cut = sentence[: TITLE_LENGTH + 1].rsplit(" ", 1)[0]
    return cut.rstrip(" :;,")
