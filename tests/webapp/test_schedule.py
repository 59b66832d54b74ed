"""Maintenance windows as seen from a moment."""

from __future__ import annotations

from datetime import UTC, datetime

from sitemaker import ENGLISH, announcement, stored

from ingest.model import EntryType, Status
from webapp.schedule import Schedule, row, schedule


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def three() -> Schedule:
    """One window announced in two languages, one that was called off, one later."""
    first = ("2022-04-03T04:00", "2022-04-03T06:00", "April")
    english = announcement("Maintenance", "April", type=EntryType.MAINTENANCE, windows=[first])
    french = announcement("Entretien", "April", type=EntryType.MAINTENANCE, lang="fr", windows=[first])
    off = announcement(
        "Maintenance",
        "May, cancelled",
        windows=[("2022-05-08T04:00", "2022-05-08T06:00", "May")],
        status=(Status.CANCELLED, "cancelled"),
    )
    late = announcement("Maintenance", "June", windows=[("2022-06-05T22:00", "2022-06-06T01:00", "June")])
    made = enumerate((late, english, off, french))
    return schedule(stored(one, id=f"id{number}") for number, one in made)


def test_the_same_hours_share_a_slot() -> None:
    rows = [row(slot, ENGLISH, at("2022-04-03T05:00")) for slot in three().slots]
    assert [(row.day, row.hours) for row in rows] == [
        ("3 Apr 2022", "04:00–06:00 UTC"),
        ("8 May 2022", "04:00–06:00 UTC"),
        ("5 Jun 2022", "22:00 – 6 Jun 2022, 01:00 UTC"),
    ]
    assert [one.lang for one in rows[0].announcements] == ["en", "fr"]
    assert [one.running for one in rows] == [True, False, False]


def test_before_during_and_after() -> None:
    windows = three()
    before, start, end = at("2022-04-03T03:59"), at("2022-04-03T04:00"), at("2022-04-03T06:00")
    assert len(windows.coming(before)) == 3
    assert not windows.running(before)
    assert [slot.start for slot in windows.running(start)] == [start]
    assert len(windows.coming(end)) == 2
    assert [(year, len(slots)) for year, slots in windows.past(end)] == [(2022, 1)]
    assert not windows.past(start)


def test_what_was_called_off_is_kept_but_never_next() -> None:
    windows = three()
    now = at("2022-05-01T00:00")
    assert [slot.off for slot in windows.coming(now)] == [True, False]
    upcoming = windows.next(now)
    assert upcoming is not None
    assert upcoming.start == at("2022-06-05T22:00")
    assert not windows.running(at("2022-05-08T05:00"))
    assert windows.next(at("2023-01-01T00:00")) is None


def test_the_phase_turns_as_windows_begin_and_end() -> None:
    windows = three()
    moments = [
        "2022-04-01T00:00",
        "2022-04-03T03:59",
        "2022-04-03T04:00",
        "2022-04-03T05:59",
        "2022-04-03T06:00",
    ]
    assert [windows.phase(at(moment)) for moment in moments] == [0, 0, 1, 1, 2]
    assert windows.turned(at(moments[3])) == at(moments[2])
    assert windows.turned(at(moments[0])).year == 1970
