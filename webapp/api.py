"""Which address answers programs?  The JSON routes under `/api/v1/`; they only read."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Response, jsonify, request

from index.query import SearchPage, SearchRequest
from ingest.errors import QueryError
from webapp import openapi, querystring, representation, urls
from webapp.context import site
from webapp.text import shown
from webapp.views import MissingError

blueprint = Blueprint("api", __name__)
DEFAULT, MOST = 20, 100  # entries a page


def asked() -> SearchRequest:
    """What the query string asks for; `limit` and `cursor` say which part of it."""
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    found = querystring.parse(pairs, site().config.limits, _limit(request.args.get("limit", "")))
    return replace(found, offset=_offset(request.args.get("cursor", "")))


def _limit(text: str) -> int:
    if not text:
        return DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise QueryError(f"'limit' goes from 1 to {MOST}")
    return int(text)


def _offset(cursor: str) -> int:
    """Where the page begins that a cursor names; only cursors that we gave out are understood."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    most = site().config.limits.pages * MOST
    if not (text.isdigit() and len(text) < 9 and int(text) <= most and _cursor(int(text)) == cursor):
        raise QueryError("'cursor' is none that was given out", todo="start again without it")
    return int(text)


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


@blueprint.get(urls.API_ENTRIES)
def entries() -> Response:
    question = asked()
    found = site().library.search(question)
    root, authority = site().root, site().config.authority
    return jsonify(
        total=found.total,
        entries=[representation.summary(hit.stored, root, authority) for hit in found.hits],
        next=_next(found),
        suggestions=found.suggestions,
        hints=found.hints,
    )


def _next(found: SearchPage) -> str | None:
    """The absolute address of the next page."""
    question = found.request
    after = question.offset + question.limit
    if after >= min(found.total, site().config.limits.pages * MOST):
        return None
    query = querystring.encode(replace(question, offset=0))
    tail = f"limit={question.limit}&cursor={_cursor(after)}"
    return site().absolute(f"{urls.API_ENTRIES}?{query}&{tail}" if query else f"{urls.API_ENTRIES}?{tail}")


@blueprint.get(f"{urls.API_ENTRIES}/<entry_id>")
def entry(entry_id: str) -> Response:
    stored = site().library.entry(entry_id)
    if stored is None:
        raise MissingError("No entry has this id")
    revisions = site().library.revisions(entry_id)
    return jsonify(representation.full(stored, revisions, site().root, site().config.authority))


@blueprint.get(urls.API_FACETS)
def facets() -> Response:
    return jsonify(representation.facets(site().library.search(replace(asked(), limit=1, offset=0))))


@blueprint.get(urls.API_SUGGEST)
def suggest() -> Response:
    """Queries that go on from `q`, for as long as it is typed."""
    typed = shown(request.args.get("q", ""))[: site().config.limits.text]
    return jsonify(representation.suggestions(typed, site().library.suggest(typed)))


@blueprint.get(urls.OPENAPI)
def description() -> Response:
    return jsonify(openapi.document(site().config.title, site().root, MOST))


@blueprint.get("/api/<path:rest>")
def nothing(rest: str) -> Response:
    """Whatever else is asked for below /api/ is answered as JSON too."""
    raise MissingError("There is nothing at this address")


def problem(status: int, title: str, detail: str | None, kept: Iterable[tuple[str, str]] = ()) -> Response:
    """The one shape of every error below /api/."""
    answer = jsonify(representation.problem(status, title, detail))
    answer.status_code = status
    answer.headers.extend(list(kept))
    answer.content_type = "application/problem+json"
    return answer
