"""Does the page list its own titles at its top?  The list is navigation, and what it names are titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest.lexicon import key
from ingest.model import Block
from ingest.page import LONG, LONGEST_HEADING, Page, bare

FEWEST = 3  # titles that make a list
TOP = 80  # blocks in which it begins


def contents(page: Page, blocks: Sequence[Block]) -> tuple[frozenset[int], frozenset[int]]:
    """The blocks of the list, and those further down that it names; both empty where there is no list.

    Such a list is a run of short lines at the top that all come once more below it, in the same order, with
    running text between.
    """
    said = [key(bare(page, b).of(page.text)) if len(b.span) <= LONGEST_HEADING else "" for b in blocks]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(said):
        places[line].append(at)
    listed: list[int] = []
    named: list[int] = []
    for at in range(min(TOP, len(blocks))):
        twice = places[said[at]] if said[at] else []
        again = twice[1] if len(twice) == 2 and twice[0] == at else None
        if again is not None and (not named or _text_between(blocks, named[-1], again)):
            listed.append(at)
            named.append(again)
        elif _is_list(listed, named):
            break
        else:
            listed, named = [], []
    return (frozenset(listed), frozenset(named)) if _is_list(listed, named) else (frozenset(), frozenset())


def _text_between(blocks: Sequence[Block], first: int, last: int) -> bool:
    return any(len(block.span) > LONG for block in blocks[first + 1 : last])


def _is_list(listed: Sequence[int], named: Sequence[int]) -> bool:
    return len(listed) >= FEWEST and named[0] > listed[-1]
