"""What holds of the parse of any text whatever?  Shared by the property tests and the fuzzer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from ingest.contract import as_json
from ingest.model import Entry, ParseResult, Published, Span


def check(result: ParseResult) -> None:
    """Raises AssertionError, saying what does not hold."""
    assert not (lost := uncovered(result)), f"in no entry: {lost!r}"
    before = 0
    for entry in result.entries:
        assert before <= entry.span.start < entry.span.end, f"entry at {entry.span} begins before {before}"
        before = entry.span.end
        check_entry(entry, len(result.document.text))
    json.dumps(as_json(result), ensure_ascii=False, allow_nan=False).encode("utf-8")


def uncovered(result: ParseResult) -> str:
    """The first characters, not blank, that belong to no entry; a text without entries is only menus."""
    if not result.entries:
        return ""
    text, at = result.document.text, 0
    for entry in result.entries:
        if lost := text[at : entry.span.start].strip():
            return lost[:40]
        at = max(at, entry.span.end)
    return text[at:].strip()[:40]


def check_entry(entry: Entry, length: int) -> None:
    assert 0 <= entry.span.start <= entry.span.end <= length, f"{entry.span} is not in the text"
    for name, span in spans(entry):
        inside = entry.span.start <= span.start <= span.end <= entry.span.end
        assert inside, f"{name} at {span} is not in its entry at {entry.span}"
    if entry.published:  # the heading may stand over earlier entries too
        assert 0 <= entry.published.span.start <= entry.published.span.end <= entry.span.end
    assert all(window.start < window.end for window in entry.windows), "a window ends before it begins"
    assert all(outage.minutes > 0 for outage in entry.outages), "an outage takes no time"
    assert entry.dated is None or entry.dated.first <= entry.dated.last, "dated backwards"
    assert 0 <= entry.confidence <= 1, f"confidence is {entry.confidence}"
    assert all(m.name.strip() for m in (*entry.products, *entry.endpoints, *entry.parameters)), "no name"


def spans(value: Any, name: str = "entry") -> Iterator[tuple[str, Span]]:
    """Every span that a value holds but that of a date heading, with the name of its field."""
    if isinstance(value, Span):
        yield name, value
    elif isinstance(value, tuple):
        for item in value:
            yield from spans(item, name)
    elif isinstance(value, Struct) and not isinstance(value, Published):
        for field in value.__struct_fields__:
            yield from spans(getattr(value, field), f"{name}.{field}")
