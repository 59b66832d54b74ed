"""What is a call's name, what a parameter, what only a value of one?  Days that hold, and rows by cells."""

from __future__ import annotations

import pytest
from reading import entries, entry, shown

from ingest.model import EntryType, Form
from ingest.parameters import _run_together

API = "CertCentral Services API: What is new\n"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (
            "In requests to Order OV/EV SSL, Order DV SSL, and List orders, send less.",
            ["Order OV/EV SSL", "Order DV SSL", "List orders"],
        ),
        ("Calling Revoke certificate without a reason fails now.", ["Revoke certificate"]),
        ("You no longer call Sign hash for each file.", ["Sign hash"]),
        ("Call Update seal settings and pass sealSize.", ["Update seal settings"]),
        (
            "The calls concerned are Order DV SSL (POST /order/dv) and no others.",
            ["Order DV SSL", "POST /order/dv"],
        ),
        (
            "Call List orders (Répertorier les commandes) once a day.",
            ["List orders", "Répertorier les commandes"],
        ),
        ("We switch off the getCertificateStatus call in May.", ["getCertificateStatus"]),
        ("The getCertificateStatus field is gone.", []),
        ("Send it to https://api.acme.test/v3/exports?format=csv.", ["https://api.acme.test/v3/exports"]),
        ("Read https://docs.acme.test/v3/exports to learn how.", []),
        ("L’appel Tester le webhook répond plus vite.", ["Tester le webhook"]),
        (
            'The field is optional in both the "List contributors" and "Get a contributor" operations.',
            ["List contributors", "Get a contributor"],
        ),
        ("We changed the “Update a set on a DNSZone” operation.", ["Update a set on a DNSZone"]),
        ("The “Expiring soon” query and the “Awaiting approval” query are faster.", []),
        ('The "Last sign-in" column shows what the "List keys" operation returns.', ["List keys"]),
    ],
)
def test_names_of_calls_end_where_their_sentence_goes_on(said: str, names: list[str]) -> None:
    assert [m.name for m in entry(API + said + "\n", vendor="digicert").endpoints] == names


@pytest.mark.parametrize("mark", ["<b>{}</b>", "<em>{}</em>", "<i>{}</i>", "<strong>{}</strong>"])
def test_marked_names_of_what_calls_do(mark: str) -> None:
    page = "<html><body><h2>Stamps</h2><p>{}.</p></body></html>"
    told = page.format(mark.format("Create stamp") + " takes <code>colour_name</code>")
    pressed = page.format("Select " + mark.format("Create stamp") + " and fill in <code>colour_name</code>")
    assert [m.name for m in entry(told, form=Form.HTML).endpoints] == ["Create stamp"]
    assert entry(pressed, form=Form.HTML).endpoints == ()
    assert entries(page.format(mark.format(" ") + "<code>a_b</code>"), form=Form.HTML)


