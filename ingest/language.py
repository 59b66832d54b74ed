"""Which language is a text in?  Cheap evidence first: the common words of each language; langdetect for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from langdetect import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from ingest.lexicon import Lexicon, Marks
from ingest.model import Span

ENOUGH = 3  # common words of one language more than of any other
CLEAR = 2.0  # times as many as of any other


def detect(lexicon: Lexicon, marks: Marks, text: str, span: Span, default: str | None) -> str:
    """The language code of text[span]; `default` (the page's own) where the text does not tell."""
    counts = _counts(lexicon, marks, span)
    (best, most), (_, second) = counts[0], (counts[1] if len(counts) > 1 else ("", 0))
    if most >= second + ENOUGH and most >= CLEAR * second:
        return best
    if default is not None and most <= second + 1:
        return default
    if most > second and not any(character.isalpha() and ord(character) > 127 for character in span.of(text)):
        return best
    return guess(span.of(text), tuple(sorted(lexicon.languages))) or default or best


def dominant(lexicon: Lexicon, marks: Marks, span: Span) -> str | None:
    """The language that most of the text is in; None for a mixed or wordless text."""
    counts = _counts(lexicon, marks, span)
    total = sum(count for _, count in counts)
    best, most = counts[0]
    return best if most >= 10 and 10 * most >= 8 * total else None


def _counts(lexicon: Lexicon, marks: Marks, span: Span) -> list[tuple[str, int]]:
    """How many common words of each language stand in the span, most first."""
    counts = [(code, len(marks.find(f"stop.{code}", span.start, span.end))) for code in lexicon.languages]
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
