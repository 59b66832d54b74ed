"""What parts may lines play on a page, and what is known of a line that plays one?"""

from __future__ import annotations

from enum import IntEnum, auto
from typing import Any

from msgspec import Struct

from ingest.model import Block

DATED_BIT = 1  # of `Part.words`: a date, an hour or a zone stands in it


class Role(IntEnum):
    NAVIGATION = auto()
    TITLE = auto()
    SECTION = auto()
    DATE = auto()
    RELEASE = auto()
    LABEL = auto()
    GROUP = auto()
    MARKER = auto()
    SUBHEADING = auto()
    HEAD_ROW = auto()
    DATED_ROW = auto()
    ROW = auto()
    ITEM = auto()
    HEADING = auto()
    TEXT = auto()
    CODE = auto()
    RULE = auto()


HEADED = frozenset((Role.DATE, Role.RELEASE, Role.SECTION))  # what heads several entries


class Part(Struct, frozen=True, gc=False):
    """A block and its part; `text` is its content without markup, `value` what a label or date says.

    `start` and `end` are its content's characters in the document.  `words` are the categories of the known
    words in it, as bits of `Marks.bit`; DATED_BIT stands for dates.
    """

    block: Block
    role: Role
    text: str
    start: int
    end: int
    value: Any = None
    rule: str = ""
    words: int = 0


Verdict = tuple[Role, Any] | None


def is_body(part: Part) -> bool:
    """Whether a part is code, or a line of JSON that its form did not mark as such."""
    return part.role is Role.CODE or is_example(part.text)


def is_example(text: str) -> bool:
    """A line of JSON: its keys are an example's, not what the entry announces."""
    return text.lstrip()[:1] in ("{", "}", "[", '"') and not text.rstrip().endswith(".")
