"""What do the pages read from?  The store, the search index, and a digest of all entries."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.chains import Chain
from index.checks import Check
from index.query import FacetValue, SearchPage, SearchRequest, Suggestion
from index.search import Found, Searcher
from index.store import Revision, Source, Store, StoredEntry
from ingest.model import Form
from webapp.schedule import Schedule, schedule
from webapp.tally import Share, Tallies, Tally, tallies

if TYPE_CHECKING:
    from index.view import View


class Digest:
    """What is derived from the sources and from all entries at one generation of the store.

    `written` is when that generation was written at the latest, in UTC, whole seconds.
    """

    def __init__(self, store: Store, generation: int) -> None:
        self.generation, self._store = generation, store
        self.written = _written(store)
        self.sources: tuple[Source, ...] = tuple(store.sources())
        self.seen: datetime | None = max((source.seen for source in self.sources), default=None)
        self.forms: Mapping[str, Form] = {source.name: source.form for source in self.sources}

    @cached_property
    def schedule(self) -> Schedule:
        windowed = self._store.get_many(self.outlined.windowed)
        return schedule(stored for stored in windowed if not stored.gone)

    @cached_property
    def diagnosed(self) -> tuple[StoredEntry, ...]:
        return tuple(self._store.get_many(self.outlined.diagnosed))

    @cached_property
    def windowed(self) -> frozenset[str]:
        """Ids of the entries that have a window which holds, gone ones too."""
        return frozenset(self.outlined.windowed)

    @property
    def tallies(self) -> Tallies:
        """By source."""
        return self.outlined.tallies

    @cached_property
    def outlined(self) -> Outlined:
        """Made of every entry when first asked for, unless it is told before."""
        return outlined(self.sources, self._shares())

    def _shares(self) -> Iterator[tuple[str, Share]]:
        for one, source, outline, conflicts in self._store.outlines():
            yield one, Share.of(source, outline, len(outline.diagnostics) + conflicts)


@dataclass(frozen=True, slots=True)
class Outlined:
    """What all entries have told: counts by source, and ids, newest first."""

    tallies: dict[str, Tally]
    windowed: list[str]
    diagnosed: list[str]


def outlined(sources: Iterable[Source], shares: Iterable[tuple[str, Share]]) -> Outlined:
    """Of the entries of these sources, by id and newest first."""
    known = list(shares)
    return Outlined(
        tallies([source.name for source in sources], [share for _, share in known]),
        [one for one, share in known if share.windows],
        [one for one, share in known if share.doubts],
    )


class Library:
    """Read access to one data directory; may be shared by threads."""

    def __init__(self, data_dir: Path, aliases: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.store = Store.open(data_dir, create=False)
        self._searcher = Searcher(self.store, data_dir / "index", aliases)
        self.aliases: Mapping[str, tuple[str, ...]] = aliases or {}
        self._lock = threading.Lock()
        self._digest: Digest | None = None

    @property
    def generation(self) -> int:
        """That of the index, which follows the store."""
        return self._searcher.generation

    @property
    def behind(self) -> bool:
        """Has the store changed since the index was brought up to it?"""
        return self._searcher.behind

    def search(self, request: SearchRequest) -> SearchPage:
        return self._searcher.search(request)

    def find(self, request: SearchRequest) -> Found:
        """What a request finds, without highlights: ids of one page, which may be as long as you like."""
        return self._searcher.find(request)

    def values(self, facet: str) -> list[FacetValue]:
        """Every value of a facet, by name."""
        return self._searcher.values(facet)

    def view(self) -> View:
        """The present generation of the index, which stays as it is for who holds it."""
        return self._searcher.view()

    def around(self, facet: str, value: str, entry_id: str, reach: int) -> tuple[int, list[str]]:
        """How many entries have a value, and the ids of those around one of them, the nearest first."""
        return self._searcher.around(facet, value, entry_id, reach)

    def suggest(self, text: str) -> tuple[Suggestion, ...]:
        """Queries that go on from what was typed."""
        return self._searcher.suggest(text)

    def lengths(self) -> dict[str, float]:
        """The number of terms in every entry's text, as scores count it, by id."""
        return self._searcher.lengths()

    def entry(self, entry_id: str) -> StoredEntry | None:
        return self.store.get(entry_id)

    def form(self, stored: StoredEntry) -> Form:
        """The form in which the entry's source was last read."""
        known = self._digest.forms.get(stored.source) if self._digest else None
        return known or self.digest.forms.get(stored.source, Form.TEXT)

    def chains(self, stored: StoredEntry) -> tuple[Chain, ...]:
        """Which of the entry's dates gave way to which."""
        return self.store.chains(stored)

    def revisions(self, entry_id: str) -> list[Revision]:
        return self.store.revisions(entry_id)

    def life(self, stored: StoredEntry) -> list[Revision]:
        """The entry's revisions; the store is asked only where there is more than the first."""
        if stored.revision == 1:
            return [Revision(1, stored.first_seen, (), True, stored.entry, stored.text)]
        return self.revisions(stored.id)

    @property
    def digest(self) -> Digest:
        """The digest of the present generation, made once for each."""
        generation = self.store.generation
        with self._lock:
            if self._digest is None or self._digest.generation != generation:
                self._digest = Digest(self.store, generation)
            return self._digest

    def follow(self) -> None:
        """Let what is derived be made anew, of the present generation."""
        with self._lock:
            self._digest = Digest(self.store, self.store.generation)

    def checks(self) -> tuple[Check, ...]:
        """The last look at every followed source; one that found nothing new makes no new digest."""
        return tuple(self.store.checks())


def _written(store: Store) -> datetime:
    """When the store's files were last written: with entries, or by a sync that found nothing new."""
    paths = (store.path, store.path.with_name(store.path.name + "-wal"))
    newest = max(int(path.stat().st_mtime) for path in paths if path.exists())
    return datetime.fromtimestamp(newest, UTC)
