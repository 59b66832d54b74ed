"""How is a store carried elsewhere?  `relnotes export` writes it as lines of JSON, `import` reads them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from index.backup import LONGEST_LINE
from index.build import rebuild
from index.store import Store
from ingest.errors import SourceError, StoreError
from ingest.fetch import STDIN, shown
from webapp.commands.store import INDEX
from webapp.commands.terminal import plural, progress, tell


@click.command()
@click.argument("file")
@click.pass_obj
def export(data: Path, file: str) -> None:
    """Write all that is stored to FILE (`-` for standard output), as lines of JSON.

    It is the store of one moment, whoever writes to it meanwhile.
    """
    with Store.open(data, create=False) as store, _written(file) as stream:
        with progress("exporting", None) as step:
            for line in store.export():
                stream.write(line)
                step()
        stream.flush()
        held = len(store)
    if file != STDIN:
        tell([f"{plural(held, 'entry', 'entries')} exported to {shown(file)}"])


@contextmanager
def _written(file: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there when all of it is, and not before."""
    if file == STDIN:
        yield sys.stdout.buffer
        return
    path = Path(file)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except (OSError, ValueError) as error:
        raise _unwritten(error, file) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        raise _unwritten(error, file) from error
    finally:
        beside.unlink(missing_ok=True)


def _unwritten(error: Exception, file: str) -> StoreError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return StoreError(f"the export cannot be written ({reason})", shown(file), "choose another place")


@click.command("import")
@click.argument("file")
@click.option("--replace", is_flag=True, help="Put it in place of what is stored, if anything is.")
@click.pass_obj
def import_(data: Path, file: str, replace: bool) -> None:
    """Restore what `relnotes export` has written to FILE (`-` for standard input).

    Ids, revisions, snapshots and dates are as they were.  A store that holds something is left alone unless
    --replace is given; an export that is not whole changes nothing.
    """
    with _read(file) as stream, progress("importing", None) as step:
        Store.restore(data, iter(lambda: stream.readline(LONGEST_LINE), b""), shown(file), step, replace)
    with Store.open(data) as store:
        rebuild(store, data / INDEX)
        click.echo(f"{data}: {plural(len(store), 'entry', 'entries')} imported")


@contextmanager
def _read(file: str) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SourceError(f"cannot be read ({reason})", shown(file), "check the path") from error
