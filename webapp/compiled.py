"""Where are templates kept as they are compiled?  Ours beside the program, as Python keeps its modules."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import time

from webapp.theme import HERE, Theme

CACHE = HERE / "__pycache__"
LASTS = 7 * 86_400  # seconds that what another program has left beside ours may still be of use to it


def folder(theme: Theme, beside: Path) -> Path:
    """The folder for the compiled templates of a theme, which is there then; what is of no use is removed.

    Those of a theme, or ours where nothing can be written beside the program, lie `beside` the site.
    """
    name = f"templates-{theme.spoken()}-{program()}"
    shared = theme.templates is None and not sys.dont_write_bytecode and _writable(CACHE / name)
    made = (CACHE if shared else beside) / name
    if shared:
        _sweep(CACHE, made, LASTS)
    else:
        made.mkdir(parents=True, exist_ok=True)
    _sweep(beside, made)
    return made


def _writable(place: Path) -> bool:
    with suppress(OSError):
        place.mkdir(exist_ok=True, parents=True)
    return place.is_dir() and os.access(place, os.W_OK)


def _sweep(place: Path, kept: Path, age: float = 0.0) -> None:
    """Remove what is as old as that, but for what is kept."""
    for other in place.glob("templates-*"):
        with suppress(OSError):
            if other != kept and time() - other.stat().st_mtime >= age:
                shutil.rmtree(other, ignore_errors=True)


@cache
def program() -> str:
    """It changes with the program."""
    made = hashlib.blake2b(digest_size=8)
    for package in ("ingest", "index", "webapp"):
        for path in sorted((HERE.parent / package).rglob("*.py")):
            made.update(path.read_bytes())
    return made.hexdigest()
