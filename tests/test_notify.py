"""Receivers that are up, down and wrong: who is told what, when, and how often."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commandline import LOG, ROOT, environment
from webserver import Asked, Connection, WebServer, reply

from index.build import update
from index.search import Searcher
from index.store import Store
from webapp.cli import run
from webapp.configuration import load
from webapp.following.notify import Notifier, Told

Cli = Callable[..., tuple[int, str, str]]
NEW = "CertCentral: Dark mode\nYou can now choose dark colours for all pages of your account.\n\n"
MOVED = LOG.replace("April 20", "April 27").replace("April 21", "April 28")
COSMETIC = LOG.replace("on the dashboard.", "on the  dashboard!")


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    with WebServer() as running:
        running.answers["/hook"] = [reply(204)]
        yield running


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in a folder of its own; gives exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELNOTES_DATA", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run([*arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return call


def notify(*receivers: str) -> None:
    """A relnotes.toml that follows log.txt and has these receivers: the name, then lines of TOML."""
    tables = (receiver.split("\n", 1) for receiver in receivers)
    hooks = "".join(f'[[notify]]\nname = "{name}"\n{lines}\n' for name, lines in tables)
    Path("relnotes.toml").write_text(f'[[sources]]\nname = "log"\npath = "log.txt"\n{hooks}')


def publish(cli: Cli, text: str, *options: str) -> tuple[int, str, str]:
    Path("log.txt").write_text(text, encoding="utf-8")
    return cli("sync", *options)


def told(receiver: WebServer, path: str = "/hook") -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in receiver.asked_for(path)]


def titles(receiver: WebServer, path: str = "/hook") -> list[str]:
    return [f"{one['event']} {one['entry']['title']}" for one in told(receiver, path)]


# -- what is told ----------------------------------------------------------------------------------


def test_what_is_new_and_what_changed_is_told_in_order(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"\nsite = "https://notes.example.org/"')
    assert publish(cli, LOG) == (0, "log: 3 new\n", "")
    assert told(receiver) == [], "what was there when the source was first read is no news"
    assert publish(cli, NEW + MOVED) == (0, "log: 1 new, 1 changed, 2 unchanged\nteam: 2 delivered\n", "")
    new, changed = told(receiver)
    assert (new["event"], new["entry"]["title"]) == ("new", "CertCentral: Dark mode")
    assert (new["changed"], new["previous"]) == ([], {})
    assert changed["event"] == "changed"
    assert {"windows", "text"} <= set(changed["changed"])
    assert changed["entry"]["windows"] == [{"start": "2024-04-28T04:00:00Z", "end": "2024-04-28T06:00:00Z"}]
    assert changed["previous"]["windows"] == [
        {"start": "2024-04-21T04:00:00Z", "end": "2024-04-21T06:00:00Z"}
    ]
    assert "type" not in changed["previous"]
    assert changed["entry"]["revision"] == 2
    assert changed["entry"]["url"] == f"https://notes.example.org/entries/{changed['entry']['id']}"
    assert "April 27" in changed["entry"]["text"]
    assert publish(cli, NEW + MOVED)[1] == "log: nothing new\n"
    assert len(told(receiver)) == 2


def test_cosmetic_edits_are_not_told(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    assert publish(cli, COSMETIC)[1] == "log: 1 changed, 2 unchanged\n"
    assert told(receiver) == []


def test_gone_and_back_are_told_to_who_asks(cli: Cli, receiver: WebServer) -> None:
    receiver.answers["/all"] = [reply(200)]
    notify(
        f'team\nurl = "{receiver.url("/hook")}"',
        f'all\nurl = "{receiver.url("/all")}"\nevents = ["new", "changed", "gone"]',
    )
    publish(cli, LOG)
    publish(cli, LOG.split("CertCentral: Bug")[0])
    publish(cli, LOG)
    assert titles(receiver, "/all") == [
        "gone CertCentral: Bug fix for expired orders",
        "changed CertCentral: Bug fix for expired orders",
    ]
    assert told(receiver, "/all")[1]["changed"] == ["back"]
    assert titles(receiver) == ["changed CertCentral: Bug fix for expired orders"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type:maintenance", ["changed Scheduled maintenance on April 27, 2024"]),
        ("dark colours", ["new CertCentral: Dark mode"]),
        ("product:CertCentral", ["new CertCentral: Dark mode"]),
        ("drak colours", []),
        ("dark zebras", []),
    ],
)
def test_a_query_says_what_to_hear_of_and_is_taken_as_it_is_written(
    query: str, found: list[str], cli: Cli, receiver: WebServer
) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"\nquery = "{query}"')
    publish(cli, LOG)
    publish(cli, NEW + MOVED)
    assert titles(receiver) == found


def test_a_new_receiver_begins_with_what_is_new_from_then_on(cli: Cli, receiver: WebServer) -> None:
    notify()
    publish(cli, LOG)
    publish(cli, MOVED)
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, NEW + MOVED)
    assert titles(receiver) == ["new CertCentral: Dark mode"]


def test_an_ingest_by_hand_is_told_too(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    Path("log.txt").write_text(MOVED)
    assert cli("ingest", "log.txt")[0] == 0
    assert told(receiver) == []
    assert cli("notify") == (0, "team: 1 delivered\n", "")
    assert cli("notify") == (0, "team: nothing delivered\n", "")


def test_a_better_parser_is_no_news(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    assert cli("reparse")[0] == 0
    assert cli("notify")[1] == "team: nothing delivered\n"


# -- who it comes from -----------------------------------------------------------------------------


def genuine(asked: Asked, secret: bytes) -> bool:
    """Whether the signature is that of Standard Webhooks: HMAC-SHA256 of id, time and body."""
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return asked.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize(
    ("lines", "secret"),
    [
        ('secret = "s3crèt"', "s3crèt".encode()),
        ('secret = "whsec_c2VjcmV0IGJ5dGVz"', b"secret bytes"),
        ('secret_env = "HOOK_SECRET"', b"from the environment"),
        ('secret_file = "secret.txt"', b"from a file"),
    ],
)
def test_notifications_are_signed(
    lines: str, secret: bytes, cli: Cli, receiver: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "from the environment")
    Path("secret.txt").write_text("from a file\n")
    notify(f'team\nurl = "{receiver.url("/hook")}"\n{lines}')
    publish(cli, LOG)
    publish(cli, MOVED)
    (asked,) = receiver.asked_for("/hook")
    assert genuine(asked, secret)
    assert not genuine(asked, secret + b"x")
    age = datetime.now(UTC).timestamp() - int(asked.headers["webhook-timestamp"])
    assert 0 <= age < 60
    assert asked.headers["idempotency-key"] == asked.headers["webhook-id"] == json.loads(asked.body)["id"]
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('secret_env = "UNSET_SECRET"', "the secret of 'team': UNSET_SECRET is not set"),
        ('secret_file = "missing"', "missing cannot be read (No such file or directory)"),
        ('secret_file = "empty"', "empty is empty"),
        ('secret = "whsec_%%%"', "what follows whsec_ is no Base64"),
    ],
)
def test_a_secret_that_cannot_be_had_is_told_before_anything_is_done(
    lines: str, said: str, cli: Cli, receiver: WebServer
) -> None:
    Path("empty").write_text("\n")
    notify(f'team\nurl = "{receiver.url("/hook")}"\n{lines}')
    status, out, err = publish(cli, LOG)
    assert (status, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


def test_the_receiver_of_the_docs_understands_us(cli: Cli, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "following.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    (tmp_path / "receiver.py").write_text(code, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "receiver.py", "0"],
        cwd=tmp_path,
        env=environment() | {"RELNOTES_HOOK_SECRET": "s3cret"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with running:
        try:
            assert running.stdout
            port = running.stdout.readline().split()[-1]
            right, wrong = (f'url = "http://127.0.0.1:{port}/"\nsecret = "{s}"' for s in ("s3cret", "other"))
            notify(f"right\n{right}", f"wrong\n{wrong}")
            publish(cli, LOG)
            _, out, err = publish(cli, NEW + LOG)
            assert "right: 1 delivered" in out
            assert "wrong: 1 notification waits" in err
            assert "HTTP 401" in err
            assert running.stdout.readline() == "new CertCentral: Dark mode\n"
        finally:
            running.terminate()


# -- down and up again -----------------------------------------------------------------------------


def test_a_receiver_that_is_down_holds_up_nobody_and_hears_all_later(cli: Cli, receiver: WebServer) -> None:
    receiver.answers["/hook"] = [reply(500)]
    receiver.answers["/other"] = [reply(200)]
    notify(f'team\nurl = "{receiver.url("/hook")}"', f'other\nurl = "{receiver.url("/other")}"')
    publish(cli, LOG)
    status, out, err = publish(cli, NEW + MOVED)
    assert (status, out) == (0, "log: 1 new, 1 changed, 2 unchanged\nother: 2 delivered\n")
    assert re.fullmatch(
        r"relnotes: team: 2 notifications wait, tried again from .* UTC: .*HTTP 500 Status\n", err
    )
    assert len(receiver.asked_for("/hook")) == 1, "the second waits behind the first"
    assert cli("notify")[0] == 1
    assert len(receiver.asked_for("/hook")) == 1, "it is not due yet"
    publish(cli, NEW + MOVED.replace("still counted", "wrongly counted"))
    receiver.answers["/hook"] = [reply(200)]
    assert cli("notify", "--now") == (0, "team: 3 delivered\nother: nothing delivered\n", "")
    assert titles(receiver)[1:] == titles(receiver, "/other")
    assert len({one["id"] for one in told(receiver)}) == 3, "an attempt and its repetition have one id"
    assert {one["id"] for one in told(receiver)}.isdisjoint(one["id"] for one in told(receiver, "/other"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(302, Location="/other"), "HTTP 302"),
        (reply(410), "HTTP 410"),
        (lambda connection: connection.hang(), "took longer than 1 seconds"),
        (lambda connection: connection.reset(), "127.0.0.1"),
        (lambda connection: connection.send(b"nonsense\r\n\r\n"), "127.0.0.1"),
    ],
    ids=["redirect", "gone", "silent", "reset", "nonsense"],
)
def test_whatever_a_receiver_answers_is_one_line(
    answer: bytes | Callable[[Connection], None], said: str, cli: Cli, receiver: WebServer
) -> None:
    receiver.answers["/hook"] = [answer]
    notify(f'team\nurl = "{receiver.url("/hook")}"\ntimeout = "{1 if "longer" in said else 60}s"')
    publish(cli, LOG)
    status, _, err = publish(cli, MOVED)
    assert status == 0
    assert said in err
    assert err.count("\n") == 1
    assert receiver.asked_for("/other") == []


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def tell(clock: Clock, **settings: bool) -> Told:
    with Store.open(Path("data")) as store:
        update(store, Path("data/index"))
        searcher = Searcher(store, Path("data/index"))
        (one,) = asyncio.run(Notifier(store, searcher, load(Path("relnotes.toml")), clock, **settings).run())
        return one


def test_waits_grow_until_it_is_given_up_and_what_follows_is_told(cli: Cli, receiver: WebServer) -> None:
    receiver.answers["/hook"] = [reply(500)]
    notify(f'team\nurl = "{receiver.url("/hook")}"\ntries = 4')
    publish(cli, LOG)
    clock, waits = Clock(), []
    Path("log.txt").write_text(NEW + MOVED)
    cli("ingest", "log.txt")
    for attempt in range(1, 4):
        one = tell(clock)
        assert (one.pending, len(receiver.asked)) == (2, attempt)
        assert one.due
        waits.append((one.due - clock.now).total_seconds())
        clock.now = one.due - timedelta(seconds=1)
        assert tell(clock).error, "not due yet"
        assert len(receiver.asked) == attempt
        clock.now = one.due
    assert waits == [60, 120, 240]
    receiver.answers["/hook"] = [reply(500), reply(200)]
    assert tell(clock) == Told("team", delivered=1, given_up=1)
    assert titles(receiver)[-2:] == [
        "new CertCentral: Dark mode",
        "changed Scheduled maintenance on April 27, 2024",
    ]
    status, _, err = cli("doctor")
    assert status == 1
    assert "team: 1 notification was given up" in err
    assert cli("notify", "--again") == (0, "team: 1 delivered\n", "")
    assert titles(receiver)[-1] == "new CertCentral: Dark mode"
    assert cli("doctor")[0] == 0


def test_a_receiver_may_say_when_to_come_back(cli: Cli, receiver: WebServer) -> None:
    receiver.answers["/hook"] = [reply(503, Retry_After="3600")]
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    Path("log.txt").write_text(MOVED)
    cli("ingest", "log.txt")
    clock = Clock()
    assert tell(clock).due == clock.now + timedelta(hours=1)


def test_what_was_delivered_and_not_noted_is_delivered_again_under_the_same_id(
    cli: Cli, receiver: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: the process may end between the receiver's answer and our note of it."""
    from index.outbox import Outbox

    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "keep", lambda self, standing: (_ for _ in ()).throw(KeyboardInterrupt))
        assert publish(cli, MOVED)[0] == 130
    assert cli("notify")[1] == "team: 1 delivered\n"
    first, second = told(receiver)
    assert first == second


