"""Are effective days, outages, status and place in time what the text states?"""

from __future__ import annotations

import pytest
from reading import entries, entry, shown

from ingest.model import DateBasis, Status

MAINTENANCE = "Scheduled maintenance\nOn June 4, 2022, 22:00 – 24:00 MDT, we do maintenance. {}\n"
ENTRETIEN = (
    "Maintenance planifiée\nLe 4 juin 2022 de 22:00 à 24:00 HAR, nous effectuons une maintenance. {}\n"
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Starting June 4, 2022, CertCentral will require two-factor authentication.", ["2022-06-04"]),
        ("On September 1, 2023, we will stop issuing these certificates.", ["2023-09-01"]),
        ("We will remove the old endpoint by March 31, 2024.", ["2024-03-31"]),
        ("Since May 2, 2022, you can no longer download this report.", ["2022-05-02"]),
        ("Effective October 1, 2022, browsers no longer trust the root.", ["2022-10-01"]),
        ("You must update your integration before January 15, 2025.", ["2025-01-15"]),
        ("À compter du 4 juin 2022, CertCentral exigera deux facteurs.", ["2022-06-04"]),
        ("Le 1er septembre 2023, nous arrêterons la vente de ces certificats.", ["2023-09-01"]),
        ("Vous devez mettre à jour votre intégration avant le 15 janvier 2025.", ["2025-01-15"]),
        ("Depuis le 2 mai 2022, vous ne pouvez plus télécharger ce rapport.", ["2022-05-02"]),
        ("The certificate was issued on June 4, 2022, and the fix is now live.", []),
        ("As announced on June 4, 2022, the limit is lower.", []),
    ],
)
def test_days_on_which_something_takes_effect(text: str, days: list[str]) -> None:
    told = entry(text + "\n")
    assert [e.day.isoformat() for e in told.effective] == days


def test_a_date_heading_is_when_it_was_published_and_takes_no_effect() -> None:
    told = entry("September 3, 2024\nNew report\nYou can now download the usage report.\n")
    assert told.published is not None
    assert (told.published.text, told.effective) == ("2024-09-03", ())


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Services will be down for up to 10 minutes.", [10]),
        ("Services will be down for one hour and 30 minutes.", [90]),
        ("Services will be down for half an hour.", [30]),
        ("Services will be down for an hour and a half.", [90]),
        ("Services will be unavailable for a quarter of an hour.", [15]),
        ("Services may be slow for 90 minutes.", [90]),
        ("Expect two 10-minute outages.", [10, 10]),
        ("There will be two outages of 15 minutes each.", [15, 15]),
        ("CIS will be down for 20 minutes and SCEP for 45 minutes.", [20, 45]),
        ("The maintenance window lasts two hours.", []),
        ("No downtime is planned.", []),
    ],
)
def test_english_outages(text: str, minutes: list[int]) -> None:
    assert [o.minutes for o in entry(MAINTENANCE.format(text)).outages] == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Les services seront indisponibles pendant 10 minutes.", [10]),
        ("Les services seront indisponibles jusqu'à 120 minutes.", [120]),
        ("Les services seront indisponibles pendant une demi-heure.", [30]),
        ("Les services seront indisponibles pendant une heure et demie.", [90]),
        ("Prévoyez deux interruptions de 15 minutes chacune.", [15, 15]),
    ],
)
def test_french_outages(text: str, minutes: list[int]) -> None:
    assert [o.minutes for o in entry(ENTRETIEN.format(text)).outages] == minutes


@pytest.mark.parametrize(
    ("template", "text"),
    [(MAINTENANCE, "No downtime is planned."), (ENTRETIEN, "Aucune interruption de service n'est prévue.")],
)
def test_that_no_downtime_is_planned(template: str, text: str) -> None:
    assert entry(template.format(text)).no_downtime is not None
    assert entry(template.format("")).no_downtime is None


