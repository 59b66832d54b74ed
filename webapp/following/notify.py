"""Who has yet to be told of what?  Tells each receiver in order, at least once, and tries again later.

    told = await Notifier(store, searcher, configuration).run()

A receiver that fails waits, longer each time, and only what is due to it waits with it.  What has failed
too often is given up, kept aside and shown by `relnotes doctor`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import httpx

from index.outbox import Event, GivenUp, Standing
from index.search import Searcher
from index.store import Store
from ingest.fetch import shown
from ingest.web import agent, wait_asked
from webapp.config import system_clock
from webapp.configuration import Configuration, Receiver
from webapp.following.notification import encoded, headers, key, notification, secret_of

FIRST_WAIT = timedelta(minutes=1)  # doubled after each failure
LONGEST_WAIT = timedelta(hours=12)
TOLD = 300  # characters of a program's last words


@dataclass(frozen=True, slots=True)
class Told:
    """What a receiver was told: how many events were delivered, are pending, and were given up.

    `error` says why it is not told more now, and `due` when it is tried again.
    """

    receiver: str
    delivered: int = 0
    pending: int = 0
    given_up: int = 0
    error: str | None = None
    due: datetime | None = None


class _UndeliveredError(Exception):
    """An attempt failed; `wait` is how long the receiver asks to be left alone, in seconds."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(why)


class Notifier:
    """Delivers what is pending; `impatient` tries receivers that are not due yet, `again` what was given up.

    Raises ConfigError where a receiver's secret cannot be had.
    """

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        configuration: Configuration,
        clock: Callable[[], datetime] = system_clock,
        impatient: bool = False,
        again: bool = False,
    ) -> None:
        self.store, self.searcher, self.clock = store, searcher, clock
        self.configuration, self.impatient, self.again = configuration, impatient, again
        self.secrets = secrets(configuration)
        for receiver in configuration.receivers:
            store.outbox.register(receiver.name)

    async def run(self) -> list[Told]:
        """Tell all receivers side by side; in the order of relnotes.toml."""
        agents = {"User-Agent": agent(self.configuration.contact)}
        async with httpx.AsyncClient(headers=agents, timeout=None, follow_redirects=False) as client:
            return await asyncio.gather(*(self._tell(one, client) for one in self.configuration.receivers))

    async def _tell(self, receiver: Receiver, client: httpx.AsyncClient) -> Told:
        post = _Post(receiver, self.secrets.get(receiver.name), self.configuration.folder, client, self.clock)
        standing = self.store.outbox.register(receiver.name)
        resumed = await self._resume(receiver, post) if self.again else 0
        if standing.due and standing.due > self.clock() and not self.impatient:
            waiting = len(self._wanted(receiver, self.store.outbox.after(standing.done)))
            return Told(receiver.name, resumed, waiting, 0, standing.error, standing.due)
        return await self._pending(receiver, post, standing, resumed)

    async def _pending(self, receiver: Receiver, post: _Post, standing: Standing, delivered: int) -> Told:
        """Deliver in order until one fails that is worth another try."""
        events, given_up = self.store.outbox.after(standing.done), 0
        wanted = self._wanted(receiver, events)
        for number, event in enumerate(wanted):
            try:
                await self._deliver(receiver, post, event)
                delivered += 1
            except _UndeliveredError as error:
                standing = self._postponed(standing, error)
                if standing.tries < receiver.tries:
                    self.store.outbox.keep(standing)
                    left = len(wanted) - number
                    return Told(receiver.name, delivered, left, given_up, standing.error, standing.due)
                self.store.outbox.give_up(GivenUp(receiver.name, event, self.clock(), str(error)))
                given_up += 1
            standing = Standing(receiver.name, event.number)
            self.store.outbox.keep(standing)
        if events:
            self.store.outbox.keep(Standing(receiver.name, events[-1].number))
        return Told(receiver.name, delivered, 0, given_up)

    async def _resume(self, receiver: Receiver, post: _Post) -> int:
        """Try once more what was given up; how much of it is delivered now."""
        delivered = 0
        for given_up in self.store.outbox.given_up():
            if given_up.receiver == receiver.name:
                try:
                    await self._deliver(receiver, post, given_up.event)
                except _UndeliveredError as error:
                    self.store.outbox.give_up(replace(given_up, at=self.clock(), error=str(error)))
                    break
                self.store.outbox.delivered(receiver.name, given_up.event)
                delivered += 1
        return delivered

    async def _deliver(self, receiver: Receiver, post: _Post, event: Event) -> None:
        stored, revisions = self.store.get(event.entry), self.store.revisions(event.entry)
        if stored and len(revisions) >= event.revision:
            body = encoded(notification(receiver, event, stored, revisions))
            await post.send(key(receiver.name, event), body)

    def _wanted(self, receiver: Receiver, events: list[Event]) -> list[Event]:
        """The events that a receiver wants to hear of; its query is asked of entries as they stand now."""
        chosen = [event for event in events if event.kind in receiver.events]
        if not chosen or not receiver.query:
            return chosen
        found = self.searcher.matching(receiver.query)
        return [event for event in chosen if event.entry in found]

    def _postponed(self, standing: Standing, error: _UndeliveredError) -> Standing:
        wait = min(FIRST_WAIT * 2 ** min(standing.tries, 20), LONGEST_WAIT)
        wait = max(wait, min(timedelta(seconds=error.wait or 0), LONGEST_WAIT))
        return replace(standing, tries=standing.tries + 1, due=self.clock() + wait, error=str(error))


