"""Which entries of the store are twins?  Kept beside the entries, brought up with every ingest.

What is kept here is made from the entries alone and can be made again from them.  Two rounds: what entries
say themselves (`index/pairs.py`), looked up by marks that only few entries share; then what stands between
two pairs in both logs.  Only the entries that changed, and those that compete with them, are looked at.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import Any

import msgspec

from index.assignment import Pair
from index.conflicts import conflicts
from index.invariants import Invariants, invariants, marks
from index.pairs import IMPOSSIBLE, Likeness, likeness, safe_pairs
from index.pairs import RIVAL as NEAR_ENOUGH
from index.records import decode
from ingest.lexicon import Lexicon
from ingest.model import Diagnostic

COMMON = 40  # a mark on more entries than this makes no candidates
BATCH = 5_000  # entries that are paired at once where all are
LONGEST_GAP = 8  # entries between two pairs that are compared with each other
LESS_SURE = 0.85  # of the confidence in a pair that only its neighbours make likely
BETWEEN = {"neighbours": 2.0}  # evidence: as many on both sides between two pairs, and the same place
NEAR = {"neighbours": 1.0}  # evidence: between the same two pairs

_pack = msgspec.msgpack.Encoder(order="deterministic").encode
_unpack = msgspec.msgpack.Decoder(Invariants).decode


@dataclass(frozen=True, slots=True)
class _Node:
    """An entry as it is paired."""

    id: str
    source: str
    gone: bool
    facts: Invariants


@dataclass(frozen=True, slots=True)
class _Twin:
    """One side of a pair: `id` has `twin` in the language `lang`."""

    id: str
    lang: str
    twin: str
    confidence: float
    evidence: str
    by_place: bool
    conflicts: str


class Pairing:
    """Brings the pairs up to the entries, inside a transaction of the store."""

    def __init__(self, connection: sqlite3.Connection, lexicon: Lexicon) -> None:
        self.connection, self.lexicon = connection, lexicon
        self._nodes: dict[str, _Node] = {}
        self._around: dict[str, dict[str, Likeness]] = {}

    def refresh_all(self) -> None:
        """Make all pairs anew, so many entries at a time: there may be more than memory holds."""
        for table in ("invariants", "marks", "twins"):
            self.connection.execute(f"DELETE FROM {table}")
        ids = [row[0] for row in self.connection.execute("SELECT id FROM entries ORDER BY source, id")]
        for start in range(0, len(ids), BATCH):
            self.refresh(ids[start : start + BATCH])
            self._nodes.clear()
            self._around.clear()

    def refresh(self, touched: Collection[str], reordered: Collection[str] = ()) -> None:
        """Bring the pairs up to entries that are new, were changed, went or came back, and to sources that
        hold the same entries in another order."""
        seeds = self._reread(touched)
        visited = self._reachable(seeds)
        moved = self._write(visited, self._by_themselves(visited), by_place=False)
        sources = {*reordered, *self._sources(chain(touched, moved))}
        self._write(*self._by_neighbours(sorted(sources)), by_place=True)

    # -- what entries say --------------------------------------------------------------------------

    def _reread(self, touched: Collection[str]) -> set[str]:
        """Take down the invariants of changed entries; all whose candidates may have changed by that."""
        seeds = set(touched) | {twin.twin for one in touched for twin in self._twins(one)}
        before, after = {}, {}
        for one in touched:
            before[one] = self._facts(one)
            after[one] = self._read(one)
        changed = {mark for one in touched for mark in {*_marks(before[one]), *_marks(after[one])}}
        was_common = {mark for mark in changed if self._is_common(mark)}
        for mark in changed - was_common:
            seeds |= self._holders(mark)
        for one in touched:
            self._replace(one, before[one], after[one])
        for mark in changed:
            if mark in was_common and not self._is_common(mark):
                seeds |= self._holders(mark)
        return seeds

    def _facts(self, one: str) -> Invariants | None:
        row = self.connection.execute("SELECT facts FROM invariants WHERE id = ?", (one,)).fetchone()
        return _unpack(row[0]) if row else None

    def _read(self, one: str) -> Invariants:
        query = "SELECT entry, text, vendor FROM entries LEFT JOIN sources ON name = source WHERE id = ?"
        entry, text, vendor = self.connection.execute(query, (one,)).fetchone()
        return invariants(decode(entry), text, vendor, self.lexicon)

    def _replace(self, one: str, before: Invariants | None, after: Invariants) -> None:
        run = self.connection.executemany
        old, new = set(_marks(before)), set(_marks(after))
        run("DELETE FROM marks WHERE mark = ? AND id = ?", [(mark, one) for mark in sorted(old - new)])
        run("INSERT INTO marks VALUES (?, ?)", [(mark, one) for mark in sorted(new - old)])
        if before != after:
            row = (one, after.lang, _pack(after))
            self.connection.execute("INSERT OR REPLACE INTO invariants VALUES (?, ?, ?)", row)

    def _is_common(self, mark: str) -> bool:
        query = "SELECT count(*) FROM (SELECT 1 FROM marks WHERE mark = ? LIMIT ?)"
        return bool(self.connection.execute(query, (mark, COMMON + 1)).fetchone()[0] > COMMON)

    def _holders(self, mark: str) -> set[str]:
        return {row[0] for row in self.connection.execute("SELECT id FROM marks WHERE mark = ?", (mark,))}

    # -- candidates --------------------------------------------------------------------------------

    def _reachable(self, seeds: Iterable[str]) -> set[str]:
        """The seeds, and whatever competes with them, directly or through others."""
        visited, waiting = set[str](), set(seeds)
        while waiting:
            one = waiting.pop()
            visited.add(one)
            waiting |= self._candidates(one).keys() - visited
        return visited

    def _candidates(self, one: str) -> dict[str, Likeness]:
        """The entries in other languages that could be twins of one."""
        if one not in self._around:
            found = self._load([one]).get(one)
            near = self._sharing(found) if found else ()
            told = ((other.id, self._likeness(found, other)) for other in near if found)
            self._around[one] = {other: like for other, like in told if like.points >= NEAR_ENOUGH}
        return self._around[one]

    def _sharing(self, one: _Node) -> Iterable[_Node]:
        rare = [mark for mark in _marks(one.facts) if not self._is_common(mark)]
        ids = set().union(*map(self._holders, rare)) - {one.id} if rare else set()
        return self._load(sorted(ids)).values()

    def _likeness(self, a: _Node, b: _Node, extra: Mapping[str, float] | None = None) -> Likeness:
        return likeness(a.facts, b.facts, {"vendor": _vendor(a, b), **(extra or {})})

    def _load(self, ids: Collection[str]) -> dict[str, _Node]:
        """The entries with these ids."""
        missing = [one for one in ids if one not in self._nodes]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            query = f"""
                SELECT id, source, gone, facts FROM invariants JOIN entries USING (id)
                WHERE id IN ({",".join("?" * len(part))})"""
            for made, source, gone, facts in self.connection.execute(query, part):
                self._nodes[made] = _Node(made, source, bool(gone), _unpack(facts))
        return {one: self._nodes[one] for one in ids if one in self._nodes}

    # -- first round -------------------------------------------------------------------------------

    def _by_themselves(self, ids: Collection[str]) -> list[_Twin]:
        """The safe pairs among ids with which no other competes: of live ones first, then with gone ones."""
        nodes = self._load(sorted(ids))
        edges = {
            (a, b): like
            for a in sorted(nodes)
            for b, like in self._candidates(a).items()
            if nodes[a].facts.lang < nodes[b].facts.lang
        }
        made: list[_Twin] = []
        for languages in sorted({(nodes[a].facts.lang, nodes[b].facts.lang) for a, b in edges}):
            ours = {
                (a, b): like
                for (a, b), like in edges.items()
                if (nodes[a].facts.lang, nodes[b].facts.lang) == languages
            }
            live = {pair: like for pair, like in ours.items() if not any(nodes[n].gone for n in pair)}
            made += self._paired(live, by_place=False)
            taken = set(chain.from_iterable(live))
            made += self._paired({p: like for p, like in ours.items() if taken.isdisjoint(p)}, by_place=False)
        return made

    def _paired(self, edges: Mapping[tuple[str, str], Likeness], by_place: bool) -> Iterator[_Twin]:
        rows, columns = sorted({a for a, _ in edges}), sorted({b for _, b in edges})
        row_of, column_of = ({one: at for at, one in enumerate(side)} for side in (rows, columns))
        points: dict[Pair, float] = {(row_of[a], column_of[b]): like.points for (a, b), like in edges.items()}
        for match in safe_pairs(points):
            a, b = rows[match.pair[0]], columns[match.pair[1]]
            evidence = " ".join(edges[a, b].evidence)
            confidence = round(match.confidence * (LESS_SURE if by_place else 1), 3)
            yield self._twin(a, b, confidence, evidence, by_place)
            yield self._twin(b, a, confidence, evidence, by_place)

    def _twin(self, one: str, other: str, confidence: float, evidence: str, by_place: bool) -> _Twin:
        nodes = self._load([one, other])
        told = [] if any(node.gone for node in nodes.values()) else self._conflicts(one, other)
        written = msgspec.json.encode(told).decode()
        return _Twin(one, nodes[other].facts.lang, other, confidence, evidence, by_place, written)

    def _conflicts(self, one: str, other: str) -> list[Diagnostic]:
        query = "SELECT entry FROM entries WHERE id = ?"
        ours, theirs = (self.connection.execute(query, (each,)).fetchone()[0] for each in (one, other))
        return list(conflicts(decode(ours), decode(theirs)))

    # -- second round ------------------------------------------------------------------------------

    def _sources(self, ids: Iterable[str]) -> list[str]:
        return sorted({node.source for node in self._load(sorted(set(ids))).values()})

    def _by_neighbours(self, sources: Collection[str]) -> tuple[set[str], list[_Twin]]:
        """Pairs with entries of the sources that stand between two pairs, and the entries concerned."""
        logs: dict[str, list[tuple[str, str]]] = {}
        partners = {pair for source in sources for pair in self._partners(source)}
        concerned = {one for source in sources for one in self._between(source)}
        found: dict[tuple[str, str], list[_Twin]] = defaultdict(list)
        for ours, our_lang, theirs, their_lang in sorted(partners):
            for source in (ours, theirs):
                if source not in logs:
                    logs[source] = self._log(source)
            sides = (_in(logs[ours], our_lang), _in(logs[theirs], their_lang))
            told = (self._told(ours, their_lang), self._told(theirs, our_lang))
            for edges in self._gaps(*sides, *told):
                for twin in self._paired(edges, by_place=True):
                    found[twin.id, twin.lang].append(twin)
        told_twice = {twin.twin for twins in found.values() if len(twins) > 1 for twin in twins}
        made = [
            twins[0]
            for (one, _), twins in found.items()
            if len(twins) == 1 and one not in told_twice and twins[0].twin not in told_twice
        ]
        return concerned | {twin.id for twin in made}, made

    def _partners(self, source: str) -> Iterator[tuple[str, str, str, str]]:
        """The sources and languages that hold twins of the source's entries, each combination once."""
        query = """
            SELECT DISTINCT ours.source, mine.lang, theirs.source, t.lang
            FROM entries ours JOIN twins t ON t.id = ours.id AND NOT t.by_place
            JOIN entries theirs ON theirs.id = t.twin JOIN invariants mine ON mine.id = ours.id
            WHERE ours.source = ?"""
        for ours, our_lang, theirs, their_lang in self.connection.execute(query, (source,)):
            one, other = sorted([(our_lang, ours), (their_lang, theirs)])
            yield one[1], one[0], other[1], other[0]

    def _between(self, source: str) -> Iterator[str]:
        """Who was paired by neighbours, with an entry of the source on either side."""
        query = """
            SELECT t.id, t.twin FROM entries e JOIN twins t ON t.id = e.id
            WHERE e.source = ? AND t.by_place"""
        return chain.from_iterable(self.connection.execute(query, (source,)))

    def _log(self, source: str) -> list[tuple[str, str]]:
        """The ids and languages of the live entries of a source, in its order."""
        query = """
            SELECT id, lang FROM entries JOIN invariants USING (id)
            WHERE source = ? AND NOT gone ORDER BY position"""
        return self.connection.execute(query, (source,)).fetchall()

    def _gaps(
        self, ours: list[str], theirs: list[str], twins: Mapping[str, str], taken: Mapping[str, str]
    ) -> Iterator[dict[tuple[str, str], Likeness]]:
        """What lies between each two neighbouring pairs of two logs, each with each."""
        at = {one: place for place, one in enumerate(theirs)}
        pairs = [(place, at[twins[one]]) for place, one in enumerate(ours) if twins.get(one) in at]
        for (i, j), (k, m) in pairwise(pairs):
            left = [one for one in ours[i + 1 : k] if one not in twins]
            right = [one for one in theirs[j + 1 : m] if one not in taken]
            if 0 < len(left) <= LONGEST_GAP and 0 < len(right) <= LONGEST_GAP:
                yield self._crossed(left, right)

    def _crossed(self, left: list[str], right: list[str]) -> dict[tuple[str, str], Likeness]:
        nodes, even = self._load([*left, *right]), len(left) == len(right)
        return {
            (a, b): self._likeness(nodes[a], nodes[b], BETWEEN if even and i == j else NEAR)
            for (i, a), (j, b) in product(enumerate(left), enumerate(right))
        }

    def _told(self, source: str, lang: str) -> dict[str, str]:
        """The twins in a language that the source's entries have by themselves."""
        query = """
            SELECT t.id, t.twin FROM twins t JOIN entries e ON e.id = t.id
            WHERE e.source = ? AND t.lang = ? AND NOT t.by_place"""
        return dict(self.connection.execute(query, (source, lang)).fetchall())

    # -- writing -----------------------------------------------------------------------------------

    def _twins(self, one: str) -> list[_Twin]:
        query = "SELECT id, lang, twin, confidence, evidence, by_place, conflicts FROM twins WHERE id = ?"
        rows = self.connection.execute(query, (one,)).fetchall()
        return [_twin(row) for row in rows]

    def _write(self, ids: Iterable[str], made: Iterable[_Twin], by_place: bool) -> set[str]:
        """Put `made` in place of what `ids` had from this round; those that changed."""
        wanted = {(twin.id, twin.lang): twin for twin in made}
        had = chain.from_iterable(map(self._twins, ids))
        known = {(twin.id, twin.lang): twin for twin in had if twin.by_place == by_place}
        changed = {key for key in wanted.keys() | known.keys() if wanted.get(key) != known.get(key)}
        parted = {one for key in sorted(changed) for one in self._part(*key)} - {one for one, _ in changed}
        for key in sorted(changed & wanted.keys()):
            self._put(wanted[key])
        return {one for one, _ in changed} | parted

    def _part(self, one: str, lang: str) -> Iterator[str]:
        """Take away the twin that an entry has in a language; whose twin by place it was thereby."""
        row = self.connection.execute(
            "SELECT twin, by_place FROM twins WHERE id = ? AND lang = ?", (one, lang)
        )
        for twin, by_place in row.fetchall():
            self.connection.execute("DELETE FROM twins WHERE id = ? AND lang = ?", (one, lang))
            if by_place:
                self.connection.execute(
                    "DELETE FROM twins WHERE id = ? AND twin = ? AND by_place", (twin, one)
                )
                yield twin

    def _put(self, twin: _Twin) -> None:
        row: tuple[Any, ...] = (
            *(twin.id, twin.lang, twin.twin, twin.confidence, twin.evidence, twin.by_place, twin.conflicts),
        )
        self.connection.execute("INSERT OR REPLACE INTO twins VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _twin(row: tuple[Any, ...]) -> _Twin:
    one, lang, twin, confidence, evidence, by_place, told = row
    return _Twin(one, lang, twin, confidence, evidence, bool(by_place), told)


def _marks(facts: Invariants | None) -> list[str]:
    return list(marks(facts)) if facts else []


def _in(log: list[tuple[str, str]], lang: str) -> list[str]:
    return [one for one, spoken in log if spoken == lang]


def _vendor(a: _Node, b: _Node) -> float:
    """Two vendors may work in the same night; one that is not known takes more to believe."""
    if a.facts.vendor != b.facts.vendor:
        return IMPOSSIBLE
    return 0.0 if a.facts.vendor or a.source == b.source else -1.0
