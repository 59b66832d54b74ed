"""Does what was read look like a change log at all, or did another page come in its place?"""

from __future__ import annotations

import json
import re

from ingest.lexicon import Lexicon
from ingest.model import Entry, Form, ParseResult

FEW = 3  # entries that a page of another kind may seem to have
WORDING = "wording"  # the rule behind what single words say
CLEARLY = 1.0  # the weight from which on a word for a type is more than a chance


def announces(entry: Entry) -> bool:
    """Does it say more than any prose does: a heading, a date, a name, a word for its type?"""
    return entry.has_heading or _states(entry) or _typed(entry) > 0


def stranger(result: ParseResult, lexicon: Lexicon) -> str | None:
    """What calls a page something else than a change log, if it has no dated entries to show for itself.

    Error pages, sign-in pages, cookie walls and the like often come with status 200.
    """
    if any(map(_dated, result.entries)):
        return None
    if result.document.form is not Form.HTML:
        return "JSON" if _is_json(result.document.text) else None
    few = result.entries if len(result.entries) <= FEW else ()
    phrases = lexicon.words("page.not_a_log")
    page, titles = result.document.title or "", [entry.title for entry in few]
    if _says(page, phrases):
        return page
    if any(_states(entry) or _typed(entry) >= CLEARLY for entry in few) or not few:
        return next((title for title in titles if _says(title, phrases, at_start=True)), None)
    return page or titles[0]


def _states(entry: Entry) -> bool:
    stated = (entry.windows, entry.effective, entry.published, entry.products, entry.endpoints)
    return any((*stated, entry.parameters))


def _typed(entry: Entry) -> float:
    """The most that a phrase of the packs says for any type; single words of any prose say something."""
    cues = (cue for cue in entry.cues if cue.decision.startswith("type:") and cue.rule != WORDING)
    return max((cue.weight for cue in cues), default=0.0)


def _dated(entry: Entry) -> bool:
    return bool(entry.published or entry.windows or entry.effective)


def _says(title: str, phrases: tuple[str, ...], at_start: bool = False) -> bool:
    text = " ".join(title.casefold().replace("’", "'").split())
    before = "^" if at_start else r"(?<!\w)"
    return any(re.search(rf"{before}{re.escape(phrase.casefold())}(?!\w)", text) for phrase in phrases)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
