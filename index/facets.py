"""How many of the found entries have each value?  Facet columns and their counts.

Facets of which an entry has at most one value (type, language, year, ...) share one code, so that one pass
counts them all; the values of the others (products, endpoints, ...) lie in one list for each document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import prod

import numpy as np
import numpy.typing as npt

from index.arrays import Ints, Longs, Segment
from index.query import FacetValue

Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
YEAR = "year"
MAX_JOINT = 2**18  # codes that the single-valued facets may share
SETS = 128  # values, the most frequent ones, whose documents are kept as bit sets as well
MANY = 12  # from 1/MANY of all documents on bit sets are faster than lists


@dataclass(frozen=True)
class Column:
    """The sorted values of one facet, and which documents have them: pairs (owner, code), by owner."""

    values: tuple[str, ...]
    owners: Ints
    codes: Ints
    documents: int

    @cached_property
    def code_of(self) -> dict[str, int]:
        return {value: code for code, value in enumerate(self.values)}

    @cached_property
    def is_single(self) -> bool:
        """Whether no document has two values."""
        return not bool((self.owners[1:] == self.owners[:-1]).any())

    @cached_property
    def single(self) -> Ints:
        """The code of each document, len(values) for none; for single-valued columns."""
        codes = np.full(self.documents, len(self.values), np.int32)
        codes[self.owners] = self.codes
        return codes

    def having(self, values: Iterable[str]) -> Mask:
        """Which documents have one of the values."""
        wanted = np.zeros(len(self.values), bool)
        wanted[[self.code_of[value] for value in values if value in self.code_of]] = True
        mask = np.zeros(self.documents, bool)
        mask[self.owners[wanted[self.codes]]] = True
        return mask


def column(segments: Sequence[Segment], facet: str) -> Column:
    """The column of a facet over all segments."""
    values = tuple(sorted({term.decode() for s in segments for term in _terms(s, facet)}))
    code_of = {value: code for code, value in enumerate(values)}
    owners, codes, start = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], 0
    for segment in segments:
        docs, own = _pairs(segment, facet, code_of)
        by_document = np.argsort(docs, kind="stable")
        owners.append(docs[by_document] + np.int32(start))
        codes.append(own[by_document])
        start += len(segment)
    return Column(values, np.concatenate(owners), np.concatenate(codes), start)


def _terms(segment: Segment, facet: str) -> list[bytes]:
    return [segment.term(row) for row in range(*segment.field_rows.get(facet, (0, 0)))]


def _pairs(segment: Segment, facet: str, code_of: dict[str, int]) -> tuple[Ints, Ints]:
    """(documents, codes): each value of each document of a segment."""
    first, last = segment.field_rows.get(facet, (0, 0))
    own = np.array([code_of[term.decode()] for term in _terms(segment, facet)], np.int32)
    amounts = np.diff(segment.post_at[first : last + 1])
    docs = segment.docs[segment.post_at[first] : segment.post_at[last]]
    return docs, np.repeat(own, amounts) if len(own) else own


class Calendar:
    """The days of documents: which lie between two, and how many in each month."""

    def __init__(self, days: Column) -> None:
        dates = [date.fromisoformat(value) for value in days.values]
        ordinals = np.array([*(day.toordinal() for day in dates), 0], np.int32)
        self.days: Ints = ordinals[days.single]  # of each document, 0 where it has none
        names = list(dict.fromkeys(value[:7] for value in days.values))
        self.names = np.array(names, object)
        place = {name: at for at, name in enumerate(names)}
        codes = np.array([*(place[value[:7]] for value in days.values), len(names)], np.int32)
        self._months: Ints = codes[days.single]

    def within(self, since: date | None, until: date | None) -> Mask:
        """Which documents have a day from `since` up to `until`."""
        low = since.toordinal() if since else 1
        high = until.toordinal() if until else date.max.toordinal()
        mask: Mask = (self.days >= low) & (self.days <= high)
        return mask

    def counted(self, docs: Ints) -> dict[str, int]:
        """How many of `docs` fall into each month, earliest first; months without any are left out."""
        counts = np.bincount(self._months[docs], minlength=len(self.names) + 1)[:-1]
        found = np.flatnonzero(counts)
        return dict(zip(self.names[found].tolist(), counts[found].tolist(), strict=True))


class Counter:
    """Counts several facets in one pass over the found documents.

    Counts are kept in one array for all facets: those of facet n are `[edges[n]:edges[n + 1]]`.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        single = [name for name, one in columns.items() if one.is_single]
        self.columns = columns
        self.single = tuple(_fitting(single, columns))
        self.several = tuple(name for name in columns if name not in self.single)
        self.facets = (*self.single, *self.several)
        sizes = [len(columns[name].values) for name in self.facets]
        self.edges = np.cumsum([0, *sizes]).tolist()
        self.documents = next(iter(columns.values())).documents
        self.values = np.array([v for name in self.facets for v in columns[name].values], object)
        self._facet_of = np.repeat(np.arange(len(sizes)), sizes)
        # Values go by falling count; years, latest first, by a key of their own instead.
        self._by_value = np.array([name == YEAR for name in self.facets])[self._facet_of]

    def counts(self, docs: Ints, own: Mapping[str, Ints]) -> Counts:
        """How many of `docs` have each value; for facets in `own`, how many of those documents."""
        counts = self._many(docs) if len(docs) * MANY > self.documents else self._few(docs)
        for facet, others in own.items():
            counts[self.part(facet)] = self.count(facet, others)
        return counts

    def part(self, facet: str) -> slice:
        """Where the counts of a facet lie."""
        at = self.facets.index(facet)
        return slice(self.edges[at], self.edges[at + 1])

    def count(self, facet: str, docs: Ints) -> Counts:
        """The counts of one facet alone."""
        if facet in self.single:
            one = self.columns[facet]
            return np.bincount(one.single[docs], minlength=len(one.values) + 1)[:-1]
        if len(docs) * MANY > self.documents:
            return self._many(docs)[self.part(facet)]
        return np.bincount(self._lists.of(docs), minlength=self.edges[-1])[self.part(facet)]

    def listed(self, counts: Counts, limit: int) -> dict[str, tuple[FacetValue, ...]]:
        """The most frequent `limit` values of each facet, then by name; of years the latest first."""
        codes = np.flatnonzero(counts)
        found = counts[codes]
        keys = np.where(self._by_value[codes], codes, found)
        codes = codes[np.lexsort((codes, -keys, self._facet_of[codes]))]
        bounds = np.searchsorted(self._facet_of[codes], np.arange(len(self.facets) + 1)).tolist()
        parts = (codes[low : min(low + limit, high)] for low, high in pairwise(bounds))
        return {
            name: tuple(map(FacetValue, self.values[part].tolist(), counts[part].tolist()))
            for name, part in zip(self.facets, parts, strict=True)
        }

    def _few(self, docs: Ints) -> Counts:
        return np.concatenate([*self._singles(docs), self._several(docs)])

    def _many(self, docs: Ints) -> Counts:
        """The frequent values by their bit sets, the others pair by pair."""
        frequent, sets, owners, codes = self._sets
        mask = np.zeros(-(-self.documents // 64) * 64, bool)
        mask[docs] = True
        counts = np.bincount(codes[mask[owners]], minlength=self.edges[-1])
        shared = np.bitwise_count(sets & np.packbits(mask).view(np.uint64))
        counts[frequent] += shared.sum(axis=1, dtype=np.uint32)
        return counts

    def _singles(self, docs: Ints) -> list[Counts]:
        shape = [len(self.columns[name].values) + 1 for name in self.single]
        joint = np.bincount(self._joint[docs], minlength=prod(shape)).reshape(shape)
        axes = range(len(shape))
        return [joint.sum(axis=tuple(other for other in axes if other != axis))[:-1] for axis in axes]

    def _several(self, docs: Ints) -> Counts:
        first = self.edges[len(self.single)]
        return np.bincount(self._lists.of(docs), minlength=self.edges[-1])[first:]

    @cached_property
    def _joint(self) -> Longs:
        """One code for each document, made of its codes in all single-valued facets."""
        size = next(iter(self.columns.values())).documents
        joint = np.zeros(size, np.int64)
        for name in self.single:
            joint = joint * (len(self.columns[name].values) + 1) + self.columns[name].single
        return joint

    @cached_property
    def _lists(self) -> Lists:
        """The values of the facets that are not single."""
        owners, codes = self._pairs(self.several)
        return Lists.of_pairs(owners, codes, self.documents)

    @cached_property
    def _sets(self) -> tuple[Longs, npt.NDArray[np.uint64], Ints, Longs]:
        """(codes of the frequent values, a bit set of documents for each), (document, code) of the others."""
        owners, codes = self._pairs(self.facets)
        frequent = np.argsort(-np.bincount(codes, minlength=self.edges[-1]), kind="stable")[:SETS]
        masks = np.zeros((len(frequent), -(-self.documents // 64) * 64), bool)
        row = np.full(self.edges[-1], -1)
        row[frequent] = np.arange(len(frequent))
        inside = row[codes] >= 0
        masks[row[codes[inside]], owners[inside]] = True
        return frequent, np.packbits(masks, axis=1).view(np.uint64), owners[~inside], codes[~inside]

    def _pairs(self, facets: Iterable[str]) -> tuple[Ints, Longs]:
        """(document, code among the codes of all facets) for each value that a document has."""
        owners, codes = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        for name in facets:
            owners.append(self.columns[name].owners)
            codes.append(self.columns[name].codes + np.int64(self.part(name).start))
        return np.concatenate(owners), np.concatenate(codes)


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of codes for each document: those of d are codes[starts[d]:starts[d + 1]]."""

    starts: Longs
    codes: Longs

    @classmethod
    def of_pairs(cls, owners: Ints, codes: Longs, size: int) -> Lists:
        starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=size))])
        return cls(starts, codes[np.argsort(owners, kind="stable")])

    def of(self, docs: Ints) -> Longs:
        """The lists of all of `docs`, one after another."""
        return self.codes[_spread(self.starts, docs)]


def _fitting(names: Iterable[str], columns: Mapping[str, Column]) -> Iterable[str]:
    """As many of the facets, those with few values first, as fit into one code."""
    size = 1
    for name in sorted(names, key=lambda one: len(columns[one].values)):
        size *= len(columns[name].values) + 1
        if size > MAX_JOINT:
            return
        yield name


def _spread(starts: Longs, docs: Ints) -> Longs:
    """The indexes starts[d] … starts[d + 1] - 1 of every d in docs, one after another."""
    first, after = starts[docs], starts[docs + 1]
    filled = np.flatnonzero(after > first)
    if not len(filled):
        return starts[:0]
    first, after = first[filled], after[filled]
    steps = np.ones(int((after - first).sum()), np.int64)
    steps[0] = first[0]
    steps[(after - first).cumsum()[:-1]] = first[1:] - after[:-1] + 1
    return steps.cumsum()
