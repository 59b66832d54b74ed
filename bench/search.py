"""How fast is a page of results?  Ours beside tantivy and SQLite FTS5, on the same entries and queries.

    python -m bench.search                                  10,000 entries, a table
    python -m bench.search --entries 1000 10000 100000
    python -m bench.search --entries 100000 --data /tmp/bench --json

A page is the best 20, the total, and the counts of facets (ours counts seven and the months, the peers four).
Each engine runs in a process of its own.  `cold`: a fresh process, each query for the first time, files in
cache; `new`: terms used before, the query's result not kept; `warm`: the same queries again, no page kept.
Then: how fast each is built, how soon ten new entries are found, completions as one types, page 500 beside
page 1, and searches over HTTP (`bench/building.py`, `bench/serving.py`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench import building, serving
from bench.corpus import entries
from bench.peers import Engine, Fts5, Tantivy
from bench.queries import KINDS, Asked, queries
from index.cache import ByteCache
from index.search import Searcher
from index.store import Store

ENGINES = ("relnotes", "tantivy", "fts5")
STARTS = 3  # fresh processes of each engine
ROUNDS = 3  # in each of them; the median counts, query by query
SAMPLE = 1000  # entries that the queries' words are taken from


class Relnotes:
    """Our own public function, without its cache of whole pages."""

    name = "relnotes"

    def __init__(self, data: Path) -> None:
        self.searcher = Searcher(Store.open(data, create=False), data / "index")

    def page(self, asked: Asked) -> int:
        return self.searcher.find(asked.request).total

    def forget_results(self) -> None:
        self.searcher.view().results = ByteCache(0)


def opened(name: str, data: Path) -> Engine:
    if name == "relnotes":
        return Relnotes(data)
    return Tantivy(data / "tantivy") if name == "tantivy" else Fts5(data / "fts5.sqlite")


def serve(name: str, data: Path) -> None:
    """Be the process of one engine: answer cold, then one round for each line read."""
    asked = queries(list(islice(entries(SAMPLE), SAMPLE)))
    start = perf_counter()
    engine = opened(name, data)
    engine.page(asked[0])
    first = (perf_counter() - start) * 1000
    cold, totals = timed(engine, asked)
    print(json.dumps({"first": first, "cold": cold, "totals": totals}), flush=True)
    for line in sys.stdin:
        if line.strip() == "new" and isinstance(engine, Relnotes):
            engine.forget_results()
        print(json.dumps({"times": timed(engine, asked)[0], "megabytes": peak_memory()}), flush=True)


def timed(engine: Engine, asked: list[Asked]) -> tuple[list[float], list[int]]:
    """Milliseconds and total of each query."""
    times, totals = [], []
    for one in asked:
        start = perf_counter()
        totals.append(engine.page(one))
        times.append((perf_counter() - start) * 1000)
    return times, totals


def peak_memory() -> float:
    """Megabytes that this process held at most, mapped files included (0 where /proc does not tell)."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


class Process:
    """An engine in a process of its own."""

    def __init__(self, name: str, data: Path) -> None:
        command = [sys.executable, "-m", "bench.search", "--data", str(data), "--one", name]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.cold = self.read()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def round(self, mode: str) -> dict[str, Any]:
        assert self.process.stdin
        print(mode, file=self.process.stdin, flush=True)
        return self.read()

    def close(self) -> None:
        self.process.communicate()


def run(data: Path, count: int) -> dict[str, Any]:
    """Every engine's times; engines take turns, so that a busy moment of the machine hits all of them."""
    data.mkdir(parents=True, exist_ok=True)
    built = building.built(data, count)
    starts: dict[str, list[dict[str, Any]]] = {name: [] for name in ENGINES}
    rounds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _ in range(STARTS):
        processes = {name: Process(name, data) for name in ENGINES}
        for mode in ("warm", "new"):
            for name in ENGINES * ROUNDS:
                if mode == "warm" or name == "relnotes":
                    rounds.setdefault((name, mode), []).append(processes[name].round(mode))
        for name, process in processes.items():
            starts[name].append(process.cold)
            process.close()
    engines = {name: _summary(name, starts[name], rounds) for name in ENGINES}
    kinds = [one.kind for one in queries(list(islice(entries(SAMPLE), SAMPLE)))]
    return {
        "entries": count,
        "built": built,
        "kinds": kinds,
        "engines": engines,
        "adding": building.adding(data),
        "suggesting": building.suggesting(data),
        "paging": building.paging(data),
        "http": serving.measure(data),
    }


