"""How does a view become a page?  The templates, in the language of the given labels.

They are those of the static site; as there, each language has an environment of its own.
"""

from __future__ import annotations

from flask import Flask, current_app
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from webapp import urls
from webapp.catalogue import LANGUAGES
from webapp.context import site
from webapp.labels import Labels, labels_in, own_name
from webapp.theme import Fluent, Theme
from webapp.view import View
from webapp.ways import OWN, SITE, led

_KEPT = "relnotes.templates"  # among Flask's extensions: an environment for each language


def prepare(app: Flask, title: str, version: str) -> None:
    """Let the application render pages of a site of this title; `version` names the static files."""
    app.extensions[_KEPT] = {language: _environment(language, title, version) for language in LANGUAGES}


def _environment(language: str, title: str, version: str) -> Fluent:
    made = Theme().environment(labels_in(language))
    made.filters |= {"link": _link, "absolute": _absolute}
    made.globals |= {
        "site_title": title,
        "assets": version,
        "frozen": False,
        "addressed": True,
        "languages": tuple((code, own_name(code)) for code in LANGUAGES),
    }
    return made


def _link(path: str, language: str | None = None) -> str:
    """The way to a site path, in the language that the page was asked for in or in the one that is given."""
    if urls.wordless(path):
        return SITE + path[1:]
    return OWN + path[1:] if language is None else f"{SITE}{language}{path}"


@pass_context  # or Jinja would write the first request's address of a constant path into the template
def _absolute(context: Context, path: str, language: str | None = None) -> str:
    return site().absolute(path, language)


def render(view: View, labels: Labels) -> str:
    """The page; wants a request, whose site its links lead to."""
    environment: Fluent = current_app.extensions[_KEPT][labels.language]
    page, here = environment.page(view.template, {"view": view, **view.values}), site()
    return led(page, escape(here.link("/")), escape(here.link("/", language="")))
