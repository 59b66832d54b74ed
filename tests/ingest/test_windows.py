"""Is each printed form of a maintenance window the window in UTC that it means?"""

from __future__ import annotations

import pytest
from reading import codes, entries, entry, shown

ENGLISH = "Scheduled maintenance\nWe will do maintenance on our services {}.\n"
FRENCH = "Maintenance planifiée\nNous effectuerons une maintenance de nos services {}.\n"

ENGLISH_FORMS = [
    ("on June 4, 2022, 22:00 –24:00 MDT (June 5, 2022, 04:00 – 06:00 UTC)", "2022-06-05 04:00 06:00"),
    (
        "on March 6, 2021, from 22:00 to 24:00 MST (March 7, 2021, 05:00 to 07:00 UTC)",
        "2021-03-07 05:00 07:00",
    ),
    (
        "on December 31, 2022, 22:00 – 24:00 MST (January 1, 2023, 05:00 – 07:00 UTC)",
        "2023-01-01 05:00 07:00",
    ),
    ("on July 9, 2022, 9:00 am and 11:00 am MDT (3:00 pm and 5:00 pm UTC)", "2022-07-09 15:00 17:00"),
    ("between 9:00 am and 11:00 am MDT (3:00 pm and 5:00 pm UTC) on July 9, 2022", "2022-07-09 15:00 17:00"),
    ("on June 4, 2022, 22:00 MDT to 24:00 MDT (04:00 UTC to 06:00 UTC)", "2022-06-05 04:00 06:00"),
    ("on May 10, 2022, 9:00 CEST - 11:00 CEST", "2022-05-10 07:00 09:00"),
    ("on June 4, 2022, 22:00 – 24:00 MDT", "2022-06-05 04:00 06:00"),
    ("on June 4, 2022, 22:00 – 24:00 MDT (UTC –6)", "2022-06-05 04:00 06:00"),
    ("on June 4, 2022, 22:00 – 24:00 (UTC-6)", "2022-06-05 04:00 06:00"),
    ("on June 4, 2022, 22:00 – 24:00 UTC-06:00", "2022-06-05 04:00 06:00"),
    ("on June 4, 2022, 04:00 – 06:00 GMT+2", "2022-06-04 02:00 04:00"),
    ("on June 4, 2022, 22:00 – 24:00 Mountain Time", "2022-06-05 04:00 06:00"),
    ("on January 8, 2022, 22:00 – 24:00 Mountain Time", "2022-01-09 05:00 07:00"),
    ("on June 4, 2022, 22:00 – 02:00 MDT", "2022-06-05 04:00 08:00"),
    ("from June 4, 2022 22:00 MDT to June 5, 2022 02:00 MDT", "2022-06-05 04:00 08:00"),
    ("on June 4 – 5, 2022, 22:00 – 02:00 MDT", "2022-06-05 04:00 08:00"),
    ("on June 4, 2022 between 10:00 pm and midnight MDT", "2022-06-05 04:00 06:00"),
    ("on Saturday, June 4, 2022, from 10 to 11:30 pm MDT", "2022-06-05 04:00 05:30"),
    ("on June 4, 2022, 10 p.m. – 12 a.m. MDT", "2022-06-05 04:00 06:00"),
    ("on June 4th, 2022, from noon to 14:00 UTC", "2022-06-04 12:00 14:00"),
    ("on 4 June 2022 from 22:00 until 24:00 UTC", "2022-06-04 22:00 06-05 00:00"),
    ("on June 4, 2022, 00:00 – 24:00 UTC", "2022-06-04 00:00 06-05 00:00"),
    ("on June 4, 2022, starting at 22:00 and ending at 24:00 MDT", "2022-06-05 04:00 06:00"),
    ("on 2022-06-05 from 04:00 to 06:00 UTC", "2022-06-05 04:00 06:00"),
    ("from 2025-09-21T03:00Z/2025-09-21T04:00Z", "2025-09-21 03:00 04:00"),
    ("from 2025-09-21T03:00:00+02:00 to 2025-09-21T04:00:00+02:00", "2025-09-21 01:00 02:00"),
    ("on June\u00a04, 2022, 22:00\u202f–\u202f24:00\u00a0MDT", "2022-06-05 04:00 06:00"),
    ("on February 29, 2024, 22:00 – 24:00 MST", "2024-03-01 05:00 07:00"),
    (
        "from 23:30 UTC on December 9, 2025, until 00:45 UTC on December 10, 2025",
        "2025-12-09 23:30 12-10 00:45",
    ),
    ("on June 4, 2024, 16:00 – 18:00 HLV (14:00 – 16:00 UTC)", "2024-06-04 14:00 16:00"),
    ("on June 4, 2024, 16:00 HLV (14:00 UTC) – 18:00 HLV (16:00 UTC)", "2024-06-04 14:00 16:00"),
    ("on June 4, 2024 18:00 – 20:00CEST16:00 – 18:00 UTCDocument signing", "2024-06-04 16:00 18:00"),
    (
        "\nDate: June 4, 2024\nLocal time (MDT): 16:00 – 18:00\nUTC: 22:00 – 24:00",
        "2024-06-04 22:00 06-05 00:00",
    ),
    ("\n| Date | June 4, 2024 |\n| Time (MDT) | 16:00 – 18:00 |", "2024-06-04 22:00 06-05 00:00"),
]
FRENCH_FORMS = [
    (
        "le 6 février 2021 de 22:00 à 24:00 HNR (7 février 2021 de 05:00 à 07:00 UTC)",
        "2021-02-07 05:00 07:00",
    ),
    ("le 6 février 2021 de 22 h 00 à 24 h 00 HNR", "2021-02-07 05:00 07:00"),
    ("le 5 juin 2021 de 22h00 à 24h00 HAR", "2021-06-06 04:00 06:00"),
    ("le 6 février 2021 entre 22 h et minuit HNR", "2021-02-07 05:00 07:00"),
    ("le 1er mai 2021 de 22:00 à minuit HAR", "2021-05-02 04:00 06:00"),
    ("le samedi 5 juin 2021 de 22:00 à 24:00 HAR", "2021-06-06 04:00 06:00"),
    ("le 5 août 2021 de midi à 14:00 UTC", "2021-08-05 12:00 14:00"),
    ("le 5 juin 2021 de 9:00 CEST à 11:00 CEST", "2021-06-05 07:00 09:00"),
    (
        "le 5\u00a0juin\u00a02021, de 22\u202fh\u202f00 à 24\u202fh\u202f00 MDT (UTC –6)",
        "2021-06-06 04:00 06:00",
    ),
    ("du 5 juin 2021 à 22:00 au 6 juin 2021 à 02:00 UTC", "2021-06-05 22:00 06-06 02:00"),
    ("le 5 juin 2021, 22:00 – 24:00 HAR, soit le 6 juin 2021, 04:00 – 06:00 UTC", "2021-06-06 04:00 06:00"),
    ("de 22:00 à 24:00 HAR le 5 juin 2021", "2021-06-06 04:00 06:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 heure d’été des Rocheuses", "2021-06-06 04:00 06:00"),
    ("le 5 juin 2021 de 9 h à 11 h 30 heure de Paris", "2021-06-05 07:00 09:30"),
    ("le 6 février 2021 de 22:00 à 24:00 HNE", "2021-02-07 03:00 05:00"),
    ("le 6 février 2021 de 22:00 à 24:00 HNC", "2021-02-07 04:00 06:00"),
    ("le 6 février 2021 de 22:00 à 24:00 HNP", "2021-02-07 06:00 08:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HAE", "2021-06-06 02:00 04:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HAC", "2021-06-06 03:00 05:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HAP", "2021-06-06 05:00 07:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HEC", "2021-06-05 20:00 22:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HEP", "2021-06-06 05:00 07:00"),
    ("le 5 juin 2021 de 22:00 à 24:00 HER", "2021-06-06 04:00 06:00"),
]


