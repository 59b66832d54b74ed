"""Which entries match a plan, and how well?  Set algebra and scores over arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.arrays import Floats, Ints, Longs
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
from index.postings import NOTHING, Matches, Postings

DENSE = 8  # an array over all documents pays when the lists hold more than 1/DENSE of them


def evaluate(plan: Plan, postings: Postings) -> Matches:
    """The live documents that match, ascending, with their scores."""
    found = _evaluate(plan, postings)
    if postings.all_live:
        return found
    keep = postings.live[found.docs]
    return Matches(found.docs[keep], found.scores[keep])


def _evaluate(plan: Plan, postings: Postings) -> Matches:
    match plan:
        case Term(text):
            return postings.term(text)
        case Adjacent():
            return adjacent(plan, postings)
        case Starts(prefix):
            return _constant(postings.starting(prefix), 1.0)
        case Tagged(tags, score):
            return _constant(_union([postings.tagged(*tag) for tag in tags]), score)
        case Everything():
            return _constant(np.arange(len(postings), dtype=np.int32), 0.0)
        case All(parts):
            return intersect([_evaluate(part, postings) for part in parts])
        case Any(parts):
            return add_up([_evaluate(part, postings) for part in parts], len(postings))
        case Best(parts):
            return postings.kept(plan, lambda: _best(parts, postings))
        case Preferring(preferred, tag, score):
            return lifted(_evaluate(preferred, postings), postings.tagged(*tag), score)
        case Without(keep, drop):
            return subtract(_evaluate(keep, postings), _evaluate(drop, postings).docs)


def _best(parts: Sequence[Plan], postings: Postings) -> Matches:
    return best([_evaluate(part, postings) for part in parts], len(postings))


def intersect(lists: Sequence[Matches]) -> Matches:
    """Documents of every list, from the shortest on; scores add up."""
    shortest, *others = sorted(lists, key=len)
    docs, scores = shortest.docs, shortest.scores
    for other in others:
        if not len(docs) or not len(other):
            return NOTHING
        at = np.searchsorted(other.docs, docs)
        at[at == len(other)] = 0
        same = other.docs[at] == docs
        docs, scores = docs[same], scores[same] + other.scores[at[same]]
    return Matches(docs, scores)


def add_up(lists: Sequence[Matches], size: int) -> Matches:
    """Documents of any list of an index of `size`; scores add up."""
    filled = [one for one in lists if len(one)]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    docs, slots = _slots(filled, size)
    scores = np.zeros(len(docs), np.float32)
    for one, at in zip(filled, slots, strict=True):
        scores[at] += one.scores
    return Matches(docs, scores)


def best(lists: Sequence[Matches], size: int) -> Matches:
    """Documents of any list; the highest score counts."""
    filled = [one for one in lists if len(one)]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    docs, slots = _slots(filled, size)
    scores = np.full(len(docs), -np.inf, np.float32)
    for one, at in zip(filled, slots, strict=True):
        scores[at] = np.maximum(scores[at], one.scores)
    return Matches(docs, scores)


def lifted(found: Matches, docs: Ints, score: float) -> Matches:
    """All that was found; those among `docs` score so much more."""
    if not len(docs) or not len(found):
        return found
    at = np.searchsorted(docs, found.docs)
    at[at == len(docs)] = 0
    return Matches(found.docs, found.scores + np.float32(score) * (docs[at] == found.docs))


def _slots(lists: Sequence[Matches], size: int) -> tuple[Ints, list[Longs]]:
    """The union of the lists, and where in it each list's documents are."""
    docs = _union([one.docs for one in lists], size)
    return docs, [np.searchsorted(docs, one.docs) for one in lists]


def _union(lists: Sequence[Ints], size: int = 0) -> Ints:
    filled = [docs for docs in lists if len(docs)]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING.docs
    if sum(map(len, filled)) * DENSE < size or not size:
        return distinct(np.sort(np.concatenate(filled), kind="stable"))
    seen = np.zeros(size, bool)
    for docs in filled:
        seen[docs] = True
    return np.flatnonzero(seen).astype(np.int32)


def distinct(ascending: Ints) -> Ints:
    """Each number once."""
    keep = np.ones(len(ascending), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=keep[1:])
    return ascending[keep]


def subtract(kept: Matches, dropped: Ints) -> Matches:
    if not len(dropped):
        return kept
    keep = ~np.isin(kept.docs, dropped, assume_unique=True)
    return Matches(kept.docs[keep], kept.scores[keep])


def adjacent(plan: Adjacent, postings: Postings) -> Matches:
    """Documents where the slots stand at their distances; scored as if all slots were just words."""
    starts = None
    for terms, distance in zip(plan.slots, plan.distances, strict=True):
        places = postings.places(terms) - distance
        starts = places if starts is None else starts[_among(starts, places)]
        if not len(starts):
            return NOTHING
    docs = distinct(postings.document_at(starts)) if starts is not None else NOTHING.docs
    scores = np.zeros(len(docs), np.float32)
    for terms in plan.slots:
        scores += np.maximum.reduce([_scores_at(postings.term(term), docs) for term in terms])
    return Matches(docs, scores)


def _scores_at(matches: Matches, docs: Ints) -> Floats:
    """The scores of `docs`, 0 for those that do not match."""
    if not len(matches):
        return np.zeros(len(docs), np.float32)
    at = np.searchsorted(matches.docs, docs)
    at[at == len(matches)] = 0
    return np.where(matches.docs[at] == docs, matches.scores[at], np.float32(0))


def _among(values: Longs, others: Longs) -> npt.NDArray[np.bool_]:
    at = np.searchsorted(others, values)
    at[at == len(others)] = 0
    return others[at] == values if len(others) else np.zeros(len(values), bool)


def _constant(docs: Ints, score: float) -> Matches:
    scores: Floats = np.full(len(docs), score, np.float32)
    return Matches(docs, scores)
