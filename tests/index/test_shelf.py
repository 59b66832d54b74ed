"""Entries that are kept in memory are those of the store as it is, and only so many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from entrymaker import day, doc, item
from hypothesis import given
from hypothesis import strategies as st

from index.shelf import Shelf
from index.store import Store
from index.words import fold, folded

ITEMS = [item(f"News {number}", f"About {number}.", dated=f"2022-01-{number + 1:02}") for number in range(20)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as made:
        made.ingest(doc(*ITEMS), day(1), "source")
        yield made


def test_what_another_writer_changes_is_seen(store: Store, tmp_path: Path) -> None:
    ids = [stored.id for stored in store.all()]
    shelf = Shelf(store)
    assert [shelf.take(ids)[one].stored for one in ids] == store.get_many(ids)
    reworded = item("News 3", "Above 3.", dated="2022-01-04")  # of the same length
    with Store.open(tmp_path) as other:
        other.ingest(doc(*ITEMS[5:], *ITEMS[:3], reworded), day(2), "source")
    now = [shelf.take(ids)[one].stored for one in ids]
    assert now == store.get_many(ids)
    assert sum("Above" in one.text for one in now) == 1
    assert sum(one.gone for one in now) == 1


def test_an_entry_is_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [stored.id for stored in store.all()]
    shelf = Shelf(store)
    first = shelf.take(ids)
    asked: list[str] = []
    monkeypatch.setattr(store, "get_many", lambda ids: asked.extend(ids) or [])
    assert shelf.take(ids) == first
    assert not asked


def test_only_so_many_are_kept(store: Store) -> None:
    ids = [stored.id for stored in store.all()]
    shelf = Shelf(store, limit=10_000)
    assert set(shelf.take(ids)) == set(ids)
    assert 0 < shelf.kept_bytes <= 10_000


def test_what_is_not_stored_is_left_out(store: Store) -> None:
    assert Shelf(store).take(["none"]) == {}


@given(st.text(st.sampled_from("aÉé\u0301ßœŒ ™…'’½ﬁ\0") | st.characters(), max_size=20))
def test_a_folded_text_knows_where_its_characters_stand(text: str) -> None:
    _, made, places = folded(text)
    assert made == fold(text)
    for at in range(len(text)):
        of_it = [n for n in range(len(made)) if (places[n] if places else n) == at]
        assert "".join(made[n] for n in of_it) == fold(text[at])
