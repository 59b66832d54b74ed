"""What became of entries that someone may want to hear of, and who has been told of it?

Events are written in the transaction of the ingest that they tell of, so no end of the process, however
sudden, parts them.  They are one list for all; a receiver only remembers how far in it it has come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from index.records import IngestReport, time_of


class Kind(StrEnum):
    """What can become of an entry."""

    NEW = "new"
    CHANGED = "changed"  # materially, or back in its source
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Event:
    """What became of `entry` with its `revision`, seen at `seen` (UTC); numbers rise."""

    number: int
    kind: Kind
    entry: str
    revision: int
    seen: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a receiver has come: all events up to number `done` are settled.

    `tries` counts failed attempts at the next one, `error` is why the last one failed, and `due` when to
    try again.
    """

    name: str
    done: int
    tries: int = 0
    due: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An event that could not be delivered to a receiver, and why."""

    receiver: str
    event: Event
    at: datetime
    error: str


_EVENT = "events.number, kind, entry, revision, seen"


def note(connection: sqlite3.Connection, report: IngestReport, seen: datetime) -> None:
    """Write the events of an ingest, oldest entry first, in its transaction."""
    for kind, ids in ((Kind.NEW, report.new), (Kind.CHANGED, report.changed), (Kind.GONE, report.gone)):
        _note(connection, kind, reversed(ids), seen)


def _note(connection: sqlite3.Connection, kind: Kind, ids: Iterable[str], seen: datetime) -> None:
    matters = "AND (material OR ' ' || changed || ' ' LIKE '% back %')" if kind is Kind.CHANGED else ""
    insert = f"""
        INSERT INTO events (kind, entry, revision, seen) SELECT ?, id, number, ? FROM revisions r
        WHERE id = ? AND number = (SELECT max(number) FROM revisions WHERE id = r.id) {matters}"""
    rows = ((kind.value, seen.astimezone(UTC).isoformat(), one) for one in ids)
    connection.executemany(insert, rows)


class Outbox:
    """The events of a store and the receivers' places in them.  Got from `Store.outbox`."""

    def __init__(self, guarded: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._guarded = guarded

    def register(self, receiver: str) -> Standing:
        """Where a receiver stands; one that is new here begins with what comes from now on."""
        with self._guarded() as connection:
            begin = "SELECT ?, coalesce(max(number), 0), 0, NULL, NULL FROM events"
            connection.execute(f"INSERT OR IGNORE INTO receivers {begin}", (receiver,))
            query = "SELECT name, done, tries, due, error FROM receivers WHERE name = ?"
            return _standing(connection.execute(query, (receiver,)).fetchone())

    def standings(self) -> list[Standing]:
        """Where every receiver stands, by name."""
        with self._guarded() as connection:
            query = "SELECT name, done, tries, due, error FROM receivers ORDER BY name"
            return [_standing(row) for row in connection.execute(query).fetchall()]

    def keep(self, standing: Standing) -> None:
        """Remember how far a receiver has come."""
        due = standing.due.astimezone(UTC).isoformat() if standing.due else None
        row = (standing.name, standing.done, standing.tries, due, standing.error)
        with self._guarded() as connection:
            connection.execute("INSERT OR REPLACE INTO receivers VALUES (?, ?, ?, ?, ?)", row)

    def after(self, number: int) -> list[Event]:
        """The events after that number, in order."""
        with self._guarded() as connection:
            query = f"SELECT {_EVENT} FROM events WHERE number > ? ORDER BY number"
            return [_event(row) for row in connection.execute(query, (number,)).fetchall()]

    def give_up(self, given_up: GivenUp) -> None:
        """Remember an event that is not tried any more by itself."""
        row = (
            given_up.receiver,
            given_up.event.number,
            given_up.at.astimezone(UTC).isoformat(),
            given_up.error,
        )
        with self._guarded() as connection:
            connection.execute("INSERT OR REPLACE INTO undelivered VALUES (?, ?, ?, ?)", row)

    def given_up(self) -> list[GivenUp]:
        """Every event that was given up, by receiver, in order."""
        query = f"""
            SELECT receiver, given_up, undelivered.error, {_EVENT} FROM undelivered
            JOIN events ON events.number = undelivered.event ORDER BY receiver, event"""
        with self._guarded() as connection:
            rows = connection.execute(query).fetchall()
        return [GivenUp(name, _event(row), time_of(at), error) for name, at, error, *row in rows]

    def delivered(self, receiver: str, event: Event) -> None:
        """An event that was given up has been delivered after all."""
        with self._guarded() as connection:
            delete = "DELETE FROM undelivered WHERE receiver = ? AND event = ?"
            connection.execute(delete, (receiver, event.number))


def _event(row: Any) -> Event:
    number, kind, entry, revision, seen = row
    return Event(number, Kind(kind), entry, revision, time_of(seen))


def _standing(row: Any) -> Standing:
    name, done, tries, due, error = row
    return Standing(name, done, tries, due and time_of(due), error)
