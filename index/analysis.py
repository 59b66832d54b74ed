"""Which terms does a text hold?  Analysis per language, code-like tokens whole and by part.

A text is analysed as its own language; a query's word as every language of the index, so that one query
searches all.  A word becomes its folded stem and the stem of its folded form (one term where they agree),
at one position; a code-like token (`domain_locking_status`, `filters[validation]`, `/v2/order/{id}`) is
kept whole, and its parts are words of their own.  Stop words take a position but make no term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from whoosh.lang import has_stemmer, has_stopwords, stemmer_for_language, stopwords_for_language

from index.words import fold

# A word, or a run of words joined as in code: order_validity, filters[validation], /v2/order/{id}, S/MIME
TOKEN = re.compile(r"/?\{?[\w\u0300-\u036f]+(?:[\]})]{0,2}[/.\[{+&-]{1,3}[\w\u0300-\u036f]+)*[\]}]{0,2}")
PART = re.compile(r"(?:[^\W_]++[\u0300-\u036f]*+)++")  # accents may be characters of their own
APOSTROPHES = "'’ʼ"
_ENDS = ".,;:!?"  # stand behind a word
SUFFIXES = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})  # what follows an apostrophe in English
MORE_STOP_WORDS = {"fr": frozenset({"les", "cette"})}  # missing from Whoosh's list
DEFAULT_LANGUAGES = ("en", "fr")
MOST_HEAD = 6  # characters of a term that are looked for


class Token(NamedTuple):
    """A word or code-like token as it stands in a text, characters [start, end)."""

    text: str
    start: int
    end: int

    @property
    def parts(self) -> tuple[str, ...]:
        return _parts(self.text)

    @property
    def is_code(self) -> bool:
        return len(self.parts) > 1


class Term(NamedTuple):
    """An analysed term, its word position, and the characters [start, end) it was read from."""

    text: str
    position: int
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without elided articles (l', d', qu') and without 's, 't, 'll."""
    return (Token(found[0], *found.span()) for found in _found(text))


def _found(text: str) -> Iterator[re.Match[str]]:
    last = len(text) - 1
    for found in TOKEN.finditer(text):
        start, end = found.span()
        if end < last and text[end] in APOSTROPHES and text[end + 1].isalpha() and _is_article(found[0]):
            continue
        after = start > 1 and text[start - 1] in APOSTROPHES and text[start - 2].isalpha()
        if _parts(found[0]) and not (after and found[0].lower() in SUFFIXES):
            yield found


def _is_article(word: str) -> bool:
    return len(word) <= 2 or word.lower().endswith(("qu", "ll"))


@lru_cache(maxsize=50_000)
def _parts(token: str) -> tuple[str, ...]:
    return tuple(PART.findall(token))


def terms(text: str, lang: str) -> Iterator[Term]:
    """The terms of a text of language `lang`, in order of position."""
    position = 0
    for token in tokens(text):
        if token.is_code:
            yield Term(whole(token.text), position, token.start, token.end)
        for part in PART.finditer(token.text):
            start, end = token.start + part.start(), token.start + part.end()
            for variant in variants(part[0], lang):
                yield Term(variant, position, start, end)
            position += 1


def spoken(text: str, lang: str) -> Iterator[tuple[str, int]]:
    """(term, position) of the terms of a text: as `terms`, several times faster."""
    position = 0
    for found in _found(text):
        count, made = _terms_of(found[0], lang)
        for at, term in made:
            yield term, position + at
        position += count


@lru_cache(maxsize=100_000)
def _terms_of(token: str, lang: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """How many words a token is, and its terms, each with the word that it stands at."""
    parts = _parts(token)
    made = [(0, whole(token))] if len(parts) > 1 else []
    made += [(at, term) for at, part in enumerate(parts) for term in variants(part, lang)]
    return len(parts), tuple(made)


def whole(token: str) -> str:
    """The term of a code-like token as a whole.

    >>> whole("/v2/Order/{id}")
    'v2/order/{id}'
    """
    return fold(token).lstrip("/")


@lru_cache(maxsize=200_000)
def variants(word: str, lang: str) -> tuple[str, ...]:
    """The terms of one word: none for a stop word, two where stemming and folding do not commute."""
    lowered, folded = normalize("NFC", word.lower()), fold(word)
    if lowered in stop_words(lang) or folded in stop_words(lang):
        return ()
    stem = _stemmer(lang)
    return tuple(dict.fromkeys(fold(stem(form)) for form in dict.fromkeys((lowered, folded))))


def heads(term: str) -> tuple[str, ...]:
    """What the folded form of every word that has this term begins with: one of these.

    Stemmers write two letters at the end of a stem otherwise than the word at most, and "dying" as "die".
    """
    head = term[: min(max(len(term) - 2, 2), MOST_HEAD)]
    if head[1:2] not in ("i", "y"):
        return (head,)
    return head[0] + "i" + head[2:], head[0] + "y" + head[2:]


@lru_cache(maxsize=64)
def stop_words(lang: str) -> frozenset[str]:
    """Words too common to search for, as written and folded."""
    if not has_stopwords(lang):
        return frozenset()
    listed = frozenset(stopwords_for_language(lang)) | MORE_STOP_WORDS.get(lang, frozenset())
    return listed | {fold(word) for word in listed}


@lru_cache(maxsize=64)
def _stemmer(lang: str) -> Callable[[str], str]:
    if not has_stemmer(lang):
        return _unchanged
    stem: Callable[[str], str] = stemmer_for_language(lang)
    return stem


def _unchanged(word: str) -> str:
    return word


def said(text: str) -> list[str]:
    """The words of a text in lower case, and its code-like tokens as a whole, in the order of its tokens.

    No token has a blank in it: those of a text are those of its parts between blanks.  Most of these are one
    word, which need not be looked into.
    """
    bare = text.rstrip(_ENDS)
    if bare.isalpha():
        return [_lowered(bare)]
    return [word for found in _found(text) for word in _said_of(found[0])]


def _lowered(word: str) -> str:
    return word.lower() if word.isascii() else normalize("NFC", word.lower())


def _said_of(token: str) -> tuple[str, ...]:
    parts = _parts(token)
    words = tuple(map(_lowered, parts))
    return (*words, whole(token)) if len(parts) > 1 else words


def surface(text: str) -> list[str]:
    """The distinct words of a text for prefixes and spelling: `folded`, or `folded\\0as written`."""
    said = dict.fromkeys(found[0] for found in _found(text))
    return list(dict.fromkeys(key for token in said for key in _keys_of(token)))


@lru_cache(maxsize=100_000)
def _keys_of(token: str) -> tuple[str, ...]:
    written = (normalize("NFC", word.lower()).strip("/") for word in (token, *_parts(token)))
    return tuple(map(spelling_key, written))


def spelling_key(word: str) -> str:
    """
    >>> spelling_key("détails").split("\\0")
    ['details', 'détails']
    """
    folded = fold(word)
    return folded if folded == word else f"{folded}\0{word}"
