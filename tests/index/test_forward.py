"""Words and gaps, packed numbers: what goes into the data of the search in the browser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import PART, tokens
from index.forward import Case, Forward, Joint, forward
from index.packing import (
    ALPHABET,
    BASE,
    CONTINUERS,
    KEPT,
    STOPPERS,
    Ranked,
    front_coded,
    packed,
    ranked,
    signed,
)


def unpacked(text: str) -> list[int]:
    made, left = [], -1
    for digit in map(ALPHABET.index, text):
        if digit < STOPPERS:
            made.append((left + 1) * STOPPERS + digit)
            left = -1
        else:
            left = (left + 1) * CONTINUERS + digit - STOPPERS
    return made


def ranks(made: Ranked) -> list[int]:
    seconds, rests = iter(map(ALPHABET.index, made.seconds)), iter(map(ALPHABET.index, made.rests))
    found = []
    for head in map(ALPHABET.index, made.heads):
        if head < made.singles:
            found.append(head)
        elif head < made.singles + made.pairs:
            found.append(made.singles + (head - made.singles) * BASE + next(seconds))
        else:
            rank = head - made.singles - made.pairs
            for _ in range(made.depth):
                rank = rank * BASE + next(rests)
            found.append(made.singles + made.pairs * BASE + rank)
    return found


WAYS = {
    Case.AS_LISTED: str,
    Case.LOWER: str.lower,
    Case.CAPITAL: lambda word: word[:1].upper() + word[1:].lower(),
    Case.UPPER: str.upper,
}


def texts(made: Forward) -> list[str]:
    """The way back."""
    words = [made.words[rank] for rank in ranks(made.sequence)]
    at, found, text = 0, [], ""
    places: dict[int, list[Joint]] = {}
    for apart, number in zip(made.apart.tolist(), made.unusual.tolist(), strict=True):
        at += apart
        places.setdefault(at, []).append(made.joints[number])
    for n in range(len(words) + 1):
        spoken = False
        for joint in places.get(n, []):
            if joint.case is Case.END:
                found.append(text + joint.gap)
                text = ""
            else:
                text += joint.gap + WAYS[joint.case](words[n])
                spoken = True
        if n < len(words) and not spoken:
            text += " " + words[n]
    assert not text
    return found


@given(st.lists(st.integers(0, 10**9)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


@given(st.lists(st.integers(-(10**6), 10**6)))
def test_signed_numbers_come_back(numbers: list[int]) -> None:
    assert [-(n + 1) // 2 if n % 2 else n // 2 for n in signed(numbers).tolist()] == numbers


@pytest.mark.parametrize("size", [1, 41, 3000, 30_000, 300_000, 20_000_000])
def test_ranks_come_back(size: int) -> None:
    given = np.unique(np.minimum(np.geomspace(1, size, 500).astype(np.int64), size) - 1)
    assert ranks(ranked(given, size)) == given.tolist()


def test_what_is_packed_needs_no_escaping_in_a_script() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == STOPPERS + CONTINUERS
    assert set(ALPHABET).isdisjoint('"\\<')
    assert (ALPHABET.isprintable(), ALPHABET.isascii()) == (True, True)
    assert not PART.search(KEPT)
    assert set(KEPT).isdisjoint('"\\')


def test_a_dictionary_keeps_what_words_begin_with() -> None:
    long = "a" * 40
    kept = len(KEPT) - 1  # letters at most
    assert front_coded(["été", "étés", long, f"{long}b"]) == f" été$s {long}~{long[kept:]}b"


WORDS = st.sampled_from(
    [
        "Domain",
        "domain",
        "DOMAIN",
        "dOmain",
        "l'",
        "d’",
        "qu'",
        "API",
        "/v2/order/{id}",
        "a_b",
        "s",
        "'s",
        "_",
    ]
)
GAPS = st.sampled_from(
    [" ", " ", " ", ", ", "\n", "'", "’", ". ", "**", "", "é", "e\u0301", "\U0001d504", "ß"]
)


@given(st.lists(st.lists(st.one_of(WORDS, GAPS, st.text(max_size=5))).map("".join)))
def test_every_character_of_every_text_comes_back(given: list[str]) -> None:
    assert texts(forward(given)) == given


@given(st.lists(st.one_of(WORDS, st.just(" "), st.just(" "))).map("".join))
def test_words_are_those_that_analysis_counts(text: str) -> None:
    counted = [part for token in tokens(text) for part in token.parts]
    made = forward([text])
    if not any(mark in text for mark in "'’"):  # around code-like tokens these are told less finely
        assert made.sizes == (len(counted),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("l'annulation d’un ordre", ["annulation", "un", "ordre"]),
        ("jusqu'au 4 mai", ["au", "4", "mai"]),
        ("the customer's orders, don't", ["the", "customer", "orders", "don"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
    ],
)
def test_elided_words_are_gaps(text: str, said: list[str]) -> None:
    assert [part for token in tokens(text) for part in token.parts] == said
    assert forward([text]).sizes == (len(said),)
    assert texts(forward([text])) == [text]
