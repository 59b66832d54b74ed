"""What lies over an entry's text?  Notes, nested by their spans."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ingest.model import Span


class Note(Struct, frozen=True):
    """A link, code, emphasis, or (with an anchor) a value that was read; `hide` takes characters away.

    `tag` is `a code strong em span hide`; a note with `href` is a link whatever its tag.
    """

    span: Span
    tag: str
    href: str | None = None
    anchor: str | None = None
    kind: str | None = None


def nested(notes: Sequence[Note]) -> list[Note]:
    """Notes by position, outer before inner, without those that cross an earlier one or are empty."""
    kept: list[Note] = []
    open_until: list[int] = []
    for note in sorted(notes, key=lambda n: (n.span.start, -n.span.end)):
        while open_until and open_until[-1] <= note.span.start:
            open_until.pop()
        if len(note.span) and not (open_until and note.span.end > open_until[-1]):
            kept.append(note)
            open_until.append(note.span.end)
    return kept
