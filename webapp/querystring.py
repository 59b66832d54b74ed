"""What does a query string ask for?  Query strings to SearchRequests and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from index.query import FACETS, Changes, SearchRequest, Sort
from ingest.errors import QueryError
from webapp import urls
from webapp.config import Limits
from webapp.text import shown

Pairs = Iterable[tuple[str, str]]


def parse(pairs: Pairs, limits: Limits, size: int) -> SearchRequest:
    """The request that `q`, the facets, `since`, `until`, `changes`, `sort` and `page` make.

    Other parameters are ignored.

    Without `sort`, a query is answered by relevance and a plain listing by date.
    Raises QueryError for what makes no sense or goes beyond `limits`.
    """
    pairs = list(pairs)
    _refuse_too_much(pairs, limits)
    given = [(key, value.strip()) for key, value in pairs if value.strip()]
    last = dict(given)
    text = shown(last.get("q", ""))
    return SearchRequest(
        text=text,
        filters=_filters(given),
        since=_day(last, "since"),
        until=_day(last, "until"),
        sort=_sort(last.get("sort"), text),
        limit=size,
        offset=(_page(last.get("page", "1"), limits) - 1) * size,
        changes=_changes(last.get("changes")),
    )


def _refuse_too_much(pairs: Pairs, limits: Limits) -> None:
    counts: Counter[str] = Counter()
    for key, value in pairs:
        if key == "q" and len(value) > limits.text:
            raise QueryError(f"The query is longer than {limits.text} characters", todo="shorten it")
        if key in FACETS and len(value) > limits.value:
            what = f"The filter {key!r} is longer than {limits.value} characters"
            raise QueryError(what, todo="shorten it")
        counts[key] += key in FACETS
    if counts and max(counts.values()) > limits.filters:
        raise QueryError(f"More than {limits.filters} filters of one kind", todo="take some off")


def _filters(given: Pairs) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, value in given:
        if key in FACETS:
            found.setdefault(key, {})[value] = None
    return {name: tuple(found[name]) for name in FACETS if name in found}


def _day(last: Mapping[str, str], key: str) -> date | None:
    if key not in last:
        return None
    try:
        return date.fromisoformat(last[key])
    except ValueError:
        raise QueryError(f"{key!r} is not a date", todo="write it as 2022-06-04") from None


def _changes(name: str | None) -> Changes | None:
    try:
        return Changes(name) if name else None
    except ValueError:
        raise QueryError("'changes' is no kind of change", todo="use material") from None


def _sort(name: str | None, text: str) -> Sort:
    if name is None:
        return Sort.RELEVANCE if text else Sort.DATE
    try:
        return Sort(name)
    except ValueError:
        raise QueryError("'sort' is not an order", todo="use relevance or date") from None


def _page(text: str, limits: Limits) -> int:
    digits = text.isascii() and text.isdigit() and len(text) < 9
    if not (digits and 1 <= int(text) <= limits.pages):
        raise QueryError(f"'page' goes from 1 to {limits.pages}", todo="narrow the listing down instead")
    return int(text)


def page_of(request: SearchRequest) -> int:
    """The number of the page that is asked for, from 1."""
    return request.offset // request.limit + 1


def first(request: SearchRequest) -> SearchRequest:
    """The first page of the same request."""
    return replace(request, offset=0) if request.offset else request


def at_page(request: SearchRequest, number: int) -> SearchRequest:
    return replace(request, offset=(number - 1) * request.limit)


def paging(request: SearchRequest, path: str, fixed: str | None = None) -> Callable[[int], str]:
    """The address of every page of a request at `path`, from 1: the number comes last."""
    front = at(path, first(request), fixed)
    mark = "&" if "?" in front else "?"
    return lambda number: f"{front}{mark}page={number}" if number > 1 else front


def toggled(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """The first page of the same request with one filter value put on, or taken off if it was on."""
    before = request.filters.get(facet, ())
    after = tuple(v for v in before if v != value) if value in before else (*before, value)
    merged = {**request.filters, facet: after}
    filters = {name: merged[name] for name in FACETS if merged.get(name)}
    return replace(request, filters=filters, offset=0)


@dataclass(frozen=True, slots=True)
class Toggles:
    """The paths of `search(toggled(request, facet, value))` for one facet: quick for many values.

    That of a value which is not on is `before`, the value as `quoted` writes it, and `after`.
    """

    request: SearchRequest
    facet: str
    before: str
    after: str

    @property
    def alone(self) -> bool:
        """Is one value all that is searched for?"""
        return not self.after and "&" not in self.before

    @property
    def on(self) -> tuple[str, ...]:
        return self.request.filters.get(self.facet, ())

    def __call__(self, value: str) -> str:
        if value in self.on:
            return search(toggled(self.request, self.facet, value))
        return f"{self.before}{quoted(value)}{self.after}"


def toggling(request: SearchRequest) -> Callable[[str], Toggles]:
    """The same for any facet."""
    said = [(_PLACES.get(name, len(_PLACES)), _written(name, value)) for name, value in _pairs(request)]

    def of(facet: str) -> Toggles:
        first = [f"{pair}&" for place, pair in said if place <= _PLACES[facet]]
        after = "".join([f"&{pair}" for _, pair in said[len(first) :]])
        return Toggles(request, facet, f"{urls.SEARCH}?{''.join(first)}{facet}=", after)

    return of


@dataclass(frozen=True, slots=True)
class Spans:
    """The paths of the searches for the first page of one request between any two days.

    Each is `before`, what `days` writes, and `after`.
    """

    before: str
    after: str

    def __call__(self, days: str) -> str:
        return f"{self.before}{days}{self.after}"


def days(since: date, until: date) -> str:
    """Two days as `Spans` has them between `before` and `after`."""
    return f"{since.isoformat()}&until={until.isoformat()}"


def spanning(request: SearchRequest) -> Spans:
    said = [pair for pair in _pairs(request) if pair[0] not in ("since", "until")]
    before = "".join([f"{_written(name, value)}&" for name, value in said if name in _PLACES])
    after = "".join([f"&{_written(name, value)}" for name, value in said if name not in _PLACES])
    return Spans(f"{urls.SEARCH}?{before}since=", after)


_PLACES = {name: place for place, name in enumerate(("q", *FACETS))}  # in a query string; the rest follows


def encode(request: SearchRequest, fixed: str | None = None) -> str:
    """The query string of a request, always in the same order; `fixed` is the facet that the path says."""
    pairs = _pairs(request, fixed)
    if request.offset:
        pairs.append(("page", str(page_of(request))))
    return "&".join([_written(name, value) for name, value in pairs])


def _written(name: str, value: str) -> str:
    return f"{name}={quoted(value)}"


def _pairs(request: SearchRequest, fixed: str | None = None) -> list[tuple[str, str]]:
    """All but the page."""
    pairs = [("q", request.text)] if request.text else []
    for name in FACETS if request.filters else ():
        if name != fixed:
            pairs += [(name, value) for value in request.filters.get(name, ())]
    if request.since:
        pairs.append(("since", request.since.isoformat()))
    if request.until:
        pairs.append(("until", request.until.isoformat()))
    if request.changes:
        pairs.append(("changes", request.changes.value))
    if request.sort is not (Sort.RELEVANCE if request.text else Sort.DATE):
        pairs.append(("sort", request.sort.value))
    return pairs


@lru_cache(maxsize=8192)
def quoted(value: str) -> str:
    """A value as query strings have it: nothing in it is markup."""
    return quote_plus(value, errors="replace")


def search(request: SearchRequest) -> str:
    """The path of the search page that answers `request`."""
    return at(urls.SEARCH, request)


def at(path: str, request: SearchRequest, fixed: str | None = None) -> str:
    """`path` with the query string of `request`."""
    return asking(path, encode(request, fixed))


def asking(path: str, query: str) -> str:
    """`path` with a query string, which may be empty."""
    return f"{path}?{query}" if query else path
