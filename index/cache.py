"""What was just computed?  A cache with a limit in bytes, least recently used out first."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class ByteCache:
    """Maps keys to values of known size; safe under threads.

    Two threads may compute the same missing value at once; both get an equal one.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under `key`, made and kept where it is missing."""
        with self._lock:
            if found := self._values.get(key):
                self._values.move_to_end(key)
                value: T = found[0]
                return value
        made = make()
        self._keep(key, made, size_of(made))
        return made

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        if size > self.limit // 4:
            return
        with self._lock:
            self.used += size - self._values.pop(key, (None, 0))[1]
            self._values[key] = (value, size)
            while self.used > self.limit:
                self.used -= self._values.popitem(last=False)[1][1]


def size_of(value: object) -> int:
    """Bytes a value holds on to: its arrays', and a little for the rest.  Mapped arrays count as well."""
    if isinstance(value, np.ndarray):
        return 200 + int(value.nbytes)
    if isinstance(value, tuple):
        return 100 + sum(size_of(one) for one in value)
    if is_dataclass(value):
        return 100 + sum(size_of(getattr(value, one.name)) for one in fields(value))
    return sys.getsizeof(value)
