"""How many requests a second?  Our site beside Datasette, which serves the same entries with FTS5 and facets.

    python -m bench.web                                10,000 entries, a table
    python -m bench.web --entries 100000 --data /tmp/bench --requests 400 --json

Datasette is looked for on the path; `--datasette` or RELNOTES_DATASETTE says where else (it wants an
environment of its own: `python3 -m venv peers && peers/bin/pip install datasette`).

Both run as their commands start them, each in a process of its own, on loopback.  Four clients ask over
connections that stay open.  The servers take turns, so that a busy moment of the machine hits both; the
median round counts, and a round ends after some seconds.  Every address is asked for once, so that no answer
comes from a cache of answers; `cached` asks for the same ones again.  A page of Datasette has the same size,
search, order and seven facets, without suggested facets, highlights and histogram; it has no feeds (its JSON
is asked for instead) and answers no 304.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic, perf_counter, sleep
from urllib.parse import quote, urlencode

import numpy as np

from bench.corpus import Made, entries, fill
from index import build
from index.store import Store

CLIENTS = 4
ROUNDS = 3
SECONDS = 8  # that a round goes on asking
SAMPLE = 3000  # entries that words and dates are taken from
KINDS = ("log", "search", "entry", "feed", "304", "cached")
FACETS = ("type", "lang", "year", "status")
LISTS = ("product", "endpoint", "param")
SETTINGS = {
    "default_page_size": 20,
    "suggest_facets": "off",
    "default_facet_size": 25,
    "facet_time_limit_ms": 20_000,
    "sql_time_limit_ms": 20_000,
}


@dataclass(frozen=True)
class Asked:
    """One request: its path, and the ETag that the client holds."""

    path: str
    etag: str = ""


@dataclass(frozen=True)
class Measured:
    """One round of one kind on one server."""

    a_second: float
    milliseconds: tuple[float, ...]
    bytes: int


# -- what is served -----------------------------------------------------------------------------------


def database(path: Path, made: Iterator[Made]) -> None:
    """The entries as Datasette wants them: lists as JSON, the text searchable, what is filtered indexed."""
    columns = ("id INTEGER PRIMARY KEY", "day", "title", "body", "type", "lang", "year", "status", *LISTS)
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE entries ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO entries VALUES ({marks})", map(_row, enumerate(made)))
        for column in ("day", *FACETS):
            connection.execute(f"CREATE INDEX by_{column} ON entries ({column})")
        connection.execute("CREATE VIRTUAL TABLE entries_fts USING fts5(title, body, content=entries)")
        connection.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
    connection.close()


def _row(numbered: tuple[int, Made]) -> tuple[object, ...]:
    number, made = numbered
    lists = [json.dumps(one) for one in (made.products, made.endpoints, made.parameters)]
    facets = (made.type, made.lang, str(made.day.year), None)
    return (number, made.day.isoformat(), made.title, made.body, *facets, *lists)


@contextmanager
def running(command: Sequence[str | Path]) -> Iterator[int]:
    """The port of a server that `command` starts and that answers; it ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = monotonic() + 60
    while process.poll() is None and monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            sleep(0.05)
    raise SystemExit(f"the server at port {port} did not come up")


# -- what is asked ------------------------------------------------------------------------------------


class Ours:
    """Addresses of our site."""

    name = "relnotes"

    def __init__(self, data: Path) -> None:
        with Store.open(data, create=False) as store:
            self.ids = [one for one, _ in store.order()]
        self.command = [sys.executable, "-m", "webapp.cli", "--data", data, "serve"]

    def path(self, kind: str, word: str, other: str, day: str, number: int) -> str:
        if kind == "log":
            return f"/?until={day}"
        if kind == "entry":
            return f"/entries/{self.ids[number % len(self.ids)]}"
        query = urlencode({"q": f"{word} {other}".strip()})
        return f"/search/feed.rss?{query}" if kind == "feed" else f"/search?{query}"


class Datasette:
    """Addresses of Datasette's pages."""

    name = "datasette"

    def __init__(self, binary: str, path: Path) -> None:
        settings = [part for name, value in SETTINGS.items() for part in ("--setting", name, str(value))]
        self.command = [binary, "serve", "--immutable", path, "--host", "127.0.0.1", *settings]
        facets = [("_facet", name) for name in FACETS] + [("_facet_array", name) for name in LISTS]
        self.facets = urlencode(facets)

    def path(self, kind: str, word: str, other: str, day: str, number: int) -> str:
        if kind == "log":
            return f"/bench/entries?_sort_desc=day&_size=40&day__lte={day}&{self.facets}"
        if kind == "entry":
            return f"/bench/entries/{number}"
        query = f"_search={quote(f'{word} {other}'.strip())}"
        if kind == "feed":
            return f"/bench/entries.json?{query}&_size=50&_shape=objects"
        return f"/bench/entries?{query}&{self.facets}"


def addresses(
    site: Ours | Datasette, kind: str, sample: Sequence[Made], size: int, rng: np.random.Generator
) -> list[str]:
    """Distinct addresses; searches for one word, and for two that stand in one entry, by turns."""
    found: dict[str, None] = {}
    while len(found) < size:
        number = int(rng.integers(len(sample)))
        words = [word.strip(".").lower() for word in sample[number].body.split()]
        one, two = (words[int(rng.integers(len(words)))] for _ in range(2))
        other = two if number % 2 else ""
        found[site.path(kind, one, other, sample[number].day.isoformat(), number)] = None
    return list(found)


