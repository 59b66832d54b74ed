"""What was ever announced, and what became of it?  The SQLite store: the truth behind the index.

    with Store.open(Path("data")) as store:
        report = store.ingest(parse_result, seen=datetime.now(UTC), source="digicert")
        for stored in store.all():          # newest first
            print(stored.id, stored.entry.title)

One `ingest` is one transaction; what it has returned from is on disk.  Ingesting the same document
again changes nothing.  `generation` counts the transactions that changed something; the search index
is brought up to it.  A Store may be shared by threads (each gets its own connection).
Every method raises StoreError, in one line, and nothing else of SQLite's.

What writes needs the parser, which takes long to import: a search or a static site need not wait for it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from index import backup, checks, outbox
from index.chains import Chain, chains, tells_no_move
from index.checks import Check
from index.fingerprint import parser
from index.migrations import migrate
from index.outbox import Outbox
from index.records import (
    SELECTED,
    Headline,
    IngestReport,
    Outline,
    Revision,
    Snapshot,
    Source,
    StoredEntry,
    Twin,
    decode,
    headline,
    outline,
    snapshot,
    stored,
    time_of,
)
from index.states import States
from ingest.errors import ParseError, SourceError, StoreError
from ingest.model import Form, ParseResult

if TYPE_CHECKING:
    from index.reread import Readings

__all__ = ["Check", "IngestReport", "Revision", "Snapshot", "Source", "Store", "StoredEntry", "Twin"]

FILE = "store.sqlite"
BUSY_SECONDS = 10.0
SNAPSHOTS = "SELECT source, number, seen, data, original, vendor, lang, form FROM snapshots WHERE source = ?"
NEWEST_FIRST = "day IS NULL, day DESC, first_seen DESC, source, gone, position, id"


class Store:
    """The store in a data directory.  See the module's docstring."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, data_dir: Path, create: bool = True) -> Store:
        """The store in `data_dir`, made where there is none and `create` is set."""
        path = Path(data_dir) / FILE
        if not create and not path.is_file():
            raise StoreError("no store here", str(data_dir), "ingest a change log first")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the data folder ({error.strerror})", str(data_dir)) from error
        store = cls(path)
        with store._guarded():
            migrate(store._connection, str(path))
        return store

    def close(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def outbox(self) -> Outbox:
        """Who is to be told of what became of entries."""
        return Outbox(self._guarded)

    @property
    def generation(self) -> int:
        """How many transactions have changed the store."""
        try:  # as `_guarded` does, which takes longer than the question
            found = self._connection.execute(
                "SELECT value FROM counters WHERE name = 'generation'"
            ).fetchone()
        except sqlite3.Error as error:
            raise _store_error(error, str(self.path)) from error
        return int(found[0])

    @property
    def version(self) -> int:
        """Another number whenever another process or thread has written anything at all."""
        with self._guarded() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def __len__(self) -> int:
        with self._guarded() as connection:
            return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """All that this thread reads within is of one moment, whoever writes meanwhile; it cannot write."""
        with self._guarded() as connection:
            connection.execute("BEGIN")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    # -- reading -----------------------------------------------------------------------------------

    def get(self, entry_id: str) -> StoredEntry | None:
        return next(iter(self.get_many([entry_id])), None)

    def get_many(self, ids: Iterable[str]) -> list[StoredEntry]:
        """The entries with these ids, in this order; ids that are not stored are left out."""
        wanted = list(ids)
        found: dict[str, StoredEntry] = {}
        for where, part in _by_id(wanted):
            found |= {s.id: s for s in self._select(where, part)}
        return [found[one] for one in wanted if one in found]

    def headlines(self, ids: Iterable[str]) -> Iterator[tuple[str, Headline]]:
        """Id and headline of the entries with these ids that are stored, in any order."""
        with self._guarded() as connection:
            for where, part in _by_id(list(ids)):
                for one, packed in connection.execute(f"SELECT id, entry FROM entries {where}", part):
                    yield one, headline(packed)

    def all(self, source: str | None = None) -> Iterator[StoredEntry]:
        """Every entry, gone ones too, newest first; of one source, if named."""
        if source is None:
            return self._select(f"ORDER BY {NEWEST_FIRST}", ())
        return self._select(f"WHERE source = ? ORDER BY {NEWEST_FIRST}", (source,))

    def outlines(self) -> Iterator[tuple[str, str, Outline, int]]:
        """Id, source and outline of every entry, newest first, and how often its twins say otherwise."""
        conflicts = "SELECT sum(json_array_length(conflicts)) FROM twins WHERE twins.id = entries.id"
        query = f"SELECT id, source, entry, ({conflicts}) FROM entries ORDER BY {NEWEST_FIRST}"
        with self._guarded() as connection:
            for one, source, packed, conflicting in connection.execute(query):
                yield one, source, outline(packed), conflicting or 0

    def changed_since(self, generation: int) -> Iterator[StoredEntry]:
        """Entries that the index must learn about, if it stands at `generation`."""
        return self._select("WHERE generation > ? ORDER BY +id", (generation,))  # + keeps to the right index

    def order(self) -> list[tuple[str, str | None]]:
        """(id, day) of every entry, newest first: the order of listings.  Days are ISO, or None."""
        with self._guarded() as connection:
            return connection.execute(f"SELECT id, day FROM entries ORDER BY {NEWEST_FIRST}").fetchall()

    def latest(self, count: int) -> frozenset[str]:
        """The ids of so many entries, of those that came last."""
        query = "SELECT id FROM entries ORDER BY first_seen DESC, id DESC LIMIT ?"
        with self._guarded() as connection:
            return frozenset(one for (one,) in connection.execute(query, (count,)))

    def changes(self) -> list[str]:
        """Ids of what came to its source, or changed materially, after the source was first read; the
        latest change first."""
        query = f"""
            SELECT id FROM entries
            JOIN (SELECT source, min(first_seen) AS began FROM entries GROUP BY source) USING (source)
            WHERE last_changed > began ORDER BY last_changed DESC, {NEWEST_FIRST}"""
        with self._guarded() as connection:
            return [row[0] for row in connection.execute(query)]

    @cached_property
    def states(self) -> States:
        """By which is told that an entry has stayed as it was."""
        return States(self._guarded)

    def twins(self) -> dict[str, tuple[str, ...]]:
        """The ids of the twins of every entry that has some."""
        with self._guarded() as connection:
            rows = connection.execute("SELECT id, twin FROM twins ORDER BY id, twin").fetchall()
        return {one: tuple(row[1] for row in found) for one, found in groupby(rows, key=itemgetter(0))}

    def sources(self) -> list[Source]:
        """Every followed source, by name."""
        query = """
            SELECT name, title, form, lang, seen, vendor,
                   (SELECT count(*) FROM snapshots p WHERE p.source = name),
                   coalesce(live, 0), coalesce(gone, 0)
            FROM sources LEFT JOIN (
                SELECT source, sum(NOT gone) AS live, sum(gone) AS gone
                FROM entries GROUP BY +source  -- an index that holds both is read, and no entry
            ) ON source = name ORDER BY name"""
        with self._guarded() as connection:
            rows = connection.execute(query).fetchall()
        return [Source(r[0], r[1], Form(r[2]), r[3], time_of(r[4]), *r[5:]) for r in rows]

    def checks(self) -> list[Check]:
        """The last look at every source that `relnotes.toml` has named, by name."""
        with self._guarded() as connection:
            return checks.read(connection)

    def revisions(self, entry_id: str) -> list[Revision]:
        """The life of an entry, oldest first; empty where the id is not stored."""
        query = (
            "SELECT number, seen, changed, material, entry, text FROM revisions WHERE id = ? ORDER BY number"
        )
        with self._guarded() as connection:
            rows = connection.execute(query, (entry_id,)).fetchall()
        return [
            Revision(n, time_of(seen), tuple(changed.split()), bool(material), decode(entry), text)
            for n, seen, changed, material, entry, text in rows
        ]

    def chains(self, stored: StoredEntry) -> tuple[Chain, ...]:
        """Which of the entry's dates gave way to which, over all its revisions."""
        if stored.revision == 1 and tells_no_move(stored.entry):
            return ()
        return chains(stored, self.revisions(stored.id))

    def snapshot(self, source: str) -> Snapshot | None:
        """The newest snapshot of a source."""
        with self._guarded() as connection:
            row = connection.execute(f"{SNAPSHOTS} ORDER BY number DESC LIMIT 1", (source,)).fetchone()
        return snapshot(row) if row else None

    def snapshots(self, source: str) -> Iterator[Snapshot]:
        """Every snapshot of a source, oldest first."""
        with self._guarded() as connection:
            yield from map(snapshot, connection.execute(f"{SNAPSHOTS} ORDER BY number", (source,)))

    def _select(self, where: str, values: Sequence[Any]) -> Iterator[StoredEntry]:
        with self._guarded() as connection:
            cursor = connection.execute(f"SELECT {SELECTED} FROM entries {where}", values)
            while rows := cursor.fetchmany(500):
                yield from map(stored, rows)

    # -- as lines ----------------------------------------------------------------------------------

    def export(self) -> Iterator[bytes]:
        """All that the store holds as lines of JSON (`index/backup.py`), as it is when the first is taken."""
        with self.at_one_moment(), self._guarded() as connection:
            yield from backup.lines(connection)

    @classmethod
    def restore(
        cls, data_dir: Path, lines: Iterable[bytes], where: str, step: Callable[[], object], replace: bool
    ) -> None:
        """Put what the lines of an export hold in place of what is stored, at once; `step` follows each row.

        Raises StoreError, naming `where`, where the lines are no whole export, or where something is stored
        already and `replace` is not set; then nothing is changed.
        """
        if (data_dir / FILE).exists():
            with cls.open(data_dir) as store:
                store._refuse_full(replace)
        with (
            cls(data_dir / FILE)._complaints(),
            closing(backup.restore(lines, where, step)) as made,
            cls.open(data_dir) as store,
        ):
            store._refuse_full(replace)
            made.backup(store._connection)

    def _refuse_full(self, replace: bool) -> None:
        if not replace and self.sources():
            todo = "import into another data folder, or say --replace"
            raise StoreError("the store is not empty", str(self.path), todo)

    # -- writing -----------------------------------------------------------------------------------

    def ingest(
        self, result: ParseResult, seen: datetime, source: str, check: Check | None = None
    ) -> IngestReport:
        """Take in a snapshot of `source`, seen at `seen` (aware): all of it or, on an error, nothing.

        Where another parser read the source last, what it read is read again first: a better reading is no
        change that the publisher made.  `check` is kept with the snapshot, as by `note`.
        """
        if seen.tzinfo is None:
            raise ValueError("`seen` must know its time zone")
        from index.intake import Intake

        self._catch_up(source)
        with self._guarded() as connection, transaction(connection):
            if check:
                checks.write(connection, check)
            known = connection.execute("SELECT 1 FROM sources WHERE name = ?", (source,)).fetchone()
            report = Intake(connection, result, source, seen).run()
            if known:  # what a source held when it was first read is no news
                outbox.note(connection, report, seen)
            return report

    def reparse(self, source: str, step: Callable[[], object] = lambda: None) -> IngestReport | None:
        """Read every kept snapshot of `source` again; `step` is called after each.

        Entries keep their ids, and nothing that they state otherwise now is a revision: they are `reread`.
        `new` were parts of other entries, `gone` became parts of others.  None where the source is not
        stored, or was kept by an older program without the bytes that were fetched.  Raises SourceError or
        ParseError, naming the source, where a snapshot cannot be read any more; nothing is changed then.
        """
        from index.reread import Readings

        while True:
            readings, last = Readings(), None
            for last in self.snapshots(source):
                if last.original:
                    readings.add(last)
                step()
            if last is None or not last.original:
                return None
            report = self._reread(readings)
            if report is not None:
                return report

    def _catch_up(self, source: str) -> None:
        from index.reread import Readings

        with self._guarded() as connection:
            row = connection.execute("SELECT parser FROM sources WHERE name = ?", (source,)).fetchone()
        newest = self.snapshot(source) if row and row[0] != parser() else None
        if newest is None or not newest.original:
            return
        readings = Readings()
        with suppress(ParseError, SourceError):  # then the new snapshot is compared with the old reading
            readings.add(newest)
            self._reread(readings)

    def _reread(self, readings: Readings) -> IngestReport | None:
        """Take over readings; None where another snapshot has come meanwhile."""
        from index.reread import Rereading

        assert readings.newest
        query = "SELECT max(number) FROM snapshots WHERE source = ?"
        with self._guarded() as connection, transaction(connection):
            newest = connection.execute(query, (readings.newest.source,)).fetchone()[0]
            return Rereading(connection, readings).run() if newest == readings.newest.number else None

    def rehearse(self, results: Sequence[ParseResult], seen: datetime, source: str) -> list[IngestReport]:
        """What it would mean to `ingest` these snapshots one after the other: done, and undone."""
        from index.intake import Intake

        with self._guarded() as connection, transaction(connection, keep=False):
            return [Intake(connection, result, source, seen).run() for result in results]

    def note(self, check: Check) -> None:
        """Keep what came of a look at a source."""
        with self._guarded() as connection, transaction(connection):
            checks.write(connection, check)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                _address(self.path),
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            with self._lock:
                self._connections.append(connection)
            self._local.connection = connection
        return connection

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        with self._complaints():
            yield self._connection

    @contextmanager
    def _complaints(self) -> Iterator[None]:
        """Errors of SQLite, and of what lies in it, become StoreError."""
        try:
            yield
        except (sqlite3.Error, zlib.error, msgspec.DecodeError) as error:
            raise _store_error(error, str(self.path)) from error


def _by_id(wanted: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Conditions for rows by their ids, each with the ids, as many at once as SQLite takes."""
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        yield f"WHERE id IN ({','.join('?' * len(part))})", part


def _address(path: Path) -> str:
    """The database as a URI; where the folder cannot be written SQLite must not put files beside it."""
    address = path.absolute().as_uri()
    if os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK)):
        return address
    log = path.with_name(f"{path.name}-wal")
    unfinished = log.exists() and log.stat().st_size > 0
    return f"{address}?mode=ro" if unfinished else f"{address}?immutable=1"


@contextmanager
def transaction(connection: sqlite3.Connection, keep: bool = True) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT" if keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _store_error(error: Exception, where: str) -> StoreError:
    """SQLite's complaint in words that say what to do."""
    said = str(error).lower()
    for sign, what, todo in _COMPLAINTS:
        if sign in said:
            return StoreError(what, where, todo)
    if isinstance(error, sqlite3.OperationalError):
        return StoreError(f"the store cannot be used ({error})", where)
    return StoreError(f"the store is damaged ({error})", where, "restore it from a backup or move it away")


_COMPLAINTS = (
    ("full", "no space left on the disk", "free some and try again; nothing was changed"),
    ("readonly", "the store is read-only", "check the permissions of its folder"),
    ("unable to open", "the store cannot be opened", "check that its folder exists and can be written"),
    ("locked", "another process is writing to the store", "try again when it is done"),
    ("not a database", "this file is not a store, or it is damaged", "restore it or move it away"),
    ("disk i/o", "the disk cannot be read or written", "check the disk; nothing was changed"),
)
