"""Which entries of two snapshots are the same announcement."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st

from index.assignment import assignment
from index.store import Store
from ingest.model import EntryType, Status

BODY = (
    "Services may be out of reach for a short time while work goes on. Plan high-priority orders for another "
    "day. All services come back as soon as the work is done."
)


def night(start: str, said: str = "", title: str = "Scheduled maintenance", **more: object) -> Item:
    body = f"{said} Work is planned on {start[:10]} from {start[11:]} UTC. {BODY}".strip()
    return item(title, body, type=EntryType.MAINTENANCE, windows=[start], **more)  # type: ignore[arg-type]


MAY, JUNE, JULY = (night(f"2022-{month}-04T04:00") for month in ("05", "06", "07"))
VALIDATION = item(
    "Bulk validation of domains",
    "You can now submit up to 25 domains at a time for validation. Choose them on the Domains page and pick "
    "a method: DNS TXT or DNS CNAME. Each domain keeps its own random value, which stays valid for 30 days.",
)
ORDERS = item(
    "Order info: new response field",
    "The Order info endpoint returns one more field, which says when the order was placed and by whom. "
    "Clients that refuse unknown fields must be changed before the release. Older clients keep working.",
    endpoints=["Order info"],
)
UNTITLED = item(
    "We fixed a bug where the search forgot its filters on the Orders page.",
    "Filters now stay in place until you clear them. No action is needed on your side.",
    has_heading=False,
)
FRENCH = item("Maintenance planifiée", BODY, lang="fr", windows=["2022-05-04T04:00"])

# case → (first snapshot, second snapshot, for each entry of the second: its place in the first, or None)
CASES: dict[str, tuple[list[Item], list[Item], list[int | None]]] = {
    "unchanged": ([MAY, VALIDATION], [MAY, VALIDATION], [0, 1]),
    "prepended": ([MAY, VALIDATION], [JUNE, ORDERS, MAY, VALIDATION], [None, None, 0, 1]),
    "order changed": ([MAY, VALIDATION, ORDERS], [ORDERS, MAY, VALIDATION], [2, 0, 1]),
    "title mended": (
        [item("Bulk valdation of domans", VALIDATION.text.partition("\n")[2])],
        [VALIDATION],
        [0],
    ),
    "title replaced": ([item("News for admins", VALIDATION.text.partition("\n")[2])], [VALIDATION], [0]),
    "paragraph added": (
        [VALIDATION],
        [item(VALIDATION.entry.title, VALIDATION.text.partition("\n")[2] + " " + BODY * 2)],
        [0],
    ),
    "text rewritten under its title and date": (
        [MAY],
        [item(MAY.entry.title, "Other words.", windows=["2022-05-04T04:00"])],
        [0],
    ),
    "postponed by an update": (
        [MAY, VALIDATION],
        [
            night(
                "2022-05-31T04:00",
                "Update: postponed from 4 May.",
                superseded=["2022-05-04T04:00"],
                status=Status.POSTPONED,
            ),
            VALIDATION,
        ],
        [0, 1],
    ),
    "postponed in a series": (
        [JULY, JUNE, MAY],
        [JULY, night("2022-06-25T04:00", "Update: postponed.", status=Status.POSTPONED), MAY],
        [0, 1, 2],
    ),
    "window moved without a word": ([JULY, MAY], [JULY, night("2022-05-07T04:00")], [0, 1]),
    "hours moved": ([JULY, MAY], [night("2022-07-04T06:00"), MAY], [0, 1]),
    "cancelled": (
        [MAY, JUNE],
        [MAY, night("2022-06-04T04:00", "Update: cancelled.", status=Status.CANCELLED)],
        [0, 1],
    ),
    "equal titles on two dates": ([MAY], [JUNE, MAY], [None, 0]),
    "a series moves on": ([JUNE, MAY], [JULY, JUNE], [None, 0]),
    "all of a series are others": (
        [JUNE, MAY],
        [night("2022-09-04T04:00"), night("2022-08-04T04:00")],
        [None, None],
    ),
    "no heading": ([UNTITLED, VALIDATION], [VALIDATION, UNTITLED], [1, 0]),
    "no heading, reworded": (
        [UNTITLED],
        [
            item(
                "We have fixed a bug where the search forgot all its filters on the Orders page.",
                UNTITLED.text.partition("\n")[2],
                has_heading=False,
            )
        ],
        [0],
    ),
    "split in two": (
        [item("Orders", ORDERS.text.partition("\n")[2] + " " + VALIDATION.text.partition("\n")[2])],
        [item("Orders", ORDERS.text.partition("\n")[2]), VALIDATION],
        [0, None],
    ),
    "another language is another entry": ([MAY], [MAY, FRENCH], [0, None]),
    "another announcement": ([VALIDATION], [ORDERS], [None]),
    "best pairs win, not first ones": (
        [item("Change of the API", "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu")],
        [
            item(
                "Change to the API", "alpha beta gamma delta epsilon zeta other words that were never there"
            ),
            item("Change at the API", "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda nu"),
        ],
        [None, 0],
    ),
    "the same words twice": ([VALIDATION, VALIDATION], [VALIDATION, VALIDATION], [0, 1]),
}


@pytest.mark.parametrize("case", CASES)
def test_which_entries_are_one(case: str, tmp_path: Path) -> None:
    before, after, expected = CASES[case]
    with Store.open(tmp_path) as store:
        first = store.ingest(doc(*before), day(1), "vendor").new
        store.ingest(doc(*after), day(31), "vendor")
        live = sorted((s for s in store.all() if not s.gone), key=lambda s: s.position)
    assert [first.index(s.id) if s.id in first else None for s in live] == expected


def test_gone_and_back_is_the_same(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        (made, _) = store.ingest(doc(MAY, VALIDATION), day(1), "vendor").new
        store.ingest(doc(VALIDATION), day(2), "vendor")
        assert store.ingest(doc(MAY, VALIDATION), day(3), "vendor").changed == (made,)


def test_ids_do_not_depend_on_place_spacing_or_folder(tmp_path: Path) -> None:
    spaced = item("Bulk  validation of domains :", VALIDATION.text.partition("\n")[2])
    with Store.open(tmp_path / "a") as one, Store.open(tmp_path / "b") as two:
        here = one.ingest(doc(VALIDATION, MAY), day(1), "vendor").new
        there = two.ingest(doc(MAY, ORDERS, spaced, before="Log\n\n"), day(9), "vendor").new
    assert (there[2], there[0]) == here
    assert all(len(made) == 10 and made.isalnum() and made.islower() for made in there)


def test_an_id_is_kept_when_its_entry_moves_and_another_takes_its_date(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        (made,) = store.ingest(doc(MAY), day(1), "vendor").new
        moved = night("2022-05-09T04:00")
        assert store.ingest(doc(moved), day(2), "vendor").changed == (made,)
        report = store.ingest(doc(moved, MAY), day(3), "vendor")
        assert report.unchanged == (made,)
        assert report.new
        assert report.new[0] != made


@settings(deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_assignment_is_the_cheapest(rows: list[list[int]]) -> None:
    cost = np.array(rows, dtype=float)
    chosen = assignment(cost)
    everyone = range(len(rows))
    assert sum(cost[i, chosen[i]] for i in everyone) == min(
        sum(cost[i, j] for i, j in zip(everyone, other, strict=True)) for other in permutations(everyone)
    )
    assert sorted(chosen) == list(everyone)
