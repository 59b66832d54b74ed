"""What does today's parser make of what was kept?  `relnotes reparse`: every kept snapshot, read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from index.store import IngestReport, Store
from ingest.errors import ParseError, SourceError, StoreError
from webapp.commands.store import INDEX, bring_up
from webapp.commands.terminal import clean, plural, progress, tell


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.pass_obj
def reparse(data: Path, names: tuple[str, ...]) -> None:
    """Read what was kept of each SOURCE, or of all, again with the parser as it is now.

    Entries keep their ids, and nothing counts as changed by its publisher: no revision, no news in feeds.
    """
    with Store.open(data, create=False) as store:
        wanted = _wanted(store, names, data)
        with progress("reading again", sum(count for _, count in wanted)) as step:
            failed = [note for name, _ in wanted if (note := _again(store, name, step))]
        bring_up(store, data / INDEX)
    tell(failed[1:])
    if failed:
        raise StoreError(failed[0], str(data), "all others were read again")


def _wanted(store: Store, names: Sequence[str], data: Path) -> list[tuple[str, int]]:
    """The sources to read again, and how many snapshots of each are kept."""
    kept = {source.name: source.snapshots for source in store.sources()}
    for name in names:
        if name not in kept:
            known = ", ".join(map(clean, kept)) or "none"
            raise StoreError(f"there is no source {clean(name)!r}", str(data), f"these are kept: {known}")
    return [(name, kept[name]) for name in names or kept]


def _again(store: Store, name: str, step: Callable[[], object]) -> str | None:
    """Read one source again and say what came of it; why it could not be read, if so."""
    try:
        report = store.reparse(name, step)
    except (ParseError, SourceError) as error:
        return f"{clean(name)} cannot be read again ({error.what})"
    if report is None:
        return f"{clean(name)} was kept by an older version without its original bytes; ingest it once more"
    click.echo(_told(name, report))
    return None


def _told(name: str, report: IngestReport) -> str:
    told = [f"{plural(len(report.unchanged), 'entry', 'entries')}, {len(report.reread)} read differently"]
    told += [f"{len(report.new)} cut out of others"] if report.new else []
    told += [f"{len(report.gone)} became part of others"] if report.gone else []
    return f"{clean(name)}: {', '.join(told)}"
