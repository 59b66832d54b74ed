"""What did a vendor announce about this?  `relnotes search`, in the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from index.query import FACETS, FacetValue, Hit, SearchPage, SearchRequest, Sort
from index.search import Searcher
from index.store import Store
from ingest.contract import dated_json, window_json
from ingest.fetch import readable
from ingest.lexicon import names
from ingest.model import Dated
from webapp.commands.options import first_day, last_day
from webapp.commands.store import INDEX
from webapp.commands.terminal import DIM, STRONG, clean, console, counts, echo_json, marked, plural, tell
from webapp.representation import twin_json

SHOWN_VALUES = 8


@click.command()
@click.argument("query", nargs=-1)
@click.option("--type", multiple=True, help="Only this type, such as api_change or maintenance.")
@click.option("--product", multiple=True, help="Only entries about this product.")
@click.option("--endpoint", multiple=True, help="Only entries about this endpoint, by name or path.")
@click.option("--param", multiple=True, help="Only entries about this parameter.")
@click.option("--lang", multiple=True, help="Only this language (en, fr).")
@click.option("--year", multiple=True, help="Only this year.")
@click.option("--status", multiple=True, help="Only this status: cancelled, moved or postponed.")
@click.option("--since", type=first_day, metavar="DAY", help="Only entries from this day, month or year on.")
@click.option("--until", type=last_day, metavar="DAY", help="Only entries up to this day, month or year.")
@click.option(
    "--sort",
    type=click.Choice([*map(str, Sort)]),
    help="By relevance (with a query) or by date, newest first.",
)
@click.option("--limit", type=click.IntRange(0, 1000), default=20, show_default=True, help="Hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits to pass over before them.")
@click.option("--json", "wants_json", is_flag=True, help="Print the machine-readable answer.")
@click.pass_obj
def search(data: Path, /, query: tuple[str, ...], sort: str | None, wants_json: bool, **asked: Any) -> None:
    """Find entries for QUERY; without one, list them all, newest first.

    A filter given several times finds entries with any of its values; different filters must all hold.
    """
    request = _request(" ".join(query), sort, asked)
    with Store.open(data, create=False) as store:
        searcher = Searcher(store, data / INDEX, names())
        page = searcher.search(request)
    tell(searcher.notes)
    if wants_json:
        echo_json(answer(page))
        return
    screen = console()
    for line in _report(page):
        screen.print(line)


def _request(text: str, sort: str | None, asked: dict[str, Any]) -> SearchRequest:
    """The question that the options ask; a plain listing is newest first."""
    text = readable(text)
    filters = {name: tuple(map(readable, values)) for name in FACETS if (values := asked.pop(name))}
    order = Sort(sort) if sort else Sort.RELEVANCE if text else Sort.DATE
    return SearchRequest(text, filters, sort=order, **asked)


def answer(page: SearchPage) -> dict[str, Any]:
    """The machine-readable form of a page of hits: see docs/contract.md."""
    return {
        "query": page.request.text,
        "total": page.total,
        "hits": [_hit(hit) for hit in page.hits],
        "facets": {name: [_count(value) for value in page.facets[name]] for name in FACETS},
        "suggestions": list(page.suggestions),
        "hints": list(page.hints),
    }


def _count(value: FacetValue) -> dict[str, Any]:
    return {"value": value.value, "count": value.count, "selected": value.selected}


def _hit(hit: Hit) -> dict[str, Any]:
    stored, entry = hit.stored, hit.stored.entry
    return {
        "id": hit.id,
        "score": round(hit.score, 4),
        "title": entry.title,
        "type": entry.type,
        "lang": entry.lang,
        "source": stored.source,
        "dated": dated_json(entry),
        "windows": [window_json(window) for window in entry.current_windows],
        "products": [mention.name for mention in entry.products],
        "endpoints": [mention.name for mention in entry.endpoints],
        "parameters": [mention.name for mention in entry.parameters],
        "status": entry.status.status if entry.status else None,
        "gone": stored.gone,
        "twins": [twin_json(twin) for twin in stored.twins],
        "passage": {"text": hit.passage.text, "marks": [[m.start, m.end] for m in hit.passage.marks]},
    }


def _report(page: SearchPage) -> Iterator[Text]:
    yield _summary(page)
    for hint in page.hints:
        yield Text(clean(hint), DIM)
    if page.suggestions:
        yield Text(f"Did you mean: {clean(' · '.join(page.suggestions))}")
    for hit in page.hits:
        yield Text()
        yield from _lines(hit)
    yield Text()
    yield from counts(
        {name: [(value.value, value.count) for value in page.facets[name][:SHOWN_VALUES]] for name in FACETS}
    )


def _summary(page: SearchPage) -> Text:
    shown = len(page.hits)
    wanted = f" for {clean(page.request.text)}" if page.request.text else ""
    text = Text(f"{plural(page.total, 'entry', 'entries')}{wanted}", STRONG)
    if 0 < shown < page.total:
        first = page.request.offset + 1
        text.append(f", {first} to {first + shown - 1} shown", DIM)
    return text


def _lines(hit: Hit) -> Iterator[Text]:
    stored, entry = hit.stored, hit.stored.entry
    state = f"  {entry.status.status}" if entry.status else ""
    yield Text.assemble((f"{_day(entry.dated):<11} {entry.type:<12} {entry.lang}{state}", DIM))
    title = marked(hit.title)
    title.stylize(STRONG)
    yield title
    if hit.passage.text and hit.passage.text != hit.title.text:
        yield marked(hit.passage)
    for window in entry.current_windows:
        yield Text(f"window {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC")
    about = [hit.id, stored.source, *(m.name for m in (*entry.products, *entry.endpoints))]
    yield Text(clean(" · ".join(about)), DIM)


def _day(dated: Dated | None) -> str:
    """A day, or `~` and the middle of the days between which the entry must lie."""
    if dated is None:
        return "undated"
    return dated.first.isoformat() if dated.exact else f"~{dated.middle.isoformat()}"