def test_a_request_with_its_body_names_its_call() -> None:
    page = "<html><body><h2>Stamps</h2><p>A stamp has a colour now:</p><pre>{}</pre></body></html>"
    request = 'POST /stamps/{id}\n{"colour": "red", "due": "2031-01-05"}'
    told = entry(page.replace("{}", request), form=Form.HTML)
    assert [m.name for m in told.endpoints] == ["POST /stamps/{id}"]
    assert told.effective == (), "days of examples take no effect"
    answer = page.replace("{}", '{"see": "GET /stamps"}')
    assert entry(answer, form=Form.HTML).endpoints == ()


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("It needs role_name. Allowed values are key_admin, key_user, and key_none.", ["role_name"]),
        ("Both need the role_name\nparameter.\nAllowed values are a_b\n, c_d\n, and e_f\n.", ["role_name"]),
        ("Les valeurs admises de role_name sont key_admin et key_user.", ["role_name"]),
        ("A failed order has its own error, for instance order_is_closed.", []),
        ("Put it into roleNames[], for example signer_only.", ["roleNames[]"]),
        ("Who asks for role_name gets 400 and no_such_field.", ["role_name"]),
        (
            "Name | Type | Notes\nrole_name | string | key_all (default) or key_user\nend | date | Optional",
            ["role_name", "end"],
        ),
        ("Name | Type | Change\nrole_id | string | removed, use role_name", ["role_id", "role_name"]),
        ("The `ticket-ref` parameter is new, and `dns-cname` a value.", ["ticket-ref"]),
        ("Le champ order_ref ainsi que ticket-ref est obligatoire.", ["order_ref", "ticket-ref"]),
        ("- callback-url (string)\n- role_name (string)", ["callback-url", "role_name"]),
        ("GET /orders?filters[role]=a&sort=-day", ["filters[role]", "sort"]),
        ("La requête contient « label » (chaîne) et, si besoin, « color ».", ["label", "color"]),
        ("The answer is « pending » or « label ».", []),
        (
            "The call returns two more values:\nrole_name\nrole_id\nBoth may be empty.",
            ["role_name", "role_id"],
        ),
        ("The call returns new values in the status field:\nkey_user\nkey_none\nDone.", ["status"]),
        ("The role_id field of the answer contains new values:\nkey_user\nkey_none\nDone.", ["role_id"]),
    ],
)
def test_values_of_parameters_are_no_names(said: str, names: list[str]) -> None:
    (told, *_) = entries(API + said + "\n", vendor="digicert")
    assert [m.name for m in told.parameters] == names


@pytest.mark.parametrize(
    ("said", "days"),
    [
        (
            "From Tuesday, May 6, 2025, on, keys are checked. On the following Monday, all are.",
            ["2025-05-06", "2025-05-12"],
        ),
        (
            "La limite vaut à partir du vendredi 13 mars 2026 ; les autres suivront le lundi d’après.",
            ["2026-03-13", "2026-03-16"],
        ),
        ("The change has been active since July 14, 2025.", ["2025-07-14"]),
        ("For this reason, since July 14, 2025, we refuse short keys.", ["2025-07-14"]),
        ("Old keys had to be replaced; since July 14, 2025, no new ones may be made.", ["2025-07-14"]),
        (
            "Since July 14, 2025, browsers refuse certificates of more than 398 days that were issued later.",
            ["2025-07-14"],
        ),
        ("For an order placed on January 15, 2026, for example, we look at the logo.", []),
        ("Set it to a day, for instance January 15, 2026.", []),
        ("Entre le 25 août et le 2 septembre 2025, certains comptes ont paru vides.", []),
        ("Les rapports faits entre le 5 et le 12 janvier 2026 affichaient mal les noms.", []),
        ("Vom 25. August 2025 bis zum 2. September 2025 waren einige Konten leer.", []),
        ("Du 25 août 2025 jusqu'au 2 septembre 2025, certains comptes ont paru vides.", []),
        ("We had planned to switch off the first version of the calls on March 3, 2025.", []),
        ("Adobe avait annoncé dès le 3 juin 2025 qu’il cesserait.", []),
    ],
)
def test_days_that_hold_and_days_that_only_illustrate(said: str, days: list[str]) -> None:
    told = entry(f"CertCentral: Keys\n{said}\n", vendor="digicert")
    assert [each.day.isoformat() for each in told.effective] == days


def test_a_day_after_an_entry_was_published_is_to_come() -> None:
    page = "<h1>News</h1><h2>March 18, 2025</h2><h3>Tokens</h3><p>Old ones are discontinued on {}.</p>"
    told = [
        [each.day.isoformat() for each in entries(page.format(day), form=Form.HTML)[-1].effective]
        for day in ("July 1, 2025", "March 1, 2025")
    ]
    assert told == [["2025-07-01"], []]


HEAD = "Maintenance calendar 2023\nThis page lists all windows of the year.\n"