@pytest.mark.parametrize(("printed", "window"), ENGLISH_FORMS)
def test_an_english_window(printed: str, window: str) -> None:
    told = entry(ENGLISH.format(printed))
    assert (shown(told.windows), codes(told)) == ([window], set())


@pytest.mark.parametrize(("printed", "window"), FRENCH_FORMS)
def test_a_french_window(printed: str, window: str) -> None:
    told = entry(FRENCH.format(printed))
    assert (shown(told.windows), codes(told)) == ([window], set())


@pytest.mark.parametrize(
    ("printed", "windows"),
    [
        (
            "on June 4, 2022, 22:00–24:00 MDT and on June 11, 2022, 22:00–23:00 MDT",
            ["2022-06-05 04:00 06:00", "2022-06-12 04:00 05:00"],
        ),
        (
            "on June 4, 2022, 08:00 – 10:00 MDT and 22:00 – 24:00 MDT",
            ["2022-06-04 14:00 16:00", "2022-06-05 04:00 06:00"],
        ),
        ("at:\n- 22:00 UTC on June 4, 2024\n- 22:00 UTC on June 11, 2024", []),
    ],
)
def test_two_windows_in_one_entry(printed: str, windows: list[str]) -> None:
    assert shown(entry(ENGLISH.format(printed)).windows) == windows


