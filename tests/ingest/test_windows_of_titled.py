"""Several windows below one title: rows of a table, items, or products over an hour each, of one entry."""

from __future__ import annotations

import pytest
from reading import entries, shown

from ingest.model import Form

AROUND = """\
## 2024-11-04

### Invoices carry your order number

An order number that you enter at checkout is printed on the invoice, below the address.

## 2024-10-17

### Routers in Lyon are replaced

{text}

## 2024-09-30

### Exports keep leading zeros

Exports to CSV no longer cut off the zeros at the start of a customer's number.
"""
WINDOWS = ["2024-10-21 22:00 10-22 00:00", "2024-10-23 22:00 23:30"]
ROWS = """\
| {head} | Local time | UTC |
|---|---|---|
| {one} | 22 October 2024, 00:00–02:00 CEST | 21 October 2024, 22:00–24:00 |
| {other} | 24 October 2024, 00:00–01:30 CEST | 23 October 2024, 22:00–23:30 |
"""
NAMED = ROWS.format(head="Router", one="north", other="the one downtown")
NUMBERED = ROWS.format(head="No.", one="1", other="2")


@pytest.mark.parametrize(
    "text",
    [
        f"The old ones have served for nine years.\n\n{NAMED}",
        f"Two nights are needed.\n\n{NUMBERED}",
    ],
    ids=["each named", "counted above"],
)
def test_a_table_in_a_titled_entry_tells_its_windows(text: str) -> None:
    told = entries(AROUND.format(text=text), form=Form.MARKDOWN)
    assert [entry.title for entry in told] == [
        "Invoices carry your order number",
        "Routers in Lyon are replaced",
        "Exports keep leading zeros",
    ]
    assert shown(told[1].windows) == WINDOWS


LISTED = """\
June 2023

fix
Exports keep leading zeros
Exports to CSV no longer cut off the zeros at the start of a customer's number.
{title}
We renew the disks behind our reports.
• Saturday, June 3, 2023, 22:00 – 24:00 MDT (June 4, 2023, 04:00 – 06:00 UTC)
• Saturday, June 10, 2023, 20:00 – 21:00 MDT (June 11, 2023, 02:00 – 03:00 UTC)
{below}
enhancement
Invoices carry your order number
An order number that you enter at checkout is printed on the invoice, below the address.
"""


@pytest.mark.parametrize(
    ("title", "below"),
    [
        ("Maintenance on June 3 and June 10", "Reports are not sent meanwhile."),
        ("Maintenance of our disks", "On the first evening, reports are not sent."),
        ("Two maintenance windows in June", "Reports are not sent meanwhile."),
    ],
)
def test_items_are_windows_of_the_title_that_the_texts_tell_of(title: str, below: str) -> None:
    told = entries(LISTED.format(title=title, below=below), vendor="digicert")
    assert len(told) == 3
    assert told[1].title == title
    assert shown(told[1].windows) == ["2023-06-04 04:00 06:00", "2023-06-11 02:00 03:00"]


PARTED = """\
March 1, 2022
Two platforms are moved
This month we work on them on different weekends.
CertCentral and Direct Cert Portal
On Saturday, March 5, 2022, 22:00 – 24:00 MST (March 6, 2022, 05:00 – 07:00 UTC), some pages may fail.
PKI Platform 8
On Saturday, March 12, 2022, 21:00 – 23:00 MST (March 13, 2022, 04:00 – 06:00 UTC), enrollment is down.
February 2, 2022
Exports keep leading zeros
Exports to CSV no longer cut off the zeros at the start of a customer's number.
"""


def test_products_alone_over_a_window_each_part_an_entry() -> None:
    told = entries(PARTED, vendor="digicert")
    assert [entry.title for entry in told] == ["Two platforms are moved", "Exports keep leading zeros"]
    assert shown(told[0].windows) == ["2022-03-06 05:00 07:00", "2022-03-13 04:00 06:00"]


CALENDAR = """\
Calendar of maintenance in 2024

Saturday, January 6, 2024 | 22:00 – 24:00 MST | January 7, 05:00 – 07:00 UTC
Saturday, February 3, 2024 | 22:00 – 24:00 MST | February 4, 05:00 – 07:00 UTC
Saturday, March 2, 2024 | 22:00 – 24:00 MST | March 3, 05:00 – 07:00 UTC

Further news

November 5, 2023

Exports keep leading zeros
Exports to CSV no longer cut off the zeros at the start of a customer's number.
"""


def test_a_line_between_the_last_row_and_a_day_belongs_to_what_is_below() -> None:
    told = entries(CALENDAR, vendor="digicert")
    assert told[-1].title == "Exports keep leading zeros"
    assert CALENDAR[told[-1].span.start :].startswith("Further news")


