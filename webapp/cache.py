"""Which answers are kept?  Those asked for last, up to a number of bytes, under their ETags."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of status 200: its body and its content type."""

    body: bytes
    content_type: str


class AnswerCache:
    """May be shared by threads.  An ETag stands for one body forever, so nothing here can be stale."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._size = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> Kept | None:
        with self._lock:
            found = self._kept.get(etag)
            if found is not None:
                self._kept.move_to_end(etag)
            return found

    def keep(self, etag: str, answer: Kept) -> None:
        """Keep the answer, and let go of those that were asked for longest ago; big ones are not kept."""
        if len(answer.body) > self.limit // 16:
            return
        with self._lock:
            before = self._kept.pop(etag, None)
            self._size += len(answer.body) - (len(before.body) if before else 0)
            self._kept[etag] = answer
            while self._size > self.limit:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone.body)
