"""What runs through a whole page?  Numbered entries, records of fields, dates below entries and in titles.

A single number or date says little of its place; a series of them does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.dates import Kind, Token
from ingest.outline import Part, Role
from ingest.page import Page

FEWEST = 3  # members of a series
NUMBER = re.compile(r"(?:(?P<arabic>\d{1,3})|(?P<roman>[IVXLC]{1,7}))(?P<sign>[.)])[ \u00a0]+(?=\S)")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
FIELD_NAME = re.compile(r"(?P<name>[^\W\d_]{2,20})(?:[ \u00a0]?:|[ \u00a0]{2,}|\t)")
HEADED = (Role.HEADING, Role.SUBHEADING)
BEFORE_TITLE_DATE = re.compile(r"[(\[][ \u00a0]*$|[ \u00a0][–—-][ \u00a0]+$")


def numbered(page: Page, parts: Sequence[Part]) -> frozenset[int]:
    """The parts that open with "1)", "2)" … or "I.", "II." …, where most of the page is counted so.

    Blank lines part them: the steps of a procedure stand close together.
    """
    counted = [member for run in _runs(page, parts) for member in run]
    reach = sum(run[-1] - run[0] + 1 for run in _runs(page, parts))
    apart = sum(blank_above(page, parts, at) for at in counted)
    if 2 * reach < len(parts) or 10 * apart < 8 * len(counted):
        return frozenset()
    return frozenset(counted)


def _runs(page: Page, parts: Sequence[Part]) -> Iterator[list[int]]:
    """Parts whose numbers count up from one, in one style."""
    run: list[int] = []
    style = ""
    for at, part in enumerate(parts):
        said = page.text[part.block.span.start : part.end].lstrip(" \t\u00a0>")[:12]
        match = NUMBER.match(said)
        if match is None:
            continue
        value, own = _value(match), f"{match.lastgroup}{match['sign']}{bool(match['roman'])}"
        if run and own == style and value == len(run) + 1:
            run.append(at)
        elif value == 1:
            if len(run) >= FEWEST:
                yield run
            run, style = [at], own
    if len(run) >= FEWEST:
        yield run


def _value(match: re.Match[str]) -> int:
    """
    >>> _value(NUMBER.match("XIV. Fourteen"))
    14
    """
    if match["arabic"]:
        return int(match["arabic"])
    digits = [ROMAN[letter] for letter in match["roman"]]
    return sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))


def blank_above(page: Page, parts: Sequence[Part], at: int) -> bool:
    """Whether a blank line stands above a part, or nothing at all."""
    return at == 0 or _lines_between(page, parts[at - 1], parts[at]) >= 2


def _lines_between(page: Page, above: Part, below: Part) -> int:
    return page.document.text.count("\n", above.block.span.end, below.block.span.start)


def records(page: Page, parts: Sequence[Part]) -> frozenset[int]:
    """The parts that open a record: below a blank line and above a further field, the same field with a
    date, "When    June 4, …"."""
    places: dict[str, list[int]] = {}
    for at, (part, below) in enumerate(pairwise(parts)):
        field = FIELD_NAME.match(page.text, part.start, part.end)
        if not field or not page.tokens_in(part.start, part.end) or not blank_above(page, parts, at):
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
        and _lines_between(page, parts[at - 1], parts[at]) == 1
        and (at + 1 == len(parts) or _lines_between(page, parts[at], parts[at + 1]) >= 2)
    ]
    return 10 * len(closing) >= 9 * len(dates)


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
