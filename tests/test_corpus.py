"""Is the bundled corpus whole, and do its hand-made labels keep their own rules?"""

from __future__ import annotations

import html
import json
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import corpus
from ingest.model import DiagnosticCode, EntryType, Form, Status

CORPUS = Path(corpus.__file__).parent
SHARED = CORPUS.parent.parent / "shared"
DOCUMENT_ENDINGS = {".txt", ".html", ".md", ".atom", ".rss"}
DOCUMENTS = sorted(
    path.name for path in CORPUS.iterdir() if path.suffix in DOCUMENT_ENDINGS and path.name != "README.md"
)
POSITIONED = [name for name in DOCUMENTS if name.endswith((".txt", ".md"))]
TITLED = [name for name in DOCUMENTS if name not in POSITIONED]

LISTS = {"windows", "effective", "outage_minutes", "products", "endpoints", "parameters", "diagnostics"}
ALWAYS = {"id", "type", "lang", "has_heading"} | LISTS
SOMETIMES = {"published", "status", "no_downtime", "ambiguous", "optional_boundary"}
PRODUCTS = set(
    """CertCentral · CertCentral Services API · CIS · SCEP · ACME · Direct Cert Portal · PKI Platform 8 ·
    QuoVadis TrustLink · DigiCert ONE · Trust Lifecycle Manager · Software Trust Manager · IoT Trust Manager ·
    Device Trust Manager · Document Trust Manager · CA Manager · Account Manager · KeyLocker · Discovery ·
    DigiCert DNS · Report Library · Managed PKI for SSL · Verified Mark Certificates · Code Signing · S/MIME ·
    Site Seal""".replace("\n    ", " ").split(" · ")
)
FACTS = ("type", "windows", "effective", "outage_minutes", "parameters", "status")

Label = dict[str, Any]


def text_of(name: str) -> str:
    return (CORPUS / name).read_text(encoding="utf-8")


def labels_of(name: str) -> list[Label]:
    gold = json.loads((CORPUS / name).with_suffix(".gold.json").read_text(encoding="utf-8"))
    entries: list[Label] = gold["entries"]
    return entries


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads(text_of(name))


def label(reference: dict[str, Any]) -> Label:
    """The label that a reference in pairs.toml or revisions.toml points to."""
    (found,) = [entry for entry in labels_of(reference["document"]) if entry["id"] == reference["entry"]]
    return found


def offset(text: str, position: list[int]) -> int:
    """Characters before a 1-based line and column."""
    line, column = position
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return starts[line - 1] + column - 1


def entry_text(text: str, entry: Label) -> str:
    return text[offset(text, entry["start"]) : offset(text, entry["end"]) + 1]


def visible(markup: str) -> str:
    """Text of a page or feed, in one line."""
    without_comments = re.sub(r"<!--.*?-->", "", markup, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(without_comments)).split())


def sentences(markup: str) -> set[str]:
    """Sentences of seven words or more in lower case, without digits; hours are facts and left out."""
    text = re.sub(r"<[^>]+>", "\n", html.unescape(markup))
    candidates = (" ".join(re.findall(r"[^\W\d_]+", part)) for part in re.split(r"[.!?:\n]", text))
    return {part.lower() for part in candidates if part.count(" ") >= 6 and "UTC" not in part}


def announcements() -> list[Label]:
    """All labels, each announcement that both snapshots hold counted once."""
    repeated = {
        (change["later"]["document"], change["later"]["entry"])
        for change in toml("revisions.toml")["revisions"]
        if "earlier" in change and "later" in change
    }
    return [entry for name in DOCUMENTS for entry in labels_of(name) if (name, entry["id"]) not in repeated]


def test_there_are_at_least_sixty_announcements_of_every_type_in_both_languages() -> None:
    found = announcements()
    assert len(found) >= 60
    both = {(entry["type"], entry["lang"]) for entry in found}
    assert both == {(kind.value, lang) for kind in EntryType for lang in ("en", "fr")}


def test_every_document_has_labels_and_all_labels_have_a_document() -> None:
    labelled = [path.name.removesuffix(".gold.json") for path in CORPUS.glob("*.gold.json")]
    assert sorted(labelled) == sorted(Path(name).stem for name in DOCUMENTS)
    for name in DOCUMENTS:
        gold = json.loads((CORPUS / name).with_suffix(".gold.json").read_text(encoding="utf-8"))
        assert gold["source"] == f"corpus/{name}"


def test_the_manifest_names_every_document_once() -> None:
    sources = toml("relnotes.toml")["sources"]
    named = [path for source in sources for path in source.get("paths") or [source["path"]]]
    assert sorted(named) == DOCUMENTS
    assert len({source["name"] for source in sources}) == len(sources)
    for source in sources:
        assert set(source) <= {"name", "path", "paths", "vendor", "lang", "form"}
        assert source["vendor"]
        assert source["form"] in set(Form)


def test_the_manifest_tells_the_language_of_documents_that_have_one() -> None:
    for source in toml("relnotes.toml")["sources"]:
        for path in source.get("paths") or [source["path"]]:
            languages = {entry["lang"] for entry in labels_of(path)}
            assert languages == ({source["lang"]} if "lang" in source else {"en", "fr"}), path