# -- how it is measured -------------------------------------------------------------------------------


def load(port: int, asked: Sequence[Asked]) -> Measured:
    """All of it once, as fast as the server answers `CLIENTS` clients; what `SECONDS` leave time for."""
    parts = [asked[at::CLIENTS] for at in range(CLIENTS)]
    results: list[list[tuple[float, int]]] = [[] for _ in parts]
    failed: list[str] = []
    threads = [
        threading.Thread(target=_client, args=(port, part, result, failed))
        for part, result in zip(parts, results, strict=True)
    ]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - start
    if failed:
        raise SystemExit(f"{failed[0]} ({len(failed)} of {len(asked)} failed)")
    answers = [one for result in results for one in result]
    return Measured(
        len(answers) / seconds, tuple(took * 1000 for took, _ in answers), sum(n for _, n in answers)
    )


def _client(port: int, asked: Sequence[Asked], results: list[tuple[float, int]], failed: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    deadline = monotonic() + SECONDS
    for one in asked:
        if monotonic() > deadline:
            break
        start = perf_counter()
        connection.request("GET", one.path, headers={"If-None-Match": one.etag} if one.etag else {})
        answer = connection.getresponse()
        body = answer.read()
        results.append((perf_counter() - start, len(body)))
        if answer.status != (304 if one.etag else 200):
            failed.append(f"{one.path} answers {answer.status}")
    connection.close()


def etags(port: int, paths: Sequence[str]) -> list[Asked]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        found.append(Asked(path, str(answer.headers["ETag"])))
    connection.close()
    return found


def run(data: Path, count: int, requests: int, binary: str) -> dict[tuple[str, str], list[Measured]]:
    """Every server, every kind, every round."""
    sample = list(islice(entries(count), SAMPLE))
    if not (data / "store.sqlite").exists():
        fill(data, count).close()
    with Store.open(data) as store:
        build.update(store, data / "index")
    if not (data / "bench.db").exists():
        database(data / "bench.db", entries(count))
    sites: tuple[Ours | Datasette, ...] = (Ours(data), Datasette(binary, data / "bench.db"))
    measured: dict[tuple[str, str], list[Measured]] = {}
    with running(sites[0].command) as ours, running(sites[1].command) as theirs:
        for number in range(ROUNDS + 1):  # the first warms up and does not count
            for kind in KINDS:
                for site, port in zip(sites, (ours, theirs), strict=True):
                    found = _round(site, port, kind, sample, requests, number)
                    if found and number:
                        measured.setdefault((site.name, kind), []).append(found)
    return measured


def _round(
    site: Ours | Datasette, port: int, kind: str, sample: Sequence[Made], requests: int, number: int
) -> Measured | None:
    if kind == "304" and isinstance(site, Datasette):
        return None
    size = requests if number else max(20, requests // 10)
    rng = np.random.default_rng([number, KINDS.index("search" if kind in ("304", "cached") else kind)])
    paths = addresses(site, "search" if kind in ("304", "cached") else kind, sample, size, rng)
    return load(port, etags(port, paths) if kind == "304" else [Asked(path) for path in paths])


def table(measured: dict[tuple[str, str], list[Measured]], count: int, requests: int) -> Iterator[str]:
    bounds = f"{ROUNDS} rounds of {requests} requests or {SECONDS} s"
    yield f"{count:,} entries, {CLIENTS} clients, median of {bounds}"
    yield f"{'':8}{'relnotes':>12}{'p95 ms':>9}{'KB':>7}{'datasette':>12}{'p95 ms':>9}{'KB':>7}{'ratio':>8}"
    for kind in KINDS:
        ours, theirs = (_median(measured.get((name, kind), [])) for name in ("relnotes", "datasette"))
        ratio = f"{ours[0] / theirs[0]:8.1f}" if theirs[0] else f"{'–':>8}"
        yield f"{kind:8}{ours[0]:10.0f}/s{ours[1]:9.1f}{ours[2]:7.1f}" + (
            f"{theirs[0]:10.0f}/s{theirs[1]:9.1f}{theirs[2]:7.1f}{ratio}" if theirs[0] else ""
        )


def _median(rounds: Sequence[Measured]) -> tuple[float, float, float]:
    """Requests a second, the 95th percentile in ms, KB an answer."""
    if not rounds:
        return 0.0, 0.0, 0.0
    p95 = [float(np.percentile(one.milliseconds, 95)) for one in rounds]
    size = rounds[0].bytes / len(rounds[0].milliseconds) / 1000
    return float(np.median([one.a_second for one in rounds])), float(np.median(p95)), size


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers are ended too
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=200, help="in a round (200)")
    parser.add_argument("--data", type=Path, help="folder to keep what is built in, and to take it from")
    parser.add_argument("--datasette", default=os.environ.get("RELNOTES_DATASETTE", "datasette"))
    parser.add_argument("--json", action="store_true", help="print every single time instead of a table")
    options = parser.parse_args()
    binary = shutil.which(options.datasette)
    if binary is None:
        parser.error(f"{options.datasette}: no such command; see --help for how to install Datasette")
    with tempfile.TemporaryDirectory() as fresh:
        measured = run(options.data or Path(fresh), options.entries, options.requests, binary)
    if options.json:
        print(json.dumps({f"{a} {b}": [vars(one) for one in found] for (a, b), found in measured.items()}))
    else:
        print("\n".join(table(measured, options.entries, options.requests)))


if __name__ == "__main__":
    main()
