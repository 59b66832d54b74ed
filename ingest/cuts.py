"""Where does a line of text hold more than one part?  A heading fused to a sentence, rows run together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile

from msgspec.structs import replace

from ingest.dates import Kind, Token, joined, same_or_next
from ingest.grammar import FUSE, METHOD_PATH, PREFIX, WORD
from ingest.lexicon import Lexicon, either
from ingest.model import Block, BlockKind, Form, Span
from ingest.page import LONGEST_HEADING, PRERELEASE, Page, bare, heading_like, product_in

CAPITALIZED = re.compile(r"[A-ZÀ-Ý][^\W\d_A-ZÀ-Ý]*")
SENTENCES = re.compile(r"[.!;](?:\s|$)|[.!?][A-ZÀ-Ý]|\(\w+\)$")
STOPPED = re.compile(r"[.;,]\s*$|[.!?]\s+[A-ZÀ-Ý]|[^\W\d_]{2}[.!?][A-ZÀ-Ý][^\W\d_]{2}")
SENTENCE_END = re.compile(r"(?<=[^\W_]{2}[.!?])\s*(?=[A-ZÀ-Ý])")
LONGEST_ROW = 200  # characters from a row's day to its zone
LONGEST_STAMP = 60  # characters of a date and a label
DASHES = ("–", "—", "-", "→")
CELLS = re.compile(r"[\t|]")
# "Network/dnsZones", "Records.apiVersion", but not "SSL/TLS"
PROGRAM = re.compile(r"[^\W_]+(?:[_.][^\W_]|/[a-z])")
SEPARATORS = " \t\u00a0|·•–—-,"
NOUN_NEAR = 24  # characters between a noun and the capital in the name behind it
FEWEST_BEHIND_NUMBER = 4  # words of a title that begins with a number, fused to a sentence
FEWEST_LABELS, FEWEST_TITLE_WORDS = 2, 3  # labels that ran into titles; words of such a title
LONGEST_WORD = 30  # characters of a word to each side of a seam
_LETTERS, _LETTERS_BEFORE = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W\d_]+$")


def cut(page: Page) -> list[Block]:
    """The blocks of plain text, those that hold several parts cut into them."""
    if page.document.form is not Form.TEXT:
        return list(page.blocks)
    seams = _Seams(page.text)
    starts = [block.span.start for block in page.blocks]
    labels = sorted(at for label in page.fused for at in (label.start, label.end))
    asked = {bisect_right(starts, at) - 1 for at in (*seams.places, *page.token_starts, *labels)}
    cuts = {number: found for number in asked if (found := _cuts(page, page.blocks[number], seams, labels))}
    blocks: list[Block] = []
    fused = frozenset(labels)
    for number, block in enumerate(page.blocks):
        blocks += _pieces(page, block, cuts[number], fused) if number in cuts else (block,)
    return blocks


class _Seams:
    """Where words of a text are fused: a sentence and a title, or the halves of a name ("DigiCert")."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = [match.start() for match in FUSE.finditer(text)]

    def within(self, start: int, end: int) -> Sequence[int]:
        return self.places[bisect_left(self.places, start) : bisect_left(self.places, end)]

    def repeated(self, at: int) -> bool:
        """Whether the letters around the seam stand elsewhere in the text too: they are one word then."""
        return self._words[self._word(at)] > 1

    @cached_property
    def _words(self) -> Counter[str]:
        return Counter(word for at in self.places if (word := self._word(at)))

    def _word(self, at: int) -> str:
        before = _LETTERS_BEFORE.search(self.text, max(0, at - LONGEST_WORD), at)
        after = _LETTERS.match(self.text, at, at + LONGEST_WORD) if before else None
        return before.group() + after.group() if before and after else ""


def fused_labels(lexicon: Lexicon, text: str) -> Sequence[Span]:
    """The labels that ran into the titles below them: "fixCertCentral: …", "… any more.newSite seals …"."""
    matches = _label_pattern(lexicon).finditer(text)
    found = [Span(*match.span("label")) for match in matches if _opens_title(text, match.end())]
    return found if len(found) >= FEWEST_LABELS else ()


def _opens_title(text: str, at: int) -> bool:
    """Whether the rest of a line is a title of some words: no sentence, and no call of a function."""
    line = text[at : text.find("\n", at)] if "\n" in text[at : at + LONGEST_HEADING] else text[at:]
    first = WORD.match(line)
    code = first is not None and line[first.end() : first.end() + 2].startswith(("(", " (", ".", "_", ": ["))
    words = WORD.findall(line[: LONGEST_HEADING + 1])
    return (
        heading_like(line) and len(words) >= FEWEST_TITLE_WORDS and not code and not line.endswith((".", "!"))
    )


