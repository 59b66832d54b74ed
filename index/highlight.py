"""Where does the query speak in an entry?  Slices of its title and of its most telling passage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from index.analysis import Term, terms, tokens
from index.plan import Adjacent, Wanted
from index.query import Snippet
from index.words import fold
from ingest.model import Span

PASSAGE = 240  # characters, about
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")


def snippet(text: str, lang: str, wanted: Wanted) -> Snippet:
    """A whole text, such as a title, with what of it matched."""
    return Snippet(text, tuple(marks(text, lang, wanted)))


def passage(text: str, lang: str, wanted: Wanted, after: int = 0) -> Snippet:
    """The stretch of about `PASSAGE` characters that holds most different matches, from `after` on.

    It begins at a sentence or word and keeps the text as it is, line breaks included.
    """
    found = [mark for mark in marks(text, lang, wanted) if mark.start >= after]
    start = _opening(text, _densest(text, found), after) if found else _skip_space(text, after)
    end = _closing(text, start)
    inside = tuple(m.shifted(-start) for m in found if start <= m.start and m.end <= end)
    return Snippet(text[start:end], inside)


def marks(text: str, lang: str, wanted: Wanted) -> list[Span]:
    """The slices that hold what is wanted; ascending, apart."""
    if not wanted:
        return []
    read = list(terms(text, lang)) if wanted.terms or wanted.phrases else []
    found = {Span(term.start, term.end) for term in read if term.text in wanted.terms}
    for phrase in wanted.phrases:
        found.update(_phrases(read, phrase))
    if wanted.prefixes:
        starts = tuple(wanted.prefixes)
        found |= {Span(t.start, t.end) for t in tokens(text) if fold(t.text).lstrip("/").startswith(starts)}
    return _merged(sorted(found))


def _phrases(read: Sequence[Term], phrase: Adjacent) -> Iterator[Span]:
    """Where the slots of a phrase stand at their distances, from the first word to the last."""
    slots = [
        {term.position - distance: term for term in read if term.text in slot}
        for slot, distance in zip(phrase.slots, phrase.distances, strict=True)
    ]
    for position, first in slots[0].items():
        if all(position in slot for slot in slots):
            yield Span(first.start, slots[-1][position].end)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Overlapping slices become one."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _densest(text: str, found: Sequence[Span]) -> int:
    """Where the stretch with most different matched words begins."""
    starts = [mark.start for mark in found]

    def worth(at: int) -> tuple[int, int]:
        inside = found[at : bisect_left(starts, found[at].start + PASSAGE - 40)]
        return len({fold(mark.of(text)) for mark in inside}), len(inside)

    return found[max(range(len(found)), key=lambda at: (worth(at), -at))].start


def _opening(text: str, at: int, least: int) -> int:
    """The start of the sentence around `at`, or of a word not too far before it."""
    low = max(least, at - PASSAGE // 3)
    breaks = [found.end() for found in _BREAK.finditer(text, low, at + 1) if found.end() <= at]
    if breaks:
        return breaks[0]
    if low == least:
        return _skip_space(text, low)
    space = text.find(" ", low, at)
    return space + 1 if space >= 0 else at


def _closing(text: str, start: int) -> int:
    """The end of the last whole word of a passage."""
    end = start + PASSAGE
    if end >= len(text):
        return start + len(text[start:].rstrip())
    while end > start and not (text[end].isspace() or text[end - 1].isspace()):
        end -= 1
    return start + len(text[start : end if end > start else start + PASSAGE].rstrip())


def _skip_space(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())
