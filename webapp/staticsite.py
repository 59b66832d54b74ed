"""What stands in each file of a static site?  `Writer.make` turns a task into its files.

Tasks are plain values, so that other processes can do them.  Nothing is read but the store, the index and,
for listings, the fragments (cards, feed items) that the tasks of entries have left.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from index.query import SearchRequest, Sort
from index.store import StoredEntry
from webapp import (
    archive,
    entrypage,
    frozen,
    offline,
    offlinepage,
    pages,
    representation,
    sourcespage,
    urls,
    views,
)
from webapp.catalogue import LANGUAGES, N_
from webapp.config import SiteConfig
from webapp.edition import Edition, File
from webapp.forms import FORMS
from webapp.library import Library, Outlined
from webapp.related import Known, Relation, Relative, headed, known
from webapp.sitefiles import Files, address
from webapp.tally import Share
from webapp.theme import Theme
from webapp.view import View
from webapp.views import Place

if TYPE_CHECKING:
    from webapp.sitefeeds import Feeds

API_SIZE = 100
API_ENDING = ".json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes one static site differ from another."""

    config: SiteConfig
    theme: Theme


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What an entry gives to feeds and calendars in one language: feed items by ending, events."""

    items: dict[str, tuple[str, bytes]]  # as in webapp/sitefeeds.py
    events: list[tuple[str, str, bytes]]


class Fragments(msgspec.Struct, frozen=True, array_like=True):
    """What an entry gives to the forms of listings: by language, and for the list of the API."""

    told: list[Told]
    summary: bytes


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Fragments).decode
to_json = msgspec.json.Encoder().encode
Pieces = tuple[bytes, ...]  # what an entry leaves: its card in each language, its text, and the Fragments
At = tuple[int, ...]  # where that lies in its file: the first byte, and the length of each


class Task(msgspec.Struct, frozen=True):
    """Something to make, and by which method of the Writer; `key` is a digest of all that it depends on.

    What it is about, the arguments of that method, may be found only when it is to be made.
    """

    name: str
    kind: str
    key: bytes
    about: tuple[Any, ...] | Callable[[], tuple[Any, ...]] = ()
    near: int = 0

    @property
    def ready(self) -> Task:
        return msgspec.structs.replace(self, about=self.about()) if callable(self.about) else self


class Output(msgspec.Struct, frozen=True):
    """Files by their path in the site, and what later tasks need of an entry."""

    files: list[File]
    fragments: Pieces = ()
    share: Share | None = None


class Listing(msgspec.Struct, frozen=True):
    """A listing to be written: its facet value (none for the change log), its sizes, and where it ends."""

    facet: str | None
    value: str
    total: int
    behind: int
    first: str | None  # ids of the first and the latest entry that have a date
    latest: str | None

    @property
    def place(self) -> Place:
        return views.place(self.facet, self.value) if self.facet else views.LOG


_LONG_AGO = datetime.fromtimestamp(0, UTC)


def api_page(number: int) -> str:
    """The file of a page of the API's list of entries."""
    return f"api/v1/entries/page/{number}.json" if number else "api/v1/entries.json"


def editions(settings: Settings, library: Library, names: Iterable[str], compiled: Path) -> list[Edition]:
    """The languages of a site; `names` are those of all its facet values, `compiled` as for an Edition."""
    theme, files = settings.theme, Files(names)
    assets = theme.digest()
    return [
        Edition(language, library, settings.config, theme, assets, files, compiled) for language in LANGUAGES
    ]


