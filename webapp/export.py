"""How is a store written as a static site?  `build`: what has changed is made, what has not stays as it is.

Every file is made from something that has a digest: an entry's row, the members of a listing, the
templates.  A thing whose digest is that of the last build needs no work.  Entries are made first; they leave
fragments, of which the listings are put together.  The work is shared among processes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.states import STATE_BYTES
from ingest.errors import StoreError
from webapp import archive, compiled, offline, urls
from webapp.crew import Crew, Order, Todo, Worker, Workplace
from webapp.library import Outlined, outlined
from webapp.related import relations, surroundings
from webapp.sitefiles import alike
from webapp.sitefolder import UNKNOWN, Digests, Kept, Made, SiteFolder, digest
from webapp.staticsite import API_SIZE, At, Listing, Settings, Task, encode
from webapp.tally import Share

if TYPE_CHECKING:
    from concurrent.futures import Future

    from index.arrays import Ints

CHUNK = 64  # tasks that a helper is given at once, in the end
ALONE = 300  # tasks that are not worth helpers who have yet to begin
FIRST = "fragments-1"  # the file in which entries leave their fragments
SLACK = 1 << 20  # bytes of fragments of no use that are not worth a copy of the others
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """How many files the site has, and how many of them were written, and removed."""

    files: int
    written: int
    removed: int


def build(settings: Settings, out: Path, jobs: int = 1, progress: Progress | None = None) -> Report:
    """Write the site to `out`, or bring the one that is there up to the store.  Raises as `Builder` does."""
    with closing(Builder(settings, jobs)) as builder:
        return builder.build(out, progress)


class Builder:
    """Builds a site again and again, with up to `jobs` helpers: what it has read, and how pages are written,
    stays at hand.  One that `stays` has its helpers do little things as well.

    Raises StoreError where there is no store.
    """

    def __init__(self, settings: Settings, jobs: int = 1, stays: bool = False) -> None:
        self.settings, self.stays = settings, stays
        self.workplace = Workplace(settings)
        self.library = self.workplace.library
        self.crew = Crew(self.workplace, jobs)
        self.kept: Kept | None = None  # the manifest of the last build
        self.count = 0  # of builds
        self.last: Order | None = None

    def build(self, out: Path, progress: Progress | None = None) -> Report:
        """As the function of this name.

        Raises ConfigError where `out` holds something else; the old site stays whatever happens on the way.
        """
        self.settings.theme.check()
        self.count += 1
        folder = SiteFolder(out)
        with folder.locked():
            try:
                return _Build(self, folder, progress or (lambda done, of: None)).run()
            finally:
                self.crew.settle()

    def anew(self) -> Builder:
        """Another one for the same site, that has read nothing yet."""
        return Builder(self.settings, self.crew.jobs, self.stays)

    def settle_in(self) -> None:
        """Have what builds need at hand before they do: what pages are written by, and the helpers."""
        if self.last:
            self.workplace.read(self.last)
        if self.crew.jobs > 1:
            self.crew.begin()

    def close(self) -> None:
        """Let the helpers go."""
        self.crew.close()
        self.library.store.close()


class _Build:
    def __init__(self, builder: Builder, folder: SiteFolder, progress: Progress) -> None:
        self.settings, self.library, self.builder = builder.settings, builder.library, builder
        self.folder, self.crew, self.progress = folder, builder.crew, progress
        self.present = folder.manifest(builder.kept)
        self.things: dict[str, Made] = {}
        self.fragments = folder.work / (self.present.fragments or FIRST)
        if not self.present.fragments:
            self.fragments.unlink(missing_ok=True)
        elif self.fragments.exists():
            self._cut_off()
        self.view = self.library.view()  # of one generation, whatever is added meanwhile
        self.waiting: list[_Chunk] = []
        self.written = 0
        self.ready = False

    def run(self) -> Report:
        beside = self._begun(self._apart())  # helpers are at it while relations are looked for
        self._finish(self._begun(self._entries()))
        self._finish(beside)
        self._finish(self._begun(self._listings()))
        step = self.present.step(self.things)
        if gone := step.files_gone:
            self._prepare()
            self.folder.remove(gone)
        if self.ready:
            self._compact(step.living)
        end = self.fragments.stat().st_size if self.fragments.exists() else 0
        made = step.manifest(self.things, self.fragments.name, end)
        if self.ready:
            self.builder.kept = self.folder.swap(made, step)
        elif made != self.present:
            self.builder.kept = self.folder.remember(made)
        self.builder.last = self._order
        return Report(made.count, self.written, len(gone))

    def _prepare(self) -> None:
        if not self.ready:
            self.folder.prepare(self.present)
            self.fragments.touch()
            self.ready = True

    # -- what the site is made of ------------------------------------------------------------------

    @cached_property
    def ids(self) -> list[str]:
        """Of all entries, the newest first; their places in here are their ranks."""
        return self.view.newest

    @cached_property
    def everything(self) -> Ints:
        return np.arange(len(self.ids), dtype=np.int32)

    @cached_property
    def state(self) -> Mapping[str, bytes]:
        return self.library.store.states.now()

    @cached_property
    def states(self) -> Any:
        """By rank.  Raises StoreError where the store has lost an entry that the index has."""
        try:
            return np.frombuffer(b"".join(map(self.state.__getitem__, self.ids)), f"V{STATE_BYTES}")
        except KeyError:
            what = "entries have gone since the search index was brought up to the store"
            raise StoreError(what, str(self.library.store.path), "build again") from None

    @cached_property
    def ranks(self) -> dict[str, dict[str, Ints]]:
        """By facet and value."""
        return {facet: self.view.ranks(facet) for facet in urls.LISTINGS}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for values in self.ranks.values() for name in values}))

    @cached_property
    def look(self) -> bytes:
        """A digest of what every page depends on."""
        config = self.settings.config
        said = (config.title, config.base_url, config.authority, config.log_size, config.feed_size)
        shape = (self.settings.theme.digest(), compiled.program(), *said, _alike_digest(self.names))
        return digest(repr(shape).encode())

    def key(self, *parts: object) -> bytes:
        return hashlib.blake2b(encode(parts), key=self.look, digest_size=16).digest()

    @cached_property
    def outlined(self) -> Outlined:
        """What all entries have told when they are made."""
        shares = ((one, self.share(one)) for one in self.ids)
        return outlined(self.library.digest.sources, shares)

    def _entries(self) -> Iterator[Task]:
        look = np.uint64(int.from_bytes(self.look[:8]))
        own = self.states.view(np.uint64)[:: STATE_BYTES // 8]
        near = (surroundings(self.view, own) ^ look).tolist()
        before = [self.present.things.get(_entry(one)) for one in self.ids]
        asked = [rank for rank, made in enumerate(before) if made is None or made.near != near[rank]]
        self.things |= {_entry(one): made for one, made in zip(self.ids, before, strict=True) if made}
        kin = relations(self.view, self.library.store.twins() if asked else {}, asked)
        for rank, found in zip(asked, kin, strict=True):
            one = self.ids[rank]
            key = self.key(self.state[one], [(self.state[each.id], each.shared) for each in found])
            yield Task(_entry(one), "entry", key, (one, found), near[rank])

    def _apart(self) -> Iterator[Task]:
        """What needs nothing that the tasks of entries leave."""
        sources, everyone = self.library.digest.sources, self.state_of(self.everything)
        yield from self._offline()
        yield Task("theme", "theme", self.key("theme"))
        yield Task("missing", "missing", self.key("missing"))
        yield Task("search", "search", self.key(everyone))
        yield Task("facets", "facets", self.key(everyone))
        if self.settings.config.base_url:
            yield Task("discovery", "discovery", self.key(everyone, sources))

    def _listings(self) -> Iterator[Task]:
        yield from self._singles()
        for name, shelf in offline.shelved(self.ids).items():
            key = self.key(self.state_of_each(shelf))
            yield Task(f"texts {name}", "texts", key, partial(self._texts, name, shelf))
        yield from self._listing(None, "", self.everything)
        for facet, values in self.ranks.items():
            counts = [(value, len(ranks)) for value, ranks in values.items()]
            yield Task(f"values {facet}", "values", self.key(counts), (facet,))
            for value, ranks in values.items():
                yield from self._listing(facet, value, ranks)

    def _singles(self) -> Iterator[Task]:
        told, sources = self.outlined, self.library.digest.sources
        windowed, diagnosed = self.state_of_each(told.windowed), self.state_of_each(told.diagnosed)
        everyone = self.state_of(self.everything)
        yield Task("maintenance", "maintenance", self.key(windowed, sources), (told,))
        yield Task("diagnostics", "diagnostics", self.key(diagnosed, sources), (told,))
        yield Task("sources", "sources", self.key(everyone, sources, self.library.checks()), (told,))
        if self.settings.config.base_url:
            ranks = self.ranks["type"].get("maintenance", self.everything[:0])
            yield Task(
                "windows", "windows", self.key(self.state_of(ranks)), (len(ranks), *self._forms(ranks))
            )
            yield from self._api()

    def _offline(self) -> Iterator[Task]:
        """What the search in the browser loads."""
        parting = offline.parted(self.library.store.latest(offline.unsettled(len(self.ids))), self.ids)
        for name, ids in ((offline.BASE, parting.base), (offline.RECENT, parting.recent)):
            yield Task(f"offline {name}", "part", self.key(self.state_of_each(ids)), (name, ids))
        aliases = sorted(self.settings.config.aliases.items())
        values = [(facet, list(found)) for facet, found in self.ranks.items()]
        languages = self.library.values("lang")
        yield Task("offline", "parts", self.key(parting.runs, values, languages, aliases), (parting.runs,))

    def _listing(self, facet: str | None, value: str, ranks: Ints) -> Iterator[Task]:
        """The front's key is made of all that is listed: where it stays, so do the pages behind it."""
        name = f"{facet}={value}" if facet else "log"
        pages = archive.archived(len(ranks), self.settings.config.log_size)
        key = self.key(self.state_of(ranks), None if facet else self.library.digest.seen)
        before = self.present.things.get(f"{name} front")
        if before and before.key == key:
            names = [f"{name} front", *(f"{name} {number}" for number in range(1, pages + 1))]
            self.things |= {one: self.present.things[one] for one in names}
            return
        listing = Listing(facet, value, len(ranks), pages, *self._ends(ranks))
        front, *behind = archive.parts(len(ranks), self.settings.config.log_size)
        yield Task(f"{name} front", "front", key, partial(self._front, listing, ranks, front.last))
        for part in behind:
            mine = ranks[part.first : part.last]
            key = self.key(self.state_of(mine), archive.neighbours(part.number, pages))
            yield Task(
                f"{name} {part.number}", "behind", key, partial(self._behind, listing, part.number, mine)
            )

    def _ends(self, ranks: Ints) -> tuple[str | None, str | None]:
        """The ids of the first and the latest that have a date."""
        first, latest = (
            next((self.ids[at] for at in some.tolist() if self.view.days[at]), None)
            for some in (ranks[::-1], ranks)
        )
        return first, latest

    def _front(self, listing: Listing, ranks: Ints, shown: int) -> tuple[Any, ...]:
        told = None if listing.facet else self.outlined
        return listing, self._cards(ranks[:shown]), *self._forms(ranks), told

    def _behind(self, listing: Listing, number: int, ranks: Ints) -> tuple[Any, ...]:
        return listing, number, self._cards(ranks)

    def _api(self) -> Iterator[Task]:
        total = len(self.ids)
        front, *behind = archive.parts(total, API_SIZE)
        for part in (front, *behind):
            mine = self.everything[part.first : part.last]
            about = (part.number, len(behind), total, self._places(mine))
            key = self.key(self.state_of(mine), None if part.number else total)
            yield Task(f"api {part.number}", "entries", key, about)

    def _forms(self, ranks: Ints) -> tuple[list[At], list[At]]:
        """What the feeds and the calendar of a listing are put together from."""
        config = self.settings.config
        if not config.base_url:
            return [], []
        windowed = ranks[[self.share(self.ids[rank]).windows > 0 for rank in ranks.tolist()]]
        return self._places(ranks[: config.feed_size]), self._places(windowed[: config.calendar_size])

    def _texts(self, name: str, shelf: Sequence[str]) -> tuple[Any, ...]:
        return name, shelf, [self.things[_entry(one)].place for one in shelf]

    def _cards(self, ranks: Ints) -> list[tuple[At, str | None]]:
        return list(zip(self._places(ranks), map(self.view.days.__getitem__, ranks.tolist()), strict=True))

    def _places(self, ranks: Ints) -> list[At]:
        """Where the fragments of entries lie."""
        return [self.things[_entry(self.ids[rank])].place for rank in ranks.tolist()]

    def share(self, one: str) -> Share:
        found = self.things[_entry(one)].share
        assert found
        return found

    def state_of(self, ranks: Any) -> bytes:
        """The same for the same entries in the same state, in the same order."""
        return digest(self.states[ranks].tobytes())

    def state_of_each(self, ids: Iterable[str]) -> bytes:
        """The same by their ids."""
        return digest(b"".join(map(self.state.__getitem__, ids)))

    # -- work --------------------------------------------------------------------------------------

    def _begun(self, tasks: Iterable[Task]) -> list[_Chunk]:
        """Take over what is made so already, and give helpers the rest, if it is much, while it is being
        found."""
        chunks, chunk = list[_Chunk](), list[Todo]()
        for task in tasks:
            before = self.present.things.get(task.name)
            if before and before.key == task.key:
                self.things[task.name] = before if before.near == task.near else before.moved(task.near)
                continue
            chunk.append((task.ready, self._old(task)))
            if len(chunk) == _size(len(chunks)):
                chunks.append(self._waiting(chunk))
                chunk = []
        if chunk:
            chunks.append(self._waiting(chunk))
        return chunks

    def _waiting(self, tasks: list[Todo]) -> _Chunk:
        """Tasks that wait, or are given to helpers with all others that wait, if they are worth it."""
        self._prepare()
        made = _Chunk(tasks)
        self.waiting.append(made)
        if self.crew.jobs > 1 and (self.builder.stays or self.crew.has_begun or self._much):
            for chunk in self.waiting:
                chunk.work = self.crew.hand_out(self._order, chunk.tasks)
            self.waiting = []
        return made

    @property
    def _much(self) -> bool:
        """Whether there is work for helpers who have yet to begin."""
        waiting = len(self.ids) if not self.present.things else sum(len(one.tasks) for one in self.waiting)
        return waiting > ALONE

    def _finish(self, chunks: list[_Chunk]) -> None:
        """See that everything is made, in order; what waits no longer does."""
        self.waiting = []
        todo = sum(len(chunk.tasks) for chunk in chunks)
        for done, (name, made) in enumerate(self._made(chunks), 1):
            self.things[name] = made
            self.progress(done, todo)

    def _cut_off(self) -> None:
        """Drop the fragments that a build has left which did not come to its end."""
        if self.fragments.stat().st_size > self.present.end:
            os.truncate(self.fragments, self.present.end)

    def _compact(self, living: int) -> None:
        """Copy the fragments that are still of use, where they have become less than half of their file."""
        if self.fragments.stat().st_size <= 2 * living + SLACK:
            return
        with self.fragments.open("rb") as before:
            self.fragments = self.fragments.with_name(f"fragments-{_number(self.fragments) + 1}")
            with self.fragments.open("wb") as kept:
                for name, made in self.things.items():
                    if made.place:
                        first, *lengths = made.place
                        before.seek(first)
                        place = (kept.tell(), *lengths)
                        kept.write(before.read(sum(lengths)))
                        self.things[name] = Made(made.key, made.packed, place, made.share, made.near)

    def _made(self, chunks: list[_Chunk]) -> Iterator[tuple[str, Made]]:
        for chunk in chunks:
            results = self.crew.result(chunk.work) if chunk.work else self._worker.do(chunk.tasks)
            for (task, _), (made, written) in zip(chunk.tasks, results, strict=True):
                self.written += written
                yield task.name, made
            chunk.work = None  # what it has made need not be kept twice

    @property
    def _worker(self) -> Worker:
        """This process itself."""
        return self.builder.workplace.worker(self._order)

    @cached_property
    def _order(self) -> Order:
        folder = self.folder
        names = tuple(sorted(alike(self.names)))
        return Order(self.builder.count, self.look, names, self.fragments, folder.out, folder.first)

    def _old(self, task: Task) -> Digests | None:
        """What the last build made of the same thing; None where that is not known."""
        before = self.present.things.get(task.name)
        return before.files if before else None if UNKNOWN in self.present.things else {}


@dataclass(slots=True)
class _Chunk:
    """Tasks, each with what the last build made of it, and the results to come of another process."""

    tasks: list[Todo]
    work: Future[bytes] | None = None


def _size(chunks: int) -> int:
    """How many tasks make the next chunk: few at first, so that little work is shared out evenly."""
    return min(CHUNK, 4 << chunks // 2)


def _entry(one: str) -> str:
    """What an entry's thing is called."""
    return f"entry {one}"


def _number(fragments: Path) -> int:
    return int(fragments.name.rpartition("-")[2])


def _alike_digest(names: Iterable[str]) -> list[str]:
    return sorted(alike(names))
