"""A static site: which files it has, that it stays as it is, and that nothing of anybody's is lost."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import unquote, urlsplit

import crawler
import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import build as store
from conftest import log
from lxml import etree
from sitemaker import SEEN, Announcement, announcement, fill
from test_entry_page import twins

import webapp
from index.build import update
from index.store import Store
from ingest.errors import ConfigError
from ingest.model import Form
from webapp import export
from webapp.config import SiteConfig
from webapp.export import Builder, Report, build
from webapp.library import Library
from webapp.related import Relation, headed, known, relations, surroundings
from webapp.sitefolder import MARKER
from webapp.staticsite import Settings, Task
from webapp.theme import Theme

BASE = "https://example.com/docs/changes"
Site = dict[str, bytes]


def settings(config: SiteConfig, base: str | None = BASE, **theme: Path) -> Settings:
    return Settings(replace(config, base_url=base, log_size=3), Theme(**theme))


def files(out: Path) -> Site:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def added(config: SiteConfig, *titles: str) -> None:
    """New entries, as a second source."""
    made = [announcement(title, dated="2022-06-01", products=()) for title in titles]
    fill(config.data_dir, *made, seen=SEEN + timedelta(days=1), source="second")
    with Store.open(config.data_dir) as opened:
        update(opened, config.data_dir / "index")


@pytest.fixture
def own(tmp_path: Path) -> SiteConfig:
    """A store that a test may change."""
    return store(tmp_path / "data", *log())


@pytest.fixture(scope="module")
def site(config: SiteConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("static") / "site"
    build(settings(config), out)
    return out


FEEDS = ("feed.rss", "feed.atom", "feed.json", "calendar.ics")
LISTINGS = (
    "",
    "types/maintenance/",
    "types/api_change/",
    "types/bugfix/",
    "types/feature/",
    "types/deprecation/",
    "products/CertCentral/",
    "products/CIS/",
    "products/Services API/",
    "endpoints/List domains/",
    "endpoints/GET ~1v1~1charges/",
    "params/domain_locking_status/",
    "years/2021/",
    "years/2022/",
)
_PAGES = "diagnostics sources search maintenance types products endpoints params years"
PAGES = tuple(f"{name}/" for name in _PAGES.split())
SPOKEN = ("404.html", "feeds.opml", "opensearch.xml", "page/1/index.html", "years/2022/page/1/index.html")
SINGLE = (
    *(
        ".nojekyll",
        ".relnotes-site",
        "robots.txt",
        "sitemap.xml",
        "api/v1/entries.json",
        "api/v1/facets.json",
    ),
    *("static/icon.svg", "static/site.css", "static/site.js", "static/vendor/htmx-2.0.11.min.js"),
    *("search/base.js", "search/recent.js", "search/entries.js"),
    "static/vendor/snowball-stemmers-0.6.0.js",
    "static/vendor/snowball-stemmers-0.6.0.LICENSE.txt",
    *(f"static/offline/{name}.js" for name in ("load", "page", "query", "analysis", "entries", "plan")),
    *(f"static/offline/{name}.js" for name in ("evaluate", "search", "passage", "words", "address")),
    *(f"static/offline/{name}.js" for name in ("cards", "controls", "bars", "packing", "inverted", "texts")),
)


def test_a_site_has_exactly_these_files(config: SiteConfig, site: Path) -> None:
    with Store.open(config.data_dir, create=False) as opened:
        ids = [stored.id for stored in opened.all()]
    own = {f"{place}index.html" for place in (*LISTINGS, *PAGES)} | set(SPOKEN)
    own |= {f"{place}{feed}" for place in (*LISTINGS, "maintenance/") for feed in FEEDS}
    own |= {f"entries/{one}/index.html" for one in ids}
    french = {f"fr/{name}" for name in own}
    single = {f"api/v1/entries/{one}.json" for one in ids} | {f"search/texts/{one[0]}.js" for one in ids}
    assert set(files(site)) == own | french | set(SINGLE) | single


def test_two_builds_are_the_same_to_the_byte(config: SiteConfig, site: Path, tmp_path: Path) -> None:
    build(settings(config), tmp_path / "again", jobs=2)
    assert files(tmp_path / "again") == files(site)


def links(page: bytes) -> Iterator[str]:
    for element in BeautifulSoup(page, "lxml").find_all(["a", "link", "script", "form", "img"]):
        for attribute in ("href", "src", "action"):
            if element.get(attribute):
                yield str(element[attribute])


def test_every_link_of_every_page_leads_to_a_file(site: Path) -> None:
    """And to a place in it, where it names one."""
    there = files(site)
    ids = {
        name: {str(found["id"]) for found in BeautifulSoup(page, "lxml").find_all(id=True)}
        for name, page in there.items()
        if name.endswith(".html")
    }
    for name in ids:
        for link in links(there[name]):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                assert link.startswith(BASE), (name, link)
                path = urlsplit(link).path.removeprefix(urlsplit(BASE).path).lstrip("/")
                target = unquote(path) + ("index.html" if path.endswith("/") or not path else "")
            elif name.endswith("404.html") and parts.path.startswith("/"):
                target = unquote(parts.path).removeprefix("/docs/changes/")
            else:
                target = os.path.normpath(os.path.join(os.path.dirname(name), unquote(parts.path)))
                target = name if not parts.path else target
            assert target in there, (name, link)
            assert not parts.fragment or parts.fragment in ids[target], (name, link)


MEDIA = {
    ".html": "text/html",
    ".json": "application/json",
    ".ics": "text/calendar",
    **dict.fromkeys((".xml", ".rss", ".atom", ".opml"), "application/xml"),
}


def test_every_address_that_any_file_names_is_a_file(site: Path) -> None:
    """Feeds, calendars, JSON, the site map, the search's description; hosts lead from folders to pages."""
    there, checked = files(site), set()
    for name, data in there.items():
        media = MEDIA.get(Path(name).suffix)
        for found in crawler.links(data.decode(), media, f"{BASE}/{name}") if media else ():
            if found.address.startswith(BASE):
                path = unquote(urlsplit(found.address.removeprefix(BASE)).path).strip("/")
                assert not there.keys().isdisjoint((path, f"{path}/index.html".lstrip("/"))), found
                checked.add(Path(name).suffix)
    assert checked == set(MEDIA)


