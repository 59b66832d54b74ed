"""How many searches a second does the site answer, over real HTTP, rendered pages included?

`relnotes serve` runs in a process of its own, bound to one core where the system allows it; clients ask
over connections that stay open.  `fresh`: every search for the first time, of a server that has just begun;
`distinct`: the same of one that has answered others for a while; `repeated`: these once more, which the
server has kept.  A rate is given by the clock, and by the processor time that the server took: on a machine
with other work the second says what a core of its own would do.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

from bench.corpus import entries
from bench.queries import queries
from webapp import querystring

CLIENTS = 2  # connections that ask at the same time
WARM, MEASURED, WHILE = 100, 500, 2_000  # searches before the first are measured; at a time; in between
SAMPLE = 1000
MODES = ("fresh", "distinct", "repeated")


def searches(count: int) -> list[str]:
    """Paths of distinct searches, in the mix of the other benchmarks."""
    sample = list(islice(entries(SAMPLE), SAMPLE))
    found: dict[str, None] = {}
    seed = 100
    while len(found) < count:
        found |= dict.fromkeys(querystring.search(asked.request) for asked in queries(sample, seed))
        seed += 1
    return list(islice(found, count))


@contextmanager
def served(data: Path) -> Iterator[tuple[int, int]]:
    """(process id, port) of a server for the entries in `data`."""
    command = [sys.executable, "-m", "webapp.cli", "--data", str(data), "serve", "--port", "0"]
    with _one_core():
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        said = process.stdout.readline()
        port = re.search(r":(\d+)/", said)
        assert port, said
        yield process.pid, int(port[1])
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _one_core() -> Iterator[None]:
    """What is started meanwhile is bound to one core, with all of its threads; not on every system."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def measure(data: Path) -> dict[str, float]:
    """Searches a second, by clock and by processor time, in each of `MODES`."""
    asked = iter(searches(WARM + MEASURED + WHILE + MEASURED))
    found: dict[str, float] = {}
    with served(data) as (pid, port):
        ask(port, list(islice(asked, WARM)))
        found |= rates(pid, port, "fresh", list(islice(asked, MEASURED)))
        ask(port, list(islice(asked, WHILE)))
        last = list(asked)
        for mode in ("distinct", "repeated"):
            found |= rates(pid, port, mode, last)
    return found


def rates(pid: int, port: int, mode: str, paths: Sequence[str]) -> dict[str, float]:
    before, start = processor_seconds(pid), perf_counter()
    ask(port, paths)
    taken, busy = perf_counter() - start, processor_seconds(pid) - before
    return {mode: len(paths) / taken, f"{mode}_a_core_second": len(paths) / busy if busy else 0.0}


def ask(port: int, paths: Sequence[str]) -> None:
    """Get every path once, over `CLIENTS` connections at the same time."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda first: _ask(port, paths[first::CLIENTS]), range(CLIENTS)))


def _ask(port: int, paths: Sequence[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        assert b"</html>" in body
    connection.close()


def processor_seconds(pid: int) -> float:
    """What a process has used so far (0 where /proc does not tell)."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(found: dict[str, float]) -> Iterator[str]:
    for mode in MODES:
        rate, core = found[mode], found[f"{mode}_a_core_second"]
        yield f"HTTP, {mode} searches: {rate:,.0f} a second, {core:,.0f} a second of processor time"
