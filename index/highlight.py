"""Where does the query speak in an entry?  Slices of its title and of its most telling passage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.analysis import terms, tokens, variants, whole
from index.plan import Adjacent, Wanted
from index.query import Snippet
from index.words import fold
from ingest.model import Span

PASSAGE = 240  # characters, about
REACH = 60  # characters in which each word of a phrase is looked for
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
    """The slices that hold what is wanted; ascending, apart.

    Only words that can match are located, which is several times faster than analysing the text.
    """
    if not wanted:
        return []
    said = set(_beginning(_initials(wanted)).findall(text))
    found = set(_located(text, _matching(said, lang, wanted)))
    for phrase in wanted.phrases:
        openings = _matching(said, lang, Wanted(terms=phrase.slots[0]))
        found |= {
            Span(at.start, end) for at in _located(text, openings) if (end := _end(text, at, lang, phrase))
        }
    if wanted.has_code:
        found.update(_code(text, wanted))
    return _merged(sorted(found))


def _matching(said: set[str], lang: str, wanted: Wanted) -> set[str]:
    """The words that analysis makes a wanted term of, or that begin as wanted."""
    none_of, starts = wanted.terms.isdisjoint, tuple(wanted.prefixes)
    found = {word for word in said if not none_of(variants(word, lang))}
    return found | {word for word in said if fold(word).startswith(starts)} if starts else found


def _initials(wanted: Wanted) -> frozenset[str]:
    """What words that can match begin with, folded: analysis leaves the first letter as it is."""
    openings = (terms for phrase in wanted.phrases for terms in phrase.slots[:1])
    return frozenset(form[:1] for forms in (wanted.terms, wanted.prefixes, *openings) for form in forms)


@lru_cache(maxsize=512)
def _beginning(initials: frozenset[str]) -> re.Pattern[str]:
    """Words that begin with one of these letters, of either case and with any accent."""
    letters = "".join(sorted({char for head in initials for char in _spellings(head)}))
    return re.compile(
        rf"(?<![^\W_])[{re.escape(letters)}](?:[^\W_]|[\u0300-\u036f])*" if letters else r"(?!)"
    )


@lru_cache(maxsize=1024)
def _spellings(head: str) -> frozenset[str]:
    """The letters that are folded to one that begins with `head`."""
    latin = (chr(code) for code in range(0x250))
    return frozenset(char for char in (*latin, head, head.upper()) if char and fold(char)[:1] == head)


def _located(text: str, words: Iterable[str]) -> Iterator[Span]:
    """Wherever the words stand as whole words."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if not (_continues(text, at - 1) or _continues(text, end)):
                yield Span(at, end)
            at = text.find(word, end)


def _continues(text: str, at: int) -> bool:
    """Whether a word goes on at this character."""
    return 0 <= at < len(text) and (text[at].isalnum() or "\u0300" <= text[at] <= "\u036f")


def _end(text: str, opening: Span, lang: str, phrase: Adjacent) -> int:
    """Where the phrase that begins with `opening` ends, 0 where it does not go on."""
    read = list(terms(text[opening.start : opening.start + REACH * len(phrase.slots)], lang))
    end = 0
    for slot, distance in zip(phrase.slots, phrase.distances, strict=True):
        end = next((term.end for term in read if term.position == distance and term.text in slot), 0)
        if not end:
            return 0
    return opening.start + end


def _code(text: str, wanted: Wanted) -> Iterator[Span]:
    """Code-like tokens that are wanted as a whole, or by their beginning."""
    prefixes = tuple(wanted.prefixes)
    for token in tokens(text):
        if token.is_code:
            form = whole(token.text)
            if form in wanted.terms or form.startswith(prefixes):
                yield Span(token.start, token.end)


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
