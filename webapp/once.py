"""What is the same on many pages and need be written only once?  The tag `{% once "header", section %}`.

What stands between it and `{% endonce %}` is written when its key is first asked for, and kept in the
environment where that has a dictionary `kept`.  The key names everything that the inside depends on.  The web
app keeps nothing: its links depend on the request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser


class Once(Extension):
    tags = {"once"}  # noqa: RUF012  # as Jinja has it

    def parse(self, parser: Parser) -> nodes.Node:
        at = next(parser.stream).lineno
        key = parser.parse_tuple()
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_kept", [key]), [], [], body).set_lineno(at)

    def _kept(self, key: Any, caller: Callable[[], str]) -> str:
        kept: dict[Any, str] | None = getattr(self.environment, "kept", None)
        if kept is None:
            return caller()
        if key not in kept:
            kept[key] = caller()
        return kept[key]
