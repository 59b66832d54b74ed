"""What can be asked of the index, and what it answers: SearchRequest in, SearchPage out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from index.records import StoredEntry
from ingest.model import Span


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"


class Changes(StrEnum):
    """Which changes a listing is narrowed down to.

    MATERIAL: entries that came to their source, or were changed materially (see `index.revisions`), after
    the source was first read.  In order of date they come by that moment, the latest first: an entry that
    changed resurfaces.
    """

    MATERIAL = "material"


FACETS = ("type", "product", "endpoint", "param", "lang", "year", "status")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question: free text in the query language, filters beside it, order and page.

    `filters` maps a facet's name (`FACETS`) to the values asked for; several values of one facet are
    OR-ed, facets are AND-ed.  `since` and `until` are inclusive days.  `after` is the id of the entry
    that the page follows in the order asked for; where it cannot be placed any more, `offset` says where
    the page begins.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    offset: int = 0
    changes: Changes | None = None
    after: str | None = None


class Snippet(NamedTuple):
    """A passage of an entry's text, the slices of it that the query matched, and where it begins."""

    text: str
    marks: tuple[Span, ...] = ()
    start: int = 0


class Hit(NamedTuple):
    """One found entry, its score, and where the query speaks in it."""

    stored: StoredEntry
    score: float
    title: Snippet
    passage: Snippet

    @property
    def id(self) -> str:
        return self.stored.id


class FacetValue(NamedTuple):
    value: str
    count: int  # type: ignore[assignment]  # no tuple's method here
    selected: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer: one page of hits, how many there are in all, facet counts, and hints.

    A facet's counts leave out its own filter; `months` (`2022-04` → count, ascending) leave out the
    request's `since` and `until`.  `suggestions` are whole queries that might be meant; `hints` say in
    plain words what of the query was not understood.
    """

    request: SearchRequest
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    months: Mapping[str, int] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that goes on from what was typed.

    `facet` says what its end names (product, endpoint, param; None for a plain word), `count` in how many
    entries that stands.
    """

    text: str
    facet: str | None
    count: int
