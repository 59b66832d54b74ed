"""Do several processes read what one reads, and is nothing stored unless all of it was read?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import FRENCH, LOG, complaint, environment, relnotes

LINUX = sys.platform == "linux"


@pytest.fixture
def logs(tmp_path: Path) -> list[str]:
    """Six change logs, none like another."""
    for number in range(6):
        text = f"{LOG if number % 2 else FRENCH}\nCertCentral: News of part {number}\nYou can now do it.\n"
        (tmp_path / f"log-{number}.txt").write_text(text, encoding="utf-8")
    return [f"log-{number}.txt" for number in (3, 0, 5, 1, 4, 2)]


def test_several_processes_store_and_say_what_one_does(tmp_path: Path, logs: list[str]) -> None:
    told, kept = [], []
    for jobs in ("1", "3"):
        done = relnotes("--data", jobs, "ingest", "--jobs", jobs, *logs, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
        told.append(done.stdout)
        found = relnotes("--data", jobs, "search", "--limit", "100", "--json", cwd=tmp_path)
        kept.append([(hit["id"], hit["title"]) for hit in json.loads(found.stdout)["hits"]])
    assert told[0] == told[1]
    assert [line.split(":")[0] for line in told[0].decode().splitlines()] == [n[:-4] for n in logs]
    assert kept[0] == kept[1]
    assert len(kept[0]) == 21


def test_standard_input_is_read_beside_files(tmp_path: Path, logs: list[str]) -> None:
    arguments = ("ingest", "--jobs", "2", "--source", "snapshots", logs[0], "-", logs[1])
    done = relnotes(*arguments, cwd=tmp_path, stdin=LOG.encode())
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3


def test_one_source_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, logs: list[str]) -> None:
    (tmp_path / "spool").mkdir()
    arguments = ("ingest", "--jobs", "2", *logs, "lost.txt")
    done = relnotes(*arguments, cwd=tmp_path, TMPDIR=str(tmp_path / "spool"))
    assert complaint(done) == "relnotes: lost.txt: no such file; check the path\n"
    assert not (tmp_path / "data").exists()
    assert not list((tmp_path / "spool").iterdir())


@pytest.mark.skipif(not LINUX, reason="finds the processes in /proc")
def test_a_process_that_dies_is_one_line_and_nothing_is_stored(tmp_path: Path, logs: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    command = [sys.executable, "-m", "webapp.cli", "ingest", "--jobs", "2", *logs, "pipe.txt"]
    with (
        subprocess.Popen(
            command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as main,
        (tmp_path / "pipe.txt").open("wb"),
    ):  # waits until a process opens the other end
        (reader,) = [child for child in children(main.pid) if holds(child, tmp_path / "pipe.txt")]
        os.kill(reader, signal.SIGKILL)
        out, err = main.communicate(timeout=60)
    done = subprocess.CompletedProcess(command, main.returncode, out, err)
    assert "a process that read sources died at this one or near it" in complaint(done)
    assert not (tmp_path / "data").exists()


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def holds(process: int, path: Path) -> bool:
    return any(Path(fd).resolve() == path for fd in Path(f"/proc/{process}/fd").iterdir())


@pytest.mark.skipif(not LINUX, reason="asks for a pseudo-terminal")
def test_a_terminal_shows_how_far_it_is(tmp_path: Path, logs: list[str]) -> None:
    shown = watched(tmp_path, "ingest", *logs)
    assert "Reading" in shown
    assert "6/6" in shown
    shown = watched(tmp_path, "build", "site")
    pages = len(list((tmp_path / "site" / "entries").iterdir()))
    assert "Writing" in shown
    assert f"{pages}/{pages}" in shown


def watched(folder: Path, *arguments: str) -> str:
    """What a command shows on a terminal."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "webapp.cli", *arguments]
    variables = environment() | {"TERM": "xterm"}
    subprocess.run(command, cwd=folder, env=variables, stderr=theirs, timeout=60, check=True)
    os.close(theirs)
    shown = b""
    try:
        while more := os.read(ours, 65536):
            shown += more
    except OSError:  # the other end is closed: all is read
        pass
    os.close(ours)
    return shown.decode()
