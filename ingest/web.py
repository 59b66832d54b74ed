"""What does a web address answer?  One polite conditional GET, and every way in which it can go wrong.

    async with Web(contact="https://example.org/bot") as web:
        page = await web.page("https://docs.example.com/changes", validators)
        page.data                      # None: not modified since `validators`

One request at a time goes to a host; different hosts are asked side by side.  Only http and https are
spoken, redirects included, and no redirect leads from the open internet into a private network.  What
comes is limited in time and in size, before and after decompression.  Passing failures are tried again.
Every failure is a FetchError in one line.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import ip_address
from typing import Self

import httpx

from ingest import robots
from ingest.errors import FetchError
from ingest.fetch import MAX_BYTES, shown
from ingest.readers.decode import labelled
from ingest.robots import Rules

PASSING = {408, 425, 429, 500, 502, 503, 504}  # the same request may well succeed later
NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/gzip")
CHUNK = 64 * 1024
LONGEST_WAIT = 7 * 86400.0  # seconds; who asks to wait longer is asked again after that


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much one page may take: seconds, bytes, and numbers of redirects and attempts.

    `whole` bounds one attempt with all its redirects; `patience` the longest wait between attempts.
    """

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0
    size: int = MAX_BYTES
    redirects: int = 8
    tries: int = 3
    pause: float = 1.0
    patience: float = 30.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server called the state of a page; sent back, it can say that nothing changed."""

    etag: str | None = None
    modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value and value.isascii()}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its bytes, or None where the page is the one that `validators` stand for.

    `moved` is where permanent redirects lead, if they do.
    """

    data: bytes | None
    validators: Validators = field(default_factory=Validators)
    moved: str | None = None


class _PassingError(FetchError):
    """A failure that may be over soon."""


def agent(contact: str | None = None) -> str:
    """How we introduce ourselves; `contact` is a web page or a mail address."""
    name = f"{robots.TOKEN}/{version('relnotes')}"
    return f"{name} (+{contact})" if contact else name


