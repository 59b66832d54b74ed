"""What might have been meant?  Words of the index that are spelt nearly like one of the query's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.postings import Postings
from index.schema import WORD
from index.words import fold

MAX_CANDIDATES = 5


class Speller:
    """Suggests words of one index generation."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self.near = lru_cache(1024)(self._near)

    def _near(self, word: str) -> tuple[str, ...]:
        """Known words within one edit, or two for words of six letters on; nearest, most frequent first.

        Words are looked for under the first two letters of `word`: a slip elsewhere keeps one of them.
        """
        folded = fold(word)
        reach = 0 if len(folded) < 3 else 1 if len(folded) < 6 else 2
        letters, ranked = frozenset(folded), []
        for key, written, frequency in self._words(dict.fromkeys(folded[:2])):
            if abs(len(key) - len(folded)) > reach or len(letters.symmetric_difference(key)) > 2 * reach:
                continue
            steps = distance(folded, key, reach)
            if steps <= reach:
                ranked.append((steps, key[:1] != folded[:1], -frequency, written))
        return tuple(dict.fromkeys(written for *_, written in sorted(ranked)))[:MAX_CANDIDATES]

    def _words(self, letters: Iterable[str]) -> Iterator[tuple[str, str, int]]:
        """(folded, as written, frequency) of every plain word that begins with one of the letters."""
        for letter in letters:
            for term, frequency in self.postings.lexicon(WORD, letter):
                key, _, written = term.partition("\0")
                if key.isalnum() and not key.isdigit():
                    yield key, written or key, frequency


def distance(a: str, b: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) from a to b; limit + 1 where there are more.

    >>> distance("domian", "domain", 2), distance("abc", "xyz", 2)
    (1, 3)
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before, previous, row = [0], [0], list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, previous, row = previous, row, [i]
        for j, right in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
