"""Which templates and files make a site look as it does?  Ours, under those of a theme's folders."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from pathlib import Path
from typing import Any, cast

from babel.support import NullTranslations
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from ingest.errors import ConfigError
from webapp.casts import Casts
from webapp.catalogue import catalogue
from webapp.gaps import Gap, filtering, mark, refusing
from webapp.labels import Labels
from webapp.moulds import Moulds
from webapp.once import Once
from webapp.structured import linked
from webapp.text import FILTERS, escaped

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

    def environment(self, labels: Labels, compiled: Path | None = None) -> Fluent:
        """Strict templates that speak one language.  One may extend ours of the same name as `ours/NAME`.

        `compiled` is a folder in which they are kept as they are compiled, for the same theme and program.
        """
        ours = FileSystemLoader(HERE / "templates")
        theirs = [FileSystemLoader(self.templates)] if self.templates else []
        environment = Fluent(
            loader=ChoiceLoader([*theirs, ours, _Ours(HERE / "templates")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_kept_in(compiled, labels.language) if compiled else None,
        )
        environment.filters |= {**FILTERS, "linked": linked}
        Moulds(environment)
        environment.casts = Casts(environment)
        environment.globals |= {"labels": labels}
        environment.policies |= {"ext.i18n.trimmed": True, "json.dumps_function": _json}
        environment.add_extension("jinja2.ext.i18n")
        environment.add_extension(Once)
        environment.translations = catalogue(labels.language)
        environment.install_gettext_translations(  # type: ignore[attr-defined]
            environment.translations, newstyle=True
        )
        environment.globals["ngettext"] = labels.ngettext
        return environment

    def files(self) -> Iterator[tuple[str, Path]]:
        """Path below `static/` and file of everything that pages refer to, by path."""
        found = dict(_files(HERE / "static"))
        found |= dict(_files(self.static)) if self.static else {}
        yield from sorted(found.items())

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """It changes when a file of the theme's own does; the files are not read."""
        folders = [folder for folder in (self.templates, self.static) if folder]
        paths = [path for folder in folders for path in (folder, *sorted(folder.rglob("*")))]
        return tuple(filter(None, map(_stamp, paths)))

    def digest(self) -> str:
        """It changes when a page would look different."""
        return _digest((*self._templates(), *self.files()))

    def spoken(self) -> str:
        """It changes when a template would be compiled otherwise."""
        return _digest(self._templates())

    def _templates(self) -> Iterator[tuple[str, Path]]:
        yield from sorted(_files(HERE / "templates"))
        yield from sorted(_files(HERE / "translations"))
        if self.templates:
            yield from sorted(_files(self.templates))


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    made = hashlib.blake2b(digest_size=6)
    for name, path in files:
        made.update(name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


def _stamp(path: Path) -> tuple[str, int, int] | None:
    """None for a file that is gone, or a link to one: editors leave such for a moment."""
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size


class _Kept(FileSystemBytecodeCache):
    """Does without where the folder is gone, or full: templates are compiled again then."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _kept_in(folder: Path, language: str) -> FileSystemBytecodeCache:
    return _Kept(str(folder), f"%s.{language}")


def _json(value: object, sort_keys: bool) -> str:
    """As `json.dumps` writes it, which makes an encoder for each value."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(sort_keys=True)
_VALUE = re.compile(r"%(?:\((\w+)\)s|%)")


class _Plain(CodeGenerator):
    """What is written is escaped as ever, but does not become an object of markup on its way; `a.b` is asked
    for as Python does."""

    environment: Fluent

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escaped = environment.escaped")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # named by Jinja
        if self.environment.lenient or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")


class Fluent(Environment):
    """Speaks one language only: messages of templates are translated when these are compiled."""

    code_generator_class = _Plain
    lenient = False  # may `a.b` be `a["b"]`, or nothing at all?

    translations: NullTranslations
    casts: Casts

    def page(self, name: str, values: Mapping[str, Any]) -> str:
        """The template of this name with these values.  Raises TemplateError.

        No template of ours asks for an attribute that is not there.  One of a theme may: from then on they
        are compiled as Jinja does, which knows what to do about it and takes longer.
        """
        try:
            return self._written(name, values)
        except AttributeError:
            if self.lenient:
                raise
            self.loosen()
            return self._written(name, values)

    def loosen(self) -> None:
        """From now on compile templates as Jinja does."""
        self.lenient, self.bytecode_cache = True, None
        self._templates.clear()
        if self.cache is not None:
            self.cache.clear()

    def _written(self, name: str, values: Mapping[str, Any]) -> str:
        template = self.get_template(name)
        context = self.context_class(self, {**self.globals, **values}, name, template.blocks)
        return "".join(template.root_render_func(context))

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {}

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Template:
        """As Jinja does, but a template that was asked for before is at hand."""
        if globals is not None or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        if name not in self._templates:
            self._templates[name] = super().get_template(name, parent)
        return self._templates[name]

    def read(self) -> None:
        """Read all pages' templates before they are asked for; one that is wrong is told of when it is."""
        for name in self.list_templates(extensions=["html"]):
            with suppress(TemplateError, UnicodeError, OSError):
                self.get_template(name)

    escaped = staticmethod(escaped)

    @cached_property
    def hollow(self) -> Fluent:
        """The same templates for values that may be gaps."""
        made = self.overlay()
        made.__dict__["_templates"] = {}
        made.filters = cast(Any, filtering(cast(Any, self.filters)))
        made.tests = cast(Any, refusing(cast(Any, self.tests)))
        made.escaped = _marked
        cast(Once, made.extensions[Once.identifier]).kept = {}
        return made

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found: nodes.Template = _Spoken(self.translations).visit(super()._parse(source, name, filename))
        return found


def _marked(value: object) -> str:
    return mark(value) if type(value) is Gap else escaped(value)


class _Spoken(NodeTransformer):
    """Puts the translations of constant messages in their place."""

    def __init__(self, translations: NullTranslations) -> None:
        self.translations = translations

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """`{{ _("line %(number)s", number=n) }}` becomes `line {{ n }}`."""
        node.nodes = [part for child in node.nodes for part in self._parts(child)]
        return self.generic_visit(node)

    def _parts(self, node: nodes.Expr) -> Iterator[nodes.Expr]:
        message = _message(node)
        if message is None or not isinstance(node, nodes.Call) or not node.kwargs:
            yield node
            return
        values = {each.key: each.value for each in node.kwargs}
        said = str(self.translations.gettext(message))
        at = 0
        for found in _VALUE.finditer(said):
            yield nodes.TemplateData(said[at : found.start()], lineno=node.lineno)
            yield values[found[1]] if found[1] else nodes.TemplateData("%", lineno=node.lineno)
            at = found.end()
        yield nodes.TemplateData(said[at:], lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by Jinja
        """`_("Search")` becomes the text itself."""
        self.generic_visit(node)
        message = _message(node)
        if message is None or node.kwargs:
            return node
        return nodes.Const(Markup(self.translations.gettext(message) % {}), lineno=node.lineno)


def _message(node: nodes.Node) -> str | None:
    """The constant message of `_("…")`, with values or without."""
    if not isinstance(node, nodes.Call) or len(node.args) != 1:
        return None
    message, named = node.args[0], node.node
    if isinstance(message, nodes.Const) and isinstance(named, nodes.Name) and named.name == "_":
        return str(message.value)
    return None


class _Ours(FileSystemLoader):
    """Our own templates, below `ours/`."""

    def get_source(self, environment: Environment, template: str):  # type: ignore[no-untyped-def]
        return super().get_source(environment, template.removeprefix("ours/"))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