class Web:
    """Fetches pages.  `sleep` waits between attempts; tests give another one."""

    def __init__(
        self,
        contact: str | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.limits, self.sleep = limits or Limits(), sleep
        self._rules: dict[str, Rules] = {}
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._origins: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        timeout = httpx.Timeout(self.limits.read, connect=self.limits.connect, pool=None)
        headers = {"User-Agent": agent(contact), "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def page(self, url: str, validators: Validators | None = None, heed_robots: bool = True) -> Page:
        """The page at `url`, or the news that it did not change since `validators`."""
        for attempt in range(self.limits.tries):
            try:
                return await self._attempt(url, validators or Validators(), heed_robots)
            except _PassingError as error:
                wait = self.limits.pause * 2**attempt if error.wait is None else error.wait
                if attempt + 1 == self.limits.tries or wait > self.limits.patience:
                    raise
                await self.sleep(wait)
        raise AssertionError("at least one attempt")

    async def _attempt(self, url: str, validators: Validators, heed_robots: bool) -> Page:
        with _told(url, self.limits.whole):
            async with asyncio.timeout(self.limits.whole):
                return await self._followed(url, validators, heed_robots)

    async def _followed(self, url: str, validators: Validators, heed_robots: bool) -> Page:
        """Follow redirects to the page."""
        request = self._client.build_request("GET", url, headers=validators.headers)
        outside, moved, permanent = False, None, True
        for _ in range(self.limits.redirects + 1):
            if heed_robots:
                await self._ask_robots(request.url)
            async with self._sent(request) as answer:
                if outside and _is_public(answer) is False:
                    raise FetchError("redirects into a private network", shown(url), "check the address")
                outside = outside or _is_public(answer) is True
                if answer.next_request is None:
                    return await self._read(answer, url, moved, bool(validators.headers))
                request = _allowed(answer.next_request, url)
                permanent = permanent and answer.status_code in (301, 308)
                moved = str(request.url) if permanent else moved
        raise FetchError("redirects without end", shown(url), "check the address")

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        """The answer to a request, body unread, when it is its turn at the host."""
        async with self._hosts[request.url.host]:
            answer = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                yield answer
            finally:
                await answer.aclose()

    async def _read(self, answer: httpx.Response, url: str, moved: str | None, asked: bool) -> Page:
        """The page in an answer; `asked` says that it may be that nothing changed."""
        headers, where = answer.headers, shown(url)
        validators = Validators(headers.get("etag"), headers.get("last-modified"))
        if answer.status_code == 304 and asked:
            return Page(None, validators, moved=moved)
        if answer.status_code not in (200, 203):
            raise _refusal(answer, where)
        kind = headers.get("content-type", "").strip().lower()
        if kind.startswith(NO_TEXT):
            raise FetchError(f"is {kind.split(';')[0]}, not text", where, "check the address")
        body = await _body(answer, self.limits.size, where)
        if not body.strip():
            raise FetchError("is empty", where, "check the address")
        return Page(labelled(body, answer.charset_encoding), validators, moved)

    # -- robots.txt --------------------------------------------------------------------------------

    async def _ask_robots(self, url: httpx.URL) -> None:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with self._origins[origin]:
            if origin not in self._rules:
                self._rules[origin] = await self._robots(f"{origin}/robots.txt")
        if not self._rules[origin].allow(str(url)):
            todo = 'ask its owner; then set `robots = "ignore"` for this source in relnotes.toml'
            raise FetchError("robots.txt forbids to fetch it", shown(str(url)), todo)

    async def _robots(self, url: str) -> Rules:
        """A site's rules: none where there is no such file; where it cannot be had, wait and see."""
        request = self._client.build_request("GET", url)
        for _ in range(self.limits.redirects + 1):
            async with self._sent(request) as answer:
                if answer.next_request is None:
                    return await _rules(answer, url)
                request = _allowed(answer.next_request, url)
        return Rules()


async def _rules(answer: httpx.Response, url: str) -> Rules:
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _refusal(answer, shown(url))
    if answer.status_code != 200:
        return Rules()
    return Rules.read(await _body(answer, robots.MAX_BYTES, shown(url), cut=True))


def _allowed(request: httpx.Request, url: str) -> httpx.Request:
    """The next request of a redirect, if it stays on the web."""
    if request.url.scheme not in ("http", "https") or not request.url.host:
        what = f"redirects to {request.url.scheme}:, which is not followed"
        raise FetchError(what, shown(url), "check the address")
    return request


def _is_public(answer: httpx.Response) -> bool | None:
    """Whether the answer came from the open internet; None where that is not known."""
    stream = answer.extensions.get("network_stream")
    server = stream.get_extra_info("server_addr") if stream else None
    try:
        return ip_address(str(server[0]).split("%")[0]).is_global if server else None
    except ValueError:  # a socket of another family
        return None


def _refusal(answer: httpx.Response, where: str) -> FetchError:
    """Why there is no page, and what to do about it."""
    status = answer.status_code
    what = f"HTTP {status} {answer.reason_phrase}".rstrip()
    if status in PASSING:
        wait = wait_asked(answer)
        return _PassingError(what, where, _later(wait), wait)
    todo = {404: "check the address", 410: "it is gone for good: mend the address or remove the source"}
    return FetchError(what, where, todo.get(status, "check that the page can be read without signing in"))


def _later(wait: float | None) -> str:
    return "try again later" if not wait else f"its server asks to wait {wait:.0f} seconds"


def wait_asked(answer: httpx.Response) -> float | None:
    """The seconds that Retry-After asks for, as a number or as a date by the server's own clock."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return min(float(asked), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(asked)
        wait = (until - parsedate_to_datetime(answer.headers["date"])).total_seconds()
        return max(0.0, min(wait, LONGEST_WAIT))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


# -- the body --------------------------------------------------------------------------------------


async def _body(answer: httpx.Response, limit: int, where: str, cut: bool = False) -> bytes:
    """The whole body, decompressed; no more than `limit` bytes of it are ever held.

    What is longer is an error, or with `cut` only read so far.
    """
    inflate = _Inflater(answer.headers.get("content-encoding", ""), where)
    body, received = bytearray(), 0
    async for chunk in answer.aiter_raw(CHUNK):
        received += len(chunk)
        body += inflate.feed(chunk, limit + 1 - len(body))
        if len(body) > limit or received > limit:
            if cut:
                return bytes(body[:limit])
            what = f"holds more than {limit // (1024 * 1024) or 1} MB"
            raise FetchError(what, where, "name a page that holds less")
    inflate.finish()
    return bytes(body)


class _Inflater:
    """Undoes the compression that was asked for, a bounded number of bytes at a time."""

    def __init__(self, encoding: str, where: str) -> None:
        self.where = where
        kind = encoding.strip().lower()
        if kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"is compressed as {kind!r}, which was not asked for", where, "try again later")
        self._zlib = zlib.decompressobj(47) if kind not in ("", "identity") else None  # 47: gzip or zlib

    def feed(self, chunk: bytes, room: int) -> bytes:
        """What `chunk` stands for, at most `room` bytes of it."""
        if self._zlib is None:
            return chunk
        try:
            return self._zlib.decompress(chunk, max(room, 1))
        except zlib.error:
            raise _PassingError("its compression is damaged", self.where, "try again later") from None

    def finish(self) -> None:
        if self._zlib is not None and not self._zlib.eof:
            raise _PassingError("ended too early", self.where, "try again later")


# -- what is said ----------------------------------------------------------------------------------


@contextmanager
def _told(url: str, seconds: float) -> Iterator[None]:
    """Turns what goes wrong on the way into a FetchError."""
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise FetchError(f"is no web address ({error})", shown(url), "check the address") from error
    except TimeoutError as error:
        what = f"took longer than {seconds:g} seconds"
        raise _PassingError(what, shown(url), "try again later") from error
    except httpx.HTTPError as error:
        raise _PassingError(_why(error), shown(url), "try again later") from error


def _why(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection could be made in time"
    if isinstance(error, httpx.TimeoutException):
        return "fell silent"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached ({error})"
    return f"the connection broke ({error or type(error).__name__})"