def test_a_link_below_a_rule_at_the_end_is_no_entry() -> None:
    told = entries(f"{AROUND.format(text=NAMED)}\n---\n\n[Older notes](./2023.md)\n", form=Form.MARKDOWN)
    assert told[-1].title == "Exports keep leading zeros"


BY_PLACE = """\
August 20, 2023
Exports keep leading zeros
Exports to CSV no longer cut off the zeros at the start of a customer's number.
August 8, 2023
Planned maintenance in Europe and America
{lead}
{one}
From 09:00 to 11:00 MDT on August 12, 2023 (15:00 to 17:00 UTC), logins may fail twice.
{other}
On August 12, 2023, 22:00 – 24:00 MDT (August 13, 2023, 04:00 – 06:00 UTC), reports come late.
July 3, 2023
Invoices carry your order number
An order number that you enter at checkout is printed on the invoice, below the address.
"""


@pytest.mark.parametrize(
    ("lead", "one", "other"),
    [
        ("On August 12, 2023, we work in both places.", "Europe", "America"),
        ("We work on our network in two regions.", "Europe", "America"),
        ("Two maintenances take place on August 12, 2023.", "European maintenance", "American maintenance"),
    ],
    ids=["the day told above", "regions counted above", "maintenances counted above"],
)
def test_places_over_a_window_each_part_the_maintenance_above(lead: str, one: str, other: str) -> None:
    told = entries(BY_PLACE.format(lead=lead, one=one, other=other), vendor="digicert")
    assert [entry.title for entry in told] == [
        "Exports keep leading zeros",
        "Planned maintenance in Europe and America",
        "Invoices carry your order number",
    ]
    assert shown(told[1].windows) == ["2023-08-12 15:00 17:00", "2023-08-13 04:00 06:00"]


def test_a_maintenance_on_another_day_below_one_without_hours_is_its_own() -> None:
    text = BY_PLACE.format(lead="On August 5, 2023, we worked in both places.", one="Europe", other="America")
    assert len(entries(text, vendor="digicert")) == 5


RELEASES = """\
# Changes

## [3.2.0] - 2024-05-02

### Maintenance

- 2024-05-07, 01:00–02:30 UTC: disks of the eastern region are replaced. Sending stops for 10 minutes.
- 2024-05-14, 07:00–08:30 UTC: the same in the western region. Sending stops for 15 minutes.

### Fixed

- Exports to CSV no longer cut off the zeros at the start of a customer's number.
- Invoices show the order number again.
"""


def test_dated_items_below_a_groups_heading_are_its_changes() -> None:
    told = entries(RELEASES, form=Form.MARKDOWN)
    assert [shown(entry.windows) for entry in told] == [
        ["2024-05-07 01:00 02:30"],
        ["2024-05-14 07:00 08:30"],
        [],
        [],
    ]
    assert [[outage.minutes for outage in entry.outages] for entry in told] == [[10], [15], [], []]


COUNTED = """\
CertCentral: Reminders on days of your own
You now choose yourself on which days before its end we remind you of a certificate.
{text}
Fixed: Wrong expiry date in order reports
The order report shows the right expiry date for renewed certificates again.
"""
FIRST = "May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC)"
SECOND = "May 11, 2024, 09:00 – 11:00 MDT (15:00 – 17:00 UTC)"


@pytest.mark.parametrize(
    "text",
    [
        f"Two maintenance windows in May\nFirst window\nOn {FIRST}, CIS is slow.\n"
        f"Second window\nOn {SECOND}, SCEP is slow.",
        f"Data center move in two steps\nThe hardware of CIS and PKI Platform 8 moves.\n"
        f"Step 1: {FIRST}\nCIS is down for 2 hours.\nStep 2: {SECOND}\nSCEP is down for 90 minutes.",
        f"Maintenance in May\nThese instances are upgraded:\nInstance | Window\n"
        f"Global | {FIRST}\nEurope | {SECOND}\nSigning waits for that long.",
        f"Two maintenance windows in May\nWe work on CIS on {FIRST}.\nWe work on SCEP on {SECOND}.",
        f"Failover tests in May\nWe test what we do in an emergency on two evenings.\n{FIRST}\n{SECOND}",
    ],
    ids=["counted in the title", "steps", "a table below a colon", "sentences", "counted in the text"],
)
def test_windows_that_a_title_or_a_text_counts(text: str) -> None:
    told = entries(COUNTED.format(text=text), vendor="digicert")
    assert len(told) == 3
    assert shown(told[1].windows) == ["2024-05-05 04:00 06:00", "2024-05-11 15:00 17:00"]