def test_rows_with_a_cell_a_line_are_told_by_their_head() -> None:
    """The last cells of a row may say anything, or be wanting."""
    log = HEAD + (
        "North America\nDate\nLocal time\nUTC\nStatus\nRemarks\n"
        "Sat, Jan 7\n22:00 – 24:00 MST\nSun, Jan 8, 05:00 – 07:00 UTC\nCompleted\nCertCentral only\n"
        "Sat, Feb 4\n22:00 – 24:00 MST\nSun, Feb 5, 05:00 – 07:00 UTC\nCanceled\n–\n"
        "Sat, Mar 4\n22:00 – 24:00 MST\nSun, Mar 5, 05:00 – 07:00 UTC\nPlanned\n"
        "Sat, Jul 8\n22:00 – 24:00 MDT\nSun, Jul 9, 04:00 – 06:00 UTC\nPlanned\nClocks stay as they are\n"
    )
    rows = [each for each in entries(log, vendor="digicert") if each.windows]
    assert [shown(row.windows) for row in rows] == [
        ["2023-01-08 05:00 07:00"],
        ["2023-02-05 05:00 07:00"],
        ["2023-03-05 05:00 07:00"],
        ["2023-07-09 04:00 06:00"],
    ]
    assert [m.name for m in rows[0].products] == ["CertCentral"]
    assert rows[1].status


def test_a_head_ends_with_a_cell_that_no_pack_knows() -> None:
    log = HEAD + (
        "Date\nHours\nWhat is affected\n"
        "Saturday, January 7\n15:00 – 17:00 CET\n(14:00 – 16:00 UTC)\nNothing noticeable\n"
        "Saturday, April 1\n15:00 – 17:00 CEST\n(13:00 – 15:00 UTC)\nAll of it is down for one hour\n"
    )
    rows = [each for each in entries(log) if each.windows]
    assert [log[row.span.start :].split("\n")[0] for row in rows] == ["Date", "Saturday, April 1"]


def test_a_day_before_a_colon_opens_a_row() -> None:
    log = "Planned maintenance 2025\n\nAmerican calendar\n" + (
        "January 4: 22:00 – 24:00 MST (January 5, 05:00 – 07:00 UTC). Nothing is expected to go down.\n"
        "February 1: 22:00 – 24:00 MST (February 2, 05:00 – 07:00 UTC). The console is away.\n"
    )
    assert [shown(each.windows) for each in entries(log)] == [
        ["2025-01-05 05:00 07:00"],
        ["2025-02-02 05:00 07:00"],
    ]


def test_the_day_of_a_row_may_stand_in_its_second_cell() -> None:
    log = HEAD + (
        "Region\nDate\nTime\nRemarks\n"
        "Global\nSaturday, January 7, 2023\n22:00 – 24:00 MST\nNone\n"
        "Europe\nSaturday, January 14, 2023\n09:00 – 11:00 MST\nDown for 25 minutes\n"
        "Global\nSaturday, February 4, 2023\n22:00 – 24:00 MST\nNone\n"
    )
    rows = [each for each in entries(log, vendor="digicert") if each.windows]
    assert [shown(row.windows) for row in rows] == [
        ["2023-01-08 05:00 07:00"],
        ["2023-01-14 16:00 18:00"],
        ["2023-02-05 05:00 07:00"],
    ]
    assert [[o.minutes for o in row.outages] for row in rows] == [[], [25], []]


def test_blocks_of_fields_are_entries() -> None:
    block = "Platform: {}\nDate: Saturday, {} 2023\nHours: Zurich 17:00 – 19:00 CET (16:00 – 18:00 UTC)\n"
    log = (
        HEAD
        + "\n"
        + "\n".join(map(block.format, ("One", "Two", "Three"), ("4 March", "11 March", "4 November")))
    )
    assert [shown(each.windows) for each in entries(log, vendor="digicert") if each.windows] == [
        ["2023-03-04 16:00 18:00"],
        ["2023-03-11 16:00 18:00"],
        ["2023-11-04 16:00 18:00"],
    ]


