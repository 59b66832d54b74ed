"""Which other entries speak of the same things?  Those that share what few entries speak of come first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log

from index.query import SearchRequest, Sort
from index.store import StoredEntry
from webapp.library import Library

MOST = 5
LOOKED_AT = 60  # of the newest entries that have one thing in common
NAMES = 12  # of one entry that are followed
COMMON = 0.35  # share of all entries that may speak of a thing that relates them


@dataclass(frozen=True, slots=True)
class Relative:
    """Another entry, and the names that both speak of, the rarest first."""

    stored: StoredEntry
    shared: tuple[str, ...]


def related(library: Library, stored: StoredEntry, most: int = MOST) -> tuple[Relative, ...]:
    """The entries that share endpoints, parameters or products with this one, the nearest relation first.

    A thing counts the more the fewer entries speak of it; of what is as near, the entry's own language comes
    first.  Versions in another language are left out: they are the same announcement.
    """
    total = max(2, len(library.store))
    scores: dict[str, float] = defaultdict(float)
    shared: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for facet, name in _names(stored):
        request = SearchRequest(filters={facet: (name,)}, sort=Sort.DATE, limit=LOOKED_AT)
        found = library.find(request)
        weight = log(total / found.total) if found.total else 0.0
        if found.total > 1 and found.total <= max(3, COMMON * total):
            for one in found.ids:
                scores[one] += weight
                shared[one].append((weight, name))
    own = {stored.id, *(twin.id for twin in stored.twins)}
    best = sorted((one for one in scores if one not in own), key=lambda one: -scores[one])
    kept = {each.id: each for each in library.store.get_many(best[: 4 * most])}
    best = sorted(kept, key=lambda one: (-round(scores[one], 6), kept[one].entry.lang != stored.entry.lang))
    return tuple(
        Relative(kept[one], tuple(name for _, name in sorted(shared[one], key=lambda pair: -pair[0])))
        for one in _once(best, kept)[:most]
    )


def _names(stored: StoredEntry) -> list[tuple[str, str]]:
    entry = stored.entry
    named = (("endpoint", entry.endpoints), ("param", entry.parameters), ("product", entry.products))
    return [(facet, mention.name) for facet, mentions in named for mention in mentions][:NAMES]


def _once(best: list[str], kept: dict[str, StoredEntry]) -> list[str]:
    """Of an announcement in two languages, only the version that comes first."""
    taken: list[str] = []
    for one in best:
        if not {twin.id for twin in kept[one].twins} & set(taken):
            taken.append(one)
    return taken
