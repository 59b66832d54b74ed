"""Is the page made of stanzas: lines that stand together between blank ones, each with a title at its top?

Where each stanza is an entry, what stands inside of one begins none: neither the word below a title
("Scheduled") nor the row that says when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.dates import Kind
from ingest.model import Block, BlockKind
from ingest.page import LONG, Page, heading_like

FEWEST = 3  # stanzas that make a page
LONGEST = 12  # blocks of one


def stanzas(page: Page, blocks: Sequence[Block]) -> frozenset[int]:
    """The blocks that open a stanza; none where most of the page's text stands otherwise."""
    runs = list(_runs(page, blocks))
    told = [run for run in runs if any(len(blocks[at].span) > LONG for at in run)]
    titled = [run for run in told if _titled(page, blocks, run)]
    if len(titled) < FEWEST or 10 * sum(map(len, titled)) < 8 * sum(map(len, told)):
        return frozenset()
    dated = [run for run in runs if len(run) > 2 and _titled(page, blocks, run) and _dated(page, blocks, run)]
    return frozenset(run[0] for run in (*titled, *dated))


def _runs(page: Page, blocks: Sequence[Block]) -> Iterator[range]:
    """Blocks that no blank line parts."""
    first = 0
    for at in range(1, len(blocks) + 1):
        if at == len(blocks) or page.breaks(blocks[at - 1], blocks[at]) > 1:
            yield range(first, at)
            first = at


def _titled(page: Page, blocks: Sequence[Block], run: range) -> bool:
    """Whether a short line stands at the top of a stanza, and a text below it."""
    top = blocks[run[0]]
    if not 2 <= len(run) <= LONGEST or top.kind is not BlockKind.PARAGRAPH:
        return False
    return len(top.content) <= LONG and heading_like(top.content.of(page.text))


def _dated(page: Page, blocks: Sequence[Block], run: range) -> bool:
    """Whether a line of a stanza, however little is said above it, tells a day and hours."""
    last = blocks[run[-1]].span
    return {Kind.DATE, Kind.TIME} <= {token.kind for token in page.tokens_in(last.start, last.end)}
