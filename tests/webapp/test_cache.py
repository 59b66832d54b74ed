"""Answers are kept under their ETags, up to a number of bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from webapp.app import create_app
from webapp.cache import AnswerCache, Kept
from webapp.config import SiteConfig
from webapp.library import Library


def body(size: int) -> Kept:
    return Kept(b"x" * size, "text/plain")


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache = AnswerCache(160)
    for name in "abcdefghijklmnop":
        cache.keep(name, body(10))
    assert cache.get("a") is not None  # now b was asked for longest ago
    cache.keep("q", body(10))
    assert cache.get("a") is not None
    assert cache.get("b") is None
    assert cache.get("q") is not None


def test_big_answers_are_not_kept_and_keeping_twice_counts_once() -> None:
    cache = AnswerCache(160)
    cache.keep("big", body(11))
    assert cache.get("big") is None
    for _ in range(40):
        cache.keep("a", body(10))
    cache.keep("b", body(10))
    assert cache.get("a") == body(10)


@pytest.mark.parametrize("path", ["/", "/search?q=domain", "/feed.rss", "/api/v1/entries", "/calendar.ics"])
def test_the_second_answer_is_the_first(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(path)
    monkeypatch.setattr(Library, "search", None)
    second = client.get(path)
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers)
    assert client.head(path).headers["Content-Type"] == first.headers["Content-Type"]


def test_errors_are_not_kept(config: SiteConfig) -> None:
    client = create_app(replace(config, cache_bytes=10_000_000)).test_client()
    assert [client.get("/entries/none").status_code for _ in range(2)] == [404, 404]
    assert client.get("/healthz").headers.get("ETag") is None
