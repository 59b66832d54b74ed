"""What is kept?  `relnotes ingest`: sources into the store, and the index brought up to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from index.build import update
from index.checks import FEW
from index.store import IngestReport, Store
from ingest.errors import SearchIndexError, StoreError
from ingest.fetch import STDIN, is_address, readable, shown
from ingest.model import Form, Hints, ParseResult
from webapp.commands.jobs import Readings, Task, cores, readings
from webapp.commands.reading import reading_options
from webapp.commands.terminal import clean, console, counts, plural, tell
from webapp.configuration import NAME, load

INDEX = "index"
_ADDRESS = re.compile(r"\w+://([^/?#]*)([^?#]*)")  # its host and its path


@click.command()
@click.argument("files", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--source", help="Name under which to keep them; else each file's own, without its ending.")
@click.option(
    "--jobs",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    help="Processes that read sources at the same time; 0 for one on each core.",
)
@click.option("--force", is_flag=True, help="Keep it even where most of what the name held would be gone.")
@reading_options
@click.pass_obj
def ingest(
    data: Path,
    files: tuple[str, ...],
    source: str | None,
    jobs: int,
    force: bool,
    vendor: str | None,
    lang: str | None,
    form: Form | None,
) -> None:
    """Read each SOURCE (a file, a web address, or `-` for standard input) and keep its entries.

    What was kept under the same name before is matched with it: unchanged entries stay, edited ones get a
    revision, vanished ones are marked as gone.  Several files under one name are snapshots, oldest first.
    """
    names = _names(files, source)
    hints = Hints(vendor, lang, form)
    tasks = [Task(name, file, hints) for name, file in zip(names, files, strict=True)]
    with readings(tasks, jobs or cores()) as read, Store.open(data) as store:
        if not (source or force):
            _doubt(store, read)
        keep(store, read)
        bring_up(store, data / INDEX)


def _doubt(store: Store, read: Readings) -> None:
    """Refuse a file that is hardly the log that was kept under the name that it happens to have."""
    live = {known.name: known.live for known in store.sources() if known.live >= FEW}
    for task, result in read.of(live):
        gone = len(store.rehearse([result], datetime.now(UTC), task.name)[0].gone)
        if 2 * gone > live[task.name]:
            what = f"lacks {gone} of the {live[task.name]} entries that are kept as {clean(task.name)!r}"
            todo = "keep it under another name with --source NAME, or use --force"
            raise StoreError(what, shown(task.file), todo)


def _names(files: Sequence[str], source: str | None) -> list[str]:
    """The name of each file's source.  Two files that share one by accident would pass for snapshots."""
    if source:
        return [readable(source)] * len(files)
    if STDIN in files:
        raise click.UsageError("standard input has no name; give it one with --source NAME")
    names = [_own_name(file) for file in files]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise click.UsageError(
            f"several files are named {twice[0]!r}; ingest them one by one with --source NAME"
        )
    return names


def _own_name(file: str) -> str:
    """A file's name without its ending; a page's too, or its host's name where it has none."""
    address = _ADDRESS.match(shown(file)) if is_address(file) else None
    return Path(address[2]).stem or address[1] if address else readable(Path(file).stem)


def ingest_folder(data: Path, folder: Path) -> None:
    """Keep every source that the `relnotes.toml` of `folder` lists."""
    sources = load(folder / NAME).sources
    tasks = [Task(s.name, str(path), s.hints) for s in sources for path in s.files(folder)]
    with readings(tasks, jobs=1) as read, Store.open(data) as store:
        keep(store, read)
        bring_up(store, data / INDEX)


def keep(store: Store, read: Iterable[tuple[str, ParseResult]]) -> None:
    """Take all readings into the store, in their order, and say what changed."""
    for name, result in read:
        click.echo(told(name, store.ingest(result, datetime.now(UTC), name)))


def bring_up(store: Store, folder: Path) -> None:
    """Bring the index up to the store; that a first one is made needs no note."""
    there = folder.exists()
    try:
        report = update(store, folder)
    except SearchIndexError as error:
        todo = "the entries are kept; mend that and run `relnotes reindex`"
        raise SearchIndexError(error.what, error.where, todo) from error
    if there:
        tell(report.notes)


def told(name: str, report: IngestReport) -> str:
    """How many entries of a source are new, changed, gone and unchanged."""
    parts = {
        "new": report.new,
        "changed": report.changed,
        "gone": report.gone,
        "unchanged": report.unchanged,
    }
    counted = ", ".join(f"{len(ids)} {word}" for word, ids in parts.items() if ids)
    return f"{clean(name)}: {counted or 'no entries'}"


def print_contents(data: Path) -> None:
    """Print what the store holds: entries by type and language, windows, diagnostics."""
    types, languages, diagnostics = Counter[str](), Counter[str](), Counter[str]()
    windows = 0
    with Store.open(data, create=False) as store:
        for stored in store.all():
            types[stored.entry.type] += 1
            languages[stored.entry.lang] += 1
            diagnostics.update(item.code for item in stored.diagnostics)
            windows += len(stored.entry.current_windows)
        held = f"{plural(len(store), 'entry', 'entries')} from {plural(len(store.sources()), 'source')}"
    screen = console()
    screen.print(f"{held}, {plural(windows, 'maintenance window')}")
    rows = {"type": types, "lang": languages, "diagnostics": diagnostics}
    for line in counts({name: found.most_common() for name, found in rows.items()}):
        screen.print(line)
