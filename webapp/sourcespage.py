"""Where do the entries come from, and what in them does not add up?  The pages about the sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from index.checks import Check, Outcome
from index.store import Source
from ingest.model import DateBasis, DiagnosticCode, Form
from webapp import urls
from webapp.catalogue import N_
from webapp.entrypage import Finding, finding
from webapp.excerpt import title_of
from webapp.facts import Sources, facts
from webapp.labels import Labels
from webapp.library import Library
from webapp.tally import EMPTY, Tally
from webapp.text import line, shown
from webapp.view import View


@dataclass(frozen=True, slots=True)
class Account:
    """A source in words; `parts` are how its entries are dated, each with its share in per cent."""

    name: str
    title: str
    form: str
    vendor: str | None
    languages: str
    types: str
    seen: datetime
    read: str
    snapshots: str
    entries: str
    gone: str | None
    windows: str
    parts: tuple[tuple[str, int], ...]
    doubts: str | None
    newest: str | None
    look: Look | None


@dataclass(frozen=True, slots=True)
class Look:
    """When a source was last looked at, in UTC and in words, and what came of it."""

    at: datetime
    checked: str
    outcome: str


OUTCOMES = {
    Outcome.CHANGED: N_("something was new"),
    Outcome.UNCHANGED: N_("nothing new"),
    Outcome.UNREAD: N_("it could not be read"),
    Outcome.NOT_A_LOG: N_("it did not look like a change log; nothing was changed here"),
    Outcome.FEWER: N_("it held far fewer entries than before; nothing was changed here"),
}
FORMS = {
    Form.TEXT: N_("plain text"),
    Form.HTML: N_("HTML"),
    Form.MARKDOWN: N_("Markdown"),
    Form.FEED: N_("feed"),
}


def sources(library: Library, labels: Labels) -> View:
    """Each source: when it was last read and looked at, what it holds, and how much of it was understood."""
    digest = library.digest
    checks = {check.source: check for check in library.checks()}
    accounts = tuple(
        _account(each, digest.tallies.get(each.name, EMPTY), checks.get(each.name), labels)
        for each in digest.sources
    )
    return View("sources.html", {"accounts": accounts}, urls.SOURCES)


def _account(source: Source, tally: Tally, check: Check | None, labels: Labels) -> Account:
    snapshots = labels.ngettext("%(num)s snapshot", "%(num)s snapshots", source.snapshots)
    gone = labels.ngettext("%(num)s is no longer there", "%(num)s are no longer there", source.gone)
    doubts = labels.ngettext("%(num)s thing to check", "%(num)s things to check", tally.doubts)
    return Account(
        name=line(source.name),
        title=line(source.title or source.name),
        form=labels.gettext(FORMS[source.form]),
        vendor=line(source.vendor) if source.vendor else None,
        languages=_counted(tally.langs, "lang", labels),
        types=_counted(tally.types, "type", labels),
        seen=source.seen,
        read=labels.moment(source.seen),
        snapshots=snapshots,
        entries=labels.entries(source.live),
        gone=gone if source.gone else None,
        windows=labels.ngettext("%(num)s window", "%(num)s windows", tally.windows),
        parts=tuple(_parts(tally, labels)),
        doubts=doubts if tally.doubts else None,
        newest=labels.day(tally.newest) if tally.newest else None,
        look=_look(check, labels) if check else None,
    )


def _look(check: Check, labels: Labels) -> Look:
    """Why it failed is not told: errors name paths."""
    return Look(check.checked, labels.moment(check.checked), labels.gettext(OUTCOMES[check.outcome]))


def _counted(values: Counter[str], facet: str, labels: Labels) -> str:
    """`Maintenance 12, Feature 3`."""
    return ", ".join(
        f"{line(labels.value(facet, value))} {labels.number(count)}" for value, count in values.most_common()
    )


def _parts(tally: Tally, labels: Labels) -> Iterator[tuple[str, int]]:
    """Dated by themselves, dated by their neighbours, not dated."""
    inferred, none = tally.bases[DateBasis.INFERRED], tally.bases[None]
    yield labels.gettext("date stated"), tally.share(tally.dated)
    yield labels.gettext("date inferred"), tally.share(inferred)
    yield labels.gettext("no date"), tally.share(none)


def diagnostics(library: Library, labels: Labels) -> View:
    """What the reader of the sources could not make fit, by kind."""
    found: dict[DiagnosticCode, list[tuple[str, str, Finding]]] = defaultdict(list)
    for stored in library.digest.diagnosed:
        sources = Sources(stored, shown(stored.text))
        facts(stored, sources, str, labels)  # hands out the same anchors as the entry's page
        for each in stored.diagnostics:
            said = finding(stored, each, sources, labels)
            found[each.code].append((title_of(stored), stored.entry.lang, said))
    values = {
        "kinds": tuple(
            (labels.diagnostic(code), tuple(found[code])) for code in DiagnosticCode if code in found
        ),
    }
    return View("diagnostics.html", values, urls.DIAGNOSTICS)
