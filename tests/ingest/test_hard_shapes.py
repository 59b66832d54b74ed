"""Shapes that mislead: rows without hours, columns of hours, months before days, titles run into text."""

from __future__ import annotations

import pytest
from reading import codes, entries, entry, shown

from ingest.model import EntryType, Form, Status


def statuses(text: str) -> list[tuple[str, Status | None]]:
    return [(told.title, told.status and told.status.status) for told in entries(text)]


@pytest.mark.parametrize("sign", ["\t", " | ", " – "])
def test_a_row_without_hours_keeps_its_own_status(sign: str) -> None:
    rows = f"January 11, 2025{sign}22:00 – 24:00 CET (21:00 – 23:00 UTC)\nMarch 8, 2025{sign}Cancelled"
    first, second = entries(f"{rows}\nApril 5, 2025{sign}22:00 – 24:00 CEST (20:00 – 22:00 UTC)")[:2]
    assert first.status is None
    assert second.status is not None
    assert second.status.status is Status.CANCELLED


@pytest.mark.parametrize(
    ("printed", "window"),
    [
        ("11/04/2023, 22:00 - 24:00 MDT (11/05/2023, 04:00 - 06:00 UTC)", "2023-11-05 04:00 06:00"),
        ("12/16/2023, 22:00 - 24:00 UTC", "2023-12-16 22:00 12-17 00:00"),
        ("04/11/2023, 22:00 - 23:00 UTC", "2023-11-04 22:00 23:00"),
        ("04/11/2023, 22:00 - 23:00 HAR (05/11/2023, 04:00 - 05:00 UTC)", "2023-11-05 04:00 05:00"),
    ],
)
def test_slashes_read_month_first_only_where_something_says_so(printed: str, window: str) -> None:
    assert shown(entry(f"Planned maintenance\nWe will do maintenance on {printed}.").windows) == [window]


def test_from_and_to_columns_make_windows_in_the_zone_of_their_head() -> None:
    rows = "".join(
        f"<tr><td>{day} June 2024</td><td>21:00</td><td>22:30</td><td>CIS</td></tr>" for day in (15, 22)
    )
    head = "<tr><th>Date</th><th>From (EST)</th><th>To (EST)</th><th>Service</th></tr>"
    told = entries(f"<h1>Maintenance plan</h1><table>{head}{rows}</table>", form=Form.HTML, vendor="digicert")
    assert [shown(each.windows) for each in told] == [["2024-06-16 02:00 03:30"], ["2024-06-23 02:00 03:30"]]
    assert {each.lang for each in told} == {"en"}


def test_a_night_from_one_day_to_the_next_begins_on_the_first() -> None:
    text = "Maintenance planifiée\nDans la nuit du samedi 3 au dimanche 4 juin 2023, de 22:00 à 24:00 HAR"
    told = entry(f"{text} (4 juin 2023 de 04:00 à 06:00 UTC), nous intervenons sur le réseau.")
    assert (shown(told.windows), codes(told)) == (["2023-06-04 04:00 06:00"], set())


def test_hours_without_a_year_anywhere_are_told() -> None:
    told = entries("Saturday, August 2 | 22:00 – 24:00 MDT |\nSaturday, September 6 | 22:00 – 24:00 MDT |")
    assert [codes(each) for each in told] == [{"unknown_year"}, {"unknown_year"}]


def test_a_former_window_is_superseded() -> None:
    text = (
        "Maintenance\nUpdate: We moved this window from July 1 to July 8, 2023.\n"
        "It is on July 8, 2023, 22:00 – 24:00 MDT (July 9, 2023, 04:00 – 06:00 UTC).\n"
        "The former window was July 1, 2023, 22:00 – 24:00 MDT (July 2, 2023, 04:00 – 06:00 UTC)."
    )
    told = entry(text)
    assert shown(told.current_windows) == ["2023-07-09 04:00 06:00"]
    assert told.status is not None
    assert told.status.status is Status.MOVED


def test_put_off_without_a_new_day_is_postponed() -> None:
    text = "It was postponed until further notice. It was planned for June 4, 2022, 22:00 – 24:00 MDT."
    told = entry(f"Maintenance of the network\n{text}")
    assert told.status is not None
    assert told.status.status is Status.POSTPONED


def test_a_title_run_into_its_text_is_cut_and_names_no_parameter() -> None:
    told = entries(
        "CertCentral: Dark theme\nPages can be shown on a dark ground.\n"
        "Order details page showed the wrong expiry dateWe put right an error on the order details page.",
        vendor="digicert",
    )
    assert [each.title for each in told] == [
        "CertCentral: Dark theme",
        "Order details page showed the wrong expiry date",
    ]
    assert [m.name for each in told for m in each.parameters] == []
    assert told[1].type is EntryType.BUGFIX


def test_products_alone_tell_the_vendor() -> None:
    told = entries("Device Trust Manager: Bulk tags\nTags can be set on many devices at once.")
    assert [[m.name for m in each.products] for each in told] == [["Device Trust Manager"]]