def test_headings_that_come_again_over_lists_are_groups() -> None:
    """Whatever they are called: no pack knows these."""
    release = (
        "## 2.{0} - 2024-0{0}-05\n\n### Wonderful\n\n- Orders can be copied.\n- Keys can be named.\n\n"
        "### Mended\n\n- The list was empty.\n\n"
    )
    told = entries("# Releases\n\n" + "".join(map(release.format, (3, 2))), form=Form.MARKDOWN)
    assert [each.title for each in told if each.type is not EntryType.NOTICE] == 2 * [
        "Orders can be copied",
        "Keys can be named",
        "The list was empty",
    ]


@pytest.mark.parametrize(
    ("printed", "window"),
    [
        (
            "from 10 p.m. MDT on April 9, 2022, until midnight (04:00 – 06:00 UTC on Sunday, April 10, 2022)",
            "2022-04-10 04:00 06:00",
        ),
        ("from 10 p.m. MDT on Saturday, April 9, 2022, until 11 p.m.", "2022-04-10 04:00 05:00"),
        (
            "le 24 mai 2025 de 22h00 à 23h30, heure avancée de l’Est (25 mai 2025, 02h00 à 03h30 UTC)",
            "2025-05-25 02:00 03:30",
        ),
        ("on May 24, 2025, 22:00 – 23:30 Eastern Daylight Time", "2025-05-25 02:00 03:30"),
    ],
)
def test_a_day_behind_the_beginning_and_zones_by_their_names(printed: str, window: str) -> None:
    assert shown(entry(f"Maintenance\nWe work {printed}.\n").windows) == [window]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (
            "We have so far corrected page_size in Create record and Update record.",
            ["Create record", "Update record"],
        ),
        ("Create record and Update record have ignored page_size.", ["Create record", "Update record"]),
        ("The page_size field is what List sensors returns.", ["List sensors"]),
        ("List record sets gives page_size back.", ["List record sets"]),
        ("With page_size unset, List orders leaves rows out.", ["List orders"]),
        ("In the body of a Create voucher order request, page_size is new.", ["Create voucher order"]),
        ("Select Create order on the Order details page to see page_size.", []),
        ("With page_size too large, the answer has a Retry-After header.", []),
        ("Give your user the permission View seats to read page_size.", []),
        ("Le champ page_size vaut pour Créer un rapport et Modifier un rapport.", None),
        (
            "The schema has the mutation rolloverKey and the query keyRollovers.",
            ["rolloverKey", "keyRollovers"],
        ),
    ],
)
def test_names_of_calls_in_the_middle_of_a_sentence(said: str, names: list[str] | None) -> None:
    expected = ["Créer un rapport", "Modifier un rapport"] if names is None else names
    assert [m.name for m in entry(API + said + "\n", vendor="acme").endpoints] == expected


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ('Register it with a body like {"secret": "s3cr3t", "expires_in": 86400}.', ["secret", "expires_in"]),
        ("What was qps is called queries_per_second.", ["qps", "queries_per_second"]),
        (
            "The parameter that links an order to the one it renews is now called renewed_order.",
            ["renewed_order"],
        ),
        ("Send the optional note parameter (string, 250 characters at most).", ["note"]),
        ("List orders returns on_hold in the status field.", ["status"]),
        ("filters[name_contains](string)\npage_size(int)", ["filters[name_contains]", "page_size"]),
    ],
)
def test_names_that_are_sent_renamed_or_typed(said: str, names: list[str]) -> None:
    (told, *_) = entries(API + said + "\n", vendor="digicert")
    assert [m.name for m in told.parameters] == names


