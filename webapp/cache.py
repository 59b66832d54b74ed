"""Which answers are kept?  Those asked for last, up to a number of bytes, under what identifies them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of status 200: its body as it is sent, and how to read it."""

    body: bytes
    content_type: str
    encoding: str | None = None


class AnswerCache:
    """May be shared by threads.  A key stands for one body forever, so nothing here can be stale."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._size = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: str, answer: Kept) -> None:
        """Keep the answer, and let go of those that were asked for longest ago; big ones are not kept."""
        if len(answer.body) > self.limit // 16:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += len(answer.body) - (len(before.body) if before else 0)
            self._kept[key] = answer
            while self._size > self.limit:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone.body)
