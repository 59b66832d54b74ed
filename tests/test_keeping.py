"""What a user sees of the commands that look after a store: `reparse`, `export`, `import`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import FRENCH, LOG

from webapp.cli import run

Run = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two change logs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELNOTES_DATA", raising=False)
    (tmp_path / "log.txt").write_text(LOG, encoding="utf-8")
    (tmp_path / "journal.txt").write_text(FRENCH, encoding="utf-8")
    return tmp_path


@pytest.fixture
def cli(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that must succeed; gives what it printed.  Both logs are in `./data`."""

    def call(*arguments: str) -> str:
        status = run([*arguments])
        said = capsys.readouterr()
        assert status == 0, said.err
        return said.out

    call("ingest", "log.txt", "journal.txt")
    return call


@pytest.fixture
def refused(cli: Run, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that must fail; gives the one line that it says."""

    def call(*arguments: str) -> str:
        assert run([*arguments]) == 1
        said = capsys.readouterr()
        lines = said.err.splitlines()
        assert len(lines) == 1, said.err
        return lines[0]

    return call


# -- reparse -----------------------------------------------------------------------------------------


def test_reparse_says_what_is_read_differently(cli: Run) -> None:
    assert cli("reparse") == ("journal: 2 entries, 0 read differently\nlog: 3 entries, 0 read differently\n")
    assert cli("reparse", "log") == "log: 3 entries, 0 read differently\n"


def test_reparse_brings_the_index_up(cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(folder / "data" / "store.sqlite") as connection:
        connection.execute("UPDATE snapshots SET vendor = 'keelson' WHERE source = 'log'")
    assert "log: 3 entries, 2 read differently" in cli("reparse")
    assert "agree" in cli("doctor")


def test_reparse_names_the_sources_that_are_kept(refused: Run) -> None:
    assert "there is no source 'nobody'" in (said := refused("reparse", "nobody"))
    assert "journal, log" in said


def test_reparse_goes_on_where_a_source_cannot_be_read(
    refused: Run, cli: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(folder / "data" / "store.sqlite") as connection:
        connection.execute("UPDATE snapshots SET original = 0 WHERE source = 'journal'")
    said = refused("reparse")
    assert "journal was kept by an older version" in said
    assert "ingest it once more" in said
    cli("ingest", "journal.txt")
    assert cli("reparse").startswith("journal: 2 entries")
