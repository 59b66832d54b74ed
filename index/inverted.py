"""Which texts hold which word?  All postings, small enough for a browser, read where they are asked for.

The words of a language stand in alphabetical order of their folded forms, in blocks of `BLOCK` words, each
read without the others: to look a word up, a reader decodes one or two of hundreds.  Code-like tokens stand
among the words as a whole.  Where in a text a word stands is not told: the texts themselves say it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import counted
from index.packing import front_coded, packed
from index.schema import TITLE_BOOST
from index.words import fold

BLOCK = 64  # words
Postings = Sequence[tuple[int, int]]  # (number of a text, weight of the word there), ascending


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


def weights(title: str, text: str) -> Counter[str]:
    """What each word and code-like token of an entry weighs, as the search index has it."""
    made = counted(text)
    for word, count in counted(title).items():
        made[word] += count * round(TITLE_BOOST)
    return made


def inverted(texts: Iterable[Mapping[str, int]]) -> Inverted:
    """The postings of texts of one language, each given by its words and what they weigh (1 or more)."""
    postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, weights in enumerate(texts):
        for word, weight in weights.items():
            postings[word].append((number, weight))
    words = sorted(postings, key=_alphabetical)
    blocks = [words[at : at + BLOCK] for at in range(0, len(words), BLOCK)]
    told = [_postings([postings[word] for word in block]) for block in blocks]
    return Inverted(
        words=tuple(map(front_coded, blocks)),
        counts=tuple(packed([len(postings[word]) - 1 for word in block]) for block in blocks),
        postings=tuple(gaps for gaps, _ in told),
        weights=tuple(weights for _, weights in told),
    )


def _alphabetical(word: str) -> tuple[bytes, bytes]:
    """As JavaScript compares strings, by their UTF-16."""
    return fold(word).encode("utf-16-be"), word.encode("utf-16-be")


def _postings(lists: Iterable[Postings]) -> tuple[str, str]:
    gaps, weights = list[int](), list[int]()
    for postings in lists:
        before = -1
        for number, weight in postings:
            gaps.append(2 * (number - before - 1) + (weight > 1))
            before = number
        weights += [weight - 2 for _, weight in postings if weight > 1]
    return packed(gaps), packed(weights)
