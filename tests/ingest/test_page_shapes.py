"""Shapes that show only over a whole page: series, lists of titles, wrapped lines, quoted mails."""

from __future__ import annotations

import pytest
from invariants import check
from reading import entries, shown

from ingest.lexicon import load
from ingest.model import Entry, Form
from ingest.pipeline import parse
from ingest.readers import read
from ingest.wrapping import continued, run_on


def titles(text: str) -> list[str]:
    return [entry.title for entry in entries(text, vendor="digicert")]


WRAPPED = (
    "Bulk download of certificates\n\n"
    "You can now download all your certificates at once. The archive holds\n"
    "one file for each of them, named after the order that it belongs to,\n"
    "and a list that says until when each one is valid. We write it on\n"
    "June 4, 2022, from 22:00 to 24:00 MDT, when the new scheduled\n"
    "maintenance begins.\n"
)


def test_wrapped_lines_are_one_paragraph() -> None:
    document = read(WRAPPED.encode(), "test", Form.TEXT)
    assert [block.span.of(WRAPPED)[:12] for block in document.blocks] == ["Bulk downloa", "You can now "]
    assert document.flat is not None
    assert len(document.flat) == len(WRAPPED)
    assert document.flat.split() == WRAPPED.split()
    (told,) = entries(WRAPPED)
    assert shown(told.windows) == ["2022-06-05 04:00 06:00"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line",
        "Titles\nstand\non\nlines\nof\ntheir\nown",
        "The parameter\nstatus\nwas added to the endpoint.\nThe parameter\nlimit\nis gone, as are others.",
        "A long line that goes on. " * 20 + "\nsmall letters begin here\nand here\nand here",
    ],
)  # fmt: skip
def test_lines_of_their_own_stay_so(text: str) -> None:
    assert continued(text) == []
    assert run_on(text, []) == text


def quoted(text: str) -> str:
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


LOG = (
    "Bulk download of certificates\nYou can now download all your certificates at once.\n\n"
    "Wrong dates in reports\nWe fixed a bug where reports showed wrong dates.\n"
)


def test_a_quoted_mail_reads_as_what_it_quotes() -> None:
    plain, inside = entries(LOG), entries(quoted(LOG))
    assert [(e.title, e.type) for e in inside] == [(e.title, e.type) for e in plain]
    assert len(plain) == 2


@pytest.mark.parametrize(
    "text", [">\n> A title\n>\n> And what it says.\n>\n", "A title\n>\n>\nAnother one\n", ">\n>\n"]
)
def test_marks_of_blank_quoted_lines_are_in_an_entry_too(text: str) -> None:
    check(parse(read(text.encode(), "test", Form.TEXT), load()))


def test_underlined_lines_are_titles() -> None:
    text = (
        "Umlauts in file names\n---------------------\nDownloads arrived without any name. Fixed.\n\n"
        "Longer notes\n------------\nA note may now have 2,000 characters.\n\n"
        "Underscores\n-----------\nWe revoke the rest on November 1, 2019, to satisfy root programs.\n"
    )
    assert titles(text) == ["Umlauts in file names", "Longer notes", "Underscores"]


@pytest.mark.parametrize(
    "numbers", [("1)", "2)", "3)", "4)"), ("I.", "II.", "III.", "IV."), ("1.", "2.", "3.", "4.")]
)
def test_numbered_entries(numbers: tuple[str, ...]) -> None:
    said = (
        "Longer notes\nA note may have 2,000 characters.",
        "How do I hand over my orders?\nAdministrators can move all open orders of one person to another.",
        "Wrong currency on quotes\nQuotes for customers in Norway were shown in euros. That is mended.",
        "Site Seal in dark mode\nLegible again.",
    )
    text = "What is new\n\n" + "\n\n".join(f"{n} {what}" for n, what in zip(numbers, said, strict=True))
    assert len(entries(text)) == 4


def test_steps_of_a_procedure_are_no_entries() -> None:
    text = (
        "A client for Python\nThere is now a client. To move to it:\n"
        "1. Install the library.\n2. Replace the part that signs in.\n3. Run your tests.\n\n"
        "Wrong dates in reports\nWe fixed a bug where reports showed wrong dates.\n"
    )
    assert len(entries(text)) == 2


