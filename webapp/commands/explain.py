"""Which rule read each value, and from which characters?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.contract import position_json
from ingest.model import Document, Entry, Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value that an entry states: the field it stands in, the rule that read it, its characters."""

    field: str
    value: str
    rule: str
    span: Span


def evidence(entry: Entry) -> Iterator[Evidence]:
    """All that an entry states, each with its rule; then what spoke for and against its type."""
    for window in entry.windows:
        value = f"{window.start:%Y-%m-%dT%H:%MZ}/{window.end:%Y-%m-%dT%H:%MZ}"
        field = "superseded window" if window.superseded else "window"
        yield Evidence(field, value, window.rule, window.span)
    for effective in entry.effective:
        yield Evidence("effective", effective.day.isoformat(), effective.rule, effective.span)
    for former in entry.given_up:
        yield Evidence("given up", former.day.isoformat(), former.rule, former.span)
    for outage in entry.outages:
        yield Evidence("outage", f"{outage.minutes} minutes", outage.rule, outage.span)
    yield from _mentions(entry)
    if entry.published:
        yield Evidence("published", entry.published.text, entry.published.rule, entry.published.span)
    if entry.status:
        yield Evidence("status", entry.status.status, entry.status.rule, entry.status.span)
    for cue in entry.cues:
        yield Evidence("cue", f"{cue.decision} {cue.weight:+g}", cue.rule, cue.span)


def _mentions(entry: Entry) -> Iterator[Evidence]:
    fields = (("product", entry.products), ("endpoint", entry.endpoints), ("parameter", entry.parameters))
    for field, mentions in fields:
        for mention in mentions:
            yield Evidence(field, mention.name, mention.rule, mention.span)


def evidence_json(document: Document, entry: Entry) -> list[dict[str, Any]]:
    """The evidence of one entry; positions are 1-based, inclusive [line, column], as in the contract."""
    return [
        {
            "field": item.field,
            "value": item.value,
            "rule": item.rule,
            "start": position_json(document, item.span.start),
            "end": position_json(document, max(item.span.start, item.span.end - 1)),
            "text": item.span.of(document.text),
        }
        for item in evidence(entry)
    ]
