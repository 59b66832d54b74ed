"""What does the JSON API offer, in words that programs read?  Its OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from index.query import FACETS, Sort
from ingest.model import DateBasis, EntryType, Status
from webapp import urls

Json = dict[str, Any]

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
}
PLACE: Json = {"start": NUMBER, "end": NUMBER, "line": NUMBER}
FULL: Json = {
    **SUMMARY,
    "text": TEXT,
    "evidence": array(thing({"field": TEXT, "value": {}, **PLACE, "rule": TEXT})),
    "diagnostics": array(thing({"code": TEXT, "message": TEXT, **PLACE})),
    "revisions": array(
        thing({"number": NUMBER, "seen": INSTANT, "changed": array(TEXT), "material": YES_NO})
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
    question = [_parameter("q", TEXT), *filters, _parameter("since", DAY), _parameter("until", DAY)]
    paging = [
        _parameter("sort", {"enum": [each.value for each in Sort]}),
        _parameter("limit", {**NUMBER, "minimum": 1, "maximum": most}),
        _parameter("cursor", TEXT),
    ]
    entry_id = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: API", "version": "1"},
        "servers": [{"url": root}],
        "paths": {
            urls.API_ENTRIES: _get("Entries that match, page by page", "Page", [*question, *paging]),
            f"{urls.API_ENTRIES}/{{id}}": _get("One entry", "Entry", [entry_id], "404"),
            urls.API_FACETS: _get("Counts of every facet's values", "Facets", question),
            urls.API_SUGGEST: _get("Queries that go on from `q`", "Suggestions", [_parameter("q", TEXT)]),
        },
        "components": {"schemas": SCHEMAS},
    }


def _parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def _filter(name: str) -> Json:
    """Several values of one facet are OR-ed: `type=bugfix&type=feature`."""
    return {**_parameter(name, array(TEXT)), "style": "form", "explode": True}


def _get(summary: str, schema: str, parameters: list[Json], *errors: str) -> Json:
    content = {"application/json": {"schema": reference(schema)}}
    problem = {"application/problem+json": {"schema": reference("Problem")}}
    codes = ("400", "414", *errors)
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "304": {"description": "Unchanged"},
                **{code: {"description": "A problem", "content": problem} for code in codes},
            },
        }
    }
