"""How does a request become an answer?  `create_app`: limits, conditional answers, headers and error pages.

Pages are functions of the store's generation, the address and (for what is coming and past) the clock, so
their ETag is known before anything is looked up: a 304 touches neither templates nor the index.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, g, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    NotFound,
    RequestURITooLarge,
    SecurityError,
    TooManyRequests,
)
from werkzeug.http import is_resource_modified
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from ingest.errors import QueryError, RelnotesError
from webapp import api, urls
from webapp.cache import Kept
from webapp.config import SiteConfig
from webapp.context import Site, site
from webapp.site import blueprint
from webapp.text import breakable
from webapp.views import MissingError

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
    _prepare_templates(app, config)
    app.before_request(_refuse_long_address)
    app.before_request(_refuse_too_many)
    app.before_request(_answer_unchanged)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(QueryError, lambda error: _http_error(BadRequest(str(error))))
    app.register_error_handler(MissingError, lambda error: _http_error(NotFound(str(error))))
    app.register_error_handler(RelnotesError, _unavailable)
    app.register_blueprint(blueprint)
    app.register_blueprint(api.blueprint)
    if config.proxies:
        _trust(app, config.proxies)
    return app


def assets_version(folder: Path) -> str:
    """A digest of all templates and static files: it changes when a page would look different."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted((folder / "templates").rglob("*.*")) + sorted((folder / "static").rglob("*.*")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _trust(app: Flask, proxies: int) -> None:
    """Take scheme, host, prefix and the reader's address from so many proxies before us."""
    number = dict.fromkeys(("x_for", "x_proto", "x_host", "x_prefix"), proxies)
    app.wsgi_app = ProxyFix(app.wsgi_app, **number)  # type: ignore[method-assign]


def _prepare_templates(app: Flask, config: SiteConfig) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["link"] = lambda path: site().link(path)
    app.jinja_env.filters["breakable"] = breakable
    app.jinja_env.filters["absolute"] = lambda path: site().absolute(path)
    app.jinja_env.globals |= {
        "site_title": config.title,
        "assets": app.extensions["relnotes"].version,
        "frozen": False,
        "addressed": True,
    }


def _refuse_long_address() -> None:
    limit = site().config.limits.address
    if len(request.environ.get("QUERY_STRING", "")) + len(request.environ.get("PATH_INFO", "")) > limit:
        raise RequestURITooLarge(f"The address is longer than {limit} characters.")


def _refuse_too_many() -> None:
    throttle = site().throttle
    if throttle is None or request.endpoint in UNCOUNTED:
        return
    seconds = throttle.wait(request.remote_addr or "")
    if seconds:
        said = f"Too many requests came from your address. Please try again in {seconds} seconds."
        raise TooManyRequests(said, retry_after=seconds)


def _answer_unchanged() -> Response | None:
    """What can be answered from the address alone: 304 for what the client has, or what was kept."""
    if not _lasting():
        return None
    g.etag, g.modified = site().etag(), site().modified()
    if not is_resource_modified(request.environ, etag=g.etag, last_modified=g.modified):
        return Response(status=304)
    kept = site().cache.get(g.etag)
    return Response(kept.body, content_type=kept.content_type) if kept else None


def _lasting() -> bool:
    """Is the answer one that depends on nothing but the store and the clock?"""
    reading = request.method in ("GET", "HEAD")
    return reading and request.endpoint is not None and request.endpoint not in UNCOUNTED


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    if "etag" in g and response.status_code in (200, 304):
        response.set_etag(g.etag)
        response.last_modified = g.modified
        response.headers["Cache-Control"] = "no-cache"
        if response.status_code == 200 and not response.is_streamed:
            site().cache.keep(g.etag, Kept(response.get_data(), str(response.content_type)))
    return response


def _http_error(error: HTTPException) -> Response | HTTPException:
    """An error as a proper page; redirects stay what they are."""
    if error.code is None or error.code < 400:
        return error
    said = (
        "This site is not served under that host." if isinstance(error, SecurityError) else error.description
    )
    kept = [(key, value) for key, value in error.get_headers() if key in ("Allow", "Retry-After")]
    return _error(error.code, error.name, said, kept)


def _error(code: int, name: str, said: str | None, kept: list[tuple[str, str]]) -> Response:
    """An error for people or, below /api/, for programs."""
    if request.path.startswith(urls.API):
        return api.problem(code, name, said, kept)
    page = render_template("error.html", code=code, name=name, message=said)
    return Response(page, code, kept, content_type="text/html; charset=utf-8")


def _unavailable(error: RelnotesError) -> Response:
    """Store or index cannot be read: the log says why, the page does not name files."""
    current_app.logger.error("%s", error)
    said = "The entries cannot be read just now. Please try again later."
    return _error(503, "Service Unavailable", said, [])
