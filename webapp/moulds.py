"""How are cards, choices and bars written, many to a page?  Their macros are run once, with gaps to fill.

The macros stay the one place that says what they look like.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, cast

from jinja2 import Environment
from markupsafe import Markup

from index.cache import ByteCache
from webapp.histogram import HEIGHT, ROOM, Histogram
from webapp.labels import Labels
from webapp.pages import Choice, Choices, Listed, StandIns, card, named
from webapp.querystring import quoted
from webapp.text import Piece, breakable, escaped, marked

KEPT = 1 << 14  # choices and bars, of a few hundred bytes each
CARD_BYTES = 24 * 2**20  # of the cards that are kept in one language
GAPS = tuple(map(chr, range(0x0E, 0x1A)))  # what a macro is given for values that differ; in no shown text
_GAP = re.compile(f"([{GAPS[0]}-{GAPS[-1]}])")


class Mould:
    """Markup with gaps, which `fill` fills with more markup."""

    def __init__(self, markup: str) -> None:
        parts = _GAP.split(str.replace(markup, "%", "%%"))
        self._text = "%s".join(parts[::2])
        self._order = itemgetter(*map(GAPS.index, parts[1::2]))

    @property
    def nbytes(self) -> int:
        return sys.getsizeof(self._text)

    def fill(self, *values: object) -> str:
        """The markup with a value, which is markup or a number, for each of `GAPS`."""
        return self._text % cast(object, self._order(values))


class _Said(NamedTuple):
    """Markup that is kept."""

    markup: Markup

    @property
    def nbytes(self) -> int:
        return sys.getsizeof(self.markup)


class Moulds:
    """Writes with the macros of one environment, in its language.  May be shared by threads."""

    def __init__(self, environment: Environment, limit: int = CARD_BYTES) -> None:
        self._environment, self._cards = environment, ByteCache(limit)
        self._choice, self._bar = cache(self._choice_mould), cache(self._bar_mould)
        self._macro = cache(self._macro_named)
        self._around_choice = lru_cache(maxsize=KEPT)(self._choice_without_address)
        self._around_bar = lru_cache(maxsize=KEPT)(self._bar_without_address)
        environment.filters |= {
            "card": self.card,
            "cards": self.cards,
            "choices": self.choices,
            "bars": self.bars,
        }

    @property
    def kept_bytes(self) -> int:
        return self._cards.used

    def card(self, one: Listed | Markup, level: int = 3) -> Markup:
        """The card, its title being a heading of this level; one that is written already stays as it is.

        What is kept is kept for all that it is made of, so it cannot be stale.
        """
        if isinstance(one, Markup):
            return one
        stored = one.hit.stored
        key = (stored.id, stored.reading, hash(stored.text), stored.gone, one.form.value)
        if one.hit.passage.marks:
            passage = marked(one.passage)
        else:
            passage = self._cards.get(key, lambda: _Said(marked(one.passage))).markup
        has_passage = bool(passage)
        mould = self._cards.get((*key, level, has_passage), lambda: self._card_mould(one, level, has_passage))
        return Markup(mould.fill(marked(one.title), passage))

    def cards(self, found: Sequence[Listed | Markup]) -> Markup:
        """Cards one below the other."""
        if isinstance(found, StandIns):
            return found.markup
        return Markup("\n".join([f"  {self.card(one)}" for one in found]))

    def choices(self, values: Iterable[Choice]) -> Markup:
        """The values of a facet, one below the other."""
        if isinstance(values, Choices) and not values.ways.on:
            alone = values.ways.alone and self._environment.globals["frozen"]
            if not alone:
                return self._unselected(values)
        link, fill = self._environment.filters["link"], (self._choice(False).fill, self._choice(True).fill)
        return _joined(
            fill[selected](escaped(link(href)), breakable(label), _escaped(number), _escaped(entries))
            for label, _, href, selected, number, entries in values
        )

    def _unselected(self, values: Choices) -> Markup:
        """The same where none is on: their addresses are alike but for the value.

        On a static site, where one value is all that is searched for, they are those of its page.
        """
        facet, labels, around = values.facet, values.labels, self._around_choice
        before = escaped(self._environment.filters["link"](values.ways.before))
        after = escaped(values.ways.after)
        return _joined(
            [
                f"{before}{quoted(value)}{after}".join(around(facet, value, count, labels))
                for value, count, _ in values.values
            ]
        )

    def _choice_without_address(self, facet: str, value: str, count: int, labels: Labels) -> list[str]:
        """What stands around the address of a value that is not on."""
        name, counted = breakable(named(facet, value, labels)), map(escaped, labels.counted(count))
        return self._choice(False).fill(GAPS[0], name, *counted).split(GAPS[0])

    def bars(self, histogram: Histogram) -> Markup:
        """The bars side by side."""
        link, around = self._environment.filters["link"], self._around_bar
        return _joined(
            [
                escaped(link(one.href)).join(around(one.title, one.x, one.height, one.selected))
                for one in histogram.bars
            ]
        )

    def _bar_without_address(self, title: str, x: int, height: int, selected: bool) -> list[str]:
        """What stands around a bar's address."""
        filled = self._bar(selected).fill(GAPS[0], escaped(title), x, x + 1, HEIGHT - height, height)
        return filled.split(GAPS[0])

    def _macro_named(self, name: str) -> Any:
        return getattr(self._environment.get_template("_parts.html").module, name)

    def _card_mould(self, one: Listed, level: int, has_passage: bool) -> Mould:
        title, passage = ((Piece(gap),) for gap in GAPS[:2])
        empty = card(one.hit.stored, title, passage if has_passage else (), one.labels)
        return Mould(self._macro("card")(empty, level))

    def _choice_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("choice")(*GAPS[:4], selected))

    def _bar_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("bar")(*GAPS[:6], selected, ROOM, HEIGHT))


_escaped = lru_cache(maxsize=4096)(escaped)  # for what comes again and again


def _joined(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))
