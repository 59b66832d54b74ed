"""How is what looks alike thousands of times written?  Entries' pages and parts: once, with gaps to fill.

The templates stay the one place that says what they look like, a theme's as well as ours: `webapp/gaps.py`
runs them.  What they may decide by is what makes two of a kind differ here: which values are there at all,
and of an entry's card what `DECISIVE` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import astuple, replace

from webapp.facts import Fact, Value
from webapp.gaps import Cast, Gap, Read, cast
from webapp.pages import Card, Tag
from webapp.text import escaped, safe
from webapp.view import View

if TYPE_CHECKING:
    from webapp.theme import Fluent

PARTS = "_entry.html"  # the template that has a macro for each kind of part
CARDS = "_parts.html"  # the one that has cards
MOST = 4096  # kinds that are told apart; a theme may tell any number
DECISIVE = ("type", "type_label", "lang", "language", "status", "gone", "inferred")
_decisive = attrgetter(*DECISIVE)
_VARIED = tuple(name for name in Card.__struct_fields__ if name not in DECISIVE)


class Casts:
    """Writes with the templates of one environment, in its language.  May be shared by threads."""

    def __init__(self, environment: Fluent) -> None:
        self._environment = environment
        self._casts: dict[object, Cast | None] = {}
        self._met: set[object] = set()
        self._tag = lru_cache(maxsize=MOST)(self._written_tag)
        filters = {"each": self.each, "facts": self.facts, "values": self.values, "tags": self.tags}
        environment.filters |= filters

    def each(self, items: Iterable[Struct], kind: str, *about: str) -> Markup:
        """Items one after another, each by the macro `kind`, which is told what they are `about` as well."""
        return safe("".join([self._part(kind, item, (), about) for item in items]))

    def facts(self, facts: Iterable[Fact], places: frozenset[str], lang: str) -> Markup:
        """What was read from an entry in this language; `places` are the ids of the elements on its page."""
        return safe("".join([self._part("fact", one, (places,), (lang,)) for one in facts]))

    def values(self, values: Iterable[Value], places: frozenset[str], lang: str) -> Markup:
        """The values of a fact, each with its place on the page."""
        return safe("".join([self._part("value", one, (one.place(places),), (lang,)) for one in values]))

    def tags(self, tags: Iterable[Tag]) -> Markup:
        """What an entry speaks of, one below the other; many speak of the same."""
        return safe("".join(map(self._tag, tags)))

    def _written_tag(self, tag: Tag) -> str:
        """By our own macro where a theme's template has none, but comes to ask for it."""
        own = hasattr(self._environment.get_template(CARDS).module, "tag")
        return str(_macro(self._environment, CARDS if own else f"ours/{CARDS}", "tag")(tag))

    def card(self, card: Card, level: int = 3) -> str:
        """An entry as it stands in a list, its title being a heading of this level."""
        there = _there((card.day, card.passage, card.status, card.windows, card.tags))
        key = (_decisive(card), level, there)
        made = self._casts.get(key) or self._cast(key, lambda marks: self._hollow_card(card, level, marks))
        return made.fill(card) if made else str(_macro(self._environment, CARDS, "card")(card, level))

    def _cast(self, kind: object, write: Callable[[list[Read]], str]) -> Cast | None:
        """What all of a kind have in common, if it can be told from what differs; of the first of a kind it
        is not yet known, for many a kind has only one."""
        if kind in self._casts:
            return self._casts[kind]
        if kind not in self._met:
            if len(self._met) < MOST:
                self._met.add(kind)
            return None
        return self._casts.setdefault(kind, cast(write, escaped))

    def _hollow_card(self, card: Card, level: int, marks: list[Read]) -> str:
        varied: Any = {name: _gap(getattr(card, name), Read(f".{name}"), marks) for name in _VARIED}
        return str(_macro(self._environment.hollow, CARDS, "card")(replace(card, **varied), level))

    def page(self, view: View) -> bytes:
        """The page of an entry, in UTF-8.  Raises TemplateError."""
        values = {"view": view, **view.values}
        key = (view.template, _decisive(values["card"]), _there(values.values()))
        made = self._casts.get(key) or self._cast(key, lambda marks: self._hollow_page(view, values, marks))
        return made.fill_encoded(values) if made else self._environment.page(view.template, values).encode()

    def _hollow_page(self, view: View, values: Mapping[str, Any], marks: list[Read]) -> str:
        hollow = {name: _gap(value, Read(f"[{name!r}]"), marks) for name, value in values.items()}
        hollow["view"] = View(view.template, {}, _gap(view.path, Read("['view'].path"), marks), view.lasting)
        varied: Any = {name: Gap(Read(f"['card'].{name}"), marks) for name in _VARIED}
        hollow["card"] = replace(values["card"], **varied)
        return self._environment.hollow.page(view.template, hollow)

    def _part(self, kind: str, item: Struct, more: tuple[object, ...], about: tuple[str, ...]) -> str:
        told = astuple(item) + more
        key = (kind, about, _there(told))
        made = self._casts.get(key) or self._cast(
            key, lambda marks: self._hollow_part(kind, item, told, about, marks)
        )
        return made.fill(told) if made else str(_macro(self._environment, PARTS, kind)(item, *more, *about))

    def _hollow_part(
        self, kind: str, item: Struct, told: tuple[object, ...], about: tuple[str, ...], marks: list[Read]
    ) -> str:
        hollow = [_gap(value, Read(f"[{at}]"), marks) for at, value in enumerate(told)]
        size = len(item.__struct_fields__)
        made = type(item)(*hollow[:size])
        return str(_macro(self._environment.hollow, PARTS, kind)(made, *hollow[size:], *about))


def _there(values: Iterable[object]) -> tuple[object, ...]:
    """Which values there are; those that are nothing are written as they are, so they must be the same."""
    return tuple([True if value else type(value) for value in values])


def _gap(value: object, read: Read, marks: list[Read]) -> Any:
    """A gap for a value that is there; whether it is, is the same for all that fill it."""
    return Gap(read, marks, there=True) if value and value is not True else value


def _macro(environment: Fluent, template: str, name: str) -> Callable[..., object]:
    return getattr(environment.get_template(template).module, name)  # type: ignore[no-any-return]
