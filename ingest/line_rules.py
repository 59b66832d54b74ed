"""What part does a block play by what it says, by its form and by what stands next to it?

One ordered table of rules with one signature; the first that speaks decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import IntFlag, auto
from functools import lru_cache

from ingest.dates import Kind
from ingest.grammar import DIGIT, METHOD_PATH, PREFIX, TOKEN, VERSION, WORD
from ingest.lexicon import Lexicon, key
from ingest.model import PSEUDO_HEADING, Block, BlockKind, Form, Span
from ingest.page import LONGEST_HEADING, Page, bare, heading_like, shown, whole_date
from ingest.roles import DATED_BIT, Role, Verdict
from ingest.tables import LONGEST_CELL, TOP, dated_row, field, head_cells, row

Rule = Callable[[Page, Sequence[Block], int], Verdict]
_MARKED = {
    BlockKind.RULE: Role.RULE,
    BlockKind.CODE: Role.CODE,
    BlockKind.NAVIGATION: Role.NAVIGATION,
    BlockKind.DATE: Role.DATE,
}
MAIL = "mail"  # what the fields of a mail are called
LAST = 4  # blocks at a page's end
PATHS = re.compile(r"\]\([^)\s]*\)")  # what Markdown writes behind a link's text
MOST_NOUNS = 5  # words of a sub-heading that says what is listed below it
_GAPS = re.compile(r"[ \u00a0]*(?:\t+|[ \u00a0]{2,}|[|›»·])[ \u00a0]*")
_CRUMB = re.compile(r"\s[>›»|/·•]\s")
_EMPHASIZED = re.compile(r"([*_])[^*_]+\1", re.S)
_ADDRESS = re.compile(r"\?|\]\(|@|https?:")  # what the last line of a page asks or leads to
_SENTENCE_SIGN, _STOPPED = re.compile(r"[.;,]$"), re.compile(r"[.;]$")
_VERSION_ALONE = re.compile(rf"(?<![\w.]){VERSION.pattern}(?![\w.])", re.I)
_GOES_ON = re.compile(r"[ \u00a0]*(?::[ \u00a0]*)?[^\W\d_]")
_CODED = re.compile(r"[^\W_][_/{\[.][^\W_]|^/")  # in a word that no prose has
# "==== API ====": a name between two lines
_BAR = re.compile(r"([=*#~+_–—-])\1{1,20}[ \u00a0][^\W_][^=\n]{0,60}[ \u00a0]\1{2,21}")
YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_LITERAL_END = re.compile(r"[_\]]\w*$")
FEW_LINKS = 4  # of a release's heading
BELOW = 7  # blocks below a heading among which rows may begin


def _mark(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    role = _MARKED.get(blocks[at].kind)
    if role is Role.DATE:
        return (role, whole_date(page, blocks[at]))
    return (role, None) if role else None


def _navigation(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if block.kind is BlockKind.HEADING and page.document.form is Form.FEED:
        return None
    span = bare(page, block)
    words = len(WORD.findall(block.content.of(page.text)))
    if at < 8 and page.marks.at("page.mail", span.start):
        return Role.NAVIGATION, MAIL
    mark = page.marks.at("page.navigation", span.start)
    sentence = block.content.of(page.text).rstrip().endswith(".")
    if mark and (
        mark.end == span.end
        or (
            words <= 10
            and not sentence
            and " " in page.text[mark.start : mark.end]
            and block.kind is not BlockKind.HEADING
        )
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
    if at < TOP and words <= 14 and not sentence and _is_menu(page, block):
        return Role.NAVIGATION, None
    ruled_off = at > 0 and blocks[at - 1].kind is BlockKind.RULE
    if at >= len(blocks) - LAST and words <= 12 and _only_links(page, block, fewest=1 if ruled_off else 2):
        return Role.NAVIGATION, "footer"
    if ruled_off and at == len(blocks) - 1 and words <= 16 and _is_farewell(crumbs.strip()):
        return Role.NAVIGATION, "footer"  # "*Questions? Write to …*"
    foot = page.marks.at("page.footer", span.start) or crumbs.lstrip().startswith("©")
    if foot and words <= 16 and at >= len(blocks) - 8:
        return Role.NAVIGATION, "footer"
    if foot and words <= 8 and at < 4 and not sentence:
        return Role.NAVIGATION, None
    return None


def _is_farewell(line: str) -> bool:
    """Whether a line is emphasized, and asks or leads to something: "*Questions? Write to …*"."""
    return _EMPHASIZED.fullmatch(line) is not None and _ADDRESS.search(line) is not None


def _only_links(page: Page, block: Block, fewest: int) -> bool:
    """Whether a line consists of links and what parts them: "Back to top | Archive"."""
    if len(block.links) < fewest or block.kind in (BlockKind.HEADING, BlockKind.ITEM):
        return False
    rest, start = "", block.content.start
    for link, _ in block.links:
        rest += page.text[start : link.start]
        start = max(start, link.end)
    return WORD.search(PATHS.sub("", rest + page.text[start : block.span.end])) is None


def _is_menu(page: Page, block: Block) -> bool:
    """Whether a line holds several links side by side, one of them of the page: "Products ▾   Sign in"."""
    at, links = block.content.start, 0
    cells = _GAPS.split(block.content.of(page.text))
    for cell in cells:
        at = page.text.index(cell, at)
        word = WORD.search(page.text, at, at + len(cell))
        start = word.start() if word else at
        end = at + len(cell.rstrip(" ▾▼\u00a0"))
        links += page.marks.whole("page.navigation", start, end) is not None
    return links > 0 and len(cells) > 1 and not page.tokens_in(block.content.start, block.span.end)


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
    token = whole_date(page, blocks[at])
    return (Role.DATE, token) if token else None


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
    if page.document.form is Form.TEXT and _BAR.fullmatch(blocks[at].content.of(page.text).strip()):
        titled = at + 1 < len(blocks) and heading_like(blocks[at + 1].content.of(page.text))
        return (Role.SECTION, None) if titled else (Role.HEADING, None)
    span, lexicon = bare(page, blocks[at]), page.grammar.lexicon
    said = span.of(page.text)
    month = len(span) <= lexicon.longest_month and key(said) in lexicon.months
    year = YEAR_ALONE.fullmatch(said) is not None and _dated_below(page, blocks, at)
    return (Role.SECTION, None) if month or year or page.marks.whole("page.sections", *span.ends) else None


def _dated_below(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a date that is a line, or the title of what it is about, stands right below."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    return (
        below is not None
        and len(below.span) <= LONGEST_HEADING
        and bool(page.tokens_in(below.span.start, below.span.end))
    )


def _title(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """The page's own title: at the top, and named as change logs are."""
    block = blocks[at]
    if at > 12 or block.kind is BlockKind.ITEM or any(len(b.span) > LONGEST_HEADING for b in blocks[:at]):
        return None
    span = bare(page, block)
    text = span.of(page.text)
    if (
        len(WORD.findall(text)) > 12
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
    group = page.marks.whole("groups", *span.ends)
    following = [b.kind for b in blocks[at + 1 : at + 3] if b.kind is not BlockKind.RULE][:1]
    if group is None and following == [BlockKind.ITEM] and (kinds := kinds_named(page, span)):
        return Role.GROUP, kinds.pop() if len(kinds) == 1 else None
    label = page.marks.whole("labels", *span.ends)
    if block.kind is BlockKind.LABEL:
        known = label or group
        return Role.LABEL, known.value if known else page.grammar.lexicon.kind_of(span.of(page.text))
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


def kinds_named(page: Page, span: Span) -> set[str]:
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
    mark = page.marks.whole("entry.markers", *bare(page, blocks[at]).ends)
    return (Role.MARKER, None) if mark and blocks[at].kind is not BlockKind.ITEM else None


def _subheading(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    block = blocks[at]
    if block.kind is BlockKind.ITEM or len(block.span) > LONGEST_HEADING:
        return None
    span = bare(page, block)
    text = block.content.of(page.text).rstrip(" *_")
    if page.marks.whole("entry.subheadings", *span.ends):
        return Role.SUBHEADING, None
    if text.endswith("?"):
        dated = at + 1 < len(blocks) and whole_date(page, blocks[at + 1]) is not None
        return (Role.HEADING if dated else Role.SUBHEADING), None  # a title, above its date
    if _names_api_nouns(page, block, span):
        return Role.SUBHEADING, None
    prefix = PREFIX.match(page.text, *span.ends)
    if prefix is None or not all(map(_CODED.search, page.text[prefix.end() : span.end].split())):
        return None  # but "New endpoint: List requests"
    heads = _names_api_nouns(page, block, Span(*prefix.span("prefix")))
    return (Role.TEXT, None) if heads else None  # "New response parameters: scan_status"


def _names_api_nouns(page: Page, block: Block, span: Span) -> bool:
    """Whether a line says nothing but "New request fields", "Affected endpoints"."""
    said = span.of(page.text)
    ends = block.content.of(page.text).rstrip().endswith(".")
    broken_off = ends and said[:1].islower()  # "field of the response."
    if block.kind is BlockKind.HEADING or len(said.split()) > MOST_NOUNS or broken_off:
        return False
    named, told = _api_words(page.grammar.lexicon)
    words = [word.lower() for word in said.split()]
    return len(words) > 1 and not named.isdisjoint(words) and told.issuperset(words)


@lru_cache(maxsize=8)
def _api_words(lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """The words of the nouns of an API, and these with what may stand beside them."""
    nouns = lexicon.lower("api.parameter_nouns", "api.endpoint_nouns")
    named = frozenset(word for noun in nouns for word in noun.split())
    return named, named | lexicon.lower("api.adjectives", "api.qualifiers", "api.joiners")


def _item(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    return (Role.ITEM, None) if blocks[at].kind is BlockKind.ITEM else None


def _drawn(block: Block) -> bool:
    """Whether a block is a line drawn across the page, or below a table's head."""
    return block.kind is BlockKind.RULE or (block.kind is BlockKind.ROW and block.level == 1)


def _over_rows(page: Page, blocks: Sequence[Block], at: int) -> Verdict:
    """A heading right over two rows of a schedule, or over a table's head and a row, is its section's."""
    below = [i for i in range(at + 1, min(len(blocks), at + 1 + BELOW)) if not _drawn(blocks[i])]
    heads = 0
    while heads < len(below) and head_cells(page, blocks, below[heads]):
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
    told = any(page.marks.any(f"status.{status}", start, end) for status in ("moved", "no_downtime"))
    return page.marks.any("entry.title_words", start, end) and not told


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
    EDGE = auto()  # the page's top, or its end
    COLON = auto()
    QUESTION = auto()
    ROW = auto()
    LABEL = auto()
    TOLD = auto()  # its form has said its part


# A rule, and what one of must be seen for it to be asked: a shape, or a category of words.
RULES: tuple[tuple[Rule, tuple[Shape | str, ...]], ...] = (
    (_mark, (Shape.TOLD,)),
    (field, (Shape.COLON,)),
    (head_cells, ("page.table_head", Shape.WORD)),
    (_stamp, (Shape.DATED,)),
    (row, (Shape.DATED, Shape.ROW)),
    (_release, ("page.release_words", Shape.NUMBERED)),
    (_date, (Shape.DATED,)),
    (_section, ("page.sections", Shape.SHORT)),
    (_label, ("labels", "groups", Shape.LABEL)),
    (_marker, ("entry.markers",)),
    (_navigation, ("page.mail", "page.navigation", "page.footer", Shape.EDGE)),
    (_title, (Shape.EDGE,)),
    (_subheading, ("entry.subheadings", "api.parameter_nouns", "api.endpoint_nouns", Shape.QUESTION)),
    (_item, ()),
    (_over_rows, (Shape.OVER_ROWS,)),
    (_heading, ()),
    (_text, ()),
)
