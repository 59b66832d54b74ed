"""`?changes=material`: what came or changed since a source was first read, the latest change on top."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from bs4 import BeautifulSoup
from conftest import build
from flask.testing import FlaskClient
from icalendar import Calendar
from sitemaker import SEEN, Announcement, announcement, fill

from index.build import update
from index.store import Store
from ingest.model import EntryType, Status
from webapp.app import create_app


def work(day: str, *, status: tuple[Status, str] | None = None) -> Announcement:
    said = f"{'Moved: w' if status else 'W'}e work on CIS on {day}."
    return announcement(
        "Work on CIS",
        said,
        type=EntryType.MAINTENANCE,
        dated="2020-01-10",
        windows=[(f"{day}T04:00", f"{day}T06:00", day)],
        products=["CIS"],
        status=status,
    )


NEWEST = announcement("Newest feature", "It has always stood here.", dated="2022-05-01")
SPACED = announcement("Old note", "Two words , here.", dated="2019-01-01")
REPAIRED = announcement("Old note", "Two words, here.", dated="2019-01-01")
MOVED = work("2020-03-01", status=(Status.MOVED, "Moved"))
LATE = announcement("Late news", "Came with the third snapshot.", dated="2018-01-01")


@pytest.fixture
def followed(tmp_path: Path) -> FlaskClient:
    """Three snapshots: one window moves in the second (and a comma), one entry comes with the third."""
    config = build(tmp_path, NEWEST, work("2020-02-01"), SPACED)
    fill(tmp_path, NEWEST, MOVED, REPAIRED, seen=SEEN + timedelta(days=1))
    fill(tmp_path, NEWEST, MOVED, REPAIRED, LATE, seen=SEEN + timedelta(days=2))
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
    return create_app(config).test_client()


def titles(client: FlaskClient, path: str) -> list[str]:
    return [entry.title for entry in feedparser.parse(client.get(path).data).entries]


def test_what_changed_resurfaces_and_cosmetic_edits_never_do(followed: FlaskClient) -> None:
    assert titles(followed, "/feed.rss") == ["Newest feature", "Work on CIS", "Old note", "Late news"]
    for ending in ("rss", "atom"):
        assert titles(followed, f"/feed.{ending}?changes=material") == ["Late news", "Work on CIS"]
    items = followed.get("/feed.json?changes=material").get_json(force=True)["items"]
    assert [item["date_modified"] for item in items] == ["2018-01-01T00:00:00Z", "2024-03-02T12:00:00Z"]


def test_every_form_takes_it(followed: FlaskClient) -> None:
    listed = followed.get("/api/v1/entries?changes=material").get_json()
    assert [entry["title"] for entry in listed["entries"]] == ["Late news", "Work on CIS"]
    assert len(followed.get("/api/v1/entries.jsonl?changes=material").text.splitlines()) == 2
    assert followed.get("/api/v1/facets?changes=material&type=feature").get_json()["total"] == 1
    (event,) = Calendar.from_ical(followed.get("/calendar.ics?changes=material").data).walk("VEVENT")
    assert event["SEQUENCE"] == 1
    assert titles(followed, "/search/feed.rss?q=work&changes=material") == ["Work on CIS"]
    assert titles(followed, "/products/CIS/feed.rss?changes=material") == ["Work on CIS"]
    assert titles(followed, "/search/feed.rss?type=feature&changes=material") == ["Late news"]


@pytest.mark.parametrize("path", ["/?changes=material", "/search?changes=material"])
def test_a_page_says_that_it_is_narrowed_down(followed: FlaskClient, path: str) -> None:
    soup = BeautifulSoup(followed.get(path).text, "lxml")
    shown = [a.get_text() for a in soup.select("article.card h2 a, article.card h3 a")]
    assert shown == ["Late news", "Work on CIS"]
    assert soup.select_one(".chips") is not None
    for link in soup.select('link[rel="alternate"][type*="rss"]'):
        assert str(link["href"]).endswith("changes=material")


@pytest.mark.parametrize("path", ["/", "/products/CIS/", "/search?q=work&since=2019-01-01"])
def test_a_page_leads_there_and_its_forms_keep_it(followed: FlaskClient, path: str) -> None:
    soup = BeautifulSoup(followed.get(path).text, "lxml")
    (link,) = [a for a in soup.select(".filters a") if "Material changes only" in a.get_text()]
    there = BeautifulSoup(followed.get(str(link["href"])).text, "lxml")
    assert "Work on CIS" in there.get_text()
    assert "Newest feature" not in there.get_text()
    assert "Material changes only" not in " ".join(a.get_text() for a in there.select(".filters a"))
    for form in there.select("form"):
        assert form.select_one('input[name="changes"][value="material"]') is not None


def test_pages_follow_each_other(followed: FlaskClient) -> None:
    seen, path = [], "/api/v1/entries?changes=material&limit=1"
    while path:
        page = followed.get(path).get_json()
        assert page["total"] == 2
        seen += [entry["title"] for entry in page["entries"]]
        path = page["next"]
    assert seen == ["Late news", "Work on CIS"]


def test_nothing_has_changed_in_a_first_snapshot(site_with: Callable[..., FlaskClient]) -> None:
    client = site_with((NEWEST, SPACED))
    assert titles(client, "/feed.rss?changes=material") == []
    assert client.get("/?changes=material").status_code == 200
    assert client.get("/?changes=cosmetic").status_code == 400