def _summary(
    name: str, starts: list[dict[str, Any]], rounds: dict[tuple[str, str], list[dict[str, Any]]]
) -> dict[str, Any]:
    modes = {"cold": _medians([one["cold"] for one in starts])}
    modes |= {
        mode: _medians([one["times"] for one in found]) for (n, mode), found in rounds.items() if n == name
    }
    return {
        "first": float(np.median([one["first"] for one in starts])),
        "modes": modes,
        "totals": starts[0]["totals"],
        "megabytes": max(one["megabytes"] for one in rounds[name, "warm"]),
    }


def _medians(times: list[list[float]]) -> list[float]:
    """Query by query."""
    return [float(one) for one in np.median(np.array(times), axis=0)]


def rows(report: dict[str, Any]) -> Iterator[tuple[str, str, float, float, float, float]]:
    """(engine, mode, p50, p95, mean in ms, mean against tantivy's in that mode)."""
    tantivy = report["engines"]["tantivy"]["modes"]
    for name, result in report["engines"].items():
        for mode, times in result["modes"].items():
            base = np.mean(tantivy["warm" if mode == "new" else mode])
            p50, p95 = np.percentile(times, [50, 95])
            yield name, mode, p50, p95, float(np.mean(times)), float(np.mean(times) / base)


def table(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['entries']:,} entries, {len(report['kinds'])} queries; milliseconds a page"
    yield f"{'':10}{'':6}{'p50':>8}{'p95':>8}{'mean':>8}{'× tantivy':>11}"
    for name, mode, p50, p95, mean, ratio in rows(report):
        yield f"{name:10}{mode:6}{p50:8.3f}{p95:8.3f}{mean:8.3f}{ratio:11.2f}"
    yield ""
    yield f"{'warm mean':16}" + "".join(f"{kind:>9}" for kind in KINDS)
    for name, result in report["engines"].items():
        by_kind = [_mean_of(kind, report["kinds"], result["modes"]["warm"]) for kind in KINDS]
        yield f"{name:16}" + "".join(f"{mean:9.3f}" for mean in by_kind)
    yield ""
    for name, result in report["engines"].items():
        yield f"{name:10} first page {result['first']:.0f} ms, {result['megabytes']:.0f} MB at most"
    yield ""
    for name, seconds in report["built"].items():
        yield f"{name:10} built at {report['entries'] / seconds:,.0f} entries/s"
    p50, p95 = np.percentile(report["suggesting"], [50, 95])
    first, deep = report["paging"]
    yield f"ten entries added and found in {report['adding'] * 1000:.0f} ms"
    yield f"completions: p50 {p50:.2f} ms, p95 {p95:.2f} ms"
    yield f"page 1 in {first:.2f} ms, page {building.DEEP} in {deep:.2f} ms"
    yield from serving.table(report["http"])


def _mean_of(kind: str, kinds: list[str], times: list[float]) -> float:
    return float(np.mean([time for one, time in zip(kinds, times, strict=True) if one == kind]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000], help="how many, once or more")
    parser.add_argument("--data", type=Path, help="folder to keep what is built in, one for each size")
    parser.add_argument("--json", action="store_true", help="print every single time instead of a table")
    parser.add_argument("--one", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        serve(options.one, options.data)
        return
    with tempfile.TemporaryDirectory() as fresh:
        for count in options.entries:
            report = run((options.data or Path(fresh)) / str(count), count)
            print(json.dumps(report) if options.json else "\n".join((*table(report), "")), flush=True)


if __name__ == "__main__":
    main()
