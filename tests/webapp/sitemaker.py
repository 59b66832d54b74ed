"""How a test of the site writes down entries: values are found in the text, as a parser would have.

`announcement("Title", "Body …", products=("CIS",))` is an entry with real spans; `stored` puts one into the
form that the store hands out, `fill` puts many into a store and its index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import structs

from index.store import Store, StoredEntry
from ingest.model import (
    Block,
    BlockKind,
    Cue,
    DateBasis,
    Dated,
    Diagnostic,
    DiagnosticCode,
    Document,
    EffectiveDate,
    Entry,
    EntryType,
    Form,
    Mention,
    Outage,
    ParseResult,
    Published,
    Span,
    Status,
    StatusMark,
    Window,
)
from webapp.labels import labels_in

ENGLISH = labels_in("en")
SEEN = datetime(2024, 3, 1, 12, tzinfo=UTC)
RULE = "test.rule"


@dataclass(frozen=True)
class Announcement:
    """A text, and the entry that was read from it, its spans counted from the text's start."""

    text: str
    entry: Entry


def where(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def announcement(
    title: str,
    body: str = "",
    *,
    type: EntryType = EntryType.FEATURE,
    lang: str = "en",
    dated: str | None = None,
    products: Iterable[str] = (),
    endpoints: Iterable[str] = (),
    parameters: Iterable[str] = (),
    windows: Iterable[tuple[str, str, str]] = (),
    effective: Iterable[tuple[str, str]] = (),
    outages: Iterable[tuple[int, str]] = (),
    published: tuple[str, str] | None = None,
    status: tuple[Status, str] | None = None,
    diagnostics: Iterable[tuple[DiagnosticCode, str, str]] = (),
    cue: str | None = None,
    blocks: Sequence[Block] | None = None,
) -> Announcement:
    """Pairs and triples end in the words of the text that say the value; windows are ISO minutes, UTC."""
    text = f"{title}\n{body}" if body else title

    def mentions(names: Iterable[str]) -> tuple[Mention, ...]:
        return tuple(Mention(name, where(text, name), RULE) for name in names)

    entry = Entry(
        span=Span(0, len(text)),
        type=type,
        lang=lang,
        title=title,
        has_heading=True,
        blocks=tuple(lines(text) if blocks is None else blocks),
        windows=tuple(Window(_utc(a), _utc(b), where(text, said), RULE) for a, b, said in windows),
        effective=tuple(
            EffectiveDate(date.fromisoformat(d), where(text, said), RULE) for d, said in effective
        ),
        outages=tuple(Outage(minutes, where(text, said), RULE) for minutes, said in outages),
        products=mentions(products),
        endpoints=mentions(endpoints),
        parameters=mentions(parameters),
        published=Published(published[0], where(text, published[1]), RULE) if published else None,
        status=StatusMark(status[0], where(text, status[1]), RULE) if status else None,
        dated=_dated(dated) if dated else None,
        diagnostics=tuple(Diagnostic(code, said, where(text, words)) for code, said, words in diagnostics),
        cues=(Cue(type.value, RULE, 1.0, where(text, cue)),) if cue else (),
    )
    return Announcement(text, entry)


def lines(text: str) -> list[Block]:
    """The first line as heading, every other as a paragraph."""
    found, at = [], 0
    for number, line in enumerate(text.split("\n")):
        kind = BlockKind.PARAGRAPH if number else BlockKind.HEADING
        if line.strip():
            found.append(Block(Span(at, at + len(line)), kind))
        at += len(line) + 1
    return found


def stored(made: Announcement, id: str = "abcdefghij", line: int = 1, gone: bool = False) -> StoredEntry:
    return StoredEntry(
        id=id,
        source="test",
        entry=made.entry,
        text=made.text,
        line=line,
        position=0,
        gone=gone,
        first_seen=SEEN,
        last_changed=SEEN,
        last_revised=SEEN,
        revision=1,
    )


def document(*made: Announcement, form: Form = Form.TEXT) -> ParseResult:
    """The announcements one below the other as one document."""
    text, entries = "", []
    for one in made:
        start = Span(-len(text), -len(text) + len(one.text))  # rebasing by a negative start shifts forward
        moved = structs.replace(one.entry, span=start).rebased()
        entries.append(structs.replace(moved, span=Span(len(text), len(text) + len(one.text))))
        text += one.text + "\n\n"
    return ParseResult(Document("test.txt", text, form), tuple(entries))


def fill(
    data_dir: Path,
    *made: Announcement,
    seen: datetime = SEEN,
    source: str = "test",
    form: Form = Form.TEXT,
) -> None:
    """Ingest the announcements as one snapshot."""
    with Store.open(data_dir) as store:
        store.ingest(document(*made, form=form), seen=seen, source=source)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _dated(text: str) -> Dated:
    first, _, last = text.partition("/")
    basis = DateBasis.INFERRED if last else DateBasis.STATED
    return Dated(date.fromisoformat(first), date.fromisoformat(last or first), basis)
