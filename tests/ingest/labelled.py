"""Which documents have hand labels, and what does the parser make of each?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.contract import as_json
from ingest.lexicon import load
from ingest.model import ParseResult
from ingest.pipeline import parse
from ingest.readers import read

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
LABELS = ".gold.json"
DOCUMENT_ENDINGS = {".txt", ".html", ".md", ".rss", ".atom", ".xml"}
NOT_DOCUMENTS = {"README.md"}
OUTSIDE = {"shared/seed": SHARED / "seed", "shared/variants": SHARED / "variants"}


@dataclass(frozen=True)
class Labelled:
    """A document with its labels; `folder` is the name that its figures are pinned under."""

    folder: str
    document: Path
    labels: Path

    @property
    def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.labels.read_text(encoding="utf-8"))["entries"]
        return found


def folders() -> dict[str, Path]:
    """Every folder of labelled documents that is present, by the name its figures are pinned under."""
    own = [ROOT / "corpus", *sorted(p for p in (ROOT / "tests" / "documents").iterdir() if p.is_dir())]
    inside = {folder.relative_to(ROOT).as_posix(): folder for folder in own}
    return inside | {name: folder for name, folder in OUTSIDE.items() if folder.is_dir()}


def documents_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix in DOCUMENT_ENDINGS and p.name not in NOT_DOCUMENTS)


def labels_in(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{LABELS}"))


def labels_of(document: Path) -> Path:
    return document.with_name(document.stem + LABELS)


def labelled(name: str) -> list[Labelled]:
    """The labelled documents of a folder; those without labels are left to the test that misses them."""
    folder = folders()[name]
    return [Labelled(name, d, labels_of(d)) for d in documents_in(folder) if labels_of(d).exists()]


def every_labelled() -> list[Labelled]:
    return [document for name in folders() for document in labelled(name)]


@cache
def parsed(document: Path) -> ParseResult:
    """The parse of a document, made once."""
    return parse(read(document.read_bytes(), document.name), load())


def parsed_json(document: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = as_json(parsed(document))["entries"]
    return entries
