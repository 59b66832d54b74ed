"""What is found, and in which order?  SearchRequest in, SearchPage out.

    searcher = Searcher(store, data_dir / "index", aliases={"List domains": ("Lister les domaines",)})
    page = searcher.search(SearchRequest("domain locking", {"type": ("api_change",)}))   # hits with snippets
    found = searcher.find(SearchRequest(filters={"lang": ("fr",)}, sort=Sort.DATE, limit=100))  # ids only
    searcher.suggest("list dom")                                              # whole queries, as you type

A Searcher may be shared by threads.  It sees a new index generation at the next call, without restart, and
has an index that is missing or torn rebuilt from the store (`notes` say so).  The only error it raises is
SearchIndexError, where there is no index and none can be made; a query is always answered, with hints.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from index import build, manifest
from index.arrays import Floats, Ints, Longs
from index.correct import corrections, relaxed
from index.facets import Counts, Mask
from index.highlight import Highlighter, passage
from index.manifest import Manifest
from index.plan import Everything, Plan, Wanted, tags_for, wanted
from index.postings import NOTHING, Matches
from index.query import FACETS, FacetValue, Hit, SearchPage, SearchRequest, Snippet, Sort, Suggestion
from index.querylang import parse
from index.schema import SCHEMA_VERSION
from index.shelf import Read, Shelf
from index.store import Store
from index.view import Aliases, View
from ingest.errors import SearchIndexError

Filters = dict[str, tuple[str, ...]]
BEHIND = "the search index is behind the store; the next ingest or `relnotes reindex` brings it up to it"
FACET_LIMIT = 25  # values of a facet that a page counts: the most frequent, and the selected ones


@dataclass(frozen=True, slots=True)
class Found:
    """What a request finds, before any text is fetched: ids and scores of one page, best first."""

    request: SearchRequest
    ids: tuple[str, ...]
    scores: tuple[float, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    months: Mapping[str, int]
    suggestions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that a request matches, in no order yet, and its counts: the same for every page."""

    matches: Matches
    facets: Mapping[str, tuple[FacetValue, ...]]
    months: Mapping[str, int]

    @property
    def nbytes(self) -> int:
        values = sum(map(len, self.facets.values())) + len(self.months)
        return self.matches.nbytes + 150 * values


class Searcher:
    """Answers requests from the index in `index_dir`; texts come from `store`."""

    def __init__(self, store: Store, index_dir: Path, aliases: Aliases | None = None) -> None:
        self.store, self.index_dir, self.aliases = store, index_dir, aliases or {}
        self.notes: tuple[str, ...] = ()
        self._shelf = Shelf(store)
        self._view: View | None = None
        self._stamp: tuple[int, int] | None = None
        self._opening = threading.Lock()

    def search(self, request: SearchRequest) -> SearchPage:
        """The page that a request asks for, with highlighted titles and passages."""
        found = self.find(request)
        read, highlighter = self._shelf.take(found.ids), Highlighter(found.wanted)
        hits = tuple(
            _hit(read[one], score, highlighter)
            for one, score in zip(found.ids, found.scores, strict=True)
            if one in read
        )
        return SearchPage(
            request, hits, found.total, found.facets, found.months, found.suggestions, found.hints
        )

    def find(self, request: SearchRequest) -> Found:
        """Ids, scores, total and facets of a request; `limit` may be as large as you like."""
        return _Search(self.view(), request).found()

    def matching(self, text: str) -> frozenset[str]:
        """The ids of all entries that a query finds just as it is written: there is no second try."""
        view = self.view()
        return frozenset(view.ids(_Search(view, SearchRequest(text)).exactly()))

    def values(self, facet: str) -> list[FacetValue]:
        """Every value of a facet with its count over all entries, by name."""
        return self.view().counted(facet)

    def around(self, facet: str, value: str, entry_id: str, reach: int) -> tuple[int, list[str]]:
        """How many entries a filter by a value finds, and the ids of those around one of them.

        They are up to `reach` on each side of it in the listing, the nearest first.
        """
        return self.view().around(facet, value, entry_id, reach)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Queries that go on from `text`: names of products, endpoints and parameters, then words."""
        return self.view().suggester.suggest(text, limit)

    def lengths(self) -> dict[str, float]:
        """The number of terms in every entry's text, as scores count it (rounded), by id."""
        return self.view().lengths

    @property
    def generation(self) -> int:
        """Grows with every change of the index: good for ETags."""
        return self.view().generation

    @property
    def behind(self) -> bool:
        """Has the store changed since the index was brought up to it?"""
        found = manifest.read(self.index_dir)
        return found is None or found.generation != self.store.generation

    def view(self) -> View:
        """The index generation in force."""
        stamp = manifest.stamp(self.index_dir)
        if self._view is not None and stamp == self._stamp:
            return self._view
        with self._opening:
            stamp = manifest.stamp(self.index_dir)
            if self._view is None or stamp != self._stamp:
                self._view, self._stamp = self._open(), stamp  # a commit since then shows next time
            return self._view

    def _open(self) -> View:
        """Open what the manifest names, again if a commit came between; else have it rebuilt.

        Where it cannot be rebuilt (another process writes, the disk is read-only) Whoosh's own files are
        read instead of the arrays, for as long as they last.
        """
        tried = None
        while (found := manifest.read(self.index_dir)) != tried:
            tried = found
            view = self._mapped(found)
            if found and view:
                behind = found.generation != self.store.generation
                self.notes = (BEHIND,) if behind else ()
                return view
        try:
            self.notes = build.repair(self.store, self.index_dir).notes
        except SearchIndexError:
            view = self._decoded()
            if view is None:
                raise
            return view
        view = self._mapped(manifest.read(self.index_dir))
        if view is None:
            raise SearchIndexError("the search index cannot be read", str(self.index_dir), "rebuild it")
        return view

    def _mapped(self, found: Manifest | None) -> View | None:
        if found is None or found.schema != SCHEMA_VERSION:
            return None
        try:
            return View.open(self.index_dir, found, self.aliases, self.store.changes, self._view)
        except build.DAMAGE:
            return None

    def _decoded(self) -> View | None:
        try:
            segments, order = build.decoded(self.store, self.index_dir)
        except build.DAMAGE:
            return None
        self.notes = ("the index was damaged and cannot be rebuilt now; it is read as far as it goes",)
        return View(segments, order, self.aliases, generation=0, changes=self.store.changes)


