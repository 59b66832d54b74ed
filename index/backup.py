"""How does a store become lines of JSON, and lines a store?  Every table but what is made from the others.

The first line says of which version the store is, the last one how many rows there were and what they add
up to: an export that is cut off or damaged is told from a whole one before any of it counts.
Rows come in the order of their keys: the export of an import is the first export again, byte by byte.
"""

from __future__ import annotations

import base64
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NoReturn

import msgspec

from index.migrations import SCHEMA_VERSION, lay_out, migrate
from index.records import decode, encode
from ingest.errors import StoreError
from ingest.model import Entry

FORMAT = "relnotes export"
FIRST_VERSION = 3  # of a store that was ever exported
LONGEST_LINE = 64 * 2**20  # bytes; a snapshot of 16 MB in base64 fits
DERIVED = frozenset({"invariants", "marks", "twins"})
COUNTING = "sqlite_sequence"  # SQLite's own: numbers that were given out are not given out again

Step = Callable[[], object]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    version: int


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line between."""

    table: str
    row: dict[str, Any]


class Tail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line; `digest` is over all lines before it."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns, those of its key apart."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


# -- out ---------------------------------------------------------------------------------------------


def lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    """The store as lines, each with its line break; to be read inside one transaction."""
    tables = _tables(connection)
    running = blake2b(digest_size=16)
    rows = -1
    for made in _body(connection, tables):
        line = msgspec.json.encode(made) + b"\n"
        running.update(line)
        rows += 1
        yield line
    yield msgspec.json.encode(Tail(rows, running.hexdigest())) + b"\n"


def _body(connection: sqlite3.Connection, tables: Iterable[Table]) -> Iterator[Head | Row]:
    yield Head(FORMAT, SCHEMA_VERSION)
    for table in tables:
        query = f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY {', '.join(table.key)}"
        for values in connection.execute(query):
            row = zip(table.columns, values, strict=True)
            yield Row(table.name, {column: _shown(table.name, column, value) for column, value in row})


def _tables(connection: sqlite3.Connection) -> list[Table]:
    """The tables that hold what nothing else tells, by name."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    names = [name for (name,) in found if name == COUNTING or (name not in DERIVED and name[:7] != "sqlite_")]
    return [_table(connection, name) for name in names]


def _table(connection: sqlite3.Connection, name: str) -> Table:
    told = connection.execute(f"SELECT name, pk FROM pragma_table_info('{name}')").fetchall()
    key = tuple(column for column, _ in sorted((c for c in told if c[1]), key=lambda c: c[1]))
    columns = tuple(column for column, _ in told)
    return Table(name, columns, key or columns)


def _shown(table: str, column: str, value: Any) -> Any:
    """A value as JSON holds it: entries as what they state, fetched bytes as text where they are UTF-8."""
    if not isinstance(value, bytes):
        return value
    if column == "entry":
        return decode(value)
    data = zlib.decompress(value) if (table, column) == ("snapshots", "data") else value
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


# -- in ----------------------------------------------------------------------------------------------


def restore(source: Iterable[bytes], where: str, step: Step) -> sqlite3.Connection:
    """A store in a temporary database, of the lines of an export; `step` is called after each row.

    Raises StoreError, naming `where` and the line, where the lines are no whole export.
    """
    connection = sqlite3.connect("", isolation_level=None)
    try:
        _Restoring(connection, where).run(iter(source), step)
    except BaseException:
        connection.close()
        raise
    return connection


class _Restoring:
    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.connection, self.where = connection, where
        self.number = 0
        self.running = blake2b(digest_size=16)
        self.tables: dict[str, Table] = {}

    def run(self, source: Iterator[bytes], step: Step) -> None:
        self._head(next(source, b""))
        self.connection.execute("BEGIN")
        for line in source:
            self.number += 1
            if line.startswith(b'{"rows"'):
                self._finish(line, next(source, b""))
                break
            self._insert(line)
            step()
        else:
            self._refuse("is cut off: its last line is missing", "take a whole export")
        self.connection.execute("COMMIT")
        migrate(self.connection, self.where, anew=True)

    def _head(self, line: bytes) -> None:
        self.number = 1
        try:
            head = msgspec.json.decode(line, type=Head)
        except msgspec.DecodeError:
            head = Head("", 0)
        if head.format != FORMAT:
            raise StoreError("is no export of a store", self.where, "name what `relnotes export` has written")
        if not FIRST_VERSION <= head.version <= SCHEMA_VERSION:
            known = f"this program knows up to {SCHEMA_VERSION}"
            what = f"is the export of a store of version {head.version}, {known}"
            raise StoreError(what, self.where, "update the program")
        self.running.update(line)
        lay_out(self.connection, head.version)
        for table in _tables(self.connection):
            self.connection.execute(f"DELETE FROM {table.name}")  # what every store begins with
            self.tables[table.name] = table

    def _insert(self, line: bytes) -> None:
        try:
            made = msgspec.json.decode(line, type=Row)
            table = self.tables[made.table]
            values = [_kept(made.table, column, made.row[column]) for column in table.columns]
            if len(values) != len(made.row):
                raise ValueError("columns that the table does not have")
            if table.name == COUNTING:
                self.connection.execute(f"DELETE FROM {COUNTING} WHERE name = ?", values[:1])
            marks = ", ".join("?" * len(values))
            self.connection.execute(f"INSERT INTO {table.name} VALUES ({marks})", values)
        except (msgspec.DecodeError, KeyError, ValueError, TypeError, sqlite3.IntegrityError) as error:
            self._refuse("is damaged", "take another export", error)
        self.running.update(line)

    def _finish(self, line: bytes, after: bytes) -> None:
        try:
            tail = msgspec.json.decode(line, type=Tail)
        except msgspec.DecodeError as error:
            self._refuse("is cut off or damaged", "take another export", error)
        if after.strip():
            self._refuse("goes on after its end", "take one export, not several")
        if tail.digest != self.running.hexdigest():
            self._refuse("is damaged: its rows are not those that were written", "take another export")

    def _refuse(self, what: str, todo: str, cause: Exception | None = None) -> NoReturn:
        raise StoreError(f"line {self.number} of the export {what}", self.where, todo) from cause


def _kept(table: str, column: str, value: Any) -> Any:
    """A value as the table holds it."""
    if not isinstance(value, dict):
        return value
    if column == "entry":
        return encode(msgspec.convert(value, Entry))
    data = value["text"].encode() if "text" in value else base64.b64decode(value["base64"], validate=True)
    return zlib.compress(data) if (table, column) == ("snapshots", "data") else data
