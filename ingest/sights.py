"""Which signs stand where?  Seen in all of a text at once: a pattern is tried only where it can match.

A sight never misses what its pattern needs; it may show more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

SLASH, BRACKET, EQUALS = "sight.slash", "sight.bracket", "sight.equals"
DIGIT = "sight.digit"
ODD = "sight.odd"  # a name as code has it: "order_id", "names[", "lastCheck", "ship.to"

_COMMON = 0x100  # characters whose kinds stand in a table; no other one is of any kind


def _table(wanted: Callable[[str], bool]) -> np.ndarray:
    return np.array([wanted(chr(code)) for code in range(_COMMON)] + [False])


_SMALL = _table(lambda c: c.isascii() and c.islower())
_CAPITAL = _table(lambda c: c.isascii() and c.isupper())
_ALNUM = _table(lambda c: c.isascii() and c.isalnum())
_SMALL_OR_DIGIT = _ALNUM & ~_CAPITAL


def _among(signs: str) -> np.ndarray:
    return _table(lambda c: c in signs)


def codes(text: str) -> np.ndarray:
    """The numbers of a text's characters."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def word_starts(text: str) -> np.ndarray:
    """Where words begin: runs of letters, and of other digits than the decimal ones."""
    found = codes(text)
    letters = _LETTERS[np.minimum(found, _KNOWN)]
    for at in np.flatnonzero(found >= _KNOWN).tolist():
        letters[at] = _in_word(text[at])
    return np.flatnonzero(letters & ~np.append(False, letters)[:-1])


def _in_word(character: str) -> bool:
    return character.isalnum() and not character.isdecimal()


_KNOWN = 0x3000
_DIGITS = np.array([chr(code).isdecimal() for code in range(_KNOWN)] + [True])
_LETTERS = np.array([_in_word(chr(code)) for code in range(_KNOWN)] + [False])


def sights(text: str) -> Mapping[str, np.ndarray]:
    """The places of each sight in a text, in order."""
    found = codes(text)
    kinds = np.minimum(found, _COMMON).astype(np.uint16)
    seen = {
        DIGIT: _DIGITS[np.minimum(found, _KNOWN)],
        SLASH: kinds == ord("/"),
        BRACKET: kinds == ord("("),
        EQUALS: kinds == ord("="),
        ODD: _odd(kinds),
    }
    return {sight: np.flatnonzero(places) for sight, places in seen.items()}


def _odd(kinds: np.ndarray) -> np.ndarray:
    """Where two characters stand of which the second goes on with a name as only code does."""
    first, second, third = kinds[:-1], kinds[1:], np.append(kinds[2:], _COMMON)
    joined = _ALNUM[first] & _among("_[")[second]
    humped = _SMALL_OR_DIGIT[first] & _CAPITAL[second]
    dotted = (_ALNUM | _among("_]"))[first] & (second == ord(".")) & (_SMALL | _among("_"))[third]
    odd: np.ndarray = joined | humped | dotted
    return odd
