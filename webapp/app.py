"""How does a request become an answer?  `create_app`: limits, conditional answers, headers and error pages.

Pages are functions of the store's generation, the address and (for what is coming and past) the clock, so
their ETag is known before anything is looked up: a 304 touches neither templates nor the index.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestURITooLarge,
    SecurityError,
    TooManyRequests,
)
from werkzeug.http import http_date, is_resource_modified
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from ingest.errors import QueryError, RelnotesError
from webapp import api, compression, negotiation, rendering, urls, views
from webapp.cache import Kept
from webapp.catalogue import N_
from webapp.config import SiteConfig
from webapp.context import Site, site
from webapp.site import blueprint
from webapp.view import MissingError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNCOUNTED = ("static", "site.healthz")  # neither pages nor data: never refused, and without an ETag of ours

NAMES = (
    N_("Bad Request"),
    N_("Not Found"),
    N_("Method Not Allowed"),
    N_("Request URI Too Long"),
    N_("Too Many Requests"),
    N_("Service Unavailable"),
    N_("Internal Server Error"),
)
"""What errors are called, as werkzeug says it."""


class NameConverter(BaseConverter):
    """A path segment that holds any name: see `urls.segment`."""

    def to_python(self, value: str) -> str:
        return urls.name_of(value)


def create_app(config: SiteConfig) -> Flask:
    """The web application over one data directory.  Raises StoreError where there is no store."""
    app = Flask(__name__)
    app.config["TRUSTED_HOSTS"] = list(config.hosts) or None
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.url_map.merge_slashes = False
    app.url_map.converters["name"] = NameConverter
    app.extensions["relnotes"] = Site(config, assets_version(Path(app.root_path)))
    rendering.prepare(app, config.title, app.extensions["relnotes"].version)
    app.before_request(_refuse_long_address)
    app.before_request(_refuse_too_many)
    app.before_request(_answer_unchanged)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(QueryError, _refused)
    app.register_error_handler(MissingError, lambda error: _http_error(NotFound(str(error))))
    app.register_error_handler(RelnotesError, _unavailable)
    app.register_blueprint(blueprint)
    app.register_blueprint(api.blueprint)
    app.wsgi_app = negotiation.LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    if config.proxies:
        _trust(app, config.proxies)
    return app


def assets_version(folder: Path) -> str:
    """A digest of all templates, messages and static files: it changes when a page would look different."""
    digest = hashlib.blake2b(digest_size=6)
    for part in ("templates", "translations", "static"):
        for path in sorted((folder / part).rglob("*.*")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _trust(app: Flask, proxies: int) -> None:
    """Take scheme, host, prefix and the reader's address from so many proxies before us."""
    number = dict.fromkeys(("x_for", "x_proto", "x_host", "x_prefix"), proxies)
    app.wsgi_app = ProxyFix(app.wsgi_app, **number)  # type: ignore[method-assign]


def _refuse_long_address() -> None:
    limit = site().config.limits.address
    if len(request.environ.get("QUERY_STRING", "")) + len(request.environ.get("PATH_INFO", "")) > limit:
        message = N_("The address is longer than %(number)s characters.")
        raise RequestURITooLarge(site().labels.gettext(message, number=limit))


def _refuse_too_many() -> None:
    throttle = site().throttle
    if throttle is None or request.endpoint in UNCOUNTED:
        return
    seconds = throttle.wait(request.remote_addr or "")
    if seconds:
        said = site().labels.ngettext(
            "Too many requests came from your address. Please try again in %(num)s second.",
            "Too many requests came from your address. Please try again in %(num)s seconds.",
            seconds,
        )
        raise TooManyRequests(said, retry_after=seconds)


