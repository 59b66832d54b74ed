"""Is this the same announcement?  Ids, and the matching of a new snapshot to what is stored.

An id is made once, when an entry is first seen, and then kept.  A later snapshot is matched in three
steps: same key and same text; same key, where a date anchors it; then an assignment over what is left,
the one with the greatest sum of likenesses (not first come, first served).  All functions are pure.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from itertools import product

from index.assignment import Pair, best_pairs
from index.words import words
from ingest.model import Entry, Status

ID_LENGTH = 10  # base-32 characters, 50 bits
THRESHOLD = 0.5  # of likeness, under which two entries are two
NEAR_DAYS = 10  # a window moved by so little needs no word that says so
ALL_PAIRS = 10_000  # leftovers are compared each with each up to so many pairs
COMMON = 50  # a shingle in more leftovers than this makes no candidates


@dataclass(frozen=True)
class Traits:
    """What two entries are compared by.  `key` says which announcement it claims to be."""

    key: str
    anchored: bool
    lang: str
    title: str
    words: tuple[str, ...]
    days: frozenset[date]
    moved: bool

    @cached_property
    def shingles(self) -> Counter[tuple[str, str]]:
        """Pairs of neighbouring words, counted."""
        return Counter(zip(self.words, (*self.words[1:], ""), strict=False))


def traits(entry: Entry, text: str, source: str) -> Traits:
    """The traits of `entry`, whose own characters are `text`."""
    return Traits(
        key=key_of(entry, text, source),
        anchored=bool(anchor(entry)),
        lang=entry.lang,
        title=" ".join(words(entry.title)),
        words=tuple(words(text)),
        days=_days(entry),
        moved=entry.status is not None and entry.status.status is not Status.CANCELLED,
    )


def anchor(entry: Entry) -> str:
    """The date that tells an entry from others of its title: window, date heading or effective day."""
    windows = entry.current_windows or entry.windows
    if windows:
        return min(w.start for w in windows).isoformat(timespec="minutes")
    if entry.published:
        return entry.published.text
    return min(e.day for e in entry.effective).isoformat() if entry.effective else ""


def key_of(entry: Entry, text: str, source: str) -> str:
    """What identifies an entry when it is first seen; no position, no host."""
    opening = "" if entry.has_heading else first_sentence(text)
    return "\n".join((source, entry.lang, " ".join(words(entry.title)), anchor(entry), opening))


def first_sentence(text: str) -> str:
    """The folded words of the first sentence (or line) that has at least three."""
    for piece in text.replace(". ", ".\n").splitlines():
        found = words(piece)
        if len(found) >= 3:
            return " ".join(found)
    return " ".join(words(text))


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def make_id(key: str, text: str, taken: Container[str]) -> str:
    """A short id for `key`; where it is taken the entry's words, then a number, tell it apart."""
    for salt in _salts(text):
        raw = digest((f"{key}\n{salt}" if salt else key).encode())
        made = base64.b32encode(raw).decode().lower()[:ID_LENGTH]
        if made not in taken:
            return made
    raise AssertionError("unreachable: salts never end")


def _salts(text: str) -> Iterator[str]:
    yield ""
    normal = " ".join(words(text))
    yield normal
    number = 2
    while True:
        yield f"{normal}\n{number}"
        number += 1


def match(stored: Sequence[Traits], arrived: Sequence[Traits]) -> dict[int, int]:
    """Which stored entry each arrived one is: index of arrived → index of stored; the rest are new."""
    found = _same_key_and_text(stored, arrived)
    found |= _same_anchored_key(*_left(stored, arrived, found))
    old, new = _left(stored, arrived, found)
    return found | _assign(old, new, _recurring([*stored, *arrived]))


Numbered = list[tuple[int, Traits]]


def _left(
    stored: Sequence[Traits], arrived: Sequence[Traits], found: dict[int, int]
) -> tuple[Numbered, Numbered]:
    used = set(found.values())
    old = [(i, t) for i, t in enumerate(stored) if i not in used]
    return old, [(i, t) for i, t in enumerate(arrived) if i not in found]


