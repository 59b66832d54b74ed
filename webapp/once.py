"""What is the same on many pages and need be written only once?  The tag `{% once "header", section %}`.

What stands between it and `{% endonce %}` is written when its key is first asked for, and kept where
`keep` was called for the environment.  The key names everything that the inside depends on.  The web app
keeps nothing: its links depend on the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup


class Once(Extension):
    tags = {"once"}  # noqa: RUF012  # as Jinja has it
    kept: Mapping[Any, Markup] = MappingProxyType({})

    def parse(self, parser: Parser) -> nodes.Node:
        """`{% if key in kept %}{{ kept[key] }}{% else %}` what is written now `{% endif %}`."""
        at = next(parser.stream).lineno
        key = parser.parse_tuple()
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        known = nodes.Compare(key, [nodes.Operand("in", self.attr("kept"))])
        again = nodes.Output([nodes.Getitem(self.attr("kept"), key, "load")])
        now = nodes.CallBlock(self.call_method("written", [key]), [], [], body)
        return nodes.If(known, [again], [], [now]).set_lineno(at)

    def written(self, key: Any, caller: Callable[[], Markup]) -> Markup:
        text = caller()
        if isinstance(self.kept, dict):
            self.kept[key] = text
        return text


def keep(environment: Environment) -> None:
    """Let what is written once be kept."""
    environment.extensions[Once.identifier].kept = {}  # type: ignore[attr-defined]
