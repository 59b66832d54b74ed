"""Cards are written once: never stale, for each reader in their own place and language, and only so many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import build
from flask import Flask
from flask.testing import FlaskClient
from sitemaker import ENGLISH, SEEN, Announcement, announcement, fill, stored

from index.build import update
from index.query import FacetValue, Hit, SearchRequest, Snippet
from index.store import Store
from ingest.model import Form
from webapp.app import create_app
from webapp.config import SiteConfig
from webapp.moulds import GAPS, Mould, Moulds
from webapp.pages import Listed, facet_groups

PAGES = (
    "/",
    "/search?q=domain",
    "/search?q=domain&sort=date",
    "/types/maintenance/",
    "/search?q=nothing+has",
)
PLACES = [(mount, language) for mount in ("", "/log", '/a"b&c') for language in ("", "/fr", "/en")]


def cards(client: FlaskClient, path: str) -> list[str]:
    soup = BeautifulSoup(client.get(path).text, "lxml")
    return [" ".join(card.get_text(" ").split()) for card in soup.select("article.card")]


def test_a_changed_a_gone_and_a_returned_entry_show_at_once(tmp_path: Path) -> None:
    def change(number: int, *made: Announcement) -> None:
        fill(tmp_path, *made, seen=SEEN + timedelta(days=number))
        with Store.open(tmp_path) as store:
            update(store, tmp_path / "index")

    first = announcement("Domain locking", "Lock a domain of CIS.", dated="2022-04-20", products=["CIS"])
    moved = announcement("Domain locking", "Lock a domain of CIS.", dated="2022-05-31", products=["CIS"])
    other = announcement("Other news", "Nothing about it.", dated="2022-04-19")
    client = create_app(build(tmp_path, first, other)).test_client()
    path = "/search?q=locking"
    assert cards(client, path) == ["20 Apr 2022 Feature Domain locking Lock a domain of CIS. CIS"]
    change(1, moved, other)
    assert cards(client, path) == ["31 May 2022 Feature Domain locking Lock a domain of CIS. CIS"]
    change(2, other)
    gone = "31 May 2022 Feature Domain locking No longer in the source Lock a domain of CIS. CIS"
    assert cards(client, path) == [gone]
    change(3, first, other)
    assert cards(client, path) == ["20 Apr 2022 Feature Domain locking Lock a domain of CIS. CIS"]


def test_a_text_that_changes_but_keeps_its_length_shows_at_once(tmp_path: Path) -> None:
    def made(body: str) -> Announcement:
        return announcement("Domain locking", body, dated="2022-04-20")

    client = create_app(build(tmp_path, made("Lock a domain."))).test_client()
    assert cards(client, "/") == ["20 Apr 2022 Feature Domain locking Lock a domain."]
    fill(tmp_path, made("Lock a domaim."), seen=SEEN + timedelta(days=1))
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
    assert cards(client, "/") == ["20 Apr 2022 Feature Domain locking Lock a domaim."]


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("on", [{}, {"product": ("b c",)}, {"type": ("feature",)}])
def test_choices_are_written_alike_one_by_one(
    app: Flask, on: dict[str, tuple[str, ...]], frozen: bool
) -> None:
    environment = app.extensions["relnotes.templates"]["en"]
    moulds = Moulds(environment)
    found = {
        "type": (FacetValue("feature", 1200), FacetValue("bugfix", 1)),
        "product": tuple(
            FacetValue(name, 3, name in on.get("product", ())) for name in ("a/b&<c>", "b c", "é")
        ),
    }
    groups = facet_groups(found, SearchRequest('x & "y" <z>', on, date(2022, 1, 1)), ENGLISH)
    environment.globals["frozen"] = frozen
    for group in groups:
        assert moulds.choices(group.first) == moulds.choices(tuple(group.first))
        assert group.first + group.more == tuple(group.first)
    assert [choice.selected for choice in groups[1].first][:1] == [bool(on.get("product"))]


@pytest.mark.parametrize("path", PAGES)
def test_no_place_or_language_is_shown_the_links_of_another(config: SiteConfig, path: str) -> None:
    def page(client: FlaskClient, mount: str, language: str) -> str:
        return client.get(language + path, environ_overrides={"SCRIPT_NAME": mount}).text

    one = create_app(replace(config, cache_bytes=0)).test_client()
    together = [[page(one, *place) for place in PLACES] for _ in range(2)]
    alone = [page(create_app(config).test_client(), *place) for place in PLACES]
    assert together == [alone, alone]
    for (mount, language), text in zip(PLACES, alone, strict=True):
        links = {str(a["href"]) for a in BeautifulSoup(text, "lxml").select("main a[href^='/']")}
        assert links
        assert all(link.startswith(f"{mount}{language}/") for link in links)


def test_what_is_marked_differs_from_search_to_search(page: Callable[..., BeautifulSoup]) -> None:
    for word in ("locking", "protects", "locking"):
        marks = page(f"/search?q={word}").select("article mark")
        assert {mark.get_text().lower() for mark in marks} == {word}


def test_only_so_many_cards_are_kept(app: Flask) -> None:
    moulds = Moulds(app.extensions["relnotes.templates"]["en"], limit=20_000)
    for number in range(200):
        hit = Hit(stored(announcement(f"Title {number}"), id=f"entry{number}"), 1.0, Snippet(""), Snippet(""))
        assert f"Title {number}" in moulds.card(Listed(hit, Form.TEXT, ENGLISH))
    assert moulds.kept_bytes <= 20_000


def test_a_mould_is_filled_as_it_was_cast() -> None:
    mould = Mould(f"100 % {GAPS[1]}{GAPS[0]}, {GAPS[1]} {{0}} %s")
    assert mould.fill("%d", "b") == "100 % b%d, b {0} %s"
