"""Which lines are rows and heads of tables, a schedule's above all, with or without their borders?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.cuts import is_head
from ingest.dates import Kind, Token, joined, same_or_next
from ingest.grammar import FIELD, ROW_RULE
from ingest.model import Block, BlockKind
from ingest.page import LONGEST_HEADING, Page, bare, product_in, whole_date
from ingest.roles import Role, Verdict

# before a row's date: a cell's border, a number of its own ("1/2   June 4", "#12  ", "[Oct] ")
ROW_OPENS = re.compile(
    r"[ |*•\u00a0-]*(?:(?:[\w/#.-]{1,10}(?:[ \u00a0]{2,}|\t|[ \u00a0]*\|)|\[\w{1,8}\])[ |\u00a0]*)?"
)
REMARK = re.compile(r"\((?![^()]*\d[:h.]\d)[^()]*\)\s*$")  # in brackets, without hours
_CELL_BEHIND = re.compile(r"\s*[|\t:–—-]\s*\S|\s*\|")
FEWEST_COLUMNS = 3  # of a table with a cell a line
MOST_SPILLED = 3  # lines below a row that spilled over its last cell, or head what follows
CELLS = "cells"  # the rule by which a cell a line is told
KINDS = ("bugfix", "deprecation", "feature", "policy")  # of what a title may tell before its colon
MOST_COLUMNS = 12
MOST_NAMES = 1  # cells of a head side by side that no pack knows
LONGEST_CELL = 40  # characters of one word that may be a table's head
MOST_HEAD_WORDS = 4  # of a cell of a table's head
TOP = 13  # blocks


def row(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if at < TOP and _is_furniture(page, block):
        return None  # "Filtered by: 2020 | Services API | x clear"
    if _is_day(page, block):
        return None  # "March 9, 2022 | 9 mars 2022"
    head = block.kind is BlockKind.ROW and block.level == 1  # so the markup says
    if at < TOP and not head and _lone_row(page, blocks, at) and not _dated(page, block):
        return None  # "Release notes | Some product"
    if block.kind is BlockKind.ROW:
        content = block.content.of(page.text)
        if head or ROW_RULE.fullmatch(content) or is_head(page, block.content):
            return Role.HEAD_ROW, None
        if _above_rule(blocks, at) and not page.tokens_in(block.span.start, block.span.end):
            return Role.HEAD_ROW, None
        if _tops_rows(page, blocks, at):
            return Role.HEAD_ROW, None
    if dated_row(page, blocks, at):
        return (Role.ROW if _again(page, blocks, at) else Role.DATED_ROW), None
    if _row_among_rows(page, blocks, at):
        return Role.DATED_ROW, None
    return (Role.ROW, None) if block.kind is BlockKind.ROW else None


def _tops_rows(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a row without a day or an hour is the first of a table, right above a schedule's row."""
    first = at == 0 or blocks[at - 1].kind is not BlockKind.ROW
    if not first or at + 1 == len(blocks) or blocks[at + 1].kind is not BlockKind.ROW:
        return False
    cells = [cell.strip() for cell in re.split(r"[|\t]", blocks[at].content.of(page.text)) if cell.strip()]
    named = all(cell[:1].isupper() and len(cell.split()) <= MOST_HEAD_WORDS for cell in cells)
    if len(cells) < 2 or not named:
        return False  # "for roughly 40 minutes |"
    said = page.tokens_in(blocks[at].span.start, blocks[at].span.end)
    return all(token.kind is Kind.ZONE for token in said) and dated_row(page, blocks, at + 1)


def _dated(page: Page, block: Block) -> bool:
    return bool(page.tokens_in(block.span.start, block.span.end))


def _above_rule(blocks: Sequence[Block], at: int) -> bool:
    """Whether the line that parts a table's head from its rows is drawn right below."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    return below is not None and below.kind is BlockKind.ROW and below.level == 1


def _lone_row(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether no further row stands right above or below, but for one of the page's furniture."""
    beside = (blocks[other] for other in (at - 1, at + 1) if 0 <= other < len(blocks))
    return all(
        block.kind is not BlockKind.ROW or _is_furniture(page, block) or _is_day(page, block)
        for block in beside
    )


def _is_day(page: Page, block: Block) -> bool:
    """Whether what looks like a row is a heading with its day in two languages."""
    if block.kind is not BlockKind.ROW or len(page.tokens_in(block.span.start, block.span.end)) < 2:
        return False
    return whole_date(page, block) is not None


def _is_furniture(page: Page, block: Block) -> bool:
    return page.marks.at("page.navigation", bare(page, block).start) is not None


