"""Every kind of page is valid HTML, in every language, and the style valid CSS, by the W3C's own checker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import log
from flask.testing import FlaskClient
from nodetools import needs_vnu, vnu
from test_hostile_text import HOSTILE, hostile

import webapp
from webapp.catalogue import LANGUAGES

pytestmark = needs_vnu
UNKNOWN_TO_VNU = "“vector-effect”"  # of SVG 2: it has lists of CSS's own properties only
PATHS = [
    "/",
    "/?changes=material",
    "/page/1/",
    "/?type=maintenance&page=2",
    "/search",
    "/search?q=domain",
    "/search?q=nothing+at+all",
    "/search?q=maintenance&type=maintenance&since=2022-01-01&sort=date",
    "/maintenance/",
    "/diagnostics",
    "/products/",
    "/endpoints/",
    "/params/",
    "/types/",
    "/years/",
    "/endpoints/GET%20~1v1~1charges/",
    "/params/domain_locking_status/",
    "/types/bugfix/",
    "/nothing",
    "/search?since=x",
    "/search?q=" + "x" * 5000,
]


def written(client: FlaskClient, paths: list[str], folder: Path) -> dict[str, str]:
    """Every page as a file; the name of each leads back to its address."""
    names = {}
    for language in LANGUAGES:
        for number, path in enumerate(paths):
            answer = client.get(f"/{language}{path}")
            assert answer.mimetype == "text/html"
            file = folder / f"{language}{number}.html"
            file.write_bytes(answer.data)
            names[file.name] = f"/{language}{path} ({answer.status_code})"
    return names


def complaints(names: dict[str, str], folder: Path, *options: str) -> list[tuple[str, str, str]]:
    found = vnu([folder / name for name in names], *options)
    return [(names[Path(one["url"]).name], one["message"], one.get("extract", "")) for one in found]


def entries(client: FlaskClient) -> list[str]:
    listed = client.get("/api/v1/entries?limit=100").get_json()["entries"]
    return [f"/entries/{entry['id']}" for entry in listed]


def test_pages_are_valid(site_with: Callable[..., FlaskClient], tmp_path: Path) -> None:
    client = site_with(log(), log_size=3)
    names = written(client, PATHS + entries(client), tmp_path)
    assert complaints(names, tmp_path) == []


def test_pages_about_hostile_entries_are_valid(site_with: Callable[..., FlaskClient], tmp_path: Path) -> None:
    client = site_with(tuple(hostile(words.replace("\ud83d", "\ufffd")) for words in HOSTILE))
    names = written(client, ["/", "/products/", *entries(client)], tmp_path)
    assert complaints(names, tmp_path, "--no-langdetect") == []  # it takes mere marks for Maltese


def test_the_checker_complains_at_all(tmp_path: Path) -> None:
    file = tmp_path / "wrong.html"
    file.write_text("<!doctype html><html lang=en><title>x</title><p><li>x")
    assert vnu([file])


@pytest.mark.parametrize("sheet", sorted((Path(webapp.__file__).parent / "static").glob("*.css")), ids=str)
def test_the_style_is_valid(sheet: Path) -> None:
    found = [(one["lastLine"], one["message"]) for one in vnu([sheet], "--css")]
    assert [(number, said) for number, said in found if UNKNOWN_TO_VNU not in said] == []
