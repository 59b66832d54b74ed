"""How is a feed or a calendar put together from items that are written already?

An item stands in many feeds and is the same in each: it is cut out of a feed that holds nothing else, kept,
and set into others in the place of theirs.  The result is what `webapp.feeds` or `webapp.calendar` writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp import forms
from webapp.forms import Form


@dataclass(frozen=True, slots=True)
class Seam:
    """What the first item begins with, what the last one ends with, what stands between two."""

    first: bytes
    last: bytes
    between: bytes


SEAMS = {
    forms.RSS: Seam(b"<item ", b"</item>", b"\n    "),
    forms.ATOM: Seam(b"<entry ", b"</entry>", b"\n  "),
    forms.JSON_FEED: Seam(b'  {\n   "id": ', b"\n  }", b",\n"),
    forms.CALENDAR: Seam(b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b""),
}


def cut(form: Form, document: bytes) -> bytes:
    """The items of a document that holds at least one."""
    first, after = _place(form, document)
    return document[first:after]


def splice(form: Form, document: bytes, items: Iterable[bytes]) -> bytes:
    """The document with these items in the place of its own."""
    first, after = _place(form, document)
    return document[:first] + SEAMS[form].between.join(items) + document[after:]


def _place(form: Form, document: bytes) -> tuple[int, int]:
    seam = SEAMS[form]
    return document.index(seam.first), document.rindex(seam.last) + len(seam.last)
