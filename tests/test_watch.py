"""Sources that are followed without end: what a running site shows, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commandline import LOG, environment, relnotes
from webserver import WebServer, reply

from index.store import Store
from webapp.cli import run

NEW = "CertCentral: Dark mode\nYou can now choose dark colours for all pages of your account.\n\n"
PATIENCE = 60  # seconds until a condition must hold; it mostly holds at once


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-W", "error", "-m", "webapp.cli", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def line(process: subprocess.Popen[str], part: str) -> str:
    """The next line that the process says with `part` in it."""
    assert process.stdout
    said = []
    for one in process.stdout:
        said.append(one)
        if part in one:
            return one
    raise AssertionError(f"{part!r} was never said, but {said}")


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def found(folder: Path, query: str) -> int:
    total: int = json.loads(relnotes("search", query, "--json", cwd=folder).stdout)["total"]
    return total


def follow(folder: Path, *sources: str) -> None:
    text = "".join(f"[[sources]]\n{source}\n" for source in sources)
    new = folder / "new.toml"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / "relnotes.toml")


def test_a_watch_follows_its_sources_until_it_is_stopped(tmp_path: Path, server: WebServer) -> None:
    """A source that fails is told once and holds up nothing; Ctrl-C is no error."""
    log = tmp_path / "log.txt"
    log.write_text(LOG)
    follow(tmp_path, f'name = "dead"\nurl = "{server.url("/dead")}"', 'name = "log"\npath = "log.txt"')
    with running(tmp_path, "watch", "--every", "1s") as process:
        assert line(process, "Watching") == "Watching 2 sources of relnotes.toml (Ctrl-C stops)\n"
        assert "HTTP 404" in line(process, "dead: could not be read")
        line(process, "log: 3 new")
        log.write_text(NEW + LOG)
        line(process, "log: 1 new, 3 unchanged")
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, rest
        assert "Traceback" not in rest
        assert "interrupted" not in rest
    assert len(server.asked_for("/dead")) == 1, "a page is asked once a minute at most"
    assert found(tmp_path, "dark") == 1


def test_an_edited_configuration_holds_from_the_next_round_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LOG)
    (tmp_path / "b.txt").write_text(NEW + LOG)
    follow(tmp_path, 'name = "a"\npath = "a.txt"')
    with running(tmp_path, "watch", "--every", "1s") as process:
        line(process, "a: 3 new")
        follow(tmp_path, 'name = "b"\npth = "b.txt"')
        assert "unknown key 'pth'" in line(process, "relnotes.toml:3")
        follow(tmp_path, 'name = "b"\npath = "b.txt"')
        line(process, "b: 4 new")


def test_what_is_stopped_amidst_a_fetch_leaves_the_others_kept(tmp_path: Path, server: WebServer) -> None:
    (tmp_path / "log.txt").write_text(LOG)
    server.answers["/slow"] = [lambda connection: connection.hang()]
    follow(tmp_path, f'name = "slow"\nurl = "{server.url("/slow")}"', 'name = "log"\npath = "log.txt"')
    with running(tmp_path, "watch") as process:
        line(process, "log: 3 new")
        eventually(lambda: server.asked_for("/slow"))
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert found(tmp_path, "dashboard") == 1
    assert relnotes("doctor", cwd=tmp_path).returncode == 0


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        text: str = answer.read().decode()
        return text


def test_a_running_site_shows_what_is_new(tmp_path: Path, server: WebServer) -> None:
    """From an empty folder; two syncs at once take turns; SIGTERM ends server and watch."""
    log = tmp_path / "log.txt"
    log.write_text(LOG)
    follow(tmp_path, 'name = "log"\npath = "log.txt"')
    with running(tmp_path, "serve", "--port", "0", "--watch", "--every", "1s") as process:
        address = re.findall(r"http://127\.0\.0\.1:\d+", line(process, "Serving on"))[0]
        eventually(lambda: "expired orders" in get(f"{address}/search?q=dashboard"))
        log.write_text(NEW + LOG)
        eventually(lambda: "Dark mode" in get(f"{address}/search?q=colours"))
        assert "Dark mode" in get(f"{address}/")
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_watch_waits_for_another_sync(tmp_path: Path, server: WebServer) -> None:
    (tmp_path / "log.txt").write_text(LOG)
    server.answers["/slow"] = [lambda connection: connection.hang(), reply(200, LOG.encode())]
    follow(tmp_path, f'name = "slow"\nurl = "{server.url("/slow")}"', 'name = "log"\npath = "log.txt"')
    with running(tmp_path, "sync") as first:
        line(first, "log: 3 new")
        eventually(lambda: server.asked_for("/slow"))
        done = relnotes("sync", cwd=tmp_path)
        assert done.returncode == 1
        assert b"another sync of this folder is running; try again when it is done" in done.stderr
        (tmp_path / "log.txt").write_text(NEW + LOG)
        with running(tmp_path, "watch", "--every", "1s") as second:
            line(second, "Watching")
            first.kill()
            first.wait()
            line(second, "slow: 3 new")
            line(second, "log: 1 new, 3 unchanged") if not found(tmp_path, "dark") else None


def edition(number: int) -> bytes:
    """A log of which every entry names its edition."""
    entries = (f"# 2024-05-{n:02}: Fix\n\nWe fixed bug {n} of edition{number}.\n\n" for n in range(1, 13))
    return "".join(entries).encode()


def test_who_reads_during_a_sync_sees_all_or_nothing(
    tmp_path: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No reader ever meets two editions."""
    monkeypatch.chdir(tmp_path)
    server.answers["/log"] = [reply(200, edition(number)) for number in range(8)]
    follow(tmp_path, f'name = "log"\nurl = "{server.url("/log")}"')
    assert run(["sync"]) == 0
    met, done = [], threading.Event()

    def read() -> None:
        with Store.open(tmp_path / "data") as store:
            while not done.is_set():
                met.append(
                    re.findall(r"edition\d", " ".join(one.text for one in store.all() if not one.gone))
                )

    reader = threading.Thread(target=read)
    reader.start()
    assert [run(["sync"]) for _ in range(7)] == [0] * 7
    done.set()
    reader.join()
    assert {(len(editions), len(set(editions))) for editions in met} == {(12, 1)}
    assert len({editions[0] for editions in met}) > 1, "the reader must have met several"


