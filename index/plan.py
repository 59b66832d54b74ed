"""Which terms must match, and how do they combine?  A query's tree made into a plan over the index.

Each word becomes the terms of every language (the best of them counts), each code-like token itself or its
parts side by side.  A run of words that names a product, endpoint or parameter also finds the entries that
mention it under any of its names, and puts them first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from index.analysis import Token, stop_words, tokens, variants, whole
from index.querylang import And, Node, Not, Or, Phrase, Prefix, Tag, Word, words_of
from index.words import fold, words

EXACT = 100.0  # what a match by name adds: more than words ever score
LABEL = 1.0  # what a match by type, status or year adds: less than a rare word scores
OWN_LANGUAGE = 2.0  # what an entry gains by being in the language of the query
MAX_NAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """Entries whose text holds this term; scored by BM25."""

    text: str


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Entries that hold a term of each slot, at these distances from the first; scored as all of them."""

    slots: tuple[frozenset[str], ...]
    distances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Starts:
    """Entries with a word that begins so; each scores 1."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """Entries that have one of these (facet, value) tags; each scores `score`."""

    tags: tuple[tuple[str, str], ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Everything:
    """All entries, each scores 0."""


@dataclass(frozen=True, slots=True)
class All:
    """Entries of every part; scores add up."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Entries of some part; scores add up."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Entries of some part; the highest score counts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Preferring:
    """Entries of `plan`; those that have the (facet, value) tag score so much more."""

    plan: Plan
    tag: tuple[str, str]
    score: float


@dataclass(frozen=True, slots=True)
class Without:
    """Entries of `keep` that are not of `drop`."""

    keep: Plan
    drop: Plan


