"""A better parser reads what was kept: ids stay, no revision is made up, feeds stay silent."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec import structs

from index.store import IngestReport, Store, StoredEntry
from ingest import lexicon
from ingest.errors import ParseError
from ingest.model import Entry, EntryType, Hints, ParseResult, Span
from ingest.reading import read_and_parse

CORPUS = files("corpus")
START = datetime(2025, 4, 1, 12, tzinfo=UTC)
LOG = """\
CertCentral: Saved filters
You can now save a set of filters under a name, and call it up again with one click.

Scheduled maintenance on April 20, 2024
DigiCert will do maintenance on April 20, 2024, 22:00 - 24:00 MDT (April 21, 2024, 04:00 - 06:00 UTC).

CertCentral: Bug fix for expired orders
We fixed a bug where an expired order was still counted as active on the dashboard.
"""
LATER = LOG.replace("with one click", "with a single click")
HINTS = Hints("digicert", "en")
Change = Callable[[ParseResult], ParseResult]


def parsed(text: str) -> ParseResult:
    return read_and_parse(text.encode(), "log.txt", lexicon.load(), HINTS)


def parser(monkeypatch: pytest.MonkeyPatch, change: Change, name: str = "another") -> None:
    """From now on kept snapshots are read by a parser of this name, which makes another thing of them."""

    def changed(*arguments: object) -> ParseResult:
        return change(read_and_parse(*arguments))  # type: ignore[arg-type]

    monkeypatch.setattr("index.reread.read_and_parse", changed)
    for place in ("index.store.parser", "index.intake.parser"):
        monkeypatch.setattr(place, lambda: name)


def each(change: Callable[[Entry], Entry]) -> Change:
    return lambda result: replace(result, entries=tuple(map(change, result.entries)))


def as_policy(entry: Entry) -> Entry:
    return structs.replace(entry, type=EntryType.POLICY)


def merged(result: ParseResult) -> ParseResult:
    """The last two entries as one."""
    *others, one, other = result.entries
    whole = structs.replace(
        one, span=Span(one.span.start, other.span.end), blocks=(*one.blocks, *other.blocks)
    )
    return replace(result, entries=(*others, whole))


def split(result: ParseResult) -> ParseResult:
    """Each of the last entry's two lines an entry."""
    *others, last = result.entries
    middle = result.document.text.index("\n", last.span.start) + 1
    first = structs.replace(last, span=Span(last.span.start, middle - 1), blocks=last.blocks[:1])
    second = structs.replace(
        last, span=Span(middle, last.span.end), blocks=last.blocks[1:], title="We fixed a bug"
    )
    return replace(result, entries=(*others, first, second))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two snapshots of one log; the first entry was reworded in the second."""
    made = Store.open(tmp_path)
    made.ingest(parsed(LOG), START, "log")
    made.ingest(parsed(LATER), START + timedelta(days=1), "log")
    return made


def live(store: Store) -> list[StoredEntry]:
    return sorted((s for s in store.all() if not s.gone), key=lambda s: s.position)


def contents(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def test_the_same_parser_changes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        sources = [("portal", "portal-2025-03.txt"), ("portal", "portal-2025-04.txt")]
        sources += [("portal", "portal-2025-03.txt"), ("html", "portal-2024.html"), ("feed", "mouillage.rss")]
        for number, (name, path) in enumerate(sources):
            data = CORPUS.joinpath(path).read_bytes()
            read = read_and_parse(data, path, lexicon.load(), Hints())
            store.ingest(read, START + timedelta(days=number), name)
        before = contents(store.path)
        for name in {name for name, _ in sources}:
            report = store.reparse(name)
            assert report
            assert (report.new, report.changed, report.gone, report.reread) == ((), (), (), ())
    assert contents(tmp_path / "store.sqlite") == before


def test_another_reading_is_no_revision(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = live(store)
    parser(monkeypatch, each(as_policy))
    report = store.reparse("log")
    ids = tuple(s.id for s in before)
    assert report == IngestReport(unchanged=ids, reread=ids)
    assert {s.entry.type for s in store.all()} == {EntryType.POLICY}
    for old, new in zip(before, live(store), strict=True):
        assert (old.first_seen, old.last_changed, old.last_revised) == (
            *(new.first_seen, new.last_changed, new.last_revised),
        )
        assert (old.revision, old.text) == (new.revision, new.text)
    assert [s.id for s in store.changed_since(2)] == sorted(ids), "the index must learn of it"


def test_what_an_entry_was_before_is_read_again_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    parser(monkeypatch, each(as_policy))
    store.reparse("log")
    (changed,) = (s for s in store.all() if s.revision == 2)
    first, second = store.revisions(changed.id)
    assert (first.entry.type, second.entry.type) == (EntryType.POLICY, EntryType.POLICY)
    assert ("one click" in first.text, "single click" in second.text) == (True, True)
    assert second.changed == ("text",)


def test_what_left_its_source_is_read_again_as_it_was_last(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.ingest(parsed(LATER.partition("\n\n")[2]), START + timedelta(days=2), "log")
    (gone,) = (s for s in store.all() if s.gone)
    parser(monkeypatch, each(as_policy))
    report = store.reparse("log")
    assert report
    assert report.gone == ()
    kept = store.get(gone.id)
    assert kept == replace(gone, entry=structs.replace(gone.entry, type=EntryType.POLICY))
    assert [r.changed for r in store.revisions(gone.id)] == [(), ("text",), ("gone",)]


def test_what_is_cut_out_of_an_entry_is_as_old_as_that(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = live(store)[2]
    parser(monkeypatch, split)
    report = store.reparse("log")
    assert report
    assert (len(report.new), report.gone) == (1, ())
    cut = store.get(report.new[0])
    assert cut
    assert (cut.first_seen, cut.last_changed) == (whole.first_seen, whole.last_changed)
    kept = store.get(whole.id)
    assert kept
    assert (kept.revision, kept.gone) == (1, False)
    assert store.revisions(kept.id)[-1].text == kept.text
    assert kept.text + "\n" + cut.text == whole.text or cut.text + "\n" + kept.text == whole.text


def test_what_became_part_of_another_returns_in_silence(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live(store)
    parser(monkeypatch, merged)
    report = store.reparse("log")
    assert report
    (lost,) = report.gone
    assert [len(store.revisions(s.id)) for s in before] == [2, 1, 1]
    parser(monkeypatch, lambda result: result, "a third")
    report = store.reparse("log")
    assert report
    assert lost in report.reread
    assert (report.new, report.gone, report.changed) == ((), (), ())
    assert live(store) == before
    assert [len(store.revisions(s.id)) for s in before] == [2, 1, 1]


def test_a_new_snapshot_is_compared_with_what_the_same_parser_reads(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reworded entry was also typed otherwise by the older parser: that is no part of the change."""
    parser(monkeypatch, each(as_policy), "older")
    store.reparse("log")
    parser(monkeypatch, lambda result: result, "newer")
    report = store.ingest(parsed(LOG), START + timedelta(days=3), "log")
    assert (len(report.changed), report.reread) == (1, ())
    assert store.revisions(report.changed[0])[-1].changed == ("text",)


