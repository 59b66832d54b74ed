"""What words say of a type, by the learned model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import entry

from ingest import wording
from ingest.model import EntryType, Span

ANNOUNCEMENTS = sorted((Path(__file__).with_name("announcements")).glob("*.jsonl"))


def best(title: str, body: str) -> EntryType | None:
    text = f"{title}\n{body}"
    heading = Span(0, len(title)) if title else None
    said = wording.says(text, heading, Span(len(title), len(text)))
    return max(said, key=lambda each: each.weight).kind if said else None


# told without a word of any lexicon, and in no text that the model learned from
@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        (
            "Blank page after signing out",
            "People who signed out from a phone were shown a blank page. They land on the start page again.",
            EntryType.BUGFIX,
        ),
        (
            "Colonnes mélangées",
            "L’ordre des colonnes était perdu quand la liste contenait un accent. Il est conservé.",
            EntryType.BUGFIX,
        ),
        (
            "Shorter reuse of mailbox checks",
            "The CA/Browser Forum passed a ballot: authorities have to check mailboxes again after 30 days.",
            EntryType.POLICY,
        ),
        (
            "Fermeture de l’ancien portail",
            "L’ancien portail ne sera plus accessible après le 30 juin.",
            EntryType.DEPRECATION,
        ),
        ("Compact view", "Choose a compact view of your inventory in the settings.", EntryType.FEATURE),
    ],
)
def test_sense_tells_the_type(title: str, body: str, kind: EntryType) -> None:
    assert best(title, body) is kind


def test_unknown_words_say_nothing() -> None:
    assert best("", "Zqx wvutk, pfffgh brrm.") is None


def test_names_and_numbers_count_as_what_they_are() -> None:
    one = wording.says("Pass order_id and 12 here", None, Span(0, 25))
    other = wording.says("Pass other_id and 99 here", None, Span(0, 25))
    assert one == other


def test_what_is_said_most_is_pointed_at() -> None:
    text = "The totals were wrong; they add up again."
    for said in wording.says(text, None, Span(0, len(text))):
        assert 0 <= said.span.start < said.span.end <= len(text)
        assert said.weight >= 0


@settings(deadline=None)  # how long it takes says how busy the machine is
@given(st.text(max_size=200))
def test_any_text_is_weighed(text: str) -> None:
    span = Span(0, len(text))
    said = wording.says(text, None, span)
    assert said == [] or {each.kind for each in said} == set(EntryType)
    assert all(0 <= each.weight <= wording.MOST - wording.LEAST for each in said)


@pytest.mark.parametrize("path", ANNOUNCEMENTS, ids=lambda path: path.name)
def test_announcements_are_well_formed(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines
    for told in lines:
        assert set(told) == {"type", "lang", "title", "body"}
        assert told["type"] in set(EntryType)
        assert told["body"].strip()
    assert len({(told["title"], told["body"]) for told in lines}) == len(lines)


def test_addresses_say_nothing_and_versions_are_no_dates() -> None:
    text = "Added in 4.11.0: see https://mail.example/added/drivers"
    assert [*wording.terms_of(text, None, Span(0, len(text)))] == ["added", "in", "0.0", "see"]
    assert wording.forms("31.10.2024") == (wording.NUMBER, "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "ICA certificate chain selection for public DV flex certificates\n"
            "We are happy to announce that DV certificates now support a choice of CA certificates.",
            EntryType.FEATURE,
        ),
        (
            "ICA certificate replacement in November\n"
            "On November 7, 2023, we will replace the intermediate CA certificates of S/MIME certificates.",
            EntryType.POLICY,
        ),
    ],
)
def test_a_choice_of_intermediates_is_a_feature_and_their_replacement_a_rule(
    text: str, kind: EntryType
) -> None:
    assert entry(text + "\n", vendor="digicert").type is kind
