"""Titles that are complete, or lost here and there: which text begins an entry, and which goes on?"""

from __future__ import annotations

import pytest
from reading import entries, shown

from ingest.model import Form
from ingest.readers import read, recognise

DATED = """\
May 7, 2024

Order list remembers your columns

The columns that you choose on the Orders page are kept between sessions, for each user of the account.

Starting June 4, 2024, reports will open with the same columns, which nobody has to choose once more.

March 12, 2024

Comments on invoices

An invoice has room for a comment now, which stands on every page of the printed form as well.

We fixed a bug in the form meanwhile, so that long comments are no longer cut off at their end.

January 9, 2024

Guest access for auditors

Auditors sign in with an address of their own, and see everything without changing anything at all.

You can now also hand out access for a week, after which the address stops working by itself.
"""


def titles(text: str) -> list[str]:
    return [entry.title for entry in entries(text, vendor="digicert")]


def test_no_entry_lacks_a_title_where_all_dates_stand_over_one() -> None:
    told = entries(DATED, vendor="digicert")
    assert [entry.title for entry in told] == [
        "Order list remembers your columns",
        "Comments on invoices",
        "Guest access for auditors",
    ]
    assert [e.day.isoformat() for e in told[0].effective] == ["2024-06-04"]


LOST = """\
CertCentral: Order list remembers your columns
The columns that you choose on the Orders page are kept between sessions, for each user of the account.
{first}
CertCentral: Comments on invoices
An invoice has room for a comment now, which stands on every page of the printed form as well.
{second}
CertCentral: Guest access for auditors
Auditors sign in with an address of their own, and see everything without changing anything at all.
In DigiCert Discovery, scans of internal networks may be limited to the hours that nobody works in.
"""
STRONG = "We fixed a bug in the {} form where a long remark was cut off at its end."
WEAK = "Most browsers show the {} form without its borders, however wide the window is drawn."


def test_a_title_elsewhere_tells_nothing_where_titles_are_lost() -> None:
    """The last text begins an entry only on a page that mixes both."""
    mixed, titled = (
        titles(LOST.format(first=said.format("guest"), second=said.format("billing")))
        for said in (STRONG, WEAK)
    )
    assert len(mixed) == 6
    assert mixed[-1].startswith("In DigiCert Discovery")
    assert len(titled) == 3


def test_what_goes_on_with_a_title_begins_no_entry() -> None:
    text = LOST.format(
        first="You can now move them with the keyboard, too, which many of you had asked us for.",
        second="You can now print them without the comment as well, if you choose so in the dialog.",
    )
    assert len(titles(text)) == 3


OPENED = "".join(
    f"{title}\nBackground\n{reason}\nWhat can I do?\nWrite to those who look after your account.\n"
    for title, reason in (
        ("Approvals by mail", "Approvers had to sign in, even for an order that they had seen coming."),
        ("Larger order notes", "Notes had room for a line only, which was too little for most of you."),
        (
            "Invoices by division",
            "Divisions wanted to pay for themselves, and not for others.",
        ),
        ("Search by serial number", "Serial numbers are long, and few people know them by heart in full."),
    )
)


def test_a_sub_heading_that_opens_entries_tells_their_titles() -> None:
    assert titles(OPENED) == [
        "Approvals by mail",
        "Larger order notes",
        "Invoices by division",
        "Search by serial number",
    ]


LOOKS = """\
Log of maintenances

This page tells what is planned, and what came of it afterwards.

Scheduled maintenance on June 7, 2025

On June 7, 2025, from 22:00 to 24:00 MDT (June 8, 2025, 04:00 to 06:00 UTC), CIS is maintained.

A look back

Scheduled maintenance on May 3, 2025

On May 3, 2025, from 22:00 to 24:00 MDT (May 4, 2025, 04:00 to 06:00 UTC), CIS was maintained.
"""


def test_a_line_over_several_titles_goes_with_the_first() -> None:
    told = entries(LOOKS, vendor="digicert")
    assert [entry.title for entry in told][-2:] == [
        "Scheduled maintenance on June 7, 2025",
        "Scheduled maintenance on May 3, 2025",
    ]
    assert told[-1].span.of(LOOKS).startswith("A look back")


# -- forms -----------------------------------------------------------------------------------------

MAIL = "News of spring\n\n{0}\n{1}\n\n* Orders are quicker.\n\n{2}\n{3}\n\n* Reports are shorter.\n"


@pytest.mark.parametrize(
    ("titles", "form"),
    [
        (("Thursday, 26 June 2025", "Thursday, 12 June 2025"), Form.TEXT),
        (("26 juin 2025", "12 juin 2025"), Form.TEXT),
        (("Version 2.4.0 (2025-06-26)", "Version 2.3.1 (2025-06-12)"), Form.MARKDOWN),
        (("v4", "v3"), Form.MARKDOWN),
    ],
)
def test_underlined_days_make_no_markdown(titles: tuple[str, str], form: Form) -> None:
    one, other = titles
    text = MAIL.format(one, "-" * max(3, len(one)), other, "-" * max(3, len(other)))
    assert recognise(text) is form