def secrets(configuration: Configuration) -> dict[str, bytes]:
    """The secrets of the receivers that have one, by name."""
    found = {one.name: secret_of(one, configuration.folder) for one in configuration.receivers}
    return {name: secret for name, secret in found.items() if secret is not None}


@dataclass(frozen=True, slots=True)
class _Post:
    """The way to one receiver."""

    receiver: Receiver
    secret: bytes | None
    folder: Path
    client: httpx.AsyncClient
    clock: Callable[[], datetime]

    async def send(self, message: str, body: bytes) -> None:
        """One attempt.  Raises _UndeliveredError where the receiver does not say that it has it."""
        seconds = self.receiver.patience.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                await (self._post(message, body) if self.receiver.url else self._run(body))
        except TimeoutError:
            raise _UndeliveredError(f"took longer than {seconds:g} seconds") from None

    async def _post(self, message: str, body: bytes) -> None:
        url = str(self.receiver.url)
        sent = headers(message, body, self.clock(), self.secret)
        try:
            async with self.client.stream("POST", url, content=body, headers=sent) as answer:
                if not answer.is_success:
                    status = f"HTTP {answer.status_code} {answer.reason_phrase}".rstrip()
                    raise _UndeliveredError(f"{shown(url)}: {status}", wait_asked(answer))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            why = str(error) or type(error).__name__
            raise _UndeliveredError(f"{shown(url)}: {why}") from error

    async def _run(self, body: bytes) -> None:
        program = self.receiver.exec[0]
        with tempfile.TemporaryFile() as words:
            try:
                running = await asyncio.create_subprocess_exec(
                    *self.receiver.exec,
                    cwd=self.folder,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=words,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                raise _UndeliveredError(f"{program}: {reason}") from error
            try:
                await running.communicate(body)
            finally:
                await _end(running)
            if running.returncode:
                raise _UndeliveredError(
                    f"{program}: exit status {running.returncode} {_last(words)}".rstrip()
                )


async def _end(running: asyncio.subprocess.Process) -> None:
    """Stop a program that is not done, and whatever it has started."""
    if running.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()


def _last(words: IO[bytes]) -> str:
    """The last line that a program said on stderr, in parentheses."""
    size = words.seek(0, os.SEEK_END)
    words.seek(max(0, size - 4 * TOLD))
    lines = words.read().decode("utf-8", "replace").strip().splitlines()
    return f"({lines[-1][-TOLD:]})" if lines else ""
