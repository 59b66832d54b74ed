"""How is the store laid out, and how does an older one become the present one?"""

from __future__ import annotations

import sqlite3

from ingest.errors import StoreError

# One script for each schema version, in order; a store's version is its `PRAGMA user_version`.  All that a
# store still lacks is one transaction: who is killed amidst it leaves the old store.
_SCRIPTS = (
    """
    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO counters VALUES ('generation', 0);

    CREATE TABLE sources (
        name TEXT PRIMARY KEY, title TEXT, form TEXT NOT NULL, lang TEXT, seen TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE snapshots (
        source TEXT NOT NULL, number INTEGER NOT NULL, seen TEXT NOT NULL,
        digest BLOB NOT NULL, text BLOB NOT NULL, PRIMARY KEY (source, number)
    );

    CREATE TABLE entries (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, entry BLOB NOT NULL, text TEXT NOT NULL,
        line INTEGER NOT NULL, position INTEGER NOT NULL, gone INTEGER NOT NULL,
        first_seen TEXT NOT NULL, last_changed TEXT NOT NULL, last_revised TEXT NOT NULL,
        revision INTEGER NOT NULL, day TEXT, generation INTEGER NOT NULL
    );
    CREATE INDEX entries_by_source ON entries (source, position);
    CREATE INDEX entries_by_generation ON entries (generation);
    CREATE INDEX entries_newest_first ON entries
        (day IS NULL, day DESC, first_seen DESC, source, gone, position, id);

    CREATE TABLE revisions (
        id TEXT NOT NULL, number INTEGER NOT NULL, seen TEXT NOT NULL, changed TEXT NOT NULL,
        material INTEGER NOT NULL, entry BLOB NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, number)
    );
    """,
    """
    ALTER TABLE sources ADD COLUMN vendor TEXT;
    ALTER TABLE snapshots RENAME COLUMN text TO data;
    ALTER TABLE snapshots ADD COLUMN original INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE snapshots ADD COLUMN vendor TEXT;
    ALTER TABLE snapshots ADD COLUMN lang TEXT;
    ALTER TABLE snapshots ADD COLUMN form TEXT;
    UPDATE snapshots SET (lang, form) = (SELECT lang, form FROM sources WHERE name = source);
    UPDATE snapshots SET original = 1 WHERE form IN ('text', 'markdown');

    CREATE TABLE invariants (id TEXT PRIMARY KEY, lang TEXT NOT NULL, facts BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE marks (mark TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (mark, id)) WITHOUT ROWID;
    CREATE TABLE twins (
        id TEXT NOT NULL, lang TEXT NOT NULL, twin TEXT NOT NULL, confidence REAL NOT NULL,
        evidence TEXT NOT NULL, by_place INTEGER NOT NULL, conflicts TEXT NOT NULL, PRIMARY KEY (id, lang)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE sources ADD COLUMN parser TEXT",
    """
    CREATE TABLE checks (
        source TEXT PRIMARY KEY, checked TEXT NOT NULL, outcome TEXT NOT NULL, error TEXT,
        failures INTEGER NOT NULL, succeeded TEXT, not_before TEXT, moved TEXT, reading TEXT NOT NULL,
        etag TEXT, modified TEXT, digest BLOB
    ) WITHOUT ROWID;

    CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, entry TEXT NOT NULL,
        revision INTEGER NOT NULL, seen TEXT NOT NULL
    );
    CREATE TABLE receivers (
        name TEXT PRIMARY KEY, done INTEGER NOT NULL, tries INTEGER NOT NULL, due TEXT, error TEXT
    ) WITHOUT ROWID;
    CREATE TABLE undelivered (
        receiver TEXT NOT NULL, event INTEGER NOT NULL, given_up TEXT NOT NULL, error TEXT NOT NULL,
        PRIMARY KEY (receiver, event)
    ) WITHOUT ROWID;
    """,
    "DELETE FROM twins",  # marks of twins name the vendor from here on: all pairs are made anew
)
SCHEMA_VERSION = len(_SCRIPTS)
PAIRS_SINCE = 5  # pairs are made anew when a store comes from a version before this one


def migrate(connection: sqlite3.Connection, where: str, anew: bool = False) -> None:
    """Make or update the tables; a store from a newer program is refused with StoreError.

    `anew` makes what is derived from the entries in any case: a restored store comes without it.
    """
    version = _version(connection)
    if version > SCHEMA_VERSION:
        what = f"the store has version {version}, this program knows up to {SCHEMA_VERSION}"
        raise StoreError(what, where, "update the program")
    if version == SCHEMA_VERSION and not anew:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _bring_up(connection, where, anew)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _bring_up(connection: sqlite3.Connection, where: str, anew: bool) -> None:
    version = _version(connection)  # again, now that no one else can write
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError("this database is not a store", where, "choose another data folder")
    lay_out(connection, SCHEMA_VERSION)
    if anew or 0 < version < PAIRS_SINCE:
        from index.pairing import Pairing  # with the parser's words, which take long to import
        from ingest import lexicon

        Pairing(connection, lexicon.load()).refresh_all()


def lay_out(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables up to a version."""
    for script in _SCRIPTS[_version(connection) : version]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
