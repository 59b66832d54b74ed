"""What speaks for and against an entry beginning here?  Small cues with weights, for headings and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from ingest.context import DATED, LONG, PRELUDE, PRODUCTS, PROSE, Context
from ingest.dates import Kind
from ingest.grammar import METHOD_PATH, PREFIX, TICKET, WORD
from ingest.model import BlockKind, Cue
from ingest.outline import DATED_BIT, Role, all_caps
from ingest.page import product_in
from ingest.sights import SLASH

THRESHOLD = 3.0
TAKEN_UP = 200  # characters below a title that take up its name
TICKETS, LABELS = 3, 3  # how many tell that the document's entries are told by them
LEADS = ("bugfix.lead", "deprecation.lead", "policy.lead", "api_change.lead", "feature.lead")

COLON = re.compile(r"[ \u00a0*_]*[:–—]")

CueRule = Callable[[Context, int], bool]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A cue, its weight, and what must be there for it to speak: else it is not asked.

    `words` are categories of which one must stand in the part (none: any part), `above` the parts that
    one of must stand right above it (None: any), `page` a fact of the whole document.
    A `dear` cue is asked only where the others leave the decision open.
    """

    check: CueRule
    weight: float
    words: tuple[str, ...] = ()
    dear: bool = False
    above: Collection[Role] | None = None
    page: Callable[[Context], bool] | None = None

    @property
    def name(self) -> str:
        return self.check.__name__.strip("_")


def _if_words(check: CueRule, weight: float, *words: str) -> Weighed:
    return Weighed(check, weight, words)


def _if_above(check: CueRule, weight: float, roles: Collection[Role]) -> Weighed:
    return Weighed(check, weight, above=roles)


def _if_page(check: CueRule, weight: float, page: Callable[[Context], bool]) -> Weighed:
    return Weighed(check, weight, page=page)


def _at_last(check: CueRule, weight: float, *words: str) -> Weighed:
    return Weighed(check, weight, words, dear=True)


def _prefixed(s: Context, at: int) -> bool:
    """ "Product: what is new" -- a name, a colon, and a title of its own."""
    part = s.parts[at]
    match = PREFIX.match(part.text.strip()) if ":" in part.text else None
    if not match or len(WORD.findall(match["prefix"])) > 8:
        return False
    rest = part.text.strip()[match.end() :]
    return (
        rest[:1].isupper() or rest[:1].isdigit() or (len(WORD.findall(rest)) >= 2 and not rest.endswith("."))
    )


def _prefixed_by_product(s: Context, at: int) -> bool:
    part = s.parts[at]
    match = PREFIX.match(s.page.text, part.start, part.end)
    if not match or _marker_prefix(s, at):
        return False
    start, end = match.span("prefix")
    return (
        product_in(s.page, start, end)
        or s.marks.any("api.api_nouns", start, end)
        or s.marks.any("labels", start, end)
    )


def _prefix_taken_up(s: Context, at: int) -> bool:
    """ "List orders: more filters", and the text below speaks of List orders."""
    match, nxt = PREFIX.match(s.parts[at].text.strip()), s.follows(at)
    if not match or nxt is None or nxt.role is not Role.TEXT or " " not in match["prefix"]:
        return False
    return match["prefix"] in s.page.text[nxt.start : nxt.start + TAKEN_UP]


def _first_window(s: Context, at: int) -> bool:
    """A text that announces a window, below an entry without a title and without any window."""
    part = s.parts[at]
    if part.role is not Role.TEXT or s.open is None or s.heading() is not None:
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(part.start, part.end) and not s.has_window(start, part.start)


def _marker_prefix(s: Context, at: int) -> bool:
    """ "Note: …", "API Note: …", "*Note: …": a remark inside an entry."""
    return not _first_window(s, at) and _marker(s, at)  # "Update: the maintenance …" where titles are lost


def _marker(s: Context, at: int) -> bool:
    """A remark's mark and a colon open the part."""
    part = s.parts[at]
    start = part.start
    while start < part.end and not s.page.text[start].isalnum():
        start += 1
    mark = s.marks.at("entry.markers", start)
    return mark is not None and COLON.match(s.page.text[mark.end : mark.end + 4]) is not None