def dated_row(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether the block begins with a date that hours follow, in it or in the next one."""
    block = blocks[at]
    last = blocks[at + 1].span.end if at + 1 < len(blocks) else block.span.end
    tokens = _without_remark(page, block, page.tokens_in(block.span.start + block.lead, last)[:4])[:2]
    if len(tokens) < 2 or tokens[0].kind is not Kind.DATE or tokens[1].kind is not Kind.TIME:
        return False
    if not tokens[0].day or not ROW_OPENS.fullmatch(page.text, block.content.start, tokens[0].span.start):
        return False
    if _named_cell(page, block.content.start, tokens[0].span.start):
        return False  # "Start | June 4, 2022, 22:00 MDT"
    if tokens[1].span.start >= block.span.end:
        alone = not REMARK.sub("", page.text[tokens[0].span.end : block.span.end]).strip(" |,:")
        return alone and not page.text[blocks[at + 1].content.start : tokens[1].span.start].strip(" |")
    return joined(page.grammar, page.text, tokens[0], tokens[1])


def _named_cell(page: Page, start: int, end: int) -> bool:
    """Whether all that stands before a date is a cell with the name of a field."""
    cell = page.text[start:end]
    first = start + len(cell) - len(cell.lstrip(" |"))
    return page.marks.whole("page.table_head", first, start + len(cell.rstrip(" |"))) is not None


def _without_remark(page: Page, block: Block, tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens but for those in brackets at the end of the day's line, "June 9 (was June 2)"."""
    remark = REMARK.search(page.text, block.span.start, block.span.end) if tokens else None
    if remark is None or remark.start() < tokens[0].span.end:
        return tokens
    return [token for token in tokens if not remark.start() <= token.span.start < remark.end()]


def _again(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether the hours are those of the row above again, in another zone: a cell with hours only, under
    a cell with the day or the day before, stands between."""
    if at < 2:
        return False
    hours = blocks[at - 1].content
    between = page.tokens_in(hours.start, hours.end)
    day = whole_date(page, blocks[at - 2])
    if day is None or not between or any(token.kind is Kind.DATE for token in between):
        return False
    return same_or_next(day, page.tokens_in(blocks[at].content.start, blocks[at].span.end)[0])


def _row_among_rows(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """A line that begins with a day but has no hours ("March 8 | Cancelled"), between rows that have some."""
    block = blocks[at]
    tokens = page.tokens_in(block.content.start, block.span.end)[:1]
    if (
        not tokens
        or tokens[0].kind is not Kind.DATE
        or not tokens[0].day
        or len(block.span) > LONGEST_HEADING
        or block.kind is BlockKind.HEADING
    ):
        return False
    if page.text[block.content.start : tokens[0].span.start].strip(" |*•-"):
        return False
    rest = page.text[tokens[0].span.end : block.span.end]
    if not _CELL_BEHIND.match(rest):
        return False
    near = [i for i in range(max(0, at - 2), min(len(blocks), at + 3)) if i != at]
    return any(dated_row(page, blocks, i) for i in near)


def field(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """ "Start:    2025-02-27 23:00 UTC": a name, a colon and a value, as mails and forms set them."""
    block = blocks[at]
    if block.kind is not BlockKind.PARAGRAPH:
        return None
    match = FIELD.match(page.text, block.content.start, block.span.end)
    if match is None:
        return None
    told = _known_field(page, block) or _beside_fields(page, blocks, at)
    return (Role.ROW, None) if told or len(match["gap"]) >= 2 else None


def _known_field(page: Page, block: Block) -> bool:
    """Whether a line begins with a name that heads of tables have, and a colon."""
    match = FIELD.match(page.text, block.content.start, block.span.end)
    head = page.marks.at("page.table_head", block.content.start) if match else None
    return match is not None and head is not None and head.end >= match.end("name")


def _beside_fields(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a known field stands right above one with a name that no pack knows, and one above that."""
    above = (blocks[at - 1], blocks[at - 2]) if at >= 2 else ()
    start = blocks[at].content.start
    name = start, page.text.index(":", start)
    if product_in(page, *name) or any(page.marks.any(f"{kind}.title", *name) for kind in KINDS):
        return False  # "Site Seal: Colors", "Fixed: Colors", the title of what follows
    if not above or page.breaks(above[0], blocks[at]) > 1 or len(blocks[at].span) > LONGEST_HEADING:
        return False
    return all(_known_field(page, block) for block in above)


def head_cells(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """Table heads: at least two of them in one line, or one a line."""
    content = blocks[at].content
    heads = page.marks.find("page.table_head", content.start, content.end)
    one_word = len(content) <= LONGEST_CELL and " " not in content.of(page.text).strip()
    if _last_head_cell(page, blocks, at):
        return Role.HEAD_ROW, None
    if blocks[at].kind is BlockKind.ROW and _tops_rows(page, blocks, at):
        return Role.HEAD_ROW, None
    if blocks[at].kind is BlockKind.ROW and _above_rule(blocks, at):
        return (Role.HEAD_ROW, None) if not page.tokens_in(content.start, content.end) else None
    if not heads and not one_word:
        return None
    if (len(heads) >= 2 or (one_word and not heads)) and is_head(page, content):
        return Role.HEAD_ROW, None
    if not _head_cell(page, blocks[at]):
        return None
    beside = (other for other in (at - 1, at + 1) if 0 <= other < len(blocks))
    return (Role.HEAD_ROW, None) if any(_head_cell(page, blocks[other]) for other in beside) else None


def cells(page: Page, blocks: Sequence[Block]) -> dict[int, Role]:
    """The cells of schedules with a cell a line: a row begins with its first one, wherever its day stands,
    and may lack its last ones.

    As many lines as lie between the head's word for a day and the first day has each row.
    """
    told: dict[int, Role] = {}
    for at, block in enumerate(blocks):
        if at in told or not page.marks.whole("page.date_words", *bare(page, block).ends):
            continue
        last = _last_of_head(page, blocks, at)
        near = range(last + 1, min(len(blocks), last + MOST_COLUMNS))
        day = next((n for n in near if _is_day_cell(page, blocks, n)), None)
        if day is None or day - at < FEWEST_COLUMNS or last + 1 - (day - at) > at:
            continue
        rows = _cells_below(page, blocks, last + 1, day, day - at)
        told |= dict.fromkeys(range(at, last + 1) if rows else (), Role.HEAD_ROW) | rows
    return told


def _last_of_head(page: Page, blocks: Sequence[Block], at: int) -> int:
    """The last cell of a head that begins at a place; between known ones may stand one that no pack knows."""
    last = at
    for below in range(at + 1, min(len(blocks), at + MOST_COLUMNS)):
        if _head_cell(page, blocks[below]):
            last = below
        elif below - last > MOST_NAMES or not _is_name_cell(page, blocks[below]):
            break
    return last


def _cells_below(page: Page, blocks: Sequence[Block], first: int, day: int, width: int) -> dict[int, Role]:
    starts = [first]
    for at in range(day + 1, len(blocks)):
        start = at - (day - first)
        if page.marks.whole("page.date_words", *bare(page, blocks[at]).ends):
            break  # the head of another table
        if start - starts[-1] > width + MOST_SPILLED or blocks[at].kind is not BlockKind.PARAGRAPH:
            break
        if start > starts[-1] and _is_day_cell(page, blocks, at):
            starts.append(start)
    if len(starts) < 2:
        return {}
    opening = [blocks[start].content.of(page.text) for start in starts]
    if first < day and len(set(opening)) == len(opening):  # no region that comes again: the head's last cell
        starts = [start + day - first for start in starts]
    shortest = min(below - above for above, below in pairwise(starts))
    told: dict[int, Role] = dict.fromkeys(range(first, starts[0]), Role.HEAD_ROW)
    for start, end in pairwise((*starts, starts[-1] + min(width, shortest))):
        told[start] = Role.DATED_ROW
        for cell in range(start + 1, min(end, start + width, len(blocks))):
            if page.breaks(blocks[cell - 1], blocks[cell]) > 1:
                break
            told[cell] = Role.ROW
    return told


def _is_day_cell(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a row's day stands at a place, its hours in the same cell, the next one, or behind a name."""
    if at >= len(blocks):
        return False
    return (dated_row(page, blocks, at) or _over_name_and_hours(page, blocks, at)) and not _again(
        page, blocks, at
    )


def _over_name_and_hours(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a line is a day and no more, below it a name and below that hours."""
    if (
        at + 2 >= len(blocks)
        or whole_date(page, blocks[at]) is None
        or not _is_name_cell(page, blocks[at + 1])
    ):
        return False
    start, end = blocks[at + 2].content.start, blocks[at + 2].span.end
    first = next(iter(page.tokens_in(start, end)), None)
    return first is not None and first.kind is Kind.TIME and first.span.start == start


def _is_name_cell(page: Page, block: Block) -> bool:
    """Whether a line is a few words in which there is no date and no hour, and that end no sentence."""
    content = block.content
    few = len(content) <= LONGEST_CELL and not content.of(page.text).rstrip().endswith((".", ":"))
    return few and not page.tokens_in(content.start, block.span.end)


def _last_head_cell(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a short line that is no known head stands below two that are, and right above a row."""
    if not 2 <= at < len(blocks) - 1 or len(blocks[at].content) > LONGEST_CELL:
        return False
    above = _head_cell(page, blocks[at - 1]) and _head_cell(page, blocks[at - 2])
    return (
        above
        and not page.tokens_in(blocks[at].span.start, blocks[at].span.end)
        and dated_row(page, blocks, at + 1)
    )


def _head_cell(page: Page, block: Block) -> bool:
    """Whether a line is one table head: "Date", "Time (local)"."""
    span = bare(page, block)
    head = page.marks.at("page.table_head", span.start)
    rest = page.text[head.end : block.span.end].strip() if head else "-"
    return not rest.strip(":*") or (len(rest) <= 24 and rest.startswith("(") and rest.endswith(")"))
