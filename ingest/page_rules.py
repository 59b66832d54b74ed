"""What parts do lines play that show them only beside the rest of the page, by order or by repetition?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ingest import sights
from ingest.contents import contents
from ingest.grammar import DIGIT, WORD
from ingest.histories import MOMENT, UPDATE, updates
from ingest.model import Block, BlockKind, Form
from ingest.numbering import numbered, sections
from ingest.page import LONG, LONGEST_HEADING, Page, bare, heading_like, whole_date
from ingest.roles import Role
from ingest.tables import CELLS, cells
from ingest.wrapping import COLUMNS

MOST_LABEL_WORDS = 3
SHORT_LINE, OFTEN = 24, 3  # characters of a page's furniture, and how often it comes
PAGE = 6  # blocks that a printed page has at least


def told_by_page(
    page: Page, blocks: Sequence[Block], words: Sequence[int]
) -> dict[int, tuple[Role, Any, str]]:
    """Role, value and rule of the blocks whose part shows only beside the rest of the page."""
    if page.document.form is not Form.TEXT:
        return {}
    listed, named = contents(page, blocks)
    told: dict[int, tuple[Role, Any, str]] = dict.fromkeys(listed, (Role.NAVIGATION, None, "contents"))
    titles = (at for at in named if not whole_date(page, blocks[at]))
    told |= dict.fromkeys(titles, (Role.HEADING, None, "contents"))
    told |= {at: (Role.LABEL, kind, "as known labels") for at, kind in _like_labels(page, blocks).items()}
    counted = numbered(page, blocks)
    told |= dict.fromkeys(sections(page, blocks, counted), (Role.SECTION, None, "above numbered"))
    told |= {at: (role, None, CELLS) for at, role in cells(page, blocks).items()}
    said, moments = updates(page, blocks)
    told |= dict.fromkeys(said, (Role.ITEM, None, UPDATE))
    told |= dict.fromkeys(moments, (Role.NAVIGATION, "footer", MOMENT))
    titles = (
        at - 1 for at in said if at and at - 1 not in told and len(blocks[at - 1].span) <= LONGEST_HEADING
    )
    told |= dict.fromkeys(
        (at for at in titles if not whole_date(page, blocks[at])), (Role.HEADING, None, "over updates")
    )
    return told | dict.fromkeys(_furniture(page, blocks, words), (Role.NAVIGATION, "footer", "furniture"))


def _like_labels(page: Page, blocks: Sequence[Block]) -> dict[int, str | None]:
    """Lines that no pack knows as labels, where others that are written and set as they are name kinds of
    change; with the kind that they name elsewhere."""
    apart = [at for at, block in enumerate(blocks) if _is_set_apart(page, blocks, at, block)]
    lines = {at: bare(page, blocks[at]) for at in apart}
    known = {at for at, span in lines.items() if page.marks.whole("labels", *span.ends)}
    states = {at for at, span in lines.items() if page.marks.whole("page.states", *span.ends)} - known
    upper = sum(lines[at].of(page.text).isupper() for at in known | states)
    below_dates = _below_dates(page, blocks)
    if upper < OFTEN or 2 * len(known | states) < len(apart):
        return below_dates
    return below_dates | {
        at: group.value if (group := page.marks.whole("groups", *span.ends)) else None
        for at, span in lines.items()
        if at not in known
        and blocks[at + 1].kind is not BlockKind.ITEM
        and not page.marks.whole("page.sections", *span.ends)
        and not page.marks.any(f"product.{page.vendor}", *span.ends)
    }


def _below_dates(page: Page, blocks: Sequence[Block]) -> dict[int, str | None]:
    """A word or two between a date and a title, where what stands there elsewhere are known labels."""
    lines = {
        at: bare(page, blocks[at]) for at in range(1, len(blocks) - 2) if _is_below_date(page, blocks, at)
    }
    known = {at for at, span in lines.items() if page.marks.whole("labels", *span.ends)}
    return dict.fromkeys(lines.keys() - known) if OFTEN <= len(known) >= len(lines) / 2 else {}


def _is_below_date(page: Page, blocks: Sequence[Block], at: int) -> bool:
    above, block, title, text = blocks[at - 1 : at + 3]
    if block.kind is not BlockKind.PARAGRAPH or len(block.span) > SHORT_LINE or len(text.span) <= LONG:
        return False
    said = block.content.of(page.text)
    short = len(WORD.findall(said)) <= MOST_LABEL_WORDS and said[-1:].isalnum() and not DIGIT.search(said)
    titled = title.kind is BlockKind.PARAGRAPH and heading_like(title.content.of(page.text))
    return short and titled and whole_date(page, above) is not None and whole_date(page, title) is None


def _is_set_apart(page: Page, blocks: Sequence[Block], at: int, block: Block) -> bool:
    """Whether a block is a word or two in capitals between blank lines."""
    if block.kind is not BlockKind.PARAGRAPH or len(block.span) > SHORT_LINE or at + 1 == len(blocks):
        return False
    text = block.content.of(page.text)
    alone = page.breaks(block, blocks[at + 1]) > 1 and (at == 0 or page.breaks(blocks[at - 1], block) > 1)
    return alone and text.isupper() and not DIGIT.search(text) and len(text.split()) <= 2


def _furniture(page: Page, blocks: Sequence[Block], words: Sequence[int]) -> frozenset[int]:
    """Lines that come again and again and say nothing of a change: "Was this helpful?", "Yes", and what a
    printed page has at its head."""
    known = page.marks.bits("page.navigation", "page.footer")
    telling = ~(known | page.marks.bits(sights.DIGIT, "api.usual_names"))  # by themselves these say nothing
    places: dict[str, list[int]] = {}
    heads: dict[str, list[int]] = {}
    for at, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH or len(block.span) > LONGEST_HEADING:
            continue
        if len(block.span) <= SHORT_LINE and not words[at] & telling:
            line = block.content.of(page.text).strip()
            if WORD.search(line) and (words[at] & known or not line.endswith((":", "?"))):
                places.setdefault(line, []).append(at)
        elif COLUMNS.search(page.text, block.content.start, block.span.end):
            heads.setdefault(block.content.of(page.text).strip(), []).append(at)

    def leads_in(at: int) -> bool:
        return at + 1 < len(blocks) and len(blocks[at + 1].span) > LONGEST_HEADING

    often = (found for found in places.values() if len(found) >= OFTEN)
    pages = (found for found in heads.values() if len(found) >= OFTEN and _far_apart(found))
    return frozenset(
        at
        for found in (*(found for found in often if 2 * sum(map(leads_in, found)) < len(found)), *pages)
        for at in found
    )


def _far_apart(found: Sequence[int]) -> bool:
    """Whether at least a page's worth of lines stands between each two places."""
    return all(below - above >= PAGE for above, below in pairwise(found))
