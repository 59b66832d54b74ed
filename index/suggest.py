"""How may this query go on?  Names and words of the index that begin as what was typed last.

What is suggested stands in entries together with the words before it, so that every suggestion finds some.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from operator import attrgetter

import numpy as np

from index.arrays import Ints
from index.facets import Mask
from index.plan import Plan, Planner
from index.postings import Matches, Postings
from index.query import Suggestion
from index.querylang import parse
from index.schema import WORD
from index.words import fold, words

MAX_NAME_WORDS = 6  # of what was typed that can begin a name
MOST = 32  # names, and words of each segment, looked at for one beginning
Evaluate = Callable[[Plan], Matches]


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A facet value, and a key that it is found by: its folded words, from one of them on."""

    key: str
    value: str
    facet: str
    count: int


class Suggester:
    """Completes queries from one index generation.

    `names` are (facet, value, how many entries have it).
    """

    def __init__(
        self, postings: Postings, planner: Planner, evaluate: Evaluate, names: Iterable[tuple[str, str, int]]
    ) -> None:
        self.postings, self.planner, self.evaluate = postings, planner, evaluate
        self.names = sorted(keyed for name in names for keyed in _keyed(*name))

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` whole queries: names first, then words, each the most frequent first."""
        typed = " ".join(text.split())
        if not typed or text != text.rstrip():
            return ()
        found = (*self._names(typed, limit), *self._words(typed, limit + 1))
        once = {one.text.lower(): one for one in reversed(found) if one.text != typed}
        return tuple(islice((one for one in found if once.get(one.text.lower()) is one), limit))

    def _names(self, typed: str, limit: int) -> list[Suggestion]:
        """Names that the longest possible end of what was typed begins."""
        starts = [0, *(at + 1 for at, char in enumerate(typed) if char == " ")][-MAX_NAME_WORDS:]
        for start in starts:
            key = " ".join(words(typed[start:]))
            found = {(name.facet, name.value): name for name in self._beginning(key)} if key else {}
            if found:
                named = self._named(typed[:start], found.values())
                return nlargest(limit, named, key=lambda one: (one.count, one.text))
        return []

    def _beginning(self, key: str) -> Iterator[Name]:
        first = bisect_left(self.names, key, key=attrgetter("key"))
        near = islice(self.names, first, first + MOST)
        return (name for name in near if name.key.startswith(key))

    def _named(self, head: str, names: Iterable[Name]) -> Iterator[Suggestion]:
        beside = self._beside(head)
        for name in names:
            count = _shared(beside, self.postings.tagged(name.facet, name.value), name.count)
            if count:
                yield Suggestion(head + name.value, name.facet, count)

    def _words(self, typed: str, limit: int) -> list[Suggestion]:
        """What was typed with its last word completed."""
        head, space, last = typed.rpartition(" ")
        prefix = fold(last).lstrip('/"(-')
        beside = self._beside(head)
        counts: dict[str, int] = {}
        for term, frequency in self.postings.frequent(WORD, prefix, MOST) if prefix else ():
            written = term.partition("\0")[2] or term
            if written not in counts or beside is None:
                count = frequency if beside is None else _shared(beside, self.postings.tagged(WORD, term), 0)
                counts[written] = counts.get(written, 0) + count
        best = sorted(((count, word) for word, count in counts.items() if count), reverse=True)
        told = (pair for pair in best if self.planner.terms(pair[1]))  # common words say nothing
        return [Suggestion(head + space + word, None, count) for count, word in islice(told, limit)]

    def _beside(self, head: str) -> Mask | None:
        """Which documents hold the words before; None where there are none, or none of them match."""
        plan = self.planner.plan(parse(head).root)
        docs = self.evaluate(plan).docs if plan else ()
        if not len(docs):
            return None
        mask: Mask = np.zeros(len(self.postings), bool)
        mask[docs] = True
        return mask


def _shared(mask: Mask | None, docs: Ints, whole: int) -> int:
    return whole if mask is None else int(np.count_nonzero(mask[docs]))


def _keyed(facet: str, value: str, count: int) -> Iterator[Name]:
    said = words(value)
    for start in range(min(len(said), MAX_NAME_WORDS)):
        yield Name(" ".join(said[start:]), value, facet, count)
