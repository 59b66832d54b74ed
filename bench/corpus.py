"""What do the benchmarks search?  Made-up change-log entries, the same for the same seed.

English and French, titles of 4 to 10 words, bodies of about 90 words (log-normal), words by Zipf's law over a
made-up vocabulary, facets as skewed as in real change logs, days over ten years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from index.store import Store
from ingest.model import DateBasis, Dated, Document, Entry, EntryType, Mention, ParseResult, Span

VOCABULARY = 30_000  # words of each language
BATCH = 2_000  # entries of one source
FIRST_DAY = date(2015, 1, 1)
DAYS = 3650
_WORD = re.compile(r"\w{4,}")
_ONSETS = {
    "en": re.findall(r"\w+", "b c d f g h l m n p r s t v w th sh pr tr st gr ch cl"),
    "fr": re.findall(r"\w+", "b c d f g j l m n p r s t v ch gn pr tr br gr pl qu"),
}
_VOWELS = {
    "en": re.findall(r"\w+", "a e i o u ea ou ai ee"),
    "fr": re.findall(r"\w+", "a e i o u é è ou ai eau"),
}
_CODAS = {"en": re.findall(r"\w+", "n r s t l d ck nt ng m"), "fr": re.findall(r"\w+", "n r s t l x nt m ns")}


@dataclass(frozen=True)
class Made:
    """One made-up entry, in the terms that every engine is fed with."""

    title: str
    body: str
    lang: str
    type: str
    products: tuple[str, ...]
    endpoints: tuple[str, ...]
    parameters: tuple[str, ...]
    day: date

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.body}"


def vocabulary(lang: str, seed: int = 7) -> list[str]:
    """Distinct made-up words, the most frequent first (short ones tend to be)."""
    rng = np.random.default_rng([seed, sum(map(ord, lang))])
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 2 + (len(words) > 300) + (len(words) > 8000)
        parts = [
            _ONSETS[lang][rng.integers(len(_ONSETS[lang]))] + _VOWELS[lang][rng.integers(len(_VOWELS[lang]))]
            for _ in range(syllables)
        ]
        words["".join(parts) + _CODAS[lang][rng.integers(len(_CODAS[lang]))]] = None
    return list(words)


def entries(count: int, seed: int = 7) -> Iterator[Made]:
    """`count` entries."""
    rng = np.random.default_rng(seed)
    words = {lang: np.array(vocabulary(lang, seed), object) for lang in ("en", "fr")}
    weights = 1 / np.arange(3, VOCABULARY + 3)
    edges = np.cumsum(weights / weights.sum())
    types = [one.value for one in EntryType]
    for _ in range(count):
        lang = "en" if rng.random() < 0.6 else "fr"
        length = int(min(max(rng.lognormal(4.5, 0.6), 12), 800))
        chosen = words[lang][np.minimum(np.searchsorted(edges, rng.random(length + 10)), VOCABULARY - 1)]
        title = " ".join(chosen[: 4 + rng.integers(7)]).capitalize()
        yield Made(
            title=title,
            body=_sentences(chosen[10:].tolist()),
            lang=lang,
            type=types[_skewed(rng, len(types))],
            products=_some(rng, "Product", 25, 1 + rng.integers(3)),
            endpoints=_some(rng, "Endpoint", 200, rng.integers(3) if rng.random() < 0.4 else 0),
            parameters=_some(rng, "param_name", 400, rng.integers(4) if rng.random() < 0.3 else 0),
            day=FIRST_DAY + timedelta(days=int(rng.integers(DAYS))),
        )


def _skewed(rng: np.random.Generator, size: int) -> int:
    return int(min(rng.exponential(size / 5), size - 1))


def _some(rng: np.random.Generator, kind: str, size: int, count: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{kind} {_skewed(rng, size)}" for _ in range(count)))


def _sentences(words: list[str]) -> str:
    return " ".join(" ".join(words[at : at + 12]).capitalize() + "." for at in range(0, len(words), 12))


def fill(data: Path, count: int, seed: int = 7) -> Store:
    """A store with `count` entries; one source for each `BATCH` of them."""
    store, batch = Store.open(data), list[Made]()
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    for number, made in enumerate(entries(count, seed), 1):
        batch.append(made)
        if number % BATCH == 0 or number == count:
            store.ingest(parsed(batch), seen, f"source-{number:07}")
            batch.clear()
    return store


def parsed(batch: list[Made]) -> ParseResult:
    """The entries as a document that was read."""
    text, made = [], []
    at = 0
    for one in batch:
        made.append(_entry(one, Span(at, at + len(one.text))))
        text.append(one.text)
        at += len(one.text) + 2
    return ParseResult(Document("made-up", "\n\n".join(text)), tuple(made))


def _entry(made: Made, span: Span) -> Entry:
    """The entry at `span`; each name is said by a word of its own, as far as there are words."""
    words = (Span(span.start + word.start(), span.start + word.end()) for word in _WORD.finditer(made.text))

    def mentions(names: tuple[str, ...]) -> tuple[Mention, ...]:
        return tuple(Mention(name, next(words, span), "made") for name in names)

    return Entry(
        span=span,
        type=EntryType(made.type),
        lang=made.lang,
        title=made.title,
        has_heading=True,
        products=mentions(made.products),
        endpoints=mentions(made.endpoints),
        parameters=mentions(made.parameters),
        dated=Dated(made.day, made.day, DateBasis.STATED),
    )