class Writer:
    """Writes the files of one site, in its `editions`."""

    def __init__(
        self, settings: Settings, library: Library, editions: Sequence[Edition], fragments: Path
    ) -> None:
        self.theme, self.config, self.library = settings.theme, settings.config, library
        self.editions, self.files = editions, editions[0].files
        self.root = (self.config.base_url or "").rstrip("/")
        self.feeds = self._feeds() if self.root else []
        self._known: dict[str, Known] = {}
        self._expected: dict[str, StoredEntry] = {}
        self._path = fragments

    def _feeds(self) -> list[Feeds]:
        """In every language; only a site whose address is known waits for the libraries that write them."""
        from webapp.sitefeeds import Feeds

        return [Feeds(edition) for edition in self.editions]

    def make(self, task: Task) -> Output:
        method: Callable[..., Output] = getattr(self, f"make_{task.kind}")
        return method(*_arguments(task))

    @property
    def seen(self) -> datetime:
        """The moment that the site is seen from: no clock is read."""
        return self.library.digest.seen or _LONG_AGO

    def _each(self, view: Callable[[Edition], View]) -> Output:
        """A page in every language."""
        return Output([edition.page(view(edition)) for edition in self.editions])

    # -- entries -----------------------------------------------------------------------------------

    def make_entry(self, entry_id: str, relations: Sequence[Relation]) -> Output:
        """An entry's pages, its JSON, and its fragments.  Lines count from its own first one."""
        found = self._expected.pop(entry_id, None) or self.library.entry(entry_id)
        if found is None:
            return Output([])
        stored = replace(found, line=1)
        where = self.root, self.config.authority, API_ENDING
        body = to_json(representation.full(stored, self.library.life(stored), *where))
        files, cards, told = [(self.files.of(urls.api_entry(entry_id)), body)], list[bytes](), list[Told]()
        view: View | None = None
        relatives = self._relatives(relations)
        for number, edition in enumerate(self.editions):
            view = entrypage.told(self.library, stored, relatives, edition.link, edition.labels, view)
            files.append(edition.page(view))
            cards.append(edition.card(view.values["card"]).encode())
            if self.root:
                feeds = self.feeds[number]
                told.append(Told(feeds.items(stored), feeds.events(stored)))
        summary = to_json(representation.summary(stored, *where)) if self.root else b""
        assert view
        text = offline.text(stored, view.prose["text"], self.library.form(stored))
        share = Share.of(stored.source, stored.entry, len(stored.diagnostics))
        return Output(files, (*cards, text, encode(Fragments(told, summary))), share)

    def expect(self, tasks: Iterable[Task]) -> None:
        """Read the entries that the tasks are about, and what they tell of others, at once."""
        about = [_arguments(task) for task in tasks if task.kind == "entry"]
        asked = dict.fromkeys(each.id for _, relations in about for each in relations)
        own, store = {entry_id for entry_id, _ in about}, self.library.store
        others = {one for one in asked if one not in self._known} - own
        told = {one: headed(one, found) for one, found in store.headlines(others)}
        self._known |= {one: found for one, found in told.items() if found}
        for stored in store.get_many(own | {one for one, found in told.items() if not found}):
            self._known[stored.id] = known(stored)
            if stored.id in own:
                self._expected[stored.id] = stored

    def _relatives(self, relations: Sequence[Relation]) -> list[Relative]:
        return [Relative(self._known[each.id], each.shared) for each in relations if each.id in self._known]

    # -- listings ----------------------------------------------------------------------------------

    def make_front(
        self,
        listing: Listing,
        cards: list[tuple[At, str | None]],
        items: list[At],
        events: list[At],
        told: Outlined | None,
    ) -> Output:
        """The front of a listing, its feeds and its calendar; the change log's says what is coming."""
        if told:
            self.library.digest.outlined = told
        files = list(self._forms(listing.place, listing.total, items, events))
        whole = frozen.whole(self.library, listing.place, listing.first, listing.latest)
        days = [day for _, day in cards]
        for number, edition in enumerate(self.editions):
            view = frozen.front(self.library, listing.place, whole, days, listing.behind, edition.labels)
            if listing.facet is None:
                coming = views.coming(self.library, self.seen, edition.labels)
                view = replace(view, values={**view.values, "next_slots": coming})
            files.append(edition.page(view, self._cards(cards, number)))
        return Output(files)

    def make_behind(self, listing: Listing, number: int, cards: list[tuple[At, str | None]]) -> Output:
        """One of the pages behind the front."""
        files, days = list[File](), [day for _, day in cards]
        for language, edition in enumerate(self.editions):
            view = frozen.behind(listing.place, number, days, listing.behind, edition.labels)
            files.append(edition.page(view, self._cards(cards, language)))
        return Output(files)

    def make_windows(self, total: int, items: list[At], events: list[At]) -> Output:
        """The feeds and the calendar of maintenance."""
        return Output(list(self._forms(views.MAINTENANCE, total, items, events)))

    def _forms(self, where: Place, total: int, items: list[At], events: list[At]) -> Iterator[File]:
        """Only where the site's address is known: a feed without one is none."""
        found = [self._fragment(at).told for at in items]
        planned = [self._fragment(at).told for at in events]
        for number, feeds in enumerate(self.feeds):
            for form in FORMS:
                if form.feed:
                    yield feeds.feed(where, form, total, [told[number].items[form.ending] for told in found])
            yield feeds.calendar(where, [event for told in planned for event in told[number].events])

    @cached_property
    def _left(self) -> memoryview:
        """What all entries have left; first asked for when it is whole."""
        if not self._path.stat().st_size:  # no file so small can be mapped
            return memoryview(b"")
        with self._path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def _cards(self, cards: Iterable[tuple[At, str | None]], language: int) -> list[memoryview]:
        return self._pieces([at for at, _ in cards], language)

    def _pieces(self, places: Iterable[At], number: int) -> list[memoryview]:
        """A piece of what each has left."""
        left, size = self._left, number + 1
        starts = [(sum(at[:size]), at[size]) for at in places]
        return [left[first : first + length] for first, length in starts]

    def _fragment(self, at: At) -> Fragments:
        first = sum(at[:-1])
        return decode(self._left[first : first + at[-1]])

    # -- everything else ---------------------------------------------------------------------------

    def make_values(self, facet: str) -> Output:
        return self._each(lambda edition: views.values(self.library, facet, edition.labels))

    def make_maintenance(self, told: Outlined) -> Output:
        self.library.digest.outlined = told
        return self._each(
            lambda edition: views.maintenance(self.library, SearchRequest(), self.seen, edition.labels)
        )

    def make_diagnostics(self, told: Outlined) -> Output:
        self.library.digest.outlined = told
        return self._each(lambda edition: sourcespage.diagnostics(self.library, edition.labels))

    def make_sources(self, told: Outlined) -> Output:
        self.library.digest.outlined = told
        return self._each(lambda edition: sourcespage.sources(self.library, edition.labels))

    def make_missing(self) -> Output:
        """The page that servers show where there is none: its links hold wherever that is."""
        return Output([edition.anywhere(_missing(edition)) for edition in self.editions])

    def make_search(self) -> Output:
        languages = [each.value for each in self.library.values("lang")]
        request = SearchRequest(sort=Sort.DATE, limit=1)
        facets = self.library.find(request).facets
        return self._each(
            lambda edition: offlinepage.view(
                pages.facet_groups(facets, request, edition.labels), languages, edition.labels
            )
        )

    def make_part(self, name: str, ids: Sequence[str]) -> Output:
        """What the search in the browser loads of some entries, newest first."""
        collection = offline.Collection(
            entries=self.library.store.get_many(ids),
            lengths=self.library.lengths(),
            folder=self._value_folder,
        )
        return Output([offline.part_file(name, collection)])

    def make_texts(self, name: str, ids: Sequence[str], places: Sequence[At]) -> Output:
        """What the search in the browser shows of some entries."""
        texts = self._pieces(places, len(self.editions))
        return Output([offline.texts_file(name, zip(ids, texts, strict=True))])

    def make_parts(self, runs: Sequence[int]) -> Output:
        """What the search in the browser loads of all entries together."""
        languages = [each.value for each in self.library.values("lang")]
        names = [each.value for facet in offline.NAMED for each in self.library.values(facet)]
        return Output([offline.whole_file(runs, languages, self.config.aliases, names)])

    def _value_folder(self, facet: str, value: str) -> str:
        """The folder, below that of its facet, of a value's listing."""
        return self.files.of(urls.facet(facet, value)).partition("/")[2].removesuffix("/index.html")

    def make_entries(self, number: int, behind: int, total: int, found: list[At]) -> Output:
        """A page of the API's list of entries; only the first one tells how many there are."""
        ways = archive.neighbours(number, behind)
        following = None if ways.older is None else f"{self.root}/{api_page(ways.older)}"
        summaries = [msgspec.Raw(self._fragment(at).summary) for at in found]
        body = {"total": None if number else total, "entries": summaries, "next": following}
        return Output([(api_page(number), to_json(body))])

    def make_facets(self) -> Output:
        found = self.library.find(SearchRequest(limit=1))
        return Output([(self.files.of(urls.API_FACETS), to_json(representation.facets(found)))])

    def make_discovery(self) -> Output:
        """What leads machines here."""
        from webapp import discovery

        names = {facet: [each.value for each in self.library.values(facet)] for facet in urls.LISTINGS}
        listed = ((address(self.files.of(path)), at) for path, at in views.addresses(self.library))
        files = [
            (self.files.of(urls.SITEMAP), discovery.sitemap(self.root, listed, _VERSIONS)),
            (self.files.of(urls.ROBOTS), discovery.robots(self.root).encode()),
        ]
        for edition in self.editions:
            outlines = discovery.outlines(edition.base, names, edition.labels)
            answers = discovery.frozen_searches(edition.absolute(urls.SEARCH))
            about = discovery.opensearch(self.config.title, answers, edition.labels)
            files.append((edition.file(urls.OPML), discovery.opml(self.config.title, outlines)))
            files.append((edition.file(urls.OPENSEARCH), about))
        return Output(files)

    def make_theme(self) -> Output:
        """The style, the scripts, and a file that keeps a host from leaving out names with underscores."""
        found = [(f"static/{name}", path.read_bytes()) for name, path in self.theme.files()]
        return Output([*found, (".nojekyll", b"")])


def _arguments(task: Task) -> tuple[Any, ...]:
    assert isinstance(task.about, tuple)
    return task.about


def _missing(edition: Edition) -> View:
    name, message = N_("Not Found"), N_("There is nothing at this address.")
    return views.problem(404, edition.labels.gettext(name), edition.labels.gettext(message), "/404.html")


_VERSIONS = (
    *((code, f"/{code}" if at else "") for at, code in enumerate(LANGUAGES)),
    ("x-default", ""),
)
