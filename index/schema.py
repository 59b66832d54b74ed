"""What does Whoosh hold of an entry?  Fields, analysis, and the document made of a stored entry.

Nothing is stored in Whoosh: hits are ids, their text comes from the store.  `text` holds title and body of
every language, title words weighing more; `word` the words as spelt, for prefixes and spelling; the other
fields are facets, whole values that an entry has or has not.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from whoosh import analysis as whoosh_analysis
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions

from index.analysis import spoken, surface
from index.query import FACETS
from index.records import StoredEntry

SCHEMA_VERSION = 1  # raise it when fields or analysis change: indexes are then rebuilt
TITLE_BOOST = 2.0  # beside the title's own place in the text, which counts once more
GAP = 100  # positions between title and text: phrases do not run over

TEXT, WORD, ID, DAY = "text", "word", "id", "day"


class PackedPositions(Positions):  # type: ignore[misc]
    """Positions as plain 32-bit integers: a block of postings decodes in one step."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


Posting = tuple[bytes, int, float, bytes]  # a term, how often, its weight, its positions


class EntryText(FieldType):  # type: ignore[misc]
    """The terms of title and text, given as one string by `text_value`.

    Analysed here and not by an analyzer of Whoosh's, whose tokens cost more than the analysis.
    """

    def __init__(self) -> None:
        super().__init__(PackedPositions(), whoosh_analysis.IDAnalyzer(), scorable=True)

    def index(self, value: str, **options: Any) -> Iterator[Posting]:
        lang, title, text = value.split("\n", 2)
        places: defaultdict[str, array[int]] = defaultdict(partial(array, "I"))
        after = 0
        for term, at in spoken(title, lang):
            places[term].append(at)
            after = at + GAP
        titled = {term: len(found) for term, found in places.items()}
        for term, at in spoken(text, lang):
            places[term].append(after + at)
        for term, found in places.items():
            weight = len(found) + (TITLE_BOOST - 1) * titled.get(term, 0)
            yield term.encode(), len(found), weight, found.tobytes()


class EntryWords(FieldType):  # type: ignore[misc]
    """The words of title and text as they are spelt, given as by `text_value`."""

    def __init__(self) -> None:
        super().__init__(Existence(), whoosh_analysis.IDAnalyzer())

    def index(self, value: str, **options: Any) -> Iterator[Posting]:
        for word in surface(value.partition("\n")[2]):
            yield word.encode(), 1, 1.0, b""


class Values(FieldType):  # type: ignore[misc]
    """A list of whole values that an entry has; matched as they are, not scored."""

    def __init__(self, unique: bool = False) -> None:
        super().__init__(Existence(), whoosh_analysis.IDAnalyzer(), unique=unique)


def schema() -> Schema:
    fields = {name: Values() for name in (*FACETS, DAY)}
    return Schema(id=Values(unique=True), text=EntryText(), word=EntryWords(), **fields)


def document(stored: StoredEntry) -> dict[str, Any]:
    """The Whoosh document of an entry; fields without a value are left out."""
    entry = stored.entry
    day = entry.dated.middle if entry.dated else None
    states = [entry.status.status.value] if entry.status else []
    said = text_value(entry.lang, entry.title, stored.text)
    made: dict[str, Any] = {
        ID: stored.id,
        TEXT: said,
        WORD: said,
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
