"""What does the static site's search need to know?  Data files for the browser, made from all entries.

They are scripts that assign plain data, so that they load from `file://` and under a strict
Content-Security-Policy.  `webapp/static/offline/entries.js` reads them: the two change together.

What is needed to find entries lies in two parts, so that a few new ones do not change what is said of
thousands: the base holds all that came first, a multiple of `STEP`, the other what came since.  Within a part
entries stand in the order of the listing, newest first; a column is a list of numbers, one for each entry.
What is needed to show an entry, its text, lies in one of many small files, which its id names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np

from index.analysis import stop_words
from index.inverted import inverted, weighed
from index.packing import packed, signed, steps
from index.plan import name_key
from index.store import StoredEntry
from ingest.model import DateBasis, Dated, EntryType, Form, Status
from webapp.excerpt import title_of
from webapp.text import line, shown

FOLDER = "search"
BASE, RECENT = PARTS = ("base", "recent")
STEP = 256  # entries that come before a new base is made
VERSION = 3
FEW = 1000  # entries; the texts of more are told apart by two letters of their ids
NAMED = ("product", "endpoint", "param")
_STATES = (*(str(status) for status in Status), "gone")
_TYPES = tuple(str(kind) for kind in EntryType)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RISKY = re.compile(
    "[<\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff0-\uffff]"
)
Column = Callable[[StoredEntry], int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Entries of a site, newest first, and what belongs to them together.

    `lengths` are how many terms the text of each entry has, as the search index counts; `folder` tells where
    below its facet's folder the listing of a (facet, value) lies.
    """

    entries: Sequence[StoredEntry]
    lengths: Mapping[str, float]
    folder: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Parting:
    """The ids of both parts, newest first, and how they make one listing.

    `runs` are how many entries of the listing come from the base, then from the other part, and so on.
    """

    base: tuple[str, ...]
    recent: tuple[str, ...]
    runs: tuple[int, ...]


def unsettled(total: int) -> int:
    """How many of so many entries, those that came last, are not in the base."""
    return total % STEP


def parted(latest: Container[str], listing: Sequence[str]) -> Parting:
    """All ids in the order of the listing, parted; `latest` are those that are not in the base.

    >>> parted({"b"}, ["a", "b", "c", "d"]).runs
    (1, 1, 2)
    >>> parted({"a"}, ["a"]).runs
    (0, 1)
    """
    parts = [one in latest for one in listing]
    runs = [len(list(run)) for _, run in groupby(parts)]
    base = tuple(one for one, late in zip(listing, parts, strict=True) if not late)
    recent = tuple(one for one, late in zip(listing, parts, strict=True) if late)
    return Parting(base, recent, (0, *runs) if not parts or parts[0] else tuple(runs))


def files(
    parting: Parting,
    parts: Mapping[str, Collection],
    languages: Sequence[str],
    aliases: Mapping[str, tuple[str, ...]],
    forms: Mapping[str, Form],
) -> Iterator[tuple[str, bytes]]:
    """(path below the site's root, bytes) of every file that the search in the browser loads as data.

    `forms` are in which form each source was read.
    """
    for name in PARTS:
        yield part_file(name, parts[name])
    entries = {stored.id: stored for part in parts.values() for stored in part.entries}
    for name, ids in shelved(list(entries)).items():
        shelf = [entries[one] for one in ids]
        yield texts_file(
            name, [(each.id, text(each, shown(each.text), forms.get(each.source))) for each in shelf]
        )
    names = {name for stored in entries.values() for name in _all_names(stored)}
    yield whole_file(parting.runs, languages, aliases, names)


def part_file(name: str, collection: Collection) -> tuple[str, bytes]:
    """(path, bytes) of the file of one part."""
    place = f"(globalThis.relnotesParts??={{}}).{name}"
    return f"{FOLDER}/{name}.js", script(place, part(collection))


