"""Every address that the site names can be had, is what it says, and stays below the site's own root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner
from crawler import Named, Visit, crawl
from serving import proxied, served

from webapp import urls
from webapp.app import create_app
from webapp.cli import relnotes
from webapp.config import SiteConfig

MEDIA = {
    "feed.rss": "application/rss+xml",
    "feed.atom": "application/atom+xml",
    "feed.json": "application/feed+json",
    "calendar.ics": "text/calendar",
    ".xml": "",
    ".opml": "text/x-opml",
    ".jsonl": "application/jsonl",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "digicert-change-log.txt"


def visited(root: str, at: Callable[[str], str] = str, most: int = 3000) -> list[Visit]:
    """Everything that the site names; the first that is broken, foreign or mislabelled fails."""
    visits = []
    for visit in islice(crawl(root, at), most):
        address = visit.named.address
        assert address.startswith(root), visit.named
        assert visit.status == 200, (visit.status, visit.named)
        assert visit.named.media in (None, visit.media), (visit.media, visit.named)
        assert not visit.dead, (visit.dead, visit.named)
        path = address.partition("?")[0]
        for ending, media in MEDIA.items():
            assert not path.endswith(ending) or media in ("", visit.media), (visit.media, visit.named)
        visits.append(visit)
    return visits


def test_nothing_is_broken(config: SiteConfig) -> None:
    with served(create_app(replace(config, log_size=3, feed_size=3))) as address:
        visits = visited(f"{address}/")
    assert {visit.media for visit in visits} >= {*MEDIA.values(), "text/html", "application/json"} - {""}
    assert len(visits) > 150


def test_everything_stays_below_the_path_that_a_proxy_tells(config: SiteConfig) -> None:
    app = create_app(replace(config, proxies=1, log_size=3, feed_size=3))
    with served(app, proxies=1) as behind, proxied(behind, "/release/log") as shown:
        public = "https://changes.example/release/log"
        assert len(visited(f"{public}/", lambda named: named.replace(public, shown, 1), 300)) == 300


def test_everything_stays_below_the_path_that_the_server_was_told(config: SiteConfig) -> None:
    with (
        served(create_app(config), prefix="/log") as behind,
        proxied(behind, "/log", headers=False) as shown,
    ):
        assert len(visited(f"{shown}/", most=300)) == 300


def test_every_fragment_is_on_the_page_for_all_bundled_change_logs(tmp_path: Path) -> None:
    """Dates stand in headings that the page leaves out, windows in several cells of a table."""
    assert CliRunner().invoke(relnotes, ["--data", str(tmp_path), "demo", "--no-serve"]).exit_code == 0
    client = create_app(SiteConfig(tmp_path)).test_client()
    pages = [urls.entry(one.id) for one in client.application.extensions["relnotes"].library.store.all()]
    dead = {}
    for path in (*pages, urls.DIAGNOSTICS):
        address = f"http://localhost{path}"
        dead[path] = Visit(Named(address, None, "here"), 200, "text/html", client.get(path).text).dead
    assert len(pages) > 100
    assert {path: ids for path, ids in dead.items() if ids} == {}


@pytest.mark.skipif(not SEED.is_file(), reason="the real change log is not beside this repository")
def test_nothing_is_broken_on_the_real_text(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(relnotes, ["--data", str(tmp_path), "ingest", str(SEED)]).exit_code == 0
    with served(create_app(SiteConfig(tmp_path))) as address:
        assert len(visited(f"{address}/", most=400)) == 400
