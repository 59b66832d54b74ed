"""Which lines wait for the entry that follows: dates, labels, sections, what stands at a page's top?"""

from __future__ import annotations

from functools import cached_property

from ingest.context import PRELUDE, PROSE, Context
from ingest.grammar import METHOD_PATH
from ingest.model import BlockKind, Form
from ingest.page import LONG, names_product
from ingest.roles import Part, Role

FEW = 3  # lines at the top of a page that may title nothing
INTRODUCES = frozenset({Role.SECTION, Role.DATE, Role.LABEL, Role.RELEASE, Role.TITLE})


class Preludes:
    """Tells of each part of one document whether it begins nothing yet, but waits."""

    def __init__(self, context: Context) -> None:
        self.context, self.page, self.parts = context, context.page, context.parts

    def introduces(self, at: int, waiting: int | None) -> bool:
        """Whether a prelude part waits for the entry to come, rather than belong to the one before."""
        role = self.parts[at].role
        if at in self.context.under_titles:
            return False
        if role is Role.RULE:
            drawn = len(self.parts[at].block.span) > 0 and not self.context.underlines(at)
            below = self.context.next(at)
            return drawn and below is not None and self.parts[below].value != "footer"
        if role is Role.NAVIGATION:
            if waiting is not None and self.parts[at].rule == "mark":
                return self.context.next(at) is not None  # by whom, below when
            return self.context.open is None or (
                self.context.next(at) is not None
                and self.parts[at].value != "footer"
                and self._introduced_after(at)
            )
        if role is Role.HEAD_ROW:
            row = self.context.next(at, skip=(Role.HEAD_ROW, Role.RULE))
            return row is not None and (
                self.parts[row].role is Role.DATED_ROW or row in self.context.own_days
            )
        if role is Role.DATE and self.context.dates_below:
            return False
        if role in (Role.LABEL, Role.SECTION) and self.context.open and self.context.inside_stanza(at):
            return False
        if role is Role.LABEL and self.labels_title_above(at):
            return False
        if role is Role.LABEL:
            return self.context.next(at) is not None and (
                self.context.open is None or self._labels_entries or self._over_title(at)
            )
        return self.context.next(at) is not None

    def labels_title_above(self, at: int) -> bool:
        """Whether a label right below a title, which has none above, tells the kind of what it titles."""
        entry = self.context.open
        if entry is None or entry.heading != at - 1:
            return False
        if self.context.blank_above(at) and not self._between_markup(at):
            return False
        return all(part.role is not Role.LABEL for part in self.parts[entry.first : entry.heading])

    def _between_markup(self, at: int) -> bool:
        """Whether the markup says that the line above is a title, and a text follows below."""
        below = self.context.follows(at)
        above = self.parts[at - 1]
        titled = above.role is Role.HEADING and above.block.kind is BlockKind.HEADING
        return titled and below is not None and below.role in PROSE

    def _introduced_after(self, at: int) -> bool:
        nxt = self.context.next(at, skip=(Role.NAVIGATION, Role.RULE))
        return nxt is not None and self.parts[nxt].role in INTRODUCES

    def _over_title(self, at: int) -> bool:
        """Whether a label stands right over a title, below which there is a text."""
        title, below = self.context.next(at), self.context.next(at + 1)
        if title != at + 1 or self.parts[title].role is not Role.HEADING or below is None:
            return False
        if at == 0 or self.parts[at - 1].role not in PROSE:
            return False
        return self.parts[below].role is Role.TEXT and self.context.blank_above(at)

    @cached_property
    def _labels_entries(self) -> bool:
        """Whether the document's labels stand over entries: badges, or at least two lines of their own."""
        labels = [p for p in self.parts if p.role is Role.LABEL]
        return len(labels) >= 2 or any(p.block.kind is BlockKind.LABEL for p in labels)

    def waits(self, at: int, grouped: bool) -> bool:
        """Whether a heading begins no entry, but waits for the one that follows; `grouped` where releases or
        groups list the changes."""
        if self.page.document.form is Form.FEED:
            return False
        if self.parts[at].role not in (Role.HEADING, Role.GROUP):
            return self._captions_page(at)
        if at in self.context.numbered or at + 1 in self.context.under_titles:
            return False
        return (
            self.context.next(at) in self.context.own_days
            or self._empty_group(at, grouped)
            or self._above_titles(at)
            or self._tops_page(at)
            or self._names_section(at)
            or self._above_groups(at)
            or self._stands_apart(at)
            or self._heads_what_no_row_has(at)
            or self._between_rows_and_days(at)
            or self._above_section(at)
            or self.context.heads_section(at)
        )

    def _empty_group(self, at: int, grouped: bool) -> bool:
        """ "Fixed" in a release, with nothing below it but the next group, or the next release."""
        part, level = self.parts[at], self.context.level
        if part.block.kind is BlockKind.HEADING and level is not None and part.block.level > level:
            return False  # a sub-heading of an entry
        below = self.context.follows(at) if part.role is Role.GROUP else None
        return below is not None and (below.role is Role.RELEASE or (below.role is Role.GROUP and grouped))

    def _above_titles(self, at: int) -> bool:
        """A heading above the level of entries, with the title of one right below it: a section's name."""
        part, below, level = self.parts[at].block, self.context.follows(at), self.context.level
        if part.kind is not BlockKind.HEADING or level is None or part.level >= level or below is None:
            return False
        return (
            below.role is Role.HEADING
            and below.block.kind is BlockKind.HEADING
            and below.block.level == level
        )

    def _above_groups(self, at: int) -> bool:
        """A heading in the markup right above "New features" or "Fixes", one level deeper: a release's."""
        part, below = self.parts[at].block, self.context.follows(at)
        if part.kind is not BlockKind.HEADING or below is None or below.role is not Role.GROUP:
            return False
        return below.block.kind is BlockKind.HEADING and below.block.level > part.level

    def _tops_page(self, at: int) -> bool:
        """Names at the top of a page, or above dates: furniture or sections, no entries."""
        if self.parts[at].block.level > 1 and self._labelled_below(at) and self._between_markup(at + 1):
            return False
        if self.context.open is not None:  # a section's name above the first of its dates or labels
            nxt = self.context.next(at)
            if nxt is None or self.parts[nxt].role not in (Role.DATE, Role.LABEL):
                return False
            text = self.parts[at].text
            if self.page.marks.at("entry.examples", self.parts[at].start) or METHOD_PATH.search(text):
                return False  # "Example: /orders?sort=date", the last line of an entry
            above, apart = self._above(at), self.context.blank_above(at)
            ended = above.role is Role.ITEM or above.text.rstrip().endswith(".")
            return ended and (apart or self.parts[nxt].role is Role.DATE)
        below = self.context.next(at, skip=(Role.HEADING, Role.GROUP, Role.RULE))
        labelled = self._labelled_below(at) and not self.context.blank_above(at + 1)
        if at and self.parts[at - 1].role is Role.DATE and labelled:
            return False  # the title of the first entry, its label under it
        dated = below is not None and self.parts[below].role in PRELUDE
        return dated or self._says_nothing(at)

    def _labelled_below(self, at: int) -> bool:
        below = self.context.follows(at)
        return below is not None and below.role is Role.LABEL and self.parts[at + 1] is below

    def _captions_page(self, at: int) -> bool:
        """A name above the page's title, or a few words at the very top that are no sentence, in a script
        without capitals as well."""
        part, below = self.parts[at], self.context.follows(at)
        if self.context.open is not None or part.role is not Role.TEXT or below is None:
            return False
        if below.role is Role.TITLE and len(part.text) <= LONG:
            return True
        words = len(part.text) <= LONG // 2 and not part.text.rstrip().endswith((".", ":"))
        return words and below.role in PRELUDE

    def _above_section(self, at: int) -> bool:
        """A title right above the one of a schedule's rows: "Europe", "Services in Frankfurt", the rows."""
        below = self.context.follows(at)
        stacked = below is not None and below.rule == "over_rows" and below.role is Role.SECTION
        return stacked and self.parts[at].role is Role.HEADING and self._above(at).role is not Role.LABEL

    def _names_section(self, at: int) -> bool:
        """A product's name alone above a titled entry or a label: it heads a section.

        Not one of several names in a row, nor below a lead-in: these are listed in an entry.
        """
        nxt = self.context.next(at)
        if (
            nxt is None
            or self.parts[at].role is not Role.HEADING
            or not names_product(self.page, self.parts[at])
        ):
            return False
        above = self._above(at) if at else None
        if above is not None and (
            above.role in (Role.SUBHEADING, Role.MARKER)
            or above.text.rstrip().endswith(":")
            or (above.role is Role.HEADING and len(above.text) <= LONG)
        ):
            return False
        if self.parts[nxt].role in (Role.LABEL, Role.GROUP):
            return True
        titled = self.parts[nxt].role is Role.HEADING and not names_product(self.page, self.parts[nxt])
        below = self.context.follows(nxt)
        return titled and below is not None and below.role in PROSE and len(below.text) > LONG

    def _stands_apart(self, at: int) -> bool:
        """A short line between blank ones, above a title that stands right on its text: a section's name."""
        nxt = self.context.next(at)
        if self.page.document.form is not Form.TEXT or nxt is None or len(self.parts[at].text) > LONG:
            return False
        apart = self.context.blank_above(at) and self.context.blank_above(nxt)
        return apart and self._titles_text(nxt) and not self.context.blank_above(nxt + 1)

    def _heads_what_no_row_has(self, at: int) -> bool:
        """A short line below a schedule's last row, above the title of a text: "Unscheduled work"."""
        entry, nxt = self.context.open, self.context.next(at)
        if entry is None or nxt is None or len(self.parts[at].text) > LONG:
            return False
        row = self.parts[entry.body - 1].role is Role.DATED_ROW and at >= self.context.schedule.stop > 0
        with_row = self.context.blank_above(nxt) and not self.context.blank_above(at)
        return row and not with_row and self._titles_text(nxt)

    def _between_rows_and_days(self, at: int) -> bool:
        """A short line below a schedule's last row, above a day and a title: "Further news"."""
        day = self.context.next(at)
        if day is None or self.parts[at].role is not Role.HEADING or len(self.parts[at].text) > LONG:
            return False
        title = self.context.next(day)
        dated = self.parts[day].role is Role.DATE and title is not None and self._titles_text(title)
        return dated and at > 0 and self._above(at).role in (Role.DATED_ROW, Role.ROW)

    def _titles_text(self, at: int) -> bool:
        """Whether a heading stands right above a text that is more than a line."""
        below = self.context.follows(at) if self.parts[at].role is Role.HEADING else None
        return below is not None and below.role is Role.TEXT and len(below.text) > LONG

    def _above(self, at: int) -> Part:
        """The part above, lines drawn across the page aside."""
        at -= 1
        while at and self.parts[at].role is Role.RULE:
            at -= 1
        return self.parts[at]

    def _says_nothing(self, at: int) -> bool:
        """A short line at the top that titles nothing: something else begins below it, after a blank line,
        or after a few lines like it."""
        for _ in range(FEW):
            nxt = self.context.next(at)
            if nxt is None or len(self.parts[at].text) > LONG or self.parts[nxt].role is not Role.HEADING:
                return False
            if self.context.blank_above(nxt):
                return True
            at = nxt
        return False