def _titled_as_news(s: Context, at: int) -> bool:
    part = s.parts[at]
    return s.marks.any("entry.title_words", part.start, part.end)


def _titled_as_kind(s: Context, at: int) -> bool:
    """A heading that opens with the word of a kind of change: "Bugfix …", "End of life for …"."""
    part = s.parts[at]
    kinds = ("bugfix", "deprecation", "feature", "policy")
    return any(s.marks.at(f"{kind}.title", part.start) for kind in kinds)


def _maintenance_title(s: Context, at: int) -> bool:
    part = s.parts[at]
    return s.marks.any("maintenance.title", part.start, part.end) and len(WORD.findall(part.text)) <= 10


def _dated_window_follows(s: Context, at: int) -> bool:
    """The next few lines announce hours on a date."""
    stop = at + 1
    while (
        stop < min(at + 4, len(s.parts))
        and s.parts[stop].role not in PRELUDE
        and (s.parts[stop].role is not Role.HEADING)
    ):
        stop += 1
    dated = any(s.parts[below].words & DATED_BIT for below in range(at + 1, stop))
    return dated and s.has_window(s.parts[at].end, s.parts[stop - 1].end)


def _opener_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT or not nxt.words & s.bits(("entry.announce", DATED)):
        return False
    return s.announces(nxt) or s.effective_opening(nxt)


def _change_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    return (
        nxt is not None
        and nxt.role is Role.TEXT
        and nxt.words & s.bits(("entry.changes",)) != 0
        and s.marks.any("entry.changes", nxt.start, s.first_sentence(nxt))
    )


def _closed_before(s: Context, at: int) -> bool:
    previous = s.parts[at - 1]
    said = s.parts[at - 1].words & s.bits(("entry.closing",))
    return bool(said) and s.marks.any("entry.closing", previous.start, previous.end)


def _shouted(s: Context, at: int) -> bool:
    return all_caps(s.parts[at].text) and len(s.parts[at].text.strip()) > 8


def _unlike_titles(s: Context, at: int) -> bool:
    """In small letters, where the titles right under dates and labels are all in capitals."""
    return s.shouting and not all_caps(s.parts[at].text)


def _repeated_title(s: Context, at: int) -> bool:
    text = s.parts[at].text.strip().lower()
    return s.repeated[text] >= 2 and s.marks.any("maintenance.title", s.parts[at].start, s.parts[at].end)


def _another_topic(s: Context, at: int) -> bool:
    return s.cohesion(at) < 0.2


def _same_topic(s: Context, at: int) -> bool:
    return s.cohesion(at) >= 0.5


def _prose_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    return nxt is not None and nxt.role is Role.TEXT and len(nxt.text) > LONG


def _new_call(s: Context, at: int) -> bool:
    """The title or the text below names a call of which the open entry has not spoken."""
    nxt = s.follows(at)
    below = nxt if nxt is not None and nxt.role in PROSE else s.parts[at]
    if not (s.parts[at].words | below.words) & s.bits((SLASH,)):
        return False
    end = below.end
    calls = METHOD_PATH.finditer(s.page.text, s.parts[at].start, end)
    start = s.parts[s.open.first].block.span.start if s.open else 0
    return any(s.page.text.find(m["path"], start, s.parts[at].start) < 0 for m in calls)


def _in_contents(s: Context, at: int) -> bool:
    """A title that the page lists at its top."""
    return s.parts[at].rule == "contents"


def _ticketed(s: Context, at: int) -> bool:
    """Opens with a ticket's number, as at least two other titles of the page do."""
    return TICKET.match(s.parts[at].text.strip()) is not None and s.tickets >= TICKETS


def _above_finished(s: Context, at: int) -> bool:
    """The line above ends a sentence, in a document that kept its lists or blank lines or never had any."""
    above = s.parts[at - 1]
    return (
        (s.itemized or s.spaced or s.flat)
        and above.role in PROSE
        and above.text.rstrip().endswith((".", "!"))
    )


def _set_off(s: Context, at: int) -> bool:
    """A blank line above and none below: a title and its text, parted from what went before."""
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT:
        return False
    text, here = s.page.text, s.parts[at].block.span
    above = text[s.parts[at - 1].block.span.end : here.start]
    return above.count("\n") >= 2 and text[here.end : nxt.block.span.start].count("\n") == 1


