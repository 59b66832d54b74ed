"""How many of the found entries have each value?  Facet columns and their counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Ints, Segment

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one facet; document d has codes[starts[d]:starts[d + 1]], indexes into `values`.

    Where no document has more than one value `single` holds it, `len(values)` standing for none.
    """

    values: tuple[str, ...]
    code_of: dict[str, int]
    starts: Ints
    codes: Ints
    single: Ints | None

    def counts(self, docs: Ints) -> npt.NDArray[np.int64]:
        """How many of `docs` have each value."""
        size = len(self.values)
        if self.single is not None:
            return np.bincount(self.single[docs], minlength=size + 1)[:size]
        return np.bincount(self.codes[_spread(self.starts, docs)], minlength=size)

    def having(self, values: Iterable[str]) -> Mask:
        """Which documents have one of the values."""
        wanted = np.zeros(len(self.values) + 1, bool)
        wanted[[self.code_of[value] for value in values if value in self.code_of]] = True
        if self.single is not None:
            return wanted[self.single]
        mask = np.zeros(len(self.starts) - 1, bool)
        owners = np.repeat(np.arange(len(mask), dtype=np.int32), np.diff(self.starts))
        mask[owners[wanted[self.codes]]] = True
        return mask


def column(segments: Sequence[Segment], facet: str) -> Column:
    """The column of a facet over all segments; values are sorted."""
    values = tuple(sorted({term.decode() for s in segments for term in _terms(s, facet)}))
    code_of = {value: code for code, value in enumerate(values)}
    docs, codes, start = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], 0
    for segment in segments:
        owners, own = _pairs(segment, facet, code_of)
        docs.append(owners + np.int32(start))
        codes.append(own)
        start += len(segment)
    return _column(values, code_of, np.concatenate(docs), np.concatenate(codes), start)


def _column(values: tuple[str, ...], code_of: dict[str, int], docs: Ints, codes: Ints, size: int) -> Column:
    by_document = np.argsort(docs, kind="stable")
    amounts = np.bincount(docs, minlength=size)
    starts = np.concatenate([[0], np.cumsum(amounts)]).astype(np.int32)
    single = None
    if not len(amounts) or amounts.max() <= 1:
        single = np.full(size, len(values), np.int32)
        single[docs] = codes
    return Column(values, code_of, starts, codes[by_document], single)


def _terms(segment: Segment, facet: str) -> list[bytes]:
    return [segment.term(row) for row in range(*segment.field_rows.get(facet, (0, 0)))]


def _pairs(segment: Segment, facet: str, code_of: dict[str, int]) -> tuple[Ints, Ints]:
    """(documents, codes): each value of each document of a segment."""
    first, last = segment.field_rows.get(facet, (0, 0))
    own = np.array([code_of[term.decode()] for term in _terms(segment, facet)], np.int32)
    amounts = np.diff(segment.post_at[first : last + 1])
    docs = segment.docs[segment.post_at[first] : segment.post_at[last]]
    return docs, np.repeat(own, amounts) if len(own) else own


def _spread(starts: Ints, docs: Ints) -> Ints:
    """The indexes starts[d] … starts[d + 1] - 1 of every d in docs, one after another."""
    first = starts[docs]
    amounts = starts[docs + 1] - first
    ends = np.cumsum(amounts)
    total = int(ends[-1]) if len(ends) else 0
    spread: Ints = np.arange(total, dtype=np.int32) + np.repeat(first - (ends - amounts), amounts).astype(
        np.int32
    )
    return spread
