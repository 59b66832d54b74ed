"""In which language does a request want its answer?  By its path (`/fr/…`), or by its Accept-Language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from babel import negotiate_locale
from flask import Request

from webapp import urls
from webapp.catalogue import DEFAULT, LANGUAGES

PREFIX = "relnotes.prefix"  # of the WSGI environment


class LanguagePrefix:
    """WSGI middleware that counts `/fr` to the place the site is served from, so that all links keep it."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        first, _, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if first in LANGUAGES and not urls.wordless(f"/{rest}"):
            below = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ = {**environ, "SCRIPT_NAME": below, "PATH_INFO": f"/{rest}", PREFIX: f"/{first}"}
        return self.app(environ, start_response)


def prefix(request: Request) -> str:
    """`/fr` where the address chooses the language; empty where it is negotiated."""
    return str(request.environ.get(PREFIX, ""))


def language(request: Request) -> str:
    """One of LANGUAGES."""
    if urls.wordless(request.path):
        return DEFAULT
    wanted = tuple(name for name, quality in request.accept_languages if quality > 0)
    return prefix(request)[1:] or _negotiated(wanted)


@lru_cache(maxsize=256)
def _negotiated(wanted: tuple[str, ...]) -> str:
    return negotiate_locale(wanted, LANGUAGES, sep="-") or DEFAULT
