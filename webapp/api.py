"""Which address answers programs?  The JSON routes under `/api/v1/`; they only read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import TooManyRequests

from index.query import SearchRequest
from ingest.errors import QueryError
from webapp import openapi, querystring, representation, urls
from webapp.context import Site, site
from webapp.text import shown
from webapp.view import MissingError

blueprint = Blueprint("api", __name__)
DEFAULT, MOST = 20, 100  # entries a page
BATCH = 200  # entries of an export that are held at a time
EXPORT_PAUSE = 10  # seconds after which to try again
_NEVER_EMPTY = ("since", "until", "changes", "sort", "limit", "cursor")
_encode = msgspec.json.Encoder().encode


def question(limit: int = DEFAULT) -> SearchRequest:
    """What the query string asks for, from the first entry on.

    Forms in a browser send what was left empty; a program that does so has lost a value, and is told.
    """
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    empty = [key for key, value in pairs if key in _NEVER_EMPTY and not value.strip()]
    if empty:
        raise QueryError(f"{empty[0]!r} is empty", todo="leave it out, or give it a value")
    return querystring.parse(pairs, site().config.limits, limit)


def _limit(text: str) -> int:
    if not text:
        return DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise QueryError(f"'limit' goes from 1 to {MOST}")
    return int(text)


def _from_cursor(asked: SearchRequest, cursor: str) -> SearchRequest:
    """The page that a cursor leads to; only cursors that we gave out are understood."""
    if not re.fullmatch(openapi.CURSOR, cursor, re.ASCII):
        raise QueryError("'cursor' is none that was given out", todo="start again without it")
    offset, last = cursor.split("~")
    return replace(asked, offset=int(offset), after=last)


def _cursor(offset: int, last: str) -> str:
    """Names the entry that the next page follows, so that entries which come above it meanwhile neither
    repeat nor hide one; the number of entries passed is used where that one matches no more."""
    return f"{offset}~{last}"


@blueprint.get(urls.API_ENTRIES)
def entries() -> Response:
    asked = question(_limit(request.args.get("limit", "").strip()))
    cursor = request.args.get("cursor", "").strip()
    asked = _from_cursor(asked, cursor) if cursor else asked
    found = site().library.find(replace(asked, limit=asked.limit + 1))  # is there one more?
    ids = found.ids[: asked.limit]
    root, authority = site().root, site().config.authority
    return jsonify(
        total=found.total,
        entries=[representation.summary(one, root, authority) for one in site().library.store.get_many(ids)],
        next=_next(asked, ids[-1]) if len(found.ids) > asked.limit else None,
        suggestions=found.suggestions,
        hints=found.hints,
    )


def _next(asked: SearchRequest, last: str) -> str:
    """The absolute address of the page after the one whose last entry has the id `last`."""
    query = querystring.encode(querystring.first(asked))
    tail = f"limit={asked.limit}&cursor={_cursor(asked.offset + asked.limit, last)}"
    return site().absolute(f"{urls.API_ENTRIES}?{query}&{tail}" if query else f"{urls.API_ENTRIES}?{tail}")


@blueprint.get(urls.API_EXPORT)
def export() -> Response:
    """Every entry that matches, whole, one a line; few of them are held in memory at a time."""
    found = site().library.find(question(sys.maxsize))
    if not site().exports.acquire(blocking=False):
        raise TooManyRequests("Other exports are running.", retry_after=EXPORT_PAUSE)
    lines = _lines(site(), found.ids, site().root)
    answer = Response(lines, content_type="application/jsonl; charset=utf-8")
    answer.call_on_close(site().exports.release)
    return answer


def _lines(served: Site, ids: Sequence[str], root: str) -> Iterator[bytes]:
    library, authority = served.library, served.config.authority
    for start in range(0, len(ids), BATCH):
        for stored in library.store.get_many(ids[start : start + BATCH]):
            yield _json_line(representation.full(stored, library.life(stored), root, authority))


def _json_line(value: representation.Json) -> bytes:
    """JSON on one line for every reader: some also break lines at U+0085, U+2028 and U+2029."""
    line = _encode(value)
    for character in "\x85\u2028\u2029":
        line = line.replace(character.encode(), f"\\u{ord(character):04x}".encode())
    return line + b"\n"


@blueprint.get(f"{urls.API_ENTRIES}/<entry_id>")
def entry(entry_id: str) -> Response:
    stored = site().library.entry(entry_id)
    if stored is None:
        raise MissingError("No entry has this id")
    revisions = site().library.revisions(entry_id)
    return jsonify(representation.full(stored, revisions, site().root, site().config.authority))


@blueprint.get(urls.API_FACETS)
def facets() -> Response:
    return jsonify(representation.facets(site().library.find(question())))


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
