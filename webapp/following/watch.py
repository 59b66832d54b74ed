"""How does a data folder stay fresh?  Rounds of sync and of notifications, each source in its own time.

    watch = Watch(data, Path("relnotes.toml"), every=timedelta(hours=1))
    asyncio.run(watch.run())            # until watch.stop(), from any thread

What fails is told and tried again in the next round; an edited relnotes.toml holds from the next round on.
Who stops it has the source at hand finished and no other begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from index.search import Searcher
from index.store import Check, Store
from index.synclock import BusyError, syncing
from ingest.errors import ConfigError, RelnotesError
from ingest.web import Web
from webapp.config import system_clock
from webapp.configuration import SHORTEST_INTERVAL, Configuration, Source, load
from webapp.following.notify import Notifier, Told, secrets
from webapp.following.sync import JOBS, Sync, Synced

LONGEST_NAP = timedelta(seconds=30)  # between looks at relnotes.toml and at what is due
BUSY_NAP = timedelta(seconds=1)  # while another sync is running


class Listener(Protocol):
    """Who is told what a watch does."""

    def synced(self, synced: Synced) -> None: ...

    def told(self, told: Sequence[Told]) -> None: ...

    def failed(self, error: RelnotesError) -> None: ...


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often sources are looked at that do not say it themselves."""

    every: timedelta

    def due(self, source: Source, check: Check | None) -> datetime | None:
        """When to look at a source next; None: at once."""
        if check is None:
            return None
        wait = source.every or self.every
        then = check.checked + (max(wait, SHORTEST_INTERVAL) if source.url else wait)
        return max(then, check.not_before) if check.not_before else then


def _sound(place: Path) -> Configuration:
    """The configuration, if the secrets that it names can be had, too.  Raises ConfigError."""
    found = load(place)
    secrets(found)
    return found


class Watch:
    """Follows the sources of one data folder.  See the module's docstring."""

    def __init__(
        self,
        data: Path,
        place: Path,
        every: timedelta,
        listener: Listener,
        bring_up: Callable[[Store], object],
        jobs: int = JOBS,
        clock: Callable[[], datetime] = system_clock,
        aliases: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.data, self.place, self.listener, self.jobs = data, place, listener, jobs
        self.rhythm, self.clock, self.aliases, self.bring_up = Rhythm(every), clock, aliases, bring_up
        self.configuration = _sound(place)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop, self._wrong = asyncio.Event(), ""

    def stop(self) -> None:
        """End it; from any thread, or from a signal handler of its loop."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        else:
            self._stop.set()

    async def run(self) -> None:
        """Go round until stopped."""
        self._loop = asyncio.get_running_loop()
        with Store.open(self.data) as store:
            while not self._stop.is_set():
                round_ = asyncio.ensure_future(self._round(store))
                await self._until_stopped(round_)
                if not self._stop.is_set():
                    await self._until_stopped(asyncio.ensure_future(asyncio.sleep(round_.result())))

    async def _until_stopped(self, work: asyncio.Future[Any]) -> None:
        """Let `work` go on until it is done, or cancel it and wait for its end."""
        stopped = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            work.cancel()
            await asyncio.gather(work, stopped, return_exceptions=True)

    async def _round(self, store: Store) -> float:
        """Do what is due; the seconds until something may be due again."""
        self._reload()
        try:
            with syncing(self.data):
                return await self._do(store)
        except BusyError:
            return BUSY_NAP.total_seconds()
        except RelnotesError as error:
            self.listener.failed(error)
            return LONGEST_NAP.total_seconds()

    def _reload(self) -> None:
        """Heed an edited relnotes.toml; one that is wrong is told once, and the one before holds."""
        try:
            self.configuration, self._wrong = _sound(self.place), ""
        except ConfigError as error:
            if str(error) != self._wrong:
                self.listener.failed(error)
            self._wrong = str(error)

    async def _do(self, store: Store) -> float:
        configuration, now = self.configuration, self.clock()
        searcher = Searcher(store, self.data / "index", self.aliases)
        notifier = Notifier(store, searcher, configuration, self.clock)
        checks = {check.source: check for check in store.checks()}
        due = [one for one in configuration.sources if self._is_due(one, checks.get(one.name), now)]
        try:
            async with Web(configuration.contact) as web:
                sync = Sync(store, configuration, web, self.clock, jobs=self.jobs)
                async with aclosing(sync.run(due)) as coming:
                    async for synced in coming:
                        self.listener.synced(synced)
        finally:  # of what was kept until it was stopped, too
            self.bring_up(store)
        self.listener.told(await notifier.run())
        return self._nap(store)

    def _is_due(self, source: Source, check: Check | None, now: datetime) -> bool:
        then = self.rhythm.due(source, check)
        return then is None or then <= now

    def _nap(self, store: Store) -> float:
        """Seconds until the next source or receiver is due, or until it is time to look again."""
        now, checks = self.clock(), {check.source: check for check in store.checks()}
        times = [self.rhythm.due(one, checks.get(one.name)) for one in self.configuration.sources]
        times += [standing.due for standing in store.outbox.standings()]
        waits = [then - now for then in times if then is not None and then > now]
        return min([LONGEST_NAP, *waits]).total_seconds()
