"""What of an entry stands in a list?  Its title on one line, and a passage of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.query import Snippet
from index.store import StoredEntry
from ingest.model import Block, BlockKind, Form
from webapp.inline import plain
from webapp.markup import LEAD_IN, parts
from webapp.text import Piece, cells, line, pieces, shown

LENGTH = 240  # characters, about
_MARKS = re.compile(r"`+|\*\*|^#{1,6} ", re.MULTILINE)
_LABEL = 40  # characters that may stand before an untitled entry's own words
_END = re.compile(r"[.!?:;”»)]\s*\Z")
_NOTHING_MORE = re.compile(r"\s*\Z").match
_PUNCTUATION = " \t\n.,:;|•·*–—-"


def title_of(stored: StoredEntry) -> str:
    """The entry's title on one line; never empty."""
    title = line(stored.entry.title) or line(stored.text)[:80] or "Untitled"
    if stored.entry.has_heading:
        return title
    in_row = any(block.kind is BlockKind.ROW for block in stored.entry.blocks)
    title = title[: title.rfind("(")].rstrip(_PUNCTUATION) or title if _is_open(title) else title
    return cells(title) or title if in_row else title


def _is_open(title: str) -> bool:
    """Whether a title that stands for a missing one was cut inside a bracket."""
    return title.count("(") > title.count(")")


def passage(stored: StoredEntry, found: Snippet, form: Form) -> tuple[Piece, ...]:
    """The passage that the query speaks in or, where it speaks in none, how the text begins."""
    if not found.marks:
        text = opening(stored, form)
        return (Piece(text),) if text else ()
    cut = pieces(found)
    if form is Form.MARKDOWN:
        cut = tuple(Piece(_MARKS.sub("", piece.text), piece.marked) for piece in cut)
    return _with_ellipses(cut, found, stored.text)


def opening(stored: StoredEntry, form: Form, body: Iterable[Block] | None = None) -> str:
    """The first sentences below the title, on one line; empty where there is nothing but the title.

    `body` are the blocks of the entry's body, where they are known already.
    """
    text = " ".join(_said(stored, form, body))
    title = "" if stored.entry.has_heading else title_of(stored)
    if title and 0 <= (at := text.find(title)) < _LABEL:
        rest = text[at + len(title) :]
        text = rest.lstrip(_PUNCTUATION)
        text = f"… {text}" if text and rest[0] not in ".!?:|" else text
    return shorten(text) if any(char.isalpha() for char in text) else ""


def _said(stored: StoredEntry, form: Form, body: Iterable[Block] | None) -> Iterator[str]:
    text, left = shown(stored.text), 2 * LENGTH
    for block in parts(stored.entry, text).body if body is None else body:
        if left > 0 and block.kind not in LEAD_IN:
            words = line(plain(block, text) if form is Form.MARKDOWN else block.content.of(text))
            left -= len(words)
            yield cells(words) if block.kind is BlockKind.ROW else words


def shorten(text: str) -> str:
    """The text up to a word's end near `LENGTH`, with an ellipsis where it was cut."""
    if len(text) <= LENGTH:
        return text
    cut = text[:LENGTH].rsplit(" ", 1)[0]
    return cut if _END.search(cut) else f"{cut.rstrip(_PUNCTUATION)} …"


def _with_ellipses(cut: tuple[Piece, ...], found: Snippet, text: str) -> tuple[Piece, ...]:
    """Dots where the passage begins or ends within a sentence."""
    at, end = found.start, found.start + len(found.text)
    while at and text[at - 1] == " ":
        at -= 1
    if at and text[at - 1] not in "\n.!?:":
        cut = (Piece("… "), *cut)
    over = _NOTHING_MORE(text, end) or text.startswith("\n", end)
    if not over and not _END.search(found.text):
        cut = (*cut, Piece(" …"))
    return cut
