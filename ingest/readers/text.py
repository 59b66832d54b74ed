"""Plain text → Document: a block a line; bullets, table rows, underlined titles and quoted lines are told
by their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ingest.grammar import BULLET, INDENT, QUOTE, ROW_RULE, UNDERLINE
from ingest.model import Block, BlockKind, Document, Form, Span
from ingest.wrapping import continued, run_on

LONGEST_UNDERLINED = 80  # characters
FEWEST_LINKS = 4
LINK_NUMBER = re.compile(r"(?<![^\s(«“\"])\[(?P<number>\d{1,3})\](?=[^\W\d_])")
SLACK = 3  # characters by which an underline may be longer or shorter than its title


def read(text: str, source: str) -> Document:
    """A block for every line that is not blank, wrapped lines together; `level` of an item grows with its
    indentation."""
    blocks: list[Block] = []
    indents: list[int] = []
    breaks = continued(text)
    flat = _without_link_numbers(run_on(text, breaks) if breaks else text)
    start = 0
    for line in flat.split("\n"):
        end = start + len(line)
        stripped = line.rstrip()
        quoted = QUOTE.match(stripped)
        if quoted:
            blocks += _quoted(stripped, start, quoted.end(), indents)
        elif stripped:
            blocks.append(_block(stripped, start, indents))
        if len(blocks) > 1 and blocks[-1].span.start >= start and _underlines(text, blocks):
            blocks[-2] = replace(blocks[-2], kind=BlockKind.HEADING, level=1 if "=" in stripped else 2)
        start = end + 1
    return Document(source, text, Form.TEXT, tuple(blocks), flat=flat if flat is not text else None)


def _without_link_numbers(text: str) -> str:
    """The text with blanks for the numbers of links that text browsers print: "[12]List requests".

    They count from 1, in the order of the text.
    """
    numbers = [int(match["number"]) for match in LINK_NUMBER.finditer(text)]
    if len(numbers) < FEWEST_LINKS or numbers[0] > 1 or sorted(set(numbers)) != numbers:
        return text
    return LINK_NUMBER.sub(lambda match: " " * len(match.group()), text)


def _quoted(line: str, start: int, marks: int, indents: list[int]) -> Iterator[Block]:
    """The block of a line of a quoted mail, its marks counted to its lead; a blank one has none."""
    if marks < len(line):
        block = _block(line[marks:], start + marks, indents)
        yield replace(block, span=Span(start, block.span.end), lead=block.lead + marks)


def _underlines(text: str, blocks: list[Block]) -> bool:
    """Whether the last block underlines the one right above it, a line that is no row."""
    title, line = blocks[-2:]
    if line.kind is not BlockKind.RULE or title.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        return False
    rule = line.content.of(text).strip()
    if UNDERLINE.fullmatch(rule) is None or text.count("\n", title.span.end, line.span.start) != 1:
        return False
    widths = (len(title.content), len(title.span))  # of an item with its mark, or without
    return min(widths) <= LONGEST_UNDERLINED and min(abs(w - len(rule)) for w in widths) <= SLACK


def _block(line: str, start: int, indents: list[int]) -> Block:
    span = Span(start, start + len(line))
    if line[0].isalpha() and line[0] != "o":  # most lines; an "o" may be a bullet
        return Block(span, BlockKind.ROW if "|" in line or "\t" in line else BlockKind.PARAGRAPH)
    indent = INDENT.match(line)
    lead = indent.end() if indent else 0
    bullet = BULLET.match(line)
    if ROW_RULE.fullmatch(line):
        return Block(span, BlockKind.RULE if "|" not in line else BlockKind.ROW, level=1)
    if bullet and bullet.end() < len(line) and "|" not in line:
        return Block(span, BlockKind.ITEM, _depth(lead, indents), bullet.end())
    if "|" in line or "\t" in line.strip():
        return Block(span, BlockKind.ROW, lead=lead)
    return Block(span, BlockKind.PARAGRAPH, lead=lead)


def _depth(indent: int, indents: list[int]) -> int:
    """The depth of an item by its indentation, against the open ones above it."""
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    return len(indents)
