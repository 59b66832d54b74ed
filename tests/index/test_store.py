"""What the store keeps, what it calls a change, and what it says when it cannot work."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from index.store import IngestReport, Store, StoredEntry
from ingest.errors import StoreError
from ingest.model import EntryType, Form, ParseResult, Span, Status

NIGHT = item(
    "Scheduled maintenance",
    "Work on the platform on 4 June, from 22:00 to 24:00 MDT.",
    type=EntryType.MAINTENANCE,
    windows=["2022-06-05T04:00"],
    products=["CertCentral"],
    dated="2022-06-05",
)
LOCKS = item("Domain locking", "Lock a domain to an account.", products=["CertCentral"], dated="2022-05-01")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "data")


def only(store: Store) -> StoredEntry:
    (one,) = store.all()
    return one


def test_an_entry_comes_back_as_it_was_read(store: Store) -> None:
    report = store.ingest(doc(LOCKS, NIGHT, before="Change log\n"), day(1), "vendor")
    locks, night = (store.get(one) for one in report.new)
    assert locks
    assert night
    assert (locks.entry, locks.text, locks.line, locks.position) == (LOCKS.entry, LOCKS.text, 2, 0)
    assert (night.entry, night.text, night.line, night.position) == (NIGHT.entry, NIGHT.text, 5, 1)
    assert night.entry.windows[0].span.of(night.text) == NIGHT.text
    assert night.first_seen == night.last_changed == day(1)
    assert not night.gone


def test_the_same_document_again_changes_nothing(store: Store) -> None:
    first = store.ingest(doc(LOCKS, NIGHT), day(1), "vendor")
    before = (store.generation, list(store.all()), store.sources())
    assert store.ingest(doc(LOCKS, NIGHT), day(2), "vendor") == IngestReport(unchanged=first.new)
    assert (store.generation, list(store.all()), store.sources()) == before
    assert [len(store.revisions(one)) for one in first.new] == [1, 1]


def test_a_reworded_entry_keeps_its_id_and_gets_a_revision(store: Store) -> None:
    (made,) = store.ingest(doc(LOCKS), day(1), "vendor").new
    reworded = item("Domain locking", "Lock each domain to one account.", products=["CertCentral"])
    assert store.ingest(doc(reworded), day(2), "vendor").changed == (made,)
    first, second = store.revisions(made)
    assert (first.changed, first.text) == ((), LOCKS.text)
    assert (second.changed, second.material, second.seen) == (("text",), True, day(2))
    assert only(store).last_changed == day(2)
    assert only(store).first_seen == day(1)


@pytest.mark.parametrize(
    "body",
    ["Lock a  domain\nto an account.", "Lock a domain, to an account", "Lock a domain to an account…"],
)
def test_spacing_and_punctuation_are_cosmetic(store: Store, body: str) -> None:
    (made,) = store.ingest(doc(LOCKS), day(1), "vendor").new
    cosmetic = Item(f"Domain locking\n{body}", LOCKS.entry)
    cosmetic = cosmetic.with_(span=Span(0, len(cosmetic.text)))
    assert store.ingest(doc(cosmetic), day(2), "vendor").changed == (made,)
    assert not store.revisions(made)[-1].material
    assert (only(store).last_changed, only(store).last_revised) == (day(1), day(2))


def test_a_moved_window_names_what_changed(store: Store) -> None:
    (made,) = store.ingest(doc(NIGHT), day(1), "vendor").new
    moved = item(
        "Scheduled maintenance",
        "Update: moved. Work on the platform on 11 June, from 22:00 to 24:00 MDT.",
        type=EntryType.MAINTENANCE,
        windows=["2022-06-12T04:00"],
        superseded=["2022-06-05T04:00"],
        status=Status.MOVED,
        products=["CertCentral"],
    )
    assert store.ingest(doc(moved), day(2), "vendor").changed == (made,)
    assert store.revisions(made)[-1].changed == ("windows", "status", "text")


def test_a_better_parser_makes_no_revision(store: Store) -> None:
    (made,) = store.ingest(doc(LOCKS), day(1), "vendor").new
    reread = LOCKS.with_(type=EntryType.API_CHANGE)
    assert store.ingest(doc(reread), day(2), "vendor") == IngestReport(unchanged=(made,), reread=(made,))
    assert only(store).entry.type is EntryType.API_CHANGE
    assert len(store.revisions(made)) == 1
    assert store.generation == 2


def test_what_leaves_the_source_is_kept_as_gone_and_can_come_back(store: Store) -> None:
    _locks, night = store.ingest(doc(LOCKS, NIGHT), day(1), "vendor").new
    assert store.ingest(doc(LOCKS), day(2), "vendor").gone == (night,)
    kept = store.get(night)
    assert kept
    assert kept.gone
    assert (store.sources()[0].live, store.sources()[0].gone) == (1, 1)
    assert store.ingest(doc(LOCKS), day(3), "vendor").gone == ()
    assert store.ingest(doc(LOCKS, NIGHT), day(4), "vendor").changed == (night,)
    assert [r.changed for r in store.revisions(night)] == [(), ("gone",), ("back",)]
    assert [r.material for r in store.revisions(night)] == [True, False, False]


def test_one_source_does_not_touch_another(store: Store) -> None:
    (ours,) = store.ingest(doc(LOCKS), day(1), "ours").new
    (theirs,) = store.ingest(doc(LOCKS), day(1), "theirs").new
    assert ours != theirs
    store.ingest(doc(NIGHT), day(2), "theirs")
    kept = store.get(ours)
    assert kept
    assert not kept.gone
    assert [s.name for s in store.sources()] == ["ours", "theirs"]


def test_entries_come_newest_first_and_undated_ones_last(store: Store) -> None:
    undated, between = item("No date"), item("Between", dated="2022-05-01/2022-06-30")
    store.ingest(doc(undated, LOCKS, NIGHT, between), day(1), "vendor")
    titles = [s.entry.title for s in store.all()]
    assert titles == ["Scheduled maintenance", "Between", "Domain locking", "No date"]
    assert [one for one, _ in store.order()] == [s.id for s in store.all()]


def test_entries_of_one_day_keep_the_order_of_the_log(store: Store) -> None:
    same_day = [item(f"Change {name}", dated="2022-05-01") for name in "cab"]
    store.ingest(doc(*same_day), day(1), "vendor")
    assert [s.entry.title for s in store.all()] == ["Change c", "Change a", "Change b"]
    store.ingest(doc(*reversed(same_day)), day(2), "vendor")
    assert [s.entry.title for s in store.all()] == ["Change b", "Change a", "Change c"]


def test_many_are_returned_in_the_order_asked_for(store: Store) -> None:
    made = store.ingest(doc(*(item(f"Change {n}") for n in range(1200))), day(1), "vendor").new
    asked = [*reversed(made), "missing"]
    assert [s.id for s in store.get_many(asked)] == list(reversed(made))
    assert store.get("missing") is None


def test_changed_since_tells_the_index_what_to_learn(store: Store) -> None:
    _locks, night = store.ingest(doc(LOCKS, NIGHT), day(1), "vendor").new
    before = store.generation
    store.ingest(doc(LOCKS), day(2), "vendor")
    assert [s.id for s in store.changed_since(before)] == [night]


def test_an_entrys_state_stays_until_it_changes_itself(store: Store) -> None:
    store.ingest(doc(LOCKS, NIGHT), day(1), "vendor")
    before = store.states.now()
    new = item("New portal", "It opens today.", dated="2022-06-20")
    store.ingest(doc(new, LOCKS, NIGHT), day(2), "vendor")
    assert before.items() <= store.states.now().items()
    reworded = item("Domain locking", "Lock a domain to one account.", dated="2022-05-01")
    store.ingest(doc(new, reworded, NIGHT), day(3), "vendor")
    after = store.states.now()
    assert sorted(after[one] == before[one] for one in before) == [False, True]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sets(st.integers(0, 3)), st.sampled_from(["", " again"])))
)
@settings(max_examples=25)
def test_states_that_are_followed_are_those_that_are_read_anew(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[tuple[str, set[int], str]]
) -> None:
    folder = tmp_path_factory.mktemp("states")
    with Store.open(folder) as followed:
        for number, (source, titles, more) in enumerate(rounds, 1):
            items = [item(f"Change {one}", more, dated=f"2022-05-0{one + 1}") for one in titles]
            followed.ingest(doc(*items), day(number), source)
            with Store.open(folder) as anew:
                assert followed.states.now() == anew.states.now()


def test_the_raw_snapshots_are_kept(store: Store) -> None:
    store.ingest(doc(LOCKS), day(1), "vendor")
    store.ingest(doc(NIGHT, LOCKS), day(2), "vendor")
    kept = store.snapshot("vendor")
    assert kept
    assert (kept.number, kept.data.decode()) == (2, doc(NIGHT, LOCKS).document.text)
    assert store.snapshot("nobody") is None
    assert [(s.snapshots, s.form, s.seen) for s in store.sources()] == [(2, Form.TEXT, day(2))]


def test_an_ingest_that_fails_leaves_nothing_behind(store: Store) -> None:
    store.ingest(doc(LOCKS), day(1), "vendor")
    before = (store.generation, list(store.all()))
    broken = structs.replace(NIGHT.entry, confidence=object())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        store.ingest(doc(item("New"), Item(NIGHT.text, broken)), day(2), "vendor")
    assert (store.generation, list(store.all())) == before


def test_reading_goes_on_in_other_threads(store: Store) -> None:
    store.ingest(doc(LOCKS, NIGHT), day(1), "vendor")
    seen: list[int] = []
    threads = [Thread(target=lambda: seen.append(len(list(store.all())))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [2, 2, 2, 2]


def says(error: pytest.ExceptionInfo[StoreError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_missing_store_is_only_made_on_demand(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path / "data", create=False)
    assert "no store here" in says(error)
    assert not (tmp_path / "data").exists()


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "version 99" in says(error)
    assert "update the program" in says(error)


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("CREATE TABLE accounts (name)")
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "not a store" in says(error)


def test_a_file_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"certainly no database" * 100)
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "damaged" in says(error)


def test_a_torn_store_is_one_line(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(*(item(f"Change {n}", "word " * 200) for n in range(60))), day(1), "vendor")
    path = tmp_path / "store.sqlite"
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(StoreError) as error, Store.open(tmp_path) as torn:
        list(torn.all())
    assert "damaged" in says(error)


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path / "data")
    assert "cannot make the data folder" in says(error)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(LOCKS), day(1), "vendor")
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError) as error:
            store.ingest(doc(*(item(f"Change {n}", "word " * 900) for n in range(60))), day(2), "vendor")
        assert "no space left" in says(error)
        assert [s.entry.title for s in store.all()] == ["Domain locking"]
        assert store.generation == 1


def test_a_read_only_store_says_so(store: Store) -> None:
    store._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(StoreError) as error:
        store.ingest(doc(LOCKS), day(1), "vendor")
    assert "read-only" in says(error)


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.BUSY_SECONDS", 0.0)
    with Store.open(tmp_path) as one, Store.open(tmp_path) as two:
        one._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as error:
            two.ingest(doc(LOCKS), day(1), "vendor")
    assert "another process is writing" in says(error)


def test_naive_times_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.ingest(doc(LOCKS), day(1).replace(tzinfo=None), "vendor")


titles = st.text(alphabet="abc é’", min_size=1, max_size=8)
items = st.builds(
    lambda title, body, days, lang: item(title, body, effective=days, lang=lang, dated=(days or [None])[0]),
    titles,
    st.text(alphabet="de. \n", max_size=20),
    st.lists(st.dates().map(str), max_size=1),
    st.sampled_from(["en", "fr"]),
)
documents = st.lists(items, max_size=8).map(lambda made: doc(*made))


@settings(deadline=None, max_examples=60)
@given(st.lists(documents, min_size=1, max_size=4))
def test_whatever_comes_the_newest_snapshot_stands(
    tmp_path_factory: pytest.TempPathFactory, documents
) -> None:  # type: ignore[no-untyped-def]
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        for number, document in enumerate(documents, 1):
            report = store.ingest(document, day(number), "vendor")
            live = sorted((s for s in store.all() if not s.gone), key=lambda s: s.position)
            assert [s.entry for s in live] == [e.rebased() for e in document.entries]
            assert [s.text for s in live] == [e.span.of(document.document.text) for e in document.entries]
            assert {s.id for s in live} == {*report.new, *report.changed, *report.unchanged}
            generation = store.generation
            again = store.ingest(document, day(number + 10), "vendor")
            assert (again.new, again.changed, again.gone, again.reread) == ((), (), (), ())
            assert store.generation == generation


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["ours", "theirs"]), documents), min_size=1, max_size=6))
def test_whatever_comes_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, ParseResult]]
) -> None:
    """Every id that was ever given out is still there, with every text that it ever had, in its order."""
    given_out: dict[str, str] = {}
    said: dict[str, set[str]] = {"ours": set(), "theirs": set()}
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        for number, (source, document) in enumerate(history, 1):
            report = store.ingest(document, day(number), source)
            assert given_out.keys().isdisjoint(report.new)
            given_out |= dict.fromkeys(report.new, source)
            said[source] |= {entry.span.of(document.document.text) for entry in document.entries}
            assert {stored.id: stored.source for stored in store.all()} == given_out
        kept: dict[str, set[str]] = {"ours": set(), "theirs": set()}
        for stored in store.all():
            life = store.revisions(stored.id)
            assert [r.number for r in life] == list(range(1, stored.revision + 1))
            assert [r.seen for r in life] == sorted(r.seen for r in life)
            assert life[-1].text == stored.text
            kept[stored.source] |= {r.text for r in life}
        assert kept == said
        assert all(store.snapshot(source) for source, _ in history)
