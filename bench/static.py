"""How fast is a static site written?  Ours beside Hugo and Pelican, of the same entries, in one run.

    python -m bench.static                    10,000 entries; needs hugo and pelican on the PATH
    python -m bench.static --entries 2000 --work /dev/shm/bench

    python -m bench.static --feeds            every site with the feeds that its program writes by itself

Pages are HTML pages that hold something: entries, listings page by page, lists of values.  What merely sends
on is not counted (Hugo writes an alias for each first page); nor are JSON and the data of our search in the
browser, which the others do not write, though our time holds them.

All have the same entries and listings of the same five facets, 40 entries a page.  Ours and Hugo's sites come
in two languages.  Pelican's has one; its categories are the types, its tags products, endpoints and
parameters, its archives the years (which it does not cut into pages), so that it has the pages of one of our
languages.  `pelican box` is Pelican as it comes, with its own theme and feeds and a single line of settings:
it cuts no listing into pages.  Our entry pages name up to five related entries; Hugo is measured without and
with its own (`hugo related`), Pelican without.  Hugo may keep its cards (`partialCached`), as ours does.

Feeds are off unless asked for (`pelican box` always has its own).  With them, Hugo writes RSS for every list,
Pelican Atom for all, each category and each tag, ours RSS, Atom, JSON Feed and a calendar for every listing,
the API's list of entries and a site map.  Times are of whole commands, from the shell, of programs whose
modules lie compiled beside them, as they do wherever they are installed; `watch` is a program that stays
(`relnotes build --watch`), from the moment at which ten entries are in the index to the new site: `first`
after it was started, and the middle one of those after that.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, sleep

from bench import corpus
from bench.corpus import Made
from index import build
from index.store import Store

SITES = Path(__file__).parent / "sites"
_SET_CHILD_SUBREAPER = 36
ALIAS = b'http-equiv="refresh"'
HUGO = ["hugo", "--quiet", "--destination", "out"]
RELNOTES = [sys.executable, "-m", "webapp.cli"]
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of processors, pages, and the largest process in megabytes."""

    seconds: float
    cpu: float
    pages: int
    megabytes: float

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def timed(command: Sequence[str], cwd: Path) -> tuple[float, float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(command, cwd=cwd, env=AS_INSTALLED, check=True, stdout=subprocess.DEVNULL)
    seconds = perf_counter() - began
    _reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, after.ru_maxrss / 1024


def _adopt() -> None:
    """Processes that a command leaves behind come to this one: their work is counted with the command's."""
    if ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise SystemExit("the work of processes that commands start cannot be counted on this system")


def _reap() -> None:
    """Wait for the processes that were left behind."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def measured(command: Sequence[str], cwd: Path, out: Path, runs: int, clear: Callable[[], None]) -> Run:
    found = []
    for _ in range(runs):
        clear()
        found.append(timed(command, cwd))
    seconds, cpu, megabytes = min(found)
    return Run(seconds, cpu, pages(out), megabytes)


class Builder:
    """A builder that stays, as `relnotes build --watch` does."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._hear("Watching")

    def built(self, out: Path) -> Run:
        """What it takes to bring the site up to what was just added."""
        before, began = self._cpu(), perf_counter()
        self._hear("written")
        seconds, cpu = perf_counter() - began, self._cpu() - before
        return Run(seconds, cpu, pages(out), 0)

    def _hear(self, word: str) -> None:
        assert self._process.stdout
        next(line for line in self._process.stdout if word in line)

    def _cpu(self) -> float:
        """Of the builder and of its helpers, which stay as long as it does."""
        told = [_told(path) for path in Path("/proc").glob("[0-9]*/stat")]
        mine = (one for one, parent, _ in told if self._process.pid in (one, parent))
        ticks = {one: ticks for one, _, ticks in told}
        return sum(ticks[one] for one in mine) / os.sysconf("SC_CLK_TCK")


def _told(path: Path) -> tuple[int, int, int]:
    """What the system tells of a process: its number, its parent's, and its time in ticks."""
    try:
        number, _, rest = path.read_text().partition(" ")
    except OSError:  # it has just ended
        return 0, 0, 0
    said = rest.rpartition(")")[2].split()
    return int(number), int(said[1]), sum(map(int, said[11:15]))


@contextmanager
def watching(command: Sequence[str], cwd: Path) -> Iterator[Builder]:
    with subprocess.Popen(
        [*command, "--watch"], cwd=cwd, env=AS_INSTALLED, stdout=subprocess.PIPE, text=True
    ) as process:
        builder = Builder(process)
        sleep(2)  # its first look is over
        yield builder
        process.terminate()


def pages(out: Path) -> int:
    return sum(ALIAS not in path.read_bytes()[:400] for path in out.rglob("*.html"))


# -- what each is given ----------------------------------------------------------------------------


def slug(number: int) -> str:
    return f"entry-{number:05}"


def hugo(folder: Path, entries: Iterable[Made]) -> None:
    shutil.copytree(SITES / "hugo", folder)
    content = folder / "content" / "entries"
    content.mkdir(parents=True)
    for number, made in enumerate(entries):
        front = {
            "title": made.title,
            "slug": slug(number),
            "date": made.day.isoformat(),
            "params": {"spoken": made.lang, "sort": made.type, "passage": made.body[:240]},
            "types": [made.type],
            "products": made.products,
            "endpoints": made.endpoints,
            "parameters": made.parameters,
            "years": [str(made.day.year)],
        }
        text = f"{json.dumps(front, ensure_ascii=False)}\n\n{made.body}\n"
        (content / f"{slug(number)}.md").write_text(text)


def pelican(folder: Path, entries: Iterable[Made]) -> None:
    """Its categories are our types, its tags our other facets: it has no other taxonomies."""
    shutil.copytree(SITES / "pelican", folder)
    (folder / "content").mkdir()
    for number, made in enumerate(entries):
        front = {
            "Title": made.title,
            "Slug": slug(number),
            "Date": made.day.isoformat(),
            "Category": made.type,
            "Tags": ", ".join((*made.products, *made.endpoints, *made.parameters)),
            "Passage": re.sub(r"\s+", " ", made.body[:240]),
        }
        head = "".join(f"{key}: {value}\n" for key, value in front.items())
        (folder / "content" / f"{slug(number)}.md").write_text(f"{head}\n{made.body}\n")


def add_ten(data: Path, number: int) -> None:
    """Ten new entries as a source of their own: the newest of all, or, every other time, on days all over
    the years."""
    found = corpus.entries(10, seed=100 + number)
    made = [one if number % 2 else replace(one, day=date(2025, 2, 1)) for one in found]
    with Store.open(data) as store:
        store.ingest(corpus.parsed(made), datetime(2026, 1, 2, tzinfo=UTC), f"ten {number}")
        build.update(store, data / "index")


# -- the run ---------------------------------------------------------------------------------------


def run(work: Path, count: int, runs: int, feeds: bool) -> dict[str, Run]:
    made = list(corpus.entries(count))
    with corpus.fill(work / "data", count) as store:
        build.update(store, work / "data" / "index")
    hugo(work / "hugo", made)
    pelican(work / "pelican", made)
    out = {name: work / name / "out" for name in ("ours", "hugo", "pelican")}
    (work / "ours").mkdir()
    ours = [*RELNOTES, "--data", str(work / "data"), "build", str(out["ours"]), "--jobs", "2"]
    ours += ["--base-url", "https://example.com/docs"] if feeds else []
    hugos = [*HUGO, "--config", "hugo.toml,feeds.toml"] if feeds else HUGO
    settings = "feeds.py" if feeds else "pelicanconf.py"

    def pelicans(settings: str) -> Run:
        command = ["pelican", "--quiet", "--output", "out", "--settings", settings]
        return measured(command, work / "pelican", out["pelican"], 1, clear("pelican"))

    def clear(name: str) -> Callable[[], None]:
        def done() -> None:
            for path in (out[name], out[name].parent / f".{out[name].name}.relnotes"):
                shutil.rmtree(path, ignore_errors=True)

        return done

    here = Path.cwd()
    found = {
        "relnotes": measured(ours, here, out["ours"], runs, clear("ours")),
        "hugo": measured(hugos, work / "hugo", out["hugo"], runs, clear("hugo")),
        "hugo related": measured(
            [*hugos, "--environment", "related"], work / "hugo", out["hugo"], 1, clear("hugo")
        ),
        "pelican": pelicans(settings),
        "pelican box": pelicans("box.py"),
    }
    for number, name in enumerate(("ten newest", "ten spread")):
        add_ten(work / "data", number)
        found[name] = measured(ours, here, out["ours"], 1, lambda: None)
    with watching(ours, here) as builder:
        newest, spread = [], []
        for number in range(2, 10):
            add_ten(work / "data", number)
            (spread if number % 2 else newest).append(builder.built(out["ours"]))
    found |= {"watch first": newest[0], "watch newest": _middle(newest[1:]), "watch spread": _middle(spread)}
    return found


def _middle(runs: Sequence[Run]) -> Run:
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description="Static sites: ours, Hugo, Pelican.")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--feeds", action="store_true", help="Let every site have its feeds.")
    parser.add_argument("--work", type=Path, help="A folder for the sites, in memory if possible.")
    asked = parser.parse_args()
    _adopt()
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        found = run(Path(folder), asked.entries, asked.runs, asked.feeds)
    print(f"load {os.getloadavg()[0]:.1f}")
    for name, one in found.items():
        print(
            f"{name:12} {one.seconds:8.2f} s {one.cpu:8.2f} s cpu {one.pages:7,} pages {one.rate:8.0f}/s"
            f" {one.pages / one.cpu:8.0f}/cpu s {one.megabytes:6.0f} MB"
        )
    ours = found["relnotes"]
    for peer in ("hugo", "hugo related", "pelican", "pelican box"):
        print(f"{peer}: {ours.rate / found[peer].rate:.2f} ×, by cpu {_by_cpu(ours, found[peer]):.2f} ×")
    for name in ("ten newest", "ten spread", "watch first", "watch newest", "watch spread"):
        seconds, cpu = found[name].seconds / ours.seconds, found[name].cpu / ours.cpu
        print(f"{name}: {100 * seconds:.1f} % of the full build, by cpu {100 * cpu:.1f} %")


def _by_cpu(one: Run, other: Run) -> float:
    return (one.pages / one.cpu) / (other.pages / other.cpu)


if __name__ == "__main__":
    main()
