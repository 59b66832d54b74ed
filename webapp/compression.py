"""Which answers travel packed?  Text that is long enough, with gzip, to clients that take it.

Pages hold no secrets that lengths could give away.  The same text packs to the same bytes.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Request, Response

LEVEL = 4  # of zlib: a page of 50 KB takes half a millisecond, and is a few per cent longer than at the best
LEAST = 1000  # bytes below which packing saves no packet
TEXT = ("application/json", "application/jsonl", "application/xml", "text/")
GZIP_FORMAT = 16 + zlib.MAX_WBITS


def wanted(request: Request) -> bool:
    """Does the client take gzip?"""
    return request.accept_encodings.quality("gzip") > 0


def is_text(media: str) -> bool:
    return media.startswith(TEXT) or media.endswith(("+json", "+xml"))


def pack(response: Response) -> None:
    """Pack the body, where it is text and not short; a streamed one bit by bit."""
    if "Content-Encoding" in response.headers or not is_text(response.mimetype or ""):
        return
    if response.is_streamed and not response.direct_passthrough:
        response.response = _packed(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    elif (response.content_length or 0) >= LEAST:
        response.direct_passthrough = False
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    else:
        return
    response.headers["Content-Encoding"] = "gzip"


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=GZIP_FORMAT)
    for part in parts:
        if made := packer.compress(part):
            yield made
    yield packer.flush()
