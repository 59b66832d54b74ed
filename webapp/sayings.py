"""What do the rooms below say to people, and how is it said in other languages?

Hints of the query language, diagnostics and errors are made below as English sentences, and diagnostics are
kept in the store so.  Here each is known by its template: a sentence is recognised, its values are taken out,
and the translated template takes them in.  A sentence that no template fits stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from webapp.catalogue import N_

SAYINGS = (
    # hints: index/querylang.py and index/search.py
    N_("only the first %(number)s characters of the query were read"),
    N_("only the first %(number)s words of the query were read"),
    N_("a closing bracket has no opening one"),
    N_("OR stands between two words"),
    N_("since: and until: hold for the whole query and cannot stand in OR or brackets"),
    N_("%(name)s: cannot be negated"),
    N_("NOT stands before a word"),
    N_("a quotation mark is not closed"),
    N_("brackets are nested too deep; some were left out"),
    N_("a bracket is not closed"),
    N_("* stands at the end of a word"),
    N_("* is only understood at the end of a word"),
    N_("%(name)s: wants a value"),
    N_("no filter is called “%(name)s”; there are %(names)s"),
    N_("%(name)s: wants a day, month or year, like 2022-05-31, 2022-05 or 2022"),
    N_("the words are too common to search for"),
    N_("nothing matches these words; these are the entries for “%(query)s”"),
    N_("no entry has all these words; these have some of them"),
    N_("no entry has the %(name)s “%(value)s”"),
    # diagnostics: ingest/windows.py, ingest/dates.py, ingest/pipeline.py
    N_("no time zone is printed; read as UTC"),
    N_("%(zone)s is not in force on %(day)s"),
    N_("the UTC date says %(year)s, the local date %(other)s"),
    N_("local hours make %(expected)s UTC, printed are %(printed)s UTC"),
    N_("no year is printed; the window is left out"),
    N_("there is no day %(day)s in month %(month)s of %(year)s"),
    N_("%(day)s is a %(weekday)s, not the weekday that is printed"),
    N_("only one of the windows is cancelled; all of them are shown"),
    N_("that an entry begins here was decided by %(points)s points"),
    # conflicts of two languages: index/conflicts.py
    N_("the version in %(language)s says %(other)s, this one %(own)s"),
    # refusals: webapp/querystring.py
    N_("More than %(number)s filters of one kind"),
    N_("take some off"),
    N_("The query is longer than %(number)s characters"),
    N_("The filter %(name)s is longer than %(number)s characters"),
    N_("shorten it"),
    N_("%(name)s is not a date"),
    N_("write it as 2022-06-04"),
    N_("'changes' is no kind of change"),
    N_("use material"),
    N_("'sort' is not an order"),
    N_("use relevance or date"),
    N_("'page' goes from 1 to %(number)s"),
    N_("narrow the listing down instead"),
)
_VALUE = re.compile(r"%\((\w+)\)s")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(saying), saying) for saying in SAYINGS)


def _pattern(saying: str) -> re.Pattern[str]:
    """`a %(b)s` as the pattern `a (?P<b>.+)`."""
    words = _VALUE.split(saying)
    parts = [f"(?P<{word}>.+)" if odd % 2 else re.escape(word) for odd, word in enumerate(words)]
    return re.compile("".join(parts), re.DOTALL)


def recognised(sentence: str) -> tuple[str, dict[str, str]] | None:
    """The template that the sentence was made by, and its values."""
    for pattern, saying in _patterns():
        if found := pattern.fullmatch(sentence):
            return saying, found.groupdict()
    return None
