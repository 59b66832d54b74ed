"""Killed 200 times at random moments of ingesting and committing: nothing acknowledged is lost.

A child process takes in one snapshot after another, tells of each that the store has acknowledged, and
brings the index up to it; `kill -9` ends it after a random while.  What is left must be whole, and the next
child goes on from there.
"""

from __future__ import annotations

import os
import random
import signal
import traceback
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from select import select
from time import sleep

from entrymaker import day, doc, item

from index import build
from index.query import SearchRequest
from index.search import Searcher
from index.store import Store
from ingest.model import ParseResult

KILLS = 200
LONGEST = 0.08  # seconds from a child's first acknowledgement to its end
SOURCES = ("alpha", "beta", "gamma")
Versions = dict[str, int]


def snapshot(source: str, version: int) -> ParseResult:
    """A change log of three entries, each of which says the version, and one that is new in every other."""
    items = [item(f"{source} {n}", f"text of version {version}", dated="2022-01-01") for n in range(3)]
    return doc(*items, *([item(f"{source} odd", f"text of version {version}")] if version % 2 else []))


def work(data: Path, told: int) -> None:
    """Ingest and index for ever; each acknowledged snapshot is written to the pipe `told` as a line."""
    with Store.open(data) as store:
        versions = held(store)
        while True:
            source = min(SOURCES, key=lambda one: versions[one])
            versions[source] += 1
            store.ingest(snapshot(source, versions[source]), day(1), source)
            os.write(told, f"{source} {versions[source]}\n".encode())
            build.update(store, data / "index")


def held(store: Store) -> Versions:
    """The version of each source that the store holds; it must be one and the same in all of its entries."""
    found = defaultdict(set)
    for stored in store.all():
        if not stored.gone:
            found[stored.source].add(int(stored.text.split()[-1]))
    assert all(len(versions) == 1 for versions in found.values()), found
    return defaultdict(int, {source: versions.pop() for source, versions in found.items()})


def killed(data: Path, after: float) -> Versions:
    """Let a child work for so many seconds after its first snapshot, then kill it: what it told."""
    reading, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(data, told)
        except BaseException:
            os.write(told, f"failed {traceback.format_exc()}".encode())
        os._exit(1)
    os.close(told)
    select([reading], [], [], 60)
    sleep(after)  # no waiting for anything: the moment is to be a random one
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with closing(os.fdopen(reading, encoding="utf-8")) as lines:
        return dict(acknowledged(lines.read()))


def acknowledged(said: str) -> Iterator[tuple[str, int]]:
    assert "failed" not in said, said
    for line in said.splitlines():
        source, version = line.split()
        yield source, int(version)


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    moments = random.Random(9)
    for _ in range(KILLS):
        told = killed(tmp_path, moments.uniform(0, LONGEST))
        with Store.open(tmp_path) as store:
            kept = held(store)
            assert all(kept[source] >= version for source, version in told.items()), (told, kept)
            shown = Searcher(store, tmp_path / "index").find(SearchRequest(limit=100))
            assert set(shown.ids) <= {one for one, _ in store.order()}
            assert len(shown.ids) == shown.total
    with Store.open(tmp_path) as store:
        build.update(store, tmp_path / "index")
        searcher = Searcher(store, tmp_path / "index")
        assert list(searcher.find(SearchRequest(limit=100)).ids) == [one for one, _ in store.order()]
        assert sum(held(store).values()) >= KILLS  # every child was killed after one snapshot at least
        for source, version in held(store).items():
            found = searcher.search(SearchRequest(f'"version {version}"', limit=100)).hits
            assert source in {hit.stored.source for hit in found}
