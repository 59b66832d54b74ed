"""Where do a source's bytes come from?  From a file, standard input or the web; the only I/O of `ingest`."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import BinaryIO

from ingest.errors import SourceError

STDIN = "-"
MAX_BYTES = 16 * 1024 * 1024  # a change log of twenty years is about 1 MB


_PASSWORD = re.compile(r"^(\w+://)[^/?#]*@")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.I)  # a letter alone is a drive


def fetch(source: str) -> bytes:
    """The bytes of the web page or the file `source`, or of standard input for `-`.

    Raises SourceError where there is no such file or page, it cannot be read, is empty or holds more
    than `MAX_BYTES` bytes.
    """
    if is_address(source):
        return _page(source)
    data = _limited(sys.stdin.buffer, source) if source == STDIN else _file(source)
    if not data.strip():
        raise SourceError("is empty", shown(source), "name a file that holds a change log")
    return data


def is_address(source: str) -> bool:
    """Whether `source` names something on the web, or would if its scheme were one of the web's."""
    return bool(_ADDRESS.match(source))


def shown(source: str) -> str:
    """The source as messages and stored entries name it, without a password.

    Bytes of a path that are no UTF-8 become U+FFFD.
    """
    if is_address(source):
        return _PASSWORD.sub(r"\1", readable(source))
    return "standard input" if source == STDIN else readable(source)


def _page(source: str) -> bytes:
    from ingest.web import Web  # a web client takes long to import, and most sources are files

    async def get() -> bytes:
        async with Web() as web:
            return (await web.page(source)).data or b""

    if not source.lower().startswith(("http://", "https://")):
        raise SourceError("is not fetched", shown(source), "name a file, or an http or https address")
    return asyncio.run(get())


def readable(argument: str) -> str:
    """Text from the command line without the lone surrogates that stand there for undecodable bytes."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _file(source: str) -> bytes:
    try:
        with Path(source).open("rb") as stream:
            return _limited(stream, source)
    except FileNotFoundError:
        raise SourceError("no such file", shown(source), "check the path") from None
    except IsADirectoryError:
        raise SourceError("is a directory", shown(source), "name the files in it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SourceError(
            f"cannot be read ({reason})", shown(source), "check the path and its permissions"
        ) from error


def _limited(stream: BinaryIO, source: str) -> bytes:
    """All of `stream`, never holding more than the limit: a pipe or a device may have no end."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise SourceError(f"holds more than {limit} MB", shown(source), "split it into smaller files")
    return data