def _cut_from_text(s: Context, at: int) -> bool:
    """A title that ran into its own text, until it was cut from it."""
    return at + 1 < len(s.parts) and s.parts[at + 1].block.span.start == s.parts[at].end > s.parts[at].start


def _below_rows(s: Context, at: int) -> bool:
    """A title with text under it, below the rows of a schedule."""
    above = (
        s.parts[at - 1].role in (Role.DATED_ROW, Role.ROW) or s.parts[s.open.body - 1].role is Role.DATED_ROW
        if s.open
        else False
    )
    return above and _prose_follows(s, at)


def _long_title(s: Context, at: int) -> bool:
    return s.count(at) >= 6


def _short_title(s: Context, at: int) -> bool:
    return s.count(at) <= 2


def _no_prose_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    if nxt is not None and nxt.role is Role.HEADING and _prose_follows(s, at + 1):
        return False  # a sub-heading right below, then text
    return (
        nxt is None
        or nxt.role in PRELUDE
        or (
            nxt.role is not Role.SUBHEADING
            and len(nxt.text) <= LONG
            and not nxt.text.rstrip().endswith((".", ":"))
            and nxt.role not in (Role.ITEM, Role.MARKER)
        )
    )


def _right_below_heading(s: Context, at: int) -> bool:
    """Nothing but the entry's own heading stands above: a sub-heading, or a second line of the title."""
    return s.open is not None and s.heading() is not None and s.open.body == at


def _states_length(s: Context, at: int) -> bool:
    """ "PKI Platform 8: down for 15 minutes" below a window: a line of that maintenance, no new one."""
    part = s.parts[at]
    timed = any(s.marks.any(f"units.{unit}", part.start, part.end) for unit in ("minutes", "hours"))
    if s.open is None or not timed or not s.marks.any("outage.words", part.start, part.end):
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(start, part.start) and not s.has_window(part.start, part.end)


def _only_products(s: Context, at: int) -> bool:
    """A heading made of product names and small words alone parts an entry's text, it does not begin one."""
    part = s.parts[at]
    names = s.marks.find(f"product.{s.page.vendor}", part.start, part.end)
    if not names:
        return False
    rest = s.page.text[part.start : part.end]
    for mark in sorted(names, reverse=True):
        rest = rest[: mark.start - part.start] + rest[mark.end - part.start :]
    words = [w.lower() for w in WORD.findall(rest)]
    return all(w in s.common or len(w) <= 3 for w in words)


def _names_window_parts(s: Context, at: int) -> bool:
    """Inside a maintenance entry with its window told, a maintenance heading without a date of its own."""
    return _maintenance_title(s, at) and not _dated_window_follows(s, at) and s.within_maintenance()


def _lead_in_above(s: Context, at: int) -> bool:
    """The line above ends with a colon or is a remark's mark: what follows belongs to it."""
    previous = s.parts[at - 1]
    if previous.role is Role.MARKER:
        return True
    if s.parts[at].role is Role.HEADING and not s.itemized:
        return False  # the lists were lost: a colon leads in to nothing
    return (
        previous.text.rstrip().endswith((":", "："))
        and previous.role is not Role.ITEM
        and not s.marks.any("entry.closing", previous.start, previous.end)
    )


def _call_under_lead_in(s: Context, at: int) -> bool:
    """ "Endpoint concerned:", and below it a name with its call: an item that lost its mark."""
    text = s.parts[at].text.rstrip()
    return (
        text.endswith(")") and s.parts[at - 1].text.rstrip().endswith(":") and bool(METHOD_PATH.search(text))
    )


def _under_row(s: Context, at: int) -> bool:
    """Between two rows of a schedule: a remark that spilled over its cell."""
    rows, part = (Role.DATED_ROW, Role.ROW), s.parts[at]
    between = s.parts[at - 1].role in rows and at + 1 < len(s.parts) and s.parts[at + 1].role in rows
    return between and not s.has_window(part.start, part.end)