@pytest.mark.parametrize(
    "text",
    [
        "Scheduled maintenance\nUpdate: The work on June 4, 2022, 22:00 – 24:00 MDT has been cancelled.\n",
        "Maintenance planifiée\nLa maintenance du 4 juin 2022 de 22:00 à 24:00 HAR est annulée.\n",
    ],
)
def test_a_cancelled_window_is_kept(text: str) -> None:
    told = entry(text)
    assert told.status is not None
    assert (told.status.status, shown(told.current_windows)) == ("cancelled", ["2022-06-05 04:00 06:00"])


@pytest.mark.parametrize(
    "text",
    [
        "Scheduled maintenance\nThe maintenance of June 4, 2022, 22:00 – 24:00 MDT has been moved to "
        "June 11, 2022, 22:00 – 24:00 MDT.\n",
        "Maintenance planifiée\nLa maintenance du 4 juin 2022 de 22:00 à 24:00 HAR est déplacée au "
        "11 juin 2022 de 22:00 à 24:00 HAR.\n",
    ],
)
def test_of_a_moved_window_the_new_one_counts_and_the_old_one_is_remembered(text: str) -> None:
    told = entry(text)
    assert told.status is not None
    assert told.status.status == "moved"
    assert shown(told.current_windows) == ["2022-06-12 04:00 06:00"]
    assert shown(w for w in told.windows if w.superseded) == ["2022-06-05 04:00 06:00"]


def test_a_postponed_window_is_kept() -> None:
    told = entry(
        "Maintenance planifiée\nLa maintenance du 4 juin 2022 de 22:00 à 24:00 HAR a été reportée à une date "
        "ultérieure.\n"
    )
    assert told.status is not None
    assert (told.status.status, shown(told.current_windows)) == ("postponed", ["2022-06-05 04:00 06:00"])


@pytest.mark.parametrize(
    "text",
    [
        "We have postponed this change from July 1, 2022, to January 10, 2023.",
        "Update: the end of the old console is postponed from July 1, 2022 until January 10, 2023.",
        "Mise à jour : nous avons reporté ce retrait du 1er juillet 2022 au 10 janvier 2023.",
        "Aktualisierung: Das Ende der Konsole wird vom 1. Juli 2022 auf den 10. Januar 2023 verschoben.",
    ],
)
def test_from_one_day_to_another_the_second_counts(text: str) -> None:
    told = entry(f"Old console\n{text}\n")
    assert [e.day.isoformat() for e in told.effective] == ["2023-01-10"]
    assert [e.day.isoformat() for e in told.given_up] == ["2022-07-01"]


def test_of_a_postponed_change_the_new_day_counts() -> None:
    told = entry(
        "End of the old console\nUpdate: the end of the old console was postponed from June 4, 2022 to "
        "September 1, 2022.\n"
    )
    assert told.status is not None
    assert (told.status.status, [e.day.isoformat() for e in told.effective]) == ("postponed", ["2022-09-01"])


@pytest.mark.parametrize(
    "text",
    [
        MAINTENANCE.format("It may be cancelled."),
        "Cancel order fixed\nWe fixed a bug where cancelled orders were shown.\n",
        "The page has moved\nThe list of reports has moved to the sidebar.\n",
    ],
)
def test_what_is_only_possible_or_about_something_else_is_no_status(text: str) -> None:
    assert entry(text).status is None


@pytest.mark.parametrize(
    ("text", "basis", "days"),
    [
        (
            "June 10, 2022\nNew report\nYou can now download it.\n",
            DateBasis.STATED,
            ("2022-06-10", "2022-06-10"),
        ),
        (
            "February 2024\nNew report\nYou can now download it.\n",
            DateBasis.STATED,
            ("2024-02-01", "2024-02-29"),
        ),
        (MAINTENANCE.format(""), DateBasis.WINDOW, ("2022-06-05", "2022-06-05")),
        (
            "Old console\nThe old console ends on May 1, 2022.\n",
            DateBasis.EFFECTIVE,
            ("2022-05-01", "2022-05-01"),
        ),
    ],
)
def test_a_place_in_time_says_where_it_comes_from(text: str, basis: DateBasis, days: tuple[str, str]) -> None:
    dated = entry(text).dated
    assert dated is not None
    assert (dated.basis, (dated.first.isoformat(), dated.last.isoformat())) == (basis, days)


