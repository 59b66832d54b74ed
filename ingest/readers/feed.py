"""RSS or Atom → Document: each item its own entry, its date and title before its content."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from ingest.errors import ParseError
from ingest.model import BlockKind, Document, Form
from ingest.readers.html import Writer, read_fragment


def read(text: str, source: str) -> Document:
    """The document of a feed.  Raises ParseError where the feed holds no item at all."""
    feed = feedparser.parse(
        text.encode("utf-8"), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not feed.entries:
        raise ParseError(
            "holds no feed item", source, "give the address of an RSS or Atom feed that has items"
        )
    writer = Writer()
    for item in feed.entries:
        _item(item, writer)
    lang = str(feed.feed.get("language") or "")[:2].lower() or None
    return Document(source, writer.text(), Form.FEED, tuple(writer.blocks), lang, feed.feed.get("title"))


def _item(item: Any, writer: Writer) -> None:
    writer.rule(level=2)
    day = _day(item)
    if day:
        writer.line(day, BlockKind.DATE)
    for tag in item.get("tags", []):
        if tag.get("term"):
            writer.line(str(tag["term"]), BlockKind.LABEL)
    if item.get("title"):
        writer.inline(str(item["title"]), BlockKind.HEADING, 1)
    contents = [part.get("value") or "" for part in item.get("content", [])]
    body = max(contents, key=len, default="") or str(item.get("summary") or "")
    read_fragment(body, writer)


def _day(item: Any) -> str | None:
    """The item's own date (published, else updated), as it is printed, ISO."""
    for key in ("published", "updated", "created"):
        printed = item.get(key)
        parsed = item.get(f"{key}_parsed")
        if not printed or not parsed:
            continue
        try:
            return parsedate_to_datetime(printed).date().isoformat()
        except (ValueError, TypeError):
            pass
        try:
            return datetime.fromisoformat(printed).date().isoformat()
        except ValueError:
            return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
    return None
