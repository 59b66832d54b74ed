"""What an entry's page says beside its text: its twin, its relatives, its former dates."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import build
from flask.testing import FlaskClient
from sitemaker import SEEN, Announcement, announcement, fill

from index.build import update
from index.store import Store
from ingest.model import EntryType, Status
from webapp.app import create_app
from webapp.library import Library
from webapp.related import related

Site = Callable[..., FlaskClient]


def pages_of(client: FlaskClient) -> dict[str, BeautifulSoup]:
    """The page of every entry, by title."""
    store = client.application.extensions["relnotes"].library.store
    return {
        one.entry.title: BeautifulSoup(client.get(f"/entries/{one.id}").text, "lxml") for one in store.all()
    }


def texts(soup: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]


def twins() -> tuple[Announcement, ...]:
    """One maintenance in two languages: the same window, the same outage, the same product."""
    window = ("2022-06-05T04:00", "2022-06-05T06:00")
    common: dict[str, Any] = {"type": EntryType.MAINTENANCE, "dated": "2022-06-05", "products": ["CIS"]}
    english = "On June 4, 2022, 22:00 – 24:00 MDT, CIS is down for 35 minutes."
    french = "Le 4 juin 2022 de 22:00 à 24:00 HAR, CIS est interrompu pendant 35 minutes."
    return (
        announcement(
            "Maintenance in June",
            english,
            windows=[(*window, "June 4, 2022, 22:00 – 24:00 MDT")],
            outages=[(35, "35 minutes")],
            **common,
        ),
        announcement(
            "Maintenance en juin",
            french,
            lang="fr",
            windows=[(*window, "4 juin 2022 de 22:00 à 24:00 HAR")],
            outages=[(35, "35 minutes")],
            **common,
        ),
    )


def test_a_version_in_another_language_is_linked(site_with: Site) -> None:
    pages = pages_of(site_with(twins()))
    (said,) = texts(pages["Maintenance in June"], ".twin")
    assert said == "Also in French: Maintenance en juin"
    link = pages["Maintenance in June"].select_one(".twin a")
    assert link is not None
    assert (link["hreflang"], link["lang"]) == ("fr", "fr")
    assert texts(pages["Maintenance en juin"], ".twin") == ["Also in English: Maintenance in June"]
    assert not texts(pages["Maintenance in June"], ".related li")  # the twin is no relative


def test_relatives_share_what_is_rare(site_with: Site) -> None:
    products = [announcement(f"Of CIS {n}", f"Note {n} on CIS.", products=["CIS"]) for n in range(6)]
    rare = announcement(
        "Another filter", "List domains in CIS.", endpoints=["List domains"], products=["CIS"]
    )
    one = announcement("A filter", "List domains of CIS.", endpoints=["List domains"], products=["CIS"])
    others = [announcement(f"Nothing {n}", f"Of its own {n}.") for n in range(16)]
    pages = pages_of(site_with((one, rare, *products, *others)))
    assert texts(pages["A filter"], ".related a")[0] == "Another filter"
    assert texts(pages["A filter"], ".related small")[0] == "List domains, CIS"
    assert len(texts(pages["A filter"], ".related li")) == 5
    assert not texts(pages["Nothing 1"], ".related li")


def test_what_everyone_speaks_of_relates_nobody(tmp_path: Path) -> None:
    made = [announcement(f"Note {n}", "On CIS.", products=["CIS"]) for n in range(8)]
    library = Library(build(tmp_path, *made).data_dir)
    assert related(library, next(library.store.all())) == ()


def moved(body: str, day: str, said: str, status: tuple[Status, str] | None = None) -> Announcement:
    return announcement("Sensors", body, dated=day, effective=[(day, said)], status=status)


def test_a_postponed_day_says_what_it_was(tmp_path: Path) -> None:
    config = build(tmp_path, moved("Sensors end on April 25, 2022.", "2022-04-25", "April 25, 2022"))
    steps = [
        ("Postponed. Sensors end on May 10, 2022.", "2022-05-10", "May 10, 2022"),
        ("Postponed. Sensors end on May 31, 2022.", "2022-05-31", "May 31, 2022"),
    ]
    for days, (body, day, said) in enumerate(steps, start=1):
        fill(
            tmp_path,
            moved(body, day, said, (Status.POSTPONED, "Postponed")),
            seen=SEEN + timedelta(days=days),
        )
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
        (entry,) = store.all()
    client = create_app(config).test_client()
    page = BeautifulSoup(client.get(f"/entries/{entry.id}").text, "lxml")
    assert texts(page, ".chain") == ["Takes effect: was 25 Apr 2022, 10 May 2022, now 31 May 2022"]
    assert (texts(page, ".chain del"), texts(page, ".chain ins")) == (
        ["25 Apr 2022", "10 May 2022"],
        ["31 May 2022"],
    )
    french = BeautifulSoup(client.get(f"/fr/entries/{entry.id}").text, "lxml")
    assert texts(french, ".chain") == [
        "Prend effet : était 25 avr. 2022, 10 mai 2022, maintenant 31 mai 2022"
    ]


def test_what_never_moved_has_no_chain(tmp_path: Path) -> None:
    for page in pages_of(create_app(build(tmp_path, *twins())).test_client()).values():
        assert not texts(page, ".chain")


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "A <b>bold</b> & \u2028 title"])
def test_linked_data_is_json_and_never_markup(site_with: Site, title: str) -> None:
    made = announcement(
        title, "On CIS, List domains.", dated="2022-04-02", products=["CIS"], endpoints=["List domains"]
    )
    (page,) = pages_of(site_with((made,))).values()
    (script,) = page.select('script[type="application/ld+json"]')
    assert script.string is not None
    assert not set(script.string) & set("<>&\u2028")
    found = json.loads(script.string)
    assert found["@type"] == "TechArticle"
    assert (found["headline"], found["datePublished"], found["inLanguage"]) == (
        " ".join(title.split()),
        "2022-04-02",
        "en",
    )
    assert found["about"] == [{"@type": "Thing", "name": "CIS"}]
    assert found["keywords"] == ["List domains"]
    canonical = page.select_one('link[rel="canonical"]')
    assert canonical is not None
    assert found["url"] == canonical["href"]


def test_a_day_that_was_only_inferred_is_no_date_of_publication(site_with: Site) -> None:
    (page,) = pages_of(site_with((announcement("A fix", "On CIS.", dated="2022-04-02/2022-04-02"),))).values()
    script = page.select_one('script[type="application/ld+json"]')
    assert script is not None
    assert "datePublished" not in json.loads(str(script.string))


def test_a_listing_is_a_collection(client: FlaskClient) -> None:
    script = BeautifulSoup(client.get("/fr/types/bugfix/").text, "lxml").select_one(
        '[type="application/ld+json"]'
    )
    assert script is not None
    found = json.loads(str(script.string))
    assert (found["@type"], found["name"], found["inLanguage"]) == ("CollectionPage", "Correctif", "fr")
    assert found["url"] == "http://localhost/fr/types/bugfix/"


def test_relatives_come_in_the_entry_s_own_language(site_with: Site) -> None:
    english = announcement("Another filter", "List domains.", endpoints=["List domains"])
    french = announcement("Un autre filtre", "List domains.", lang="fr", endpoints=["List domains"])
    one = announcement("Un filtre", "List domains.", lang="fr", endpoints=["List domains"])
    others = [announcement(f"Nothing {n}", f"Of its own {n}.") for n in range(16)]
    pages = pages_of(site_with((english, french, one, *others)))
    assert texts(pages["Un filtre"], ".related a")[0] == "Un autre filtre"
    assert texts(pages["Another filter"], ".related a bdi")
