"""How does one command keep a data folder fresh?  `relnotes watch`, and the same beside `relnotes serve`."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from index.checks import Outcome
from index.store import Store
from ingest.errors import RelnotesError
from ingest.lexicon import names
from webapp.commands.notify import tell_heard
from webapp.commands.options import config_option, every_option
from webapp.commands.store import INDEX, bring_up
from webapp.commands.sync import jobs_option, tell_outcome
from webapp.commands.terminal import plural, tell
from webapp.following.notify import Told
from webapp.following.sync import JOBS, Synced
from webapp.following.watch import Watch


@click.command()
@config_option
@every_option
@jobs_option
@click.pass_obj
def watch(data: Path, config: Path, every: timedelta, jobs: int) -> None:
    """Sync the sources that relnotes.toml lists, each in its own interval, until Ctrl-C."""
    following = watching(data, config, every, jobs)
    asyncio.run(_until_signalled(following))


async def _until_signalled(following: Watch) -> None:
    """SIGTERM and Ctrl-C end it between two sources, without an error."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, following.stop)
    await following.run()


def watching(data: Path, config: Path, every: timedelta, jobs: int = JOBS) -> Watch:
    """A watch that tells on the terminal what it does."""
    following = Watch(
        data, config, every, Teller(), lambda store: bring_up(store, data / INDEX), jobs=jobs, aliases=names()
    )
    count = plural(len(following.configuration.sources), "source")
    click.echo(f"Watching {count} of {config} (Ctrl-C stops)")
    sys.stdout.flush()
    return following


@contextmanager
def beside(data: Path, config: Path, every: timedelta) -> Iterator[None]:
    """Watch in a thread of its own; at the end the source at hand is finished first."""
    Store.open(data).close()  # so that there is something to serve from the beginning
    following = watching(data, config, every)
    thread = threading.Thread(target=lambda: asyncio.run(following.run()), name="watch")
    thread.start()
    try:
        yield
    finally:
        following.stop()
        thread.join()


class Teller:
    """Says what is new and what goes wrong; nothing of what stays as it is, or as wrong as before."""

    def __init__(self) -> None:
        self._wrong: dict[str, str | None] = {}
        self._failure: str | None = None

    def synced(self, synced: Synced) -> None:
        again = self._wrong.get(synced.source) == synced.error
        self._wrong[synced.source] = synced.error
        if synced.outcome is not Outcome.UNCHANGED and not (synced.outcome.failed and again):
            tell_outcome(synced)
            sys.stdout.flush()

    def told(self, told: Sequence[Told]) -> None:
        self._failure = None
        tell_heard([one for one in told if one.delivered or one.given_up or self._is_news(one)])
        sys.stdout.flush()

    def failed(self, error: RelnotesError) -> None:
        if str(error) != self._failure:
            tell([str(error)])
        self._failure = str(error)

    def _is_news(self, told: Told) -> bool:
        key = f"receiver {told.receiver}"
        before, self._wrong[key] = self._wrong.get(key), told.error
        return before != told.error
