"""What is handed to a template?  A View: the template's name, its values, and the page's path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class MissingError(LookupError):
    """There is nothing at this address."""


@dataclass(frozen=True, slots=True)
class View:
    """A template and the values it shows.  `lasting` is False for pages that crawlers need not keep.

    `prose` are those of the values that are the same in every language.  `alike` are pages of entries, which
    look alike thousands of times.
    """

    template: str
    values: Mapping[str, Any]
    path: str
    lasting: bool = True
    prose: Mapping[str, Any] = field(default_factory=dict)
    alike: bool = False
