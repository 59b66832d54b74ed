"""What stands on a page that lists entries?  Cards, months, facets, chips and pages, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import NamedTuple, overload

from markupsafe import Markup
from msgspec import Struct

from index.query import FACETS, FacetValue, Hit, SearchPage, SearchRequest, Snippet, Sort
from index.store import StoredEntry
from ingest.model import Dated, Entry, Form, Mention
from webapp import querystring, urls
from webapp.excerpt import passage, title_of
from webapp.labels import Labels
from webapp.querystring import Toggles
from webapp.text import Piece, line, pieces

TAGS_SHOWN = 6
FACET_VALUES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address; `href` is a site path."""

    label: str
    href: str


class Tag(NamedTuple):
    """A product, endpoint or parameter that an entry speaks of."""

    label: str
    href: str
    facet: str


class Card(Struct, frozen=True):
    """An entry in a list."""

    id: str
    href: str
    type: str
    type_label: str
    lang: str
    language: str
    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]
    day: str | None
    when: str
    inferred: bool
    status: str | None
    windows: tuple[str, ...]
    tags: tuple[Tag, ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class StandIns(Sequence[Markup]):
    """Cards that are written already and put in last, by their numbers on the page."""

    numbers: range

    @property
    def markup(self) -> Markup:
        """What stands for all of them, one below the other; in no shown text, as what stands for one."""
        return Markup(f"\x04{self.numbers.start}-{self.numbers.stop}\x04")

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Markup: ...
    @overload
    def __getitem__(self, at: slice) -> StandIns | tuple[Markup, ...]: ...
    def __getitem__(self, at: int | slice) -> Markup | StandIns | tuple[Markup, ...]:
        if isinstance(at, slice):
            return tuple(Markup(f"\x04{number}\x04") for number in self.numbers[at])
        return Markup(f"\x04{self.numbers[at]}\x04")


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one month; `anchor` is its ISO form.  A card may be written already."""

    label: str
    anchor: str
    cards: Sequence[Listed | Markup]


class Choice(NamedTuple):
    """One value of a facet: how many entries it would leave, and where it leads.

    `number` is the count as digits, `entries` with its noun.
    """

    label: str
    count: int  # type: ignore[assignment]  # no tuple's method here
    href: str
    selected: bool
    number: str
    entries: str


@dataclass(frozen=True, slots=True)
class Choices(Sequence[Choice]):
    """Values of one facet; a choice is made of each only for who looks at it, for they are many."""

    facet: str
    values: tuple[FacetValue, ...]
    ways: Toggles
    labels: Labels

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, at: int) -> Choice: ...
    @overload
    def __getitem__(self, at: slice) -> Choices: ...
    def __getitem__(self, at: int | slice) -> Choice | Choices:
        if isinstance(at, slice):
            return replace(self, values=self.values[at])
        value, count, selected = self.values[at]
        name = named(self.facet, value, self.labels)
        return Choice(name, count, self.ways(value), selected, *self.labels.counted(count))

    def __add__(self, others: Sequence[Choice]) -> tuple[Choice, ...]:
        """As of tuples, for templates that show all of a facet's values alike."""
        return (*self, *others)


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet: the values that show at once, and those that unfold."""

    name: str
    label: str
    first: Sequence[Choice]
    more: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is among the pages, from 1, and the ways from there."""

    number: int
    last: int
    previous: str | None
    next: str | None
    pages: tuple[tuple[int, str] | None, ...]


class Listed(NamedTuple):
    """A found entry on its way into a list.  All but what a query marks in it is the same for every query."""

    hit: Hit
    form: Form
    labels: Labels

    @property
    def title(self) -> tuple[Piece, ...]:
        title = self.hit.title
        return pieces(title) if title.marks else (Piece(title_of(self.hit.stored)),)

    @property
    def passage(self) -> tuple[Piece, ...]:
        return passage(self.hit.stored, self.hit.passage, self.form)

    @property
    def card(self) -> Card:
        return card(self.hit.stored, self.title, self.passage, self.labels)


def card(stored: StoredEntry, title: tuple[Piece, ...], passage: tuple[Piece, ...], labels: Labels) -> Card:
    """An entry as it stands in a list, with what the query found in it."""
    entry = stored.entry
    return Card(
        id=stored.id,
        href=urls.entry(stored.id),
        type=entry.type.value,
        type_label=labels.type(entry.type),
        lang=entry.lang,
        language=labels.value("lang", entry.lang),
        title=title,
        passage=passage,
        day=entry.dated.middle.isoformat() if entry.dated and entry.dated.exact else None,
        when=_when(entry, labels),
        inferred=entry.dated is not None and entry.dated.inferred,
        status=_status(entry, labels),
        windows=_windows(entry, labels),
        tags=tags(stored, TAGS_SHOWN),
        gone=bool(stored.gone),
    )


def translated(card: Card, stored: StoredEntry, labels: Labels) -> Card:
    """The card in another language of the interface: what the entry itself says stays."""
    entry = stored.entry
    return Card(  # said out, for `replace` takes its time
        id=card.id,
        href=card.href,
        type=card.type,
        type_label=labels.type(entry.type),
        lang=card.lang,
        language=labels.value("lang", entry.lang),
        title=card.title,
        passage=card.passage,
        day=card.day,
        when=_when(entry, labels),
        inferred=card.inferred,
        status=_status(entry, labels),
        windows=_windows(entry, labels),
        tags=card.tags,
        gone=card.gone,
    )


def _when(entry: Entry, labels: Labels) -> str:
    return labels.when(entry.dated) if entry.dated else labels.gettext("No date known")


def _status(entry: Entry, labels: Labels) -> str | None:
    return labels.status(entry.status.status) if entry.status else None


def _windows(entry: Entry, labels: Labels) -> tuple[str, ...]:
    return tuple(labels.window(window) for window in entry.current_windows)


def unsearched(stored: StoredEntry, form: Form, labels: Labels) -> Listed:
    """An entry in which nothing was searched for."""
    return Listed(Hit(stored, 0.0, Snippet(title_of(stored)), Snippet("")), form, labels)


def tags(stored: StoredEntry, most: int | None = None) -> tuple[Tag, ...]:
    """The products, endpoints and parameters of an entry, in this order; `most` of them at the most."""
    entry = stored.entry
    named: tuple[tuple[str, tuple[Mention, ...]], ...] = (
        ("product", entry.products),
        ("endpoint", entry.endpoints),
        ("param", entry.parameters),
    )
    pairs = [(facet, mention.name) for facet, mentions in named for mention in mentions]
    return tuple([_tag(facet, name) for facet, name in pairs[:most]])


@lru_cache(maxsize=1 << 14)
def _tag(facet: str, name: str) -> Tag:
    return Tag(line(name), urls.facet(facet, name), facet)


def by_month(found: Iterable[tuple[Listed | Markup, Dated | None]], labels: Labels) -> tuple[Group, ...]:
    """Cards that come in order of date, gathered by month; those without a date stand together."""
    groups = groupby(found, key=lambda pair: pair[1] and pair[1].middle.replace(day=1))
    return tuple(Group(*month_of(month, labels), tuple(card for card, _ in group)) for month, group in groups)


def month_of(month: date | None, labels: Labels) -> tuple[str, str]:
    if month is None:
        return labels.gettext("No date known"), "undated"
    return labels.month(month), month.isoformat()[:7]


def facet_groups(
    facets: Mapping[str, tuple[FacetValue, ...]], request: SearchRequest, labels: Labels
) -> tuple[FacetGroup, ...]:
    """The facets that have a choice to offer; a click on a value puts it on or takes it off."""
    ways = querystring.toggling(request)
    return tuple(
        _facet_group(name, values, ways(name), labels) for name in FACETS if (values := facets.get(name))
    )


def _facet_group(name: str, values: tuple[FacetValue, ...], ways: Toggles, labels: Labels) -> FacetGroup:
    if ways.on:
        values = tuple(sorted(values, key=_not_selected))
    first, more = values[:FACET_VALUES_SHOWN], values[FACET_VALUES_SHOWN:]
    return FacetGroup(
        name, labels.facet(name), Choices(name, first, ways, labels), Choices(name, more, ways, labels)
    )


def _not_selected(value: FacetValue) -> bool:
    return not value.selected


@lru_cache(maxsize=1 << 14)
def named(facet: str, value: str, labels: Labels) -> str:
    """A facet's value as it is shown."""
    return line(labels.value(facet, value))


def chips(request: SearchRequest, labels: Labels) -> tuple[Link, ...]:
    """What narrows the listing down, each with the address of the listing without it."""
    return tuple(_chips(querystring.first(request), labels))


def _chips(request: SearchRequest, labels: Labels) -> Iterator[Link]:
    for name, values in request.filters.items():
        for value in values:
            said = named(name, value, labels)
            label = labels.gettext("%(facet)s: %(value)s", facet=labels.facet(name), value=said)
            yield Link(label, _href(querystring.toggled(request, name, value)))
    if request.changes:
        label = labels.gettext("Material changes only")
        yield Link(label, _href(replace(request, changes=None)))
    if request.since:
        label = labels.gettext("Since %(day)s", day=labels.day(request.since))
        yield Link(label, _href(replace(request, since=None)))
    if request.until:
        label = labels.gettext("Until %(day)s", day=labels.day(request.until))
        yield Link(label, _href(replace(request, until=None)))


def _href(request: SearchRequest) -> str:
    """The search, or the change log where nothing is left to search for."""
    return querystring.search(request) if querystring.encode(request) else urls.HOME


def orders(request: SearchRequest, labels: Labels) -> tuple[tuple[Link, bool], ...]:
    """The ways to sort, and which of them is on."""
    names = {Sort.RELEVANCE: labels.gettext("Best match"), Sort.DATE: labels.gettext("Newest first")}
    first = querystring.first(request)
    return tuple(
        (Link(label, querystring.search(replace(first, sort=sort))), sort is request.sort)
        for sort, label in names.items()
    )


def pager(found: SearchPage, path: str, fixed: str | None = None) -> Pager:
    """The pages of a listing that lives at `path`."""
    request = found.request
    number, last = querystring.page_of(request), max(1, ceil(found.total / request.limit))
    href = querystring.paging(request, path, fixed)
    return Pager(
        number=number,
        last=last,
        previous=href(number - 1) if number > 1 else None,
        next=href(number + 1) if number < last else None,
        pages=tuple((n, href(n)) if n else None for n in _shown_pages(number, last)),
    )


def _shown_pages(number: int, last: int) -> Iterator[int]:
    """First, last and the neighbours; 0 stands for a gap."""
    before = 0
    for page in sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)}):
        if page - before > 1:
            yield 0
        yield page
        before = page