def test_items_right_under_a_version_are_entries() -> None:
    text = (
        "# Changes\n\n## v2.1 (2024-05-07)\n\n"
        "- Uploads no longer fail at night.\n- Boards can be sorted by owner.\n"
    )
    told = entries(text, form=Form.MARKDOWN)
    assert [each.type for each in told] == [EntryType.BUGFIX, EntryType.FEATURE]
    assert {each.published and each.published.text for each in told} == {"2024-05-07"}


def test_month_headings_belong_to_the_rows_below() -> None:
    text = (
        "Maintenance windows 2026\nJanuary\nJanuary 10, 22:00 - 24:00 MST (January 11, 05:00 - 07:00 UTC)\n"
        "February\nFebruary 7, 22:00 - 24:00 MST (February 8, 05:00 - 07:00 UTC)"
    )
    told = entries(text)
    assert shown(told[-1].windows) == ["2026-02-08 05:00 07:00"]
    assert told[-1].span.start == text.index("February\n")


def test_values_in_a_list_are_no_parameters() -> None:
    text = "CertCentral Services API: Reasons\nThe Revoke certificate endpoint takes revocation_reason"
    told = entry(f"{text} with the values key_compromise, superseded and cessation_of_operation.")
    assert [m.name for m in told.parameters] == ["revocation_reason"]


def test_rows_whose_cells_run_together_are_rows() -> None:
    table = (
        "Maintenance schedule 2025\nHere are the windows of the year.\nDateTimeNotes\n"
        "July 19, 202522:00 – 24:00 MDT (July 20, 2025, 04:00 – 06:00 UTC)No downtime planned\n"
        "September 20, 202522:00 – 24:00 MDT (September 21, 2025, 04:00 – 06:00 UTC)"
        "CIS down for 35 minutes\n"
        "November 15, 202522:00 – 24:00 MST (November 16, 2025, 05:00 – 07:00 UTC)\n"
    )
    rows = entries(table, vendor="digicert")[-3:]
    assert [shown(row.windows) for row in rows] == [
        ["2025-07-20 04:00 06:00"],
        ["2025-09-21 04:00 06:00"],
        ["2025-11-16 05:00 07:00"],
    ]
    assert rows[0].no_downtime is not None
    assert [outage.minutes for outage in rows[1].outages] == [35]


def test_hours_again_in_the_next_cell_are_no_row_of_their_own() -> None:
    table = (
        "Service windows in 2023\nDay\tLocal time\tUTC\tRemarks\n"
        "January 7, 2023\t22:00 – 24:00 MST\tJanuary 8, 05:00 – 07:00\tCalled off\n"
        "February 4, 2023\t22:00 – 24:00 MST\tFebruary 5, 05:00 – 07:00\tCIS is slow\n"
    )
    rows = entries(table, vendor="digicert")[-2:]
    assert [shown(row.windows) for row in rows] == [["2023-01-08 05:00 07:00"], ["2023-02-05 05:00 07:00"]]
    assert rows[0].status is not None
    assert rows[0].status.status is Status.CANCELLED


def test_an_unknown_head_between_known_ones_and_a_row_is_a_head() -> None:
    rows = "".join(f"{day}, 2023\n09:00 – 09:40 UTC\nNew servers\n" for day in ("May 13", "July 8"))
    told = entries(f"Maintenance windows 2023\nAll of the year.\nDate\nHours\nBecause of\n{rows}")
    assert [shown(each.windows) for each in told[1:]] == [
        ["2023-05-13 09:00 09:40"],
        ["2023-07-08 09:00 09:40"],
    ]


def test_a_section_of_another_language_stands_above_its_labels() -> None:
    text = (
        "fix\n\nWrong link\n\nThe link led to the wrong page. It has been corrected.\n\nVersion française\n\n"
        "correctif\n\nMauvais lien\n\nLe lien menait à la mauvaise page. Nous l’avons corrigé.\n\n"
        "amélioration\n\nRecherche plus rapide\n\nVous pouvez désormais chercher dans toutes les pages.\n"
    )
    assert [told.title for told in entries(text)] == ["Wrong link", "Mauvais lien", "Recherche plus rapide"]


def test_a_row_that_says_its_day_in_two_zones_is_one_row() -> None:
    text = (
        "Calendrier des maintenances 2023\n"
        "| Date (heure des Rocheuses) | Date et heure UTC | Remarques |\n|---|---|---|\n"
        "| Samedi 7 janvier 2023, 22:00 à 24:00 HNR | Dimanche 8 janvier 2023, 05:00 à 07:00 UTC | |\n"
        "| Samedi 6 mai 2023, 22:00 à 24:00 HAR | Dimanche 7 mai 2023, 04:00 à 06:00 UTC | ANNULÉE |\n"
        "| Samedi 30 septembre 2023, 22:00 à 24:00 HAR | Dimanche 1er octobre 2023, 04:00 à 06:00 UTC |"
        " CIS est arrêté pendant 10 minutes |\n"
    )
    found = entries(text)
    assert [len(entry.windows) for entry in found] == [1, 1, 1]
    assert found[1].status is not None
    assert [outage.minutes for outage in found[2].outages] == [10]


