"""A text of any length to parse: the corpus's plain documents, in copies of which no line is like another."""

from __future__ import annotations

import re
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
MEGABYTE = 1_000_000


def text_of(megabytes: float) -> str:
    """The plain documents of the corpus one after the other, repeated and cut to length."""
    whole = "\n\n".join(p.read_text(encoding="utf-8") for p in sorted(CORPUS.glob("*.txt"))) + "\n\n"
    length = int(megabytes * MEGABYTE)
    count = 1 + length // len(whole.encode())
    return (
        "".join(varied(whole, number) for number in range(count)).encode()[:length].decode("utf-8", "ignore")
    )


def varied(text: str, number: int) -> str:
    """The text, the longest word of small letters in each line with an ending that tells the copy."""
    ending = "".join(chr(ord("a") + int(digit)) for digit in str(number)) if number else ""

    def vary(line: str) -> str:
        word = max(re.findall(r"\b[a-zà-ÿ]{6,}\b", line), key=len, default="")
        return line.replace(word, word + ending, 1) if word else line

    return "\n".join(map(vary, text.split("\n")))
