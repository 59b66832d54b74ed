"""How does the application meet the network?  Served by waitress, within limits that hold for every client.

Requests are read and answers sent without a thread waiting for it, so clients that are slow cost memory
only, and no other client waits for them.  They may not stay for ever either: who has not sent a whole
request in `SECONDS`, or has taken nothing of an answer for so long, is let go.
"""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

SECONDS = 30  # that a client may take to send a request, or let an answer wait
CONNECTIONS = 1000
THREADS = 4
TURN_SECONDS = 0.02  # that a request waits at most for those before it to be worked on
BEFORE_A_LOOK = 10_000  # objects that are made before the garbage collector looks at them: 700 without this
HEADER_MOST = 262_144  # bytes; addresses that are longer than the site's own limit still get its page
BODY_MOST = 65_536  # bytes; nothing here reads a body


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose time runs from the beginning of a request, not from its last byte.

    waitress lets go of connections that are idle; a client that sends a byte now and then is not.
    """

    last_activity: float

    def write_soon(self, data: Any) -> int:
        """As it is; but what the system takes at once never waits to be sent.

        While something waits, the loop asks again and again whether it may be sent, though the thread that
        wrote it is about to do just that, and keeps it from going on.
        """
        sent = self._sent(data) if isinstance(data, bytes) else 0
        return sent + int(super().write_soon(data[sent:] if sent else data))

    def _sent(self, data: bytes) -> int:
        """How many bytes were taken at once.  What fails is tried again, and seen to, by waitress."""
        with self.outbuf_lock:
            if self.total_outbufs_len or not self.connected:
                return 0
            try:
                sent = int(self.send(data, do_close=False))
            except OSError:
                return 0
            if sent:
                self.last_activity = time.time()
            return sent

    def handle_read(self) -> None:
        began = self.last_activity if self.request is not None else time.time()
        super().handle_read()
        if self.request is not None:
            self.last_activity = began

    def writable(self) -> bool:
        """As it is; but an answer that nobody has taken a byte of for too long is given up."""
        if self.total_outbufs_len and time.time() - self.last_activity > self.adj.channel_timeout:
            self.handle_close()
            return False
        return bool(super().writable())


class Turns:
    """A WSGI application whose requests are worked on one after the other, where they are quick.

    Two at a time take longer than one after the other: only one thread can run, and each takes over from
    the other in the middle of its work.  Once somebody has waited for `TURN_SECONDS`, nobody waits until
    that turn is over; bodies are sent outside of turns.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app, self._turn, self._slow = app, threading.Lock(), False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        mine = self._turn.acquire(timeout=0 if self._slow else TURN_SECONDS)
        self._slow = self._slow or not mine
        try:
            return self._app(environ, start_response)
        finally:
            if mine:
                self._slow = False
                self._turn.release()


def spare_collector() -> None:
    """Let the garbage collector pass over what is loaded by now, and look less often for what is circular.

    A request makes thousands of objects and hardly one that only the collector can free.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(BEFORE_A_LOOK)


def server(
    app: Flask, listening: socket.socket, proxies: int = 0, prefix: str = "", seconds: int = SECONDS
) -> BaseWSGIServer:
    """A server that answers on `listening` once it is run.

    `proxies` is as in SiteConfig; `prefix` is the path below which the site is shown, whether or not
    a proxy has taken it off.
    """
    made: BaseWSGIServer = waitress.create_server(
        Turns(app),
        sockets=[listening],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        channel_timeout=seconds,
        cleanup_interval=max(1, seconds // 6),
        max_request_header_size=HEADER_MOST,
        max_request_body_size=BODY_MOST,
        clear_untrusted_proxy_headers=not proxies,  # the application trusts as many proxies as it is told
        url_prefix=prefix,
        ident=None,
    )
    made.channel_class = Channel
    return made
