"""Are our figures those of the label rules?  Checked against the rules' own scorer, where it is present."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import pytest
from labelled import SHARED, Labelled, every_labelled, parsed_json
from scoring import accepted_types, f1, figures, judges

SCORER = SHARED / "eval" / "score.py"
Entries = list[dict[str, Any]]

needs_scorer = pytest.mark.skipif(
    not SCORER.is_file(), reason="the rules' own scorer is not beside this checkout"
)


def reference() -> Callable[[Entries, Entries], tuple[dict[str, float], list[str]]]:
    spec = importlib.util.spec_from_file_location("reference_score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Callable[[Entries, Entries], tuple[dict[str, float], list[str]]] = module.score
    return score


def every_third_lost(entries: Entries) -> Entries:
    return [entry for at, entry in enumerate(entries) if at % 3]


def every_second_doubled(entries: Entries) -> Entries:
    return [copy for at, entry in enumerate(entries) for copy in [entry] * (1 + at % 2)]


def neighbours_swapped(entries: Entries) -> Entries:
    """Each entry says what the next one does, at its own place."""
    places = [{key: entry[key] for key in ("start", "end", "title")} for entry in entries]
    return [said | place for place, said in zip(places, entries[1:] + entries[:1], strict=True)]


def starts_shifted(entries: Entries) -> Entries:
    """By none to four columns, so that some are still near enough."""
    return [
        entry | {"start": [entry["start"][0], entry["start"][1] + at % 5]} for at, entry in enumerate(entries)
    ]


def lists_doubled(entries: Entries) -> Entries:
    return [
        {k: v * 2 if isinstance(v, list) and k not in ("start", "end") else v for k, v in e.items()}
        for e in entries
    ]


def untouched(entries: Entries) -> Entries:
    return entries


SPOILED = (
    untouched,
    every_third_lost,
    every_second_doubled,
    neighbours_swapped,
    starts_shifted,
    lists_doubled,
)


@needs_scorer
@pytest.mark.parametrize("spoil", SPOILED)
def test_our_figures_are_those_of_the_label_rules(spoil: Callable[[Entries], Entries]) -> None:
    score = reference()
    for document in every_labelled():
        entries = spoil(parsed_json(document.document))
        assert figures(document.entries, entries) == score(document.entries, entries)[0], (
            document.document.name
        )


@needs_scorer
@pytest.mark.parametrize("document", every_labelled(), ids=lambda d: d.document.name)
def test_labels_agree_with_themselves(document: Labelled) -> None:
    assert set(figures(document.entries, document.entries).values()) == {1.0}


def label(**facts: Any) -> dict[str, Any]:
    return {"start": [1, 1], "end": [3, 9], "type": "feature", "lang": "en", "products": [], **facts}


def test_an_entry_that_was_missed_counts_against_all_it_states() -> None:
    labels = [label(products=["CIS"]), label(start=[9, 1], end=[9, 5], products=["SCEP"])]
    found = figures(labels, [label(products=["CIS"])])
    assert found["boundary_f1"] == pytest.approx(2 / 3)
    assert found["span_exact"] == 0.5
    assert found["type_accuracy"] == 0.5
    assert found["lang_accuracy"] == 1.0
    assert found["products_f1"] == pytest.approx(2 / 3)


def test_a_place_two_columns_off_is_the_same_and_three_are_not() -> None:
    assert figures([label()], [label(start=[1, 3])])["boundary_f1"] == 1.0
    assert figures([label()], [label(start=[1, 4])])["boundary_f1"] == 0.0
    assert figures([label()], [label(start=[2, 1])])["boundary_f1"] == 0.0


def test_an_entry_that_may_be_joined_to_the_one_before_is_not_missed() -> None:
    labels = [label(), label(start=[4, 1], end=[5, 2], optional_boundary=True)]
    assert figures(labels, [label(end=[5, 2])]) == figures([label()], [label()])


def test_ambiguous_labels_accept_two_types_or_leave_fields_out() -> None:
    assert accepted_types(label(ambiguous="policy or notice: told by browsers")) == {"policy", "notice"}
    assert accepted_types(label(ambiguous="effective: the day is not sure")) == {"feature"}
    assert accepted_types(label(ambiguous="cannot be told")) == frozenset()
    assert judges(label(ambiguous="policy or notice"), "effective")
    assert not judges(label(ambiguous="effective: not sure; products: nor these"), "products")
    assert judges(label(ambiguous="effective: not sure"), "products")
    assert not judges(label(ambiguous="cannot be told"), "products")


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert f1(0, 0, 0) == 1.0
    assert f1(0, 1, 0) == 0.0
