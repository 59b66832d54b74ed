"""How a test writes down an entry: `doc(item("Title", "Body.", ...), ...)` makes a ParseResult."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from msgspec import structs

from ingest.model import (
    DateBasis,
    Dated,
    Document,
    EffectiveDate,
    Entry,
    EntryType,
    Mention,
    Outage,
    ParseResult,
    Published,
    Span,
    Status,
    StatusMark,
    Window,
)

RULE = "test"


@dataclass(frozen=True)
class Item:
    """An entry to be: its text, and the entry with spans that count from the text's start."""

    text: str
    entry: Entry

    def with_(self, **changes: object) -> Item:
        return Item(self.text, structs.replace(self.entry, **changes))  # type: ignore[arg-type]


def item(
    title: str,
    body: str = "",
    *,
    type: EntryType = EntryType.FEATURE,
    lang: str = "en",
    windows: Iterable[str] = (),
    superseded: Iterable[str] = (),
    effective: Iterable[str] = (),
    outages: Iterable[int] = (),
    products: Iterable[str] = (),
    endpoints: Iterable[str] = (),
    parameters: Iterable[str] = (),
    published: str | None = None,
    status: Status | None = None,
    dated: str | None = None,
    has_heading: bool = True,
) -> Item:
    """An item; windows are "2022-06-05T04:00" starts of two hours, UTC; `dated` a day or "first/last"."""
    text = f"{title}\n{body}" if body else title
    whole = Span(0, len(text))

    def mentions(names: Iterable[str]) -> tuple[Mention, ...]:
        return tuple(Mention(name, whole, RULE) for name in names)

    entry = Entry(
        span=whole,
        type=type,
        lang=lang,
        title=title,
        has_heading=has_heading,
        windows=tuple(_window(w, whole) for w in windows)
        + tuple(structs.replace(_window(w, whole), superseded=True) for w in superseded),
        effective=tuple(EffectiveDate(date.fromisoformat(d), whole, RULE) for d in effective),
        outages=tuple(Outage(minutes, whole, RULE) for minutes in outages),
        products=mentions(products),
        endpoints=mentions(endpoints),
        parameters=mentions(parameters),
        published=Published(published, whole, RULE) if published else None,
        status=StatusMark(status, whole, RULE) if status else None,
        dated=_dated(dated) if dated else None,
    )
    return Item(text, entry)


def doc(*items: Item, gap: str = "\n\n", before: str = "", vendor: str | None = None) -> ParseResult:
    """The items one after another as a document, after the characters `before`."""
    text, entries = before, []
    for one in items:
        entries.append(_placed(one.entry, len(text)))
        text += one.text + gap
    return ParseResult(Document("test.txt", text), tuple(entries), vendor=vendor)


def day(number: int) -> datetime:
    """When a snapshot was seen: the n-th day of 2024."""
    return datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=number - 1)


def _placed(entry: Entry, at: int) -> Entry:
    """The entry with every span counted from `at` characters further back."""
    moved = structs.replace(entry, span=entry.span.shifted(-at)).rebased()
    return structs.replace(moved, span=entry.span.shifted(at))


def _window(start: str, span: Span) -> Window:
    begins = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return Window(begins, begins + timedelta(hours=2), span, RULE)


def _dated(text: str) -> Dated:
    first, _, last = text.partition("/")
    basis = DateBasis.INFERRED if last else DateBasis.STATED
    return Dated(date.fromisoformat(first), date.fromisoformat(last or first), basis)
