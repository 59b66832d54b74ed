"""How does a view become a page?  The templates, in the language of the given labels."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from babel.support import NullTranslations
from flask import Flask, render_template
from flask_babel import Babel, Domain, force_locale, get_locale
from jinja2 import StrictUndefined

from webapp.catalogue import DEFAULT, LANGUAGES, catalogue
from webapp.labels import Labels, labels_in, own_name
from webapp.once import Once
from webapp.text import FILTERS
from webapp.view import View


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel's messages, from our catalogues."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(locale.language if locale else DEFAULT)


def prepare(app: Flask) -> None:
    """Strict templates that speak every language of the interface."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    Babel(app, default_locale=DEFAULT).domain_instance = _Catalogues()
    _speak(app.jinja_env)
    app.jinja_env.filters |= FILTERS
    app.jinja_env.add_extension(Once)
    app.jinja_env.globals["languages"] = tuple((code, own_name(code)) for code in LANGUAGES)


def _speak(environment: Any) -> None:
    """Messages from the labels of the page, which are at hand: quicker than by way of Flask-Babel."""
    environment.install_gettext_callables(_said, _counted, newstyle=True)


def render(view: View, labels: Labels) -> str:
    """The page; wants an application context.  The filters `link` and `absolute` address its site."""
    before = _SPEAKING.set(labels)
    try:
        with force_locale(labels.language):
            return render_template(view.template, view=view, labels=labels, **view.values)
    finally:
        _SPEAKING.reset(before)


_SPEAKING: ContextVar[Labels] = ContextVar("_SPEAKING")  # the words of the page that is being rendered


_ENGLISH = labels_in(DEFAULT)


def _said(message: str) -> str:
    return _SPEAKING.get(_ENGLISH).gettext(message)


def _counted(one: str, many: str, number: int) -> str:
    return _SPEAKING.get(_ENGLISH).ngettext(one, many, number)
