"""What do rows, cells and fields tell of where an entry begins?"""

from __future__ import annotations

from ingest.context import Context
from ingest.cues import no_prose_follows, prefixed_by_product, prose_follows, set_off
from ingest.grammar import FIELD
from ingest.model import Status
from ingest.page import LONG, all_caps
from ingest.roles import DATED_BIT, Role
from ingest.window_cues import maintenance_title

ROW_REMARKS = ("status.no_downtime", *(f"status.{status}" for status in Status))
FEW_CELLS = 3  # parts of a row, one cell a line
CELLS = (Role.RULE, Role.TEXT, Role.HEADING, Role.SUBHEADING, Role.MARKER, Role.ROW, Role.ITEM)


def before_schedule(s: Context, at: int) -> bool:
    """At the top of a schedule's page, among what introduces it; no window is told here."""
    part = s.parts[at]
    return s.open is not None and at < s.schedule.start and not s.has_window(part.start, part.end)


def heads_rows(s: Context, at: int) -> bool:
    """A title, a text and the rows of a schedule under it."""
    nxt = s.next(at)
    if nxt is None or s.roles[nxt] is not Role.TEXT or s.parts[nxt].words & DATED_BIT:
        return False
    below = [
        s.roles[i] for i in range(nxt + 1, min(nxt + 8, len(s.roles))) if s.roles[i] is not Role.HEAD_ROW
    ]
    return below[:1] == [Role.DATED_ROW] and below.count(Role.DATED_ROW) >= 2


def heads_hours(s: Context, at: int) -> bool:
    """A title over a row of hours, and a text under that."""
    return s.heads_hours(at)


def below_rows(s: Context, at: int) -> bool:
    """A title with text under it, below the rows of a schedule."""
    above = (
        s.parts[at - 1].role in (Role.DATED_ROW, Role.ROW) or s.parts[s.open.body - 1].role is Role.DATED_ROW
        if s.open
        else False
    )
    return above and (prose_follows(s, at) or set_off(s, at))


def in_cells(s: Context, at: int) -> bool:
    """One of several short lines in a row: cells of a table, or items of a list that lost their marks."""
    if prefixed_by_product(s, at) or maintenance_title(s, at):
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
    if short >= 2 or (short >= 1 and no_prose_follows(s, at)):
        return True
    return caption and not prose_follows(s, at)


def remark_of_row(s: Context, at: int) -> bool:
    """ "No planned downtime" below a schedule's row: what its last cell says."""
    part = s.parts[at]
    below = s.open is not None and s.roles[s.open.body - 1] is Role.DATED_ROW
    return below and any(s.marks.whole(category, part.start, part.end) for category in ROW_REMARKS)


def between_rows(s: Context, at: int) -> bool:
    """Between two rows of one table of a schedule: a cell's remark, with whatever else it says below it."""
    row = s.open.body - 1 if s.open is not None else at
    if at not in s.schedule or s.roles[row] is not Role.DATED_ROW or at - row > FEW_CELLS:
        return False
    if all_caps(s.parts[at].text):
        return False  # "SECOND QUARTER"
    nxt = s.next(at, skip=CELLS)
    return nxt is not None and s.roles[nxt] is Role.DATED_ROW and not heads_rows(s, at)


def heads_fields(s: Context, at: int) -> bool:
    """ "Platform: …" above "Date: …" and "Hours: …", where more blocks of fields begin with that name."""
    match = FIELD.match(s.page.text, s.parts[at].start, s.parts[at].end)
    if match is None or not s.blank_above(at) or not _fields_below(s, at):
        return False
    return s.field_names[match["name"]] > 1


def _fields_below(s: Context, at: int) -> bool:
    below = s.parts[at + 1 : at + 3]
    return len(below) == 2 and all(part.role is Role.ROW and part.rule == "field" for part in below)


def in_rows(s: Context, at: int) -> bool:
    """A note under a schedule row."""
    return s.open is not None and s.parts[s.open.body - 1].role is Role.DATED_ROW and not prose_follows(s, at)


def under_row(s: Context, at: int) -> bool:
    """Between two rows of a schedule: a remark that spilled over its cell."""
    rows, part = (Role.DATED_ROW, Role.ROW), s.parts[at]
    between = s.roles[at - 1] in rows and at + 1 < len(s.parts) and s.roles[at + 1] in rows
    if at in s.schedule and s.open is not None and s.open.body - 1 in s.schedule:
        between = between or s.roles[s.open.body - 1] is Role.DATED_ROW
    return between and not s.has_window(part.start, part.end)
