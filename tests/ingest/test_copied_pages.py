"""Pages as they are copied from a browser: dates beside labels, buttons below titles, lines run together."""

from __future__ import annotations

import pytest
from reading import codes, entries, entry, shown

from ingest.model import Form
from ingest.readers import recognise

COPIED = """\
Riverbend docs\tProducts ▾\tDevelopers\tSign in
CHANGE LOG
Subscribe\u00a0\u00a0RSS

October\u00a07, 2023\tMAINTENANCE

Upcoming scheduled maintenance
Copy link
We work on October\u00a07,\u00a02023, 22:00 – 24:00 MDT (October 8, 2023, 04:00 – 06:00 UTC).
\tService\tDowntime
\tCertCentral\t10\u00a0minutes
\tDirect\u00a0Cert\u00a0Portal\t5\u00a0minutes

October\u00a03, 2023\tNEW

CertCentral: Dark mode
Copy link
Open your profile and choose how the pages look. What you choose is stored in your browser only.

FIX  September\u00a019, 2023

CertCentral: Double invoices
Copy link
We fixed a bug that made two invoices of one order when the button was clicked twice in a second.
"""


def test_a_page_copied_from_a_browser() -> None:
    found = entries(COPIED)
    assert [(one.type, one.title) for one in found] == [
        ("maintenance", "Upcoming scheduled maintenance"),
        ("feature", "CertCentral: Dark mode"),
        ("bugfix", "CertCentral: Double invoices"),
    ]
    assert [one.published and one.published.text for one in found] == [
        "2023-10-07",
        "2023-10-03",
        "2023-09-19",
    ]
    assert shown(found[0].windows) == ["2023-10-08 04:00 06:00"]
    assert [outage.minutes for outage in found[0].outages] == [10, 5]
    assert [mention.name for mention in found[0].products] == ["CertCentral", "Direct Cert Portal"]


def test_a_title_behind_a_sentence_runs_into_its_text() -> None:
    text = (
        "CertCentral Services API: Vouchers\n"
        "Each voucher now carries an expiry_date.DigiCert retires the old seal scriptThe script goes away. "
        "It shows a blank space from then on. Bugfix: Reports with empty columnsScheduled reports had gaps. "
        "We fixed the query behind them.\n"
    )
    assert [one.title for one in entries(text)] == [
        "CertCentral Services API: Vouchers",
        "DigiCert retires the old seal script",
        "Bugfix: Reports with empty columns",
    ]


def test_camel_case_is_no_seam() -> None:
    text = (
        "DigiCert ONE: API tokens must end\nFrom March 8, 2025, they must not lack validTo. Old ones go on.\n"
    )
    assert [mention.name for mention in entry(text).parameters] == ["validTo"]


YEARS = """\
Change log

2025

September 8

Account Manager: Longer names
Names of accounts may have 120 characters now. Old links stop working on March 9, 2026.

July 22

Discovery: Faster scans
A scan of a large network takes half the time, because it asks each host only once.

2024

December 2

KeyLocker: Clearer errors
An error says which key it is about, and what you can do when a key is missing.
"""


def test_years_alone_speak_for_the_dates_below_them() -> None:
    told = [one.published and one.published.text for one in entries(YEARS)]
    assert told == ["2025-09-08", "2025-07-22", "2024-12-02"]


SCHEDULE = """\
DigiCert 2025 scheduled maintenance

Day\tLocal hours\tUTC\tRemarks
Saturday, January 11, 2025\t17:00 – 19:00 CET\t16:00 – 18:00\tCIS: 20 minutes of downtime
Saturday, July 5, 2025\t17:00 – 19:00 CET\t15:00 – 17:00\t

Jul. 12, 22:00 – 24:00 MDT (Jul. 13, 2024, 04:00 – 06:00 UTC)
"""


def test_a_column_of_utc_says_the_hours_again() -> None:
    january, july, year = entries(SCHEDULE)[-3:]
    assert shown(january.windows) == ["2025-01-11 16:00 18:00"]
    assert shown(july.windows) == ["2025-07-05 15:00 17:00"]
    assert "zone_season" in codes(july)
    assert shown(year.windows) == ["2025-07-13 04:00 06:00"]
    assert codes(year) == {"year_mismatch"}


