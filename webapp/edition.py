"""How does a static site address itself, and how are its views written, in one language?

English lies at the site's root, every other language below a folder of its own name.  Links are relative:
what stands for the way to the folder is put in last, so that one card serves pages at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import TemplateError, TemplateSyntaxError

from ingest.errors import ConfigError
from webapp import urls
from webapp.casts import CARDS
from webapp.catalogue import DEFAULT, LANGUAGES
from webapp.config import SiteConfig
from webapp.labels import labels_in, own_name
from webapp.library import Library
from webapp.pages import Card
from webapp.sitefiles import Files, address
from webapp.theme import Theme
from webapp.view import View
from webapp.ways import OWN, SITE, led

_OWN, _SITE = OWN.encode(), SITE.encode()
_STAND_IN = re.compile(b"\x04([0-9]+(?:-[0-9]+)?)\x04")
File = tuple[str, bytes]
_MEND = "mend the template"


def folder_of(language: str | None) -> str:
    """Below which folder the pages of a language lie."""
    return "" if language in (DEFAULT, "", None) else f"{language}/"


def _in_place(cards: Sequence[bytes | memoryview], numbers: bytes) -> bytes | memoryview:
    """What `StandIns` stand for: one card, or cards one below the other."""
    first, several, last = numbers.partition(b"-")
    return b"  " + b"\n  ".join(cards[int(first) : int(last)]) if several else cards[int(first)]


class Edition:
    """One language of a site; `root` is the site's public address, without a trailing slash, or empty.

    `assets` is the theme's digest, of which the addresses of its files tell.
    """

    def __init__(
        self,
        language: str,
        library: Library,
        config: SiteConfig,
        theme: Theme,
        assets: str,
        files: Files,
        compiled: Path | None = None,
    ) -> None:
        self.library, self.config, self.files = library, config, files
        self.labels, self.folder = labels_in(language), folder_of(language)
        self.root = (config.base_url or "").rstrip("/")
        self.base = f"{self.root}/{self.folder}".rstrip("/")
        self.environment = theme.environment(self.labels, compiled)
        self.link = lru_cache(maxsize=1 << 16)(self._link)
        self.environment.filters |= {"link": self.link, "absolute": self.absolute}
        self.environment.globals |= {
            "site_title": config.title,
            "assets": assets,
            "frozen": True,
            "addressed": bool(self.root),
            "languages": tuple((code, own_name(code)) for code in LANGUAGES),
        }

    # -- addresses ---------------------------------------------------------------------------------

    def _link(self, path: str, language: str | None = None) -> str:
        """The way from a page to a site path, in the same language or in the one that is given."""
        if urls.wordless(path):
            return SITE + self.files.link(path)
        if language is None:
            return OWN + self.files.link(path)
        return SITE + folder_of(language) + self.files.link(path)

    def absolute(self, path: str, language: str | None = None) -> str:
        """The public address of a site path."""
        folder = self.folder if language is None else folder_of(language)
        return f"{self.root}/{folder}".removesuffix("/") + address(self.files.of(path.partition("?")[0]))

    def file(self, path: str) -> str:
        return self.folder + self.files.of(path)

    # -- pages -------------------------------------------------------------------------------------

    def page(self, view: View, cards: Sequence[bytes | memoryview] = ()) -> File:
        """A page; the cards, which are written already, take the places of their stand-ins."""
        file = self.files.of(view.path)
        depth = file.count("/")
        data = self.rendered(view)
        if cards:
            parts = _STAND_IN.split(data)
            parts[1::2] = [_in_place(cards, numbers) for numbers in parts[1::2]]
            data = b"".join(parts)
        data = data.replace(_OWN, b"../" * depth)
        return self.folder + file, data.replace(_SITE, b"../" * (depth + self.folder.count("/")))

    def anywhere(self, view: View) -> File:
        """A page that is shown at any address: its links lead from the server's root."""
        base = f"{urlsplit(self.root).path}/"
        return self.file(view.path), led(self.rendered(view).decode(), base + self.folder, base).encode()

    def rendered(self, view: View) -> bytes:
        """In UTF-8.  Raises ConfigError where a theme's template is wrong."""
        try:
            if view.alike:
                return self.environment.casts.page(view)
            return self.environment.page(view.template, {"view": view, **view.values}).encode()
        except TemplateError as error:
            raise _told(error, view.template) from error

    def card(self, card: Card) -> str:
        """Raises ConfigError where a theme's template is wrong."""
        try:
            return self._card(card)
        except TemplateError as error:
            raise _told(error, CARDS) from error

    def _card(self, card: Card) -> str:
        try:
            return self.environment.casts.card(card)
        except AttributeError:  # as in Fluent.page
            if self.environment.lenient:
                raise
            self.environment.loosen()
            return self.environment.casts.card(card)


def _told(error: TemplateError, template: str) -> ConfigError:
    """What is wrong with a theme's template."""
    where = f"{error.name}:{error.lineno}" if isinstance(error, TemplateSyntaxError) else template
    return ConfigError(str(error.message), where, _MEND)