def test_a_browser_is_told_only_of_the_search_that_is_there(site: Path) -> None:
    for folder in ("", "fr/"):
        tree = etree.fromstring((site / folder / "opensearch.xml").read_bytes())
        named = [node.get("template") for node in tree.iter("{*}Url")]
        assert named == [f"{BASE}/{folder}search/?q={{searchTerms}}"]


def test_without_an_address_there_are_no_feeds_and_no_absolute_links(
    config: SiteConfig, tmp_path: Path
) -> None:
    build(settings(config, base=None), tmp_path / "site")
    there = files(tmp_path / "site")
    assert not [name for name in there if name.endswith((*FEEDS, ".xml", ".opml", "robots.txt"))]
    for name, page in there.items():
        if name.endswith(".html"):
            assert not [link for link in links(page) if re.match("https?://", link)], name
            assert not [
                link for link in links(page) if link.startswith("/") and not name.endswith("404.html")
            ], name


def test_the_same_feeds_as_the_web_app(
    config: SiteConfig, site: Path, site_with: Callable[..., object]
) -> None:
    from webapp.app import create_app

    client = create_app(replace(config, base_url=BASE)).test_client()
    for place in LISTINGS:
        for feed in FEEDS:
            served = client.get(f"/{place}{feed}".replace(" ", "%20")).data
            assert (site / place / feed).read_bytes() == served, (place, feed)


def relatives(page: str) -> list[str]:
    return [" ".join(one.text.split()) for one in BeautifulSoup(page, "lxml").select(".twin, .related li")]


