"""What of a page is the same for many?  A template is run once, with gaps for what differs.

A `Gap` is handed to a template in the place of a value.  What the template writes of it, filtered or not, is
filled in later; that it is something and not nothing may be asked.  Where the template decides by it in any
other way, it cannot be run for many values at once: it raises `Decided`, and each page is written by itself.
So any template may be tried, a theme's too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from markupsafe import Markup

_OPEN, _CLOSE = "\x0e", "\x0f"  # around a gap's number; in no shown text
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
DEEPEST = 50  # filters one behind the other; an expression holds no more than a hundred
_PASSED = frozenset(("defined", "undefined", "none", "escaped"))  # tests that tell nothing of a value


class Decided(Exception):  # noqa: N818  # no error: an answer
    """A template has looked into a gap."""


@dataclass(frozen=True, slots=True)
class Read:
    """How a value is had from what is handed to `Cast.fill`: by a path of Python, as `[0]` or `.card.title`,
    and then by functions, one after the other, which may want more arguments."""

    path: str
    functions: tuple[tuple[Callable[..., object], tuple[object, ...]], ...] = ()

    def through(self, function: Callable[..., object], *more: object) -> Read:
        return Read(self.path, (*self.functions, (function, more)))

    def written(self, known: dict[str, object]) -> str:
        """As an expression of Python about `source`; what it calls and hands over is put into `known`."""
        said = f"source{self.path}"
        for function, more in self.functions:
            arguments = "".join([f", {_known(one, known)}" for one in more])
            said = f"{_known(function, known)}({said}{arguments})"
        return said

    @property
    def ready(self) -> Callable[[object], object]:
        known: dict[str, object] = {}
        return _made(self.written(known), known)


def _known(value: object, known: dict[str, object]) -> str:
    name = f"known_{len(known)}"
    known[name] = value
    return name


def _made(expression: str, known: dict[str, object]) -> Callable[[object], Any]:
    """A function of `source`.  What a theme or an entry says stands in an expression as `repr` writes it."""
    made: Callable[[object], Any] = eval(f"lambda source: {expression}", known)
    return made


class Gap:
    """Stands for a value; `there` where it is known to be true in a condition."""

    __slots__ = ("_marks", "_read", "_there")

    def __init__(self, read: Read, marks: list[Read], there: bool = False) -> None:
        self._read, self._marks, self._there = read, marks, there

    def __bool__(self) -> bool:
        if not self._there:
            raise Decided
        return True

    def __getattr__(self, name: str) -> Any:
        raise Decided


def _refused(self: Gap, *asked: object) -> Any:
    raise Decided


for _name in (
    *("html", "str", "format", "repr", "hash", "iter", "len", "getitem", "contains", "call", "int", "index"),
    *("eq", "ne", "lt", "le", "gt", "ge", "add", "radd", "mul", "rmul", "mod", "rmod", "sub", "rsub"),
):
    setattr(Gap, f"__{_name}__", _refused)


def mark(gap: Gap) -> str:
    """What is written where a gap is to be filled."""
    gap._marks.append(gap._read)
    return f"{_OPEN}{len(gap._marks) - 1}{_CLOSE}"


class Cast:
    """Text with gaps; `escape` makes markup of what fills them."""

    def __init__(self, text: str, marks: list[Read], escape: Callable[[object], str]) -> None:
        self._pieces, self._escape = _MARK.split(text), escape
        self._reads = [marks[int(number)] for number in self._pieces[1::2]]
        if any(len(read.functions) > DEEPEST for read in self._reads):
            raise Decided

    @cached_property
    def fill(self) -> Callable[[object], str]:
        """Writes the text of a source."""
        return self._compiled("".join, self._pieces[::2], "")

    @cached_property
    def fill_encoded(self) -> Callable[[object], bytes]:
        """The same in UTF-8: what stands between the gaps is encoded once."""
        return self._compiled(b"".join, [piece.encode() for piece in self._pieces[::2]], ".encode()")

    def _compiled(self, join: object, between: Sequence[object], encoded: str) -> Callable[[object], Any]:
        known: dict[str, object] = {"escape": self._escape, "Markup": Markup, "join": join}
        parts = [repr(between[0])]
        for read, piece in zip(self._reads, between[1:], strict=True):
            value = f"(value if type(value := {read.written(known)}) is Markup else escape(value))"
            parts += (f"{value}{encoded}", repr(piece))
        return _made(f"join(({', '.join(parts)},))", known)


def cast(write: Callable[[list[Read]], str], escape: Callable[[object], str]) -> Cast | None:
    """What a template writes with the gaps that it is handed, which note their marks in the list; None where
    it decides by one of them."""
    marks: list[Read] = []
    try:
        return Cast(write(marks), marks, escape)
    except (Decided, TypeError, AttributeError):  # the latter two come from functions that want a value
        return None


def filtering(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Filters that make another gap of a gap."""
    return {name: _filtering(function) for name, function in filters.items()}


def refusing(tests: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Tests that tell nothing of a gap."""
    return {name: test if name in _PASSED else _refusing(test) for name, test in tests.items()}


def _filtering(function: Callable[..., Any]) -> Callable[..., Any]:
    wants_context = getattr(getattr(function, "jinja_pass_arg", None), "name", "") == "context"

    @wraps(function)
    def applied(*given: Any, **named: Any) -> Any:
        gaps = [one for one in given if type(one) is Gap]
        if not gaps:
            _refuse_marks(*given, *named.values())
            return function(*given, **named)
        if wants_context or any(type(one) is Gap for one in named.values()):
            raise Decided

        return Gap(_applied(function, given, named), gaps[0]._marks)

    return applied


def _applied(function: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any]) -> Read:
    """What a filter makes of what fills the gaps among its arguments."""
    value, more = given[0], given[1:]
    if type(value) is Gap and not named and not any(type(one) is Gap for one in more):
        return value._read.through(function, *more)
    reads = [one._read.ready if isinstance(one, Gap) else None for one in given]
    pairs = list(zip(reads, given, strict=True))
    return Read("").through(
        lambda source: function(*[read(source) if read else one for read, one in pairs], **named)
    )


def _refusing(test: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(test)
    def asked(*given: Any) -> Any:
        if any(type(one) is Gap for one in given):
            raise Decided
        _refuse_marks(*given)
        return test(*given)

    return asked


def _refuse_marks(*given: object) -> None:
    """What a template has written and takes up again must hold no gap."""
    if any(isinstance(one, str) and _OPEN in one for one in given):
        raise Decided
