"""What does every entry say, word by word?  All texts as numbers, small enough to send to a browser.

Where the search index leads from words to entries, a forward index leads from entries to their words: it is
the texts themselves, spelt with a dictionary for each language, from which a reader makes what it needs
(postings, positions, passages).  A text is cut into the words that analysis counts (`index.analysis`) and the
gaps between them; elided articles and what follows an apostrophe ('s) belong to the gaps.  Nothing is lost:
words and gaps give back every character.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from index.analysis import APOSTROPHES, PART, SUFFIXES
from index.packing import Numbers, Ranked, bucket, ranked

_WORDS = re.compile(f"({PART.pattern})")
_JOINT = re.compile(r"_*[\]})]{0,2}[/.\[{+&-]{1,3}_*|_+")


class Case(IntEnum):
    """How a word is written, beside its form in the dictionary."""

    AS_LISTED = 0
    LOWER = 1
    CAPITAL = 2
    UPPER = 3
    END = 4  # no word: the text ends here


@dataclass(frozen=True, slots=True)
class Joint:
    """What stands before a word, and how the word is written."""

    gap: str
    case: Case


@dataclass(frozen=True, slots=True)
class Forward:
    """The texts of one language, one after another.

    `words` are the dictionary by rank, frequent words first; `sequence` is the ranks of all words.  Words
    stand after a blank and as listed unless `unusual` says otherwise: `joints[unusual[n]]` comes `apart[n]`
    words after the unusual joint before it.  A text ends at each joint of the case `END`.  `sizes` are the
    texts' lengths in words.
    """

    words: tuple[str, ...]
    sequence: Ranked
    joints: tuple[Joint, ...]
    apart: Numbers
    unusual: Numbers
    sizes: tuple[int, ...]


def forward(texts: Iterable[str]) -> Forward:
    """The forward index of texts of one language.

    >>> forward(["Domain locking, for all domains"]).words
    ('Domain', 'all', 'domains', 'for', 'locking')
    """
    gaps, said = _cut(texts)
    written, writing = _listed(said)
    base, case = _forms(written, np.bincount(writing, minlength=len(written)))
    cases = case[writing]
    spoken = cases != Case.END
    before = np.cumsum(spoken) - spoken  # how many words stand before each joint
    words, sequence = _sequence(written, base[writing[spoken]])
    joints, unusual = _joints(gaps, cases)
    told = np.flatnonzero(unusual != (joints.index(_USUAL) if _USUAL in joints else -1))
    sizes = np.diff(before[~spoken], prepend=0)
    return Forward(
        words, sequence, joints, np.diff(before[told], prepend=0), unusual[told], tuple(sizes.tolist())
    )


_USUAL = Joint(" ", Case.AS_LISTED)
_END = ""  # stands for a word at the end of each text


def _cut(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """(gaps, words): a gap before each word and one, with the word "", at the end of each text."""
    gaps: list[str] = []
    said: list[str] = []
    for text in texts:
        cut = _WORDS.split(text)
        own_gaps, words = cut[0::2], [*cut[1::2], _END]
        if any(mark in text for mark in APOSTROPHES):
            own_gaps, words = _without_elided(own_gaps, words)
        gaps += own_gaps
        said += words
    return gaps, said


def _without_elided(gaps: list[str], words: list[str]) -> tuple[list[str], list[str]]:
    """The same with the words that analysis passes over (l', qu', 's) made part of the gaps."""
    kept: list[str] = []
    made: list[str] = []
    gap = ""
    for at, word in enumerate(words):
        gap += gaps[at]
        if _is_elided(gaps, words, at):
            gap += word
            continue
        made.append(gap)
        kept.append(word)
        gap = ""
    return made, kept


def _is_elided(gaps: Sequence[str], words: Sequence[str], at: int) -> bool:
    """As `index.analysis` has it, for a word that stands alone."""
    word = words[at].lower()
    if not word or _JOINT.fullmatch(gaps[at]) or _JOINT.fullmatch(gaps[at + 1]):
        return False
    if gaps[at + 1] in _LONE and words[at + 1][:1].isalpha():
        return len(word) <= 2 or word.endswith(("qu", "ll"))
    return gaps[at] in _LONE and at > 0 and words[at - 1][-1:].isalpha() and word in SUFFIXES


_LONE = frozenset(APOSTROPHES)


def _listed(said: list[str]) -> tuple[list[str], Numbers]:
    """(distinct strings in order of appearance, the number of each)."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    each = np.fromiter(map(numbers.__getitem__, said), np.int64, len(said))
    return list(numbers), each


def _forms(written: Sequence[str], counts: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """(base, case) of each: a word is told by its most frequent form where its case says the rest."""
    families: dict[str, list[int]] = {}
    for number, lowered in enumerate(map(str.lower, written)):
        families.setdefault(lowered, []).append(number)
    bases = np.arange(len(written))
    cases = np.zeros(len(written), np.int64)
    for family in families.values():
        if len(family) > 1:
            base = min(family, key=lambda number: (-counts[number], written[number]))
            for number in family:
                case = _case(written[number], written[base])
                if case is not None:
                    bases[number], cases[number] = base, case
    if _END in families:
        cases[families[_END]] = Case.END
    return bases, cases


def _case(word: str, base: str) -> Case | None:
    """How `base` becomes `word`; None where upper and lower case do not tell."""
    ways = (base, base.lower(), base[:1].upper() + base[1:].lower(), base.upper())
    return next((Case(at) for at, way in enumerate(ways) if way == word), None)


def _sequence(texts: Sequence[str], base: Numbers) -> tuple[tuple[str, ...], Ranked]:
    """The dictionary and the ranks in it; words that may change places stand in alphabetical order."""
    counts = np.bincount(base, minlength=len(texts))
    used = np.flatnonzero(counts).tolist()
    order = sorted(used, key=lambda number: (-int(counts[number]), texts[number]))
    shape = ranked(np.zeros(0, np.int64), len(order))
    buckets = bucket(np.arange(len(order)), shape).tolist()
    order = [n for _, _, n in sorted((b, texts[n], n) for b, n in zip(buckets, order, strict=True))]
    rank = np.zeros(len(texts), np.int64)
    rank[order] = np.arange(len(order))
    return tuple(texts[number] for number in order), ranked(rank[base], len(order))


def _joints(gaps: list[str], case: Numbers) -> tuple[tuple[Joint, ...], Numbers]:
    """(distinct joints, the frequent ones first; the number of each)."""
    written, gap = _listed(gaps)
    codes = gap * len(Case) + case
    counts = np.bincount(codes, minlength=len(written) * len(Case))
    used = np.flatnonzero(counts)
    made = [Joint(written[code // len(Case)], Case(code % len(Case))) for code in used.tolist()]
    order = sorted(range(len(made)), key=lambda n: (-int(counts[used[n]]), made[n].gap, made[n].case))
    rank = np.zeros(len(counts), np.int64)
    rank[used[order]] = np.arange(len(order))
    return tuple(made[n] for n in order), rank[codes]