def test_the_line_above_a_signature_is_no_heading() -> None:
    text = "# News\n\n## Orders\n\nThey are quicker.\n\nRegards,\nMaren\n--\nThe API team\n"
    assert "heading" not in {
        b.kind.value for b in read(text.encode(), "m", Form.MARKDOWN).blocks if b.span.start > 20
    }


def test_headings_may_be_underlined_with_two_dashes() -> None:
    text = (
        "1.2.0 (2024-05-03)\n--\n\n- Orders are quicker.\n\n1.1.0 (2024-04-03)\n--\n\n- Reports are short.\n"
    )
    told = entries(text, form=Form.MARKDOWN)
    assert not [entry.title for entry in told if "--" in entry.title]


FUSED = """\
June 7, 2025Reports keep their columns
The columns that you choose for a report are kept between sessions.May 27, 2025
Invoices carry your order number
An order number that you enter at checkout is printed on the invoice.May 6, 2025Exports keep leading zeros
Exports to CSV no longer cut off the zeros. They cover the time from May 1, 2024 to today.
"""


def test_days_that_ran_into_the_lines_around_them_are_headings() -> None:
    told = entries(FUSED, vendor="digicert")
    assert [(entry.title, entry.published.text) for entry in told if entry.published] == [
        ("Reports keep their columns", "2025-06-07"),
        ("Invoices carry your order number", "2025-05-27"),
        ("Exports keep leading zeros", "2025-05-06"),
    ]
    assert len(told) == 3


def test_below_a_list_goes_on_what_names_nothing_new() -> None:
    text = """\
December 10, 2020

The Submit for validation endpoint has learned two request parameters:

• verified_contact_id

• skip_phone_check

With the first you say whom we should call. The second takes true or false.

October 2, 2020

We fixed a bug in exports to CSV, which cut off the zeros at the start of a number.
"""
    told = entries(text, vendor="digicert")
    assert len(told) == 2
    assert told[0].span.of(text).endswith("true or false.")


UNTITLED = """\
You can now check up to 25 domains at once on the Domains page of CertCentral.
{text}
We fixed a bug that caused the order report to show the wrong expiry date for renewed certificates.
We added two optional parameters to the Order SSL certificate endpoint: cert_validity and dcv_method.
As of June 3, 2024, DigiCert no longer issues certificates from the old intermediate. Install the new one.
Verified Mark Certificates are now available in CertCentral. Upload your logo as you order.
"""


@pytest.mark.parametrize(
    "text",
    [
        "Code Signing certificates can be sent to you on a token.\n"
        "The token arrives within five working days, at the address of your organization.",
        "On May 4, 2024, we move our databases to other hosts.\nCIS and SCEP:\nOrders wait for an hour.",
        "Starting May 4, 2024, orders need a phone number.\n"
        "Certificates of before that day keep the whole of their lifetime, which is two years.",
        "We added filters to the Orders page that are kept for you.\n"
        "To have none of them again, click Reset in the upper right corner, beside the list.",
        "Update, May 2, 2024: The work on CIS was dropped from this window.\n"
        "On May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC), we replace storage.",
        "As of May 4, 2024, two calls end:\n• GET /monitors\n• GET /checks\n"
        "CIS answers both calls with an error from then on, which says what to send instead.",
        "We are happy to announce that KeyLocker keeps the keys of your Code Signing certificates.\n"
        "The KeyLocker weighs nothing: what used to lie in a drawer is reached from any desk in any town.",
        "Nous avons le plaisir d’annoncer que le sceau de site est proposé avec tous les certificats.\n"
        "Le sceau de site indique ce qui a été vérifié : nom, adresse, et jour du dernier contrôle.",
        "Invoices are sent to several addresses, and one of them may be that of a mailing list.\n"
        "In your CertCentral account, in the menu on the left, select Finances and Settings.",
        "Les factures sont envoyées à plusieurs adresses, dont celle d’une liste de diffusion.\n"
        "Dans votre compte CertCentral, dans le menu de gauche, ouvrez Finances puis Paramètres.",
    ],
    ids=[
        "takes up what was introduced",
        "names a part",
        "until the day told above",
        "purpose",
        "update",
        "both",
        "product named above",
        "produit nommé",
        "steps",
        "étapes",
    ],
)
def test_what_goes_on_on_a_page_without_titles(text: str) -> None:
    said = UNTITLED.format(text=text)
    told = [said[entry.span.start : entry.span.end].strip() for entry in entries(said, vendor="digicert")]
    assert told[1] == text
    assert len(told) == 6