def test_the_readme_counts_the_entries_of_every_document() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|.*\| (\d+) \|$", text_of("README.md"), flags=re.MULTILINE)
    assert sorted(rows) == [(name, str(len(labels_of(name)))) for name in DOCUMENTS]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_labels_use_the_vocabulary(name: str) -> None:
    place = {"start", "end"} if name in POSITIONED else {"title"}
    entries = labels_of(name)
    assert [entry["id"] for entry in entries] == list(range(1, len(entries) + 1))
    for entry in entries:
        assert ALWAYS | place <= set(entry) <= ALWAYS | place | SOMETIMES
        assert entry["type"] in set(EntryType)
        assert entry["lang"] in {"en", "fr"}
        assert isinstance(entry["has_heading"], bool)
        assert entry.get("status") is None or entry["status"] in set(Status)
        assert set(entry["diagnostics"]) <= set(DiagnosticCode)
        assert set(entry["products"]) <= PRODUCTS
        for key in ("products", "endpoints", "parameters"):
            assert len(set(entry[key])) == len(entry[key])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_dates_are_real_and_windows_end_after_their_start(name: str) -> None:
    for entry in labels_of(name):
        for window in entry["windows"]:
            start, end = (datetime.strptime(window[key], "%Y-%m-%dT%H:%M:%SZ") for key in ("start", "end"))
            assert start < end
            assert (end - start).total_seconds() <= 2 * 3600
        for day in entry["effective"]:
            date.fromisoformat(day)
        if "published" in entry:
            date.fromisoformat(f"{entry['published']}-01"[:10])
        assert all(minutes > 0 for minutes in entry["outage_minutes"])


@pytest.mark.parametrize("name", POSITIONED)
def test_entries_tile_the_text(name: str) -> None:
    text = text_of(name)
    after = 0
    for entry in labels_of(name):
        start, end = offset(text, entry["start"]), offset(text, entry["end"]) + 1
        assert text[after:start].strip() == "", f"nothing claims {text[after:start]!r}"
        assert after <= start < end
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        after = end
    assert text[after:].strip() == ""


@pytest.mark.parametrize("name", TITLED)
def test_titles_stand_on_the_page_in_order(name: str) -> None:
    text, after = visible(text_of(name)), 0
    for entry in labels_of(name):
        title = " ".join(entry["title"].split())
        at = text.find(title, after)
        assert at >= 0, title
        after = at + len(title)


@pytest.mark.parametrize("name", POSITIONED)
def test_endpoints_and_parameters_stand_in_their_entry(name: str) -> None:
    text = text_of(name)
    for entry in labels_of(name):
        own = " ".join(entry_text(text, entry).split())
        for value in [*entry["endpoints"], *entry["parameters"]]:
            assert value in own


@pytest.mark.parametrize("name", POSITIONED)
def test_the_utc_hours_of_a_window_stand_in_its_entry(name: str) -> None:
    text = text_of(name)
    for entry in labels_of(name):
        own = " ".join(entry_text(text, entry).split())
        for moment in (window[edge] for window in entry["windows"] for edge in ("start", "end")):
            hour, minute = moment[11:13], moment[14:16]
            written = {f"{hour}:{minute}", f"{hour} h {minute}", f"{int(hour)} h"}
            assert any(clock in own for clock in written), moment


def test_both_languages_of_a_pair_say_the_same() -> None:
    pairs = toml("pairs.toml")["pairs"]
    assert len(pairs) >= 10
    for pair in pairs:
        english, french = label(pair["en"]), label(pair["fr"])
        assert (english["lang"], french["lang"]) == ("en", "fr")
        assert [english.get(key) for key in FACTS] == [french.get(key) for key in FACTS], pair
        assert sorted(english["products"]) == sorted(french["products"])
        assert len(english["endpoints"]) == len(french["endpoints"])


def test_an_entry_has_one_counterpart_at_most() -> None:
    pairs = toml("pairs.toml")["pairs"]
    named = [(side["document"], side["entry"]) for pair in pairs for side in pair.values()]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("side", "name"), [("earlier", "portal-2025-03.txt"), ("later", "portal-2025-04.txt")]
)
def test_the_revisions_account_for_every_entry_of_a_snapshot(side: str, name: str) -> None:
    changes = toml("revisions.toml")["revisions"]
    named = [(change[side]["document"], change[side]["entry"]) for change in changes if side in change]
    assert sorted(named) == [(name, entry["id"]) for entry in labels_of(name)]


def test_the_revisions_are_what_they_are_called() -> None:
    seen = set()
    for change in toml("revisions.toml")["revisions"]:
        kind = change["change"]
        seen.add(kind)
        assert ("earlier" in change, "later" in change) == (kind != "added", kind != "gone")
        if "earlier" in change and "later" in change:
            check_revision(kind, change)
    assert seen == {"unchanged", "reworded", "moved", "postponed", "cancelled", "added", "gone"}


def check_revision(kind: str, change: dict[str, Any]) -> None:
    before, after = label(change["earlier"]), label(change["later"])
    old = entry_text(text_of(change["earlier"]["document"]), before)
    new = entry_text(text_of(change["later"]["document"]), after)
    if kind in {"unchanged", "reworded"}:
        assert [before.get(key) for key in FACTS] == [after.get(key) for key in FACTS]
        assert old.endswith(new) == (kind == "unchanged")  # section headings may go from above it
        return
    assert after["status"] == kind
    assert "status" not in before
    assert (before["windows"] == after["windows"]) == (kind != "moved")
    assert (before["effective"] == after["effective"]) == (kind != "postponed")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the logs of others are not kept in this repository")
def test_no_sentence_is_taken_from_the_logs_of_others() -> None:
    theirs: set[str] = set()
    for path in sorted([*SHARED.glob("seed/*"), *SHARED.glob("variants/*")]):
        if path.suffix in DOCUMENT_ENDINGS:
            theirs |= sentences(path.read_text(encoding="utf-8"))
    assert theirs
    for name in DOCUMENTS:
        assert sorted(theirs & sentences(text_of(name))) == [], name
