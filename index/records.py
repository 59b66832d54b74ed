"""What does the store hold?  Its records, and how they lie in SQLite's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from ingest.model import Entry, Form

ENTRY_COLUMNS = (
    "id, source, entry, text, line, position, gone, first_seen, last_changed, last_revised, revision"
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as kept: spans in `entry` count from the start of `text`, its own source characters.

    `line` (1-based) and `position` (0-based order) are those of the newest snapshot it stood in.
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


@dataclass(frozen=True, slots=True)
class Source:
    """A followed change log, as last read.  `live` and `gone` count its entries."""

    name: str
    title: str | None
    form: Form
    lang: str | None
    seen: datetime
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


def stored(row: tuple[Any, ...]) -> StoredEntry:
    made, source, entry, text, line, position, gone, first, changed, revised, revision = row
    times = (time_of(first), time_of(changed), time_of(revised))
    return StoredEntry(made, source, decode(entry), text, line, position, bool(gone), *times, revision)


@lru_cache(maxsize=4096)
def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Entry).decode


def day_of(entry: Entry) -> str | None:
    return entry.dated.middle.isoformat() if entry.dated else None
