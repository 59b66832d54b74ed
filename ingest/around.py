"""What stands around a place in an entry?  Its words in order, and the cues that they give for a name there.

A cue is a short string: "b1=the" where the word before is "the", "a1:api.parameter_nouns" where the one
behind is of that category of the packs, so that the words of a new language are cues as well.
`ingest/scales.py` weighs them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ingest.grammar import FILE_LIKE

NEAR = 3  # words to each side that are cues by their place
FAR = 40  # words of a sentence to each side whose categories are cues
# a name as code has it: "order_id", "ship.to", "a[b]", "lastCheck"; whole, and no abbreviation ("e.g.")
STEPS = r"(?:__?[A-Za-z0-9]+|\.[a-z_][A-Za-z0-9]+|\[[A-Za-z0-9_*]*\])"
ODD_NAME = (
    rf"(?<![A-Za-z0-9_])(?:[A-Za-z_][A-Za-z0-9]*{STEPS}+|[a-z]+[0-9]*[A-Z][A-Za-z0-9]*)(?<!_)(?![^\W_])"
)
# an address, a mail address, a path, a name as code has it, "l'", a word, a number, a line's end, a sign
TOKEN = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"'|)\]]+|[\w.+-]{{1,64}}@[\w.-]+|(?<![\w.])/[a-z{{][\w{{}}.:/-]*|{ODD_NAME}"
    r"|[A-Za-zÀ-ÿ]+['’](?=[A-Za-zÀ-ÿ])|[^\W\d_]\w*(?:-[^\W\d_]\w*)*|\d\w*|\n|[^\w\s]"
)
_ODD_NAME = re.compile(ODD_NAME)
FILE, PATH = "<file>", "<path>"
ODD = frozenset(("<snake>", "<dot>", "<camel>", "<bracket>"))  # what cues call names as code has them
KINDS = ODD | {"<url>", PATH, FILE}  # and all that is no word
_HUMP = re.compile(r"[a-z0-9][A-Z]")
_MARKS = frozenset("`*\"“”«»'")
_STATUS = re.compile(r"[2-5]\d\d")
SENTENCE_ENDS = frozenset(".!?;\n")
BEGINNING, END = "^", "$"  # in place of words where there are none


def shape(name: str) -> str:
    """How a name is put together: "plain", "snake", "dot", "camel" or "bracket"."""
    if "[" in name:
        return "bracket"
    if "_" in name:
        return "snake"
    if "." in name:
        return "dot"
    return "camel" if _HUMP.search(name) else "plain"


class Words:
    """The words and signs of text[start:end], without quotes and marks, in order.

    `printed` are they themselves, `words` what cues call them, `kinds` the categories that packs know them
    by (`known` those of any word); `starts` and `ends` are their characters in the text, `marked` the numbers
    of those right behind a quote or a mark.
    """

    def __init__(self, text: str, start: int, end: int, kinds: Mapping[str, tuple[str, ...]]) -> None:
        found = [*TOKEN.finditer(text, start, end)]
        said = [match.group() for match in found]
        kept = [at for at, printed in enumerate(said) if printed not in _MARKS]
        self.text = text
        self.printed = [said[at] for at in kept]
        self.words = [*map(_called, self.printed)]
        self.starts = [found[at].start() for at in kept]
        self.ends = [found[at].end() for at in kept]
        self.known = kinds
        self.kinds = [kinds.get(word, ()) for word in self.words]
        self.marked = frozenset(n for n, at in enumerate(kept) if at and said[at - 1] in _MARKS)

    def __len__(self) -> int:
        return len(self.words)

    def at(self, place: int) -> int:
        """The number of the first word that does not begin before a place."""
        return bisect_left(self.starts, place)

    def word(self, at: int) -> str:
        if at < 0:
            return BEGINNING
        return self.words[at] if at < len(self.words) else END

    def kinds_at(self, at: int) -> tuple[str, ...]:
        return self.kinds[at] if 0 <= at < len(self.words) else ()

    def sentence(self, at: int, step: int, most: int = FAR) -> range:
        """The numbers of the words from `at` on, forwards or backwards, to the end of the sentence."""
        words, end = self.words, max(-1, min(len(self.words), at + step * most))
        for number in range(at, end, step):
            if words[number] in SENTENCE_ENDS:
                return range(at, number, step)
        return range(at, end, step)

    def cues(self, at: int, like: str) -> list[str]:
        """The cues around one word; `like` tells what it looks like, for cues that depend on it."""
        before = [self.word(at - far) for far in range(1, NEAR + 1)]
        behind = [self.word(at + far) for far in range(1, NEAR + 1)]
        found = [f"ba={before[0]} {behind[0]}", f"bb={before[1]} {before[0]}", f"aa={behind[0]} {behind[1]}"]
        for side, words, step in (("b", before, -1), ("a", behind, 1)):
            for far, word in enumerate(words, 1):
                found.append(f"{side}{far}={word}")
                found += told(f"{side}{far}", self.kinds_at(at + step * far), "")
                if far < NEAR:
                    found.append(f"{side}{far}={word}/{like}")
            found += told(f"{side}1", self.kinds_at(at + step), f"/{like}")
        found += self.told_in("s", self.sentence(at - 1, -1))
        found += self.told_in("t", self.sentence(at + 1, 1))
        return found

    def told_in(self, side: str, numbers: Iterable[int], like: str = "") -> set[str]:
        """The categories of some words, and what stands among them that is no word."""
        found, kinds, words = set[str](), self.kinds, self.words
        for number in numbers:
            if kinds[number]:
                found.update(told(side, kinds[number], like))
            elif words[number] in KINDS:
                found.add(f"{side}={words[number]}{like}")
        return found


@lru_cache(maxsize=1 << 14)
def told(side: str, kinds: tuple[str, ...], like: str) -> tuple[str, ...]:
    """A cue for each of a word's categories."""
    return tuple([f"{side}:{kind}{like}" for kind in kinds])


@lru_cache(maxsize=1 << 15)
def _called(printed: str) -> str:
    """A word in small letters; what is no word by its kind."""
    first = printed[0]
    if first.isdigit():
        return printed if _STATUS.fullmatch(printed) else "0"
    if first == "/" and len(printed) > 1:
        return PATH
    if "://" in printed or printed.startswith("www."):
        return "<url>"
    if _ODD_NAME.fullmatch(printed):
        return FILE if FILE_LIKE.search(printed) else f"<{shape(printed)}>"
    return printed.lower().replace("’", "'")
