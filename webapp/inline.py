"""Which characters of Markdown are markup?  They are hidden, and what they mean is shown instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.model import Block, BlockKind, Span
from webapp.notes import Note

_STRONG = re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<inside>.{1,400}?)(?<=\S)(?P=mark)", re.DOTALL)
_EMPHASIS = re.compile(
    r"(?<![\w*\\])(?P<mark>[*_])(?=[^\s*_])(?P<inside>[^*_]{1,400}?)(?<=[^\s*_])(?P=mark)(?![\w*])"
)
_HARMLESS = "kbd|br|sub|sup|b|i|u|em|strong|code|span|p|div|details|summary|small"
_TAG = re.compile(rf"</?(?:{_HARMLESS})\b[^<>]*>", re.IGNORECASE)  # <order_id> is none of them and stays
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_LINK_END = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|\]\[[^\]\n]*\]|>")


def markdown_notes(block: Block, text: str) -> list[Note]:
    """Emphasis, and every mark of Markdown's own as a note with the tag `hide`."""
    if block.kind is BlockKind.CODE:
        return []
    marks, links = list(_code_marks(block.code, text)), list(_link_marks(block, text))
    return [*marks, *links, *_elsewhere(block, text, block.code)]


def plain(block: Block, text: str) -> str:
    """The line without Markdown's marks."""
    kept, at = [], block.content.start
    for gap in sorted(note.span for note in markdown_notes(block, text) if note.tag == "hide"):
        kept.append(text[at : gap.start])
        at = max(at, gap.end)
    return "".join((*kept, text[at : block.content.end]))


def _code_marks(spans: Sequence[Span], text: str) -> Iterator[Note]:
    for span in spans:
        start, end = span.start, span.end
        while start > 0 and text[start - 1] == "`":
            start -= 1
        while end < len(text) and text[end] == "`":
            end += 1
        yield Note(Span(start, span.start), "hide")
        yield Note(Span(span.end, end), "hide")


def _link_marks(block: Block, text: str) -> Iterator[Note]:
    """`[` before a link's text, and `](address)` after it; the angles of `<address>`."""
    for span, _ in block.links:
        if span.start > 0 and text[span.start - 1] in "[<":
            yield Note(Span(span.start - 1, span.start), "hide")
            if end := _LINK_END.match(text, span.end):
                yield Note(Span(*end.span()), "hide")


def _elsewhere(block: Block, text: str, code: Sequence[Span]) -> Iterator[Note]:
    """What is markup only outside of code."""
    start, end = block.content.start, block.content.end
    for tag, pattern in (("strong", _STRONG), ("em", _EMPHASIS)):
        for found in pattern.finditer(text, start, end):
            outer, inner = Span(*found.span()), Span(*found.span("inside"))
            if not _marks_in_code(outer, inner, code):
                yield Note(Span(outer.start, inner.start), "hide")
                yield Note(inner, tag)
                yield Note(Span(inner.end, outer.end), "hide")
    for pattern in (_TAG, _ESCAPE):
        for found in pattern.finditer(text, start, end):
            if not any(found.start() in span for span in code):
                yield Note(Span(*found.span()), "hide")


def _marks_in_code(outer: Span, inner: Span, code: Sequence[Span]) -> bool:
    """Does either mark of an emphasis lie in code?"""
    return any(outer.start in span or inner.end in span for span in code)