def _same_key_and_text(stored: Sequence[Traits], arrived: Sequence[Traits]) -> dict[int, int]:
    """Twins (same key, same words) pair up in order."""
    waiting: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for i, known in enumerate(stored):
        waiting[known.key, known.words].append(i)
    found = {}
    for j, new in enumerate(arrived):
        if candidates := waiting.get((new.key, new.words)):
            found[j] = candidates.pop(0)
    return found


def _same_anchored_key(old: Numbered, new: Numbered) -> dict[int, int]:
    """A title on a date that stands once on each side is the same entry, whatever its words."""
    ours, theirs = _singles(old), _singles(new)
    return {theirs[key]: ours[key] for key in theirs.keys() & ours.keys()}


def _singles(numbered: Numbered) -> dict[str, int]:
    counts = Counter(t.key for _, t in numbered)
    return {t.key: i for i, t in numbered if t.anchored and counts[t.key] == 1}


def _recurring(everyone: Iterable[Traits]) -> frozenset[str]:
    """Titles that stand on more than two dates: a series, where another date is another entry."""
    dates: dict[str, set[frozenset[date]]] = defaultdict(set)
    for one in everyone:
        dates[one.title].add(one.days)
    return frozenset(title for title, days in dates.items() if len(days) > 2)


def likeness(old: Traits, new: Traits, recurring: Collection[str] = ()) -> float:
    """How surely two entries are one, 0 to 1, by title, text and dates."""
    if old.lang != new.lang:
        return 0.0
    by_date = _date_factor(old, new, new.title in recurring)
    if not by_date:
        return 0.0
    title = SequenceMatcher(None, old.title, new.title, autojunk=False).ratio()
    return by_date * (0.4 * title + 0.6 * _text_likeness(old.shingles, new.shingles))


def _text_likeness(a: Counter[tuple[str, str]], b: Counter[tuple[str, str]]) -> float:
    """Share of word pairs in common; a text that grew still contains the old one."""
    common, sizes = (a & b).total(), (a.total(), b.total())
    if not common:
        return 0.0
    contained = common / min(sizes) if min(sizes) >= 8 else 0.0
    return max(2 * common / sum(sizes), 0.8 * contained)


def _date_factor(old: Traits, new: Traits, in_series: bool) -> float:
    if not old.days or not new.days:
        return 1.0 if old.days == new.days else 0.95
    if old.days & new.days:
        return 1.0
    gap = min(abs((a - b).days) for a, b in product(old.days, new.days))
    if new.moved or gap <= NEAR_DAYS:
        return 0.9
    return 0.0 if in_series else 0.75


def _days(entry: Entry) -> frozenset[date]:
    days = {w.start.date() for w in entry.windows} | {e.day for e in (*entry.effective, *entry.given_up)}
    return frozenset(days)


def _assign(old: Numbered, new: Numbered, recurring: Collection[str]) -> dict[int, int]:
    """The pairing of leftovers whose likenesses add up highest, pairs under the threshold left out."""
    scores = {
        (i, j): score
        for i, j in _candidates(old, new)
        if (score := likeness(old[i][1], new[j][1], recurring)) >= THRESHOLD
    }
    return {new[j][0]: old[i][0] for i, j in best_pairs(scores)}


def _candidates(old: Numbered, new: Numbered) -> Iterable[Pair]:
    """Pairs worth comparing: all, or where those are too many the ones that share a rare word pair."""
    if len(old) * len(new) <= ALL_PAIRS:
        return product(range(len(old)), range(len(new)))
    return _sharing(old, new)


def _sharing(old: Numbered, new: Numbered) -> set[Pair]:
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, (_, known) in enumerate(old):
        for shingle in known.shingles:
            where[shingle].append(i)
    rare = {shingle: found for shingle, found in where.items() if len(found) <= COMMON}
    return {(i, j) for j, (_, one) in enumerate(new) for s in one.shingles if s in rare for i in rare[s]}
