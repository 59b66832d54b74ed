"""Pins the parser's figures on the labelled documents: `python tests/ingest/pin.py`.

The mean of every figure over a folder is written to quality.toml, where test_quality.py reads it.  A pin
never falls: where a figure is lower now than it is pinned, nothing is written and the command fails.  Only
a folder whose documents have changed is measured anew.
"""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
from math import floor
from pathlib import Path
from statistics import fmean

from labelled import OUTSIDE, folders, labelled, parsed_json
from scoring import figures

PINS = Path(__file__).with_name("quality.toml")
HEAD = (
    "# Mean of each figure over a folder's labelled documents, cut to four digits.\n"
    "# Written by: python tests/ingest/pin.py\n"
)
Pins = dict[str, dict[str, float]]


def pinned() -> tuple[dict[str, list[str]], Pins]:
    """The documents of each folder and its figures, as they are pinned."""
    tables = tomllib.loads(PINS.read_text(encoding="utf-8")) if PINS.exists() else {}
    documents = {name: list(table.pop("documents")) for name, table in tables.items()}
    return documents, tables


def documents_of(folder: str) -> list[str]:
    return [document.document.name for document in labelled(folder)]


def measured(folder: str) -> dict[str, float]:
    """The mean of each figure over the folder's documents that give occasion for it, cut to four digits."""
    found: dict[str, list[float]] = defaultdict(list)
    for document in labelled(folder):
        for name, figure in figures(document.entries, parsed_json(document.document)).items():
            found[name].append(figure)
    return {name: floor(fmean(values) * 10_000 + 1e-6) / 10_000 for name, values in found.items()}


def fallen(now: dict[str, float], pins: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that are lower than pinned: name → (pinned, now)."""
    return {name: (pin, now.get(name, 0.0)) for name, pin in pins.items() if now.get(name, 0.0) < pin}


def table(folder: str, figures: dict[str, float], documents: list[str]) -> str:
    names = "".join(f'  "{name}",\n' for name in documents)
    lines = "".join(f"{name} = {figure:.4f}\n" for name, figure in figures.items())
    return f'\n["{folder}"]\ndocuments = [\n{names}]\n{lines}'


def main() -> int:
    documents, pins = pinned()
    absent = {folder for folder in pins if folder in OUTSIDE and folder not in folders()}
    tables = dict.fromkeys(sorted({*absent, *folders()}), "")
    for folder in tables:
        if folder in absent:
            tables[folder] = table(folder, pins[folder], documents[folder])
            continue
        now = measured(folder)
        if documents.get(folder) == documents_of(folder) and (lower := fallen(now, pins[folder])):
            print(f"{folder}: lower than pinned, nothing written: {lower}", file=sys.stderr)
            return 1
        tables[folder] = table(folder, now, documents_of(folder))
    PINS.write_text(HEAD + "".join(tables.values()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
