"""How is the store written as a static site?  `relnotes build`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import click

from index.store import Store
from ingest.errors import RelnotesError
from ingest.lexicon import names
from webapp.config import TITLE, SiteConfig
from webapp.crew import spare_collector
from webapp.export import Builder, Progress, Report
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
LOOKS = 0.02  # seconds between looks at whether entries have changed, each of which takes some 10 µs
THEME_LOOKS = 0.5  # the same for a theme, all files of which are looked at
RETRIES = 2.0  # seconds before what went wrong is tried again


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
    "--watch",
    is_flag=True,
    help="Stay, and keep the site up to date whenever entries or the theme change, until Ctrl-C.",
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
    with closing(_Kept(Builder(settings, jobs, stays=watch))) as kept:
        with _shown() as progress:
            report = kept.builder.build(out, progress)
        click.echo(_told(report, out))
        if not base_url:
            click.echo(
                "Without --base-url there are no feeds, calendars, site map and list of entries as JSON."
            )
        if watch:
            _keep_up(kept, out)


def _keep_up(kept: _Kept, out: Path) -> None:
    """Build again after every change, until a signal; what goes wrong is told once, and tried again."""
    from webapp.commands.terminal import tell  # takes long to import

    click.echo(f"Watching {kept.builder.settings.config.data_dir} (Ctrl-C stops)")
    sys.stdout.flush()
    stopped = threading.Event()
    kept.builder.settle_in()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    wrong = None
    while not stopped.wait(LOOKS if wrong is None else RETRIES):
        try:
            if not kept.has_changed():
                continue
            report = kept.builder.build(out)
        except (RelnotesError, OSError) as error:
            if str(error) != wrong:
                tell([str(error)])
            wrong = str(error)
            continue
        kept.built()
        if report.written or report.removed or wrong is not None:
            click.echo(_told(report, out))
            sys.stdout.flush()
        wrong = None
        gc.collect()


class _Kept:
    """What a site is built from, and whether it has changed since the last build that came to its end."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self._place = builder, builder.settings.config.data_dir
        self._store = Store.open(self._place, create=False)
        self._file = _file(builder.library.store.path)
        self._theme: object = None
        self._theme_due = 0.0
        self._built: object = None
        self._now: object = None

    def has_changed(self) -> bool:
        """Raises StoreError where the store is gone."""
        if _file(self._store.path) != self._file:  # another store stands in its place
            store, builder = Store.open(self._place, create=False), self.builder.anew()
            self.close()
            self._store, self.builder = store, builder
            self._file = _file(store.path)
        if monotonic() >= self._theme_due:
            self._theme, self._theme_due = self.builder.settings.theme.stamp(), monotonic() + THEME_LOOKS
        self._now = self._file, self._store.version, self._theme
        return self._now != self._built and not self.builder.library.behind

    def built(self) -> None:
        self._built = self._now

    def close(self) -> None:
        self._store.close()
        self.builder.close()


def _file(path: Path) -> tuple[int, int] | None:
    """Which file stands there, if one does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _shown() -> AbstractContextManager[Progress | None]:
    """A bar where someone watches."""
    if not sys.stderr.isatty():
        return nullcontext()
    from webapp.commands.terminal import counter  # takes long to import

    return counter("Writing")


def _told(report: Report, out: Path) -> str:
    return f"{out}: {report.files:,} files, {report.written:,} written, {report.removed:,} removed"
