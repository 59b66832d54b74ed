"""The static site's search page in a browser: from a folder, and below a path under a strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import MISSING, paint, resize, start
from conftest import build as store
from conftest import log
from filehost import hosted
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from sitemaker import announcement
from test_accessibility import AXE, RUN
from test_hostile_text import HOSTILE, hostile

from webapp.export import build
from webapp.staticsite import Settings
from webapp.theme import Theme

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
FILTERED = '.facet a[aria-current="true"]'


def site(folder: Path, *more: object) -> Path:
    """A static site of the log, and of many entries about orders."""
    orders = [
        announcement(f"Order {n}", "Orders are counted.", dated=f"2020-01-{n:02}") for n in range(1, 31)
    ]
    config = store(folder / "data", *log(), *more, *orders)  # type: ignore[arg-type]
    build(Settings(replace(config, base_url="https://example.com"), Theme()), folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    with hosted(folder, "/docs/changes") as address:
        yield address


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, host: str) -> Iterator[WebDriver]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(params=["file", "http"])
def at(request: pytest.FixtureRequest, folder: Path, host: str, window: WebDriver) -> Callable[[str], str]:
    """The address of a page, from a folder and from a host."""
    resize(window, 1280)
    paint(window, "light")
    return lambda path: (folder.as_uri() if request.param == "file" else host) + path


def titles(window: WebDriver) -> list[str]:
    script = "return [...document.querySelectorAll('.card :is(h2, h3)')].map(e => e.textContent)"
    found: list[str] = window.execute_script(script)
    return found


def dates(window: WebDriver) -> dict[str, str]:
    """What each card's heading and its date say."""
    script = "return [...document.querySelectorAll('.card-side > :first-child')].map(e => e.textContent)"
    return dict(zip(titles(window), window.execute_script(script), strict=True))


def wait_for(window: WebDriver, done: Callable[[], object]) -> None:
    WebDriverWait(window, 20).until(lambda _: done(), f"{window.current_url}: {titles(window)}")


def summary(window: WebDriver) -> str:
    return window.find_element(By.ID, "summary").text


def choice(window: WebDriver, key: str) -> str:
    """What a facet's value says: its name and its count."""
    found = window.find_element(By.CSS_SELECTOR, f".facet [data-key='{key}']")
    return " ".join(found.text.split())


def loaded(window: WebDriver) -> bool:
    return bool(window.execute_script("return 'relnotesEntries' in window"))


def test_nothing_is_loaded_before_one_searches(at: Callable[[str], str], window: WebDriver) -> None:
    for path in ("/index.html", "/search/index.html"):
        window.get(at(path))
        assert not loaded(window)
        window.find_element(By.NAME, "q").click()
        wait_for(window, lambda: loaded(window))


