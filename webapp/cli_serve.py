"""How is the store shown in a browser?  `relnotes serve`, and `demo` for the bundled change logs."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click
import waitress

import corpus
from ingest.errors import ConfigError
from webapp.app import create_app
from webapp.cli_reading import names
from webapp.cli_store import ingest_folder, print_contents
from webapp.config import SiteConfig

HOST, PORT = "127.0.0.1", 8000
host_option = click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 takes a free one."
)


@click.command()
@host_option
@port_option
@click.pass_obj
def serve(data: Path, host: str, port: int) -> None:
    """Serve the stored entries until Ctrl-C."""
    _run(data, host, port)


@click.command()
@host_option
@port_option
@click.option("--no-serve", is_flag=True, help="Stop after the bundled change logs are read.")
@click.pass_obj
def demo(data: Path, host: str, port: int, no_serve: bool) -> None:
    """Read the bundled change logs, say what they hold, and serve them."""
    ingest_folder(data, Path(corpus.__file__).parent)
    print_contents(data)
    if not no_serve:
        _run(data, host, port)


def _run(data: Path, host: str, port: int) -> None:
    """Serve the store in `data` until interrupted; says the address once it can be reached."""
    app = create_app(SiteConfig(data, aliases=names()))
    with _listening(host, port) as listening:
        server = waitress.create_server(app, sockets=[listening])
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"Serving on http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C stops)")
        sys.stdout.flush()
        server.run()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"cannot listen ({reason})", f"{host}:{port}", "choose another --port") from error