def dates(told: list[Entry]) -> list[str | None]:
    return [entry.published.text if entry.published else None for entry in told]


SAID = (
    ("Bulk download of certificates", "You can now download all your certificates at once."),
    ("Wrong dates in reports", "We fixed a bug where reports showed wrong dates."),
    ("Longer notes", "A note may now have as many as 2,000 characters."),
    ("End of the old console", "The old console is discontinued, and its pages are gone."),
)
DAYS = ("May 27, 2024", "May 22, 2024", "May 13, 2024", "May 6, 2024")
ISO = ["2024-05-27", "2024-05-22", "2024-05-13", "2024-05-06"]


def test_dates_that_close_entries() -> None:
    text = "\n".join(f"{t}\n{b}\nPosted on {d}\n" for (t, b), d in zip(SAID, DAYS, strict=True))
    told = entries(text)
    assert [entry.title for entry in told] == [title for title, _ in SAID]
    assert dates(told) == ISO


@pytest.mark.parametrize("form", ["{title} ({day})", "{title} — {day}"])
def test_dates_that_end_titles(form: str) -> None:
    text = "\n".join(f"{form.format(title=t, day=d)}\n{b}\n" for (t, b), d in zip(SAID, DAYS, strict=True))
    told = entries(text)
    assert dates(told) == ISO
    assert not any(entry.effective for entry in told)


def test_a_list_of_titles_at_the_top_is_navigation_and_names_titles() -> None:
    asked = ("Who approved this request?", "Where did my filters go?", "What is my account's new name?")
    body = (
        "The page of an order now shows who approved it, and when that was, below the status bar.",
        "Filters of lists were forgotten when one signed out. We fixed this, and they are kept for good.",
        "You can now choose another name for your account on its page, as often as you like to do so.",
    )
    text = "Release notes\nOn this page\n" + "\n".join(asked) + "\n"
    text += "".join(f"{q}\n{b}\nWas this helpful?\nYes\nNo\n" for q, b in zip(asked, body, strict=True))
    assert titles(text) == list(asked)


def test_records_of_fields_are_entries() -> None:
    text = "Maintenance calendar 2027\nAll windows of the year.\n\n" + "\n".join(
        f"When    {day}, 2027, 22:00 to 24:00 MDT\nWhere   CertCentral\nImpact  {impact}\n"
        for day, impact in (
            ("June 5", "none expected"),
            ("June 19", "down for 20 minutes"),
            ("July 3", "none"),
        )
    )
    told = entries(text, vendor="digicert")[1:]
    assert [shown(entry.windows) for entry in told] == [
        ["2027-06-06 04:00 06:00"], ["2027-06-20 04:00 06:00"], ["2027-07-04 04:00 06:00"],
    ]  # fmt: skip


def test_where_titles_are_in_capitals_others_are_sub_headings() -> None:
    text = "".join(
        f"{day}\n\n{title.upper()}\n\n{body}\n\nWhat it does for you\nIt saves you time, every day.\n\n"
        for (title, body), day in zip(SAID, DAYS, strict=True)
    )
    assert titles(text) == [title.upper() for title, _ in SAID]


def test_dates_in_a_list_of_contents_stay_the_headings_of_what_is_below() -> None:
    days = ("January 23, 2025", "January 14, 2025", "December 3, 2024")
    body = "".join(
        f"{day}\nDiscovery\nNEW\nScans of kind {n}\nA scan of kind {n} looks at each address that you name.\n"
        for n, day in enumerate(days)
    )
    text = "What's changed\nOn this page\n" + "\n".join(days) + "\nWhat's changed\nAll of it.\n" + body
    told = entries(text, vendor="digicert")[-3:]
    assert [e.title for e in told] == [f"Scans of kind {n}" for n in range(3)]
    assert [e.published.text for e in told if e.published] == ["2025-01-23", "2025-01-14", "2024-12-03"]


