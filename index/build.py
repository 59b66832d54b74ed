"""How does the index come to show what the store holds?  Incrementally, or aside and swapped in.

    report = update(store, data_dir / "index")     # after every ingest; cheap when nothing changed
    report = rebuild(store, data_dir / "index")    # from nothing

An index that is missing, torn, of another schema or of another store is rebuilt by `update`, with a note.
Both raise SearchIndexError, in one line, where another process is writing or the folder cannot be written.
"""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator
from concurrent import futures  # which imports what makes processes when it is asked for
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import IndexError as WhooshIndexError
from whoosh.index import LockError, create_in, open_dir
from whoosh.util.filelock import try_for

from index import arrays, manifest
from index.arrays import Ints, Segment
from index.manifest import ARRAYS, LOCK, Manifest
from index.schema import ID, SCHEMA_VERSION, document, schema
from index.store import BUSY_SECONDS, Store
from ingest.errors import SearchIndexError

BULK = 5_000  # entries from which on all cores build
# What Whoosh and numpy are known to raise over files that are torn, zeroed or gone.
DAMAGE = (
    *(WhooshIndexError, OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, IndexError),
    *(struct.error, pickle.UnpicklingError, zlib.error, AssertionError, MemoryError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many entries were written; `notes` say why an index had to be rebuilt."""

    indexed: int = 0
    rebuilt: bool = False
    notes: tuple[str, ...] = ()


def update(store: Store, index_dir: Path) -> BuildReport:
    """Bring the index up to the store's generation; another writer is waited for."""
    with _writing(index_dir, BUSY_SECONDS), store.at_one_moment():
        found = manifest.read(index_dir)
        why = _why_rebuild(found, index_dir)
        if found is None or why:
            return _rebuild(store, index_dir, why)
        if found.generation == store.generation and found.fingerprint == fingerprint(store.order()):
            return BuildReport()
        try:
            return _increment(store, index_dir, found)
        except DAMAGE as error:
            _raise_if_disk(error, index_dir)
            return _rebuild(store, index_dir, "the index was damaged")


def rebuild(store: Store, index_dir: Path) -> BuildReport:
    """Build the index anew beside the one in force, then swap."""
    with _writing(index_dir), store.at_one_moment():
        return _rebuild(store, index_dir, "")


def repair(store: Store, index_dir: Path) -> BuildReport:
    """Build anew what a reader could not open, unless it has been mended meanwhile."""
    with _writing(index_dir), store.at_one_moment():
        found = manifest.read(index_dir)
        if found and found.schema == SCHEMA_VERSION and _is_whole(found, index_dir):
            return BuildReport()
        unknown = "the index was damaged" if found else "there was no index"
        return _rebuild(store, index_dir, _why_rebuild(found, index_dir) or unknown)


def _is_whole(found: Manifest, index_dir: Path) -> bool:
    try:
        manifest.read_order(index_dir, found)
        for name in found.segments:
            arrays.load(index_dir / ARRAYS, name)
    except DAMAGE:
        return False
    return True


def fingerprint(order: Iterable[tuple[str, str | None]]) -> str:
    """Tells one store's listing from another's."""
    return blake2b("\n".join(f"{one} {day}" for one, day in order).encode(), digest_size=16).hexdigest()


def _why_rebuild(found: Manifest | None, index_dir: Path) -> str:
    if found is None:
        torn = (index_dir / manifest.CURRENT).exists() or (index_dir / ARRAYS).exists()
        return "the index was damaged" if torn else ""
    if found.schema != SCHEMA_VERSION:
        return "the index was made by another version"
    return "" if (index_dir / found.folder).is_dir() else "a part of the index was missing"


@contextmanager
def _writing(index_dir: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of the one writer, waiting so many seconds for it; errors of the disk in one line."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(index_dir)).lock(LOCK)
        if not try_for(lock.acquire, wait):
            raise SearchIndexError(
                "another process is updating the search index", str(index_dir), "try again when it is done"
            )
    except OSError as error:
        raise _unwritable(error, index_dir) from error
    try:
        yield
    except OSError as error:
        raise _unwritable(error, index_dir) from error
    finally:
        lock.release()


def _unwritable(error: OSError, index_dir: Path) -> SearchIndexError:
    said = error.strerror or str(error)
    return SearchIndexError(f"the search index cannot be written ({said})", str(index_dir))


def _raise_if_disk(error: Exception, index_dir: Path) -> None:
    """A full or read-only disk is not damage: building anew would only fail again."""
    if isinstance(error, OSError) and error.errno in _DISK:
        raise _unwritable(error, index_dir) from error


_DISK = frozenset({errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT})


def _increment(store: Store, index_dir: Path, found: Manifest) -> BuildReport:
    index = open_dir(str(index_dir / found.folder), schema=schema())
    generation, indexed = store.generation, 0
    with _writer(index, index_dir) as writer:
        for stored in store.changed_since(found.generation):
            writer.update_document(**document(stored))
            indexed += 1
    _publish(store, index_dir, index, found.folder, found.number + 1, generation)
    return BuildReport(indexed)


def _rebuild(store: Store, index_dir: Path, why: str) -> BuildReport:
    found = manifest.read(index_dir)
    number = found.number + 1 if found else 1 + max(_numbers(index_dir), default=0)
    folder = f"whoosh-{number}"
    generation = store.generation
    cores = _cores() if len(store) >= BULK else 1
    try:
        index, indexed = _written(store, index_dir, folder, cores)
        _publish(store, index_dir, index, folder, number, generation)
    except (ValueError, futures.BrokenExecutor):
        if cores == 1:
            raise
        index, indexed = _written(store, index_dir, folder, 1)  # another process of ours was killed
        _publish(store, index_dir, index, folder, number, generation)
    notes = (f"{why}; it was built from the store ({indexed} entries)",) if why else ()
    return BuildReport(indexed, rebuilt=True, notes=notes)


def _cores() -> int:
    """How many processes may work at once; a process with several threads cannot safely be forked."""
    if threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _written(store: Store, index_dir: Path, folder: str, cores: int) -> tuple[Any, int]:
    """A new Whoosh index of everything in the store, and of how many entries."""
    shutil.rmtree(index_dir / folder, ignore_errors=True)
    (index_dir / folder).mkdir()
    index = create_in(str(index_dir / folder), schema())
    indexed = 0
    bulk = {"procs": cores, "multisegment": True, "limitmb": 128} if cores > 1 else {}
    with _writer(index, index_dir, **bulk) as writer:
        for stored in store.all():
            writer.add_document(**document(stored))
            indexed += 1
    if cores > 1:
        with futures.ProcessPoolExecutor(cores) as pool:
            list(pool.map(partial(_decode, index_dir, folder), range(cores)))
    return index, indexed


def _decode(index_dir: Path, folder: str, number: int) -> None:
    """Write the arrays of the segment of that number, if there is one."""
    with closing(open_dir(str(index_dir / folder), schema=schema()).reader()) as reader:
        for leaf, _ in reader.leaf_readers()[number : number + 1]:
            _segment(leaf, index_dir / ARRAYS)


def _numbers(index_dir: Path) -> Iterator[int]:
    for path in index_dir.glob("whoosh-*"):
        if path.name[7:].isdigit():
            yield int(path.name[7:])


def _writer(index: Any, index_dir: Path, **options: Any) -> Any:
    """Whoosh's writer.  Segments stay several files: a compound one is copied into memory by each reader."""
    try:
        return index.writer(compound=False, **options)
    except LockError as error:
        raise SearchIndexError(
            "another process is updating the search index", str(index_dir), "try again when it is done"
        ) from error


def decoded(store: Store, index_dir: Path) -> tuple[list[Segment], Ints]:
    """Segments and order straight from the newest Whoosh index, nothing written; entries that it lacks
    are left out.  Raises one of DAMAGE where it cannot be read either."""
    newest = max(_numbers(index_dir))
    with closing(open_dir(str(index_dir / f"whoosh-{newest}"), schema=schema()).reader()) as reader:
        segments = [arrays.decode(leaf, str(n)) for n, (leaf, _) in enumerate(reader.leaf_readers())]
        live = _live(reader)
    ids = np.concatenate([ids_of(segment) for segment in segments])
    number_of = {ids[n]: n for n in live}
    listing = (number_of[one] for one, _ in store.order() if one in number_of)
    return segments, np.array(list(listing), np.int32)


def _live(reader: Any) -> list[int]:
    """The numbers of the documents that are not deleted; most segments have no deleted ones."""
    live: list[int] = []
    for leaf, first in reader.leaf_readers():
        numbers = range(leaf.doc_count_all())
        kept = (n for n in numbers if not leaf.is_deleted(n)) if leaf.has_deletions() else numbers
        live.extend(first + n for n in kept)
    return live


def _publish(store: Store, index_dir: Path, index: Any, folder: str, number: int, generation: int) -> None:
    """Write arrays, order and manifest for what Whoosh has committed; then sweep what is not named."""
    with closing(index.reader()) as reader:
        segments = [_segment(leaf, index_dir / ARRAYS) for leaf, _ in reader.leaf_readers()]
        live = _live(reader)
    listing = store.order()
    order = _order(segments, live, [one for one, _ in listing])
    made = Manifest(
        schema=SCHEMA_VERSION,
        number=number,
        folder=folder,
        generation=generation,
        fingerprint=fingerprint(listing),
        segments=tuple(segment.name for segment in segments),
        order=manifest.write_order(index_dir, number, order),
        documents=len(order),
    )
    manifest.write(index_dir, made)
    _sweep(index_dir, made)


def _segment(leaf: Any, folder: Path) -> Segment:
    """The arrays of a segment: mapped where they are there and whole, else decoded and written."""
    name = str(leaf.segment().segment_id()) if leaf.doc_count_all() else "empty"
    try:
        return arrays.load(folder, name)
    except DAMAGE:
        made = arrays.decode(leaf, name)
        arrays.save(made, folder)
        return made


def _order(segments: list[Segment], live: list[int], listing: list[str]) -> Ints:
    """Document numbers in the order of the listing; KeyError where the index lacks an entry."""
    ids = np.concatenate([ids_of(segment) for segment in segments]) if segments else np.zeros(0, object)
    number_of = {ids[n]: n for n in live}
    if len(number_of) != len(listing):
        raise ValueError("index and store hold different entries")
    return np.array([number_of[one] for one in listing], np.int32)


def ids_of(segment: Segment) -> Any:
    """The entry id of each document of a segment, as an array of str."""
    ids = np.full(len(segment), "", object)
    first, last = segment.field_rows.get(ID, (0, 0))
    amounts = np.diff(segment.post_at[first : last + 1])
    docs = segment.docs[segment.post_at[first] : segment.post_at[last]]
    ids[docs] = np.repeat(np.array(segment.between(first, last), object), amounts)
    return ids


def _sweep(index_dir: Path, kept: Manifest) -> None:
    """Remove what no manifest names any more; mapped files live on for those who mapped them."""
    keep = {kept.folder, kept.order, ARRAYS, LOCK, manifest.CURRENT}
    for path in index_dir.iterdir():
        if path.name not in keep:
            _remove(path)
    for path in (index_dir / ARRAYS).iterdir():
        if path.name not in kept.segments:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
