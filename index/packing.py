"""How are many small numbers written as text that packs well and reads fast?

A data file of the static site is a JavaScript file in ASCII: lists of numbers stand in it as strings over 90
printable characters that need no escaping.  The frequent numbers are the small ones; they take one character,
so that what a web server's gzip makes of a list comes near to its entropy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

ALPHABET = "".join(map(chr, (c for c in range(35, 127) if chr(c) not in "<\\")))
SIZE = len(ALPHABET)
STOPPERS = 60  # digits that end a number; the others say that it goes on
CONTINUERS = SIZE - STOPPERS
_BYTES = np.frombuffer(ALPHABET.encode("ascii"), np.uint8)


def packed(numbers: object) -> str:
    """Whole numbers from 0 on, each as an (s,c)-dense code: below 60 one character, below 1860 two, ...

    >>> packed([0, 1, 59, 60, 61])
    '#$`a#a$'
    """
    left = np.asarray(numbers, np.int64)
    digits = [np.where(left >= 0, left % STOPPERS, -1)]
    left = left // STOPPERS - 1
    while (left >= 0).any():
        digits.append(np.where(left >= 0, STOPPERS + left % CONTINUERS, -1))
        left = np.where(left >= 0, left // CONTINUERS - 1, -1)
    flat = np.stack(digits[::-1], axis=-1).ravel()
    return _text(flat[flat >= 0])


def signed(numbers: object) -> Numbers:
    """Numbers of either sign as numbers from 0 on: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 …"""
    given: Numbers = np.asarray(numbers, np.int64)
    return (2 * given) ^ -(given < 0).astype(np.int64)


def steps(numbers: object) -> Numbers:
    """The differences from one number to the next, the first from 0."""
    made: Numbers = np.diff(np.asarray(numbers, np.int64), prepend=0)  # type: ignore[assignment]
    return made


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sequence of ranks, the frequent ones small, in three streams that pack better than one.

    `heads` has a character for every rank.  The first `singles` ranks are told by it alone; then come
    `pairs` heads that want one more digit of `BASE`, in `seconds`; the others want `depth`, in `rests`.
    """

    singles: int
    pairs: int
    depth: int
    heads: str
    seconds: str
    rests: str


BASE = 64
SINGLES = 40


def ranked(ranks: Numbers, size: int) -> Ranked:
    """The sequence `ranks` of numbers below `size`."""
    depth, tails = 2, 1
    while (pairs := SIZE - SINGLES - tails) * BASE + SINGLES + tails * BASE**depth < size:
        tails += 1
        if tails > SIZE - SINGLES:
            depth, tails = depth + 1, 1
    paired, after = SINGLES, SINGLES + pairs * BASE
    second, rest = ranks[(ranks >= paired) & (ranks < after)] - paired, ranks[ranks >= after] - after
    heads = ranks.copy()
    heads[(ranks >= paired) & (ranks < after)] = SINGLES + second // BASE
    heads[ranks >= after] = SINGLES + pairs + rest // BASE**depth
    places = BASE ** np.arange(depth - 1, -1, -1)
    rests = (rest[:, None] // places % BASE).ravel()
    return Ranked(SINGLES, pairs, depth, _text(heads), _text(second % BASE), _text(rests))


def bucket(rank: Numbers, made: Ranked) -> Numbers:
    """Which ranks cost about the same: within a bucket they may be dealt out in any order."""
    after = made.singles + made.pairs * BASE
    pair = made.singles + (rank - made.singles) // BASE
    return np.where(rank < made.singles, 0, np.where(rank < after, pair, made.singles + made.pairs))


KEPT = " !#$%&'()*+,-./:;=>?@[]^_`{|}~"  # none stands in a word; tells how many letters are kept


def front_coded(words: Iterable[str]) -> str:
    """Words of letters and digits, each as what differs from the one before: letters kept, then the rest.

    >>> front_coded(["domain", "domains", "door"])
    " domain's#or"
    """
    before, made = "", []
    for word in words:
        kept = _shared(before[: len(KEPT) - 1], word)
        made.append(KEPT[kept] + word[kept:])
        before = word
    return "".join(made)


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


def _text(digits: Numbers) -> str:
    return _BYTES[digits].tobytes().decode("ascii")
