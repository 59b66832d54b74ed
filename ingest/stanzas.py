"""Is the page made of stanzas: lines that stand together between blank ones, each with a title at its top?

Where each stanza is an entry, what stands inside of one begins none: neither the word below a title
("Scheduled") nor the row that says when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.model import Block, BlockKind
from ingest.page import LONG, Page, heading_like

FEWEST = 3  # stanzas that make a page


def stanzas(page: Page, blocks: Sequence[Block]) -> frozenset[int]:
    """The blocks that open a stanza; none where most of the page's text stands otherwise."""
    runs = [run for run in _runs(page, blocks) if not _rules_only(blocks, run)]
    titled = [run for run in runs if _titled(page, blocks, run)]
    told = [run for run in runs if any(len(blocks[at].span) > LONG for at in run)]
    if len(titled) < FEWEST or 10 * sum(run in titled for run in told) < 8 * len(told):
        return frozenset()
    return frozenset(run[0] for run in titled)


def _runs(page: Page, blocks: Sequence[Block]) -> Iterator[range]:
    """Blocks that no blank line parts."""
    first = 0
    for at in range(1, len(blocks) + 1):
        if at == len(blocks) or page.breaks(blocks[at - 1], blocks[at]) > 1:
            yield range(first, at)
            first = at


def _rules_only(blocks: Sequence[Block], run: range) -> bool:
    return all(blocks[at].kind is BlockKind.RULE for at in run)


def _titled(page: Page, blocks: Sequence[Block], run: range) -> bool:
    """Whether a short line stands at the top of a stanza, and a text below it."""
    top = blocks[run[0]]
    if len(run) < 2 or top.kind is not BlockKind.PARAGRAPH:
        return False
    short = len(top.content) <= LONG and heading_like(top.content.of(page.text))
    return short and any(len(blocks[at].span) > LONG for at in run[1:])
