"""How are cards, choices and bars written, many to a page?  Their macros are run once, with gaps to fill.

The macros stay the one place that says what they look like.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from index.cache import ByteCache
from webapp.histogram import HEIGHT, ROOM, Histogram
from webapp.pages import Choice, Listed, card
from webapp.text import Piece, breakable, escaped, marked

CARD_BYTES = 24 * 2**20  # of the cards that are kept in one language
GAPS = tuple(map(chr, range(0x0E, 0x1A)))  # what a macro is given for values that differ; in no shown text
_GAP = re.compile(f"[{GAPS[0]}-{GAPS[-1]}]")


class Mould:
    """Markup with gaps, which `fill` fills with more markup."""

    def __init__(self, markup: str) -> None:
        self._text = _GAP.sub("%s", markup.replace("%", "%%"))
        order = [GAPS.index(gap) for gap in _GAP.findall(markup)]
        self._order: Callable[[tuple[object, ...]], object] = itemgetter(*order) if order else lambda _: ()

    @property
    def nbytes(self) -> int:
        return sys.getsizeof(self._text)

    def fill(self, *values: object) -> str:
        """The markup with a value, which is markup or a number, for each of `GAPS`."""
        return self._text % self._order(values)


class Moulds:
    """Writes with the macros of one environment, in its language.  May be shared by threads."""

    def __init__(self, environment: Environment, limit: int = CARD_BYTES) -> None:
        self._environment, self._cards = environment, ByteCache(limit)
        self._choice, self._bar = cache(self._choice_mould), cache(self._bar_mould)
        self._macro = cache(self._macro_named)
        environment.filters |= {"card": self.card, "choices": self.choices, "bars": self.bars}

    @property
    def kept_bytes(self) -> int:
        return self._cards.used

    def card(self, one: Listed | Markup, level: int = 3) -> Markup:
        """The card, its title being a heading of this level; one that is written already stays as it is.

        A mould is kept for all that it is made of, so it cannot be stale.
        """
        if isinstance(one, Markup):
            return one
        hit = one.hit
        stored, told = hit.stored, (bool(hit.title.marks), bool(hit.passage.marks))
        key = (stored.id, stored.reading, hash(stored.text), stored.gone, one.form, level, told)
        mould = self._cards.get(key, lambda: self._card_mould(one, level, *told))
        title, passage = told
        return Markup(mould.fill(title and marked(one.title), passage and marked(one.passage)))

    def choices(self, values: Iterable[Choice]) -> Markup:
        """The values of a facet, one below the other."""
        link, mould = self._environment.filters["link"], self._choice
        return _joined(
            mould(one.selected).fill(
                escaped(link(one.href)), breakable(one.label), _escaped(one.number), _escaped(one.entries)
            )
            for one in values
        )

    def bars(self, histogram: Histogram) -> Markup:
        """The bars side by side."""
        link, mould = self._environment.filters["link"], self._bar
        return _joined(
            mould(one.selected).fill(
                escaped(link(one.href)), escaped(one.title), one.x, one.x + 1, HEIGHT - one.height, one.height
            )
            for one in histogram.bars
        )

    def _macro_named(self, name: str) -> Any:
        return getattr(self._environment.get_template("_parts.html").module, name)

    def _card_mould(self, one: Listed, level: int, in_title: bool, in_passage: bool) -> Mould:
        """With gaps where something is marked; what nothing is marked in stays as the entry has it."""
        title = (Piece(GAPS[0]),) if in_title else one.title
        passage = (Piece(GAPS[1]),) if in_passage else one.passage
        return Mould(self._macro("card")(card(one.hit.stored, title, passage, one.labels), level))

    def _choice_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("choice")(*GAPS[:4], selected))

    def _bar_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("bar")(*GAPS[:6], selected, ROOM, HEIGHT))


_escaped = lru_cache(maxsize=4096)(escaped)  # for what comes again and again


def _joined(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))
