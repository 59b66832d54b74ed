"""What do the benchmarks ask?  A hundred queries of six kinds, over the words that the entries hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.corpus import Made
from index.query import SearchRequest, Sort

KINDS = {"single": 25, "and": 20, "phrase": 15, "prefix": 10, "filter": 20, "date": 10}


@dataclass(frozen=True)
class Asked:
    """One query, so that every engine can be asked it."""

    kind: str
    words: tuple[str, ...]
    filters: tuple[tuple[str, str], ...] = ()
    by_date: bool = False

    @property
    def request(self) -> SearchRequest:
        joined = " ".join(self.words)
        text = {"phrase": f'"{joined}"', "prefix": f"{joined}*"}.get(self.kind, joined)
        filters = {facet: (value,) for facet, value in self.filters}
        return SearchRequest(text, filters, sort=Sort.DATE if self.by_date else Sort.RELEVANCE)


def queries(sample: Sequence[Made], seed: int = 11) -> list[Asked]:
    """The mix, in random order; words stand together in some entry of `sample`, so that most are found."""
    rng = np.random.default_rng(seed)
    made = [one for kind, count in KINDS.items() for one in _of_kind(kind, count, sample, rng)]
    return [made[at] for at in rng.permutation(len(made))]


def _of_kind(kind: str, count: int, sample: Sequence[Made], rng: np.random.Generator) -> Iterator[Asked]:
    for _ in range(count):
        entry = sample[rng.integers(len(sample))]
        words = [word.strip(".").lower() for word in entry.body.split()]
        at = int(rng.integers(len(words) - 3))
        one, two = words[at], words[int(rng.integers(len(words)))]
        match kind:
            case "and":
                yield Asked(kind, tuple(dict.fromkeys((one, two))))
            case "phrase":
                yield Asked(kind, tuple(words[at : at + 2]))
            case "prefix":
                yield Asked(kind, (one[:4],))
            case "filter":
                yield Asked(kind, (one,), (("type", entry.type), ("lang", entry.lang))[: 1 + at % 2])
            case _:
                yield Asked(kind, (one,), by_date=kind == "date")