@lru_cache(maxsize=8)
def _label_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    words = either(word.lower() for word in lexicon.words("page.fused_labels")) or "(?!)"
    return re.compile(rf"(?:^[ \u00a0]*|(?<=[^\W\d_]{{2}}[.!?]))(?P<label>{words})(?=[A-ZÀ-Ý])", re.M)


def _cuts(page: Page, block: Block, seams: _Seams, labels: Sequence[int]) -> set[int]:
    """The places where further parts begin in a block."""
    if block.kind is BlockKind.RULE:
        return set()
    start, end = block.span.start, block.span.end
    fused = labels[bisect_right(labels, block.content.start) : bisect_left(labels, end)]
    cuts = set(fused) | set(_fused_cuts(page, block, seams))
    tokens = page.tokens_in(start, end)
    if not tokens:
        return cuts
    if stamped := _beside_label(page, block, tokens):
        return {stamped}
    return cuts.union(_row_cuts(page, block, tokens), _days(page, block, tokens))


def _beside_label(page: Page, block: Block, tokens: Sequence[Token]) -> int | None:
    """Where a date ends and a label begins that share a line, or the reverse: "May 3, 2024 | NEW"."""
    day, inside = tokens[0], bare(page, block)
    if len(tokens) > 1 or len(inside) > LONGEST_STAMP or day.kind is not Kind.DATE or not day.day:
        return None
    if day.span.start == inside.start:
        if PRERELEASE.fullmatch(page.text, day.span.end, inside.end):
            return None
        rest = Span(day.span.end, inside.end)
        at = rest.end - len(rest.of(page.text).lstrip(SEPARATORS))
        return at if at < rest.end and page.marks.whole("labels", at, rest.end) else None
    if day.span.end == inside.end:
        end = inside.start + len(page.text[inside.start : day.span.start].rstrip(SEPARATORS))
        return day.span.start if page.marks.whole("labels", inside.start, end) else None
    return None


def _days(page: Page, block: Block, tokens: Sequence[Token]) -> Iterator[int]:
    """Where a day that was a heading ran into the lines around it: "… until then.May 27, 2025",
    "June 7, 2025Global maintenance"."""
    last = _trimmed(page.text, block.span.start, block.span.end)
    for day in tokens:
        start, end = day.span.start, day.span.end
        if day.kind is not Kind.DATE or not day.day or not day.year:
            continue
        leads = start == block.content.start
        behind = not leads and page.text[start - 1] in ".!?)»”" and page.text[start - 2] != "."
        titled = end < block.span.end and page.text[end].isupper()
        if behind and (titled or end >= last):
            yield start
        if titled and (leads or behind):
            yield end


def _pieces(page: Page, block: Block, cuts: set[int], labels: Collection[int]) -> Iterator[Block]:
    start = block.span.start
    for at in sorted(cuts):
        span = Span(start, _trimmed(page.text, start, at))
        cell = Span(start, start + len(span.of(page.text).rstrip(SEPARATORS)))
        alone = block.kind is BlockKind.ROW and not CELLS.search(page.text, cell.start, cell.end)
        span = cell if alone else span
        kind = BlockKind.PARAGRAPH if alone else block.kind  # the only cell is no row
        yield replace(
            block,
            kind=BlockKind.LABEL if at in labels and start in labels else kind,
            span=span,
            lead=block.lead if start == block.span.start else 0,
        )
        start = at
    yield Block(Span(start, block.span.end), BlockKind.PARAGRAPH)


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\u00a0":
        end -= 1
    return end


def _row_cuts(page: Page, block: Block, tokens: Sequence[Token]) -> Iterator[int]:
    """Where further schedule rows begin in a line that begins with one."""
    rows = [token.span.start for token, after in pairwise(tokens) if _opens_row(page, token, after)]
    if not rows or not (
        rows[0] - block.content.start <= 2 or is_head(page, Span(block.content.start, rows[0]))
    ):
        return
    for at in rows if rows[0] - block.content.start > 2 else rows[1:]:
        before = page.text[max(block.span.start, at - 80) : at].rstrip()
        if before.endswith(("(", "[", ",", "/")) or _last_word_is_glue(page, before):
            continue
        if before.endswith(DASHES) and _hours_told(page, block.span.start, at) == 1:
            continue  # "December 30, 23:30 – December 31, 00:30"
        if before.rfind("(") > before.rfind(")") or before.rfind("[") > before.rfind("]"):
            continue  # "(October 7, 22:00 – October 8, 02:00 UTC)"
        if block.kind is BlockKind.ROW and _celled(page, rows[0]) != _celled(page, at):
            continue  # the hours again in another column, not another row
        if block.kind is BlockKind.ROW and before.endswith("|") and _same_time(page, rows[0], at):
            continue  # the day and the hours again in another zone
        yield at


