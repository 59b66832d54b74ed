"""Who asked for what, and what did it cost?  One JSON object a line for each request.

`time` (UTC), `method`, `path` as it was sent with its query string, `status`, `bytes` of the body as it was
sent, and `ms` until the last of them was handed over.  Neither addresses of clients nor referrers are kept.
Whatever stands in an address, a line stays one line of ASCII.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from time import perf_counter
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from ingest.errors import ConfigError

PATH_MOST = 2048  # characters of an address that are kept


@contextmanager
def opened(where: str) -> Iterator[logging.Logger]:
    """A log that is written to stderr (`-`) or to a file; a file that was moved away is begun anew."""
    try:
        handler = logging.StreamHandler(sys.stderr) if where == "-" else WatchedFileHandler(Path(where))
    except OSError as error:
        raise ConfigError(f"cannot write the access log ({error.strerror})", where) from error
    log = logging.Logger("relnotes.access", logging.INFO)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


class AccessLog:
    """A WSGI application around another one."""

    def __init__(
        self, application: WSGIApplication, log: logging.Logger, clock: Callable[[], datetime]
    ) -> None:
        self.application, self.log, self.clock = application, log, clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _Answer(self, environ)

        def start(status: str, headers: list[tuple[str, str]], *failed: object) -> Callable[[bytes], object]:
            answer.status = int(status.split(" ", 1)[0])
            return start_response(status, headers, *failed)  # type: ignore[arg-type]

        answer.body = self.application(environ, start)
        return answer


class _Answer:
    """The body on its way out; its line is written when the server closes it."""

    def __init__(self, log: AccessLog, environ: WSGIEnvironment) -> None:
        self.log, self.time, self.began = log, log.clock(), perf_counter()
        self.method, self.path = str(environ["REQUEST_METHOD"]), address(environ)
        self.status, self.bytes, self.body = 500, 0, list[bytes]()  # type: tuple[int, int, Iterable[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        for part in self.body:
            self.bytes += len(part)
            yield part

    def close(self) -> None:
        if hasattr(self.body, "close"):
            self.body.close()
        self.log.log.info(json.dumps(self.line()))

    def line(self) -> dict[str, object]:
        return {
            "time": f"{self.time:%Y-%m-%dT%H:%M:%S}.{self.time.microsecond // 1000:03}Z",
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "bytes": self.bytes,
            "ms": round((perf_counter() - self.began) * 1000, 1),
        }


def address(environ: WSGIEnvironment) -> str:
    """The path and query string as they were sent, cut short where they are very long."""
    path, query = str(environ.get("REQUEST_URI", "")), ""
    if not path:
        path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"))
        query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}"[:PATH_MOST] if query else path[:PATH_MOST]