class _Search:
    """One request on one view."""

    def __init__(self, view: View, request: SearchRequest) -> None:
        self.view, self.request = view, request
        self.query = parse(request.text)
        self.hints = list(self.query.hints)
        self.stand_in: list[str] = []  # what is shown instead, where a filter leaves any of it
        self.suggestions: tuple[str, ...] = ()
        self.plan: Plan = Everything()
        self.said = self.query.since, self.query.until
        self.asked = request.since, request.until

    def found(self) -> Found:
        matches, filters = self.matches(), self.filters()
        key = (self.plan, tuple(filters.items()), self.said, self.asked, self.request.changes)
        listing = self.view.results.get(key, lambda: self.listing(matches, filters))
        page, scores = self.page(listing.matches)
        return Found(
            request=self.request,
            ids=tuple(self.view.ids(page)),
            scores=tuple(scores),
            total=len(listing.matches),
            facets=listing.facets,
            months=listing.months,
            suggestions=self.suggestions,
            hints=tuple(dict.fromkeys(self.hints + (self.stand_in if len(listing.matches) else []))),
            wanted=wanted(self.plan),
        )

    def exactly(self) -> Ints:
        """The documents that match the words as they are."""
        root = self.query.root
        matches = self.evaluated(None if root is None else self.view.planner.plan(root))
        return self.listing(matches, self.filters()).matches.docs

    # -- words -------------------------------------------------------------------------------------

    def matches(self) -> Matches:
        if self.query.root is None:
            return self.evaluated(None)
        found = self.evaluated(self.view.planner.plan(self.query.root))
        if isinstance(self.plan, Everything):
            self.hints.append("the words are too common to search for")
        return found if len(found) else self.second_try()

    def evaluated(self, plan: Plan | None) -> Matches:
        self.plan = plan or Everything()
        return self.view.evaluated(self.plan)

    def second_try(self) -> Matches:
        """Nothing was found: try nearly the same words, then some of the words."""
        self.suggestions = corrections(self.request.text, self.query.root, self.view)
        for text in self.suggestions[:1]:
            found = self.evaluated(self.view.planner.plan(parse(text).root))
            if len(found):
                self.stand_in = [f"nothing matches these words; these are the entries for “{text}”"]
                return found
        some = relaxed(self.query.root)
        found = self.evaluated(self.view.planner.plan(some)) if some else NOTHING
        if len(found):
            self.stand_in = ["no entry has all these words; these have some of them"]
        return found

    # -- filters -----------------------------------------------------------------------------------

    def filters(self) -> Filters:
        """The values asked for, by facet, as the index spells them; unknown ones stay as they are."""
        asked: dict[str, list[str]] = {}
        for given in (self.query.filters, self.request.filters):
            for facet, values in given.items():
                if facet in FACETS:
                    asked.setdefault(facet, []).extend(v for one in values for v in self.known(facet, one))
                else:
                    self.hints.append(f"no filter is called “{facet}”; there are {', '.join(FACETS)}")
        return {facet: tuple(dict.fromkeys(values)) for facet, values in asked.items() if values}

    def known(self, facet: str, value: str) -> tuple[str, ...]:
        tags = tags_for(self.view.values, facet, value)
        if tags:
            return tuple(found for _, found in tags)
        self.hints.append(f"no entry has the {facet} “{value}”")
        return (value,)

    # -- what passes them --------------------------------------------------------------------------

    def listing(self, matches: Matches, filters: Filters) -> Listing:
        """What passes every filter; for each facet, counts over what passes the others.

        The days of the request are a filter of their own: months are counted over what passes the others.
        """
        said = _kept(_kept(matches, self.within(*self.said)), self.changed())
        matches = _kept(said, self.within(*self.asked))
        inside = {name: self.view.having(name, values)[matches.docs] for name, values in filters.items()}
        passing = _kept_at(matches, _all(inside.values())) if inside else matches
        own = {}
        for facet in filters:
            others = [mask for name, mask in inside.items() if name != facet]
            own[facet] = matches.docs[_all(others)] if others else matches.docs
        counter = self.view.counter
        counts = counter.counts(passing.docs, own)
        facets = counter.listed(counts, FACET_LIMIT)
        for facet, values in filters.items():
            facets[facet] = self.chosen(facet, facets[facet], values, counts[counter.part(facet)])
        anytime = passing.docs if said is matches else self.anytime(said.docs, filters)
        return Listing(passing, facets, self.view.calendar.counted(anytime))

    def anytime(self, docs: Ints, filters: Filters) -> Ints:
        """Which of the documents pass the filters, whatever day they are of."""
        masks = [self.view.having(name, values)[docs] for name, values in filters.items()]
        return docs[_all(masks)] if masks else docs

    def within(self, since: date | None, until: date | None) -> Mask | None:
        return self.view.calendar.within(since, until) if since or until else None

    def changed(self) -> Mask | None:
        if self.request.changes is None:
            return None
        mask: Mask = self.view.change_rank < len(self.view.live)
        return mask

    def chosen(
        self, facet: str, listed: tuple[FacetValue, ...], values: tuple[str, ...], counts: Counts
    ) -> tuple[FacetValue, ...]:
        """The listed values with the selected ones marked, and added where they are missing."""
        column = self.view.column(facet)
        known = {one.value for one in listed}
        marked = (one._replace(selected=one.value in values) for one in listed)
        added = (
            FacetValue(value, int(counts[column.code_of[value]]) if value in column.code_of else 0, True)
            for value in values
            if value not in known
        )
        return (*marked, *added)

    # -- order -------------------------------------------------------------------------------------

    def page(self, matches: Matches) -> tuple[Ints, list[float]]:
        """The documents of the page that was asked for, in order, and their scores."""
        by_date = self.request.sort is Sort.DATE or isinstance(self.plan, Everything)
        ranks = self.view.change_rank if self.request.changes else self.view.rank
        following = self.following(matches, ranks, by_date)
        offset = max(self.request.offset, 0) if following is None else 0
        matches = _kept_at(matches, following) if following is not None else matches
        docs, scores = matches.docs, matches.scores
        first, last = offset, offset + max(self.request.limit, 0)
        chosen = (_smallest(ranks[docs], last) if by_date else _highest(scores, ranks[docs], last))[first:]
        return docs[chosen], scores[chosen].tolist()

    def following(self, matches: Matches, ranks: Ints, by_date: bool) -> Mask | None:
        """Which matches come after the entry `after`; None where it has no place among them."""
        doc = self.view.docs.get(self.request.after) if self.request.after else None
        if doc is None:
            return None
        later: Mask = ranks[matches.docs] > ranks[doc]
        if by_date:
            return later
        at = np.flatnonzero(matches.docs == doc)
        if not len(at):
            return None
        score = matches.scores[at[0]]
        lower: Mask = (matches.scores < score) | ((matches.scores == score) & later)
        return lower


