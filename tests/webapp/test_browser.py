"""The site in a real browser, without a line of JavaScript of ours."""

from __future__ import annotations

import pytest
from browser import MISSING, paint, resize
from conftest import log
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def titles(browser: WebDriver) -> list[str]:
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, ".card :is(h2, h3)")]


def follow(browser: WebDriver, words: str) -> None:
    browser.find_element(By.PARTIAL_LINK_TEXT, words).click()


def test_a_reader_searches_narrows_and_widens(browser: WebDriver, address: str) -> None:
    resize(browser, 1280)
    browser.get(address)
    box = browser.find_element(By.NAME, "q")
    box.send_keys("maintenance", Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda b: b.current_url == f"{address}/search?q=maintenance")
    assert len(titles(browser)) == 3
    browser.find_element(By.CSS_SELECTOR, '.facet a[href*="product=CIS"]').click()
    assert titles(browser) == ["Maintenance in May"]
    browser.find_element(By.CSS_SELECTOR, ".chips a").click()
    assert len(titles(browser)) == 3
    follow(browser, "Newest first")
    assert titles(browser)[0] == "Upcoming maintenance"


def test_a_fact_leads_to_the_words_that_say_it(browser: WebDriver, address: str) -> None:
    resize(browser, 1280)
    browser.get(address)
    follow(browser, "Upcoming maintenance")
    fact = browser.find_element(
        By.XPATH, '//dt[.="Maintenance window"]/following-sibling::dd//a[@class="at"]'
    )
    fact.click()
    anchor = browser.current_url.partition("#")[2]
    said = browser.find_element(By.CSS_SELECTOR, f".prose #{anchor}")
    assert said.text == "June 4, 2022, 22:00 – 24:00 MDT"
    plain = browser.find_element(By.CSS_SELECTOR, ".prose p").value_of_css_property("background-color")
    assert said.value_of_css_property("background-color") != plain


def test_pages_of_the_log(browser: WebDriver, address: str) -> None:
    browser.get(address)
    seen = titles(browser)
    follow(browser, "Older")
    seen += titles(browser)
    assert seen == [one.entry.title for one in log()]
    assert not browser.find_elements(By.LINK_TEXT, "Older")


def test_the_keyboard_is_enough(browser: WebDriver, address: str) -> None:
    resize(browser, 1280)
    browser.get(address)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert skip.value_of_css_property("outline-style") == "solid"
    skip.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "main"
    browser.get(f"{address}/fr/")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB, Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.text == "Aller aux filtres"
    skip.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "filters"


@pytest.mark.parametrize(
    "path", ["/", "/search?q=domain", "/maintenance/", "/endpoints/", "/diagnostics", "entry"]
)
def test_a_phone_never_scrolls_sideways(browser: WebDriver, address: str, path: str) -> None:
    resize(browser, 360)
    browser.get(address if path == "entry" else address + path)
    if path == "entry":
        follow(browser, "Upcoming maintenance")
    wide, seen = browser.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= seen == 360


def test_a_phone_opens_and_closes_the_filters(browser: WebDriver, address: str) -> None:
    resize(browser, 360)
    browser.get(address)
    filters = browser.find_element(By.ID, "filters")
    assert not filters.is_displayed()
    follow(browser, "Filter these entries")
    assert filters.is_displayed()
    follow(browser, "Back to the entries")
    assert not filters.is_displayed()


def test_the_browser_has_nothing_to_complain_about(browser: WebDriver, address: str) -> None:
    """No blocked style or script, no missing file."""
    browser.get_log("browser")  # type: ignore[attr-defined]
    for path in ("/", "/search?q=domain", "/maintenance/", "/diagnostics", "/products/"):
        browser.get(address + path)
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_are_painted(browser: WebDriver, address: str, theme: str) -> None:
    paint(browser, theme)
    browser.get(address)
    colour = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
    light = [int(part) > 128 for part in colour.removeprefix("rgba(").split(",")[:3]]
    assert light == [theme == "light"] * 3
