"""Query strings are read strictly, and written in one order."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import FACETS, SearchRequest, Sort
from ingest.errors import QueryError
from webapp import querystring
from webapp.config import Limits
from webapp.text import shown

LIMITS = Limits(text=50, filters=5, value=30, pages=100)


def read(query: str, size: int = 20) -> SearchRequest:
    return querystring.parse(parse_qsl(query, keep_blank_values=True), LIMITS, size)


def test_everything_that_can_be_asked() -> None:
    asked = read(
        "q=domain+lock&type=bugfix&product=CIS&type=feature&since=2022-01-01&until=2022-06-30&page=3"
    )
    assert asked == SearchRequest(
        text="domain lock",
        filters={"type": ("bugfix", "feature"), "product": ("CIS",)},
        since=date(2022, 1, 1),
        until=date(2022, 6, 30),
        offset=40,
    )


def test_empty_fields_of_a_form_ask_for_nothing() -> None:
    assert read("q=&type=&since=&sort=&page=") == SearchRequest(sort=Sort.DATE)


def test_the_order_depends_on_whether_there_are_words() -> None:
    assert read("q=x").sort is Sort.RELEVANCE
    assert read("type=bugfix").sort is Sort.DATE
    assert read("q=x&sort=date").sort is Sort.DATE


def test_a_value_given_twice_counts_once() -> None:
    assert read("type=bugfix&type=bugfix").filters == {"type": ("bugfix",)}


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("since=soon", "'since' is not a date"),
        ("until=2022-02-30", "'until' is not a date"),
        ("sort=random", "'sort' is not an order"),
        ("page=0", "'page' goes from 1 to 100"),
        ("page=-1", "'page' goes"),
        ("page=two", "'page' goes"),
        ("page=²", "'page' goes"),
        ("page=101", "'page' goes"),
        ("page=" + "9" * 5000, "'page' goes"),
        ("page=000000000000000005", "'page' goes"),
        ("q=" + "x" * 51, "The query is longer than 50 characters"),
        ("product=" + "x" * 31, "longer than 30"),
        ("type=a&type=b&type=c&type=d&type=e&type=f", "More than 5 filters of one kind"),
    ],
)
def test_what_makes_no_sense_is_named(query: str, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint.replace("(", r"\(")):
        read(query)


def test_toggling_puts_on_and_takes_off_and_goes_back_to_page_one() -> None:
    first = read("q=x&page=2")
    on = querystring.toggled(first, "type", "bugfix")
    assert querystring.search(on) == "/search?q=x&type=bugfix"
    both = querystring.toggled(on, "type", "feature")
    assert querystring.search(both) == "/search?q=x&type=bugfix&type=feature"
    assert querystring.search(querystring.toggled(both, "type", "bugfix")) == "/search?q=x&type=feature"
    assert querystring.toggled(on, "type", "bugfix").filters == {}


def test_the_facet_that_the_path_says_is_not_repeated() -> None:
    asked = read("type=bugfix&product=CIS&page=2")
    assert querystring.at("/types/bugfix/", asked, fixed="type") == "/types/bugfix/?product=CIS&page=2"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(shown).map(str.strip)


@given(
    text=WORDS,
    filters=st.dictionaries(
        st.sampled_from(FACETS), st.lists(WORDS.filter(bool), min_size=1, max_size=2, unique=True), max_size=2
    ),
    sort=st.sampled_from(Sort),
    since=st.none() | st.dates(),
    page=st.integers(1, 100),
)
def test_what_is_written_is_read_back(
    text: str, filters: dict[str, list[str]], sort: Sort, since: date | None, page: int
) -> None:
    ordered = {name: tuple(filters[name]) for name in FACETS if name in filters}
    asked = SearchRequest(text, ordered, since, None, sort, 20, (page - 1) * 20)
    assert read(querystring.encode(asked)) == asked


@given(
    filters=st.dictionaries(
        st.sampled_from(FACETS), st.lists(WORDS.filter(bool), min_size=1, max_size=2, unique=True), max_size=2
    ),
    facet=st.sampled_from(FACETS),
    value=WORDS.filter(bool),
    page=st.integers(1, 3),
)
def test_the_quick_way_to_many_values_writes_the_same(
    filters: dict[str, list[str]], facet: str, value: str, page: int
) -> None:
    ordered = {name: tuple(filters[name]) for name in FACETS if name in filters}
    asked = SearchRequest("x=y", ordered, date(2022, 1, 1), None, Sort.DATE, 20, (page - 1) * 20)
    path = querystring.toggling(asked)(facet)
    for one in (value, *ordered.get(facet, ())):
        assert path(one) == querystring.search(querystring.toggled(asked, facet, one))
