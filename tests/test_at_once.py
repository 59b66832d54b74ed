"""Several at once on one store: writers wait for each other, readers see one state or the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from commandline import LOG, environment

from index.store import Store
from ingest import lexicon
from ingest.model import Hints, ParseResult
from ingest.reading import read_and_parse

SEEN = datetime(2025, 4, 1, 12, tzinfo=UTC)
STATES = [LOG, LOG.replace("April", "May").replace("expired", "old"), LOG.partition("\n\n")[2]]


def parsed(text: str) -> ParseResult:
    return read_and_parse(text.encode(), "log", lexicon.load(), Hints("digicert", "en"))


def children(*works: Callable[[], object]) -> list[int]:
    """Runs each in a process of its own, all at once; their exit statuses."""
    started = []
    for work in works:
        child = os.fork()
        if not child:
            try:
                work()
                os._exit(0)
            finally:
                os._exit(1)
        started.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in started]


def test_writers_of_one_store_wait_for_each_other(tmp_path: Path) -> None:
    """Three with a source each, two with the same source."""
    results = [parsed(text) for text in STATES]

    def writer(source: str) -> Callable[[], object]:
        def work() -> None:
            with Store.open(tmp_path) as store:
                for result in results * 3:
                    store.ingest(result, SEEN, source)

        return work

    assert children(*map(writer, ("a", "b", "c", "same", "same"))) == [0] * 5
    with Store.open(tmp_path) as store:
        assert store._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        for source in store.sources():
            live = sorted((s for s in store.all(source.name) if not s.gone), key=lambda s: s.position)
            kept = store.snapshot(source.name)
            assert kept
            assert [s.text for s in live] == [
                e.span.of(STATES[-1]) for e in parsed(kept.data.decode()).entries
            ]
        generations = store._connection.execute("SELECT max(generation) FROM entries").fetchone()[0]
        assert store.generation >= generations


def test_a_reader_sees_one_state_or_the_other(tmp_path: Path) -> None:
    results = [parsed(text) for text in STATES]
    valid = {tuple(sorted(e.span.of(r.document.text) for e in r.entries)) for r in results}
    with Store.open(tmp_path) as store:
        store.ingest(results[0], SEEN, "log")

    def write() -> None:
        with Store.open(tmp_path) as store:
            for result in results * 15:
                store.ingest(result, SEEN, "log")

    def read() -> None:
        seen = set()
        with Store.open(tmp_path) as store:
            for _ in range(150):
                seen.add(tuple(sorted(s.text for s in store.all() if not s.gone)))
                list(store.export())
        assert seen <= valid

    assert children(write, read, read) == [0, 0, 0]


def test_two_ingests_at_once_on_the_command_line(tmp_path: Path) -> None:
    """Each says what it did, and the index shows what both have kept."""
    command = [sys.executable, "-m", "webapp.cli"]
    started = []
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.txt").write_text(LOG, encoding="utf-8")
        started.append(
            subprocess.Popen(
                [*command, "ingest", f"{name}.txt"],
                cwd=tmp_path,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )
    told = [(each.communicate(timeout=60), each.returncode) for each in started]
    assert [(code, err) for (_, err), code in told] == [(0, b"")] * 3
    assert [out for (out, _), _ in told] == [f"{name}: 3 new\n".encode() for name in ("one", "two", "three")]
    doctor = subprocess.run([*command, "doctor"], cwd=tmp_path, env=environment(), capture_output=True)
    assert doctor.returncode == 0, doctor.stderr
