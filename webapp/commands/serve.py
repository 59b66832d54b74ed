"""How is the store shown in a browser?  `relnotes serve`, and `demo` for the bundled change logs."""

from __future__ import annotations

import re
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

import corpus
from ingest.errors import ConfigError
from ingest.lexicon import names
from webapp import accesslog, server
from webapp.app import create_app
from webapp.commands.options import config_option, every_option
from webapp.commands.store import ingest_folder, print_contents
from webapp.config import SiteConfig, system_clock

HOST, PORT = "127.0.0.1", 8000
host_option = click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 takes a free one."
)


def base_url(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    """An absolute address without query string; a slash at its end means nothing."""
    if given is None:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter("write it as https://changes.example/log")
    return given.rstrip("/")


def path_prefix(context: click.Context, option: click.Parameter, given: str) -> str:
    """A site path without a slash at its end."""
    if not re.fullmatch(r"[A-Za-z0-9._~/-]*", given) or "//" in given:
        raise click.BadParameter("write it as /log")
    return given.rstrip("/")


@dataclass(frozen=True, slots=True)
class Serving:
    """What `serve` can be told about its place in the network: see the options."""

    proxies: int = 0
    prefix: str = ""
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    rate: int | None = None
    access_log: str | None = None


@click.command()
@host_option
@port_option
@click.option(
    "--proxies",
    type=click.IntRange(0, 10),
    default=0,
    help="Trust the X-Forwarded headers of so many proxies.",
)
@click.option(
    "--prefix",
    default="",
    callback=path_prefix,
    metavar="PATH",
    help="Show the site below this path.",
)
@click.option("--base-url", callback=base_url, metavar="URL", help="The public address, for absolute links.")
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="Answer only under this host name."
)
@click.option("--rate", type=click.IntRange(min=1), help="Requests a minute that one client may make.")
@click.option("--access-log", metavar="FILE", help="Write a line of JSON for each request; - is stderr.")
@click.option("--watch", "fresh", is_flag=True, help="Follow the sources of relnotes.toml meanwhile.")
@config_option
@every_option
@click.pass_obj
def serve(
    data: Path, /, host: str, port: int, fresh: bool, config: Path, every: timedelta, **serving: Any
) -> None:
    """Serve the stored entries until Ctrl-C."""
    with ExitStack() as stack:
        if fresh:
            from webapp.commands.watch import beside  # with a web client, which takes long to import

            signal.signal(signal.SIGTERM, _leave)
            stack.enter_context(beside(data, config, every))
        _run(data, host, port, Serving(**serving))


def _leave(*_: object) -> None:
    """End as Ctrl-C does, so that the watch can finish what it has begun."""
    raise SystemExit(0)


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


def _run(data: Path, host: str, port: int, serving: Serving = Serving()) -> None:
    """Serve the store in `data` until interrupted; says the address once it can be reached."""
    app = create_app(_site(data, serving))
    with ExitStack() as stack:
        if serving.access_log:
            log = stack.enter_context(accesslog.opened(serving.access_log))
            app.wsgi_app = accesslog.AccessLog(app.wsgi_app, log, system_clock)  # type: ignore[method-assign]
        listening = stack.enter_context(_listening(host, port))
        running = server.server(app, listening, serving.proxies, serving.prefix)
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"Serving on http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C stops)")
        sys.stdout.flush()
        server.spare_collector()
        running.run()


def _site(data: Path, serving: Serving) -> SiteConfig:
    return SiteConfig(
        data,
        base_url=serving.base_url,
        hosts=serving.hosts,
        proxies=serving.proxies,
        rate=serving.rate,
        aliases=names(),
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"cannot listen ({reason})", f"{host}:{port}", "choose another --port") from error
