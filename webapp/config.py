"""What can be set about a site?  `SiteConfig`, and the limits that keep every request small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


def system_clock() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


TITLE = "Release notes"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask for.

    `address` counts characters of path and query string together, `text` those of the query,
    `filters` the values of one facet, `value` the characters of each, `pages` how deep one may page,
    `exports` how many exports run at a time.
    """

    address: int = 4096
    text: int = 400
    filters: int = 40
    value: int = 300
    pages: int = 1000
    exports: int = 2


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """One site: where its data lie, what it is called, and how time is told.

    `base_url` is the public address without a trailing slash; where it is missing, absolute links
    take the address of the request.  `hosts` are the host names that requests may name (all, if empty).
    `proxies` says how many proxies before us set X-Forwarded headers that can be trusted.
    `rate` is how many requests a minute one client may make, without end if None.
    `authority` stands in the `tag:` URIs of feeds and must not change once feeds are read.
    `aliases` are other names of endpoints, by name, that a search for one may also use.
    """

    data_dir: Path
    title: str = TITLE
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    proxies: int = 0
    rate: int | None = None
    authority: str = "relnotes"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clock: Callable[[], datetime] = system_clock
    log_size: int = 40
    page_size: int = 20
    feed_size: int = 50
    calendar_size: int = 2000
    cache_bytes: int = 32_000_000
    limits: Limits = field(default_factory=Limits)
