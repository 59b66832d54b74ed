"""What runs through a whole page?  Records of fields, dates below entries, dates at the ends of titles.

A single date says little of its place; a series of them does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.dates import Kind, Token
from ingest.grammar import WORD
from ingest.model import BlockKind, Form, Span
from ingest.page import Page
from ingest.roles import DATED_BIT, Part, Role

FEWEST = 3  # members of a series
FIELD_NAME = re.compile(r"(?P<name>[^\W\d_]{2,20})(?:[ \u00a0]?:|[ \u00a0]{2,}|\t)")
HEADED = (Role.HEADING, Role.SUBHEADING)
BEFORE_TITLE_DATE = re.compile(r"[(\[][ \u00a0]*$|[ \u00a0][–—-][ \u00a0]+$")


def records(page: Page, parts: Sequence[Part]) -> frozenset[int]:
    """The parts that open a record: below a blank line and above a further field, the same field with a
    date, "When    June 4, …"."""
    places: dict[str, list[int]] = {}
    for at, (part, below) in enumerate(pairwise(parts)):
        if not part.words & DATED_BIT:
            continue
        field = FIELD_NAME.match(page.text, part.start, part.end)
        if not field or (at and page.breaks(parts[at - 1].block, part.block) < 2):
            continue
        if at and _titles(page, parts[at - 1]):
            continue
        again = FIELD_NAME.match(page.text, below.start, below.end)
        if again and not page.marks.at("entry.markers", part.start):
            places.setdefault(field["name"].casefold(), []).append(at)
    return frozenset(at for found in places.values() if len(found) >= FEWEST for at in found)


def _titles(page: Page, part: Part) -> bool:
    """Whether a line is a title, and no field of the record above."""
    return part.role is Role.HEADING and not FIELD_NAME.match(page.text, part.start, part.end)


def dates_below(page: Page, parts: Sequence[Part]) -> bool:
    """Whether the page's lines of dates close the entries above them: no blank line above, and one below; or,
    where there is markup, a line that is drawn across the page below."""
    dates = [at for at, part in enumerate(parts) if part.role is Role.DATE]
    if len(dates) < FEWEST or dates[0] == 0:
        return False
    return 10 * sum(_closes(page, parts, at) for at in dates) >= 9 * len(dates)


def _closes(page: Page, parts: Sequence[Part], at: int) -> bool:
    """Whether the date at `at` ends what stands above it."""
    if parts[at - 1].role not in (Role.TEXT, Role.ITEM):
        return False
    if at + 1 == len(parts):
        return True
    block, below = parts[at].block, parts[at + 1].block
    if page.document.form is not Form.TEXT:
        drawn = below.kind is BlockKind.RULE and not below.level
        return block.kind is BlockKind.PARAGRAPH and drawn
    return page.breaks(parts[at - 1].block, block) == 1 and page.breaks(block, below) >= 2


def dates_under_titles(page: Page, parts: Sequence[Part]) -> frozenset[int]:
    """The parts that say when and what kind right under the titles of entries, where nearly all of the page's
    dates stand so: a title, its date, its text."""
    if page.document.form in (Form.TEXT, Form.FEED):
        return frozenset()
    dates = [at for at, part in enumerate(parts) if part.role is Role.DATE]
    runs = [run for at in dates if (run := _run_under_title(parts, at))]
    told = any(parts[at].block.kind is BlockKind.DATE for at in dates)  # by the page's front matter
    if not told and (len(runs) < FEWEST - 1 or 10 * len(runs) < 8 * len(dates)):
        return frozenset()
    return frozenset(at for run in runs for at in run)


def _run_under_title(parts: Sequence[Part], at: int) -> range | None:
    """The date at `at` with what stands between the title above and the text below; None without those."""
    first, last = at, at + 1
    while first and _stands_beside(parts[first - 1]):
        first -= 1
    while last < len(parts) and _stands_beside(parts[last]):
        last += 1
    above = parts[first - 1] if first else None
    titled = above is not None and above.role is Role.HEADING and above.block.kind is BlockKind.HEADING
    below = last < len(parts) and parts[last].role in (Role.TEXT, Role.ITEM, Role.CODE, Role.MARKER)
    return range(first, last) if titled and below else None


def _stands_beside(part: Part) -> bool:
    """Whether a part says of what kind and by whom, or nothing: where a container begins."""
    return part.role in (Role.LABEL, Role.NAVIGATION) or (part.role is Role.RULE and part.start == part.end)


def own_days(page: Page, parts: Sequence[Part]) -> dict[int, Token]:
    """The parts that are entries and say on which day: "2025-04-22: Mail was delayed …", or rows of a table
    with a day in one cell and sentences in another, where most of the page's text stands in such parts."""
    if page.document.form in (Form.TEXT, Form.FEED):
        return {}
    dated = (at for at, part in enumerate(parts) if part.words & DATED_BIT and part.role in _DAYS)
    found = {at: token for at in dated if (token := _DAYS[parts[at].role](page, parts[at]))}
    if len(found) < FEWEST:
        return {}
    told = sum(parts[at].end - parts[at].start for at in found)
    whole = sum(part.end - part.start for part in parts if part.role in _TELLING)
    return found if 2 * told >= whole else {}


