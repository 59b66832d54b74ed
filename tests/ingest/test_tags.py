"""Paragraphs that open with a tag: "[fixed] …", "Removed: …", "ADDED – …"."""

from __future__ import annotations

import pytest

from ingest.lexicon import load
from ingest.model import Entry
from ingest.pipeline import parse
from ingest.readers import read

CHANGES = (
    ("Added", "POST /v2/invoices accepts the optional field due_date."),
    ("Fixed", "The total of credit notes had the wrong sign in exported files."),
    ("Removed", "The field legacy_id is gone from every response."),
    ("Fixed", "Webhooks were sent twice when the receiver answered slowly."),
)


def entries(text: str, name: str = "log.txt") -> tuple[Entry, ...]:
    return parse(read(text.encode(), name), load()).entries


def log(style: str, head: str = "2.4.0 (May 6, 2025)\n\n") -> str:
    return head + "\n\n".join(style.format(tag, tag.upper(), said) for tag, said in CHANGES) + "\n"


@pytest.mark.parametrize(
    "style",
    ["[{0}] {2}", "({0}) {2}", "{0}: {2}", "{1} - {2}", "{1} – {2}", "{1}  {2}", "[{1}] {2}", "**{0}** {2}"],
)
def test_each_is_an_entry_of_the_kind_that_its_tag_names(style: str) -> None:
    found = entries(log(style))
    assert [entry.type.value for entry in found] == ["api_change", "bugfix", "deprecation", "bugfix"]
    assert {entry.published and entry.published.text for entry in found} == {"2025-05-06"}
    assert not any(entry.has_heading for entry in found)


def test_lines_below_a_tagged_title_are_its_text() -> None:
    text = log("[{1}] A title without a stop\n{2} More is said\non a second line.")
    found = entries(text)
    assert len(found) == len(CHANGES)
    assert all(entry.has_heading for entry in found)


def test_tags_that_no_pack_knows_may_stand_among_known_ones() -> None:
    found = entries(log("[{0}] {2}") + "\n[zebra] Something else was done to the stripes.\n")
    assert len(found) == len(CHANGES) + 1


def test_a_page_may_begin_with_a_tag() -> None:
    found = entries(log("[{0}] {2}", head=""))
    assert [entry.type.value for entry in found] == ["api_change", "bugfix", "deprecation", "bugfix"]


def test_one_tag_is_no_habit() -> None:
    text = (
        "Invoices: new layout\nThe total stands at the top now, and the address below it.\n\n"
        "Fixed: the logo is shown again where it was missing before.\n"
    )
    assert len(entries(text)) <= 2
    prose = "Clients\nWe looked at the clients.\n\nNote: nothing else has changed for anybody.\n\n" * 3
    assert not any(cue.rule == "tagged" for entry in entries(prose) for cue in entry.cues)


def test_french_tags() -> None:
    text = (
        "3.1 (6 mai 2025)\n\n[NOUVEAU] Les factures portent maintenant un numéro de commande.\n\n"
        "[CORRECTIF] Le total des avoirs avait le mauvais signe dans les fichiers exportés.\n\n"
        "[CORRECTIF] Les messages étaient envoyés deux fois quand la réponse tardait.\n"
    )
    assert [entry.type.value for entry in entries(text)] == ["feature", "bugfix", "bugfix"]
