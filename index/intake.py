"""What does a new snapshot change in the store?  One ingest, inside one transaction."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.identity import Traits, digest, make_id, match, traits
from index.pairing import Pairing
from index.records import ENTRY_COLUMNS, SELECTED, IngestReport, StoredEntry, day_of, encode, stored
from index.revisions import changed_fields, is_material
from ingest import lexicon
from ingest.model import Entry, Hints, ParseResult


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An entry of the snapshot that is being ingested."""

    entry: Entry
    text: str
    line: int
    position: int
    traits: Traits


class Intake:
    """One snapshot on its way into the store, inside a transaction."""

    def __init__(
        self, connection: sqlite3.Connection, result: ParseResult, source: str, seen: datetime
    ) -> None:
        self.connection, self.result, self.source = connection, result, source
        self.document = result.document
        self.seen = seen.astimezone(UTC).isoformat()
        self.generation = 1 + int(
            connection.execute("SELECT value FROM counters WHERE name = 'generation'").fetchone()[0]
        )

    def run(self) -> IngestReport:
        before = self.connection.total_changes
        known = self._known()
        arrivals = [self._arrival(entry, n) for n, entry in enumerate(self.result.entries)]
        stored_traits = [traits(s.entry, s.text, self.source) for s in known]
        pairs = match(stored_traits, [a.traits for a in arrivals])
        report = self._apply(known, arrivals, pairs)
        touched = {*report.new, *report.changed, *report.reread, *report.gone}
        if self._note_source():
            touched |= {s.id for s in known}
        self._note_snapshot()
        reordered = [pairs[a.position] for a in arrivals if a.position in pairs]
        self._pair(touched, reordered != sorted(reordered))
        if self.connection.total_changes > before:
            self.connection.execute(
                "UPDATE counters SET value = ? WHERE name = 'generation'", (self.generation,)
            )
        return report

    def _pair(self, touched: Collection[str], reordered: bool) -> None:
        if touched or reordered:
            sources = [self.source] if reordered else []
            Pairing(self.connection, lexicon.load()).refresh(touched, sources)

    def _known(self) -> list[StoredEntry]:
        query = f"SELECT {SELECTED} FROM entries WHERE source = ? ORDER BY gone, position, id"
        return [stored(row) for row in self.connection.execute(query, (self.source,))]

    def _arrival(self, entry: Entry, position: int) -> _Arrival:
        text, line = entry.span.of(self.document.text), self.document.position(entry.span.start).line
        own = entry.rebased()
        return _Arrival(own, text, line, position, traits(own, text, self.source))

    def _apply(
        self, known: Sequence[StoredEntry], arrivals: Sequence[_Arrival], pairs: dict[int, int]
    ) -> IngestReport:
        outcome: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": [], "reread": [], "gone": []}
        taken = {row[0] for row in self.connection.execute("SELECT id FROM entries")}
        for arrival in arrivals:
            if arrival.position in pairs:
                old = known[pairs[arrival.position]]
                for kind in self._update(old, arrival):
                    outcome[kind].append(old.id)
            else:
                outcome["new"].append(self._insert(arrival, taken))
        staying = set(pairs.values())
        leaving = [s for i, s in enumerate(known) if i not in staying and not s.gone]
        outcome["gone"] = [self._retire(s) for s in leaving]
        return IngestReport(**{kind: tuple(ids) for kind, ids in outcome.items()})

    def _insert(self, arrival: _Arrival, taken: set[str]) -> str:
        made = make_id(arrival.traits.key, arrival.text, taken)
        taken.add(made)
        packed, times = encode(arrival.entry), (self.seen,) * 3
        self.connection.execute(
            f"INSERT INTO entries ({ENTRY_COLUMNS}, day, generation) VALUES ({','.join('?' * 13)})",
            (
                *(made, self.source, packed, arrival.text, arrival.line, arrival.position, False, *times),
                *(1, day_of(arrival.entry), self.generation),
            ),
        )
        self._note_revision(made, 1, (), True, packed, arrival.text)
        return made

    def _update(self, old: StoredEntry, arrival: _Arrival) -> tuple[str, ...]:
        """Bring a stored entry up to its new reading; what became of it."""
        changed = changed_fields(old.entry, old.text, arrival.entry, arrival.text)
        same_reading = old.entry == arrival.entry and old.text == arrival.text
        if not same_reading or old.gone:
            self._rewrite(old, arrival, ("back", *changed) if old.gone else changed)
        elif (old.line, old.position) != (arrival.line, arrival.position):
            self._set(old.id, line=arrival.line, position=arrival.position)
        if changed or old.gone:
            return ("changed",)
        return ("unchanged",) if same_reading else ("unchanged", "reread")

    def _rewrite(self, old: StoredEntry, arrival: _Arrival, changed: tuple[str, ...]) -> None:
        packed = encode(arrival.entry)
        values = {"entry": packed, "text": arrival.text, "line": arrival.line, "position": arrival.position}
        if changed:
            material = is_material(tuple(c for c in changed if c != "back"), old.text, arrival.text)
            self._note_revision(old.id, old.revision + 1, changed, material, packed, arrival.text)
            values |= {"revision": old.revision + 1, "last_revised": self.seen}
            values |= {"last_changed": self.seen} if material else {}
        self._set(old.id, gone=False, day=day_of(arrival.entry), generation=self.generation, **values)

    def _retire(self, old: StoredEntry) -> str:
        number = old.revision + 1
        self._note_revision(old.id, number, ("gone",), False, encode(old.entry), old.text)
        self._set(old.id, gone=True, revision=number, last_revised=self.seen, generation=self.generation)
        return old.id

    def _set(self, entry_id: str, **values: object) -> None:
        assignments = ", ".join(f"{name} = ?" for name in values)
        self.connection.execute(
            f"UPDATE entries SET {assignments} WHERE id = ?", (*values.values(), entry_id)
        )

    def _note_revision(
        self, entry_id: str, number: int, changed: tuple[str, ...], material: bool, entry: bytes, text: str
    ) -> None:
        row = (entry_id, number, self.seen, " ".join(changed), material, entry, text)
        self.connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _note_source(self) -> bool:
        """Say how the source was read; whether another vendor's names were looked for than before."""
        known = self.connection.execute("SELECT * FROM sources WHERE name = ?", (self.source,)).fetchone()
        form, lang = self.document.form.value, self.document.lang
        told = (self.document.title, form, lang, self.result.vendor)
        if known and (*known[1:4], known[5]) == told:
            return False
        row = (self.source, *told[:3], self.seen, told[3])
        self.connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?)", row)
        return bool(known) and known[5] != self.result.vendor

    def _note_snapshot(self) -> None:
        """Keep what was fetched, unless it reads as the one that was kept last."""
        read = digest(self.document.text.encode() + encode(self.document.blocks))
        query = "SELECT number, digest FROM snapshots WHERE source = ? ORDER BY number DESC LIMIT 1"
        last = self.connection.execute(query, (self.source,)).fetchone()
        hints, number = self._hints(), last[0] if last else 0
        if last and last[1] == read:
            self._keep_hints(number, hints)
            return
        self.connection.execute("UPDATE sources SET seen = ? WHERE name = ?", (self.seen, self.source))
        origin = self.result.origin
        data = origin.data if origin else self.document.text.encode()
        row = (self.source, number + 1, self.seen, read, zlib.compress(data), origin is not None, *hints)
        self.connection.execute("INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _hints(self) -> tuple[str | None, ...]:
        hints = self.result.origin.hints if self.result.origin else Hints()
        return hints.vendor, hints.lang, hints.form and hints.form.value

    def _keep_hints(self, number: int, hints: tuple[str | None, ...]) -> None:
        """The snapshot is to be read again as it was read last."""
        place = (self.source, number)
        query = "SELECT vendor, lang, form FROM snapshots WHERE source = ? AND number = ?"
        if self.connection.execute(query, place).fetchone() != hints:
            change = "UPDATE snapshots SET vendor = ?, lang = ?, form = ? WHERE source = ? AND number = ?"
            self.connection.execute(change, (*hints, *place))