def whole_file(
    runs: Sequence[int],
    languages: Sequence[str],
    aliases: Mapping[str, tuple[str, ...]],
    names: Iterable[str],
) -> tuple[str, bytes]:
    """(path, bytes) of what holds for all entries.

    `aliases` are other names of products, endpoints and parameters, by name, of which those that belong to
    one of `names` are told.
    """
    data = {
        "version": VERSION,
        "runs": packed(runs),
        "letters": letters(sum(runs)),
        "languages": sorted(languages),
        "stop": {lang: " ".join(sorted(stop_words(lang))) for lang in sorted(languages)},
        "types": _TYPES,
        "states": _STATES,
        "aliases": _aliases(names, aliases),
    }
    return f"{FOLDER}/entries.js", script("globalThis.relnotesEntries", data)


def script(place: str, value: object) -> bytes:
    """A value as a script that assigns it to a place, safe in any page."""
    return f"{place}={_literal(value)};\n".encode()


def _literal(value: object) -> str:
    """A value as a script says it, safe in any page."""
    try:
        said = _encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate
        said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


_encode = msgspec.json.Encoder().encode


def part(collection: Collection) -> dict[str, Any]:
    """Everything that `entries.js` reads of one part, ready for JSON."""
    entries = collection.entries
    languages = sorted({stored.entry.lang for stored in entries})
    return {
        "count": len(entries),
        "ids": _ids([stored.id for stored in entries]),
        "languages": languages,
        "columns": _columns(entries, languages),
        "names": {facet: _named(entries, facet, collection.folder) for facet in NAMED},
        "windows": _windows(entries),
        "days": _days([stored.entry.dated for stored in entries]),
        "lengths": _lengths(entries, collection.lengths),
        "words": [_words(lang, entries) for lang in languages],
    }


def _ids(ids: Sequence[str]) -> str:
    """One after another where all are of one length, else with blanks between."""
    return ("" if len(set(map(len, ids))) == 1 else " ").join(ids)


def _words(lang: str, entries: Sequence[StoredEntry]) -> dict[str, Any]:
    said = ((stored.entry.title, stored.text) for stored in entries if stored.entry.lang == lang)
    return asdict(inverted(weighed(said)))


# -- columns -------------------------------------------------------------------------------------------


def _columns(entries: Sequence[StoredEntry], languages: Sequence[str]) -> dict[str, str]:
    columns: dict[str, Column] = {
        "lang": lambda stored: languages.index(stored.entry.lang),
        "type": lambda stored: _TYPES.index(stored.entry.type),
        "status": lambda stored: 1 + _STATES.index(stored.entry.status.status) if stored.entry.status else 0,
        "gone": lambda stored: int(stored.gone),
    }
    return {name: packed([column(stored) for stored in entries]) for name, column in columns.items()}


def _all_names(stored: StoredEntry) -> list[str]:
    return [name for facet in NAMED for name in _names(stored, facet)]


def _names(stored: StoredEntry, facet: str) -> list[str]:
    mentions = {
        "product": stored.entry.products,
        "endpoint": stored.entry.endpoints,
        "param": stored.entry.parameters,
    }
    return list(dict.fromkeys(mention.name for mention in mentions[facet] if mention.name))


def _named(entries: Sequence[StoredEntry], facet: str, folder: Callable[[str, str], str]) -> dict[str, Any]:
    """The values of a facet by name; of each entry how many it has, then which; odd names of folders."""
    each = [_names(stored, facet) for stored in entries]
    values = sorted({name for names in each for name in names})
    code = {value: n for n, value in enumerate(values)}
    return {
        "values": values,
        "folders": {value: own for value in values if (own := folder(facet, value)) != value},
        "counts": packed([len(names) for names in each]),
        "codes": packed([code[name] for names in each for name in names]),
    }


def _windows(entries: Sequence[StoredEntry]) -> dict[str, str]:
    """Of each entry how many windows; their starts, from the entry's midnight, and lengths in minutes."""
    each = [stored.entry.current_windows for stored in entries]
    midnights = [_middle(stored.entry.dated).toordinal() for stored in entries]
    starts = [
        _minutes(window.start) - 1440 * (day - _EPOCH.toordinal())
        for day, windows in zip(midnights, each, strict=True)
        for window in windows
    ]
    lengths = [_minutes(window.end) - _minutes(window.start) for windows in each for window in windows]
    return {
        "counts": packed([len(windows) for windows in each]),
        "starts": packed(signed(starts)),
        "lengths": packed(lengths),
    }


