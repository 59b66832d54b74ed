"""How does an entry's text become HTML?  Blocks to elements, every character of the source escaped.

Two steps: `outline` arranges an entry's blocks (lists nest by depth, rows gather into tables), and `Renderer`
writes them down.  The annotations that lie over the text (links, code, what was read from it) are nested
by their spans; one that crosses another is left out, its characters stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, takewhile

from markupsafe import Markup
from msgspec.structs import replace

from ingest.model import Block, BlockKind, Entry, Form, Span
from webapp.inline import markdown_notes
from webapp.notes import Note, nested
from webapp.text import escaped, safe, shown

_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+\Z", re.IGNORECASE)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LINE = re.compile(r"[^\n]+")
_WORDS = re.compile(r"\w")
_FENCE = re.compile(r"\A[ \t]*(?:```|~~~)[^\n]*|(?:\n|\A)[ \t]*(?:```|~~~)[ \t]*\Z")
_CELL = re.compile(r"[^|\t]+")

_HEADINGS = {BlockKind.HEADING, BlockKind.SUBHEADING}
LEAD_IN = {BlockKind.NAVIGATION, BlockKind.PAGE_TITLE, BlockKind.SECTION, BlockKind.DATE, BlockKind.LABEL}


def safe_link(target: str) -> str | None:
    """The target if it is an http, https or mailto address; others are no links on our pages.

    What may not stand in an address is percent-encoded, as browsers would do.
    """
    target = target.strip()
    if not _SAFE_LINK.match(target) or shown(target) != target:
        return None
    from werkzeug.urls import iri_to_uri  # with a web server, which takes long to import

    try:
        return iri_to_uri(_BARE_PERCENT.sub("%25", target))
    except ValueError:  # no host or port can be read from it
        return None


def blocks_of(entry: Entry, text: str) -> tuple[Block, ...]:
    """The entry's blocks in order, and a paragraph for every line with words that no block covers."""
    known = sorted(entry.blocks, key=lambda block: block.span)
    gaps, at = [], 0
    for block in known:
        gaps.append(Span(at, block.span.start))
        at = max(at, block.span.end)
    gaps.append(Span(at, len(text)))
    lines = [line for gap in gaps for line in _lines(gap, text)]
    extra = [Block(line, BlockKind.PARAGRAPH) for line in lines]
    return tuple(sorted((*known, *extra), key=lambda block: block.span))


@dataclass(frozen=True, slots=True)
class Parts:
    """An entry's blocks: what stands above it (navigation, dates, labels), its title, the text below."""

    lead: tuple[Block, ...]
    heading: Block | None
    body: tuple[Block, ...]


def parts(entry: Entry, text: str) -> Parts:
    """The entry's blocks by the part they play; together they are all of its text."""
    blocks = blocks_of(entry, text)
    lead = tuple(takewhile(lambda block: block.kind in LEAD_IN, blocks))
    rest = blocks[len(lead) :]
    if entry.has_heading and rest and rest[0].kind is BlockKind.HEADING:
        return Parts(lead, rest[0], rest[1:])
    return Parts(lead, None, rest)


def _lines(gap: Span, text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text, gap.start, max(gap.start, gap.end)):
        if _WORDS.search(match[0]):
            yield Span(match.start(), match.end())


def source_notes(blocks: Sequence[Block], text: str, form: Form) -> list[Note]:
    """The links, the code and the emphasis that the source itself marks."""
    notes = [Note(span, "code") for block in blocks for span in block.code]
    for block in blocks:
        notes += [Note(span, "a", href=href) for span, target in block.links if (href := safe_link(target))]
        if form is Form.MARKDOWN:
            notes += markdown_notes(block, text)
    return notes