def test_a_row_may_say_the_later_zone_first() -> None:
    rows = (
        "| Sunday, January 8, 2023, 05:00-07:00 UTC | Saturday, January 7, 2023, 22:00-24:00 MST | a |\n"
        "| Sunday, May 7, 2023, 04:00-06:00 UTC | Saturday, May 6, 2023, 22:00-24:00 MDT | b |\n"
    )
    found = entries(f"Maintenance schedule 2023\n| UTC | Mountain | Notes |\n|---|---|---|\n{rows}")
    assert [len(entry.windows) for entry in found] == [1, 1]


def test_the_zone_of_one_column_may_stand_in_its_head() -> None:
    rows = (
        "| Saturday, January 7, 2023, 22:00-24:00 | Sunday, January 8, 2023, 05:00-07:00 UTC | a |\n"
        "| Saturday, May 6, 2023, 22:00-24:00 | Sunday, May 7, 2023, 04:00-06:00 UTC | b |\n"
    )
    found = entries(f"Maintenance schedule 2023\n| Mountain Time | UTC | Notes |\n|---|---|---|\n{rows}")
    assert [shown(entry.windows) for entry in found] == [
        ["2023-01-08 05:00 07:00"],
        ["2023-05-07 04:00 06:00"],
    ]


def test_a_name_may_stand_in_a_cell_between_a_rows_day_and_its_hours() -> None:
    cells = "Date Place Local_time UTC April_13 Lyon 10:00_–_11:00_CEST 08:00_–_09:00_UTC November_9 Osaka"
    cells += " 22:00_–_23:30_JST 13:00_–_14:30_UTC December_7 Lyon 10:00_–_11:00_CET 09:00_–_10:00_UTC"
    text = "Maintenance calendar 2024\nWe work at these times.\n" + cells.replace(" ", "\n").replace("_", " ")
    notice, *rows = entries(text + "\n")
    assert [shown(row.windows) for row in rows] == [
        ["2024-04-13 08:00 09:00"],
        ["2024-11-09 13:00 14:30"],
        ["2024-12-07 09:00 10:00"],
    ]
    assert text[rows[0].span.start :].startswith("Date\nPlace\nLocal time")
    assert "Lyon" in rows[2].span.of(text)
    assert not notice.windows


def test_short_lines_below_a_colon_are_items_of_a_lost_list() -> None:
    text = """\
CertCentral: Renewal reminders on your own days
You now choose yourself on which days before its end we remind you of a certificate.
Upcoming scheduled maintenance
We work on May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC). These stop for 10 minutes:
Issuing of certificates for code
SCEP for your devices
Direct Cert Portal: new checks of organizations
API note
Repeat the calls that failed.
What can I do?
Order what is urgent on another day.
"""
    told = entries(text, vendor="digicert")
    assert [entry.title for entry in told][1:] == ["Upcoming scheduled maintenance"]
    assert "Direct Cert Portal" in [mention.name for mention in told[1].products]


def test_the_day_behind_hours_in_a_bracket_is_theirs() -> None:
    text = (
        "Network upgrade\nBetween 22:00 – 24:00 MST on November 9, 2019 "
        "(05:00 – 07:00 UTC on November 10, 2019), we upgrade firewalls.\n"
    )
    assert shown(entry(text).windows) == ["2019-11-10 05:00 07:00"]


def test_a_table_whose_rows_are_the_start_and_the_end() -> None:
    text = """\
<h2>July 28, 2020</h2>
<h3>Several errors corrected</h3>
<p>Deactivated users are no longer counted twice on the Users page.</p>
<h3>Maintenance of our databases</h3>
<table><tr><td>Start</td><td>October 10, 2020, 22:00 MDT (October 11, 2020, 04:00 UTC)</td></tr>
<tr><td>End</td><td>October 11, 2020, 00:00 MDT (October 11, 2020, 06:00 UTC)</td></tr></table>
<h3>Pilot for marks</h3>
<p>Selected accounts show their logo beside the mails that they send to anybody.</p>
"""
    told = entries(text, form=Form.HTML)
    assert [shown(one.windows) for one in told] == [[], ["2020-10-11 04:00 06:00"], []]


def test_a_title_right_below_a_table_over_a_text_that_names_a_call() -> None:
    text = """\
API change history

September 16, 2025

Shipping options for tokens
Create order (POST /orders) accepts an object that says how we send the token.

Parameter | Type | Required | Description |
---|---|---|---|
shipment | object | no | How the token is shipped |

Filter orders by tag
List orders (GET /orders) has two new query parameters.

Parameter | Type | Required | Description |
---|---|---|---|
tag_id | integer | no | Only return orders with this tag |
"""
    assert [one.title for one in entries(text, vendor="digicert")] == [
        "Shipping options for tokens",
        "Filter orders by tag",
    ]
