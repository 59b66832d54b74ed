"""How are many small numbers written as text that packs well and reads fast?

A data file of the static site is a JavaScript file in ASCII: lists of numbers stand in it as strings over 90
printable characters that need no escaping.  The frequent numbers are the small ones; they take one character,
so that what a web server's gzip makes of a list comes near to its entropy.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

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
    digits = _digits(numbers)
    return _text(digits[digits >= 0])


def packed_parts(numbers: object, bounds: object) -> tuple[str, ...]:
    """The numbers between each two bounds, packed: quick for thousands of parts.

    >>> packed_parts([0, 59, 60, 61], [0, 2, 4])
    ('#`', 'a#a$')
    """
    digits = _digits(numbers)
    ends = np.concatenate([[0], np.cumsum((digits >= 0).sum(axis=-1))])[np.asarray(bounds, np.int64)]
    text = _text(digits[digits >= 0])
    return tuple([text[low:high] for low, high in pairwise(ends.tolist())])


def _digits(numbers: object) -> Numbers:
    """Those of each number in a row of its own, -1 where it has fewer than others."""
    left = np.asarray(numbers, np.int64)
    digits = [np.where(left >= 0, left % STOPPERS, -1)]
    left = left // STOPPERS - 1
    while (left >= 0).any():
        digits.append(np.where(left >= 0, STOPPERS + left % CONTINUERS, -1))
        left = np.where(left >= 0, left // CONTINUERS - 1, -1)
    return np.stack(digits[::-1], axis=-1)


def signed(numbers: object) -> Numbers:
    """Numbers of either sign as numbers from 0 on: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 …"""
    given: Numbers = np.asarray(numbers, np.int64)
    return (2 * given) ^ -(given < 0).astype(np.int64)


def steps(numbers: object) -> Numbers:
    """The differences from one number to the next, the first from 0."""
    made: Numbers = np.diff(np.asarray(numbers, np.int64), prepend=0)  # type: ignore[assignment]
    return made


def front_coded(words: Iterable[str]) -> str:
    """Words without blanks, each as how many letters of the one before are kept, the rest, and a blank.

    >>> front_coded(["domain", "domains", "door"])
    '#domain )s %or '
    """
    before, made = "", []
    for word in words:
        kept = _shared(before[: SIZE - 1], word)
        made.append(f"{ALPHABET[kept]}{word[kept:]} ")
        before = word
    return "".join(made)


def _shared(one: str, other: str) -> int:
    """How many letters both begin with, of those that JavaScript counts as one."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right or left > "\uffff":
            return at
    return min(len(one), len(other))


def _text(digits: Numbers) -> str:
    return _BYTES[digits].tobytes().decode("ascii")
