"""An entry's text becomes HTML that keeps its structure and every character, and nothing else."""

from __future__ import annotations

from itertools import pairwise

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from sitemaker import announcement, stored

from ingest.model import Block, BlockKind, Entry, EntryType, Form, Span
from webapp.markup import Renderer, blocks_of, line_numbers, parts, safe_link, source_notes
from webapp.notes import Note
from webapp.text import shown

ITEM, ROW, PARAGRAPH = BlockKind.ITEM, BlockKind.ROW, BlockKind.PARAGRAPH


def entry(text: str, *blocks: Block, has_heading: bool = False) -> Entry:
    return Entry(Span(0, len(text)), EntryType.FEATURE, "en", "Title", has_heading, blocks)


def block(text: str, words: str, kind: BlockKind, **more: object) -> Block:
    start = text.index(words)
    return Block(Span(start, start + len(words)), kind, **more)  # type: ignore[arg-type]


def html(text: str, *blocks: Block, notes: tuple[Note, ...] = ()) -> str:
    every = blocks_of(entry(text, *blocks), text)
    return str(Renderer(text, (*notes, *source_notes(every, text, Form.TEXT))).blocks(every))


def test_lists_nest_by_their_depth() -> None:
    text = "• one\n  – inner\n  – other\n• two"
    items = [
        block(text, "• one", ITEM, level=1, lead=2),
        block(text, "  – inner", ITEM, level=2, lead=4),
        block(text, "  – other", ITEM, level=2, lead=4),
        block(text, "• two", ITEM, level=1, lead=2),
    ]
    expected = "<ul><li>one<ul><li>inner</li><li>other</li></ul></li><li>two</li></ul>"
    assert html(text, *items) == expected


def test_a_list_may_begin_deep_and_skip_depths() -> None:
    text = "a\nb\nc"
    deep = [block(text, "a", ITEM, level=3), block(text, "b", ITEM, level=1), block(text, "c", ITEM, level=4)]
    assert html(text, *deep) == "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"


def test_rows_gather_into_a_table_without_their_rules() -> None:
    text = "May 4 | 22:00 – 24:00 MDT | CANCELLED |\n---|---|---\nJune 8 | 22:00"
    rows = [Block(Span(0, 38), ROW), Block(Span(39, 50), ROW), Block(Span(51, len(text)), ROW)]
    table = BeautifulSoup(html(text, *rows), "lxml").table
    assert table is not None
    cells = [[cell.get_text() for cell in row.find_all("td")] for row in table.find_all("tr")]
    assert cells == [["May 4", "22:00 – 24:00 MDT", "CANCELLED"], ["June 8", "22:00"]]


def test_what_was_read_from_several_cells_has_its_place_in_the_first() -> None:
    text = "May 4 | 22:00 – 24:00 MDT | CIS"
    window = Note(Span(0, 25), "span", anchor="said-1", kind="window")
    made = Renderer(text, (window,)).blocks([Block(Span(0, len(text)), ROW)])
    assert '<td><span id="said-1" class="said window">May 4</span></td><td>22:00' in made


def test_headings_code_and_rules_have_their_elements() -> None:
    text = "New endpoints\n  GET /v1\n    {id}\n---\nMore"
    made = html(
        text,
        block(text, "New endpoints", BlockKind.SUBHEADING, level=3),
        block(text, "  GET /v1\n    {id}", BlockKind.CODE),
        block(text, "---", BlockKind.RULE),
    )
    assert made == (
        "<h2>New endpoints</h2>\n<pre tabindex='0'><code>  GET /v1\n    {id}</code></pre>\n<hr>\n<p>More</p>"
    )


def test_lines_that_no_block_covers_are_paragraphs() -> None:
    text = "known\nunknown\n***\nlast"
    assert html(text, block(text, "known", PARAGRAPH)) == "<p>known</p>\n<p>unknown</p>\n<p>last</p>"


def test_what_stands_above_the_title_is_told_apart() -> None:
    text = "March 2022\nFix\nTitle\nFix\nBody"
    date, label = block(text, "March 2022", BlockKind.DATE), Block(Span(11, 14), BlockKind.LABEL)
    heading, late = block(text, "Title", BlockKind.HEADING), Block(Span(21, 24), BlockKind.LABEL)
    split = parts(entry(text, date, label, heading, late, has_heading=True), text)
    assert split.lead == (date, label)
    assert split.heading == heading
    assert [b.span.of(text) for b in split.body] == ["Fix", "Body"]


def test_links_lead_out_only_to_the_web_and_mail() -> None:
    text = "See the guide, write to us, or run this."
    links = (
        (Span(8, 13), "https://example.com/guide?a=1&b=2"),
        (Span(15, 26), "mailto:help@example.com"),
        (Span(31, 34), "javascript:alert(1)"),
    )
    made = html(text, Block(Span(0, len(text)), PARAGRAPH, links=links))
    rel = 'rel="nofollow noopener noreferrer"'
    assert f'<a href="https://example.com/guide?a=1&amp;b=2" {rel}>guide</a>' in made
    assert f'<a href="mailto:help@example.com" {rel}>write to us</a>' in made
    assert "javascript" not in made
    assert "or run this." in made


