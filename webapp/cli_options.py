"""How does the text of an option become a day?"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import click


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
