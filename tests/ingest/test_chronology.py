"""Where entries without a date lie: between neighbours, in a log whose order is checked."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import entries, shown

from ingest.chronology import place_in_time
from ingest.model import DateBasis, Dated, EffectiveDate, Entry, EntryType, Published, Span

HERE = Span(0, 1)


def dated(text: str | None) -> Entry:
    """An entry under a heading (2022-06-04, 2022-06), with a day of effect (!2022-06-04), or undated."""
    entry = Entry(HERE, EntryType.FEATURE, "en", "Title", has_heading=True)
    if text is None:
        return entry
    if text.startswith("!"):
        effective = (EffectiveDate(date.fromisoformat(text[1:]), HERE, "test"),)
        return Entry(HERE, EntryType.FEATURE, "en", "Title", has_heading=True, effective=effective)
    published = Published(text, HERE, "test")
    return Entry(HERE, EntryType.FEATURE, "en", "Title", has_heading=True, published=published)


def told(found: Dated | None) -> str | None:
    """`first/last`, and ~ where it is inferred."""
    if found is None:
        return None
    return f"{'~' if found.basis is DateBasis.INFERRED else ''}{found.first}/{found.last}"


# log → where its undated entries lie, in order
CASES: dict[str, tuple[list[str | None], list[str | None]]] = {
    "newest first": (["2022-06-10", None, "2022-06-04"], ["~2022-06-04/2022-06-10"]),
    "oldest first": (["2022-06-04", None, "2022-06-10"], ["~2022-06-04/2022-06-10"]),
    "several in a row share a range": (
        ["2022-06-10", None, None, "2022-06-04"],
        ["~2022-06-04/2022-06-10", "~2022-06-04/2022-06-10"],
    ),
    "months reach from their first to their last day": (
        ["2022-06", None, "2022-05"],
        ["~2022-05-01/2022-06-30"],
    ),
    "at the ends only one neighbour is known": (
        [None, "2022-06-10", "2022-06-04", None],
        ["~2022-06-10/2022-06-10", "~2022-06-04/2022-06-04"],
    ),
    "no order, no range": (["2022-06-10", None, "2022-01-01", "2022-08-01"], [None]),
    "neighbours on one day": (["2022-06-10", None, "2022-06-10"], ["~2022-06-10/2022-06-10"]),
    "nothing is dated": ([None, None], [None, None]),
    "a day to come says nothing of its neighbours": (
        ["2022-06-10", None, "!2023-01-31", None, "2022-06-04", "2022-06-01", "2022-05-01"],
        ["~2022-06-04/2022-06-10", "~2022-06-04/2022-06-10"],
    ),
    "nor does one that was looked back to": (
        ["2022-06-10", None, "!2019-01-31", None, "2022-06-04", "2022-06-01", "2022-05-01"],
        ["~2022-06-04/2022-06-10", "~2022-06-04/2022-06-10"],
    ),
    "days to come that keep to the order bound like others": (
        ["!2022-06-10", None, "!2022-06-04"],
        ["~2022-06-04/2022-06-10"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_where_undated_entries_lie(case: str) -> None:
    log, expected = CASES[case]
    placed = place_in_time([dated(text) for text in log])
    found = [told(entry.dated) for entry, text in zip(placed, log, strict=True) if text is None]
    assert found == expected
    given_ = [entry.dated for entry, text in zip(placed, log, strict=True) if text is not None]
    assert all(one and one.basis is not DateBasis.INFERRED for one in given_)


days = st.dates(date(2020, 1, 1), date(2022, 12, 31)).map(str)


@given(st.lists(st.none() | days, max_size=12))
def test_in_a_log_in_order_ranges_are_in_order_too(log: list[str | None]) -> None:
    """Newest first: no range begins after one above it ends; upside down the ranges are the same."""
    stated = iter(sorted((day for day in log if day), reverse=True))
    newest_first = [dated(next(stated) if day else None) for day in log]
    placed = [entry.dated for entry in place_in_time(newest_first)]
    assert (None in placed) == (not any(log) and bool(log))
    found = [one for one in placed if one]
    assert all(above.last >= below.first for above, below in pairwise(found))
    upside_down = [entry.dated for entry in place_in_time(newest_first[::-1])]
    assert upside_down[::-1] == placed


@given(st.lists(st.none() | days, max_size=12))
def test_a_range_ends_at_days_that_the_log_holds(log: list[str | None]) -> None:
    held = {date.fromisoformat(day) for day in log if day}
    for entry in place_in_time([dated(day) for day in log]):
        assert entry.dated is None or {entry.dated.first, entry.dated.last} <= held


def test_a_wrong_weekday_below_its_month_moves_no_day_into_another_year() -> None:
    text = (
        "Maintenance calendar 2025\n\nMay 2025\n"
        "| Global | Saturday, May 10 | 22:00 – 24:00 MDT | Sunday, May 11, 04:00 – 06:00 UTC | |\n"
        "| Europe | Sunday, May 17 | 09:00 – 11:00 MDT | 15:00 – 17:00 UTC | |\n"
    )
    assert [day for one in entries(text) for day in shown(one.windows)] == [
        "2025-05-11 04:00 06:00",
        "2025-05-17 15:00 17:00",
    ]
