"""What does a new snapshot change in the store?  One ingest, inside one transaction."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.identity import Traits, digest, make_id, match, traits
from index.records import ENTRY_COLUMNS, IngestReport, StoredEntry, day_of, encode, stored
from index.revisions import changed_fields, is_material
from ingest.model import Document, Entry


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
        self, connection: sqlite3.Connection, document: Document, source: str, seen: datetime
    ) -> None:
        self.connection, self.document, self.source = connection, document, source
        self.seen = seen.astimezone(UTC).isoformat()
        self.generation = 1 + int(
            connection.execute("SELECT value FROM counters WHERE name = 'generation'").fetchone()[0]
        )

    def run(self, entries: Sequence[Entry]) -> IngestReport:
        before = self.connection.total_changes
        known = self._known()
        arrivals = [self._arrival(entry, n) for n, entry in enumerate(entries)]
        stored_traits = [traits(s.entry, s.text, self.source) for s in known]
        pairs = match(stored_traits, [a.traits for a in arrivals])
        report = self._apply(known, arrivals, pairs)
        self._note_snapshot()
        if self.connection.total_changes > before:
            self.connection.execute(
                "UPDATE counters SET value = ? WHERE name = 'generation'", (self.generation,)
            )
        return report

    def _known(self) -> list[StoredEntry]:
        query = f"SELECT {ENTRY_COLUMNS} FROM entries WHERE source = ? ORDER BY gone, position, id"
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

    def _note_snapshot(self) -> None:
        """Keep the raw text, unless it is the one that was kept last."""
        raw, form, lang = digest(self.document.text), self.document.form.value, self.document.lang
        last = self.connection.execute(
            "SELECT number, digest FROM snapshots WHERE source = ? ORDER BY number DESC LIMIT 1",
            (self.source,),
        ).fetchone()
        if last and last[1] == raw:
            return
        self.connection.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)",
            (self.source, self.document.title, form, lang, self.seen),
        )
        packed = zlib.compress(self.document.text.encode())
        number = last[0] + 1 if last else 1
        self.connection.execute(
            "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?)", (self.source, number, self.seen, raw, packed)
        )