PRINTED_HEAD = "docs.example.com - Change log                        printed 2026-02-02"
PRINTED = f"""{PRINTED_HEAD}
CHANGE LOG

JANUARY 27, 2026

Renewals: the list of next week on your
start page
   A card on the start page lists what has to be renewed this week, and it
   proposes automation where a host is known to support it, as most of those
   in our list are.

Global and European maintenance
   We work on all systems twice this weekend.

   Global             January 31, 2026, 22:00 - 24:00 MST
                      (February 1, 2026, 05:00 - 07:00 UTC)
   Europe             January 31, 2026, 09:00 - 11:00 MST
                      (January 31, 2026, 16:00 - 18:00 UTC)

                                                                     1 / 2
{PRINTED_HEAD}

   No orders are lost; the queue is worked
   off in the night.

Orders of signing certificates with the
QR code
   Confirmations of orders hold a code. Scan it, and the page for tokens opens
   on your phone.

Lists: more than one page of them at a
time
   Set how many pages are shown at once. What you set is kept, and it counts
   for every list of the console from then on.

Reports: the day on which a sensor was
last seen
   The report says on which day each sensor was last seen, so that those which
   are gone can be told from those which sleep.
                                                                     2 / 2
{PRINTED_HEAD}
"""


def test_a_printed_page() -> None:
    told = entries(PRINTED)
    assert [" ".join(e.title.split()) for e in told] == [
        "Renewals: the list of next week on your start page",
        "Global and European maintenance",
        "Orders of signing certificates with the QR code",
        "Lists: more than one page of them at a time",
        "Reports: the day on which a sensor was last seen",
    ]
    assert shown(told[1].windows) == ["2026-02-01 05:00 07:00", "2026-01-31 16:00 18:00"]


def test_sentences_and_titles_that_run_into_one_another() -> None:
    text = (
        "Old browsers lose the generator\n"
        "We take the keygen element out of our forms on June 15, 2018.\nWhat can I do?\n"
        "Create the request with a tool of your own until then.The Add guest endpoint can now invite people"
        " who have no account. Set guest_only to true.\nNote\n"
        "Private names are exempt.825 days are the ceiling\n"
        "From March 1, 2018, browsers accept certificates of 825 days at most.\n"
    )
    told = [e.title for e in entries(text, vendor="digicert")]
    assert told == [
        "Old browsers lose the generator",
        "The Add guest endpoint can now invite people who have no account",
        "825 days are the ceiling",
    ]


def test_a_sub_heading_that_runs_into_the_next_title_ends_before_it() -> None:
    text = (
        "Filters for orders\nYou can now filter the list of orders by date, by unit and by name.\n"
        ".See alsoEnd of the copying tool for accounts\n"
        "The tool that copies accounts closes on April 30, 2021. Use the import page from then on.\n"
    )
    assert titles(text) == ["Filters for orders", "End of the copying tool for accounts"]


def test_a_line_between_blank_ones_above_a_title_is_a_sections() -> None:
    rows = "".join(f"June {day}, 2023, 22:00 - 24:00 MDT (04:00 - 06:00 UTC)\n\n" for day in (3, 10, 17))
    text = (
        rows + "Everything else, in words\n\nNew firmware\n"
        "On July 8, 2023, between 11:00 and 13:00 MDT, our machines in Japan get their new firmware.\n"
    )
    last = entries(text)[-1]
    assert last.title == "New firmware"
    assert last.span.of(text).startswith("Everything else")


@pytest.mark.parametrize(
    "line",
    [
        "Code Signing Service Status",
        "The work takes approx.30 minutes longer",
    ],
)
def test_what_is_no_head_of_a_table_and_no_seam(line: str) -> None:
    body = "You can now see the state of the service at a glance, with the history of the last days.\n"
    assert titles(f"{line}\n{body}") == [line]


def test_titles_between_bars_are_titles_and_names_between_bars_are_sections() -> None:
    text = (
        "*** New: dark mode in the portal ***\n\nYou can now switch to dark mode in the settings.\n\n"
        "*** Fixed: crash on login ***\n\nWe fixed a crash that came when users signed in twice at once.\n"
    )
    assert [e.title for e in entries(text)] == ["New: dark mode in the portal", "Fixed: crash on login"]
    text = (
        "==== PLANNED WORK ====\n\nLoad balancers\n\nDate: May 18, 2024\nTime: 22:00 to 24:00 UTC\n"
        "Services: CIS\n\n==== API ====\n\nSorting of orders\n\n"
        "GET /orders now understands the sort parameter for every column.\n"
    )
    assert [e.title for e in entries(text)] == ["Load balancers", "Sorting of orders"]


