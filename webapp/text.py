"""How is text that others wrote shown safely?  Characters that must not reach a page, and marked slices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from markupsafe import Markup, escape

from index.query import Snippet

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, which XML forbids or browsers drop
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # halves of surrogate pairs, and no characters at all
)


_JOINTS = re.compile(r"(?<=[/_.])(?=[^/_.])")


class Piece(NamedTuple):
    """A slice of a line of text, and whether the query matched it."""

    text: str
    marked: bool = False


def shown(text: str) -> str:
    """The same text, character by character, with U+FFFD for what could harm the page around it."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # then it holds nothing of the kind
        return text
    return _UNSAFE.sub("\ufffd", text).replace("\r", " ")


def line(text: str) -> str:
    """The text on one line, for titles and labels."""
    if text.isprintable() and "  " not in text:  # its only blanks are plain ones, each alone
        return text.strip(" ")
    return " ".join(shown(text).split())


@lru_cache(maxsize=4096)
def instant(at: datetime) -> str:
    """A moment in UTC as programs read it: ISO 8601, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def cells(row: str) -> str:
    """A table row on one line: `May 4 | 22:00 | |` is `May 4 · 22:00`."""
    return " · ".join(cell for part in row.split("|") if (cell := part.strip()))


@lru_cache(maxsize=1 << 14)
def breakable(label: str) -> Markup:
    """A name that lines may break after its slashes, dots and underscores."""
    return Markup("<wbr>").join(escape(part) for part in _JOINTS.split(label))


safe: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Markup of what is written as such, without the detour by which `Markup` asks what it was given."""


def marked(cut: Iterable[Piece]) -> Markup:
    """The pieces one after another, the matched ones marked."""
    return safe("".join([f"<mark>{escaped(text)}</mark>" if on else escaped(text) for text, on in cut]))


def escaped(value: object) -> str:
    """The value as it stands in markup: most have nothing to escape."""
    if type(value) is str:
        risky = "&" in value or "<" in value or ">" in value or "'" in value or '"' in value
        return _escaped(value) if risky else value
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


def _escaped(text: str) -> str:
    """As `escape`, but no object of markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("'", "&#39;").replace('"', "&#34;")


FILTERS = {"breakable": breakable, "marked": marked, "shown": shown}
"""What templates call these."""


def pieces(snippet: Snippet) -> tuple[Piece, ...]:
    """The snippet's text cut at its marks; marks that overlap are joined, those outside are cut off."""
    text, found, at = shown(snippet.text), [], 0
    for mark in sorted(snippet.marks) if len(snippet.marks) > 1 else snippet.marks:
        start, end = max(at, mark.start), min(mark.end, len(text))
        if start >= end:
            continue
        if at < start:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)
