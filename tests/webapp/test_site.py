"""What a reader sees on each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from conftest import build, log
from flask.testing import FlaskClient
from sitemaker import SEEN, announcement, fill

from index.build import update
from index.checks import Check, Outcome
from index.store import Store
from ingest.model import EntryType
from webapp.app import create_app

Page = Callable[..., BeautifulSoup]
Site = Callable[..., FlaskClient]


def titles(soup: BeautifulSoup) -> list[str]:
    return texts(soup, "article.card h2, article.card h3")


def texts(soup: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]


def choices(soup: BeautifulSoup, facet: str) -> dict[str, str]:
    """A facet's values and where they lead."""
    section = next(s for s in soup.select("section.facet") if s.h2 and s.h2.get_text() == facet)
    return {a.select_one(".choice bdi").get_text(): a["href"] for a in section.select("a")}  # type: ignore[union-attr]


def counts(soup: BeautifulSoup, facet: str) -> dict[str, int]:
    section = next(s for s in soup.select("section.facet") if s.h2 and s.h2.get_text() == facet)
    return {
        a.select_one(".choice bdi").get_text(): int(a.select_one(".count [aria-hidden]").get_text())  # type: ignore
        for a in section.select("a")
    }


def entry_path(page: Page, title: str) -> str:
    found = page("/").find("a", string=title) or page("/").find(
        lambda tag: tag.name == "a" and tag.get_text(strip=True) == title
    )
    assert found is not None
    return str(found["href"])


def test_the_change_log_is_newest_first_by_month(page: Page) -> None:
    soup = page("/")
    assert titles(soup) == [one.entry.title for one in log()]
    assert texts(soup, "section.month > h2") == [
        "June 2022",
        "May 2022",
        "April 2022",
        "March 2022",
        "December 2021",
    ]
    assert "7 entries" in soup.select_one(".summary").get_text()  # type: ignore[union-attr]


def test_a_card_says_type_date_window_status_and_what_it_concerns(page: Page) -> None:
    first, cancelled, api, *_ = page("/").select("article.card")
    assert texts(first, ".badge") == ["Maintenance"]
    assert texts(first, ".window") == ["5 Jun 2022, 05:00–07:00 UTC"]
    assert texts(cancelled, ".status") == ["Cancelled"]
    assert [(a.get_text(), a["href"]) for a in api.select("a.tag")] == [
        ("Services API", "/products/Services%20API/"),
        ("List domains", "/endpoints/List%20domains/"),
        ("domain_locking_status", "/params/domain_locking_status/"),
    ]


def test_an_entry_in_french_says_so_to_readers_and_programs(page: Page) -> None:
    card = next(c for c in page("/").select("article.card") if "Verrouillage" in c.get_text())
    assert card.select_one('[lang="fr"] h3') is not None
    assert texts(card, ".language") == ["in French"]
    assert texts(card, ".when.inferred") == ["about Mar – Apr 2022"]


def test_the_next_window_leads_the_change_log(page: Page) -> None:
    banner = page("/").select_one("aside.next")
    assert banner is not None
    assert "5 Jun 2022, 05:00–07:00 UTC" in banner.get_text()  # the one in May was cancelled


def test_pages_of_the_log(site_with: Site) -> None:
    client = site_with(log(), log_size=3)
    seen, path = [], "/"
    for expected in (["/", 4], ["/page/1/", 3]):
        soup = BeautifulSoup(client.get(path).text, "lxml")
        assert [path, len(titles(soup))] == expected
        assert canonical(soup) == f"http://localhost{path}"
        seen += titles(soup)
        older = soup.select_one('nav.pager a[rel="next"]')
        path = str(older["href"]) if older else ""
    assert seen == [one.entry.title for one in log()]
    assert path == ""