def test_a_short_sentence_that_leans_on_the_one_above_begins_nothing() -> None:
    text = (
        "CertCentral: Longer lists\n\nLists show 500 rows now, where they used to show 100 rows.\n\n"
        "This change takes effect on December 2, 2024.\n"
    )
    assert [str(effective.day) for effective in entry(text).effective] == ["2024-12-02"]


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("The limits have been in force since July 1, 2025.", ["2025-07-01"]),
        ("The fields went live on September 23, 2024.", ["2024-09-23"]),
        ("Last day of use: November 29, 2024", ["2024-11-29"]),
        ("Exports made between June 3, 2024 and June 17, 2024 can hold the error.", []),
        ("The clock changes on March 30, 2025.", []),
        ("On April 21, 2020, the list was removed from the menu.", ["2020-04-21"]),
        (
            "From April 18, 2023, on, lists are short. Before, on March 8, 2023, we had cut them.",
            ["2023-04-18"],
        ),
        ("From April 18, 2023, lists are short. The forum allowed this until May 2, 2021.", ["2023-04-18"]),
        ("This rule, adopted by the forum on April 22, 2021, covers all lists.", []),
        ("Old ones end; unused lists are deleted on July 1, 2023.", ["2023-07-01"]),
    ],
)
def test_days_on_which_something_takes_effect(body: str, days: list[str]) -> None:
    told = entry(f"CertCentral: News about lists\n{body}\n")
    assert [str(effective.day) for effective in told.effective] == days


def test_a_participle_leaves_a_day_to_come_as_it_is() -> None:
    text = (
        "March 5, 2024\nCertCentral: Old ciphers\n"
        "Access with TLS 1.0, disabled on October 9, 2024, must be replaced.\n"
    )
    assert [str(effective.day) for effective in entry(text).effective] == ["2024-10-09"]


def test_what_markdown_strikes_through_no_longer_holds() -> None:
    text = "# Changes\n\n## E-mail validation ends\n\n~~May 8, 2025~~ July 8, 2025: we stop asking WHOIS.\n"
    assert [str(one.day) for one in entries(text, form=Form.MARKDOWN)[-1].effective] == ["2025-07-08"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Use List orders and View balance in their place.", ["List orders", "View balance"]),
        ("A single call to List users brings 1,000 users.", ["List users"]),
        ("/reports/v1/orders has not been documented.", ["/reports/v1/orders"]),
        ("GET /orders?status=issued is faster.", ["GET /orders"]),
        ("In the Order OV TLS and Order EV TLS requests, leave it out.", ["Order OV TLS", "Order EV TLS"]),
        ("The button List orders on the page is blue.", []),
    ],
)  # fmt: skip
def test_names_of_calls(body: str, names: list[str]) -> None:
    told = entry(f"CertCentral Services API: News about calls\n{body}\n")
    assert [mention.name for mention in told.endpoints] == names


HISTORY = """\
Maintenance history

Apr 5, 2025

Scheduled global maintenance

Completed - The scheduled maintenance has been completed.
Apr 5, 23:41 MDT (Apr 6, 05:41 UTC)

Scheduled - On April 5, 2025, 22:00 – 24:00 MDT (April 6, 2025, 04:00 – 06:00 UTC), we work.
Mar 21, 09:12 MDT (15:12 UTC)

Discovery: slow scans

Resolved - Scans take as long as before.
Apr 5, 13:05 MDT (19:05 UTC)

Investigating - Scans take longer than they should.
Apr 5, 11:02 MDT (17:02 UTC)

Mar 15, 2025

Direct Cert Portal: storage work

Canceled - This maintenance has been called off. We will announce a new date when we have one.
Mar 14, 16:20 MDT (22:20 UTC)

Scheduled - Storage work on March 15, 2025, 20:00 – 21:30 MDT (March 16, 2025, 02:00 – 03:30 UTC).
Mar 3, 10:00 MST (17:00 UTC)
"""


def test_the_history_of_a_status_page() -> None:
    found = entries(HISTORY)
    assert [one.title for one in found] == [
        "Scheduled global maintenance",
        "Discovery: slow scans",
        "Direct Cert Portal: storage work",
    ]
    assert [shown(one.windows) for one in found] == [
        ["2025-04-06 04:00 06:00"],
        [],
        ["2025-03-16 02:00 03:30"],
    ]
    assert [one.published and one.published.text for one in found] == [
        "2025-04-05",
        "2025-04-05",
        "2025-03-15",
    ]
    assert [one.status and one.status.status for one in found] == [None, None, "cancelled"]


