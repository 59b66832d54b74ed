"""What was read from an entry, and which characters of the source say so?  Facts with their source lines."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from index.store import StoredEntry
from ingest.model import DateBasis, Entry, Mention, Span
from webapp import urls
from webapp.catalogue import N_
from webapp.labels import Labels
from webapp.notes import Note
from webapp.text import line


class Value(Struct, frozen=True):
    """One value: how it reads, where it leads, what the source says and where, by which rule.

    `machine` is the same for programs (an ISO day or a moment in UTC), `until` where it ends.  `said` is the
    source's wording where it differs from the value.  `anchor` names the element of the page that holds the
    characters, `line` the source's line; both are None for what has no single place.
    Not every anchor is on the page, as characters may be left out there: see `place`.
    """

    text: str
    href: str | None = None
    machine: str | None = None
    until: str | None = None
    said: str | None = None
    note: str | None = None
    line: int | None = None
    anchor: str | None = None
    rule: str | None = None
    code: bool = False

    def place(self, on_page: Container[str]) -> str | None:
        """The id of the element that says the value: its own, else its line's, if either is there."""
        if self.anchor in on_page:
            return self.anchor
        own_line = f"L{self.line}"
        return own_line if own_line in on_page else None


class Fact(Struct, frozen=True):
    """A heading and its values."""

    label: str
    values: tuple[Value, ...]


class Sources:
    """Hands out anchors for spans of one entry's text, and keeps the notes that place them on the page.

    `named` is what was read for another language and is the same in this one.
    """

    def __init__(self, stored: StoredEntry, text: str, named: Named | None = None) -> None:
        self.text, self.first, self.named = text, stored.line, named
        self.notes: list[Note] = []

    def line(self, span: Span) -> int:
        return self.first + self.text.count("\n", 0, span.start)

    def mark(self, span: Span, kind: str, href: str | None = None, code: bool = False) -> str:
        """An anchor for the characters at `span`."""
        anchor = f"said-{len(self.notes) + 1}"
        self.notes.append(Note(span, "code" if code else "span", href, anchor, kind))
        return anchor

    def hold(self, span: Span) -> bool:
        """Does the span lie in this text?  A date heading may stand over several entries, in the first."""
        return 0 <= span.start <= span.end <= len(self.text)

    def said(self, span: Span) -> str:
        return " ".join(span.of(self.text).split())


class Named(Struct, frozen=True):
    """The names that an entry speaks of, by facet, and their notes: the same in every language."""

    values: tuple[tuple[str, tuple[Value, ...]], ...]
    notes: list[Note]


def facts(
    stored: StoredEntry, sources: Sources, link: Callable[[str], str], labels: Labels
) -> tuple[Fact, ...]:
    """Everything that was read from the entry; fills `sources` with the notes that point at it.

    `link` turns site paths into what the page prints, for the links that lie inside the text.
    """
    found = [
        Fact(labels.gettext(name), values)
        for name, read in _READ
        if (values := tuple(read(stored.entry, sources, labels)))
    ]
    if sources.named:
        sources.notes += sources.named.notes
    else:
        sources.named = _named(stored.entry, sources, link)
    found += [Fact(labels.plural(facet), values) for facet, values in sources.named.values if values]
    return tuple(found)


def _named(entry: Entry, sources: Sources, link: Callable[[str], str]) -> Named:
    before = len(sources.notes)
    values = tuple(
        (facet, tuple(_mention(facet, mention, sources, link) for mention in mentions))
        for facet, mentions in _mentions(entry)
    )
    return Named(values, sources.notes[before:])


def _mentions(entry: Entry) -> tuple[tuple[str, tuple[Mention, ...]], ...]:
    return ("product", entry.products), ("endpoint", entry.endpoints), ("param", entry.parameters)


def _read(sources: Sources, kind: str, text: str, span: Span, rule: str | None) -> Value:
    """A value that was read from `span` by `rule`, with a place on the page if it was read here."""
    if not sources.hold(span):
        return Value(text, rule=rule)
    anchor = sources.mark(span, kind) if len(span) else None
    return Value(text, said=sources.said(span), line=sources.line(span), anchor=anchor, rule=rule)


def _type(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    """The type, with the heaviest piece of evidence for it."""
    text, href = labels.type(entry.type), urls.facet("type", entry.type)
    cues = [cue for cue in entry.cues if cue.decision == entry.type.value and cue.weight > 0]
    if cues:
        cue = max(cues, key=lambda c: c.weight)
        yield replace(_read(sources, "cue", text, cue.span, cue.rule), href=href)
    else:
        yield Value(text, href)


def _dates(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    """The date that the source states, or the one that can be inferred."""
    if entry.published:
        stated = entry.published
        value = _read(sources, "date", _day_or_month(stated.text, labels), stated.span, stated.rule)
        note = None if value.line else labels.basis(DateBasis.STATED)
        yield replace(value, machine=stated.text, note=note)
    elif entry.dated:
        dated, between = entry.dated, None
        if dated.first != dated.last:
            first, last = labels.day(dated.first), labels.day(dated.last)
            between = labels.gettext("between %(first)s and %(last)s", first=first, last=last)
        note = "; ".join(filter(None, (between, labels.basis(dated.basis))))
        yield Value(labels.when(dated), note=note)


def _day_or_month(iso: str, labels: Labels) -> str:
    if len(iso) == len("2024-09"):
        return labels.month(date.fromisoformat(f"{iso}-01"))
    return labels.day(date.fromisoformat(iso))


def _windows(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    for window in entry.windows:
        value = _read(sources, "window", labels.window(window), window.span, window.rule)
        note = labels.gettext("superseded") if window.superseded else None
        yield replace(
            value, machine=f"{window.start:%Y-%m-%dT%H:%MZ}", until=f"{window.end:%Y-%m-%dT%H:%MZ}", note=note
        )


def _status(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    if entry.status:
        mark = entry.status
        yield _read(sources, "status", labels.status(mark.status), mark.span, mark.rule)
    if entry.no_downtime:
        yield _read(sources, "status", labels.gettext("No downtime planned"), entry.no_downtime, None)


def _outages(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    for outage in entry.outages:
        yield _read(sources, "outage", labels.minutes(outage.minutes), outage.span, outage.rule)


def _effective(entry: Entry, sources: Sources, labels: Labels) -> Iterator[Value]:
    for effective in entry.effective:
        value = _read(sources, "date", labels.day(effective.day), effective.span, effective.rule)
        yield replace(value, machine=effective.day.isoformat())


_READ: tuple[tuple[str, Callable[[Entry, Sources, Labels], Iterator[Value]]], ...] = (
    (N_("Type"), _type),
    (N_("Date"), _dates),
    (N_("Maintenance window"), _windows),
    (N_("Status"), _status),
    (N_("Outage"), _outages),
    (N_("Takes effect"), _effective),
)


def _mention(facet: str, mention: Mention, sources: Sources, link: Callable[[str], str]) -> Value:
    """A name; what the source calls it is worth saying only where it differs."""
    href, code = urls.facet(facet, mention.name), facet == "param"
    said = sources.said(mention.span)
    return Value(
        line(mention.name),
        href,
        said=said if said != mention.name else None,
        line=sources.line(mention.span),
        anchor=sources.mark(mention.span, facet, link(href), code),
        rule=mention.rule,
        code=code,
    )
