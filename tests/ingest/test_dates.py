"""Are dates and hours read as they are printed, and is what is wrong with them said?"""

from __future__ import annotations

from datetime import date

import pytest
from reading import codes, entry

from ingest.dates import Kind, Token, grammar, in_season, offset_at, year_near
from ingest.lexicon import load
from ingest.model import Span
from ingest.packfile import Zone


def tokens(text: str) -> list[Token]:
    return list(grammar(load()).tokens(text))


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("June 4, 2022", (2022, 6, 4)),
        ("4 June 2022", (2022, 6, 4)),
        ("June 4th, 2022", (2022, 6, 4)),
        ("the 4th of June, 2022", (2022, 6, 4)),
        ("August 18th 2020", (2020, 8, 18)),
        ("Sept. 3, 2024", (2024, 9, 3)),
        ("3 septembre 2024", (2024, 9, 3)),
        ("1er mai 2021", (2021, 5, 1)),
        ("31 juil. 2018", (2018, 7, 31)),
        ("août 2020", (2020, 8, None)),
        ("March 2025", (2025, 3, None)),
        ("le 4 juin", (None, 6, 4)),
        ("June 4", (None, 6, 4)),
        ("2022-06-04", (2022, 6, 4)),
        ("04/06/2022", (2022, 6, 4)),
        ("06/25/2022", (2022, 6, 25)),
        ("4.6.2022", (2022, 6, 4)),
        ("4\u00a0juin\u202f2022", (2022, 6, 4)),
        ("4 Auguſt 2022", (2022, 8, 4)),  # found by fuzzing: letters that patterns take for s and i
        ("4 APRİL 2022", (2022, 4, 4)),
        ("4 aprıl 2022", (2022, 4, 4)),
    ],
)
def test_a_date_is_read_as_printed(printed: str, told: tuple[int | None, int, int | None]) -> None:
    (token,) = tokens(printed)
    assert (token.kind, token.year, token.month, token.day) == (Kind.DATE, *told)


@pytest.mark.parametrize(
    ("printed", "weekday"),
    [("Tuesday, July 31, 2018", 2), ("mardi 31 juillet 2018", 2), ("Sat, June 4, 2022", 6)],
)
def test_a_weekday_belongs_to_its_date(printed: str, weekday: int) -> None:
    (token,) = tokens(printed)
    assert token.weekday == weekday
    assert token.span == Span(0, len(printed))


@pytest.mark.parametrize(
    ("printed", "minutes"),
    [
        ("00:00", 0),
        ("24:00", 1440),
        ("9:00am", 540),
        ("9:30 p.m.", 1290),
        ("10.30 am", 630),
        ("12 am", 0),
        ("12 pm", 720),
        ("9 h 30", 570),
        ("21h", 1260),
        ("9h05", 545),
    ],
)
def test_an_hour_is_read_as_printed(printed: str, minutes: int) -> None:
    (token,) = tokens(printed)
    assert (token.kind, token.minutes) == (Kind.TIME, minutes)


@pytest.mark.parametrize(
    "printed", ["25:00", "13 pm", "2022-13-04", "June 40, 2022", "version 1.5.10", "14.30 files"]
)
def test_what_is_no_real_hour_or_date_is_passed_over(printed: str) -> None:
    assert tokens(printed) == []


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("UTC", 0), ("MDT", -360), ("HNR", -420), ("UTC-6", -360), ("GMT+2", 120), ("UTC+05:30", 330)],
)
def test_a_zone_after_an_hour_is_read_as_printed(zone: str, minutes: int) -> None:
    hour, token = tokens(f"22:00 {zone}")
    assert hour.kind is Kind.TIME
    assert token.zone is not None
    assert token.zone.offset == minutes


def test_an_abbreviated_zone_counts_in_capitals_only() -> None:
    assert [t.kind for t in tokens("à 22:00 est prévue")] == [Kind.TIME]
    assert [t.kind for t in tokens("at 22:00 EST")] == [Kind.TIME, Kind.ZONE]


def test_a_zone_is_in_force_by_the_season_of_its_place() -> None:
    mdt, mst = Zone("MDT", -360, "America/Denver"), Zone("MST", -420, "America/Denver")
    assert in_season(mdt, date(2022, 6, 4), 0)
    assert not in_season(mst, date(2022, 6, 4), 0)
    assert not in_season(mdt, date(2022, 1, 8), 0)
    # the hour that the change of clocks repeats belongs to both
    assert in_season(mdt, date(2022, 11, 6), 90)
    assert in_season(mst, date(2022, 11, 6), 90)


def test_a_zone_without_an_offset_asks_its_place() -> None:
    mountain = Zone("Mountain Time", None, "America/Denver")
    assert offset_at(mountain, date(2022, 6, 4), 0) == -360
    assert offset_at(mountain, date(2022, 1, 8), 0) == -420


def test_a_date_without_a_year_takes_the_closest() -> None:
    (day,) = tokens("January 4")
    assert year_near(day, date(2022, 12, 20)) == 2023
    assert year_near(day, date(2022, 2, 1)) == 2022


def test_a_printed_weekday_outweighs_closeness() -> None:
    (day,) = tokens("Saturday, June 4")
    assert year_near(day, date(2021, 6, 30)) == 2022


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The old console ends on February 30, 2023.", "invalid_date"),
        ("La console disparaîtra le 31 avril 2023.", "invalid_date"),
        ("The old console ends on Monday, June 4, 2022.", "weekday_mismatch"),
        ("La console disparaîtra le lundi 4 juin 2022.", "weekday_mismatch"),
    ],
)
def test_a_day_that_cannot_be_is_said(text: str, code: str) -> None:
    assert codes(entry(f"Console changes\n{text}\n")) == {code}


def test_a_right_weekday_is_not_complained_of() -> None:
    assert codes(entry("Console changes\nThe old console ends on Saturday, June 4, 2022.\n")) == set()
