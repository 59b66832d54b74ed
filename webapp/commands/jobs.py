"""How are many sources read, by several processes, and none of them stored before all are read?

Each parse is written to a folder of its own as soon as it is made, and read back when its turn comes to
be stored: however many sources there are, memory holds the parses in work and no more.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest import lexicon
from ingest.errors import SourceError
from ingest.fetch import STDIN, is_address, shown
from ingest.model import Hints, ParseResult
from webapp.commands.reading import parsed


@dataclass(frozen=True, slots=True)
class Task:
    """A source to read: the name it is kept under, its file or `-`, and what is known of it."""

    name: str
    file: str
    hints: Hints


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Readings:
    """The parses of several sources, each read back from its place on disk as it is asked for."""

    tasks: Sequence[Task]
    places: Sequence[Path]

    def __iter__(self) -> Iterator[tuple[str, ParseResult]]:
        """Their names and parses, in order, each once: then its place on disk is free."""
        for task, place in zip(self.tasks, self.places, strict=True):
            yield task.name, _kept(place)
            place.unlink()

    def of(self, names: Collection[str]) -> Iterator[tuple[Task, ParseResult]]:
        """Those of some sources only, with what was to be read."""
        for task, place in zip(self.tasks, self.places, strict=True):
            if task.name in names:
                yield task, _kept(place)


@contextmanager
def readings(tasks: Sequence[Task], jobs: int) -> Iterator[Readings]:
    """All sources read, by `jobs` processes.

    Raises the error of the first source that cannot be read; SourceError where a process dies.
    """
    with ExitStack() as stack:
        spool = Path(stack.enter_context(TemporaryDirectory(prefix="relnotes-")))
        places = [spool / str(number) for number in range(len(tasks))]
        _read_all(tasks, places, min(jobs, len(tasks)))
        yield Readings(tasks, places)


def _read_all(tasks: Sequence[Task], places: Sequence[Path], jobs: int) -> None:
    with _progress() as progress:
        for _ in progress.track(_read(tasks, places, jobs), total=len(tasks), description="Reading"):
            pass


def _read(tasks: Sequence[Task], places: Sequence[Path], jobs: int) -> Iterator[None]:
    """Read and write each; yields after each, in order."""
    if jobs <= 1:
        for task, place in zip(tasks, places, strict=True):
            _write(task, place)
            yield
        return
    # a fresh interpreter for each: a forked one would inherit the threads of the progress bar half alive
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, (lexicon.in_use(),))
    try:
        yield from _results(pool, tasks, places)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _results(pool: ProcessPoolExecutor, tasks: Sequence[Task], places: Sequence[Path]) -> Iterator[None]:
    work = list(zip(tasks, places, strict=True))
    futures: dict[int, Future[None]] = {
        number: pool.submit(_write, task, place)
        for number, (task, place) in enumerate(work)
        # standard input belongs to this process alone, and hosts are asked for one page at a time
        if task.file != STDIN and not is_address(task.file)
    }
    for number, (task, place) in enumerate(work):
        try:
            _result(futures.get(number), task, place)
        except BrokenProcessPool:
            what = "a process that read sources died at this one or near it, perhaps for want of memory"
            raise SourceError(what, shown(task.file), "nothing is stored; try fewer --jobs") from None
        yield


def _result(future: Future[None] | None, task: Task, place: Path) -> None:
    """Wait for what another process writes, or write it here."""
    if future is not None:
        future.result()
    else:
        _write(task, place)


def _prepare(packs: Path | None) -> None:
    """Make a new process ready: Ctrl-C is the business of the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lexicon.use(packs)


def _write(task: Task, place: Path) -> None:
    with place.open("wb") as stream:
        pickle.dump(parsed(task.file, task.hints), stream, pickle.HIGHEST_PROTOCOL)


def _kept(place: Path) -> ParseResult:
    with place.open("rb") as stream:
        result: ParseResult = pickle.load(stream)
    return result


def _progress() -> Progress:
    """A bar on stderr where that is a terminal, else nothing at all."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal)