def test_a_sync_that_is_interrupted_says_so(tmp_path: Path, server: WebServer) -> None:
    server.answers["/slow"] = [lambda connection: connection.hang()]
    follow(tmp_path, f'name = "slow"\nurl = "{server.url("/slow")}"')
    with running(tmp_path, "sync") as process:
        eventually(lambda: server.asked_for("/slow"))
        os.kill(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)[0]
    assert (process.returncode, said.strip()) == (130, "relnotes: interrupted")


def test_a_bar_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    import pty

    (tmp_path / "log.txt").write_text(LOG)
    follow(tmp_path, 'name = "log"\npath = "log.txt"')
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "sync"],
        cwd=tmp_path,
        env=environment() | {"TERM": "xterm", "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=PATIENCE,
        check=True,
    )
    os.close(theirs)
    assert b"Sources" in os.read(ours, 65536)
    os.close(ours)
    assert done.stdout == b"log: 3 new\n"
    assert relnotes("sync", cwd=tmp_path).stderr == b""


def test_a_site_that_is_built_is_kept_up_to_date(tmp_path: Path) -> None:
    """Whoever changes the entries, the site follows; an edited theme too.  What goes wrong is told."""
    log, title, theme = tmp_path / "log.txt", "Dark mode", tmp_path / "theme"
    log.write_text(LOG)
    theme.mkdir()
    (theme / "old.html").write_bytes(b"D\xe9j\xe0 vu")  # no page asks for it
    relnotes("ingest", "log.txt", cwd=tmp_path)
    with running(tmp_path, "build", "site", "--templates", "theme", "--watch") as process:
        line(process, "Watching")
        page = tmp_path / "site" / "index.html"
        assert title not in page.read_text()
        log.write_text(NEW + LOG)
        relnotes("ingest", "log.txt", cwd=tmp_path)
        line(process, "written")
        assert title in page.read_text()
        assert title in (tmp_path / "site" / "products" / "CertCentral" / "index.html").read_text()
        (theme / "base.html").write_text('{% extends "ours/base.html" %}{% if %}')
        assert "mend the template" in line(process, "base.html")
        (theme / "base.html").write_text('{% extends "ours/base.html" %}{% block foot %}Ours!{% endblock %}')
        line(process, "written")
        assert "Ours!" in page.read_text()
        process.terminate()
        rest = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, rest


def test_a_watching_builder_survives_what_goes_wrong_around_it(tmp_path: Path) -> None:
    """A lock file of an editor, another build at the same time, a store put back from a copy of its files."""
    log, theme, data = tmp_path / "log.txt", tmp_path / "theme", tmp_path / "data"
    log.write_text(LOG)
    theme.mkdir()
    relnotes("ingest", "log.txt", cwd=tmp_path)
    shutil.copytree(data, tmp_path / "copy")
    with running(tmp_path, "build", "site", "--static", "theme", "--watch") as process:
        line(process, "Watching")
        (theme / ".#style.css").symlink_to("nobody@nowhere:1")
        with (tmp_path / ".site.relnotes" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            log.write_text(NEW + LOG)
            relnotes("ingest", "log.txt", cwd=tmp_path)
            assert "another build of this site is running" in line(process, "relnotes:")
        line(process, "written")
        page = tmp_path / "site" / "index.html"
        assert "Dark mode" in page.read_text()
        data.rename(tmp_path / "away")
        (tmp_path / "copy").rename(data)
        eventually(lambda: "Dark mode" not in page.read_text())
        process.terminate()
        rest = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, rest