@dataclass(frozen=True)
class Renderer:
    """Writes one entry's text as HTML.

    `text` is safe to show (see `webapp.text.shown`) and as long as the source, `notes` lie over it.
    `lines` maps the offsets of blocks to source lines: these blocks carry `id="L<n>"` and link to
    themselves.  Headings start at level `top`.
    """

    text: str
    notes: tuple[Note, ...] = ()
    lines: Mapping[int, int] = field(default_factory=dict)
    top: int = 2

    def inline(self, span: Span) -> Markup:
        """One line of running text."""
        return safe(self._inline(span))

    @cached_property
    def _ordered(self) -> list[Note]:
        return sorted(self.notes, key=lambda note: note.span.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [note.span.start for note in self._ordered]

    # Below, strings are markup: what comes from the source has passed `escaped`.

    def _inline(self, span: Span) -> str:
        first, last = (bisect_left(self._starts, at) for at in (span.start, span.end))
        inside = [_within(note, span) for note in self._ordered[first:last] if _fits(note, span)]
        if not inside:
            return escaped(self.text[span.start : span.end])
        return self._run(span, nested(inside), frozenset())

    def _run(self, span: Span, notes: list[Note], around: frozenset[str]) -> str:
        """The characters at `span`, with the nested `notes` over them; `around` are the elements outside."""
        out, at, number = [], span.start, 0
        while number < len(notes):
            note, after = notes[number], number + 1
            while after < len(notes) and notes[after].span.start < note.span.end:
                after += 1
            tags = _tags(note) - around
            inner = self._run(note.span, notes[number + 1 : after], around | tags)
            out += [escaped(self.text[at : note.span.start]), self._wrap(note, inner, tags)]
            at, number = note.span.end, after
        return "".join((*out, escaped(self.text[at : span.end])))

    def _wrap(self, note: Note, inner: str, tags: frozenset[str]) -> str:
        if note.tag == "hide":
            return ""
        for tag in tags - {"a"}:
            inner = f"<{tag}>{inner}</{tag}>"
        if "a" in tags:
            inner = f'<a href="{escaped(note.href)}"{_relation(note.href)}>{inner}</a>'
        if note.anchor:
            inner = f'<span id="{note.anchor}" class="said {note.kind}">{inner}</span>'
        return inner

    def title(self, heading: Block) -> Markup:
        """The heading's own line, without its element."""
        return safe(self._line(heading) + self._inline(_trimmed(heading.content, self.text)))

    def blocks(self, blocks: Sequence[Block]) -> Markup:
        """The blocks as paragraphs, headings, nested lists, tables and code."""
        first = next((block.level for block in blocks if block.kind in _HEADINGS), 0)
        parts = [self._group(kind, list(group), first) for kind, group in groupby(blocks, _family)]
        return safe("\n".join(parts))

    def _group(self, family: str, blocks: list[Block], first: int) -> str:
        if family == "list":
            return self._list(blocks)
        if family == "table":
            return self._table(blocks)
        return "\n".join(self._single(block, first) for block in blocks)

    def _single(self, block: Block, first: int) -> str:
        if block.kind is BlockKind.RULE:
            return "<hr>"
        if block.kind is BlockKind.CODE:
            code = escaped(_FENCE.sub("", block.content.of(self.text)).strip("\n"))
            return f"<pre{self._id(block)} tabindex='0'><code>{code}</code></pre>"
        tag = self._tag(block, first)
        lead = ' class="lead-in"' if block.kind in LEAD_IN else ""
        inner = self._line(block) + self._inline(_trimmed(block.content, self.text))
        return f"<{tag}{self._id(block)}{lead}>{inner}</{tag}>"

    def _tag(self, block: Block, first: int) -> str:
        """Sub-headings deeper than the first one of the text lie one level below it."""
        return f"h{self.top + (block.level > first)}" if block.kind in _HEADINGS else "p"

    def _list(self, items: list[Block]) -> str:
        """Items as nested lists: an item that is deeper than the one before it lies inside it."""
        out, depth = list[str](), min(max(item.level, 1) for item in items)
        while items:
            item = items.pop(0)
            deeper = _take_while_deeper(items, depth)
            inner = self._list(deeper) if deeper else ""
            text = self._inline(_trimmed(item.content, self.text))
            out.append(f"<li{self._id(item)}>{self._line(item)}{text}{inner}</li>")
        return f"<ul>{''.join(out)}</ul>"

    def _table(self, blocks: list[Block]) -> str:
        """Rows as a table; a rule of dashes between them says nothing and is left out."""
        rows = [(block, cells) for block in blocks if (cells := self._cells(block))]
        width = max((len(cells) for _, cells in rows), default=0)
        inner = "".join(self._row(block, cells, width) for block, cells in rows)
        return f'<div class="scroll"><table>{inner}</table></div>' if rows else ""

    def _cells(self, block: Block) -> list[Span]:
        """The cells of a row up to the last one that says something."""
        found = _CELL.finditer(self.text, block.content.start, block.content.end)
        cells = [_trimmed(Span(m.start(), m.end()), self.text) for m in found]
        while cells and not _WORDS.search(cells[-1].of(self.text)):
            cells.pop()
        return cells

    def _row(self, block: Block, cells: list[Span], width: int) -> str:
        """A row; its last cell reaches to the table's edge."""
        wide = f' colspan="{width - len(cells) + 1}"' if len(cells) < width else ""
        inner = [f"<td>{self._inline(cell)}</td>" for cell in cells[:-1]]
        inner.append(f"<td{wide}>{self._inline(cells[-1])}</td>")
        return f"<tr{self._id(block)}>{''.join(inner)}</tr>"

    def identity(self, block: Block) -> str:
        """The id that the block's element has on the page; empty where it has none."""
        number = self.lines.get(block.span.start)
        return f"L{number}" if number else ""

    def _id(self, block: Block) -> str:
        identity = self.identity(block)
        return f' id="{identity}"' if identity else ""

    def _line(self, block: Block) -> str:
        number = self.lines.get(block.span.start)
        if not number:
            return ""
        return f'<a class="line" href="#L{number}" aria-label="Line {number} of the source">{number}</a>'


def line_numbers(blocks: Sequence[Block], text: str, first: int) -> dict[int, int]:
    """Offset of block → source line, for the first block on each line; the text starts on line `first`."""
    numbers: dict[int, int] = {}
    number, at = first, 0
    for block in blocks:
        number += text.count("\n", at, block.span.start)
        at = max(at, block.span.start)
        numbers.setdefault(number, block.span.start)
    return {start: number for number, start in numbers.items()}


def _fits(note: Note, span: Span) -> bool:
    """Does the note end in the span, or is it a place that facts lead to, which its beginning says?"""
    return note.span.end <= span.end or (note.anchor is not None and note.href is None)


def _within(note: Note, span: Span) -> Note:
    """The note up to the end of the span: what was read from several cells is shown in the first of them."""
    return note if note.span.end <= span.end else replace(note, span=Span(note.span.start, span.end))


def _tags(note: Note) -> frozenset[str]:
    """The elements that a note asks for; inside another of its kind each is left out."""
    tags = {note.tag} & {"code", "strong", "em"}
    return frozenset(tags | {"a"} if note.href is not None else tags)


_FAMILIES = {BlockKind.ITEM: "list", BlockKind.ROW: "table"}


def _family(block: Block) -> str:
    return _FAMILIES.get(block.kind, "single")


def _take_while_deeper(items: list[Block], depth: int) -> list[Block]:
    taken = []
    while items and max(items[0].level, 1) > depth:
        taken.append(items.pop(0))
    return taken


def _relation(href: str | None) -> str:
    """Addresses that others wrote get no credit from us, and learn nothing about the reader."""
    inside = href is not None and href.startswith("/")
    return "" if inside else ' rel="nofollow noopener noreferrer"'


def _trimmed(span: Span, text: str) -> Span:
    """The span without blanks at its ends."""
    said = span.of(text)
    start = span.start + len(said) - len(said.lstrip())
    return Span(start, start + len(said.strip()))
