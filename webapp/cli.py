"""What is the command, and what does it say when something goes wrong?

`main` is the only place where errors become messages: one line on stderr that says what, where and
what to do; exit status 1, or 2 where the command line itself is wrong.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click

from ingest.errors import RelnotesError

COMMANDS = {
    "parse": "webapp.commands.parse",
    "ingest": "webapp.commands.store",
    "sync": "webapp.commands.sync",
    "watch": "webapp.commands.watch",
    "notify": "webapp.commands.notify",
    "search": "webapp.commands.search",
    "serve": "webapp.commands.serve",
    "build": "webapp.commands.build",
    "demo": "webapp.commands.serve",
    "export": "webapp.commands.backup",
    "import": "webapp.commands.backup",
    "reparse": "webapp.commands.reparse",
    "reindex": "webapp.commands.index",
    "doctor": "webapp.commands.index",
}
FAILED, WRONG, INTERRUPTED = 1, 2, 130
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Commands(click.Group):
    """Imports a command's module when the command is asked for: `parse` need not wait for a web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy multiplies nothing here: threads only cost
        module = sys.modules.get(COMMANDS[cmd_name])
        if module is None:
            with _without_collections():
                module = import_module(COMMANDS[cmd_name])
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        found: click.Command = getattr(module, name)
        return found


@contextmanager
def _without_collections() -> Iterator[None]:
    """Nothing that an import makes is garbage: to look for it there takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("data"),
    envvar="RELNOTES_DATA",
    show_default=True,
    show_envvar=True,
    help="Folder that holds the store and its search index.",
)
@click.option(
    "--packs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="RELNOTES_PACKS",
    show_envvar=True,
    help="Folder of language and vendor packs of your own, over the bundled ones.",
)
@click.version_option(package_name="relnotes")
@click.pass_context
def relnotes(context: click.Context, data: Path, packs: Path | None) -> None:
    """Read vendors' change logs, keep them, search them and serve them."""
    context.obj = data
    if packs is not None:
        lexicon = import_module("ingest.lexicon")  # as late as the commands, and for the same reason
        lexicon.use(packs.resolve())
        context.call_on_close(lambda: lexicon.use(None))


def main() -> None:
    """Run the command line and exit with its status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a character still shows it
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status of the command line `arguments`; every failure is told on stderr."""
    try:
        status = relnotes.main(arguments, prog_name="relnotes", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG
    except click.ClickException as error:
        return _tell(_usage(error), error.exit_code)
    except RelnotesError as error:
        return _tell(str(error), FAILED)
    except (click.Abort, KeyboardInterrupt):
        return _tell("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _drop_stdout()
        return FAILED
    except OSError as error:
        _drop_stdout()
        return _tell(_system(error), FAILED)


def _tell(message: str, status: int) -> int:
    """Say `message` in one line on stderr; gives the status back."""
    click.echo(f"relnotes: {' '.join(message.split())}", err=True)
    return status


def _usage(error: click.ClickException) -> str:
    """A wrong command line, with the help that tells the right one."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "relnotes"
    return f"{error.format_message().rstrip('.')}; see `{path} --help`"


def _system(error: OSError) -> str:
    """An error of the operating system that no room has foreseen."""
    where = f"{error.filename}: " if error.filename else ""
    todo = "free some space and run the command again" if error.errno in DISK_FULL else "check and try again"
    return f"{where}{error.strerror or error}; {todo}"


def _drop_stdout() -> None:
    """Let what is still buffered go nowhere, or the interpreter complains once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    main()
