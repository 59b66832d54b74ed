"""Which lines of a plain text are one paragraph, wrapped by the writer's program?

A line was wrapped where the first word of the next one would not have fitted on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.grammar import BULLET, INDENT, QUOTE, ROW_RULE

NARROWEST, WIDEST = 50, 100  # characters: how wide programs wrap text
NARROWEST_TITLE = 30
EVIDENT = 3  # line breaks inside of sentences, from which on a text counts as wrapped
SHARE = 0.5  # of the lines that begin with a small letter, those that must come of wrapping
NEARLY = 0.8  # of the width, where words wrap early
ENDS = '.!?:…»”")'
FIRST_WORD = re.compile(r"\S+")
COLUMNS = re.compile(r"\S {3,}\S")


def continued(text: str) -> list[tuple[int, int]]:
    """Where a paragraph goes on in the next line: the half-open ranges of characters between the words,
    in order; none for a text that is not wrapped."""
    lines = _lines(text)
    width = _width(text, lines)
    if not NARROWEST <= width <= WIDEST:
        return []
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(text, a, b)]
    if not _is_wrapped(text, pairs, width):
        return []
    joined = {a[0]: (a, b) for a, b in pairs if _is_full(text, a, b, width) or _goes_on(text, a, b, width)}
    found = [(a, b) for a, b in joined.values() if b[0] in joined or not _stands_alone(text, a, b)]
    return sorted((a[1], b[2]) for a, b in {*found, *_titles(text, lines, pairs, found)})


def _is_wrapped(text: str, pairs: list[tuple[Line, Line]], width: int) -> bool:
    """Whether lines that begin inside of sentences do so because words did not fit above."""
    small = [(a, b) for a, b in pairs if text[b[2]].islower()]
    full = sum(_is_full(text, a, b, width) for a, b in small)
    return full >= EVIDENT and full >= SHARE * len(small)


def _titles(
    text: str, lines: list[Line], pairs: list[tuple[Line, Line]], paragraphs: list[tuple[Line, Line]]
) -> list[tuple[Line, Line]]:
    """The lines of wrapped titles, narrower as they are larger, where what they title is set in."""
    if 2 * sum(_is_set_in(a) for a, _ in paragraphs) < len(paragraphs):
        return []
    width = _width(text, [line for line in lines if not _is_set_in(line)])
    wrapped = [(a, b) for a, b in pairs if not _is_set_in(a) and not _is_set_in(b)]
    if width < NARROWEST_TITLE or not _is_wrapped(text, wrapped, width):
        return []
    return [(a, b) for a, b in wrapped if _is_full(text, a, b, width)]


def _is_set_in(line: Line) -> bool:
    return line[2] > line[0]


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


def _width(text: str, lines: list[Line]) -> int:
    """The width to which lines are wrapped: what a few of them reach."""
    lengths = sorted(line[1] - line[0] for line in lines if not _placed(text, line))
    return lengths[-EVIDENT] if len(lengths) >= EVIDENT else 0


def _placed(text: str, line: Line) -> bool:
    """Whether a line is placed on the page, in columns or at its right, and so was not wrapped."""
    start, end, words = line
    return 2 * (words - start) > end - start or COLUMNS.search(text, words, end) is not None


def _adjacent(text: str, a: Line, b: Line) -> bool:
    """Whether `b` stands right below `a`, and neither is an item's first line, a row or a rule there."""
    if text.count("\n", a[1], b[0]) != 1 or _placed(text, a) or _placed(text, b):
        return False
    line = text[b[2] : b[1]]
    return BULLET.match(line) is None and not _drawn(line) and not _drawn(text[a[2] : a[1]])


def _stands_alone(text: str, a: Line, b: Line) -> bool:
    """Whether a sentence ends above, and the line below, one line long, is no sentence: a title or a date."""
    return text[a[1] - 1] in ENDS and text[b[1] - 1] not in ENDS and not text[b[2]].islower()


def _drawn(line: str) -> bool:
    return "|" in line or "\t" in line or ROW_RULE.fullmatch(line) is not None


def _goes_on(text: str, a: Line, b: Line, width: int) -> bool:
    """Whether a sentence goes on, in small letters or with a number, below a line that is nearly full and
    set in as far."""
    small = text[b[2]].islower() or text[b[2]].isdigit()
    begun = text[a[1] - 1] not in ENDS and small and b[2] - b[0] == a[2] - a[0]
    return begun and a[1] - a[0] > NEARLY * width


def _is_full(text: str, a: Line, b: Line, width: int) -> bool:
    """Whether the first word of `b` would not have fitted on `a`."""
    word = FIRST_WORD.match(text, b[2])
    return word is not None and a[1] - a[0] + 1 + len(word[0]) > width
