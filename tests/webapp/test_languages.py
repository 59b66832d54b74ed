"""The interface in English and French: by address, by Accept-Language, and from one to the other."""

from __future__ import annotations

from dataclasses import replace

import feedparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import etree

from webapp.app import create_app
from webapp.config import SiteConfig

PAGES = ["/", "/search?q=domain&type=bugfix", "/types/bugfix/", "/maintenance/", "/diagnostics", "/params/"]


def soup_of(client: FlaskClient, path: str, wanted: str = "", status: int = 200) -> BeautifulSoup:
    answer = client.get(path, headers={"Accept-Language": wanted} if wanted else {})
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "lxml")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA, en;q=0.9", "fr"),
        ("en-GB, fr;q=0.9", "en"),
        ("de, fr;q=0.5, en;q=0.4", "fr"),
        ("de", "en"),
        ("fr;q=0, en", "en"),
        ("*", "en"),
        ("fr;q=x;;,", "en"),
    ],
)
def test_the_reader_s_language_is_negotiated(client: FlaskClient, wanted: str, language: str) -> None:
    answer = client.get("/", headers={"Accept-Language": wanted})
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_an_address_with_a_language_wins(client: FlaskClient, path: str) -> None:
    for code, wanted in (("fr", "en"), ("en", "fr")):
        answer = client.get(f"/{code}{path}", headers={"Accept-Language": wanted})
        assert answer.headers["Content-Language"] == code
        assert "Accept-Language" not in answer.headers["Vary"]


def test_a_french_page_speaks_french(client: FlaskClient) -> None:
    soup = soup_of(client, "/fr/")
    assert soup.select_one("h1").get_text() == "Journal des changements"  # type: ignore[union-attr]
    assert "7 entrées, de la plus récente" in soup.select_one(".summary").get_text()  # type: ignore[union-attr]
    assert soup.select("section.month > h2")[0].get_text() == "juin 2022"
    first = soup.select("article.card")[0]
    assert first.select_one(".window").get_text() == "5 juin 2022, 05:00–07:00 UTC"  # type: ignore[union-attr]
    assert first.select_one("[lang=en] h3") is not None  # the entry's own text is English
    assert first.select_one(".language").get_text() == "en anglais"  # type: ignore[union-attr]


@pytest.mark.parametrize("path", PAGES)
def test_links_keep_the_language(client: FlaskClient, path: str) -> None:
    soup = soup_of(client, f"/fr{path}")
    for element in soup.select("main a[href], header a[href], form[action], link[type^=application]"):
        address = str(element.get("href") or element.get("action")).removeprefix("http://localhost")
        assert address.startswith(("/fr/", "#")), address
    for element in soup.select("script[src], link[rel=stylesheet]"):
        assert str(element.get("src") or element.get("href")).startswith("/static/")


@pytest.mark.parametrize("path", PAGES)
def test_no_request_leaves_its_addresses_to_the_next(client: FlaskClient, path: str) -> None:
    """Whichever language or prefix was asked for first."""
    asked: list[tuple[str, str]] = [("", "/docs"), ("/fr", ""), ("", ""), ("/en", "/docs"), ("/fr", "/docs")]
    for language, mount in asked * 2:
        answer = client.get(f"{language}{path}", environ_overrides={"SCRIPT_NAME": mount})
        soup = BeautifulSoup(answer.text, "lxml")
        for element in soup.select("header a[href^='/'], form[action], footer > div > ul a[href]"):
            address = str(element.get("href") or element.get("action"))
            below = address.removeprefix(f"{mount}{language}/")
            assert address.startswith(f"{mount}{language}/"), address
            assert not below.startswith(("fr/", "en/", "docs/")), address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_itself_in_the_other_language(client: FlaskClient, path: str) -> None:
    for start in (path, f"/en{path}"):
        links = {str(a["hreflang"]): str(a["href"]) for a in soup_of(client, start).select(".languages a")}
        assert links == {"en": f"/en{path}", "fr": f"/fr{path}"}


@pytest.mark.parametrize("path", PAGES)
def test_each_page_names_its_other_languages(client: FlaskClient, path: str) -> None:
    root = "http://localhost"
    for prefix in ("", "/en", "/fr"):
        soup = soup_of(client, prefix + path)
        found = {str(a["hreflang"]): str(a["href"]) for a in soup.select("link[hreflang]")}
        assert found == {"en": f"{root}/en{path}", "fr": f"{root}/fr{path}", "x-default": root + path}
        canonical = soup.select_one("link[rel=canonical]")
        assert canonical is not None
        assert canonical["href"] == root + prefix + path


