"""What was just computed?  A cache with a limit in bytes, least recently used out first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar


class Weighed(Protocol):
    """A value that knows how many bytes it holds on to, as arrays do; mapped ones count as well."""

    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=Weighed)
OVERHEAD = 500  # bytes of a key and of the small objects around a value


class ByteCache:
    """Maps keys to values of known size; safe under threads.

    Two threads may compute the same missing value at once; both get an equal one.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0
        self._values: OrderedDict[Hashable, tuple[Weighed, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under `key`, made and kept where it is missing."""
        with self._lock:
            if found := self._values.get(key):
                self._values.move_to_end(key)
                return found[0]  # type: ignore[return-value]  # what was made under this key
        made = make()
        self._keep(key, made, OVERHEAD + made.nbytes)
        return made

    def _keep(self, key: Hashable, value: Weighed, size: int) -> None:
        if size > self.limit // 4:
            return
        with self._lock:
            replaced = self._values.pop(key, None)
            self.used += size - (replaced[1] if replaced else 0)
            self._values[key] = (value, size)
            while self.used > self.limit:
                self.used -= self._values.popitem(last=False)[1][1]