DUMPED = """\
[1]Skip to main content

[2]DigiCert docs

  • [3]Products
  • [4]Developers

Change log

Filtering by: 2022 [5]x clear

enhancement

CertCentral Services API: Approval history

The response of the [6]Order info
endpoint now contains these parameters:

  • approved_by.id
  • approval_date

fix

CertCentral: Lost filters

Going back to the page of all domains no longer resets its filters. We fixed this.
"""


def test_numbers_of_links_are_no_text() -> None:
    first, second = entries(DUMPED)
    assert [mention.name for mention in first.endpoints] == ["Order info"]
    assert [mention.name for mention in first.parameters] == ["approved_by.id", "approval_date"]
    assert (second.type, second.title) == ("bugfix", "CertCentral: Lost filters")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("is cancelled. We will announce a new date in the weeks to come.", "cancelled"),
        ("has been postponed. A new date will follow.", "postponed"),
    ],
)
def test_a_date_to_come_is_no_date(said: str, status: str) -> None:
    text = f"Scheduled maintenance\nThe maintenance of May 13, 2025, 22:00 – 24:00 MDT, {said}\n"
    told = entry(text)
    assert told.status is not None
    assert told.status.status == status


def test_moved_to_a_day_that_has_a_window() -> None:
    text = (
        "Maintenance décalée au 14 juin\nCelle du 7 juin aura lieu le 14 juin 2025, de 22:00 à 24:00 HAR "
        "(15 juin 2025, de 04:00 à 06:00 UTC).\n"
    )
    told = entry(text)
    assert told.status is not None
    assert told.status.status == "moved"


FUSED = """\
newCertCentral: Saved views
Filters no longer have to be set every morning. Arrange the page, and select Save view.
enhancementCertCentral Services API: More detail in List orders
For every row, List orders now answers with receipt_id and is_renewed.fixCertCentral: Duplicate emails
Requesters of a duplicate got the same email twice. They get it once.
complianceShorter lives for public TLS certificates
Apple, Mozilla and Google settled on 398 days. Effective September 1, 2020, we issue nothing longer.
"""


def test_labels_that_ran_into_titles() -> None:
    found = entries(FUSED)
    assert [(one.type, one.title) for one in found] == [
        ("feature", "CertCentral: Saved views"),
        ("api_change", "CertCentral Services API: More detail in List orders"),
        ("bugfix", "CertCentral: Duplicate emails"),
        ("policy", "Shorter lives for public TLS certificates"),
    ]
    assert [[product.name for product in one.products] for one in found] == [
        ["CertCentral"],
        ["CertCentral Services API"],
        ["CertCentral"],
        [],
    ]
    for product in found[2].products:
        assert product.span.of(FUSED) == "CertCentral"


UNDERLINED = """\
DIGICERT ONE RELEASE NOTES
==========================

MAY 2024

Software Trust Manager
----------------------

Fixed

- Signing a file larger than 2 GB failed with a time-out.
- The list of keypairs forgot its sort order when you went back to it.

Trust Lifecycle Manager
-----------------------

Seats can be moved between profiles

Until now, a seat belonged to the profile under which it was first enrolled. Move it in one step now.

Retirement of TLS 1.1 on gateways

Gateways older than 3.2 speak TLS 1.1. Upgrade before July 15, 2024; after that day they cannot connect.
"""


def test_titles_below_underlined_sections() -> None:
    assert [one.title for one in entries(UNDERLINED)][-2:] == [
        "Seats can be moved between profiles",
        "Retirement of TLS 1.1 on gateways",
    ]
    assert len(entries(UNDERLINED)) == 4


def test_a_question_above_its_date_is_a_title() -> None:
    text = """\
## CertCentral: Drafts

*September 17, 2024*

Unfinished orders are kept as drafts for 14 days.

## What will the September window bring?

*September 5, 2024*

We exchange hardware on September 7, 2024, 22:00 – 24:00 MDT (September 8, 2024, 04:00 – 06:00 UTC).

## KeyLocker: Share a key

*July 23, 2024*

Leads can lend a key to another user for a day.
"""
    found = entries(text, form=Form.MARKDOWN)
    assert [one.title for one in found] == [
        "CertCentral: Drafts",
        "What will the September window bring?",
        "KeyLocker: Share a key",
    ]
    assert [one.published and one.published.text for one in found] == [
        "2024-09-17",
        "2024-09-05",
        "2024-07-23",
    ]


