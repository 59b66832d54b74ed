"""Whoosh's own evaluation of a plan: the reference that the array layer is held to.

Terms, prefixes, tags, positions and scores come from Whoosh; the algebra over them is plain dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path

from whoosh import query as q
from whoosh.index import open_dir
from whoosh.searching import Searcher as WhooshSearcher

from index import manifest
from index.plan import (
    Adjacent,
    All,
    Any,
    Best,
    Everything,
    Plan,
    Preferring,
    Starts,
    Tagged,
    Term,
    Without,
)
from index.schema import ID, TEXT, WORD, schema

Scores = dict[int, float]


def evaluate(plan: Plan, index_dir: Path) -> dict[str, float]:
    """Scores of the live entries that match, by id."""
    found = manifest.read(index_dir)
    assert found
    with open_dir(str(index_dir / found.folder), schema=schema()).searcher() as searcher:
        reader = searcher.reader()
        ids = {n: term.decode() for term in reader.lexicon(ID) for n in reader.postings(ID, term).all_ids()}
        return {ids[n]: score for n, score in _scores(plan, searcher).items()}


def _scores(plan: Plan, searcher: WhooshSearcher) -> Scores:
    match plan:
        case Term(text):
            return {hit.docnum: hit.score for hit in searcher.search(q.Term(TEXT, text), limit=None)}
        case Starts(prefix):
            return _constant(searcher, q.Prefix(WORD, prefix), 1.0)
        case Tagged(tags, score):
            return _constant(searcher, q.Or([q.Term(*tag) for tag in tags]), score)
        case Everything():
            return _constant(searcher, q.Every(), 0.0)
        case Preferring(preferred, tag, more):
            own = set(q.Term(*tag).docs(searcher))
            return {n: score + more * (n in own) for n, score in _scores(preferred, searcher).items()}
        case Without(keep, drop):
            dropped = _scores(drop, searcher)
            return {n: score for n, score in _scores(keep, searcher).items() if n not in dropped}
        case Adjacent():
            slots = [_best(_scores(Term(term), searcher) for term in terms) for terms in plan.slots]
            there = _standing(plan, searcher)
            return {n: score for n, score in _all(slots).items() if n in there}
    parts = [_scores(part, searcher) for part in plan.parts]
    match plan:
        case All():
            return _all(parts)
        case Any():
            return {n: sum(part.get(n, 0.0) for part in parts) for part in parts for n in part}
        case Best():
            return _best(parts)


def _constant(searcher: WhooshSearcher, query: q.Query, score: float) -> Scores:
    return dict.fromkeys(query.docs(searcher), score)


def _all(parts: list[Scores]) -> Scores:
    shared = reduce(set.intersection, map(set, parts))
    return {n: sum(part[n] for part in parts) for n in shared}


def _best(parts: Iterable[Scores]) -> Scores:
    found: Scores = {}
    for part in parts:
        found |= {n: max(score, found.get(n, score)) for n, score in part.items()}
    return found


def _standing(plan: Adjacent, searcher: WhooshSearcher) -> set[int]:
    """The documents where the slots of a phrase stand at their distances."""
    slots = zip(plan.slots, plan.distances, strict=True)
    starts = [{(n, at - gap) for term in terms for n, at in _places(term, searcher)} for terms, gap in slots]
    return {n for n, _ in reduce(set.intersection, starts)}


def _places(term: str, searcher: WhooshSearcher) -> set[tuple[int, int]]:
    reader = searcher.reader()
    if (TEXT, term) not in reader:
        return set()
    matcher, found = reader.postings(TEXT, term), set()
    while matcher.is_active():
        found |= {(matcher.id(), at) for at in matcher.value_as("positions")}
        matcher.next()
    return found
