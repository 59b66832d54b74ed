"""What does a new snapshot change in the store?  One ingest, inside one transaction."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.fingerprint import parser
from index.identity import Traits, digest, make_id, match, traits
from index.pairing import Pairing
from index.records import ENTRY_COLUMNS, SELECTED, IngestReport, StoredEntry, day_of, encode, stored
from index.revisions import changed_fields, is_material
from ingest import lexicon
from ingest.model import Entry, Hints, ParseResult


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry of the snapshot that is being ingested."""

    entry: Entry
    text: str
    line: int
    position: int
    traits: Traits


class _Taken:
    """The ids that are in use, asked one by one: there may be very many."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __contains__(self, made: object) -> bool:
        return self.connection.execute("SELECT 1 FROM entries WHERE id = ?", (made,)).fetchone() is not None


class Intake:
    """One snapshot on its way into the store, inside a transaction."""

    def __init__(
        self, connection: sqlite3.Connection, result: ParseResult, source: str, seen: datetime
    ) -> None:
        self.connection, self.result, self.source = connection, result, source
        self.document = result.document
        self.seen = seen.astimezone(UTC).isoformat()
        self.touched: set[str] = set()  # whose twins are looked for again
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
        self.touched.update(report.new, report.changed, report.reread, report.gone)
        if self._note_source():
            self.touched.update(s.id for s in known)
        self._note_snapshot()
        order = [pairs[a.position] for a in arrivals if a.position in pairs]
        self._pair(reordered=order != sorted(order))
        if self.connection.total_changes > before:
            self.connection.execute(
                "UPDATE counters SET value = ? WHERE name = 'generation'", (self.generation,)
            )
        return report

    def _pair(self, reordered: bool) -> None:
        if self.touched or reordered:
            sources = [self.source] if reordered else []
            Pairing(self.connection, lexicon.load()).refresh(self.touched, sources)

    def _known(self) -> list[StoredEntry]:
        query = f"SELECT {SELECTED} FROM entries WHERE source = ? ORDER BY gone, position, id"
        return [stored(row) for row in self.connection.execute(query, (self.source,))]

    def _arrival(self, entry: Entry, position: int) -> Arrival:
        text, line = entry.span.of(self.document.text), self.document.position(entry.span.start).line
        own = entry.rebased()
        return Arrival(own, text, line, position, traits(own, text, self.source))

    def _apply(
        self, known: Sequence[StoredEntry], arrivals: Sequence[Arrival], pairs: dict[int, int]
    ) -> IngestReport:
        outcome: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": [], "reread": [], "gone": []}
        taken = _Taken(self.connection)
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

    def _insert(self, arrival: Arrival, taken: _Taken) -> str:
        made = make_id(arrival.traits.key, arrival.text, taken)
        packed, times = encode(arrival.entry), self._times(arrival)
        self.connection.execute(
            f"INSERT INTO entries ({ENTRY_COLUMNS}, day, generation) VALUES ({','.join('?' * 13)})",
            (
                *(made, self.source, packed, arrival.text, arrival.line, arrival.position, False, *times),
                *(1, day_of(arrival.entry), self.generation),
            ),
        )
        self._note_revision(made, 1, (), True, packed, arrival.text, times[0])
        return made

    def _times(self, arrival: Arrival) -> tuple[str, str, str]:
        """When a new entry was first seen, last changed and last revised."""
        return self.seen, self.seen, self.seen

    def _update(self, old: StoredEntry, arrival: Arrival) -> tuple[str, ...]:
        """Bring a stored entry up to its new reading; what became of it."""
        changed = changed_fields(old.entry, old.text, arrival.entry, arrival.text)
        same_reading = old.entry == arrival.entry and old.text == arrival.text
        back = old.gone and self._was_told_gone(old)
        if not same_reading or old.gone:
            self._rewrite(old, arrival, ("back", *changed) if back else changed)
        elif (old.line, old.position) != (arrival.line, arrival.position):
            self._set(old.id, line=arrival.line, position=arrival.position)
        if changed or back:
            return ("changed",)
        return ("unchanged",) if same_reading and not old.gone else ("unchanged", "reread")

    def _was_told_gone(self, old: StoredEntry) -> bool:
        """Not where a better parser took it for a part of another entry for a while."""
        query = "SELECT changed FROM revisions WHERE id = ? AND number = ?"
        row = self.connection.execute(query, (old.id, old.revision)).fetchone()
        return bool(row[0] == "gone")

    def _rewrite(self, old: StoredEntry, arrival: Arrival, changed: tuple[str, ...]) -> None:
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
        self,
        entry_id: str,
        number: int,
        changed: tuple[str, ...],
        material: bool,
        entry: bytes,
        text: str,
        seen: str | None = None,
    ) -> None:
        row = (entry_id, number, seen or self.seen, " ".join(changed), material, entry, text)
        self.connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _note_source(self) -> bool:
        """Say how the source was read; whether another vendor's names were looked for than before."""
        query = "SELECT title, form, lang, vendor, parser FROM sources WHERE name = ?"
        known = self.connection.execute(query, (self.source,)).fetchone()
        document, vendor = self.document, self.result.vendor
        told = (document.title, document.form.value, document.lang, vendor, parser())
        if known == told:
            return False
        if known is None:
            row = (self.source, *told, self.seen)
            columns = "name, title, form, lang, vendor, parser, seen"
            add = f"INSERT INTO sources ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            self.connection.execute(add, row)
            return False
        change = "UPDATE sources SET title = ?, form = ?, lang = ?, vendor = ?, parser = ? WHERE name = ?"
        self.connection.execute(change, (*told, self.source))
        return bool(known[3] != vendor)

    def _note_snapshot(self) -> None:
        """Keep what was fetched, unless it reads as the one that was kept last."""
        read = digest(self.document.text.encode() + encode(self.document.blocks))
        query = "SELECT number, digest FROM snapshots WHERE source = ? ORDER BY number DESC LIMIT 1"
        number, last = self.connection.execute(query, (self.source,)).fetchone() or (0, None)
        if last == read:
            self._read_alike(number)
            return
        self.connection.execute("UPDATE sources SET seen = ? WHERE name = ?", (self.seen, self.source))
        origin = self.result.origin
        data = zlib.compress(origin.data if origin else self.document.text.encode())
        row = (self.source, number + 1, self.seen, read, data, origin is not None, *self._hints())
        self.connection.execute("INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _read_alike(self, number: int) -> None:
        """The snapshot that is kept will do, but is to be read again as it was read now."""
        place, hints = (self.source, number), self._hints()
        query = "SELECT original, vendor, lang, form FROM snapshots WHERE source = ? AND number = ?"
        original, *known = self.connection.execute(query, place).fetchone()
        if tuple(known) != hints:
            change = "UPDATE snapshots SET vendor = ?, lang = ?, form = ? WHERE source = ? AND number = ?"
            self.connection.execute(change, (*hints, *place))
        if self.result.origin and not original:
            change = "UPDATE snapshots SET data = ?, original = 1 WHERE source = ? AND number = ?"
            self.connection.execute(change, (zlib.compress(self.result.origin.data), *place))

    def _hints(self) -> tuple[str | None, ...]:
        hints = self.result.origin.hints if self.result.origin else Hints()
        return hints.vendor, hints.lang, hints.form and hints.form.value
