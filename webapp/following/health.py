"""What is wrong with the sources that are followed, and with the receivers that are to be told?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from index.checks import Check, Outcome
from index.outbox import GivenUp, Standing
from index.store import Store
from webapp.configuration import Configuration

REPROACHES = {
    Outcome.UNREAD: "could not be read",
    Outcome.NOT_A_LOG: "not applied",
    Outcome.FEWER: "not applied",
}


def complaints(store: Store, configuration: Configuration | None = None) -> Iterator[str]:
    """A line for each source and receiver with which something is wrong.

    Those that the configuration does not list any more are left alone.
    """
    sources = None if configuration is None else {one.name for one in configuration.sources}
    receivers = None if configuration is None else {one.name for one in configuration.receivers}
    for check in store.checks():
        if check.outcome.failed and (sources is None or check.source in sources):
            yield _source(check)
    for standing in store.outbox.standings():
        if standing.error and (receivers is None or standing.name in receivers):
            yield _receiver(standing)
    given_up = store.outbox.given_up()
    yield from _given_up([one for one in given_up if receivers is None or one.receiver in receivers])


def _source(check: Check) -> str:
    times = "" if check.failures < 2 else f" {check.failures} times"
    before = f"last read {_minute(check.succeeded)}" if check.succeeded else "never read"
    return f"{check.source}: {REPROACHES[check.outcome]}{times}, {before}: {check.error}"


def _receiver(standing: Standing) -> str:
    due = f", tried again from {_minute(standing.due)}" if standing.due else ""
    return f"{standing.name}: cannot be told after {standing.tries} tries{due}: {standing.error}"


def _given_up(given_up: list[GivenUp]) -> Iterator[str]:
    for name in dict.fromkeys(one.receiver for one in given_up):
        own = [one for one in given_up if one.receiver == name]
        count = "1 notification was" if len(own) == 1 else f"{len(own)} notifications were"
        yield f"{name}: {count} given up; `relnotes notify --again` tries once more: {own[-1].error}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
