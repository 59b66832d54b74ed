"""Where does an entry begin?

The outline is read once, top to bottom.  Lines that introduce (a date heading, a label, a section) wait
for the entry that follows them.  What markup makes certain (feed items, schedule rows, the items of a
group) decides at once; elsewhere cues for and against are weighed (boundary.py), and every cue that spoke
is kept on the boundary.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from ingest.boundary import Boundaries
from ingest.context import PRELUDE, PROSE, Context, Open
from ingest.grammar import METHOD_PATH, PATH, WORD
from ingest.model import BlockKind, Cue, EntryType, Form, Span
from ingest.outline import Part, Role, names_product
from ingest.page import LONG, Page

FEW = 3  # rows that a sentence leads in to (more are a schedule's), lines at the top of a page
INTRODUCES = frozenset({Role.SECTION, Role.DATE, Role.LABEL, Role.RELEASE, Role.TITLE})


class Segment(Struct, frozen=True, gc=False):
    """The parts of one entry: [first, last) with its preludes; `heading` is the part that titles it."""

    first: int
    last: int
    heading: int | None
    cues: tuple[Cue, ...] = ()
    score: float = 9.0
    group: EntryType | None = None


def segment(page: Page, parts: Sequence[Part]) -> list[Segment]:
    """The entries as runs of parts that tile the outline; none for an outline without content."""
    return _Segmenter(page, parts).run()


class _Segmenter:
    def __init__(self, page: Page, parts: Sequence[Part]) -> None:
        self.page, self.parts = page, parts
        self.context = Context(page, parts)
        self.boundaries = Boundaries(self.context)
        self.done: list[Segment] = []
        self.listing = False  # inside a group whose items are entries
        self.released = False  # under a release's heading

    # -- the walk ----------------------------------------------------------------------------------

    def run(self) -> list[Segment]:
        waiting: int | None = None
        at = 0
        while at < len(self.parts):
            part = self.parts[at]
            if (part.role in PRELUDE and self._introduces(at, waiting)) or self._waits(at):
                waiting = at if waiting is None else waiting
                self.listing = False
                self.released = part.role is Role.RELEASE or (self.released and part.role is not Role.DATE)
                at += 1
                continue
            if part.role is Role.RULE or at in self.context.under_titles:
                at += 1
                continue
            self._take(at, waiting)
            waiting = None
            at += 1
        self._close(len(self.parts))
        return self.done

    def _waits(self, at: int) -> bool:
        """Whether a heading begins no entry, but waits for the one that follows."""
        if self.page.document.form is Form.FEED:
            return False
        if self.parts[at].role not in (Role.HEADING, Role.GROUP):
            return self._captions_page(at)
        if at in self.context.numbered or at + 1 in self.context.under_titles:
            return False
        return (
            self.context.next(at) in self.context.own_days
            or self._empty_group(at)
            or self._above_titles(at)
            or self._tops_page(at)
            or self._names_section(at)
            or self._above_section(at)
            or self.context.heads_section(at)
        )

    def _empty_group(self, at: int) -> bool:
        """ "Fixed" in a release, with nothing below it but the next group, or the next release."""
        part, level = self.parts[at], self.context.level
        if part.block.kind is BlockKind.HEADING and level is not None and part.block.level > level:
            return False  # a sub-heading of an entry
        below = self.context.follows(at) if part.role is Role.GROUP else None
        return below is not None and (
            below.role is Role.RELEASE or (below.role is Role.GROUP and (self.released or self.listing))
        )

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

    def _tops_page(self, at: int) -> bool:
        """Names at the top of a page, or above dates: furniture or sections, no entries."""
        if self.context.open is not None:  # a section's name above the first of its dates or labels
            nxt = self.context.next(at)
            if nxt is None or self.parts[nxt].role not in (Role.DATE, Role.LABEL):
                return False
            above, apart = self._above(at), self.context.blank_above(at)
            ended = above.role is Role.ITEM or above.text.rstrip().endswith(".")
            return ended and (apart or self.parts[nxt].role is Role.DATE)
        below = self.context.next(at, skip=(Role.HEADING, Role.GROUP, Role.RULE))
        if at and self.parts[at - 1].role is Role.DATE and self._labelled_below(at):
            return False  # the title of the first entry, its label under it
        dated = below is not None and self.parts[below].role in PRELUDE
        return dated or self._says_nothing(at)

    def _labelled_below(self, at: int) -> bool:
        below = self.context.follows(at)
        return below is not None and below.role is Role.LABEL and not self.context.blank_above(at + 1)

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

    def _introduces(self, at: int, waiting: int | None) -> bool:
        """Whether a prelude part waits for the entry to come, rather than belong to the one before."""
        role = self.parts[at].role
        if at in self.context.under_titles:
            return False
        if role is Role.RULE:
            drawn = len(self.parts[at].block.span) > 0 and not self.context.underlines(at)
            return drawn and self.context.next(at) is not None
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
        if role is Role.LABEL and self._labels_title_above(at):
            return False
        if role is Role.LABEL:
            return self.context.next(at) is not None and (self.context.open is None or self._labels_entries)
        return self.context.next(at) is not None

    def _labels_title_above(self, at: int) -> bool:
        """Whether a label right below a title, which has none above, tells the kind of what it titles."""
        entry = self.context.open
        if entry is None or entry.heading != at - 1 or self.context.blank_above(at):
            return False
        return all(part.role is not Role.LABEL for part in self.parts[entry.first : entry.heading])

    def _introduced_after(self, at: int) -> bool:
        nxt = self.context.next(at, skip=(Role.NAVIGATION, Role.RULE))
        return nxt is not None and self.parts[nxt].role in INTRODUCES

    @cached_property
    def _labels_entries(self) -> bool:
        """Whether the document's labels stand over entries: badges, or at least two lines of their own."""
        labels = [p for p in self.parts if p.role is Role.LABEL]
        return len(labels) >= 2 or any(p.block.kind is BlockKind.LABEL for p in labels)

    def _take(self, at: int, waiting: int | None) -> None:
        part = self.parts[at]
        if self.page.document.form is Form.FEED:
            self._take_item(at, waiting)
        elif waiting is not None:
            self._begin(waiting, at, rule="introduced")
            self._list_under(waiting, at)
        elif self.context.open is None:
            self._begin(at, at, rule="first")
        elif self.context.numbered:
            self._take_numbered(at)
        elif self.context.dates_below and self.parts[at - 1].role is Role.DATE:
            self._begin(at, at, rule="below a closing date")
        elif at in self.context.own_days:
            self._begin(at, at, rule="its own day")
        elif at in self.context.records:
            self._begin(at, at, rule="record")
        elif part.role is Role.LABEL and self._labels_title_above(at):
            self.context.open.body = at + 1
        elif part.role is Role.GROUP:
            self._take_group(at)
        elif part.role is Role.SUBHEADING and self._ends_schedule(at):
            self._begin(at, at, rule="below a schedule")
        elif part.role is Role.DATED_ROW and self._row_begins(at):
            self._begin(at, at, rule="schedule row")
        elif (
            self.listing
            and part.role is Role.ITEM
            and part.block.level <= 1
            and self.parts[at - 1].role is not Role.GROUP
        ):
            self._begin(at, at, rule="listed change", group=self.context.open.group)
        else:
            self.listing = self.listing and part.role is not Role.SUBHEADING
            self._weigh(at)
        if self.context.open is not None:
            self.context.open.unheard.append(at)

    def _take_numbered(self, at: int) -> None:
        """Where entries are numbered, what has no number belongs to the entry above."""
        if at in self.context.numbered:
            self._begin(at, at, rule="numbered")

    def _list_under(self, waiting: int, at: int) -> None:
        """Items right under a release's or a day's heading are entries of their own, as under "Fixed"."""
        headed = any(self.parts[i].role in (Role.RELEASE, Role.DATE) for i in range(waiting, at))
        if headed and self.context.open and self.parts[at].role is Role.ITEM and self._lists_changes(at - 1):
            self.listing, self.context.open.heading = True, None

    def _take_item(self, at: int, waiting: int | None) -> None:
        """A feed's entries are its items, whatever stands in them."""
        first = waiting if waiting is not None else at
        if self.context.open is None or self._item_begins(first):
            self._begin(first, at, rule="feed item")
            titles = (i for i in range(first, at + 1) if self._titles_item(i))
            if self.context.open is not None and (title := next(titles, None)) is not None:
                self.context.open.heading = title

    def _titles_item(self, at: int) -> bool:
        """Whether a part is the title of a feed's item, whatever it says: "Bug fixes", "v2.3"."""
        return self.parts[at].block.kind is BlockKind.HEADING and self.parts[at].block.level == 1

    def _item_begins(self, at: int) -> bool:
        """Whether the mark of a feed's item stands right above, other rules aside."""
        while at and self.parts[at - 1].role is Role.RULE:
            at -= 1
            if self.parts[at].block.level == 2:
                return True
        return False

    def _begin(
        self,
        first: int,
        at: int,
        rule: str,
        cues: tuple[Cue, ...] = (),
        score: float = 9.0,
        group: EntryType | None = None,
    ) -> None:
        self._close(first)
        part = self.parts[at]
        heading: int | None = at if part.role in (Role.HEADING, Role.SUBHEADING, Role.LABEL) else None
        if part.role is Role.GROUP:
            heading, group = self._group_heading(at)
            self.listing = heading is None
        else:
            self.listing = self.listing and rule == "listed change"
        untitled = part.role in (Role.GROUP, Role.DATED_ROW) or at in self.context.own_days
        if heading is None and not untitled and rule != "listed change":
            heading = self._prelude_title(first, at)
        cue = Cue("boundary", rule, score, part.block.span)
        self.context.open = Open(first, heading, at + 1, (cue, *cues), score, group)

    def _prelude_title(self, first: int, at: int) -> int | None:
        """A release's or the page's heading titles the text right below it; so do the parts of a release."""
        titling = (Role.RELEASE, Role.TITLE, Role.LABEL) if self._sectioned else (Role.RELEASE, Role.TITLE)
        titles = [i for i in range(first, at) if self.parts[i].role in titling]
        return titles[-1] if titles else None

    def _group_heading(self, at: int) -> tuple[int | None, EntryType | None]:
        """Whether the group's heading titles one entry, or is shared by the items below it."""
        value = self.parts[at].value
        kind = EntryType(value) if value else None
        return (None, kind) if self._lists_changes(at) else (at, kind)

    def _lists_changes(self, at: int) -> bool:
        """Whether items follow at once, and say something each (not only names of calls)."""
        items = []
        for index in range(at + 1, len(self.parts)):
            part = self.parts[index]
            if part.role is Role.ITEM:
                items.append(part)
            elif not (
                part.role in (Role.TEXT, Role.CODE, Role.RULE) and items and part.role is not Role.TEXT
            ):
                break
        own = [n for n, p in enumerate(items) if p.block.level <= 1]
        leading = {n - 1 for n in range(1, len(items)) if items[n].block.level > items[n - 1].block.level}
        told = [n for n in own if n in leading or _is_prose(items[n].text)]
        return bool(items) and 2 * len(told) > len(own)

    def _take_group(self, at: int) -> None:
        part = self.parts[at]
        marked = part.block.kind is BlockKind.HEADING and part.block.level <= (self.context.level or 9)
        labels = self.context.labelled and self.context.blank_above(at)
        if self.released or marked or self.listing or labels or self._lists_changes(at) or self._sectioned:
            self._begin(at, at, rule="group of changes")
        else:
            self._weigh(at)

    @cached_property
    def _sectioned(self) -> bool:
        return any(p.role is Role.RELEASE for p in self.parts)

    def _row_begins(self, at: int) -> bool:
        """A dated row is an entry where it is one of several, or a table's row."""
        if self.parts[at].block.kind is BlockKind.ROW:
            return True
        if self._listed_windows(at) or self._dates_stanza(at) or self._names_window(at - 1):
            return False
        near = [p for p in self.parts[max(0, at - 4) : at + 5] if p.role is Role.DATED_ROW]
        return len(near) >= 2

    def _ends_schedule(self, at: int) -> bool:
        """Whether what no row has, a heading over a text, stands below the rows of a schedule's page."""
        entry, rows = self.context.open, self.context.schedule
        if not rows or at < rows.stop or entry is None or entry.body - 1 not in rows:
            return False
        below = self.context.next(at, skip=(Role.RULE, Role.SUBHEADING))
        return below is not None and len(self.parts[below].text) > LONG

    def _names_window(self, at: int) -> bool:
        """Whether a heading inside the open entry stands right above a row: it names a window's place."""
        part = self.parts[at]
        inside = self.context.open is not None and self.context.open.heading not in (None, at)
        return inside and part.role is Role.HEADING and part.block.kind is BlockKind.HEADING

    def _listed_windows(self, at: int) -> bool:
        """Whether a few rows are the windows of the titled entry whose last line leads in to them."""
        entry = self.context.open
        first, last = at, at + 1
        while first > 0 and last - first <= FEW and self.parts[first - 1].role is Role.DATED_ROW:
            first -= 1
        while last < len(self.parts) and last - first <= FEW and self.parts[last].role is Role.DATED_ROW:
            last += 1
        lead = self.parts[first - 1]
        if entry is None or entry.heading is None or last - first > FEW or first - 1 <= entry.heading:
            return False
        heading = self.parts[entry.heading]
        schedule = self.page.marks.any("entry.schedule", heading.start, heading.end)
        return not schedule and lead.role is Role.TEXT and lead.text.rstrip().endswith(":")

    def _dates_stanza(self, at: int) -> bool:
        """Whether the row says when what the title of its stanza announces takes place."""
        if not self.context.stanzas:
            return False
        top = self.context.stanza_tops[at]
        return top in self.context.stanzas and self.parts[top].role is Role.HEADING

    def _close(self, last: int) -> None:
        if self.context.open is not None and last > self.context.open.first:
            entry = self.context.open
            self.done.append(Segment(entry.first, last, entry.heading, entry.cues, entry.score, entry.group))
        self.context.open = None

    def _weigh(self, at: int) -> None:
        cues = self.boundaries.weigh(at)
        if cues:
            self._begin(at, at, "weighed", cues, sum(cue.weight for cue in cues))


def _is_prose(text: str) -> bool:
    """Whether an item says something: at least three words beside the names of calls and paths."""
    rest = PATH.sub("", METHOD_PATH.sub("", text))
    words = WORD.findall(rest)
    return len(words) >= 3 and not (len(words) <= 5 and not rest.rstrip().endswith(".") and rest != text)


def span_of(page: Page, parts: Sequence[Part], entry: Segment) -> Span:
    """The characters of an entry, from its first prelude to where the next entry begins.

    Marks that belong to no part, such as those of a blank line in a quoted mail, go with the entry above.
    """
    own = [p.block.span for p in parts[entry.first : entry.last] if len(p.block.span)]
    if not own:
        return Span(0, 0)
    after = parts[entry.last].block.span.start if entry.last < len(parts) else len(page.text)
    start = own[0].start if entry.first else _first_sign(page.text, own[0].start)
    return Span(start, own[-1].end + len(page.text[own[-1].end : after].rstrip()))


def _first_sign(text: str, end: int) -> int:
    """Where the first character stands that is not blank, `end` at most."""
    return end - len(text[:end].lstrip())
