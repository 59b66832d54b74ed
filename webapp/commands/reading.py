"""How does a source named on the command line become a parse?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from ingest import lexicon
from ingest.fetch import fetch, shown
from ingest.model import Form, Hints, ParseResult
from ingest.reading import understood

F = TypeVar("F", bound=Callable[..., Any])


def reading_options(command: F) -> F:
    """The options that become Hints: `vendor`, `lang`, `form`."""
    options = (
        click.option("--vendor", callback=_vendor, help="Vendor pack to use, found out if not given."),
        click.option("--lang", callback=_language, help="Language where the text leaves it open."),
        click.option(
            "--form",
            type=click.Choice([*map(str, Form)]),
            callback=_form,
            help="Form of the source, found out if not given.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _vendor(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    return _known(value, lexicon.load().vendors) if value else None


def _language(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    return _known(value, lexicon.load().languages) if value else None


def _form(context: click.Context, option: click.Parameter, value: str | None) -> Form | None:
    return Form(value) if value else None


def _known(value: str, packs: Iterable[str]) -> str:
    """The name of a pack; a misspelt one would go unnoticed otherwise."""
    if value not in packs:
        raise click.BadParameter(f"there is no pack {value!r}, but {', '.join(sorted(packs))}")
    return value


def parsed(source: str, hints: Hints) -> ParseResult:
    """Fetch, read and parse the file or web address `source`, or standard input for `-`.

    Raises SourceError where it cannot be read, ParseError where no entry stands in it.
    """
    return understood(fetch(source), shown(source), lexicon.load(), hints)
