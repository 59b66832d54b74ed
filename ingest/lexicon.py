"""Which words does the parser know?  Merges the packs, and finds their words in a text.

A pack is a TOML file of literal words: `packs/<language>.toml` or `packs/<vendor>.toml`.  In a phrase a
trailing `*` stands for any ending (`deprecat*`).  Apostrophes, kinds of space and upper or lower case do not
matter, trademark signs are looked through.  All phrases of all packs are searched in one pass
(Aho-Corasick), so the cost of a scan does not grow with the number of words.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick
import numpy as np

from ingest.errors import PackError
from ingest.packfile import (
    Language,
    Vendor,
    Zone,
    language_of,
    read_pack,
    refuse_twice,
    vendor_of,
    zones_of,
)
from ingest.sights import codes, sights

EVERYWHERE = "product.everywhere"  # products that other vendors speak of too: protocols
NAMING = "en"  # the language in which calls have their names, whatever the text around them
LONGEST_PHRASE = 48  # characters looked at beside a place
# Categories that are only looked up word by word: the scan does not mark them.
UNSCANNED = (
    "stop.", "calendar.", "api.determiners", "api.name_end", "api.not_names", "api.joiners",
    "api.adjectives", "api.articles", "api.qualifiers", "api.data_types", "api.verb_endings",
    "api.after_name", "clock.am", "clock.pm", "clock.noon", "clock.midnight", "clock.hour_marks",
    "clock.glue", "clock.range", "clock.range_end", "clock.also", "outage.these", "outage.length",
    "api.equals", "dates.effective", "dates.since", "dates.deadline", "dates.on", "dates.background",
    "dates.same_day", "dates.before", "dates.between", "dates.passive", "dates.participle_endings",
    "page.not_a_log", "page.subject", "page.greetings", "dates.pluperfect",
    "entry.window_nouns", "entry.definite", "entry.indefinite", "entry.purpose",
    "entry.asking_endings", "entry.referring", "api.returning_verbs", "api.more",
    "status.from", "status.to", "api.bare_names", "api.foreign_names", "api.one_parameter", "api.name_leads",
    "api.objects", "api.setting_verbs", "api.set_to", "api.leaving_verbs", "api.left_out",
    "page.fused_labels", "api.within", "api.of_name", "api.controls",
    "api.request_nouns", "api.infinitives", "api.renames", "api.one_verbs", "api.call_states", "api.without",
)  # fmt: skip


class Mark(NamedTuple):
    """A phrase found in a text, as half-open character offsets.

    `value` is what the pack says of it: a type for labels and groups, the canonical name for products and
    endpoints, else the languages (a set of codes) that know the phrase.
    """

    start: int
    end: int
    value: Any


class _Phrase(NamedTuple):
    category: str
    length: int
    open_end: bool
    value: Any
    exact: str | None


class _Found(NamedTuple):
    """The marks of one category, in order."""

    starts: list[int]
    ends: list[int]
    values: list[Any]


class Marks:
    """Where the phrases of each category stand in one text, in order; and its sights (sights.py)."""

    def __init__(self, found: Mapping[str, _Found], sights: Mapping[str, np.ndarray]) -> None:
        self._found = found
        self._starts = {category: places.starts for category, places in found.items()}
        seen = {sight: places for sight, places in sights.items() if len(places)}
        self._sights = {sight: array("q", places.tobytes()) for sight, places in seen.items()}
        self._places: dict[str, Any] = {**self._starts, **seen}
        self._bits = {category: 2 << number for number, category in enumerate(self._places)}

    def find(self, category: str, start: int, end: int) -> list[Mark]:
        """The marks of `category` that lie within [start, end)."""
        found = self._found.get(category)
        if found is None:
            return []
        starts, ends, values = found
        first = bisect_left(starts, start)
        last = bisect_left(starts, end, first)
        if first == last:
            return []
        return [Mark(starts[n], ends[n], values[n]) for n in range(first, last) if ends[n] <= end]

    def any(self, category: str, start: int, end: int) -> bool:
        found = self._found.get(category)
        if found is None:
            return False
        first = bisect_left(found.starts, start)
        last = bisect_left(found.starts, end, first)
        return any(found.ends[n] <= end for n in range(first, last)) if first < last else False

    def at(self, category: str, start: int) -> Mark | None:
        """The mark of `category` that begins at exactly `start`."""
        found = self._found.get(category)
        if found is None:
            return None
        starts, ends, values = found
        at = bisect_left(starts, start)
        return Mark(start, ends[at], values[at]) if at < len(starts) and starts[at] == start else None

    def whole(self, category: str, start: int, end: int) -> Mark | None:
        """The mark of `category` that fills [start, end)."""
        mark = self.at(category, start)
        return mark if mark and mark.end == end else None

    def seen(self, sight: str, start: int, end: int) -> Sequence[int]:
        """The places of a sight in [start, end)."""
        places = self._sights.get(sight, ())
        return places[bisect_left(places, start) : bisect_left(places, end)]

    def bit(self, category: str) -> int:
        """The bit of a category or a sight in `categories_from`, from 2; 0 for one that stands nowhere."""
        return self._bits.get(category, 0)

    def bits(self, *categories: str) -> int:
        """The bits of several categories."""
        return sum(self._bits.get(category, 0) for category in categories)

    def categories_from(self, starts: Sequence[int]) -> list[int]:
        """The categories and sights in each run of characters from one of `starts` to the next, as bits."""
        runs = np.asarray(starts, int)
        found = np.zeros((1 + len(self._bits) // 32, len(starts)), int)  # 32 bits a row
        for category, places in self._places.items() if starts else ():
            row, bit = divmod(self._bits[category].bit_length() - 1, 32)
            found[row, np.searchsorted(runs, places, "right") - 1] |= 1 << bit
        words: list[int] = found[0].tolist()
        for row in range(1, len(found)):
            words = [low | high << 32 * row for low, high in zip(words, found[row].tolist(), strict=True)]
        return words

    def categories(self) -> Iterable[str]:
        return self._found.keys()


class _Table:
    """The phrases of an automaton's keys as arrays: key n has `counts[n]` of them, from `first[n]` on."""

    def __init__(self, keys: Mapping[str, Sequence[_Phrase]]) -> None:
        phrases = [phrase for several in keys.values() for phrase in several]
        self.lengths = np.array([len(key) for key in keys], int)
        self.counts = np.array([len(several) for several in keys.values()], int)
        self.first = np.cumsum(self.counts) - self.counts
        self.open_end = np.array([phrase.open_end for phrase in phrases], bool)
        self.values = [phrase.value for phrase in phrases]
        self.exact = [phrase.exact for phrase in phrases]
        self.has_exact = np.array([exact is not None for exact in self.exact], bool)
        self.categories = list(dict.fromkeys(phrase.category for phrase in phrases))
        numbers = {category: number for number, category in enumerate(self.categories)}
        self.category = np.array([numbers[phrase.category] for phrase in phrases], int)


