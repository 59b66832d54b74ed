"""The server as clients meet it that are slow, many, greedy or hostile; and its log."""

from __future__ import annotations

import json
import logging
import re
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import log
from flask import Flask, Response
from flask.testing import FlaskClient
from serving import served

from webapp import server
from webapp.accesslog import AccessLog, opened
from webapp.app import create_app
from webapp.config import Limits, SiteConfig
from webapp.server import THREADS, Channel
from webapp.throttle import Throttle, client_of

Logged = Callable[[Flask], FlaskClient]
NOON = datetime(2022, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=20)


def is_closed(connection: socket.socket) -> bool:
    """Has the server hung up?  Waits for it up to a tenth of a second."""
    with selectors.DefaultSelector() as waiting:  # `select` knows the first 1,024 descriptors only
        waiting.register(connection, selectors.EVENT_READ)
        if not waiting.select(0.1):
            return False
    try:
        return connection.recv(1000) == b""
    except ConnectionError:
        return True


def test_slow_clients_hold_up_nobody_and_are_let_go(app: Flask) -> None:
    """Many more than there are threads, each sending its request byte by byte, without end."""
    with served(app, seconds=2) as address, ExitStack() as stack:
        slow = [stack.enter_context(connect(address)) for _ in range(40)]
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        deadline = monotonic() + 30
        answers = 0
        while slow and monotonic() < deadline:
            answers += httpx.get(f"{address}/?page=1", trust_env=False, timeout=5).status_code == 200
            for one in list(slow):
                try:
                    one.sendall(b"x")
                except ConnectionError:
                    slow.remove(one)
            slow = [one for one in slow if not is_closed(one)] if slow and is_closed(slow[0]) else slow
        assert slow == []
        assert answers > 3


def test_who_takes_no_answer_is_given_up() -> None:
    """The thread that writes an endless answer is free again."""
    app, over = Flask("endless"), threading.Event()

    @app.get("/")
    def endless() -> Response:
        def parts() -> Iterator[bytes]:
            try:
                while True:
                    yield b"x" * 1_000_000
            finally:
                over.set()

        return Response(parts())

    with served(app, seconds=1) as address, connect(address) as greedy:
        greedy.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert over.wait(timeout=30)


def test_an_answer_arrives_whole_at_who_takes_it_bit_by_bit() -> None:
    app, parts = Flask("long"), [bytes([letter]) * 300_000 for letter in b"abcdefghij"]

    @app.get("/")
    def long() -> Response:
        return Response(iter(parts))

    with served(app) as address, connect(address) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
        taken = b"".join(iter(lambda: client.recv(10_000), b""))
        assert taken.partition(b"\r\n\r\n")[2] == b"".join(parts)