def test_results_come_as_one_types(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html"))
    window.find_element(By.NAME, "q").send_keys("charges")
    wait_for(window, lambda: titles(window) == ["Bug fix: wrong page in GET /v1/charges"])
    assert window.current_url == at("/search/index.html?q=charges")
    assert window.title == "charges · Release notes"
    assert summary(window) == "1 entry"
    assert [e.text for e in window.find_elements(By.TAG_NAME, "mark")] == ["charges"]
    assert window.switch_to.active_element.get_attribute("name") == "q"
    window.find_element(By.CSS_SELECTOR, ".card h2 a").click()
    wait_for(window, lambda: "/entries/" in window.current_url)
    assert "GET /v1/charges" in window.find_element(By.TAG_NAME, "h1").text
    window.back()
    wait_for(window, lambda: titles(window) == ["Bug fix: wrong page in GET /v1/charges"])


def test_an_address_is_a_search(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html?q=domain&lang=fr&sort=date"))
    wait_for(window, lambda: titles(window) == ["Verrouillage de domaine"])
    assert window.find_element(By.NAME, "q").get_attribute("value") == "domain"
    assert window.find_element(By.CSS_SELECTOR, ".month h2").text == "March 2022"
    assert window.find_element(By.CSS_SELECTOR, ".chips bdi").text == "Language: French"
    card = window.find_element(By.CSS_SELECTOR, ".card")
    assert card.find_element(By.CSS_SELECTOR, ".when.inferred").text == "about Mar\u2009–\u2009Apr 2022"
    assert card.find_element(By.CSS_SELECTOR, ".card-main").get_attribute("lang") == "fr"
    assert card.find_element(By.CSS_SELECTOR, ".tag-product").text == "CertCentral"
    assert card.find_element(By.CSS_SELECTOR, ".language").text == "French"


@pytest.mark.parametrize(("lang", "below"), [("en", ""), ("fr", "fr/")])
def test_inferred_dates_are_written_as_on_the_other_pages(
    window: WebDriver, tmp_path: Path, lang: str, below: str
) -> None:
    """Within a day, within a year, and over the turn of one."""
    spans = (
        "2022-03-05/2022-03-05",
        "2022-01-01/2022-06-09",
        "2021-12-30/2022-08-01",
        "2022-03-31/2022-04-09",
    )
    made = [announcement(f"Range {n}", "Ranges of days.", dated=span) for n, span in enumerate(spans)]
    home = f"{site(tmp_path, *made).as_uri()}/{below}"
    window.get(f"{home}index.html")
    assert window.find_element(By.TAG_NAME, "html").get_attribute("lang") == lang
    written = dates(window)
    window.get(f"{home}search/index.html?q=ranges")
    wait_for(window, lambda: len(titles(window)) == len(spans))
    assert dates(window) == {title: when for title, when in written.items() if title.startswith("Range")}
    assert len(set(dates(window).values())) == len(spans)


def test_the_search_box_of_any_page_leads_here(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/products/index.html"))
    window.find_element(By.NAME, "q").send_keys("portal", Keys.ENTER)
    wait_for(window, lambda: titles(window) == ["Old portal ends"])
    assert window.current_url == at("/search/index.html?q=portal")


def test_filters_combine_and_come_off(at: Callable[[str], str], window: WebDriver) -> None:
    """Values of one facet are OR-ed, and its counts leave out its own filter."""
    window.get(at("/search/index.html?q=maintenance"))
    wait_for(window, lambda: len(titles(window)) == 3)
    assert choice(window, "product CIS") == "CIS 1 1 entry"
    window.find_element(By.CSS_SELECTOR, '[data-key="product CIS"]').click()
    wait_for(window, lambda: titles(window) == ["Maintenance in May"])
    assert window.switch_to.active_element.get_attribute("data-key") == "product CIS"
    assert choice(window, "product CertCentral") == "CertCentral 1 1 entry"
    window.find_element(By.CSS_SELECTOR, '[data-key="product CertCentral"]').click()
    wait_for(window, lambda: len(titles(window)) == 2)
    assert window.current_url == at("/search/index.html?q=maintenance&product=CIS&product=CertCentral")
    on = [e.text.split("\n")[0] for e in window.find_elements(By.CSS_SELECTOR, FILTERED)]
    assert on == ["✓ CIS", "✓ CertCentral"]
    window.find_element(By.CSS_SELECTOR, ".chips a").click()
    wait_for(window, lambda: titles(window) == ["Upcoming maintenance"])
    window.back()
    wait_for(window, lambda: len(titles(window)) == 2)
    window.back()
    window.back()
    wait_for(window, lambda: len(titles(window)) == 3)
    assert not window.find_elements(By.CSS_SELECTOR, FILTERED)


def test_pages_sort_days_and_bars(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html?q=orders"))
    wait_for(window, lambda: len(titles(window)) == 20)
    assert titles(window)[0] == "Order 30"  # all alike: the newest first
    window.find_element(By.LINK_TEXT, "Older").click()
    wait_for(window, lambda: len(titles(window)) == 10)
    assert (summary(window), titles(window)[-1]) == ("30 entries, page 2 of 2", "Order 1")
    window.find_element(By.LINK_TEXT, "Newest first").click()
    wait_for(window, lambda: len(titles(window)) == 20)
    assert window.current_url == at("/search/index.html?q=orders&sort=date")
    window.get(at("/search/index.html?since=2022-04-01"))
    wait_for(window, lambda: len(titles(window)) == 4)
    bar = window.find_elements(By.CSS_SELECTOR, ".histogram a")[-3]
    assert window.execute_script("return arguments[0].textContent", bar) == "April 2022: 2 entries"
    window.execute_script(
        "arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", bar
    )
    wait_for(window, lambda: len(titles(window)) == 2)
    assert window.current_url == at("/search/index.html?since=2022-04-01&until=2022-04-30")


def test_slips_and_beginnings_are_forgiven(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html?q=domian+locking"))
    wait_for(window, lambda: titles(window) == ["Domain locking for the Services API"])
    assert "domain locking" in window.find_element(By.CLASS_NAME, "meant").text
    box = window.find_element(By.NAME, "q")
    box.clear()
    box.send_keys("portal clo")
    wait_for(window, lambda: titles(window) == ["Old portal ends"])
    assert "closes" in [e.text for e in window.find_elements(By.TAG_NAME, "mark")]


def test_nothing_found_helps_on(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html?q=portal&type=bugfix"))
    wait_for(window, lambda: window.find_elements(By.CLASS_NAME, "empty"))
    assert summary(window) == "0 entries"
    window.find_element(By.CSS_SELECTOR, ".empty a").click()
    wait_for(window, lambda: titles(window) == ["Old portal ends"])


def test_keys_are_enough(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html"))
    window.find_element(By.TAG_NAME, "body").send_keys("/")
    window.switch_to.active_element.send_keys("maintenance")
    wait_for(window, lambda: len(titles(window)) == 3)
    window.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    window.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert window.switch_to.active_element.text == titles(window)[1]
    window.switch_to.active_element.send_keys(Keys.ARROW_UP, Keys.NULL)
    window.switch_to.active_element.send_keys(Keys.ARROW_UP)
    assert window.switch_to.active_element.get_attribute("name") == "q"


def test_an_emptied_box_leads_back_to_the_facets(at: Callable[[str], str], window: WebDriver) -> None:
    window.get(at("/search/index.html?q=portal"))
    wait_for(window, lambda: titles(window))
    assert not window.find_element(By.ID, "browse").is_displayed()
    window.find_element(By.NAME, "q").send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.DELETE)
    wait_for(window, lambda: window.find_element(By.ID, "browse").is_displayed())
    assert (titles(window), summary(window)) == ([], "")


def test_without_scripts_one_browses_by_facet(at: Callable[[str], str], window: WebDriver) -> None:
    window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})  # type: ignore[attr-defined]
    try:
        window.get(at("/search/index.html?q=portal"))
        assert "Without JavaScript" in window.find_element(By.CSS_SELECTOR, "noscript .hint").text
        window.find_element(By.LINK_TEXT, "Deprecation").click()
        assert window.current_url == at("/types/deprecation/index.html")
    finally:
        window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})  # type: ignore[attr-defined]


def test_the_browser_has_nothing_to_complain_about(at: Callable[[str], str], window: WebDriver) -> None:
    window.get_log("browser")  # type: ignore[attr-defined]
    window.get(at("/search/index.html?q=maintenance&since=2022-01-01&type=maintenance"))
    wait_for(window, lambda: len(titles(window)) == 3)
    assert window.get_log("browser") == []  # type: ignore[attr-defined]


def test_everything_comes_from_below_the_path(window: WebDriver, host: str) -> None:
    window.get(f"{host}/search/?q=maintenance")
    wait_for(window, lambda: len(titles(window)) == 3)
    script = "return performance.getEntriesByType('resource').map((one) => one.name)"
    loaded = window.execute_script(script)
    assert f"{host}/search/entries.js" in loaded
    assert [one for one in loaded if not one.startswith(host)] == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm install --no-save axe-core@4)")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(window: WebDriver, folder: Path, theme: str, width: int) -> None:
    resize(window, width)
    paint(window, theme)
    for query in ("", "?q=maintenance&type=maintenance&since=2022-01-01", "?q=zzzz", "?q=orders&sort=date"):
        window.get(f"{folder.as_uri()}/search/index.html{query}")
        if query:
            wait_for(window, lambda: window.find_element(By.ID, "found").is_displayed())
        window.execute_script(AXE.read_text(encoding="utf-8"))
        passed, found = window.execute_async_script(RUN)
        assert passed > 15
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], query


def test_what_others_wrote_stays_text(window: WebDriver, tmp_path: Path) -> None:
    made = [hostile(words) for words in HOSTILE if "\ud83d" not in words]
    folder = site(tmp_path, *made)
    window.get(f"{folder.as_uri()}/search/index.html?q=body")
    wait_for(window, lambda: titles(window))
    seen = list(titles(window))
    while following := window.find_elements(By.CSS_SELECTOR, ".pager [rel=next]"):
        before = titles(window)
        following[0].click()
        wait_for(window, lambda before=before: titles(window) != before)
        seen += titles(window)
    assert len(seen) == len(made)
    assert "<script>alert(1)</script>" in seen
    assert window.find_elements(By.CSS_SELECTOR, "#found :is(script, img, [onerror])") == []
    text = window.execute_script("return document.getElementById('found').textContent")
    assert not any(sign in text for sign in "\u202e\u2066\x00\x07")
