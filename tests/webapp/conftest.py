"""One filled site for all tests of pages: a store, its index, and a clock that stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import start
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from selenium.webdriver.remote.webdriver import WebDriver
from sitemaker import Announcement, announcement, fill
from waitress import create_server

from index.build import update
from index.store import Store
from ingest.model import DiagnosticCode, EntryType, Status
from webapp.app import create_app
from webapp.config import SiteConfig

NOW = datetime(2022, 5, 1, tzinfo=UTC)


def log() -> tuple[Announcement, ...]:
    """A small change log, newest first, of every type and in two languages."""
    return (
        announcement(
            "Upcoming maintenance",
            "On June 4, 2022, 22:00 – 24:00 MDT (June 5, 2022, 05:00 – 07:00 UTC), we work on CertCentral.",
            type=EntryType.MAINTENANCE,
            dated="2022-06-05",
            windows=[("2022-06-05T05:00", "2022-06-05T07:00", "June 4, 2022, 22:00 – 24:00 MDT")],
            products=["CertCentral"],
            diagnostics=[
                (DiagnosticCode.UTC_MISMATCH, "22:00 MDT is 04:00 UTC, not 05:00", "(June 5, 2022, 05:00")
            ],
        ),
        announcement(
            "Maintenance in May",
            "Cancelled: May 7, 2022, 22:00 – 24:00 MDT on CIS.",
            type=EntryType.MAINTENANCE,
            dated="2022-05-08",
            windows=[("2022-05-08T04:00", "2022-05-08T06:00", "May 7, 2022, 22:00 – 24:00 MDT")],
            products=["CIS"],
            status=(Status.CANCELLED, "Cancelled"),
        ),
        announcement(
            "Domain locking for the Services API",
            "List domains now says domain_locking_status. Domain locking protects your domains.",
            type=EntryType.API_CHANGE,
            dated="2022-04-20",
            products=["Services API"],
            endpoints=["List domains"],
            parameters=["domain_locking_status"],
        ),
        announcement(
            "Bug fix: wrong page in GET /v1/charges",
            "The oldest page came twice.",
            type=EntryType.BUGFIX,
            dated="2022-04-02",
            endpoints=["GET /v1/charges"],
        ),
        announcement(
            "Verrouillage de domaine",
            "Le verrouillage de domaine est disponible dans CertCentral.",
            lang="fr",
            dated="2022-03-01/2022-04-10",
            products=["CertCentral"],
        ),
        announcement(
            "Past maintenance",
            "On March 5, 2022.",
            type=EntryType.MAINTENANCE,
            dated="2022-03-06",
            windows=[("2022-03-06T05:00", "2022-03-06T07:00", "March 5, 2022")],
        ),
        announcement("Old portal ends", "The portal closes.", type=EntryType.DEPRECATION, dated="2021-12-01"),
    )


def still() -> datetime:
    """The clock, which processes can be told of."""
    return NOW


def build(data_dir: Path, *made: Announcement) -> SiteConfig:
    """A data directory with these entries and their index, and a configuration for it."""
    fill(data_dir, *made)
    with Store.open(data_dir) as store:
        update(store, data_dir / "index")
    return SiteConfig(data_dir, clock=still)


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> SiteConfig:
    return build(tmp_path_factory.mktemp("site"), *log())


@pytest.fixture
def app(config: SiteConfig) -> Flask:
    return create_app(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., BeautifulSoup]:
    """`page("/path")` is the page there, which must answer 200."""

    def get(path: str, status: int = 200) -> BeautifulSoup:
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "lxml")

    return get


@pytest.fixture
def site_with(tmp_path: Path) -> Callable[..., FlaskClient]:
    """`site_with(entries, page_size=2)` is a client of a site of its own."""

    def make(made: tuple[Announcement, ...], **settings: Any) -> FlaskClient:
        return create_app(replace(build(tmp_path, *made), **settings)).test_client()

    return make


@pytest.fixture(scope="session")
def address(config: SiteConfig) -> Iterator[str]:
    """The address of a served site with three entries a page."""
    server = create_server(create_app(replace(config, log_size=3)), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[WebDriver]:
    """A browser that is gone before the server is: open connections would hold the server up."""
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()