WINDOWS = ["2024-05-05 04:00 06:00", "2024-05-11 15:00 17:00"]
FIRST = "May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC)"
SECOND = "May 11, 2024, 09:00 – 11:00 MDT (15:00 – 17:00 UTC)"


@pytest.mark.parametrize(
    "text",
    [
        f"We plan the following maintenance windows:\n{FIRST}\n{SECOND}\nOn the first evening, SCEP is down.",
        f"Some services stop while we replace their disks:\nCertCentral: {FIRST}\nTrustLink: {SECOND}",
        f"CIS and PKI Platform 8 move to another data center.\nStep 1: {FIRST}\nStep 2: {SECOND}",
        f"We will maintain these instances:\nInstance | Window\nGlobal | {FIRST}\nEurope | {SECOND}",
    ],
    ids=["a list without marks", "a list with names", "numbered steps", "a table"],
)
def test_windows_below_the_text_that_leads_to_them(text: str) -> None:
    told = entries(UNTITLED.format(text=text), vendor="digicert")
    assert shown(told[1].windows) == WINDOWS
    assert len(told) == 6


def test_the_line_of_rights_below_the_last_rule_is_no_entry() -> None:
    text = f"{DATED}\n---\n\n© Some Company, Inc. – This page is made by itself\n"
    assert titles(text) == titles(DATED)


def test_a_text_below_a_label_is_not_titled_by_the_page() -> None:
    text = "Release notes\n\nApril 22, 2024\n\nFeature\n\nYou can now attach several policies.\n\n"
    text += "Fixed\n\nScaling no longer stalls when a pool is resized twice.\n\n"
    text += "Issue\n\nBackups failed for an hour.\n"
    assert titles(text)[0] == "You can now attach several policies"
    assert len(titles(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "To reduce errors, Trust Lifecycle Manager now checks each CSR before it is sent to us.",
        "To support larger teams, each account can now have up to 500 users in CertCentral.",
        "Pour chaque commande, CertCentral affiche maintenant le nom de la personne qui l’a approuvée.",
        "The email for renewals no longer goes to people who have left your company.",
        "Platform 8: On May 4, 2024, 22:00 – 24:00 MDT (May 5, 04:00 – 06:00 UTC), it is down for us all.",
        "The Order SSL certificate endpoint takes two more parameters, cert_validity and dcv_method.",
    ],
    ids=["for a purpose", "each", "for each", "an article", "a number", "a call"],
)
def test_what_begins_an_entry_on_a_page_without_titles(text: str) -> None:
    above = "DigiCert sends an email about each order of an SSL certificate, and one about its renewal."
    said = UNTITLED.format(text=f"{above}\n{text}")
    told = [said[entry.span.start : entry.span.end].strip() for entry in entries(said, vendor="digicert")]
    assert text in told


RULED = """\
CertCentral Services API: Notes in Order info
The Order info endpoint now returns the notes of an order, each with the day on which it was written:
order_notes
written_on
Both are empty for orders without a note. They are told in the order in which they were written by you.
Shorter reuse of domain validation
A ballot of the forum of browsers cuts the time for which the validation of a domain may be used again.
{text}
Bugfix: Reminders for orders that are closed
Reminders went out for orders which had been closed, and we fixed the job that sends them to your users.
CertCentral: Export of the list of domains
The Domains page has a second format for its export, and the columns are those that you see on the page.
"""


@pytest.mark.parametrize(
    "text",
    [
        "From June 12, 2024, a validation lasts for 199 days, with OV and EV certificates or renewals.",
        "From June 12, 2024, their whole chain lasts for 199 days, whoever has bought such certificates.",
    ],
    ids=["a word of the title", "their"],
)
def test_the_day_of_what_a_title_announces_stays_with_it(text: str) -> None:
    told = entries(RULED.format(text=text), vendor="digicert")
    assert [one.title[:7] for one in told] == ["CertCen", "Shorter", "Bugfix:", "CertCen"]
    assert [one.day.isoformat() for one in told[1].effective] == ["2024-06-12"]


BARE = """\
You can now validate up to 25 domains at once from the Domains page. Choose how to prove control.
{maintenance}
We fixed a bug that caused the order report to show the wrong expiry date for renewed certificates.
We added two optional parameters to the Order SSL certificate endpoint: cert_validity and dcv_method.
Starting June 3, 2024, DigiCert will no longer issue certificates from the old intermediate.
Verified Mark Certificates are now available in CertCentral. Upload your logo as you order.
"""
GLOBAL = "May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC)"
EUROPEAN = "May 11, 2024, 09:00 – 11:00 MDT (May 11, 2024, 15:00 – 17:00 UTC)"


