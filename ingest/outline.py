"""What part does each block play: navigation, date heading, label, table row, heading, running text?

One ordered table of rules with one signature; the first that speaks decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from enum import IntEnum, IntFlag, auto
from functools import reduce
from operator import or_
from typing import Any

from msgspec import Struct

from ingest import sights
from ingest.contents import contents
from ingest.cuts import cut, is_head
from ingest.dates import Kind, Token, calendar_day, joined
from ingest.grammar import DIGIT, FIELD, METHOD_PATH, PREFIX, ROW_RULE, TOKEN, VERSION, WORD
from ingest.lexicon import Marks, key
from ingest.model import PSEUDO_HEADING, Block, BlockKind, Form, Span
from ingest.numbering import numbered, sections
from ingest.page import LONGEST_HEADING, Page, bare, heading_like, shown


class Role(IntEnum):
    NAVIGATION = auto()
    TITLE = auto()
    SECTION = auto()
    DATE = auto()
    RELEASE = auto()
    LABEL = auto()
    GROUP = auto()
    MARKER = auto()
    SUBHEADING = auto()
    HEAD_ROW = auto()
    DATED_ROW = auto()
    ROW = auto()
    ITEM = auto()
    HEADING = auto()
    TEXT = auto()
    CODE = auto()
    RULE = auto()


class Part(Struct, frozen=True, gc=False):
    """A block and its part; `text` is its content without markup, `value` what a label or date says.

    `start` and `end` are its content's characters in the document.  `words` are the categories of the known
    words in it, as bits of `Marks.bit`; DATED_BIT stands for dates.
    """

    block: Block
    role: Role
    text: str
    start: int
    end: int
    value: Any = None
    rule: str = ""
    words: int = 0


# -- rules -----------------------------------------------------------------------------------------

# before a row's date: a cell's border, a number of its own ("1/2   June 4", "#12  ", "[Oct] ")
ROW_OPENS = re.compile(
    r"[ |*•\u00a0-]*(?:(?:[\w/#.-]{1,8}(?:[ \u00a0]{2,}|\t|[ \u00a0]*\|)|\[\w{1,8}\])[ |\u00a0]*)?"
)
REMARK = re.compile(r"\((?![^()]*\d[:h.]\d)[^()]*\)\s*$")  # in brackets, without hours
DATED_BIT = 1  # of `Part.words`: a date, an hour or a zone stands in it
Verdict = tuple[Role, Any] | None
Rule = Callable[[Page, Sequence[Block], int], Verdict]
_MARKED = {
    BlockKind.RULE: Role.RULE,
    BlockKind.CODE: Role.CODE,
    BlockKind.NAVIGATION: Role.NAVIGATION,
    BlockKind.DATE: Role.DATE,
}
_CELL_BEHIND = re.compile(r"\s*[|\t:–—-]\s*\S|\s*\|")
_CRUMB = re.compile(r"\s[>›»|/·•]\s")
_SENTENCE_SIGN, _STOPPED = re.compile(r"[.;,]$"), re.compile(r"[.;]$")
_VERSION_ALONE = re.compile(rf"(?<![\w.]){VERSION.pattern}(?![\w.])", re.I)
_GOES_ON = re.compile(r"[ \u00a0]*(?::[ \u00a0]*)?[^\W\d_]")
_LITERAL_END = re.compile(r"[_\]]\w*$")


def _mark(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    role = _MARKED.get(blocks[at].kind)
    if role is Role.DATE:
        return (role, _whole_date(page, blocks[at]))
    return (role, None) if role else None


def _row(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if at < TOP and page.marks.at("page.navigation", bare(page, block).start):
        return None  # "Filtered by: 2020 | Services API | x clear"
    if at < TOP and _lone_row(blocks, at) and not page.tokens_in(block.span.start, block.span.end):
        return None  # "Release notes | Some product"
    if block.kind is BlockKind.ROW:
        content = block.content.of(page.text)
        if block.level == 1 or ROW_RULE.fullmatch(content) or is_head(page, block.content):
            return Role.HEAD_ROW, None
    if dated_row(page, blocks, at):
        return (Role.ROW if _again(page, blocks, at) else Role.DATED_ROW), None
    if _row_among_rows(page, blocks, at):
        return Role.DATED_ROW, None
    return (Role.ROW, None) if block.kind is BlockKind.ROW else None


def _lone_row(blocks: Sequence[Block], at: int) -> bool:
    """Whether no further row stands right above or below."""
    beside = (other for other in (at - 1, at + 1) if 0 <= other < len(blocks))
    return all(blocks[other].kind is not BlockKind.ROW for other in beside)


def dated_row(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether the block begins with a date that hours follow, in it or in the next one."""
    block = blocks[at]
    last = blocks[at + 1].span.end if at + 1 < len(blocks) else block.span.end
    tokens = _without_remark(page, block, page.tokens_in(block.span.start + block.lead, last)[:4])[:2]
    if len(tokens) < 2 or tokens[0].kind is not Kind.DATE or tokens[1].kind is not Kind.TIME:
        return False
    if not tokens[0].day or not ROW_OPENS.fullmatch(page.text, block.content.start, tokens[0].span.start):
        return False
    if tokens[1].span.start >= block.span.end:
        alone = not REMARK.sub("", page.text[tokens[0].span.end : block.span.end]).strip(" |,:")
        return alone and not page.text[blocks[at + 1].content.start : tokens[1].span.start].strip(" |")
    return joined(page.grammar, page.text, tokens[0], tokens[1])


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
    day = _whole_date(page, blocks[at - 2])
    if day is None or not between or any(token.kind is Kind.DATE for token in between):
        return False
    return _day_after(day, page.tokens_in(blocks[at].content.start, blocks[at].span.end)[0])


