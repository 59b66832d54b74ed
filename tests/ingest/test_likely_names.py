"""Names that the words around them tell: `ingest/likely_parameters.py`, `ingest/likely_calls.py`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.around import TOKEN, Words, shape
from ingest.lexicon import load
from ingest.likely_calls import Likely, _apart
from ingest.model import Entry, Span
from ingest.pipeline import parse
from ingest.readers import read
from ingest.scales import Scale, scales


def entry(text: str, name: str = "log.txt") -> Entry:
    return parse(read(text.encode(), name), load()).entries[-1]


def rules(found: Entry) -> dict[str, str]:
    return {mention.name: mention.rule for mention in (*found.endpoints, *found.parameters)}


def test_calls_are_told_by_their_words() -> None:
    found = entry(
        "Harbour API: smaller answers\n\nThe fields argument is new. Read invoice leaves out what you do not"
        " ask for, and so does Search invoices.\n"
    )
    assert {"Read invoice", "Search invoices"} & {mention.name for mention in found.endpoints}


def test_a_likely_call_ends_a_name_that_runs_on() -> None:
    found = entry(
        "# Notes\n\n## Signing API\n\nThe new call **Fetch signature** (`GET /v1/signatures/{id}`) returns"
        " `signed_at`.\n",
        "notes.md",
    )
    assert [mention.name for mention in found.endpoints] == ["Fetch signature", "GET /v1/signatures/{id}"]


def test_buttons_are_no_calls() -> None:
    found = entry(
        "Console and API\n\nOn the API keys page, click Create API key. The key_id is shown once.\n"
    )
    assert "Create API key" not in rules(found)


def test_ordinary_words_need_something_else_that_speaks_of_an_api() -> None:
    found = entry("API changelog\n\n2024-05-03\n\nSupport\nSend us name, email and status of the parcel.\n")
    assert rules(found) == {}


def test_what_a_rule_calls_a_value_is_no_likely_name() -> None:
    found = entry(
        "Parcel API: states\n\nGET /v1/parcels can answer with the error returned_to_sender in its status"
        " field.\n"
    )
    assert "returned_to_sender" not in {mention.name for mention in found.parameters}


def test_mentions_stand_where_they_say() -> None:
    text = (
        "Depot API\n\nPOST /v1/depots takes name, city and country_code. List depots gives them back with"
        " opened_at and, in closed_at, the last day.\n"
    )
    found = entry(text)
    for mention in (*found.endpoints, *found.parameters):
        assert mention.span.of(text).endswith(mention.name)


@given(st.text(alphabet="abcA_.[]'’`\" \n1/:-é«»@", max_size=120))
def test_words_are_in_order_and_lie_in_the_text(text: str) -> None:
    words = Words(text, 0, len(text), {})
    ends = [0, *words.ends]
    for at in range(len(words)):
        assert ends[at] <= words.starts[at] < words.ends[at]
        assert text[words.starts[at] : words.ends[at]] == words.printed[at]
    assert all(0 <= at < len(words) for at in words.marked)
    assert len(TOKEN.findall(text)) >= len(words)


def test_shapes_of_names() -> None:
    told = {"limit": "plain", "order_id": "snake", "ship.to": "dot", "lastCheck": "camel", "a[b]": "bracket"}
    assert {name: shape(name) for name in told} == told


def test_a_sentence_ends_where_its_stop_is() -> None:
    words = Words("One two. Three four five! Six", 0, 29, {})
    at = words.words.index("four")
    assert [words.words[n] for n in words.sentence(at, 1)] == ["four", "five"]
    assert [words.words[n] for n in words.sentence(at, -1)] == ["four", "three"]


def test_a_cue_counts_once() -> None:
    scale = Scale(bias=0, weights={"a": 100, "b": -300})
    assert scale.odds(["a", "a", "c"]) == 100
    assert scale.chance([]) == 0.5
    assert 0 < scale.chance(["b"]) < 0.5 < scale.chance(["a"]) < 1
    huge = Scale(bias=-(10**9), weights={"a": 2 * 10**9})
    assert 0 <= huge.chance([]) < 1e-9
    assert huge.chance(["a"]) > 1 - 1e-9


def test_of_names_that_overlap_the_likeliest_stays() -> None:
    names = [
        Likely(Span(0, 9), 0.6, 0.9),
        Likely(Span(4, 12), 0.8, 0.9),
        Likely(Span(12, 20), 0.5, 0.9),
    ]
    assert [one.span for one in _apart(names)] == [Span(4, 12), Span(12, 20)]


def test_what_was_learned_is_of_use() -> None:
    for scale in (scales().parameter, scales().call, scales().call_goes_on):
        assert len(scale.weights) > 500
        assert min(scale.weights.values()) < 0 < max(scale.weights.values())


def test_a_value_word_inside_of_a_name_announces_no_values() -> None:
    found = entry(
        "Keys API: more details\n\nThe Get key endpoint returns a key_info object. It consists of"
        " reason_code, revoked_at, and revoked_by.\n"
    )
    assert {mention.name for mention in found.parameters} == {
        "key_info",
        "reason_code",
        "revoked_at",
        "revoked_by",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sha256 line1", ["sha256", "line1"]),
        ("2fa_code", ["0"]),
        ("order_idé", ["order_idé"]),
        ("e.g. a_b", ["e", ".", "g", ".", "<snake>"]),
        ("sort.See", ["sort", ".", "see"]),
        ("node.js config.yaml docs.example.com", ["<file>"] * 3),
        ("ship.to a[b] lastCheck filters[x]", ["<dot>", "<bracket>", "<camel>", "<bracket>"]),
    ],
)
def test_words_are_whole(text: str, words: list[str]) -> None:
    assert Words(text, 0, len(text), {}).words == words


def test_files_hosts_and_abbreviations_are_no_names() -> None:
    found = entry(
        "Orders API: dates\n\nPOST /v1/a takes order_id, e.g. 12, and 2fa_code. See docs.example.com and"
        " node.js.\n"
    )
    assert [mention.name for mention in found.parameters] == ["order_id"]


def test_names_end_with_their_cell_and_hold_no_marks() -> None:
    found = entry("Orders API\n\nNew endpoints:\n\nCreate order\tlabel\tUpdate order info\n")
    assert not any("\t" in mention.name or "*" in mention.name for mention in found.endpoints)
