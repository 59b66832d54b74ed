"""What a user sees of the commands that look after a store: `reparse`, `export`, `import`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import FRENCH, LOG, complaint, relnotes

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


# -- export, import ----------------------------------------------------------------------------------


def test_an_export_is_imported_elsewhere(cli: Run, folder: Path) -> None:
    cli("export", "backup.jsonl")
    assert cli("--data", "other", "import", "backup.jsonl") == "other: 5 entries imported\n"
    assert "agree" in cli("--data", "other", "doctor")
    assert cli("--data", "other", "search", "--json") == cli("search", "--json")
    cli("--data", "other", "export", "again.jsonl")
    assert (folder / "again.jsonl").read_bytes() == (folder / "backup.jsonl").read_bytes()
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_an_export_goes_through_a_pipe(cli: Run, folder: Path) -> None:
    exported = relnotes("export", "-", cwd=folder)
    assert (exported.returncode, exported.stderr) == (0, b"")
    imported = relnotes("--data", "other", "import", "-", cwd=folder, stdin=exported.stdout)
    assert (imported.returncode, imported.stdout, imported.stderr) == (0, b"other: 5 entries imported\n", b"")


def test_an_import_replaces_only_when_it_is_said(cli: Run, refused: Run, folder: Path) -> None:
    cli("export", "backup.jsonl")
    (folder / "log.txt").write_text(FRENCH, encoding="utf-8")
    cli("ingest", "log.txt")
    assert "the store is not empty" in (said := refused("import", "backup.jsonl"))
    assert "--replace" in said
    cli("import", "--replace", "backup.jsonl")
    assert "5 entries" in cli("search")
    assert "agree" in cli("doctor")


def test_a_broken_export_is_one_line_and_leaves_nothing(cli: Run, refused: Run, folder: Path) -> None:
    cli("export", "backup.jsonl")
    whole = (folder / "backup.jsonl").read_bytes()
    (folder / "half.jsonl").write_bytes(whole[: len(whole) // 2])
    assert "half.jsonl: line" in refused("--data", "other", "import", "half.jsonl")
    assert "cannot be read" in refused("--data", "other", "import", "nowhere.jsonl")
    assert "no export" in refused("--data", "other", "import", "log.txt")
    assert not (folder / "other").exists()


def test_an_export_that_cannot_be_written_leaves_nothing(refused: Run, folder: Path) -> None:
    assert "cannot be written" in refused("export", "nowhere/backup.jsonl")
    (folder / "taken").mkdir()
    assert "cannot be written" in refused("export", "taken")
    assert list((folder / "taken").iterdir()) == []
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_there_is_nothing_to_export_where_nothing_is_stored(refused: Run, folder: Path) -> None:
    assert "no store here" in refused("--data", "other", "export", "backup.jsonl")
    assert not (folder / "backup.jsonl").exists()


NEWS = {
    "Anchor": ("Exports wait no more", "Lists keep their order", "Sign in with a key", "Mails are shorter"),
    "Beacon": ("Quotas by region", "A darker map", "Probes run on IPv6", "Alarms can be silenced"),
}


def notes(vendor: str, number: int) -> str:
    items = "".join(f"- {item}.\n" for item in NEWS[vendor][:number])
    version = {"Anchor": "[1.2.0] - 2026-01-05", "Beacon": "0.3 (11 November 2025)"}[vendor]
    return f"# Changelog\n\n## {version}\n\n### Changed\n\n{items}"


def test_another_log_that_has_the_same_name_by_chance_takes_no_entries_away(tmp_path: Path) -> None:
    for vendor in ("Anchor", "Beacon"):
        (tmp_path / vendor).mkdir()
        (tmp_path / vendor / "CHANGELOG.md").write_text(notes(vendor, 4), "utf-8")
    assert relnotes("ingest", "Anchor/CHANGELOG.md", cwd=tmp_path).returncode == 0
    said = complaint(relnotes("ingest", "Beacon/CHANGELOG.md", cwd=tmp_path))
    assert said == (
        "relnotes: Beacon/CHANGELOG.md: lacks 4 of the 4 entries that are kept as 'CHANGELOG'; "
        "keep it under another name with --source NAME, or use --force\n"
    )
    assert b"unchanged" in relnotes("ingest", "Anchor/CHANGELOG.md", cwd=tmp_path).stdout
    done = relnotes("ingest", "Beacon/CHANGELOG.md", "--source", "beacon", cwd=tmp_path)
    assert done.stdout == b"beacon: 4 new\n"
    done = relnotes("ingest", "Beacon/CHANGELOG.md", "--force", cwd=tmp_path)
    assert done.stdout == b"CHANGELOG: 4 new, 4 gone\n"


def test_a_log_that_lost_a_few_entries_is_kept_as_ever(tmp_path: Path) -> None:
    log = tmp_path / "CHANGELOG.md"
    log.write_text(notes("Anchor", 4), "utf-8")
    relnotes("ingest", "CHANGELOG.md", cwd=tmp_path)
    log.write_text(notes("Anchor", 2), "utf-8")
    assert relnotes("ingest", "CHANGELOG.md", cwd=tmp_path).stdout == b"CHANGELOG: 2 gone, 2 unchanged\n"
