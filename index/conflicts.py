"""Where do two versions of one announcement contradict each other?  Diagnostics for either side.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from ingest.model import Diagnostic, DiagnosticCode, EffectiveDate, Entry, Outage, Span, Window


def conflicts(ours: Entry, theirs: Entry) -> Iterator[Diagnostic]:
    """What `theirs`, the version in another language, says otherwise; spans lie in `ours`.

    Something that one side merely leaves out is no contradiction.
    """
    if ours.current_windows and theirs.current_windows:
        yield from _differing(DiagnosticCode.TWIN_WINDOW, ours, theirs, _windows(ours), _windows(theirs))
    if ours.outages and theirs.outages:
        yield from _differing(DiagnosticCode.TWIN_OUTAGE, ours, theirs, _outages(ours), _outages(theirs))
    if ours.effective and theirs.effective:
        yield from _differing(DiagnosticCode.TWIN_EFFECTIVE, ours, theirs, _days(ours), _days(theirs))
    yield from _differing(DiagnosticCode.TWIN_STATUS, ours, theirs, _status(ours), _status(theirs))


Said = list[tuple[str, Span]]


def _differing(
    code: DiagnosticCode, ours: Entry, theirs: Entry, our: Said, their: Said
) -> Iterator[Diagnostic]:
    if {value for value, _ in our} == {value for value, _ in their}:
        return
    elsewhere = {value for value, _ in their}
    span = next((span for value, span in our if value not in elsewhere), our[0][1])
    yield Diagnostic(code, f"the version in {theirs.lang!r} says {_list(their)}, this one {_list(our)}", span)


def _list(said: Said) -> str:
    return ", ".join(dict.fromkeys(value for value, _ in said))


def _windows(entry: Entry) -> Said:
    return [(_hours(window), window.span) for window in sorted(entry.current_windows, key=_start)]


def _start(window: Window) -> tuple[datetime, datetime]:
    return window.start, window.end


def _hours(window: Window) -> str:
    same_day = window.start.date() == window.end.date()
    return f"{window.start:%Y-%m-%d %H:%M} to {window.end:{'%H:%M' if same_day else '%Y-%m-%d %H:%M'}} UTC"


def _outages(entry: Entry) -> Said:
    found: Iterable[Outage] = sorted(entry.outages, key=lambda o: o.minutes)
    return [(f"{outage.minutes} minutes", outage.span) for outage in found]


def _days(entry: Entry) -> Said:
    found: Iterable[EffectiveDate] = sorted(entry.effective, key=_day)
    return [(f"{effective.day}", effective.span) for effective in found]


def _day(effective: EffectiveDate) -> date:
    return effective.day


def _status(entry: Entry) -> Said:
    if entry.status:
        return [(entry.status.status.value, entry.status.span)]
    return [("nothing of a change", entry.blocks[0].span if entry.blocks else Span(0, entry.span.end))]
