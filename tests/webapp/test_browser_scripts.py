"""What JavaScript adds: results as you type, keys, the reader's own hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import MISSING, resize
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(autouse=True)
def wide(browser: WebDriver) -> Iterator[None]:
    """A wide window; afterwards scripts run again and the clock is back in UTC."""
    resize(browser, 1280)
    yield
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})  # type: ignore[attr-defined]
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})  # type: ignore[attr-defined]


def titles(browser: WebDriver) -> list[str]:
    script = "return [...document.querySelectorAll('.card :is(h2, h3)')].map(e => e.textContent)"
    found: list[str] = browser.execute_script(script)
    return found


def wait_for(browser: WebDriver, wanted: list[str]) -> None:
    WebDriverWait(browser, 10).until(
        lambda b: titles(b) == wanted, f"{titles(browser)} never became {wanted}"
    )


def test_results_come_as_one_types(browser: WebDriver, address: str) -> None:
    browser.get(address)
    newest = titles(browser)
    box = browser.find_element(By.NAME, "q")
    box.send_keys("charges")
    wait_for(browser, ["Bug fix: wrong page in GET /v1/charges"])
    assert browser.current_url == f"{address}/search?q=charges"
    assert browser.title == "charges · Release notes"
    assert browser.switch_to.active_element == box
    feed = browser.find_element(By.CSS_SELECTOR, 'link[type="application/rss+xml"]')
    assert feed.get_attribute("href") == f"{address}/search/feed.rss?q=charges"
    assert browser.find_element(By.ID, "announce").get_attribute("textContent") == "1 entry"
    browser.back()
    WebDriverWait(browser, 10).until(lambda b: b.current_url == f"{address}/" and titles(b) == newest)


def test_a_query_is_completed_below_the_box(browser: WebDriver, address: str) -> None:
    browser.get(address)
    box = browser.find_element(By.NAME, "q")
    box.send_keys("past main")
    offered = "return [...document.getElementById('completions').options].map(o => o.value)"
    WebDriverWait(browser, 10).until(lambda b: b.execute_script(offered) == ["past maintenance"])
    box.send_keys("tenance ")
    WebDriverWait(browser, 10).until(lambda b: b.execute_script(offered) == [])


def test_a_slash_and_arrows_are_enough(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/search?q=maintenance&sort=date")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    box = browser.switch_to.active_element
    assert box.get_attribute("name") == "q"
    box.send_keys(Keys.ARROW_DOWN)
    browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert browser.switch_to.active_element.text == "Maintenance in May"
    browser.switch_to.active_element.send_keys(Keys.ARROW_UP)
    browser.switch_to.active_element.send_keys(Keys.ARROW_UP)
    assert browser.switch_to.active_element == box


def test_a_slash_in_the_box_is_a_slash(browser: WebDriver, address: str) -> None:
    browser.get(address)
    box = browser.find_element(By.NAME, "q")
    box.send_keys("GET /v1")
    assert box.get_attribute("value") == "GET /v1"


def test_windows_show_the_hours_where_the_reader_is(browser: WebDriver, address: str) -> None:
    zone = {"timezoneId": "America/Denver"}
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", zone)  # type: ignore[attr-defined]
    browser.get(f"{address}/maintenance/")
    blanks = str.maketrans("\u202f\u2009", "  ")
    hours = [found.text.translate(blanks) for found in browser.find_elements(By.CSS_SELECTOR, ".local")]
    assert "4 Jun 2022, 23:00 – 5 Jun 2022, 01:00 (America/Denver)" in hours


def test_without_scripts_the_form_still_searches(browser: WebDriver, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})  # type: ignore[attr-defined]
    browser.get(address)
    browser.find_element(By.NAME, "q").send_keys("charges", Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda b: b.current_url == f"{address}/search?q=charges")
    found = [element.text for element in browser.find_elements(By.CSS_SELECTOR, ".card h2")]
    assert found == ["Bug fix: wrong page in GET /v1/charges"]
