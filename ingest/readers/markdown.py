"""Markdown → Document: the text stays raw, tokens of markdown-it tell which lines are what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.grammar import INLINE_CODE, MD_LINK, MD_MARKED, ROW_RULE
from ingest.model import PSEUDO_HEADING, Block, BlockKind, Document, Form, Span

_LEAD = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?"
    r"(?:<a\b[^<>\n]*>[ \t]*</a>[ \t]*)?"
)
_BOLD_LINE = re.compile(r"[ \t]*(\*\*|__)(?=\S)[^*\n]{2,150}(?<=\S)\1:?[ \t]*$")
_TITLE_FIELD = re.compile(r"title:[ \t]*[\"']?(?=[^\s\"'])")
_DATE_FIELD = re.compile(r"(?:date|published|pub_?date):[ \t]*[\"']?(?=\d{4}-\d\d-\d\d)")
_SIGNATURE = re.compile(r"\n[ \t]*--?[ \t]*\Z")  # below a mail's last words
_ISO_DAY = 10  # characters
_LINES = re.compile(r"[^\n]*\n?")


def read(text: str, source: str) -> Document:
    """A block for every heading, paragraph, item, row, fence; whatever is left over is navigation."""
    starts = [0]
    for match in _LINES.finditer(text):
        if match.end() > match.start():
            starts.append(match.end())
    body, offset = _without_front_matter(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    found = _blocks(tokens, text, starts, offset)
    filled = _filled(found, text, starts)
    if offset and not any(block.kind is BlockKind.HEADING for block in found):
        filled = _titled(filled, text, starts[offset] if offset < len(starts) else len(text))
    blocks = [_with_inline(block, text) for block in filled]
    return Document(source, text, Form.MARKDOWN, tuple(blocks))


def _without_front_matter(text: str) -> tuple[str, int]:
    """The text after a leading `---` block, and the number of lines before it."""
    if not text.startswith("---\n"):
        return text, 0
    end = text.find("\n---\n", 3)
    if end < 0:
        return text, 0
    return text[end + 5 :], text.count("\n", 0, end + 5)


def _titled(blocks: Sequence[Block], text: str, end: int) -> list[Block]:
    """The blocks of a page whose only title stands in its front matter, that and its date told as such."""
    return [_field(block, text) if block.span.end <= end else block for block in blocks]


def _field(block: Block, text: str) -> Block:
    start, end = block.span.start, block.span.end
    title, day = _TITLE_FIELD.match(text, start, end), _DATE_FIELD.match(text, start, end)
    if title:
        end -= text[end - 1] == text[title.end() - 1] and text[end - 1] in "\"'"
        return Block(Span(start, end), BlockKind.HEADING, 1, title.end() - start)
    if day:
        return Block(Span(start, day.end() + _ISO_DAY), BlockKind.DATE, 0, day.end() - start)
    return block


_KINDS = {
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "hr": BlockKind.RULE,
    "tr_open": BlockKind.ROW,
    "html_block": BlockKind.PARAGRAPH,
}


def _blocks(tokens: list[Token], text: str, starts: list[int], offset: int) -> list[Block]:
    """The blocks of the token stream, in order, each over its lines."""
    blocks: list[Block] = []
    depth, fresh, header, signed = 0, False, False, _signed(tokens, text, starts, offset)
    for token in tokens:
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        fresh = fresh or token.type == "list_item_open"
        header = token.type == "thead_open" or (header and token.type != "thead_close")
        kind = _KINDS.get(token.type)
        if kind is None or token.map is None:
            continue
        span = _lines(token.map[0] + offset, token.map[1] + offset, text, starts)
        if not len(span):
            continue
        if token is signed:
            kind = BlockKind.PARAGRAPH
        if kind is BlockKind.PARAGRAPH and fresh:
            blocks.append(_lead(Block(span, BlockKind.ITEM, depth), text))
        elif kind is BlockKind.HEADING:
            blocks.append(_lead(Block(span, kind, int(token.tag[1])), text))
        elif kind is BlockKind.PARAGRAPH and _BOLD_LINE.match(span.of(text)):
            blocks.append(Block(span, BlockKind.HEADING, PSEUDO_HEADING))
        elif kind is BlockKind.ROW:
            blocks.append(Block(span, kind, int(header)))
        else:
            blocks.append(
                _lead(Block(span, kind), text) if kind is BlockKind.PARAGRAPH else Block(span, kind)
            )
        fresh = False
    return blocks


def _signed(tokens: Sequence[Token], text: str, starts: list[int], offset: int) -> Token | None:
    """The mail's last words above its signature, which look like a heading: the only one underlined so."""
    heads = (token for token in tokens if token.type == "heading_open" and token.map)
    spans = ((token, _lines(token.map[0] + offset, token.map[1] + offset, text, starts)) for token in heads)  # type: ignore[index]
    found = [token for token, span in spans if _SIGNATURE.search(text, span.start, span.end)]
    return found[0] if len(found) == 1 else None


def _lines(first: int, last: int, text: str, starts: list[int]) -> Span:
    """The characters of lines [first, last) without blank lines at the end."""
    start = starts[min(first, len(starts) - 1)]
    end = starts[last] if last < len(starts) else len(text)
    return Span(start, start + len(text[start:end].rstrip()))


def _lead(block: Block, text: str) -> Block:
    match = _LEAD.match(text, block.span.start, block.span.end)
    return Block(block.span, block.kind, block.level, len(match.group()) if match else 0)


def _filled(blocks: list[Block], text: str, starts: list[int]) -> list[Block]:
    """The blocks, and a block for every line that no token covers (front matter, link targets)."""
    whole: list[Block] = []
    at = 0
    for block in [*sorted(blocks, key=lambda b: b.span), None]:
        end = block.span.start if block else len(text)
        for match in _LINES.finditer(text, at, max(at, end)):
            line = match.group().rstrip()
            if line.strip():
                kind = BlockKind.ROW if "|" in line and ROW_RULE.fullmatch(line) else BlockKind.NAVIGATION
                whole.append(Block(Span(match.start(), match.start() + len(line)), kind, level=1))
        if block:
            if block.span.start < at:
                continue
            whole.append(block)
            at = block.span.end
    return whole


def _with_inline(block: Block, text: str) -> Block:
    """The block with its inline code, its links and what is marked, as spans of the raw text."""
    if block.kind is BlockKind.CODE:
        return block
    start, end = block.span.start, block.span.end
    code = tuple(Span(*m.span("code")) for m in INLINE_CODE.finditer(text, start, end))
    links = tuple((Span(*m.span("text")), m.group("target")) for m in MD_LINK.finditer(text, start, end))
    marked = tuple(Span(*m.span("said")) for m in MD_MARKED.finditer(text, start, end))
    if not (code or links or marked):
        return block
    return Block(block.span, block.kind, block.level, block.lead, None, links, code, marked)