def _in_cells(s: Context, at: int) -> bool:
    """One of several short lines in a row: cells of a table, or items of a list that lost their marks."""
    if _prefixed_by_product(s, at) or _maintenance_title(s, at):
        return False
    short = 0
    for index in range(at - 1, max(-1, at - 4), -1):
        part = s.parts[index]
        if (
            part.role is Role.HEADING
            and len(part.text) <= LONG
            and (s.open is None or index != s.open.heading)
        ):
            short += 1
        else:
            break
    captions = s.bits(("page.table_caption",))
    caption = any(
        part.words & captions and s.marks.at("page.table_caption", part.start)
        for part in s.parts[max(0, at - 6) : at]
    )
    if short >= 2 or (short >= 1 and _no_prose_follows(s, at)):
        return True
    return caption and not _prose_follows(s, at)


def _in_rows(s: Context, at: int) -> bool:
    """A note under a schedule row."""
    return (
        s.open is not None and s.parts[s.open.body - 1].role is Role.DATED_ROW and not _prose_follows(s, at)
    )


def _labels_elsewhere(s: Context, at: int) -> bool:
    """Entries of this document are introduced by labels or dates; this heading is not."""
    return s.introduced >= LABELS and s.parts[at].block.kind is not BlockKind.HEADING


def _has_levels(s: Context) -> bool:
    return s.level is not None


def _marked_level(s: Context, at: int) -> bool:
    part = s.parts[at]
    return part.block.kind is BlockKind.HEADING and s.level is not None and part.block.level <= s.level


def _marked_deeper(s: Context, at: int) -> bool:
    part = s.parts[at]
    return part.block.kind is BlockKind.HEADING and s.level is not None and part.block.level > s.level


def _unmarked_among_marked(s: Context, at: int) -> bool:
    return s.level is not None and s.parts[at].block.kind is not BlockKind.HEADING


def _ruled_off(s: Context, at: int) -> bool:
    """Below a line drawn across the page, not below one that underlines the entry's own title."""
    return s.parts[at - 1].role is Role.RULE and not s.underlines(at - 1)


def _opens_with_announcement(s: Context, at: int) -> bool:
    return s.announces(s.parts[at])


def _opens_with_change(s: Context, at: int) -> bool:
    part = s.parts[at]
    return s.marks.any("entry.changes", part.start, s.first_sentence(part))


def _opens_with_date(s: Context, at: int) -> bool:
    return s.effective_opening(s.parts[at])


def _opens_with_window(s: Context, at: int) -> bool:
    part = s.parts[at]
    if s.open is None or not s.has_window(part.start, part.end):
        return False
    if _updated_above(s, at):
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(start, part.start) or not s.within_maintenance() or _first_window(s, at)


def _updated_above(s: Context, at: int) -> bool:
    """Right above stands "Update: moved to …" with the entry's first window: what it updates follows."""
    if s.open is None or not _marker(s, at - 1):
        return False
    update = s.parts[at - 1]
    start = s.parts[s.open.first].block.span.start
    return s.has_window(update.start, update.end) and not s.has_window(start, update.start)


def _carries_on(s: Context, at: int) -> bool:
    """Opens with a word that leans on what was said: "This …", "To learn more …", "Before, …".

    "You can now …" leans on nothing.
    """
    part = s.parts[at]
    start = part.start
    while start < part.end and not s.page.text[start].isalnum():
        start += 1
    mark = s.marks.at("entry.continuation", start)
    if mark is None:
        return False
    addressed = s.marks.at("entry.addresses", start) is not None
    return not (addressed and s.marks.any("entry.changes", start, start + 32))


def _below_heading(s: Context, at: int) -> bool:
    """The first text under a heading, be it the entry's or a sub-heading."""
    return s.parts[at - 1].role in (Role.HEADING, Role.SUBHEADING, Role.GROUP)


def _another_language(s: Context, at: int) -> bool:
    """The open entry speaks one language, the text from here on another."""
    if s.open is None:
        return False
    nxt = s.follows(at)
    end = (
        nxt.end
        if nxt is not None and s.parts[at].role is Role.HEADING and nxt.role in PROSE
        else s.parts[at].end
    )
    here = s.language(s.parts[at].start, end)
    there = s.language(s.parts[s.open.first].block.span.start, s.parts[at].block.span.start)
    return here is not None and there is not None and here != there


def _below_invitation(s: Context, at: int) -> bool:
    """Under "See for yourself", whose steps were lost: the text below need not belong to it."""
    above = s.parts[at - 1]
    return above.role is Role.SUBHEADING and s.marks.any("entry.invitations", above.start, above.end)