def test_what_cannot_be_read_any_more_stays_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(result: ParseResult) -> ParseResult:
        raise ParseError("is none of ours", "log")

    before = contents(store.path)
    parser(monkeypatch, refuse)
    with pytest.raises(ParseError):
        store.reparse("log")
    assert contents(store.path) == before
    assert store.ingest(parsed(LOG), START + timedelta(days=3), "log").changed


def test_a_source_that_is_not_kept_cannot_be_read(store: Store) -> None:
    assert store.reparse("nobody") is None


def test_an_ingest_amidst_is_read_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    parser(monkeypatch, each(as_policy))
    steps = iter((lambda: None, lambda: store.ingest(parsed(LOG), START + timedelta(days=4), "log")))
    report = store.reparse("log", lambda: next(steps, lambda: None)())
    assert report
    assert {s.entry.type for s in live(store)} == {EntryType.POLICY}
    assert "one click" in live(store)[0].text


def test_snapshots_of_an_old_store_are_read_where_their_bytes_are_there(tmp_path: Path) -> None:
    dump = Path(__file__).parent / "stores" / "version-1.sql.gz"
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.executescript(gzip.decompress(dump.read_bytes()).decode())
    with Store.open(tmp_path) as store:
        before = len(store)
        assert store.reparse("portal-2024") is None, "only the text of the page was kept"
        report = store.reparse("portal")
        assert report
        assert (report.new, report.gone) == ((), ())
        assert len(store) == before
