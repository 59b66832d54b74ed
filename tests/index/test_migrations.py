"""Stores of older versions: each is brought up whole, or stays as it was."""

from __future__ import annotations

import gzip
import os
import re
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from index.migrations import SCHEMA_VERSION, migrate
from index.store import Store
from ingest import lexicon
from ingest.errors import StoreError
from ingest.model import Hints
from ingest.reading import read_and_parse

STORES = {
    int(re.findall(r"\d+", path.name)[0]): path
    for path in sorted((Path(__file__).parent / "stores").glob("version-*.sql.gz"))
}


FRENCH = "filtre-services-2024.txt"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def laid(version: int, folder: Path) -> Path:
    """The stored fixture as a store in `folder`."""
    path = folder / "store.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(gzip.decompress(STORES[version].read_bytes()).decode())
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]


def layout(path: Path) -> set[tuple[str, str]]:
    """The columns of every table, and the indexes."""
    query = """
        SELECT m.name, coalesce(c.name, '') FROM sqlite_master m
        LEFT JOIN pragma_table_info(m.name) c ON m.type = 'table'"""
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute(query))


def test_every_older_version_has_its_store() -> None:
    assert set(range(1, SCHEMA_VERSION)) - STORES.keys() == set()


@pytest.mark.parametrize("version", STORES)
def test_a_store_of_every_version_is_brought_up_whole(version: int, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    path = laid(version, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        before = [connection.execute(query).fetchall() for query in KEPT]
    Store.open(tmp_path / "new").close()
    with Store.open(tmp_path) as store:
        assert [store._connection.execute(query).fetchall() for query in KEPT] == before
        assert {stored.id for stored in store.all()} == {one for (one, *_) in before[0]}
        assert [len(store.revisions(s.id)) for s in store.all()] == [s.revision for s in store.all()]
        assert all(store.snapshot(source.name) for source in store.sources())
        assert sum(len(stored.twins) for stored in store.all()) == 2 * TWINS[min(version, 3)]
    assert layout(path) == layout(tmp_path / "new" / "store.sqlite")


KEPT = (
    """SELECT id, source, entry, text, line, position, gone, first_seen, last_changed, last_revised, revision,
       day, generation FROM entries ORDER BY id""",
    "SELECT * FROM revisions ORDER BY id, number",
    "SELECT source, number, seen, digest FROM snapshots ORDER BY source, number",
    "SELECT name, title, form, lang, seen FROM sources ORDER BY name",
    "SELECT * FROM counters",
)
# pairs of the fixture; those of vendors that a store does not know yet take more to believe
TWINS = {1: 2, 2: 2, 3: 4}


@pytest.mark.parametrize("version", STORES)
def test_a_store_of_every_version_goes_on_living(version: int, tmp_path: Path) -> None:
    """The same two languages again: they pair as they would in a new store."""
    laid(version, tmp_path)
    with Store.open(tmp_path) as store:
        for name, path, lang in (("portal-2024", "portal-2024.html", "en"), ("filtre", FRENCH, "fr")):
            data = files("corpus").joinpath(path).read_bytes()
            read = read_and_parse(data, path, lexicon.load(), Hints("digicert", lang))
            report = store.ingest(read, SEEN, name)
            assert (report.new, report.gone) == ((), ())
            assert store.reparse(name)
        assert sum(len(stored.twins) for stored in store.all()) == 2 * 4


def test_a_store_that_was_brought_up_is_left_alone(tmp_path: Path) -> None:
    path = laid(1, tmp_path)
    Store.open(tmp_path).close()
    before = dumped(path)
    Store.open(tmp_path).close()
    assert dumped(path) == before


def test_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    path = laid(max(STORES), tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = dumped(path)
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert str(error.value) == (
        f"{path}: the store has version 99, this program knows up to {SCHEMA_VERSION}; update the program"
    )
    assert dumped(path) == before


def test_killed_at_any_statement_the_old_store_stays(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    path, told = laid(1, tmp_path), list[str]()
    with closing(sqlite3.connect(laid(1, tmp_path / "whole"), isolation_level=None)) as connection:
        connection.set_trace_callback(told.append)
        migrate(connection, "here")
    before = dumped(path)
    for after in sorted({*range(12), *range(0, len(told) - 1, len(told) // 25)}):
        assert os.waitstatus_to_exitcode(_migrate_until(path, after)) == -signal.SIGKILL
        assert dumped(path) == before, f"killed before statement {after} of {len(told)}"
    Store.open(tmp_path).close()
    assert layout(path) == layout(tmp_path / "whole" / "store.sqlite")


def _migrate_until(path: Path, after: int) -> int:
    """The status of a child that migrates and is killed before a statement."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        left = [after]
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.set_trace_callback(lambda statement: _count_down(left))
            migrate(connection, "here")
    finally:
        os._exit(1)


def _count_down(left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)


def test_two_programs_at_once_bring_it_up_once(tmp_path: Path) -> None:
    laid(1, tmp_path)
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            try:
                Store.open(tmp_path).close()
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    with Store.open(tmp_path) as store:
        assert len(store) == 33
