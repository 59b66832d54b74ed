"""What does one generation of the index hold, ready to be asked?  Everything here is shared by threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index import arrays, manifest
from index.analysis import DEFAULT_LANGUAGES
from index.arrays import Ints, Segment
from index.cache import ByteCache
from index.evaluate import evaluate
from index.facets import Calendar, Column, Counter, Mask, column
from index.manifest import ARRAYS, Manifest
from index.plan import Names, Plan, Planner, name_key, tags_for
from index.postings import Matches, Postings
from index.query import FACETS, FacetValue
from index.schema import DAY, ID
from index.spelling import Speller
from index.suggest import Suggester

NAMED = ("product", "endpoint", "param")  # facets whose values are names that a query can say
LABELS = ("type", "status", "year")  # facets whose values are words that a query can say
RESULT_BYTES = 32 * 2**20  # of matches of whole plans, kept for paging and refining
Aliases = Mapping[str, tuple[str, ...]]  # a name → its other names
Tag = tuple[str, str]  # facet, value
T = TypeVar("T")


def around(listed: Sequence[T], at: int, reach: int) -> list[T]:
    """What stands up to `reach` places before and after place `at`, the nearest first, by turns.

    >>> around("abcdefg", 2, 3)
    ['b', 'd', 'a', 'e', 'f']
    """
    before, after = listed[max(0, at - reach) : at][::-1], listed[at + 1 : at + 1 + reach]
    turns = min(len(before), len(after))
    pairs = zip(before[:turns], after[:turns], strict=True)
    return [*chain.from_iterable(pairs), *before[turns:], *after[turns:]]


class View:
    """An index generation, mapped into memory."""

    def __init__(
        self,
        segments: list[Segment],
        order: Ints,
        aliases: Aliases,
        generation: int,
        changes: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.generation = generation
        self.order = order
        size = sum(map(len, segments))
        self.live: Mask = np.zeros(size, bool)
        self.live[order] = True
        self.rank = np.full(size, size, np.int32)  # 0 is the newest
        self.rank[order] = np.arange(len(order), dtype=np.int32)
        self.postings = Postings(segments, self.live)
        self.results = ByteCache(RESULT_BYTES)
        self.aliases = aliases
        self.speller = Speller(self.postings)
        self._columns: dict[str, Column] = {}
        self._ranks: dict[str, dict[str, Ints]] = {}
        self._changes = changes

    @classmethod
    def open(
        cls,
        index_dir: Path,
        found: Manifest,
        aliases: Aliases,
        changes: Callable[[], Iterable[str]] = tuple,
        before: View | None = None,
    ) -> View:
        """The view that a manifest names; ValueError, KeyError or OSError where a file is torn or gone.

        `changes` tells the ids of what changed, the latest first; it is asked when they are needed first.
        Segments that an earlier view has mapped are not read again.
        """
        mapped = {segment.name: segment for segment in before.postings.segments} if before else {}
        segments = [mapped.get(name) or arrays.load(index_dir / ARRAYS, name) for name in found.segments]
        return cls(segments, manifest.read_order(index_dir, found), aliases, found.number, changes)

    def column(self, facet: str) -> Column:
        if facet not in self._columns:
            self._columns[facet] = column(self.postings.segments, facet)
        return self._columns[facet]

    def having(self, facet: str, values: tuple[str, ...]) -> Mask:
        """Which documents have one of the values of a facet."""
        return self.postings.kept(("having", facet, values), lambda: self.column(facet).having(values))

    def evaluated(self, plan: Plan) -> Matches:
        """What matches a plan."""
        return self.results.get(plan, lambda: evaluate(plan, self.postings))

    @cached_property
    def counter(self) -> Counter:
        return Counter({facet: self.column(facet) for facet in FACETS})

    def ids(self, docs: Ints) -> list[str]:
        """The entry ids of documents."""
        segments, starts = self.postings.segments, self.postings.starts
        if len(segments) == 1:
            rows = self._id_rows[0][docs].tolist()
            return [segments[0].term(row).decode() for row in rows]
        places = np.searchsorted(starts, docs, side="right") - 1
        pairs = zip(docs.tolist(), places.tolist(), strict=True)
        return [segments[at].term(self._id_rows[at][doc - starts[at]]).decode() for doc, at in pairs]

    @cached_property
    def _id_rows(self) -> list[Any]:
        """For each segment, the row of the id term of each document."""
        return [_rows_by_document(segment) for segment in self.postings.segments]

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.column(DAY))

    def counted(self, facet: str) -> list[FacetValue]:
        """Every value of a facet that a live entry has, with its count, by name."""
        counts = self.counter.count(facet, self.order).tolist()
        return [FacetValue(v, n) for v, n in zip(self.column(facet).values, counts, strict=True) if n]

    def ranks(self, facet: str) -> dict[str, Ints]:
        """For each value of a facet that a live entry has, the ranks of what it filters out, ascending: their
        places among the `newest`."""
        if facet not in self._ranks:
            self._ranks[facet] = self._ranks_of(facet)
        return self._ranks[facet]

    def _ranks_of(self, facet: str) -> dict[str, Ints]:
        found = self.column(facet)
        mine = self.live[found.owners]
        owners, codes = found.owners[mine], found.codes[mine]
        order = np.lexsort((self.rank[owners], codes))
        ranks = self.rank[owners[order]]
        bounds = np.searchsorted(codes[order], np.arange(len(found.values) + 1)).tolist()
        own = {value: ranks[bounds[n] : bounds[n + 1]] for n, value in enumerate(found.values)}
        return {value: self._with_namesakes(facet, value, own) for value, ranks in own.items() if len(ranks)}

    def around(self, facet: str, value: str, entry_id: str, reach: int) -> tuple[int, list[str]]:
        """How many entries a filter by a value finds, and the ids of those around one of them."""
        tags = tags_for(self.values, facet, value)
        names = tuple(name for kind, name in tags if kind == facet) or (value,)
        ranks = np.sort(self.rank[self.having(facet, names) & self.live])
        docs = self.postings.tagged(ID, entry_id)
        at = int(np.searchsorted(ranks, self.rank[docs[self.live[docs]]][0])) if len(docs) else 0
        low = max(0, at - reach)
        return len(ranks), around(self.ids(self.order[ranks[low : at + reach + 1]]), at - low, reach)

    @cached_property
    def newest(self) -> list[str]:
        """The ids of all live entries, newest first."""
        made = np.empty(len(self.live), object)
        for segment, start, rows in zip(
            self.postings.segments, self.postings.starts, self._id_rows, strict=False
        ):
            first, last = segment.field_rows.get(ID, (0, 0))
            made[start : start + len(segment)] = np.array(segment.between(first, last), object)[rows - first]
        ids: list[str] = made[self.order].tolist()
        return ids

    @cached_property
    def days(self) -> list[str | None]:
        """The days of all live entries, newest first: ISO, None where there is none."""
        found = self.column(DAY)
        days: list[str | None] = np.array([*found.values, None], object)[found.single[self.order]].tolist()
        return days

    def _with_namesakes(self, facet: str, value: str, own: Mapping[str, Ints]) -> Ints:
        """The ranks of the entries of a value and of those that go by the same name."""
        others = [name for _, name in tags_for(self.values, facet, value) if name != value]
        return np.unique(np.concatenate([own[name] for name in (value, *others)])) if others else own[value]

    @cached_property
    def suggester(self) -> Suggester:
        names = ((facet, one.value, one.count) for facet in NAMED for one in self.counted(facet))
        return Suggester(self.postings, self.planner, self.evaluated, names)

    @property
    def lengths(self) -> dict[str, float]:
        """The number of terms in every live entry's text, as scores count it (rounded), by id."""
        return dict(zip(self.newest, self.postings.lengths[self.order].tolist(), strict=True))

    @cached_property
    def docs(self) -> dict[str, int]:
        """Every live entry's document by its id."""
        return dict(zip(self.newest, self.order.tolist(), strict=True))

    @cached_property
    def change_rank(self) -> Ints:
        """For each document the place of its change, 0 for the latest; the number of documents where
        nothing changed."""
        ranks = np.full(len(self.live), len(self.live), np.int32)
        docs = [self.docs[one] for one in self._changes() if one in self.docs]
        ranks[docs] = np.arange(len(docs), dtype=np.int32)
        return ranks

    @cached_property
    def planner(self) -> Planner:
        languages = self.column("lang").values or DEFAULT_LANGUAGES
        return Planner(languages, self._named(NAMED), self._named(LABELS), self.values)

    @cached_property
    def values(self) -> Names:
        """Every value of every facet by its folded name, with what goes by another name of it."""
        return self._named(FACETS)

    def _named(self, facets: Iterable[str]) -> Names:
        tags: dict[str, list[Tag]] = defaultdict(list)
        for facet in facets:
            for value in self.column(facet).values:
                tags[name_key(value)].append((facet, value))
        found = dict(tags)
        for name, others in self.aliases.items():
            keys = [name_key(one) for one in (name, *others)]
            group = [tag for key in keys for tag in tags.get(key, ())]
            for key in keys if group else ():
                found[key] = [*found.get(key, ()), *group]
        return {key: tuple(dict.fromkeys(group)) for key, group in found.items() if key}


def _rows_by_document(segment: Segment) -> Any:
    first, last = segment.field_rows.get(ID, (0, 0))
    rows = np.zeros(len(segment), np.int32)
    amounts = np.diff(segment.post_at[first : last + 1])
    docs = segment.docs[segment.post_at[first] : segment.post_at[last]]
    rows[docs] = np.repeat(np.arange(first, last, dtype=np.int32), amounts)
    return rows