def _hours_told(page: Page, start: int, end: int) -> int:
    """How many hours stand behind the last day before a place."""
    kinds = [token.kind for token in page.tokens_in(start, end)]
    return [*takewhile(lambda kind: kind is not Kind.DATE, reversed(kinds))].count(Kind.TIME)


def _same_time(page: Page, one: int, other: int) -> bool:
    """Whether what begins at two places says the same day, or one and the next, in two zones."""
    first, second = page.tokens_in(one, other), page.tokens_in(other, other + LONGEST_ROW)
    near = same_or_next(first[0], second[0]) or same_or_next(second[0], first[0])
    zones = [next((t.zone for t in tokens if t.kind is Kind.ZONE), None) for tokens in (first, second)]
    return near and (None in zones or zones[0] != zones[1])


def _celled(page: Page, at: int) -> bool:
    """Whether a cell's border stands between the date at `at` and its hours."""
    day, hour = page.tokens_in(at, at + LONGEST_ROW)[:2]
    between = page.text[day.span.end : hour.span.start]
    return "|" in between or "\t" in between


def _opens_row(page: Page, token: Token, after: Token) -> bool:
    return (
        token.kind is Kind.DATE and after.kind is Kind.TIME and joined(page.grammar, page.text, token, after)
    )


def _last_word_is_glue(page: Page, before: str) -> bool:
    words = before.rsplit(None, 1)
    last = words[-1].lower() if words else ""
    glue = page.grammar.lexicon.lower("clock.glue", "clock.range", "clock.also")
    return last in glue or last.endswith(":")


def is_head(page: Page, span: Span) -> bool:
    """Whether the words of the span are all table heads ("Date Time Notes", or fused: "DateTimeNotes")."""
    fused = CAPITALIZED.findall(span.of(page.text))
    if len(fused) >= 2 and "".join(fused) == span.of(page.text).strip():
        known = page.grammar.lexicon.lower("page.table_head")
        return all(word.lower() in known for word in fused)
    heads = page.marks.find("page.table_head", span.start, span.end)
    if not heads:
        return False
    covered = sum(m.end - m.start for m in heads)
    letters = len("".join(span.of(page.text).split()).replace("|", ""))
    return covered >= letters - len(heads)


def _fused_cuts(page: Page, block: Block, seams: _Seams) -> Iterator[int]:
    """Where a heading begins in the middle of a line, fused to the sentence before it."""
    for at in seams.within(block.span.start, block.span.end):
        tail = Span(at, block.span.end)
        if at - block.content.start < 4 or _inside_name(page, seams, at):
            continue
        after_sentence = not page.text[at - 1].isalpha()
        if not after_sentence and " " not in page.text[block.content.start : at]:
            continue  # the line's first word is written so
        if not after_sentence and (_opens_body(page, block, at) or _behind_subheading(page, block, at)):
            yield at
            continue
        if not after_sentence and (title := _title_before(page, block, at)):
            yield title
            yield at
            continue
        if after_sentence and _opens_sentence(page, block, at):
            yield at
            continue
        if len(tail) > LONGEST_HEADING:
            continue
        if page.text[at].isdigit() and len(WORD.findall(tail.of(page.text))) < FEWEST_BEHIND_NUMBER:
            continue  # "approx.30 minutes"
        if _begins_as_row(page, block) and not PREFIX.match(page.text, tail.start, tail.end):
            continue  # the row's last cell
        plain = after_sentence and page.text[at - 1] != ":"  # "Affected:CIS and SCEP"
        if _strong_heading(page, tail) or (plain and _plain_heading(tail.of(page.text))):
            yield at
            return


def _begins_as_row(page: Page, block: Block) -> bool:
    tokens = page.tokens_in(block.content.start, block.span.end)[:2]
    return (
        len(tokens) == 2
        and tokens[0].span.start == block.content.start
        and _opens_row(page, tokens[0], tokens[1])
    )


def _behind_subheading(page: Page, block: Block, at: int) -> bool:
    """Whether a sub-heading, which heads nothing any more, runs into what follows: "See alsoEnd of …"."""
    start = bare(page, block).start
    return page.grammar.lexicon.ending("entry.subheadings", page.text, at) == at - start > 0


def _opens_body(page: Page, block: Block, at: int) -> bool:
    """Whether a title runs into its own text: "… expiry dateWe put right …"."""
    return _is_title(page, block.content.start, at) and _is_body(page, block, at)


