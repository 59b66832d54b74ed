"""Pages fetched from a real server that misbehaves: what comes of it, and what is said."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest
from webserver import Connection, WebServer, reply

from ingest import web as web_module
from ingest.errors import FetchError
from ingest.web import Limits, Page, Validators, Web, agent

MB = 1024 * 1024
LOG = b"# Changes\n\n## 2024-05-02: New rate limits\nOrders are limited.\n"
HASTY = Limits(read=10, whole=30, size=MB, tries=1)
QUICK = Limits(read=0.3, tries=1)  # for servers that fall silent


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


class Waits(list[float]):
    """A sleep that takes no time and keeps how long it would have taken."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def get(
    url: str,
    validators: Validators | None = None,
    limits: Limits = HASTY,
    waits: Waits | None = None,
    heed_robots: bool = True,
) -> Page:
    async def fetch() -> Page:
        async with Web(limits=limits, sleep=waits if waits is not None else Waits()) as web:
            return await web.page(url, validators, heed_robots)

    return asyncio.run(fetch())


def refused(url: str, said: str, limits: Limits = HASTY, waits: Waits | None = None) -> str:
    with pytest.raises(FetchError, match=said) as error:
        get(url, limits=limits, waits=waits)
    assert "\n" not in str(error.value)
    return str(error.value)


# -- what goes well --------------------------------------------------------------------------------


def test_a_page_with_its_validators_and_its_charset(server: WebServer) -> None:
    server.answers["/log"] = [
        reply(
            200,
            LOG,
            ETag='"1"',
            Last_Modified="Mon, 06 May 2024 10:00:00 GMT",
            Content_Type="text/plain; charset=latin-1",
        )
    ]
    page = get(server.url("/log"))
    assert page == Page(LOG, Validators('"1"', "Mon, 06 May 2024 10:00:00 GMT"))
    (asked,) = server.asked_for("/log")
    assert asked.headers["user-agent"] == agent()
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert "if-none-match" not in asked.headers


def test_we_say_who_we_are() -> None:
    from importlib.metadata import version

    assert agent() == f"relnotes/{version('relnotes')}"
    assert agent("mailto:ops@example.org") == f"{agent()} (+mailto:ops@example.org)"


def test_not_modified_since(server: WebServer) -> None:
    server.answers["/log"] = [reply(304, ETag='"2"')]
    page = get(server.url("/log"), Validators('"1"', "Mon, 06 May 2024 10:00:00 GMT"))
    assert page.data is None
    (asked,) = server.asked_for("/log")
    assert asked.headers["if-none-match"] == '"1"'
    assert asked.headers["if-modified-since"] == "Mon, 06 May 2024 10:00:00 GMT"


def test_validators_that_no_header_can_hold_are_not_sent(server: WebServer) -> None:
    server.answers["/log"] = [reply(200, LOG, ETag='"\u00e9"')]
    page = get(server.url("/log"))
    assert get(server.url("/log"), page.validators).data == LOG
    assert "if-none-match" not in server.asked_for("/log")[1].headers


def test_a_304_that_was_not_asked_for(server: WebServer) -> None:
    server.answers["/log"] = [reply(304)]
    refused(server.url("/log"), "HTTP 304")


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)]
)
def test_compressed_pages(encoding: str, pack: Callable[[bytes], bytes], server: WebServer) -> None:
    server.answers["/log"] = [reply(200, pack(LOG * 100), Content_Encoding=encoding)]
    assert get(server.url("/log")).data == LOG * 100


def test_a_page_in_chunks(server: WebServer) -> None:
    def chunked(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(LOG), 7):
            part = LOG[at : at + 7]
            connection.send(b"%x\r\n%s\r\n" % (len(part), part))
        connection.send(b"0\r\n\r\n")

    server.answers["/log"] = [chunked]
    assert get(server.url("/log")).data == LOG


# -- redirects -------------------------------------------------------------------------------------


def test_permanent_redirects_are_followed_and_told(server: WebServer) -> None:
    server.answers["/old"] = [reply(301, Location="/older")]
    server.answers["/older"] = [reply(308, Location="/log")]
    server.answers["/log"] = [reply(200, LOG)]
    assert get(server.url("/old")) == Page(LOG, moved=server.url("/log"))


def test_a_passing_redirect_is_followed_and_not_told(server: WebServer) -> None:
    server.answers["/old"] = [reply(302, Location="/moved")]
    server.answers["/moved"] = [reply(301, Location="/log")]
    server.answers["/log"] = [reply(200, LOG)]
    assert get(server.url("/old")).moved is None


