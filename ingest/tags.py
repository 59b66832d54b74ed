"""Does each change of a page open with a tag: "[fixed] …", "(new) …", "Removed: …", "ADDED – …", "**Fix** …"?

One paragraph that opens so says little; where most of a page's paragraphs do, each of them is an entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.grammar import WORD
from ingest.model import Form, Span
from ingest.page import Page
from ingest.roles import Part, Role

FEWEST = 3  # paragraphs that make it a habit
FEWEST_WORDS = 3  # behind a tag
_OPENING = re.compile(
    r"(?P<bracket>[\[(])(?P<bracketed>[^\[\]()\n]{2,24})[\])][*_`]{0,3}[ \u00a0]?:?(?=\s)"
    r"|(?P<mark>[*_]{2})(?P<marked>[^*_\n]{2,24}?)[ \u00a0]?:?(?P=mark)[ \u00a0]?:?(?=\s)"
    r"|(?P<plain>[^\W\d_]+(?:-[^\W\d_]+)*(?:[ \u00a0][^\W\d_]+){0,2}?)"
    r"(?:[ \u00a0]?(?P<sign>[:–—|])(?=\s)|[ \u00a0](?P<dash>-)(?=\s)|(?P<gap>\t|[ \u00a0]{2,}))"
)
_TOLD = (Role.TEXT, Role.HEADING)
_TAGS = ("bracketed", "marked", "plain")
_STYLES = ("bracket", "mark", "sign", "dash", "gap")


class _Tag(NamedTuple):
    style: str
    kind: str | None


def tagged(page: Page, parts: Sequence[Part]) -> dict[int, str | None]:
    """The parts that open with a tag, each with the kind of change that it names, if packs know it.

    Empty where fewer than half of the paragraphs from the first such on are tagged in one style, or where no
    pack knows most of the tags.
    """
    told = [at for at, part in enumerate(parts) if part.role in _TOLD and _opens(page, parts, at)]
    styles: dict[str, dict[int, str | None]] = defaultdict(dict)
    for at in told:
        if tag := _tag(page, parts[at]):
            styles[tag.style][at] = tag.kind
    for found in sorted(styles.values(), key=len, reverse=True):
        known = sum(kind is not None for kind in found.values())
        first = min(found)
        paragraphs = sum(at >= first for at in told)
        if len(found) >= FEWEST and 2 * known > len(found) and 2 * len(found) >= paragraphs:
            return found
    return {}


def _opens(page: Page, parts: Sequence[Part], at: int) -> bool:
    """Whether a part stands below a blank line, or what introduces it; where there is markup, each does."""
    if page.document.form is not Form.TEXT or at == 0 or parts[at - 1].role not in _TOLD:
        return True
    return page.breaks(parts[at - 1].block, parts[at].block) > 1


def _tag(page: Page, part: Part) -> _Tag | None:
    match = _OPENING.match(page.text, part.start, part.end)
    if match is None or len(WORD.findall(page.text[match.end() : part.end])) < FEWEST_WORDS:
        return None
    name = next(name for name in _TAGS if match[name])
    style = next(match[style].strip() or "gap" for style in _STYLES if match[style])
    kind = next(_kinds(page, Span(*match.span(name))), None)
    if name == "plain" and kind is None:
        return None
    return _Tag(style, kind)


def _kinds(page: Page, span: Span) -> Iterator[str]:
    for category in ("groups", "labels"):
        mark = page.marks.whole(category, *span.ends)
        if mark is not None:
            yield mark.value
