"""How is an entry written as JSON?  With the fields of the machine-readable parse, and the store's own.

Instants are ISO 8601 in UTC, days ISO dates, offsets characters of `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from index.chains import Chain, Moment, chains
from index.query import FacetValue, Suggestion
from index.search import Found
from index.store import Revision, StoredEntry, Twin
from ingest.contract import facts_json, window_json
from ingest.model import Span
from webapp import urls
from webapp.text import instant
from webapp.worddiff import word_diff

Json = dict[str, Any]


def summary(stored: StoredEntry, root: str, authority: str, ending: str = "") -> Json:
    """An entry in a list; `root` is the site's absolute address without a trailing slash.

    `ending` is what the addresses of the API end in: nothing, or that of files.
    """
    return {
        "id": stored.id,
        "guid": f"tag:{authority},2026:{stored.id}",
        "url": root + urls.entry(stored.id),
        "api_url": root + urls.api_entry(stored.id) + ending,
        "source": stored.source,
        "line": stored.line,
        **facts_json(stored.entry),
        "gone": stored.gone,
        "first_seen": instant(stored.first_seen),
        "last_changed": instant(stored.last_changed),
        "revision": stored.revision,
        "twins": [twin_json(twin) for twin in stored.twins],
    }


def twin_json(twin: Twin) -> Json:
    """A version in another language."""
    return {"id": twin.id, "lang": twin.lang, "confidence": twin.confidence, "evidence": list(twin.evidence)}


def full(
    stored: StoredEntry, revisions: Iterable[Revision], root: str, authority: str, ending: str = ""
) -> Json:
    """One entry with its text, the evidence for what was read, its diagnostics and its life."""
    life = list(revisions)
    return {
        **summary(stored, root, authority, ending),
        "text": stored.text,
        "evidence": list(_evidence(stored)),
        "diagnostics": [
            {"code": each.code.value, "message": each.message, **_place(stored, each.span)}
            for each in stored.diagnostics
        ],
        "chains": [_chain(chain) for chain in chains(stored, life)],
        "revisions": [_revision(before, each) for before, each in pairwise((None, *life))],
    }


def _revision(before: Revision | None, each: Revision | None) -> Json:
    """What changed against the revision before; the words of the text that came and went, where it did."""
    assert each
    differs = before is not None and before.text != each.text
    return {
        "number": each.number,
        "seen": instant(each.seen),
        "changed": list(each.changed),
        "material": each.material,
        "diff": [{"kind": part.kind.value, "text": part.text} for part in word_diff(before.text, each.text)]
        if before and differs
        else [],
    }


def _chain(chain: Chain) -> Json:
    """The dates that were given up, each with when its successor was first seen, and those that hold."""
    former = [
        {"date": _moment(each.moment), "until": instant(each.until) if each.until else None}
        for each in chain.former
    ]
    return {"kind": chain.kind, "former": former, "now": [_moment(moment) for moment in chain.now]}


def _moment(moment: Moment) -> Json | str:
    """A window, or a day."""
    if isinstance(moment, date):
        return moment.isoformat()
    return {"start": instant(moment[0]), "end": instant(moment[1])}


def _evidence(stored: StoredEntry) -> Iterator[Json]:
    """Which characters say each value, and the rule that read them; values said elsewhere have no place."""
    entry = stored.entry
    for field, values in (
        ("windows", [(window_json(w), w) for w in entry.current_windows]),
        ("effective", [(e.day.isoformat(), e) for e in entry.effective]),
        ("outage_minutes", [(o.minutes, o) for o in entry.outages]),
        ("products", [(m.name, m) for m in entry.products]),
        ("endpoints", [(m.name, m) for m in entry.endpoints]),
        ("parameters", [(m.name, m) for m in entry.parameters]),
        ("published", [(p.text, p) for p in (entry.published,) if p]),
        ("status", [(s.status.value, s) for s in (entry.status,) if s]),
    ):
        for value, found in values:
            if 0 <= found.span.start <= found.span.end <= len(stored.text):
                yield {"field": field, "value": value, **_place(stored, found.span), "rule": found.rule}


def _place(stored: StoredEntry, span: Span) -> Json:
    line = stored.line + stored.text.count("\n", 0, span.start)
    return {"start": span.start, "end": span.end, "line": line}


def facets(found: Found) -> Json:
    """The number of entries, and the counts of every facet's values."""
    return {
        "total": found.total,
        "facets": {name: [_facet_value(value) for value in values] for name, values in found.facets.items()},
    }


def _facet_value(value: FacetValue) -> Json:
    return {"value": value.value, "count": value.count, "selected": value.selected}


def suggestions(typed: str, found: Iterable[Suggestion]) -> Json:
    """What was typed, and queries that go on from it."""
    queries = [{"text": one.text, "facet": one.facet, "count": one.count} for one in found]
    return {"query": typed, "suggestions": queries}


def problem(status: int, title: str, detail: str | None) -> Json:
    """An error, in the shape of RFC 9457."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}
