"""What is the same on many pages and need be written only once?  The tag `{% once "header", section %}`.

What stands between it and `{% endonce %}` is written when its key is first asked for, and kept for as long
as the environment.  The key names everything that the inside depends on; keys are few.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup


class Once(Extension):
    tags = {"once"}  # noqa: RUF012  # as Jinja has it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.kept: dict[Any, Markup] = {}

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
        self.kept[key] = text = caller()
        return text
