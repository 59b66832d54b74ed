"""A web server on this machine that behaves as badly as a test wants, and keeps what it was asked.

with WebServer() as server:
    server.answers["/log"] = [reply(500), reply(200, b"text")]    # one after the other; the last stays
    get(server.url("/log"))
    server.asked                                                  # [Asked("GET", "/log", {...}, b""), ...]
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self

Answer = bytes | Callable[["Connection"], object]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; header names are written with `_` for `-`, None leaves one out."""
    sent = {"Content-Length": str(len(body)), "Connection": "close"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Status'}"]
    lines += [f"{name}: {value}" for name, value in sent.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class WebServer(ThreadingTCPServer):
    """See the module's docstring.  `released` is set when the test is over: wait for it to hang."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), Connection)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self.sent = 0
        self.open = 0
        self.most_open = 0
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/") -> str:
        return f"http://{self.server_address[0]}:{self.port}{path}"

    def asked_for(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path == path]

    def next_answer(self, path: str) -> Answer:
        with self.lock:
            waiting = self.answers.get(path, [reply(404, b"nothing here")])
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients may hang up whenever they like."""


class Connection(StreamRequestHandler):
    """One request and its answer."""

    server: WebServer

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) < 2:
            return
        headers: dict[str, str] = {}
        while (row := self.rfile.readline().decode("latin-1").strip()) and ":" in row:
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        expected = int(headers.get("content-length", "0"))
        body = self.rfile.read(expected)
        if len(body) < expected:
            return  # who asked is no more
        self.server.asked.append(Asked(line[0], line[1], headers, body))
        self._counted(self.server.next_answer(line[1]))

    def _counted(self, answer: Answer) -> None:
        with self.server.lock:
            self.server.open += 1
            self.server.most_open = max(self.server.most_open, self.server.open)
        try:
            self.send(answer) if isinstance(answer, bytes) else answer(self)
        finally:
            with self.server.lock:
                self.server.open -= 1

    def send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.server.sent += len(data)

    def hang(self) -> None:
        """Say nothing more until the test is over."""
        self.server.released.wait(60)

    def reset(self) -> None:
        """Break the connection instead of closing it."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.request.close()
