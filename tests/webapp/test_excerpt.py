"""What stands under a title in a list."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs
from sitemaker import announcement, stored

from index.query import Snippet
from ingest.model import Block, BlockKind, Form, Span
from webapp.excerpt import LENGTH, opening, passage, shorten, title_of
from webapp.text import Piece


def test_the_text_below_the_title() -> None:
    made = stored(announcement("Title", "First sentence.\nSecond."))
    assert opening(made, Form.TEXT) == "First sentence. Second."


def test_what_stands_above_the_title_does_not_count() -> None:
    blocks = [
        Block(Span(0, 10), BlockKind.DATE),
        Block(Span(11, 16), BlockKind.HEADING),
        Block(Span(17, 21), BlockKind.PARAGRAPH),
    ]
    assert opening(stored(announcement("2022-01-01", "Title\nBody", blocks=blocks)), Form.TEXT) == "Body"


def test_an_untitled_entry_does_not_say_its_first_words_twice() -> None:
    made = announcement("Lists no longer end early", "")
    longer = replace(made, text="Fixed\n• Lists no longer end early. They end on time.")
    blocks = (Block(Span(0, 5), BlockKind.SUBHEADING), Block(Span(6, 53), BlockKind.ITEM, lead=2))
    entry = structs.replace(made.entry, has_heading=False, span=Span(0, 53), blocks=blocks)
    assert opening(stored(replace(longer, entry=entry)), Form.TEXT) == "They end on time."


def test_nothing_but_a_title_makes_no_excerpt() -> None:
    assert passage(stored(announcement("Title", "| |")), Snippet("Title"), Form.TEXT) == ()


def test_long_text_is_cut_at_a_word() -> None:
    text = "word " * 100
    cut = shorten(text)
    assert len(cut) <= LENGTH + 2
    assert cut.endswith("word …")
    assert shorten("short") == "short"


def test_a_found_passage_says_where_it_was_cut() -> None:
    made = stored(announcement("Title", "One two three four. Five six"))
    cut = passage(made, Snippet("two three", (Span(4, 9),), made.text.index("two")), Form.TEXT)
    assert cut == (Piece("… "), Piece("two "), Piece("three", marked=True), Piece(" …"))
    whole = passage(made, Snippet("One two three four.", (Span(0, 3),), made.text.index("One")), Form.TEXT)
    assert whole == (Piece("One", marked=True), Piece(" two three four."))


def test_a_found_passage_of_markdown_loses_its_marks() -> None:
    made = stored(announcement("Title", "### The `limit` is **10**"))
    found = Snippet("### The `limit` is **10**", (Span(9, 14),), made.text.index("###"))
    cut = passage(made, found, Form.MARKDOWN)
    assert "".join(piece.text for piece in cut) == "The limit is 10"


def test_a_table_row_reads_as_a_line() -> None:
    text = "May 4 | 22:00 – 24:00 MDT | CANCELLED | |"
    made = announcement(text, "")
    row = (Block(Span(0, len(text)), BlockKind.ROW),)
    one = stored(
        replace(made, entry=structs.replace(made.entry, has_heading=False, title=text[:13], blocks=row))
    )
    assert title_of(one) == "May 4 · 22:00"
    assert opening(one, Form.TEXT) == "… 24:00 MDT · CANCELLED"