Plan = Term | Adjacent | Starts | Tagged | Everything | All | Any | Best | Preferring | Without
Names = Mapping[str, tuple[tuple[str, str], ...]]  # folded name → the (facet, value) tags it stands for


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans for an index of entries in `languages`.

    `names` are what a query's words can name (products, endpoints, parameters), `labels` what single words
    can besides (types, states, years), `values` what a filter can.
    """

    languages: Sequence[str]
    names: Names
    labels: Names
    values: Names

    def plan(self, node: Node | None) -> Plan | None:
        """The plan of a tree; None where it holds nothing to search for (only too common words)."""
        plan = self._plan(node)
        lang = self.language(node)
        return Preferring(plan, ("lang", lang), OWN_LANGUAGE) if plan and lang else plan

    def language(self, node: Node | None) -> str | None:
        """The one language whose own common words the query holds; None where it cannot be told."""
        said = {word for one in words_of(node) for word in words(one.text)}
        found = {lang for word in said if (lang := self._common_in(word))}
        return found.pop() if len(found) == 1 else None

    def _common_in(self, word: str) -> str | None:
        found = [lang for lang in self.languages if word in stop_words(lang)]
        return found[0] if len(found) == 1 else None

    def _plan(self, node: Node | None) -> Plan | None:
        match node:
            case None:
                return None
            case And(nodes):
                return self._sequence(nodes)
            case Or(nodes):
                return _joined(Any, map(self._plan, nodes))
        return self._sequence((node,))

    def _sequence(self, nodes: Sequence[Node]) -> Plan | None:
        wanted: list[Plan | None] = []
        dropped: list[Plan | None] = []
        at = 0
        while at < len(nodes):
            run = self._name_run(nodes, at)
            if run:
                wanted.append(self._named(nodes[at : at + run]))
            elif isinstance(node := nodes[at], Not):
                dropped.append(self._plan(node.node))
            else:
                wanted.append(self._single(node))
            at += run or 1
        drop = _joined(Any, dropped)
        keep = _joined(All, wanted)
        if drop is None:
            return keep
        return Without(keep or Everything(), drop)

    def _name_run(self, nodes: Sequence[Node], at: int) -> int:
        """How many words from here on name something: the longest run that does."""
        said: list[str] = []
        longest = 0
        for count, node in enumerate(nodes[at : at + MAX_NAME_WORDS], 1):
            if not isinstance(node, Word | Phrase):
                break
            said.extend(words(node.text))
            if " ".join(said) in self.names:
                longest = count
        return longest

    def _named(self, run: Sequence[Node]) -> Plan:
        said = " ".join(word for node in run if isinstance(node, Word | Phrase) for word in words(node.text))
        exact = Tagged(self.names[said], EXACT)
        spoken = _joined(All, [self._single(node) for node in run])
        return Any((spoken, exact)) if spoken else exact

    def _single(self, node: Node) -> Plan | None:
        match node:
            case Word(text):
                spoken = _joined(All, [self._token(token) for token in tokens(text)])
                tags = self.labels.get(name_key(text))
                return _joined(Any, [spoken, Tagged(tags, LABEL)]) if tags else spoken
            case Phrase(text):
                return self._phrase([part for token in tokens(text) for part in token.parts])
            case Prefix(text):
                return Starts(fold(text).lstrip("/")) if words(text) else None
            case Tag(facet, value):
                return Tagged(tags_for(self.values, facet, value) or ((facet, value),))
        return self._plan(node)

    def _token(self, token: Token) -> Plan | None:
        if token.is_code:
            return _joined(Best, [Term(whole(token.text)), self._phrase(token.parts)])
        found = [Term(term) for term in self.terms(token.text)]
        return _joined(Best, found)

    def terms(self, word: str) -> tuple[str, ...]:
        """The terms of a word in all languages; none where one of them finds it too common."""
        found = [variants(word, lang) for lang in self.languages]
        return tuple(dict.fromkeys(term for terms in found for term in terms)) if all(found) else ()

    def _phrase(self, parts: Iterable[str]) -> Plan | None:
        slots = [(at, terms) for at, part in enumerate(parts) if (terms := self.terms(part))]
        if len(slots) < 2:
            return _joined(Best, [Term(term) for _, terms in slots for term in terms])
        first = slots[0][0]
        return Adjacent(tuple(frozenset(terms) for _, terms in slots), tuple(at - first for at, _ in slots))


def tags_for(values: Names, facet: str, value: str) -> tuple[tuple[str, str], ...]:
    """The tags of one facet that a value, however it is spelt, stands for."""
    return tuple(tag for tag in values.get(name_key(value), ()) if tag[0] == facet)


def name_key(name: str) -> str:
    """How names are compared: folded words.

    >>> name_key("domain_locking-Status")
    'domain locking status'
    """
    return " ".join(words(name))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a match can be seen by in a text: terms, beginnings of words, terms beside each other."""

    terms: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    phrases: frozenset[Adjacent] = frozenset()

    def __or__(self, other: Wanted) -> Wanted:
        return Wanted(self.terms | other.terms, self.prefixes | other.prefixes, self.phrases | other.phrases)

    @property
    def has_code(self) -> bool:
        """Whether something is wanted that is more than a plain word."""
        return not all(one.isalnum() for one in (*self.terms, *self.prefixes))

    def __bool__(self) -> bool:
        return bool(self.terms or self.prefixes or self.phrases)


def wanted(plan: Plan) -> Wanted:
    """What to highlight in the entries that match a plan."""
    match plan:
        case Term(text):
            return Wanted(terms=frozenset({text}))
        case Starts(prefix):
            return Wanted(prefixes=frozenset({prefix}))
        case Adjacent():
            return Wanted(phrases=frozenset({plan}))
        case All(parts) | Any(parts) | Best(parts):
            return reduce(or_, map(wanted, parts), Wanted())
        case Without(part, _) | Preferring(part, _, _):
            return wanted(part)
    return Wanted()


def _joined(kind: type[All] | type[Any] | type[Best], parts: Iterable[Plan | None]) -> Plan | None:
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    if len(kept) < 2:
        return kept[0] if kept else None
    return kind(kept)