def test_an_entry_leads_to_the_same_relatives_as_in_the_web_app(tmp_path: Path) -> None:
    """And to its version in the other language."""
    from webapp.app import create_app

    made = [
        announcement(f"Note {n}", "On CIS.", products=["CIS"], dated=f"2021-03-{n:02}") for n in range(1, 29)
    ]
    made += [announcement(f"Order {n}", f"GET /{n % 4}", endpoints=[f"GET /{n % 4}"]) for n in range(16)]
    made += [announcement(f"Nothing {n}", f"Of its own {n}.") for n in range(40)]
    made += twins()
    config = store(tmp_path / "data", *made)
    build(settings(config), tmp_path / "site")
    client = create_app(config).test_client()
    with Store.open(config.data_dir, create=False) as opened:
        ids = [one.id for one in opened.all()]
    said = {one: relatives((tmp_path / "site/fr/entries" / one / "index.html").read_text()) for one in ids}
    assert said == {one: relatives(client.get(f"/fr/entries/{one}").text) for one in ids}
    assert sum(map(len, said.values())) > 150
    assert any(each.startswith("Aussi en") for found in said.values() for each in found)


def test_listings_are_cut_as_in_the_web_app(config: SiteConfig, site: Path) -> None:
    from webapp.app import create_app

    def told(page: str) -> list[tuple[str, str]]:
        """Cards, and the ways to other pages."""
        soup = BeautifulSoup(page, "lxml")
        cards = [(one.name, one.text) for one in soup.select(".card :is(h2, h3)")]
        return cards + [("to", one.text) for one in soup.select(".pager a")]

    client = create_app(replace(config, log_size=3)).test_client()
    for path in ("", "page/1/", "years/2022/", "years/2022/page/1/", "types/bugfix/"):
        assert told((site / path / "index.html").read_text()) == told(client.get(f"/{path}").text) != []


