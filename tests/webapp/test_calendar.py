"""Maintenance windows as a calendar program reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import NOW, build, log
from flask.testing import FlaskClient
from icalendar import Calendar
from msgspec import structs
from nodetools import needs_ical, read_calendar
from sitemaker import ENGLISH, SEEN, Announcement, announcement, fill, stored
from test_hostile_text import HOSTILE, hostile

from index.build import update
from index.store import Store
from ingest.model import EntryType, Span, Status, Window
from webapp.app import create_app
from webapp.calendar import appointments, ics
from webapp.cli import relnotes
from webapp.config import SiteConfig

ROOT = "https://changes.example"
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "digicert-change-log.txt"


def maintenance(day: str = "2022-06-05", status: tuple[Status, str] | None = None) -> Announcement:
    return announcement(
        "Maintenance of CIS",
        f"Moved Cancelled. We work on CIS on {day}; it is down for 30 minutes.",
        type=EntryType.MAINTENANCE,
        dated="2022-05-01",
        windows=[(f"{day}T04:00", f"{day}T06:00", "We work")],
        outages=[(30, "30 minutes")],
        products=["CIS"],
        status=status,
    )


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_an_event_says_when_what_and_for_whom() -> None:
    data = ics(
        "Changes", f"{ROOT}/calendar.ics", appointments(stored(maintenance()), (), ROOT, "relnotes", ENGLISH)
    )
    (event,) = events(data)
    assert event["UID"] == "abcdefghij-1@relnotes"
    assert event["DTSTART"].dt == datetime(2022, 6, 5, 4, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2022, 6, 5, 6, tzinfo=UTC)
    assert event["DTSTAMP"].dt == SEEN
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Maintenance of CIS"
    assert event["SUMMARY"].params["LANGUAGE"] == "en"
    assert event["DESCRIPTION"] == f"CIS\nDown for 30 minutes\nWe work\n{ROOT}/entries/abcdefghij"
    assert event["URL"] == f"{ROOT}/entries/abcdefghij"
    assert event["CATEGORIES"].cats == ["Maintenance", "CIS"]


def test_the_calendar_says_how_often_to_ask_and_is_no_invitation() -> None:
    text = ics("Changes", f"{ROOT}/calendar.ics", ()).decode()
    assert "VERSION:2.0\r\n" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in text
    assert "X-PUBLISHED-TTL:PT12H\r\n" in text
    assert f"SOURCE;VALUE=URI:{ROOT}/calendar.ics\r\n" in text
    assert "METHOD" not in text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ((Status.CANCELLED, "Cancelled"), ("CANCELLED", "Cancelled: Maintenance of CIS")),
        ((Status.POSTPONED, "Moved"), ("CANCELLED", "Postponed: Maintenance of CIS")),
        ((Status.MOVED, "Moved"), ("CONFIRMED", "Moved: Maintenance of CIS")),
        (None, ("CONFIRMED", "Maintenance of CIS")),
    ],
)
def test_what_was_called_off_stays_as_cancelled(status: Any, expected: tuple[str, str]) -> None:
    (made,) = appointments(stored(maintenance(status=status)), (), ROOT, "relnotes", ENGLISH)
    assert (made.status, made.summary) == expected


def test_a_moved_window_keeps_its_uid_and_counts_up(tmp_path: Path) -> None:
    config = build(tmp_path, maintenance())
    client = create_app(config).test_client()
    (before,) = events(client.get("/calendar.ics").data)
    moved = maintenance("2022-06-12", status=(Status.MOVED, "Moved"))
    fill(tmp_path, moved, seen=SEEN + timedelta(days=9))
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
    (after,) = events(client.get("/calendar.ics").data)
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=7)
    assert after["DTSTAMP"].dt == SEEN + timedelta(days=9)


def two_nights(*days: str) -> Announcement:
    return announcement(
        "Maintenance of CIS",
        f"We work on CIS on {' and on '.join(days)}.",
        type=EntryType.MAINTENANCE,
        dated="2022-05-01",
        windows=[(f"{day}T04:00", f"{day}T06:00", day) for day in days],
    )


def test_a_window_keeps_its_uid_when_the_one_before_it_is_taken_out(tmp_path: Path) -> None:
    client = create_app(build(tmp_path, two_nights("2022-06-05", "2022-06-12"))).test_client()

    def uids() -> dict[date, str]:
        told = events(client.get("/calendar.ics").data)
        return {event["DTSTART"].dt.date(): event["UID"] for event in told}

    both = uids()
    fill(tmp_path, two_nights("2022-06-12", "2022-06-19"), seen=SEEN + timedelta(days=9))
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
    first, second, moved = date(2022, 6, 5), date(2022, 6, 12), date(2022, 6, 19)
    assert uids() == {second: both[second], moved: both[first]}


def test_lines_cannot_be_smuggled_in(site_with: Callable[..., FlaskClient]) -> None:
    words = "Work\r\nATTENDEE:mailto:x@evil.example\u2028\x0b;,\\n"
    made = structs.replace(maintenance().entry, title=words)
    client = site_with((Announcement(maintenance().text, made),))
    data = client.get("/calendar.ics").data
    (event,) = events(data)
    assert "ATTENDEE" not in event
    assert all(not line.startswith("ATTENDEE") for line in data.decode().splitlines())
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/calendar.ics", 3),
        ("/maintenance/calendar.ics", 3),
        ("/products/CIS/calendar.ics", 1),
        ("/search/calendar.ics?q=maintenance&since=2022-05-01", 2),
        ("/types/bugfix/calendar.ics", 0),
    ],
)
def test_any_listing_and_search_is_a_calendar(client: FlaskClient, path: str, found: int) -> None:
    answer = client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    made = events(answer.data)
    assert len(made) == found
    assert len({event["UID"] for event in made}) == found
    starts = [event["DTSTART"].dt for event in made]
    assert starts == sorted(starts)


def test_windows_of_old_entries_are_not_crowded_out(site_with: Callable[..., FlaskClient]) -> None:
    newer = [announcement(f"News {n}", "No window.", dated=f"2023-01-{n:02}") for n in range(1, 20)]
    client = site_with((*newer, *log()), calendar_size=3)
    assert len(events(client.get("/calendar.ics").data)) == 3


def test_a_calendar_knows_no_pages_and_no_clock(site_with: Callable[..., FlaskClient]) -> None:
    client = site_with(log(), log_size=1, feed_size=1, clock=lambda: NOW + timedelta(days=3000))
    assert len(events(client.get("/calendar.ics").data)) == 3


# -- the rules, and other readers --------------------------------------------------------------------


def unfolded(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(one) <= 75 for one in data.split(b"\r\n"))
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def follows_the_rules(data: bytes) -> int:
    """RFC 5545 and RFC 7986 as programs rely on them; icalendar's own check passes broken calendars.

    How many events there are.
    """
    lines = unfolded(data)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    assert [one for one in lines if one.startswith("METHOD")] == []
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    assert "X-PUBLISHED-TTL:PT12H" in lines
    found = events(data)
    for event in found:
        for name in (
            "UID",
            "DTSTAMP",
            "DTSTART",
            "DTEND",
            "SEQUENCE",
            "STATUS",
            "SUMMARY",
            "DESCRIPTION",
            "URL",
        ):
            assert not isinstance(event[name], list), name
        for name in ("DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED"):
            assert event[name].dt.utcoffset() == timedelta(0)
            assert event[name].to_ical().endswith(b"Z")
        assert event["DTSTART"].dt < event["DTEND"].dt
        assert event["STATUS"] in ("CONFIRMED", "TENTATIVE", "CANCELLED")
        assert {"ATTENDEE", "ORGANIZER", "ATTACH", "VALARM"}.isdisjoint(event)
    assert len({event["UID"] for event in found}) == len(found)
    return len(found)


@needs_ical
@pytest.mark.parametrize("path", ["/calendar.ics", "/fr/calendar.ics", "/search/calendar.ics?q=maintenance"])
def test_ical_js_reads_what_icalendar_reads(client: FlaskClient, path: str) -> None:
    data = client.get(path).data
    assert follows_the_rules(data) == 3
    read = read_calendar(data)
    assert read["refresh"] == 12 * 3600
    assert read["name"] == Calendar.from_ical(data)["NAME"]
    for event, other in zip(events(data), read["events"], strict=True):
        for name in ("uid", "summary", "description", "status", "url"):
            assert other[name] == event[name.upper()], name
        assert other["sequence"] == event["SEQUENCE"]
        for name, key in (("start", "DTSTART"), ("end", "DTEND")):
            assert datetime.fromisoformat(other[name]) == event[key].dt
        assert other["categories"] == event["CATEGORIES"].cats


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_inside_their_line(site_with: Callable[..., FlaskClient], words: str) -> None:
    words = words.replace("\ud83d", "\ufffd")
    text = f"{words}\r\nEND:VEVENT\r\nBEGIN:VALARM\nBody: {words}"
    made = hostile(words).entry
    window = Window(SEEN, SEEN + timedelta(hours=1), Span(0, len(text)), "test")
    client = site_with(
        (Announcement(text, structs.replace(made, windows=(window,), span=Span(0, len(text)))),)
    )
    data = client.get("/calendar.ics").data
    assert follows_the_rules(data) == 1
    assert not set(data.decode()) & set("\x00\x07\x1b\u202e\u2066")
    if not needs_ical.args[0]:
        (event,) = read_calendar(data)["events"]
        assert event["description"] == events(data)[0]["DESCRIPTION"]


@pytest.mark.skipif(not SEED.is_file(), reason="the real change log is not beside this repository")
def test_the_real_windows_can_be_read(tmp_path: Path) -> None:
    assert CliRunner().invoke(relnotes, ["--data", str(tmp_path), "ingest", str(SEED)]).exit_code == 0
    data = create_app(SiteConfig(tmp_path)).test_client().get("/calendar.ics").data
    assert follows_the_rules(data) > 10
    assert all("/entries/" in str(event["DESCRIPTION"]).splitlines()[-1] for event in events(data))