def canonical(soup: BeautifulSoup) -> str:
    found = soup.select_one('link[rel="canonical"]')
    assert found is not None
    return str(found["href"])


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/?page=2", "/"),  # the front shows more than a page
        ("/?page=3", "/page/1/"),
        ("/fr/?page=3", "/fr/page/1/"),
        ("/types/maintenance/?page=3", "/types/maintenance/page/1/"),
        ("/page/1/?product=CIS", "/?product=CIS"),
        ("/?type=maintenance&page=2", "/?type=maintenance&page=2"),
        ("/search?page=2", "/search?page=2"),
    ],
)
def test_every_page_has_one_address(site_with: Site, asked: str, answered: str) -> None:
    """Pages of a listing are paths; what is narrowed down has them in its query string."""
    size = 1 if "types" in asked else 2 if "type=" in asked else 3
    answer = site_with(log(), log_size=size, page_size=3).get(asked, follow_redirects=True)
    assert (answer.status_code, answer.request.full_path.rstrip("?")) == (200, answered)
    assert canonical(BeautifulSoup(answer.text, "lxml")) == f"http://localhost{answered}"


def test_facets_narrow_down_from_a_page_behind_the_front(site_with: Site) -> None:
    soup = BeautifulSoup(site_with(log(), log_size=3).get("/page/1/").text, "lxml")
    assert choices(soup, "Type")["Maintenance"] == "/search?type=maintenance"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/search/?q=domain", "/search?q=domain"),
        ("/fr/search/?q=domain", "/fr/search?q=domain"),
        ("/diagnostics/", "/diagnostics"),
    ],
)
def test_addresses_of_the_static_site_lead_to_the_same_pages(
    site_with: Site, asked: str, answered: str
) -> None:
    moved = site_with(log()).get(asked)
    assert (moved.status_code, moved.headers["Location"]) == (308, answered)


def test_an_entrys_address_on_the_static_site_leads_to_it(site_with: Site) -> None:
    client = site_with(log())
    front = BeautifulSoup(client.get("/").text, "lxml")
    address = next(str(a["href"]) for a in front.select("a[href^='/entries/']"))
    answer = client.get(f"{address}/", follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, address)


@pytest.mark.parametrize(
    "path", ["/page/2/", "/page/0/", "/?page=4", "/types/bugfix/page/1/", "/types/none/page/1/"]
)
def test_pages_that_are_not_there(site_with: Site, path: str) -> None:
    assert site_with(log(), log_size=3).get(path).status_code == 404


def test_search_finds_marks_and_counts(page: Page) -> None:
    soup = page("/search?q=domain+locking")
    assert titles(soup)[0] == "Domain locking for the Services API"
    assert "Domain" in texts(soup, "article.card mark")
    assert soup.select_one('input[name="q"]')["value"] == "domain locking"  # type: ignore[index]
    assert counts(soup, "Type")["API change"] == 1


def test_facets_combine_and_come_off_again(page: Page) -> None:
    everything = page("/search")
    assert counts(everything, "Type") == {
        "Maintenance": 3,
        "API change": 1,
        "Bug fix": 1,
        "Feature": 1,
        "Deprecation": 1,
    }
    maintenance = page(choices(everything, "Type")["Maintenance"])
    assert len(titles(maintenance)) == 3
    assert counts(maintenance, "Type")["Bug fix"] == 1  # a facet's counts leave out its own filter
    both = page(choices(maintenance, "Type")["Bug fix"])
    assert len(titles(both)) == 4
    narrow = page(choices(maintenance, "Product")["CIS"])
    assert titles(narrow) == ["Maintenance in May"]
    assert texts(narrow, ".chips bdi") == ["Type: Maintenance", "Product: CIS"]
    off = page(str(narrow.select(".chips a")[1]["href"]))
    assert titles(off) == titles(maintenance)


def test_a_selected_choice_says_so_without_colour(page: Page) -> None:
    selected = page("/search?type=bugfix").select_one(".facet a[aria-current]")
    assert selected is not None
    assert "✓" in selected.get_text()
    assert "selected" in selected.get_text()


def test_filters_survive_a_new_query(page: Page) -> None:
    form = page("/search?q=x&type=maintenance&since=2022-01-01").select_one("form.search")
    assert form is not None
    kept = {field["name"]: field["value"] for field in form.select('input[type="hidden"]')}
    assert kept == {"type": "maintenance", "since": "2022-01-01"}


