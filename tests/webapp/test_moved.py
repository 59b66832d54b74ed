""" "Was 25 April, now 31 May": in feeds, in the calendar and in the API, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sitemaker import SEEN, Announcement, announcement, fill

from index.build import update
from index.store import Store
from ingest.model import EntryType
from webapp.app import create_app
from webapp.config import SiteConfig

LATER = SEEN + timedelta(days=3)
WAS = "Was 25 Apr 2022, 04:00–06:00 UTC, now 31 May 2022, 04:00–06:00 UTC"
FRENCH = "Était prévu : 25 avr. 2022, 04:00–06:00 UTC ; désormais : 31 mai 2022, 04:00–06:00 UTC"


def night(day: str) -> Announcement:
    return announcement(
        "Maintenance of CIS",
        f"We work on CIS on {day}.",
        type=EntryType.MAINTENANCE,
        windows=[(f"{day}T04:00", f"{day}T06:00", "We work")],
        products=["CIS"],
    )


def console(day: str) -> Announcement:
    return announcement("End of the old console", f"It ends on {day}.", effective=[(day, day)])


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A night and a deadline, both moved once; and a night that stayed where it was."""
    june = ("2022-06-01T04:00", "2022-06-01T06:00", "On")
    still = announcement("Another night", "On 1 June.", windows=[june])
    fill(tmp_path, night("2022-04-25"), console("2022-06-30"), still)
    fill(tmp_path, night("2022-05-31"), console("2022-09-30"), still, seen=LATER)
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
    return create_app(SiteConfig(tmp_path)).test_client()


@pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom"])
def test_feeds_say_what_a_date_was(client: FlaskClient, path: str) -> None:
    found = {e.title: e.content[0].value for e in feedparser.parse(client.get(path).data).entries}
    assert found["Maintenance of CIS"].startswith(f"<p><em>{WAS}.</em></p>")
    assert "<p><em>Was 30 Jun 2022, now 30 Sep 2022.</em></p>" in found["End of the old console"]
    assert "Was" not in found["Another night"]


def test_the_json_feed_says_so_too(client: FlaskClient) -> None:
    items = client.get("/feed.json").get_json()["items"]
    assert [WAS in item["content_html"] for item in items] == [
        item["title"] == "Maintenance of CIS" for item in items
    ]


def test_it_is_said_in_the_language_of_the_feed(client: FlaskClient) -> None:
    assert FRENCH.replace("'", "&#39;") in client.get("/fr/feed.atom").text
    moved, _ = Calendar.from_ical(client.get("/fr/calendar.ics").data).walk("VEVENT")
    assert str(moved["DESCRIPTION"]).startswith(FRENCH)


def test_the_calendar_says_what_the_window_was(client: FlaskClient) -> None:
    events = Calendar.from_ical(client.get("/calendar.ics").data).walk("VEVENT")
    moved, still = events
    assert str(moved["DESCRIPTION"]).startswith(f"{WAS}\nCIS\n")
    assert moved["SEQUENCE"] == 1
    assert "Was" not in still["DESCRIPTION"]


def test_the_api_gives_the_chain_and_the_words_that_changed(client: FlaskClient) -> None:
    listed = client.get("/api/v1/entries?q=CIS").get_json()["entries"]
    entry = client.get(f"/api/v1/entries/{listed[0]['id']}").get_json()
    hours = [{"start": f"{day}T04:00:00Z", "end": f"{day}T06:00:00Z"} for day in ("2022-04-25", "2022-05-31")]
    assert entry["chains"] == [
        {
            "kind": "windows",
            "former": [{"date": hours[0], "until": f"{LATER:%Y-%m-%dT%H:%M:%SZ}"}],
            "now": hours[1:],
        }
    ]
    first, second = entry["revisions"]
    assert (first["diff"], second["changed"], second["material"]) == ([], ["windows", "text"], True)
    words = dict.fromkeys(("same", "ins", "del", "skipped"), "")
    for part in second["diff"]:
        words[part["kind"]] += part["text"]
    assert ("25" in words["del"], "31" in words["ins"], "CIS" in words["same"]) == (True, True, True)
