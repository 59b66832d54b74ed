"""What does the page of an entry show?  Its text, the facts beside it, its life and its relatives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from index.chains import Chain
from index.store import Revision, StoredEntry
from ingest.model import Dated, Diagnostic, Form
from webapp import pages, structured, urls
from webapp.catalogue import N_
from webapp.excerpt import opening, title_of
from webapp.facts import Sources, facts
from webapp.labels import Labels
from webapp.library import Library
from webapp.markup import Parts, Renderer, line_numbers, parts, source_notes
from webapp.related import Relative, related
from webapp.text import Piece, instant, line, shown
from webapp.view import MissingError, View
from webapp.worddiff import Part, word_diff

_DATES = {"windows": N_("Maintenance window"), "effective": N_("Takes effect")}
_ID = re.compile(r' id="([^"]+)"')  # the text's own quotes are escaped
SHARED_SHOWN = 3  # names that a related entry has in common
CHANGES_SHOWN = 20  # revisions on an entry's page


def entry(library: Library, entry_id: str, link: Callable[[str], str], labels: Labels) -> View:
    """One entry: its text as it was published, the facts beside it, its revisions."""
    stored = library.entry(entry_id)
    if stored is None:
        raise MissingError(labels.gettext("No entry has the id “%(id)s”", id=line(entry_id)))
    return told(library, stored, related(library, stored), link, labels)


def told(
    library: Library,
    stored: StoredEntry,
    relatives: Iterable[Relative],
    link: Callable[[str], str],
    labels: Labels,
    other: View | None = None,
) -> View:
    """The page of an entry that is at hand, with those that speak of the same things; `other` is the page in
    another language."""
    text = other.prose["text"] if other else shown(stored.text)
    sources = Sources(stored, text, other.prose["named"] if other else None)
    values: dict[str, Any] = {
        "facts": facts(stored, sources, link, labels),
        "diagnostics": tuple(finding(stored, d, sources, labels) for d in stored.diagnostics),
        "stored": stored,
        "revisions": tuple(_changes(library.life(stored), labels)),
        "chains": tuple(_moved(chain, labels) for chain in library.chains(stored)),
        "twins": tuple(_twins(library, stored, labels)),
    }
    if other:
        card, prose = pages.translated(other.values["card"], stored, labels), other.prose
    else:
        form, split = library.form(stored), parts(stored.entry, text)
        card, prose = _card(stored, form, split, labels), _prose(stored, sources, form, split, relatives)
    others = tuple([lead.other(labels) for lead in prose["leads"]])
    values = {"card": card, **values, **prose, "related": others}
    return View("entry.html", values, urls.entry(stored.id), prose=prose, alike=True)


def _card(stored: StoredEntry, form: Form, split: Parts, labels: Labels) -> pages.Card:
    """The entry as it stands in a list where nothing was searched for."""
    said = opening(stored, form, split.body)
    return pages.card(stored, (Piece(title_of(stored)),), (Piece(said),) if said else (), labels)


def _prose(
    stored: StoredEntry, sources: Sources, form: Form, split: Parts, relatives: Iterable[Relative]
) -> Mapping[str, Any]:
    """What is the same in every language; `sources` has the notes of the facts."""
    text = sources.text
    written, article = _text(stored, sources, form, split), structured.article(stored)
    last = stored.line + text.rstrip("\n").count("\n")
    return {
        **written,
        "places": _places(written),
        "first_line": stored.line,
        "last_line": last,
        "until_line": last if last > stored.line else None,
        "source": line(stored.source),
        "article": article,
        "linked_data": structured.written(article),
        "text": text,
        "named": sources.named,
        "leads": tuple(map(_lead, relatives)),
    }


class Moved(Struct, frozen=True):
    """Dates of one kind that gave way: the former ones in order, and those that hold."""

    label: str
    former: tuple[str, ...]
    now: tuple[str, ...]


def _moved(chain: Chain, labels: Labels) -> Moved:
    former = tuple(labels.date_or_window(each.moment) for each in chain.former)
    return Moved(labels.gettext(_DATES[chain.kind]), former, tuple(map(labels.date_or_window, chain.now)))


class Other(Struct, frozen=True):
    """Another entry that this one leads to; `note` says why."""

    title: str
    href: str
    lang: str
    note: str


def _twins(library: Library, stored: StoredEntry, labels: Labels) -> Iterator[Other]:
    """The same announcement in other languages."""
    for each in library.store.get_many(twin.id for twin in stored.twins):
        note = labels.gettext("Also in %(language)s", language=labels.value("lang", each.entry.lang))
        yield Other(title_of(each), urls.entry(each.id), each.entry.lang, note)


class Lead(Struct, frozen=True):
    """What leads to a related entry, in every language: `shared` is what both are about."""

    title: str
    href: str
    lang: str
    dated: Dated | None
    shared: str

    def other(self, labels: Labels) -> Other:
        """With a note that says when, and what both are about."""
        note = f"{labels.when(self.dated)} · {self.shared}" if self.dated else self.shared
        return Other(self.title, self.href, self.lang, note)


def _lead(relative: Relative) -> Lead:
    entry, shared = relative.entry, _listed(relative.shared[:SHARED_SHOWN])
    return Lead(entry.title, urls.entry(entry.id), entry.lang, entry.dated, shared)


@lru_cache(maxsize=1 << 14)
def _listed(names: tuple[str, ...]) -> str:
    return ", ".join([line(name) for name in names])


def _text(stored: StoredEntry, sources: Sources, form: Form, split: Parts) -> dict[str, str]:
    """The entry's text as markup: what stands above it, its heading, and its body."""
    text = sources.text
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


def _places(written: Mapping[str, str]) -> frozenset[str]:
    """The ids of the elements in an entry's text."""
    text = "".join(written[part] for part in ("lead", "title", "body"))
    return frozenset((*_ID.findall(text), written["title_id"]))


class Finding(Struct, frozen=True):
    """A diagnostic, and the place of the characters that raised it."""

    code: str
    label: str
    message: str
    line: int
    said: str
    href: str


def finding(stored: StoredEntry, found: Diagnostic, sources: Sources, labels: Labels) -> Finding:
    number = sources.line(found.span)
    return Finding(
        code=found.code.value,
        label=labels.diagnostic(found.code),
        message=shown(labels.say(found.message)),
        line=number,
        said=sources.said(found.span),
        href=f"{urls.entry(stored.id)}#{sources.mark(found.span, 'diagnosed')}",
    )


class Change(Struct, frozen=True):
    """A revision in words: its number, the moment it was seen (in ISO's form as well), what changed."""

    number: int
    seen: datetime
    moment: str
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
        moment=instant(revision.seen),
        when=labels.moment(revision.seen),
        changed=labels.changes(revision.changed) if revision.number > 1 else labels.gettext("First seen"),
        material=revision.material,
        diff=word_diff(before.text, revision.text) if before and differs else (),
    )
