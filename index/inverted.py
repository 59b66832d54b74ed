"""Which texts hold which word?  All postings, small enough for a browser, read where they are asked for.

The words of a language stand in alphabetical order of their folded forms, in blocks of `BLOCK` words, each
read without the others: to look a word up, a reader decodes one or two of hundreds.  Code-like tokens stand
among the words as a whole.  Where in a text a word stands is not told: the texts themselves say it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import numpy as np

from index.analysis import said
from index.packing import Numbers, front_coded, packed_parts
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


@dataclass(frozen=True, slots=True)
class Weighed:
    """What each word weighs in each text: rows of a word, by its number in `words`, and a text's number.

    As often as a row is there, so much does the word weigh.
    """

    words: Sequence[str]
    rows: Numbers
    texts: Numbers


def weighed(entries: Iterable[tuple[str, str]]) -> Weighed:
    """The words and code-like tokens of entries, given by title and text, weighing what they do in the search
    index.  What stands between blanks is looked into once, however often it comes."""
    runs: defaultdict[str, int] = defaultdict(count().__next__)
    rows, sizes = array("q"), array("q")
    for title, text in entries:
        before = len(rows)
        rows.extend(map(runs.__getitem__, text.split()))
        rows.extend(map(runs.__getitem__, title.split() * round(TITLE_BOOST)))
        sizes.append(len(rows) - before)
    texts = np.repeat(np.arange(len(sizes)), np.frombuffer(sizes, np.int64))
    return _in_words(list(runs), np.frombuffer(rows, np.int64), texts)


def _in_words(runs: Sequence[str], rows: Numbers, texts: Numbers) -> Weighed:
    """Each row of a run as a row of each of its words."""
    words: defaultdict[str, int] = defaultdict(count().__next__)
    each = [[words[word] for word in said(run)] for run in runs]
    flat, sizes = np.fromiter(chain.from_iterable(each), np.int64), np.fromiter(map(len, each), np.int64)
    firsts, many = np.cumsum(sizes) - sizes, sizes[rows]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return Weighed(list(words), flat[np.repeat(firsts[rows], many) + within], np.repeat(texts, many))


def inverted(given: Weighed) -> Inverted:
    """The postings of texts of one language."""
    number = {word: at for at, word in enumerate(given.words)}
    words = sorted(number, key=_alphabetical(number))
    order = [number[word] for word in words]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    size = int(given.texts.max(initial=0)) + 1
    pairs, weights = np.unique(place[given.rows] * size + given.texts, return_counts=True)
    word, text = np.divmod(pairs, size)
    heavy = weights > 1
    bounds = np.arange(0, len(words) + BLOCK, BLOCK)
    firsts = np.searchsorted(word, bounds)
    return Inverted(
        words=tuple(front_coded(words[low:high]) for low, high in pairwise(bounds.tolist())),
        counts=packed_parts(np.bincount(word, minlength=len(words)) - 1, np.minimum(bounds, len(words))),
        postings=packed_parts(2 * _gaps(word, text) + heavy, firsts),
        weights=packed_parts(weights[heavy] - 2, np.concatenate([[0], np.cumsum(heavy)])[firsts]),
    )


def _alphabetical(words: Iterable[str]) -> Callable[[str], tuple[str, str] | tuple[bytes, bytes]]:
    """As JavaScript compares strings, by their UTF-16; below the surrogates it is the order of Python."""
    if max("".join(words), default="") < "\ud800":  # what is folded of these lies there too
        return lambda word: (fold(word), word)
    return lambda word: (fold(word).encode("utf-16-be"), word.encode("utf-16-be"))


def _gaps(word: Numbers, text: Numbers) -> Numbers:
    """How many texts lie between each posting and the one of the same word before it."""
    before = np.where(np.diff(word, prepend=-1) > 0, -1, np.roll(text, 1))
    made: Numbers = text - before - 1
    return made
