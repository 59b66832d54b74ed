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
from ingest.model import Diagnostic, DiagnosticCode, Form
from webapp import pages, querystring, urls
from webapp.catalogue import N_
from webapp.excerpt import title_of
from webapp.facts import Sources, facts
from webapp.forms import FORMS
from webapp.histogram import histogram
from webapp.labels import Labels
from webapp.library import Library
from webapp.markup import Renderer, line_numbers, parts, source_notes
from webapp.schedule import row
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
    """A listing: its path, and its name in English or the facet value that its path stands for."""

    path: str
    name: str
    facet: str | None = None
    value: str | None = None

    def request(self, asked: SearchRequest) -> SearchRequest:
        """What is asked for here: the query string's filters and the place's own."""
        if self.facet is None or self.value is None:
            return asked
        return replace(asked, filters={**asked.filters, self.facet: (self.value,)})

    def title(self, labels: Labels) -> str:
        """What the listing is called."""
        if self.facet is None or self.value is None or self.name:
            return labels.gettext(self.name)
        return line(labels.value(self.facet, self.value))


LOG = Place(urls.HOME, N_("Change log"))
SEARCH = Place(urls.SEARCH, N_("Search"))
MAINTENANCE = Place(urls.MAINTENANCE, N_("Maintenance"), "type", "maintenance")


def place(facet: str, value: str) -> Place:
    """The listing of one facet value."""
    return Place(urls.facet(facet, value), "", facet, value)


def change_log(library: Library, asked: SearchRequest, now: datetime, labels: Labels) -> View:
    """Everything, newest first, by month, and the window that comes next."""
    view = listing(library, LOG, asked, labels)
    upcoming = library.digest.schedule.next(now)
    values = {**view.values, "next_slot": row(upcoming, labels, now) if upcoming else None}
    return replace(view, values=values)


def listing(library: Library, where: Place, asked: SearchRequest, labels: Labels) -> View:
    """The entries of a place, by month where they come by date."""
    request = where.request(asked)
    found = library.search(request)
    if where.facet and not found.total and not _narrowed(asked):
        raise MissingError(_nothing_has(where.facet, where.title(labels), labels))
    where = _as_spelt(where, found)
    values = _listed(library, where, found, labels)
    return View(
        "listing.html", values, querystring.at(where.path, request, where.facet), not _narrowed(asked)
    )


def _nothing_has(facet: str, value: str, labels: Labels) -> str:
    kind = labels.facet(facet).lower()
    return labels.gettext("No entry has the %(facet)s “%(value)s”", facet=kind, value=value)


def no_such_page(pager: pages.Pager, labels: Labels) -> MissingError:
    """There are fewer pages than the one that was asked for."""
    said = labels.ngettext(
        "There is %(num)s page here, not %(asked)s",
        "There are %(num)s pages here, not %(asked)s",
        pager.last,
        asked=pager.number,
    )
    return MissingError(said)


def _as_spelt(where: Place, found: SearchPage) -> Place:
    """The place under the name that the entries use: `/products/cis/` is that of CIS."""
    values = [value.value for value in found.facets.get(where.facet or "", ()) if value.selected]
    return place(where.facet, values[0]) if where.facet and len(values) == 1 else where


def _narrowed(asked: SearchRequest) -> bool:
    return bool(asked.text or asked.filters or asked.since or asked.until or asked.changes)


def _listed(library: Library, where: Place, found: SearchPage, labels: Labels) -> dict[str, Any]:
    """The values that every listing shows."""
    request = found.request
    pager = pages.pager(found, where.path, where.facet)
    if pager.number > pager.last:
        raise no_such_page(pager, labels)
    cards = [
        (pages.card(hit, library.form(hit.stored), labels), hit.stored.entry.dated) for hit in found.hits
    ]
    return {
        "place": where,
        "title": where.title(labels),
        "kind": labels.facet(where.facet) if where.facet else None,
        "asked": request,
        "total": found.total,
        "groups": pages.by_month(cards, labels) if request.sort is Sort.DATE and not request.changes else (),
        "cards": tuple(card for card, _ in cards),
        "facets": pages.facet_groups(found.facets, request, labels),
        "chips": pages.chips(request, labels),
        "pager": pager,
        "histogram": histogram(found.months, request, labels),
        "feeds": feeds(where, request, labels),
    }


def feeds(where: Place, request: SearchRequest, labels: Labels) -> tuple[tuple[pages.Link, str], ...]:
    """The listing in its other forms, with the same query string, and their media types."""
    first = replace(request, offset=0)
    return tuple(
        (
            pages.Link(
                labels.gettext(f.name), querystring.at(urls.form(where.path, f.ending), first, where.facet)
            ),
            f.media,
        )
        for f in FORMS
    )