def test_dangerous_addresses_are_no_links() -> None:
    for target in (
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/relative",
        "https://a b",
        'https://a"\n',
    ):
        link = safe_link(target)
        assert link is None or '"' in link, target  # a quote is escaped when it is written
    assert safe_link(" https://example.com/ ") == "https://example.com/"


def test_a_link_inside_a_link_is_left_out_and_crossing_notes_lose_to_the_first() -> None:
    text = "one two three"
    notes = (
        Note(Span(0, 7), "span", href="/outer"),
        Note(Span(4, 7), "code", href="/inner"),
        Note(Span(4, 13), "code"),
    )
    made = html(text, notes=notes)
    assert made == '<p><a href="/outer">one <code>two</code></a> three</p>'


def test_an_anchor_marks_exactly_what_was_read() -> None:
    text = "on June 4 at ten"
    made = html(text, notes=(Note(Span(3, 9), "span", anchor="said-1", kind="window"),))
    assert made == '<p>on <span id="said-1" class="said window">June 4</span> at ten</p>'


def test_blocks_carry_their_source_lines_once() -> None:
    text = "First. Second.\n\nThird."
    blocks = (Block(Span(0, 6), PARAGRAPH), Block(Span(7, 14), PARAGRAPH), Block(Span(16, 22), PARAGRAPH))
    numbers = line_numbers(blocks, text, 40)
    assert numbers == {0: 40, 16: 42}
    soup = BeautifulSoup(str(Renderer(text, lines=numbers).blocks(blocks)), "lxml")
    assert [p.get("id") for p in soup.find_all("p")] == ["L40", None, "L42"]
    assert [a["href"] for a in soup.find_all("a")] == ["#L40", "#L42"]


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, tuple[Block, ...], tuple[Note, ...]]:
    """Any text, blocks that follow one another in it, and notes anywhere, crossing or not."""
    text = draw(st.text(st.sampled_from("ab <>&\"'|\n\t\x00\u202e•é𝄞"), max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [Span(a, b) for a, b in pairwise(cuts)]
    kinds, depth = st.sampled_from(BlockKind), st.integers(0, 4)
    blocks = tuple(Block(span, draw(kinds), level=draw(depth)) for span in spans)
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    notes = tuple(
        Note(
            Span(*sorted(place)),
            draw(st.sampled_from(["a", "code", "span"])),
            draw(st.sampled_from([None, "/x"])),
        )
        for place in draw(st.lists(places, max_size=6))
    )
    return text, blocks, notes


@given(annotated())
def test_no_letter_is_lost_and_no_element_comes_from_the_text(
    made: tuple[str, tuple[Block, ...], tuple[Note, ...]],
) -> None:
    text, blocks, notes = made
    safe = shown(text)
    soup = BeautifulSoup(html(safe, *blocks, notes=notes), "html.parser")
    ours = {"p", "ul", "li", "h2", "h3", "pre", "code", "hr", "div", "table", "tr", "td", "a", "span"}
    assert {element.name for element in soup.find_all(True)} <= ours
    letters = [c for c in safe if c.isalnum()]
    hidden = sum(c.isalnum() for b in blocks if b.kind is BlockKind.RULE for c in b.span.of(safe))
    if not hidden:
        assert [c for c in soup.get_text() if c.isalnum()] == letters


def test_sub_headings_never_skip_a_level() -> None:
    text = "Deep\nDeeper\nShallow"
    levels = {"Deep\n": 4, "Deeper": 5, "Shallow": 2}
    blocks = [block(text, words, BlockKind.SUBHEADING, level=level) for words, level in levels.items()]
    soup = BeautifulSoup(html(text, *blocks), "lxml")
    assert [heading.name for heading in soup.find_all(["h2", "h3", "h4"])] == ["h2", "h3", "h2"]


def test_a_short_row_reaches_to_the_edge_of_its_table() -> None:
    text = "a | b | c\nd"
    made = html(text, Block(Span(0, 9), ROW), Block(Span(10, 11), ROW))
    assert made.endswith('<tr><td colspan="3">d</td></tr></table></div>')


def test_a_long_entry_takes_linear_work() -> None:
    """Quadratic work would be 10^9 steps and more here."""
    for end in (" ", "\n"):
        one = stored(announcement("Title", f"word `code` **bold**{end}" * 5_000))
        blocks = blocks_of(one.entry, one.text)
        renderer = Renderer(one.text, tuple(source_notes(blocks, one.text, Form.MARKDOWN)))
        assert str(renderer.blocks(blocks)).count("<strong>bold</strong>") == 5_000
