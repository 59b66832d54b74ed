"""What is a word, and when are two spelt the same?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
