"""How are cards, choices and bars written, many to a page?  Their macros are run once, with gaps to fill.

The macros stay the one place that says what they look like.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from markupsafe import Markup

from index.cache import ByteCache
from index.query import FacetValue
from webapp.histogram import HEIGHT, ROOM, Bar, Histogram
from webapp.labels import Labels
from webapp.pages import Choice, Choices, Listed, StandIns, card, named
from webapp.querystring import quoted
from webapp.text import Piece, breakable, escaped, marked, safe

if TYPE_CHECKING:
    from webapp.theme import Fluent

KEPT = 1 << 12  # choices of a facet, and bars, of a few hundred bytes each
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

    def __init__(self, environment: Fluent, limit: int = CARD_BYTES) -> None:
        self._environment, self._cards = environment, ByteCache(limit)
        self._choice, self._bar = cache(self._choice_mould), cache(self._bar_mould)
        self._macro = cache(self._macro_named)
        self._choices_of = cache(self._choices_of_facet)
        self._bar_row = lru_cache(maxsize=KEPT)(self._bar_with_gaps)
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
        return safe(mould.fill(marked(one.title), passage))

    def cards(self, found: Sequence[Listed | Markup]) -> Markup:
        """Cards one below the other."""
        if isinstance(found, StandIns):
            return found.markup
        return safe("\n".join([f"  {self.card(one)}" for one in found]))

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
        rows = map(self._choices_of(values.facet, values.labels), values.values)
        return self._led(rows, values.ways.before, values.ways.after)

    def _choices_of_facet(self, facet: str, labels: Labels) -> Callable[[FacetValue], str]:
        """Writes the values of a facet that are not on, with gaps for what their addresses share."""

        @lru_cache(maxsize=KEPT)
        def row(one: FacetValue) -> str:
            name, counted = (
                breakable(named(facet, one.value, labels)),
                map(escaped, labels.counted(one.count)),
            )
            way = f"{GAPS[0]}{quoted(one.value)}{GAPS[1]}"
            return self._choice(False).fill(way, name, *counted)

        return row

    def bars(self, histogram: Histogram) -> Markup:
        """The bars side by side."""
        return self._led(map(self._bar_row, histogram.bars), histogram.ways.before, histogram.ways.after)

    def _bar_with_gaps(self, one: Bar) -> str:
        """A bar, with gaps for what the addresses of all share."""
        way, y = f"{GAPS[0]}{one.days}{GAPS[1]}", HEIGHT - one.height
        return self._bar(one.selected).fill(way, escaped(one.title), one.x, one.x + 1, y, one.height)

    def _led(self, rows: Iterable[str], before: str, after: str) -> Markup:
        """The rows one below the other, their links leading to where these addresses do."""
        first = escaped(self._environment.filters["link"](before))
        return safe("".join(rows).replace(GAPS[0], first).replace(GAPS[1], escaped(after)))

    def _macro_named(self, name: str) -> Any:
        return getattr(self._environment.get_template("_parts.html").module, name)

    def _card_mould(self, one: Listed, level: int, has_passage: bool) -> Mould:
        title, passage = ((Piece(gap),) for gap in GAPS[:2])
        empty = card(one.hit.stored, title, passage if has_passage else (), one.labels)
        return Mould(self._environment.casts.card(empty, level))

    def _choice_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("choice")(*GAPS[:4], selected))

    def _bar_mould(self, selected: bool) -> Mould:
        return Mould(self._macro("bar")(*GAPS[:6], selected, ROOM, HEIGHT))


_escaped = lru_cache(maxsize=4096)(escaped)  # for what comes again and again


def _joined(parts: Iterable[str]) -> Markup:
    return safe("".join(parts))