def test_windows_listed_with_a_line_each() -> None:
    text = """\
<h3>Planned maintenance on November 5 and November 12</h3>
<p>This month we need two evenings:</p>
<ul>
<li>November 5, 2022, 22:00 – 24:00 MDT (November 6, 2022, 04:00 – 06:00 UTC).<br>CIS is out.</li>
<li>November 12, 2022, 22:00 – 24:00 MST (November 13, 2022, 05:00 – 07:00 UTC).<br>CIS is out.</li>
</ul>
<h3>Other news</h3><p>You can now sort the list of domains by their age in days.</p>
"""
    first = entries(text, form=Form.HTML)[0]
    assert shown(first.windows) == ["2022-11-06 04:00 06:00", "2022-11-13 05:00 07:00"]


def test_hours_with_an_end_are_windows_and_no_moments() -> None:
    text = "Maintenance windows\n\n" + "".join(
        f"Scheduled - {name} is down for some minutes.\n2025-05-{day}, 22:00 - 24:00 UTC\n\n"
        for name, day in (("CIS", "03"), ("SCEP", "10"), ("The portal", "17"))
    )
    assert len([window for one in entries(text) for window in one.windows]) == 3


def test_a_history_without_days_is_dated_by_its_moments() -> None:
    text = """\
Status history

API outage
Resolved - All is well.
Mar 2, 2025 10:00 UTC
Investigating - We look into it.
Mar 2, 2025 09:00 UTC

Portal slow
Resolved - Fast again.
Feb 2, 2025 10:00 UTC
Monitoring - A fix is in place.
Feb 2, 2025 09:00 UTC
"""
    found = entries(text)
    assert [one.title for one in found] == ["API outage", "Portal slow"]
    assert [one.dated and one.dated.first.isoformat() for one in found] == ["2025-03-02", "2025-02-02"]


@pytest.mark.parametrize(
    "lines",
    [
        "apiKey: the key of the account\nupdatedAt: when it was changed\nremovedAt: when it went\n",
        "newOrder is sent when an order is placed.\nnewCertificate is sent when one is issued.\n",
        "newOrder() was slow\nnewCert() failed on Windows\n",
        "fixApple connector: certificate pinning now works.\nnewRelic integration: data is exported.\n",
    ],
)
def test_words_that_begin_as_labels_are_no_labels(lines: str) -> None:
    text = (
        f"API changes\n\nMay 3, 2024\n\nNames of things\nThese are the names that you will meet:\n\n{lines}"
    )
    assert [one.title for one in entries(text)] == ["Names of things"]


def test_a_date_and_its_label_in_cells() -> None:
    text = (
        "May 3, 2024 | NEW\nSite Seal: Darker\nSeals are new, and can be had in dark colours as well.\n\n"
        "June 3, 2024 | FIX\nDiscovery: Lost scans\nScans are fixed, which had been lost for a week.\n"
    )
    assert [(one.type, one.published and one.published.text) for one in entries(text)] == [
        ("feature", "2024-05-03"),
        ("bugfix", "2024-06-03"),
    ]


def test_underlined_releases_are_markdown() -> None:
    text = (
        "Changelog\n=========\n\n1.2.0 (2024-05-03)\n------------------\n\n* Fixed: the\n  docs\n\n"
        "1.1.0 (2024-04-03)\n------------------\n\n* Fixed: y\n* Fixed: z\n"
    )
    assert recognise(text) is Form.MARKDOWN


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("The limit is between 5 and 10, and from June 3, 2024, it will be 20.", "2024-06-03"),
        ("Choose between version 2 and 3; by June 3, 2024 you must update.", "2024-06-03"),
        ("A rule that had been planned for years takes effect on June 3, 2024.", "2024-06-03"),
    ],
)
def test_days_that_are_no_end_of_a_range(said: str, day: str) -> None:
    told = entry(f"CertCentral: News about limits\n{said}\n")
    assert [str(effective.day) for effective in told.effective] == [day]


def test_paths_of_files_are_no_endpoints() -> None:
    told = entry(
        "Services API: Paths\nFiles are in /etc/v2/conf and /usr/lib/v3, images at /img/v1/logo.png.\n"
    )
    assert told.endpoints == ()


