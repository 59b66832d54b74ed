"""Does the index show what the store holds?  `relnotes doctor` says, `relnotes reindex` makes it so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from index import manifest
from index.build import DAMAGE, rebuild
from index.schema import SCHEMA_VERSION
from index.store import Store
from index.view import View
from ingest.errors import SearchIndexError
from webapp.commands.options import config_option
from webapp.commands.store import INDEX
from webapp.commands.terminal import plural, tell
from webapp.configuration import NAME, load
from webapp.following.health import complaints

FAILED = 1
NAMED = 5  # ids that a difference names


@click.command()
@click.pass_obj
def reindex(data: Path) -> None:
    """Build the search index anew from the store."""
    with Store.open(data, create=False) as store:
        report = rebuild(store, data / INDEX)
    click.echo(f"{data / INDEX}: {plural(report.indexed, 'entry', 'entries')} indexed")


@click.command()
@config_option
@click.pass_obj
def doctor(data: Path, config: Path) -> int:
    """Compare the store with its search index, and say what is wrong with followed sources and receivers."""
    listed = load(config) if config.exists() or config != Path(NAME) else None
    with Store.open(data, create=False) as store:
        held = {one for one, _ in store.order()}
        told = list(_differences(store.generation, held, data / INDEX))
        sources, wrong = len(store.sources()), list(complaints(store, listed))
    tell(wrong)
    if told:
        raise SearchIndexError("; ".join(told), str(data / INDEX), "run `relnotes reindex`")
    kept = f"{plural(len(held), 'entry', 'entries')} from {plural(sources, 'source')}"
    click.echo(f"{data}: {kept}; store and index agree")
    return FAILED if wrong else 0


def _differences(generation: int, held: set[str], folder: Path) -> Iterator[str]:
    """What the index in `folder` shows otherwise than a store at `generation` that holds the ids `held`."""
    found = manifest.read(folder)
    if found is None:
        yield "is missing or damaged"
        return
    if found.schema != SCHEMA_VERSION:
        yield f"has version {found.schema} instead of {SCHEMA_VERSION}"
        return
    try:
        view = View.open(folder, found, {})
        shown = set(view.ids(view.order))
    except DAMAGE as error:
        yield f"is damaged ({type(error).__name__}: {error})"
        return
    if found.generation != generation:
        yield f"stands at change {found.generation} of the store, which is at {generation}"
    yield from _listed("lacks", held - shown)
    yield from _listed("still shows", shown - held)


def _listed(verb: str, ids: set[str]) -> Iterator[str]:
    if ids:
        some = ", ".join(sorted(ids)[:NAMED])
        yield f"{verb} {plural(len(ids), 'entry', 'entries')} ({some}{', …' if len(ids) > NAMED else ''})"
