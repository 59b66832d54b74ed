"""What do an entry's words say of its type?  A linear model over words and stems, learned from labelled text.

Lexicons catch what is said outright; that something ends, is a rule or was a defect is as often said by the
sense of a whole passage.  `wording.json` holds a weight for every type and every word or stem that stood in
more than one labelled text; `python tests/ingest/learn.py` learns them.

Many passages are weighed at once: their terms become rows of one array, and every sum is taken over it.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np

from ingest.model import EntryType, Span

# a name as code has it ("order_id", "lastCheck")
CODE = r"(?<![A-Za-z0-9_])(?:[A-Za-z](?:[^\W_]*+_+\w|\w*+[.\[]\w)[\w.\[\]]*|[a-z]++[A-Z]\w*)"
# an address; a plain word, which most are; a path; code; a version; a number; any word ("can't" whole)
TOKEN = re.compile(
    rf"https?://[^\s)\]>\"]++|[A-Z]?[a-zà-öø-ÿ]++(?![\w\['’]|\.\w)|(?<![\w<])/[a-z{{][\w{{}}./-]*|{CODE}|\d+(?:\.\d+)+|\d+|[^\W\d_]+(?:['’]t\b)?"
)
IS_CODE = re.compile(CODE)
# names and numbers say what they are, not which; an address says nothing
PATH, NAME, VERSION, NUMBER = "/", "_", "0.0", "0"
IN_TITLE = "^"  # before a term that stands in the title
STEM = 5  # letters of a longer word that stand for all its forms
LEAST, MOST = -4.0, 0.0  # log probabilities beyond this are not told apart
FORMS = 4  # terms that a token can stand for: a word and its stem, both once more as the title's
NONE = -1  # in place of a term

Passage = tuple[Span | None, Span]  # a title, and the text below it


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
    return Wording(text).says([(title, body)])[0]


class Wording:
    """The words of one document, and what passages of it say."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.weights = _weights()
        terms = _Terms(self.weights.rows)
        self.plain, self.titled = _Tokens(terms, in_title=False), _Tokens(terms, in_title=True)

    def says(self, passages: Sequence[Passage]) -> list[list[Said]]:
        """For each passage what `says` tells of it."""
        found: list[list[Said]] = [[] for _ in passages]
        tokens = [self._tokens(title, body) for title, body in passages]
        terms = self._terms(tokens)
        known = terms[terms["row"] < len(self.weights.rows)]
        if not len(known):
            return found
        unknown = np.bincount(terms["passage"], minlength=len(passages))
        numbers, starts, counts = np.unique(known["passage"], return_index=True, return_counts=True)
        unknown[numbers] -= counts
        rarity = self.weights.rarity[known["row"]]
        lengths = np.sqrt(np.add.reduceat(rarity**2, starts) + unknown[numbers])
        parts = self.weights.table[known["row"]] * (rarity / np.repeat(lengths, counts))[:, None]
        score = np.add.reduceat(parts, starts, axis=0) + self.weights.bias
        chances = (np.clip(score - _log_sum(score), LEAST, MOST) - LEAST).tolist()
        strongest = known["token"][_first_peaks(parts, starts, counts)].tolist()
        for number, chance, loudest in zip(numbers.tolist(), chances, strongest, strict=True):
            spans = [Span(*tokens[number].matches[token].span()) for token in loudest]
            found[number] = list(map(Said, self.weights.types, chance, spans))
        return found

    def _tokens(self, title: Span | None, body: Span) -> _Passage:
        titled = [*TOKEN.finditer(self.text, title.start, title.end)] if title else []
        below = [*TOKEN.finditer(self.text, body.start, body.end)]
        numbers = [*map(self.titled.__getitem__, map(re.Match.group, titled))]
        numbers += map(self.plain.__getitem__, map(re.Match.group, below))
        return _Passage([*titled, *below], numbers)

    def _terms(self, passages: Sequence[_Passage]) -> np.ndarray:
        """Each term of each passage once, in order: its row, and which of the passage's tokens says it."""
        counts = np.array([len(one.numbers) for one in passages], int)
        passage = np.repeat(np.arange(len(passages)), counts)
        token = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = self.plain.terms.of([*chain.from_iterable(one.numbers for one in passages)])
        told = rows != NONE
        terms = np.empty(np.count_nonzero(told), [("row", int), ("passage", int), ("token", int)])
        terms["row"] = rows[told]
        terms["passage"] = np.repeat(passage, FORMS)[told.ravel()]
        terms["token"] = np.repeat(token, FORMS)[told.ravel()]
        first: np.ndarray = terms[_firsts(terms["passage"] * len(self.plain.terms.rows) + terms["row"])]
        return first


