"""When was each source last looked at, and what came of it?  Records, and how they lie in SQLite's rows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from index.records import time_of

FEW = 4  # entries from which on losing more than half of them is suspicious


class Outcome(StrEnum):
    """What came of a look at a source."""

    CHANGED = "changed"  # entries are new, changed or gone
    UNCHANGED = "unchanged"  # nothing new
    UNREAD = "unread"  # it could not be read
    NOT_A_LOG = "not_a_log"  # what came no longer looks like a change log
    FEWER = "fewer"  # far fewer entries than before: not applied

    @property
    def failed(self) -> bool:
        return self not in (Outcome.CHANGED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Check:
    """The last look at a source, at `checked`; times are UTC.

    `error` says why it failed, `failures` how often in a row, and `succeeded` when it last did not.
    `etag` and `modified` are the server's names for the state that was applied, `digest` is ours;
    they hold for the place and the hints in `reading`.  `not_before` is when the server wants to be
    asked again at the earliest, `moved` where the source has moved to for good.
    """

    source: str
    checked: datetime
    outcome: Outcome
    error: str | None = None
    failures: int = 0
    succeeded: datetime | None = None
    not_before: datetime | None = None
    moved: str | None = None
    reading: str = ""
    etag: str | None = None
    modified: str | None = None
    digest: bytes | None = None


COLUMNS = (
    "source, checked, outcome, error, failures, succeeded, not_before, moved, reading, etag, modified, digest"
)


def read(connection: sqlite3.Connection) -> list[Check]:
    """The last look at every source, by name."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM checks ORDER BY source").fetchall()
    return [_check(row) for row in rows]


def write(connection: sqlite3.Connection, check: Check) -> None:
    """Keep a look at a source, in place of the one before."""
    row = (
        *(check.source, _text(check.checked), check.outcome.value, check.error, check.failures),
        *(_text(check.succeeded), _text(check.not_before), check.moved),
        *(check.reading, check.etag, check.modified, check.digest),
    )
    marks = ",".join("?" * len(row))
    connection.execute(f"INSERT OR REPLACE INTO checks ({COLUMNS}) VALUES ({marks})", row)


def _check(row: tuple[Any, ...]) -> Check:
    source, checked, outcome, error, failures, succeeded, not_before, *rest = row
    times = (succeeded and time_of(succeeded), not_before and time_of(not_before))
    return Check(source, time_of(checked), Outcome(outcome), error, failures, *times, *rest)


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
