"""Where does the query speak in an entry?  Slices of its title and of its most telling passage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.analysis import heads, terms, tokens, variants, whole
from index.plan import Adjacent, Wanted
from index.query import Snippet
from index.words import Folded, fold
from ingest.model import Span

PASSAGE = 240  # characters, about
REACH = 60  # characters in which each word of a phrase is looked for
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])*")  # from where it begins


class Highlighter:
    """Shows where in texts one search speaks.  What it learns of a word is kept for its other texts."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted, self._has_code = wanted, wanted.has_code
        self._prefixes = tuple(wanted.prefixes)
        self._beginnings = _beginnings(wanted)
        self._known: dict[str, dict[str, _Sense]] = {}  # by language and word

    def marks(self, said: Folded, lang: str) -> list[Span]:
        """The slices that hold what is wanted; ascending, apart.

        Only words that begin as one that can match are analysed: many times faster than analysing the text.
        """
        found: list[Span] = []
        known = self._known.setdefault(lang, {})
        for start in self._starts(said):
            word = _WORD.match(said.text, start)[0]  # type: ignore[index]  # a word stands there
            sense = known.get(word) or self._sense(word, lang)
            if sense.wanted:
                found.append(Span(start, start + len(word)))
            if sense.opens:
                ends = (_end(said.text, start, lang, phrase) for phrase in sense.opens)
                found += [Span(start, end) for end in ends if end]
        if self._has_code:
            found.extend(_code(said.text, self._wanted))
        return _merged(sorted(found)) if len(found) > 1 else found

    def _starts(self, said: Folded) -> list[int]:
        """Where words stand that begin as one that can match."""
        text, folded, places = said
        found = []
        for beginning in self._beginnings:
            at = folded.find(beginning)
            while at >= 0:
                start = places[at] if places else at
                before = text[start - 1] if start else " "
                if before == " " or not _goes_on(before):
                    found.append(start)
                at = folded.find(beginning, at + 1)
        return found

    def _sense(self, word: str, lang: str) -> _Sense:
        made = variants(word, lang)
        wanted = not self._wanted.terms.isdisjoint(made) or fold(word).startswith(self._prefixes)
        opens = tuple(one for one in self._wanted.phrases if not one.slots[0].isdisjoint(made))
        self._known[lang][word] = sense = _Sense(wanted, opens)
        return sense


def passage(text: str, found: Sequence[Span], after: int = 0) -> Snippet:
    """The stretch of about `PASSAGE` characters that holds most different marks, from `after` on.

    It begins at a sentence or word and keeps the text as it is, line breaks included.
    """
    found = [mark for mark in found if mark.start >= after]
    start = _opening(text, _densest(text, found), after) if found else _skip_space(text, after)
    end = _closing(text, start)
    inside = tuple(m.shifted(-start) for m in found if start <= m.start and m.end <= end)
    return Snippet(text[start:end], inside, start)


class _Sense(NamedTuple):
    """What a word is to a search: is it wanted, and which phrases may it open?"""

    wanted: bool
    opens: tuple[Adjacent, ...]


def _beginnings(wanted: Wanted) -> tuple[str, ...]:
    """What words that can match begin with, folded; none of them with another one."""
    openings = (terms for phrase in wanted.phrases for terms in phrase.slots[:1])
    found = {each for forms in (wanted.terms, *openings) for form in forms for each in heads(form)}
    found |= wanted.prefixes
    return tuple(one for one in found if not any(one.startswith(other) for other in found - {one}))


def _goes_on(char: str) -> bool:
    """Whether a word goes on with this character."""
    return char.isalnum() or "\u0300" <= char <= "\u036f"


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
    if len(found) == 1:
        return found[0].start
    starts, words = [mark.start for mark in found], [fold(mark.of(text)) for mark in found]

    def worth(at: int) -> tuple[int, int]:
        end = bisect_left(starts, starts[at] + PASSAGE - 40)
        return len(set(words[at:end])), end - at

    return starts[max(range(len(found)), key=lambda at: (worth(at), -at))]


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
