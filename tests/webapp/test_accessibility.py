"""axe-core finds nothing on any page, in both themes, wide and narrow.

It comes from npm (`npm install --no-save axe-core@4`) and is not part of this repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import MISSING, paint, resize
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
    pytest.mark.skipif(
        not AXE.is_file(), reason="axe-core is not installed (npm install --no-save axe-core@4)"
    ),
]

PATHS = {
    "log": "/",
    "search": "/search?q=domain&type=api_change&since=2022-01-01",
    "nothing": "/search?q=zzzz&type=policy",
    "listing": "/endpoints/GET%20~1v1~1charges/",
    "values": "/params/",
    "maintenance": "/maintenance/",
    "diagnostics": "/diagnostics",
    "sources": "/sources/",
    "endpoint": "/endpoints/List%20domains/",
    "one product": "/maintenance/?product=CIS",
    "error": "/entries/none",
    "filters": "/#filters",
}
ENTRIES = {"/": "Upcoming maintenance", "/types/bugfix/": "Bug fix: wrong page"}
"""Where a link to an entry stands, and its words; the second has line numbers of two digits."""
RUN = "const done = arguments[0]; axe.run().then(r => done([r.passes.length, r.violations]))"


@pytest.mark.parametrize(
    ("theme", "width", "prefix"),
    [
        ("light", 360, ""),
        ("light", 1280, ""),
        ("dark", 360, ""),
        ("dark", 1280, ""),
        ("light", 1280, "/fr"),
        ("dark", 360, "/fr"),
    ],
)
def test_axe_finds_nothing(browser: WebDriver, address: str, theme: str, width: int, prefix: str) -> None:
    resize(browser, width)
    paint(browser, theme)
    address += prefix
    addresses = {name: address + path for name, path in PATHS.items()}
    for path, words in ENTRIES.items():
        browser.get(address + path)
        href = browser.find_element(By.PARTIAL_LINK_TEXT, words).get_attribute("href")
        assert href is not None
        addresses[words] = href
    browser.get(addresses["Bug fix: wrong page"])
    assert browser.find_element(By.CSS_SELECTOR, ".prose .line").get_attribute("text") == "11"
    for name, where in addresses.items():
        browser.get(where)
        browser.execute_script(AXE.read_text(encoding="utf-8"))
        passed, found = browser.execute_async_script(RUN)
        assert passed > 15, name
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], name