class _Passage(NamedTuple):
    """The tokens of one passage, and the number of each."""

    matches: list[re.Match[str]]
    numbers: list[int]


class _Rows(dict[str, int]):
    """The rows of terms: the model's, behind them those that it does not know; NONE for the empty one."""

    def __init__(self, known: Mapping[str, int]) -> None:
        super().__init__(known)
        self[""] = NONE

    def __missing__(self, term: str) -> int:
        self[term] = row = len(self) - 1  # NONE is no row
        return row


class _Terms:
    """The terms that every token stands for, by its number."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.rows = _Rows(known)
        self.forms = array("q")  # rows, FORMS for each token

    def number(self, terms: Iterable[str]) -> int:
        """The number of a token that stands for the terms."""
        self.forms.extend(map(self.rows.__getitem__, terms))
        return len(self.forms) // FORMS - 1

    def of(self, numbers: Sequence[int]) -> np.ndarray:
        """The terms of numbered tokens, FORMS a row."""
        forms = np.frombuffer(self.forms, np.int64).reshape(-1, FORMS)
        told: np.ndarray = forms[np.array(numbers, int)]
        return told


class _Tokens(dict[str, int]):
    """The numbers of tokens as printed, in titles or elsewhere."""

    def __init__(self, terms: _Terms, in_title: bool) -> None:
        super().__init__()
        self.terms, self.in_title = terms, in_title

    def __missing__(self, token: str) -> int:
        word, stem = forms(token)
        titled = [IN_TITLE + form if form and self.in_title else "" for form in (word, stem)]
        self[token] = number = self.terms.number((word, titled[0], stem, titled[1]))
        return number


def terms_of(text: str, title: Span | None, body: Span) -> Iterator[str]:
    """Each term of a title and of the text below it once, where it stands first."""
    titled = TOKEN.findall(text, title.start, title.end) if title else []
    first = [term for token in titled for form in forms(token) if form for term in (form, IN_TITLE + form)]
    below = [form for token in TOKEN.findall(text, body.start, body.end) for form in forms(token) if form]
    yield from dict.fromkeys([*first, *below])


@lru_cache(maxsize=32768)
def forms(token: str) -> tuple[str, str]:
    """The term that a token stands for, and the stem of a longer word, else an empty one."""
    if token[0] == PATH:
        return PATH, ""
    if token[0].isdecimal():
        return (VERSION if "." in token[-4:] else NUMBER), ""
    if "://" in token:
        return "", ""
    if IS_CODE.fullmatch(token):
        return NAME, ""
    word = _folded(token)
    return word, f"{word[:STEM]}~" if len(word) > STEM else ""


def _folded(word: str) -> str:
    """Lower case, without accents, with straight apostrophes."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _firsts(keys: np.ndarray) -> np.ndarray:
    """Where each key stands first, in order."""
    placed = np.sort(keys * len(keys) + np.arange(len(keys)))
    ordered, places = np.divmod(placed, max(1, len(keys)))
    first: np.ndarray = np.sort(places[np.append(True, ordered[1:] != ordered[:-1])[: len(keys)]])
    return first


def _first_peaks(columns: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """For each run of rows, the first row that holds the run's highest value, column by column."""
    peaks = np.repeat(np.maximum.reduceat(columns, starts, axis=0), counts, axis=0)
    rows = np.arange(len(columns))[:, None]
    first: np.ndarray = np.minimum.reduceat(np.where(columns == peaks, rows, len(columns)), starts, axis=0)
    return first


def _log_sum(scores: np.ndarray) -> np.ndarray:
    """The logarithm of each row's summed exponentials."""
    most = scores.max(axis=1, keepdims=True)
    total: np.ndarray = most + np.log(np.exp(scores - most).sum(axis=1, keepdims=True))
    return total


@cache
def _weights() -> Weights:
    model = msgspec.json.decode((files("ingest") / "wording.json").read_bytes(), type=Model)
    table = np.array(list(model.weights.values()), float) / 100
    rows = {term: at for at, term in enumerate(model.weights)}
    types = tuple(EntryType(kind) for kind in model.types)
    return Weights(types, np.array(model.bias) / 100, rows, table[:, 0], table[:, 1:])