def test_an_undated_entry_lies_between_its_dated_neighbours() -> None:
    text = (
        "Scheduled maintenance\nOn June 4, 2022, 22:00 – 24:00 MDT, we do maintenance on our services.\n\n"
        "Bug fixed\nWe fixed a bug where the report was empty for some users.\n\n"
        "Scheduled maintenance\nOn May 7, 2022, 22:00 – 24:00 MDT, we do maintenance on our services.\n"
    )
    newer, between, older = (e.dated for e in entries(text))
    assert newer is not None
    assert between is not None
    assert older is not None
    assert (newer.basis, older.basis) == (DateBasis.WINDOW, DateBasis.WINDOW)
    assert between.basis is DateBasis.INFERRED
    assert (between.first.isoformat(), between.last.isoformat()) == ("2022-05-08", "2022-06-05")
    assert between.first <= between.middle <= between.last


def test_a_log_without_any_date_places_nothing() -> None:
    text = "New report\nYou can now download the usage report.\n\nBug fixed\nWe fixed a bug in the report.\n"
    assert [e.dated for e in entries(text)] == [None] * len(entries(text))


UPDATED = """\
Scheduled maintenance
{}
DigiCert will do maintenance on June 4, 2027, 22:00 – 24:00 MDT (June 5, 2027, 04:00 – 06:00 UTC).
"""


@pytest.mark.parametrize(
    "update",
    [
        "Update: The maintenance of June 4 has been moved to June 25, 2027, 22:00 – 24:00 MDT"
        " (June 26, 2027, 04:00 – 06:00 UTC).",
        "Update: We rescheduled this maintenance. It now takes place on June 25, 2027, 22:00 – 24:00 MDT"
        " (June 26, 2027, 04:00 – 06:00 UTC).",
    ],
)
def test_an_update_with_new_hours_belongs_to_what_it_updates(update: str) -> None:
    moved = entry(UPDATED.format(update))
    assert [str(window.start)[:16] for window in moved.current_windows] == ["2027-06-26 04:00"]
    assert moved.status is not None
    assert moved.status.status == "moved"


def test_the_day_before_a_colon_is_when_it_was_postponed() -> None:
    update = "Update, June 10: Postponed. A new date has not been set."
    told = entry(UPDATED.format(update))
    assert told.status is not None
    assert told.status.status == Status.POSTPONED


