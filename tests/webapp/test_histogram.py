"""Bars that show when, and lead there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bs4 import BeautifulSoup
from sitemaker import ENGLISH

from index.query import SearchRequest, Sort
from webapp.histogram import HEIGHT, histogram

Page = Callable[..., BeautifulSoup]


def test_every_month_between_has_a_bar() -> None:
    made = histogram({"2021-12": 4, "2022-02": 1}, SearchRequest("x"), ENGLISH)
    assert made is not None
    assert [(bar.label, bar.count) for bar in made.bars] == [
        ("December 2021", 4),
        ("January 2022", 0),
        ("February 2022", 1),
    ]
    assert [bar.height for bar in made.bars] == [HEIGHT - 2, 0, 10]
    assert made.href(made.bars[1]) == "/search?q=x&since=2022-01-01&until=2022-01-31"
    assert made.href(made.bars[2]).endswith("until=2022-02-28")
    assert made.summary == "Entries by month, December 2021 to February 2022; most in December 2021 (4)"


def test_many_months_become_years() -> None:
    made = histogram({"2010-01": 1, "2022-02": 1, "2022-12": 2}, SearchRequest(sort=Sort.DATE), ENGLISH)
    assert made is not None
    assert (made.bars[0].label, made.bars[-1].label, made.bars[-1].count) == ("2010", "2022", 3)
    assert made.href(made.bars[-1]) == "/search?since=2022-01-01&until=2022-12-31"


def test_one_month_needs_no_picture() -> None:
    assert histogram({}, SearchRequest(), ENGLISH) is None
    assert histogram({"2022-01": 3}, SearchRequest(), ENGLISH) is None


def test_the_days_that_are_asked_for_are_marked() -> None:
    asked = SearchRequest(since=date(2022, 1, 1), until=date(2022, 1, 31))
    made = histogram({"2021-12": 4, "2022-01": 2, "2022-02": 1}, asked, ENGLISH)
    assert made is not None
    assert [bar.selected for bar in made.bars] == [False, True, False]


def test_a_bar_on_the_page_filters(page: Page) -> None:
    soup = page("/search?type=maintenance")
    assert soup.select_one("figure figcaption") is not None
    bars = {str(a.title.string): str(a["href"]) for a in soup.select("figure svg a") if a.title}
    assert list(bars) == [
        "March 2022: 1 entry",
        "April 2022: 0 entries",
        "May 2022: 1 entry",
        "June 2022: 1 entry",
    ]
    narrowed = page(bars["May 2022: 1 entry"])
    assert [h.get_text(strip=True) for h in narrowed.select(".card h3")] == ["Maintenance in May"]
    assert len(narrowed.select("figure svg a")) == 4  # the bars leave out their own filter
    assert len(narrowed.select("figure svg a.on")) == 1
