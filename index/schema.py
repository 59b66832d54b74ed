"""What does Whoosh hold of an entry?  Fields, analysis, and the document made of a stored entry.

Nothing is stored in Whoosh: hits are ids, their text comes from the store.  `text` holds title and body of
every language, title words weighing more; `word` the words as spelt, for prefixes and spelling; the other
fields are facets, whole values that an entry has or has not.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import analysis as whoosh_analysis
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions

from index.analysis import surface, terms
from index.records import StoredEntry

SCHEMA_VERSION = 1  # raise it when fields or analysis change: indexes are then rebuilt
TITLE_BOOST = 2.0  # beside the title's own place in the text, which counts once more
GAP = 100  # positions between title and text: phrases do not run over

TEXT, WORD, ID, DAY = "text", "word", "id", "day"


class EntryAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]
    """Terms of `lang`, title and text, given as one string by `text_value`."""

    def __call__(self, value: str, **options: Any) -> Iterator[whoosh_analysis.Token]:
        lang, title, text = value.split("\n", 2)
        token = whoosh_analysis.Token(**options)
        token.boost = TITLE_BOOST
        base = 0
        for term in terms(title, lang):
            token.text, token.pos = term.text, term.position
            base = term.position + GAP
            yield token
        token.boost = 1.0
        for term in terms(text, lang):
            token.text, token.pos = term.text, base + term.position
            yield token


class PackedPositions(Positions):  # type: ignore[misc]
    """Positions as plain 32-bit integers: a block of postings decodes in one step."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class Values(FieldType):  # type: ignore[misc]
    """A list of whole values that an entry has; matched as they are, not scored."""

    def __init__(self, unique: bool = False) -> None:
        super().__init__(Existence(), whoosh_analysis.IDAnalyzer(), unique=unique)


def schema() -> Schema:
    fields = {name: Values() for name in ("word", "type", "product", "endpoint", "param")}
    fields |= {name: Values() for name in ("lang", "year", "status", "day")}
    text = FieldType(PackedPositions(), EntryAnalyzer(), scorable=True)
    return Schema(id=Values(unique=True), text=text, **fields)


def document(stored: StoredEntry) -> dict[str, Any]:
    """The Whoosh document of an entry; fields without a value are left out."""
    entry = stored.entry
    day = entry.dated.middle if entry.dated else None
    states = [entry.status.status.value] if entry.status else []
    made: dict[str, Any] = {
        ID: stored.id,
        TEXT: text_value(entry.lang, entry.title, stored.text),
        WORD: surface(f"{entry.title}\n{stored.text}"),
        "type": [entry.type.value],
        "lang": [entry.lang],
        "product": _names(m.name for m in entry.products),
        "endpoint": _names(m.name for m in entry.endpoints),
        "param": _names(m.name for m in entry.parameters),
        "status": [*states, "gone"] if stored.gone else states,
        "year": [f"{day.year:04}"] if day else [],
        DAY: [day.isoformat()] if day else [],
    }
    return {name: value for name, value in made.items() if value}


def text_value(lang: str, title: str, text: str) -> str:
    return f"{lang}\n{' '.join(title.split())}\n{text}"


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))
