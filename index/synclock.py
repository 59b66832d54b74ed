"""Who may follow the sources of a data folder now?  One process at a time.

A process that ends, however suddenly, lets go of the lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileStorage

from ingest.errors import StoreError

FILE = "sync.lock"


class BusyError(StoreError):
    """Another process follows the sources now."""


@contextmanager
def syncing(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock.  Raises StoreError where another process holds it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(data_dir)).lock(FILE)
        free = lock.acquire()
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror})", str(data_dir), "check it") from error
    if not free:
        raise BusyError("another sync of this folder is running", str(data_dir), "try again when it is done")
    try:
        yield
    finally:
        lock.release()
