"""How well are entries ranked?  nDCG@10 and MRR on the judged queries, beside plain BM25 of FTS5.

    python tests/index/relevance.py             a table, by kind of query
    python tests/index/relevance.py --worst 20  and the queries that lose most
    python tests/index/relevance.py --pin       and higher floors in tests/relevance-figures.toml

`corpus` is the bundled change logs, `seed` these and the real change log together, where that is present.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from math import floor, log2
from pathlib import Path
from statistics import fmean

import corpus
from index.query import SearchRequest
from index.search import Searcher
from index.store import Store
from ingest.lexicon import names
from webapp.commands.reading import Hints, parsed
from webapp.commands.store import INDEX, bring_up, ingest_folder, keep

TESTS = Path(__file__).resolve().parent.parent
SEED = TESTS.parent.parent / "shared" / "seed" / "digicert-change-log.txt"
FIGURES = TESTS / "relevance-figures.toml"
BEST, GOOD = 3, 1  # gains
DEPTH = 10

Engine = Callable[[str], list[str]]  # a query → ids, best first


@dataclass(frozen=True)
class Judged:
    """A query, and the entries that should come first, as `source:line`."""

    kind: str
    text: str
    best: tuple[str, ...]
    good: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    ndcg: float
    mrr: float


def judged(seed: bool) -> list[Judged]:
    """The queries; without the seed those that other entries answer, judged by these alone."""
    tables = tomllib.loads((TESTS / "relevance.toml").read_text(encoding="utf-8"))["query"]
    every = [Judged(t["kind"], t["text"], tuple(t["best"]), tuple(t.get("good", ()))) for t in tables]
    return every if seed else [one for query in every if (one := _without_seed(query)).best]


def _without_seed(query: Judged) -> Judged:
    best, good = (tuple(r for r in refs if not r.startswith("seed:")) for refs in (query.best, query.good))
    return Judged(query.kind, query.text, best, good)


class Library:
    """The judged entries, in a store with its index."""

    def __init__(self, data: Path, seed: bool) -> None:
        with redirect_stdout(StringIO()):
            ingest_folder(data, Path(corpus.__file__).parent)
            if seed:
                with Store.open(data) as store:
                    keep(store, [("seed", parsed(str(SEED), Hints("digicert")))])
                    bring_up(store, data / INDEX)
        self.store = Store.open(data)
        self.searcher = Searcher(self.store, data / INDEX, names())
        self.queries = judged(seed)
        self.lines: dict[str, list[tuple[int, str]]] = {}
        for stored in self.store.all():
            if not stored.gone:
                self.lines.setdefault(stored.source, []).append((stored.line, stored.id))

    def id_of(self, reference: str) -> str:
        """The entry that holds the line."""
        source, line = reference.split(":")
        return max(pair for pair in self.lines[source] if pair[0] <= int(line))[1]

    def gains(self, query: Judged) -> dict[str, int]:
        good = {self.id_of(reference): GOOD for reference in query.good}
        return good | {self.id_of(reference): BEST for reference in query.best}

    def ours(self, text: str) -> list[str]:
        return [hit.id for hit in self.searcher.search(SearchRequest(text, limit=DEPTH)).hits]

    def plain_bm25(self, joined: str) -> Engine:
        """FTS5 over title and text, Porter stems, accents folded; words are `joined` by OR or AND."""
        fts = sqlite3.connect(":memory:")
        tokenizer = "porter unicode61 remove_diacritics 2"
        fts.execute(
            f"CREATE VIRTUAL TABLE entries USING fts5(id UNINDEXED, title, text, tokenize='{tokenizer}')"
        )
        rows = ((one.id, one.entry.title, one.text) for one in self.store.all())
        fts.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)

        def ask(text: str) -> list[str]:
            said = [text] if text.startswith('"') else [f'"{word}"' for word in re.findall(r"\w+", text)]
            query = f"SELECT id FROM entries WHERE entries MATCH ? ORDER BY bm25(entries) LIMIT {DEPTH}"
            return [row[0] for row in fts.execute(query, (f" {joined} ".join(said),))]

        return ask

    def engines(self) -> dict[str, Engine]:
        return {"relnotes": self.ours, "fts5 or": self.plain_bm25("OR"), "fts5 and": self.plain_bm25("AND")}

    def scores(self, engine: Engine) -> list[tuple[Judged, Figures]]:
        return [(query, figures(engine(query.text), self.gains(query))) for query in self.queries]


def figures(ranked: list[str], gains: dict[str, int]) -> Figures:
    """nDCG@10, and the reciprocal rank of the first entry that answers."""
    ideal = _discounted(sorted(gains.values(), reverse=True))
    first = next((rank for rank, one in enumerate(ranked, 1) if gains.get(one) == BEST), 0)
    return Figures(_discounted(gains.get(one, 0) for one in ranked) / ideal, 1 / first if first else 0.0)


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(islice(gains, DEPTH), 1))


def mean(scores: Iterable[tuple[Judged, Figures]]) -> Figures:
    found = [one for _, one in scores]
    return Figures(fmean(one.ndcg for one in found), fmean(one.mrr for one in found))


def floors() -> dict[str, dict[str, float]]:
    return tomllib.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def table(library: Library) -> Iterator[str]:
    """nDCG@10 and MRR of each engine, by kind of query."""
    scores = {name: library.scores(engine) for name, engine in library.engines().items()}
    yield f"{'nDCG@10 / MRR':16}{'queries':>8}" + "".join(f"{name:>16}" for name in scores)
    for kind in (*dict.fromkeys(query.kind for query in library.queries), ""):
        row = {n: [pair for pair in found if pair[0].kind == kind or not kind] for n, found in scores.items()}
        cells = (f"{one.ndcg:.3f} / {one.mrr:.3f}" for one in map(mean, row.values()))
        count = len(row["relnotes"])
        yield f"{kind or 'all':16}{count:8}" + "".join(f"{cell:>16}" for cell in cells)


def worst(library: Library, count: int) -> Iterator[str]:
    """The queries that lose most, with what comes first and what should."""
    places = {one: f"{source}:{line}" for source, pairs in library.lines.items() for line, one in pairs}
    for query, found in sorted(library.scores(library.ours), key=lambda pair: pair[1].ndcg)[:count]:
        came = " ".join(places.get(one, "gone") for one in library.ours(query.text))
        should = f"best {' '.join(query.best)}, good {' '.join(query.good) or 'none'}"
        yield f"{found.ndcg:.3f} {query.text!r}\n  {should}\n  came {came}"


def pin(name: str, now: Figures) -> None:
    """Raise the floors to what is reached now, cut to two digits; never lower them."""
    every = floors()
    before = every.get(name, {})
    reached = {"ndcg": floor(now.ndcg * 100) / 100, "mrr": floor(now.mrr * 100) / 100}
    every[name] = {key: max(value, before.get(key, 0.0)) for key, value in reached.items()}
    tables = (f"\n[{one}]\nndcg = {pins['ndcg']}\nmrr = {pins['mrr']}\n" for one, pins in every.items())
    head = "# What nDCG@10 and MRR must not fall below.  Written by: python tests/index/relevance.py --pin\n"
    FIGURES.write_text(head + "".join(tables), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worst", type=int, default=0, help="print so many queries that lose most")
    parser.add_argument("--pin", action="store_true", help="raise the floors")
    options = parser.parse_args()
    for seed in (False, True) if SEED.exists() else (False,):
        with tempfile.TemporaryDirectory() as data:
            library = Library(Path(data), seed)
            name = "seed" if seed else "corpus"
            print(
                f"{name}, {len(library.store)} entries",
                *table(library),
                *worst(library, options.worst),
                sep="\n",
            )
            if options.pin:
                pin(name, mean(library.scores(library.ours)))


if __name__ == "__main__":
    sys.exit(main())
