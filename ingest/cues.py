"""What is a cue for an entry beginning here?  Its weight, where it can speak, and the cues that titles and
texts share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ingest.context import PRELUDE, PROSE, Context
from ingest.dates import Kind
from ingest.grammar import PREFIX, WORD
from ingest.page import LONG, product_in
from ingest.roles import Role

BESIDE = 6  # characters between a word and the day that goes with it
COLON = re.compile(r"[ \u00a0*_]*[:–—]")
CueRule = Callable[[Context, int], bool]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A cue, its weight, and what must be there for it to speak: else it is not asked.

    `words` are categories of which one must stand in the part (none: any part), `above` the parts that
    one of must stand right above it (None: any), `page` a fact of the whole document.
    A `dear` cue is asked only where the others leave the decision open.
    """

    check: CueRule
    weight: float
    words: tuple[str, ...] = ()
    dear: bool = False
    above: Collection[Role] | None = None
    page: Callable[[Context], bool] | None = None

    @property
    def name(self) -> str:
        return self.check.__name__.strip("_")


def if_words(check: CueRule, weight: float, *words: str) -> Weighed:
    return Weighed(check, weight, words)


def if_above(check: CueRule, weight: float, roles: Collection[Role]) -> Weighed:
    return Weighed(check, weight, above=roles)


def if_page(check: CueRule, weight: float, page: Callable[[Context], bool]) -> Weighed:
    return Weighed(check, weight, page=page)


def at_last(check: CueRule, weight: float, *words: str) -> Weighed:
    return Weighed(check, weight, words, dear=True)


def first_window(s: Context, at: int) -> bool:
    """A text that announces a window, below an entry without a title and without any window."""
    return s.parts[at].role is Role.TEXT and s.heading() is None and brings_window(s, at)


def brings_window(s: Context, at: int) -> bool:
    """The open entry has a window here, and none above."""
    part = s.parts[at]
    if s.open is None:
        return False
    start = s.parts[s.open.first].block.span.start
    return s.has_window(part.start, part.end) and not s.has_window(start, part.start)


def marker_prefix(s: Context, at: int) -> bool:
    """ "Note: …", "API Note: …", "*Note: …": a remark inside an entry."""
    return not first_window(s, at) and opens_with_marker(
        s, at
    )  # "Update: the maintenance …" where titles are lost


def opens_with_marker(s: Context, at: int) -> bool:
    """A remark's mark and a colon open the part."""
    part = s.parts[at]
    start = part.start
    while start < part.end and not s.page.text[start].isalnum():
        start += 1
    mark = s.marks.at("entry.markers", start)
    return mark is not None and COLON.match(s.page.text[mark.end : mark.end + 4]) is not None


def closed_before(s: Context, at: int) -> bool:
    previous = s.parts[at - 1]
    said = s.parts[at - 1].words & s.bits(("entry.closing",))
    return bool(said) and s.marks.any("entry.closing", previous.start, previous.end)


def another_topic(s: Context, at: int) -> bool:
    return s.cohesion(at) < 0.2


def same_topic(s: Context, at: int) -> bool:
    return s.cohesion(at) >= 0.5


def fused_to_sentence(s: Context, at: int) -> bool:
    """Stands in the line of the sentence above, right behind its end: a break between parts was lost."""
    above, here = s.parts[at - 1].block.span, s.parts[at].block.span
    return above.end == here.start and s.page.text[above.end - 1] in ".!?"


def lead_in_above(s: Context, at: int) -> bool:
    """The line above ends with a colon or is a remark's mark: what follows belongs to it."""
    previous = s.parts[at - 1]
    if previous.role is Role.MARKER:
        return True
    if s.parts[at].role is Role.HEADING and not s.itemized:
        return False  # the lists were lost: a colon leads in to nothing
    return (
        previous.text.rstrip().endswith((":", "："))
        and previous.role is not Role.ITEM
        and not s.marks.any("entry.closing", previous.start, previous.end)
    )


def titled_as_news(s: Context, at: int) -> bool:
    """With a word that titles of entries like to have."""
    return s.marks.any("entry.title_words", *s.ends(at))


