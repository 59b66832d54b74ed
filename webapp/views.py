"""What does each page show?  One function a page, from the library to a template and its values.

No view knows Flask: the web app and the static export call the same ones.  A view raises MissingError where
there is nothing to show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from index.query import SearchPage, SearchRequest, Sort
from index.store import Revision, StoredEntry
from ingest.model import Diagnostic, Form
from webapp import labels, pages, querystring, urls
from webapp.excerpt import title_of
from webapp.facts import Sources, facts
from webapp.forms import FORMS
from webapp.histogram import histogram
from webapp.library import Library
from webapp.markup import Renderer, line_numbers, parts, source_notes
from webapp.text import line, shown
from webapp.worddiff import Part, word_diff

CHANGES_SHOWN = 20  # revisions on an entry's page


class MissingError(LookupError):
    """There is nothing at this address."""


@dataclass(frozen=True, slots=True)
class View:
    """A template and the values it shows.  `lasting` is False for pages that crawlers need not keep."""

    template: str
    values: Mapping[str, Any]
    path: str
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A listing: its path, what it is called, and the facet value that its path stands for."""

    path: str
    title: str
    facet: str | None = None
    value: str | None = None
    kind: str | None = None

    def request(self, asked: SearchRequest) -> SearchRequest:
        """What is asked for here: the query string's filters and the place's own."""
        if self.facet is None or self.value is None:
            return asked
        return replace(asked, filters={**asked.filters, self.facet: (self.value,)})


LOG = Place(urls.HOME, "Change log")
SEARCH = Place(urls.SEARCH, "Search")
MAINTENANCE = Place(urls.MAINTENANCE, "Maintenance", "type", "maintenance")


def place(facet: str, value: str) -> Place:
    """The listing of one facet value."""
    title = line(labels.value(facet, value))
    return Place(urls.facet(facet, value), title, facet, value, labels.FACETS[facet])


def change_log(library: Library, asked: SearchRequest, now: datetime) -> View:
    """Everything, newest first, by month, and the window that comes next."""
    view = listing(library, LOG, asked)
    upcoming = library.digest.schedule.next(now)
    return replace(view, values={**view.values, "next_slot": upcoming, "now": now})


def listing(library: Library, where: Place, asked: SearchRequest) -> View:
    """The entries of a place, by month where they come by date."""
    request = where.request(asked)
    found = library.search(request)
    if where.facet and not found.total and not _narrowed(asked):
        raise MissingError(f"No entry has the {labels.FACETS[where.facet].lower()} “{where.title}”")
    where = _as_spelt(where, found)
    values = _listed(library, where, found)
    return View(
        "listing.html", values, querystring.at(where.path, request, where.facet), not _narrowed(asked)
    )


def _as_spelt(where: Place, found: SearchPage) -> Place:
    """The place under the name that the entries use: `/products/cis/` is that of CIS."""
    values = [value.value for value in found.facets.get(where.facet or "", ()) if value.selected]
    return place(where.facet, values[0]) if where.facet and len(values) == 1 else where


def _narrowed(asked: SearchRequest) -> bool:
    return bool(asked.text or asked.filters or asked.since or asked.until or asked.changes)


def _listed(library: Library, where: Place, found: SearchPage) -> dict[str, Any]:
    """The values that every listing shows."""
    request = found.request
    pager = pages.pager(found, where.path, where.facet)
    if pager.number > pager.last:
        raise MissingError(f"There are {pager.last} pages here, not {pager.number}")
    cards = [(pages.card(hit, library.form(hit.stored)), hit.stored.entry.dated) for hit in found.hits]
    return {
        "place": where,
        "asked": request,
        "total": found.total,
        "groups": pages.by_month(cards) if request.sort is Sort.DATE and not request.changes else (),
        "cards": tuple(card for card, _ in cards),
        "facets": pages.facet_groups(found.facets, request),
        "chips": pages.chips(request),
        "pager": pager,
        "histogram": histogram(found.months, request),
        "feeds": feeds(where, request),
    }


def feeds(where: Place, request: SearchRequest) -> tuple[tuple[pages.Link, str], ...]:
    """The listing in its other forms, with the same query string, and their media types."""
    first = replace(request, offset=0)
    return tuple(
        (pages.Link(f.name, querystring.at(urls.form(where.path, f.ending), first, where.facet)), f.media)
        for f in FORMS
    )


def values(library: Library, facet: str) -> View:
    """All values of one facet, with the number of entries each has."""
    choices = tuple(
        (line(labels.value(facet, each.value)), urls.facet(facet, each.value), each.count)
        for each in library.values(facet)
    )
    values = {"title": labels.PLURALS[facet], "facet": facet, "choices": choices}
    return View("values.html", values, f"/{urls.LISTINGS[facet]}/")


def search(library: Library, asked: SearchRequest) -> View:
    """The answer to a query, with what might have been meant."""
    found = library.search(asked)
    values = _listed(library, SEARCH, found)
    values |= {
        "orders": pages.orders(asked),
        "hints": tuple(line(hint) for hint in found.hints),
        "suggestions": tuple(_suggestion(asked, text) for text in found.suggestions),
        "wider": _wider(asked),
    }
    return View("search.html", values, querystring.search(asked), lasting=False)


def _suggestion(asked: SearchRequest, text: str) -> pages.Link:
    return pages.Link(line(text), querystring.search(replace(asked, text=text, offset=0)))


