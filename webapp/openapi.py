"""What does the JSON API offer, in words that programs read?  Its OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from index.query import FACETS, Changes, Sort
from ingest.model import DateBasis, EntryType, Status
from webapp import urls
from webapp.config import Limits
from webapp.worddiff import Kind

Json = dict[str, Any]

JSON, JSON_LINES = "application/json", "application/jsonl"
ABOUT = (
    "Read-only. A list comes in pages: follow `next` until it is null. Every error is a Problem (RFC 9457). "
    "Answers carry ETag and Last-Modified: ask again with If-None-Match or If-Modified-Since."
)
BAD_QUERY: dict[str, str] = {"400": "The query makes no sense or asks for too much"}
NO_ENTRY: dict[str, str] = {"404": "No entry has this id"}
ANY: dict[str, str] = {
    "414": "The address is too long",
    "429": "Too many requests: wait as long as Retry-After says",
    "503": "The entries cannot be read just now",
}
CURSOR = "[0-9]{1,8}~[a-z0-9]{1,40}"
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
YES_NO: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}
INSTANT: Json = {"type": "string", "format": "date-time"}
ADDRESS: Json = {"type": "string", "format": "uri"}


def array(of: Json) -> Json:
    return {"type": "array", "items": of}


def maybe(of: Json) -> Json:
    return {"anyOf": [of, {"type": "null"}]}


def thing(fields: Json) -> Json:
    """An object with exactly these fields."""
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


SUMMARY: Json = {
    "id": TEXT,
    "guid": TEXT,
    "url": ADDRESS,
    "api_url": ADDRESS,
    "source": TEXT,
    "line": NUMBER,
    "type": {"enum": [each.value for each in EntryType]},
    "lang": TEXT,
    "title": TEXT,
    "has_heading": YES_NO,
    "windows": array(reference("Window")),
    "effective": array(DAY),
    "outage_minutes": array(NUMBER),
    "products": array(TEXT),
    "endpoints": array(TEXT),
    "parameters": array(TEXT),
    "published": maybe({"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"}),
    "dated": maybe(thing({"first": DAY, "last": DAY, "basis": {"enum": [each.value for each in DateBasis]}})),
    "status": {"enum": [*(each.value for each in Status), None]},
    "no_downtime": YES_NO,
    "confidence": {"type": "number"},
    "gone": YES_NO,
    "first_seen": INSTANT,
    "last_changed": INSTANT,
    "revision": NUMBER,
    "twins": array(reference("Twin")),
}
MOMENT: Json = {"anyOf": [DAY, reference("Window")]}
PLACE: Json = {"start": NUMBER, "end": NUMBER, "line": NUMBER}
FULL: Json = {
    **SUMMARY,
    "text": TEXT,
    "evidence": array(thing({"field": TEXT, "value": {}, **PLACE, "rule": TEXT})),
    "diagnostics": array(thing({"code": TEXT, "message": TEXT, **PLACE})),
    "chains": array(
        thing(
            {
                "kind": {"enum": ["windows", "effective"]},
                "former": array(thing({"date": MOMENT, "until": maybe(INSTANT)})),
                "now": array(MOMENT),
            }
        )
    ),
    "revisions": array(
        thing(
            {
                "number": NUMBER,
                "seen": INSTANT,
                "changed": array(TEXT),
                "material": YES_NO,
                "diff": array(thing({"kind": {"enum": [each.value for each in Kind]}, "text": TEXT})),
            }
        )
    ),
}
PAGE: Json = {
    "total": NUMBER,
    "entries": array(reference("EntrySummary")),
    "next": maybe(ADDRESS),
    "suggestions": array(TEXT),
    "hints": array(TEXT),
}
COUNTS: Json = {
    "total": NUMBER,
    "facets": thing({name: array(reference("FacetValue")) for name in FACETS}),
}
COMPLETIONS: Json = {
    "query": TEXT,
    "suggestions": array(
        thing({"text": TEXT, "facet": {"enum": ["product", "endpoint", "param", None]}, "count": NUMBER})
    ),
}
SCHEMAS: Json = {
    "Twin": thing({"id": TEXT, "lang": TEXT, "confidence": {"type": "number"}, "evidence": array(TEXT)}),
    "Window": thing({"start": INSTANT, "end": INSTANT}),
    "EntrySummary": thing(SUMMARY),
    "Entry": thing(FULL),
    "Page": thing(PAGE),
    "FacetValue": thing({"value": TEXT, "count": NUMBER, "selected": YES_NO}),
    "Facets": thing(COUNTS),
    "Suggestions": thing(COMPLETIONS),
    "Problem": thing({"type": TEXT, "title": TEXT, "status": NUMBER, "detail": maybe(TEXT)}),
}


def document(title: str, root: str, most: int) -> Json:
    """The description of the API at `root`, whose pages hold up to `most` entries."""
    filters = [_filter(name) for name in FACETS]
    days = [_parameter("since", DAY), _parameter("until", DAY)]
    changes = _parameter("changes", {"enum": [each.value for each in Changes]})
    query = [_parameter("q", {**TEXT, "maxLength": Limits().text}), *filters, *days, changes]
    sort = _parameter("sort", {"enum": [each.value for each in Sort]})
    paging = [
        _parameter("limit", {**NUMBER, "minimum": 1, "maximum": most}),
        _parameter("cursor", {**TEXT, "pattern": f"^{CURSOR}$"}),
    ]
    entry_id = {"name": "id", "in": "path", "required": True, "schema": {**TEXT, "pattern": "^[^/]+$"}}
    found = _operation("list", "Entries that match, page by page", [*query, sort, *paging])
    export = _operation("export", "All entries that match, as JSON Lines", [*query, sort])
    one = _operation("get", "One entry, with its text, evidence, diagnostics and revisions", [entry_id])
    counts = _operation("count", "Counts of every facet's values", query)
    going_on = _operation("suggest", "Queries that go on from `q`", [_parameter("q", TEXT)])
    own = _operation("describe", "This description", [])
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: API", "version": "1", "description": ABOUT},
        "servers": [{"url": root}],
        "paths": {
            urls.API_ENTRIES: _get(found, JSON, reference("Page"), BAD_QUERY),
            urls.API_EXPORT: _get(export, JSON_LINES, TEXT, BAD_QUERY),
            f"{urls.API_ENTRIES}/{{id}}": _get(one, JSON, reference("Entry"), NO_ENTRY),
            urls.API_FACETS: _get(counts, JSON, reference("Facets"), BAD_QUERY),
            urls.API_SUGGEST: _get(going_on, JSON, reference("Suggestions"), {}),
            urls.OPENAPI: _get(own, JSON, {"type": "object"}, {}),
        },
        "components": {"schemas": SCHEMAS},
    }


def _parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def _filter(name: str) -> Json:
    """Several values of one facet are OR-ed: `type=bugfix&type=feature`."""
    limits = Limits()
    values = {**array({**TEXT, "maxLength": limits.value}), "maxItems": limits.filters}
    return {**_parameter(name, values), "style": "form", "explode": True}


def _operation(name: str, summary: str, parameters: list[Json]) -> Json:
    return {"operationId": name, "summary": summary, "parameters": parameters}


def _get(operation: Json, media: str, schema: Json, errors: Json) -> Json:
    problem = {"application/problem+json": {"schema": reference("Problem")}}
    responses = {code: {"description": said, "content": problem} for code, said in {**errors, **ANY}.items()}
    done = {"description": operation["summary"], "content": {media: {"schema": schema}}}
    unchanged = {"description": "Unchanged since the ETag or the time that the request names"}
    return {"get": {**operation, "responses": {"200": done, "304": unchanged, **responses}}}
