"""What do windows and the lengths of outages tell of where an entry begins?"""

from __future__ import annotations

from ingest.context import MOST_COUNTED, PRELUDE, Context
from ingest.cues import (
    BESIDE,
    COLON,
    brings_window,
    first_window,
    only_products,
    opens_with_change,
    opens_with_marker,
)
from ingest.dates import Kind
from ingest.grammar import NUMBERED, WORD
from ingest.outages import UNITS, durations, told_as_length
from ingest.page import LONG
from ingest.roles import DATED_BIT, Role

NEAR = 3  # parts in which another window is numbered
LISTED = (Role.ITEM, Role.DATED_ROW, Role.ROW)
BEFORE_WINDOW = 8  # words of a title


def one_of_windows(s: Context, at: int) -> bool:
    """Tells, or stands above, one of the windows that the entry above counts."""
    return s.names_one_of_windows(at)


def states_length(s: Context, at: int) -> bool:
    """ "PKI Platform 8: down for 15 minutes", "PKI Platform 8: 15 minutes" below a window: a line of that
    maintenance, no new one."""
    part = s.parts[at]
    units = [mark for unit in UNITS for mark in s.marks.find(f"units.{unit}", part.start, part.end)]
    if s.open is None or not units:
        return False
    ends = max(mark.end for mark in units) >= part.start + len(part.text.rstrip(" .")) and ":" in part.text
    ends = ends or _says_how_long(s, at)
    if not ends and not s.marks.any("outage.words", part.start, part.end):
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(start, part.start) and not s.has_window(part.start, part.end)


def _says_how_long(s: Context, at: int) -> bool:
    """ "… will not sign anything for up to half an hour", in a text without a day of its own."""
    part, lexicon = s.parts[at], s.page.grammar.lexicon
    if part.role is not Role.TEXT or part.words & DATED_BIT:
        return False
    lengths = durations(lexicon).find(s.page.text, part.start, s.first_sentence(part))
    return any(told_as_length(lexicon, s.page.text, length) for _, _, length in lengths)


def maintenance_title(s: Context, at: int) -> bool:
    part = s.parts[at]
    return s.marks.any("maintenance.title", part.start, part.end) and len(WORD.findall(part.text)) <= 10


def dated_window_follows(s: Context, at: int) -> bool:
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


def parts_windows(s: Context, at: int) -> bool:
    """A line over a window, and others over the next ones: the titled entry above tells in parts what it has
    no window of its own for.  They are product names alone, or their windows are on the day that it names."""
    title = s.heading()
    if title is None or not _heads_window(s, at) or only_products(s, title):
        return False
    return _parts_products(s, title, at) or _parts_day(s, title, at)


def _parts_products(s: Context, title: int, at: int) -> bool:
    """Whether a line over a window is product names alone, as the one before or the one after it."""
    if not only_products(s, at):
        return False
    if _heads_window(s, at - 2) and only_products(s, at - 2):
        return True
    told = s.has_window(s.parts[title].start, s.parts[at].start)
    return not told and _heads_window(s, at + 2) and only_products(s, at + 2)


def _parts_day(s: Context, title: int, at: int) -> bool:
    """Whether a line stands over a window on the day on which a maintenance in several parts takes place."""
    if at > title + 2 * MOST_COUNTED or not tells_parts(s, title) or maintenance_title(s, at):
        return False
    days = s.days(s.parts[title].start, s.parts[title + 1].end)
    return not days.isdisjoint(s.days(*s.ends(at + 1)))


def tells_parts(s: Context, at: int) -> bool:
    """A maintenance's title, a text with its day but no hours, and below it a line over a window."""
    if not maintenance_title(s, at) or not _heads_window(s, at + 2) or s.roles[at + 1] is not Role.TEXT:
        return False
    below = s.parts[at + 1]
    if s.has_window(below.start, below.end) or not s.days(s.parts[at].start, below.end):
        return False
    counted = any(s.counted(at + 1, kind) for kind in ("entry.windows", "entry.portions"))
    return counted or not maintenance_title(s, at + 2)


def _heads_window(s: Context, at: int) -> bool:
    """Whether there is a heading at a place, right above a text with a window."""
    if not 0 <= at < len(s.parts) - 1 or s.roles[at] is not Role.HEADING or s.roles[at + 1] is not Role.TEXT:
        return False
    return s.has_window(s.parts[at + 1].start, s.parts[at + 1].end)


def names_window_parts(s: Context, at: int) -> bool:
    """Inside a maintenance entry with its window told, a maintenance heading without a date of its own."""
    return maintenance_title(s, at) and not dated_window_follows(s, at) and s.within_maintenance(at)


def hours_alone_follow(s: Context, at: int) -> bool:
    """Inside an entry with a window, a title over hours without a date: a part of that maintenance."""
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT or not nxt.words & DATED_BIT or s.open is None:
        return False
    kinds = {token.kind for token in s.page.tokens_in(nxt.start, nxt.end)}
    if Kind.TIME not in kinds or Kind.DATE in kinds:
        return False
    return s.has_window(s.parts[s.open.first].block.span.start, s.parts[at].start)


