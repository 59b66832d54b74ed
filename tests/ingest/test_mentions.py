"""Are language, type, products, endpoints and parameters those that the text names?"""

from __future__ import annotations

import pytest
from reading import entries, entry

from ingest.model import EntryType, Form


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("CertCentral: Bulk domain validation\nYou can now validate many domains in one step.\n", "en"),
        ("CertCentral : validation groupée\nVous pouvez désormais valider plusieurs domaines.\n", "fr"),
        (
            "Nouvelle API : List domains\nThe endpoint now returns the status of each domain of yours.\n",
            "en",
        ),
        (
            "API change: List domains\nCe point de terminaison renvoie désormais l’état de chaque domaine.\n",
            "fr",
        ),
    ],
)
def test_an_entry_is_in_the_language_of_its_text_not_of_its_title(text: str, lang: str) -> None:
    assert entry(text).lang == lang


def test_a_page_says_its_language_where_the_text_does_not() -> None:
    page = "<html lang='{}'><body><h1>API</h1><h2>v2</h2><p>GET /v2/orders</p></body></html>"
    assert {e.lang for e in entries(page.format("fr-CA"), form=Form.HTML)} == {"fr"}
    assert {e.lang for e in entries(page.format("en"), form=Form.HTML)} == {"en"}


ABOVE = "Scheduled maintenance\nOn May 7, 2022, 22:00 – 24:00 MDT, we do maintenance.\n\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Scheduled maintenance\nOn June 4, 2022, 22:00 – 24:00 MDT, we do maintenance.\n", "maintenance"),
        ("Maintenance planifiée\nLe 4 juin 2022 de 22:00 à 24:00 HAR, maintenance.\n", "maintenance"),
        ("Services API: new parameter\nList domains takes the status_type parameter.\n", "api_change"),
        ("CertCentral: Bulk download\nYou can now download all your certificates at once.\n", "feature"),
        ("CertCentral : Téléchargement groupé\nVous pouvez désormais les télécharger.\n", "feature"),
        ("Bug fixed\nWe fixed a bug where the report was empty.\n", "bugfix"),
        ("Correctif\nNous avons corrigé un bogue à cause duquel le rapport était vide.\n", "bugfix"),
        ("End of the old console\nOn May 1, 2022, we will discontinue the old console.\n", "deprecation"),
        ("Industry changes\nThe CA/Browser Forum requires shorter certificate validity.\n", "policy"),
    ],
)  # fmt: skip
def test_the_kind_of_announcement(text: str, kind: str) -> None:
    told = entries(ABOVE + text)[-1]
    assert told.type == kind
    assert any(cue.decision == f"type:{kind}" and cue.weight > 0 for cue in told.cues)


API = (
    "Services API: new parameters\n"
    "We added the domain_locking_status and filters[validation] parameters to the List domains endpoint\n"
    "(GET /v2/domain).\n"
)


def test_products_endpoints_and_parameters_with_their_characters() -> None:
    told = entry(API, vendor="digicert")
    assert [m.name for m in told.products] == ["CertCentral Services API"]
    assert [m.name for m in told.endpoints] == ["List domains", "GET /v2/domain"]
    assert [m.name for m in told.parameters] == ["domain_locking_status", "filters[validation]"]
    assert [m.span.of(API) for m in (*told.endpoints, *told.parameters)] == [
        m.name for m in (*told.endpoints, *told.parameters)
    ]
    assert [m.span.of(API) for m in told.products] == ["Services API"]


def test_a_full_address_is_a_path_of_its_method() -> None:
    text = (
        "API change\nPUT https://www.example.test/services/v2/certificate/{id}/revoke takes skip_approval.\n"
    )
    told = entry(text)
    assert [m.name for m in told.endpoints] == [
        "PUT https://www.example.test/services/v2/certificate/{id}/revoke"
    ]
    assert [m.name for m in told.parameters] == ["skip_approval"]


def test_a_small_word_inside_a_name_does_not_part_it() -> None:
    text = "Services API: new call\nSend a request to the new Order Secure Email for Individual endpoint.\n"
    assert [m.name for m in entry(text, vendor="digicert").endpoints] == ["Order Secure Email for Individual"]
    text = "Services API: new filter\nWe extended the Services API for List orders endpoints.\n"
    assert "List orders" in [m.name for m in entry(text, vendor="digicert").endpoints]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The endpoint takes two: filters[created]filters[status]", ["filters[created]", "filters[status]"]),
        ("It works with the filters[status]\nand limit\nparameters.", ["filters[status]", "limit"]),
        ("Avec le paramètre facultatif\nlocale\n, vous fixez la langue du message.", ["locale"]),
        ("We added the optional parameter\nlocale\n. Its default is\nenglish\n.", ["locale"]),
        ("Pass sort\n with a name, and page with limit\n and offset\n.", ["sort", "limit", "offset"]),
        ("Read the status from the validations array, which holds all of them.", ["validations"]),
    ],
)  # fmt: skip
def test_names_that_lost_their_markup(text: str, names: list[str]) -> None:
    told = entry(f"CertCentral Services API: List orders\n{text}\n", vendor="digicert")
    assert [m.name for m in told.parameters] == names


