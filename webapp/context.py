"""Which site is this request for, in which language, and how does it address itself?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from threading import BoundedSemaphore

from flask import current_app, g, request
from werkzeug.sansio.utils import get_current_url

from webapp import negotiation, urls
from webapp.cache import AnswerCache
from webapp.config import SiteConfig
from webapp.labels import Labels, labels_in
from webapp.library import Library
from webapp.throttle import Throttle


class Site:
    """What the routes work with: the configuration, the library, and the ways to address this site."""

    def __init__(self, config: SiteConfig, version: str) -> None:
        self.config, self.version = config, version
        self.library = Library(config.data_dir, config.aliases)
        self.cache = AnswerCache(config.cache_bytes)
        self.throttle = Throttle(config.rate) if config.rate else None
        self.exports = BoundedSemaphore(config.limits.exports)

    def now(self) -> datetime:
        return self.config.clock()

    @property
    def labels(self) -> Labels:
        """The words of the language that the request wants its answer in."""
        if "labels" not in g:
            g.labels = labels_in(negotiation.language(request))
        found: Labels = g.labels
        return found

    @property
    def root(self) -> str:
        """The site's absolute address, without a trailing slash and without a language."""
        if "root" not in g:
            g.root = (self.config.base_url or self._own_root()).rstrip("/")
        found: str = g.root
        return found

    def _own_root(self) -> str:
        """The address that the request was sent to."""
        own = _current_url(request.scheme, request.host, request.root_path)
        return own.rstrip("/").removesuffix(negotiation.prefix(request))

    @property
    def base(self) -> str:
        """What the page's own links are below: the root, with the language where the address chooses it."""
        return self.root + negotiation.prefix(request)

    def link(self, path: str, language: str | None = None) -> str:
        """A site path as it stands in pages: below the prefix that the site is served from.

        Links keep the language that the page was asked for in, or lead to the one that is given.
        """
        mount, own = g.get("prefixes") or self._prefixes()
        return str(mount + ("" if urls.wordless(path) else _below(language, own)) + path)

    def _prefixes(self) -> tuple[str, str]:
        """Where the site lies, and the language that the address chooses: kept for all links of a page."""
        own = negotiation.prefix(request)
        g.prefixes = request.script_root.removesuffix(own), own
        found: tuple[str, str] = g.prefixes
        return found

    def absolute(self, path: str, language: str | None = None) -> str:
        """The absolute address of a site path; `language` may be empty for the one that negotiates."""
        return self.root + _below(language, negotiation.prefix(request)) + path

    def validators(self) -> tuple[str, datetime]:
        """The answer's ETag, the same for as long as it is, and when it last changed: with the store, with a
        window, or with a look at a source."""
        digest, now, looks = self.library.digest, self.now(), self._looks()
        generations = (digest.generation, self.library.generation)
        address = (self.root, request.script_root, self.labels.language, request.full_path)
        own = (generations, digest.seen, digest.schedule.phase(now), *looks)
        parts = repr((self.version, self.config.title, *own, *address)).encode("utf-8", "replace")
        checked = (at.replace(microsecond=0) for _, at, _ in looks)
        changed = max(digest.written, digest.schedule.turned(now), *checked)
        return hashlib.blake2b(parts, digest_size=12).hexdigest(), changed

    def _looks(self) -> tuple[tuple[str, datetime, str], ...]:
        """(source, when, outcome) of the last look at each source, where the page tells of them."""
        if request.endpoint != "site.sources":
            return ()
        return tuple((check.source, check.checked, check.outcome.value) for check in self.library.checks())


_current_url = lru_cache(maxsize=256)(get_current_url)


def _below(language: str | None, own: str) -> str:
    """The prefix of a language: that of the page where none is named."""
    if language is None:
        return own
    return f"/{language}" if language else ""


def site() -> Site:
    """The site that the current request is for."""
    found: Site = current_app.extensions["relnotes"]
    return found
