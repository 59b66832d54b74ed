"""Which site is this request for, and how does it address itself?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from threading import BoundedSemaphore

from flask import current_app, request

from webapp.cache import AnswerCache
from webapp.config import SiteConfig
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
    def root(self) -> str:
        """The site's absolute address, without a trailing slash."""
        return (self.config.base_url or request.url_root).rstrip("/")

    def link(self, path: str) -> str:
        """A site path as it stands in pages: below the prefix that the site is served from."""
        return request.script_root + path

    def absolute(self, path: str) -> str:
        return self.root + path

    def etag(self) -> str:
        """The same for as long as the answer is."""
        digest = self.library.digest
        phase = digest.schedule.phase(self.now())
        address = (self.root, request.script_root, request.full_path)
        parts = (self.version, self.config.title, self.library.generations, digest.seen, phase, *address)
        return hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()

    def modified(self) -> datetime:
        """When the answer last changed: with the store, or as a window began or ended."""
        return max(self.library.modified(), self.library.digest.schedule.turned(self.now()))


def site() -> Site:
    """The site that the current request is for."""
    found: Site = current_app.extensions["relnotes"]
    return found
