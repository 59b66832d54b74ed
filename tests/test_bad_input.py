"""What does the command say to input that is none?  One line, exit status 1, nothing lost."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import FRENCH, LOG, complaint, environment, relnotes

MB = 1024 * 1024


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A folder in which `./data` holds the entries of `log.txt`."""
    (tmp_path / "log.txt").write_text(LOG, encoding="utf-8")
    done = relnotes("ingest", "log.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    return tmp_path


def found(cwd: Path, *arguments: str) -> list[str]:
    """The titles that a search finds."""
    done = relnotes("search", *arguments, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr.decode()
    return [hit["title"] for hit in json.loads(done.stdout)["hits"]]


def parse_of(cwd: Path, data: bytes) -> list[dict[str, object]]:
    done = relnotes("parse", "-", "--json", cwd=cwd, stdin=data)
    assert done.returncode == 0, done.stderr.decode()
    entries: list[dict[str, object]] = json.loads(done.stdout)["entries"]
    return entries


# -- sources ---------------------------------------------------------------------------------------

BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n", "empty"),
    "binary": (bytes(range(256)) * 64, "binary"),
    "nul bytes in text": (b"Fixed\0a\0bug\0" * 50, "binary"),
    "undecodable": (bytes(range(0x80, 0x100)) * 20, "encoding"),
    "torn UTF-16": (b"\xff\xfe" + "Fixed".encode("utf-16-le") + b"\0", "utf-16"),
    "numbers": (b"1 2 3\n", "no entry"),
    "prose": (b"It was a bright morning. The gulls sat along the pier.\n\nNobody spoke.\n", "no entry"),
    "a page without text": (b"<html><body><script>let a = 1</script></body></html>", "no entry"),
    "one long line": (b"a " * (25 * MB), "MB"),
}


@pytest.mark.parametrize("command", ["parse", "ingest"])
@pytest.mark.parametrize("case", BAD)
def test_a_source_that_is_no_change_log(case: str, command: str, tmp_path: Path) -> None:
    data, word = BAD[case]
    (tmp_path / "bad.txt").write_bytes(data)
    said = complaint(relnotes(command, "bad.txt", cwd=tmp_path))
    assert "bad.txt" in said
    assert word in said


@pytest.mark.parametrize("case", BAD)
def test_the_same_on_standard_input(case: str, tmp_path: Path) -> None:
    data, word = BAD[case]
    said = complaint(relnotes("parse", "-", cwd=tmp_path, stdin=data))
    assert "standard input" in said
    assert word in said


@pytest.mark.parametrize(
    ("source", "word"),
    [("missing.txt", "no such file"), ("folder", "directory"), ("log.txt/x", "cannot be read")],
)
def test_a_source_that_is_no_file(source: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "log.txt").write_text(LOG, encoding="utf-8")
    said = complaint(relnotes("ingest", source, cwd=tmp_path))
    assert source in said
    assert word in said
    assert not (tmp_path / "data").exists()


def test_an_endless_source_is_refused(tmp_path: Path) -> None:
    assert "MB" in complaint(relnotes("parse", "/dev/zero", cwd=tmp_path))


@pytest.mark.parametrize(
    "words", [b"Fixed a bug in the export. ", b"a", b"1 ", b"(", b"June 4, 2022, 22:00 - "]
)
def test_a_long_line_is_read_or_refused(words: bytes, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(words * (MB // 4 // len(words)))
    done = relnotes("parse", "long.txt", cwd=tmp_path)
    assert done.returncode == 0 or complaint(done)


def test_a_file_in_one_language_is_read(tmp_path: Path) -> None:
    assert {entry["lang"] for entry in parse_of(tmp_path, FRENCH.encode())} == {"fr"}
    assert {entry["lang"] for entry in parse_of(tmp_path, LOG.encode())} == {"en"}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_read_the_same(encoding: str, tmp_path: Path) -> None:
    french = FRENCH.replace("’", "'")  # which iso-8859-1 lacks
    assert parse_of(tmp_path, french.encode(encoding)) == parse_of(tmp_path, french.encode())


def test_typographic_apostrophes_of_cp1252_are_read(tmp_path: Path) -> None:
    assert parse_of(tmp_path, FRENCH.encode("cp1252")) == parse_of(tmp_path, FRENCH.encode())


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_do_not_matter(end: str, tmp_path: Path) -> None:
    assert parse_of(tmp_path, LOG.replace("\n", end).encode()) == parse_of(tmp_path, LOG.encode())


@pytest.mark.parametrize("damage", [b"\xff\n", "r\u00e9f\n".encode("latin-1"), "\u00e9".encode()[:1]])
def test_damaged_utf8_is_not_read_as_another_encoding(damage: bytes, tmp_path: Path) -> None:
    said = complaint(relnotes("parse", "-", cwd=tmp_path, stdin=FRENCH.encode() + damage))
    assert "UTF-8" in said


@pytest.mark.parametrize("name", ["idna", "utf-16", "no-such-encoding", "undefined"])
def test_a_page_that_declares_a_strange_encoding(name: str, tmp_path: Path) -> None:
    page = (
        f'<html><head><meta charset="{name}"></head><body><h2>Correction</h2><p>D\xe9faut.</p></body></html>'
    )
    done = relnotes("parse", "-", cwd=tmp_path, stdin=page.encode("latin-1"))
    assert done.returncode == 0 or complaint(done)


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text(LOG, encoding="utf-8")
    for command in (("parse", name), ("parse", name, "--json"), ("ingest", name), ("search", name, "--json")):
        done = relnotes(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
    assert "caf\ufffd" in complaint(relnotes("parse", f"not-{name}", cwd=tmp_path))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_lacks_characters(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text(FRENCH, encoding="utf-8")
    for command in (("parse", "log.txt"), ("ingest", "log.txt"), ("search", "défaut")):
        done = relnotes(*command, cwd=tmp_path, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr.decode()
    done = relnotes("parse", "log.txt", "--json", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert "planifiée" in json.loads(done.stdout.decode("utf-8"))["entries"][0]["title"]


def test_a_bad_source_among_good_ones_changes_nothing(stored: Path) -> None:
    before = found(stored)
    (stored / "french.txt").write_text(FRENCH, encoding="utf-8")
    complaint(relnotes("ingest", "french.txt", "missing.txt", cwd=stored))
    assert found(stored) == before


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = LOG.replace("Bug fix", "Bug \x1b[31mfix\x9b1m")
    done = relnotes("parse", "-", "--explain", cwd=tmp_path, stdin=text.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert "Bug" in done.stdout.decode()
    assert not set(done.stdout.decode()) & set("\x1b\x9b")


# -- the data folder -------------------------------------------------------------------------------


def test_a_folder_without_a_store(tmp_path: Path) -> None:
    for command in (("search", "x"), ("serve",), ("reindex",), ("doctor",)):
        assert "ingest" in complaint(relnotes(*command, cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_is_a_file(stored: Path) -> None:
    for command in (("search", "x"), ("ingest", "log.txt")):
        assert "log.txt" in complaint(relnotes("--data", "log.txt", *command, cwd=stored))


def test_a_store_that_is_none(stored: Path) -> None:
    (stored / "data" / "store.sqlite").write_bytes(b"This is not a database. " * 400)
    for command in (("search", "x"), ("ingest", "log.txt"), ("reindex",)):
        assert "store" in complaint(relnotes(*command, cwd=stored))


def test_an_index_that_was_deleted(stored: Path) -> None:
    before = found(stored)
    shutil.rmtree(stored / "data" / "index")
    assert found(stored) == before
    assert relnotes("reindex", cwd=stored).returncode == 0
    assert found(stored) == before


def files_of_the_index(cwd: Path) -> list[Path]:
    return sorted(
        path for path in (cwd / "data" / "index").rglob("*") if path.is_file() and path.stat().st_size
    )


@pytest.mark.parametrize("pattern", ["*", "CURRENT", "arrays/*/*", "whoosh-*/*", "order-*"])
@pytest.mark.parametrize("kept", [0, 0.5], ids=["emptied", "halved"])
def test_an_index_whose_files_were_cut(pattern: str, kept: float, stored: Path) -> None:
    before = found(stored)
    cut = [path for path in (stored / "data" / "index").rglob(pattern) if path.is_file()]
    assert cut
    for path in cut:
        os.truncate(path, int(kept * path.stat().st_size))
    assert found(stored) == before
    assert relnotes("reindex", cwd=stored).returncode == 0
    assert relnotes("doctor", cwd=stored).returncode == 0


def test_ingest_into_a_cut_index(stored: Path) -> None:
    for path in (stored / "data" / "index").rglob("*"):
        if path.is_file():
            os.truncate(path, 0)
    (stored / "french.txt").write_text(FRENCH, encoding="utf-8")
    assert relnotes("ingest", "french.txt", cwd=stored).returncode == 0
    assert len(found(stored)) == len(parse_of(stored, LOG.encode())) + len(parse_of(stored, FRENCH.encode()))


def without_override() -> None:
    """Let file permissions bind root too: CAP_DAC_OVERRIDE leaves the bounding set (PR_CAPBSET_DROP)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.fixture
def read_only(stored: Path) -> Iterator[Path]:
    paths = [stored / "data", *(stored / "data").rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield stored
    for path, mode in modes.items():
        path.chmod(mode)


def test_a_read_only_data_folder_is_not_written(read_only: Path) -> None:
    (read_only / "french.txt").write_text(FRENCH, encoding="utf-8")
    for command in (("ingest", "french.txt"), ("reindex",)):
        assert "data" in complaint(relnotes(*command, cwd=read_only, before=without_override))


def test_a_read_only_data_folder_can_be_searched(read_only: Path) -> None:
    done = relnotes("search", "locking", cwd=read_only, before=without_override)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Domain locking" in done.stdout


# -- a full disk -----------------------------------------------------------------------------------


def limit_files_to(size: int) -> None:
    """No file may grow beyond `size` bytes: writes then fail as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 1024, 8192, 65536])
def test_files_that_cannot_grow(size: int, stored: Path) -> None:
    before = found(stored)
    many = "\n".join(f"Bug fix number {n}\nWe fixed a bug in export {n}.\n" for n in range(400))
    (stored / "many.txt").write_text(many, encoding="utf-8")
    complaint_of_full_disk(stored, size)
    assert set(before) <= set(found(stored))
    assert relnotes("ingest", "many.txt", cwd=stored).returncode == 0
    assert relnotes("doctor", cwd=stored).returncode == 0


def complaint_of_full_disk(cwd: Path, size: int) -> str:
    done = relnotes("ingest", "many.txt", cwd=cwd, before=lambda: limit_files_to(size))
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert said.count("\n") == 1, said
    assert said.startswith("relnotes: ")
    return said


FILL = """
mount -t tmpfs -o size=600k none "$1" || exit 77
cd "$1"
cp ../log.txt ../many.txt .
"$2" -m webapp.cli ingest log.txt >/dev/null || exit 78
dd if=/dev/zero of=filler bs=1k count=10000 2>/dev/null
"$2" -m webapp.cli ingest many.txt
status=$?
rm filler
"$2" -m webapp.cli search --json --limit 1000 >../after.json || exit 79
exit $status
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """On a small file system of its own, mounted in a name space of its own."""
    (tmp_path / "log.txt").write_text(LOG, encoding="utf-8")
    many = "\n".join(f"Bug fix number {n}\nWe fixed a bug in export {n}.\n" for n in range(200))
    (tmp_path / "many.txt").write_text(many, encoding="utf-8")
    (tmp_path / "small").mkdir()
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", FILL, "sh", "small", sys.executable]
    if not shutil.which("unshare") or subprocess.run([*command[:3], "true"], capture_output=True).returncode:
        pytest.skip("no name spaces here; the test of files that cannot grow stands for it")
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, timeout=120)
    said = done.stderr.decode()
    if done.returncode == 77:
        pytest.skip("no file system can be mounted here; the test of files that cannot grow stands for it")
    assert done.returncode == 1, (done.returncode, said)
    assert said.count("\n") == 1, said
    assert "disk" in said
    assert json.loads((tmp_path / "after.json").read_text(encoding="utf-8"))["total"] > 0


# -- where the output goes -------------------------------------------------------------------------


def test_output_that_cannot_be_written(stored: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = relnotes("search", "--json", cwd=stored, stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "No space left" in done.stderr.decode()


def test_a_reader_that_goes_away(stored: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = relnotes("search", "--json", cwd=stored, stdout=theirs)
    os.close(theirs)
    assert done.returncode == 1
    assert done.stderr == b""


def test_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C while the command waits for its input."""
    running = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "parse", "-"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdin is not None
    running.stdin.write(b"x" * MB)  # more than a pipe holds: when it is taken, the command is reading
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1].decode()
    assert running.returncode == 130
    assert "Traceback" not in said
    assert said.strip() == "relnotes: interrupted"
