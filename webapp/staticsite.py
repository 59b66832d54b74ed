"""What stands in each file of a static site?  `Writer.make` turns a task into its files.

Tasks are plain values, so that other processes can do them.  Nothing is read but the store, the index and,
for listings, the fragments (cards, feed items) that the tasks of entries have left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from jinja2.environment import TemplateModule
from markupsafe import Markup

from index.query import SearchRequest, Sort
from index.store import StoredEntry
from webapp import (
    archive,
    calendar,
    discovery,
    entrypage,
    feeds,
    forms,
    frozen,
    offline,
    offlinepage,
    pages,
    representation,
    sourcespage,
    splice,
    syndication,
    urls,
    views,
)
from webapp.catalogue import DEFAULT, N_
from webapp.config import SiteConfig
from webapp.forms import FORMS, Form
from webapp.labels import labels_in
from webapp.library import Library
from webapp.schedule import row
from webapp.sitefiles import Files, address
from webapp.theme import Theme
from webapp.view import View
from webapp.views import Place

ROOT = "/\x02/"  # stands for the way from a page to the site's folder; in no text that is shown
API_SIZE = 100
File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes one static site differ from another."""

    config: SiteConfig
    theme: Theme


class Fragments(msgspec.Struct, frozen=True, array_like=True):
    """What an entry gives to what lists it: its card, its feed items by ending, its events, its JSON."""

    card: str
    items: dict[str, tuple[str, bytes]]
    events: list[tuple[str, str, bytes]]
    summary: bytes


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Fragments).decode
to_json = msgspec.json.Encoder().encode
At = tuple[int, int]  # where the fragments of an entry lie in their file


@dataclass(frozen=True, slots=True)
class Task:
    """Something to make, and by which method of the Writer; `key` is a digest of all that it depends on."""

    name: str
    kind: str
    key: bytes
    about: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """Files by their path in the site, and what later tasks need of an entry."""

    files: list[File]
    fragments: bytes = b""
    traits: str = ""


_LONG_AGO = datetime.fromtimestamp(0, UTC)
_ITEM = feeds.Item("", "", "", "en", "", (), _LONG_AGO, _LONG_AGO)  # stands for those to be spliced in
_EVENT = calendar.Appointment("", _LONG_AGO, _LONG_AGO, _LONG_AGO, 0, "", "", "", "en", "", ())


def api_page(number: int) -> str:
    """The file of a page of the API's list of entries."""
    return f"api/v1/entries/page/{number}.json" if number else "api/v1/entries.json"