def test_the_loop_is_left_alone_while_answers_are_sent(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would not let the threads that send them go on."""
    waiting: list[bool] = []
    writable = Channel.writable
    monkeypatch.setattr(Channel, "writable", lambda self: waiting.append(writable(self)) or waiting[-1])
    with served(app) as address, ThreadPoolExecutor(4) as pool:
        for answer in pool.map(lambda _: httpx.get(f"{address}/", trust_env=False), range(100)):
            assert answer.status_code == 200
    assert waiting
    assert waiting.count(True) < 10


def test_quick_requests_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TURN_SECONDS", 20.0)  # however slow this machine is now
    app, at_work = Flask("busy"), threading.Lock()

    @app.get("/")
    def quick() -> str:
        if not at_work.acquire(blocking=False):
            return "two at a time"
        sleep(0.001)  # another thread may take over here
        at_work.release()
        return "alone"

    with served(app) as address, ThreadPoolExecutor(THREADS) as pool:
        said = list(pool.map(lambda _: httpx.get(address, trust_env=False, timeout=20).text, range(40)))
    assert said == ["alone"] * 40


def test_a_slow_request_holds_up_nobody() -> None:
    app, over = Flask("slow"), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        return str(over.wait(30))

    @app.get("/")
    def quick() -> str:
        return "quick"

    with served(app) as address, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(httpx.get, f"{address}/slow", trust_env=False, timeout=40)
        assert [httpx.get(address, trust_env=False, timeout=20).text for _ in range(5)] == ["quick"] * 5
        assert not waiting.done()
        over.set()
        assert waiting.result().text == "True"


def test_one_that_was_waited_for_in_vain_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app, begun, over = Flask("slow"), threading.Event(), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        return str(over.wait(30))

    @app.get("/")
    def quick() -> str:
        return "quick"

    taking_turns = server.Turns(app)
    app.wsgi_app, inner = taking_turns, app.wsgi_app  # type: ignore[method-assign]
    taking_turns._app = inner
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(lambda: app.test_client().get("/slow").text)
        assert begun.wait(20)
        assert app.test_client().get("/").text == "quick"  # after `TURN_SECONDS`
        monkeypatch.setattr(server, "TURN_SECONDS", 1000.0)
        assert pool.submit(lambda: app.test_client().get("/").text).result(20) == "quick"
        over.set()
        assert waiting.result(20) == "True"
    assert app.test_client().get("/").text == "quick"


def test_a_header_without_end_is_refused(app: Flask) -> None:
    with served(app) as address, connect(address) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 300_000)
        assert b" 431 Request Header Fields Too Large" in client.recv(1000).split(b"\r\n")[0]


def test_an_address_that_is_too_long_is_answered_with_a_page(app: Flask) -> None:
    with served(app) as address:
        answer = httpx.get(f"{address}/search?q=" + "x" * 60_000, trust_env=False)
        assert answer.status_code == 414
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


# -- how often ---------------------------------------------------------------------------------------


def test_a_bucket_fills_up_again() -> None:
    now = [0.0]
    throttle = Throttle(6, lambda: now[0])  # one every ten seconds, six at once
    assert [throttle.wait("a") for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    assert throttle.wait("b") == 0
    now[0] = 9
    assert throttle.wait("a") == 1
    now[0] = 10
    assert [throttle.wait("a"), throttle.wait("a")] == [0, 10]
    now[0] = 1000
    assert [throttle.wait("a") for _ in range(7)].count(0) == 6


def test_only_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.throttle.CLIENTS_MOST", 2)
    throttle = Throttle(1, lambda: 0.0)
    assert [throttle.wait(one) for one in "aabcc"] == [0, 60, 0, 0, 60]
    assert throttle.wait("a") == 0  # forgotten for c


def test_an_ipv6_user_is_one_client_whatever_the_last_bits_say() -> None:
    assert client_of("2001:db8:1:2::1") == client_of("2001:db8:1:2:ffff::9") == "2001:0db8:0001:0002"
    assert client_of("fe80::1%eth0") == "fe80:0000:0000:0000"
    assert client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("not:an:address") == "not:an:address"


@pytest.mark.parametrize(
    ("path", "media"), [("/", "text/html"), ("/api/v1/entries", "application/problem+json")]
)
def test_too_many_requests_are_told_when_to_come_back(config: SiteConfig, path: str, media: str) -> None:
    client = create_app(replace(config, rate=2)).test_client()
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    refused = client.get(path)
    assert refused.status_code == 429
    assert refused.mimetype == media
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert "Too many requests" in refused.text
    assert client.get("/healthz").status_code == 200
    with client.get("/static/site.css") as style:
        assert style.status_code == 200


def test_behind_a_proxy_each_reader_counts_alone(config: SiteConfig) -> None:
    def statuses(proxies: int) -> list[int]:
        client = create_app(replace(config, rate=1, proxies=proxies)).test_client()
        readers = ("203.0.113.1", "203.0.113.2", "203.0.113.1", "198.51.100.9, 203.0.113.1")
        return [client.get("/", headers={"X-Forwarded-For": one}).status_code for one in readers]

    assert statuses(1) == [200, 200, 429, 429]  # what a reader claims before the proxy's own word is no word
    assert statuses(0) == [200, 429, 429, 429]


def test_only_so_many_exports_run_at_a_time(config: SiteConfig) -> None:
    client = create_app(replace(config, limits=Limits(exports=1))).test_client()
    running = client.get("/api/v1/entries.jsonl", buffered=False)
    refused = client.get("/api/v1/entries.jsonl")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "10"
    running.close()
    assert client.head("/api/v1/entries.jsonl", buffered=True).status_code == 200
    assert len(client.get("/api/v1/entries.jsonl").text.splitlines()) == len(log())


# -- the log -----------------------------------------------------------------------------------------


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Callable[[Flask], FlaskClient]]:
    """`logged(app)` is a client whose requests are logged to `tmp_path / "log"`."""
    with opened(str(tmp_path / "log")) as log:

        def make(app: Flask) -> FlaskClient:
            app.wsgi_app = AccessLog(app.wsgi_app, log, lambda: NOON)  # type: ignore[method-assign]
            return app.test_client()

        yield make


def test_each_request_is_one_line(app: Flask, logged: Logged, tmp_path: Path) -> None:
    client = logged(app)
    body = client.get("/search?q=domain", buffered=True, headers={"Referer": "https://secret.example/"}).data
    client.get("/entries/none", buffered=True)
    first, second = (json.loads(line) for line in (tmp_path / "log").read_text().splitlines())
    assert first.pop("ms") >= 0
    assert first == {
        "time": "2022-05-01T12:00:00.123Z",
        "method": "GET",
        "path": "/search?q=domain",
        "status": 200,
        "bytes": len(body),
    }
    assert (second["path"], second["status"]) == ("/entries/none", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/%0d%0a{}",
        "/a\r\n{}",
        "/\u202etxt\u2028x",
        '/"quoted\\',
        "/\x00\x1b[31m",
        "/é€😀",
        "/=HYPERLINK()",
        "/" + "x" * 9000,
    ],
)
def test_no_address_breaks_a_line(app: Flask, logged: Logged, tmp_path: Path, path: str) -> None:
    client = logged(app)
    client.get(
        "/",
        buffered=True,
        environ_overrides={"PATH_INFO": path.encode().decode("latin-1"), "REQUEST_URI": path},
    )
    client.get(
        "/",
        buffered=True,
        environ_overrides={"PATH_INFO": path.encode().decode("latin-1"), "REQUEST_URI": ""},
    )
    data = (tmp_path / "log").read_bytes()
    assert data.isascii()
    assert not set(data) & (set(range(32)) - {10})
    lines = [json.loads(line) for line in data.split(b"\n")[:-1]]
    assert len(lines) == 2
    assert lines[0]["path"] == path[:2048]


def test_a_log_that_was_moved_away_is_begun_anew(app: Flask, logged: Logged, tmp_path: Path) -> None:
    client = logged(app)
    client.get("/", buffered=True)
    (tmp_path / "log").rename(tmp_path / "log.1")
    client.get("/", buffered=True)
    assert len((tmp_path / "log").read_text().splitlines()) == 1


def test_a_failure_is_logged_too(logged: Logged, tmp_path: Path) -> None:
    app = Flask("broken")
    app.logger.setLevel(logging.CRITICAL + 1)

    @app.get("/")
    def broken() -> str:
        raise RuntimeError

    logged(app).get("/", buffered=True)
    assert json.loads((tmp_path / "log").read_text())["status"] == 500


# -- the command -------------------------------------------------------------------------------------


@pytest.fixture
def serve(config: SiteConfig) -> Iterator[Callable[..., str]]:
    """`serve("--option")` is the address that `relnotes serve` prints."""
    with ExitStack() as stack:

        def start(*options: str) -> str:
            command = [sys.executable, "-m", "webapp.cli", "--data", str(config.data_dir), "serve"]
            process = stack.enter_context(
                subprocess.Popen([*command, "--port", "0", *options], stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.terminate)
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            return found[0].rstrip("/")

        yield start


def test_the_command_takes_its_place_in_the_network(serve: Callable[..., str], tmp_path: Path) -> None:
    address = serve("--prefix", "/log", "--rate", "1", "--access-log", str(tmp_path / "log"))
    page = httpx.get(f"{address}/log/", trust_env=False)
    assert f'<link rel="canonical" href="{address}/log/">' in page.text
    assert 'href="/log/maintenance/"' in page.text
    assert httpx.get(f"{address}/log/?page=1", trust_env=False).status_code == 429
    deadline = monotonic() + 20  # a line is written after its answer
    while len(lines := (tmp_path / "log").read_text().splitlines()) < 2 and monotonic() < deadline:
        continue
    logged = [json.loads(line) for line in lines]
    assert [(line["path"], line["status"]) for line in logged] == [("/log/", 200), ("/log/?page=1", 429)]


def test_the_command_believes_proxies_when_told(serve: Callable[..., str]) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "changes.example", "X-Forwarded-Prefix": "/log"}
    for options, root in (((), None), (("--proxies", "1"), "https://changes.example/log")):
        address = serve(*options)
        page = httpx.get(f"{address}/", headers=said, trust_env=False)
        assert f'<link rel="canonical" href="{root or address}/">' in page.text


def test_the_command_knows_its_public_address_and_names(serve: Callable[..., str]) -> None:
    address = serve("--base-url", "https://changes.example/log/", "--allow-host", "127.0.0.1")
    page = httpx.get(f"{address}/", trust_env=False)
    assert '<link rel="canonical" href="https://changes.example/log/">' in page.text
    assert httpx.get(f"{address}/", headers={"Host": "evil.example"}, trust_env=False).status_code == 400
