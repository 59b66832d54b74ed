"""Which texts hold which word?  All postings, small enough for a browser, read where they are asked for.

The words of a language stand in alphabetical order of their folded forms, in blocks of `BLOCK` words, each
read without the others: to look a word up, a reader decodes one or two of hundreds.  Code-like tokens stand
among the words as a whole.  Where in a text a word stands is not told: the texts themselves say it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from index.analysis import counted
from index.packing import Numbers, front_coded, packed
from index.schema import TITLE_BOOST
from index.words import fold

BLOCK = 64  # words


@dataclass(frozen=True, slots=True)
class Inverted:
    """The postings of texts numbered from 0 on; each field has a string for each block.

    `words` are front-coded; `counts` are in how many texts each stands, less one.  `postings` are, one word
    after another, twice the number of texts that lie between one posting and the next, and one more where the
    word weighs more than 1; these weights, less two, are the `weights`.
    """

    words: tuple[str, ...]
    counts: tuple[str, ...]
    postings: tuple[str, ...]
    weights: tuple[str, ...]


def weights(title: str, text: str) -> dict[str, int]:
    """What each word and code-like token of an entry weighs, as the search index has it."""
    made = counted(text)
    for word, count in counted(title).items():
        made[word] = made.get(word, 0) + count * round(TITLE_BOOST)
    return made


def inverted(texts: Iterable[Mapping[str, int]]) -> Inverted:
    """The postings of texts of one language, each given by its words and what they weigh (1 or more)."""
    postings: defaultdict[str, list[int]] = defaultdict(list)  # twice a text's number, and 1 where heavy
    heavy: defaultdict[str, list[int]] = defaultdict(list)
    for number, weights in enumerate(texts):
        for word, weight in weights.items():
            postings[word].append(2 * number + (weight > 1))
            if weight > 1:
                heavy[word].append(weight - 2)
    words = sorted(postings, key=_alphabetical)
    blocks = [words[at : at + BLOCK] for at in range(0, len(words), BLOCK)]
    return Inverted(
        words=tuple(map(front_coded, blocks)),
        counts=tuple(packed([len(postings[word]) - 1 for word in block]) for block in blocks),
        postings=tuple(packed(_gaps([postings[word] for word in block])) for block in blocks),
        weights=tuple(
            packed([*chain.from_iterable(heavy.get(word, ()) for word in block)]) for block in blocks
        ),
    )


def _alphabetical(word: str) -> tuple[bytes, bytes]:
    """As JavaScript compares strings, by their UTF-16."""
    return fold(word).encode("utf-16-be"), word.encode("utf-16-be")


def _gaps(lists: Sequence[Sequence[int]]) -> Numbers:
    """What lies between each number of a list and the one before it; the last bit of each stays."""
    flat = np.fromiter(chain.from_iterable(lists), np.int64)
    before = np.roll(flat >> 1, 1)
    before[np.cumsum([0, *map(len, lists[:-1])])] = -1
    made: Numbers = 2 * ((flat >> 1) - before - 1) + (flat & 1)
    return made
