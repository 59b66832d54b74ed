"""On the judged queries, the search in the browser answers as the server does; measured in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean
from typing import Any

import pytest
from browser import MISSING, start
from offlinesearch import as_json, offline_counts, served
from relevance import DEPTH, SEED, Library, figures
from selenium.webdriver.remote.webdriver import WebDriver

from index.query import SearchPage, SearchRequest
from ingest.lexicon import names
from webapp.config import SiteConfig
from webapp.export import build
from webapp.staticsite import Settings
from webapp.theme import Theme

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NO_SEED = pytest.mark.skipif(not SEED.exists(), reason="the real change log is not there to be read")
MOST_APART = 0.005  # of nDCG@10
SEARCH = """
const [asked, done] = arguments;
relnotes.load().then(async () => {
  const entries = new relnotes.entries.Entries(relnotesEntries, [relnotesParts.base, relnotesParts.recent]);
  const searcher = new relnotes.search.Searcher(entries, relnotes.loadTexts);
  const made = [];
  for (const request of asked) {
    const { wanted, ...found } = await searcher.search(request);
    made.push({ ...found, ids: found.hits.map(({ entry }) => entries.ids[entry]) });
  }
  done(made);
}).catch((error) => done(String(error)));
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module", params=["corpus", pytest.param("seed", marks=NO_SEED)])
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp(request.param), request.param == "seed")


def requests(judged: Library) -> list[SearchRequest]:
    """Every judged query, and each with a filter."""
    plain = [SearchRequest(query.text, limit=DEPTH) for query in judged.queries]
    return [*plain, *(replace(one, filters={"lang": ("fr",)}) for one in plain)]


@pytest.fixture(scope="module")
def answers(
    judged: Library, window: WebDriver, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[SearchPage, dict[str, Any]]]:
    """What the server says, and what the browser says."""
    out = tmp_path_factory.mktemp("static") / "site"
    config = SiteConfig(judged.store.path.parent, aliases=names())
    build(Settings(config, Theme()), out)
    window.get(f"{out.as_uri()}/search/index.html")
    asked = requests(judged)
    told = window.execute_async_script(SEARCH, [as_json(request) for request in asked])
    assert isinstance(told, list), told
    return [(judged.searcher.search(one), found) for one, found in zip(asked, told, strict=True)]


def test_the_first_ten_are_the_same(answers: list[tuple[SearchPage, dict[str, Any]]]) -> None:
    overlaps = []
    for page, found in answers:
        ids = {hit.id for hit in page.hits}
        overlaps.append(len(ids & set(found["ids"])) / len(ids) if ids else not found["ids"])
    assert min(overlaps) >= 0.9
    assert fmean(overlaps) >= 0.999


def test_counts_are_the_same(answers: list[tuple[SearchPage, dict[str, Any]]]) -> None:
    for page, found in answers:
        assert offline_counts(found) == served(page), page.request.text
        assert found["suggestions"] == list(page.suggestions), page.request.text


def test_what_answers_comes_first_just_as_often(
    judged: Library, answers: list[tuple[SearchPage, dict[str, Any]]]
) -> None:
    gains = [judged.gains(query) for query in judged.queries]
    pairs = list(zip(answers, gains, strict=False))
    server = fmean(figures([hit.id for hit in page.hits], gain).ndcg for (page, _), gain in pairs)
    browser = fmean(figures(found["ids"], gain).ndcg for (_, found), gain in pairs)
    assert browser == pytest.approx(server, abs=MOST_APART)
    assert browser > 0.9
