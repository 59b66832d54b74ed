"""What part does each block play: navigation, date heading, label, table row, heading, running text?

The rest of the page tells some, the rules for lines the others; what is left needs the parts around it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import or_

from msgspec.structs import replace

from ingest import sights
from ingest.cuts import cut
from ingest.lexicon import Marks
from ingest.line_rules import BELOW, LAST, RULES, Rule, Shape, kinds_named
from ingest.mails import as_mail
from ingest.model import PSEUDO_HEADING, Block, BlockKind
from ingest.page import Page, bare
from ingest.page_rules import SHORT_LINE, told_by_page
from ingest.roles import DATED_BIT, Part, Role
from ingest.tables import LONGEST_CELL, TOP, dated_row

HEADINGS = frozenset((Role.HEADING, Role.GROUP))
_TOLD = dict.fromkeys((BlockKind.RULE, BlockKind.CODE, BlockKind.NAVIGATION, BlockKind.DATE), Shape.TOLD)
_SHAPES = {
    kind: shape.value
    for kind, shape in {**_TOLD, BlockKind.ROW: Shape.ROW, BlockKind.LABEL: Shape.LABEL}.items()
}
_SHORT, _WORD, _NUMBERED, _OVER_ROWS = (
    shape.value for shape in (Shape.SHORT, Shape.WORD, Shape.NUMBERED, Shape.OVER_ROWS)
)
_EDGE, _COLON, _QUESTION = (shape.value for shape in (Shape.EDGE, Shape.COLON, Shape.QUESTION))
SHORT = 90  # characters: no shorter than what the rules for short lines look at
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
    told = told_by_page(page, blocks, words)
    parts = []
    for at, block in enumerate(blocks):
        start, end = starts[at] + block.lead, block.span.end
        if at in told:
            role, value, name = told[at]
            parts.append(Part(block, role, page.clean(block), start, end, value, name, words[at]))
            continue
        linked = block.links and block.kind is BlockKind.HEADING
        text = page.clean(block) if linked else document[start:end]  # addresses make no title long
        edge = at < TOP or at >= len(blocks) - LAST
        shape = _shape(block, text) | (words[at] & DATED_BIT) | (_EDGE if edge else 0)
        if shape & _SHORT:
            shape |= (_OVER_ROWS if at in over else 0) | (_NUMBERED if words[at] & digits else 0)
        for rule, name in asked.rules(shape, words[at]):
            verdict = rule(page, blocks, at)
            if verdict is not None:
                role, value = verdict
                parts.append(Part(block, role, page.clean(block), start, end, value, name, words[at]))
                break
    parts = as_mail(page, _with_groups(page, _under_title(parts)))
    buttons = _buttons(parts)
    return [part for at, part in enumerate(parts) if at not in buttons] if buttons else parts


def _with_groups(page: Page, parts: list[Part]) -> list[Part]:
    """The parts of release notes, with those headings told as groups that no pack knows: they stand right
    over lists, or over titles, on the level of headings that come again in several releases."""
    if sum(part.role is Role.RELEASE for part in parts) < 2:
        return parts
    marked = [at for at, part in enumerate(parts[:-1]) if _is_marked(part) and part.role in HEADINGS]
    often = Counter(parts[at].text for at in marked)
    levels = {parts[at].block.level for at in marked if often[parts[at].text] > 1}
    groups = {at for at in marked if parts[at].block.level in levels and _over_list(parts, at)}
    if not any(often[parts[at].text] > 1 for at in groups):
        return parts
    return [
        replace(part, role=Role.GROUP, value=_kind_of(page, part))
        if at in groups and part.role is Role.HEADING
        else part
        for at, part in enumerate(parts)
    ]


def _kind_of(page: Page, group: Part) -> str | None:
    """The kind of change that a heading over a list names, if it is one."""
    kinds = kinds_named(page, bare(page, group.block))
    return kinds.pop() if len(kinds) == 1 else None


def _is_marked(part: Part) -> bool:
    return part.block.kind is BlockKind.HEADING and part.block.level < PSEUDO_HEADING


def _over_list(parts: Sequence[Part], at: int) -> bool:
    below = parts[at + 1]
    deeper = _is_marked(below) and below.block.level > parts[at].block.level
    return below.role is Role.ITEM or deeper


def _under_title(parts: list[Part]) -> list[Part]:
    """The parts, with the short lines above the page's title told as navigation, where they say nothing."""
    at = next((at for at, part in enumerate(parts[:TOP]) if part.role is Role.TITLE), 0)
    above = parts[:at]
    if not any(part.role is Role.NAVIGATION for part in above) or any(map(_says_something, above)):
        return parts
    return [replace(part, role=Role.NAVIGATION, value=None) for part in above] + parts[at:]


def _says_something(part: Part) -> bool:
    sentence = part.text.rstrip().endswith((".", "!", "?"))
    return sentence or len(part.text) > SHORT_LINE or bool(part.words & DATED_BIT)


def _buttons(parts: Sequence[Part]) -> frozenset[int]:
    """Links of the page between titles and their texts, the same below several: "Copy link", "Share".

    They are no parts: what stands below them stands right below the title.
    """
    below = [
        at
        for at in range(1, len(parts) - 1)
        if parts[at].role is Role.NAVIGATION
        and parts[at - 1].role is Role.HEADING
        and parts[at + 1].role not in (Role.NAVIGATION, Role.HEADING, Role.DATE)
    ]
    often = Counter(parts[at].text for at in below)
    return frozenset(at for at in below if often[parts[at].text] > 1)


def _shape(block: Block, text: str) -> int:
    shape = _SHAPES.get(block.kind, 0) | (_COLON if ":" in text else 0) | (_QUESTION if "?" in text else 0)
    if len(text) <= SHORT:
        shape |= _SHORT | (_WORD if len(text) <= LONGEST_CELL and " " not in text.strip() else 0)
    return shape
