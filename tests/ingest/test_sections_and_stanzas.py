"""Titles above titles, words below them, rows under them: where entries begin in pages of many parts."""

from __future__ import annotations

from reading import entries, entry, shown

from ingest.model import Form, Status

STATUS = """\
Riverbend Cloud status

[AMS-2] Firmware of the core switches
Scheduled
Tuesday, March 4, 2025, 22:00 – 24:00 CET
Every rack loses its uplink once, for a few seconds, while its switch restarts.

[AMS-1] Test of the diesel generators
Postponed
March 11, 2025, 08:00–09:00 CET
The fuel has not been delivered in time, so that we have to wait for another week.

[OSL-1] New batteries
Moved
Was: March 12, 2025, 20:00–22:00 CET
Now: March 19, 2025, 20:00–22:00 CET (19:00–21:00 UTC)
The work takes place in the second room, where no customer has any hardware.
"""


def test_each_titled_stanza_is_an_entry() -> None:
    found = entries(STATUS)
    assert [one.title[:7] for one in found] == ["[AMS-2]", "[AMS-1]", "[OSL-1]"]
    assert [shown(one.current_windows) for one in found] == [
        ["2025-03-04 21:00 23:00"],
        ["2025-03-11 07:00 08:00"],
        ["2025-03-19 19:00 21:00"],
    ]
    assert [one.status and one.status.status for one in found] == [None, Status.POSTPONED, Status.MOVED]


def test_a_stanza_of_few_words_with_its_hours_is_one_of_them() -> None:
    more = [
        f"{place} patches\nDone. The shop was down for 12 minutes.\nMarch {day}, 2025, 08:00–09:00 CET\n"
        for place, day in (("Paris", 21), ("Lyon", 22))
    ]
    told = entries("\n".join((STATUS, *more)))
    assert [one.title for one in told][3:] == ["Paris patches", "Lyon patches"]
    assert [shown(one.windows) for one in told][3:] == [
        ["2025-03-21 07:00 08:00"],
        ["2025-03-22 07:00 08:00"],
    ]


GROUPS = """\
GA 2.3.0

New calls

Call | What it is for
GET /pools/{poolId}/past | Read what a pool was before

The answer is sorted by date, and holds no more than a hundred states of the pool, the last one first.

User interface

Pools have a page of their own, with a chart of the answers of each member over the last day.

Resolved issues

- Two alerts were mailed for one check that failed.
"""


def test_a_title_between_groups_of_changes_is_one_of_them() -> None:
    assert [one.title.partition(" ")[0] for one in entries(GROUPS)] == ["New", "User", "Two"]


PRODUCTS = """\
March 2025

DigiCert® CA Manager

Names in the wizard

When you create an intermediate certificate authority, the wizard asks for a name that others can read.

Fixed

- Lists of authorities with more than a thousand rows could not be sorted by their date.
- The help text of the last step was cut off on small screens.

DigiCert® KeyLocker

Keys can be moved

Administrators move keys between accounts without help from support, as long as both belong to one company.

What can I do?

- Read the guide before you move the first key.
- Ask us for a test account.
"""


def test_a_products_name_alone_heads_the_entries_below_it() -> None:
    found = entries(PRODUCTS, vendor="digicert")
    assert [one.title for one in found][0::3] == ["Names in the wizard", "Keys can be moved"]
    assert len(found) == 4
    assert found[3].published is not None
    assert found[3].published.text == "2025-03"
    assert {m.name for m in found[3].products} == {"KeyLocker"}


LISTED = """\
Upcoming maintenance
On May 3, 2025, between 22:00 – 24:00 MDT (May 4, 2025, between 04:00 – 06:00 UTC), these services are down:
Affected services
CertCentral
KeyLocker
What can I do?
Place orders that cannot wait before the window opens, or after it has been closed again.
"""


def test_names_of_affected_products_head_nothing() -> None:
    assert {m.name for m in entry(LISTED, vendor="digicert").products} == {"CertCentral", "KeyLocker"}


LABELLED = """\
June 9th 2020
FIX
Reports of a whole year no longer stop at the first of December, whatever the time zone of the account.
Reports that were stored before are made anew as soon as somebody opens them for the first time.
FEATURE
Contacts can be sorted by the day on which they were added, and those who left can be hidden.
June 2nd 2020
FEATURE
The search on the orders page looks into notes too, which makes it slower in very large accounts.
"""


def test_the_text_below_a_labelled_one_goes_on() -> None:
    assert [len(one.blocks) for one in entries(LABELLED)] == [4, 2, 3]


def test_a_label_below_a_title_tells_its_kind() -> None:
    text = """\
May 19, 2025
(2025-R19) Node versions
Changed
Clusters that have not been pinned to a version are now created with the one before the newest.

May 12, 2025
(2025-R18) Consoles
Changed
The console opens with the project that was open when you left, not with the first in the list.
"""
    assert [one.title for one in entries(text)] == ["(2025-R19) Node versions", "(2025-R18) Consoles"]


SCHEDULE = """\
Maintenance calendar 2023 | Help
Every window of the year that we know of stands on this page, with what will be down.
Windows open on Saturdays. Nobody orders much on that evening, as we have seen.
All regions
CertCentral and KeyLocker
Date
Time
Saturday, January 7, 2023
22:00 – 24:00 MST
Saturday, February 4, 2023
22:00 – 24:00 MST
Saturday, March 4, 2023
22:00 – 24:00 MST
Europe
| Date | Time |
| --- | --- |
| Saturday, April 1, 2023 | 09:00 – 11:00 MDT |
| Saturday, May 6, 2023 | 09:00 – 11:00 MDT |
Frequently asked questions
Certificates that are installed already do not depend on any of these windows, nor do revocations.
"""