def _wider(asked: SearchRequest) -> pages.Link | None:
    """The same words without any filter, where there are filters to leave out."""
    if not asked.text or asked == (bare := SearchRequest(asked.text, sort=asked.sort, limit=asked.limit)):
        return None
    return pages.Link(line(asked.text), querystring.search(bare))


def entry(library: Library, entry_id: str, link: Callable[[str], str]) -> View:
    """One entry: its text as it was published, the facts beside it, its revisions."""
    stored = library.entry(entry_id)
    if stored is None:
        raise MissingError(f"No entry has the id “{line(entry_id)}”")
    return told(library, stored, link)


def told(library: Library, stored: StoredEntry, link: Callable[[str], str]) -> View:
    """The page of an entry that is at hand."""
    text = shown(stored.text)
    sources = Sources(stored, text)
    values: dict[str, Any] = {
        "card": pages.card(pages.unsearched(stored), library.form(stored)),
        "facts": facts(stored, sources, link),
        "diagnostics": tuple(_diagnostic(stored, d, sources) for d in stored.diagnostics),
        "stored": stored,
        "last_line": stored.line + text.rstrip("\n").count("\n"),
        "source": line(stored.source),
        "revisions": tuple(_changes(library.life(stored))),
    }
    values |= _text(stored, text, sources, library.form(stored))
    return View("entry.html", values, urls.entry(stored.id))


def _text(stored: StoredEntry, text: str, sources: Sources, form: Form) -> dict[str, str]:
    """The entry's text as markup: what stands above it, its heading, and its body."""
    split = parts(stored.entry, text)
    heading = (split.heading,) if split.heading else ()
    blocks = (*split.lead, *heading, *split.body)
    notes = (*sources.notes, *source_notes(blocks, text, form))
    renderer = Renderer(text, notes, line_numbers(blocks, text, stored.line))
    title = renderer.title(split.heading) if split.heading else Markup.escape(title_of(stored))
    return {
        "lead": renderer.blocks(split.lead),
        "title": title,
        "title_id": renderer.identity(split.heading) if split.heading else "",
        "body": renderer.blocks(split.body),
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the place of the characters that raised it."""

    code: str
    label: str
    message: str
    line: int
    said: str
    href: str


def _diagnostic(stored: StoredEntry, found: Diagnostic, sources: Sources) -> Finding:
    number = sources.line(found.span)
    return Finding(
        code=found.code.value,
        label=labels.DIAGNOSTICS[found.code],
        message=line(found.message),
        line=number,
        said=sources.said(found.span),
        href=f"{urls.entry(stored.id)}#{sources.mark(found.span, 'diagnosed')}",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A revision in words: its number, the moment it was seen, what changed."""

    number: int
    seen: datetime
    when: str
    changed: str
    material: bool
    diff: tuple[Part, ...]


def _changes(revisions: list[Revision]) -> Iterator[Change]:
    """The latest revisions, each beside the one before it, the newest first."""
    pairs = list(zip([None, *revisions], revisions, strict=False))
    yield from (_change(before, revision) for before, revision in reversed(pairs[-CHANGES_SHOWN:]))


def _change(before: Revision | None, revision: Revision) -> Change:
    differs = before is not None and before.text != revision.text
    return Change(
        number=revision.number,
        seen=revision.seen,
        when=labels.moment(revision.seen),
        changed=labels.changes(revision.changed) if revision.number > 1 else "First seen",
        material=revision.material,
        diff=word_diff(before.text, revision.text) if before and differs else (),
    )


def addresses(library: Library) -> Iterator[tuple[str, datetime | None]]:
    """Every page that is worth finding, and when it last changed: listings first, then entries."""
    for path in (urls.HOME, urls.MAINTENANCE, urls.DIAGNOSTICS):
        yield path, library.digest.seen
    for facet, folder in urls.LISTINGS.items():
        yield f"/{folder}/", library.digest.seen
        for each in library.values(facet):
            yield urls.facet(facet, each.value), library.digest.seen
    for stored in library.store.all():
        yield urls.entry(stored.id), stored.last_revised


def maintenance(library: Library, now: datetime) -> View:
    """Maintenance windows: running, coming, past."""
    windows = library.digest.schedule
    values = {
        "coming": windows.coming(now),
        "running": windows.running(now),
        "past": windows.past(now),
        "now": labels.moment(now),
        "feeds": feeds(MAINTENANCE, MAINTENANCE.request(SearchRequest(sort=Sort.DATE))),
    }
    return View("maintenance.html", values, urls.MAINTENANCE)


def diagnostics(library: Library) -> View:
    """What the reader of the sources could not make fit, by kind, and what the sources are."""
    found: dict[str, list[tuple[str, str, Finding]]] = defaultdict(list)
    for stored in library.digest.diagnosed:
        sources = Sources(stored, shown(stored.text))
        facts(stored, sources, str)  # hands out the same anchors as the entry's page
        for each in stored.diagnostics:
            finding = _diagnostic(stored, each, sources)
            found[finding.label].append((title_of(stored), stored.entry.lang, finding))
    values = {
        "kinds": tuple(
            (label, tuple(found[label])) for label in labels.DIAGNOSTICS.values() if label in found
        ),
        "sources": library.digest.sources,
    }
    return View("diagnostics.html", values, urls.DIAGNOSTICS)
