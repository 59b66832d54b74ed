"""What others wrote is shown character by character, but for what would harm the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from index.query import Snippet
from ingest.model import Span
from webapp.text import Piece, line, pieces, shown


@pytest.mark.parametrize(
    "harmful", ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ud800", "\uffff"]
)
def test_harmful_characters_show_as_replaced(harmful: str) -> None:
    assert shown(f"a{harmful}b") == "a\ufffdb"


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Détails – “API” l’été\tà 22\u202f:\u202f00\n日本 🎉 \u200f"
    assert shown(text) == text


@given(st.text())
def test_whatever_is_shown_fits_into_xml_and_keeps_its_length(text: str) -> None:
    safe = shown(text)
    assert len(safe) == len(text)
    node = etree.Element("x")
    node.text = safe
    assert etree.fromstring(etree.tostring(node)).text == (safe or None)


def test_a_title_is_one_line() -> None:
    assert line("  Two\r\n lines\t") == "Two lines"
    assert line(" \n ") == ""


def test_marks_cut_a_snippet_into_pieces() -> None:
    snippet = Snippet("domain locking now", (Span(7, 14), Span(0, 6)))
    assert pieces(snippet) == (
        Piece("domain", marked=True),
        Piece(" "),
        Piece("locking", marked=True),
        Piece(" now"),
    )


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(-3, 25), st.integers(-3, 25)), max_size=5))
def test_pieces_are_the_text_however_the_marks_lie(text: str, marks: list[tuple[int, int]]) -> None:
    made = pieces(Snippet(text, tuple(Span(*mark) for mark in marks)))
    assert "".join(piece.text for piece in made) == shown(text)
    assert all(piece.text for piece in made)