class Writer:
    """Writes the files of one site."""

    def __init__(self, settings: Settings, names: Iterable[str], fragments: Path) -> None:
        self.settings, self.config = settings, settings.config
        self.library = Library(self.config.data_dir, self.config.aliases)
        self.files = Files(names)
        self.root = (self.config.base_url or "").rstrip("/")
        self.labels = labels_in(DEFAULT)
        self.environment = settings.theme.environment(self.labels)
        self.environment.filters |= {"link": self.link, "absolute": self.absolute}
        self.environment.globals |= {
            "site_title": self.config.title,
            "assets": settings.theme.digest(),
            "frozen": True,
            "addressed": bool(self.root),
        }
        self._fragments = fragments
        self._handle = -1

    def make(self, task: Task) -> Output:
        method: Callable[..., Output] = getattr(self, f"make_{task.kind}")
        return method(*task.about)

    # -- addresses ---------------------------------------------------------------------------------

    def link(self, path: str) -> str:
        return ROOT + self.files.link(path)

    def absolute(self, path: str) -> str:
        """The public address of a site path."""
        return self.root + address(self.files.of(path.partition("?")[0]))

    def page(self, view: View) -> File:
        """A page, with links that lead from its place to others."""
        file = self.files.of(view.path)
        return file, self._rendered(view).replace(ROOT, "../" * file.count("/")).encode()

    def _rendered(self, view: View) -> str:
        return self.environment.get_template(view.template).render(view=view, **view.values)

    # -- entries -----------------------------------------------------------------------------------

    def make_entry(self, entry_id: str) -> Output:
        """An entry's page, its JSON, and its fragments.  Lines count from its own first one."""
        found = self.library.entry(entry_id)
        if found is None:
            return Output([])
        stored = replace(found, line=1)
        form = self.library.form(stored)
        page = self.page(entrypage.told(self.library, stored, self.link, self.labels))
        written = to_json(representation.full(stored, self.library.life(stored), self.root, self.authority))
        traits = ("w" if stored.entry.current_windows else "") + ("d" if stored.diagnostics else "")
        card = pages.card(pages.unsearched(stored), form, self.labels)
        fragments = Fragments(
            card=str(self.parts.card(card)),  # type: ignore[attr-defined]
            items=self._items(stored) if self.root else {},
            events=self._events(stored) if self.root else [],
            summary=to_json(representation.summary(stored, self.root, self.authority)),
        )
        return Output([page, (self.files.of(urls.api_entry(entry_id)), written)], encode(fragments), traits)

    @property
    def authority(self) -> str:
        return self.config.authority

    @property
    def parts(self) -> TemplateModule:
        return self.environment.get_template("_parts.html").module

    def _items(self, stored: StoredEntry) -> dict[str, tuple[str, bytes]]:
        """The entry as it stands in each feed, with its moment."""
        form, chains = self.library.form(stored), self.library.chains(stored)
        item = feeds.item(stored, form, self.root, self.authority, self.labels, chains)
        channel = self._channel(views.LOG, (item,), forms.RSS)
        return {
            form.ending: (item.updated.isoformat(), splice.cut(form, syndication.FEEDS[form](channel)))
            for form in FORMS
            if form.feed
        }

    def _events(self, stored: StoredEntry) -> list[tuple[str, str, bytes]]:
        found = calendar.appointments(
            stored,
            self.library.moves(stored),
            self.root,
            self.authority,
            self.labels,
            self.library.chains(stored),
        )
        return [
            (each.start.isoformat(), each.uid, splice.cut(forms.CALENDAR, calendar.ics("", "", [each])))
            for each in found
        ]

    # -- listings ----------------------------------------------------------------------------------

    def make_front(
        self,
        facet: str | None,
        value: str,
        total: int,
        behind: int,
        cards: list[tuple[At, str | None]],
        items: list[At],
        events: list[At],
    ) -> Output:
        """The front of a listing, its feeds and its calendar."""
        where = self.place(facet, value)
        view = frozen.front(self.library, where, self._cards(cards), behind, self.labels)
        if facet is None:
            seen = self.library.digest.seen or _LONG_AGO
            upcoming = self.library.digest.schedule.next(seen)
            shown = row(upcoming, self.labels, seen) if upcoming else None
            view = replace(view, values={**view.values, "next_slot": shown})
        return Output([self.page(view), *self._forms(where, total, items, events)])

    def make_behind(
        self, facet: str | None, value: str, part: tuple[int, int, int], behind: int, cards: list[Any]
    ) -> Output:
        where = self.place(facet, value)
        return Output(
            [self.page(frozen.behind(where, archive.Part(*part), self._cards(cards), behind, self.labels))]
        )

    def make_forms(self, path: str, total: int, items: list[At], events: list[At]) -> Output:
        """The feeds and the calendar of a place that is no listing here."""
        return Output(list(self._forms(views.MAINTENANCE, total, items, events)))

    def place(self, facet: str | None, value: str) -> Place:
        return views.place(facet, value) if facet else views.LOG

    def _cards(self, cards: Iterable[tuple[At, str | None]]) -> Iterator[tuple[Markup, str | None]]:
        for at, day in cards:
            yield Markup(self._fragment(at).card), day

    def _forms(self, where: Place, total: int, items: list[At], events: list[At]) -> Iterator[File]:
        """Only where the site's address is known: a feed without one is none."""
        if not self.root:
            return
        found = [self._fragment(at).items for at in items]
        for form in FORMS:
            if form.feed:
                yield self._feed(where, form, total, [one[form.ending] for one in found])
        yield self._calendar(where, [event for at in events for event in self._fragment(at).events])

    def _feed(self, where: Place, form: Form, total: int, items: list[tuple[str, bytes]]) -> File:
        file, write = self.files.of(urls.form(where.path, form.ending)), syndication.FEEDS[form]
        if not items:
            return file, write(self._channel(where, (), form, total))
        newest = datetime.fromisoformat(max(moment for moment, _ in items))
        body = write(self._channel(where, (replace(_ITEM, published=newest, updated=newest),), form, total))
        return file, splice.splice(form, body, (item for _, item in items))

    def _channel(
        self, where: Place, items: tuple[feeds.Item, ...], form: Form, total: int = 0
    ) -> feeds.Channel:
        return feeds.Channel(
            id=syndication.identity(self.authority, where.path),
            title=self._about(where),
            description=self.labels.newest_first(total),
            author=self.config.title,
            page=self.absolute(where.path),
            address=self.absolute(urls.form(where.path, form.ending)),
            lang=self.labels.language,
            items=items,
        )

    def _calendar(self, where: Place, events: list[tuple[str, str, bytes]]) -> File:
        path = urls.form(where.path, forms.CALENDAR.ending)
        body = calendar.ics(self._about(where), self.absolute(path), [_EVENT] if events else [])
        if not events:
            return self.files.of(path), body
        body = splice.splice(forms.CALENDAR, body, (event for _, _, event in sorted(events)))
        return self.files.of(path), body

    def _about(self, where: Place) -> str:
        listing = syndication.about(where, where.request(SearchRequest()), self.labels)
        return self.labels.gettext("%(site)s: %(listing)s", site=self.config.title, listing=listing)

    def _fragment(self, at: At) -> Fragments:
        if self._handle < 0:
            self._handle = os.open(self._fragments, os.O_RDONLY)
        offset, length = at
        return decode(os.pread(self._handle, length, offset))

    # -- everything else ---------------------------------------------------------------------------

    def make_values(self, facet: str) -> Output:
        return Output([self.page(views.values(self.library, facet, self.labels))])

    def make_maintenance(self) -> Output:
        seen = self.library.digest.seen or _LONG_AGO
        return Output([self.page(views.maintenance(self.library, seen, self.labels))])

    def make_diagnostics(self) -> Output:
        return Output([self.page(sourcespage.diagnostics(self.library, self.labels))])

    def make_sources(self) -> Output:
        return Output([self.page(sourcespage.sources(self.library, self.labels))])

    def make_missing(self) -> Output:
        """The page that servers show where there is none: its links hold wherever that is."""
        name, said = (
            self.labels.gettext(m) for m in (N_("Not Found"), N_("There is nothing at this address."))
        )
        text = self._rendered(views.problem(404, name, said, "/404.html"))
        base = f"{urlsplit(self.root).path}/"
        return Output([("404.html", text.replace(ROOT, base).encode())])

    def make_search(self) -> Output:
        languages = [each.value for each in self.library.values("lang")]
        return Output([self.page(offlinepage.view(self._facets(), languages, self.labels))])

    def make_offline(self) -> Output:
        """What the search in the browser loads."""
        stored = {one.id: one for one in self.library.store.all()}
        newest_first = [stored[one] for one, _ in self.library.store.order()]
        collection = offline.Collection(
            newest_first,
            self.library.lengths(),
            self.config.aliases,
            self.library.digest.forms,
            self._value_folder,
        )
        return Output(list(offline.files(collection)))

    def _value_folder(self, facet: str, value: str) -> str:
        """The folder, below that of its facet, of a value's listing."""
        return self.files.of(urls.facet(facet, value)).partition("/")[2].removesuffix("/index.html")

    def _facets(self) -> Any:
        request = SearchRequest(sort=Sort.DATE, limit=1)
        return pages.facet_groups(self.library.find(request).facets, request, self.labels)

    def make_entries(self, number: int, behind: int, total: int, found: list[At]) -> Output:
        """A page of the API's list of entries."""
        ways = archive.neighbours(number, behind)
        following = None if ways.older is None else self.root + "/" + api_page(ways.older)
        summaries = [msgspec.Raw(self._fragment(at).summary) for at in found]
        body = {"total": total, "entries": summaries, "next": following}
        return Output([(api_page(number), to_json(body if not number else {**body, "total": None}))])

    def make_facets(self) -> Output:
        found = self.library.find(SearchRequest(limit=1))
        return Output([(self.files.of(urls.API_FACETS), to_json(representation.facets(found)))])

    def make_discovery(self) -> Output:
        """What leads machines here."""
        names = {facet: [each.value for each in self.library.values(facet)] for facet in urls.LISTINGS}
        found = views.addresses(self.library)
        sitemap = [(address(self.files.of(path)), changed) for path, changed in found]
        bodies = {
            urls.OPML: discovery.opml(self.config.title, discovery.outlines(self.root, names, self.labels)),
            urls.SITEMAP: discovery.sitemap(self.root, sitemap, ()),
            urls.ROBOTS: discovery.robots(self.root).encode(),
            urls.OPENSEARCH: discovery.opensearch(self.config.title, self.root, self.labels),
        }
        return Output([(self.files.of(path), body) for path, body in bodies.items()])

    def make_theme(self) -> Output:
        """The style, the scripts, and a file that keeps a host from leaving out names with underscores."""
        found = [(f"static/{name}", path.read_bytes()) for name, path in self.settings.theme.files()]
        return Output([*found, (".nojekyll", b"")])
