"""Which dates gave way to which, over an entry's life and in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from entrymaker import Item, day, doc, item

from index.chains import Chain, Former, window_numbers
from index.store import Store
from ingest import lexicon
from ingest.model import EntryType, Hints, Status
from ingest.reading import read_and_parse


def night(*windows: str, **more: object) -> Item:
    body = f"Work is planned: {', '.join(windows) or 'we will say when'}."
    return item("Maintenance of CIS", body, type=EntryType.MAINTENANCE, windows=windows, **more)  # type: ignore[arg-type]


def end(*days: str) -> Item:
    body = f"On {', '.join(days)}."
    return item("End of the old console", body, type=EntryType.DEPRECATION, effective=days)


def hours(start: str) -> tuple[datetime, datetime]:
    (window,) = night(start).entry.windows
    return window.start, window.end


def lived(folder: Path, states: Sequence[Item]) -> tuple[Chain, ...]:
    """The chains of an entry that went through these states, a day each."""
    with Store.open(folder) as store:
        for number, state in enumerate(states, 1):
            report = store.ingest(doc(state), day(number), "log")
            assert len(store) == 1, report
        (stored,) = store.all()
        return store.chains(stored)


APRIL, MAY, JUNE = "2022-04-25T04:00", "2022-05-31T04:00", "2022-06-05T04:00"
POSTPONED = {"status": Status.POSTPONED}
CASES: dict[str, tuple[list[Item], tuple[Chain, ...]]] = {
    "never moved": ([night(APRIL)], ()),
    "reworded only": ([night(APRIL), night(APRIL, products=["CIS"])], ()),
    "was 25 April, now 31 May": (
        [night(APRIL), night(MAY, **POSTPONED)],
        (Chain("windows", (Former(hours(APRIL), day(2)),), (hours(MAY),)),),
    ),
    "moved twice": (
        [night(APRIL), night(MAY, **POSTPONED), night(JUNE, **POSTPONED)],
        (Chain("windows", (Former(hours(APRIL), day(2)), Former(hours(MAY), day(3))), (hours(JUNE),)),),
    ),
    "put off without a new date": (
        [night(APRIL), night(**POSTPONED)],
        (Chain("windows", (Former(hours(APRIL), day(2)),), ()),),
    ),
    "there and back": (
        [night(APRIL), night(MAY, **POSTPONED), night(APRIL)],
        (Chain("windows", (Former(hours(MAY), day(3)),), (hours(APRIL),)),),
    ),
    "told by the announcement itself": (
        [night(MAY, superseded=[APRIL], **POSTPONED)],
        (Chain("windows", (Former(hours(APRIL), None),), (hours(MAY),)),),
    ),
    "seen and told": (
        [night(APRIL), night(MAY, superseded=[APRIL], **POSTPONED)],
        (Chain("windows", (Former(hours(APRIL), day(2)),), (hours(MAY),)),),
    ),
    "one of two windows": (
        [night(APRIL, JUNE), night(MAY, JUNE)],
        (Chain("windows", (Former(hours(APRIL), day(2)),), (hours(MAY), hours(JUNE))),),
    ),
    "a second window is no move": ([night(APRIL), night(APRIL, MAY)], ()),
    "a day that a change takes effect": (
        [end("2022-04-25"), end("2022-05-31")],
        (Chain("effective", (Former(date(2022, 4, 25), day(2)),), (date(2022, 5, 31),)),),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_which_dates_gave_way_to_which(case: str, tmp_path: Path) -> None:
    states, expected = CASES[case]
    assert lived(tmp_path, states) == expected


NUMBERS: dict[str, tuple[list[Item], dict[str, int]]] = {
    "in their order": ([night(APRIL, MAY)], {APRIL: 1, MAY: 2}),
    "one is put before": ([night(MAY), night(APRIL, MAY)], {APRIL: 2, MAY: 1}),
    "the first is taken out": ([night(APRIL, MAY), night(MAY)], {MAY: 2}),
    "the first moves behind the second": ([night(APRIL, MAY), night(MAY, JUNE)], {MAY: 2, JUNE: 1}),
    "put off, then given a day": ([night(APRIL), night(**POSTPONED), night(JUNE)], {JUNE: 1}),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_windows_keep_their_numbers(case: str, tmp_path: Path) -> None:
    states, expected = NUMBERS[case]
    with Store.open(tmp_path) as store:
        for number, state in enumerate(states, 1):
            store.ingest(doc(state), day(number), "log")
        (stored,) = store.all()
        found = window_numbers(stored, store.revisions(stored.id))
    assert found == {hours(start): number for start, number in expected.items()}


SAID = [
    "Update: The end has been postponed from April 25, 2022 to May 31, 2022.",
    "Update: This is postponed. It was planned for April 25, 2022 and now takes effect on May 31, 2022.",
    "Update (March 3, 2022): The removal, announced for April 25, 2022, has been postponed to May 31, 2022.",
    "Mise à jour : prévu à l’origine pour le 25 avril 2022, le retrait est reporté au 31 mai 2022.",
]


@pytest.mark.parametrize("said", SAID)
def test_a_day_that_an_update_gives_up_is_kept(said: str, tmp_path: Path) -> None:
    """Read from text: the new day is the one in effect, the old one is remembered."""
    title = "Fin de l’ancienne console" if "Mise" in said else "End of life for the old console"
    log = f"{title}\n{said}\n"
    read = read_and_parse(log.encode(), "log", lexicon.load(), Hints("digicert"))
    (entry,) = read.entries
    assert [e.day for e in entry.effective] == [date(2022, 5, 31)]
    assert [e.day for e in entry.given_up] == [date(2022, 4, 25)]
    assert "25" in entry.given_up[0].span.of(log)
    with Store.open(tmp_path) as store:
        store.ingest(read, day(1), "log")
        (stored,) = store.all()
        assert store.chains(stored) == (
            Chain("effective", (Former(date(2022, 4, 25), None),), (date(2022, 5, 31),)),
        )
