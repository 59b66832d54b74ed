"""What was just computed?  A cache with a limit in bytes, least recently used out first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar


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

    def known(self, key: Hashable) -> Any:
        """The value under `key`, None where it is missing."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under `key`, made and kept where it is missing."""
        found: T | None = self.known(key)
        return self.keep(key, make()) if found is None else found

    def keep(self, key: Hashable, value: T) -> T:
        """Keep the value, and let go of those that were asked for longest ago; big ones are not kept."""
        size = OVERHEAD + value.nbytes
        if size > self.limit // 4:
            return value
        with self._lock:
            replaced = self._values.pop(key, None)
            self.used += size - (replaced[1] if replaced else 0)
            self._values[key] = (value, size)
            while self.used > self.limit:
                self.used -= self._values.popitem(last=False)[1][1]
        return value
