"""The machine-readable parse: what `relnotes parse SOURCE --json` prints (docs/contract.md)."""

from __future__ import annotations

from typing import Any

from ingest.model import Diagnostic, Document, Entry, ParseResult, Window


def as_json(result: ParseResult) -> dict[str, Any]:
    """The whole parse as JSON values.

    Positions are [line, column], 1-based, inclusive, in characters; instants are ISO 8601 in UTC.
    """
    document = result.document
    return {
        "source": document.source,
        "form": document.form.value,
        "entries": [entry_json(document, entry) for entry in result.entries],
        "diagnostics": [diagnostic_json(document, d) for d in result.diagnostics],
    }


def entry_json(document: Document, entry: Entry) -> dict[str, Any]:
    return {
        "start": position_json(document, entry.span.start),
        "end": position_json(document, max(entry.span.start, entry.span.end - 1)),
        **facts_json(entry),
        "diagnostics": [diagnostic_json(document, d) for d in entry.diagnostics],
    }


def facts_json(entry: Entry) -> dict[str, Any]:
    """What was read from an entry's text, wherever the entry stands."""
    return {
        "type": entry.type.value,
        "lang": entry.lang,
        "title": entry.title,
        "has_heading": entry.has_heading,
        "windows": [window_json(w) for w in entry.current_windows],
        "effective": [e.day.isoformat() for e in entry.effective],
        "outage_minutes": [o.minutes for o in entry.outages],
        "products": [m.name for m in entry.products],
        "endpoints": [m.name for m in entry.endpoints],
        "parameters": [m.name for m in entry.parameters],
        "published": entry.published.text if entry.published else None,
        "dated": dated_json(entry),
        "status": entry.status.status.value if entry.status else None,
        "no_downtime": entry.no_downtime is not None,
        "confidence": entry.confidence,
    }


def window_json(window: Window) -> dict[str, str]:
    return {"start": f"{window.start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{window.end:%Y-%m-%dT%H:%M:%SZ}"}


def dated_json(entry: Entry) -> dict[str, str] | None:
    if entry.dated is None:
        return None
    dated = entry.dated
    return {"first": dated.first.isoformat(), "last": dated.last.isoformat(), "basis": dated.basis.value}


def diagnostic_json(document: Document, diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code.value,
        "message": diagnostic.message,
        "start": position_json(document, diagnostic.span.start),
        "end": position_json(document, max(diagnostic.span.start, diagnostic.span.end - 1)),
    }


def position_json(document: Document, offset: int) -> list[int]:
    position = document.position(offset)
    return [position.line, position.column]