def test_stages_in_items_and_in_cells() -> None:
    items = "Version 3 is switched off region by region:\n\n- Japan: {}\n- Europe: {}\n"
    cells = "Version 3 is switched off.\n\n| Region | Calls |\n|---|---|\n| Japan | {} |\n| Europe | {} |\n"
    for shape in (items, cells):
        text = "# Log\n\n## 2026-01-13\n\n### Version 3\n\n" + shape.format("2026-03-03", "2026-03-17")
        told = entries(text, form=Form.MARKDOWN)[-1]
        assert [each.day.isoformat() for each in told.effective] == ["2026-03-03", "2026-03-17"], shape


def test_a_row_below_a_title_of_its_own_belongs_to_it() -> None:
    part = "<details><summary><h3>{}</h3></summary><p>{}: 10:00 PM – 11:59 PM MDT</p><p>CIS.</p></details>"
    page = (
        "<h2>Maintenance</h2>"
        + part.format("America", "April 5, 2025")
        + part.format("Asia", "April 6, 2025")
    )
    told = entries(page, form=Form.HTML, vendor="digicert")
    assert [(each.title, len(each.windows)) for each in told[-2:]] == [("America", 1), ("Asia", 1)]


def test_aligned_rows_with_utc_in_square_brackets() -> None:
    log = HEAD + (
        "\nJan 11 (Sat)   22:00-24:00 MST   [Jan 12, 05:00-07:00 UTC]\n"
        "               Storage. CIS is down for up to 10 minutes.\n"
        "Mar 4 (Sat)    22:00-24:00 MST   [Mar 5, 05:00-07:00 UTC]    CANCELLED\n"
        "Apr 1 (Sat)    22:00-24:00 MDT   [Apr 2, 04:00-06:00 UTC]\n"
    )
    rows = [each for each in entries(log, vendor="digicert") if each.windows]
    assert [shown(row.windows) for row in rows] == [
        ["2023-01-12 05:00 07:00"],
        ["2023-03-05 05:00 07:00"],
        ["2023-04-02 04:00 06:00"],
    ]
    assert rows[1].status


def test_texts_that_blank_lines_set_apart() -> None:
    days = ["October 24, 2023", "October 3, 2023", "September 26, 2023", "August 1, 2023"]
    text = (
        "{}\n\nYou can now follow an order from the first click to the issued certificate, step by step.\n"
        "The new list shows who took each of them, and how long it had to wait before that was done.\n\n"
        "We repaired the export of the Users page, whose names used to be spread over two columns.\n\n"
        "Does your software read the export? Then have a look at it, for its columns are other ones now.\n\n"
    )
    told = entries("News\n\n" + "".join(map(text.format, days)))
    assert len([each for each in told if each.type is not EntryType.NOTICE]) == 2 * len(days)


def test_literals_joined_over_many_lines_are_read_to_the_end() -> None:
    told = entries(
        "Services API: Codes\nThe call GET /a answers 400 and\n" + "a_b\nand\n" * 1_000, vendor="digicert"
    )
    assert told


def test_a_length_with_a_no_break_space_in_its_number() -> None:
    log = "Maintenance\nLe 4 juin 2025, de 22:00 à 24:00 UTC, arrêt d’une dizaine\u00a0de minutes.\n"
    assert [each.minutes for each in entry(log).outages] == [10]


def test_a_head_whose_last_cell_no_pack_knows_begins_no_row() -> None:
    row = "June {}, 2025\n22:00 - 24:00 UTC\n{}\n"
    log = "Works\nAll works of the year.\nDate\nTime\nWhat\n" + "".join(
        map(row.format, (4, 11, 18), ("Databases", "Network", "Disks"))
    )
    rows = [each for each in entries(log) if each.windows]
    assert [(shown(each.windows), each.span.of(log).split("\n")[-1]) for each in rows] == [
        (["2025-06-04 22:00 06-05 00:00"], "Databases"),
        (["2025-06-11 22:00 06-12 00:00"], "Network"),
        (["2025-06-18 22:00 06-19 00:00"], "Disks"),
    ]


