"""A reader at work in a real browser: languages, filters, time zones, feeds; by keyboard; without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import feedparser
import pytest
from browser import MISSING, paint, resize
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(autouse=True)
def wide(browser: WebDriver) -> Iterator[None]:
    """A wide light window; afterwards scripts run again and the clock is back in UTC."""
    resize(browser, 1280)
    paint(browser, "light")
    yield
    command(browser, "Emulation.setScriptExecutionDisabled", value=False)
    command(browser, "Emulation.setTimezoneOverride", timezoneId="UTC")


def command(browser: WebDriver, name: str, **values: object) -> None:
    browser.execute_cdp_cmd(name, values)  # type: ignore[attr-defined]


def titles(browser: WebDriver) -> list[str]:
    return [found.text for found in browser.find_elements(By.CSS_SELECTOR, ".card :is(h2, h3)")]


def wait_until_at(browser: WebDriver, address: str) -> None:
    WebDriverWait(browser, 10).until(lambda b: b.current_url == address, f"never came to {address}")


def facet(browser: WebDriver, label: str) -> WebElement:
    return browser.find_element(By.XPATH, f'//aside//a[.//bdi[.="{label}"]]')


def active(browser: WebDriver) -> WebElement:
    return browser.switch_to.active_element


def test_a_reader_changes_the_language_and_keeps_it(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search?q=maintenance&type=maintenance")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    browser.find_element(By.LINK_TEXT, "Français").click()
    wait_until_at(browser, f"{address}/fr/search?q=maintenance&type=maintenance")
    assert "Type : Maintenance" in browser.find_element(By.CSS_SELECTOR, ".chips").text.replace("\u00a0", " ")
    browser.find_element(By.CSS_SELECTOR, ".card h2 a").click()
    assert browser.current_url.startswith(f"{address}/fr/entries/")
    assert "Fenêtre de maintenance" in browser.find_element(By.CSS_SELECTOR, ".facts").text
    browser.find_element(By.LINK_TEXT, "English").click()
    assert browser.current_url.startswith(f"{address}/en/entries/")
    assert "Maintenance window" in browser.find_element(By.CSS_SELECTOR, ".facts").text


def test_results_as_one_types_keep_the_language_and_its_switch(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/fr/")
    browser.find_element(By.NAME, "q").send_keys("charges")
    wait_until_at(browser, f"{address}/fr/search?q=charges")
    WebDriverWait(browser, 10).until(lambda b: len(titles(b)) == 1)
    assert browser.find_element(By.CSS_SELECTOR, ".summary [role=status]").text == "1 entrée"
    switch = browser.find_element(By.LINK_TEXT, "English")
    assert switch.get_attribute("href") == f"{address}/en/search?q=charges"


def test_facets_combine_and_chips_come_off(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search")
    facet(browser, "Maintenance").click()
    facet(browser, "Bug fix").click()
    assert len(titles(browser)) == 4
    facet(browser, "2022").click()
    facet(browser, "CIS").click()
    assert titles(browser) == ["Maintenance in May"]
    chips = [chip.text for chip in browser.find_elements(By.CSS_SELECTOR, ".chips bdi")]
    assert chips == ["Type: Maintenance", "Type: Bug fix", "Product: CIS", "Year: 2022"]
    while browser.find_elements(By.CSS_SELECTOR, ".chips a"):
        browser.find_element(By.CSS_SELECTOR, ".chips a").click()
    wait_until_at(browser, f"{address}/")


def test_a_bar_of_the_histogram_filters(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search?type=maintenance")
    browser.find_elements(By.CSS_SELECTOR, ".histogram svg a")[-1].click()
    wait_until_at(browser, f"{address}/search?type=maintenance&since=2022-06-01&until=2022-06-30")
    assert titles(browser) == ["Upcoming maintenance"]


def test_the_feed_of_a_filter_holds_what_the_page_shows(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search?type=maintenance")
    facet(browser, "CertCentral").click()
    link = browser.find_element(By.CSS_SELECTOR, ".feeds a[type='application/rss+xml']")
    feed = feedparser.parse(str(link.get_attribute("href")))
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == titles(browser) == ["Upcoming maintenance"]


@pytest.mark.parametrize(
    ("zone", "path", "hours"),
    [
        ("Asia/Tokyo", "/maintenance/", "5 Jun 2022, 14:00"),
        ("Europe/Paris", "/fr/maintenance/", "5 juin 2022, 07:00"),
    ],
)
def test_hours_are_told_where_the_reader_is(
    browser: WebDriver, address: str, zone: str, path: str, hours: str
) -> None:
    command(browser, "Emulation.setTimezoneOverride", timezoneId=zone)
    browser.get(address + path)
    blanks = str.maketrans("\u202f\u2009\u00a0", "   ")
    script = "return [...document.querySelectorAll('.local')].map(e => e.textContent)"
    said = [text.translate(blanks) for text in browser.execute_script(script)]
    assert [text for text in said if hours in text and text.endswith(f"({zone})")]
    browser.get(f"{address}/search?q=upcoming")
    browser.find_element(By.CSS_SELECTOR, ".card h2 a").click()
    assert zone in browser.find_element(By.CSS_SELECTOR, ".facts .local").text


def test_the_keyboard_alone_searches_filters_and_reads(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    active(browser).send_keys("maintenance", Keys.ENTER)
    wait_until_at(browser, f"{address}/search?q=maintenance")
    WebDriverWait(browser, 10).until(lambda b: len(titles(b)) == 3)
    for _ in range(80):
        active(browser).send_keys(Keys.TAB)
        if "product=CIS" in str(active(browser).get_attribute("href")):
            break
    assert active(browser).value_of_css_property("outline-style") == "solid"
    active(browser).send_keys(Keys.ENTER)
    wait_until_at(browser, f"{address}/search?q=maintenance&product=CIS")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    active(browser).send_keys(Keys.ARROW_DOWN)
    active(browser).send_keys(Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda b: "/entries/" in b.current_url)
    assert "Maintenance in May" in browser.find_element(By.TAG_NAME, "h1").text


def test_a_link_can_be_copied(browser: WebDriver, address: str) -> None:
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    command(browser, "Browser.grantPermissions", permissions=permissions, origin=address)
    browser.get(f"{address}/fr/search?q=upcoming")
    browser.find_element(By.CSS_SELECTOR, ".card h2 a").click()
    entry = browser.current_url
    button = browser.find_element(By.CSS_SELECTOR, "button.copy")
    button.click()
    WebDriverWait(browser, 10).until(lambda b: button.text == "Lien copié")
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == entry.replace("/fr/", "/")
    assert browser.find_element(By.ID, "announce").get_attribute("textContent") == "Lien copié"


def test_without_scripts_everything_is_there(browser: WebDriver, address: str) -> None:
    command(browser, "Emulation.setScriptExecutionDisabled", value=True)
    command(browser, "Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
    browser.get(f"{address}/fr/")
    browser.find_element(By.PARTIAL_LINK_TEXT, "Plus anciennes").click()
    wait_until_at(browser, f"{address}/fr/page/1/")
    facet(browser, "Correctif").click()
    assert titles(browser) == ["Bug fix: wrong page in GET /v1/charges"]
    browser.find_element(By.CSS_SELECTOR, ".chips a").click()
    browser.find_element(By.LINK_TEXT, "Maintenance").click()
    shown = browser.find_element(By.CSS_SELECTOR, "aside.next time")
    assert shown.text == "5 juin 2022, 05:00–07:00 UTC"
    assert not browser.find_elements(By.CSS_SELECTOR, ".local")
    browser.find_element(By.CSS_SELECTOR, ".announcement a").click()
    assert not browser.find_element(By.CSS_SELECTOR, "button.copy").is_displayed()
