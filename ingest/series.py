"""What runs through a whole page?  Records of fields, dates below entries, dates at the ends of titles.

A single date says little of its place; a series of them does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.dates import Kind, Token
from ingest.model import BlockKind, Form
from ingest.outline import DATED_BIT, Part, Role
from ingest.page import Page

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
        again = FIELD_NAME.match(page.text, below.start, below.end)
        if again and not page.marks.at("entry.markers", part.start):
            places.setdefault(field["name"].casefold(), []).append(at)
    return frozenset(at for found in places.values() if len(found) >= FEWEST for at in found)


def dates_below(page: Page, parts: Sequence[Part]) -> bool:
    """Whether the page's lines of dates close the entries above them: no blank line above, one below."""
    dates = [at for at, part in enumerate(parts) if part.role is Role.DATE]
    if len(dates) < FEWEST or dates[0] == 0:
        return False
    closing = [
        at
        for at in dates
        if parts[at - 1].role in (Role.TEXT, Role.ITEM)
        and page.breaks(parts[at - 1].block, parts[at].block) == 1
        and (at + 1 == len(parts) or page.breaks(parts[at].block, parts[at + 1].block) >= 2)
    ]
    return 10 * len(closing) >= 9 * len(dates)


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
    while first and parts[first - 1].role in (Role.LABEL, Role.NAVIGATION):
        first -= 1
    while last < len(parts) and parts[last].role in (Role.LABEL, Role.NAVIGATION):
        last += 1
    above = parts[first - 1] if first else None
    titled = above is not None and above.role is Role.HEADING and above.block.kind is BlockKind.HEADING
    below = last < len(parts) and parts[last].role in (Role.TEXT, Role.ITEM, Role.CODE, Role.MARKER)
    return range(first, last) if titled and below else None


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
