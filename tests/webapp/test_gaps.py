"""Pages that are cast: the same as those written by themselves, whatever a theme's template asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webapp import entrypage
from webapp.catalogue import LANGUAGES
from webapp.config import SiteConfig
from webapp.edition import Edition
from webapp.gaps import Cast, Decided, Gap, Read, cast, filtering, mark, refusing
from webapp.library import Library
from webapp.related import related
from webapp.sitefiles import Files
from webapp.theme import Theme
from webapp.view import View

OURS = '{% extends "ours/entry.html" %}'
TEMPLATES = {
    "ours": OURS,
    "a loop over values": OURS
    + "{% block style %}{% for fact in facts %}{{ fact.label }}{% for one in fact['values'] %}{{ one.text }}"
    "{{ one.place(places) }}{% endfor %}{% endfor %}{% endblock %}",
    "a question of length": OURS
    + "{% block foot %}{{ 'long' if title|length > 20 else 'short' }}{% endblock %}",
    "an equation": OURS + "{% block foot %}{{ card.id == view.path[9:] }}{% endblock %}",
    "text that is put together": OURS + "{% block foot %}{{ (source ~ title)|upper }}{% endblock %}",
    "text that is kept": OURS
    + "{% block foot %}{% set kept %}<b>{{ title }}</b>{% endset %}{{ kept|striptags|length }}{% endblock %}",
    "a test": OURS + "{% block foot %}{{ title is string }}{{ until_line is none }}{% endblock %}",
    "the entry": OURS + "{% block foot %}{{ stored.id }}{{ stored.entry.title|upper }}{% endblock %}",
    "a calculation": OURS + "{% block foot %}{{ last_line + 1 }}{{ '%05d' % last_line }}{% endblock %}",
}


def editions(config: SiteConfig, theme: Theme) -> list[Edition]:
    library = Library(config.data_dir)
    return [Edition(language, library, config, theme, theme.digest(), Files()) for language in LANGUAGES]


def views(edition: Edition) -> list[View]:
    library = edition.library
    return [
        entrypage.told(library, stored, related(library, stored), edition.link, edition.labels)
        for stored in library.store.all()
    ]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_a_cast_page_is_what_its_template_writes(config: SiteConfig, tmp_path: Path, template: str) -> None:
    (tmp_path / "entry.html").write_text(template)
    for edition in editions(config, Theme(templates=tmp_path)):
        for view in views(edition):
            written = edition.environment.page(view.template, {"view": view, **view.values})
            assert {edition.environment.casts.page(view) for _ in range(3)} == {written.encode()}


def test_a_cast_card_is_what_its_macro_writes(config: SiteConfig) -> None:
    for edition in editions(config, Theme()):
        macro: Any = edition.environment.get_template("_parts.html").module
        for view in views(edition):
            card = view.values["card"]
            assert {edition.card(card) for _ in range(3)} == {str(macro.card(card))}


def test_our_pages_and_their_parts_can_be_cast(config: SiteConfig) -> None:
    """But for what has lists of its own: which dates gave way to which, which words changed."""
    for edition in editions(config, Theme()):
        casts = edition.environment.casts
        for view in [*views(edition)] * 2:
            casts.page(view)
        refused = {kind[0] for kind, made in casts._casts.items() if made is None}  # type: ignore[index]
        assert refused <= {"chain", "change"}
        assert casts._casts


ASKED: dict[str, Callable[[Any], object]] = {
    "its truth": bool,
    "its length": len,
    "its text": str,
    "its number": int,
    "its parts": list,
    "an attribute": lambda gap: gap.name,
    "an item": lambda gap: gap[0],
    "a sum": lambda gap: gap + "x",
    "another sum": lambda gap: "x" + gap,
    "a call": lambda gap: gap(),
    "an equation": lambda gap: gap == "x",
    "an order": lambda gap: gap < "x",
    "a place among others": lambda gap: gap in ("x", "y"),
    "a place in a dictionary": lambda gap: {}.get(gap),
    "what it holds": lambda gap: "x" in gap,
    "a format": lambda gap: f"{gap:>3}",
    "a template": lambda gap: "%s" % gap,  # noqa: UP031
    "its markup": lambda gap: gap.__html__(),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED.keys())
def test_a_gap_answers_nothing(ask: Callable[[Any], object]) -> None:
    with pytest.raises(Decided):
        ask(Gap(Read(""), []))


def test_what_is_there_may_be_asked_for() -> None:
    assert Gap(Read(""), [], there=True)


def test_filters_are_applied_to_what_fills_a_gap() -> None:
    filters = filtering({"twice": lambda text: text * 2, "with": lambda text, more: text + more})

    def write(marks: list[Read]) -> str:
        gap = Gap(Read("['text']"), marks)
        twice = filters["twice"](gap)
        return f"100 %: {mark(twice)}, {mark(filters['with'](gap, twice))}"

    made = cast(write, str)
    assert isinstance(made, Cast)
    assert made.fill({"text": "a"}) == "100 %: aa, aaa"
    assert made.fill({"text": "%s"}) == "100 %: %s%s, %s%s%s"


def test_nothing_is_asked_of_what_holds_a_gap() -> None:
    filters, tests = filtering({"upper": str.upper}), refusing({"lower": str.islower, "defined": bool})

    def write(marks: list[Read]) -> str:
        return str(filters["upper"](f"<b>{mark(Gap(Read(''), marks))}</b>"))

    assert cast(write, str) is None
    with pytest.raises(Decided):
        tests["lower"](Gap(Read(""), []))
    assert tests["lower"]("a")
    assert tests["defined"](Gap(Read(""), [], there=True))
