"""How is the store written as a static site?  `relnotes build`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click

from index.store import Store
from ingest.errors import RelnotesError
from ingest.lexicon import names
from webapp.config import TITLE, SiteConfig
from webapp.export import Progress, Report, library_of, spare_collector
from webapp.export import build as build_site
from webapp.library import Library
from webapp.staticsite import Settings
from webapp.theme import Theme


def _address(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """An address without a trailing slash."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise click.BadParameter(f"{value!r} is no address of a site; write https://example.com/changes")
    return value.rstrip("/")


FOLDER = click.Path(path_type=Path)
LOOKS = 0.1  # seconds between looks at whether something has changed


@click.command()
@click.argument("out", type=FOLDER)
@click.option("--base-url", callback=_address, help="Public address of the site; feeds need it.")
@click.option("--title", default=TITLE, show_default=True, help="What the site is called.")
@click.option("--templates", type=FOLDER, help="Folder whose templates stand in for ours of the same name.")
@click.option("--static", type=FOLDER, help="Folder whose files stand in for ours of the same name.")
@click.option("--fragment", is_flag=True, help="Markdown pages for MkDocs, Sphinx or Hugo instead of a site.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=lambda: len(os.sched_getaffinity(0)),
    help="Processes to use.",
)
@click.option(
    "--watch", is_flag=True, help="Stay, and bring the site up to date whenever entries change, until Ctrl-C."
)
@click.pass_obj
def build(
    data: Path,
    out: Path,
    base_url: str | None,
    title: str,
    templates: Path | None,
    static: Path | None,
    fragment: bool,
    jobs: int,
    watch: bool,
) -> None:
    """Write the stored entries as a static site to the folder OUT, or bring the site there up to date."""
    config = SiteConfig(data, title=title, base_url=base_url, aliases=names())
    if fragment and watch:
        raise click.UsageError("--watch keeps a site up to date; --fragment writes none")
    if fragment:
        from webapp.fragment import write as write_fragment  # a site has no use for it

        click.echo(_told(write_fragment(config, out), out))
        return
    spare_collector()
    settings = Settings(config, Theme(templates, static))
    library = library_of(settings)
    with _shown() as progress:
        report = build_site(settings, out, jobs, progress, library)
    click.echo(_told(report, out))
    if not base_url:
        click.echo("Without --base-url there are no feeds, calendars, site map and list of entries as JSON.")
    if watch:
        _keep_up(settings, library, out, jobs)


def _keep_up(settings: Settings, library: Library, out: Path, jobs: int) -> None:
    """Build again after every change, until a signal; what goes wrong is told, and a change awaited."""
    from webapp.commands.terminal import tell  # takes long to import

    click.echo(f"Watching {settings.config.data_dir} (Ctrl-C stops)")
    sys.stdout.flush()
    for _ in _changes(settings, library):
        try:
            report = build_site(settings, out, jobs, None, library)
        except RelnotesError as error:
            tell([str(error)])
            continue
        if report.written or report.removed:
            click.echo(_told(report, out))
            sys.stdout.flush()
        gc.collect()


def _changes(settings: Settings, library: Library) -> Iterator[None]:
    """Again and again, when entries or the theme have changed since the last time; ends with a signal."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    built = None
    with Store.open(settings.config.data_dir, create=False) as own:  # builds may close the library's
        while not stopped.wait(LOOKS):
            now = own.version, settings.theme.stamp()
            if now != built and not library.behind:
                built = now
                yield


def _shown() -> AbstractContextManager[Progress | None]:
    """A bar where someone watches."""
    if not sys.stderr.isatty():
        return nullcontext()
    from webapp.commands.terminal import counter  # takes long to import

    return counter("Writing")


def _told(report: Report, out: Path) -> str:
    return f"{out}: {report.files:,} files, {report.written:,} written, {report.removed:,} removed"