@pytest.mark.parametrize(
    ("printed", "window", "code"),
    [
        (
            "on June 4, 2022, 22:00 – 24:00 MDT (June 5, 2022, 05:00 – 07:00 UTC)",
            "2022-06-05 05:00 07:00",
            "utc_mismatch",
        ),
        (
            "on January 7, 2023, 22:00 – 24:00 MST (January 8, 2022, 05:00 – 07:00 UTC)",
            "2023-01-08 05:00 07:00",
            "year_mismatch",
        ),
        ("on January 8, 2022, 22:00 – 24:00 MDT", "2022-01-09 04:00 06:00", "zone_season"),
        ("on Monday, June 4, 2022, 22:00 – 24:00 MDT", "2022-06-05 04:00 06:00", "weekday_mismatch"),
        ("on June 4, 2022, 22:00 – 24:00", "2022-06-04 22:00 06-05 00:00", "unknown_zone"),
    ],
)
def test_a_window_that_contradicts_itself_is_kept_and_said(printed: str, window: str, code: str) -> None:
    told = entry(ENGLISH.format(printed))
    assert (shown(told.windows), codes(told)) == ([window], {code})


def test_a_zone_does_not_run_into_another_word() -> None:
    told = entry(ENGLISH.format("on June 4, 2024, 22:00 – 23:00: ETLs are paused"))
    assert (shown(told.windows), codes(told)) == (["2024-06-04 22:00 23:00"], {"unknown_zone"})


def test_brackets_without_end_are_no_abyss() -> None:
    assert shown(entry("On June 4, 2024 " + "22:00 (" * 3000).windows) == []


def test_a_window_on_a_day_that_does_not_exist_is_none() -> None:
    told = entry(ENGLISH.format("on February 30, 2022, 22:00 – 24:00 MST"))
    assert (shown(told.windows), codes(told)) == ([], {"invalid_date"})


def test_a_window_knows_its_characters_and_its_rule() -> None:
    text = ENGLISH.format("on June 4, 2022, 22:00 – 24:00 MDT (June 5, 2022, 04:00 – 06:00 UTC)")
    (window,) = entry(text).windows
    assert window.rule == "printed UTC"
    assert window.span.of(text) == "June 4, 2022, 22:00 – 24:00 MDT (June 5, 2022, 04:00 – 06:00 UTC)"


def test_a_date_without_a_year_takes_that_of_the_page() -> None:
    text = "2024 maintenance schedule\n\nMarch 9, 22:00 – 24:00 MST\n\nApril 6, 22:00 – 24:00 MDT\n"
    assert [w for e in entries(text) for w in shown(e.windows)] == [
        "2024-03-10 05:00 07:00",
        "2024-04-07 04:00 06:00",
    ]


ROW_BELOW_TITLE = """\
Firewall replacement in Lyon

2026-12-30 23:30 – 2026-12-31 00:30 UTC

We replace the firewalls of both halls, and some connections break for a minute.

New storage for the mail platform

30 December 2026 23:30 – 31 December 2026 00:30 UTC

Boxes cannot be opened meanwhile. Mails wait with the sender and are delivered afterwards.

Power works in hall 2

2027-01-03 20:00 – 22:00 UTC

Racks with two feeds stay up. The others were told by mail.

Racks with one feed

2027-01-10 20:00 – 22:00 UTC

These racks lose their only feed for an hour. They were told by mail as well.
"""


def test_a_window_in_a_line_of_its_own_between_title_and_text() -> None:
    told = entries(ROW_BELOW_TITLE)
    assert [(e.title, shown(e.windows)) for e in told] == [
        ("Firewall replacement in Lyon", ["2026-12-30 23:30 12-31 00:30"]),
        ("New storage for the mail platform", ["2026-12-30 23:30 12-31 00:30"]),
        ("Power works in hall 2", ["2027-01-03 20:00 22:00"]),
        ("Racks with one feed", ["2027-01-10 20:00 22:00"]),
    ]
