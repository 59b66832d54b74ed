"""Which language is a text in?  The common words of each language tell; langdetect answers the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from langdetect import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from ingest.lexicon import Lexicon
from ingest.model import Span

# a word, or an elided one with its apostrophe ("l'")
WORDS = re.compile(r"[^\W\d_]+'?")
DOMINANT_SAMPLE = 100_000  # characters
GUESSABLE = 6  # words, below which langdetect throws dice
FALLBACK = "en"  # of a text without words
ENOUGH = 3  # common words of one language more than of any other
CLEAR = 2.0  # times as many as of any other


def detect(lexicon: Lexicon, text: str, span: Span, default: str | None) -> str:
    """The language code of text[span]; `default` (the page's own) where the text does not tell."""
    counts = common_words(lexicon, span.of(text))
    (best, most), (_, second) = counts[0], (counts[1] if len(counts) > 1 else ("", 0))
    if most >= second + ENOUGH and most >= CLEAR * second:
        return best
    if default is not None and most <= second + 1:
        return default
    if most > second and not any(character.isalpha() and ord(character) > 127 for character in span.of(text)):
        return best
    words = WORDS.findall(span.of(text))
    guessed = guess(span.of(text), tuple(sorted(lexicon.languages))) if len(words) >= GUESSABLE else None
    return guessed or default or (best if most else FALLBACK)


def dominant(lexicon: Lexicon, text: str) -> str | None:
    """The language that most of the text is in; None for a mixed or wordless text."""
    counts = common_words(lexicon, text[:DOMINANT_SAMPLE])
    total = sum(count for _, count in counts)
    best, most = counts[0]
    return best if most >= 3 and 10 * most >= 8 * total else None


def common_words(lexicon: Lexicon, text: str) -> list[tuple[str, int]]:
    """How many common words of each language stand in the text, most first."""
    words = WORDS.findall(text.replace("’", "'").lower())
    sets = [(code, lexicon.lower(f"stop.{code}")) for code in lexicon.languages]
    counts = [(code, sum(word in stops for word in words)) for code, stops in sets]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def guess(text: str, codes: tuple[str, ...]) -> str | None:
    """langdetect's answer among `codes`; None where the text holds no letters it knows."""
    detector = _factory(codes).create()
    detector.append(text[:4000])
    try:
        code = detector.detect()
    except LangDetectException:
        return None
    return code if code in codes else None


@lru_cache(maxsize=4)
def _factory(codes: tuple[str, ...]) -> DetectorFactory:
    """A factory with only the profiles of `codes`, which is quicker and errs less than with all 55."""
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    profiles = _profiles(codes)
    factory.load_json_profile(list(profiles.values()))
    return factory


def _profiles(codes: tuple[str, ...]) -> Mapping[str, str]:
    folder = files("langdetect") / "profiles"
    return {code: (folder / code).read_text(encoding="utf-8") for code in codes if (folder / code).is_file()}