def _new_kind(s: Context, at: int) -> bool:
    """The first sentence speaks as a kind of change of which the open entry has not spoken."""
    part = s.parts[at]
    start, end = s.parts[s.open.first].block.span.start if s.open else 0, part.start
    return any(
        s.parts[at].words & s.bits((lead,))
        and s.marks.any(lead, part.start, s.first_sentence(part))
        and not s.marks.any(lead, start, end)
        for lead in LEADS
    )


def _among_hours(s: Context, at: int) -> bool:
    """One of several short lines of hours ("Europe: 9:00 – 11:00 CEST") under one date."""
    above, here = s.parts[at - 1], s.parts[at]
    if not s.parts[at - 1].words & s.bits((DATED,)):
        return False
    hours = sum(t.kind is Kind.TIME for t in s.page.tokens_in(above.start, above.end))
    return hours >= 2 and len(above.text) <= 2 * LONG and len(here.text) <= 2 * LONG


def _new_product(s: Context, at: int) -> bool:
    """The first sentence names a product of which the open entry has not spoken."""
    part = s.parts[at]
    start = s.parts[s.open.first].block.span.start if s.open else 0
    products = f"product.{s.page.vendor}"
    named = s.marks.find(products, part.start, s.first_sentence(part))
    return any(not s.named(products, m.value, start, part.start) for m in named)


def _titles_elsewhere(s: Context, at: int) -> bool:
    del at
    return s.titled


def _no_titles(s: Context, at: int) -> bool:
    del at
    return not s.titled


def _short_text(s: Context, at: int) -> bool:
    return len(s.parts[at].text) <= LONG


def _untouched_entry(s: Context, at: int) -> bool:
    """The open entry has no text of its own yet."""
    return s.open is not None and s.open.body == at and s.heading() is not None


KINDS = ("bugfix", "deprecation", "feature", "policy")

TEXT_CUES: tuple[Weighed, ...] = (
    _if_words(_opens_with_announcement, 2.0, "entry.announce"),
    _if_words(_opens_with_change, 1.5, "entry.changes"),
    _if_words(_opens_with_date, 2.0, DATED),
    _if_words(_opens_with_window, 3.0, DATED),
    Weighed(_closed_before, 1.0),
    _if_above(_ruled_off, 3.0, {Role.RULE}),
    _at_last(_another_topic, 1.5),
    _at_last(_same_topic, -1.5),
    _if_words(_carries_on, -2.5, "entry.continuation"),
    Weighed(_among_hours, -3.0),
    _if_words(_marker_prefix, -6.0, "entry.markers"),
    _if_words(_states_length, -3.0, "outage.words"),
    _at_last(_another_language, 3.0),
    _if_above(_below_heading, -3.0, {Role.HEADING, Role.SUBHEADING, Role.GROUP}),
    _if_above(_below_invitation, 3.0, {Role.SUBHEADING}),
    Weighed(_untouched_entry, -6.0),
    _if_page(_titles_elsewhere, -1.0, lambda context: context.titled),
    _if_page(_no_titles, 2.0, lambda context: not context.titled),
    _at_last(_new_kind, 1.0, *LEADS),
    _at_last(_new_product, 1.0, PRODUCTS),
    Weighed(_lead_in_above, -3.0),
    Weighed(_short_text, -1.0),
    _if_above(_under_row, -3.0, {Role.DATED_ROW, Role.ROW}),
    _if_page(_unmarked_among_marked, -3.0, _has_levels),
)