@pytest.mark.parametrize(
    "maintenance",
    [
        f"Our databases move to new hosts in two steps.\n• 1. {GLOBAL}: nothing can be changed.\n"
        f"• 2. {EUROPEAN}: TrustLink is down for 20 minutes.",
        f"Two nights are needed for the upgrade.\nWhen | Affected\n"
        f"{GLOBAL} | CertCentral\n{EUROPEAN} | TrustLink",
        f"These instances are upgraded:\nInstance | Window | Downtime\nGlobal | {GLOBAL} | 10 minutes\n"
        f"Europe | {EUROPEAN} | 20 minutes\nSigning waits for that long.",
        f"We will perform maintenance in two regions.\nGlobal maintenance\nOn {GLOBAL}, it is down.\n"
        f"Europe maintenance\nOn {EUROPEAN}, TrustLink is down.",
        f"We will work in two regions.\nGlobal maintenance\nOn {GLOBAL}, CertCentral is down.\n"
        f"Europe maintenance\nOn {EUROPEAN}, TrustLink is down.",
    ],
    ids=["steps", "nights", "led in to", "regions", "regions, below a sentence"],
)
def test_a_short_text_without_a_title_begins_the_maintenance_whose_windows_it_counts(
    maintenance: str,
) -> None:
    told = entries(BARE.format(maintenance=maintenance), vendor="digicert")
    assert [len(entry.windows) for entry in told] == [0, 2, 0, 0, 0, 0]
    assert told[1].title.rstrip(".") == maintenance.split("\n")[0].rstrip(".:")


def test_what_names_no_hours_is_no_line_of_the_hours_above_it() -> None:
    text = f"""\
Guest access
Auditors sign in with an address of their own, and see everything without changing anything at all.
Europe maintenance
On {EUROPEAN}, TrustLink is down.
We fixed a bug that caused the order report to show the wrong expiry date for renewed certificates.
"""
    told = [entry.type.value for entry in entries(text, vendor="digicert")]
    assert told[1:] == ["maintenance", "bugfix"]


LABELLED = """\
Filtering by: renewal x clear
enhancement

CertCentral: Orders that renew themselves

An order can be renewed on its own, thirty days before its certificate expires and in its own name.

{subheading}

We added a switch to the order's page. An order with it renews itself before its certificate expires.

new

Shorter names of products

Products go by shorter names from today on; their codes in the API stay what they have always been.
"""


@pytest.mark.parametrize("subheading", ["Renewing existing orders", "Switch it on for an order"])
def test_where_the_first_entry_has_a_label_a_title_without_one_stands_inside_an_entry(
    subheading: str,
) -> None:
    told = entries(LABELLED.format(subheading=subheading), vendor="digicert")
    assert [e.title for e in told] == [
        "CertCentral: Orders that renew themselves",
        "Shorter names of products",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "We fixed a bug that made two jobs of one report run at once.",
        "Our certificates are issued from three locations.",
        "Ordering a certificate now takes two steps.",
        "Reports can be sent on two evenings a week, to any address of your choice and as a file.",
    ],
)
@pytest.mark.parametrize("title", ["", "Scheduled maintenance\n\n"])
def test_what_counts_other_things_takes_no_maintenance_for_its_own(said: str, title: str) -> None:
    text = f"{said}\n\n{title}On {GLOBAL}, CertCentral is not available for 10 minutes.\n"
    assert [len(e.windows) for e in entries(text, vendor="digicert")] == [0, 1]


MAINTENANCE = f"On {GLOBAL}, CertCentral is not available."


@pytest.mark.parametrize(
    ("above", "text"),
    [
        ("Update, May 2, 2024: The new domains page is there for all accounts, with filters.", MAINTENANCE),
        (
            "Domains in CertCentral can be exported as a file, with the day of each check and its outcome.",
            "The CertCentral sign-in page remembers whoever came before, and asks for a password alone.",
        ),
        (
            "Expired orders can be hidden, so that the list of orders is a short one again.",
            "When a request is declined, open tasks of that request are closed, and nobody is reminded.",
        ),
    ],
    ids=["update of something else", "the product's page", "open orders"],
)
def test_what_begins_anew_on_a_page_without_titles(above: str, text: str) -> None:
    said = f"{above}\n\n{text}\n"
    told = [entry.span.of(said).strip() for entry in entries(said, vendor="digicert")]
    assert told == [above, text]


def test_a_label_over_the_newest_entry_alone_says_nothing_of_the_others() -> None:
    text = """\
new

Larger exports

Exports hold a hundred thousand rows, and are made in the background while you go on with your work.

Names for keys

Keys have names of your choice, which stand in the list of keys and in the mails that we send about them.

Sorting of requests

Requests can be sorted by the day on which they were last changed, from the head of each of the columns.
"""
    assert [e.title for e in entries(text)] == ["Larger exports", "Names for keys", "Sorting of requests"]
