"""Which processes make the files of a site?  The builder's own, and helpers, which stay as long as it does.

What a process has read, and how it writes pages, stays at hand from one build to the next (`Workplace`).
"""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ingest.errors import ConfigError
from webapp import compiled
from webapp.library import Library
from webapp.sitefolder import Digests, Made, SiteFolder, digest, packed
from webapp.staticsite import At, Output, Pieces, Settings, Task, Writer, editions

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.context import BaseContext

    from webapp.edition import Edition

OBJECTS = 5_000_000  # new objects after which garbage is looked for: pages leave hardly any
Todo = tuple[Task, Digests | None]  # and what the last build made of it, where that is known
Done = tuple[Made, int]  # and how many of its files were written
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Done]).decode


@dataclass(frozen=True, slots=True)
class Order:
    """What a build asks for; `number` tells it from others of the same builder.

    `look` is a digest of what every page depends on, `names` are those of facet values that are alike,
    `fragments` is the file in which entries leave theirs, `first` as for a SiteFolder.
    """

    number: int
    look: bytes
    names: tuple[str, ...]
    fragments: Path
    out: Path
    first: bool


class Worker:
    """Makes files and puts them into the next site, unless they are there already."""

    def __init__(self, order: Order, settings: Settings, library: Library, spoken: list[Edition]) -> None:
        self.writer = Writer(settings, library, spoken, order.fragments)
        self.fragments, self.folder = order.fragments, SiteFolder(order.out, order.first)

    def do(self, tasks: Sequence[Todo]) -> list[Done]:
        self.writer.expect(task for task, _ in tasks)
        outputs = [self.writer.make(task) for task, _ in tasks]
        places = self._keep([output.fragments for output in outputs])
        return [
            self._done(task, old, output, place)
            for (task, old), output, place in zip(tasks, outputs, places, strict=True)
        ]

    def _keep(self, left: Sequence[Pieces]) -> list[At]:
        """Where that lies which each output has left; several processes write at the end of the file."""
        if not any(left):
            return [()] * len(left)
        with self.fragments.open("ab") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)  # until it is closed
            at = kept.seek(0, os.SEEK_END)
            places = list[At]()
            for pieces in left:
                kept.writelines(pieces)
                lengths = [len(piece) for piece in pieces]
                places.append((at, *lengths) if pieces else ())
                at += sum(lengths)
        return places

    def _done(self, task: Task, old: Digests | None, made: Output, place: At) -> Done:
        files, written = {}, 0
        for file, data in made.files:
            files[file] = digest(data)
            if files[file] != (self.folder.digest_of(file) if old is None else old.get(file)):
                self.folder.write(file, data)
                written += 1
        return Made(task.key, packed(files), place, made.share, task.near), written


class Workplace:
    """What a process has at hand to make a site's files.  Raises StoreError where there is no store."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.library = Library(settings.config.data_dir, settings.config.aliases)
        self._editions: tuple[bytes, Path, list[Edition]] | None = None
        self._worker: tuple[Order, Worker] | None = None

    def worker(self, order: Order) -> Worker:
        """The one for this order; what is not of one order only stays."""
        if self._worker is None or self._worker[0] != order:
            self.library.follow()
            self._worker = order, Worker(order, self.settings, self.library, self._spoken(order))
        return self._worker[1]

    def read(self, order: Order) -> None:
        """Read what pages are written by before any are asked for."""
        for edition in self._spoken(order):
            edition.environment.read()

    def _spoken(self, order: Order) -> list[Edition]:
        """The languages of the site while it has this look."""
        if self._editions is None or self._editions[0] != order.look:
            folder = compiled.folder(self.settings.theme, SiteFolder(order.out).work)
            made = editions(self.settings, self.library, order.names, folder)
            self._editions = order.look, folder, made
        _, folder, made = self._editions
        with suppress(OSError):  # they are compiled again then
            folder.mkdir(parents=True, exist_ok=True)  # somebody may have removed it since
        return made


class Crew:
    """The helpers of a builder, up to `jobs` processes; they begin when something is handed out first."""

    def __init__(self, workplace: Workplace, jobs: int) -> None:
        self.jobs, self._workplace = jobs, workplace
        self._pool: ProcessPoolExecutor | None = None
        self._given: set[Future[bytes]] = set()

    def begin(self) -> None:
        """Let the helpers begin, unless they have."""
        global _here
        if self._pool is not None:
            return
        from concurrent.futures import ProcessPoolExecutor  # not needed where little has changed

        self._workplace.library.store.close()  # no process may share a connection with another; it opens anew
        _here = self._workplace
        pool = ProcessPoolExecutor(self.jobs, _beginnings(), _begin, (self._workplace.settings,))
        try:
            with self._unbroken():
                pool.submit(int).result()  # all have begun
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            _here = None
        self._pool = pool

    def hand_out(self, order: Order, tasks: list[Todo]) -> Future[bytes]:
        """Have something done.  Raises ConfigError where a helper was killed; others begin the next time."""
        self.begin()
        assert self._pool
        with self._unbroken():
            given = self._pool.submit(_work, order, tasks)
        self._given.add(given)
        return given

    def result(self, given: Future[bytes]) -> list[Done]:
        """What came of it.  Raises as its making has raised, and as `hand_out` does."""
        with self._unbroken():
            done = given.result()
        self._given.discard(given)
        return _unpack(done)

    @contextmanager
    def _unbroken(self) -> Iterator[None]:
        from concurrent.futures.process import BrokenProcessPool

        try:
            yield
        except BrokenProcessPool:
            self._pool = None
            what = "a process that was making pages has been killed"
            raise ConfigError(what, None, "see that there is memory enough, or give fewer --jobs") from None

    def settle(self) -> None:
        """Let nothing be left of a build that has ended: what was handed out is done, or never will be."""
        for given in self._given:
            given.cancel()
        for given in self._given:
            if not given.cancelled():
                given.exception()
        self._given.clear()

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown()
            self._pool = None

    @property
    def has_begun(self) -> bool:
        return self._pool is not None


def spare_collector() -> None:
    """Let the garbage collector of this process look less often: what is there stays to the end."""
    gc.freeze()
    gc.set_threshold(OBJECTS)


# -- in a helper -----------------------------------------------------------------------------------

_here: Workplace | None = None  # of this process; a helper that is forked begins with its builder's


def _begin(settings: Settings) -> None:
    global _here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the builder, which waits for its helpers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    spare_collector()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here = _here or Workplace(settings)


def _work(order: Order, tasks: list[Todo]) -> bytes:
    """What was done, packed: as objects it would take longer on its way than to be read here."""
    assert _here
    return _pack(_here.worker(order).do(tasks))


def _end_with_parent() -> None:
    """Let no helper of a builder that was killed go on, nor keep the site locked."""
    from multiprocessing import connection, parent_process

    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _beginnings() -> BaseContext:
    """How helpers begin: forked from this process, or from a fresh one where this one has several threads."""
    from multiprocessing import get_context

    if sys.platform == "linux" and threading.active_count() == 1:
        return get_context("fork")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context
