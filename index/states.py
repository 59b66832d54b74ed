"""Which entries have stayed as they were?  A digest of each, kept from one generation to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from index.records import encode

COLUMNS = "id, source, entry, text, gone, first_seen, last_changed, last_revised, revision"
STATE_BYTES = 16
FROM = "FROM entries JOIN sources ON sources.name = entries.source"


class States:
    """The digests of all entries of one store.  What was read before is read again only where it changed."""

    def __init__(self, guarded: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._guarded = guarded
        self._own: dict[str, bytes] = {}
        self._generation = -1
        self._forms: list[tuple[str, str]] = []

    def now(self) -> Mapping[str, bytes]:
        """A digest of each entry, its twins and its source's form; its place in the source does not count.

        An entry whose digest stays has stayed as it was, in this store or in another one.  Raises StoreError.
        """
        pairs = "SELECT id, twin, confidence, evidence, conflicts FROM twins ORDER BY id, twin"
        with self._guarded() as connection:
            own = self._followed(connection)
            twins = connection.execute(pairs).fetchall()
        return own | {
            one: _state((own[one], *(value for row in rows for value in (*row, own.get(row[1], b"")))))
            for one, rows in groupby(twins, key=itemgetter(0))
            if one in own
        }

    def _followed(self, connection: Connection) -> dict[str, bytes]:
        """Those of the entries by themselves."""
        forms = connection.execute("SELECT name, form FROM sources ORDER BY name").fetchall()
        if not set(self._forms) <= set(forms):
            self._own, self._generation = {}, -1
        self._forms = forms
        query = f"SELECT entries.generation, {COLUMNS}, sources.form {FROM} WHERE entries.generation > ?"
        for generation, *row in connection.execute(query, (self._generation,)):
            self._own[row[0]] = _state(tuple(row))
            self._generation = max(self._generation, generation)
        (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
        if count != len(self._own):
            self._own = {one: self._own[one] for (one,) in connection.execute("SELECT id FROM entries")}
        return self._own


def _state(row: tuple[Any, ...]) -> bytes:
    return blake2b(encode(row), digest_size=STATE_BYTES).digest()
