"""What is an entry about?  Its products, by the vendor's names, and whether it speaks of an API at all."""

from __future__ import annotations

from ingest.lexicon import EVERYWHERE, Mark, Marks
from ingest.model import Mention, Span, distinct

API_WORDS = ("api.plain_nouns", "api.endpoint_nouns", "api_change.lead", "api.api_nouns")


def products(text: str, marks: Marks, vendor: str | None, span: Span) -> tuple[Mention, ...]:
    """The vendor's products named in the span, and those that any vendor's may be, each by its canonical
    name, once."""
    named = marks.find(f"product.{vendor}", span.start, span.end)
    own = {mark.start for mark in named}
    others = [m for m in marks.find(EVERYWHERE, span.start, span.end) if m.start not in own]
    found = [m for m in sorted((*named, *others)) if not _in_code(text, m)]
    mentions = (Mention(m.value, Span(m.start, m.end), "vendor's name") for m in found)
    return tuple(distinct(mentions, lambda m: m.name))


def _in_code(text: str, mark: Mark) -> bool:
    """Whether a product's name is a step of a path or part of a code name: /vmc/logo, vmc.logo_status."""
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 2]
    return before in ("/", "_") or (after[:1] in ("/", "_", ".") and after[1:].islower())


def speaks_of_api(marks: Marks, span: Span) -> bool:
    """Whether an entry that names no endpoint is about an API all the same: by its nouns, by the word API."""
    return any(marks.any(category, span.start, span.end) for category in API_WORDS)
