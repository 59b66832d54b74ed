"""What does the store hold?  Its records, and how they lie in SQLite's rows."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from ingest.model import Dated, Diagnostic, Entry, EntryType, Form, Hints, Window

ENTRY_COLUMNS = (
    "id, source, entry, text, line, position, gone, first_seen, last_changed, last_revised, revision"
)
SELECTED = f"""{ENTRY_COLUMNS}, (
    SELECT json_group_array(json_array(lang, twin, confidence, evidence, json(conflicts)))
    FROM twins WHERE twins.id = entries.id)"""


@dataclass(frozen=True, slots=True)
class Twin:
    """The version of an entry in another language: its id, and how sure it is (0 to 1) that it is one.

    `evidence` names what they have in common, `conflicts` what the twin says otherwise; the spans of
    these lie in the text of the entry that has the twin.
    """

    lang: str
    id: str
    confidence: float
    evidence: tuple[str, ...]
    conflicts: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as kept: spans in `entry` count from the start of `text`, its own source characters.

    `line` (1-based) and `position` (0-based order) are those of the newest snapshot it stood in.
    `twins` are its versions in other languages, by language.
    `reading` tells what was read of it from every other reading, within one process.
    `last_changed` is when it was first seen or last changed materially, `last_revised` also counts
    cosmetic edits and its going from or coming back to the source; all are UTC.
    """

    id: str
    source: str
    entry: Entry
    text: str
    line: int
    position: int
    gone: bool
    first_seen: datetime
    last_changed: datetime
    last_revised: datetime
    revision: int
    twins: tuple[Twin, ...] = ()
    reading: int = field(default=0, compare=False)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is doubtful in the entry, and what its twins say otherwise."""
        return (*self.entry.diagnostics, *(each for twin in self.twins for each in twin.conflicts))


class Outline(msgspec.Struct, frozen=True):
    """What counts over all entries need of each; the rest of it is not read."""

    type: EntryType
    lang: str
    windows: tuple[Window, ...] = ()
    dated: Dated | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Headline(msgspec.Struct, frozen=True):
    """What of an entry stands where others point to it."""

    title: str
    lang: str
    has_heading: bool
    dated: Dated | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A source as it was fetched: its bytes, and what was known of it beforehand.

    `original` is False where an older program kept only the text that it had taken from the page: that
    cannot be read again as the page was.
    """

    source: str
    number: int
    seen: datetime
    data: bytes
    original: bool
    hints: Hints


@dataclass(frozen=True, slots=True)
class Source:
    """A followed change log, as last read.  `live` and `gone` count its entries."""

    name: str
    title: str | None
    form: Form
    lang: str | None
    seen: datetime
    vendor: str | None
    snapshots: int
    live: int
    gone: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an entry: the first is its making, later ones name the fields that `changed`.

    "gone" and "back" stand among `changed` when it left the source and returned.  `material` is False
    where only spacing or punctuation changed, or where it merely went.
    """

    number: int
    seen: datetime
    changed: tuple[str, ...]
    material: bool
    entry: Entry
    text: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Ids, in the order of the document (gone ones in the order they had).

    `reread` entries stand unchanged in the source but were read differently: the parser changed.
    They are among `unchanged` too, and get no revision.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()


def stored(row: tuple[Any, ...], read: Callable[[bytes], Entry] | None = None) -> StoredEntry:
    """The entry of a row; `read` decodes what was read of it."""
    made, source, packed, text, line, position, gone, first, changed, revised, revision, twins = row
    times = (time_of(first), time_of(changed), time_of(revised))
    own = ((read or decode)(packed), text, line, position, bool(gone))
    return StoredEntry(made, source, *own, *times, revision, _twins(twins), hash(packed))


def _twins(packed: str) -> tuple[Twin, ...]:
    if packed == "[]":
        return ()
    rows = _decode_twins(packed)
    return tuple(Twin(lang, twin, sure, tuple(why.split()), told) for lang, twin, sure, why, told in rows)


@lru_cache(maxsize=4096)
def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


_decode_twins = msgspec.json.Decoder(list[tuple[str, str, float, str, tuple[Diagnostic, ...]]]).decode
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Entry).decode
outline = msgspec.msgpack.Decoder(Outline).decode
headline = msgspec.msgpack.Decoder(Headline).decode


def day_of(entry: Entry) -> str | None:
    return entry.dated.middle.isoformat() if entry.dated else None


def snapshot(row: tuple[Any, ...]) -> Snapshot:
    source, number, seen, data, original, vendor, lang, form = row
    hints = Hints(vendor, lang, Form(form) if form else None)
    return Snapshot(source, number, time_of(seen), zlib.decompress(data), bool(original), hints)