class _Edges:
    """Where the words of a text begin and end, for many places at once; at `seams` they begin in any case."""

    def __init__(self, text: str, seams: np.ndarray) -> None:
        signs = codes(text)
        known, places = np.unique(signs, return_inverse=True) if signs.max() >= len(_ALNUM) else (None, None)
        if known is None:
            alnum = _ALNUM[signs]
        else:
            alnum = np.array([chr(code).isalnum() for code in known.tolist()], bool)[places]
        self.alnum = np.append(alnum, False)
        self.word = np.append(alnum | (signs == ord("_")), False)
        self.seams = seams

    def opens(self, starts: np.ndarray) -> np.ndarray:
        """Whether no word goes on across the place before each character."""
        inside: np.ndarray = self.alnum[starts - 1] & self.alnum[starts] & (starts > 0)
        return ~inside | np.isin(starts, self.seams) if len(self.seams) else ~inside

    def closes(self, lasts: np.ndarray) -> np.ndarray:
        """Whether no word goes on across the place behind each character."""
        inside: np.ndarray = self.alnum[lasts] & self.alnum[lasts + 1]
        return ~inside

    def word_ends(self, places: np.ndarray) -> np.ndarray:
        """Where the word that goes on at each place ends; the place itself where none does."""
        ends: np.ndarray = np.flatnonzero(~self.word)
        return np.asarray(ends[np.searchsorted(ends, places)])


# whether each of the commoner characters is a letter or a digit
_ALNUM = np.array([chr(code).isalnum() for code in range(0x3000)], bool)


