"""How is a listing cut into pages that stay what they are?  Pages counted from the oldest entry.

The front of a listing shows its newest entries, at least a page full of them; the pages behind it are
numbered from the oldest on, so that a new entry changes the front and leaves all the others as they are.
They say nothing that changes with every entry: no total, no counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FRONT = 0  # the number of the front


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a listing: entries `first` to `last`, counted from the newest, `last` not included."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ways from a page to others; a number, FRONT, or None where there is no such page."""

    number: int
    newer: int | None
    older: int | None
    shown: tuple[int | None, ...]


def parts(total: int, size: int) -> list[Part]:
    """The pages of `total` entries, the front first: it shows `size` to 2 × `size` - 1 of them."""
    behind = archived(total, size)
    front = Part(FRONT, 0, total - behind * size)
    return [front, *(part(total, size, number) for number in range(behind, 0, -1))]


def part(total: int, size: int, number: int) -> Part:
    """One of the pages behind the front."""
    return Part(number, total - number * size, total - (number - 1) * size)


def archived(total: int, size: int) -> int:
    """How many pages lie behind the front."""
    return max(0, total // size - 1)


def holding(total: int, size: int, place: int) -> int:
    """The number of the page that holds the entry at a place, counted from the newest.

    >>> [holding(7, 3, place) for place in range(7)]
    [0, 0, 0, 0, 1, 1, 1]
    """
    number = (total - place - 1) // size + 1
    return number if number <= archived(total, size) else FRONT


def neighbours(number: int, behind: int) -> Neighbours:
    """The ways from page `number` where `behind` pages lie behind the front: newest on the left."""
    at = number or behind + 1
    return Neighbours(
        number=number,
        newer=None if number == FRONT else number + 1 if number < behind else FRONT,
        older=at - 1 if at > 1 else None,
        shown=tuple(_shown(number, at, behind)),
    )


def _shown(number: int, at: int, behind: int) -> Iterator[int | None]:
    """The front, the nearest two on each side, the oldest; None for a gap."""
    near = [n for n in range(at + 2, at - 3, -1) if 1 <= n <= behind]
    yield FRONT
    if number and at + 2 < behind:
        yield None
    yield from near
    oldest = near[-1] if near else behind + 1
    if oldest > 2:
        yield None
    if oldest > 1:
        yield 1
