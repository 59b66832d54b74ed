"""May this address be fetched?  What a site's robots.txt says (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

TOKEN = "relnotes"  # what robots.txt calls us
MAX_BYTES = 512 * 1024  # what is longer is read that far


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site; without a file, or with one that forbids nothing, all may be fetched."""

    parsed: Protego | None = None

    @classmethod
    def read(cls, data: bytes) -> Rules:
        """The rules in the bytes of a robots.txt; whatever is not understood forbids nothing."""
        return cls(Protego.parse(data[:MAX_BYTES].decode("utf-8-sig", "replace")))

    def allow(self, url: str) -> bool:
        return self.parsed is None or self.parsed.can_fetch(url, TOKEN)
