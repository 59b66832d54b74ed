"""What did an announcement say before?  "Was 25 April, now 31 May": the dates that its revisions replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.store import Revision
from ingest.model import Entry, Status
from webapp.catalogue import N_
from webapp.labels import Labels

MOST = 6  # former dates of one kind


@dataclass(frozen=True, slots=True)
class Chain:
    """Dates of one kind: the former ones, oldest first, and those that hold; `off` where all is cancelled."""

    label: str
    former: tuple[str, ...]
    now: tuple[str, ...]
    off: bool


Values = Callable[[Entry, Labels], Iterable[str]]


def _windows(entry: Entry, labels: Labels) -> Iterable[str]:
    return (
        labels.window(window) for window in sorted(entry.windows, key=lambda w: (not w.superseded, w.start))
    )


def _current(entry: Entry, labels: Labels) -> Iterable[str]:
    return (labels.window(window) for window in entry.current_windows)


def _days(entry: Entry, labels: Labels) -> Iterable[str]:
    return (labels.day(effective.day) for effective in entry.effective)


_KINDS: tuple[tuple[str, Values, Values], ...] = (
    (N_("Maintenance window"), _windows, _current),
    (N_("Takes effect"), _days, _days),
)


def chains(life: list[Revision], labels: Labels) -> tuple[Chain, ...]:
    """The dates that were replaced over an entry's revisions, oldest first; nothing where none was."""
    found = (_chain(labels.gettext(label), said, holds, life, labels) for label, said, holds in _KINDS)
    return tuple(chain for chain in found if chain.former)


def _chain(label: str, said: Values, holds: Values, life: list[Revision], labels: Labels) -> Chain:
    last = life[-1].entry
    now = tuple(dict.fromkeys(holds(last, labels)))
    ever = dict.fromkeys(value for revision in life for value in said(revision.entry, labels))
    former = tuple(value for value in ever if value not in now)
    off = last.status is not None and last.status.status is Status.CANCELLED
    return Chain(label, former[-MOST:], now, off)