def values(library: Library, facet: str, labels: Labels) -> View:
    """All values of one facet, with the number of entries each has."""
    choices = tuple(
        (line(labels.value(facet, each.value)), urls.facet(facet, each.value), each.count)
        for each in library.values(facet)
    )
    values = {"title": labels.plural(facet), "facet": facet, "choices": choices}
    return View("values.html", values, f"/{urls.LISTINGS[facet]}/")


def search(library: Library, asked: SearchRequest, labels: Labels) -> View:
    """The answer to a query, with what might have been meant."""
    found = library.search(asked)
    values = _listed(library, SEARCH, found, labels)
    values |= {
        "orders": pages.orders(asked, labels),
        "hints": tuple(shown(labels.say(hint)) for hint in found.hints),
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


def entry(library: Library, entry_id: str, link: Callable[[str], str], labels: Labels) -> View:
    """One entry: its text as it was published, the facts beside it, its revisions."""
    stored = library.entry(entry_id)
    if stored is None:
        raise MissingError(labels.gettext("No entry has the id “%(id)s”", id=line(entry_id)))
    return told(library, stored, link, labels)


def told(library: Library, stored: StoredEntry, link: Callable[[str], str], labels: Labels) -> View:
    """The page of an entry that is at hand."""
    text = shown(stored.text)
    sources = Sources(stored, text)
    values: dict[str, Any] = {
        "card": pages.card(pages.unsearched(stored), library.form(stored), labels),
        "facts": facts(stored, sources, link, labels),
        "diagnostics": tuple(_diagnostic(stored, d, sources, labels) for d in stored.diagnostics),
        "stored": stored,
        "last_line": stored.line + text.rstrip("\n").count("\n"),
        "source": line(stored.source),
        "revisions": tuple(_changes(library.life(stored), labels)),
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


def _diagnostic(stored: StoredEntry, found: Diagnostic, sources: Sources, labels: Labels) -> Finding:
    number = sources.line(found.span)
    return Finding(
        code=found.code.value,
        label=labels.diagnostic(found.code),
        message=shown(labels.say(found.message)),
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


def _changes(revisions: list[Revision], labels: Labels) -> Iterator[Change]:
    """The latest revisions, each beside the one before it, the newest first."""
    pairs = list(zip([None, *revisions], revisions, strict=False))
    yield from (_change(before, revision, labels) for before, revision in reversed(pairs[-CHANGES_SHOWN:]))


def _change(before: Revision | None, revision: Revision, labels: Labels) -> Change:
    differs = before is not None and before.text != revision.text
    return Change(
        number=revision.number,
        seen=revision.seen,
        when=labels.moment(revision.seen),
        changed=labels.changes(revision.changed) if revision.number > 1 else labels.gettext("First seen"),
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


def maintenance(library: Library, now: datetime, labels: Labels) -> View:
    """Maintenance windows: running, coming, past."""
    windows = library.digest.schedule
    values = {
        "coming": tuple(row(slot, labels, now) for slot in windows.coming(now)),
        "past": tuple(
            (year, tuple(row(slot, labels, now) for slot in slots)) for year, slots in windows.past(now)
        ),
        "now": labels.moment(now),
        "feeds": feeds(MAINTENANCE, MAINTENANCE.request(SearchRequest(sort=Sort.DATE)), labels),
    }
    return View("maintenance.html", values, urls.MAINTENANCE)


def diagnostics(library: Library, labels: Labels) -> View:
    """What the reader of the sources could not make fit, by kind, and what the sources are."""
    found: dict[DiagnosticCode, list[tuple[str, str, Finding]]] = defaultdict(list)
    for stored in library.digest.diagnosed:
        sources = Sources(stored, shown(stored.text))
        facts(stored, sources, str, labels)  # hands out the same anchors as the entry's page
        for each in stored.diagnostics:
            finding = _diagnostic(stored, each, sources, labels)
            found[each.code].append((title_of(stored), stored.entry.lang, finding))
    values = {
        "kinds": tuple(
            (labels.diagnostic(code), tuple(found[code])) for code in DiagnosticCode if code in found
        ),
        "sources": library.digest.sources,
    }
    return View("diagnostics.html", values, urls.DIAGNOSTICS)


def problem(code: int, name: str, message: str, path: str) -> View:
    """What went wrong at `path`, in words of the reader's language."""
    return View("error.html", {"code": code, "name": name, "message": message}, path, lasting=False)
