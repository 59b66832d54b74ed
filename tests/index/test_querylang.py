"""How a query is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.querylang import And, Node, Not, Or, Phrase, Prefix, Query, Tag, Word, bound, parse, words_of

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", None),
        ("  ", None),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a | b", Or((A, B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("-a b", And((Not(A), B))),
        ("a NOT b", And((A, Not(B)))),
        ("NOT (a b)", Not(And((A, B)))),
        ('"a b" c', And((Phrase("a b"), C))),
        ("« a b »", Phrase(" a b ")),
        ("“a b”", Phrase("a b")),
        ('-"a b"', Not(Phrase("a b"))),
        ("doma*", Prefix("doma")),
        ("e-mail", Word("e-mail")),
        ("a - b", And((A, Word("-"), B))),
        ("/v2/order/{id}", Word("/v2/order/{id}")),
        ("filters[validation]=x", Word("filters[validation]=x")),
        ("-type:bugfix a", And((Not(Tag("type", "bugfix")), A))),
        ("(a OR type:bugfix) b", And((Or((A, Tag("type", "bugfix"))), B))),
        ("de\u0301tail", Word("d\u00e9tail")),
    ],
)
def test_words(text: str, root: Node | None) -> None:
    assert parse(text) == Query(root)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("type:bugfix", {"type": ("bugfix",)}),
        ("TYPE:bugfix,feature", {"type": ("bugfix", "feature")}),
        ("type:bugfix type:feature", {"type": ("bugfix", "feature")}),
        ('endpoint:"List domains, old"', {"endpoint": ("List domains, old",)}),
        ("parameter:order_id language:fr", {"param": ("order_id",), "lang": ("fr",)}),
        (
            "year:2022 status:cancelled product:CIS",
            {"year": ("2022",), "status": ("cancelled",), "product": ("CIS",)},
        ),
        ("endpoint:/v2/order/{id}", {"endpoint": ("/v2/order/{id}",)}),
    ],
)
def test_filters_stand_beside_the_words(text: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert parse(f"a {text} b") == Query(And((A, B)), filters)


def test_alternatives_of_one_facet_are_one_filter() -> None:
    assert parse("type:bugfix OR type:feature") == Query(None, {"type": ("bugfix", "feature")})
    assert parse("(type:bugfix OR type:feature) a") == Query(A, {"type": ("bugfix", "feature")})
    either = Or((Tag("type", "bugfix"), Tag("lang", "fr")))
    assert parse("type:bugfix OR lang:fr") == Query(either)


def test_days_bound_the_query() -> None:
    assert parse("a since:2022-05 until:2022") == Query(A, {}, date(2022, 5, 1), date(2022, 12, 31))
    assert parse("until:2022-05-07").until == date(2022, 5, 7)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-2-9", date(2024, 2, 9), date(2024, 2, 9)),
        ("2024-13", None, None),
        ("2024-02-30", None, None),
        ("0000", None, None),
        ("soon", None, None),
        ("٢٠٢٤", None, None),
    ],
)
def test_bounds(value: str, first: date | None, last: date | None) -> None:
    assert (bound(value), bound(value, last=True)) == (first, last)


@pytest.mark.parametrize(
    ("text", "root", "hint"),
    [
        ('"a b', Phrase("a b"), "quotation mark"),
        ("a)", A, "no opening"),
        ("((a", A, "not closed"),
        ("a OR", A, "OR stands between"),
        ("OR a", A, "OR stands between"),
        ("a NOT", A, "NOT stands before"),
        ("*", None, "end of a word"),
        ("do*ain", Word("do ain"), "only understood at the end"),
        ("type: a", A, "wants a value"),
        ("since:soon a", A, "wants a day"),
        ("-since:2022 a", A, "cannot be negated"),
        ("(since:2022 a)", A, "hold for the whole query"),
        ("colour:red", And((Word("colour"), Word("red"))), "no filter is called “colour”"),
        ("(" * 50 + "a" + ")" * 50, None, "nested too deep"),
    ],
)
def test_what_makes_no_sense_gets_a_hint(text: str, root: Node | None, hint: str) -> None:
    query = parse(text)
    assert query.hints
    assert any(hint in said for said in query.hints)
    assert query.root == root or hint == "nested too deep"


def test_addresses_and_headings_are_no_filters() -> None:
    assert parse("https://docs.example.com/v2").hints == ()
    assert parse("Note: a").hints == ()


def test_a_long_query_is_cut() -> None:
    query = parse("word " * 5000)
    assert len(list(words_of(query.root))) == 64
    assert len(query.hints) == 2


pieces = st.sampled_from(
    ["a", '"', "(", ")", "OR", "NOT", "AND", "-", "*", "type:", "since:", "2022", ",", "|", "«", ":", " "]
)


@given(
    st.one_of(
        st.text(), st.lists(pieces, max_size=40).map(" ".join), st.lists(pieces, max_size=40).map("".join)
    )
)
def test_no_text_is_refused(text: str) -> None:
    query = parse(text)
    assert all(word.text for word in words_of(query.root))
    assert all(hint and "\n" not in hint for hint in query.hints)
