"""Which lines of a plain text are one paragraph, wrapped by the writer's program?

A line was wrapped where the first word of the next one would not have fitted on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.grammar import BULLET, INDENT, QUOTE, ROW_RULE

NARROWEST, WIDEST = 50, 100  # characters: how wide programs wrap text
EVIDENT = 3  # line breaks inside of sentences, from which on a text counts as wrapped
SHARE = 0.5  # of the lines that begin with a small letter, those that must come of wrapping
ENDS = '.!?:…»”")'
FIRST_WORD = re.compile(r"\S+")


def continued(text: str) -> list[tuple[int, int]]:
    """Where a paragraph goes on in the next line: the half-open ranges of characters between the words,
    in order; none for a text that is not wrapped."""
    lines = _lines(text)
    width = _width([end - start for start, end, _ in lines])
    if not NARROWEST <= width <= WIDEST:
        return []
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(text, a, b)]
    small = [(a, b) for a, b in pairs if text[b[2]].islower()]
    full = [pair for pair in small if _is_full(text, *pair, width)]
    if len(full) < EVIDENT or len(full) < SHARE * len(small):
        return []
    joined = {a[0]: (a, b) for a, b in pairs if _is_full(text, a, b, width)}
    return [(a[1], b[2]) for a, b in joined.values() if b[0] in joined or not _stands_alone(text, a, b)]


def run_on(text: str, breaks: list[tuple[int, int]]) -> str:
    """The text with blanks in place of the breaks, as long as before."""
    return "".join(_pieces(text, breaks))


def _pieces(text: str, breaks: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in breaks:
        yield text[at:start]
        yield " " * (end - start)
        at = end
    yield text[at:]


Line = tuple[int, int, int]  # where it starts, ends without blanks, and where its words begin


def _lines(text: str) -> list[Line]:
    """The lines that say something."""
    found: list[Line] = []
    start = 0
    for line in text.split("\n"):
        stripped = line.rstrip()
        lead = _lead(stripped)
        if lead < len(stripped):
            found.append((start, start + len(stripped), start + lead))
        start += len(line) + 1
    return found


def _lead(line: str) -> int:
    """How many characters of indentation and marks of quoted mail a line has."""
    quote = QUOTE.match(line)
    indent = INDENT.match(line, quote.end() if quote else 0)
    return indent.end() if indent else 0


def _width(lengths: list[int]) -> int:
    """The width to which lines are wrapped: what a few of them reach."""
    return sorted(lengths)[-EVIDENT] if len(lengths) >= EVIDENT else 0


def _adjacent(text: str, a: Line, b: Line) -> bool:
    """Whether `b` stands right below `a`, and neither is an item's first line, a row or a rule there."""
    if text.count("\n", a[1], b[0]) != 1:
        return False
    line = text[b[2] : b[1]]
    return BULLET.match(line) is None and not _drawn(line) and not _drawn(text[a[2] : a[1]])


def _stands_alone(text: str, a: Line, b: Line) -> bool:
    """Whether a sentence ends above, and the line below, one line long, is no sentence: a title or a date."""
    return text[a[1] - 1] in ENDS and text[b[1] - 1] not in ENDS and not text[b[2]].islower()


def _drawn(line: str) -> bool:
    return "|" in line or "\t" in line or ROW_RULE.fullmatch(line) is not None


def _is_full(text: str, a: Line, b: Line, width: int) -> bool:
    """Whether the first word of `b` would not have fitted on `a`."""
    word = FIRST_WORD.match(text, b[2])
    return word is not None and a[1] - a[0] + 1 + len(word[0]) > width