def test_languages_below_a_prefix_of_a_proxy(config: SiteConfig) -> None:
    client = create_app(replace(config, proxies=1)).test_client()
    said = {"X-Forwarded-Host": "changes.example", "X-Forwarded-Prefix": "/log"}
    soup = BeautifulSoup(client.get("/fr/", headers=said).text, "lxml")
    assert soup.select_one("a.brand")["href"] == "/log/fr/"  # type: ignore[index]
    assert soup.select_one("link[hreflang=en]")["href"] == "http://changes.example/log/en/"  # type: ignore[index]
    assert str(soup.select_one("link[rel=stylesheet]")["href"]).startswith("/log/static/")  # type: ignore[index]


@pytest.mark.parametrize("path", ["/", "/search?q=domain", "/feed.rss", "/feeds.opml"])
def test_no_language_is_answered_with_the_tag_of_another(client: FlaskClient, path: str) -> None:
    answers = [client.get(path, headers={"Accept-Language": wanted}) for wanted in ("en", "fr")]
    answers += [client.get(f"/{code}{path}") for code in ("en", "fr")]
    assert len({answer.headers["ETag"] for answer in answers}) == 4
    english = {"If-None-Match": answers[0].headers["ETag"], "Accept-Language": "fr"}
    assert client.get(path, headers=english).status_code == 200
    again = client.get(path, headers={**english, "Accept-Language": "en"})
    assert again.status_code == 304
    assert "Accept-Language" in again.headers["Vary"]


WORDLESS = ["/fr/static/site.css", "/fr/api/v1/entries", "/fr/healthz", "/fr/robots.txt"]


@pytest.mark.parametrize("path", WORDLESS)
def test_what_has_no_language_has_no_prefix(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    with client.get(path[3:], headers={"Accept-Language": "fr"}) as answer:
        assert answer.status_code == 200
        assert "Content-Language" not in answer.headers


def test_feeds_speak_the_language_and_keep_their_ids(client: FlaskClient) -> None:
    path = "types/bugfix/feed.atom"
    feeds = {code: feedparser.parse(client.get(f"/{code}/{path}").data) for code in ("en", "fr")}
    assert feeds["en"].feed.title == "Release notes: Type: Bug fix"
    assert feeds["fr"].feed.title == "Release notes\u00a0: Type\u00a0: Correctif"
    assert feeds["fr"].feed.language == "fr"
    assert [tag.term for tag in feeds["fr"].entries[0].tags] == ["Correctif"]
    assert feeds["en"].entries[0].id == feeds["fr"].entries[0].id
    assert feeds["en"].entries[0].link == feeds["fr"].entries[0].link
    assert feeds["fr"].feed.links[-1].href == "http://localhost/fr/types/bugfix/feed.atom"


def test_the_calendar_speaks_the_language(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(client.get("/fr/maintenance/calendar.ics").data)
    summaries = [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]
    assert "Annulée\u00a0: Maintenance in May" in summaries


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "Il n’y a rien à cette adresse."),
        ("/products/none/", 404, "produit «\u00a0none\u00a0»"),
        ("/?page=9", 404, "Il y a 1 page ici, pas 9"),
        ("/search?since=tomorrow", 400, "n’est pas une date; écrivez-la comme 2022-06-04"),
        ("/search?q=" + "x" * 500, 400, "dépasse 400 caractères"),
        ("/search?q=" + "x" * 5000, 414, "L’adresse dépasse 4096 caractères."),
    ],
)
def test_errors_speak_the_language(client: FlaskClient, path: str, status: int, said: str) -> None:
    for soup in (soup_of(client, f"/fr{path}", status=status), soup_of(client, path, "fr", status)):
        assert said in soup.main.get_text()  # type: ignore[union-attr]
        assert not soup.select("link[hreflang]")
    assert (
        client.get("/api/v1/entries?limit=x", headers={"Accept-Language": "fr"}).json
        == client.get(  # type: ignore[misc]
            "/api/v1/entries?limit=x"
        ).json
    )


def test_hints_and_diagnostics_speak_the_language(client: FlaskClient) -> None:
    hints = [p.get_text() for p in soup_of(client, "/fr/search?q=colour:red").select(".hint")]
    assert hints[0].startswith("aucun filtre ne s’appelle «\u00a0colour\u00a0»")
    assert "Heures locales et UTC en désaccord" in soup_of(client, "/fr/diagnostics").get_text()


def test_the_site_map_names_every_language(client: FlaskClient) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    tree = etree.fromstring(client.get("/sitemap.xml").data)
    for url in tree.findall("s:url", space):
        links = {str(a.get("hreflang")): str(a.get("href")) for a in url.findall("x:link", space)}
        assert set(links) == {"en", "fr", "x-default"}
        assert links["x-default"] == url.findtext("s:loc", namespaces=space)
        assert client.get(links["fr"]).headers["Content-Language"] == "fr"
