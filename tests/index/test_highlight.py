"""Whatever analysis finds of a wanted term in a text is marked, however few of its words are analysed."""

from __future__ import annotations

from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import heads, terms, variants
from index.highlight import Highlighter
from index.plan import Adjacent, Wanted
from index.words import fold, folded

LANGUAGES = ("en", "fr", "de")
WORDS = (
    "Dying dies die yes Éléments élément œuvre Oeuvre ŒUVRES naïf l'été d’accord Straße using Use adding ad"
    " v2/orders order_ids {id} été e\u0301te\u0301 2022 ICH ich A a"
)
ENDINGS = st.sampled_from(
    (
        "emment",
        "amment",
        "ement",
        "ences",
        "ational",
        "izing",
        "ying",
        "ies",
        "iveness",
        "enza",
        "heden",
        "ução",
    )
)
said = st.lists(
    st.sampled_from(WORDS.split()) | st.text("abcdeéilnsty", min_size=1, max_size=7), max_size=12
).map(" ".join)


@given(said, st.sampled_from(LANGUAGES))
def test_every_term_is_marked_where_it_stands(text: str, lang: str) -> None:
    for term in terms(text, lang):
        marks = Highlighter(Wanted(terms=frozenset({term.text}))).marks(folded(text), lang)
        assert any(mark.start <= term.start and term.end <= mark.end for mark in marks), term


@given(said, st.sampled_from(LANGUAGES))
def test_what_is_marked_holds_a_wanted_term(text: str, lang: str) -> None:
    for wanted in {term.text for term in terms(text, lang)}:
        for mark in Highlighter(Wanted(terms=frozenset({wanted}))).marks(folded(text), lang):
            assert wanted in {term.text for term in terms(mark.of(text), lang)}


@given(said, st.sampled_from(LANGUAGES))
def test_two_words_side_by_side_are_marked_together(text: str, lang: str) -> None:
    first, *rest = [*terms(text, lang), None]
    for second in rest:
        if first and second and second.position == first.position + 1:
            beside = Adjacent((frozenset({first.text}), frozenset({second.text})), (0, 1))
            marks = Highlighter(Wanted(phrases=frozenset({beside}))).marks(folded(text), lang)
            assert any(mark.start <= first.start and second.end <= mark.end for mark in marks)
        first = second


@pytest.mark.parametrize("lang", [*LANGUAGES, "it", "nl", "pt", "sv"])
@given(
    word=st.text("abcdeéèêïilnostuüyzß", min_size=1, max_size=9)
    | st.builds(add, st.text("bdlrsé", min_size=1, max_size=4), ENDINGS)
)
def test_analysis_leaves_the_beginning_of_a_word(lang: str, word: str) -> None:
    for term in variants(word, lang):
        assert fold(word).startswith(heads(term))
