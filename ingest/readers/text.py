"""Plain text → Document: a block a line; bullets and table rows are told by their marks."""

from __future__ import annotations

from ingest.grammar import BULLET, INDENT, ROW_RULE
from ingest.model import Block, BlockKind, Document, Form, Span


def read(text: str, source: str) -> Document:
    """A block for every line that is not blank; `level` of an item grows with its indentation."""
    blocks: list[Block] = []
    indents: list[int] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        stripped = line.rstrip()
        if stripped:
            blocks.append(_block(stripped, start, indents))
        start = end + 1
    return Document(source, text, Form.TEXT, tuple(blocks))


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
