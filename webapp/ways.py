"""Where do links lead from?  That is put in last: what is written once serves all pages that it stands on."""

from __future__ import annotations

OWN, SITE = "\x02", "\x03"  # the ways to the pages of the same language and to the site; in no shown text


def led(markup: str, own: str, site: str) -> str:
    """The markup with its links leading from here; both ways are markup that ends in `/`, or empty."""
    return markup.replace(OWN, own).replace(SITE, site)