LISTS = [
    "These endpoints take a certificate out of sight and bring it back:\n"
    "Shelve certificate\nFetch certificate\nBoth answer at once.",
    "To make it simpler to follow, two endpoints have changed:\nShelve certificate\n"
    "It answers with status 204 now.\nFetch certificate\nThe answer is sorted by date.",
]


@pytest.mark.parametrize("text", LISTS)
def test_names_in_a_list_that_lost_its_marks(text: str) -> None:
    told = entry(f"CertCentral Services API: Shelves\n{text}\n", vendor="digicert")
    assert [m.name for m in told.endpoints] == ["Shelve certificate", "Fetch certificate"]


def test_names_in_a_list_end_before_what_is_said_of_them() -> None:
    said = (
        "Three endpoints help you:\n- List shelves\n- Shelf info\n- Create shelf from template, with shelf_id"
    )
    told = entry(f"CertCentral Services API: Shelves\n{said}\n", vendor="digicert")
    assert [m.name for m in told.endpoints] == ["List shelves", "Shelf info", "Create shelf from template"]


@pytest.mark.parametrize(
    "text",
    [
        "enhancement\nCertCentral: e-mail preview\nYou can look at one. The old one, a bug to many, is gone.",
        "Amélioration\nCertCentral : aperçu des e-mails\nVous le pouvez voir. Avant, un bogue le cachait.",
        "Improvement\nClearer error messages in KeyLocker\nIf a key is refused, it now says why: wrong PIN.",
    ],
)  # fmt: skip
def test_what_is_labelled_as_better_is_no_fix_for_a_word_further_down(text: str) -> None:
    assert entries(f"{ABOVE}{text}\n")[-1].type == "feature"


def test_french_names_of_calls_are_found_as_printed() -> None:
    text = (
        "API de services CertCentral : Révoquer un certificat\n"
        "Nous avons mis à jour le point de terminaison Révoquer un certificat.\n"
    )
    told = entry(text, vendor="digicert")
    assert [m.name for m in told.endpoints] == ["Révoquer un certificat"]
    assert [m.name for m in told.products] == ["CertCentral Services API"]


def test_the_longest_product_name_counts_and_case_does_too() -> None:
    text = (
        "Names\nOrders for code signing, S/MIME and VMC moved from CertCentral to DigiCert ONE.\n"
        "Your account manager can tell you more about Trust Lifecycle Manager.\n"
    )
    told = entry(text, vendor="digicert")
    assert [m.name for m in told.products] == [
        "Code Signing", "S/MIME", "Verified Mark Certificates", "CertCentral", "DigiCert ONE",
        "Trust Lifecycle Manager",
    ]  # fmt: skip


def test_without_a_vendor_pack_types_dates_endpoints_and_parameters_are_found() -> None:
    text = (
        "Shipping API: labels\nStarting June 4, 2022, POST /v2/labels requires the label_format parameter.\n"
    )
    told = entry(text)
    assert (told.type, told.products) == ("api_change", ())
    assert [e.day.isoformat() for e in told.effective] == ["2022-06-04"]
    assert [m.name for m in told.endpoints] == ["POST /v2/labels"]
    assert [m.name for m in told.parameters] == ["label_format"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The response of the Order DV/OV TLS endpoint names the domain.", ["Order DV/OV TLS"]),
        ("We added a locale parameter to the Validate CN/SAN names endpoint.", ["Validate CN/SAN names"]),
        (
            "Le point de terminaison Renouveler un certificat EV/OV est obsolète.",
            ["Renouveler un certificat EV/OV"],
        ),
        ("Der Endpunkt Add TLS/SSL order liefert nun den Preis.", ["Add TLS/SSL order"]),
        (
            "Neue Domänen\nDie Endpunkte List domains und Domain info bleiben unverändert.",
            ["List domains", "Domain info"],
        ),
        (
            "Manage your Account Funds with two new endpoints: View funds and Top up funds.",
            ["View funds", "Top up funds"],
        ),
        (
            "Services API: Team endpoints\nWork with teams from your own code.\nNew API endpoints\n"
            "List team members\nAdd team member\nSee the reference for examples.",
            ["List team members", "Add team member"],
        ),
        (
            "API de services : équipes\nVous pouvez gérer les équipes.\nNouveaux points de terminaison\n"
            "Répertorier les équipes\nAjouter une équipe\nConsultez la documentation.",
            ["Répertorier les équipes", "Ajouter une équipe"],
        ),
        ("The projects.regions.clusters.get method returns labels.", ["projects.regions.clusters.get"]),
        ("You can call users.messages.list for all of them.", ["users.messages.list"]),
        ("La méthode invoices.send accepte une langue.", ["invoices.send"]),
        ("Mend the result of View product list, at GET /product.", ["View product list", "GET /product"]),
        ("Services API: lists\nPlease use GET /orders", ["GET /orders"]),
        ("Calls of the API\nName Path\nList orders GET /orders", ["List orders", "GET /orders"]),
        ("Calls of the API\nName Path\nList orders – GET /orders", ["List orders", "GET /orders"]),
        ("Calls of the API\nChanged\nList the orders – GET /orders", ["GET /orders"]),
        ("The legacy Duplicate order call (POST /order/copy) goes.", ["Duplicate order", "POST /order/copy"]),
        ("Updates\nThe New user endpoint now answers in French.", ["New user"]),
        (
            "Endpoints\nAdded on Monday: with Run report now (POST /report) it begins.",
            ["Run report now", "POST /report"],
        ),
        ("The settings.theme.color field is read-only.", []),
    ],
)
def test_endpoints_by_names_with_slashes_in_bare_lists_and_by_their_steps(
    text: str, names: list[str]
) -> None:
    assert [m.name for m in entry(text + "\n").endpoints] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We replaced a failing disk array and two switches.", []),
        ("List users endpoint: the tags array may hold 20 items.", ["tags"]),
        (
            "In Update logo settings, pass the API values in one branding\nobject, see color.main\n.",
            ["branding", "color.main"],
        ),
        ("In the List users endpoint we added two filters and one response parameter.", []),
        ("A request that reuses a request_key now gets 409 key_reused.", ["request_key"]),
        ("Nouveau webhook : l'API envoie l'événement invoice.paid.", []),
        ("The order.updated webhook of the API carried the local time.", []),
        ("Le 8 avril à 07:00 UTC, aucune coupureSamedi 6 mai.", []),
        ("The API returns page_offset page_limit and so on.", ["page_offset", "page_limit"]),
        ("Enter the day\n(date of birth) in the field.", []),
        ("With POST /sign, `timestamp` set to false is heard.", []),
        ("GET /x returns fail_count, lastStatusand next_day.", ["fail_count", "lastStatus", "next_day"]),
        ("PATCH /orders is refused in the state on_hold and takes no until_day.", ["until_day"]),
        ("Unknown columns of GET /orders raise invalid_column.", []),
        ("PUT /revoke: the optional comments\n(string) may be long.", ["comments"]),
    ],
)
def test_what_is_no_parameter_beside_what_is(text: str, names: list[str]) -> None:
    assert [m.name for m in entry(text + "\n").parameters] == names


