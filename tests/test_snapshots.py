"""Two snapshots of one log, a month apart, parsed and stored: does every entry live on as its label says?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from index.store import Store, StoredEntry
from ingest import lexicon
from ingest.pipeline import parse
from ingest.readers import read

CORPUS = files("corpus")
FIRST, SECOND = "portal-2025-03.txt", "portal-2025-04.txt"
SEEN = datetime(2025, 4, 1, tzinfo=UTC)


def _ingest(store: Store, name: str) -> None:
    document = read(CORPUS.joinpath(name).read_bytes(), name)
    store.ingest(parse(document, lexicon.load()), SEEN, "portal")


def _line(document: str, number: int) -> int:
    labels = json.loads(CORPUS.joinpath(Path(document).stem + ".gold.json").read_text())["entries"]
    return int(next(entry["start"][0] for entry in labels if entry["id"] == number))


def _at(entries: list[StoredEntry], label: dict[str, Any]) -> StoredEntry:
    line = _line(label["document"], label["entry"])
    return next(stored for stored in entries if stored.line == line and not stored.gone)


@pytest.fixture(scope="module")
def snapshots(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Store, list[StoredEntry], list[StoredEntry]]]:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        _ingest(store, FIRST)
        before = list(store.all())
        _ingest(store, SECOND)
        yield store, before, list(store.all())


def _labels() -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = tomllib.loads(CORPUS.joinpath("revisions.toml").read_text())["revisions"]
    return labels


@pytest.mark.parametrize("label", _labels(), ids=lambda label: label["change"])
def test_what_became_of_each_entry(
    snapshots: tuple[Store, list[StoredEntry], list[StoredEntry]], label: dict[str, Any]
) -> None:
    store, before, after = snapshots
    earlier = _at(before, label["earlier"]) if "earlier" in label else None
    if "later" not in label:
        assert earlier is not None
        assert next(stored for stored in after if stored.id == earlier.id).gone
        return
    later = _at(after, label["later"])
    revisions = store.revisions(later.id)
    if earlier is None:
        assert later.id not in {stored.id for stored in before}
        assert len(revisions) == 1
        return
    assert later.id == earlier.id
    assert (len(revisions) == 1) == (label["change"] == "unchanged")
    if label["change"] in ("moved", "postponed", "cancelled"):
        assert later.entry.status is not None
        assert later.entry.status.status == label["change"]
        assert revisions[-1].material
