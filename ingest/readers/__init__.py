"""Bytes in, Document out: recognises the form by content and hands over to its reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ingest.grammar import VERSION
from ingest.model import Document, Form
from ingest.readers import feed, html, markdown, text
from ingest.readers.decode import decode

_READERS: Mapping[Form, Callable[[str, str], Document]] = {
    Form.TEXT: text.read,
    Form.HTML: html.read,
    Form.MARKDOWN: markdown.read,
    Form.FEED: feed.read,
}

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<\?.*?\?>\s*|<!DOCTYPE rss[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.S | re.I,
)
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|main|article|section|div|p|h[1-6]|ul|ol|table)\b[^<>]*>", re.I
)
_ATX = re.compile(r"^#{1,6}[ \t]+\S", re.M)
_SETEXT = re.compile(r"^(?P<title>\S[^\n|]*)\n(?P<line>=+|-{3,})[ \t]*$", re.M)
_MARKED = re.compile(r"`[^`\n]+`|\*\*[^*\n]+\*\*|\]\(\S+\)|^```|^[ \t]*[-*+][ \t]\S|^\|.*\|[ \t]*$", re.M)
_INLINE = re.compile(
    r"`[^`\n]+`|\*\*[^*\n]+\*\*|\]\(\S+\)|^```|^\|.*\|[ \t]*$", re.M
)  # no plain text has these
_FRONT_MATTER = re.compile(
    r"---\n(?=(?:[^\n]*\n){0,20}?title:)(?:(?:[\w.-]+:|[ \t#-])[^\n]*\n){1,60}?---[ \t]*\n"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SNIFFED = 200_000
SLACK, SHARE = 3, 0.8  # characters by which lines may miss their titles; of lines, those that fit


def read(data: bytes, source: str, form: Form | None = None) -> Document:
    """The document that the bytes hold.  Raises SourceError or ParseError, naming `source`."""
    content = decode(data, source)
    return _READERS[form or recognise(content)](content, source)


def recognise(content: str) -> Form:
    """The form of a text, by what stands in it."""
    head = content[:_SNIFFED]
    if _FEED.match(head):
        return Form.FEED
    if len(_HTML.findall(head)) >= 2 and len(_ATX.findall(head)) < 2:
        return Form.HTML
    titles = len(_ATX.findall(head))
    if titles >= 2 or (titles and _MARKED.search(head)) or _FRONT_MATTER.match(head):
        return Form.MARKDOWN
    underlined = list(_SETEXT.finditer(head))
    if (
        len(underlined) >= 2
        and len(_MARKED.findall(head)) >= 2
        and (_INLINE.search(head) or not _is_typed(underlined))
        and "|---" not in head.replace(" ", "")
    ):
        return Form.MARKDOWN
    return Form.TEXT


def _is_release(underlined: re.Match[str]) -> bool:
    """Whether a version stands in a title, which a day is not."""
    found = VERSION.search(underlined["title"])
    return found is not None and ("." in found["number"] or not _YEAR.search(underlined["title"]))


def _is_typed(underlined: Sequence[re.Match[str]]) -> bool:
    """Whether lines are drawn as long as the titles above them, which are no releases: as people do who type
    plain text."""
    if any(map(_is_release, underlined)):
        return False
    fitting = sum(abs(len(one["title"].rstrip()) - len(one["line"])) <= SLACK for one in underlined)
    return fitting >= SHARE * len(underlined)
