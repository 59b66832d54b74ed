"""A document as its rules see it: text, blocks, found words and dates, and small questions about lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.dates import Grammar, Kind, Token
from ingest.grammar import HEADING_ID, INLINE_CODE, MD_LINK, MD_MARK, SETEXT, SIGN, TAG, WORD
from ingest.language import CommonWords
from ingest.lexicon import Marks
from ingest.model import Block, BlockKind, Document, Form, Span
from ingest.roles import Part

LONG = 60  # characters: running text rather than a name or a title
LONGEST_HEADING = 180  # characters
MOST_HEADING_WORDS = 26
MOST_STOPPED_WORDS = 7  # of a heading that ends as a sentence does
BETWEEN = re.compile(r"[ \u00a0]*[|/·•–—(-][ \u00a0]*")  # a day in one language and in another
PRERELEASE = re.compile(r"-[a-z]+\.?\d*")  # "2024-05-01-preview": an API's version, named by its day
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_NEXT_SENTENCE = re.compile(r"[.!?](?<=[^\W\d_]{3}[.!?])\s+[A-ZÀ-Ý]")


@dataclass(frozen=True, slots=True)
class Page:
    """A document with what was found in it, as the rules see it."""

    document: Document
    text: str
    grammar: Grammar
    marks: Marks
    common: CommonWords
    blocks: Sequence[Block]
    tokens: Sequence[Token]
    token_starts: Sequence[int]
    vendor: str | None = None
    fused: Sequence[Span] = ()  # labels that ran into the titles below them

    def clean(self, block: Block) -> str:
        content = self.text[block.span.start + block.lead : block.span.end]
        if self.document.form is not Form.MARKDOWN:
            return content
        return plain(
            HEADING_ID.sub("", SETEXT.sub("", content)) if block.kind is BlockKind.HEADING else content
        )

    def breaks(self, above: Block, below: Block) -> int:
        """How many lines end between two blocks: more than one where a blank line parts them."""
        return self.document.text.count("\n", above.span.end, below.span.start)

    def tokens_in(self, start: int, end: int) -> Sequence[Token]:
        first = bisect_left(self.token_starts, start)
        return self.tokens[first : bisect_left(self.token_starts, end, first)]


def plain(markdown: str) -> str:
    """Markdown's inline marks taken off: links keep their text, code its words."""
    text = MD_LINK.sub(lambda m: m["text"], markdown)
    text = INLINE_CODE.sub(lambda m: m["code"], text)
    return MD_MARK.sub("", text) if "*" in text or "_" in text or "<" in text else text


def bare(page: Page, block: Block) -> Span:
    """The content without brackets, stars, colons and dots around it."""
    start, end = block.span.start + block.lead, block.span.end
    text = page.text
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and (last := text[end - 1]) != "?" and not last.isalnum():
        end -= 1
    return Span(start, end)


def shown(page: Page, block: Block, span: Span) -> str:
    """The text of a span with the targets of Markdown's links as blanks: every character keeps its place."""
    text = span.of(page.text)
    if page.document.form is not Form.MARKDOWN or not block.links:
        return text
    for link, target in block.links:
        start = link.end - span.start
        closed = text.find(")", max(0, start) + len(target)) + 1
        end = closed or len(text)
        if 0 <= start < end:
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def product_in(page: Page, start: int, end: int) -> bool:
    return page.marks.any(f"product.{page.vendor}", start, end)


def names_product(page: Page, part: Part) -> bool:
    """Whether a part is the name of one product and nothing else, "DigiCert® CA Manager"."""
    if len(part.text) > LONGEST_HEADING or not part.words & page.marks.bit(f"product.{page.vendor}"):
        return False
    named = page.marks.find(f"product.{page.vendor}", part.start, part.end)
    rest = part.text
    for mark in (*named, *page.marks.find(f"vendor.{page.vendor}", part.start, part.end)):
        rest = rest.replace(page.text[mark.start : mark.end], "")
    return len({mark.value for mark in named}) == 1 and not WORD.search(rest)


def heading_like(text: str) -> bool:
    """Short, beginning with a capital or digit, and not a sentence by its end."""
    text = text.strip()
    if len(text) > LONGEST_HEADING or text.endswith((":", ";", ",", "…", "?")):
        return False
    text = SIGN.sub("", TAG.sub("", text))
    first = text.lstrip("«“\"'([* \u00a0")[:1]
    if not (first.isupper() or first.isdigit() or first in "/.`" or _BRAND.match(text)):
        return False  # but vRack, iOS
    stopped = text.endswith((".", "!"))
    if (stopped and "," in text) or _NEXT_SENTENCE.search(text):
        return False
    return 0 < len(WORD.findall(text)) <= (MOST_STOPPED_WORDS if stopped else MOST_HEADING_WORDS)


def all_caps(text: str) -> bool:
    return text.isupper() and len(WORD.findall(text)) >= 2


def _same_day(page: Page, tokens: Sequence[Token]) -> bool:
    """Whether dates side by side are one and the same, in two languages: "March 9, 2022 | 9 mars 2022"."""
    days = {(token.kind, token.year, token.month, token.day) for token in tokens}
    between = (page.text[one.span.end : two.span.start] for one, two in pairwise(tokens))
    return len(days) == 1 and tokens[0].year is not None and all(BETWEEN.fullmatch(said) for said in between)


def whole_date(page: Page, block: Block) -> Token | None:
    """The date that a line consists of, but for brackets and words such as "Published on"."""
    span = bare(page, block)
    if len(span) > 60:
        return None
    tokens = page.tokens_in(span.start, span.end)
    if not tokens or tokens[0].kind is not Kind.DATE:
        return None
    if len(tokens) > 1 and not _same_day(page, tokens):
        return None
    end = tokens[-1].span.end
    if end < span.end - 1 and not PRERELEASE.fullmatch(page.text, end, span.end):
        return None
    before = page.text[span.start : tokens[0].span.start].strip(" :,-\u00a0")
    ok = not before or page.marks.whole("page.date_words", span.start, span.start + len(before)) is not None
    return tokens[0] if ok and (tokens[0].year or tokens[0].day) else None