def test_one_of_two_windows_cancelled_is_told() -> None:
    text = (
        "Scheduled maintenance\nWe do maintenance on March 6, 2027, 22:00 – 24:00 MST"
        " (March 7, 2027, 05:00 – 07:00 UTC) and on April 3, 2027, 22:00 – 24:00 MDT"
        " (April 4, 2027, 04:00 – 06:00 UTC).\n"
        "Update: The maintenance of April 3, 2027 has been cancelled.\n"
    )
    found = entry(text)
    assert found.status is None
    assert "partly_cancelled" in {told.code for told in found.diagnostics}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Renewals since March 3, 2021 that lack a name can be repeated.", []),
        ("Since May 2, 2022, orders of this kind can no longer be placed.", ["2022-05-02"]),
        ("Nous ne l’incluons plus depuis le 31 août 2022.", ["2022-08-31"]),
        ("The column stays empty for orders placed before July 1, 2020.", []),
        ("The column stays empty for orders from before July 1, 2020.", []),
        ("Orders must be placed before July 1, 2020.", ["2020-07-01"]),
        ("La colonne reste vide pour les factures créées avant le 1er juin 2019.", []),
        ("Les factures doivent être payées avant le 1er juin 2019.", ["2019-06-01"]),
        ("Our offices in London are closed on May 1, 2023 for a holiday.", []),
        ("Nos bureaux seront fermés le lundi 1er mai 2023.", []),
        ("Unsere Büros bleiben am Freitag, den 3. Oktober 2025, geschlossen.", []),
        (
            "TLS 1.0 is going away. Sandbox: July 31, 2025. Production: October 31, 2025.",
            ["2025-07-31", "2025-10-31"],
        ),
        ("L'ancienne API s'arrête. Essais : 31 juillet 2025.", ["2025-07-31"]),
        ("Old tokens: deprecation date: May 4, 2024.", ["2024-05-04"]),
        ("## Signatures\nActivé : 29 mars 2018", ["2018-03-29"]),
        ("Abschaltung: 3. Mai 2025", ["2025-05-03"]),
        ("The console is faster. Last updated: July 31, 2025.", []),
        ("Hours are local. Utah moves its clocks on March 12, 2023.", []),
        ("Les heures sont locales ; le changement d'heure a lieu le 26 mars 2023.", []),
        ("These roots date from November 10, 2006. We stop using them on March 8, 2023.", ["2023-03-08"]),
        ("Such names had to go by January 14, 2019.", ["2019-01-14"]),
        ("Before May 2, 2024, users had to sign in twice.", []),
        ("From May 1, 2024, reports show hours in daylight saving time.", ["2024-05-01"]),
        ("New connections are refused as early as June 30, 2025.", ["2025-06-30"]),
    ],
)
def test_days_of_stages_and_days_that_only_tell_the_story(text: str, days: list[str]) -> None:
    assert [e.day.isoformat() for e in entry(text + "\n").effective] == days


@pytest.mark.parametrize(
    ("told", "text", "minutes"),
    [
        (MAINTENANCE, "The mailboxes are away: about 25 minutes.", [25]),
        (MAINTENANCE, "Outgoing mail was held back for 26 minutes.", [26]),
        (ENTRETIEN, "La messagerie est restée muette 12 minutes.", [12]),
        (MAINTENANCE, "Services stop.\n2 hours of downtime for CIS are to be expected.", [120]),
        (MAINTENANCE, "Some stop.\nTwo hours this time: CIS cannot be reached for 40 minutes.", [40]),
        (MAINTENANCE, "Some stop.\n| CIS | Two hours this time: it cannot be reached for 40 minutes |", [40]),
        (MAINTENANCE, "Expect two interruptions of 5 minutes each and one of 10 minutes.", [5, 5, 10]),
        (MAINTENANCE, "The console is closed for one and a half hours.", [90]),
        (MAINTENANCE, "Expect two short breaks: 5 minutes for CIS, 10 minutes for ACME.", [5, 10]),
        (MAINTENANCE, "For the whole two hours, no orders can be placed.", [120]),
        (MAINTENANCE, "Expect 3 minutes of downtime at each of the two restarts.", [3, 3]),
        (ENTRETIEN, "L'accès sera coupé à deux reprises, 15 minutes chaque fois.", [15, 15]),
        (ENTRETIEN, "L'accès a été coupé deux fois : pendant 6 minutes, puis pendant 14 minutes.", [6, 14]),
        (ENTRETIEN, "Comptez 3 minutes d'arrêt lors de chacune des deux bascules.", [3, 3]),
        (ENTRETIEN, "Pendant une vingtaine de minutes, aucun certificat ne sera délivré.", [20]),
    ],
)
def test_outages_in_other_words(told: str, text: str, minutes: list[int]) -> None:
    assert [o.minutes for o in entry(told.format(text)).outages] == minutes


WINDOW = "Saturday, September 9, 2023, 22:00 - 24:00 MDT (Sunday, September 10, 04:00 - 06:00 UTC)"


