"""Windows of each product on one line of months, as seen from a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bs4 import BeautifulSoup
from sitemaker import ENGLISH, Announcement, announcement, stored

from ingest.model import Status
from webapp.labels import labels_in
from webapp.schedule import Schedule, schedule
from webapp.timeline import WIDTH, timeline

Page = Callable[..., BeautifulSoup]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(start: str, *products: str, off: bool = False) -> Announcement:
    body = f"At night: {', '.join(products)}. Cancelled" if off else f"At night: {', '.join(products)}."
    hours = (f"{start}T04:00", f"{start}T06:00", "At night")
    status = (Status.CANCELLED, "Cancelled") if off else None
    return announcement("Maintenance", body, windows=[hours], products=products, status=status)


def of(*made: Announcement) -> Schedule:
    return schedule(stored(one, id=f"id{number}") for number, one in enumerate(made))


def test_each_product_has_a_lane_the_next_window_first() -> None:
    windows = of(
        window("2022-04-03", "SCEP"),
        window("2022-06-05", "CIS"),
        window("2022-05-15", "CIS", "DNS", off=True),
        window("2022-07-10", "DNS"),
        window("2022-08-01"),
    )
    made = timeline(windows, at("2022-05-01T00:00"), ENGLISH)
    assert made is not None
    assert [lane.name for lane in made.lanes] == ["CIS", "DNS", "No product named", "SCEP"]
    assert [[mark.kind for mark in lane.marks] for lane in made.lanes] == [
        ["off", "coming"],
        ["off", "coming"],
        ["coming"],
        ["past"],
    ]
    assert [lane.when for lane in made.lanes][0::3] == ["5 Jun 2022, 04:00–06:00 UTC", ""]
    assert made.lanes[0].marks[0].label == "15 May 2022, 04:00–06:00 UTC, called off"
    assert made.lanes[0].windows == "/maintenance/?product=CIS"


def test_months_are_equally_wide_and_marks_lie_in_theirs() -> None:
    windows = of(window("2021-12-01", "CIS"), window("2022-03-16", "CIS"))
    made = timeline(windows, at("2022-02-01T00:00"), ENGLISH)
    assert made is not None
    assert made.months == ("Dec", "2022", "Feb", "Mar")
    first, second = made.lanes[0].marks
    assert first.x < WIDTH / 4 * 0.1
    assert WIDTH * 0.86 < second.x < WIDTH * 0.89
    assert made.now == WIDTH / 2
    french = timeline(windows, at("2022-02-01T00:00"), labels_in("fr"))
    assert french is not None
    assert french.months[0] == "déc."


def test_what_is_far_away_is_not_drawn() -> None:
    windows = of(window("2019-01-01", "CIS"), window("2022-03-01", "CIS"), window("2030-01-01", "CIS"))
    made = timeline(windows, at("2022-02-01T00:00"), ENGLISH)
    assert made is not None
    assert len(made.months) == 25
    assert len(made.lanes[0].marks) == 1
    over = timeline(windows, at("2040-01-01T00:00"), ENGLISH)  # long ago: the last months that hold windows
    assert over is not None
    assert (over.months[-1], over.now, len(over.lanes[0].marks)) == ("2030", None, 1)
    assert timeline(of(), at("2022-02-01T00:00"), ENGLISH) is None


def test_the_page_draws_lanes_and_keeps_to_one_product(page: Page) -> None:
    soup = page("/maintenance/")
    rows = soup.select(".lanes tbody tr")
    names = [row.th.get_text(strip=True) for row in rows if row.th]
    assert names == ["CertCentral", "CIS", "No product named"]
    assert "5 Jun 2022, 05:00–07:00 UTC" in rows[0].get_text()
    narrowed = page(str(rows[0].a["href"]))  # type: ignore[index]
    titles = [found.get_text(strip=True) for found in narrowed.select(".announcement p > a bdi")]
    assert titles == ["Upcoming maintenance"]
    assert narrowed.select_one(".chips a")["href"] == "/maintenance/"  # type: ignore[index]
    feed = narrowed.select_one('link[type="text/calendar"]')
    assert feed is not None
    assert feed["href"] == "http://localhost/maintenance/calendar.ics?product=CertCentral"


def test_the_next_window_stands_first(page: Page) -> None:
    said = page("/maintenance/").select_one("aside.next")
    assert said is not None
    assert "5 Jun 2022, 05:00–07:00 UTC" in said.get_text()