MAILS = {
    "fields": """\
From: noc@carrier.example
Date: Mon, 3 Feb 2025 09:12:00 +0000
Subject: Planned maintenance CHG-20412: fibre rerouting
Content-Type: text/plain; charset=utf-8

Dear customer,

we hereby inform you of planned work on our network.

Start time: 2025-02-18 22:00 UTC
End time: 2025-02-19 04:00 UTC
Expected impact: up to 30 minutes of outage
Location: Lyon

Kind regards,
Network operations
""",
    "objet": """\
De : support@hebergeur.example
Objet : Maintenance planifiée de la plateforme mail

Bonjour,

Nous remplaçons des disques le mardi 4 mars 2025 de 22 h à 23 h 30 (heure de Paris).

Les boîtes seront inaccessibles pendant 30 minutes au plus.

Cordialement,
L’équipe technique
""",
    "rows": """\
Subject: Scheduled site maintenance window
From: operations@example.com

Hello folks,

We will be doing routine maintenance on the network of all floors and of the test servers.

Outages during the scheduled windows may be sporadic, and some sites will not be down for the whole of them.

Our scheduled maintenance windows are:
* 2010-04-17 18:00 - 22:00 GMT Primary
* 2010-04-18 18:00 - 20:00 GMT Backup
""",
}


@pytest.mark.parametrize(
    ("mail", "title", "windows"),
    [
        (
            "fields",
            "Planned maintenance CHG-20412: fibre rerouting",
            ["2025-02-18 22:00 02-19 04:00"],
        ),
        ("objet", "Maintenance planifiée de la plateforme mail", ["2025-03-04 21:00 22:30"]),
        ("rows", "Scheduled site maintenance window", ["2010-04-17 18:00 22:00", "2010-04-18 18:00 20:00"]),
    ],
)
def test_a_mail_that_gives_notice_of_a_maintenance_is_one_entry(
    mail: str, title: str, windows: list[str]
) -> None:
    told = entry(MAILS[mail])
    assert (told.title, shown(told.windows)) == (title, windows)


def test_a_mail_with_several_pieces_of_news_is_not_titled_by_its_subject() -> None:
    text = """\
From: news@example.com
Subject: News and maintenance

Hello,

March 4, 2025

Orders by date
You can now sort the list of orders by date, in both directions and on each page.

March 2, 2025

Shorter mails
The mails that we send about orders are shorter and name the order in their first line.
"""
    assert [e.title for e in entries(text)] == ["Orders by date", "Shorter mails"]


def test_what_a_greeting_says_is_kept() -> None:
    text = """\
Subject: Scheduled maintenance
From: noc@example.com

Hi all, CIS is down on June 4, 2023, 22:00 – 23:00 UTC!

Please plan for that, and send us your requests before or after it.
"""
    told = entry(text, vendor="digicert")
    assert (told.title, [m.name for m in told.products]) == ("Scheduled maintenance", ["CIS"])


def test_two_mails_in_one_file_are_two_entries() -> None:
    mails = [
        f"From: noc@example.com\nSubject: Scheduled maintenance of {name}\n\nHello,\n\n"
        f"On June {day}, 2023, 22:00 – 23:00 UTC, {name} is down while we replace its disks.\n\nRegards\n"
        for name, day in (("CIS", 4), ("SCEP", 11))
    ]
    told = entries("\n".join(mails), vendor="digicert")
    assert ["2023-06-04 22:00 23:00"] in [shown(one.windows) for one in told]
    assert ["2023-06-11 22:00 23:00"] in [shown(one.windows) for one in told]


def test_fields_of_a_mail_that_no_pack_knows() -> None:
    text = (
        "X-Spam: no\nX-Mailer: x\nSubject: Scheduled maintenance\n\nHello,\n\nCIS is down on June 4, 2023.\n"
    )
    assert entry("From: noc@example.com\n" + text).title == "Scheduled maintenance"


def test_a_greeting_is_no_piece_of_news() -> None:
    text = """\
From: news@example.com
Subject: Product update

Hello,

You can now sort the list of orders by date. We added a switch to the Orders page.

We fixed a bug that hid renewed orders from the list.
"""
    told = entries(text)
    assert [e.title.split()[0] for e in told] == ["You", "We"]
    assert told[0].span.start == 0
