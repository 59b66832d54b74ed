"""The static site's pages in a browser, from a folder and from a host, and by the W3C's own checker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import MISSING, paint, resize, start
from conftest import build as store
from conftest import log
from filehost import hosted
from nodetools import needs_vnu, vnu
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from sitemaker import SEEN, announcement
from test_accessibility import AXE, RUN

from ingest.model import EntryType
from webapp.export import build
from webapp.staticsite import Settings
from webapp.theme import Theme

needs_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NIGHTS = ("2024-06-01", "2031-01-01", "2098-06-01")
WORDS = "We work on CIS from 22:00 to 24:00 UTC."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as seen in March 2024: every night of NIGHTS is still to come."""
    base = tmp_path_factory.mktemp("static")
    nights = [
        announcement(
            f"Work in {night[:4]}",
            WORDS,
            type=EntryType.MAINTENANCE,
            dated=night,
            windows=[(f"{night}T22:00", f"{night}T23:59", "22:00 to 24:00 UTC")],
            products=["CIS"],
        )
        for night in NIGHTS
    ]
    assert datetime(2024, 3, 1, 12, tzinfo=UTC) == SEEN
    config = store(base / "data", *nights, *log())
    settings = Settings(replace(config, base_url="https://example.com/docs/changes", log_size=3), Theme())
    build(settings, base / "site")
    return base / "site"


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    with hosted(folder, "/docs/changes") as address:
        yield address


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, host: str) -> Iterator[WebDriver]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


def heading(window: WebDriver) -> str:
    return window.find_element(By.CSS_SELECTOR, "h1").text


@needs_browser
@pytest.mark.parametrize("kind", ["file", "http"])
def test_a_reader_walks_through_the_site(window: WebDriver, folder: Path, host: str, kind: str) -> None:
    """Log, older page, entry, product, French and home again, by clicking alone; nothing is missing."""
    resize(window, 1280)
    window.get(f"{folder.as_uri()}/index.html" if kind == "file" else f"{host}/")
    assert heading(window) == "Change log"
    window.find_element(By.LINK_TEXT, "Older").click()
    assert ", page" in window.title
    window.find_element(By.PARTIAL_LINK_TEXT, "Domain locking for the Services API").click()
    assert heading(window).endswith("Domain locking for the Services API")
    window.find_element(By.CSS_SELECTOR, ".facts").find_element(By.LINK_TEXT, "Services API").click()
    assert heading(window) == "Services API"
    window.find_element(By.LINK_TEXT, "Français").click()
    assert window.find_element(By.TAG_NAME, "html").get_attribute("lang") == "fr"
    window.find_element(By.CLASS_NAME, "brand").click()
    assert heading(window) == "Journal des changements"
    missing = [one["message"] for one in window.get_log("browser") if "favicon" not in one["message"]]  # type: ignore[no-untyped-call]
    assert missing == []


@needs_browser
def test_what_is_coming_goes_by_the_readers_clock(window: WebDriver, folder: Path) -> None:
    """The page was built as of March 2024; the browser reads it later."""
    window.get(f"{folder.as_uri()}/maintenance/index.html")
    coming = window.find_elements(By.CSS_SELECTOR, "#slots-coming .announcement p[lang] a")
    past = window.find_elements(By.CSS_SELECTOR, "details[data-year] .announcement p[lang] a")
    assert [one.get_attribute("textContent") for one in coming] == ["Work in 2031", "Work in 2098"]
    assert past[0].get_attribute("textContent") == "Work in 2024"
    year = window.find_element(By.CSS_SELECTOR, 'details[data-year="2024"] summary')
    assert year.text == "2024 1 window"
    assert str(datetime.now(UTC).year) in window.find_element(By.ID, "seen").text
    window.get(f"{folder.as_uri()}/index.html")
    shown = [one for one in window.find_elements(By.CSS_SELECTOR, "aside.next") if one.is_displayed()]
    assert [one.find_element(By.CSS_SELECTOR, "bdi").text for one in shown] == ["Work in 2031"]


PAGES = ("index.html", "page/1/index.html", "products/CIS/index.html", "maintenance/index.html", "404.html")


@needs_browser
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm install --no-save axe-core@4)")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(window: WebDriver, folder: Path, host: str, theme: str, width: int) -> None:
    resize(window, width)
    paint(window, theme)
    entry = next((folder / "fr" / "entries").glob("*/index.html")).relative_to(folder).as_posix()
    for page in (*PAGES, "fr/index.html", entry):
        window.get(f"{host}/{page}")
        window.execute_script(AXE.read_text(encoding="utf-8"))
        passed, found = window.execute_async_script(RUN)
        assert passed > 10, page
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], page


@needs_vnu
def test_every_page_is_valid_html(folder: Path) -> None:
    found = vnu([path for path in folder.rglob("*.html") if path.parent.name != "search"])
    assert [(one["url"], one["message"]) for one in found] == []
