"""Words, postings and packed numbers: what goes into the data of the search in the browser."""

from __future__ import annotations

from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import said, tokens, whole
from index.inverted import BLOCK, Inverted, Weighed, inverted, weighed
from index.packing import ALPHABET, CONTINUERS, STOPPERS, front_coded, packed, signed
from index.words import fold


def unpacked(text: str) -> list[int]:
    made, left = [], -1
    for digit in map(ALPHABET.index, text):
        if digit < STOPPERS:
            made.append((left + 1) * STOPPERS + digit)
            left = -1
        else:
            left = (left + 1) * CONTINUERS + digit - STOPPERS
    return made


def listed(text: str) -> list[str]:
    """The way back from front-coding."""
    made, before = [], ""
    for coded in text[:-1].split(" "):
        before = before[: ALPHABET.index(coded[0])] + coded[1:]
        made.append(before)
    return made


def texts(made: Inverted, count: int) -> list[dict[str, int]]:
    """What was inverted."""
    found: list[dict[str, int]] = [{} for _ in range(count)]
    for block in range(len(made.words)):
        gaps, more = iter(unpacked(made.postings[block])), iter(unpacked(made.weights[block]))
        for word, others in zip(listed(made.words[block]), unpacked(made.counts[block]), strict=True):
            text = -1
            for _ in range(others + 1):
                apart, heavy = divmod(next(gaps), 2)
                text += apart + 1
                found[text][word] = next(more) + 2 if heavy else 1
        assert [*gaps, *more] == []
    return found


@given(st.text("abCdéÉ中ͅ'’.,;:!?İß_-/{}1²u\u0301", max_size=8))
def test_what_a_text_says_are_the_words_of_its_tokens(text: str) -> None:
    """A word that stands alone is not looked into; that makes no difference."""
    words = [
        normalize("NFC", word.lower()) if word != token.text or not token.is_code else whole(token.text)
        for token in tokens(text)
        for word in (*token.parts, *((token.text,) if token.is_code else ()))
    ]
    assert said(text) == words


@given(st.lists(st.integers(0, 10**9)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


@given(st.lists(st.integers(-(10**6), 10**6)))
def test_signed_numbers_come_back(numbers: list[int]) -> None:
    assert [-(n + 1) // 2 if n % 2 else n // 2 for n in signed(numbers).tolist()] == numbers


def test_what_is_packed_needs_no_escaping_in_a_script() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == STOPPERS + CONTINUERS
    assert set(ALPHABET).isdisjoint('"\\<')
    assert (ALPHABET.isprintable(), ALPHABET.isascii()) == (True, True)


def test_a_dictionary_keeps_what_words_begin_with() -> None:
    long = "a" * 100
    kept = len(ALPHABET) - 1  # letters at most
    assert front_coded(["été", "étés", long, f"{long}b"]) == f"#été &s #{long} ~{long[kept:]}b "
    assert listed(front_coded(["été", "étés", long, f"{long}b"])) == ["été", "étés", long, f"{long}b"]


def test_letters_beyond_sixteen_bits_are_not_kept() -> None:
    """JavaScript counts them as two."""
    assert front_coded(["a\U0001d504b", "a\U0001d504c"]) == "#a\U0001d504b $\U0001d504c "


WORDS = st.text(st.characters(categories=["L", "N"], exclude_characters="\ud800"), min_size=1, max_size=4)
TEXTS = st.lists(st.dictionaries(WORDS, st.integers(1, 90), max_size=12), max_size=40)


def heavy(given: list[dict[str, int]]) -> Weighed:
    """Texts, each given by its words and what they weigh."""
    words = list(dict.fromkeys(word for text in given for word in text))
    rows = [
        (words.index(word), number)
        for number, text in enumerate(given)
        for word, weight in text.items()
        for _ in range(weight)
    ]
    found = np.array(rows, np.int64).reshape(-1, 2)
    return Weighed(words, found[:, 0], found[:, 1])


@given(TEXTS)
def test_every_word_and_weight_comes_back(given: list[dict[str, int]]) -> None:
    assert texts(inverted(heavy(given)), len(given)) == given


def test_blocks_are_in_alphabetical_order_whatever_the_accents() -> None:
    given = [{f"é{n:03}": 1 for n in range(BLOCK)}, {f"e{n:03}": 2 for n in range(BLOCK)}, {"f": 1}]
    made = inverted(heavy(given))
    words = [word for block in made.words for word in listed(block)]
    assert len(made.words) == 3
    assert words[:3] == ["e000", "é000", "e001"]
    assert [fold(word) for word in words] == sorted(map(fold, words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l'annulation d’un ordre", ["annulation", "un", "ordre"]),
        ("the customer's orders, DON'T", ["the", "customer", "orders", "don"]),
        ("GET /v2/Order/{id}", ["get", "v2", "order", "id", "v2/order/{id}"]),
        ("E\u0301te\u0301 Straße", ["été", "straße"]),
    ],
)
def test_words_in_lower_case_and_code_as_a_whole(text: str, words: list[str]) -> None:
    assert said(text) == words


@given(st.text("aé1_/{}-'’ \n\x1c\u2028\u0301ltqu"))
def test_words_are_those_of_the_tokens_and_of_what_stands_between_blanks(text: str) -> None:
    assert said(text) == [word for token in tokens(text) for word in said(token.text)]
    assert said(text) == [word for run in text.split() for word in said(run)]


def test_a_title_weighs_more_than_its_own_place_in_the_text() -> None:
    entries = [("Domain lock", "Domain lock\nThe domain is locked."), ("S/MIME", "")]
    assert texts(inverted(weighed(entries)), 2) == [
        {"domain": 4, "lock": 3, "the": 1, "is": 1, "locked": 1},
        {"s": 2, "mime": 2, "s/mime": 2},
    ]


def test_no_texts_have_no_words() -> None:
    assert inverted(weighed([])) == Inverted((), (), (), ())
