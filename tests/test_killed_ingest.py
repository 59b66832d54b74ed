"""Killed at any moment of an ingest or a reparse: the store is whole, and what was acknowledged is there."""

from __future__ import annotations

import os
import signal
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from killing import Done, killed, rounds
from msgspec import structs

from index.pairing import Pairing
from index.reread import read_again
from index.store import Store, transaction
from ingest import lexicon
from ingest.model import EntryType, Hints, ParseResult
from ingest.reading import read_and_parse

SEEN = datetime(2025, 4, 1, 12, tzinfo=UTC)
HINTS = {lang: Hints("digicert", lang) for lang in ("en", "fr")}
NIGHT = {
    "en": "Scheduled maintenance\nWe will work on CIS on June {day}, 2022, 22:00 - 24:00 MDT "
    "(June {next}, 2022, 04:00 - 06:00 UTC). Round {round}.",
    "fr": "Maintenance planifiée\nNous travaillerons sur CIS le {day} juin 2022, de 22:00 à 24:00 HAR "
    "({next} juin 2022, de 04:00 à 06:00 UTC). Tour {round}.",
}
DOCUMENTS = 4  # of each language in a run


def text(lang: str, round_: int, number: int) -> str:
    """A log of two nights that another one follows with every number, so that entries come, change and go."""
    days = (number + 5, number + 4)
    return "\n\n".join(NIGHT[lang].format(day=d, next=d + 1, round=round_) for d in days)


def ingest_all(data: Path, round_: int, done: Done) -> None:
    with Store.open(data) as store:
        for number in range(DOCUMENTS):
            for lang, hints in HINTS.items():
                said = text(lang, round_, number)
                read = read_and_parse(said.encode(), lang, lexicon.load(), hints)
                store.ingest(read, SEEN + timedelta(hours=round_, minutes=number), lang)
                done(f"{lang}\0{said!r}")


def check(data: Path) -> Store:
    """The store is whole: SQLite finds no fault, and all that it holds fits together."""
    store = Store.open(data)
    assert store._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    for source in store.sources():
        newest = store.snapshot(source.name)
        assert newest
        read = read_again(newest)
        live = sorted((s for s in store.all(source.name) if not s.gone), key=lambda s: s.position)
        assert [s.text for s in live] == [e.span.of(read.document.text) for e in read.entries]
        for stored in store.all(source.name):
            assert [r.number for r in store.revisions(stored.id)] == list(range(1, stored.revision + 1))
    kept = twins(store)
    with transaction(store._connection):
        Pairing(store._connection, lexicon.load()).refresh_all()
    assert twins(store) == kept
    return store


def twins(store: Store) -> dict[str, object]:
    return {stored.id: stored.twins for stored in store.all()}


def test_an_ingest_that_is_killed(tmp_path: Path) -> None:
    """Sixty times, each time with new documents, in one and the same store."""
    number, deaths, lexicon_ = 0, 0, lexicon.load()
    assert lexicon_  # loaded before the fork, or every child would have to

    def work(done: Done) -> None:
        ingest_all(tmp_path, number, done)

    for acknowledged in rounds(work, count=60, seed=6):
        deaths += len(acknowledged) < 2 * DOCUMENTS
        with check(tmp_path) as store:
            newest = dict(line.split("\0") for line in acknowledged)
            for lang, said in newest.items():
                assert said in {repr(kept.data.decode()) for kept in store.snapshots(lang)}
        number += 1
    assert deaths > 10, "many must have died amidst their work"
    ingest_all(tmp_path, number, lambda what: None)
    check(tmp_path).close()


def test_a_reparse_that_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty times by turns with two parsers that read differently, so that there is something to write."""
    ingest_all(tmp_path, 0, lambda what: None)
    with Store.open(tmp_path) as store:
        before = lives(store)
    number = 0

    def work(done: Done) -> None:
        monkeypatch.setattr("index.intake.parser", lambda: str(number % 2))
        monkeypatch.setattr("index.reread.read_and_parse", as_policy if number % 2 else read_and_parse)
        with Store.open(tmp_path) as store:
            for lang in HINTS:
                store.reparse(lang)
                done(lang)

    for _ in rounds(work, count=40, seed=7):
        with check(tmp_path) as store:
            assert lives(store) == before
        number += 1


def as_policy(data: bytes, source: str, words: lexicon.Lexicon, hints: Hints) -> ParseResult:
    read = read_and_parse(data, source, words, hints)
    return replace(read, entries=tuple(structs.replace(e, type=EntryType.POLICY) for e in read.entries))


def lives(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """What became of every entry, but for how it is read."""
    return {
        stored.id: [(r.seen, r.changed, r.material, r.text) for r in store.revisions(stored.id)]
        for stored in store.all()
    }


class Countdown:
    """Kills this process before the n-th statement that SQLite is given."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, statement: str) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def statements(data: Path) -> int:
    """How many statements one ingest takes."""
    told: list[str] = []
    with Store.open(data) as store:
        store._connection.set_trace_callback(told.append)
        store.ingest(read_and_parse(text("en", 1, 1).encode(), "en", lexicon.load(), HINTS["en"]), SEEN, "en")
    return len(told)


def test_an_ingest_that_is_killed_at_each_of_its_statements(tmp_path: Path) -> None:
    first = read_and_parse(text("en", 0, 0).encode(), "en", lexicon.load(), HINTS["en"])
    second = read_and_parse(text("en", 1, 1).encode(), "en", lexicon.load(), HINTS["en"])
    for name in ("counted", "killed"):
        with Store.open(tmp_path / name) as store:
            store.ingest(first, SEEN, "en")
    whole = statements(tmp_path / "counted")
    before = contents(tmp_path / "killed")
    for after in range(0, whole, max(1, whole // 40)):

        def work(done: Done, after: int = after) -> None:
            with Store.open(tmp_path / "killed") as store:
                store._connection.set_trace_callback(Countdown(after))
                store.ingest(second, SEEN, "en")
            done("all of it")

        assert killed(work, None) == ()
        check(tmp_path / "killed").close()
        assert contents(tmp_path / "killed") == before, f"killed before statement {after} of {whole}"


def contents(data: Path) -> str:
    with sqlite3.connect(data / "store.sqlite") as connection:
        return "\n".join(connection.iterdump())
