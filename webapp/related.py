"""Which other entries speak of the same things?  Those that share what few entries speak of come first.

A thing counts the more the fewer entries speak of it.  Of those that speak of a thing, the ones next to an
entry in the listing are looked at: so a new entry becomes a relative of its neighbours, and what stands far
from it stays as it was.  The web app asks for one entry (`related`), a static site for all (`relations`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from math import log
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from msgspec import Struct

from index.records import Headline
from index.store import StoredEntry
from index.view import View, around
from ingest.model import Dated
from webapp.excerpt import title_of
from webapp.library import Library
from webapp.text import line

if TYPE_CHECKING:
    from index.arrays import Ints

MOST = 5
REACH = 10  # entries on each side that are looked at, of those that have one thing in common
NAMES = 12  # of one entry that are followed, the rarest first
COMMON = 0.35  # share of all entries that may speak of a thing that relates them
FACETS = ("endpoint", "param", "product")
T = TypeVar("T", bound=Hashable)  # an entry by its id, or by its rank


class Relation(Struct, frozen=True):
    """Another entry by its id, and the names that both speak of, the rarest first."""

    id: str
    shared: tuple[str, ...]


class Known(Struct, frozen=True):
    """What of an entry others tell that are related to it."""

    id: str
    title: str
    lang: str
    dated: Dated | None


class Relative(Struct, frozen=True):
    """Another entry, and the names that both speak of, the rarest first."""

    entry: Known
    shared: tuple[str, ...]


def known(stored: StoredEntry) -> Known:
    return Known(stored.id, title_of(stored), stored.entry.lang, stored.entry.dated)


def headed(one: str, found: Headline) -> Known | None:
    """The same of an entry whose heading says it; None where its text is needed."""
    title = line(found.title) if found.has_heading else ""
    return Known(one, title, found.lang, found.dated) if title else None


class Named(Struct, Generic[T], frozen=True):
    """A name that an entry speaks of, what it counts, and who else speaks of it, the nearest first."""

    name: str
    weight: float
    near: Sequence[T]


def related(library: Library, stored: StoredEntry) -> tuple[Relative, ...]:
    """The entries that share endpoints, parameters or products with this one, the nearest relation first.

    Of what is as near, the entry's own language comes first.  Versions in another language are left out: they
    are the same announcement.
    """
    total = len(library.store)
    named = []
    for facet, name in _names(stored):
        count, near = library.around(facet, name, stored.id, REACH)
        if weight := _weight(count, total):
            named.append(Named(name, weight, near))
    twins = {twin.id for twin in stored.twins}
    scores = _scores(stored.id, named, twins)
    kept = {each.id: each for each in library.store.get_many(scores)}
    best = _best(
        {one: scores[one] for one in kept},
        {one for one, each in kept.items() if each.entry.lang == stored.entry.lang},
        {one: tuple(twin.id for twin in each.twins) for one, each in kept.items()},
    )
    return tuple(Relative(known(kept[one]), shared) for one, shared in _told(best, named))


def surroundings(view: View, states: Any) -> Any:
    """A number for each of all entries that stays while its relations do: it is made of its own state, the
    names it speaks of, what they count, and the states of the entries near it.

    `states` are numbers as well (uint64), of the entries as they stand among the newest.
    """
    made = states.copy()
    names = list(_weighty(view))
    if not names:
        return made
    sizes = [len(each.ranks) for each in names]
    factors = [int.from_bytes(_digest(each.facet, each.name, each.weight)) | 1 for each in names]
    ranks, name = np.concatenate([each.ranks for each in names]), np.repeat(np.arange(len(names)), sizes)
    at = np.arange(len(ranks)) + REACH * name  # between the entries of two names there is nothing near
    row = np.zeros(at[-1] + len(_PLACES), np.uint64)
    row[at + REACH] = states[ranks]
    near = np.zeros(at[-1] + 1, np.uint64)
    for place, factor in enumerate(_PLACES):
        near += row[place : place + len(near)] * factor
    np.add.at(made, ranks, near[at] * np.array(factors, np.uint64)[name])
    return made


_PLACES = [np.uint64(pow(0x9E3779B97F4A7C15, at + 1, 1 << 64)) for at in range(2 * REACH + 1)]


def _digest(*about: object) -> bytes:
    return blake2b(repr(about).encode(), digest_size=8).digest()


def relations(
    view: View, twins: Mapping[str, tuple[str, ...]], wanted: Iterable[int]
) -> Iterator[tuple[Relation, ...]]:
    """The same of entries by their ranks: places among the newest.  Each is found when it is asked for.

    `twins` are the ids of the twins of each entry that has some.
    """
    ids, langs, named = view.newest, _langs(view), _all_named(view)
    kept = _by_rank(view, twins)
    for rank in wanted:
        own = named(rank)
        scores = _scores(rank, own, kept.get(rank, ()))
        best = _best(scores, {other for other in scores if langs[other] == langs[rank]}, kept)
        yield tuple([Relation(ids[one], shared) for one, shared in _told(best, own)])


def _langs(view: View) -> list[str]:
    """In which language each entry is, by rank."""
    made = np.empty(len(view.newest), object)
    for lang, ranks in view.ranks("lang").items():
        made[ranks] = lang
    langs: list[str] = made.tolist()
    return langs


def _by_rank(view: View, found: Mapping[str, tuple[str, ...]]) -> dict[int, tuple[int, ...]]:
    """The twins of each entry that has some, by rank."""
    rank = {one: at for at, one in enumerate(view.newest)} if found else {}
    return {
        rank[one]: tuple([rank[twin] for twin in twins if twin in rank])
        for one, twins in found.items()
        if one in rank
    }


def _all_named(view: View) -> Callable[[int], list[Named[int]]]:
    """What tells the names that relate an entry, by its rank, in the order of `FACETS` and of names."""
    total = len(view.newest)
    names = list(_weighty(view))
    listed = [each.ranks.tolist() for each in names]
    owners = np.concatenate([np.zeros(0, np.int32), *(each.ranks for each in names)])
    which = np.repeat(np.arange(len(names)), list(map(len, listed)))
    by_owner = np.argsort(owners, kind="stable")
    bounds = np.searchsorted(owners[by_owner], np.arange(total + 1)).tolist()
    which = which[by_owner].tolist()

    def named(rank: int) -> list[Named[int]]:
        made = []
        for name in which[bounds[rank] : bounds[rank + 1]]:
            mine = listed[name]
            near = around(mine, bisect_left(mine, rank), REACH)
            made.append(Named(names[name].name, names[name].weight, near))
        return made

    return named


class _Weighty(Struct, frozen=True):
    """A name that relates entries, what it counts, and the ranks of those that speak of it."""

    facet: str
    name: str
    weight: float
    ranks: Ints


def _weighty(view: View) -> Iterator[_Weighty]:
    """The names that relate entries, no alias twice."""
    total = len(view.newest)
    for facet in FACETS:
        found = sorted(view.ranks(facet).items(), reverse=True)
        named = {ranks.tobytes(): (name, ranks) for name, ranks in found}
        for name, ranks in reversed(named.values()):
            if weight := _weight(len(ranks), total):
                yield _Weighty(facet, name, weight, ranks)


def _names(stored: StoredEntry) -> Iterator[tuple[str, str]]:
    """The facets and names that an entry speaks of, in the order of `FACETS` and of names."""
    entry = stored.entry
    for facet, mentions in zip(FACETS, (entry.endpoints, entry.parameters, entry.products), strict=True):
        yield from ((facet, name) for name in sorted({mention.name for mention in mentions if mention.name}))


def _weight(count: int, total: int) -> float:
    """What a name counts that `count` of all entries speak of; 0 where it relates nobody.

    It is rounded: a few more entries leave what older ones are related to as it was.
    """
    return round(log(max(2, total) / count), 1) if 1 < count <= max(3, COMMON * total) else 0.0


def _scores(own: T, named: list[Named[T]], twins: Collection[T]) -> dict[T, float]:
    """What relates other entries to one, the most related first; puts `named` in order, the rarest first."""
    named.sort(key=lambda each: -each.weight)
    del named[NAMES:]
    scores: dict[T, float] = {}
    for each in named:
        for one in each.near:
            scores[one] = scores.get(one, 0.0) + each.weight
    for one in (own, *twins):
        scores.pop(one, None)
    best = sorted(scores, key=scores.__getitem__, reverse=True)
    return {one: scores[one] for one in best[: 4 * MOST]}


def _best(scores: Mapping[T, float], kin: Collection[T], twins: Mapping[T, tuple[T, ...]]) -> list[T]:
    """The most related, of the same language (`kin`) first; of versions of one announcement only one."""
    taken: list[T] = []
    for one in sorted(scores, key=lambda one: (-scores[one], one not in kin)):
        if one not in twins or set(taken).isdisjoint(twins[one]):
            taken.append(one)
            if len(taken) == MOST:
                break
    return taken


def _told(best: Sequence[T], named: Sequence[Named[T]]) -> Iterator[tuple[T, tuple[str, ...]]]:
    """Each of the best, and the names that it shares."""
    for one in best:
        yield one, tuple([each.name for each in named if one in each.near])