def _minutes(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds()) // 60


class When(IntEnum):
    """How an entry's place in time is told."""

    UNKNOWN = 0
    DAY = 1
    ABOUT = 2  # months
    MONTH = 3
    DAYS = 4


SPANNED = (When.ABOUT, When.DAYS)  # told by their first and last day


def _when(dated: Dated | None) -> When:
    if dated is None:
        return When.UNKNOWN
    if dated.basis is DateBasis.INFERRED:
        return When.ABOUT
    if dated.first == dated.last:
        return When.DAY
    same = (dated.first.year, dated.first.month) == (dated.last.year, dated.last.month)
    return When.MONTH if same else When.DAYS


def _days(dated: Sequence[Dated | None]) -> dict[str, str]:
    """The middle day of each entry, as steps from one to the next; how far the first
    and the last day lie from it where they are told."""
    kinds = [_when(one) for one in dated]
    spans = [one for one, kind in zip(dated, kinds, strict=True) if one and kind in SPANNED]
    return {
        "kinds": packed(kinds),
        "middles": packed(signed(steps([_middle(one).toordinal() for one in dated]))),
        "before": packed([(one.middle - one.first).days for one in spans]),
        "after": packed([(one.last - one.middle).days for one in spans]),
    }


def _middle(dated: Dated | None) -> date:
    return dated.middle if dated else _EPOCH.date()


def _lengths(entries: Sequence[StoredEntry], lengths: Mapping[str, float]) -> dict[str, Any]:
    """The lengths there are, and which of them each entry has."""
    own = [lengths.get(stored.id, 0.0) for stored in entries]
    known = sorted(set(own))
    return {"known": known, "codes": packed(np.searchsorted(known, own))}


def _aliases(names: Iterable[str], aliases: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """The groups of names of which an entry has one."""
    known = {name_key(name) for name in names}
    groups = ([name, *others] for name, others in sorted(aliases.items()))
    return [group for group in groups if not known.isdisjoint(map(name_key, group))]


# -- texts ---------------------------------------------------------------------------------------------


def letters(count: int) -> int:
    """How many letters of an id name the file of its text, of so many entries."""
    return 1 if count <= FEW else 2


def shelved(ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids whose texts lie in one file, sorted, by the file's name."""
    name = itemgetter(slice(letters(len(ids))))
    return {shelf: list(found) for shelf, found in groupby(sorted(ids), name)}


def texts_file(name: str, texts: Iterable[tuple[str, bytes | memoryview]]) -> tuple[str, bytes]:
    """(path, bytes) of a file of texts, by their ids."""
    place = f'(globalThis.relnotesTexts??={{}})["{name}"]'
    told = b",".join([b'"%s":%s' % (one.encode(), text) for one, text in texts])
    return f"{FOLDER}/texts/{name}.js", b"%s={%s};\n" % (place.encode(), told)


def text(stored: StoredEntry, text: str, form: Form | None) -> bytes:
    """The text as it is shown, where its title stands, and what is true of it, as a script says it."""
    return _literal(_text(stored, text, form)).encode()


def _text(stored: StoredEntry, text: str, form: Form | None) -> dict[str, Any]:
    entry = stored.entry
    at = _title_at(stored)
    title = line(entry.title) if at is None else entry.title
    said = f"{title}\n{text}" if at is None else text
    start = _units(text[: at or 0])
    facts = {
        "apart": at is None,
        "heading": entry.has_heading,
        "markdown": form is Form.MARKDOWN,
        "label": None if entry.has_heading else title_of(stored),
    }
    told = {"text": said, "title": [start, start + _units(title)]}
    return told | {name: fact for name, fact in facts.items() if fact}


def _title_at(stored: StoredEntry) -> int | None:
    """Where in the text the title begins; None where it stands apart from it."""
    title, text = stored.entry.title, stored.text
    at = text.find(title) if title else -1
    return None if at < 0 else at


def _units(text: str) -> int:
    """How long JavaScript takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
