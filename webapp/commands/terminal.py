"""How do results look in a terminal?  Marked and coloured there, plain text anywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from index.query import Snippet

MARK, DIM, STRONG, ALARM = "bold yellow", "dim", "bold", "red"
MOMENT = 0.1  # seconds between two states of a bar
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def console() -> Console:
    """A console on stdout that never wraps or colours what a program will read."""
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


def echo_json(value: Any) -> None:
    """Print `value` as JSON, indented, in UTF-8 whatever the terminal's encoding."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode())


def tell(notes: Iterable[str]) -> None:
    """Say on stderr, a line each, what the user may want to know beside the answer."""
    for note in notes:
        click.echo(f"relnotes: {clean(note)}", err=True)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[], object]]:
    """A bar on stderr that moves on with every call of what it yields; nothing where no one watches.

    Where `total` is not known it only shows that something goes on.
    """
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def counter(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that shows how many of how many are done, as it is told.

    It moves on when it is told and has no thread: processes can be forked while it shows.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task, shown = bar.add_task(what, total=None), 0.0

        def show(done: int, of: int) -> None:
            nonlocal shown
            now = monotonic()
            if done == of or now - shown >= MOMENT:
                bar.update(task, completed=done, total=of, refresh=True)
                shown = now

        yield show


def clean(text: str) -> str:
    """One line of text: a source's control characters must not reach the terminal."""
    return _CONTROL.sub(" ", text)


def marked(snippet: Snippet) -> Text:
    """A snippet with the slices that the query matched made to stand out."""
    text = Text(clean(snippet.text))
    for span in snippet.marks:
        text.stylize(MARK, span.start, span.end)
    return text


def counts(rows: Mapping[str, Iterable[tuple[str, int]]]) -> list[Text]:
    """One line for each name: its values with their counts; a name without values is left out."""
    width = max((len(name) for name in rows), default=0)
    lines = []
    for name, values in rows.items():
        told = " · ".join(f"{clean(value)} {count}" for value, count in values)
        if told:
            lines.append(Text.assemble((f"{name:<{width}}  ", DIM), told))
    return lines


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 entry`, `3 entries`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
