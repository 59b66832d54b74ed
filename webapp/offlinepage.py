"""What does the static site's search page say, and what do its scripts fill in?  Words and specimens.

The scripts build results from the same macros as the web app: the page carries each of them once, filled with
a specimen, in a `<template>`.  Whatever else they say stands in `words`, in the language of the page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from index.query import FACETS, SearchRequest, Sort
from ingest.model import EntryType, Status
from webapp import urls
from webapp.catalogue import N_
from webapp.labels import Labels
from webapp.offline import NAMED
from webapp.pages import Card, Choice, FacetGroup, Link, Tag
from webapp.text import Piece
from webapp.view import View

NAME = "x-x-x"  # stands for what a script fills in
_SAMPLES = tuple(date(2001, month, 28) for month in range(1, 13))  # as page.js takes them apart again
_HINTS = {
    "long": N_("only the first %(number)s characters of the query were read"),
    "words": N_("only the first %(number)s words of the query were read"),
    "closing": N_("a closing bracket has no opening one"),
    "or": N_("OR stands between two words"),
    "dates": N_("since: and until: hold for the whole query and cannot stand in OR or brackets"),
    "negated": N_("%(name)s: cannot be negated"),
    "not": N_("NOT stands before a word"),
    "quote": N_("a quotation mark is not closed"),
    "deep": N_("brackets are nested too deep; some were left out"),
    "opening": N_("a bracket is not closed"),
    "star": N_("* stands at the end of a word"),
    "stars": N_("* is only understood at the end of a word"),
    "value": N_("%(name)s: wants a value"),
    "filter": N_("no filter is called “%(name)s”; there are %(names)s"),
    "day": N_("%(name)s: wants a day, month or year, like 2022-05-31, 2022-05 or 2022"),
    "common": N_("the words are too common to search for"),
    "begun": N_("nothing matches “%(word)s”; these entries have words that begin so"),
    "instead": N_("nothing matches these words; these are the entries for “%(query)s”"),
    "some": N_("no entry has all these words; these have some of them"),
    "unknown": N_("no entry has the %(name)s “%(value)s”"),
}
_PLAIN = {
    "undated": N_("No date known"),
    "about": N_("about %(month)s"),
    "moreWindows": N_("and %(number)s more"),
    "more": N_("%(number)s more"),
    "takeOff": N_("selected, follow to take it off"),
    "since": N_("Since %(day)s"),
    "until": N_("Until %(day)s"),
    "sort": N_("Sort:"),
    "page": N_("Page"),
    "pages": N_("Pages"),
    "pageOf": N_("page %(number)s of %(last)s"),
    "newer": N_("Newer"),
    "older": N_("Older"),
    "meant": N_("Did you mean:"),
    "toFilters": N_("Filter these entries"),
    "failed": N_("The search could not be loaded."),
    "bar": N_("%(label)s: %(count)s"),
    "chip": N_("%(facet)s: %(value)s"),
    "byMonth": N_("Entries by month, %(first)s to %(last)s; most in %(busiest)s (%(count)s)"),
    "byYear": N_("Entries by year, %(first)s to %(last)s; most in %(busiest)s (%(count)s)"),
}


def view(facets: Sequence[FacetGroup], languages: Sequence[str], labels: Labels) -> View:
    """The search page: values of facets to browse by, and all that its scripts need."""
    values = {
        "facets": facets,
        "words": json.dumps(words(languages, labels), ensure_ascii=False),
        "dated": _card(labels, day="2001-01-28"),
        "undated": _card(labels, day=None),
        "group": _group(labels),
        "chips": (Link(NAME, urls.SEARCH),),
        "patterns": {"entry": urls.entry(NAME), **{facet: urls.facet(facet, NAME) for facet in NAMED}},
        "asked": SearchRequest(sort=Sort.DATE),
    }
    return View("offline.html", values, urls.SEARCH, lasting=False)


def words(languages: Sequence[str], labels: Labels) -> dict[str, Any]:
    """What the scripts say, for entries in `languages`; values are put in for `%(name)s`."""
    states = [*map(str, Status), "gone"]
    known = {"type": list(map(str, EntryType)), "status": states, "lang": languages}
    return {
        **{code: labels.gettext(message) for code, message in _PLAIN.items()},
        "entry": labels.entries(1),
        "entries": labels.entries(2),
        "hints": {code: labels.gettext(message) for code, message in _HINTS.items()},
        "values": {
            facet: {name: labels.value(facet, name) for name in names} for facet, names in known.items()
        },
        "facets": {facet: labels.facet(facet) for facet in FACETS},
        "orders": {"relevance": labels.gettext("Best match"), "date": labels.gettext("Newest first")},
        "days": [labels.day(day) for day in _SAMPLES],
        "months": [labels.month(day) for day in _SAMPLES],
        "monthsOfOneYear": _samples(labels, same_year=True),
        "monthsOfYears": _samples(labels, same_year=False),
    }


def _samples(labels: Labels, *, same_year: bool) -> list[list[str]]:
    """Each month as the first and as the last of several."""
    patterns = labels.span_patterns(same_year=same_year)
    return [[labels.written(day, pattern) for day in _SAMPLES] for pattern in patterns]


def _card(labels: Labels, day: str | None) -> Card:
    tags = (Tag(NAME, urls.SEARCH, facet) for facet in NAMED)
    return Card(
        id=NAME,
        href=urls.SEARCH,
        type=EntryType.NOTICE.value,
        type_label=labels.type(EntryType.NOTICE),
        lang="",
        language=NAME,
        title=(Piece(NAME),),
        passage=(Piece(NAME),),
        day=day,
        when=NAME,
        inferred=False,
        status=NAME,
        windows=(NAME,),
        tags=tuple(tags),
        gone=False,
    )


def _group(labels: Labels) -> FacetGroup:
    """One choice that is on, one that is off, one that unfolds."""
    on, off = (
        Choice(NAME, 1, urls.SEARCH, selected, labels.number(1), labels.entries(1))
        for selected in (True, False)
    )
    return FacetGroup("type", labels.facet("type"), (on, off), (off,))
