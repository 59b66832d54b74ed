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

from markupsafe import Markup, escape

from ingest.model import Block, BlockKind, Entry, Form, Span
from webapp.inline import markdown_notes
from webapp.notes import Note, nested
from webapp.text import shown

_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+\Z", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_WORDS = re.compile(r"\w")
_FENCE = re.compile(r"\A[ \t]*(?:```|~~~)[^\n]*|(?:\n|\A)[ \t]*(?:```|~~~)[ \t]*\Z")
_CELL = re.compile(r"[^|\t]+")

_HEADINGS = {BlockKind.HEADING, BlockKind.SUBHEADING}
LEAD_IN = {BlockKind.NAVIGATION, BlockKind.PAGE_TITLE, BlockKind.SECTION, BlockKind.DATE, BlockKind.LABEL}


def safe_link(target: str) -> str | None:
    """The target if it is an http, https or mailto address; others are no links on our pages."""
    target = target.strip()
    return target if _SAFE_LINK.match(target) and shown(target) == target else None


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
        first, last = (bisect_left(self._starts, at) for at in (span.start, span.end))
        inside = [note for note in self._ordered[first:last] if note.span.end <= span.end]
        return self._run(span, nested(inside), frozenset())

    @cached_property
    def _ordered(self) -> list[Note]:
        return sorted(self.notes, key=lambda note: note.span.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [note.span.start for note in self._ordered]

    def _run(self, span: Span, notes: list[Note], around: frozenset[str]) -> Markup:
        """The characters at `span`, with the nested `notes` over them; `around` are the elements outside."""
        out, at, number = [], span.start, 0
        while number < len(notes):
            note, after = notes[number], number + 1
            while after < len(notes) and notes[after].span.start < note.span.end:
                after += 1
            tags = _tags(note) - around
            inner = self._run(note.span, notes[number + 1 : after], around | tags)
            out += [escape(self.text[at : note.span.start]), self._wrap(note, inner, tags)]
            at, number = note.span.end, after
        return Markup().join((*out, escape(self.text[at : span.end])))

    def _wrap(self, note: Note, inner: Markup, tags: frozenset[str]) -> Markup:
        if note.tag == "hide":
            return Markup()
        for tag in tags - {"a"}:
            inner = Markup("<{0}>{1}</{0}>").format(tag, inner)
        if "a" in tags:
            inner = Markup('<a href="{}"{}>{}</a>').format(note.href, _relation(note.href), inner)
        if note.anchor:
            inner = Markup('<span id="{}" class="said {}">{}</span>').format(note.anchor, note.kind, inner)
        return inner

    def title(self, heading: Block) -> Markup:
        """The heading's own line, without its element."""
        return self._line(heading) + self.inline(_trimmed(heading.content, self.text))

    def blocks(self, blocks: Sequence[Block]) -> Markup:
        """The blocks as paragraphs, headings, nested lists, tables and code."""
        first = next((block.level for block in blocks if block.kind in _HEADINGS), 0)
        parts = [self._group(kind, list(group), first) for kind, group in groupby(blocks, _family)]
        return Markup("\n").join(parts)

    def _group(self, family: str, blocks: list[Block], first: int) -> Markup:
        if family == "list":
            return self._list(blocks)
        if family == "table":
            return self._table(blocks)
        return Markup("\n").join(self._single(block, first) for block in blocks)

    def _single(self, block: Block, first: int) -> Markup:
        if block.kind is BlockKind.RULE:
            return Markup("<hr>")
        if block.kind is BlockKind.CODE:
            code = escape(_FENCE.sub("", block.content.of(self.text)).strip("\n"))
            return Markup("<pre{} tabindex='0'><code>{}</code></pre>").format(self._id(block), code)
        tag = self._tag(block, first)
        lead = Markup(' class="lead-in"') if block.kind in LEAD_IN else Markup()
        return Markup("<{0}{1}{2}>{3}{4}</{0}>").format(
            tag, self._id(block), lead, self._line(block), self.inline(_trimmed(block.content, self.text))
        )

    def _tag(self, block: Block, first: int) -> str:
        """Sub-headings deeper than the first one of the text lie one level below it."""
        return f"h{self.top + (block.level > first)}" if block.kind in _HEADINGS else "p"

    def _list(self, items: list[Block]) -> Markup:
        """Items as nested lists: an item that is deeper than the one before it lies inside it."""
        out, depth = Markup(), min(max(item.level, 1) for item in items)
        while items:
            item = items.pop(0)
            deeper = _take_while_deeper(items, depth)
            inner = self._list(deeper) if deeper else Markup()
            text = self.inline(_trimmed(item.content, self.text))
            out += Markup("<li{}>{}{}{}</li>").format(self._id(item), self._line(item), text, inner)
        return Markup("<ul>{}</ul>").format(out)

    def _table(self, blocks: list[Block]) -> Markup:
        """Rows as a table; a rule of dashes between them says nothing and is left out."""
        rows = [(block, cells) for block in blocks if (cells := self._cells(block))]
        width = max((len(cells) for _, cells in rows), default=0)
        inner = Markup().join(self._row(block, cells, width) for block, cells in rows)
        return Markup('<div class="scroll"><table>{}</table></div>').format(inner) if rows else Markup()

    def _cells(self, block: Block) -> list[Span]:
        """The cells of a row up to the last one that says something."""
        found = _CELL.finditer(self.text, block.content.start, block.content.end)
        cells = [_trimmed(Span(m.start(), m.end()), self.text) for m in found]
        while cells and not _WORDS.search(cells[-1].of(self.text)):
            cells.pop()
        return cells

    def _row(self, block: Block, cells: list[Span], width: int) -> Markup:
        """A row; its last cell reaches to the table's edge."""
        wide = Markup(' colspan="{}"').format(width - len(cells) + 1) if len(cells) < width else Markup()
        inner = [Markup("<td>{}</td>").format(self.inline(cell)) for cell in cells[:-1]]
        inner.append(Markup("<td{}>{}</td>").format(wide, self.inline(cells[-1])))
        return Markup("<tr{}>{}</tr>").format(self._id(block), Markup().join(inner))

    def identity(self, block: Block) -> str:
        """The id that the block's element has on the page; empty where it has none."""
        number = self.lines.get(block.span.start)
        return f"L{number}" if number else ""

    def _id(self, block: Block) -> Markup:
        identity = self.identity(block)
        return Markup(' id="{}"').format(identity) if identity else Markup()

    def _line(self, block: Block) -> Markup:
        number = self.lines.get(block.span.start)
        mark = Markup('<a class="line" href="#L{0}" aria-label="Line {0} of the source">{0}</a>')
        return mark.format(number) if number else Markup()


def line_numbers(blocks: Sequence[Block], text: str, first: int) -> dict[int, int]:
    """Offset of block → source line, for the first block on each line; the text starts on line `first`."""
    numbers: dict[int, int] = {}
    number, at = first, 0
    for block in blocks:
        number += text.count("\n", at, block.span.start)
        at = max(at, block.span.start)
        numbers.setdefault(number, block.span.start)
    return {start: number for number, start in numbers.items()}


def _tags(note: Note) -> frozenset[str]:
    """The elements that a note asks for; inside another of its kind each is left out."""
    tags = {note.tag} & {"code", "strong", "em"}
    return frozenset(tags | {"a"} if note.href is not None else tags)


def _family(block: Block) -> str:
    return {BlockKind.ITEM: "list", BlockKind.ROW: "table"}.get(block.kind, "single")


def _take_while_deeper(items: list[Block], depth: int) -> list[Block]:
    taken = []
    while items and max(items[0].level, 1) > depth:
        taken.append(items.pop(0))
    return taken


def _relation(href: str | None) -> Markup:
    """Addresses that others wrote get no credit from us, and learn nothing about the reader."""
    inside = href is not None and href.startswith("/")
    return Markup() if inside else Markup(' rel="nofollow noopener noreferrer"')


def _trimmed(span: Span, text: str) -> Span:
    """The span without blanks at its ends."""
    said = span.of(text)
    start = span.start + len(said) - len(said.lstrip())
    return Span(start, start + len(said.strip()))