HEADING_CUES: tuple[Weighed, ...] = (
    _if_page(_marked_level, 9.0, _has_levels),
    _if_page(_marked_deeper, -9.0, _has_levels),
    _if_words(_prefixed_by_product, 4.0, PRODUCTS, "api.api_nouns", "labels"),
    Weighed(_prefixed, 1.0),
    Weighed(_prefix_taken_up, 1.5),
    _if_words(_marker_prefix, -6.0, "entry.markers"),
    _if_words(_titled_as_news, 1.0, "entry.title_words"),
    _if_words(_titled_as_kind, 1.5, *(f"{kind}.title" for kind in KINDS)),
    _if_words(_maintenance_title, 0.5, "maintenance.title"),
    Weighed(_dated_window_follows, 3.0),
    Weighed(_opener_follows, 1.5),
    Weighed(_change_follows, 1.0),
    Weighed(_closed_before, 1.5),
    Weighed(_shouted, 2.5),
    _if_page(_unlike_titles, -4.0, lambda context: context.shouting),
    _if_words(_repeated_title, 1.0, "maintenance.title"),
    _at_last(_another_topic, 1.5),
    _at_last(_same_topic, -1.5),
    Weighed(_prose_follows, 0.75),
    Weighed(_long_title, 0.75),
    _if_page(_ticketed, 4.0, lambda context: context.tickets >= TICKETS),
    Weighed(_in_contents, 5.0),
    _at_last(_new_call, 1.25),
    _if_above(_above_finished, 1.25, PROSE),
    Weighed(_below_rows, 1.5),
    Weighed(_set_off, 1.0),
    Weighed(_cut_from_text, 2.0),
    Weighed(_short_title, -0.5),
    Weighed(_no_prose_follows, -2.0),
    Weighed(_right_below_heading, -4.0),
    _if_words(_only_products, -4.0, PRODUCTS),
    _if_words(_states_length, -4.0, "outage.words"),
    _if_words(_names_window_parts, -3.0, "maintenance.title"),
    Weighed(_lead_in_above, -2.0),
    Weighed(_call_under_lead_in, -4.0),
    Weighed(_in_cells, -2.5),
    Weighed(_in_rows, -3.0),
    _if_page(_labels_elsewhere, -0.5, lambda context: context.introduced >= LABELS),
    _if_above(_ruled_off, 3.0, {Role.RULE}),
    _at_last(_another_language, 2.5),
)


_Asked = tuple[tuple[tuple[int, CueRule, float], ...], float]


class Scales:
    """A table of cues for one document, those chosen that can speak of a part with given words."""

    def __init__(self, context: Context, table: Sequence[Weighed]) -> None:
        self.context, self.table = context, table
        self.needs = [context.bits(cue.words) for cue in table]
        self.telling = reduce(or_, self.needs, 0)
        self.here = [n for n, cue in enumerate(table) if cue.page is None or cue.page(context)]
        self.asked: dict[tuple[int, Role], _Asked] = {}

    def weigh(self, at: int) -> tuple[Cue, ...]:
        """The cues that speak where the part at `at` stands; none where they do not add up to THRESHOLD.

        It stops as soon as what is left to ask cannot tip the scales.
        """
        context, part = self.context, self.context.parts[at]
        cues, most = self._asked(part.words & self.telling, context.parts[at - 1].role)
        spoken = []
        for number, check, weight in cues:  # `most` is what all can add up to that have not been silent
            if check(context, at):
                spoken.append(number)
                most += weight if weight < 0 else 0.0
            elif weight > 0:
                most -= weight
            if most < THRESHOLD:
                return ()
        told = [self.table[number] for number in sorted(spoken)]
        return tuple([Cue("boundary", cue.name, cue.weight, part.block.span) for cue in told])

    def _asked(self, words: int, above: Role) -> _Asked:
        """The cues to ask of a part with these words below a part of this role, the dear ones last, and the
        most they can add up to."""
        if (words, above) not in self.asked:
            table = self.table
            able = [n for n in self.here if not table[n].words or self.needs[n] & words]
            able = [n for n in able if (roles := table[n].above) is None or above in roles]
            able.sort(key=lambda n: (table[n].dear, table[n].weight > 0, -abs(table[n].weight)))
            cues = tuple((n, table[n].check, table[n].weight) for n in able)
            self.asked[words, above] = cues, sum(max(0.0, table[n].weight) for n in able)
        return self.asked[words, above]


class Boundaries:
    """Weighs whether entries begin at the parts of one document."""

    def __init__(self, context: Context) -> None:
        self.parts = context.parts
        self.headings, self.texts = Scales(context, HEADING_CUES), Scales(context, TEXT_CUES)

    def weigh(self, at: int) -> tuple[Cue, ...]:
        """The cues by which an entry begins at a part; none where it does not."""
        role = self.parts[at].role
        if role in (Role.HEADING, Role.GROUP, Role.LABEL):
            return self.headings.weigh(at)
        return self.texts.weigh(at) if role is Role.TEXT else ()
