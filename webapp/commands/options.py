"""Options that commands share: how does their text become a day, a file or a length of time?"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import click

from webapp.configuration import NAME, duration

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path(NAME),
    show_default=True,
    metavar="FILE",
    help="The file that lists sources and receivers.",
)


def length_of_time(context: click.Context, option: click.Parameter, text: str) -> timedelta:
    """`90s`, `30m`, `6h` or `1d`."""
    try:
        return duration(text)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(str(error)) from None


every_option = click.option(
    "--every",
    default="1h",
    show_default=True,
    metavar="TIME",
    callback=length_of_time,
    help="How often to look at a source that has no interval of its own: 90s, 30m, 6h, 1d.",
)


def first_day(text: str) -> date:
    """The day that `text` names (2024-05-31), or the first of its month (2024-05) or year (2024)."""
    return _day(text, last=False)


def last_day(text: str) -> date:
    """The day that `text` names (2024-05-31), or the last of its month (2024-05) or year (2024)."""
    return _day(text, last=True)


def _day(text: str, last: bool) -> date:
    try:
        year, *rest = (int(part) for part in text.split("-", 2))
        month = rest[0] if rest else 12 if last else 1
        ends = monthrange(year, month)[1] if last else 1
        return date(year, month, rest[1] if len(rest) > 1 else ends)
    except (ValueError, OverflowError):
        message = f"{text!r} is no day; write 2024-05-31, 2024-05 or 2024"
        raise click.BadParameter(message) from None