def test_days_limit_a_listing(page: Page) -> None:
    soup = page("/search?since=2022-04-01&until=2022-04-30")
    assert titles(soup) == ["Domain locking for the Services API", "Bug fix: wrong page in GET /v1/charges"]
    assert texts(soup, ".chips bdi") == ["Since 1 Apr 2022", "Until 30 Apr 2022"]


def test_search_by_relevance_or_date(page: Page) -> None:
    by_date = page("/search?q=maintenance&sort=date")
    assert titles(by_date) == ["Upcoming maintenance", "Maintenance in May", "Past maintenance"]
    assert [a.get_text() for a in by_date.select(".orders a[aria-current]")] == ["Newest first"]
    assert by_date.select("section.month")
    assert not page("/search?q=maintenance").select("section.month")


def test_a_misspelt_word_gets_a_suggestion(page: Page) -> None:
    link = page("/search?q=domian").select_one(".meant a")
    assert link is not None
    assert link.get_text() == "domain"
    assert "Domain locking for the Services API" in titles(page(str(link["href"])))


def test_an_empty_answer_helps(page: Page) -> None:
    empty = page("/search?q=domain&type=policy").select_one(".empty")
    assert empty is not None
    hrefs = [str(a["href"]) for a in empty.select("a")]
    assert hrefs[0] == "/search?q=domain"
    assert len(titles(page(hrefs[0]))) > 0
    for href in hrefs[1:]:
        page(href)


@pytest.mark.parametrize(
    ("path", "title", "found"),
    [
        ("/types/maintenance/", "Maintenance", 3),
        ("/products/CertCentral/", "CertCentral", 2),
        ("/products/Services%20API/", "Services API", 1),
        ("/endpoints/GET%20~1v1~1charges/", "GET /v1/charges", 1),
        ("/params/domain_locking_status/", "domain_locking_status", 1),
        ("/years/2021/", "2021", 1),
    ],
)
def test_every_facet_value_has_its_page(page: Page, path: str, title: str, found: int) -> None:
    soup = page(path)
    assert texts(soup, "h1") == [title]
    assert len(titles(soup)) == found


@pytest.mark.parametrize("folder", ["types", "products", "endpoints", "params", "years"])
def test_the_values_of_a_facet_are_listed(page: Page, folder: str) -> None:
    links = page(f"/{folder}/").select("ul.values a")
    assert links
    for link in links:
        assert titles(page(str(link["href"])))


def test_an_entry_shows_its_text_and_facts_that_lead_into_it(page: Page) -> None:
    soup = page(entry_path(page, "Upcoming maintenance"))
    assert soup.h1 is not None
    assert "Upcoming maintenance" in soup.h1.get_text()
    assert "we work on CertCentral" in texts(soup, ".prose")[0]
    facts = dict(zip(texts(soup, ".facts dt"), texts(soup, ".facts dt + dd .value"), strict=True))
    assert facts["Maintenance window"] == "5 Jun 2022, 05:00–07:00 UTC"
    assert facts["Products"] == "CertCentral"
    places = [a["href"][1:] for a in soup.select(".facts a.at") if str(a["href"]).startswith("#")]
    assert places
    for place in places:
        assert soup.find(id=place) is not None


def test_an_entry_shows_what_does_not_add_up(page: Page) -> None:
    path = entry_path(page, "Upcoming maintenance")
    soup = page(path)
    assert "22:00 MDT is 04:00 UTC, not 05:00" in texts(soup, ".findings li")[0]
    listed = page("/diagnostics")
    assert texts(listed, "section h2")[0].startswith("Local and UTC hours disagree")
    href = str(listed.select_one(".found a")["href"])  # type: ignore[index]
    where, _, anchor = href.partition("#")
    assert where == path
    assert soup.find(id=anchor).get_text() == "(June 5, 2022, 05:00"  # type: ignore[union-attr]


