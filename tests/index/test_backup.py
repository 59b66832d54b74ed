"""A store as lines and back: to the byte, or not at all."""

from __future__ import annotations

import gzip
import json
import resource
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from entrymaker import day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st

from index.backup import DERIVED
from index.migrations import SCHEMA_VERSION
from index.store import Store
from ingest import lexicon
from ingest.errors import StoreError
from ingest.model import Hints, ParseResult
from ingest.reading import read_and_parse

CORPUS = files("corpus")
SEEN = datetime(2025, 4, 1, 12, tzinfo=UTC)
DOCUMENTS = (
    ("portal", "portal-2025-03.txt", "en"),
    ("portal", "portal-2025-04.txt", "en"),
    ("portal-2024", "portal-2024.html", "en"),
    ("filtre", "filtre-services-2024.txt", "fr"),
)


def nothing() -> None:
    """What is called after each row."""


def read(path: str, lang: str) -> ParseResult:
    return read_and_parse(CORPUS.joinpath(path).read_bytes(), path, lexicon.load(), Hints("digicert", lang))


def restored(folder: Path, lines: Iterable[bytes], replace: bool = False) -> Store:
    Store.restore(folder, lines, "backup.jsonl", nothing, replace)
    return Store.open(folder)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with revisions, gone entries, twins, and a snapshot that is no UTF-8."""
    store = Store.open(tmp_path_factory.mktemp("full"))
    for number, (name, path, lang) in enumerate(DOCUMENTS):
        store.ingest(read(path, lang), SEEN + timedelta(days=number), name)
    latin = "Maintenance prévue\nDes travaux auront lieu le 4 juin 2022.\n".encode("cp1252")
    store.ingest(read_and_parse(latin, "latin", lexicon.load(), Hints()), SEEN, "latin")
    return store


@pytest.fixture(scope="module")
def exported(full: Store) -> list[bytes]:
    return list(full.export())


def test_an_import_is_exported_to_the_same_bytes(full: Store, exported: list[bytes], tmp_path: Path) -> None:
    with restored(tmp_path, exported) as store:
        assert list(store.export()) == exported
        assert list(store.all()) == list(full.all()), "twins too, which are made again"
        assert any(stored.twins for stored in store.all())
        assert store.generation == full.generation
        assert store.sources() == full.sources()
        for stored in full.all():
            assert store.revisions(stored.id) == full.revisions(stored.id)
        for source in full.sources():
            assert list(store.snapshots(source.name)) == list(full.snapshots(source.name))


def test_an_import_goes_on_living(full: Store, exported: list[bytes], tmp_path: Path) -> None:
    name, path, lang = DOCUMENTS[1]
    with restored(tmp_path, exported) as store:
        report = store.ingest(read(path, lang), SEEN + timedelta(days=30), name)
        assert (report.new, report.changed, report.gone) == ((), (), ())


def test_lines_are_read_without_the_program(exported: list[bytes]) -> None:
    head, *rows, tail = map(json.loads, exported)
    assert head == {"format": "relnotes export", "version": SCHEMA_VERSION}
    assert tail["rows"] == len(rows)
    entries = [row["row"] for row in rows if row["table"] == "entries"]
    titles = {row["entry"]["title"] for row in entries}
    assert "Scheduled global maintenance" in titles
    snapshots = {row["row"]["source"]: row["row"]["data"] for row in rows if row["table"] == "snapshots"}
    assert "text" in snapshots["portal"]
    assert "base64" in snapshots["latin"], "bytes as they were fetched"


def test_every_table_is_exported_or_made_again(full: Store, exported: list[bytes]) -> None:
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {name for (name,) in full._connection.execute(query)}
    named = {json.loads(line).get("table") for line in exported[1:-1]}
    empty = {t for t in tables if not full._connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0]}
    assert tables == named | DERIVED | empty


def test_an_export_holds_one_moment(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a") as store:
        store.ingest(doc(item("Before")), day(1), "log")
        lines = store.export()
        first = next(lines)
        writer = threading.Thread(target=store.ingest, args=(doc(item("After")), day(2), "log"))
        writer.start()
        writer.join()
        with restored(tmp_path / "b", [first, *lines]) as other:
            assert [s.entry.title for s in other.all()] == ["Before"]
            assert len(store) == 2


def test_numbers_that_were_given_out_are_not_given_out_again(tmp_path: Path) -> None:
    event = "INSERT INTO events (kind, entry, revision, seen) VALUES ('new', 'x', 1, '2025') RETURNING number"
    with Store.open(tmp_path / "a") as store:
        for _ in range(3):
            store._connection.execute(event).fetchall()
        store._connection.execute("DELETE FROM events WHERE number > 1")
        exported = list(store.export())
    with restored(tmp_path / "b", exported) as other:
        assert list(other.export()) == exported
        assert other._connection.execute(event).fetchall() == [(4,)]


# -- refused ------------------------------------------------------------------------------------------

Damage = Callable[[list[bytes]], list[bytes]]


def edited(old: bytes, new: bytes) -> Damage:
    return lambda lines: [line.replace(old, new) for line in lines]


DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda lines: [], "is no export of a store"),
    "something else": (lambda lines: [b"<html>\n"], "is no export of a store"),
    "another export": (lambda lines: [b'{"format": "else", "version": 1}\n'], "is no export of a store"),
    "no last line": (lambda lines: lines[:-1], "is cut off"),
    "half a last line": (lambda lines: [*lines[:-1], lines[-1][:20]], "is cut off or damaged"),
    "half a row": (lambda lines: [*lines[:9], lines[9][:99]], "line 10 of the export is damaged"),
    "a row is missing": (lambda lines: [*lines[:9], *lines[10:]], "not those that were written"),
    "a row twice": (lambda lines: [*lines[:9], *lines[8:]], "line 10 of the export is damaged"),
    "another word": (edited(b"Scheduled", b"scheduled"), "not those that were written"),
    "another table": (edited(b'"revisions"', b'"visions"'), "is damaged"),
    "another column": (edited(b'"position"', b'"place"'), "is damaged"),
    "one column more": (edited(b'"position"', b'"more":1,"position"'), "is damaged"),
    "no entry": (edited(b'"has_heading":true', b'"has_heading":7'), "is damaged"),
    "no base64": (edited(b'{"base64":"', b'{"base64":"%'), "is damaged"),
    "two in one": (lambda lines: lines + lines, "goes on after its end"),
    "a newer store": (edited(b'"version":%d' % SCHEMA_VERSION, b'"version":99'), "of version 99"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_whole_export_is_refused_and_leaves_nothing(
    damage: str, exported: list[bytes], tmp_path: Path
) -> None:
    change, complaint = DAMAGES[damage]
    lines = change(exported)
    assert lines != exported
    with pytest.raises(StoreError) as error:
        restored(tmp_path / "new", lines)
    assert complaint in str(error.value)
    assert "backup.jsonl" in str(error.value)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "new").exists()


def test_a_store_that_holds_something_is_left_alone(exported: list[bytes], tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(item("Ours")), day(1), "log")
        with pytest.raises(StoreError, match="not empty"):
            restored(tmp_path, exported)
        with pytest.raises(StoreError, match="cut off"):
            restored(tmp_path, exported[:-1], replace=True)
        assert [s.entry.title for s in store.all()] == ["Ours"]
        restored(tmp_path, exported, replace=True).close()
        assert list(store.export()) == exported, "who has it open sees it too"


def test_a_full_disk_leaves_the_old_store(exported: list[bytes], tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(item("Ours")), day(1), "log")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StoreError):
            restored(tmp_path, exported, replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with Store.open(tmp_path) as store:
        assert [s.entry.title for s in store.all()] == ["Ours"]


# -- any store ----------------------------------------------------------------------------------------

text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)
items = st.builds(item, text, text, lang=st.sampled_from(["en", "fr"]), products=st.lists(text, max_size=2))
documents = st.lists(items, max_size=4).map(lambda made: doc(*made))
histories = st.lists(st.tuples(st.sampled_from(["a", "b"]), documents), max_size=5)


@settings(deadline=None, max_examples=50)
@given(histories)
def test_whatever_is_stored_comes_back(tmp_path_factory: pytest.TempPathFactory, history) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("data")
    with Store.open(folder / "a") as store:
        for number, (source, document) in enumerate(history, 1):
            store.ingest(document, day(number), source)
        exported = list(store.export())
        with restored(folder / "b", exported) as other:
            assert list(other.export()) == exported
            assert list(other.all()) == list(store.all())


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "stores").glob("export-*")), ids=str)
def test_an_export_of_every_version_is_brought_up(path: Path, tmp_path: Path) -> None:
    with restored(tmp_path, gzip.decompress(path.read_bytes()).splitlines(keepends=True)) as store:
        assert len(store) == 34
        assert any(stored.twins for stored in store.all())
        assert [len(store.revisions(s.id)) for s in store.all()] == [s.revision for s in store.all()]
