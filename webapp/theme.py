"""Which templates and files make a site look as it does?  Ours, under those of a theme's folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.support import NullTranslations
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from ingest.errors import ConfigError
from webapp.catalogue import catalogue
from webapp.labels import Labels
from webapp.once import Once
from webapp.text import FILTERS

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Theme:
    """Folders whose files stand in for ours of the same name, or beside them."""

    templates: Path | None = None
    static: Path | None = None

    def check(self) -> None:
        """Raises ConfigError where a folder is none."""
        for folder in (self.templates, self.static):
            if folder and not folder.is_dir():
                raise ConfigError("there is no such folder", str(folder), "check the path")

    def environment(self, labels: Labels) -> Environment:
        """Strict templates that speak one language.  One may extend ours of the same name as `ours/NAME`."""
        ours = FileSystemLoader(HERE / "templates")
        theirs = [FileSystemLoader(self.templates)] if self.templates else []
        environment = _Fluent(
            loader=ChoiceLoader([*theirs, ours, _Ours(HERE / "templates")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters |= FILTERS
        environment.globals |= {"labels": labels}
        environment.policies["ext.i18n.trimmed"] = True
        environment.add_extension("jinja2.ext.i18n")
        environment.add_extension(Once)
        environment.kept, environment.translations = {}, catalogue(labels.language)
        environment.install_gettext_translations(  # type: ignore[attr-defined]
            environment.translations, newstyle=True
        )
        return environment

    def files(self) -> Iterator[tuple[str, Path]]:
        """Path below `static/` and file of everything that pages refer to, by path."""
        found = dict(_files(HERE / "static"))
        found |= dict(_files(self.static)) if self.static else {}
        yield from sorted(found.items())

    def digest(self) -> str:
        """It changes when a page would look different."""
        made = hashlib.blake2b(digest_size=6)
        for name, path in (*self._templates(), *self.files()):
            made.update(name.encode() + b"\0" + path.read_bytes())
        return made.hexdigest()

    def _templates(self) -> Iterator[tuple[str, Path]]:
        yield from sorted(_files(HERE / "templates"))
        yield from sorted(_files(HERE / "translations"))
        if self.templates:
            yield from sorted(_files(self.templates))


class _Fluent(Environment):
    """Speaks one language only: messages without values are translated when a template is compiled."""

    translations: NullTranslations
    kept: dict[object, str]  # what `once` has written

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found: nodes.Template = _Spoken(self.translations).visit(super()._parse(source, name, filename))
        return found


class _Spoken(NodeTransformer):
    def __init__(self, translations: NullTranslations) -> None:
        self.translations = translations

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by Jinja
        """`_("Search")` becomes the text itself."""
        self.generic_visit(node)
        message = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        known = isinstance(node.node, nodes.Name) and node.node.name == "_"
        if not known or not isinstance(message, nodes.Const):
            return node
        return nodes.Const(Markup(self.translations.gettext(message.value) % {}), lineno=node.lineno)


class _Ours(FileSystemLoader):
    """Our own templates, below `ours/`."""

    def get_source(self, environment: Environment, template: str):  # type: ignore[no-untyped-def]
        return super().get_source(environment, template.removeprefix("ours/"))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
