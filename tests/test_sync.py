"""Followed sources: what is told of them, what is kept, and what is left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from commandline import FRENCH, LOG
from webserver import WebServer, reply

from index.checks import Check, Outcome
from index.store import Store
from index.synclock import syncing
from ingest.web import Limits, Web
from webapp.cli import run
from webapp.configuration import Source
from webapp.following.sync import by_turns

Sync = Callable[..., tuple[int, str, str]]
NEW = "CertCentral: Dark mode\nYou can now choose dark colours for all pages of your account.\n\n"
MANY = "".join(
    f"# 2024-05-{n:02}: Fix number {n}\n\nWe fixed bug number {n} in the export.\n\n" for n in range(1, 13)
)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sync:
    """Runs `relnotes sync` in a folder of its own; gives exit status, stdout and stderr."""

    async def no_time(seconds: float) -> None:
        pass

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELNOTES_DATA", raising=False)
    monkeypatch.setattr("webapp.commands.sync.Web", partial(Web, limits=Limits(tries=2), sleep=no_time))

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["sync", *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return call


def follow(*sources: str) -> None:
    """Write a relnotes.toml with these sources: the name, then lines of TOML."""
    tables = (source.split("\n", 1) for source in sources)
    text = "".join(f'[[sources]]\nname = "{name}"\n{lines}\n' for name, lines in tables)
    Path("relnotes.toml").write_text(text, encoding="utf-8")


def checks() -> dict[str, Check]:
    with Store.open(Path("data")) as store:
        return {check.source: check for check in store.checks()}


def kept() -> dict[str, bool]:
    """The titles of all entries, and whether they are gone."""
    with Store.open(Path("data")) as store:
        return {stored.entry.title: stored.gone for stored in store.all()}


def state() -> list[Any]:
    """All that the store holds, but for the checks."""
    with Store.open(Path("data")) as store:
        return [store.generation, list(store.all()), store.sources()]


# -- what is new -----------------------------------------------------------------------------------


def test_what_is_new_changed_and_gone_is_told(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    edited = NEW + LOG.replace("whether a domain", "if a domain").split("Scheduled")[0]
    server.answers["/log"] = [reply(200, LOG.encode()), reply(200, edited.encode())]
    assert sync() == (0, "portal: 3 new\n", "")
    assert sync() == (0, "portal: 1 new, 1 changed, 2 gone\n", "")
    assert checks()["portal"].outcome is Outcome.CHANGED


def test_what_is_kept_is_found_at_once(
    sync: Sync, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [reply(200, LOG.encode())]
    sync()
    assert run(["search", "dashboard", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1
    assert run(["doctor"]) == 0


def test_a_page_that_did_not_change_is_not_sent_again(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    date = "Mon, 06 May 2024 10:00:00 GMT"
    server.answers["/log"] = [reply(200, LOG.encode(), ETag='"7"', Last_Modified=date), reply(304)]
    sync()
    before = state()
    assert sync() == (0, "portal: nothing new\n", "")
    assert sync() == (0, "portal: nothing new\n", "")
    assert state() == before
    first, second, third = server.asked_for("/log")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == third.headers["if-none-match"] == '"7"'
    assert second.headers["if-modified-since"] == date


def test_the_same_bytes_again_are_nothing_new(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [reply(200, LOG.encode())]
    sync()
    before = state()
    assert sync() == (0, "portal: nothing new\n", "")
    assert state() == before


def test_a_page_around_the_same_entries_is_nothing_new(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"\nform = "html"')
    page = (
        "<html><body><nav>{}</nav><main><h2>2024-05-02: Fix</h2><p>We fixed a bug.</p></main></body></html>"
    )
    server.answers["/log"] = [reply(200, page.format(n).encode()) for n in ("one", "two")]
    sync()
    assert sync() == (0, "portal: nothing new\n", "")


def test_other_hints_or_another_address_are_read_anew(sync: Sync, server: WebServer) -> None:
    server.answers["/log"] = server.answers["/moved"] = [reply(200, LOG.encode(), ETag='"7"')]
    follow(f'portal\nurl = "{server.url("/log")}"')
    sync()
    follow(f'portal\nurl = "{server.url("/log")}"\nlang = "fr"')
    sync()
    follow(f'portal\nurl = "{server.url("/moved")}"\nlang = "fr"')
    sync()
    assert all("if-none-match" not in one.headers for one in server.asked if one.path != "/robots.txt")
    assert sync("--force")[0] == 0
    assert "if-none-match" not in server.asked_for("/moved")[-1].headers


def test_only_the_sources_that_are_named(sync: Sync) -> None:
    Path("a.txt").write_text(LOG)
    Path("b.txt").write_text(FRENCH)
    follow('a\npath = "a.txt"', 'b\npath = "b.txt"')
    assert sync("b") == (0, "b: 2 new\n", "")
    status, out, err = sync("c")
    assert (status, out) == (1, "")
    assert "there is no source 'c'; it lists a, b" in err


def test_files_and_globs(sync: Sync) -> None:
    Path("notes").mkdir()
    Path("notes/2023.txt").write_text(LOG)
    Path("notes/2024.txt").write_text(FRENCH)
    follow('notes\nglob = "notes/*.txt"', 'log\npath = "notes/2023.txt"')
    status, out, _ = sync()
    assert status == 0
    assert sorted(out.splitlines()) == ["log: 3 new", "notes/notes/2023: 3 new", "notes/notes/2024: 2 new"]
    assert set(sync()[1].splitlines()) == {
        "log: nothing new",
        "notes/notes/2023: nothing new",
        "notes/notes/2024: nothing new",
    }


def test_snapshots_are_applied_once_and_in_order(sync: Sync) -> None:
    Path("1.txt").write_text(LOG)
    Path("2.txt").write_text(NEW + LOG)
    follow('log\npaths = ["1.txt", "2.txt"]')
    assert sync() == (0, "log: 4 new, 3 unchanged\n", "")
    assert sync() == (0, "log: nothing new\n", "")
    Path("3.txt").write_text(FRENCH + NEW + LOG)
    follow('log\npaths = ["1.txt", "2.txt", "3.txt"]')
    assert sync() == (0, "log: 2 new, 4 unchanged\n", "")
    assert not any(kept().values())


# -- what is wrong ---------------------------------------------------------------------------------


def test_a_failing_source_does_not_hold_up_the_others(sync: Sync, server: WebServer) -> None:
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(
        f'dead\nurl = "{server.url("/dead")}"',
        f'portal\nurl = "{server.url("/log")}"',
        'missing\npath = "nowhere.txt"',
    )
    status, out, err = sync()
    assert status == 1
    assert out == "portal: 3 new\n"
    assert sorted(err.splitlines()) == [
        f"relnotes: dead: could not be read: {server.url('/dead')}: HTTP 404 Status; check the address",
        "relnotes: missing: could not be read: nowhere.txt: no such file; check the path",
    ]
    assert {name: check.outcome for name, check in checks().items()} == {
        "dead": Outcome.UNREAD,
        "portal": Outcome.CHANGED,
        "missing": Outcome.UNREAD,
    }


def test_failures_are_counted_until_one_succeeds(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [
        *(reply(200, LOG.encode(), ETag='"7"'), reply(404), reply(404), reply(304)),
    ]
    sync()
    good = checks()["portal"]
    sync(), sync()
    failing = checks()["portal"]
    assert (failing.failures, failing.succeeded) == (2, good.checked)
    assert "HTTP 404" in (failing.error or "")
    assert sync()[0] == 0
    assert server.asked_for("/log")[-1].headers["if-none-match"] == '"7"'
    assert (checks()["portal"].failures, checks()["portal"].error) == (0, None)


HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
STRANGERS = {
    "error page": HTML.format("Page not found", "We could not find what you were looking for."),
    "error with a number": HTML.format("404", "Sorry."),
    "sign-in page": HTML.format("Sign in to Example", "Enter your name and your password to go on."),
    "cookie wall": HTML.format("Before you continue", "We and our 812 partners set cookies."),
    "bot check": HTML.format("Just a moment...", "Checking your browser before you go on."),
    "French error page": HTML.format("Page introuvable", "La page demandée n’existe pas."),
    "German error page": HTML.format("Seite nicht gefunden", "Die Seite gibt es nicht."),
    "an unheard-of page": HTML.format("Oops", "That did not work."),
    "no entries": "<!doctype html><html><body><p></p><div> </div></body></html>",
    "prose": "The quick brown fox jumps over the lazy dog.",
    "JSON": '{"error": "not found"}',
}


@pytest.mark.parametrize("known", [True, False], ids=["followed", "new"])
@pytest.mark.parametrize("page", STRANGERS.values(), ids=STRANGERS)
def test_what_is_no_change_log_is_told_and_not_kept(
    page: str, known: bool, sync: Sync, server: WebServer
) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [reply(200, page.encode())]
    if known:
        server.answers["/log"].insert(0, reply(200, LOG.encode()))
        sync()
        before = state()
    status, out, err = sync()
    assert (status, out) == (1, "")
    assert err.startswith("relnotes: portal: not applied: ")
    assert err.count("\n") == 1
    assert checks()["portal"].outcome is Outcome.NOT_A_LOG
    if known:
        assert state() == before


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Not found: 404 pages get a new design</title></head><body>"
        "<h2>2024-05-02: New error pages</h2><p>Error pages have a new design.</p></body></html>",
        "<html><body><h1>Release notes</h1><h2>Sign in with a passkey</h2><p>We added the sign-in.</p>"
        "<h2>Bug fix</h2><p>We fixed a bug in the export.</p><h2>Bug fix</h2><p>We fixed the search.</p>"
        "<h2>New API</h2><p>GET /v2/orders is new.</p></body></html>",
    ],
    ids=["dated", "many entries"],
)
def test_a_change_log_about_errors_and_signing_in_is_one(page: str, sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [reply(200, page.encode())]
    status, out, _ = sync()
    assert status == 0
    assert " new" in out


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"%PDF-1.7 \x00\x01\x02\x03" * 50, Content_Type="application/pdf"),
        reply(200, b"\x89PNG\x00\x01\x02\x03" * 50),
        reply(200, b""),
        reply(503),
    ],
    ids=["PDF", "bytes", "empty", "503"],
)
def test_what_cannot_be_read_is_told_apart(answer: bytes, sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [answer]
    status, _, err = sync()
    assert status == 1
    assert err.startswith("relnotes: portal: could not be read: ")
    assert checks()["portal"].outcome is Outcome.UNREAD


def test_far_fewer_entries_than_before_are_not_applied_unless_forced(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    few = MANY[: MANY.index("# 2024-05-04")]
    server.answers["/log"] = [reply(200, MANY.encode()), reply(200, few.encode())]
    assert sync()[1] == "portal: 12 new\n"
    before = state()
    status, out, err = sync()
    assert (status, out) == (1, "")
    assert "holds 3 entries instead of 12; look at it, or use --force" in err
    assert state() == before
    assert checks()["portal"].outcome is Outcome.FEWER
    assert sync("--force")[:2] == (0, "portal: 9 gone, 3 unchanged\n")
    assert sync()[:2] == (0, "portal: nothing new\n")


def test_half_of_the_entries_may_go(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    half = MANY[: MANY.index("# 2024-05-07")]
    server.answers["/log"] = [reply(200, MANY.encode()), reply(200, half.encode())]
    sync()
    assert sync()[:2] == (0, "portal: 6 gone, 6 unchanged\n")


# -- manners ---------------------------------------------------------------------------------------


def test_a_server_that_wants_to_be_left_alone_is(sync: Sync, server: WebServer) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"')
    server.answers["/log"] = [reply(429, Retry_After="3600"), reply(200, LOG.encode())]
    assert "asks to wait 3600 seconds" in sync()[2]
    assert "asks to be left alone until" in sync()[2]
    assert len(server.asked_for("/log")) == 1
    assert sync("--force")[:2] == (0, "portal: 3 new\n")


def test_robots_txt_is_ignored_only_where_it_is_said(sync: Sync, server: WebServer) -> None:
    server.answers["/robots.txt"] = [reply(200, b"User-agent: *\nDisallow: /\n")]
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(f'portal\nurl = "{server.url("/log")}"')
    assert "robots.txt forbids" in sync()[2]
    follow(f'portal\nurl = "{server.url("/log")}"\nrobots = "ignore"')
    assert sync()[0] == 0


def test_the_contact_is_told(sync: Sync, server: WebServer) -> None:
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(f'portal\nurl = "{server.url("/log")}"')
    file = Path("relnotes.toml")
    file.write_text('contact = "mailto:ops@example.org"\n' + file.read_text())
    sync()
    assert {one.headers["user-agent"].split(" ", 1)[1] for one in server.asked} == {
        "(+mailto:ops@example.org)"
    }


def test_a_source_that_moved_is_told(sync: Sync, server: WebServer) -> None:
    server.answers["/old"] = [reply(301, Location="/log")]
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(f'portal\nurl = "{server.url("/old")}"')
    status, out, err = sync()
    assert (status, out) == (0, "portal: 3 new\n")
    assert (
        err
        == f"relnotes: portal: has moved for good to {server.url('/log')}; change its url in relnotes.toml\n"
    )
    assert checks()["portal"].moved == server.url("/log")


# -- options ---------------------------------------------------------------------------------------


def test_a_dry_run_keeps_nothing(sync: Sync, server: WebServer) -> None:
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(f'portal\nurl = "{server.url("/log")}"')
    assert sync("--dry-run") == (0, "portal: 3 new\n", "")
    assert not Path("data").exists()
    sync()
    server.answers["/log"] = [reply(200, (NEW + LOG).encode())]
    before = (state(), checks())
    assert sync("--dry-run") == (0, "portal: 1 new, 3 unchanged\n", "")
    assert (state(), checks()) == before
    server.answers["/log"] = [reply(404)]
    assert sync("--dry-run")[0] == 1
    assert checks() == before[1]


def test_the_outcome_as_json(sync: Sync, server: WebServer) -> None:
    server.answers["/log"] = [reply(200, LOG.encode())]
    follow(f'dead\nurl = "{server.url("/dead")}"', f'portal\nurl = "{server.url("/log")}"')
    status, out, err = sync("--json")
    dead, portal = json.loads(out)["sources"]
    assert (status, err) == (1, "")
    assert (dead["outcome"], portal["outcome"]) == ("unread", "changed")
    assert "HTTP 404" in dead["error"]
    assert len(portal["new"]) == 3
    assert json.loads(sync("--json")[1])["sources"][1]["outcome"] == "unchanged"


def test_another_configuration(sync: Sync, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "log.txt").write_text(LOG)
    (tmp_path / "elsewhere" / "mine.toml").write_text('[[sources]]\nname = "log"\npath = "log.txt"\n')
    assert sync("--config", "elsewhere/mine.toml") == (0, "log: 3 new\n", "")


def test_without_a_configuration(sync: Sync) -> None:
    status, _, err = sync()
    assert status == 1
    assert err.startswith("relnotes: relnotes.toml: no such file; write one")


def test_two_at_once(sync: Sync) -> None:
    Path("log.txt").write_text(LOG)
    follow('log\npath = "log.txt"')
    with syncing(Path("data")):
        status, out, err = sync()
    assert (status, out) == (1, "")
    assert err == "relnotes: data: another sync of this folder is running; try again when it is done\n"
    assert sync()[0] == 0


def test_a_sync_beside_an_ingest(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index has one writer; the second waits for it instead of failing."""
    from threading import Timer

    from index import build

    Path("log.txt").write_text(LOG)
    follow('log\npath = "log.txt"')
    Path("data/index").mkdir(parents=True)
    holding = build._writing(Path("data/index"))
    holding.__enter__()
    release = Timer(0.3, holding.__exit__, (None, None, None))
    release.start()
    assert sync() == (0, "log: 3 new\n", "")
    release.join()