def test_an_entry_shows_its_revisions_and_what_changed(tmp_path: Path) -> None:
    config = build(tmp_path, announcement("Maintenance", "We work on May 7. Bring tea.", dated="2022-05-08"))
    later = announcement("Maintenance", "We work on May 14. Bring tea.", dated="2022-05-08")
    fill(tmp_path, later, seen=SEEN + timedelta(days=1))
    with Store.open(tmp_path) as store:
        update(store, tmp_path / "index")
        (entry,) = store.all()
    page = BeautifulSoup(create_app(config).test_client().get(f"/entries/{entry.id}").text, "lxml")
    newest, first = texts(page, ".history > li")
    assert newest.startswith("2 Mar 2024, 12:00 UTC Text")
    assert first == "1 Mar 2024, 12:00 UTC First seen"
    assert texts(page, ".diff") == ["Maintenance We work on May 714. Bring tea."]
    assert (texts(page, ".diff del"), texts(page, ".diff ins")) == (["7"], ["14"])


def test_maintenance_coming_and_past(page: Page) -> None:
    soup = page("/maintenance/")
    coming, past = (
        soup.select('section[aria-labelledby="coming"]')[0],
        soup.select('section[aria-labelledby="past"]')[0],
    )
    assert texts(coming, ".slot-time") == ["8 May 2022 04:00–06:00 UTC", "5 Jun 2022 05:00–07:00 UTC"]
    assert texts(coming, ".slot.off .status") == ["Cancelled"]
    assert "June 4, 2022, 22:00 – 24:00 MDT" in texts(coming, "q")
    assert texts(past, ".slot-time") == ["6 Mar 2022 05:00–07:00 UTC"]


@pytest.mark.parametrize(
    "path", ["/", "/search?q=domain", "/entries/{}", "/maintenance/", "/diagnostics", "/types/"]
)
def test_pages_are_whole_and_named(page: Page, path: str) -> None:
    if "{}" in path:
        path = entry_path(page, "Upcoming maintenance")
    soup = page(path)
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert len(soup.select("h1")) == 1
    assert len(soup.select("main#main")) == 1
    assert soup.title is not None
    assert soup.title.get_text().endswith(" · Release notes")
    assert soup.body is not None
    assert soup.body.find("a")["href"] == "#main"  # type: ignore[index]
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert not soup.select(
        'script:not([src^="/static/"], [type="application/ld+json"]), style, [style], [onclick]'
    )


def test_no_link_is_broken(client: FlaskClient) -> None:
    """Every page that can be reached by links from the change log answers, and its fragments exist.

    Searches answer too, but the searches that they lead to are left alone: there is no end to them.
    """
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        answer = client.get(path, buffered=True)
        answer.close()
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html" or "/search?" in path:
            continue
        soup = BeautifulSoup(answer.text, "lxml")
        for link in soup.select("a[href], link[href]"):
            href = str(link["href"]).removeprefix("http://localhost")
            if href.startswith("#"):
                assert soup.find(id=href[1:]) is not None, (path, href)
            target = href.partition("#")[0]
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 50