def test_tables_of_markdown_have_bars_around_them() -> None:
    table = "| Field | Type | Notes |\n|---|---|---|\n| user_id | string | one |\n| name | string | its |\n"
    told = entries("# API\n\n## Users\n\n" + table, form=Form.MARKDOWN)[-1]
    assert [m.name for m in told.parameters] == ["user_id", "name"]


@pytest.mark.parametrize(
    "said",
    [
        "Read more at https://www.acme.test/news/v2/launch now.",
        "We move to https://app.acme.test/v2/login soon.",
        "Read the blog at /blog/v2/new-app today.",
        "On the API keys page, click Create API key.",
    ],
)
def test_what_is_no_call(said: str) -> None:
    assert entry(f"CertCentral: News\n{said}\n", vendor="digicert").endpoints == ()


def test_an_api_and_the_address_of_many_calls_are_no_calls() -> None:
    told = entry(
        "API des pare-feu\nL’API v2 des pare-feu (`GET /v2/firewalls`, `POST /v2/firewalls`) sera arrêtée."
        " Tous les appels sous `/networks/api/v1` répondent désormais en JSON.\n",
        form=Form.MARKDOWN,
    )
    assert {mention.name for mention in told.endpoints} == {"GET /v2/firewalls", "POST /v2/firewalls"}


def test_names_that_ran_together_are_told_apart_by_the_others() -> None:
    text = """\
November 5, 2024

CertCentral Services API: State of sensors

The List sensors endpoint (GET /discovery/sensor) tells more about each of them.

New response parameters: sensor_versionlast_scan_datescan_status

The version stands in sensor_version, the day of the last scan in last_scan_date, its outcome in scan_status.
"""
    told = entry(text, vendor="digicert")
    assert {m.name for m in told.parameters} == {"sensor_version", "last_scan_date", "scan_status"}
    assert told.parameters[0].span.of(text) == "sensor_version"


def test_a_name_without_end_is_not_looked_into() -> None:
    assert _run_together("scan_statuslast_scan", {"scan_status", "last_scan"}) == (11, 9)
    assert _run_together("scan_statuslast_scan" * 5_000, {"scan_status", "last_scan"}) == ()


def test_words_of_a_sentence_that_ran_into_a_name_are_no_part_of_it() -> None:
    text = f"""{API}\
Fields that you will not find in answers any more:
report_id
(string)report_id
field. Nobody needs the workflow that began with such a report_id
value.report.run_state
(string)run_state
field. Read what the new run_states
object tells instead.owner_contacts
(array of objects)owner_contacts
list. It was empty for years.
"""
    names = ["report_id", "report.run_state", "run_state", "run_states", "owner_contacts"]
    assert [m.name for m in entry(text, vendor="digicert").parameters] == names


@pytest.mark.parametrize("sign", ["", "• "])
def test_names_one_a_line_keep_their_paths(sign: str) -> None:
    lines = ["the order by its order_id" if sign else "order_id", "value.run_state", "with its new owner_id"]
    text = f"{API}We added these fields to the response:\n" + "".join(f"{sign}{line}\n" for line in lines)
    names = ["order_id", "value.run_state", "owner_id"]
    assert [m.name for m in entry(text, vendor="digicert").parameters] == names


def test_a_literal_alone_on_its_line_is_no_end_of_a_list() -> None:
    lines = (
        "hash_info",
        "object instead.reviewers",
        "(array)For DV orders, the",
        "reviewers",
        "array was empty.",
    )
    text = f"{API}We removed what nobody reads. Ask for the\n" + "".join(f"{line}\n" for line in lines)
    assert [m.name for m in entry(text, vendor="digicert").parameters] == ["hash_info", "reviewers"]


def test_what_the_reader_may_do_in_a_maintenance_names_no_call() -> None:
    text = """\
Scheduled maintenance
On June 4, 2023, 22:00 – 24:00 MDT, the Services API, the Order info endpoint and their answers are slow.
Plan accordingly:
• Sign documents and builds in the morning, European time.
"""
    assert [m.name for m in entry(text, vendor="digicert").endpoints] == ["Order info"]