def has_levels(s: Context) -> bool:
    return s.level is not None


def has_stanzas(s: Context) -> bool:
    return bool(s.stanzas)


def ruled_off(s: Context, at: int) -> bool:
    """Below a line drawn across the page, not below one that underlines the entry's own title."""
    return s.parts[at - 1].role is Role.RULE and not s.underlines(at - 1)


def another_language(s: Context, at: int) -> bool:
    """The open entry speaks one language, the text from here on another."""
    if s.open is None:
        return False
    nxt = s.follows(at)
    end = (
        nxt.end
        if nxt is not None and s.parts[at].role is Role.HEADING and nxt.role in PROSE
        else s.parts[at].end
    )
    here = s.language(s.parts[at].start, end)
    there = s.language(s.parts[s.open.first].block.span.start, s.parts[at].block.span.start)
    return here is not None and there is not None and here != there


def carries_on(s: Context, at: int) -> bool:
    """Opens with a word that leans on what was said: "This …", "To learn more …", "Before, …".

    "You can now …" leans on nothing.
    """
    part = s.parts[at]
    start = part.start
    while start < part.end and not s.page.text[start].isalnum():
        start += 1
    mark = s.marks.at("entry.continuation", start)
    if mark is None or any(map(str.isupper, s.page.text[mark.start + 1 : mark.end])):
        return False  # "The New user endpoint …" leans on nothing either
    days = s.page.tokens_in(mark.end, min(part.end, mark.end + BESIDE))
    if days and days[0].kind is Kind.DATE and s.heading() is None:
        return False  # "On Saturday, 14 September, …", whatever language has such a word
    addressed = s.marks.at("entry.addresses", start) is not None
    return not (addressed and s.marks.any("entry.changes", start, start + 32))


def only_products(s: Context, at: int) -> bool:
    """A heading made of product names and small words alone parts an entry's text, it does not begin one."""
    part = s.parts[at]
    names = s.marks.find(f"product.{s.page.vendor}", part.start, part.end)
    if not names:
        return False
    rest = s.page.text[part.start : part.end]
    for mark in sorted(names, reverse=True):
        rest = rest[: mark.start - part.start] + rest[mark.end - part.start :]
    words = [w.lower() for w in WORD.findall(rest)]
    return all(w in s.common or len(w) <= 3 for w in words)


def prose_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    return nxt is not None and nxt.role is Role.TEXT and len(nxt.text) > LONG


def no_prose_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    if nxt is not None and nxt.role is Role.HEADING and prose_follows(s, at + 1):
        return False  # a sub-heading right below, then text
    if s.heads_hours(at):
        return False
    return (
        nxt is None
        or nxt.role in PRELUDE
        or (
            nxt.role is not Role.SUBHEADING
            and len(nxt.text) <= LONG
            and not nxt.text.rstrip().endswith((".", ":"))
            and nxt.role not in (Role.ITEM, Role.MARKER)
        )
    )


def set_off(s: Context, at: int) -> bool:
    """A blank line above and none below: a title and its text, parted from what went before."""
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT:
        return False
    text, here = s.page.text, s.parts[at].block.span
    above = text[s.parts[at - 1].block.span.end : here.start]
    return above.count("\n") >= 2 and text[here.end : nxt.block.span.start].count("\n") == 1


def prefixed_by_product(s: Context, at: int) -> bool:
    part = s.parts[at]
    match = PREFIX.match(s.page.text, part.start, part.end)
    if not match or marker_prefix(s, at) or not WORD.search(s.page.text, match.end(), part.end):
        return False
    start, end = match.span("prefix")
    return (
        product_in(s.page, start, end)
        or s.marks.any("api.api_nouns", start, end)
        or s.marks.any("labels", start, end)
    )


def opens_with_change(s: Context, at: int) -> bool:
    part = s.parts[at]
    return s.marks.any("entry.changes", part.start, s.first_sentence(part))


def inside_stanza(s: Context, at: int) -> bool:
    return s.inside_stanza(at)
