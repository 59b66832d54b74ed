"""What does a better parser change in the store?  Kept snapshots, read again; a source is one transaction.

The text is the one that was published, so whatever differs is the parser's doing: entries keep their ids
and get no revision, their dates in feeds stay, and what is cut out of an entry is as old as that entry.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from index.identity import digest
from index.intake import Arrival, Intake
from index.records import SELECTED, IngestReport, Snapshot, StoredEntry, day_of, decode, encode, stored
from ingest import lexicon
from ingest.model import ParseResult
from ingest.reading import read_and_parse

Texts = Mapping[bytes, bytes]  # digest of an entry's text → how it is read, packed


def read_again(snapshot: Snapshot) -> ParseResult:
    """The parse of a kept snapshot.  Raises SourceError or ParseError where it holds no document any more."""
    return read_and_parse(snapshot.data, snapshot.source, lexicon.load(), snapshot.hints)


@dataclass
class Readings:
    """How every kept snapshot of a source is read now; equal readings are held once."""

    newest: Snapshot | None = None
    result: ParseResult | None = None
    by_time: dict[str, Texts] = field(default_factory=dict)
    _packed: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """Read the next snapshot, in their order."""
        self.newest, self.result = snapshot, read_again(snapshot)
        text = self.result.document.text
        readings = ((entry.span.of(text), encode(entry.rebased())) for entry in self.result.entries)
        self.by_time[snapshot.seen.isoformat()] = {
            digest(own.encode()): self._packed.setdefault(packed, packed) for own, packed in readings
        }


class Rereading(Intake):
    """The newest snapshot of a source on its way through the store once more."""

    def __init__(self, connection: sqlite3.Connection, readings: Readings) -> None:
        assert readings.newest
        assert readings.result
        super().__init__(connection, readings.result, readings.newest.source, readings.newest.seen)
        self.readings = readings
        self.standing: list[StoredEntry] = []

    def run(self) -> IngestReport:
        self._reread_revisions()
        return super().run()

    def _known(self) -> list[StoredEntry]:
        """Those that stand in the newest snapshot; who left the source before is not looked for in it."""
        query = f"""
            SELECT {SELECTED} FROM entries WHERE source = ? AND NOT (gone AND EXISTS (
                SELECT 1 FROM revisions r WHERE r.id = entries.id AND number = revision AND changed = 'gone'))
            ORDER BY gone, position, id"""
        self.standing = [stored(row) for row in self.connection.execute(query, (self.source,))]
        return self.standing

    def _update(self, old: StoredEntry, arrival: Arrival) -> tuple[str, ...]:
        if old.entry == arrival.entry and old.text == arrival.text and not old.gone:
            return super()._update(old, arrival)
        packed = encode(arrival.entry)
        self._set(
            old.id,
            **{"entry": packed, "text": arrival.text, "line": arrival.line, "position": arrival.position},
            **{"gone": False, "day": day_of(arrival.entry), "generation": self.generation},
        )
        if old.text != arrival.text:
            change = "UPDATE revisions SET entry = ?, text = ? WHERE id = ? AND number = ?"
            self.connection.execute(change, (packed, arrival.text, old.id, old.revision))
        return "unchanged", "reread"

    def _times(self, arrival: Arrival) -> tuple[str, str, str]:
        """Cut out of another entry, it is as old as that one."""
        for old in self.standing:
            if old.line <= arrival.line <= old.line + old.text.count("\n"):
                first, changed, revised = old.first_seen, old.last_changed, old.last_revised
                return first.isoformat(), changed.isoformat(), revised.isoformat()
        return super()._times(arrival)

    def _retire(self, old: StoredEntry) -> str:
        """It became part of another entry; the publisher did not take it away."""
        if not old.gone:
            self._set(old.id, gone=True, generation=self.generation)
        return old.id

    def _note_snapshot(self) -> None:
        """It is the one that is kept."""

    # -- what was before ---------------------------------------------------------------------------

    def _reread_revisions(self) -> None:
        """Every state that an entry had, as it is read now, and entries that are gone as they were last."""
        last: dict[bytes, bytes] = {}
        for seen, texts in self.readings.by_time.items():
            query = """
                SELECT r.id, r.number, r.text, r.entry FROM revisions r JOIN entries e USING (id)
                WHERE e.source = ? AND r.seen = ?"""
            rows = self.connection.execute(query, (self.source, seen)).fetchall()
            change = "UPDATE revisions SET entry = ? WHERE id = ? AND number = ?"
            self.connection.executemany(change, list(_changes(rows, {**last, **texts})))
            last |= texts
        self._reread_gone(last)

    def _reread_gone(self, last: Texts) -> None:
        query = "SELECT id, revision, text, entry FROM entries WHERE source = ? AND gone"
        rows = self.connection.execute(query, (self.source,)).fetchall()
        for packed, gone, _ in _changes(rows, last):
            self._set(gone, entry=packed, day=day_of(decode(packed)), generation=self.generation)
            self.touched.add(gone)


def _changes(rows: Iterable[tuple[str, int, str, bytes]], texts: Texts) -> Iterator[tuple[bytes, str, int]]:
    """New readings of rows (id, number, text, reading): (reading, id, number)."""
    for one, number, text, packed in rows:
        read = texts.get(digest(text.encode()), packed)
        if read != packed:
            yield read, one, number