def _answer_unchanged() -> Response | None:
    """What can be answered from the address alone: 304 for what the client has, or what was kept."""
    if not _lasting():
        return None
    g.etag, g.modified = site().validators()
    if not is_resource_modified(request.environ, etag=g.etag, last_modified=g.modified):
        return Response(status=304)
    g.key = f"{g.etag} gzip" if compression.wanted(request) else g.etag  # by the form that this client takes
    kept = site().cache.get(g.key)
    if kept is None:
        return None
    answer = Response(kept.body, content_type=kept.content_type)
    if kept.encoding:
        answer.headers["Content-Encoding"] = kept.encoding
    return answer


def _lasting() -> bool:
    """Is the answer one that depends on nothing but the store and the clock?"""
    reading = request.method in ("GET", "HEAD")
    return reading and request.endpoint is not None and request.endpoint not in UNCOUNTED


def _finish(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if response.location:
        response.location = _path_only(response.location)
    _say_what_it_depends_on(response)
    if "etag" in g and response.status_code in (200, 304):
        response.headers.extend(
            {"ETag": f'W/"{g.etag}"', "Last-Modified": _http_date(g.modified), "Cache-Control": "no-cache"}
        )
    _pack(response)
    if "key" in g and response.status_code == 200 and not response.is_streamed:
        encoding = response.headers.get("Content-Encoding")
        site().cache.keep(g.key, Kept(response.get_data(), str(response.content_type), encoding))
    return response


_http_date = lru_cache(maxsize=64)(http_date)


def _path_only(address: str) -> str:
    """The address without its host: the one that we are asked under need not be the one that readers know."""
    to = urlsplit(address)
    return urlunsplit(("", "", "/" + to.path.lstrip("/"), to.query, ""))


def _pack(response: Response) -> None:
    """Packed or not, it is the same answer: the ETag says so by being weak (RFC 9110, 8.8.1)."""
    etag, weak = response.get_etag()
    if etag and not weak:
        response.set_etag(etag, weak=True)
    if response.status_code not in (206, 304) and compression.wanted(request):
        compression.pack(response)


def _say_what_it_depends_on(response: Response) -> None:
    """Which language this is, and what else might have been answered at this address."""
    vary = "Accept-Encoding"
    if not urls.wordless(request.path):
        response.headers["Content-Language"] = site().labels.language
        vary = vary if negotiation.prefix(request) else f"Accept-Language, {vary}"
    response.headers["Vary"] = vary


def _refused(error: QueryError) -> Response | HTTPException:
    """A query or a filter that makes no sense."""
    said = (site().labels.say(part) for part in (error.what, error.todo) if part)
    return _http_error(BadRequest("; ".join(said)))


def _http_error(error: HTTPException) -> Response | HTTPException:
    """An error as a proper page; redirects stay what they are."""
    if error.code is None or error.code < 400:
        return error
    said = _description(error)
    kept = [(key, value) for key, value in error.get_headers() if key in ("Allow", "Retry-After")]
    return _error(error.code, error.name, said, kept)


def _description(error: HTTPException) -> str:
    """What the page says; ours where werkzeug's words are in English only."""
    if isinstance(error, SecurityError):
        return site().labels.gettext("This site is not served under that host.")
    if error.description != type(error).description:
        return str(error.description)
    if isinstance(error, NotFound):
        return site().labels.gettext("There is nothing at this address.")
    if isinstance(error, MethodNotAllowed):
        return site().labels.gettext("This site can only be read.")
    return str(error.description or "")


def _error(code: int, name: str, said: str, kept: list[tuple[str, str]]) -> Response:
    """An error for people or, below /api/, for programs."""
    if request.path.startswith(urls.API):
        return api.problem(code, name, said, kept)
    labels, path = site().labels, quote(request.path, safe="/~")
    page = rendering.render(views.problem(code, labels.gettext(name), said, path), labels)
    return Response(page, code, kept, content_type="text/html; charset=utf-8")


def _unavailable(error: RelnotesError) -> Response:
    """Store or index cannot be read: the log says why, the page does not name files."""
    current_app.logger.error("%s", error)
    said = site().labels.gettext("The entries cannot be read just now. Please try again later.")
    return _error(503, "Service Unavailable", said, [])
