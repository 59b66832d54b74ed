"""What changed between two texts, word by word?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from webapp.text import shown

_TOKEN = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
CONTEXT = 8  # tokens that stay around a change
MOST = 4_000  # tokens of one text; longer ones are compared line by line


class Kind(StrEnum):
    SAME = "same"
    ADDED = "ins"
    REMOVED = "del"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed, came or went; a skipped one stands for text that stayed."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Part, ...]:
    """The new text with what went and what came, shortened to the surroundings of the changes."""
    before, after = _tokens(shown(old)), _tokens(shown(new))
    return tuple(_shortened(list(_parts(before, after))))


def _tokens(text: str) -> list[str]:
    """Words, blanks and signs; whole lines where there are too many of them."""
    tokens = _TOKEN.findall(text)
    return tokens if len(tokens) <= MOST else text.splitlines(keepends=True)


def _parts(before: list[str], after: list[str]) -> Iterator[tuple[Kind, list[str]]]:
    matcher = SequenceMatcher(None, before, after)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Kind.SAME, before[i:j]
            continue
        if j > i:
            yield Kind.REMOVED, before[i:j]
        if m > k:
            yield Kind.ADDED, after[k:m]


def _shortened(parts: list[tuple[Kind, list[str]]]) -> Iterator[Part]:
    """Long stretches that stayed are cut down to `CONTEXT` tokens beside a change."""
    for number, (kind, tokens) in enumerate(parts):
        head = CONTEXT if number else 0
        tail = CONTEXT if number + 1 < len(parts) else 0
        if kind is Kind.SAME and len(tokens) > head + tail:
            yield from _cut(tokens, head, tail)
        else:
            yield Part(kind, "".join(tokens))


def _cut(tokens: list[str], head: int, tail: int) -> Iterator[Part]:
    if head:
        yield Part(Kind.SAME, "".join(tokens[:head]))
    yield Part(Kind.SKIPPED, " … ")
    if tail:
        yield Part(Kind.SAME, "".join(tokens[len(tokens) - tail :]))
