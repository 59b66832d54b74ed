"""What is new at the sources?  `relnotes sync`: one round over those that `relnotes.toml` lists."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from index.checks import Outcome
from index.store import Store
from index.synclock import syncing
from ingest.web import Web
from webapp.commands.notify import heard_json, notifier_for, tell_heard
from webapp.commands.options import config_option
from webapp.commands.store import INDEX, bring_up, told
from webapp.commands.terminal import clean, echo_json, progress, tell
from webapp.configuration import NAME, Configuration, Source, load
from webapp.following.health import REPROACHES
from webapp.following.notify import Notifier, Told
from webapp.following.sync import JOBS, Sync, Synced

FAILED = 1
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=JOBS,
    show_default=True,
    help="How many sources to fetch side by side.",
)


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@config_option
@click.option("--force", is_flag=True, help="Apply what looks wrong too, and fetch what seems unchanged.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, and keep nothing.")
@click.option("--json", "wants_json", is_flag=True, help="Print what came of each source as JSON.")
@jobs_option
@click.pass_obj
def sync(
    data: Path, names: tuple[str, ...], config: Path, force: bool, dry: bool, wants_json: bool, jobs: int
) -> int:
    """Fetch the sources that relnotes.toml lists, or those named, and keep what is new.

    A source that fails is told and does not hold up the others; exit status 1 says that one did.
    """
    configuration = load(config)
    sources = configuration.named(names)
    with folder(data, dry) as place, syncing(place), Store.open(place) as store:
        notifier = notifier_for(store, place, configuration)
        with progress("Sources", len(sources)) as advance:
            say = (lambda _: None) if wants_json else tell_outcome
            synced = asyncio.run(
                _round(store, configuration, sources, force, dry, jobs, lambda one: (say(one), advance()))
            )
        heard = [] if dry else pass_on(store, place, notifier)
    if wants_json:
        told_sources = [as_json(one) for one in in_order(synced, sources)]
        echo_json({"sources": told_sources, "receivers": [heard_json(one) for one in heard]})
    else:
        tell_heard(heard)
    return FAILED if any(one.outcome.failed for one in synced) else 0


def pass_on(store: Store, place: Path, notifier: Notifier) -> list[Told]:
    """Bring the index up to what was kept, and tell the receivers of it."""
    bring_up(store, place / INDEX)
    return asyncio.run(notifier.run())


async def _round(
    store: Store,
    configuration: Configuration,
    sources: Sequence[Source],
    force: bool,
    dry: bool,
    jobs: int,
    say: Callable[[Synced], object],
) -> list[Synced]:
    found = []
    async with Web(configuration.contact) as web:
        async for synced in Sync(store, configuration, web, force=force, dry=dry, jobs=jobs).run(sources):
            say(synced)
            found.append(synced)
    return found


@contextmanager
def folder(data: Path, dry: bool) -> Iterator[Path]:
    """The data folder; a passing one for a dry run where there is none."""
    if not dry or data.exists():
        yield data
        return
    with tempfile.TemporaryDirectory() as passing:
        yield Path(passing)


def tell_outcome(synced: Synced) -> None:
    """One line for a source: on stdout what it brought, on stderr what is wrong with it."""
    if synced.outcome.failed:
        tell([f"{synced.source}: {REPROACHES[synced.outcome]}: {synced.error}"])
    elif synced.outcome is Outcome.CHANGED:
        click.echo(told(synced.source, synced.report))
    else:
        click.echo(f"{clean(synced.source)}: nothing new")
    if synced.moved:
        tell([f"{synced.source}: has moved for good to {synced.moved}; change its url in {NAME}"])


def in_order(synced: Sequence[Synced], sources: Sequence[Source]) -> list[Synced]:
    """As relnotes.toml lists them."""
    found = {one.source: one for one in synced}
    return [found[source.name] for source in sources if source.name in found]


def as_json(synced: Synced) -> dict[str, Any]:
    return {
        "source": synced.source,
        "outcome": synced.outcome.value,
        "new": list(synced.report.new),
        "changed": list(synced.report.changed),
        "gone": list(synced.report.gone),
        "unchanged": len(synced.report.unchanged),
        "error": synced.error,
        "moved": synced.moved,
    }
