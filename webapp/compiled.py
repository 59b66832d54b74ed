"""Where are templates kept as they are compiled?  Ours beside the program, as Python keeps its modules."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from functools import cache
from pathlib import Path

from webapp.theme import HERE, Theme

CACHE = HERE / "__pycache__"


def folder(theme: Theme, beside: Path) -> Path:
    """The folder for the compiled templates of a theme; it is there, others of its kind are removed.

    Those of a theme, or ours where nothing may be written beside the program, lie `beside` the site.
    """
    shared = theme.templates is None and not sys.dont_write_bytecode and os.access(HERE, os.W_OK)
    place = CACHE if shared else beside
    made = place / f"templates-{theme.digest()}-{program()}"
    for other in place.glob("templates-*"):
        if other != made:
            shutil.rmtree(other, ignore_errors=True)
    made.mkdir(parents=True, exist_ok=True)
    return made


@cache
def program() -> str:
    """It changes with the program."""
    made = hashlib.blake2b(digest_size=8)
    for package in ("ingest", "index", "webapp"):
        for path in sorted((HERE.parent / package).rglob("*.py")):
            made.update(path.read_bytes())
    return made.hexdigest()
