"""Which rows of a schedule are entries of their own, and where does a schedule end?"""

from __future__ import annotations

from ingest.context import PROSE, Context
from ingest.dates import Kind
from ingest.grammar import WORD
from ingest.model import BlockKind
from ingest.page import LONG
from ingest.roles import Role
from ingest.tables import CELLS

ABOVE_ROW = (Role.HEAD_ROW, Role.RULE, Role.MARKER)  # between a title and its only row
ROW_PARTS = (Role.TEXT, Role.ITEM, Role.ROW, Role.HEAD_ROW, Role.RULE, Role.SUBHEADING, Role.MARKER)
FEW = 3  # rows that a sentence leads in to; more are a schedule's
MOST_ROWS = 40  # of a table that are looked at


class Rows:
    """Tells of the dated rows of one document whether entries begin there."""

    def __init__(self, context: Context) -> None:
        self.context, self.page, self.parts = context, context.page, context.parts

    def begin(self, at: int) -> bool:
        """A dated row is an entry where it is one of several, or a table's row."""
        if self._only_row_of_title(at) or self._told_of(at) or self._first_of_group(at):
            return False
        if self.parts[at].block.kind is BlockKind.ROW or self.parts[at].rule == CELLS:
            return True
        if self._set_in_below_row(at) or self._between_title_and_text(at):
            return False
        if self._listed_windows(at) or self._dates_stanza(at) or self._names_window(at - 1):
            return False
        near = [p for p in self.parts[max(0, at - 4) : at + 5] if p.role is Role.DATED_ROW]
        return len(near) >= 2

    def inside(self, at: int) -> bool:
        """Whether a table's head stands above rows that are windows of the open entry."""
        if self.parts[at].role is not Role.HEAD_ROW:
            return False
        row = self.context.next(at, skip=(Role.HEAD_ROW, Role.RULE))
        return row is not None and self.parts[row].role is Role.DATED_ROW and self._told_of(row)

    def end(self, at: int) -> bool:
        """Whether what no row has, a heading over a text, stands below the rows of a schedule's page."""
        entry, rows = self.context.open, self.context.schedule
        if not rows or at < rows.stop or entry is None or entry.body - 1 not in rows:
            return False
        below = self.context.next(at, skip=(Role.RULE, Role.SUBHEADING))
        return below is not None and len(self.parts[below].text) > LONG

    def _first_of_group(self, at: int) -> bool:
        """Whether a row is the first change that a group lists: its entry has begun with the group."""
        entry = self.context.open
        return entry is not None and entry.heading is None and self.parts[at - 1].role is Role.GROUP

    def _names_window(self, at: int) -> bool:
        """Whether a heading inside the open entry stands right above a row: it names a window's place."""
        part = self.parts[at]
        inside = self.context.open is not None and self.context.open.heading not in (None, at)
        marked = part.block.kind is BlockKind.HEADING or self._names_part(at)
        marked = marked or self.context.names_one_of_windows(at)
        return inside and part.role is Role.HEADING and marked

    def _names_part(self, at: int) -> bool:
        """Whether a line names products only, and ones that the title of the open entry names."""
        entry, kind = self.context.open, f"product.{self.page.vendor}"
        if entry is None or entry.heading is None or self.context.schedule:
            return False
        title, part = self.parts[entry.heading], self.parts[at]
        named = self.page.marks.find(kind, part.start, part.end)
        told = {mark.value for mark in self.page.marks.find(kind, title.start, title.end)}
        rest = sum(mark.end - mark.start for mark in named)
        return any(mark.value in told for mark in named) and rest + 1 >= len(part.text.strip())

    def _set_in_below_row(self, at: int) -> bool:
        """Whether a row goes on with a text that is set in below a row: "… a second part on", "June 8, …"."""
        entry, lead = self.context.open, self.parts[at].block.lead
        if entry is None or not lead or self.parts[at - 1].role is not Role.TEXT:
            return False
        row = self.parts[entry.body - 1]
        return row.role is Role.DATED_ROW and row.block.lead < lead == self.parts[at - 1].block.lead

    def _only_row_of_title(self, at: int) -> bool:
        """Whether a row stands right below a title that the markup tells, and no other below the same one."""
        entry = self.context.open
        if entry is None or entry.heading is None or self.context.next(entry.heading, skip=ABOVE_ROW) != at:
            return False
        title = self.parts[entry.heading]
        if title.block.kind is not BlockKind.HEADING or title.role is not Role.HEADING:
            return False
        below = self.context.next(at, skip=ROW_PARTS)
        return below is None or self.parts[below].role is not Role.DATED_ROW

    def _between_title_and_text(self, at: int) -> bool:
        """Whether a row says when that takes place which the title above it and the text below it tell."""
        entry = self.context.open
        if entry is None or entry.heading != at - 1 or self.context.schedule:
            return False
        return self.parts[at - 1].role is Role.HEADING and self.context.tells_below(at)

    def _listed_windows(self, at: int) -> bool:
        """Whether a few rows are the windows of the entry whose last line leads in to them, or of one with a
        title that has its texts set in as they are."""
        entry, (first, *others) = self.context.open, self._beside(at)
        if entry is None or len(others) >= FEW or first - 1 < entry.first:
            return False
        leads_in = self.context.leads_in(first - 1)
        if entry.heading is None:
            return self._begins_with_text and leads_in and bool(others) and not self.context.schedule
        heading = self.parts[entry.heading]
        schedule = self.page.marks.any("entry.schedule", heading.start, heading.end)
        inside = self.context.set_in and self.parts[at].block.lead > 0 and heading.block.lead == 0
        return first - 1 > entry.heading and not schedule and (leads_in or inside)

    @property
    def _begins_with_text(self) -> bool:
        """Whether the open entry begins with a text, and not with a row."""
        entry = self.context.open
        return entry is not None and self.parts[entry.body - 1].role is Role.TEXT

    def _beside(self, at: int) -> list[int]:
        """A row and those above and below it, up to one more than `FEW`."""
        rows = [at]
        while len(rows) <= FEW and (above := self._row_beside(rows[0], -1)) is not None:
            rows.insert(0, above)
        while len(rows) <= FEW and (below := self._row_beside(rows[-1], 1)) is not None:
            rows.append(below)
        return rows

    def _told_of(self, at: int) -> bool:
        """Whether a few rows are windows of the open entry: its title names their days, it or the text above
        them opens with their number ("Two evenings …"), the text below speaks of the first of them, or each
        says of what it is the window."""
        entry, rows = self.context.open, self._beside(at)
        if entry is None or self.context.schedule or len(rows) > FEW:
            return False
        if entry.heading is None:
            told = self._counted(at) or (len(rows) > 1 and self._led_in(self._table(at)[0]))
            return told and self._begins_with_text
        title = self.parts[entry.heading]
        first, below = self.parts[rows[0]].start, self.context.next(rows[-1])
        if title.end > first:
            return False
        if len(rows) > 1 and (
            self._counts(len(rows), title.start, title.end)
            or self._counts(len(rows), title.end, first)
            or (
                below is not None
                and self.parts[below].role is Role.TEXT
                and self.context.speaks_of_first(below)
            )
        ):
            return True
        if self._counted(at):
            return True
        if self.page.marks.any("entry.schedule", title.start, title.end):
            return False
        if len(rows) > 1 and self._led_in(self._table(at)[0]):
            return True
        if self._explained(entry.heading):
            return len(rows) > 1 or all(map(self._names_first, self._table(at)))
        first_days = {day for row in rows for day in self._days(row)[:1]}
        return len(rows) > 1 and first_days.issubset(self._days(entry.heading))

    def _counted(self, at: int) -> bool:
        """Whether the title, or the text above the rows, says how many places or steps the rows are of."""
        rows = self._table(at) if self.parts[at].block.kind is BlockKind.ROW else self._beside(at)
        told = (self.context.counted_windows(part, at) for part in self.context.opening() if part < rows[0])
        return len(rows) > 1 and len(rows) in told

    def _table(self, at: int) -> list[int]:
        """The rows of a table, its head left out; of a long one those near a row."""
        first, last = at, at + 1
        while first > max(0, at - MOST_ROWS) and self.parts[first - 1].role in (Role.DATED_ROW, Role.ROW):
            first -= 1
        end = min(len(self.parts), at + MOST_ROWS)
        while last < end and self.parts[last].role in (Role.DATED_ROW, Role.ROW):
            last += 1
        return list(range(first, last))

    def _led_in(self, first: int) -> bool:
        """Whether a line with a colon stands above the rows, or above their head."""
        above = first - 1
        while above > max(0, first - MOST_ROWS) and self.parts[above].role in ABOVE_ROW:
            above -= 1
        lead = self.parts[above]
        return lead.role in (Role.TEXT, Role.HEADING) and lead.text.rstrip().endswith(":")

    def _names_first(self, at: int) -> bool:
        """Whether a row's first cell is a name, of a place or a product: "Netherlands | September 10"."""
        part = self.parts[at]
        name, border, _ = part.text.lstrip(" |").partition("|")
        days = self.page.tokens_in(part.start, part.start + len(name))
        letters = sum(map(str.isalpha, name))
        month = name.strip().lower() in self.page.grammar.lexicon.months
        return part.block.kind is BlockKind.ROW and bool(border) and letters > 1 and not days and not month

    def _explained(self, title: int) -> bool:
        """Whether a title that the markup sets as those of entries, on a page with many, has a text of its
        own."""
        part, below = self.parts[title], self.context.next(title)
        marked = part.block.kind is BlockKind.HEADING and part.block.level == self.context.level
        told = below is not None and self.parts[below].role is Role.TEXT
        return marked and told and self.context.titled

    def _days(self, at: int) -> list[tuple[int, int | None]]:
        """Month and day of the days that a part names, in order."""
        tokens = self.page.tokens_in(self.parts[at].start, self.parts[at].end)
        return [(token.month, token.day) for token in tokens if token.kind is Kind.DATE]

    def _counts(self, number: int, start: int, end: int) -> bool:
        """Whether a sentence begins with this number in words: "Two evenings are needed …"."""
        words = WORD.findall(self.page.text, start, end)[:1]
        return [self.page.grammar.lexicon.numbers.get(word.lower()) for word in words] == [number]

    def _row_beside(self, at: int, step: int) -> int | None:
        """The row above or below a row; one line that says more of a row may stand between."""
        for beside in (at + step, at + 2 * step):
            if not 0 <= beside < len(self.parts):
                return None
            if self.parts[beside].role is Role.DATED_ROW:
                return beside
            if self.parts[beside].role not in PROSE or len(self.parts[beside].text) > LONG:
                return None
        return None

    def _dates_stanza(self, at: int) -> bool:
        """Whether the row says when what the title of its stanza announces takes place."""
        if not self.context.stanzas:
            return False
        top = self.context.stanza_tops[at]
        return top in self.context.stanzas and self.parts[top].role is Role.HEADING
