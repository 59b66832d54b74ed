"""Which lines are updates of a status page's history?  A title, then what was said of it, each with a moment.

    Scheduled global maintenance
    Completed - All services are back.
    Apr 5, 23:41 MDT (Apr 6, 05:41 UTC)
    Scheduled - On April 5, 2025, 22:00 – 24:00 MDT, we carry out maintenance.
    Mar 21, 09:12 MDT

An update goes on with the entry of its title; its moment says when it was written, and is no window.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.dates import Kind, Token
from ingest.grammar import WORD
from ingest.model import Block, BlockKind
from ingest.page import Page, bare

FEWEST = 3  # updates of a page that has them
UPDATE, MOMENT = "update", "moment"  # the rules of their parts
LONGEST_MOMENT = 80  # characters
_SAID = re.compile(r"[ \u00a0]?[-–—][ \u00a0]\S")


def updates(page: Page, blocks: Sequence[Block]) -> tuple[frozenset[int], frozenset[int]]:
    """(updates, their moments): the numbers of these blocks, where the page is such a history."""
    said = [at for at in range(len(blocks) - 1) if _is_update(page, blocks[at])]
    with_moments = {at: moment for at in said if (moment := _moment_of(page, blocks, at)) is not None}
    if len(with_moments) < FEWEST:
        return frozenset(), frozenset()
    return frozenset(with_moments), frozenset(with_moments.values())


def _is_update(page: Page, block: Block) -> bool:
    """Whether a block opens with a state and says what it means: "In progress - Work has started."."""
    sentence = page.text[block.content.start : block.span.end].rstrip().endswith((".", "!", "…"))
    if block.kind in (BlockKind.HEADING, BlockKind.RULE) or not sentence:
        return False
    start = bare(page, block).start
    for category in ("page.states", "page.updates"):
        state = page.marks.at(category, start)
        if state is not None and _SAID.match(page.text, state.end):
            return True
    return False


def _moment_of(page: Page, blocks: Sequence[Block], at: int) -> int | None:
    """The block right below, or right above, that is nothing but a day with its hour."""
    for beside in (at + 1, at - 1):
        if 0 <= beside < len(blocks) and _is_moment(page, blocks[beside]):
            return beside
    return None


def _is_moment(page: Page, block: Block) -> bool:
    span = bare(page, block)
    if len(span) > LONGEST_MOMENT:
        return False
    tokens = page.tokens_in(block.span.start, block.span.end)
    kinds = [token.kind for token in tokens]
    if Kind.DATE not in kinds or Kind.TIME not in kinds or _has_range(page, tokens):
        return False
    text, at, words = page.text, block.span.start, 0
    for token in tokens:
        words += len(WORD.findall(text, at, max(at, token.span.start)))
        at = max(at, token.span.end)
    return words + len(WORD.findall(text, at, block.span.end)) <= 1  # "Posted"


def _has_range(page: Page, tokens: Sequence[Token]) -> bool:
    """Whether one hour leads to another: that is a window, "22:00 – 24:00", no moment."""
    hours = [token for token in tokens if token.kind is not Kind.ZONE]
    return any(
        a.kind is b.kind is Kind.TIME and page.grammar.range.search(page.text, a.span.end, b.span.start)
        for a, b in pairwise(hours)
    )
