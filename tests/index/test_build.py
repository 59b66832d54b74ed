"""The index follows the store: after changes, after damage, with others at work."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from index import build, manifest
from index.query import SearchRequest
from index.schema import schema
from index.search import Searcher
from index.store import Store
from ingest.errors import SearchIndexError, StoreError

ONE, TWO, THREE = (
    item(
        f"Change number {name}",
        f"All about {name} and its {name} friends.",
        dated=f"2022-0{n}-01",
        products=[name],
    )
    for n, name in enumerate(("alpha", "beta", "gamma"), 1)
)


class Place:
    """A data folder with its store, index and searcher."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.store = Store.open(folder)
        self.searcher = Searcher(self.store, self.index)
        self.days = 0

    def ingest(self, *items: Item) -> build.BuildReport:
        self.days += 1
        self.store.ingest(doc(*items), day(self.days), "vendor")
        return build.update(self.store, self.index)

    def titles(self, text: str = "") -> list[str]:
        return [hit.title.text for hit in self.searcher.search(SearchRequest(text, limit=1000)).hits]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_an_update_adds_only_what_is_new(place: Place) -> None:
    assert place.ingest(ONE, TWO) == build.BuildReport(2, rebuilt=True)
    assert place.ingest(THREE, ONE, TWO) == build.BuildReport(1)
    assert place.ingest(THREE, ONE, TWO) == build.BuildReport(0)
    assert place.titles() == ["Change number gamma", "Change number beta", "Change number alpha"]


def test_a_running_searcher_sees_every_change(place: Place) -> None:
    place.ingest(ONE, TWO)
    assert place.titles("alpha") == ["Change number alpha"]
    reworded = item("Change number alpha", "Now about omega.", dated="2022-01-01", products=["alpha"])
    place.ingest(reworded, TWO)
    assert place.titles("omega") == ["Change number alpha"]
    assert place.titles("friends") == ["Change number beta"]
    assert place.searcher.find(SearchRequest(filters={"status": ("gone",)})).total == 0
    place.ingest(TWO)
    assert place.searcher.find(SearchRequest(filters={"status": ("gone",)})).total == 1


def test_many_small_updates_equal_one_build(place: Place) -> None:
    items: list[Item] = []
    for number in range(12):
        items.insert(
            0, item(f"News {number}", f"shared words and own{number} thing", dated=f"2022-01-{number + 1:02}")
        )
        place.ingest(*items)
    grown = [place.titles(text) for text in ("", "shared", "own3", "sha*", '"shared words"')]
    build.rebuild(place.store, place.index)
    assert [place.titles(text) for text in ("", "shared", "own3", "sha*", '"shared words"')] == grown
    assert len(grown[0]) == 12


def test_all_cores_build_what_one_does(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item(f"News {n}", f"shared words and own{n} thing", dated="2022-01-01") for n in range(250)]
    place.ingest(*items)
    asked = ("", "shared", "own37", "sha*", '"shared words"')
    alone = [place.titles(text) for text in asked]
    monkeypatch.setattr("index.build.BULK", 1)
    monkeypatch.setattr("index.build._cores", lambda: 2)
    assert build.rebuild(place.store, place.index).indexed == 250
    found = manifest.read(place.index)
    assert found
    assert len(found.segments) == 2
    assert [place.titles(text) for text in asked] == alone


def killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_while_building_is_made_up_for(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ingest(ONE, TWO)
    monkeypatch.setattr("index.build.BULK", 1)
    monkeypatch.setattr("index.build._cores", lambda: 2)
    monkeypatch.setattr("index.build._decode", killed)
    assert build.rebuild(place.store, place.index).indexed == 2
    assert len(place.titles("friends")) == 2


def test_a_process_with_threads_is_not_forked() -> None:
    done = Event()
    waiting = Thread(target=done.wait)
    waiting.start()
    try:
        assert build._cores() == 1
    finally:
        done.set()
        waiting.join()


def truncate(pattern: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        paths = [path for path in index.glob(pattern) if path.is_file()]
        assert paths
        for path in paths:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def remove(pattern: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        paths = list(index.glob(pattern))
        assert paths
        for path in paths:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


DAMAGES = {
    "all gone": lambda index: shutil.rmtree(index),
    "manifest gone": remove("CURRENT"),
    "manifest torn": truncate("CURRENT"),
    "arrays gone": remove("arrays"),
    "arrays torn": truncate("arrays/*/*.npy"),
    "arrays' description torn": truncate("arrays/*/about.json"),
    "order gone": remove("order-*"),
    "order torn": truncate("order-*"),
}


def empty(pattern: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        paths = list(index.glob(pattern))
        assert paths
        for path in paths:
            path.write_bytes(b"")

    return damage


WHOOSH_DAMAGES = {
    "table of contents empty": empty("whoosh-*/*.toc"),  # as after a power cut: nothing is fsynced
    "whoosh gone": remove("whoosh-*"),
    "table of contents torn": truncate("whoosh-*/*.toc"),
    "terms torn": truncate("whoosh-*/*.trm"),
    "postings torn": truncate("whoosh-*/*.pst"),
    "everything torn": truncate("**/*"),
}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh lets go of what it cannot read
@pytest.mark.parametrize("damage", DAMAGES | WHOOSH_DAMAGES)
def test_a_damaged_index_is_rebuilt_from_the_store(place: Place, damage: str) -> None:
    place.ingest(ONE, TWO)
    (DAMAGES | WHOOSH_DAMAGES)[damage](place.index)
    report = place.ingest(ONE, TWO, THREE)
    assert len(place.titles()) == len(place.titles("friends")) == 3
    assert (
        report.rebuilt or damage not in WHOOSH_DAMAGES or damage == "postings torn"
    )  # not read, not noticed


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_torn_postings_are_noticed_before_they_are_merged(place: Place) -> None:
    items = [item(f"News {n}", f"shared words and own{n} thing") for n in range(20)]
    place.ingest(*items[:10])
    WHOOSH_DAMAGES["postings torn"](place.index)
    for count in range(11, 21):
        place.ingest(*items[:count])
        assert len(place.titles("shared")) == count


@pytest.mark.parametrize("damage", [*DAMAGES, "everything torn"])
def test_a_searcher_that_finds_damage_repairs_it_and_says_so(place: Place, damage: str) -> None:
    place.ingest(ONE, TWO)
    (DAMAGES | WHOOSH_DAMAGES)[damage](place.index)
    searcher = Searcher(place.store, place.index)
    assert searcher.find(SearchRequest("alpha")).total == 1
    assert searcher.notes
    assert "built from the store" in searcher.notes[0]
    assert "\n" not in searcher.notes[0]


@pytest.mark.parametrize("damage", ["arrays gone", "arrays torn", "manifest gone", "order torn"])
def test_while_it_cannot_be_rebuilt_whoosh_itself_is_read(place: Place, damage: str) -> None:
    place.ingest(ONE, TWO)
    DAMAGES[damage](place.index)
    searcher = Searcher(place.store, place.index)
    with build._writing(place.index):  # another process holds the index
        assert [hit.title.text for hit in searcher.search(SearchRequest("friends")).hits] == place_titles(
            TWO, ONE
        )
        assert "cannot be rebuilt now" in searcher.notes[0]
    place.ingest(ONE, TWO, THREE)
    assert searcher.find(SearchRequest("friends")).total == 3


def test_a_folder_that_cannot_be_written_is_read(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ingest(ONE, TWO)
    place.store.close()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    monkeypatch.setattr(
        "index.store.os.access", lambda path, mode: mode != os.W_OK
    )  # root may write anywhere
    with Store.open(tmp_path, create=False) as store:
        searcher = Searcher(store, place.index)
        assert len(searcher.search(SearchRequest("friends")).hits) == 2
        assert searcher.suggest("frie")
        with pytest.raises(StoreError, match="read-only"):
            store.ingest(doc(THREE), day(2), "vendor")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_an_index_behind_the_store_is_whole_and_says_so(place: Place, tmp_path: Path) -> None:
    place.ingest(ONE, TWO)
    place.store.ingest(doc(THREE), day(9), "other")
    assert place.titles("friends") == [TWO.entry.title, ONE.entry.title]
    assert "behind the store" in place.searcher.notes[0]
    place.ingest(ONE, TWO)
    assert len(place.titles("friends")) == 3
    assert place.searcher.notes == ()


def test_without_any_index_a_second_writer_is_named(place: Place) -> None:
    place.store.ingest(doc(ONE), day(1), "vendor")
    with build._writing(place.index), pytest.raises(SearchIndexError, match="another process"):
        place.titles()


def place_titles(*items: Item) -> list[str]:
    return [one.entry.title for one in items]


def test_an_index_of_another_version_is_rebuilt(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.ingest(ONE)
    monkeypatch.setattr("index.build.SCHEMA_VERSION", 99)
    assert "another version" in build.update(place.store, place.index).notes[0]


def test_an_index_of_another_store_is_rebuilt(place: Place, tmp_path: Path) -> None:
    place.ingest(ONE, TWO)
    other = Place(tmp_path / "other")
    other.ingest(THREE)
    shutil.copytree(place.index, other.index, dirs_exist_ok=True)
    build.update(other.store, other.index)
    assert other.titles() == ["Change number gamma"]


def test_a_second_writer_is_turned_away(place: Place) -> None:
    place.ingest(ONE)
    with build._writing(place.index), pytest.raises(SearchIndexError) as error:
        build.rebuild(place.store, place.index)
    assert "another process is updating" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_second_writer_of_whooshs_own_is_turned_away(place: Place) -> None:
    place.ingest(ONE)
    found = manifest.read(place.index)
    assert found
    writer = open_dir(str(place.index / found.folder), schema=schema()).writer()
    try:
        place.store.ingest(doc(ONE, TWO), day(2), "vendor")
        with pytest.raises(SearchIndexError, match="another process is updating the search index"):
            build.update(place.store, place.index)
    finally:
        writer.cancel()
    assert build.update(place.store, place.index).indexed == 1


def test_what_fails_while_it_writes_leaves_no_lock_behind(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("in the middle of it")

    place.ingest(ONE)
    place.store.ingest(doc(ONE, TWO), day(2), "vendor")
    with monkeypatch.context() as patched:
        patched.setattr("index.build.document", fail)
        with pytest.raises(RuntimeError):
            build.update(place.store, place.index)
    assert build.update(place.store, place.index).indexed == 1
    assert len(place.titles("friends")) == 2


def test_adding_rewrites_nothing_that_is_large(place: Place) -> None:
    many = [item(f"News {n}", f"shared words and own{n} thing") for n in range(300)]
    place.ingest(*many)
    before = manifest.read(place.index)
    place.ingest(ONE, *many)
    after = manifest.read(place.index)
    assert before
    assert after
    assert set(before.segments) < set(after.segments)
    assert len(place.titles("friends")) == 1


def test_a_file_in_the_way_of_the_folder(place: Place) -> None:
    place.index.write_text("in the way")
    with pytest.raises(SearchIndexError, match="cannot be written"):
        place.ingest(ONE)


def test_a_reader_keeps_its_generation_while_another_is_built(place: Place) -> None:
    place.ingest(ONE, TWO)
    before = place.searcher.view()
    place.ingest(THREE)
    build.rebuild(place.store, place.index)
    assert len(before.ids(before.order)) == 2
    assert place.searcher.view().generation == before.generation + 2


def test_readers_never_see_half_a_commit(place: Place) -> None:
    def version(number: int) -> list[Item]:
        return [item(f"Entry {n}", f"text of version{number}", products=[f"v{number}"]) for n in range(5)]

    place.ingest(*version(0))
    seen: set[tuple[tuple[str, int], ...]] = set()
    done = Event()

    def read() -> None:
        while not done.is_set():
            searcher = Searcher(place.store, place.index)
            for one in (place.searcher, searcher):
                facets = one.find(SearchRequest("text")).facets["product"]
                seen.add(tuple((value.value, value.count) for value in facets))

    reader = Thread(target=read)
    reader.start()
    try:
        for number in range(1, 12):
            place.ingest(*version(number))
            if number % 4 == 0:
                build.rebuild(place.store, place.index)
    finally:
        done.set()
        reader.join()
    assert seen <= {((f"v{number}", 5),) for number in range(12)}
    assert seen


def test_a_commit_cut_off_before_it_was_published_is_made_up_for(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    place.ingest(ONE, TWO)
    place.store.ingest(doc(ONE, TWO, THREE), day(2), "vendor")
    with monkeypatch.context() as patched:
        patched.setattr("index.manifest.write", killed)
        with pytest.raises(KeyboardInterrupt):
            build.update(place.store, place.index)
    assert place.titles("friends") == [TWO.entry.title, ONE.entry.title]
    assert build.update(place.store, place.index).indexed == 1
    assert len(place.titles("friends")) == 3


def test_nothing_is_left_lying_about(place: Place) -> None:
    for n in range(5):
        place.ingest(*(item(f"News {m}", "text") for m in range(n + 1)))
    build.rebuild(place.store, place.index)
    found = manifest.read(place.index)
    assert found
    assert {path.name for path in place.index.iterdir()} == {
        "CURRENT",
        "LOCK",
        "arrays",
        found.folder,
        found.order,
    }
    assert {path.name for path in (place.index / "arrays").iterdir()} == set(found.segments)


names = st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True)


@settings(deadline=None, max_examples=25)
@given(st.lists(names, min_size=1, max_size=5))
def test_index_and_store_agree_after_any_history(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[str]]
) -> None:
    place = Place(tmp_path_factory.mktemp("data"))
    for names in history:
        place.ingest(*(item(f"Title {name}", f"body of {name}x") for name in names))
        stored = [one.id for one in place.store.all()]
        assert list(place.searcher.find(SearchRequest(limit=100)).ids) == stored
        for one in place.store.all():
            word = one.text.split()[-1]
            assert one.id in place.searcher.find(SearchRequest(word)).ids
