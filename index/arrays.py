"""What do a Whoosh segment's postings look like as arrays?  Decoded once, written beside the index, mapped.

A segment never changes once written, so neither do its arrays; deletions are kept elsewhere (the manifest's
order lists the live documents).  Layout, for n terms sorted by (field, term), p postings, d documents:

    term_bytes  uint8            the terms' bytes, one after another
    term_at     int64 (n + 1)    where each term's bytes begin
    post_at     int64 (n + 1)    where each term's postings begin
    docs        int32 (p)        document numbers, ascending within a term
    weights     float32 (t)      of postings of the text field: how often, titles counting more
    place_at    int64 (t + 1)    where the places of each of those postings begin
    places      uint32           of each occurrence: the document's base + position in it
    lengths     float32 (d)      length of the text field as Whoosh keeps it (rounded to a byte)
    bases       uint32 (d + 1)   first place of each document
"""

from __future__ import annotations

import json
import os
import shutil
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.reading import IndexReader

from index.schema import GAP, TEXT

_READING = Lock()
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Places = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

LAYOUT = 1


@dataclass(frozen=True)
class Segment:
    """The arrays of one segment.

    `field_rows` are the rows [first, last) of each field's terms; `total` the text field's exact length.
    """

    name: str
    field_rows: dict[str, tuple[int, int]]
    total: int
    term_bytes: Bytes
    term_at: Longs
    post_at: Longs
    docs: Ints
    weights: Floats
    place_at: Longs
    places: Places
    lengths: Floats
    bases: Places
    _terms: memoryview = field(init=False, repr=False, compare=False)
    _term_at: memoryview = field(init=False, repr=False, compare=False)  # quicker than an array for one

    def __post_init__(self) -> None:
        object.__setattr__(self, "_terms", self.term_bytes.data)
        object.__setattr__(self, "_term_at", self.term_at.data)

    def __len__(self) -> int:
        return len(self.lengths)

    def term(self, row: int) -> bytes:
        return bytes(self._terms[self._term_at[row] : self._term_at[row + 1]])

    def between(self, first: int, last: int) -> list[str]:
        """The terms of rows [first, last), all at once."""
        edges = self.term_at[first : last + 1].tolist()
        block = bytes(self._terms[edges[0] : edges[-1]]) if edges else b""
        return [block[low - edges[0] : high - edges[0]].decode() for low, high in pairwise(edges)]

    def row(self, field_name: str, term: bytes) -> int | None:
        """The row of a term, or None."""
        _, last = self.field_rows.get(field_name, (0, 0))
        row = self.first_row(field_name, term)
        return row if row < last and self.term(row) == term else None

    def first_row(self, field_name: str, term: bytes) -> int:
        """The row of the first term of the field that is not before `term`."""
        low, high = self.field_rows.get(field_name, (0, 0))
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def documents(self, row: int) -> Ints:
        return self.docs[self.post_at[row] : self.post_at[row + 1]]


def decode(reader: IndexReader, name: str) -> Segment:
    """The arrays of a single Whoosh segment, read through its reader."""
    return _Decoder(reader).segment(name)