class Lexicon:
    """All the words in force: languages and vendors, and one automaton over every phrase."""

    def __init__(
        self, languages: Iterable[Language], vendors: Iterable[Vendor], zones: Mapping[str, Zone]
    ) -> None:
        self.languages = {language.code: language for language in languages}
        self.vendors = {vendor.code: vendor for vendor in vendors}
        self.zones = zones
        self.months = _merged(language.months for language in self.languages.values())
        self.longest_month = max(map(len, self.months), default=0)
        self.weekdays = _merged(language.weekdays for language in self.languages.values())
        self.numbers = _merged(language.numbers for language in self.languages.values())
        self._words: dict[str, tuple[str, ...]] = {}
        self._sizes: dict[str, Mapping[str, list[int]]] = {}
        self._opening_sizes: dict[str, Mapping[str, list[int]]] = {}
        self._lower: dict[tuple[str, ...], frozenset[str]] = {}
        self._kinds_of: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._endpoints: dict[str, str] = {}
        self._automaton = ahocorasick.Automaton()
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for language in self.languages.values():
            self._add_language(language)
        for vendor in self.vendors.values():
            self._add_vendor(vendor)
        for number, phrase in enumerate(self._phrases):
            self._automaton.add_word(phrase, number)
        self._automaton.make_automaton()
        self._table = _Table(self._phrases)

    def endpoint(self, name: str) -> str | None:
        """The first of the names by which a vendor's pack knows the endpoint `name`, in any language."""
        return self._endpoints.get(fold(name)[0])

    def words(self, category: str) -> tuple[str, ...]:
        """Every literal of a category, all languages, longest first."""
        if category not in self._words:
            found = {w for language in self.languages.values() for w in language.words.get(category, ())}
            self._words[category] = tuple(sorted(found, key=lambda word: (-len(word), word)))
        return self._words[category]

    def kind_of(self, label: str) -> str | None:
        """What kind of change a label names, by itself; None for no label."""
        return self._kinds.get(label.strip().lower())

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        categories = {
            c for language in self.languages.values() for c in language.words if c.startswith("labels:")
        }
        return {word.lower(): c.partition(":")[2] for c in categories for word in self.words(c)}

    @cached_property
    def signs(self) -> Mapping[str, int]:
        """One bit for each language, by its code."""
        return {code: 1 << number for number, code in enumerate(self.languages)}

    @cached_property
    def common_words(self) -> Mapping[str, int]:
        """Every common word of every language, and the signs of the languages that have it; names of days and
        months too, where only one language has them."""
        told: dict[str, int] = defaultdict(int)
        named: dict[str, int] = defaultdict(int)
        for code, sign in self.signs.items():
            for word in self.lower(f"stop.{code}"):
                told[word] |= sign
            for name in (*self.languages[code].months, *self.languages[code].weekdays):
                named[name.lower()] |= sign
        own = {
            word: sign for word, sign in named.items() if sign.bit_count() == 1 and len(word) >= SHORTEST_NAME
        }
        return own | told

    def kinds(self, lang: str) -> Mapping[str, tuple[str, ...]]:
        """The categories of the single words by which a language speaks of APIs, and of its common ones; and
        those of the language in which calls are named."""
        if lang not in self._kinds_of:
            told: dict[str, set[str]] = defaultdict(set)
            packs = (self.languages[code] for code in {lang, NAMING} if code in self.languages)
            for category, words in chain.from_iterable(pack.words.items() for pack in packs):
                group = category.partition(".")[0]
                if group in ("api", "api_change", "stop"):
                    for word in (one for one in words if " " not in one):
                        told[word.lower()].add("stop" if group == "stop" else category)
            self._kinds_of[lang] = {word: tuple(sorted(kinds)) for word, kinds in told.items()}
        return self._kinds_of[lang]

    def lower(self, *categories: str) -> frozenset[str]:
        """The literals of some categories in lower case, as a set."""
        if categories not in self._lower:
            self._lower[categories] = frozenset(
                w.lower() for category in categories for w in self.words(category)
            )
        return self._lower[categories]

    def ending(self, category: str, text: str, end: int) -> int:
        """Length of the longest phrase of `category` that ends right at `end`, 0 for none.

        For the small words that matter only beside something else: scanning for them everywhere would
        cost more than all other phrases together.
        """
        return self.endings((category,), text, end)[0]

    def endings(self, categories: Iterable[str], text: str, end: int) -> list[int]:
        """For each category, the length of its longest phrase that ends right at `end`, 0 for none."""
        tail = fold(text[max(0, end - LONGEST_PHRASE) : end])[0]
        return [self._ending(category, tail) for category in categories]

    def _ending(self, category: str, tail: str) -> int:
        sizes = self._lengths(category).get(tail[-1:], ())
        words = self.lower(category) if sizes else ()
        for length in sizes:
            if tail[-length:] in words and self._is_phrase(category, tail, len(tail) - length, len(tail)):
                return length
        return 0

    def opening(self, category: str, text: str, start: int) -> int:
        """Length of the longest phrase of `category` that begins right at `start`, 0 for none."""
        head = fold(text[start : start + LONGEST_PHRASE])[0]
        sizes = self._openings(category).get(head[:1], ())
        return next((n for n in sizes if self._is_phrase(category, head, 0, n)), 0)

    def _is_phrase(self, category: str, text: str, start: int, end: int) -> bool:
        if start < 0 or end > len(text) or text[start:end] not in self.lower(category):
            return False
        if start and text[start - 1].isalnum() and text[start].isalnum():
            return False
        return end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())

    def _lengths(self, category: str) -> Mapping[str, list[int]]:
        """The lengths that the phrases of a category have, longest first, by their last character."""
        if category not in self._sizes:
            self._sizes[category] = _sizes((word[-1], word) for word in self.lower(category))
        return self._sizes[category]

    def _openings(self, category: str) -> Mapping[str, list[int]]:
        """The same by their first character."""
        if category not in self._opening_sizes:
            self._opening_sizes[category] = _sizes((word[0], word) for word in self.lower(category))
        return self._opening_sizes[category]

    def scan(self, text: str, seams: Sequence[int] = ()) -> Marks:
        """Find every known phrase: per category leftmost-longest, at word boundaries.

        `seams` are the places where words begin in the middle of what is printed as one: "newCertCentral".
        """
        folded, removed = fold(text)
        phrases, starts, ends = self._phrases_in(folded, removed, seams)
        phrases, starts, ends = _only(self._spelt(text, phrases, starts, ends), phrases, starts, ends)
        groups = self._table.category[phrases]
        order = np.lexsort((-ends, starts, groups))
        phrases, starts, ends, groups = (column[order] for column in (phrases, starts, ends, groups))
        outer = _outermost(starts, ends, groups * (len(text) + 1))
        phrases, starts, ends, groups = _only(outer, phrases, starts, ends, groups)
        numbers, firsts = np.unique(groups, return_index=True)
        found = {}
        for number, first, last in zip(numbers, firsts, np.append(firsts, len(groups))[1:], strict=True):
            values = list(map(self._table.values.__getitem__, phrases[first:last].tolist()))
            places = _Found(starts[first:last].tolist(), ends[first:last].tolist(), values)
            found[self._table.categories[number]] = places
        return Marks(found, sights(text))

    def _spelt(self, text: str, phrases: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Whether each phrase is printed as its pack wants it; only names must have their own case."""
        spelt = np.ones(len(phrases), bool)
        for at in np.flatnonzero(self._table.has_exact[phrases]).tolist():
            exact, start = self._table.exact[phrases[at]] or "", int(starts[at])
            spelt[at] = text.startswith(exact, start) or _spelt(exact, text[start : ends[at]])
        return spelt

    def _phrases_in(
        self, folded: str, removed: Sequence[int], seams: Sequence[int]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All phrases at word boundaries, and where each starts and ends.

        Found for all of the text at once, as arrays; `removed` are the signs that folding took out.
        """
        hits = np.fromiter(chain.from_iterable(self._automaton.iter(folded)), int).reshape(-1, 2)
        if not len(hits):
            return hits[:, 0], hits[:, 0], hits[:, 0]
        printed = np.add(removed, range(len(removed)))  # where the signs stand in the text itself
        table, edges = self._table, _Edges(folded, np.subtract(seams, np.searchsorted(printed, seams)))
        lasts, keys = hits[:, 0], hits[:, 1]
        starts = lasts - table.lengths[keys] + 1
        lasts, keys, starts = _only(edges.opens(starts), lasts, keys, starts)
        counts = table.counts[keys]  # a key may stand for several phrases, of several categories
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        phrases = np.repeat(table.first[keys], counts) + nth
        starts, lasts = np.repeat(starts, counts), np.repeat(lasts, counts)
        able = table.open_end[phrases] | edges.closes(lasts)
        phrases, starts, lasts = _only(able, phrases, starts, lasts)
        lasts = np.where(table.open_end[phrases], edges.word_ends(lasts + 1) - 1, lasts)
        if removed:
            starts += np.searchsorted(removed, starts, "right")
            lasts += np.searchsorted(removed, lasts, "right")
        return phrases, starts, lasts + 1

    def vendor_of(self, marks: Marks, end: int) -> str | None:
        """The vendor whose own name stands most often in the text; else the one most of whose products and
        endpoints it names: two products, or three names in all."""
        counts = {code: len(marks.find(f"vendor.{code}", 0, end)) for code in self.vendors}
        if not any(counts.values()):
            named = {
                code: {m.value for m in marks.find(f"product.{code}", 0, end)} - vendor.any_case
                for code, vendor in self.vendors.items()
            }
            calls = {
                code: {m.value for m in marks.find(f"endpoint.{code}", 0, end)} if products else set()
                for code, products in named.items()
            }
            enough = [
                code for code in named if len(named[code]) >= 2 or len(named[code]) + len(calls[code]) >= 3
            ]
            counts = {code: len(named[code]) + len(calls[code]) for code in enough}
        best = max(counts, key=lambda code: counts[code], default=None)
        return best if best and counts[best] else None

    def _add(self, phrase: str, category: str, value: Any, exact: bool = False) -> None:
        open_end = phrase.endswith("*")
        literal = phrase.rstrip("*")
        folded, _ = fold(literal)
        entries = self._phrases[folded]
        for number, known in enumerate(entries):
            if (
                known.category == category
                and known.open_end == open_end
                and isinstance(known.value, frozenset)
            ):
                entries[number] = known._replace(value=known.value | value)
                return
        entries.append(_Phrase(category, len(folded), open_end, value, _plain(literal) if exact else None))

    def _add_language(self, language: Language) -> None:
        for category, phrases in language.words.items():
            if category.startswith(UNSCANNED):
                continue
            for phrase in phrases:
                typed = category.split(":")
                self._add(phrase, typed[0], typed[1] if len(typed) > 1 else frozenset({language.code}))

    def _add_vendor(self, vendor: Vendor) -> None:
        for name in vendor.detect:
            self._add(name, f"vendor.{vendor.code}", vendor.code)
        for name, aliases in vendor.products.items():
            for alias in (name, *aliases):
                self._add(alias, f"product.{vendor.code}", name, exact=name not in vendor.any_case)
                if name in vendor.everywhere:
                    self._add(alias, EVERYWHERE, name, exact=name not in vendor.any_case)
        for names in vendor.endpoints:
            for name in names:
                self._add(name, f"endpoint.{vendor.code}", names[0])
                self._endpoints.setdefault(fold(name)[0], names[0])


def _sizes(words: Iterable[tuple[str, str]]) -> Mapping[str, list[int]]:
    """The lengths of words, longest first, by the character that each comes with."""
    sizes: dict[str, set[int]] = defaultdict(set)
    for character, word in words:
        sizes[character].add(len(word))
    return {character: sorted(found, reverse=True) for character, found in sizes.items()}


def _only(able: np.ndarray, *columns: np.ndarray) -> Iterator[np.ndarray]:
    """The columns without the rows that are not able."""
    return (column[able] for column in columns)


def _outermost(starts: np.ndarray, ends: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Which of some spans, in order, do not begin inside an earlier one of their group that is kept.

    `groups` are numbers further apart than the spans reach.
    """
    starts, ends = starts + groups, ends + groups
    kept = np.append(True, starts[1:] >= np.maximum.accumulate(ends)[:-1])[: len(starts)]
    last, reach = -1, 0
    for at in np.flatnonzero(~kept).tolist():
        reach = reach if at == last + 1 else ends[at - 1]
        if starts[at] >= reach:
            kept[at], reach = True, ends[at]
        last = at
    return kept


def _spelt(exact: str, printed: str) -> bool:
    """Whether a name is printed with its own upper and lower case, whatever its spaces and signs."""
    return exact == _plain(printed)[: len(exact)]


def fold(text: str) -> tuple[str, list[int]]:
    """Lower case, plain apostrophes, spaces and hyphens, no trademark signs.

    Returns the folded text and, for each sign taken out, its place in the folded text, in order.
    """
    if text.isascii():
        return text.lower(), []
    folded = text.replace("\u0130", "I").lower()
    for odd, plain in _FOLDS:
        if odd in folded:
            folded = folded.replace(odd, plain)
    removed = [found.start() - number for number, found in enumerate(_SIGN.finditer(folded))]
    return (_SIGN.sub("", folded) if removed else folded), removed


_FOLDS = (
    ("’", "'"),
    ("‘", "'"),
    ("ʼ", "'"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u2011", "-"),
)
SHORTEST_NAME = 4  # letters of a day or month that tells a language
_SIGNS = "®™©\u00ad\u200b"
_SIGN = re.compile(f"[{_SIGNS}]")


def key(word: str) -> str:
    """A word as tables hold it: letters that patterns take for one another are one ("ſeptembre", "AVRİL")."""
    return word.lower() if word.isascii() else word.translate(_ALIKE).lower()


# dotted and dotless i, long s, Kelvin, final sigma, micro: `re` with IGNORECASE takes them for the plain ones
_ALIKE = str.maketrans("\u0130\u0131\u017f\u212a\u03c2\u00b5", "iisk\u03c3\u03bc")


def either(words: Iterable[str]) -> str:
    """A pattern for any of some literal words, the longest that stands there; spaces may be of any kind.

    What words begin with in common is tried once: a pattern of a hundred words costs like one of a dozen.
    """
    return _either(tuple(words))


@lru_cache(maxsize=256)
def _either(words: tuple[str, ...]) -> str:
    tree: _Tree = {}
    for word in words:
        node = tree
        for atom in _ATOM.findall(word):
            node = node.setdefault(_LOOSE.get(atom) or re.escape(atom), {})
        node[""] = {}
    return _branches(tree)


_Tree = dict[str, "_Tree"]
_ATOM = re.compile(r" +|[^ ]")
_LOOSE = {" ": r"[ \u00a0\u202f]+", "'": "['’]"}


def _branches(tree: _Tree) -> str:
    """The alternation of a tree's branches, an end of a word after what goes on."""
    ways = [atom + _group(below) for atom, below in sorted(tree.items()) if atom]
    return "|".join([*ways, ""] if "" in tree and ways else ways)


def _group(tree: _Tree) -> str:
    several = len(tree) > 1
    return f"(?:{_branches(tree)})" if several else _branches(tree)


def _plain(text: str) -> str:
    """The text as `fold` leaves it, but for its upper and lower case."""
    for odd, plain in _FOLDS:
        text = text.replace(odd, plain)
    return "".join(c for c in text if c not in _SIGNS)


def _merged(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for table in tables:
        for word, value in table.items():
            merged.setdefault(key(word), value)
    return merged


_own: Path | None = None  # the folder of the user's own packs


def use(packs: Path | None) -> None:
    """Let `load` read the packs in this folder too, over the bundled ones, from now on; None: no longer."""
    global _own
    _own = packs


def in_use() -> Path | None:
    """The folder of the user's own packs that `load` reads."""
    return _own


def names() -> dict[str, tuple[str, ...]]:
    """The endpoints and products that go by several names in a vendor pack: one name, and the others.

    Raises PackError as `load` does; what finds them in a text is not made.
    """
    found: dict[str, tuple[str, ...]] = {}
    for vendor in _read(_own).vendors:
        found |= {first: others for first, *rest in vendor.endpoints if (others := tuple(rest))}
        found |= {name: others for name, others in vendor.products.items() if others}
    return found


def load(packs: Path | None = None) -> Lexicon:
    """Every pack of the bundled folder and of `packs`, or of the folder in use; a file's name overrides.

    Raises PackError, naming file and key, for TOML that does not parse, unknown keys and wrong types.
    """
    return _load(packs or _own)


@lru_cache(maxsize=8)
def _load(packs: Path | None) -> Lexicon:
    return Lexicon(*_read(packs))


class _Packs(NamedTuple):
    languages: list[Language]
    vendors: list[Vendor]
    zones: dict[str, Zone]


@lru_cache(maxsize=8)
def _read(packs: Path | None) -> _Packs:
    sources: dict[str, Traversable] = {
        f.name: f for f in files("ingest.packs").iterdir() if f.name.endswith(".toml")
    }
    sources |= _own_packs(packs) if packs is not None else {}
    languages: list[Language] = []
    vendors: list[Vendor] = []
    zones: dict[str, Zone] = {}
    for name in sorted(sources):
        pack = read_pack(sources[name], name)
        if "vendor" in pack:
            vendors.append(vendor_of(pack, name))
            refuse_twice([vendor.code for vendor in vendors], "vendor", name)
        else:
            languages.append(language_of(pack, name))
            refuse_twice([language.code for language in languages], "code", name)
            zones |= zones_of(pack.get("zones", {}), name, languages[-1].code)
    return _Packs(languages, vendors, zones)


def _own_packs(folder: Path) -> dict[str, Traversable]:
    try:
        found: dict[str, Traversable] = {f.name: f for f in sorted(folder.iterdir()) if f.suffix == ".toml"}
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise PackError(what, str(folder), "name a folder of packs") from error
    if not found:
        raise PackError("holds no pack", str(folder), "put packs in it: NAME.toml")
    return found
