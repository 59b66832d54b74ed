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
from ingest.page import Page, names_product
from ingest.preludes import Preludes
from ingest.roles import Part, Role
from ingest.rows import Rows

STOPS = (".", "!")


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
        self.preludes, self.rows = Preludes(self.context), Rows(self.context)
        self.done: list[Segment] = []
        self.listing = False  # inside a group whose items are entries
        self.released = False  # under a release's heading

    # -- the walk ----------------------------------------------------------------------------------

    def run(self) -> list[Segment]:
        waiting: int | None = None
        at = 0
        while at < len(self.parts):
            part = self.parts[at]
            if self._waits(at, waiting):
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

    def _waits(self, at: int, waiting: int | None) -> bool:
        if waiting is None and self.rows.inside(at):
            return False
        if self.parts[at].role in PRELUDE and self.preludes.introduces(at, waiting):
            return True
        if (
            self.parts[at].role is Role.HEAD_ROW
            and waiting is not None
            and self.context.heads_section(waiting)
        ):
            return True  # of a table with an entry in each row
        return self.preludes.waits(at, grouped=self.released or self.listing)

    def _take(self, at: int, waiting: int | None) -> None:
        part = self.parts[at]
        if self.page.document.form is Form.FEED:
            self._take_item(at, waiting)
        elif waiting is not None:
            self._begin(waiting, at, rule="introduced")
            self._list_under(waiting, at)
            self._tag(at)
        elif self.context.open is None:
            self._begin(at, at, rule="first")
            self._tag(at)
        elif self.context.numbered:
            self._take_numbered(at)
        elif self.context.dates_below and self.parts[at - 1].role is Role.DATE:
            self._begin(at, at, rule="below a closing date")
        elif at in self.context.own_days:
            self._begin(at, at, rule="its own day")
        elif at in self.context.records:
            self._begin(at, at, rule="record")
        elif at in self.context.tagged:
            self._begin(at, at, rule="tagged")
            self._tag(at)
        elif part.role is Role.LABEL and self.preludes.labels_title_above(at):
            self.context.open.body = at + 1
        elif part.role is Role.GROUP:
            self._take_group(at)
        elif part.role is Role.SUBHEADING and self.rows.end(at):
            self._begin(at, at, rule="below a schedule")
        elif part.role is Role.DATED_ROW and self.rows.begin(at):
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

    def _tag(self, at: int) -> None:
        """What opens with a tag has no title above it, and is of the kind that the tag names."""
        entry = self.context.open
        if entry is None or at not in self.context.tagged:
            return
        kind = self.context.tagged[at]
        entry.heading = at if self.parts[at].role is Role.HEADING else None
        entry.group = EntryType(kind) if kind else None

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
        if not titles or (self.parts[titles[-1]].role is Role.TITLE and self._parted(titles[-1], at)):
            return None
        return titles[-1]

    def _parted(self, title: int, at: int) -> bool:
        """Whether a date or a label lies between the page's title and a text, the first of several."""
        return any(self.parts[i].role in (Role.DATE, Role.LABEL) for i in range(title + 1, at))

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
            if part.role is Role.ITEM or (part.role is Role.DATED_ROW and part.block.kind is BlockKind.ITEM):
                items.append(part)
            elif not (
                part.role in (Role.TEXT, Role.CODE, Role.RULE) and items and part.role is not Role.TEXT
            ):
                break
        own = [n for n, p in enumerate(items) if p.block.level <= 1]
        leading = {n - 1 for n in range(1, len(items)) if items[n].block.level > items[n - 1].block.level}
        told = [n for n in own if (n in leading and not _is_call(items[n].text)) or _is_prose(items[n].text)]
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

    def _close(self, last: int) -> None:
        if self.context.open is not None and last > self.context.open.first:
            entry = self.context.open
            self.done.append(Segment(entry.first, last, entry.heading, entry.cues, entry.score, entry.group))
        self.context.open = None

    def _weigh(self, at: int) -> None:
        cues = self.boundaries.weigh(at)
        if cues:
            first = at - 1 if self._heads_section(at - 1) else at
            self._begin(first, at, "weighed", cues, sum(cue.weight for cue in cues))

    def _heads_section(self, at: int) -> bool:
        """A line like a title, alone between blank lines and right above one: what heads several entries."""
        entry, part = self.context.open, self.parts[at]
        if entry is None or at < entry.body or not (part.role is self.parts[at + 1].role is Role.HEADING):
            return False
        apart = self.context.blank_above(at) and self.context.blank_above(at + 1)
        above = self.parts[at - 1]
        finished = above.role in PROSE and above.text.rstrip().endswith(STOPS)
        stands_alone = not (part.text.rstrip().endswith(STOPS) or names_product(self.page, part))
        return apart and finished and stands_alone and self.context.level is None


def _is_call(text: str) -> bool:
    return METHOD_PATH.fullmatch(text.strip()) is not None


def _is_prose(text: str) -> bool:
    """Whether an item says something: at least three words beside the names of calls and paths."""
    rest = PATH.sub("", METHOD_PATH.sub("", text))
    words = WORD.findall(rest)
    return len(words) >= 3 and not (len(words) <= 5 and not text.rstrip().endswith(".") and rest != text)


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
