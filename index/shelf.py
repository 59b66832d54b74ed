"""Which entries were shown of late?  They are kept as they were read, and ready to be looked for words in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from index.cache import ByteCache
from index.records import StoredEntry, encode
from index.store import Store
from index.words import Folded, folded

SHELF_BYTES = 48 * 2**20
DECODED = 4  # times as many bytes an entry takes as objects than packed


@dataclass(frozen=True, slots=True)
class Read:
    """An entry; its title and its text folded; where in its text what stands below the title begins."""

    stored: StoredEntry
    title: Folded
    body: Folded
    below: int

    @classmethod
    def of(cls, stored: StoredEntry) -> Read:
        title, text = stored.entry.title, stored.text
        at = text.find(title) if stored.entry.has_heading else -1
        return cls(stored, folded(title), folded(text), at + len(title) if at >= 0 else 0)

    @property
    def nbytes(self) -> int:
        said = (part for one in (self.title, self.body) for part in one if part is not None)
        return sum(map(sys.getsizeof, said)) + DECODED * len(encode(self.stored.entry))


class Shelf:
    """May be shared by threads.  What was read at another generation of the store is not shown again."""

    def __init__(self, store: Store, limit: int = SHELF_BYTES) -> None:
        self._store, self._kept = store, ByteCache(limit)

    @property
    def kept_bytes(self) -> int:
        return self._kept.used

    def take(self, ids: Sequence[str]) -> dict[str, Read]:
        """The entries with these ids, by id; ids that are not stored are left out."""
        generation = self._store.generation  # before the entries: these may be newer, never older than it
        found: dict[str, Read] = {}
        for one in ids:
            if read := self._kept.known((generation, one)):
                found[one] = read
        for stored in self._store.get_many([one for one in ids if one not in found]):
            found[stored.id] = self._kept.keep((generation, stored.id), Read.of(stored))
        return found