def test_a_title_below_fields_is_no_field() -> None:
    text = (
        "Maintenance of the portal\nStart: June 4, 2024 22:00 UTC\nEnd: June 4, 2024 23:00 UTC\n\n"
        "Portal: Redesigned dashboard\n\nWe have redesigned the dashboard so that it shows more at once.\n"
    )
    assert [e.title for e in entries(text)] == ["Maintenance of the portal", "Portal: Redesigned dashboard"]


@pytest.mark.parametrize("count", ["two", "2"])
def test_the_windows_that_an_entry_counts_are_its_own(count: str) -> None:
    text = (
        f"Upcoming scheduled maintenance\n\nWe will perform {count} maintenances on July 8, 2023.\n\n"
        "Global maintenance\n\nJuly 8, 2023, 22:00 – 24:00 MDT. All services stay up.\n\n"
        "European maintenance\n\nJuly 8, 2023, 09:00 – 11:00 MDT. Signing will be down for 20 minutes.\n"
    )
    (told,) = entries(text)
    assert len(told.windows) == 2


def test_chips_of_states_label_what_stands_below_them() -> None:
    text = "".join(
        f"{state}\n\nWork on the router {number}\n\nStart: {number} June 2024 22:00 CET\n"
        f"End: {number} June 2024 23:00 CET\n\nCustomers will notice nothing of this work at all.\n\n"
        for number, state in enumerate(("CONFIRMED", "POSTPONED", "RESCHEDULED"), start=3)
    )
    assert [e.title for e in entries(text)] == [f"Work on the router {number}" for number in (3, 4, 5)]


@pytest.mark.parametrize(
    "untitled",
    [
        "We fixed a bug on the New certificate page where pressing Enter submitted the form at once.",
        "Starting October 1, 2021, a domain validation can be reused for 397 days at most.",
    ],
)
def test_an_entry_without_a_title_may_follow_one_that_has_one(untitled: str) -> None:
    text = (
        "CertCentral: Multi-year plans on the order form\n"
        "Buy up to six years of coverage in one go. The plan is the preset choice on all forms.\n"
        "Reissues within the plan are free.\n"
        f"{untitled}\n"
        "CertCentral: Sorting of requests\n"
        "The requests page can be sorted by the date on which a request was last changed.\n"
    )
    assert len(entries(text)) == 3


VERSIONS = """\
API version change log for deployment of Acme.Network/zones/AAAA
This article tells which properties changed in each version of Acme.Network/zones/AAAA, and no others.
2024-05-01
Added:
- targetRecord
- targetRecord.id
2024-03-01-preview
Removed:
- Records.ttlSeconds
"""


def test_versions_of_an_api_that_go_by_their_days() -> None:
    told = entries(VERSIONS)
    assert [e.title for e in told] == [VERSIONS.split("\n")[0], "Added:", "Removed:"]
    assert [e.published and e.published.text for e in told] == [None, "2024-05-01", "2024-03-01"]
    assert [[m.name for m in e.parameters] for e in told] == [
        [],
        ["targetRecord", "targetRecord.id"],
        ["Records.ttlSeconds"],
    ]


def test_a_day_in_two_languages_side_by_side_heads_what_is_below() -> None:
    text = """\
Change log | Journal des modifications

March 9, 2022 | 9 mars 2022

Names for keys

Keys have names of your choice, which stand in the list of keys and in the mails that we send.

Noms des clés

Les clés portent des noms de votre choix, affichés dans la liste et dans nos messages.

February 16, 2022 | 16 février 2022

Sorting of requests

Requests can be sorted by the day on which they were last changed, from the head of each column.
"""
    told = entries(text)
    assert [(e.title, e.published and e.published.text) for e in told] == [
        ("Names for keys", "2022-03-09"),
        ("Noms des clés", "2022-03-09"),
        ("Sorting of requests", "2022-02-16"),
    ]
