"""What does a source hold?  `relnotes parse`: reads, prints, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.text import Text

from ingest.contract import as_json
from ingest.model import Diagnostic, Document, Entry, Form, Hints, ParseResult
from webapp.commands.explain import evidence, evidence_json
from webapp.commands.reading import parsed, reading_options
from webapp.commands.terminal import ALARM, DIM, STRONG, clean, console, echo_json, plural

INDENT = " " * 8


@click.command()
@click.argument("source")
@click.option("--json", "wants_json", is_flag=True, help="Print the machine-readable parse.")
@click.option("--explain", is_flag=True, help="Add the rule and the characters behind every value.")
@reading_options
def parse(
    source: str, wants_json: bool, explain: bool, vendor: str | None, lang: str | None, form: Form | None
) -> None:
    """Show the entries of SOURCE, a file, a web address or `-` for standard input; nothing is stored."""
    result = parsed(source, Hints(vendor, lang, form))
    if wants_json:
        echo_json(_explained(result) if explain else as_json(result))
        return
    screen = console()
    for line in _report(result, explain):
        screen.print(line)


def _explained(result: ParseResult) -> dict[str, Any]:
    """The contract's JSON, each entry with its `evidence`."""
    value = as_json(result)
    for told, entry in zip(value["entries"], result.entries, strict=True):
        told["evidence"] = evidence_json(result.document, entry)
    return value


def _report(result: ParseResult, explain: bool) -> Iterator[Text]:
    document = result.document
    for entry in result.entries:
        place = _place(document, entry.span.start)
        yield Text.assemble(
            (f"{place:<8}", DIM), f"{entry.type:<12} {entry.lang}  ", (clean(entry.title), STRONG)
        )
        if explain and entry.confidence < 1:
            yield Text(f"{INDENT}confidence: {entry.confidence:g}")
        yield from _evidence(document, entry) if explain else _facts(entry)
        yield from (_diagnostic(document, item) for item in entry.diagnostics)
    yield from (_diagnostic(document, item) for item in result.diagnostics)
    yield Text(f"{document.source}: {plural(len(result.entries), 'entry', 'entries')}")


def _facts(entry: Entry) -> Iterator[Text]:
    facts: dict[str, list[str]] = {
        "windows": [f"{w.start:%Y-%m-%d %H:%M} to {w.end:%Y-%m-%d %H:%M} UTC" for w in entry.current_windows],
        "effective": [item.day.isoformat() for item in entry.effective],
        "outages": [f"{item.minutes} minutes" for item in entry.outages],
        "products": [item.name for item in entry.products],
        "endpoints": [item.name for item in entry.endpoints],
        "parameters": [item.name for item in entry.parameters],
        "published": [entry.published.text] if entry.published else [],
        "status": [entry.status.status] if entry.status else [],
    }
    for name, values in facts.items():
        if values:
            yield Text.assemble(INDENT, (f"{name:<11}", DIM), clean(", ".join(values)))


def _evidence(document: Document, entry: Entry) -> Iterator[Text]:
    for item in evidence(entry):
        place = _place(document, item.span.start)
        value = f"{INDENT}{item.field}: {item.value}  "
        quoted = clean(item.span.of(document.text))
        yield Text.assemble(clean(value), (f"{item.rule} at {place}: {quoted}", DIM))


def _diagnostic(document: Document, item: Diagnostic) -> Text:
    place = _place(document, item.span.start)
    return Text.assemble(INDENT, (f"{item.code} at {place}: {clean(item.message)}", ALARM))


def _place(document: Document, offset: int) -> str:
    """`line:column` of the character at `offset`."""
    place = document.position(offset)
    return f"{place.line}:{place.column}"
