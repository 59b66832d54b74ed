"""May this client ask again now?  A token bucket for each client, in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address
from math import ceil
from time import monotonic

CLIENTS_MOST = 20_000  # buckets kept: those of the clients seen last


class Throttle:
    """Up to `rate` requests at once, and so many a minute in the long run, from each client.

    May be shared by threads.  `clock` tells seconds.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._pause = 60 / rate  # seconds that one request stands for
        self._full: OrderedDict[str, float] = OrderedDict()  # when each client's bucket is full again
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """0, and the request counts; or the seconds after which the next one will."""
        client, now = client_of(address), self._clock()
        with self._lock:
            full = max(self._full.get(client, now), now) + self._pause
            too_early = full - now - self.rate * self._pause
            if too_early > 1e-9:
                return max(1, ceil(too_early))
            self._full[client] = full
            self._full.move_to_end(client)
            if len(self._full) > CLIENTS_MOST:
                self._full.popitem(last=False)
            return 0


def client_of(address: str) -> str:
    """Who counts as one client: an IPv4 address, or the 64-bit network that one IPv6 user has."""
    if ":" not in address:
        return address
    try:
        return IPv6Address(address.partition("%")[0]).exploded[:19]
    except AddressValueError:
        return address
