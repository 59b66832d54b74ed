"""Which entries hold a term, how often, and where?  All segments of one index generation, as arrays.

A `Postings` is immutable apart from its caches and may be shared by threads.  Document numbers count through
the segments in order.  `docs` arrays are ascending int32; scores are BM25, float32, as Whoosh computes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from index.arrays import Floats, Ints, Longs, Segment
from index.cache import ByteCache
from index.schema import TEXT, WORD

B, K1 = 0.75, 1.2  # Whoosh's defaults
MAX_EXPANSIONS = 20_000  # terms that one prefix may stand for
CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents, ascending, and their scores."""

    docs: Ints
    scores: Floats

    def __len__(self) -> int:
        return len(self.docs)

    @property
    def nbytes(self) -> int:
        return self.docs.nbytes + self.scores.nbytes


NOTHING = Matches(np.zeros(0, np.int32), np.zeros(0, np.float32))


class Postings:
    """The segments of an index as one.  `live[doc]` is False for what was deleted."""

    def __init__(self, segments: Sequence[Segment], live: Any, cache_bytes: int = CACHE_BYTES) -> None:
        self.segments = tuple(segments)
        self.starts = np.cumsum([0, *(len(s) for s in segments)]).tolist()
        self.live = live
        self.all_live = bool(live.all())
        self.lengths: Floats = _join([s.lengths for s in segments], np.float32)
        average = sum(s.total for s in segments) / len(self) if len(self) else 0
        self._norms = (K1 * ((1 - B) + B * self.lengths / (average or 1))).astype(np.float32)
        self._bases = np.cumsum([0, *(int(s.bases[-1]) for s in segments)]).tolist()
        firsts = [s.bases[:-1] + np.int64(base) for s, base in zip(segments, self._bases, strict=False)]
        self._first_places = _join(firsts, np.int64)
        self.kept = ByteCache(cache_bytes).get

    def __len__(self) -> int:
        return int(self.starts[-1])

    def term(self, term: str) -> Matches:
        """The documents whose text holds `term`, with their BM25 scores."""
        return self.kept(("term", term), lambda: self._scored(term))

    def _scored(self, term: str) -> Matches:
        rows = self._rows(TEXT, term)
        if not rows:
            return NOTHING
        docs = self._documents(rows)
        weights = _join([s.weights[s.post_at[row] : s.post_at[row + 1]] for s, _, row in rows], np.float32)
        idf = log(len(self) / (len(docs) + 1)) + 1
        return Matches(docs, np.float32(idf * (K1 + 1)) * weights / (weights + self._norms[docs]))

    def places(self, terms: frozenset[str]) -> Longs:
        """Where any of `terms` stands: ascending places; `document_at` tells whose."""
        return self.kept(("places", terms), lambda: self._places(terms))

    def _places(self, terms: frozenset[str]) -> Longs:
        found = [
            s.places[s.place_at[s.post_at[row]] : s.place_at[s.post_at[row + 1]]] + base
            for term in terms
            for s, base, row in self._rows(TEXT, term, self._bases)
        ]
        joined = _join(found, np.int64)
        return joined if len(terms) == 1 else np.sort(joined, kind="stable")

    def document_at(self, places: Longs) -> Ints:
        """The documents that places lie in."""
        return (np.searchsorted(self._first_places, places, side="right") - 1).astype(np.int32)

    def tagged(self, facet: str, value: str) -> Ints:
        """The documents that have a whole value."""
        return self.kept((facet, value), lambda: self._documents(self._rows(facet, value)))

    def starting(self, prefix: str) -> Ints:
        """The documents with a word (folded) that begins with `prefix`."""
        return self.kept(("prefix", prefix), lambda: self._starting(prefix.encode()))

    def _starting(self, prefix: bytes) -> Ints:
        seen = np.zeros(len(self), bool)
        for segment, start in zip(self.segments, self.starts, strict=False):
            first = segment.first_row(WORD, prefix)
            last = min(segment.first_row(WORD, prefix + b"\xff"), first + MAX_EXPANSIONS)
            seen[segment.docs[segment.post_at[first] : segment.post_at[last]] + start] = True
        return np.flatnonzero(seen).astype(np.int32)

    def frequency(self, field: str, term: str) -> int:
        """In how many documents a term stands (deleted ones count until their segment is merged)."""
        return sum(int(s.post_at[row + 1] - s.post_at[row]) for s, _, row in self._rows(field, term))

    def lexicon(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """(term, frequency) of a field's terms that begin so, segment by segment, each sorted."""
        low = prefix.encode()
        for segment in self.segments:
            last = segment.field_rows.get(field, (0, 0))[1]
            for row in range(segment.first_row(field, low), last):
                term = segment.term(row)
                if not term.startswith(low):
                    break
                yield term.decode(), int(segment.post_at[row + 1] - segment.post_at[row])

    def frequent(self, field: str, prefix: str, count: int) -> Iterator[tuple[str, int]]:
        """(term, frequency) of the `count` most frequent terms that begin so, of each segment."""
        low = prefix.encode()
        for segment in self.segments:
            first, last = segment.first_row(field, low), segment.first_row(field, low + b"\xff")
            amounts = np.diff(segment.post_at[first : last + 1])
            best = (
                np.argpartition(-amounts, count)[:count] if len(amounts) > count else np.arange(len(amounts))
            )
            for row, amount in zip(best.tolist(), amounts[best].tolist(), strict=True):
                yield segment.term(first + row).decode(), amount

    def _rows(
        self, field: str, term: str, starts: Sequence[int] | None = None
    ) -> list[tuple[Segment, int, int]]:
        """(segment, its first document number or other start, row) where a segment holds the term."""
        key = term.encode()
        pairs = zip(self.segments, starts or self.starts, strict=False)
        found = ((segment, start, segment.row(field, key)) for segment, start in pairs)
        return [(segment, start, row) for segment, start, row in found if row is not None]

    def _documents(self, rows: list[tuple[Segment, int, int]]) -> Ints:
        found = [s.documents(row) + np.int32(start) if start else s.documents(row) for s, start, row in rows]
        return _join(found, np.int32)  # type: ignore[no-any-return]


def _join(parts: list[Any], dtype: Any) -> Any:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)
