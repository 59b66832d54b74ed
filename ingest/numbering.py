"""Are the entries of the page counted, "1)", "2)" … or "I.", "II." …?  A single number says little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.model import Block, BlockKind
from ingest.page import LONG, Page, heading_like

FEWEST = 3  # numbers that make a series
NUMBER = re.compile(r"(?:(?P<arabic>\d{1,3})|(?P<roman>[IVXLC]{1,7}))(?P<sign>[.)])[ \u00a0]+(?=\S)")
BEFORE_NUMBER = " \t\u00a0>"
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def numbered(page: Page, blocks: Sequence[Block]) -> frozenset[int]:
    """The blocks that open with "1)", "2)" … or "I.", "II." …, where most of the page is counted so.

    Blank lines part them: the steps of a procedure stand close together.
    """
    runs = list(_runs(page, blocks))
    counted = [member for run in runs for member in run]
    reach = sum(run[-1] - run[0] + 1 for run in runs)
    apart = sum(_apart(page, blocks, at) for at in counted)
    if 2 * reach < len(blocks) or 10 * apart < 8 * len(counted):
        return frozenset()
    return frozenset(counted)


def _runs(page: Page, blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Blocks whose numbers count up from one, in one style."""
    run: list[int] = []
    style: tuple[str, bool] | None = None
    for at, block in enumerate(blocks):
        first = page.text[block.span.start : block.span.start + 1]
        if not (first.isdecimal() or first in BEFORE_NUMBER or first in ROMAN):
            continue
        said = page.text[block.span.start : block.span.end].lstrip(BEFORE_NUMBER)[:12]
        match = NUMBER.match(said)
        if match is None:
            continue
        value, own = _value(match), (match["sign"], match["roman"] is None)
        if run and own == style and value == len(run) + 1:
            run.append(at)
        elif value == 1:
            if len(run) >= FEWEST:
                yield run
            run, style = [at], own
    if len(run) >= FEWEST:
        yield run


def _value(match: re.Match[str]) -> int:
    """
    >>> _value(NUMBER.match("XIV. Fourteen"))
    14
    """
    if match["arabic"]:
        return int(match["arabic"])
    digits = [ROMAN[letter] for letter in match["roman"]]
    return sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))


def sections(page: Page, blocks: Sequence[Block], counted: frozenset[int]) -> Iterator[int]:
    """The short lines set off above counted blocks: they head a section, no entry."""
    for at in counted:
        above = at - 1
        if above in counted or above < 0 or blocks[above].kind is not BlockKind.PARAGRAPH:
            continue
        said = blocks[above].content.of(page.text)
        if len(said) <= LONG and heading_like(said) and _apart(page, blocks, above):
            yield above


def _apart(page: Page, blocks: Sequence[Block], at: int) -> bool:
    """Whether a blank line stands above a block, or nothing at all."""
    return at == 0 or page.breaks(blocks[at - 1], blocks[at]) > 1
