"""Every fact beside an entry leads to the characters that say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bs4 import BeautifulSoup
from msgspec import structs
from sitemaker import ENGLISH, announcement, stored

from ingest.model import DateBasis, Dated, EntryType, Span, Status
from webapp.facts import Fact, Sources, facts
from webapp.markup import Renderer, blocks_of, line_numbers

MADE = announcement(
    "Upcoming maintenance",
    "On June 4, 2022, 22:00 – 24:00 MDT (June 5, 2022, 04:00 – 06:00 UTC), we work on CertCentral.\n"
    "CIS is down for up to 90 minutes.\n"
    "Postponed: this took the place of May.\n"
    "The List domains endpoint gains domain_locking_status from July 1, 2022.",
    type=EntryType.MAINTENANCE,
    dated="2022-06-05",
    windows=[("2022-06-05T04:00", "2022-06-05T06:00", "June 4, 2022, 22:00 – 24:00 MDT")],
    outages=[(90, "90 minutes")],
    status=(Status.POSTPONED, "Postponed"),
    effective=[("2022-07-01", "July 1, 2022")],
    products=["CertCentral", "CIS"],
    endpoints=["List domains"],
    parameters=["domain_locking_status"],
    cue="maintenance",
)


def read(prefix: str = "") -> tuple[tuple[Fact, ...], BeautifulSoup]:
    """The facts, and the page's text with the places they point at."""
    one = stored(MADE, line=11)
    sources = Sources(one, one.text)
    found = facts(one, sources, lambda path: prefix + path, ENGLISH)
    blocks = blocks_of(one.entry, one.text)
    renderer = Renderer(one.text, tuple(sources.notes), line_numbers(blocks, one.text, one.line))
    return found, BeautifulSoup(str(renderer.blocks(blocks)), "lxml")


def test_facts_read_as_they_should() -> None:
    found, _ = read()
    assert {fact.label: [value.text for value in fact.values] for fact in found} == {
        "Type": ["Maintenance"],
        "Date": ["5 Jun 2022"],
        "Maintenance window": ["5 Jun 2022, 04:00–06:00 UTC"],
        "Status": ["Postponed"],
        "Outage": ["1 hour 30 minutes"],
        "Takes effect": ["1 Jul 2022"],
        "Products": ["CertCentral", "CIS"],
        "Endpoints": ["List domains"],
        "Parameters": ["domain_locking_status"],
    }


def test_every_anchor_is_on_the_page_and_holds_the_words() -> None:
    found, page = read()
    anchored = [value for fact in found for value in fact.values if value.anchor]
    assert len(anchored) == 9
    for value in anchored:
        place = page.find(id=value.anchor)
        assert place is not None, value
        assert place.get_text() == (value.said or value.text)


def test_lines_are_those_of_the_source() -> None:
    found, _ = read()
    lines = {value.text: value.line for fact in found for value in fact.values}
    assert lines["Maintenance"] == 11
    assert lines["1 hour 30 minutes"] == 13
    assert lines["domain_locking_status"] == 15


def test_names_in_the_text_lead_to_their_listings_below_any_prefix() -> None:
    _, page = read(prefix="/docs")
    hrefs = [a["href"] for a in page.find_all("a") if "line" not in a.get("class", [])]
    assert hrefs == [
        "/docs/products/CertCentral/",
        "/docs/products/CIS/",
        "/docs/endpoints/List%20domains/",
        "/docs/params/domain_locking_status/",
    ]


def test_an_inferred_date_says_so_and_a_stated_one_is_quoted() -> None:
    inferred = stored(announcement("T", dated="2022-03-01/2022-05-01"))
    (_, date), *_ = [facts(inferred, Sources(inferred, inferred.text), str, ENGLISH)]
    assert date.values[0].text == "about Mar\u2009–\u2009May 2022"
    assert (
        date.values[0].note == "between 1 Mar 2022 and 1 May 2022; inferred from the dated entries around it"
    )
    stated = stored(
        announcement("T", "September 2024", dated="2024-09-01", published=("2024-09", "September 2024"))
    )
    (_, date), *_ = [facts(stated, Sources(stated, stated.text), str, ENGLISH)]
    assert (date.values[0].text, date.values[0].said, date.values[0].line) == (
        "September 2024",
        "September 2024",
        2,
    )


def test_a_date_heading_over_several_entries_stands_in_the_first() -> None:
    made = announcement("T", "Body", dated="2024-09-03", published=("2024-09-03", "T"))
    assert made.entry.published is not None
    outside = structs.replace(made.entry.published, span=Span(-40, -30))
    one = stored(replace(made, entry=structs.replace(made.entry, published=outside)))
    date = facts(one, Sources(one, one.text), str, ENGLISH)[1].values[0]
    assert (date.text, date.note) == ("3 Sep 2024", "stated by the heading above it")
    assert (date.said, date.line, date.anchor) == (None, None, None)


def test_dates_are_as_exact_as_they_are_known() -> None:
    def known(first: str, last: str, basis: DateBasis) -> str:
        return ENGLISH.when(Dated(date.fromisoformat(first), date.fromisoformat(last), basis))

    assert known("2022-06-05", "2022-06-05", DateBasis.WINDOW) == "5 Jun 2022"
    assert known("2022-06-01", "2022-06-30", DateBasis.STATED) == "June 2022"
    assert known("2022-06-20", "2022-07-10", DateBasis.STATED) == "20 Jun 2022 – 10 Jul 2022"
    assert known("2022-06-20", "2022-06-20", DateBasis.INFERRED) == "about June 2022"
    assert known("2022-06-20", "2022-07-10", DateBasis.INFERRED) == "about Jun\u2009–\u2009Jul 2022"
