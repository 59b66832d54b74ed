"""Which index is in force?  One small file, replaced as a whole, names everything a reader may open.

    index/CURRENT               this manifest, JSON
    index/<folder>/             the Whoosh index
    index/arrays/<segment>/     arrays of each segment
    index/order-<n>.npy         live document numbers, newest first
    index/LOCK                  held by the one writer

Everything that a manifest names is written before it and never changed after: readers see all of a commit
or nothing of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from index.arrays import Ints, read_array

CURRENT, ARRAYS, LOCK = "CURRENT", "arrays", "LOCK"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`generation` and `fingerprint` are the store's that the index shows; `number` grows by one a commit."""

    schema: int
    number: int
    folder: str
    generation: int
    fingerprint: str
    segments: tuple[str, ...]
    order: str
    documents: int


def read(index_dir: Path) -> Manifest | None:
    """The manifest in force; None where there is none that can be read."""
    try:
        return msgspec.json.decode((index_dir / CURRENT).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def stamp(index_dir: Path) -> tuple[int, int] | None:
    """Changes whenever another manifest is put in force; cheap to ask for."""
    try:
        found = os.stat(index_dir / CURRENT)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def write(index_dir: Path, manifest: Manifest) -> None:
    """Put a manifest in force."""
    making = index_dir / f"{CURRENT}.making"
    with making.open("wb") as file:
        file.write(msgspec.json.encode(manifest))
        file.flush()
        os.fsync(file.fileno())
    os.replace(making, index_dir / CURRENT)


def write_order(index_dir: Path, number: int, order: Ints) -> str:
    name = f"order-{number}.npy"
    np.save(index_dir / name, order)
    return name


def read_order(index_dir: Path, manifest: Manifest) -> Ints:
    """Live document numbers, newest first; ValueError or OSError where the file is torn or missing."""
    order: Ints = read_array(index_dir / manifest.order)
    if len(order) != manifest.documents:
        raise ValueError(f"{manifest.order} is torn")
    return order