def test_doctor_says_what_is_wrong_with_sources(
    sync: Sync, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    follow(f'portal\nurl = "{server.url("/log")}"', f'dead\nurl = "{server.url("/dead")}"')
    server.answers["/log"] = [reply(200, MANY.encode()), reply(200, LOG.encode()), reply(200, MANY.encode())]
    sync(), sync()
    assert run(["doctor"]) == 1
    dead, portal = capsys.readouterr().err.splitlines()
    assert dead.startswith("relnotes: dead: could not be read 2 times, never read: http")
    assert re.match(
        r"relnotes: portal: not applied, last read \d{4}-.* UTC: .* holds 3 entries instead of 12", portal
    )
    assert run(["doctor", "--config", "nowhere.toml"]) == 1
    assert "nowhere.toml: no such file" in capsys.readouterr().err
    server.answers["/dead"] = [reply(200, LOG.encode())]
    sync()
    assert run(["doctor"]) == 0
    server.answers["/dead"] = [reply(404)]
    sync("dead")
    follow(f'portal\nurl = "{server.url("/log")}"')
    assert run(["doctor"]) == 0, "what is not followed any more is no trouble"
    Path("relnotes.toml").unlink()
    assert run(["doctor"]) == 1


def test_sources_of_one_host_take_turns_with_those_of_others() -> None:
    urls = [f"https://{host}.example.org/{n}" for host in "ab" for n in (1, 2)]
    sources = [Source(url, url=url) for url in urls] + [Source("file", path="file")]
    places = [source.name.removeprefix("https://")[0] for source in by_turns(sources)]
    assert places == ["a", "b", "f", "a", "b"]
