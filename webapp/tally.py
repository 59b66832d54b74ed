"""How much of each source was understood?  What its entries say of their dates, languages and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

from msgspec import Struct

from index.records import Outline
from ingest.model import DateBasis, Entry


class Share(Struct, frozen=True, array_like=True):
    """What one entry adds to the counts of its source.  `last` is its last day where it is not inferred."""

    source: str
    kind: tuple[DateBasis | None, str, str]
    doubts: int
    windows: int
    last: date | None

    @classmethod
    def of(cls, source: str, entry: Outline | Entry, doubts: int) -> Self:
        dated = entry.dated
        stated = dated is not None and dated.basis is not DateBasis.INFERRED
        return cls(
            source,
            (dated.basis if dated else None, entry.lang, entry.type.value),
            doubts,
            sum([not window.superseded for window in entry.windows]),
            dated.last if dated and stated else None,
        )


@dataclass
class Tally:
    """Counts over one source's entries, those that left it too.

    `doubts` counts diagnostics, `kinds` entries by where their dates come from, language and type.
    """

    entries: int = 0
    doubts: int = 0
    windows: int = 0
    newest: date | None = None
    kinds: Counter[tuple[DateBasis | None, str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, shares: Sequence[Share]) -> Self:
        return cls(
            len(shares),
            sum([share.doubts for share in shares]),
            sum([share.windows for share in shares]),
            max([share.last for share in shares if share.last], default=None),
            Counter([share.kind for share in shares]),
        )

    @cached_property
    def bases(self) -> Counter[DateBasis | None]:
        """Where the dates come from; None where an entry has none."""
        return self._counted(0)

    @cached_property
    def langs(self) -> Counter[str]:
        return self._counted(1)

    @cached_property
    def types(self) -> Counter[str]:
        return self._counted(2)

    def _counted(self, at: int) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for kind, count in self.kinds.items():
            found[kind[at]] += count
        return found

    @property
    def dated(self) -> int:
        """Entries whose own text or heading says when."""
        return self.entries - self.bases[None] - self.bases[DateBasis.INFERRED]

    def share(self, number: int) -> int:
        """In per cent of the entries, rounded."""
        return round(100 * number / self.entries) if self.entries else 0


Tallies = Mapping[str, Tally]
EMPTY = Tally()


def tallies(sources: Iterable[str], shares: Iterable[Share]) -> dict[str, Tally]:
    """Of each source; what others give does not count."""
    found: dict[str, list[Share]] = {source: [] for source in sources}
    nobody: list[Share] = []
    for share in shares:
        found.get(share.source, nobody).append(share)
    return {source: Tally.of(given) for source, given in found.items()}
