"""Markdown's own marks are not shown; what they mean is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Block, BlockKind, Form, Span
from webapp.inline import plain
from webapp.markup import Renderer, source_notes


def shown(
    text: str, *code: str, links: dict[str, str] | None = None, kind: BlockKind = BlockKind.PARAGRAPH
) -> str:
    """The line as HTML; `code` and `links` as the Markdown reader marks them."""
    spans = tuple(Span(text.index(c), text.index(c) + len(c)) for c in code)
    pairs = tuple((Span(text.index(t), text.index(t) + len(t)), to) for t, to in (links or {}).items())
    block = Block(Span(0, len(text)), kind, code=spans, links=pairs)
    return str(Renderer(text, tuple(source_notes([block], text, Form.MARKDOWN))).blocks([block]))


def test_code_loses_its_backticks_and_keeps_its_stars() -> None:
    assert shown("`a*b*c` and ``x``", "a*b*c", "x") == "<p><code>a*b*c</code> and <code>x</code></p>"


def test_emphasis() -> None:
    made = shown("**410** _now_ and *then*, not snake_case_names or 2 * 3 * 4")
    assert made == (
        "<p><strong>410</strong> <em>now</em> and <em>then</em>, not snake_case_names or 2 * 3 * 4</p>"
    )


def test_links_keep_their_text() -> None:
    rel = 'rel="nofollow noopener noreferrer"'
    address = "https://x.example/a_(b)"
    made = shown(f"See [the guide]({address}) now", links={"the guide": address})
    assert made == f'<p>See <a href="{address}" {rel}>the guide</a> now</p>'


def test_harmless_elements_vanish_and_placeholders_stay() -> None:
    assert shown("Press <kbd>?</kbd> for <order_id>") == "<p>Press ? for &lt;order_id&gt;</p>"


def test_escapes_lose_their_backslash() -> None:
    assert shown(r"a \* b \_c\_ C:\dir") == "<p>a * b _c_ C:\\dir</p>"


def test_a_fence_is_not_part_of_its_code() -> None:
    made = shown("```json\n{\n  **a**\n}\n```", kind=BlockKind.CODE)
    assert made == "<pre tabindex='0'><code>{\n  **a**\n}</code></pre>"


def test_plain_text_keeps_every_star() -> None:
    block = Block(Span(0, 9), BlockKind.PARAGRAPH)
    text = "**a** `b`"
    assert (
        str(Renderer(text, tuple(source_notes([block], text, Form.TEXT))).blocks([block])) == f"<p>{text}</p>"
    )


@given(st.text(st.sampled_from("ab*_`[]()<>\\ \n/"), max_size=40))
def test_letters_survive_whatever_the_marks(text: str) -> None:
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
    tags = [
        n for n in source_notes([block], text, Form.MARKDOWN) if n.tag == "hide" and "<b" in n.span.of(text)
    ]
    if not tags:
        assert [c for c in plain(block, text) if c.isalpha()] == [c for c in text if c.isalpha()]


def test_a_long_line_of_open_marks_takes_no_long_time() -> None:
    """Quadratic work would be 10^10 steps here."""
    assert shown("**a " * 20_000 + "__b " * 20_000).count("**a") == 20_000
