"""Killed at any moment of a sync: the store is whole, every notification arrives, the next run completes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from killing import Done, rounds
from webserver import Connection, WebServer, reply

from index.store import Store
from ingest import lexicon
from webapp.cli import run
from webapp.following.notification import key
from webapp.following.sync import digest

SOURCE = '[[sources]]\nname = "{name}"\nurl = "{url}"\n'
HOOK = '[[notify]]\nname = "team"\nurl = "{url}"\nevents = ["new", "changed", "gone"]\n'


def edition(number: int) -> bytes:
    """A log of which every entry names its edition; the first ones have an entry more than the one before."""
    days = range(min(4 + number, 12), 0, -1)
    entries = (f"# 2024-05-{n:02}: Fix {n}\n\nWe fixed bug {n} in edition{number}x.\n\n" for n in days)
    return "".join(entries).encode()


def check(data: Path) -> None:
    """SQLite finds no fault, no entry is of another edition than its neighbours, all revisions are there."""
    with Store.open(data) as store:
        assert store._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        checks = {one.source: one for one in store.checks()}
        for source in store.sources():
            live = [one for one in store.all(source.name) if not one.gone]
            assert len(set(re.findall(r"edition\d+", " ".join(one.text for one in live)))) == 1
            snapshot = store.snapshot(source.name)
            assert snapshot
            assert checks[source.name].digest == digest(snapshot.data), "what is believed applied is kept"
            for one in live:
                assert len(store.revisions(one.id)) == one.revision


def test_a_sync_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty times, in one folder: two sources that change with every request, and a receiver."""
    monkeypatch.chdir(tmp_path)
    assert lexicon.load()  # before the fork, or every child would have to
    deaths = 0
    with WebServer() as server:

        def publish(connection: Connection) -> None:
            asked = sum(len(server.asked_for(path)) for path in ("/one", "/two"))
            connection.send(reply(200, edition(asked), ETag=f'"{asked}"'))

        def work(done: Done) -> None:
            assert run(["sync"]) == 0
            done("all")

        server.answers |= {"/one": [publish], "/two": [publish], "/hook": [reply(204)]}
        sources = [SOURCE.format(name=name, url=server.url(f"/{name}")) for name in ("one", "two")]
        Path("relnotes.toml").write_text("".join(sources) + HOOK.format(url=server.url("/hook")))
        assert run(["sync"]) == 0
        for acknowledged in rounds(work, count=30, seed=8):
            deaths += not acknowledged
            check(Path("data"))
        assert run(["sync"]) == 0
        check(Path("data"))
        assert run(["doctor"]) == 0
        heard = [json.loads(asked.body)["id"] for asked in server.asked_for("/hook")]
    capsys.readouterr()
    assert deaths > 10, "many must have died amidst their work"
    with Store.open(Path("data")) as store:
        events = store.outbox.after(0)
        assert {(event.entry, event.revision) for event in events} == newsworthy(store)
    assert list(dict.fromkeys(heard)) == [key("team", event) for event in events], "each, and in order"


def newsworthy(store: Store) -> set[tuple[str, int]]:
    """Entries and the numbers of those of their revisions that receivers must hear of."""
    began = {name: min(one.first_seen for one in store.all(name)) for name in ("one", "two")}
    return {
        (stored.id, revision.number)
        for stored in store.all()
        for revision in store.revisions(stored.id)
        if revision.seen > began[stored.source]
        and (revision.material or {"gone", "back"} & set(revision.changed))
    }