def test_a_password_does_not_travel_to_another_host(server: WebServer) -> None:
    with WebServer() as other:
        server.answers["/old"] = [reply(302, Location=other.url("/log"))]
        other.answers["/log"] = [reply(200, LOG)]
        assert get(server.url("/old").replace("//", "//me:secret@")).data == LOG
        assert "authorization" in server.asked_for("/old")[0].headers
        assert "authorization" not in other.asked_for("/log")[0].headers


def test_redirects_in_a_circle(server: WebServer) -> None:
    server.answers["/a"], server.answers["/b"] = [reply(302, Location="/b")], [reply(302, Location="/a")]
    refused(server.url("/a"), "redirects without end")
    assert len(server.asked) < 20


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.org/log", "gopher://127.0.0.1:70/x"])
def test_no_redirect_leaves_the_web(place: str, server: WebServer) -> None:
    server.answers["/log"] = [reply(302, Location=place)]
    refused(server.url("/log"), f"redirects to {place.split(':')[0]}:, which is not followed")


def test_no_redirect_leads_from_the_internet_into_a_private_network(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 plays the open internet, 127.0.0.2 a machine behind the firewall."""
    from ipaddress import IPv4Address

    monkeypatch.setattr(IPv4Address, "is_global", property(lambda self: str(self) == "127.0.0.1"))
    with WebServer("127.0.0.2") as inside:
        inside.answers["/keys"] = [reply(200, b"secrets")]
        server.answers["/log"] = [reply(302, Location=inside.url("/keys"))]
        refused(server.url("/log"), "redirects into a private network")
        assert get(inside.url("/keys")).data == b"secrets"  # named outright, it may be fetched


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "HTTP 404 Status; check the address"),
        (410, "HTTP 410 Status; it is gone for good: mend the address or remove the source"),
        (401, "HTTP 401 Status; check that the page can be read without signing in"),
        (204, "HTTP 204"),
        (206, "HTTP 206"),
    ],
)
def test_what_cannot_be_had_is_not_asked_for_again(status: int, said: str, server: WebServer) -> None:
    server.answers["/log"] = [reply(status)]
    refused(server.url("/log"), said, limits=Limits(tries=3))
    assert len(server.asked_for("/log")) == 1


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4; codecs=x"])
def test_what_is_no_text_is_not_read(kind: str, server: WebServer) -> None:
    server.answers["/log"] = [reply(200, b"x" * 100, Content_Type=kind)]
    refused(server.url("/log"), f"is {kind.split(';')[0]}, not text")


def test_an_empty_page(server: WebServer) -> None:
    server.answers["/log"] = [reply(200, b" \n")]
    refused(server.url("/log"), "is empty")


def test_nobody_is_there() -> None:
    with WebServer() as gone:
        address = gone.url("/log")
    refused(address, "cannot be reached")


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a b/", "http://", "https://exa\tmple.org/", "http://\udcff/"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(FetchError):
        get(url)


# -- tried again -----------------------------------------------------------------------------------


def test_a_passing_failure_is_tried_again(server: WebServer) -> None:
    waits = Waits()
    server.answers["/log"] = [reply(500), reply(503), reply(200, LOG)]
    assert get(server.url("/log"), limits=Limits(tries=3), waits=waits).data == LOG
    assert waits == [1, 2]


def test_what_keeps_failing_is_given_up(server: WebServer) -> None:
    waits = Waits()
    server.answers["/log"] = [reply(502)]
    refused(server.url("/log"), "HTTP 502 Status; try again later", Limits(tries=4), waits)
    assert waits == [1, 2, 4]
    assert len(server.asked_for("/log")) == 4


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "7"},
        {"Retry_After": "Mon, 06 May 2024 10:00:07 GMT", "Date": "Mon, 06 May 2024 10:00:00 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_the_server_says_when_to_come_back(headers: dict[str, str], server: WebServer) -> None:
    waits = Waits()
    server.answers["/log"] = [reply(429, **headers), reply(200, LOG)]
    assert get(server.url("/log"), limits=Limits(tries=2), waits=waits).data == LOG
    assert waits == [7]


def test_who_asks_to_wait_long_is_left_alone(server: WebServer) -> None:
    server.answers["/log"] = [reply(503, Retry_After="3600")]
    waits = Waits()
    with pytest.raises(FetchError, match="asks to wait 3600 seconds") as error:
        get(server.url("/log"), limits=Limits(tries=3), waits=waits)
    assert error.value.wait == 3600
    assert waits == []
    assert len(server.asked_for("/log")) == 1


@pytest.mark.parametrize("asked", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_for_ever(asked: str, server: WebServer) -> None:
    server.answers["/log"] = [reply(503, Retry_After=asked, Date="Mon, 06 May 2024 10:00:00 GMT")]
    with pytest.raises(FetchError) as error:
        get(server.url("/log"), limits=Limits(tries=3))
    assert error.value.wait == 7 * 86400


def test_nonsense_for_a_date(server: WebServer) -> None:
    waits = Waits()
    server.answers["/log"] = [reply(503, Retry_After="soon"), reply(200, LOG)]
    get(server.url("/log"), limits=Limits(tries=2), waits=waits)
    assert waits == [1]


# -- silence and noise -----------------------------------------------------------------------------


def silent(connection: Connection) -> None:
    connection.hang()


def half(connection: Connection) -> None:
    connection.send(reply(200, LOG)[:-20])
    connection.hang()


def short(connection: Connection) -> None:
    connection.send(reply(200, LOG)[:-20])


def broken(connection: Connection) -> None:
    connection.send(reply(200, LOG)[:-20])
    connection.reset()


def closed(connection: Connection) -> None:
    """Hang up without a word."""


def nonsense(connection: Connection) -> None:
    connection.send(b"\x00\x01 no HTTP at all \r\n\r\n")


def endless_head(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.send(b"X-More: " + b"x" * 8000 + b"\r\n")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (silent, "fell silent"),
        (half, "fell silent"),
        (short, "the connection broke"),
        (broken, "the connection broke"),
        (closed, "the connection broke"),
        (nonsense, "the connection broke"),
        (endless_head, "the connection broke"),
        (reply(200, gzip.compress(LOG)[:-12], Content_Encoding="gzip"), "ended too early"),
        (reply(200, b"certainly not compressed", Content_Encoding="gzip"), "its compression is damaged"),
    ],
)
def test_what_breaks_off_is_told_and_tried_again(
    answer: Callable[[Connection], None] | bytes, said: str, server: WebServer
) -> None:
    server.answers["/log"] = [answer]
    refused(server.url("/log"), said, QUICK if "silent" in said else HASTY)
    server.answers["/log"] = [answer, reply(200, LOG)]
    assert get(server.url("/log"), limits=Limits(read=1, tries=2)).data == LOG


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["from the start", "in a header"])
def test_a_slow_dribble_is_cut_short(head: bytes, server: WebServer) -> None:
    """A byte now and then never falls silent; the whole has its own limit."""

    def dribble(connection: Connection) -> None:
        connection.send(head or b"HTTP/1.1 200 OK\r\n\r\n")
        while not connection.server.released.wait(0.02):
            connection.send(b"x")

    server.answers["/log"] = [dribble]
    refused(server.url("/log"), "took longer than 0.5 seconds", Limits(read=0.4, whole=0.5, tries=1))


def test_other_compression_is_refused(server: WebServer) -> None:
    server.answers["/log"] = [reply(200, b"xx", Content_Encoding="gzip, gzip")]
    refused(server.url("/log"), "is compressed as 'gzip, gzip', which was not asked for")


# -- too much --------------------------------------------------------------------------------------


def memory(fetch: Callable[[], object]) -> int:
    """The most bytes that were held while `fetch` ran."""
    tracemalloc.start()
    try:
        fetch()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gigabyte_that_is_announced_is_not_even_begun(server: WebServer) -> None:
    def flood(connection: Connection) -> None:
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {1024 * MB}\r\n\r\n".encode())
        for _ in range(1024 * 16):
            connection.send(bytes(65536))

    server.answers["/log"] = [flood]
    assert memory(lambda: refused(server.url("/log"), "holds more than 1 MB")) < 8 * MB
    assert server.sent < 32 * MB


def test_a_gigabyte_without_an_announcement_is_read_up_to_the_limit(server: WebServer) -> None:
    def flood(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1024 * 16):
            connection.send(bytes(65536))

    server.answers["/log"] = [flood]
    assert memory(lambda: refused(server.url("/log"), "holds more than 1 MB")) < 8 * MB
    assert server.sent < 32 * MB


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_small_page_that_unpacks_to_a_large_one(encoding: str, server: WebServer) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    bomb = b"".join(packer.compress(bytes(MB)) for _ in range(200)) + packer.flush()
    assert len(bomb) < MB / 2
    server.answers["/log"] = [reply(200, bomb, Content_Encoding=encoding)]
    assert memory(lambda: refused(server.url("/log"), "holds more than 1 MB")) < 8 * MB


# -- manners ---------------------------------------------------------------------------------------


def test_robots_txt_is_heeded_and_asked_for_once(server: WebServer) -> None:
    server.answers["/robots.txt"] = [
        reply(200, b"User-agent: *\nDisallow: /\n\nUser-agent: relnotes\nDisallow: /*/private$\nAllow: /\n")
    ]
    server.answers["/a/log"] = server.answers["/a/private"] = [reply(200, LOG)]

    async def both() -> None:
        async with Web(limits=HASTY) as web:
            assert (await web.page(server.url("/a/log"))).data == LOG
            with pytest.raises(FetchError, match="forbids to fetch it"):
                await web.page(server.url("/a/private"))

    asyncio.run(both())
    assert [one.path for one in server.asked] == ["/robots.txt", "/a/log"]


def test_robots_txt_is_left_alone_only_on_demand(server: WebServer) -> None:
    server.answers["/robots.txt"] = [reply(200, b"User-agent: *\nDisallow: /\n")]
    server.answers["/log"] = [reply(200, LOG)]
    refused(server.url("/log"), 'robots.txt forbids to fetch it; .*`robots = "ignore"`')
    assert get(server.url("/log"), heed_robots=False).data == LOG


def test_a_redirect_asks_the_robots_txt_of_where_it_leads(server: WebServer) -> None:
    with WebServer() as other:
        other.answers["/robots.txt"] = [reply(200, b"User-agent: *\nDisallow: /\n")]
        server.answers["/log"] = [reply(302, Location=other.url("/log"))]
        refused(server.url("/log"), "robots.txt forbids")
        assert other.asked_for("/log") == []


@pytest.mark.parametrize(
    "answer",
    [
        reply(404),
        reply(403),
        reply(200, b""),
        reply(200, b"\xff\xfe\x00 <html>no rules</html>"),
        reply(200, b"User-agent: *\nAllow: /\n#" + b"x" * MB),
        reply(302, Location="/robots.txt"),
    ],
    ids=["none", "forbidden", "empty", "nonsense", "too long", "circle"],
)
def test_without_rules_all_is_allowed(answer: bytes, server: WebServer) -> None:
    server.answers["/robots.txt"], server.answers["/log"] = [answer], [reply(200, LOG)]
    assert get(server.url("/log")).data == LOG


@pytest.mark.parametrize("answer", [reply(500), silent], ids=["500", "silent"])
def test_rules_that_cannot_be_had_mean_wait(answer: bytes, server: WebServer) -> None:
    """RFC 9309, 2.3.1.4: as if all were forbidden, for now."""
    server.answers["/robots.txt"], server.answers["/log"] = [answer], [reply(200, LOG)]
    refused(server.url("/log"), "HTTP 500|fell silent", QUICK)
    assert server.asked_for("/log") == []
    server.answers["/robots.txt"] = [answer, reply(404)]
    assert get(server.url("/log"), limits=Limits(read=1, tries=2)).data == LOG


def test_one_request_at_a_time_to_a_host_and_several_hosts_side_by_side() -> None:
    """Both servers hold their answers until both were asked: hosts in turn would wait forever."""
    import threading

    met = threading.Barrier(2, timeout=30)

    def together(connection: Connection) -> None:
        met.wait()
        connection.send(reply(200, LOG))

    with WebServer("127.0.0.1") as one, WebServer("127.0.0.2") as two:
        for server in (one, two):
            server.answers["/first"] = [together]
            server.answers["/second"] = server.answers["/third"] = [reply(200, LOG)]
        urls = [server.url(path) for server in (one, two) for path in ("/first", "/second", "/third")]

        async def fetch() -> list[Page]:
            async with Web() as web:
                return await asyncio.gather(*map(web.page, urls))

        assert [page.data for page in asyncio.run(fetch())] == [LOG] * 6
        assert (one.most_open, two.most_open) == (1, 1)


def test_a_message_does_not_tell_the_password(server: WebServer) -> None:
    said = refused(server.url("/log").replace("//", "//me:secret@"), "HTTP 404")
    assert "secret" not in said
    assert said.startswith(server.url("/log"))


def test_what_is_passing_is_so_by_status() -> None:
    assert web_module.PASSING.isdisjoint({400, 401, 403, 404, 410, 451, 501})
