"""What does the parser read in a short text?  Helpers of the tests; each answer in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingest.lexicon import Lexicon, load
from ingest.model import DiagnosticCode, Entry, Form, Window
from ingest.pipeline import parse
from ingest.readers import read


def entries(
    text: str, packs: Path | None = None, form: Form = Form.TEXT, vendor: str | None = None
) -> list[Entry]:
    lexicon: Lexicon = load(packs)
    return list(parse(read(text.encode("utf-8"), "test", form), lexicon, vendor).entries)


def entry(text: str, packs: Path | None = None, form: Form = Form.TEXT, vendor: str | None = None) -> Entry:
    """The one entry of a text."""
    (only,) = entries(text, packs, form, vendor)
    return only


def shown(windows: Iterable[Window]) -> list[str]:
    """Windows as "2022-06-05 04:00 06:00", with the second day where it is another."""
    return [
        f"{w.start:%Y-%m-%d %H:%M} "
        + (f"{w.end:%H:%M}" if w.start.date() == w.end.date() else f"{w.end:%m-%d %H:%M}")
        for w in windows
    ]


def codes(told: Entry) -> set[str]:
    """The codes of an entry's diagnostics, but for close calls."""
    return {d.code.value for d in told.diagnostics} - {DiagnosticCode.CLOSE_CALL.value}
