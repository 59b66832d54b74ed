"""Which language is a text in?  The common words of each language tell; langdetect's profiles the rest."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from math import log
from operator import itemgetter

import numpy as np
from langdetect import DetectorFactory

from ingest.lexicon import Lexicon
from ingest.model import Span
from ingest.sights import word_starts

# a word, or an elided one with its apostrophe ("l'")
WORDS = re.compile(r"[^\W\d_]+'?")
DOMINANT_SAMPLE = 100_000  # characters
GUESSABLE = 6  # words, below which letters tell too little
LONGEST_GUESS = 4000  # characters
SMOOTHING = 0.5 / 10_000  # langdetect's own
FALLBACK = "en"  # of a text without words
ENOUGH = 3  # common words of one language more than of any other
CLEAR = 2.0  # times as many as of any other


class CommonWords:
    """Where the common words of each language stand in a text, to be counted in any stretch of it."""

    def __init__(self, lexicon: Lexicon, text: str) -> None:
        self.lexicon, self.text = lexicon, text
        plain = _plain(text)
        self.aligned = len(plain) == len(text)  # places in the one are those in the other
        words = WORDS.findall(plain)
        told = np.fromiter(map(lexicon.common_words.get, words, repeat(0)), int, len(words))
        starts = word_starts(plain)
        self.places = {
            code: array("q", starts[told & sign != 0].tobytes()) for code, sign in lexicon.signs.items()
        }

    def count(self, start: int, end: int) -> list[tuple[str, int]]:
        """How many common words of each language stand in text[start:end], most first."""
        if not self.aligned or self._in_word(start) or self._in_word(end):
            return common_words(self.lexicon, self.text[start:end])
        places = self.places.items()
        return _ranked([(bisect_left(at, end) - bisect_left(at, start), code) for code, at in places])

    def _in_word(self, at: int) -> bool:
        """Whether a word goes on across a place, be it with an apostrophe."""
        before, after = self.text[at - 1 : at], self.text[at : at + 1]
        return before.isalnum() and (after.isalnum() or after in ("'", "’"))


def detect(common: CommonWords, span: Span, default: str | None) -> str:
    """The language code of the text in a span; `default` (the page's own) where it does not tell."""
    lexicon, text = common.lexicon, common.text
    counts = common.count(span.start, span.end)
    (best, most), (_, second) = counts[0], (counts[1] if len(counts) > 1 else ("", 0))
    if most >= second + ENOUGH and most >= CLEAR * second:
        return best
    if default is not None and (most <= second + 1 or best == default):
        return default
    said = span.of(text)
    if most > second and (said.isascii() or not any(c.isalpha() and ord(c) > 127 for c in said)):
        return best
    words = WORDS.findall(said)
    guessed = guess(said, tuple(sorted(lexicon.languages))) if len(words) >= GUESSABLE else None
    return guessed or default or (best if most else FALLBACK)


def dominant(common: CommonWords) -> str | None:
    """The language that most of the text is in; None for a mixed or wordless text."""
    counts = common.count(0, min(len(common.text), DOMINANT_SAMPLE))
    total = sum(count for _, count in counts)
    best, most = counts[0]
    return best if most >= 3 and 10 * most >= 8 * total else None


def common_words(lexicon: Lexicon, text: str) -> list[tuple[str, int]]:
    """How many common words of each language stand in the text, most first."""
    told = Counter(map(lexicon.common_words.get, WORDS.findall(_plain(text)), repeat(0)))
    signs = lexicon.signs.items()
    return _ranked([(sum(n for bits, n in told.items() if bits & sign), code) for code, sign in signs])


def _plain(text: str) -> str:
    return text.replace("’", "'").lower()


def _ranked(counts: list[tuple[int, str]]) -> list[tuple[str, int]]:
    """The languages by their counts, most first, then by their codes."""
    counts.sort()
    counts.sort(key=itemgetter(0), reverse=True)
    return [(code, count) for count, code in counts]


def guess(text: str, codes: tuple[str, ...]) -> str | None:
    """The likeliest of `codes` by the letters of the words; None where none is known."""
    profiles = _profiles(codes)
    scores = [profiles.scores(word) for word in WORDS.findall(text[:LONGEST_GUESS])]
    sums = [sum(column) for column in zip(*(score for score in scores if score), strict=True)]
    return max(zip(sums, profiles.codes, strict=True))[1] if sums else None


class Profiles:
    """What langdetect knows of some languages: how often each run of one to three letters stands in them.

    Every run of every word counts, where langdetect draws a few by chance: quicker, and the same each time.
    """

    def __init__(self, codes: tuple[str, ...]) -> None:
        folder = files("langdetect") / "profiles"
        self.codes = tuple(code for code in codes if (folder / code).is_file())
        factory = DetectorFactory()
        factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in self.codes])
        self._shares: Mapping[str, list[float]] = factory.word_lang_prob_map
        self.scores = lru_cache(maxsize=20_000)(self._scores)

    def _scores(self, word: str) -> tuple[float, ...] | None:
        """The logarithm of the word's likelihood in each language; None for a word that tells nothing."""
        padded = f" {word} "
        runs = (padded[at : at + size] for size in (1, 2, 3) for at in range(len(padded) - size + 1))
        known = [self._shares[run] for run in runs if run in self._shares and run != " "]
        if not known or word.isupper():
            return None
        return tuple(sum(log(share + SMOOTHING) for share in column) for column in zip(*known, strict=True))


@lru_cache(maxsize=4)
def _profiles(codes: tuple[str, ...]) -> Profiles:
    return Profiles(codes)