def cells(page: Page, part: Part) -> list[Span]:
    """The cells of a row without blanks and marks of emphasis around them."""
    found, at = [], part.start
    for cell in page.text[part.start : part.end].split("|"):
        start = at + len(cell) - len(cell.lstrip(_AROUND))
        found.append(Span(start, max(start, at + len(cell.rstrip(_AROUND)))))
        at += len(cell) + 1
    return found


def _day_in_cell(page: Page, part: Part) -> Token | None:
    own = cells(page, part)
    days = {token.span: token for token in page.tokens_in(part.start, part.end) if token.kind is Kind.DATE}
    day = next((days[cell] for cell in own if cell in days), None)
    if day is None or not day.day:
        return None
    hours = sum(token.kind is Kind.TIME for token in page.tokens_in(part.start, part.end)) >= 2
    return day if hours or any(_is_told(cell.of(page.text)) for cell in own) else None


def _day_in_front(page: Page, part: Part) -> Token | None:
    day = next(iter(page.tokens_in(part.start, part.start + 4)), None)
    if day is None or day.kind is not Kind.DATE or not (day.day and day.year) or part.block.level > 1:
        return None
    if page.text[part.start : day.span.start].strip(_AROUND + "[("):
        return None
    behind = _BEHIND_DAY.match(page.text, day.span.end, part.end)
    return day if behind and _is_told(page.text[behind.end() : part.end]) else None


def _is_told(text: str) -> bool:
    """Whether a text is more than a name."""
    return len(WORD.findall(text)) >= FEWEST


_AROUND = " \t\u00a0*_`"
_BEHIND_DAY = re.compile(r"[*_`\])]*[ \u00a0]?[*_]*(?::|[–—-](?=[ \u00a0]))[*_]*")
_DAYS = {Role.ROW: _day_in_cell, Role.TEXT: _day_in_front, Role.ITEM: _day_in_front}
_TELLING = (*_DAYS, Role.CODE)


def dated_titles(page: Page, parts: Sequence[Part]) -> dict[int, Token]:
    """The dates that end titles, "… (2 May 2024)" or "… — 2 May 2024", by the title's start, where
    several titles end so."""
    found = {}
    for part in parts:
        tokens = page.tokens_in(part.start, part.end) if part.role in HEADED else ()
        if tokens and _ends_title(page, part, tokens[-1]):
            found[part.start] = tokens[-1]
    return found if len(found) >= FEWEST else {}


def _ends_title(page: Page, part: Part, token: Token) -> bool:
    if token.kind is not Kind.DATE or not (token.day and token.year) or token.span.start == part.start:
        return False
    behind = page.text[token.span.end : part.end].strip(" \u00a0)].")
    return not behind and BEFORE_TITLE_DATE.search(page.text, part.start, token.span.start) is not None