def test_what_does_not_change_is_not_written(own: SiteConfig, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(settings(own), out)
    before = {name: (out / name).stat() for name in files(out)}
    assert build(settings(own), out) == Report(len(before) - 1, 0, 0)
    added(own, "New portal")
    report = build(settings(own), out)
    after = {name: (out / name).stat() for name in files(out)}
    same = [name for name in before if before[name].st_mtime_ns == after[name].st_mtime_ns]
    assert len(after) - len(same) - 1 == report.written
    assert {name for name in same if name.startswith("entries/")} == {
        name for name in before if name.startswith("entries/")
    }
    assert "products/CIS/index.html" in same
    assert "years/2022/page/1/index.html" in same
    assert "index.html" not in same


def test_an_updated_site_is_the_same_as_a_new_one(own: SiteConfig, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(settings(own), out)
    for number in range(4):
        added(own, *(f"New portal {n}" for n in range(number + 1)))
        build(settings(own), out)
    build(settings(own), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")


def test_files_of_vanished_values_are_removed(tmp_path: Path) -> None:
    config, out = store(tmp_path / "data", *log()), tmp_path / "site"
    build(settings(config), out)
    fewer = store(tmp_path / "fewer", *log()[1:])
    build(settings(replace(fewer, data_dir=fewer.data_dir)), out)
    build(settings(fewer), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")
    assert not (tmp_path / "site" / "years/2022/page").exists()


def test_a_folder_of_anything_else_is_left_alone(own: SiteConfig, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(ConfigError, match="holds something else"):
        build(settings(own), tmp_path / "home")
    with pytest.raises(ConfigError, match="no folder"):
        build(settings(own), tmp_path / "home" / "letter.txt")
    build(settings(own), tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("example.com")
    with pytest.raises(ConfigError, match="'CNAME', which no build has made"):
        build(settings(own), tmp_path / "site")
    assert (tmp_path / "site" / "CNAME").read_text() == "example.com"


KILLED = """
import os, sys
from pathlib import Path
from webapp import sitefolder
from webapp.cli import run

count = 0
write = sitefolder.SiteFolder.write
def dying(self, file, data):
    global count
    count += 1
    if count == int(sys.argv[1]):
        os.kill(os.getpid(), 9)
    write(self, file, data)
sitefolder.SiteFolder.write = dying
run(["--data", sys.argv[2], "build", sys.argv[3], "--base-url", "https://example.com/x", "--jobs", "1"])
"""


@pytest.mark.parametrize("after", [1, 20])
def test_a_killed_build_leaves_the_old_site(own: SiteConfig, tmp_path: Path, after: int) -> None:
    out = tmp_path / "site"
    build(settings(own), out)
    before = files(out)
    command = [sys.executable, "-c", KILLED, str(after), str(own.data_dir), str(out)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert files(out) == before
    added(own, "New portal")
    build(settings(own), out)
    build(settings(own), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")


def test_processes_of_a_killed_build_let_go_of_the_site(own: SiteConfig, tmp_path: Path) -> None:
    """They are given thousands of tasks at once, and must not go on with them, nor keep the site locked."""
    out = tmp_path / "site"
    code = KILLED.replace("os.kill(os.getpid(), 9)", "os.kill(os.getppid(), 9)").replace('"1"])', '"2"])')
    code = f"from webapp import export; export.ALONE, export.CHUNK = 1, 1\n{code}"
    command = [sys.executable, "-c", code, "3", str(own.data_dir), str(out)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    until = monotonic() + 30
    while True:
        try:
            build(settings(own), out)
            break
        except ConfigError:
            assert monotonic() < until
            sleep(0.05)
    build(settings(own), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")


def test_what_a_failed_build_has_left_is_cut_off(own: SiteConfig, tmp_path: Path) -> None:
    out, theme = tmp_path / "site", tmp_path / "theme"
    theme.mkdir()
    build(settings(own, templates=theme), out)
    (theme / "sources.html").write_text("{{ nothing_of_the_kind }}")
    (kept,) = (tmp_path / ".site.relnotes").glob("fragments*")
    sizes = []
    for _ in range(3):
        with pytest.raises(ConfigError):
            build(settings(own, templates=theme), out)
        sizes.append(kept.stat().st_size)
    assert sizes == sizes[:1] * 3


def test_a_store_without_entries_makes_a_site(tmp_path: Path) -> None:
    own = SiteConfig(tmp_path / "data")
    with Store.open(own.data_dir) as opened:
        update(opened, own.data_dir / "index")
    build(settings(own), tmp_path / "site")
    assert (tmp_path / "site" / "index.html").is_file()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_builder_builds_again_what_a_fresh_one_would(own: SiteConfig, tmp_path: Path, jobs: int) -> None:
    """After new entries, another theme, and when somebody has cleared away what it keeps beside the site."""
    with closing(Builder(settings(own, templates=tmp_path / "theme"), jobs, stays=True)) as builder:
        _builds_again(builder, own, tmp_path)


def _builds_again(builder: Builder, own: SiteConfig, tmp_path: Path) -> None:
    theme, out = tmp_path / "theme", tmp_path / "site"
    theme.mkdir()

    def check(name: str) -> None:
        builder.build(out)
        build(settings(own, templates=theme), tmp_path / name)
        assert files(out) == files(tmp_path / name)

    check("first")
    added(own, "New portal")
    check("second")
    fill(own.data_dir, *log()[1:], seen=SEEN + timedelta(days=2), form=Form.MARKDOWN)
    with Store.open(own.data_dir) as opened:
        update(opened, own.data_dir / "index")
    check("in another form")
    shutil.rmtree(tmp_path / ".site.relnotes")
    (theme / "macros.html").write_text("")
    check("third")
    shutil.rmtree(tmp_path / ".site.relnotes")
    check("fourth")
    (theme / "archive.html").write_text(
        "{% extends 'ours/archive.html' %}{% block title %}Archive{% endblock %}"
    )
    check("fifth")


def test_helpers_that_were_killed_are_told_of_and_replaced(own: SiteConfig, tmp_path: Path) -> None:
    out = tmp_path / "site"
    with closing(Builder(settings(own), 2, stays=True)) as builder:
        builder.build(out)
        helpers = multiprocessing.active_children()
        assert len(helpers) == 2
        helpers[0].kill()
        added(own, "New portal")
        with pytest.raises(ConfigError, match="has been killed; see that there is memory"):
            builder.build(out)
        builder.build(out)
    build(settings(own), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")
    assert not multiprocessing.active_children()


def test_helpers_that_were_killed_as_they_began_are_told_of(
    own: SiteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Builder(settings(own), 2, stays=True)) as builder:
        with monkeypatch.context() as patched:
            patched.setattr("webapp.crew._begin", os.abort)
            with pytest.raises(ConfigError, match="has been killed"):
                builder.build(tmp_path / "site")
        assert builder.build(tmp_path / "site").written


def test_what_was_added_during_a_build_is_told_by_the_next_one(own: SiteConfig, tmp_path: Path) -> None:
    out, begun = tmp_path / "site", []
    listings = export._Build._listings

    def late(self: export._Build) -> Iterator[Task]:
        if not begun:
            begun.append(True)
            window = ("2022-06-05T05:00", "2022-06-05T07:00", "June 5, 2022, 05:00 – 07:00 UTC")
            new = announcement("Work on mail", window[2], dated="2022-06-05", windows=[window])
            fill(own.data_dir, new, seen=SEEN + timedelta(days=3), source="late")
            with Store.open(own.data_dir) as opened:
                update(opened, own.data_dir / "index")
        return listings(self)

    with closing(Builder(settings(own))) as builder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(export._Build, "_listings", late)
        builder.build(out)
        builder.build(out)
    build(settings(own), tmp_path / "new")
    assert b"Work on mail" in files(out)["maintenance/index.html"]
    assert files(out) == files(tmp_path / "new")


def test_helpers_that_stay_keep_nobody_from_building(own: SiteConfig, tmp_path: Path) -> None:
    with closing(Builder(settings(own), 2, stays=True)) as builder:
        builder.build(tmp_path / "site")
        added(own, "New portal")
        assert build(settings(own), tmp_path / "site").written
        assert not builder.build(tmp_path / "site").written


def test_nothing_is_written_for_a_build_that_has_failed(own: SiteConfig, tmp_path: Path) -> None:
    """Its helpers are done, or never will be, before another build may begin."""
    theme, out = tmp_path / "theme", tmp_path / "site"
    theme.mkdir()
    with closing(Builder(settings(own, templates=theme), 2, stays=True)) as builder:
        builder.build(out)
        (theme / "entry.html").write_text("{{ nothing_of_the_kind }}")
        with pytest.raises(ConfigError, match=r"entry\.html"):
            builder.build(out)
        side = tmp_path / ".site.relnotes"
        before = {path: path.stat().st_mtime_ns for path in side.rglob("*")}
        sleep(0.2)
        assert {path: path.stat().st_mtime_ns for path in side.rglob("*")} == before


def test_a_theme_may_lack_the_macro_for_names(own: SiteConfig, tmp_path: Path) -> None:
    names = ("badge", "page_number", "tag_list", "card")
    own_parts = "".join(
        f"{{% macro {name}() %}}{{{{ ours.{name}(*varargs) }}}}{{% endmacro %}}\n" for name in names
    )
    ours = (Path(webapp.__file__).parent / "templates" / "_parts.html").read_text()
    rest = re.sub(
        r"\{% macro (?:" + "|".join((*names, "tag")) + r")\(.*?\{% endmacro %\}", "", ours, flags=re.DOTALL
    )
    (tmp_path / "_parts.html").write_text(f'{{% import "ours/_parts.html" as ours %}}{own_parts}{rest}')
    build(settings(own, templates=tmp_path), tmp_path / "site")
    assert 'class="tag tag-' in (tmp_path / "site" / "index.html").read_text()


def test_a_theme_s_card_may_ask_for_what_is_not_there(own: SiteConfig, tmp_path: Path) -> None:
    ours = (Path(webapp.__file__).parent / "templates" / "_parts.html").read_text()
    (tmp_path / "_parts.html").write_text(
        ours.replace("{{ entry.when }}", "{{ entry.nought|default('then') }}")
    )
    build(settings(own, templates=tmp_path), tmp_path / "site")
    assert "then</" in (tmp_path / "site" / "index.html").read_text()
    (tmp_path / "_parts.html").write_text(ours.replace("{{ entry.when }}", "{{ entry.nought }}"))
    with pytest.raises(ConfigError):
        build(settings(own, templates=tmp_path), tmp_path / "site")


def test_a_site_whose_notes_are_lost_is_brought_up_to_date(own: SiteConfig, tmp_path: Path) -> None:
    """Cloned, say, or copied to another machine: what stays the same is still not written."""
    out = tmp_path / "site"
    build(settings(own), out)
    shutil.rmtree(tmp_path / ".site.relnotes")
    added(own, "New portal")
    before = {name: (out / name).stat().st_mtime_ns for name in files(out)}
    build(settings(own), out)
    build(settings(own), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")
    kept = [name for name in before if (out / name).stat().st_mtime_ns == before[name]]
    assert len(kept) > len(before) / 2
    assert (out / MARKER).is_file()


THEME = Path(__file__).resolve().parents[2] / "docs" / "theme"


def test_the_documented_theme_builds(config: SiteConfig, tmp_path: Path) -> None:
    """Its line stands on every page, its style is there, and ours beside it."""
    theme = settings(config, templates=THEME / "templates", static=THEME / "static")
    build(theme, tmp_path / "site")
    there = files(tmp_path / "site")
    assert there["static/house.css"] == (THEME / "static" / "house.css").read_bytes()
    assert "static/site.css" in there
    for name, page in there.items():
        if name.endswith(".html"):
            soup = BeautifulSoup(page, "lxml")
            assert soup.select_one(".house"), name
            assert soup.select_one('link[href*="house.css"]'), name
            assert soup.select_one("main"), name


def test_a_theme_may_put_cards_one_by_one(config: SiteConfig, site: Path, tmp_path: Path) -> None:
    """As our templates put them all at once: the pages are the same."""

    def plain(out: Path) -> Site:
        return {name: re.sub(rb"\?v=\w+", b"", page) for name, page in files(out).items() if name != MARKER}

    ours = (Path(webapp.__file__).parent / "templates" / "_parts.html").read_text()
    at_once = "{{ group.cards|cards }}\n"
    assert ours.count(at_once) == 1
    one_by_one = "  {% for entry in group.cards %}\n  {{ entry|card }}\n  {% endfor %}\n"
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "_parts.html").write_text(ours.replace(at_once, one_by_one))
    build(settings(config, templates=tmp_path / "theme"), tmp_path / "site")
    assert plain(tmp_path / "site") == plain(site)
    first = ours.replace(at_once, "{% for entry in group.cards[:1] %}  {{ entry|card }}\n{% endfor %}")
    (tmp_path / "theme" / "_parts.html").write_text(first)
    build(settings(config, templates=tmp_path / "theme"), tmp_path / "site")
    soup = BeautifulSoup((tmp_path / "site" / "index.html").read_bytes(), "lxml")
    assert [len(month.select(".card")) for month in soup.select(".month")] == [1] * len(soup.select(".month"))


def test_a_template_of_ones_own_replaces_ours_and_mistakes_leave_the_old_site(
    own: SiteConfig, tmp_path: Path
) -> None:
    out, theme = tmp_path / "site", tmp_path / "theme"
    theme.mkdir()
    (theme / "error.html").write_text("lost: {{ message }}")
    build(settings(own, templates=theme), out)
    assert (out / "404.html").read_text() == "lost: There is nothing at this address."
    (theme / "error.html").write_text("{{ {'a': 'b'}.a }}{{ view.odd is defined }}")
    build(settings(own, templates=theme), out)
    assert (out / "404.html").read_text() == "bFalse"
    before = files(out)
    (theme / "error.html").write_text("lost: {{ mesage }}")
    with pytest.raises(ConfigError, match=r"error.html.*'mesage' is undefined"):
        build(settings(own, templates=theme), out)
    assert files(out) == before
    with pytest.raises(ConfigError, match="no such folder"):
        build(settings(own, templates=tmp_path / "none"), out)


def test_what_entries_leave_for_listings_does_not_grow_for_ever(
    own: SiteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is written anew once most of it is of no use; the pages are the same."""
    monkeypatch.setattr("webapp.export.SLACK", 0)
    out, beside = tmp_path / "site", tmp_path / ".site.relnotes"
    sizes = []
    for title in ("One", "Another", "One", "Another", "One"):
        build(Settings(replace(settings(own).config, title=title), Theme()), out)
        sizes.append(sum(path.stat().st_size for path in beside.glob("fragments*")))
    assert max(sizes) < 3 * sizes[0]
    build(Settings(replace(settings(own).config, title="One"), Theme()), tmp_path / "new")
    assert files(out) == files(tmp_path / "new")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_next_site_lies_ready_beside_the_present_one(
    own: SiteConfig, tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ALONE", 0)  # however little there is, helpers do it
    out, beside = tmp_path / "site", tmp_path / ".site.relnotes" / "site"
    for titles in ((), ("New portal",)):
        added(own, *titles)
        build(settings(own), out, jobs)
        assert files(beside) == files(out)
        assert all((out / name).samefile(beside / name) for name in files(out) if name != MARKER)


def test_a_first_site_has_its_twin_whatever_a_killed_build_has_left(own: SiteConfig, tmp_path: Path) -> None:
    out, work = tmp_path / "site", tmp_path / ".site.relnotes"
    out.mkdir()
    (work / "twin" / "entries").mkdir(parents=True)
    (work / "twin" / "entries" / "left.html").write_text("half of it")
    report = build(settings(own), out)
    assert report.written == report.files
    assert files(out) == files(work / "site")
    assert not (work / "twin").exists()
    assert all((work / "site" / name).samefile(out / name) for name in files(out) if name != MARKER)


def test_what_a_headline_tells_is_what_the_entry_tells(own: SiteConfig) -> None:
    store = Library(own.data_dir).store
    entries = {stored.id: stored for stored in store.all()}
    told = {one: headed(one, headline) for one, headline in store.headlines([*entries, "nothing"])}
    assert told.keys() == entries.keys()
    answered = {one: found for one, found in told.items() if found}
    assert answered == {one: known(entries[one]) for one in answered}
    assert {one for one, stored in entries.items() if stored.entry.has_heading} == answered.keys()


def test_relations_stay_where_nothing_near_has_changed(tmp_path: Path) -> None:
    """So that a build need not find those of all entries: it looks at what is near them."""

    def of(made: list[Announcement], name: str) -> tuple[dict[str, int], dict[str, tuple[Relation, ...]]]:
        library = Library(store(tmp_path / name, *made).data_dir)
        view, state = library.view(), library.store.states.now()
        ids = view.newest
        states = np.frombuffer(b"".join(state[one][:8] for one in ids), np.uint64)
        near = dict(zip(ids, surroundings(view, states).tolist(), strict=True))
        return near, dict(zip(ids, relations(view, library.store.twins(), range(len(ids))), strict=True))

    made = [
        announcement(
            f"Number {n} of {n % 7} and {n % 11}",
            f"For P{n % 7} and /v1/e{n % 11}.",
            dated=f"2022-{1 + n % 12:02}-{1 + n // 12:02}",
            products=(f"P{n % 7}",),
            endpoints=(f"/v1/e{n % 11}",),
        )
        for n in range(200)
    ]
    before, told = of(made, "before")
    again, _ = of(made, "again")
    assert again == before
    new = announcement(
        "New", "For P3 and /v1/e5.", dated="2022-06-03", products=("P3",), endpoints=("/v1/e5",)
    )
    after, tells = of([*made, new], "after")
    same = {one for one in before if before[one] == after[one]}
    changed = {one for one in told if told[one] != tells[one]}
    assert changed
    assert changed.isdisjoint(same)
    assert len(same) > len(before) / 2
