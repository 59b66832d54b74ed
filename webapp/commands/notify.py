"""Who has yet to be told?  `relnotes notify`: deliver what is pending to the receivers of `relnotes.toml`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from index.search import Searcher
from index.store import Store
from index.synclock import syncing
from ingest.lexicon import names
from webapp.commands.options import config_option
from webapp.commands.store import INDEX, bring_up
from webapp.commands.terminal import clean, echo_json, plural, tell
from webapp.configuration import Configuration, load
from webapp.following.notify import Notifier, Told

FAILED = 1


@click.command()
@config_option
@click.option("--now", "impatient", is_flag=True, help="Try receivers that are not due yet, too.")
@click.option("--again", is_flag=True, help="Try what was given up once more.")
@click.option("--json", "wants_json", is_flag=True, help="Print what each receiver was told as JSON.")
@click.pass_obj
def notify(data: Path, config: Path, impatient: bool, again: bool, wants_json: bool) -> int:
    """Tell the receivers that relnotes.toml lists what they have not been told yet.

    `sync` and `watch` do the same after each round.
    """
    configuration = load(config)
    with syncing(data), Store.open(data, create=False) as store:
        notifier = notifier_for(store, data, configuration, impatient, again)
        bring_up(store, data / INDEX)
        heard = asyncio.run(notifier.run())
    if wants_json:
        echo_json({"receivers": [heard_json(one) for one in heard]})
    else:
        tell_heard(heard, idle=True)
    return FAILED if any(one.error or one.given_up for one in heard) else 0


def notifier_for(
    store: Store, data: Path, configuration: Configuration, impatient: bool = False, again: bool = False
) -> Notifier:
    searcher = Searcher(store, data / INDEX, names() if configuration.receivers else None)
    return Notifier(store, searcher, configuration, impatient=impatient, again=again)


def tell_heard(heard: Sequence[Told], idle: bool = False) -> None:
    """A line for each receiver that was told something (or, if `idle`, nothing); on stderr what is wrong."""
    for one in heard:
        if one.delivered or (idle and not one.error and not one.given_up):
            click.echo(f"{clean(one.receiver)}: {one.delivered or 'nothing'} delivered")
        if one.error:
            when = f", tried again from {one.due:%Y-%m-%d %H:%M} UTC" if one.due else ""
            waits = plural(one.pending, "notification waits", "notifications wait")
            tell([f"{one.receiver}: {waits}{when}: {one.error}"])
        if one.given_up:
            given_up = plural(one.given_up, "notification was", "notifications were")
            tell([f"{one.receiver}: {given_up} given up; `relnotes notify --again` tries once more"])


def heard_json(told: Told) -> dict[str, Any]:
    return {
        "receiver": told.receiver,
        "delivered": told.delivered,
        "pending": told.pending,
        "given_up": told.given_up,
        "error": told.error,
        "due": f"{told.due:%Y-%m-%dT%H:%M:%SZ}" if told.due else None,
    }
