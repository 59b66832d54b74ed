"""How do the bytes of a source become its parse?  Reader and pipeline in one."""

from __future__ import annotations

from dataclasses import replace

from ingest.errors import ParseError
from ingest.lexicon import Lexicon
from ingest.model import Hints, Origin, ParseResult
from ingest.pipeline import parse
from ingest.plausible import announces
from ingest.readers import read


def read_and_parse(data: bytes, source: str, lexicon: Lexicon, hints: Hints) -> ParseResult:
    """The parse of `data`, with its origin, so that it can be kept and read again.

    Raises SourceError or ParseError, naming `source`, where the bytes hold no document.
    """
    document = read(data, source, hints.form)
    if hints.lang:
        document = replace(document, lang=hints.lang)
    return replace(parse(document, lexicon, hints.vendor), origin=Origin(data, hints))


def understood(data: bytes, source: str, lexicon: Lexicon, hints: Hints) -> ParseResult:
    """The same, of a source that must hold a change log.

    Raises as `read_and_parse` does, and ParseError where no entry announces anything.
    """
    result = read_and_parse(data, source, lexicon, hints)
    if not any(map(announces, result.entries)):
        raise ParseError("no entry found", source, "name a source that holds a change log")
    return result