def test_a_page_below_a_prefix_keeps_to_it(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/", environ_overrides={"SCRIPT_NAME": "/docs"}).text, "lxml")
    for element in soup.select("a[href], link[href], form[action]"):
        address = str(element.get("href") or element.get("action"))
        assert address.startswith(("/docs/", "http://localhost/docs/", "#")), address


def test_a_path_that_nothing_has(page: Page) -> None:
    for path in ("/entries/nothing", "/types/nothing/", "/products/CIS/nothing", "/nothing", "/params/a~1b/"):
        soup = page(path, 404)
        assert texts(soup, ".kicker") == ["404"]
        assert soup.select_one("form.search") is not None


def test_names_that_could_lead_astray(site_with: Site) -> None:
    names = ["..", "a/../../b", "//evil.example/", "x?y#z", "100%", "<script>", "é\u00a0ñ", "a~1b"]
    made = announcement("Odd names", " · ".join(names), endpoints=names, dated="2022-01-01")
    client = site_with((made,))
    soup = BeautifulSoup(client.get("/endpoints/").text, "lxml")
    links = {a.get_text(): str(a["href"]) for a in soup.select("ul.values a")}
    assert len(links) == len(names)
    for name, href in links.items():
        answer = client.get(href)
        assert answer.status_code == 200, href
        assert texts(BeautifulSoup(answer.text, "lxml"), "h1") == [" ".join(name.split())]
        assert client.get(href + "feed.rss").status_code == 200
    assert client.get(f"/endpoints/{quote('<script>')}/").status_code == 200


def test_the_sources_say_how_much_of_them_was_understood(page: Page) -> None:
    soup = page("/sources/")
    facts = dict(zip(texts(soup, ".accounts dt"), texts(soup, ".accounts dd"), strict=True))
    assert texts(soup, ".accounts h2") == ["test"]
    assert facts["Last read"] == "1 Mar 2024, 12:00 UTC 1 snapshot"
    assert facts["Entries"] == "7 entries"
    assert facts["Languages"] == "English 6, French 1"
    assert facts["Types"].endswith("3 windows")
    assert facts["Dates"] == "86% date stated14% date inferred"
    assert facts["Diagnostics"] == "1 thing to check"
    french = page("/fr/sources/")
    assert "86\u202f% date donnée" in french.get_text()
    assert page(entry_path(page, "Old portal ends")).select_one('.facts a[href="/sources/"]') is not None


def test_a_source_says_when_it_was_last_checked_and_what_came_of_it(tmp_path: Path) -> None:
    config = build(tmp_path, *log())
    client = create_app(config).test_client()
    said = {
        Outcome.UNCHANGED: ("nothing new", "rien de nouveau"),
        Outcome.UNREAD: ("it could not be read", "elle n’a pas pu être lue"),
    }
    assert "Last checked" not in client.get("/sources/").text
    tags = {client.get("/sources/").headers["ETag"]}
    other = client.get("/").headers["ETag"]
    for day, (outcome, words) in enumerate(said.items(), start=2):
        at = datetime(2024, 3, day, 12, tzinfo=UTC)
        with Store.open(tmp_path) as store:
            store.note(Check("test", at, outcome, error="/home/x/log.txt: no such file"))
        for path, text in zip(("/sources/", "/fr/sources/"), words, strict=True):
            answer = client.get(path)
            fact = texts(BeautifulSoup(answer.text, "lxml"), ".accounts dd")[1]
            assert fact.endswith(text)
            assert "/home/x" not in answer.text
        facts = texts(BeautifulSoup(client.get("/sources/").text, "lxml"), ".accounts dd")
        assert facts[1].startswith(f"{day} Mar 2024, 12:00 UTC")
        tags.add(client.get("/sources/").headers["ETag"])
    assert len(tags) == 1 + len(said)
    assert client.get("/").headers["ETag"] == other


def test_an_endpoint_says_since_when_it_is_named_and_what_it_is_called(tmp_path: Path) -> None:
    named: list[tuple[str, str, EntryType]] = [
        ("A new filter", "2022-04-20", EntryType.FEATURE),
        ("A fix", "2022-04-02", EntryType.BUGFIX),
        ("A parameter", "2021-03-09", EntryType.API_CHANGE),
        ("Another fix", "2021-03-15", EntryType.BUGFIX),
    ]
    made = [
        announcement(title, "On List domains.", dated=day, type=kind, endpoints=["List domains"])
        for title, day, kind in named
    ]
    undated = announcement("Some day", "On List domains.", type=EntryType.NOTICE, endpoints=["List domains"])
    config = build(tmp_path, *made, undated)
    config = replace(config, aliases={"List domains": ("Répertorier les domaines",)})
    client = create_app(config).test_client()
    soup = BeautifulSoup(client.get("/endpoints/List%20domains/").text, "lxml")
    told = dict(zip(texts(soup, ".story dt"), texts(soup, ".story dd"), strict=True))
    assert told["First named"] == "9 Mar 2021A parameter"
    assert told["Latest"] == "20 Apr 2022A new filter"
    assert told["What it was about"] == "Bug fix 2, API change 1, Feature 1, Notice 1"
    assert told["Also called"] == "Répertorier les domaines"
    fixes = str(soup.select(".story dd a")[2]["href"])
    assert titles(BeautifulSoup(client.get(fixes).text, "lxml")) == ["A fix", "Another fix"]
    assert not BeautifulSoup(client.get("/types/bugfix/").text, "lxml").select(".story")
