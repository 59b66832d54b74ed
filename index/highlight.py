"""Where does the query speak in an entry?  Slices of its title and of its most telling passage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.analysis import head, terms, tokens, variants, whole
from index.plan import Adjacent, Wanted
from index.query import Snippet
from index.words import fold
from ingest.model import Span

PASSAGE = 240  # characters, about
REACH = 60  # characters in which each word of a phrase is looked for
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")


class Highlighter:
    """Shows where in texts one search speaks.  What it learns of a word is kept for its other texts."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted, self._has_code = wanted, wanted.has_code
        self._prefixes = tuple(wanted.prefixes)
        self._heads = _heads(wanted)
        self._words = [_beginning(letter) for letter in {one[:1] for one in self._heads}]
        self._known: dict[str, tuple[set[str], dict[str, _Sense]]] = {}  # by language: words, what they say

    def snippet(self, text: str, lang: str) -> Snippet:
        """A whole text, such as a title, with what of it matched."""
        return Snippet(text, tuple(self.marks(text, lang)))

    def passage(self, text: str, lang: str, after: int = 0) -> Snippet:
        """The stretch of about `PASSAGE` characters that holds most different matches, from `after` on.

        It begins at a sentence or word and keeps the text as it is, line breaks included.
        """
        found = [mark for mark in self.marks(text, lang) if mark.start >= after]
        start = _opening(text, _densest(text, found), after) if found else _skip_space(text, after)
        end = _closing(text, start)
        inside = tuple(m.shifted(-start) for m in found if start <= m.start and m.end <= end)
        return Snippet(text[start:end], inside)

    def marks(self, text: str, lang: str) -> list[Span]:
        """The slices that hold what is wanted; ascending, apart.

        Only words that can match are analysed, which is several times faster than analysing the text.
        """
        if not self._wanted:
            return []
        found = []
        for word, sense in self._telling(text, lang):
            for at in _located(text, word):
                if sense.wanted:
                    found.append(at)
                ends = (_end(text, at.start, lang, phrase) for phrase in sense.opens)
                found.extend(Span(at.start, end) for end in ends if end)
        if self._has_code:
            found.extend(_code(text, self._wanted))
        return _merged(sorted(found))

    def _telling(self, text: str, lang: str) -> Iterator[tuple[str, _Sense]]:
        """The words of a text that say something to this search."""
        said = {word for words in self._words for word in words.findall(text)}
        known, telling = self._known.setdefault(lang, (set(), {}))
        for word in said - known:
            if head(fold(word)).startswith(self._heads) and (sense := self._sense(word, lang)):
                telling[word] = sense
        known |= said
        return ((word, telling[word]) for word in said & telling.keys())

    def _sense(self, word: str, lang: str) -> _Sense | None:
        made = variants(word, lang)
        wanted = not self._wanted.terms.isdisjoint(made) or fold(word).startswith(self._prefixes)
        opens = tuple(one for one in self._wanted.phrases if not one.slots[0].isdisjoint(made))
        return _Sense(wanted, opens) if wanted or opens else None


class _Sense(NamedTuple):
    """What a word is to a search: is it wanted, and which phrases may it open?"""

    wanted: bool
    opens: tuple[Adjacent, ...]


def _heads(wanted: Wanted) -> tuple[str, ...]:
    """What words that can match begin with."""
    openings = (terms for phrase in wanted.phrases for terms in phrase.slots[:1])
    forms = {form for forms in (wanted.terms, wanted.prefixes, *openings) for form in forms}
    return tuple({head(form) for form in forms})


@lru_cache(maxsize=512)
def _beginning(letter: str) -> re.Pattern[str]:
    """Words that begin with a letter, of either case and with any accent.

    The letter is looked for first, and only where it stands what is before and after it.
    """
    letters = re.escape("".join(sorted(_spellings(letter))))
    return re.compile(rf"[{letters}](?<![^\W_].)(?<![\u0300-\u036f].)[^\W_]*(?:[\u0300-\u036f]+[^\W_]*)*")


def _spellings(letter: str) -> set[str]:
    """The letters that are folded to one that begins with `letter`."""
    latin = (chr(code) for code in range(0x250))
    return {char for char in (*latin, letter, letter.upper()) if fold(char)[:1] == letter}


def _located(text: str, word: str) -> Iterator[Span]:
    """Wherever the word stands as a whole word."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_continues(text, at - 1) or _continues(text, end)):
            yield Span(at, end)
        at = text.find(word, end)


def _continues(text: str, at: int) -> bool:
    """Whether a word goes on at this character."""
    return 0 <= at < len(text) and (text[at].isalnum() or "\u0300" <= text[at] <= "\u036f")


def _end(text: str, start: int, lang: str, phrase: Adjacent) -> int:
    """Where the phrase that begins at `start` ends, 0 where it does not go on."""
    slots = zip(phrase.distances, phrase.slots, strict=True)
    distance, slot = next(slots)
    for term in terms(text[start : start + REACH * len(phrase.slots)], lang):
        if term.position > distance:
            return 0
        if term.position == distance and term.text in slot:
            following = next(slots, None)
            if following is None:
                return start + term.end
            distance, slot = following
    return 0


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
