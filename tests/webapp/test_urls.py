"""Any name can stand in a path, and comes back out of it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp import urls

NAMES = st.text(min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("CertCentral", "CertCentral"),
        ("List domains", "List%20domains"),
        ("GET /v1/charges", "GET%20~1v1~1charges"),
        ("/v2/order/{id}", "~1v2~1order~1%7Bid%7D"),
        ("filters[validation]", "filters%5Bvalidation%5D"),
        ("Détails de la commande", "D%C3%A9tails%20de%20la%20commande"),
        ("a~b", "a~0b"),
        ("..", "~2~u2e-"),
        ("50% ?x=#1", "50~u25-%20~u3f-x%3D%231"),
        ("a:b*|\\", "a~u3a-b~u2a-~u7c-~u5c-"),
        (" ends. ", "~u20-ends.~u20-"),
        ("Con.txt", "~u43-on.txt"),
        ("Console", "Console"),
    ],
)
def test_a_name_as_a_segment(name: str, path: str) -> None:
    assert urls.segment(name) == path


@given(NAMES)
def test_every_name_comes_back(name: str) -> None:
    assert urls.name_of(unquote(urls.segment(name))) == name


@given(NAMES)
def test_a_segment_is_one_safe_segment(name: str) -> None:
    segment = urls.segment(name)
    assert segment.isascii()
    assert not set(segment) & set("/?#\\ \"'<>\r\n")
    kept = unquote(segment)
    assert not set(kept) & set('/\\:*?"<>|%\0')
    assert kept == kept.strip(" ")
    assert not kept.startswith(".")
    assert not kept.endswith(".")
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", kept)


def test_listings_and_their_forms() -> None:
    assert urls.facet("type", "api_change") == "/types/api_change/"
    assert urls.facet("param", "order_id") == "/params/order_id/"
    assert urls.facet("lang", "fr") == "/search?lang=fr"
    assert urls.form("/", "feed.rss") == "/feed.rss"
    assert urls.form("/search", "feed.rss") == "/search/feed.rss"
    assert urls.form("/years/2022/", "feed.rss") == "/years/2022/feed.rss"
    assert urls.entry("a/../b") == "/entries/a%2F..%2Fb"