def opens_with_window(s: Context, at: int) -> bool:
    part = s.parts[at]
    if s.open is None or not s.has_window(part.start, part.end):
        return False
    if _updated_above(s, at):
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(start, part.start) or not s.within_maintenance(at) or first_window(s, at)


def titled_with_window(s: Context, at: int) -> bool:
    """A maintenance's title with its window, above a text: "Scheduled maintenance: May 4, 22:00 – 24:00"."""
    part, nxt = s.parts[at], s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT or part.text.rstrip().endswith(".") or part.role is Role.ITEM:
        return False
    days = [token for token in s.page.tokens_in(part.start, part.end) if token.kind is Kind.DATE][:1]
    if s.titled_as_maintenance:
        return False  # one of the windows of that
    if not days or len(WORD.findall(s.page.text, part.start, days[0].span.start)) > BEFORE_WINDOW:
        return False
    return s.marks.any("maintenance.title", part.start, days[0].span.start)


def window_of_title(s: Context, at: int) -> bool:
    """The first window of a titled maintenance, below a remark on it: "Update: there will be none"."""
    heading = s.heading()
    if heading is None or not s.titled or opens_with_change(s, at):
        return False
    head = s.parts[heading]
    return s.marks.any("maintenance.title", head.start, head.end) and brings_window(s, at)


def _updated_above(s: Context, at: int) -> bool:
    """Right above stands "Update: moved to …" with the entry's first window: what it updates follows."""
    if s.open is None or not opens_with_marker(s, at - 1):
        return False
    update = s.parts[at - 1]
    start = s.parts[s.open.first].block.span.start
    return s.has_window(update.start, update.end) and not s.has_window(start, update.start)


def below_update(s: Context, at: int) -> bool:
    """The window of which "Update, May 2: …" above speaks, which has begun the entry and has none itself."""
    part, update, entry = s.parts[at], s.parts[at - 1], s.open
    if entry is None or entry.body != at or s.heading() is not None:
        return False
    mark = s.marks.at("entry.markers", update.start)
    if mark is None or s.has_window(update.start, update.end) or not s.has_window(part.start, part.end):
        return False
    said = map(str.lower, WORD.findall(s.page.text, update.start, update.end))
    if s.page.grammar.lexicon.lower("entry.window_nouns").isdisjoint(said):
        return False
    days = s.page.tokens_in(mark.end, min(update.end, mark.end + BESIDE))
    return COLON.match(s.page.text, days[0].span.end if days else mark.end, update.end) is not None


def leads_to_windows(s: Context, at: int) -> bool:
    """A colon at the end of a text, and windows in the list or table right below."""
    below = s.next(at, skip=(Role.RULE, Role.HEAD_ROW))
    if below is None or not s.leads_in(at):
        return False
    return s.has_window(*s.ends(below)) and (s.roles[below] in LISTED or _window_alone(s, below))


def counts_windows_below(s: Context, at: int) -> bool:
    """ "Two nights are needed", "in two steps": windows that stand right below, in rows or under names."""
    counts = any(s.counted(at, kind) for kind in ("entry.windows", "entry.portions"))
    if not counts or not s.announces_windows(at):
        return False
    below = s.next(at, skip=(Role.RULE, Role.HEAD_ROW, Role.HEADING))
    return below is not None and s.has_window(*s.ends(below)) and not s.has_window(*s.ends(at))


def _window_alone(s: Context, at: int) -> bool:
    """A line with a window that is no sentence."""
    text = s.parts[at].text.rstrip()
    return s.roles[at] is Role.TEXT and not text.endswith((".", ":")) and s.has_window(*s.ends(at))


def listed_window(s: Context, at: int) -> bool:
    """One of several windows alone below a colon: items of a list that lost their marks."""
    above = at
    while above > max(0, at - MOST_COUNTED) and _window_alone(s, above):
        above -= 1
    return above < at and s.leads_in(above)


def numbered_window(s: Context, at: int) -> bool:
    """One of several windows that are numbered behind a word: "Step 1: May 4, 22:00 – 24:00"."""
    own = NUMBERED.match(s.page.text, *s.ends(at))
    if own is None or not s.has_window(*s.ends(at)):
        return False
    near = range(max(0, at - NEAR), min(len(s.parts), at + NEAR + 1))
    beside = (NUMBERED.match(s.page.text, *s.ends(one)) for one in near if one != at)
    return any(one and one["word"] == own["word"] and one["number"] != own["number"] for one in beside)


def among_hours(s: Context, at: int) -> bool:
    """One of several short lines of hours ("Europe: 9:00 – 11:00 CEST") under one date."""
    above, here = s.parts[at - 1], s.parts[at]
    if not above.words & here.words & DATED_BIT:
        return False
    hours = sum(t.kind is Kind.TIME for t in s.page.tokens_in(above.start, above.end))
    return hours >= 2 and len(above.text) <= 2 * LONG and len(here.text) <= 2 * LONG
