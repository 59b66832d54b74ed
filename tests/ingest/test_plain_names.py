"""Ordinary words as names of parameters: where the grammar says so, and nowhere else."""

from __future__ import annotations

import pytest
from reading import entry

TITLE = "CertCentral Services API: News about a call\n"
CALL = "The List orders endpoint (GET /order/certificate) "


def named(text: str) -> list[str]:
    return [mention.name for mention in entry(text).parameters]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("pages its results with limit and offset.", ["limit", "offset"]),
        ("no longer insists on csr when a request is sent again.", ["csr"]),
        ("returned one page too many with limit set to 1000.", ["limit"]),
        ("can be put in order with sort.", ["sort"]),
        ("takes an optional comments string.", ["comments"]),
        ("changed. The optional pinned parameter keeps it on top.", ["pinned"]),
        ("changed. The requested parameter is there.", []),
        ("changed. The field comments is optional from now on.", ["comments"]),
        ("changed, and comments is now optional.", ["comments"]),
        ("changed, and label is required.", ["label"]),
        ("rejects requests without comments with 400.", ["comments"]),
        ("changed. Set status to approved or rejected.", ["status"]),
        ("changed. If you leave out limit, 500 are returned.", ["limit"]),
        ("changed. Leave amount out to capture all of it.", ["amount"]),
        ("has new members. They have title, status and detail now.", ["title", "status", "detail"]),
        ("returns order_id and status for each of them.", ["order_id", "status"]),
        ("changed. page starts at 0.", ["page"]),
        ("changed. descriptor is renamed to statement_text.", ["descriptor", "statement_text"]),
        ("has one more answer: GET /order/certificate?sort=name answers twice as fast.", ["sort"]),
    ],
)
def test_a_name_stands_where_an_article_is_wanting(said: str, names: list[str]) -> None:
    assert named(f"{TITLE}{CALL}{said}\n") == names


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("tient maintenant compte de limit et d’offset.", ["limit", "offset"]),
        ("comporte street, city et country.", ["street", "city", "country"]),
        ("a changé. Le champ note devient obligatoire.", ["note"]),
        ("a changé. Une requête sans comments est rejetée.", ["comments"]),
        ("renvoie lastModified (auparavant mtime).", ["lastModified", "mtime"]),
    ],
)
def test_english_names_stand_out_in_french(said: str, names: list[str]) -> None:
    head = "API de services CertCentral : Nouveautés\nLe point de terminaison Répertorier les commandes "
    assert named(f"{head}{said}\n") == names


@pytest.mark.parametrize(
    "said",
    [
        "sorts the list by name, status, or date.",
        "changed. Open the list and sort it by method.",
        "changed. To stay clear of that limit, ask for fewer rows.",
        "changed. The search field of the page is larger.",
        "changed. Polling for the order status is no longer needed.",
        "lost the comments to the validation team.",
        "changed. Click the organizational unit field.",
        "changed in order to save time.",
        "changed. Orders have no limit until you set one.",
    ],
)
def test_ordinary_words_stay_ordinary(said: str) -> None:
    assert named(f"{TITLE}{CALL}{said}\n") == []


def test_outside_of_an_api_they_are_words() -> None:
    assert named("CertCentral: Larger lists\nThe Orders page pages its rows with limit and offset.\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "Send these parameters:\n\n  • limit\n\n  • sort\n",
        "Add one or both of these query parameters:\n\nlimit\n\nsort\n\nWithout them, you get all.\n",
        "In the body, send\nlimit\nand, if you like, a\nsort\nthat orders the rows.\n",
        "Request parameters\nlimit (integer) – how many rows\nsort (string) – their order\n",
        "Parameter: limit\nType: integer\n\nParameter: sort\nType: string\n",
    ],
)
def test_names_on_lines_of_their_own(body: str) -> None:
    assert named(f"{TITLE}{CALL}changed.\n\n{body}") == ["limit", "sort"]


def test_a_name_above_its_description_is_no_value_of_it() -> None:
    body = "It has two new fields:\n\ndcv_token\n\nthe value that you publish\n\ndcv_until\n\nits last day\n"
    assert named(f"{TITLE}{CALL}changed. {body}") == ["dcv_token", "dcv_until"]


def test_what_is_returned_beside_a_name_is_no_value_of_it() -> None:
    assert named(f"{TITLE}GET /log returns `actorType` in addition to `actorId`.\n") == [
        "actorType",
        "actorId",
    ]


def test_a_line_opens_as_its_neighbours_do() -> None:
    body = "The answer has these:\n\n  • replayed tells what it is.\n\n  • request_date tells when it came.\n"
    assert named(f"{TITLE}{CALL}changed. {body}") == ["replayed", "request_date"]


def test_columns_drawn_with_blanks() -> None:
    body = "It has these members:\n\n    scheme       integer   fees\n    tax          integer   tax\n"
    assert named(f"{TITLE}{CALL}changed. {body}") == ["scheme", "tax"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("shows caa_blocked in the status_detail parameter.", ["status_detail"]),
        ("accepts an optional dcv_scope. Set it to base_domain if it counts for all.", ["dcv_scope"]),
        ("has a reason_code. Possible values are: key_lost, key_stolen, no_longer_used.", ["reason_code"]),
        ("can have one more value, waiting_for_payment, in status_code.", ["status_code"]),
        (
            "changed. Its dcv_mode parameter in the List orders endpoint accepts by_mail and by_txt.",
            ["dcv_mode"],
        ),
        ("changed. Set dcv_mode to email, dns-txt-token or http-token.", ["dcv_mode"]),
        ("changed: pay_method must be pre_paid or by_card.", ["pay_method"]),
        (
            "shows:\n\nauto_renew – on, off, or not_supported\n\ndcv_until – the last day",
            ["auto_renew", "dcv_until"],
        ),
        (
            "takes:\n\nbill_to: street_name, zip_code and job_title",
            ["bill_to", "street_name", "zip_code", "job_title"],
        ),
        ("shows:\n\nfirst_name – yours, last_name – of the family", ["first_name", "last_name"]),
    ],
)
def test_values_are_no_names(said: str, names: list[str]) -> None:
    assert named(f"{TITLE}{CALL}{said}\n") == names


@pytest.mark.parametrize(
    "said",
    [
        "Your order is required. Label is the word.",
        "Contact us by email or phone, and include name, title and email.",
        "For details and comments, write to us.",
        "In total, amount and currency are shown.",
        "Set status to away. Leave comments to the team.",
        "The reason is simple: comments is what they want.",
        'The word "pending" appears on the "orders" page if "order_state" is set.',
    ],
)
def test_prose_on_a_page_of_an_api_stays_prose(said: str) -> None:
    odd = {"order_state"}
    assert set(named(f"API changelog\n\n2024-05-03\n\nSupport\n{said}\n")) <= odd
