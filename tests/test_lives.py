"""What becomes of an announcement: a table of edits of a log, and what each makes of its entries.

The table is tried on a log of the corpus and, where it is there, on the real one, edited in memory: parsed,
stored, edited, parsed and stored again.  Every entry that an edit does not touch must stay as it was.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from index.store import IngestReport, Revision, Store, StoredEntry
from ingest import lexicon
from ingest.model import BlockKind, Entry, EntryType, Hints, ParseResult, Status
from ingest.reading import read_and_parse

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "digicert-change-log.txt"
LOGS = ["corpus", pytest.param("seed", marks=pytest.mark.skipif(not SEED.exists(), reason="no seed here"))]
START = datetime(2025, 4, 1, 12, tzinfo=UTC)
NEWS = """\
CertCentral: Orders can be pinned
Pin up to ten orders to the top of the Orders page. Only you see your pins.

Upcoming scheduled maintenance
We will work on our databases on August 6, 2022, 22:00 - 24:00 MDT (August 7, 2022, 04:00 - 06:00 UTC).

"""


def parsed(text: str, name: str = "log.txt") -> ParseResult:
    return read_and_parse(text.encode(), name, lexicon.load(), Hints("digicert", "en"))


@dataclass(frozen=True)
class Log:
    """A log as pieces, one an entry; `night` and `feature` are the places of the two that are edited."""

    pieces: tuple[str, ...]
    night: int
    feature: int
    day: str  # as the night prints it

    def with_(self, place: int, *pieces: str) -> str:
        return "".join((*self.pieces[:place], *pieces, *self.pieces[place + 1 :]))

    def edited(self, place: int, old: str, new: str) -> str:
        assert old in self.pieces[place]
        return self.with_(place, self.pieces[place].replace(old, new))


def log(name: str) -> Log:
    corpus = files("corpus").joinpath("certcentral-2023-en.txt")
    text = SEED.read_text() if name == "seed" else corpus.read_text()
    entries, pieces = parsed(text).entries, _pieces(text)
    night = next(at for at, entry in enumerate(entries) if len(entry.windows) == 1 and not entry.status)
    feature = next(
        at
        for at, entry in enumerate(entries)
        if entry.type is EntryType.FEATURE and entry.has_heading and pieces[at].count("\n") > 3
    )
    day = {"seed": "June 4", "corpus": "December 2"}[name]
    return Log(pieces, night, feature, day)


def _pieces(text: str) -> tuple[str, ...]:
    starts = [0, *(entry.span.start for entry in parsed(text).entries[1:]), len(text)]
    return tuple(text[a:b] for a, b in pairwise(starts))


NEW_NIGHT = "February 24, 2024, 22:00 – 24:00 MST (February 25, 2024, 05:00 – 07:00 UTC)"

# -- the table ---------------------------------------------------------------------------------------

Edit = Callable[[Log], str]


def moved_up(log: Log) -> str:
    """The feature stands at the end of the log."""
    rest = log.with_(log.feature)
    return f"{rest.rstrip()}\n\n{log.pieces[log.feature]}"


def title_mended(log: Log) -> str:
    title, _, body = log.pieces[log.feature].partition("\n")
    return log.with_(log.feature, f"{title} (mended)\n{body}")


def paragraph_added(log: Log) -> str:
    body = log.pieces[log.feature].rstrip("\n")
    return log.with_(log.feature, f"{body}\nThis works for accounts with several divisions too.\n")


def spacing_changed(log: Log) -> str:
    title, _, body = log.pieces[log.feature].partition("\n")
    return log.with_(log.feature, f"{title}\n{body.replace('. ', '.  ')}")


def postponed(log: Log) -> str:
    title, _, body = log.pieces[log.night].partition("\n")
    told = f"Update: The maintenance of {log.day} is postponed to a later date, which we will announce here."
    return log.with_(log.night, f"{title}\n{told}\n{body}")


def cancelled(log: Log) -> str:
    title, _, body = log.pieces[log.night].partition("\n")
    return log.with_(log.night, f"{title}\nUpdate: The maintenance of {log.day} has been cancelled.\n{body}")


def moved_by_update(log: Log) -> str:
    """The new hours stand in an update above the text that still tells the old ones."""
    title, _, body = log.pieces[log.night].partition("\n")
    told = f"Update: The maintenance of {log.day} has been moved to {NEW_NIGHT}."
    return log.with_(log.night, f"{title}\n{told}\n{body}")


def window_moved(log: Log) -> str:
    """A week later, on the page as if it had always been so."""
    piece = log.pieces[log.night]
    for number in range(28, 0, -1):
        for month in ("June", "December"):
            piece = piece.replace(f"{month} {number},", f"{month} {number + 7}\0,")
    return log.with_(log.night, piece.replace("\0", ""))


def split_in_two(log: Log) -> str:
    """The last paragraphs of the feature become an entry of their own."""
    lines = log.pieces[log.feature].rstrip("\n").split("\n")
    own = "CertCentral: More about templates\nAdministrators can copy, rename and remove a template."
    assert len(lines) > 3
    return log.with_(log.feature, "\n".join(lines[:-1]) + "\n", f"\n{own} {lines[-1]}\n\n")


@dataclass(frozen=True)
class Case:
    """What an edit makes: how many entries come and go, and what changes in the one that it touches."""

    edit: Edit
    touches: str = ""
    new: int = 0
    gone: int = 0
    changed: frozenset[str] = frozenset()
    material: bool = True
    status: Status | None = None


CASES = {
    "unchanged": Case(lambda log: "".join(log.pieces)),
    "entries prepended": Case(lambda log: NEWS + "".join(log.pieces), new=2),
    "order changed": Case(moved_up),
    "title mended": Case(title_mended, "feature", changed=frozenset({"title", "text"})),
    "paragraph added": Case(paragraph_added, "feature", changed=frozenset({"text"})),
    "spacing changed": Case(spacing_changed, "feature", changed=frozenset({"text"}), material=False),
    "an update postpones": Case(
        postponed, "night", changed=frozenset({"status", "text"}), status=Status.POSTPONED
    ),
    "an update cancels": Case(
        cancelled, "night", changed=frozenset({"status", "text"}), status=Status.CANCELLED
    ),
    "an update moves, new hours told": Case(
        moved_by_update, "night", changed=frozenset({"windows", "status", "text"}), status=Status.MOVED
    ),
    "the window is moved": Case(window_moved, "night", changed=frozenset({"windows", "text"})),
    "split in two": Case(split_in_two, "feature", new=1, changed=frozenset({"text"})),
    "taken away": Case(lambda log: log.with_(log.feature), gone=1),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as store:
        yield store


def live(store: Store) -> list[StoredEntry]:
    return sorted((s for s in store.all() if not s.gone), key=lambda s: s.position)


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("case", CASES)
def test_what_an_edit_makes_of_a_log(case: str, name: str, store: Store) -> None:
    told, before = CASES[case], log(name)
    first = store.ingest(parsed("".join(before.pieces)), START, "log").new
    report = store.ingest(parsed(told.edit(before)), START + timedelta(days=1), "log")
    touched = {first[getattr(before, told.touches)]} if told.touches else set()
    assert (len(report.new), len(report.gone), set(report.changed)) == (told.new, told.gone, touched)
    assert set(first) - set(report.gone) == {*report.changed, *report.unchanged}
    for one in touched:
        _check(store, told, one)


def _check(store: Store, told: Case, one: str) -> None:
    stored, last = store.get(one), store.revisions(one)[-1]
    assert stored
    assert told.changed <= set(last.changed)
    assert (last.number, last.material) == (2, told.material)
    assert (stored.entry.status.status if stored.entry.status else None) is told.status
    assert (stored.last_changed > stored.first_seen) == told.material


@pytest.mark.parametrize("name", LOGS)
def test_gone_and_back(name: str, store: Store) -> None:
    before = log(name)
    one = store.ingest(parsed("".join(before.pieces)), START, "log").new[before.feature]
    assert store.ingest(parsed(before.with_(before.feature)), START + timedelta(days=1), "log").gone == (one,)
    report = store.ingest(parsed("".join(before.pieces)), START + timedelta(days=2), "log")
    assert (report.new, report.changed, report.gone) == ((), (one,), ())
    assert [r.changed for r in store.revisions(one)] == [(), ("gone",), ("back",)]
    assert [r.material for r in store.revisions(one)] == [True, False, False]


@pytest.mark.parametrize("name", LOGS)
def test_all_of_it_at_once(name: str, store: Store) -> None:
    """Postponed, reworded, prepended and reordered between two visits: every id is found again."""
    before = log(name)
    first = store.ingest(parsed("".join(before.pieces)), START, "log").new
    edits: tuple[Edit, ...] = (postponed, title_mended)
    for edit in edits:
        text = edit(before)
        before = Log(_pieces(text), before.night, before.feature, before.day)
    report = store.ingest(parsed(NEWS + moved_up(before)), START + timedelta(days=40), "log")
    assert (len(report.new), report.gone) == (2, ())
    assert set(report.changed) == {first[before.night], first[before.feature]}


# -- the same log in another form --------------------------------------------------------------------


def as_page(result: ParseResult) -> str:
    """The log as its publisher's page might hold it: headings, paragraphs and lists."""
    return f"<html><body><main>{''.join(_article(result, e) for e in result.entries)}</main></body></html>"


def _article(result: ParseResult, entry: Entry) -> str:
    lines = [_element(result, block.kind, block.content.of(result.document.text)) for block in entry.blocks]
    return f"<article>{''.join(lines)}</article>"


def _element(result: ParseResult, kind: BlockKind, text: str) -> str:
    tag = {BlockKind.HEADING: "h2", BlockKind.SUBHEADING: "h3"}.get(kind, "p")
    return f"<{tag}>{html.escape(text.strip())}</{tag}>"


@pytest.mark.parametrize("name", LOGS)
def test_the_same_log_as_text_and_as_a_page(name: str, store: Store) -> None:
    plain = parsed("".join(log(name).pieces))
    first = store.ingest(plain, START, "log").new
    page = read_and_parse(as_page(plain).encode(), "log.html", lexicon.load(), Hints("digicert", "en"))
    report: IngestReport = store.ingest(page, START + timedelta(days=1), "log")
    assert (report.new, report.gone) == ((), ())
    assert [stored.id for stored in live(store)] == list(first)
    assert [last for one in first if (last := newest(store, one)).material and last.number > 1] == []


def newest(store: Store, one: str) -> Revision:
    return store.revisions(one)[-1]
