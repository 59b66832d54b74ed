"""What do an entry's words say of its type?  A linear model over words and stems, learned from labelled text.

Lexicons catch what is said outright; that something ends, is a rule or was a defect is as often said by the
sense of a whole passage.  `wording.json` holds a weight for every type and every word or stem that stood in
more than one labelled text; `python tests/ingest/learn.py` learns them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log, sqrt
from typing import NamedTuple

import msgspec
import numpy as np

from ingest.model import EntryType, Span

# a word ("can't" whole), a number, a name as code has it ("order_id", "lastCheck"), a path
TOKEN = re.compile(
    r"(?P<path>(?<![\w<])/[a-z{][\w{}./-]*)"
    r"|(?P<code>[A-Za-z]\w*[_.\[]\w[\w.\[\]]*|[a-z]+[A-Z]\w*)"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’]t\b)?)"
)
PLACEHOLDERS = {"path": "/", "code": "_", "number": "0"}  # names and numbers say what they are, not which
IN_TITLE = "^"  # before a term that stands in the title
STEM = 5  # letters of a longer word that stand for all its forms
LEAST, MOST = -4.0, 0.0  # log probabilities beyond this are not told apart


class Term(NamedTuple):
    """A word, or a stem (`valid~`), and its half-open characters."""

    text: str
    start: int
    end: int


class Said(NamedTuple):
    """How much the words speak for a type (0 upwards), and the characters that say it most."""

    kind: EntryType
    weight: float
    span: Span


class Model(msgspec.Struct, frozen=True):
    """`weights` maps a term to [rarity, weight for each of `types`], in hundredths."""

    types: list[str]
    bias: list[int]
    weights: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Weights:
    """The model as arrays: a row a term."""

    types: tuple[EntryType, ...]
    bias: np.ndarray
    rows: dict[str, int]
    rarity: np.ndarray
    table: np.ndarray


def says(text: str, title: Span | None, body: Span) -> list[Said]:
    """How much the words of a title and its body speak for each type; nothing, where none is known."""
    weights = _weights()
    terms = _first(text, title, body)
    known = [(at, row) for term, at in terms.items() if (row := weights.rows.get(term)) is not None]
    if not known:
        return []
    rows = np.array([row for _, row in known])
    length = sqrt(float((weights.rarity[rows] ** 2).sum()) + len(terms) - len(known))
    parts = weights.table[rows] * (weights.rarity[rows] / length)[:, None]
    score = parts.sum(axis=0) + weights.bias
    chance = np.clip(score - _log_sum(score), LEAST, MOST) - LEAST
    strongest = parts.argmax(axis=0)
    spans = [Span(*known[at][0]) for at in strongest]
    return [Said(*each) for each in zip(weights.types, chance.tolist(), spans, strict=True)]


def terms_of(text: str, title: Span | None, body: Span) -> Iterator[Term]:
    """Each term of a title and of the text below it once, where it stands first."""
    for term, (start, end) in _first(text, title, body).items():
        yield Term(term, start, end)


def _first(text: str, title: Span | None, body: Span) -> dict[str, tuple[int, int]]:
    """Every term, and where it stands first; those of the title once more as the title's."""
    first: dict[str, tuple[int, int]] = {}
    for found in TOKEN.finditer(text, title.start, title.end) if title else ():
        for term in _forms(found[0], found.lastgroup):
            first.setdefault(term, found.span())
            first.setdefault(IN_TITLE + term, found.span())
    for found in TOKEN.finditer(text, body.start, body.end):
        for term in _forms(found[0], found.lastgroup):
            if term not in first:
                first[term] = found.span()
    return first


@lru_cache(maxsize=32768)
def _forms(token: str, kind: str | None) -> tuple[str, ...]:
    """The term that a token stands for, and the stem of a longer word."""
    word = PLACEHOLDERS.get(kind or "") or _folded(token)
    return (word, f"{word[:STEM]}~") if len(word) > STEM else (word,)


def _folded(word: str) -> str:
    """Lower case, without accents, with straight apostrophes."""
    letters = unicodedata.normalize("NFD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _log_sum(score: np.ndarray) -> float:
    most = float(score.max())
    return most + log(float(np.exp(score - most).sum()))


@cache
def _weights() -> Weights:
    model = msgspec.json.decode((files("ingest") / "wording.json").read_bytes(), type=Model)
    table = np.array(list(model.weights.values()), float) / 100
    rows = {term: at for at, term in enumerate(model.weights)}
    types = tuple(EntryType(kind) for kind in model.types)
    return Weights(types, np.array(model.bias) / 100, rows, table[:, 0], table[:, 1:])