def test_what_begins_like_a_resource_is_no_parameter() -> None:
    text = (
        "## 2.1\n\nFEATURES:\n\n* **New resource:** `harbor_label`\n\nENHANCEMENTS:\n\n"
        "* `harbor_project`: new optional argument `retention_days`\n"
    )
    told = entries(text, form=Form.MARKDOWN)
    assert [m.name for e in told for m in e.parameters] == ["retention_days"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In POST /v1/ca, the field expiresAt is now called validUntil.", ["expiresAt", "validUntil"]),
        ("GET /v2/kunden kennt den Filter (bis 200). Mit neuSeit erhalten Sie nur neue.", ["neuSeit"]),
    ],
)  # fmt: skip
def test_a_small_word_in_a_name_opens_no_text(text: str, names: list[str]) -> None:
    assert [m.name for m in entry(text + "\n").parameters] == names


def test_a_call_without_its_first_slash() -> None:
    told = entry("GET users/:id/notes and PUT and/or PATCH are answered.\n")
    assert [m.name for m in told.endpoints] == ["GET users/:id/notes"]


def test_calls_with_what_changes_below_each_are_one_change() -> None:
    text = """\
GA 4.1.0

The release is about templates, and about the answers of a few calls.

Breaking changes

  • GET /templates

    • The answer comes in pages. Use the query parameters pageSize and pageToken.

  • PATCH /records/{recordId}

    • The property ttlSeconds replaces ttl.

New endpoints

  • POST /templates/{templateId}/apply
"""
    _, changed, new = entries(text)
    assert [mention.name for mention in changed.endpoints] == ["GET /templates", "PATCH /records/{recordId}"]
    assert {mention.name for mention in changed.parameters} == {"pageSize", "pageToken", "ttlSeconds", "ttl"}
    assert [mention.name for mention in new.endpoints] == ["POST /templates/{templateId}/apply"]


def test_a_sentence_about_a_name_in_a_list_of_calls_is_no_call() -> None:
    told = entry(
        "Changed endpoints\nThese endpoints answer in another way:\n\n  • GET /user\n\n"
        "    • Inactive users are left out unless include_inactive is set.\n"
    )
    assert [mention.name for mention in told.endpoints] == ["GET /user"]


def test_what_introduces_a_release_and_its_groups_is_a_notice() -> None:
    text = """\
GA 2.3.0

Version 2.3.0 went live on March 9, 2027. Two old calls come to their end, so please set aside an hour.

Breaking changes

  • POST /domains/bulk

    • No longer returns templateId.

New endpoints

  • GET /probes

GA 2.2.1

With this hotfix, records that contain a semicolon are accepted again. They had been refused.
"""
    assert [one.type for one in entries(text)] == [
        EntryType.NOTICE,
        EntryType.API_CHANGE,
        EntryType.API_CHANGE,
        EntryType.BUGFIX,
    ]