def test_the_day_on_which_a_window_was_cancelled_is_not_what_was_cancelled() -> None:
    told = entry(f"Maintenance\n{WINDOW}\nCANCELED on September 1. The work is done in October.\n")
    assert told.status is not None
    assert told.status.status is Status.CANCELLED


def test_a_month_is_no_other_day_than_the_window_in_it() -> None:
    told = entry(f"Maintenance of September 2023 (postponed)\nThe work planned for {WINDOW} is put off.\n")
    assert told.status is not None
    assert told.status.status is Status.POSTPONED


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        ("It was originally planned for May 28.", True),
        ("It takes place instead of May 28.", True),
        ("It replaces a certificate that was originally issued on May 3, 2021.", False),
        ("Initially, on May 28, 2022, we tested it.", False),
        ("Please use the standby instead of the primary until June 12.", False),
    ],
)
def test_a_former_day_moves_a_window_where_it_was_planned(said: str, moved: bool) -> None:
    told = entry(MAINTENANCE.format(said))
    assert (told.status is not None and told.status.status is Status.MOVED) is moved


def test_a_german_verb_moves_nothing() -> None:
    told = entry(
        "Wartung\nDie Wartung findet am 10. Juni 2024 von 22:00 bis 23:00 Uhr UTC statt "
        "(angekündigt am 2. Juni 2024). Danach ist alles wie vorher.\n"
    )
    assert told.status is None


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("Duration: 2 hours", []),
        ("Downtime: 2 hours", [120]),
        ("CIS downtime: 2 hours", [120]),
        ("The portal was unavailable for 3 hours last week.", [180]),
    ],
)
def test_a_length_that_is_the_windows_is_no_outage_unless_it_says_so(line: str, minutes: list[int]) -> None:
    told = entry(f"Scheduled maintenance\nJune 4, 2024, 20:00 – 22:00 UTC\n{line}\n")
    assert [outage.minutes for outage in told.outages] == minutes


def test_an_hour_of_day_with_its_zone_is_no_length() -> None:
    told = entry(
        "Maintenance planifiée\nLe 6 septembre 2025, de 22 h à 24 h HAR (de 4 h à 6 h UTC).\n"
        "L'émission s'arrête 10 minutes au plus, peu après 22 h HAR (4 h UTC).\n"
    )
    assert [outage.minutes for outage in told.outages] == [10]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("On June 1, 2023, the new rule of the forum took effect.", ["2023-06-01"]),
        ("On June 1, 2023, the last of our hosts stopped accepting TLS 1.1.", ["2023-06-01"]),
        ("L'ancien client ne reçoit plus de mises à jour depuis le 1er juin 2023.", ["2023-06-01"]),
        ("We fixed a bug. The regulation that took effect on May 25, 2018 requires this.", []),
        ("Certificates issued after August 31, 2022, no longer have an OU.", ["2022-08-31"]),
        ("The mistake concerned certificates issued after August 31, 2022.", []),
    ],
)
def test_what_took_effect_or_holds_from_then_on(text: str, days: list[str]) -> None:
    assert [e.day.isoformat() for e in entry(f"Rules\n{text}\n").effective] == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Le second facteur devient obligatoire à partir du 1er septembre 2025, comme l’exige la loi.",
            ["2025-09-01"],
        ),
        ("Les images Debian 10 ne sont plus proposées depuis le 12 mai 2025.", ["2025-05-12"]),
        ("Les deux points de terminaison ont été désactivés le 8 avril 2025.", ["2025-04-08"]),
        ("Ein Zertifikat, das ab dem 2. Mai 2025 beispielsweise bestellt wird, ist länger gültig.", []),
    ],
)
def test_conjunctions_negations_and_what_was_switched_off(text: str, days: list[str]) -> None:
    assert [e.day.isoformat() for e in entry(f"3 juin 2025\n\n{text}\n").effective] == days


def test_another_days_maintenance_that_is_cancelled_says_nothing_of_this_one() -> None:
    assert entry(MAINTENANCE.format("Maintenance of June 11: cancelled.")).status is None