# -- programs --------------------------------------------------------------------------------------


def program(name: str, code: str) -> str:
    """A line of TOML for a program of Python in the folder."""
    Path(f"{name}.py").write_text(code, encoding="utf-8")
    return f"exec = ['{sys.executable}', '{name}.py', 'a b', '$HOME;`id`']"


def test_a_program_gets_the_notification_and_its_arguments_as_they_are(cli: Cli) -> None:
    code = (
        "import json, sys\n"
        "got = json.dumps([sys.argv[1:], json.load(sys.stdin)])\n"
        "open('got.jsonl', 'a').write(got + '\\n')\n"
    )
    notify(f"pager\n{program('keep', code)}")
    publish(cli, LOG)
    assert publish(cli, NEW + MOVED)[1].endswith("pager: 2 delivered\n")
    new, changed = map(json.loads, Path("got.jsonl").read_text().splitlines())
    assert new[0] == ["a b", "$HOME;`id`"]
    assert (new[1]["event"], changed[1]["event"]) == ("new", "changed")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "import sys; print('first'); print('disk is full', file=sys.stderr); sys.exit(3)",
            "exit status 3 (disk is full)",
        ),
        ("import sys; sys.exit(1)", "exit status 1"),
        ("import time; time.sleep(60)", "took longer than 1 seconds"),
        ("import os, time\nif os.fork(): os.wait()\ntime.sleep(60)", "took longer than 1 seconds"),
    ],
    ids=["with a word", "without", "hangs", "hangs with a child"],
)
def test_a_program_that_fails_is_tried_again(code: str, said: str, cli: Cli) -> None:
    notify(f'pager\n{program("fail", code)}\ntimeout = "{1 if "sleep" in code else 60}s"')
    publish(cli, LOG)
    _, _, err = publish(cli, MOVED)
    assert said in err
    assert err.count("\n") == 1
    notify(f"pager\n{program('fail', 'import sys; sys.stdin.read()')}\ntimeout = '60s'")
    assert cli("notify", "--now")[1] == "pager: 1 delivered\n"


