"""How fast is an index built, and how soon is what was added found?  Ours beside its peers.

Ours (from 5,000 entries on) and plain Whoosh use all cores, as tantivy does.  The store that ours is built
from is filled before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.corpus import entries, fill, parsed
from bench.peers import Fts5, PlainWhoosh, Tantivy
from index import build
from index.cache import ByteCache
from index.query import SearchRequest
from index.search import Searcher
from index.store import Store

ADDED = 10  # entries
ADDITIONS = 5  # times; the median counts
TYPED = 60  # words that are typed letter by letter
DEEP = 500  # page


def built(data: Path, count: int) -> dict[str, float]:
    """Build what is missing in `data`: seconds for each that was built, without making the entries up."""
    if not (data / "store.sqlite").exists():
        fill(data, count).close()
    made = cache(lambda: list(entries(count)))
    makers: dict[str, tuple[Path, Callable[[], object]]] = {
        "relnotes": (data / "index" / "CURRENT", lambda: build.rebuild(Store.open(data), data / "index")),
        "tantivy": (data / "tantivy", lambda: Tantivy.build(data / "tantivy", made())),
        "fts5": (data / "fts5.sqlite", lambda: Fts5.build(data / "fts5.sqlite", made())),
        "whoosh": (data / "whoosh", lambda: PlainWhoosh.build(data / "whoosh", made())),
    }
    seconds: dict[str, float] = {}
    for name, (path, make) in makers.items():
        if not path.exists():
            made()
            start = perf_counter()
            make()
            seconds[name] = perf_counter() - start
    return seconds


def adding(data: Path) -> float:
    """Seconds from ten new entries to a page of a running searcher that shows them, on a copy of `data`."""
    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        copy = Path(folder)
        shutil.copy(data / "store.sqlite", copy)
        shutil.copytree(
            data / "index", copy / "index", copy_function=os.link
        )  # files are never written again
        with Store.open(copy) as store:
            searcher = Searcher(store, copy / "index")
            before = searcher.find(SearchRequest(limit=1)).total
            return float(np.median([_added(store, searcher, before, n) for n in range(1, ADDITIONS + 1)]))


def _added(store: Store, searcher: Searcher, before: int, number: int) -> float:
    made = parsed(list(islice(entries(ADDED, seed=1000 + number), ADDED)))
    start = perf_counter()
    store.ingest(made, datetime(2026, 1, 2, tzinfo=UTC), f"added-{number}")
    build.update(store, searcher.index_dir)
    total = searcher.find(SearchRequest(limit=20)).total
    assert total == before + number * ADDED, total
    return perf_counter() - start


def suggesting(data: Path) -> list[float]:
    """Milliseconds of each suggestion, while words are typed letter by letter, half of them after another."""
    with Store.open(data, create=False) as store:
        searcher = Searcher(store, data / "index")
        searcher.suggest("warm up")
        return [_timed(lambda text=text: searcher.suggest(text)) for text in _typed()]  # type: ignore[misc]


def _typed() -> Iterator[str]:
    for number, made in enumerate(islice(entries(TYPED), TYPED)):
        word, before = max(made.body.lower().strip(".").split(), key=len), made.title.split()[0]
        head = f"{before} " if number % 2 else ""
        yield from (head + word[:length] for length in range(1, len(word) + 1))


def paging(data: Path) -> tuple[float, float]:
    """Milliseconds of page 1 and of page 500 of the same listings, nothing kept from one to the other."""
    with Store.open(data, create=False) as store:
        searcher = Searcher(store, data / "index")
        words = dict.fromkeys(word for made in islice(entries(20), 20) for word in made.title.lower().split())
        asked = [*(SearchRequest(word) for word in islice(words, 20)), SearchRequest()]
        return _paged(searcher, asked, 1), _paged(searcher, asked, DEEP)


def _paged(searcher: Searcher, asked: list[SearchRequest], page: int) -> float:
    def find(request: SearchRequest) -> float:
        searcher.view().results = ByteCache(0)
        at = SearchRequest(request.text, limit=20, offset=20 * (page - 1))
        return _timed(lambda: searcher.find(at))

    return float(np.mean([np.median([find(request) for _ in range(3)]) for request in asked]))


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000
