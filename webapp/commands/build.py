"""How is the store written as a static site?  `relnotes build`."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click

from ingest.lexicon import names
from webapp.config import TITLE, SiteConfig
from webapp.export import Progress, Report, spare_collector
from webapp.export import build as build_site
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
) -> None:
    """Write the stored entries as a static site to the folder OUT, or bring the site there up to date."""
    config = SiteConfig(data, title=title, base_url=base_url, aliases=names())
    if fragment:
        from webapp.fragment import write as write_fragment  # a site has no use for it

        click.echo(_told(write_fragment(config, out), out))
        return
    spare_collector()
    with _watched() as progress:
        report = build_site(Settings(config, Theme(templates, static)), out, jobs, progress)
    click.echo(_told(report, out))
    if not base_url:
        click.echo("Without --base-url there are no feeds, calendars, site map and list of entries as JSON.")


def _watched() -> AbstractContextManager[Progress | None]:
    """A bar where someone watches."""
    if not sys.stderr.isatty():
        return nullcontext()
    from webapp.commands.terminal import counter  # takes long to import

    return counter("Writing")


def _told(report: Report, out: Path) -> str:
    return f"{out}: {report.files:,} files, {report.written:,} written, {report.removed:,} removed"