def test_a_maintenances_title_may_hold_its_window() -> None:
    text = f"Scheduled maintenance: {FIRST}\nOur network is upgraded. CertCentral is down for 12 minutes."
    told = entries(COUNTED.format(text=text), vendor="digicert")
    assert [shown(entry.windows) for entry in told] == [[], ["2024-05-05 04:00 06:00"], []]


def test_rows_of_as_many_places_as_are_counted() -> None:
    rows = "| Region | Window |\n|---|---|\n| Netherlands | May 5, 2024, 04:00 – 06:00 UTC |\n"
    rows += "| USA | May 11, 2024, 15:00 – 17:00 UTC |\n"
    text = AROUND.format(text=f"In May, we do so in two regions.\n\n{rows}").replace(
        "Routers in Lyon are replaced", "Maintenance windows for our routers"
    )
    told = entries(text, form=Form.MARKDOWN)
    assert len(told) == 3
    assert shown(told[1].windows) == ["2024-05-05 04:00 06:00", "2024-05-11 15:00 17:00"]


@pytest.mark.parametrize("title", ["Reports for two dates", "New order form in two steps", "Two new regions"])
def test_what_is_counted_of_something_else_takes_no_maintenance(title: str) -> None:
    text = f"{title}\nReports can be ordered anew. Choose what you want to see above the chart on its page.\n"
    text += f"Upcoming scheduled maintenance\nOn {FIRST}, CertCentral is down for 10 minutes."
    told = entries(COUNTED.format(text=text), vendor="digicert")
    assert [entry.title for entry in told][1:3] == [title, "Upcoming scheduled maintenance"]


def test_rows_of_a_schedule_below_a_colon_are_entries() -> None:
    rows = "".join(f"- {month} 4, 2024, 04:00 – 06:00 UTC: Disks\n" for month in ("May", "June", "July"))
    told = entries(f"# Maintenance schedule\n\nOur next windows:\n\n{rows}", form=Form.MARKDOWN)
    assert [len(entry.windows) for entry in told] == [0, 1, 1, 1]


def test_a_maintenance_in_places_is_a_title_for_the_day_below_it() -> None:
    text = """\
Problème résolu : date erronée dans les rapports
Les rapports montrent à nouveau la bonne date, celle du jour même (et non du jour précédent)
Maintenances en Europe et en Amérique
Elles ont lieu le 12 août 2023.
Europe
Le 12 août 2023, de 09:00 à 11:00 HAR (15:00 à 17:00 UTC), nous remplaçons des commutateurs.
Amérique
Le 12 août 2023, de 22:00 à 24:00 HAR (13 août 2023, 04:00 à 06:00 UTC), nous faisons de même.
"""
    told = entries(text, vendor="digicert")
    assert [entry.title for entry in told][1:] == ["Maintenances en Europe et en Amérique"]
    assert shown(told[1].windows) == ["2023-08-12 15:00 17:00", "2023-08-13 04:00 06:00"]


def test_nouns_that_a_language_writes_in_capitals_are_counted_too() -> None:
    text = """\
15. April 2024

Neue Ansicht für Rechnungen
Rechnungen lassen sich jetzt nach Monat gruppieren. Öffnen Sie dazu die Seite Finanzen.

Arbeiten im Mai
Wir führen zwei Wartungen durch.
Wartung weltweit
Am 4. Mai 2024, 22:00 – 24:00 MDT (5. Mai 2024, 04:00 – 06:00 UTC), ist CertCentral nicht erreichbar.
Wartung in Europa
Am 11. Mai 2024, 09:00 – 11:00 MDT (15:00 – 17:00 UTC), ist TrustLink nicht erreichbar.

Fehler im Bericht behoben
Der Bericht zeigt wieder das richtige Datum an, auch für verlängerte Zertifikate.
"""
    told = entries(text, vendor="digicert")
    assert [entry.title for entry in told][1:2] == ["Arbeiten im Mai"]
    assert shown(told[1].windows) == ["2024-05-05 04:00 06:00", "2024-05-11 15:00 17:00"]


def test_days_of_the_week_are_counted_but_no_products_with_a_noun_for_a_name() -> None:
    text = "Works on two {nouns}\nWe will work on two {nouns}.\nGlobal maintenance\n"
    text += f"On {FIRST}, CertCentral is down.\nEurope maintenance\nOn {SECOND}, TrustLink is down.\n"
    told = [entries(COUNTED.format(text=text.format(nouns=nouns))) for nouns in ("Saturdays", "Windows")]
    assert [max(len(entry.windows) for entry in one) for one in told] == [2, 1]
