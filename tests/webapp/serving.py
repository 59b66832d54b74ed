"""How a test gets a real server, and a reverse proxy before it that shows the site below a path."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask

from webapp import server

HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}


@contextmanager
def served(app: Flask, **how: object) -> Iterator[str]:
    """The address of a running server; `how` is passed on to `server.server`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = server.server(app, listening, **how)  # type: ignore[arg-type]
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.effective_port}"
        finally:
            running.task_dispatcher.shutdown()
            running.close()
            thread.join(timeout=10)


@contextmanager
def proxied(upstream: str, prefix: str, headers: bool = True) -> Iterator[str]:
    """The address below which a proxy shows `upstream`.

    With `headers` it takes the prefix off and says so; without, it passes on the path as it came.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            forwarded = dict(self.headers)
            if headers:
                forwarded |= {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": prefix}
                forwarded |= {"X-Forwarded-Host": "changes.example", "X-Forwarded-For": "203.0.113.7"}
            behind = http.client.HTTPConnection(upstream.removeprefix("http://"), timeout=30)
            behind.request("GET", self.path.removeprefix(prefix) if headers else self.path, headers=forwarded)
            answer = behind.getresponse()
            body = answer.read()
            behind.close()
            self.send_response(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in HOP:
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

    class Proxy(ThreadingHTTPServer):
        daemon_threads = True

    with Proxy(("127.0.0.1", 0), Handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}{prefix}"
        finally:
            proxy.shutdown()
            thread.join(timeout=10)