def _day_after(day: Token, other: Token) -> bool:
    """Whether `other` is the same day, or the next one; a year that is not said does not count."""
    if not (day.month and day.day and other.month and other.day):
        return False
    if (other.month, other.day) == (day.month, day.day) or (other.month, other.day) == (
        day.month,
        day.day + 1,
    ):
        return True
    return other.day == 1 and day.day >= 28 and other.month == day.month % 12 + 1


def _row_among_rows(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """A line that begins with a day but has no hours ("March 8 | Cancelled"), between rows that have some."""
    block = blocks[at]
    tokens = page.tokens_in(block.content.start, block.span.end)[:1]
    if (
        not tokens
        or tokens[0].kind is not Kind.DATE
        or not tokens[0].day
        or len(block.span) > LONGEST_HEADING
    ):
        return False
    if page.text[block.content.start : tokens[0].span.start].strip(" |*•-"):
        return False
    rest = page.text[tokens[0].span.end : block.span.end]
    if not _CELL_BEHIND.match(rest):
        return False
    near = [i for i in range(max(0, at - 2), min(len(blocks), at + 3)) if i != at]
    return any(dated_row(page, blocks, i) for i in near)


def _field(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """ "Start:    2025-02-27 23:00 UTC": a name, a colon and a value, as mails and forms set them."""
    block = blocks[at]
    if block.kind is not BlockKind.PARAGRAPH:
        return None
    match = FIELD.match(page.text, block.content.start, block.span.end)
    if match is None:
        return None
    head = page.marks.at("page.table_head", block.content.start)
    told = head is not None and head.end >= match.end("name")
    return (Role.ROW, None) if told or len(match["gap"]) >= 2 else None


def _head_cells(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """Table heads: at least two of them in one line, or one a line."""
    content = blocks[at].content
    heads = page.marks.find("page.table_head", content.start, content.end)
    one_word = len(content) <= LONGEST_CELL and " " not in content.of(page.text).strip()
    if _last_head_cell(page, blocks, at):
        return Role.HEAD_ROW, None
    if not heads and not one_word:
        return None
    if (len(heads) >= 2 or (one_word and not heads)) and is_head(page, content):
        return Role.HEAD_ROW, None
    if not _head_cell(page, blocks[at]):
        return None
    beside = (other for other in (at - 1, at + 1) if 0 <= other < len(blocks))
    return (Role.HEAD_ROW, None) if any(_head_cell(page, blocks[other]) for other in beside) else None


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


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _navigation(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if block.kind is BlockKind.HEADING and page.document.form is Form.FEED:
        return None
    span = bare(page, block)
    words = len(WORD.findall(block.content.of(page.text)))
    if at < 8 and page.marks.at("page.mail", span.start):
        return Role.NAVIGATION, "mail"
    mark = page.marks.at("page.navigation", span.start)
    sentence = block.content.of(page.text).rstrip().endswith(".")
    if mark and (
        mark.end == span.end
        or (words <= 10 and not sentence and " " in page.text[mark.start : mark.end])
        or block.kind is BlockKind.ROW
    ):
        return Role.NAVIGATION, None
    crumbs = block.content.of(page.text)
    if (
        at < 6
        and words <= 14
        and not sentence
        and len(_CRUMB.findall(crumbs)) >= 2
        and block.kind is not BlockKind.ROW
    ):
        return Role.NAVIGATION, None
    foot = page.marks.at("page.footer", span.start)
    if foot and words <= 16 and at >= len(blocks) - 8:
        return Role.NAVIGATION, "footer"
    if foot and words <= 8 and at < 4 and not sentence:
        return Role.NAVIGATION, None
    return None


def _stamp(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """A day with its hour in a line of its own: when something was said, no row of a schedule.

    With a year it speaks for what follows; without, it stands at an update within an entry."""
    block = blocks[at]
    if (
        block.kind is not BlockKind.PARAGRAPH
        or page.document.form is Form.TEXT
        or len(block.span) > LONGEST_CELL
    ):
        return None
    span = bare(page, block)
    tokens = page.tokens_in(span.start, span.end)
    kinds = [token.kind for token in tokens if token.kind is not Kind.ZONE]
    if kinds != [Kind.DATE, Kind.TIME] or not tokens[0].day or tokens[0].span.start != span.start:
        return None
    if WORD.search(page.text, tokens[-1].span.end, span.end):
        return None
    told = tokens[0].year is not None and page.document.form is not Form.FEED
    return (Role.DATE, tokens[0]) if told else (Role.NAVIGATION, "stamp")


def _date(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    token = _whole_date(page, blocks[at])
    return (Role.DATE, token) if token else None


def _whole_date(page: Page, block: Block) -> Token | None:
    """The date that a line consists of, but for brackets and words such as "Published on"."""
    span = bare(page, block)
    if len(span) > 60:
        return None
    tokens = page.tokens_in(span.start, span.end)
    if len(tokens) != 1 or tokens[0].kind is not Kind.DATE or tokens[0].span.end < span.end - 1:
        return None
    before = page.text[span.start : tokens[0].span.start].strip(" :,-\u00a0")
    ok = not before or page.marks.whole("page.date_words", span.start, span.start + len(before)) is not None
    return tokens[0] if ok and (tokens[0].year or tokens[0].day) else None


def _release(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """A version's heading: its number, a word or a name before it, a date or a remark behind it."""
    block = blocks[at]
    if block.kind is BlockKind.PARAGRAPH and page.text[block.span.start].isspace():
        return None  # set in, below what it belongs to
    if len(block.links) > FEW_LINKS:
        return None
    span = _behind_date(page, bare(page, block))
    text = shown(page, block, span)
    if (
        (DIGIT.search(text) is None and page.marks.at("page.release_words", span.start) is None)
        or len(" ".join(text.split())) > 70
        or block.kind is BlockKind.ITEM
        or _SENTENCE_SIGN.search(block.content.of(page.text).rstrip(" *_"))
    ):
        return None
    tokens = [t for t in page.tokens_in(block.span.start, span.end) if t.kind is Kind.DATE]
    word = page.marks.at("page.release_words", span.start)
    match = _VERSION_ALONE.search(text)
    if (
        match
        and tokens
        and any(
            span.start + match.start("number") >= t.span.start
            and span.start + match.start("number") < t.span.end
            for t in tokens
        )
    ):
        match = None
    if match and not word:
        before = text[: match.start("number")].rstrip(" v[")
        name = WORD.findall(before)
        known = bool(name) and page.marks.any("page.releases", span.start, span.start + len(before) + 1)
        proper = all(word[0].isupper() for word in (name[:-1] if known else name)) and "," not in before
        if len(name) > 5 or not proper or not (known or "." in match["number"]):
            return None
        rest_start = span.start + match.end()
    elif word and word.end <= span.end:
        rest_start = word.end
    else:
        return None
    rest = text[rest_start - span.start :]
    for token in tokens:
        rest = rest.replace(token.span.of(page.text), "")
    if len(WORD.findall(rest)) > 3 or _GOES_ON.match(rest):
        return None
    return Role.RELEASE, tokens[0] if tokens else None


def _behind_date(page: Page, span: Span) -> Span:
    """What follows a date that opens the span: "2024-05-01 – v3.2", "[2024-05-01] Version 3.2"."""
    tokens = page.tokens_in(span.start, span.start + 1)
    if not tokens or tokens[0].kind is not Kind.DATE or not tokens[0].day or tokens[0].span.end >= span.end:
        return span
    start = tokens[0].span.end
    while start < span.end and not page.text[start].isalnum():
        start += 1
    return Span(start, span.end)


def _section(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    if blocks[at].kind is BlockKind.ITEM:
        return None
    span, lexicon = bare(page, blocks[at]), page.grammar.lexicon
    month = len(span) <= lexicon.longest_month and key(span.of(page.text)) in lexicon.months
    return (Role.SECTION, None) if month or page.marks.whole("page.sections", *_ends(span)) else None


def _title(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """The page's own title: at the top, and named as change logs are."""
    block = blocks[at]
    if at > 12 or block.kind is BlockKind.ITEM or any(len(b.span) > LONGEST_HEADING for b in blocks[:at]):
        return None
    span = bare(page, block)
    text = span.of(page.text)
    if (
        len(WORD.findall(text)) > 10
        or _STOPPED.search(block.content.of(page.text).rstrip())
        or PREFIX.match(text)
    ):
        return None
    if page.marks.any("entry.schedule", span.start, span.end) and not page.marks.any(
        "page.title", span.start, span.end
    ):
        return None
    return (Role.TITLE, None) if page.marks.any("page.title", span.start, span.end) else None


def _label(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """A line that only names a kind of change: a label over one entry, or a heading over a list."""
    block = blocks[at]
    if block.kind is BlockKind.ITEM:
        return None
    span = bare(page, block)
    group = page.marks.whole("groups", *_ends(span))
    following = [b.kind for b in blocks[at + 1 : at + 3] if b.kind is not BlockKind.RULE][:1]
    if group is None and following == [BlockKind.ITEM] and (kinds := _kinds_named(page, span)):
        return Role.GROUP, kinds.pop() if len(kinds) == 1 else None
    label = page.marks.whole("labels", *_ends(span))
    if block.kind is BlockKind.LABEL:
        return Role.LABEL, label.value if label else (group.value if group else None)
    if not group and not label:
        return None
    colon = page.text[span.end : block.span.end].strip().startswith(":")
    if group and following == [BlockKind.ITEM]:
        return Role.GROUP, group.value
    if block.kind is BlockKind.HEADING:
        return Role.GROUP, (group or label).value  # type: ignore[union-attr]
    if colon:
        return None
    if label:
        return Role.LABEL, label.value
    return (Role.GROUP, group.value) if group else None


def _kinds_named(page: Page, span: Span) -> set[str]:
    """The kinds of change that a heading names and nothing else: "Small fixes", "Fixes and improvements"."""
    kinds: set[str] = set()
    group = None
    at = span.start if len(span) <= LONGEST_CELL else span.end
    while at < span.end:
        beside, group = group, page.marks.at("groups", at)
        mark = group or page.marks.at("page.group_words", at)
        if mark is None or (beside and group):
            return set()  # "Deprecated API" is no two kinds
        kinds |= {group.value} if group else set()
        at = mark.end
        while at < span.end and not page.text[at].isalnum():
            at += 1
    return kinds


def _marker(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    mark = page.marks.whole("entry.markers", *_ends(bare(page, blocks[at])))
    return (Role.MARKER, None) if mark and blocks[at].kind is not BlockKind.ITEM else None


def _subheading(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if block.kind is BlockKind.ITEM or len(block.span) > LONGEST_HEADING:
        return None
    span = bare(page, block)
    text = block.content.of(page.text).rstrip(" *_")
    if page.marks.whole("entry.subheadings", *_ends(span)):
        return Role.SUBHEADING, None
    if text.endswith("?"):
        return Role.SUBHEADING, None
    return None


def _item(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    return (Role.ITEM, None) if blocks[at].kind is BlockKind.ITEM else None


def _drawn(block: Block) -> bool:
    """Whether a block is a line drawn across the page, or below a table's head."""
    return block.kind is BlockKind.RULE or (block.kind is BlockKind.ROW and block.level == 1)


def _over_rows(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """A heading right over two rows of a schedule, or over a table's head and a row, is its section's."""
    below = [i for i in range(at + 1, min(len(blocks), at + 1 + BELOW)) if not _drawn(blocks[i])]
    heads = 0
    while heads < len(below) and _head_cells(page, blocks, below[heads]):
        heads += 1
    rows = [dated_row(page, blocks, i) for i in below[heads : heads + 2]]
    if rows[:1] != [True] or not (heads or rows == [True, True]) or _remark(page, blocks, at):
        return None
    return (Role.SECTION, None) if _heading(page, blocks, at) else None


def _remark(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a line under a row is that row's last cell: fused to it, or as other rows near by have one."""
    if at == 0 or not dated_row(page, blocks, at - 1):
        return False
    if page.text[blocks[at].span.start - 1] != "\n":
        return True
    near = [dated_row(page, blocks, i) for i in range(max(0, at - 9), min(len(blocks), at + 10))]
    return sum(near[i : i + 3] == [True, False, True] for i in range(len(near))) >= 3


def _heading(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if block.kind is BlockKind.HEADING:
        return None if _dated_field(page, block) else (Role.HEADING, None)
    if page.document.form is not Form.TEXT:
        return None
    start, end = block.span.start + block.lead, block.span.end
    text = page.text[start:end].rstrip()
    if not heading_like(text) or _told_times(page, start, end) >= 2:
        return None
    if METHOD_PATH.fullmatch(text):
        return None  # a call alone on its line
    literal = _LITERAL_END.search(text) is not None  # set apart from its sentence when markup was lost
    if (len(text) >= 50 or literal) and _runs_on(page, blocks, at):
        return None  # the first line of wrapped text
    if text.endswith((".", "!")) and not _reads_as_title(page, start, end):
        return None  # a short sentence
    return Role.HEADING, None


def _dated_field(page: Page, block: Block) -> bool:
    """A bold line that says when: "**End of life date: 4 February 2024**"."""
    if block.level != PSEUDO_HEADING:
        return False
    span = bare(page, block)
    tokens = page.tokens_in(span.start, span.end)
    if not tokens or tokens[-1].kind is not Kind.DATE or tokens[-1].span.end < span.end:
        return False
    return page.text[span.start : tokens[0].span.start].rstrip(" *_\u00a0").endswith(":")


def _told_times(page: Page, start: int, end: int) -> int:
    return sum(token.kind is Kind.TIME for token in page.tokens_in(start, end))


def _reads_as_title(page: Page, start: int, end: int) -> bool:
    """Whether a sentence tells of news, as titles do; "no new date yet" tells of the entry it stands in."""
    return page.marks.any("entry.title_words", start, end) and not page.marks.any("status.moved", start, end)


def _runs_on(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether the next line, with no blank one between, goes on in small letters."""
    if at + 1 >= len(blocks):
        return False
    below = blocks[at + 1]
    word = TOKEN.match(page.text, below.content.start, below.span.end)
    small = word is not None and word.group().isalpha() and word.group()[0].islower()
    return small and below.span.start - blocks[at].span.end <= 2


def _text(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    return Role.TEXT, None


class Shape(IntFlag):
    """What a glance at a block tells; which rules are asked depends on it and on the words in the block."""

    DATED = DATED_BIT
    SHORT = auto()
    WORD = auto()  # one, in a line of its own
    NUMBERED = auto()  # short, with a digit
    OVER_ROWS = auto()  # short, above a block that begins as a row
    TOP = auto()
    COLON = auto()
    QUESTION = auto()
    ROW = auto()
    LABEL = auto()
    TOLD = auto()  # its form has said its part


# A rule, and what one of must be seen for it to be asked: a shape, or a category of words.
RULES: tuple[tuple[Rule, tuple[Shape | str, ...]], ...] = (
    (_mark, (Shape.TOLD,)),
    (_field, (Shape.COLON,)),
    (_head_cells, ("page.table_head", Shape.WORD)),
    (_stamp, (Shape.DATED,)),
    (_row, (Shape.DATED, Shape.ROW)),
    (_release, ("page.release_words", Shape.NUMBERED)),
    (_date, (Shape.DATED,)),
    (_section, ("page.sections", Shape.SHORT)),
    (_label, ("labels", "groups", Shape.LABEL)),
    (_marker, ("entry.markers",)),
    (_navigation, ("page.mail", "page.navigation", "page.footer", Shape.TOP)),
    (_title, (Shape.TOP,)),
    (_subheading, ("entry.subheadings", Shape.QUESTION)),
    (_item, ()),
    (_over_rows, (Shape.OVER_ROWS,)),
    (_heading, ()),
    (_text, ()),
)
_TOLD = dict.fromkeys((BlockKind.RULE, BlockKind.CODE, BlockKind.NAVIGATION, BlockKind.DATE), Shape.TOLD)
_SHAPES = {
    kind: shape.value
    for kind, shape in {**_TOLD, BlockKind.ROW: Shape.ROW, BlockKind.LABEL: Shape.LABEL}.items()
}
_SHORT, _WORD, _NUMBERED, _OVER_ROWS = (
    shape.value for shape in (Shape.SHORT, Shape.WORD, Shape.NUMBERED, Shape.OVER_ROWS)
)
_TOP, _COLON, _QUESTION = (shape.value for shape in (Shape.TOP, Shape.COLON, Shape.QUESTION))
FEW_LINKS = 4  # of a release's heading
LONGEST_CELL = 40  # characters of one word that may be a table's head
BELOW = 7  # blocks below a heading among which rows may begin
SHORT = 90  # characters: no shorter than what the rules for short lines look at
TOP = 13  # blocks
SHORT_LINE, OFTEN = 24, 3  # characters of a page's furniture, and how often it comes
SHAPES = len(Shape)  # bits


class _Asked:
    """Which rules to ask of a block, found out once for each combination of shape and words."""

    def __init__(self, marks: Marks) -> None:
        needs = [[need for need in needs if isinstance(need, str)] for _, needs in RULES]
        self.bits = [sum(marks.bit(category) << SHAPES for category in own) for own in needs]
        self.shapes = [sum(need for need in needs if isinstance(need, Shape)) for _, needs in RULES]
        self.telling = reduce(or_, self.bits, 0)
        self.known: dict[int, tuple[tuple[Rule, str], ...]] = {}

    def rules(self, shape: int, words: int) -> tuple[tuple[Rule, str], ...]:
        """The rules to ask, with their names."""
        seen = shape | ((words << SHAPES) & self.telling)
        if seen not in self.known:
            both = zip(RULES, self.bits, self.shapes, strict=True)
            able = [rule for (rule, needs), bits, shapes in both if not needs or seen & (bits | shapes)]
            self.known[seen] = tuple((rule, rule.__name__.strip("_")) for rule in able)
        return self.known[seen]


def outline(page: Page) -> list[Part]:
    """The part of every block, in order."""
    blocks = cut(page)
    starts = [block.span.start for block in blocks]
    words = page.marks.categories_from(starts)
    dated = {bisect_right(starts, start) - 1 for start in page.token_starts}
    for at in dated:
        words[at] |= DATED_BIT
    rows = [row for at in dated for row in (at - 1, at) if row >= 0 and dated_row(page, blocks, row)]
    over = {above for row in rows for above in range(row - BELOW, row)}
    asked, document, digits = _Asked(page.marks), page.text, page.marks.bit(sights.DIGIT)
    told = _told_by_page(page, blocks, words)
    parts = []
    for at, block in enumerate(blocks):
        start, end = starts[at] + block.lead, block.span.end
        if at in told:
            role, value, name = told[at]
            parts.append(Part(block, role, page.clean(block), start, end, value, name, words[at]))
            continue
        linked = block.links and block.kind is BlockKind.HEADING
        text = page.clean(block) if linked else document[start:end]  # addresses make no title long
        shape = _shape(block, text) | (words[at] & DATED_BIT) | (_TOP if at < TOP else 0)
        if shape & _SHORT:
            shape |= (_OVER_ROWS if at in over else 0) | (_NUMBERED if words[at] & digits else 0)
        for rule, name in asked.rules(shape, words[at]):
            verdict = rule(page, blocks, at)
            if verdict is not None:
                role, value = verdict
                parts.append(Part(block, role, page.clean(block), start, end, value, name, words[at]))
                break
    return parts


def _told_by_page(
    page: Page, blocks: Sequence[Block], words: Sequence[int]
) -> dict[int, tuple[Role, Any, str]]:
    """Role, value and rule of the blocks whose part shows only beside the rest of the page."""
    if page.document.form is not Form.TEXT:
        return {}
    listed, named = contents(page, blocks)
    told: dict[int, tuple[Role, Any, str]] = dict.fromkeys(listed, (Role.NAVIGATION, None, "contents"))
    told |= dict.fromkeys(named, (Role.HEADING, None, "contents"))
    counted = numbered(page, blocks)
    told |= dict.fromkeys(sections(page, blocks, counted), (Role.SECTION, None, "above numbered"))
    return told | dict.fromkeys(_furniture(page, blocks, words), (Role.NAVIGATION, "footer", "furniture"))


def _furniture(page: Page, blocks: Sequence[Block], words: Sequence[int]) -> frozenset[int]:
    """Short lines that come again and again and say nothing of a change: "Was this helpful?", "Yes"."""
    known = page.marks.bits("page.navigation", "page.footer")
    telling = ~(known | page.marks.bit(sights.DIGIT))  # a number by itself says nothing
    places: dict[str, list[int]] = {}
    for at, block in enumerate(blocks):
        if len(block.span) <= SHORT_LINE and block.kind is BlockKind.PARAGRAPH and not words[at] & telling:
            line = block.content.of(page.text).strip()
            if not WORD.search(line):
                continue
            if words[at] & known or not line.endswith((":", "?")):
                places.setdefault(line, []).append(at)

    def leads_in(at: int) -> bool:
        return at + 1 < len(blocks) and len(blocks[at + 1].span) > LONGEST_HEADING

    return frozenset(
        at
        for found in places.values()
        if len(found) >= OFTEN and 2 * sum(map(leads_in, found)) < len(found)
        for at in found
    )


def _shape(block: Block, text: str) -> int:
    shape = _SHAPES.get(block.kind, 0) | (_COLON if ":" in text else 0) | (_QUESTION if "?" in text else 0)
    if len(text) <= SHORT:
        shape |= _SHORT | (_WORD if len(text) <= LONGEST_CELL and " " not in text.strip() else 0)
    return shape


def names_product(page: Page, part: Part) -> bool:
    """Whether a part is the name of one product and nothing else, "DigiCert® CA Manager"."""
    if len(part.text) > LONGEST_HEADING or not part.words & page.marks.bit(f"product.{page.vendor}"):
        return False
    named = page.marks.find(f"product.{page.vendor}", part.start, part.end)
    rest = part.text
    for mark in (*named, *page.marks.find(f"vendor.{page.vendor}", part.start, part.end)):
        rest = rest.replace(page.text[mark.start : mark.end], "")
    return len({mark.value for mark in named}) == 1 and not WORD.search(rest)


def all_caps(text: str) -> bool:
    return text.isupper() and len(WORD.findall(text)) >= 2


def published_day(token: Token | None, year: int | None) -> str | None:
    """An ISO day or month for a date heading."""
    if token is None:
        return None
    day = calendar_day(token, year)
    if day:
        return day.isoformat()
    chosen = token.year or year
    return f"{chosen:04}-{token.month:02}" if chosen and token.month and not token.day else None
