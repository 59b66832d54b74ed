"""What changed between two readings of one entry, and does it matter?"""

from __future__ import annotations

from typing import Any

from index.words import words
from ingest.model import BlockKind, Entry

# what stands on the page around entries, and falls to another one when entries are added above
FURNITURE = frozenset({BlockKind.NAVIGATION, BlockKind.PAGE_TITLE, BlockKind.SECTION, BlockKind.RULE})


def announcement(entry: Entry, text: str) -> str:
    """The entry's text without the page's navigation, title and section headings; `text` is its own."""
    return "\n".join(block.span.of(text) for block in entry.blocks if block.kind not in FURNITURE) or text


def facts(entry: Entry) -> dict[str, Any]:
    """What an entry states, by field name, without positions: the fields that a revision can name."""
    return {
        "title": entry.title,
        "type": entry.type,
        "lang": entry.lang,
        "windows": tuple((w.start, w.end, w.superseded) for w in entry.windows),
        "effective": tuple(e.day for e in entry.effective),
        "outages": tuple(o.minutes for o in entry.outages),
        "products": tuple(m.name for m in entry.products),
        "endpoints": tuple(m.name for m in entry.endpoints),
        "parameters": tuple(m.name for m in entry.parameters),
        "published": entry.published and entry.published.text,
        "status": entry.status and entry.status.status,
        "no_downtime": entry.no_downtime is not None,
    }


def changed_fields(old: Entry, old_text: str, new: Entry, new_text: str) -> tuple[str, ...]:
    """The fields that differ in what was published.

    Where the characters are the same a different reading is the parser's doing, not the publisher's;
    only the date heading can change from outside an entry's own text.
    """
    before, after = facts(old), facts(new)
    old_text, new_text = announcement(old, old_text), announcement(new, new_text)
    differing = [name for name in before if before[name] != after[name]]
    if old_text == new_text:
        return tuple(name for name in differing if name == "published")
    return (*differing, "text")


def is_material(changed: tuple[str, ...], old_text: str, new_text: str) -> bool:
    """False where only spacing, punctuation, case or accents changed."""
    return bool(set(changed) - {"text", "title"}) or words(old_text) != words(new_text)
