"""How much of each source was understood?  What its entries say of their dates, languages and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from index.records import Outline
from ingest.model import DateBasis


@dataclass
class Tally:
    """Counts over one source's entries, those that left it too.

    `bases` says where the dates come from, None where an entry has none; `doubts` counts diagnostics.
    """

    entries: int = 0
    doubts: int = 0
    windows: int = 0
    newest: date | None = None
    bases: Counter[DateBasis | None] = field(default_factory=Counter)
    langs: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Outline, conflicts: int) -> None:
        """`conflicts` are the entry's with its twins."""
        self.entries += 1
        self.doubts += len(entry.diagnostics) + conflicts
        self.windows += sum(not window.superseded for window in entry.windows)
        self.bases[entry.dated.basis if entry.dated else None] += 1
        self.langs[entry.lang] += 1
        self.types[entry.type.value] += 1
        if entry.dated and entry.dated.basis is not DateBasis.INFERRED:
            self.newest = max(filter(None, (self.newest, entry.dated.last)))

    @property
    def dated(self) -> int:
        """Entries whose own text or heading says when."""
        return self.entries - self.bases[None] - self.bases[DateBasis.INFERRED]

    def share(self, number: int) -> int:
        """In per cent of the entries, rounded."""
        return round(100 * number / self.entries) if self.entries else 0


Tallies = Mapping[str, Tally]
EMPTY = Tally()
