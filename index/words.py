"""What is a word, and when are two spelt the same?"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")  # certificate, 2022, été
_SPECIAL = str.maketrans(
    {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": "'", "ʼ": "'", "\xa0": " "}
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents: "Détails" (composed or not) and "details" are the same.

    >>> fold("L’Œuvre Détaillée")
    "l'oeuvre detaillee"
    """
    lowered = text.casefold().translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    bare = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in bare if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The folded words of a text; spacing and punctuation do not count.

    >>> words("CertCentral : API (2022)")
    ['certcentral', 'api', '2022']
    """
    return WORD.findall(fold(text))


class Folded(NamedTuple):
    """A text, its folded form, and where in it the characters of that stand, None if at the same places."""

    text: str
    folded: str
    places: array[int] | None


def folded(text: str) -> Folded:
    """
    >>> folded("Œuvre")[1:]
    ('oeuvre', array('I', [0, 0, 1, 2, 3, 4]))
    """
    if text.isascii():
        return Folded(text, text.lower(), None)
    made = text.translate(_FOLDS)
    if len(made) == len(text) and _NOTHING not in made:
        return Folded(text, made, None)
    parts = [fold(char) for char in text]
    places = array("I", [at for at, part in enumerate(parts) for _ in part])
    return Folded(text, "".join(parts), places)


class _Folds(dict[int, str]):
    """How each character is folded, `_NOTHING` for an accent."""

    def __missing__(self, code: int) -> str:
        self[code] = found = fold(chr(code)) or _NOTHING
        return found


_NOTHING = "\0"  # of texts that hold it themselves too much is thought, which does no harm
_FOLDS = _Folds()