def test_a_program_that_is_not_there(cli: Cli) -> None:
    notify("pager\nexec = ['./nowhere']")
    publish(cli, LOG)
    assert "./nowhere: No such file or directory" in publish(cli, MOVED)[2]


def test_a_program_that_does_not_listen(cli: Cli) -> None:
    notify(f"pager\n{program('deaf', 'import sys; sys.stdin.close()')}")
    publish(cli, LOG)
    assert publish(cli, MOVED)[1].endswith("pager: 1 delivered\n")


# -- what is printed -------------------------------------------------------------------------------


def test_what_receivers_were_told_as_json(cli: Cli, receiver: WebServer) -> None:
    receiver.answers["/hook"] = [reply(500), reply(200)]
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    (one,) = json.loads(publish(cli, MOVED, "--json")[1])["receivers"]
    assert (one["delivered"], one["pending"]) == (0, 1)
    assert one["due"]
    status, out, err = cli("notify", "--now", "--json")
    assert (status, err) == (0, "")
    (one,) = json.loads(out)["receivers"]
    assert (one["delivered"], one["pending"], one["error"]) == (1, 0, None)


def test_a_dry_run_tells_nobody(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    publish(cli, MOVED, "--dry-run")
    assert told(receiver) == []


def test_a_restored_store_tells_what_was_pending_and_nothing_twice(cli: Cli, receiver: WebServer) -> None:
    notify(f'team\nurl = "{receiver.url("/hook")}"')
    publish(cli, LOG)
    publish(cli, MOVED)
    receiver.answers["/hook"] = [reply(500), reply(200)]
    publish(cli, NEW + MOVED)
    assert cli("export", "backup.jsonl")[0] == 0
    assert cli("--data", "restored", "import", "backup.jsonl")[0] == 0
    with Store.open(Path("data")) as before, Store.open(Path("restored")) as after:
        assert after.checks() == before.checks()
        assert after.outbox.standings() == before.outbox.standings()
    assert cli("--data", "restored", "notify", "--now") == (0, "team: 1 delivered\n", "")
    assert [one["event"] for one in told(receiver)] == ["changed", "new", "new"]
    assert cli("--data", "restored", "sync")[1] == "log: nothing new\n"