def test_a_schedules_page_has_an_introduction_sections_and_an_end() -> None:
    found = entries(SCHEDULE, vendor="digicert")
    assert [len(one.windows) for one in found] == [0, 1, 1, 1, 1, 1, 0]
    firsts = [SCHEDULE[one.span.start :].split("\n")[0] for one in found]
    assert firsts[1] == "All regions"
    assert firsts[4] == "Europe"
    assert firsts[6] == "Frequently asked questions"


def test_versions_that_are_listed_head_nothing() -> None:
    text = """\
May 19, 2025
Changed
These versions can be chosen for new clusters, the first of each channel without asking:

  Stable channel
    1.30.12-rc.5
    1.31.6-rc.4
  Rapid channel
    1.33.1-rc.9

May 12, 2025
Changed
Older versions are still there.
"""
    assert len(entries(text)) == 2


def test_the_same_day_is_the_one_told_before() -> None:
    text = """\
Planned maintenance
On March 4, 2023, between 22:00 – 24:00 MST (March 5, 05:00 – 07:00 UTC), we replace disks.
Europe
The same day, from 09:00 to 11:00 MST (16:00 to 18:00 UTC), we replace disks in Amsterdam.
"""
    assert shown(entry(text).windows) == ["2023-03-05 05:00 07:00", "2023-03-04 16:00 18:00"]


def test_rows_that_ran_together_are_cut_before_their_weekdays() -> None:
    text = (
        "Saturday, January 7, 2023, 22:00 – 24:00 MST (05:00 – 07:00 UTC) – no downtime"
        "Saturday, February 4, 2023, 22:00 – 24:00 MST (05:00 – 07:00 UTC) – canceled\n"
    )
    assert [text[one.span.start :][:21] for one in entries(text)] == [
        "Saturday, January 7, ",
        "Saturday, February 4,",
    ]


def test_a_row_is_not_cut_inside_brackets() -> None:
    text = """\
Core switches
Wednesday, October 8, 2025, 00:00 – 04:00 CEST (October 7, 22:00 – October 8, 02:00 UTC)
"""
    assert shown(entry(text).windows) == ["2025-10-07 22:00 10-08 02:00"]


def test_a_label_below_a_marked_title_tells_of_it() -> None:
    page = (
        "<main><h1>Change log</h1><h2>May 2, 2024</h2>"
        "<h3>CertCentral: Saved views</h3><p><span class='label'>Enhancement</span></p><p>Save one now.</p>"
        "<h3>CertCentral: Dark pages</h3><p>Pages can be dark now.</p></main>"
    )
    assert [one.title for one in entries(page, form=Form.HTML)] == [
        "CertCentral: Saved views",
        "CertCentral: Dark pages",
    ]


def test_headings_below_a_group_are_entries_beside_entries_one_level_up() -> None:
    page = (
        "# Release notes\n\n## May 20, 2025\n\n### New\n\n#### Connector for vaults\n\nKeep them in a vault."
        "\n\n#### Bulk revocation by tag\n\nOn the Inventory page, select a tag and revoke.\n\n"
        "## April 8, 2025\n\n### Shorter certificates\n\nThey end sooner.\n\n### Webhooks name the seat\n\n"
        "A webhook now says which seat it is about.\n"
    )
    assert [one.title for one in entries(page, form=Form.MARKDOWN)] == [
        "Connector for vaults",
        "Bulk revocation by tag",
        "Shorter certificates",
        "Webhooks name the seat",
    ]


def test_a_title_in_two_languages_over_the_names_of_languages_is_no_table() -> None:
    page = (
        "Change log | Journal des modifications\nEnglish | Français\nnew\nCertCentral: Order of lists\n"
        "Lists show the newest order first.\n\nfix\nCertCentral: Lost filters\nWe fixed a bug in filters.\n"
    )
    assert [one.title for one in entries(page)] == [
        "CertCentral: Order of lists",
        "CertCentral: Lost filters",
    ]


def test_the_first_title_below_a_pages_introduction_begins_an_entry() -> None:
    text = (
        "DIGICERT 2023 RELEASE NOTES\nYou can read all notes of the year in one place.\n"
        "Shorter reuse of organization validation\n"
        "The browsers have cut the time. Starting September 12, 2023, we reuse it for 397 days at most.\n"
    )
    assert [one.title for one in entries(text)][-1] == "Shorter reuse of organization validation"


def test_an_example_above_a_date_ends_its_entry() -> None:
    text = (
        "November 3, 2022\nCertCentral Services API: Sort the results of List requests\n"
        "You can sort what the List requests endpoint (GET /request) returns.\n"
        "Example: /services/v2/request?sort=date_created\nOctober 11, 2022\n"
        "CertCentral: Copy the body of a request\nA new button shows the order as JSON.\n"
    )
    sort, copy = entries(text)
    assert "Example: /services/v2/request" in sort.span.of(text)
    assert copy.title == "CertCentral: Copy the body of a request"


def test_a_table_of_windows_below_its_own_heading_is_not_the_entrys_above() -> None:
    text = """\
# Release notes

## December 17, 2025

### Records by country

You may publish other records in each country. Nothing changes unless you do, and there is nothing to do.

### Maintenance in January

| Date | Hours | What happens |
|---|---|---|
| January 8, 2026 | 02:00–03:00 UTC | Frankfurt: new routers. |
| January 15, 2026 | 02:00–04:00 UTC | Ashburn: new power supply. |

### Search across zones

The control panel finds records in all zones of an account, by name, by content and by kind.
"""
    told = entries(text, form=Form.MARKDOWN)
    assert [len(e.windows) for e in told] == [0, 1, 1, 0]
    assert told[1].span.of(text).startswith("### Maintenance in January")