class _Decoder:
    """Gathers everything flat: a segment has tens of thousands of terms, most of them with one posting."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self.field_rows: dict[str, tuple[int, int]] = {}
        self.terms: list[bytes] = []
        self.sizes: list[int] = []  # postings of each term
        self.docs, self.weights = array("i"), array("f")
        self.counts, self.positions = array("q"), bytearray()  # bytes of each posting's positions, and these

    def segment(self, name: str) -> Segment:
        for field_name in sorted(self.reader.indexed_field_names(), key=lambda one: (one != TEXT, one)):
            self._read_field(field_name)  # the text first: its postings have the first numbers
        docs, positions = np.array(self.docs, np.int32), np.frombuffer(bytes(self.positions), np.uint32)
        counts = np.array(self.counts, np.int64) // 4
        owners = np.repeat(docs[: len(counts)], counts)
        bases = self._bases(owners, positions)
        return Segment(
            name=name,
            field_rows=self.field_rows,
            total=int(self.reader.field_length(TEXT)),
            term_bytes=np.frombuffer(b"".join(self.terms), np.uint8),
            term_at=_offsets([len(term) for term in self.terms]),
            post_at=_offsets(self.sizes),
            docs=docs,
            weights=np.array(self.weights, np.float32),
            place_at=_offsets(counts),
            places=positions + bases[owners],
            lengths=self._lengths(),
            bases=bases,
        )

    def _read_field(self, field_name: str) -> None:
        first = len(self.terms)
        for term in self.reader.lexicon(field_name):
            before = len(self.docs)
            for docs, weights, values in _blocks(self.reader.postings(field_name, term)):
                self.docs.extend(docs)
                if field_name == TEXT:
                    self.weights.extend(weights)
                    self.counts.extend(map(len, values))
                    self.positions += b"".join(values)
            self.terms.append(bytes(term))
            self.sizes.append(len(self.docs) - before)
        self.field_rows[field_name] = (first, len(self.terms))

    def _lengths(self) -> Floats:
        length = self.reader.doc_field_length
        return np.array([length(n, TEXT) for n in range(self.reader.doc_count_all())], np.float32)

    def _bases(self, owners: Ints, positions: Places) -> Places:
        """Where each document's places begin: after the last place of the one before, and a gap."""
        last = np.zeros(self.reader.doc_count_all(), np.int64)
        np.maximum.at(last, owners, positions)
        return _offsets(last + GAP).astype(np.uint32)


def _blocks(matcher: Any) -> Iterator[tuple[Any, Any, Any]]:
    """(documents, weights, values) of a term, a block at a time where the codec's matcher has blocks."""
    if not hasattr(matcher, "_next_block"):
        yield _one_by_one(matcher)
        return
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        matcher._read_values()
        yield matcher._ids, matcher._weights, matcher._values
        matcher._next_block()


def _one_by_one(matcher: Any) -> tuple[list[int], list[float], list[bytes]]:
    ids, weights, values = [], [], []
    while matcher.is_active():
        ids.append(matcher.id())
        weights.append(matcher.weight())
        values.append(matcher.value())
        matcher.next()
    return ids, weights, values


def _offsets(sizes: Any) -> Longs:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


# -- on disk -------------------------------------------------------------------------------------------

_ARRAYS = tuple(
    one.name for one in fields(Segment) if one.init and one.name not in ("name", "field_rows", "total")
)


def save(segment: Segment, folder: Path) -> None:
    """Write the arrays to `folder`/<name>, whole or not at all."""
    place, making = folder / segment.name, folder / f"{segment.name}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(making / f"{name}.npy", getattr(segment, name))
    sizes = {name: len(getattr(segment, name)) for name in _ARRAYS}
    about = {"layout": LAYOUT, "fields": segment.field_rows, "total": segment.total, "sizes": sizes}
    (making / "about.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    os.replace(making, place)


def load(folder: Path, name: str) -> Segment:
    """Map a segment's arrays; ValueError, KeyError or OSError where they are missing or torn."""
    place = folder / name
    about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    if about["layout"] != LAYOUT:
        raise ValueError(f"arrays of layout {about['layout']}")
    arrays = {one: _mapped(place / f"{one}.npy", about["sizes"][one]) for one in _ARRAYS}
    rows = {field_name: (first, last) for field_name, (first, last) in about["fields"].items()}
    return Segment(name=name, field_rows=rows, total=about["total"], **arrays)


def read_array(path: Path, mapped: bool = False) -> Any:
    """An array from its file, mapped or read whole; ValueError or OSError where it is torn or missing.

    One thread at a time: numpy reads the header with `ast.literal_eval`, which fails now and then with a
    SystemError when two threads of CPython 3.11 are in it.
    """
    with _READING:
        return np.load(path, mmap_mode="r" if mapped else None)


def _mapped(path: Path, size: int) -> Any:
    """A plain read-only array over the file: `memmap` objects cost time at every slice."""
    array = np.asarray(read_array(path, mapped=True)) if size else read_array(path)
    if len(array) != size:
        raise ValueError(f"{path.name} is torn")
    return array