def _title_before(page: Page, block: Block, at: int) -> int | None:
    """Where a title begins behind a sentence of the same line and runs into its own text: "… not sent
    again.CertCentral: New languageThe …", "… sha256. Bugfix: Empty columnsReports came …"."""
    first = max(block.content.start, at - LONGEST_HEADING)
    ends = [match.end() for match in SENTENCE_END.finditer(page.text, first, at)]
    if not ends or not _is_title(page, ends[-1], at):
        return None
    start = ends[-1]
    fused = not page.text[start - 1].isspace()
    prefix = PREFIX.match(page.text, start, at)
    if prefix and _tells(page, *prefix.span("prefix")) and _is_sentence(page, block, at):
        return start
    return start if fused and _is_body(page, block, at) else None


def _tells(page: Page, start: int, end: int) -> bool:
    """Whether a title's prefix names a product, or a bugfix."""
    return product_in(page, start, end) is not None or page.marks.any("bugfix.title", start, end)


def _is_title(page: Page, start: int, end: int) -> bool:
    """Whether text[start:end], to whose end a sentence is fused, may be a title."""
    head = page.text[start:end]
    # "the parameter issuedAfter is …"
    named = page.marks.any("api.parameter_nouns", max(start, end - NOUN_NEAR), end)
    return (
        end - start <= LONGEST_HEADING
        and not METHOD_PATH.search(head)  # "In POST /v2/items, the parameter expiresIn is …"
        and not named
        and heading_like(head)
        and not SENTENCES.search(head)
        and len(WORD.findall(head)) >= 3
    )


def _is_body(page: Page, block: Block, at: int) -> bool:
    """Whether a common word with a capital opens a sentence at a place within a line."""
    word = WORD.match(page.text, at, at + LONGEST_WORD)
    lexicon = page.grammar.lexicon
    stops = lexicon.lower(*(f"stop.{code}" for code in lexicon.languages), "dates.on")
    common = word is not None and (word.group().lower() in stops or word.group().lower() in lexicon.numbers)
    # a blank, for "… created without validTo."; no type, for "issuedAfter (string)"
    goes_on = word is not None and re.match(r"\s(?!\()", page.text[word.end() : word.end() + 2])
    return common and bool(goes_on) and _is_sentence(page, block, at)


def _is_sentence(page: Page, block: Block, at: int) -> bool:
    words = len(WORD.findall(page.text, at, block.span.end))
    return words >= 3 and _end_of(page.text, at, block.span.end) in (".", ":")


def _opens_sentence(page: Page, block: Block, at: int) -> bool:
    """Whether a sentence runs into another one: "… until then.The list now holds …"."""
    word = WORD.match(page.text, at, at + LONGEST_WORD)
    lexicon = page.grammar.lexicon
    stops = lexicon.lower(*(f"stop.{code}" for code in lexicon.languages))
    return (
        word is not None
        and word.group().lower() in stops
        and page.text[word.end() : word.end() + 1].isspace()
        and page.text[at - 1] in ".!?"
        and page.text[at - 2].isalpha()
        and _end_of(page.text, at, block.span.end) in (".", ":", "!")
    )


def _end_of(text: str, start: int, end: int) -> str:
    """The last character of text[start:end] that is not blank."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return text[end - 1 : end] if end > start else ""


def _plain_heading(tail: str) -> bool:
    """Whether what is fused to a sentence's end reads as a heading: some words, no end of its own."""
    return heading_like(tail) and 2 <= len(WORD.findall(tail)) <= 16 and not SENTENCES.search(tail)


def _inside_name(page: Page, seams: _Seams, at: int) -> bool:
    """Whether a product's or vendor's name spans the place ("Digi|Cert"), or a word of the page does, or that
    of a program ("Acme.|Storage/accounts")."""
    named = [f"{kind}.{vendor}" for vendor in page.grammar.lexicon.vendors for kind in ("product", "vendor")]
    if any(m.start < at < m.end for category in named for m in page.marks.find(category, at - 40, at + 40)):
        return True
    return PROGRAM.match(page.text, at) is not None or seams.repeated(at)


def _strong_heading(page: Page, tail: Span) -> bool:
    """Whether the tail of a line is a heading beyond doubt: "Product: …", or a maintenance heading."""
    words = tail.of(page.text)
    if STOPPED.search(words):
        return False
    prefix = PREFIX.match(page.text, tail.start, tail.end)
    if prefix:
        start, end = prefix.span("prefix")
        if product_in(page, start, end) or page.marks.any("bugfix.title", start, end):
            return len(words) - (prefix.end() - tail.start) >= 8
    count = len(WORD.findall(words))
    if count > 9 or count < 2:
        return False
    upper = page.marks.find("maintenance.title", tail.start, tail.end)
    return bool(upper) and not product_in(page, tail.start, tail.end)
