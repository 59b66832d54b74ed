"""Which bytes are read as which characters, and which text as which form?"""

from __future__ import annotations

import codecs

import pytest

from ingest.errors import ParseError, SourceError
from ingest.model import BlockKind, Form
from ingest.readers import read, recognise
from ingest.readers.decode import decode

FRENCH = "Maintenance planifiée\nL’interruption coûtera 10 €, où que vous soyez.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_text_is_the_same_in_every_encoding(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding), "log.txt") == FRENCH


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_a_byte_order_mark_names_the_encoding(mark: bytes, encoding: str) -> None:
    assert decode(mark + FRENCH.encode(encoding), "log.txt") == FRENCH


def test_the_encoding_that_a_page_declares_is_believed() -> None:
    page = '<meta charset="iso-8859-2"><p>Změna údržby: přesunuto'
    assert decode(page.encode("iso-8859-2"), "log.html") == page


def test_line_ends_become_lf_and_accents_one_character() -> None:
    assert decode("a\r\nb\rc\ne\u0301".encode(), "log.txt") == "a\nb\nc\né"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"\x7fELF\x02\x01\x01" + bytes(64),
        b"PK\x03\x04\x14\x00\x08\x00" + bytes(range(32)) * 8,
    ],
)
def test_binary_files_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^shot\.png: is binary, not text"):
        decode(data, "shot.png")


def test_bytes_that_break_their_own_byte_order_mark_are_refused() -> None:
    with pytest.raises(SourceError, match=r"^log\.txt: is not utf-8-sig at byte \d"):
        decode(codecs.BOM_UTF8 + b"a\xff\xfe", "log.txt")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Scheduled maintenance\nOn June 4, 2022, we do maintenance.\n", Form.TEXT),
        ("New: `GET /v2` **now**\n\n- one\n- two\n", Form.TEXT),
        ("C# and # are signs\n", Form.TEXT),
        ("a < b and <b>bold</b> words in a text\n", Form.TEXT),
        ("# Changelog\n\n## 1.2.0\n\n- New report\n", Form.MARKDOWN),
        ("---\ntitle: x\n---\n# Changelog\n\ntext\n", Form.MARKDOWN),
        ("Changes\n=======\n\nMay\n---\n\n- **new** report\n- `GET /v2`\n", Form.MARKDOWN),
        ("<!DOCTYPE html><html><body><p>x</p></body></html>", Form.HTML),
        ("<div><h2>May</h2><p>New report</p></div>", Form.HTML),
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', Form.FEED),
        ('<!-- made by hand -->\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>', Form.FEED),
    ],
)
def test_the_form_is_recognised_by_content(text: str, form: Form) -> None:
    assert recognise(text) is form


def test_a_form_that_is_given_is_not_guessed() -> None:
    assert read(b"# one\n\n# two\n", "x", Form.TEXT).form is Form.TEXT


def test_a_feed_without_an_item_is_refused() -> None:
    with pytest.raises(ParseError, match=r"^empty\.rss: holds no feed item"):
        read(b'<rss version="2.0"><channel><title>x</title></channel></rss>', "empty.rss")


PAGE = """<html lang="fr"><head><title>Journal</title><script>var x = 1;</script></head><body>
<nav><a href="/">Accueil</a></nav><div class="cookie-banner">Nous utilisons des cookies</div>
<main><h2>Mai</h2><p>Un <a href="/r">rapport</a> et <code>GET /v2</code>.</p><ul><li>un</li></ul></main>
<footer>Mentions</footer></body></html>"""


def test_a_page_is_read_without_its_furniture() -> None:
    document = read(PAGE.encode(), "page.html")
    assert document.text.split() == ["Mai", "Un", "rapport", "et", "GET", "/v2.", "•", "un"]
    assert (document.lang, document.title) == ("fr", "Journal")


def test_blocks_of_a_page_know_kind_links_code_and_element() -> None:
    document = read(PAGE.encode(), "page.html")
    heading, paragraph, item = document.blocks
    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM]
    assert [(span.of(document.text), target) for span, target in paragraph.links] == [("rapport", "/r")]
    assert [span.of(document.text) for span in paragraph.code] == ["GET /v2"]
    assert (heading.element or "").endswith("h2[1]")
    assert "li[1]" in (item.element or "")


def test_a_position_counts_lines_and_characters_from_one() -> None:
    document = read("é\n\nab".encode(), "x")
    assert [(p.line, p.column) for p in map(document.position, (0, 1, 2, 3, 4))] == [
        (1, 1), (1, 2), (2, 1), (3, 1), (3, 2),
    ]  # fmt: skip