def _smallest(keys: Ints, count: int) -> Longs:
    """Indexes of the `count` smallest keys, in order."""
    if count < len(keys):
        few = np.argpartition(keys, count)[:count]
        return few[np.argsort(keys[few])]
    return np.argsort(keys)


def _highest(scores: Floats, rank: Ints, count: int) -> Longs:
    """Indexes of the `count` highest scores, in order; the smaller rank goes first among equals."""
    candidates = np.arange(len(scores))
    if 0 < count < len(scores):
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        candidates = np.flatnonzero(scores >= least)
    order = np.lexsort((rank[candidates], -scores[candidates]))
    return candidates[order][:count]


def _kept(matches: Matches, mask: Mask | None) -> Matches:
    return matches if mask is None else _kept_at(matches, mask[matches.docs])


def _kept_at(matches: Matches, keep: Mask) -> Matches:
    return Matches(matches.docs[keep], matches.scores[keep])


def _all(masks: object) -> Mask:
    return np.logical_and.reduce(list(masks))  # type: ignore[call-overload, no-any-return]


def _hit(read: Read, score: float, highlighter: Highlighter) -> Hit:
    stored, lang = read.stored, read.stored.entry.lang
    title = Snippet(stored.entry.title, tuple(highlighter.marks(read.title, lang)))
    return Hit(stored, score, title, passage(stored.text, highlighter.marks(read.body, lang), read.below))
