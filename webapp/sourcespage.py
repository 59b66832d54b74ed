"""Where do the entries come from, and what in them does not add up?  The pages about the sources."""

from __future__ import annotations

from collections import defaultdict

from ingest.model import DiagnosticCode
from webapp import urls
from webapp.entrypage import Finding, finding
from webapp.excerpt import title_of
from webapp.facts import Sources, facts
from webapp.labels import Labels
from webapp.library import Library
from webapp.text import shown
from webapp.view import View


def diagnostics(library: Library, labels: Labels) -> View:
    """What the reader of the sources could not make fit, by kind, and what the sources are."""
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
        "sources": library.digest.sources,
    }
    return View("diagnostics.html", values, urls.DIAGNOSTICS)
