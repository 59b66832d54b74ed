"""How fast does the store take in, pair and give back, and does that grow with what it holds already?

    python -m bench.store [ENTRIES]

Logs of `LOG` entries, one in English and one in French for each vendor; one entry in three tells of a night.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import structs

from bench.corpus import Made, entries, parsed
from index.store import Store
from ingest.model import Entry, ParseResult, Window

LOG = 1000  # entries of a source
FRESH = 10  # entries that a later snapshot adds on top
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_NIGHT = datetime(2015, 1, 4, 4, tzinfo=UTC)


def log(made: list[Made], vendor: str, lang: str, first: int) -> ParseResult:
    """The entries as a log of a vendor in a language; one in three tells of a night of its own."""
    result = parsed([structs.replace(one, lang=lang, title=f"{one.title} {lang}") for one in made])
    told = [_told(entry, first + number) for number, entry in enumerate(result.entries)]
    return replace(result, entries=tuple(told), vendor=vendor)


def _told(entry: Entry, number: int) -> Entry:
    if number % 3:
        return entry
    start = FIRST_NIGHT + timedelta(days=number)
    return structs.replace(entry, windows=(Window(start, start + timedelta(hours=2), entry.span, "made"),))


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    spent = time.perf_counter() - start
    print(f"{what:<44} {spent:8.3f} s  {1000 * spent / max(count, 1):8.3f} ms an entry", flush=True)


def fill(store: Store, made: list[Made], size: int) -> None:
    for number, at in enumerate(range(0, size // 2, LOG)):
        for lang in ("en", "fr"):
            part = log(made[at : at + LOG], f"vendor-{number}", lang, FRESH)
            store.ingest(part, SEEN, f"{lang}-{number}")


def main(size: int) -> None:
    made = list(entries(size // 2 + FRESH))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        with timed(f"ingest of {size} entries", size):
            fill(store, made, size)
        twins = sum(bool(stored.twins) for stored in store.all())
        print(f"{twins} entries have a twin, {store.path.stat().st_size / 1e6:.0f} MB")
        fresh = [*made[-FRESH:], *made[:LOG]]
        for lang in ("en", "fr"):
            with timed(f"{FRESH} more on a log of {LOG} ({lang})", FRESH):
                report = store.ingest(log(fresh, "vendor-0", lang, 0), SEEN + timedelta(days=1), f"{lang}-0")
            print(f"  {len(report.new)} new, {len(report.changed)} changed, {len(report.gone)} gone")
        with timed("export", size), (Path(folder) / "export.jsonl").open("wb") as stream:
            stream.writelines(store.export())
        with timed("import", size), (Path(folder) / "export.jsonl").open("rb") as stream:
            Store.restore(Path(folder) / "other", stream, "export", _nothing, replace=False)
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")


_nothing: Callable[[], object] = lambda: None  # noqa: E731

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
